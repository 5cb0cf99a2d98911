"""Lines that fit: terminal cells, English words kept whole, Japanese line-start and line-end rules (kinsoku)."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

# What may not begin a line, and what may not end one (JIS X 4051's closing and opening brackets, marks, small kana).
_NOT_FIRST = frozenset(")]},.;:!?%、。，．・：；？！）］｝」』】〉》ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々")
_NOT_LAST = frozenset("([{（［｛「『【〈《")


def width(text: str) -> int:
    """Return how many terminal cells `text` takes: two for wide and full-width characters."""
    return len(text) if text.isascii() else sum(map(_cells, text))


def pad(text: str, cells: int) -> str:
    """Return `text` filled up to `cells` terminal cells."""
    return text + " " * max(0, cells - width(text))


def wrap(text: str, cells: int | None) -> list[str]:
    """Return `text` as lines of at most `cells` cells; None leaves it whole. A word longer than a line is cut."""
    if cells is None or width(text) <= cells:
        return [text]
    lines, line, taken = [], "", 0
    for unit in _units(text):
        if line and taken + width(unit.rstrip(" ")) > cells:
            lines.append(line.rstrip(" "))
            line, taken = "", 0
        unit = unit if line else unit.lstrip(" ")
        while width(unit.rstrip(" ")) > max(cells, 2):
            head = _head(unit, max(cells, 2))
            lines.append(head)
            unit = unit[len(head) :]
        line += unit
        taken += width(unit)
    return [*lines, line.rstrip(" ")] if line.strip(" ") else lines


@lru_cache(4096)
def _cells(char: str) -> int:
    return 2 if unicodedata.east_asian_width(char) in "WF" else 0 if unicodedata.combining(char) else 1


def _head(unit: str, cells: int) -> str:
    taken = 0
    for at, char in enumerate(unit):
        taken += _cells(char)
        if taken > cells:
            return unit[:at]
    return unit


def _units(text: str) -> Iterator[str]:
    """Yield what is not broken: a word and the blank behind it, or a wide character and the marks that cling to it."""
    unit = ""
    for char in text:
        before = unit[-1:]
        is_break = before == " " or (unit and (_cells(char) == 2 or _cells(before) == 2))
        clings = char == " " or char in _NOT_FIRST or before in _NOT_LAST or _cells(char) == 0
        if is_break and not clings:
            yield unit
            unit = ""
        unit += char
    if unit:
        yield unit
