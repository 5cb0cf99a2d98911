"""Signing in in the browser: the address, the listener that waits for its way back, and the field to paste it into."""

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import HorizontalGroup
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Button

from cogwizard.intake.errors import BadInput
from cogwizard.signin.browser import open_browser, tunnel_command, why_not
from cogwizard.signin.callback import CannotListen, listenable, port_of
from cogwizard.signin.redirect import read_redirect
from cogwizard.ui.signin.panel import Panel, hidden
from cogwizard.ui.widgets.prose import Prose
from cogwizard.ui.widgets.secret import SecretLine
from cogwizard.ui.widgets.value import Value

if TYPE_CHECKING:
    from cogwizard.model.attempt import Refusal
    from cogwizard.signin.loopback import Listener
    from cogwizard.signin.oauth import AuthorizeRequest
    from cogwizard.signin.redirect import Code
    from cogwizard.text import Texts


class Arrived(Message):
    """What a listener brings; `answer` None: it waits no longer."""

    def __init__(self, listener: "Listener", answer: "Code | Refusal | None") -> None:
        """Take both."""
        super().__init__()
        self.listener, self.answer = listener, answer


class Opened(Message):
    """Whether a browser took the address."""

    def __init__(self, taken: bool) -> None:
        """Take it."""
        super().__init__()
        self.taken = taken


class Waiting:
    """The listener of one request, or why there is none: `trouble` is a key of `screens/login.toml`, "" for none.

    `open` blocks for a moment: call it from a thread. Once it is closed, nothing listens, however late it is opened.
    """

    def __init__(self, texts: "Texts") -> None:
        """Take the language of the page that the browser shows in the end."""
        self._texts = texts
        self.listener: Listener | None = None
        self.trouble = ""
        self._closed = threading.Event()

    def open(self, request: "AuthorizeRequest") -> None:
        """Listen, where the grant and the callback URL allow it."""
        from cogwizard.signin.loopback import Listener, Page

        if request.verifier is None:
            return  # tokens in a fragment never reach a server
        if not listenable((request.redirect_uri,)):
            self.trouble = "no browser callback"
            return
        words = [self._texts.screen("login", f"page {key}") for key in ("title", "signed in", "refused", "not ours")]
        listener = Listener(request, Page(self._texts.lang, *words))
        try:
            listener.open()
        except CannotListen as error:
            self.trouble = f"cannot listen {error.reason}"
            return
        self.listener = listener
        if self._closed.is_set():
            listener.close()

    def close(self) -> None:
        """Listen no more."""
        self._closed.set()
        if self.listener is not None:
            threading.Thread(target=self.listener.close, daemon=True, name="close-listener").start()


class Browse(Panel):
    """Both ways at once: what the listener receives, and what is pasted. The first that answers counts."""

    stop: ClassVar[int] = 2
    DEFAULT_CSS = """
    Browse HorizontalGroup { height: auto; margin-top: 1; }
    Browse Value { margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("o", "open_browser", "open browser")]

    def __init__(self, request: "AuthorizeRequest", waiting: Waiting) -> None:
        """Take what was asked, and who waits for it."""
        super().__init__()
        self._request, self.waiting = request, waiting
        self._obstacle = why_not()
        self._said = ""  # key in `screens/signin.toml` of what became of the browser or the listener

    def _login(self, key: str, **params: object) -> str:
        return self.page.session.texts.screen("login", key, **params)

    def compose(self) -> ComposeResult:
        """See `Widget`."""
        yield Prose(self.say("question browse"), classes="heading")
        yield Prose(self.say("about browse"))
        yield Value(self._request.url, id="url")
        yield from self._ways()
        yield Prose(self.say("paste redirect" if self._request.verifier else "paste tokens"), classes="gap")
        yield hidden("redirect", self.say("field redirect"), many_lines=True)
        yield Prose(id="wrong", classes="warn")
        with HorizontalGroup():
            yield Button(Content(self.say("take it")), id="take")

    def _ways(self) -> Iterator[Widget]:
        """How the browser is opened, and whether its way back is waited for."""
        if self._obstacle is None:
            yield HorizontalGroup(Button(Content(self.say("open browser")), id="open", variant="primary"))
        else:
            yield Prose(self._login(f"no browser {self._obstacle}"), classes="gap")
        if self.waiting.listener is not None:
            yield Prose(f"~ {self.say('listening', url=self._request.redirect_uri)}", indent=2, classes="gap")
        elif self.waiting.trouble:
            yield Prose(f"! {self._login(self.waiting.trouble)}", indent=2, classes="gap warn")
        port = port_of(self._request.redirect_uri)
        if self._obstacle == "ssh" and port and self.waiting.listener is not None:
            yield Prose(self.say("tunnel"), classes="muted")
            yield Value(tunnel_command(port), id="tunnel")
        yield Prose(self.say(self._said) if self._said else "", id="said", classes="unknown")

    def on_mount(self) -> None:
        """Begin to wait."""
        self.tell("")
        listener = self.waiting.listener
        if listener is not None:
            page = self.page

            def wait() -> None:
                page.post_message(Arrived(listener, listener.wait()))

            threading.Thread(target=wait, daemon=True, name="wait-redirect").start()

    def begin(self) -> None:
        """See `Panel`."""
        found = self.query("#open")
        (found.first() if found else self.query_one("#url")).focus(scroll_visible=False)

    def no_longer(self) -> None:
        """Say that the redirect is not waited for any more: it can still be pasted."""
        self._say_below("listened too long")

    def _say_below(self, key: str) -> None:
        self._said = key
        self.query_one("#said", Prose).text = self.say(key)

    # -- opening -----------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Open a browser only where the user would see it."""
        return self._obstacle is None if action == "open_browser" else True

    def action_open_browser(self) -> None:
        """Open the address in the user's browser."""
        url = self._request.url

        def work() -> None:
            self.post_message(Opened(open_browser(url)))

        self._say_below("opening")
        threading.Thread(target=work, daemon=True, name="open-browser").start()

    def on_opened(self, message: Opened) -> None:
        """Say what became of it."""
        self._say_below("opened" if message.taken else "not opened")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """See the buttons' names."""
        event.stop()
        if event.button.id == "open":
            self.action_open_browser()
        else:
            self.proceed()

    # -- pasting -----------------------------------------------------------------------------------------------------

    def go_on(self) -> None:
        """Take what was pasted."""
        line = self.query_one("#line-redirect", SecretLine)
        if not line.value.strip():
            line.focus()
            self.tell(self.say("missing redirect"))
            return
        try:
            answer = read_redirect(line.take(), self._request, self.page.session.clock())
        except BadInput as error:
            self.tell(self.page.session.texts.message(error.key, error.params))
            line.focus()
            return
        self.page.finish(answer)

    def copyable_page(self) -> str | None:
        """See `Panel`: the address."""
        return self._request.url
