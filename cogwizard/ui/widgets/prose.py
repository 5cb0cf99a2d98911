"""Text wrapped by the rules of `report.wrap`: words whole, Japanese line starts and ends."""

from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

from cogwizard.report.wrap import width, wrap

MARKS = {
    "pass": "✓",
    "fail": "✗",
    "next": "!",
    "warn": "!",
    "unknown": "?",
    "skipped": "-",
    "reading": "~",
    "waiting": " ",
}
# Style of each verdict: red is for the cause alone. Style names are those of the themes.
STYLES = {
    "pass": "$success",
    "fail": "bold $error",
    "next": "bold $warning",
    "warn": "$warning",
    "unknown": "$secondary",
    "skipped": "$foreground-muted",
    "reading": "$accent",
    "waiting": "",
}


def wrapped(text: str, cells: int) -> list[str]:
    """Return `text` as lines of at most `cells` cells; its own line breaks stay."""
    return [line for part in text.split("\n") for line in wrap(part, max(4, cells))]


class Prose(Widget):
    """A paragraph. `text` may be changed; `indent` cells stand before all lines but the first."""

    DEFAULT_CSS = "Prose { height: auto; width: 1fr; }"

    text = reactive("", layout=True)

    def __init__(self, text: str = "", *, indent: int = 0, id: str | None = None, classes: str | None = None) -> None:
        """Take the text; it is never read as markup."""
        super().__init__(id=id, classes=classes)
        self.set_reactive(Prose.text, text)
        self._indent = indent

    def _lines(self, cells: int) -> list[str]:
        if not self.text:
            return []
        lines = wrapped(self.text, cells - self._indent)
        return [lines[0], *(" " * self._indent + line for line in lines[1:])]

    def render(self) -> Content:
        """See `Widget`."""
        return Content("\n".join(self._lines(self.content_size.width)))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """See `Widget`."""
        return len(self._lines(width))

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """See `Widget`."""
        return max((width(line) for line in self.text.split("\n")), default=0)
