"""JSON of any size, one entry of a recording at a time: nothing is held but what is wanted of it.

A browser's recording holds whole files as strings. A string that is longer than a chunk loses its rest before the
parser sees it, so that neither parser nor entry grows with the file.
"""

import codecs
import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, BinaryIO

from cogwizard.intake.errors import BadInput

CHUNK = 64 << 10  # bytes; what a string keeps is at least this much and less than twice as much
CUT = "\uffff"  # ends a string that was cut: no character, so nobody writes it
_MOST_ITEMS = 1000  # of a list or an object that is kept
_DEEPEST = 8  # levels of an entry that are kept
_STRINGS = re.compile(rb'(?:[^"]*+"(?:[^"\\]++|\\.)*+")*+', re.DOTALL)
_REST = re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL)
# No number that means anything has as many digits. The parser's C goes down with those that int() refuses.
_MOST_DIGITS = 256
_STRING_OR_DIGITS = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\Z)|[0-9]{%d,}+' % _MOST_DIGITS, re.DOTALL)
_HALF_ESCAPE = re.compile(rb"u[0-9A-Fa-f]{0,3}\Z")
# Characters that JSON does not allow inside of strings, and some tools write; between values a blank does as well.
_CONTROLS = bytes.maketrans(bytes(range(32)), b" " * 32)
_PACKED = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf", b"x\xda")
_UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}

Json = Any
# Which members of an object are kept, each with those of its own; None: all of them.
Wanted = Mapping[str, "Wanted | None"]
Event = tuple[str, Any]


class Shortened:
    """A binary file of JSON as UTF-8, with long strings cut: what a parser reads.

    `tell` is called with the bytes read so far, for each chunk; what it raises ends the reading. Raises BadInput for an
    empty file and for one that is packed.
    """

    def __init__(self, file: BinaryIO, tell: Callable[[int], object]) -> None:
        """Read the beginning, which says how the file is encoded."""
        self._kept: int | None = None  # how much of the string that is open was let through; None outside of strings
        self._part = b""  # what of an escape stood at the end of a chunk
        self._pieces = _pieces(file, tell)
        self._first = next(self._pieces, b"")
        if not self._first.strip():
            raise BadInput("har-empty")

    def read(self, size: int = -1) -> bytes:
        """Return what comes next, b"" at the end; as much as a chunk holds, whatever `size` says."""
        if size == 0:
            return b""
        first, self._first = self._first, b""
        for data in itertools.chain((first,), self._pieces):
            if short := self._shortened(data):
                return short
        rest, self._part = self._part, b""
        return rest

    def _shortened(self, data: bytes) -> bytes:
        data, self._part = self._part + data, b""
        at, out = 0, []
        if self._kept is not None:
            at = _end(_REST, data, 0)
            if data[at : at + 1] != b'"':
                return self._inside(data)
            at += 1
            out.append(data[:at] if self._kept < CHUNK else b'%s"' % CUT.encode())
            self._kept = None
        end = _end(_STRINGS, data, at)
        opened = data.find(b'"', end) + 1
        out.append(_without_long_numbers(data[at : opened or len(data)]))
        if opened:
            self._kept = 0
            out.append(self._inside(data[opened:]))
        return b"".join(out)

    def _inside(self, data: bytes) -> bytes:
        """Return what of a string's next piece is kept. The first half of an escape waits for the other."""
        whole = _whole(data)
        self._part, data = data[whole:], data[:whole]
        if self._kept is None or self._kept >= CHUNK:
            return b""
        self._kept += len(data)
        return data


def _pieces(file: BinaryIO, tell: Callable[[int], object]) -> Iterator[bytes]:
    """Yield a file's text as UTF-8, whole characters at a time."""
    data, size = file.read(CHUNK), 0
    if data.startswith(_PACKED):
        raise BadInput("har-packed")
    encoding = next((name for mark, name in _UTF_16.items() if data.startswith(mark)), "utf-8-sig")
    data = data[2:] if encoding != "utf-8-sig" else data
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    while data:
        size += len(data)
        tell(size)
        yield decoder.decode(data).encode("utf-8", "replace").translate(_CONTROLS)
        data = file.read(CHUNK)


def _without_long_numbers(data: bytes) -> bytes:
    """Return JSON between strings, and strings, with one digit for each number that is beyond all measure.

    Of a number that fills a whole chunk nothing is left: its ends stand in others.
    """
    half = _MOST_DIGITS // 2  # so many digits on end fill one of these places at least
    if not any(data[at : at + half].isdigit() for at in range(0, len(data), half)):
        return data
    if data.isdigit() and len(data) >= _MOST_DIGITS:
        return b""
    return _STRING_OR_DIGITS.sub(lambda found: b"1" if found[0][:1] != b'"' else found[0], data)


def _end(pattern: re.Pattern[bytes], data: bytes, at: int) -> int:
    """Return where a pattern ends that matches everywhere, also nothing."""
    found = pattern.match(data, at)
    return found.end() if found else at


def _whole(data: bytes) -> int:
    """Return how much of a piece of a string is left without the half of an escape at its end."""
    half = _HALF_ESCAPE.search(data, max(0, len(data) - 4))
    end = half.start() if half else len(data)
    slashes = end - len(data[:end].rstrip(b"\\"))
    return end - 1 if slashes % 2 else len(data)


def read_entries(source: Shortened, wanted: Wanted, on_header: Callable[[str, Json], object]) -> Iterator[Json]:
    """Yield what is wanted of each member of `log.entries`, an object or whatever stands there.

    `on_header` is called with the other members of `log` that are small (`creator`, `browser`, `pages`). Raises
    BadInput for what is JSON and no recording, or no JSON from the first character on; `CutOff` where it ends or breaks
    in its middle.
    """
    from ijson import JSONError, basic_parse

    seen = False
    try:
        events: Iterator[Event] = iter(basic_parse(source, buf_size=CHUNK))
        if next(events)[0] != "start_map":
            raise BadInput("har-other-json")
        for key, event in _members(events):
            if key != "log" or event[0] != "start_map":
                _skip(events, event)
                continue
            for name, inner in _members(events):
                if name == "entries" and inner[0] == "start_array":
                    seen = True
                    for item in events:
                        if item[0] == "end_array":
                            break
                        yield _value(events, item, wanted, 1)
                else:
                    on_header(name, _value(events, inner, None, _DEEPEST - 3))
    except StopIteration:
        raise CutOff(seen) from None
    except (JSONError, ValueError, ArithmeticError) as error:
        if isinstance(error, BadInput):
            raise
        raise CutOff(seen) from None
    if not seen:
        raise BadInput("har-other-json")


class CutOff(Exception):
    """The JSON ends, or is none any more, in the middle. `seen`: its list of entries had begun."""

    def __init__(self, seen: bool) -> None:
        """See the class."""
        super().__init__("cut off")
        self.seen = seen


def _members(events: Iterator[Event]) -> Iterator[tuple[str, Event]]:
    """Yield name and first event of each member of the object that has begun. Who takes one reads its value."""
    for kind, name in events:
        if kind != "map_key":
            return
        yield name, _following(events)


def _following(events: Iterator[Event]) -> Event:
    for event in events:
        return event
    raise CutOff(True)


def _value(events: Iterator[Event], event: Event, wanted: Wanted | None, depth: int) -> Json:
    """Return the value that begins with `event`; None for what is too deep."""
    kind, value = event
    if kind not in ("start_map", "start_array"):
        return float(value) if isinstance(value, Decimal) else value
    if depth >= _DEEPEST:
        _skip(events, event)
        return None
    if kind == "start_map":
        members: dict[str, Json] = {}
        for name, inner in _members(events):
            if (wanted is not None and name not in wanted) or len(members) >= _MOST_ITEMS:
                _skip(events, inner)
            else:
                members[name] = _value(events, inner, wanted[name] if wanted is not None else None, depth + 1)
        return members
    items: list[Json] = []
    for item in events:
        if item[0] == "end_array":
            break
        if len(items) >= _MOST_ITEMS:
            _skip(events, item)
        else:
            items.append(_value(events, item, wanted, depth + 1))
    return items


def _skip(events: Iterator[Event], event: Event) -> None:
    """Read to the end of the value that begins with `event`."""
    depth = 1 if event[0] in ("start_map", "start_array") else 0
    while depth:
        kind = _following(events)[0]
        if kind in ("start_map", "start_array"):
            depth += 1
        elif kind in ("end_map", "end_array"):
            depth -= 1
