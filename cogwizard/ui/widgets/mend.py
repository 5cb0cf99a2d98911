"""A remedy in its forms: console, AWS CLI, Terraform, SAM, CDK. One is shown; the others are a key away."""

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from cogwizard.report.page import Mend
from cogwizard.report.wrap import width
from cogwizard.ui.widgets.prose import wrapped


class MendBox(Widget, can_focus=True):
    """One remedy. Left and right choose the form, `c` copies it as it is, without the line breaks of the screen.

    `names`: form -> its name in the user's language.
    """

    DEFAULT_CSS = "MendBox { height: auto; width: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "turn(-1)", show=False),
        Binding("right", "turn(1)", show=False),
    ]

    def __init__(self, mend: Mend, names: dict[str, str], *, id: str | None = None) -> None:
        """Take a remedy; the form that is shown first is the first that it has."""
        super().__init__(id=id)
        self._mend, self._names = mend, names
        self._at = 0

    def put(self, mend: Mend) -> None:
        """Show the same remedy with other texts; the form that is shown stays."""
        self._mend, self._at = mend, min(self._at, max(0, len(mend.forms) - 1))
        self.refresh(layout=True)

    @property
    def copyable(self) -> str | None:
        """The form that is shown, as it is to be typed or clicked."""
        return self._mend.forms[self._at][1] if self._mend.forms else self._mend.title

    def action_turn(self, by: int) -> None:
        """Show another form."""
        if self._mend.forms:
            self._at = (self._at + by) % len(self._mend.forms)
            self.refresh(layout=True)

    def on_click(self, event: events.Click) -> None:
        """Show the form whose name was clicked."""
        if event.y != len(self._title(self.content_size.width)):
            return
        start = 2
        for at, (form, _) in enumerate(self._mend.forms):
            end = start + width(self._names[form]) + 2
            if start <= event.x < end:
                self._at = at
                self.refresh(layout=True)
            start = end + 1

    def _title(self, cells: int) -> list[str]:
        return wrapped(self._mend.title, cells)

    def _body(self, cells: int) -> list[str]:
        if not self._mend.forms:
            return []
        lines = []
        for line in self._mend.forms[self._at][1].split("\n"):
            if width(line) <= cells - 2:
                lines.append(line)
                continue
            code = line.lstrip(" ")
            indent = min(len(line) - len(code), cells // 3)
            first, *rest = wrapped(code, cells - 4 - indent)
            lines += [" " * indent + first, *(" " * (indent + 2) + part for part in rest)]
        return lines

    def render(self) -> Content:
        """See `Widget`."""
        cells = self.content_size.width
        # The form that is shown has the cursor; a remedy without forms has it in its title.
        title = "bold reverse" if self.has_focus and not self._mend.forms else "bold"
        pieces: list[tuple[str, str]] = [("\n".join(self._title(cells)), title)]
        if self._mend.forms:
            pieces.append(("\n  ", ""))
            for at, (form, _) in enumerate(self._mend.forms):
                name, style = self._names[form], "$foreground-muted"
                if at == self._at:
                    style = "reverse" if self.has_focus else "bold underline"
                pieces += [(f" {name} ", style), (" ", "")]
            pieces += [(f"\n  {line}", "") for line in self._body(cells)]
        return Content.assemble(*pieces)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """See `Widget`."""
        return len(self._title(width)) + (1 if self._mend.forms else 0) + len(self._body(width))
