"""The guide's steps with their verdicts, beside the screen of the chosen one."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from cogwizard.report.wrap import pad, width
from cogwizard.ui.widgets.prose import MARKS, STYLES

_SHORTEST = 12  # cells; below it there is no room for names


@dataclass(frozen=True)
class Stop:
    """A step in the rail: its short name, and its verdict (also "reading", "waiting")."""

    name: str
    verdict: str


class Rail(Widget):
    """The steps; `at` is the one whose screen is shown. A click asks for another."""

    class Chosen(Message):
        """A step was clicked."""

        def __init__(self, at: int) -> None:
            """Take the number of the step, from 0."""
            super().__init__()
            self.at = at

    stops: reactive[tuple[Stop, ...]] = reactive((), layout=True)
    at = reactive(0)

    def __init__(self, title: str, words: dict[str, str], *, id: str | None = None) -> None:
        """Take the title, and the word for each verdict, which stands behind the name of the chosen step."""
        super().__init__(id=id)
        self._title, self._words = title, words

    def render(self) -> Content:
        """See `Widget`. The words of the verdicts stand where there is room for them; marks and numbers always."""
        cells = self.content_size.width
        if cells < _SHORTEST:
            marks = [(f"{MARKS[stop.verdict]}{self._key(at)}", at) for at, stop in enumerate(self.stops)]
            return Content.assemble(*((f"\n{text}", "reverse" if at == self.at else "") for text, at in marks))
        pieces: list[tuple[str, str]] = [(self._title, "bold")]
        for at, stop in enumerate(self.stops):
            here = at == self.at
            name = f" {self._key(at)} {stop.name}"
            word = self._words.get(stop.verdict, "")
            room = cells - width(name) - 1
            behind = f" {word}" if word and width(word) + 1 <= room else ""
            pieces.append(("\n", ""))
            pieces.append((f"{MARKS[stop.verdict]}", STYLES[stop.verdict]))
            pieces.append((pad(name, cells - 1 - width(behind)), "bold reverse" if here else ""))
            pieces.append((behind, "reverse" if here else STYLES[stop.verdict]))
        return Content.assemble(*((text, style) for text, style in pieces if text))

    def _key(self, at: int) -> str:
        """Return the digit that leads to a step: 0 to the tenth, none to those behind it nor to the last of all."""
        return str((at + 1) % 10) if at < min(10, len(self.stops) - 1) else " "

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """See `Widget`."""
        return len(self.stops) + 1

    def on_click(self, event: events.Click) -> None:
        """Ask for the step under the mouse."""
        at = event.get_content_offset_capture(self).y - 1
        if 0 <= at < len(self.stops):
            self.post_message(self.Chosen(at))


def stops(names: Sequence[str], verdicts: Sequence[str]) -> tuple[Stop, ...]:
    """Return the rail's steps."""
    return tuple(Stop(name, verdict) for name, verdict in zip(names, verdicts, strict=True))
