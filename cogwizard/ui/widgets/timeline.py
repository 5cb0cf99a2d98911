"""A token's life on a line: issued, now, expires, and the moment of the call; under it a sentence that counts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from cogwizard.model.token import Token
from cogwizard.report.wrap import width
from cogwizard.ui.widgets.prose import wrapped

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNITS = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))
_FAR = 3  # a stretch outside the life is drawn at most so many times as long as the life: else the life is a dot

Say = Callable[..., str]


@dataclass(frozen=True)
class Life:
    """The times of a token in Unix seconds, None where it does not say or says what is no time.

    `has_end`: an `exp` is there, readable or not. `called`: when API Gateway saw the call.
    """

    issued: float | None = None
    starts: float | None = None
    expires: float | None = None
    has_end: bool = False
    called: float | None = None

    @classmethod
    def of(cls, token: Token, called: float | None = None) -> "Life":
        """Return the life that a token claims."""
        issued, starts, expires = (token.time_claim(name) for name in ("iat", "nbf", "exp"))
        return cls(issued, starts, expires, "exp" in token.claims, called)

    @property
    def begins(self) -> float | None:
        """When it may be used first: the later of `iat` and `nbf`."""
        return max((time for time in (self.issued, self.starts) if time is not None), default=None)

    @property
    def length(self) -> float:
        """How long it lasts; 0 where it has no beginning, no end, or not in this order."""
        begins, expires = self.begins, self.expires
        return max(0.0, expires - begins) if begins is not None and expires is not None else 0.0

    def points(self, now: float) -> list[tuple[float, str]]:
        """Return the moments to mark, by time, each with the key of its name."""
        ended = self.expires is not None and self.expires <= now
        found = [
            (self.issued, "issued"),
            (self.starts if self.starts != self.issued else None, "starts"),
            (self.expires, "expired" if ended else "expires"),
            (self.called, "called"),
            (now, "now"),
        ]
        return sorted(((time, name) for time, name in found if time is not None), key=lambda point: point[0])


def spell(seconds: float, say: Say) -> str:
    """Return a length of time in words, in its largest unit and the next smaller one: `12 min 30 s`, `1 h`."""
    left = int(min(1e15, abs(seconds)))
    at = next((at for at, (_, size) in enumerate(_UNITS) if left >= size), len(_UNITS) - 1)
    parts: list[str] = []
    for unit, size in _UNITS[at : at + 2]:
        if left >= size or not parts:
            parts.append(say(f"unit {unit}", count=left // size))
        left %= size
    return " ".join(parts)


def sentences(life: Life, now: float, say: Say) -> str:
    """Return what is to be said of a life at this moment, a sentence in a line: the one that counts first."""
    begins, expires = life.begins, life.expires
    said = []
    if expires is None:
        said.append(say("end unreadable" if life.has_end else "no end"))
    elif expires <= now:
        said.append(say("has expired", span=spell(now - expires, say)))
    elif begins is None or begins <= now:
        said.append(say("will expire", span=spell(expires - now, say)))
    if begins is not None and begins > now and (expires is None or expires > now):
        said.append(say("will begin", span=spell(begins - now, say)))
    if begins is not None and expires is not None and expires <= begins:
        said.append(say("upside down"))
    if life.called is not None and expires is not None:
        key = "over at the call" if expires <= life.called else "left at the call"
        said.append(say(key, span=spell(expires - life.called, say)))
    return "\n".join(said)


def drawn(life: Life, now: float, cells: int, say: Say) -> list[str]:
    """Return the line, and the names under its marks, in lines of at most `cells` cells; nothing where they are few."""
    points = life.points(now)
    names = [f"{_shown(time, now)} {say(f'mark {name}')}" for time, name in points]
    times = [time for time, _ in points]
    # The longest line that leaves room for the names to the right of their marks.
    for last in range(cells - 5, 3 * len(points), -1):
        at = _columns(life, times, last)
        rows = _rows(at, names)
        if all(width(row) <= cells for row in rows):
            return [f"{_line(life, times, at)} UTC", *rows]
    return []


def _line(life: Life, times: Sequence[float], at: Sequence[int]) -> str:
    line = ""
    for index, place in enumerate(at[:-1]):
        length = at[index + 1] - place - 1
        if length < 0:
            continue
        earlier, later = times[index], times[index + 1]
        drawn = ("=" if _is_inside(life, earlier, later) else "-") * length
        if _is_cut(life, earlier, later) and length > 3:
            middle = length // 2 - 1
            drawn = f"{drawn[:middle]}//{drawn[middle + 2 :]}"
        line += f"|{drawn}"
    return f"{line}|"


def _is_inside(life: Life, earlier: float, later: float) -> bool:
    begins, expires = life.begins, life.expires
    return begins is not None and expires is not None and begins <= earlier and later <= expires


def _is_cut(life: Life, earlier: float, later: float) -> bool:
    """Whether the stretch between two times, outside the life, is drawn shorter than it is."""
    length = life.length
    return length > 0 and not _is_inside(life, earlier, later) and later - earlier > _FAR * length


def _columns(life: Life, times: Sequence[float], last: int) -> list[int]:
    """Return the column of each time, 0 to `last`: in scale, but for what is far away; two times are never in one."""
    lengths = [
        _FAR * life.length if _is_cut(life, earlier, later) else later - earlier for earlier, later in pairwise(times)
    ]
    whole, passed, at = sum(lengths), 0.0, [0]
    for length in lengths:
        passed += length
        place = round(last * (passed / whole)) if whole > 0 else 0
        at.append(max(place, at[-1] + 1) if length > 0 else at[-1])
    # What was pushed past the end is pushed back.
    limit = last
    for index in reversed(range(len(at))):
        at[index] = min(at[index], limit)
        if index and times[index - 1] < times[index]:
            limit = at[index] - 1
    return at


def _rows(at: Sequence[int], names: Sequence[str]) -> list[str]:
    """Return the names under their marks. What has no room beside the next name hangs lower, on a thread."""
    joined: dict[int, str] = {}
    for place, name in zip(at, names, strict=True):
        joined[place] = f"{joined[place]}, {name}" if place in joined else name
    rows: list[dict[int, str]] = []
    for place, name in sorted(joined.items(), reverse=True):
        row = next((row for row in rows if place + width(name) + 2 <= min(row)), None)
        if row is None:
            row = {}
            rows.append(row)
        row[place] = name
        for above in rows[: rows.index(row)]:
            above[place] = "|"
    lines = []
    for row in rows:
        line = ""
        for place, text in sorted(row.items()):
            line += " " * (place - width(line)) + text
        lines.append(line)
    return lines


def _shown(time: float, now: float) -> str:
    """Return a time as `04:06`, with its date on another day than today, or as a number where no calendar reaches."""
    try:
        moment, today = (_EPOCH + timedelta(seconds=value) for value in (time, now))
    except OverflowError:
        return f"{time:.0f} s"
    return moment.strftime("%H:%M" if moment.date() == today.date() else "%Y-%m-%d %H:%M")


class Timeline(Widget):
    """Draws a life. It counts while it is on the screen; nothing is drawn again that did not change.

    `say` gives its words, `clock` the time in Unix seconds.
    """

    DEFAULT_CSS = "Timeline { height: auto; width: 1fr; margin-top: 1; }"

    def __init__(
        self, say: Say, clock: Callable[[], float], life: Life | None = None, *, id: str | None = None
    ) -> None:
        """Take what it needs; without a life it takes no room."""
        super().__init__(id=id)
        self._say, self._clock, self._life = say, clock, life
        self._now = clock()
        self._lines: tuple[int, list[str]] | None = None

    def on_mount(self) -> None:
        """Count."""
        self.display = self._life is not None
        self.set_interval(1, self._tick)

    def put(self, life: Life | None) -> None:
        """Show another life, or none."""
        if life != self._life:
            self._life, self._lines = life, None
            self.display = life is not None
            self._now = self._clock()
            self.refresh(layout=True)

    def _tick(self) -> None:
        if self._life is None or not self.is_on_screen:
            return
        now = self._clock()
        if int(now) == int(self._now):
            return
        self._now = now
        before, self._lines = self._lines, None
        if before is not None:
            after = self._layout(before[0])
            if after != before[1]:
                self.refresh(layout=len(after) != len(before[1]))

    def _layout(self, cells: int) -> list[str]:
        if self._life is None or cells < 1:
            return []
        if self._lines is None or self._lines[0] != cells:
            lines = drawn(self._life, self._now, cells, self._say)
            self._lines = (cells, [*lines, *wrapped(sentences(self._life, self._now, self._say), cells)])
        return self._lines[1]

    def render(self) -> Content:
        """See `Widget`."""
        return Content("\n".join(self._layout(self.content_size.width)))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """See `Widget`."""
        return len(self._layout(width))
