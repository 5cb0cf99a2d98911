"""A table whose cells wrap, whose rows can be walked with the keys, and whose values can be copied."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.widget import Widget

from cogwizard.report.wrap import pad, width
from cogwizard.ui.widgets.prose import MARKS, STYLES, wrapped

_GAP = 2
_NARROWEST = 11  # cells; below it, a row is shown as lines under each other


@dataclass(frozen=True)
class Fact:
    """A row: the verdict that marks it ("" for none), and its cells."""

    verdict: str
    cells: tuple[str, ...]


def columns(natural: Sequence[int], cells: int, words: Sequence[int]) -> list[int]:
    """Return the widths of columns that share `cells`: narrow ones get what they need, the wide ones the rest.

    `words` are the widths of the longest words: where all of them fit, none is cut.
    """
    left, open_columns = cells, list(range(len(natural)))
    given = list(natural)
    while open_columns:
        share = left // len(open_columns)
        fitting = [at for at in open_columns if natural[at] <= share]
        if not fitting:
            for place, at in enumerate(open_columns):
                given[at] = share + (1 if place < left % len(open_columns) else 0)
            break
        for at in fitting:
            left -= natural[at]
            open_columns.remove(at)
    spare = [got - word for got, word in zip(given, words, strict=True)]
    if sum(spare) >= 0:
        for at in range(len(spare)):
            while spare[at] < 0:
                richest = spare.index(max(spare))
                for place, by in ((at, 1), (richest, -1)):
                    given[place] += by
                    spare[place] += by
    return given


def _words(text: str) -> list[str]:
    """Return what is cut only where it is longer than a line; wide characters can stand on any."""
    return re.findall("[!-~]+", text) or [""]


class Facts(Widget, can_focus=True):
    """A table of facts. Arrow keys walk it, `c` copies the cell under the cursor."""

    DEFAULT_CSS = "Facts { height: auto; width: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("left", "turn(-1)", show=False),
        Binding("right", "turn(1)", show=False),
    ]

    def __init__(
        self, head: Sequence[str], facts: Sequence[Fact] = (), *, id: str | None = None, column: int = 2
    ) -> None:
        """Take the names of the columns, and rows of as many cells; `column` is where the cursor begins."""
        super().__init__(id=id)
        self._head, self._facts = tuple(head), tuple(facts)
        self._row, self._column = 0, min(column, len(self._head) - 1)
        self._laid_out: tuple[int, list[list[tuple[str, str]]], list[int]] | None = None

    def put(self, facts: Sequence[Fact]) -> None:
        """Show other rows."""
        if tuple(facts) != self._facts:
            self._facts, self._laid_out = tuple(facts), None
            self._row = max(0, min(self._row, len(self._facts) - 1))
            self.refresh(layout=True)

    @property
    def copyable(self) -> str | None:
        """The value under the cursor."""
        return self._facts[self._row].cells[self._column] if self._facts else None

    # -- moving ------------------------------------------------------------------------------------------------------

    def action_move(self, by: int) -> None:
        """Go to another row; past the ends the page scrolls."""
        row = self._row + by
        if 0 <= row < len(self._facts):
            self._row = row
            self._laid_out = None
            self.refresh()
            self._show_row()
        elif isinstance(self.parent, Widget):
            self.parent.scroll_relative(y=by, animate=False)

    def action_turn(self, by: int) -> None:
        """Go to another cell of the row."""
        self._column = (self._column + by) % len(self._head)
        self._laid_out = None
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse is."""
        _, _, starts = self._layout(self.content_size.width)
        row = sum(start <= event.y for start in starts) - 1
        if 0 <= row < len(self._facts):
            self._row, self._laid_out = row, None
            self.refresh()

    def _show_row(self) -> None:
        _, lines, starts = self._layout(self.content_size.width)
        top = starts[self._row]
        bottom = starts[self._row + 1] if self._row + 1 < len(starts) else len(lines)
        area = Region(0, top, self.content_size.width, bottom - top).translate(self.virtual_region.offset)
        if isinstance(self.parent, Widget):
            self.parent.scroll_to_region(area, animate=False)

    # -- drawing -----------------------------------------------------------------------------------------------------

    def _layout(self, cells: int) -> tuple[int, list[list[tuple[str, str]]], list[int]]:
        """Return the width, the lines (as styled pieces), and the line at which each row begins."""
        cursor = (self._row, self._column) if self.has_focus else None
        key = cells if cursor is None else -cells
        if self._laid_out is None or self._laid_out[0] != key:
            natural = [
                max(
                    width(line)
                    for text in (name, *(fact.cells[at] for fact in self._facts))
                    for line in text.split("\n")
                )
                for at, name in enumerate(self._head)
            ]
            room = cells - 2 - _GAP * (len(self._head) - 1)
            words = [
                max(width(word) for text in (name, *(fact.cells[at] for fact in self._facts)) for word in _words(text))
                for at, name in enumerate(self._head)
            ]
            widths = columns(natural, room, words)
            squeezed = [got for got, want in zip(widths, natural, strict=True) if got < want]
            if squeezed and min(squeezed) < _NARROWEST:
                lines, starts = self._stacked(cells, cursor)
            else:
                lines, starts = self._gridded(widths, cursor)
            self._laid_out = (key, lines, starts)
        return self._laid_out

    def _gridded(
        self, widths: list[int], cursor: tuple[int, int] | None
    ) -> tuple[list[list[tuple[str, str]]], list[int]]:
        gap = " " * _GAP
        lines: list[list[tuple[str, str]]] = []
        starts = []
        names = [wrapped(name, cells) for name, cells in zip(self._head, widths, strict=True)]
        for number in range(max(len(part) for part in names)):
            head = [("  ", "")]
            for part, cells in zip(names, widths, strict=True):
                head += [(pad(part[number] if number < len(part) else "", cells), "$foreground-muted"), (gap, "")]
            lines.append(head)
        for row, fact in enumerate(self._facts):
            starts.append(len(lines))
            parts = [wrapped(text, cells) for text, cells in zip(fact.cells, widths, strict=True)]
            for number in range(max(len(part) for part in parts)):
                line = [self._mark(fact) if number == 0 else ("  ", "")]
                for at, (part, cells) in enumerate(zip(parts, widths, strict=True)):
                    text = part[number] if number < len(part) else ""
                    if cursor == (row, at) and number == 0:
                        text = text or " "  # the cursor is seen in an empty cell too
                    style = "reverse" if cursor == (row, at) and text else "bold" if at == 0 else ""
                    line += [(text, style), (" " * (cells - width(text)) + gap, "")]
                lines.append(line)
        return lines, starts

    def _stacked(self, cells: int, cursor: tuple[int, int] | None) -> tuple[list[list[tuple[str, str]]], list[int]]:
        lines: list[list[tuple[str, str]]] = []
        starts = []
        name_cells = max((width(name) for name in self._head[1:]), default=0)
        for row, fact in enumerate(self._facts):
            starts.append(len(lines))
            for number, text in enumerate(wrapped(fact.cells[0], cells - 2)):
                style = "reverse" if cursor == (row, 0) else "bold"
                lines.append([self._mark(fact) if number == 0 else ("  ", ""), (text, style)])
            for at, (name, text) in enumerate(zip(self._head[1:], fact.cells[1:], strict=True), 1):
                at_cursor = cursor == (row, at)
                for number, part in enumerate(wrapped(text or " " * at_cursor, cells - name_cells - 6)):
                    shown = pad(name if number == 0 else "", name_cells)
                    style = "reverse" if at_cursor and part else ""
                    lines.append([("    ", ""), (shown, "$foreground-muted"), ("  ", ""), (part, style)])
        return lines, starts

    def _mark(self, fact: Fact) -> tuple[str, str]:
        return f"{MARKS.get(fact.verdict, ' ')} ", STYLES.get(fact.verdict, "")

    def on_focus(self) -> None:
        """Draw the cursor."""
        self._laid_out = None

    def on_blur(self) -> None:
        """Draw no cursor."""
        self._laid_out = None

    def render(self) -> Content:
        """See `Widget`."""
        _, lines, _ = self._layout(self.content_size.width)
        return Content("\n").join(Content.assemble(*((text, style) for text, style in line if text)) for line in lines)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """See `Widget`."""
        return len(self._layout(width)[1])
