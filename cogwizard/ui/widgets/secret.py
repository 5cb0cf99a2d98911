"""A line for what nobody may see: a star stands for each character, whatever it is, and nothing is copied from it."""

from typing import ClassVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import HorizontalGroup, VerticalGroup
from textual.widgets import Input

from cogwizard.report.wrap import width, wrap
from cogwizard.ui.widgets.prose import Prose

_LABEL = 16  # cells
LONGEST = 64 * 1024  # characters: a set of tokens has some thousand


class SecretLine(Input):
    """Takes a secret. `value` is what was typed; it is drawn nowhere, marked or not."""

    help_key: ClassVar[str] = "secret"

    def __init__(
        self, value: str = "", *, id: str | None = None, many_lines: bool = False, longest: int = LONGEST
    ) -> None:
        """`value`: what stands there at first; `many_lines`: a paste is taken with all its lines, else the first one;
        `longest`: characters that are taken."""
        # `password`: Textual gives no hints about words then.
        super().__init__(value, id=id, password=True, select_on_focus=False, max_length=longest)
        self._many_lines = many_lines

    def take(self) -> str:
        """Return the secret, and hold it no longer."""
        value = self.value
        self.clear()
        return value

    @property
    def _value(self) -> Text:
        # Textual's own sign for a hidden character is two cells wide in some Japanese terminals.
        return Text("*" * len(self.value), no_wrap=True, overflow="ignore", end="")

    def _position_to_cell(self, position: int) -> int:
        return position  # a star is one cell, the character behind it may be two

    def _cell_offset_to_index(self, offset: int) -> int:
        return min(offset + int(self.scroll_offset.x), len(self.value))

    def action_copy(self) -> None:
        """Copy nothing."""

    def action_cut(self) -> None:
        """Delete what is marked, and copy nothing."""
        self.delete_selection()

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        text = event.text.strip("\r\n")  # a line end round about belongs to the copying
        self.replace(text if self._many_lines else "".join(text.splitlines()[:1]), *self.selection)


class SecretField(VerticalGroup):
    """A secret's line with its name before it; the line has the id `line-{name}`."""

    DEFAULT_CSS = """
    SecretField .label { width: 17; color: $foreground-muted; }
    SecretField SecretLine { width: 1fr; }
    """

    def __init__(
        self, name: str, label: str, value: str = "", *, many_lines: bool = False, longest: int = LONGEST
    ) -> None:
        """`label`: its name in words; the rest as for the line."""
        super().__init__(name=name, id=f"field-{name}")
        self._label = label if width(label) <= _LABEL else wrap(label, _LABEL)[0]
        self._line = SecretLine(value, id=f"line-{name}", many_lines=many_lines, longest=longest)

    def compose(self) -> ComposeResult:
        """See `Widget`."""
        with HorizontalGroup():
            yield Prose(self._label, classes="label")
            yield self._line
