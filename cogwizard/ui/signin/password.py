"""Changing the password of the user who has just signed in."""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button, Input

from cogwizard.ui.asking import Answered, Asking
from cogwizard.ui.base import Box, Dialog
from cogwizard.ui.signin.panel import hidden
from cogwizard.ui.widgets.footer import Footer
from cogwizard.ui.widgets.prose import Prose
from cogwizard.ui.widgets.secret import SecretLine

if TYPE_CHECKING:
    from cogwizard.login import Login


class ChangePassword(Dialog[None]):
    """The password of now, and the one to come, twice: what is typed is not seen. Sent once."""

    texts_name = "signin"
    help_key: ClassVar[str] = "change password"
    fields: ClassVar[tuple[str, ...]] = ("old", "new", "repeated")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "close"),
        Binding("f5", "proceed", "go on", priority=True),
    ]

    def __init__(self, login: "Login") -> None:
        """Take the sign-in, which has the access token."""
        super().__init__()
        self._login = login
        self.asking: Asking | None = None

    @property
    def is_sending(self) -> bool:
        """Whether an answer is to come, on the screen or not."""
        return self.asking is not None and self.asking.seconds is not None

    def about(self) -> str:
        """Return what is said above the fields."""
        return self.say("change about")

    def sends(self, *passwords: str) -> Callable[[], bool]:
        """Return what changes the password, of what stood in the fields; it runs in a thread."""
        old, new = passwords
        login = self._login
        return lambda: login.change_password(old, new)

    def compose(self) -> ComposeResult:
        """See `Screen`."""
        with Box(classes="dialog", can_focus=False):
            yield Prose(self.say("change title"), classes="heading")
            yield Prose(self.about())
            yield Prose("", classes="gap")
            for name in self.fields:
                yield hidden(name, self.say(f"field {name}"))
            yield Prose(id="changed", classes="gap")
            yield Horizontal(Button(Content(self.say("change")), id="change", variant="primary"), classes="gap")
        yield Footer()

    def on_mount(self) -> None:
        """Begin in the first field."""
        wizard = self.wizard
        # Through the app: what became of a password is told where the dialog is closed, too.
        self.asking = Asking(lambda message: wizard.call_later(self._answered, message), wizard.monotonic)
        self.query_one(f"#line-{self.fields[0]}").focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go to the next field; from the last one, send."""
        event.stop()
        if event.input is self.query(SecretLine).last():
            self.action_proceed()
        else:
            self.focus_next(Input)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Send."""
        event.stop()
        self.action_proceed()

    def _say(self, text: str) -> None:
        self.query_one("#changed", Prose).text = text

    def action_proceed(self) -> None:
        """Send them, once; the lines are empty then."""
        lines = [self.query_one(f"#line-{name}", SecretLine) for name in self.fields]
        if self.asking is None or self.is_sending:
            return
        if not all(line.value for line in lines):
            self._say(self.say("missing passwords"))
            return
        *before, new, repeated = (line.take() for line in lines)
        lines[0].focus()
        if new != repeated:
            self._say(self.say("not the same"))
            return
        self.asking.ask(self.sends(*before, new), "changing")
        self._say(self.say("changing"))

    def _answered(self, message: Answered) -> None:
        if self.asking is None or not self.asking.takes(message):
            return
        said = self._outcome(message.value)
        if self in self.app.screen_stack:
            self._say(said)
        else:
            self.app.notify(said, markup=False)

    def _outcome(self, value: object) -> str:
        """Return what became of it."""
        if value is True:
            return self.say("changed")
        if value is False:
            texts = self.session.texts
            fails = [item for item in self._login.findings() if item.verdict == "fail"]
            refusal = self._login.refusal
            said = [texts.summary(item) for item in fails[:1]] or [refusal.message or refusal.error] if refusal else []
            return "\n".join([self.say("not changed"), *said])
        return self.say("crashed", error=type(value).__name__)
