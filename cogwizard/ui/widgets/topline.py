"""The first line of every screen: where we are, whose account is read, and whether it is the sandbox."""

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from cogwizard.report.wrap import pad, width, wrap


class TopLine(Widget):
    """`trail`: where we are; `place`: profile, region; `mark`: a word that must not be missed: the sandbox's."""

    DEFAULT_CSS = "TopLine { height: 1; dock: top; width: 1fr; }"

    trail = reactive("")
    place = reactive("")
    mark = reactive("")

    def render(self) -> Content:
        """See `Widget`. Where the line is too short, the trail is cut: the mark never."""
        cells = self.content_size.width
        mark = f" {self.mark} " if self.mark else ""
        right = f"  {self.place} " if self.place else " "
        left = f" {self.trail}"
        room = cells - width(mark)
        if width(left) + width(right) > room:
            right = " " if width(left) + 1 > room - 12 else right
            kept = wrap(left.strip(" "), max(4, room - width(right) - 5))
            left = f" {kept[0]} ..." if len(kept) > 1 else left
            if width(left) + width(right) > room:
                right = " "
        return Content.assemble(
            (pad(left, room - width(right)), "bold"), (right, "$foreground-muted"), (mark, "bold reverse")
        )
