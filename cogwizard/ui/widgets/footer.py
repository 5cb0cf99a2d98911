"""The keys that act now, in one line: the screen's own first, as many as fit; help, commands and quit always."""

from typing import TYPE_CHECKING

from textual import events
from textual.binding import ActiveBinding
from textual.content import Content
from textual.widget import Widget

from cogwizard.report.wrap import width

if TYPE_CHECKING:
    from textual.screen import Screen

_LAST = ("help", "command_palette", "quit")  # actions that stand at the end, and never give way


class Footer(Widget):
    """Shows the named keys of the screen; a click presses one."""

    DEFAULT_CSS = "Footer { height: 1; dock: bottom; width: 1fr; }"

    def on_mount(self) -> None:
        """Follow what the focus and the screen make possible."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, _: "Screen[object]") -> None:
        self.refresh()

    def _keys(self) -> list[tuple[str, str, str]]:
        """Return (key, how it is shown, name), in the order in which they stand."""
        found: dict[str, tuple[str, str, str, bool]] = {}
        for key, active in self.screen.active_bindings.items():
            if self._is_shown(active) and active.binding.action not in found:
                shown = self.app.get_key_display(active.binding)
                name = active.binding.description
                found[active.binding.action] = (key, shown, name, active.binding.action in _LAST)
        own = [item[:3] for item in found.values() if not item[3]]
        last = [found[action][:3] for action in _LAST if action in found]
        room = self.content_size.width - sum(self._cells(item) for item in last)
        kept = []
        for item in own:
            room -= self._cells(item)
            if room < 0:
                break
            kept.append(item)
        return [*kept, *last]

    @staticmethod
    def _is_shown(active: ActiveBinding) -> bool:
        return active.binding.show and active.enabled and bool(active.binding.description)

    @staticmethod
    def _cells(item: tuple[str, str, str]) -> int:
        return width(item[1]) + width(item[2]) + 3

    def render(self) -> Content:
        """See `Widget`."""
        pieces = []
        for _, shown, name in self._keys():
            pieces += [(" ", ""), (shown, "bold $footer-key-foreground"), (" ", ""), (name, ""), (" ", "")]
        return Content.assemble(*pieces)

    def on_click(self, event: events.Click) -> None:
        """Press the key under the mouse."""
        start = 0
        for item in self._keys():
            end = start + self._cells(item)
            if start <= event.x < end:
                self.app.simulate_key(item[0])
                return
            start = end
