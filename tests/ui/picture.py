"""A terminal screen as SVG: every character on its own cell, whatever font the viewer has; the same bytes each time."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from itertools import groupby

from rich.color import Color
from rich.color_triplet import ColorTriplet
from rich.segment import Segment
from rich.style import Style
from textual.app import App

from cogwizard.report.wrap import width

CELL, LINE = 12, 24  # a cell, in units of the picture
_BASELINE = 18
_MARGIN, _BAR = 12, 40  # round the screen, and the window's bar
# 0.602 em is how wide DejaVu Sans Mono and Menlo are: with this size a cell is theirs exactly.
_FONT = (
    "font-family=\"'DejaVu Sans Mono', Menlo, 'Cascadia Mono', Consolas, 'Noto Sans Mono CJK JP', 'Hiragino Sans', "
    "'BIZ UDGothic', 'MS Gothic', monospace\" font-size=\"19.93px\""
)
_WIDE = 'font-size="21px"'
_PORT = re.compile(r"(?<=127\.0\.0\.1:)\d{5}(?!\d)")
_CUT_PORT = re.compile(r"127\.0\.0\.1(?!:\d{5}(?!\d))")
PORT = "43617"  # stands in for the port that the sandbox was given


@dataclass(frozen=True)
class Look:
    """How a run of characters is drawn. Colours as `#rrggbb`."""

    ink: str
    ground: str
    bold: bool = False
    italic: bool = False
    underline: bool = False


@dataclass(frozen=True)
class Run:
    """Characters of one look, from a cell of a line."""

    at: int
    text: str
    look: Look


def screen_of(app: App[int]) -> list[list[Run]]:
    """Return what an app shows now, line by line. Raises ValueError where a line's end cuts the sandbox's address."""
    # Textual has no public way to a screen's styled lines but an SVG of its own; dialogs let the screen behind through.
    update = app.screen._compositor.render_update(full=True, screen_stack=app._background_screens)
    theme = app.current_theme
    ink, ground = theme.foreground or "#ffffff", theme.background or "#000000"
    lines = []
    for strips in getattr(update, "strips"):  # noqa: B009  # of a full update only
        segments = [segment for strip in strips for segment in strip if not segment.control]
        lines.append(_merged(_runs(_steady(segments), ink, ground)))
    return lines


def _steady(segments: list[Segment]) -> Iterator[Segment]:
    """Put the fixed port in the place of the sandbox's own: of as many digits, so nothing else moves."""
    line = "".join(segment.text for segment in segments)
    if _CUT_PORT.search(line):
        raise ValueError(f"the sandbox's address is cut, so its port cannot be made the same in every run: {line!r}")
    line, at = _PORT.sub(PORT, line), 0
    for segment in segments:
        yield Segment(line[at : at + len(segment.text)], segment.style)
        at += len(segment.text)


def _hex(color: Color | None, default: str) -> str:
    return default if color is None or color.is_default else color.get_truecolor().hex


def _runs(segments: Iterable[Segment], ink: str, ground: str) -> Iterator[Run]:
    at = 0
    for segment in segments:
        style = segment.style or Style.null()
        front, back = _hex(style.color, ink), _hex(style.bgcolor, ground)
        if style.reverse:
            front, back = back, front
        if style.dim:
            front = _between(front, back)
        look = Look(front, back, bool(style.bold), bool(style.italic), bool(style.underline))
        yield Run(at, segment.text, look)
        at += width(segment.text)


def _between(one: str, other: str) -> str:
    parts = [(int(one[at : at + 2], 16) * 2 + int(other[at : at + 2], 16)) // 3 for at in (1, 3, 5)]
    return ColorTriplet(*parts).hex


def _merged(runs: Iterable[Run]) -> list[Run]:
    """Join neighbours of one look; where there is only ground, ink and weight make no difference."""
    merged: list[Run] = []
    for run in runs:
        last = merged[-1] if merged else None
        if last and (last.look == run.look or (not run.text.strip() and _alike(last.look, run.look))):
            merged[-1] = Run(last.at, last.text + run.text, last.look)
        elif run.text:
            merged.append(run)
    return merged


def _alike(one: Look, other: Look) -> bool:
    return one.ground == other.ground and not one.underline and not other.underline


def text_of(lines: list[list[Run]]) -> str:
    """Return the characters of a screen."""
    return "\n".join("".join(run.text for run in line).rstrip() for line in lines)


def svg(lines: list[list[Run]], title: str, ground: str, ink: str, bar: str) -> str:
    """Return the picture: a window with `title` in its bar. `ground`, `ink`, `bar`: colours of the window."""
    columns = max(sum(width(run.text) for run in line) for line in lines)
    wide, high = columns * CELL + 2 * _MARGIN, len(lines) * LINE + _BAR + _MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" role="img" {_FONT}>',
        f"<title>{escape(title)}</title>",
        f'<rect width="{wide}" height="{high}" rx="8" fill="{bar}"/>',
        f'<rect x="{_MARGIN - 4}" y="{_BAR - 4}" width="{wide - 2 * _MARGIN + 8}" height="{high - _BAR - _MARGIN + 8}" '
        f'fill="{ground}"/>',
        *(f'<circle cx="{22 + 22 * at}" cy="19" r="6" fill="{ink}" fill-opacity="0.35"/>' for at in range(3)),
        f'<text x="{wide // 2}" y="25" text-anchor="middle" font-size="16px" fill="{ink}">cogwizard</text>',
        f'<g transform="translate({_MARGIN} {_BAR})">',
    ]
    parts += _grounds(lines, ground)
    for number, line in enumerate(lines):
        for run in line:
            parts += _text(run, number)
    return "\n".join([*parts, "</g>", "</svg>", ""])


def _grounds(lines: list[list[Run]], ground: str) -> Iterator[str]:
    """Yield a rectangle for each stretch of another colour; those that lie under each other are one: no seam shows."""
    growing: dict[tuple[int, int, str], int] = {}
    for number, line in enumerate([*lines, []]):
        stretches = set(_stretches(line, ground))
        for stretch in [stretch for stretch in growing if stretch not in stretches]:
            (at, cells, color), top = stretch, growing.pop(stretch)
            place = f'x="{at * CELL}" y="{top * LINE}" width="{cells * CELL}" height="{(number - top) * LINE}"'
            yield f'<rect {place} fill="{color}"/>'
        for stretch in sorted(stretches):
            growing.setdefault(stretch, number)


def _stretches(line: list[Run], ground: str) -> Iterator[tuple[int, int, str]]:
    for color, runs in groupby(line, lambda run: run.look.ground):
        if color != ground:
            found = list(runs)
            yield found[0].at, sum(width(run.text) for run in found), color


def _text(run: Run, number: int) -> Iterator[str]:
    """Yield the text elements of a run: stretches of ASCII held to their width, everything else cell by cell."""
    style = f'y="{number * LINE + _BASELINE}" fill="{run.look.ink}"'
    style += ' font-weight="bold"' * run.look.bold + ' font-style="italic"' * run.look.italic
    at = run.at
    if run.look.underline:
        # Not as a decoration: that would have a gap between two wide characters.
        place = f'x="{at * CELL}" y="{number * LINE + _BASELINE + 3}" width="{width(run.text) * CELL}" height="1.5"'
        yield f'<rect {place} fill="{run.look.ink}"/>'
    for piece in re.findall(r"[!-~](?:[ -~]*[!-~])?|\s+|[^\s!-~]+", run.text):
        if piece.isascii() and not piece.isspace():
            # Blanks that cannot be run together, or two of them would be one.
            shown = escape(piece).replace(" ", "&#160;")
            held = f' textLength="{len(piece) * CELL}"' if len(piece) > 1 else ""
            yield f'<text x="{at * CELL}"{held} {style}>{shown}</text>'
        elif not piece.isspace():
            size = f" {_WIDE}" if width(piece) > len(piece) else ""
            yield f"<text{size} {style}>{''.join(_each(piece, at))}</text>"
        at += width(piece)


def _each(piece: str, at: int) -> Iterator[str]:
    for char in piece:
        cells = width(char)
        yield f'<tspan x="{at * CELL + (1 if cells > 1 else 0)}">{escape(char)}</tspan>'
        at += cells
