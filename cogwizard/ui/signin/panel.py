"""What all stages of the sign-in page share, and the fields of its forms."""

from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.containers import HorizontalGroup, VerticalGroup, VerticalScroll
from textual.widgets import Input

from cogwizard.ui.widgets.field import Line
from cogwizard.ui.widgets.prose import Prose
from cogwizard.ui.widgets.secret import SecretLine

if TYPE_CHECKING:
    from cogwizard.ui.signin.page import SignIn

# What a visible line takes: no token, nothing that a terminal would act on.
_VISIBLE = r"(?!.*eyJ)[^\x00-\x1f\x7f]{0,1000}"


class Panel(VerticalScroll, can_focus=False):
    """One stage. `stop`: its place among the crumbs; `has_crumbs` is False where it needs their lines."""

    stop: ClassVar[int] = 0
    has_crumbs = True
    DEFAULT_CSS = """
    Panel { height: 1fr; padding: 0 2; }
    """

    @property
    def page(self) -> "SignIn":
        """The page that it stands on."""
        return cast("SignIn", self.screen)

    def wanted(self) -> str:
        """Return the sentence about the token that the method wants, "" where no call is known."""
        known = self.page.purpose.wants
        return self.page.session.texts.screen("token", known.key, **known.params) if self.page.purpose.case else ""

    def say(self, key: str, **params: object) -> str:
        """Return a text of the page."""
        return self.page.say(key, **params)

    def label(self, key: str, **params: object) -> str:
        """Return a label that the reports have too."""
        return self.page.session.texts.label(key, **params)

    def begin(self) -> None:
        """Put the focus where the user goes on."""
        chain = [widget for widget in self.screen.focus_chain if self in widget.ancestors]
        empty = [widget for widget in chain if isinstance(widget, Input) and not widget.value]
        if chain:
            (empty or chain)[0].focus(scroll_visible=False)

    def go_on(self) -> None:
        """Do what the stage is for."""

    def proceed(self) -> None:
        """Do it where the stage is drawn and nothing is waited for."""
        if self.may_go_on():
            self.go_on()

    def may_go_on(self) -> bool:
        """Whether what was pressed here is taken (see `Stages`)."""
        return self.is_attached and self.page.may_go_on()

    def tell(self, text: str) -> None:
        """Say why it does not go on; "" takes that away."""
        for said in self.query("#wrong").results(Prose):
            said.text, said.display = text, bool(text)
            if text:
                said.scroll_visible(animate=False)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes that it is about, the most important first."""
        return ()

    def copyable_page(self) -> str | None:
        """Return what `c` copies where nothing else has the focus."""
        return None

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go to the next field; from the last one, go on."""
        event.stop()
        if event.input is self.query(Input).last():
            self.proceed()
        else:
            self.screen.focus_next(Input)


class Entry(VerticalGroup):
    """A field: its name, its line with the id `line-{name}`, and what is wrong with what was typed."""

    DEFAULT_CSS = """
    Entry .label { width: 24; color: $foreground-muted; padding-right: 1; }
    Entry Input { width: 1fr; }
    Entry HorizontalGroup { height: auto; }
    """

    def __init__(self, name: str, label: str, line: Input, refusal: str = "") -> None:
        """`refusal`: what is said to a token in a line that shows what is typed."""
        super().__init__(name=name)
        self._label, self._line, self._refusal = label, line, refusal

    def compose(self) -> ComposeResult:
        """See `Widget`."""
        with HorizontalGroup():
            yield Prose(self._label, classes="label")
            yield self._line
        yield Prose(classes="warn said")

    def on_mount(self) -> None:
        """Say nothing yet."""
        self.query_one(".said").display = False

    def on_input_changed(self) -> None:
        """What was wrong is being mended."""
        self.query_one(".said").display = False

    def on_line_refused(self, event: Line.Refused) -> None:
        """Say why nothing was taken."""
        event.stop()
        said = self.query_one(".said", Prose)
        said.text, said.display = self._refusal, bool(self._refusal)


def visible(name: str, label: str, value: str, refusal: str) -> Entry:
    """Return a field for what may be seen."""
    return Entry(name, label, Line(value, id=f"line-{name}", restrict=_VISIBLE, select_on_focus=False), refusal)


def hidden(name: str, label: str, *, many_lines: bool = False) -> Entry:
    """Return a field for a secret."""
    return Entry(name, label, SecretLine(id=f"line-{name}", many_lines=many_lines))
