"""What Cognito asks further: a code, a new password, a choice, the set-up of an authenticator app with its QR code."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, HorizontalGroup, VerticalGroup
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input, OptionList
from textual.widgets.option_list import Option

from cogwizard.model.pool import Pool
from cogwizard.ui.signin.panel import Panel, hidden, visible
from cogwizard.ui.widgets.prose import Prose
from cogwizard.ui.widgets.secret import SecretLine
from cogwizard.ui.widgets.value import Value

if TYPE_CHECKING:
    from cogwizard.signin.challenge import Challenge, Field

_MOST = 106  # bytes of a QR code of version 5 with the least correction: 41 cells wide, 21 lines with its border


class QrCode(Widget):
    """A QR code: the one place where block characters are drawn, light on dark whatever the theme, for a camera reads
    no other. Where they are two cells wide it cannot be read: the key stands beside it as text."""

    DEFAULT_CSS = "QrCode { width: auto; height: auto; color: #ffffff; background: #000000; margin-right: 2; }"

    def __init__(self, lines: list[str]) -> None:
        """Take the lines of half blocks (`report.qr`)."""
        super().__init__(id="qr")
        self._lines = lines

    def render(self) -> Content:
        """See `Widget`."""
        return Content("\n".join(self._lines))


class Challenged(Panel):
    """Asks for what one challenge wants. `refused`: why the answer before was not taken, "" for the first."""

    stop: ClassVar[int] = 2
    DEFAULT_CSS = """
    Challenged #setup { height: auto; }
    Challenged #beside { width: 1fr; height: auto; }
    Challenged #choices { height: auto; overflow-x: hidden; margin-top: 1; }
    Challenged #send-row { height: auto; margin-top: 1; }
    Challenged.-text-only QrCode { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f3", "only_key", "only key")]

    def __init__(self, challenge: "Challenge", refused: str = "", typed: dict[str, str] | None = None) -> None:
        """`typed`: what was answered before and is not secret, by field."""
        super().__init__()
        self.challenge, self._refused, self._typed = challenge, refused, typed or {}
        self.has_crumbs = not challenge.key

    def compose(self) -> ComposeResult:
        """See `Widget`."""
        challenge, page = self.challenge, self.page
        if challenge.key:
            # Nothing stands above the picture: in 24 lines it has room for no more than itself.
            yield from self._set_up(challenge.key)
        else:
            yield Prose(self.say("question challenge"), classes="heading")
            yield from self._refusal()
            yield Prose(self._asked())
            yield from (Prose(self.say("asked by", name=name, value=value)) for name, value in challenge.said)
            yield from self._fields()
            yield from self._end()
        yield Prose(page.say("about challenge", minutes=self._minutes), classes="gap muted")

    def _refusal(self) -> Iterator[Widget]:
        if self._refused:
            yield Prose(f"! {self._refused}", indent=2, classes="warn")

    def _end(self) -> Iterator[Widget]:
        yield Prose(id="wrong", classes="warn")
        if self.challenge.asks and not self._choices:
            yield HorizontalGroup(Button(Content(self.say("answer")), id="send", variant="primary"), id="send-row")

    def _asked(self) -> str:
        challenge = self.challenge
        if not challenge.asks:
            return self.say("challenge other", name=challenge.name)
        return self.say(f"challenge {challenge.name}", to=challenge.sent_to or self.say("unknown place"))

    @property
    def _minutes(self) -> int:
        client = self.page.login.client
        return client.session_minutes if client else 3

    @property
    def _choices(self) -> tuple[str, ...]:
        return next((field.choices for field in self.challenge.asks if field.choices), ())

    def _fields(self) -> Iterator[Widget]:
        if self._choices:
            words = (Option(Content(self.say(f"choice {choice}"))) for choice in self._choices)
            yield OptionList(*words, id="choices")
            return
        yield Prose("", classes="gap")
        for at, field in enumerate(self.challenge.asks):
            yield self._field(f"ask-{at}", field)

    def _field(self, id: str, field: "Field") -> Widget:
        if field.attribute:
            label = self.say("ask attribute", name=field.attribute)
            return visible(id, label, self._typed.get(field.name, ""), self.say("refused"))
        return hidden(id, self.say(f"ask {field.name}"))

    def _set_up(self, key: str) -> Iterator[Widget]:
        from cogwizard.report.qr import lines

        beside = VerticalGroup(
            *self._refusal(),
            Prose(self.say("challenge MFA_SETUP")),
            Prose(self.say("key is"), classes="gap muted"),
            Value(key, id="key"),
            *self._fields(),
            *self._end(),
            id="beside",
        )
        yield Horizontal(QrCode(lines(self._uri())), beside, id="setup")

    def _uri(self) -> str:
        """Return what the picture says: with the names of pool and user, as far as it fits on a screen then."""
        pool, user = self.page.login.facts.pool, self.page.login.order.username or "user"
        name = pool.name if isinstance(pool, Pool) and pool.name else "cogwizard"
        found = [
            self.challenge.key_uri(*names) for names in ((name, user), (name[:8], user[:16]), ("cogwizard", "user"))
        ]
        return next((uri for uri in found if len(uri) <= _MOST), found[-1])

    def on_mount(self) -> None:
        """Say nothing wrong yet."""
        self.tell("")

    def begin(self) -> None:
        """See `Panel`: the key is to be read first, but the code is what is typed."""
        found = self.query("#choices, Input")
        if found:
            found.first().focus(scroll_visible=False)

    # -- answering ---------------------------------------------------------------------------------------------------

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Answer with a choice."""
        event.stop()
        if self.may_go_on():
            self._choose(event.option_index)

    def _choose(self, at: int) -> None:
        self.page.answer({self.challenge.asks[0].name: self._choices[at]})

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answer."""
        event.stop()
        self.proceed()

    def go_on(self) -> None:
        """Send the answer, once."""
        if not self.challenge.asks:
            return
        if self._choices:
            at = self.query_one("#choices", OptionList).highlighted
            if at is not None:
                self._choose(at)
            return
        lines = {field.name: self.query_one(f"#line-ask-{at}", Input) for at, field in enumerate(self.challenge.asks)}
        missing = next((line for line in lines.values() if not line.value.strip()), None)
        if missing is not None:
            self.tell(self.say("missing answer"))
            missing.focus()
            return
        answers = {}
        for name, line in lines.items():
            value = line.take() if isinstance(line, SecretLine) else line.value.strip()
            answers[name] = value if "PASSWORD" in name else value.strip()
        self.page.answer(answers)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the key alone where there is one."""
        return bool(self.challenge.key) if action == "only_key" else True

    def action_only_key(self) -> None:
        """Show the key without the picture, or both again."""
        self.toggle_class("-text-only")

    def copyable_page(self) -> str | None:
        """See `Panel`: the key, where there is one."""
        return self.challenge.key
