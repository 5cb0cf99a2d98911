"""Asks for the values of a path's variables: `/orders/{id}` is called as `/orders/17`."""

from collections.abc import Callable, Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalGroup
from textual.message import Message
from textual.widgets import Button, Input

from cogwizard.model.inert import inert
from cogwizard.ui.widgets.field import Line
from cogwizard.ui.widgets.prose import Prose

# What a value may be: a token that is pasted here would stand on the screen.
_VALUE = r"(?!.*eyJ)[^\x00-\x1f\x7f]{0,1000}"


def is_value(text: str) -> bool:
    """Whether something stands there, and no placeholder any more."""
    return bool(text.strip(" /")) and not ("{" in text and "}" in text)


class PathForm(VerticalGroup):
    """A field for each variable. What is typed goes into `values` at once, so that it outlives the form."""

    class Filled(Message):
        """All values are there."""

    def __init__(self, path: str, names: Sequence[str], values: dict[str, str], say: Callable[..., str]) -> None:
        """`path`: as it is shown; `say` gives the texts of `screens/pick.toml`."""
        super().__init__()
        self._path, self._names, self._values, self._say = path, names, values, say

    def compose(self) -> ComposeResult:
        """See `Widget`."""
        yield Prose(self._path)
        for at, name in enumerate(self._names):
            yield Prose(f"{{{inert(name, 60)}}}", classes="gap")
            value = self._values.get(name, "")
            yield Line(value, placeholder=self._say("value"), id=f"value-{at}", restrict=_VALUE, select_on_focus=False)
        yield Prose(id="refused", classes="warn")
        yield Horizontal(Button(self._say("go on"), id="go"), classes="row")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keep what is typed."""
        event.stop()
        self.query_one("#refused", Prose).text = ""
        self._values[self._names[int((event.input.id or "").rpartition("-")[2])]] = event.value

    def on_line_refused(self, event: Line.Refused) -> None:
        """Say why nothing was taken."""
        event.stop()
        self.query_one("#refused", Prose).text = self._say("refused value")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go to the next field; from the last one, go on."""
        event.stop()
        if event.input is self.query(Input).last():
            self._go()
        else:
            self.screen.focus_next()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Go on."""
        event.stop()
        self._go()

    def _go(self) -> None:
        missing = next((name for name in self._names if not is_value(self._values.get(name, ""))), None)
        refused = "" if missing is None else self._say("placeholder", variable=inert(missing, 60))
        self.query_one("#refused", Prose).text = refused
        if missing is None:
            self.post_message(self.Filled())
        else:
            self.query_one(f"#value-{self._names.index(missing)}").focus()
