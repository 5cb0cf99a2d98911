"""The keys that act now, in one line: how to leave first, then the most important ones, as many as fit."""

from typing import TYPE_CHECKING

from textual import events
from textual.binding import ActiveBinding
from textual.content import Content
from textual.widget import Widget

from cogwizard.report.wrap import width

if TYPE_CHECKING:
    from textual.screen import Screen

_FIRST = ("leave", "more")  # actions that stand at the start
_LAST = ("help", "command_palette", "quit")  # actions that stand at the end
_AT_LEAST = 5  # keys of the screen's own; where fewer fit, commands give way to them, then quit
_OMITTED = ("f1", "", "...")  # says that there are more keys; stands before help, which names them all

Item = tuple[str, str, str]  # key, how it is shown, name


class Footer(Widget):
    """Shows the named keys of the screen; a click presses one."""

    DEFAULT_CSS = "Footer { height: 1; dock: bottom; width: 1fr; }"

    def on_mount(self) -> None:
        """Follow what the focus and the screen make possible."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, _: "Screen[object]") -> None:
        self.refresh()

    def _keys(self) -> list[Item]:
        """Return what is shown, in the order in which it stands."""
        found: dict[str, Item] = {}
        of_screen = 0
        for key, active in sorted(self.screen.active_bindings.items(), key=lambda item: self._rank(item[1])):
            if self._is_shown(active) and active.binding.action not in found:
                shown = self.app.get_key_display(active.binding)
                found[active.binding.action] = (key, shown, active.binding.description)
                of_screen += active.node is not self.app
        own = [item for action, item in found.items() if action not in _LAST]
        last = [found[action] for action in _LAST if action in found]
        room = self.content_size.width
        if self._cells(*own, *last) <= room:
            return [*own, *last]
        for end in (last, [*last[:1], *last[2:]], last[:1]):
            kept = self._fitting(own, room - self._cells(_OMITTED, *end))
            if len(kept) >= min(of_screen, _AT_LEAST):
                break
        return [*kept, _OMITTED, *end]

    def _rank(self, active: ActiveBinding) -> int:
        """Return how far to the end a key stands."""
        action, screen = active.binding.action, self.screen
        if action in _FIRST:
            return _FIRST.index(action)
        if action == "copy_value":  # more is wanted of it where a value has the focus
            return 3 if hasattr(screen.focused, "copyable") else 5
        if active.node is screen:
            return 4
        return 6 if active.node is self.app else 2

    @staticmethod
    def _is_shown(active: ActiveBinding) -> bool:
        return active.binding.show and active.enabled and bool(active.binding.description)

    @classmethod
    def _fitting(cls, items: list[Item], room: int) -> list[Item]:
        return next((items[:many] for many in range(len(items), 0, -1) if cls._cells(*items[:many]) <= room), [])

    @staticmethod
    def _said(item: Item) -> str:
        return f" {item[1]} {item[2]} " if item[1] else f" {item[2]} "

    @classmethod
    def _cells(cls, *items: Item) -> int:
        return sum(width(cls._said(item)) for item in items)

    def render(self) -> Content:
        """See `Widget`."""
        pieces = []
        for item in self._keys():
            said, shown = self._said(item), len(item[1])
            pieces += [(said[: shown + 1], "bold $footer-key-foreground" if shown else ""), (said[shown + 1 :], "")]
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
