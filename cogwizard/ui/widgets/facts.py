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
_NARROWEST = 11  # cells of a column whose texts wrap
_LABEL = 24  # cells; what stands first in a row is not broken up to here


@dataclass(frozen=True)
class Fact:
    """A row: the verdict that marks it ("" for none), and its cells. `opened`: see `Facts`."""

    verdict: str
    cells: tuple[str, ...]
    opened: bool = False


def columns(natural: Sequence[int], cells: int, least: Sequence[int]) -> list[int]:
    """Return the widths of columns that share `cells`: narrow ones get what they need, the wide ones the rest.

    None gets less than its `least`; together these take `cells` at most.
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
    spare = [got - need for got, need in zip(given, least, strict=True)]
    for at in range(len(spare)):
        while spare[at] < 0:
            richest = spare.index(max(spare))
            for place, by in ((at, 1), (richest, -1)):
                given[place] += by
                spare[place] += by
    return given


def _natural(text: str) -> int:
    """Return the width of a text that is not wrapped."""
    return max(width(line) for line in text.split("\n"))


def _word(text: str) -> int:
    """Return the width of the longest word; wide characters can stand on any line."""
    return max(map(len, re.findall("[!-~]+", text)), default=0)


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
        self,
        head: Sequence[str],
        facts: Sequence[Fact] = (),
        *,
        id: str | None = None,
        column: int = 2,
        under_row: bool = False,
    ) -> None:
        """Take the names of the columns, and rows of as many cells; `column` is where the cursor begins.

        `under_row`: the last cell is no column, it stands under its row where that is opened or has the cursor.
        """
        super().__init__(id=id)
        self._head, self._facts = tuple(head), tuple(facts)
        self._under_row, self._columns = under_row, len(self._head) - under_row
        self._drawn: list[int] = []
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
            self._go(row)
            self.call_after_refresh(self._show_row)
        elif isinstance(self.parent, Widget):
            self.parent.scroll_relative(y=by, animate=False)

    def action_turn(self, by: int) -> None:
        """Go to another cell of the row."""
        self._column = (self._column + by) % len(self._head)
        self._laid_out = None
        self.refresh()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Put the cursor where the mouse is, on what is drawn: the focus may have opened another row just before."""
        row = sum(start <= event.y for start in self._drawn) - 1
        if 0 <= row < len(self._facts):
            self._go(row)

    def _go(self, row: int) -> None:
        self._row, self._laid_out = row, None
        self.refresh(layout=self._under_row)

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
            widths, in_columns = self._plan(cells)
            lines, starts = self._head_lines(widths) if in_columns else [], []
            for row in range(len(self._facts)):
                starts.append(len(lines))
                lines += self._gridded(row, widths, cursor) if row in in_columns else self._stacked(row, cells, cursor)
                lines += self._under(row, cells, cursor)
            self._laid_out = (key, lines, starts)
        return self._laid_out

    def _plan(self, cells: int) -> tuple[list[int], set[int]]:
        """Return the widths of the columns, and the rows that stand in them: the others' words would be broken there.

        The others' cells stand under each other; all do where most would.
        """
        room = cells - 2 - _GAP * (self._columns - 1)
        line = cells - 6  # of a cell that stands under others
        texts = [row[: self._columns] for row in (self._head, *(fact.cells for fact in self._facts))]
        natural = [[_natural(text) for text in row] for row in texts]
        # A word that no line can hold is broken anyway: then the pieces are to be long.
        words = [[found if (found := _word(text)) <= line else line * 3 // 4 for text in row] for row in texts]
        wanted, longest = natural[0], words[0]
        widths: list[int] = []
        rows: set[int] = set()
        for row in (0, *sorted(range(1, len(texts)), key=lambda row: (max(words[row]), max(natural[row])))):
            wanted = list(map(max, wanted, natural[row]))
            longest = list(map(max, longest, words[row]))
            floor = [_LABEL, *(_NARROWEST for _ in wanted[1:])]
            least = [max(word, min(want, some)) for word, want, some in zip(longest, wanted, floor, strict=True)]
            if sum(least) > room:
                break
            widths = columns(wanted, room, least)
            rows.add(row - 1)
        return (widths, rows) if len(rows) * 2 > len(texts) else ([], set())

    def _name_cells(self) -> int:
        return max((width(name) for name in self._head[1:]), default=0)

    def _head_lines(self, widths: list[int]) -> list[list[tuple[str, str]]]:
        names = [wrapped(name, cells) for name, cells in zip(self._head, widths, strict=False)]
        lines = []
        for number in range(max(len(part) for part in names)):
            line = [("  ", "")]
            for part, cells in zip(names, widths, strict=True):
                line += [
                    (pad(part[number] if number < len(part) else "", cells), "$foreground-muted"),
                    (" " * _GAP, ""),
                ]
            lines.append(line)
        return lines

    def _gridded(self, row: int, widths: list[int], cursor: tuple[int, int] | None) -> list[list[tuple[str, str]]]:
        fact, lines = self._facts[row], []
        parts = [wrapped(text, cells) for text, cells in zip(fact.cells, widths, strict=False)]
        for number in range(max(len(part) for part in parts)):
            line = [self._mark(fact) if number == 0 else ("  ", "")]
            for at, (part, cells) in enumerate(zip(parts, widths, strict=True)):
                text = part[number] if number < len(part) else ""
                if cursor == (row, at) and number == 0:
                    text = text or " "  # the cursor is seen in an empty cell too
                style = "reverse" if cursor == (row, at) and text else "bold" if at == 0 else ""
                line += [(text, style), (" " * (cells - width(text) + _GAP), "")]
            lines.append(line)
        return lines

    def _stacked(self, row: int, cells: int, cursor: tuple[int, int] | None) -> list[list[tuple[str, str]]]:
        fact, lines = self._facts[row], []
        for number, text in enumerate(wrapped(fact.cells[0], cells - 2)):
            style = "reverse" if cursor == (row, 0) else "bold"
            lines.append([self._mark(fact) if number == 0 else ("  ", ""), (text, style)])
        for at in range(1, self._columns):
            lines += self._named(row, at, cells, cursor)
        return lines

    def _under(self, row: int, cells: int, cursor: tuple[int, int] | None) -> list[list[tuple[str, str]]]:
        """Return the lines of the cell that stands under its row, where it is shown."""
        is_shown = self._under_row and (self._facts[row].opened or (cursor is not None and cursor[0] == row))
        return self._named(row, self._columns, cells, cursor) if is_shown else []

    def _named(self, row: int, at: int, cells: int, cursor: tuple[int, int] | None) -> list[list[tuple[str, str]]]:
        name, at_cursor = self._head[at], cursor == (row, at)
        text = self._facts[row].cells[at] or " " * at_cursor
        name_cells = self._name_cells()
        if _word(text) <= cells - name_cells - 6:
            parts, first = wrapped(text, cells - name_cells - 6), pad(name, name_cells)
        else:  # it gets a line of its own
            parts, first = ["", *wrapped(text, cells - 6)], name
            name_cells = 0
        lines = []
        for number, part in enumerate(parts):
            shown = first if number == 0 else " " * name_cells
            style = "reverse" if at_cursor and part else ""
            lines.append([("    ", ""), (shown, "$foreground-muted"), ("  ", ""), (part, style)])
        return lines

    def _mark(self, fact: Fact) -> tuple[str, str]:
        return f"{MARKS.get(fact.verdict, ' ')} ", STYLES.get(fact.verdict, "")

    def on_focus(self) -> None:
        """Draw the cursor."""
        self._go(self._row)

    def on_blur(self) -> None:
        """Draw no cursor."""
        self._go(self._row)

    def render(self) -> Content:
        """See `Widget`."""
        _, lines, self._drawn = self._layout(self.content_size.width)
        return Content("\n").join(Content.assemble(*((text, style) for text, style in line if text)) for line in lines)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """See `Widget`."""
        return len(self._layout(width)[1])
