"""What was picked so far, as a line of crumbs: a click goes back to one."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from cogwizard.report.wrap import width, wrap
from cogwizard.ui.widgets.prose import MARKS

_LONGEST = 24  # cells of what was picked
_BETWEEN = " > "


@dataclass(frozen=True)
class Crumb:
    """A stop: its name, and what was picked there, "" when nothing was yet."""

    name: str
    picked: str = ""

    @property
    def text(self) -> str:
        """How it is shown. A long name is cut: the list has it whole."""
        kept = wrap(self.picked, _LONGEST)
        picked = f"{kept[0]} ..." if len(kept) > 1 else self.picked
        return f"{MARKS['pass']} {self.name} {picked}" if picked else self.name


class Crumbs(Widget):
    """The stops in order; `at` is the one that is open."""

    DEFAULT_CSS = "Crumbs { height: auto; width: 1fr; }"

    class Chosen(Message):
        """A stop was clicked."""

        def __init__(self, at: int) -> None:
            """Take its number, from 0."""
            super().__init__()
            self.at = at

    crumbs: reactive[tuple[Crumb, ...]] = reactive((), layout=True)
    at = reactive(0)

    def _placed(self, cells: int) -> list[tuple[int, int, str]]:
        """Return (line, column, text) of each crumb."""
        placed, line, column = [], 0, 0
        for crumb in self.crumbs:
            taken = width(crumb.text)
            if column and column + len(_BETWEEN) + taken > cells:
                line, column = line + 1, 0
            column += len(_BETWEEN) if column else 0
            placed.append((line, column, crumb.text))
            column += taken
        return placed

    def render(self) -> Content:
        """See `Widget`."""
        pieces: list[tuple[str, str]] = []
        last = 0
        for number, (line, _, text) in enumerate(self._placed(self.content_size.width)):
            if number:
                pieces.append(("\n", "") if line > last else (_BETWEEN, "$foreground-muted"))
            last = line
            picked = bool(self.crumbs[number].picked)
            pieces.append((text, "bold underline" if number == self.at else "" if picked else "$foreground-muted"))
        return Content.assemble(*pieces)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """See `Widget`."""
        placed = self._placed(width)
        return placed[-1][0] + 1 if placed else 1

    def on_click(self, event: events.Click) -> None:
        """Ask for the stop under the mouse."""
        for number, (line, column, text) in enumerate(self._placed(self.content_size.width)):
            if event.y == line and column <= event.x < column + width(text):
                self.post_message(self.Chosen(number))


def crumbs(names: Sequence[str], picked: Sequence[str]) -> tuple[Crumb, ...]:
    """Return the crumbs; `picked` may be shorter."""
    return tuple(Crumb(name, picked[at] if at < len(picked) else "") for at, name in enumerate(names))
