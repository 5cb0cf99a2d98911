"""Scroll bars of blanks: the usual block characters are two cells wide in some Japanese terminals."""

from typing import Any, ClassVar

from rich.segment import Segment, Segments
from rich.style import Style
from textual.scrollbar import ScrollBar, ScrollBarRender


class _Plain(ScrollBarRender):
    VERTICAL_BARS: ClassVar[list[str]] = [" "] * 8
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "] * 8

    @classmethod
    def render_bar(cls, *args: Any, **options: Any) -> Segments:
        """Draw a vertical bar with a gap before it: Textual puts a widget's padding behind its bar, text touches it."""
        bar = super().render_bar(*args, **options)
        if not options["vertical"] or options["thickness"] < 2:
            return bar
        gap = Segment(" ", Style(bgcolor=options["back_color"]))
        cells = (Segment(segment.text[1:], segment.style) for segment in bar.segments)
        return Segments([part for cell in cells for part in (gap, cell, Segment.line())])


def use_plain_bars() -> None:
    """Draw all scroll bars so."""
    ScrollBar.renderer = _Plain
