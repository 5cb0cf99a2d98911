"""What all screens share: the language, the keys' names in it, copying."""

import asyncio
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.binding import ActiveBinding, Binding, BindingType
from textual.containers import VerticalScroll
from textual.events import Mount, ScreenResume
from textual.geometry import Offset
from textual.screen import ModalScreen, Screen, ScreenResultType
from textual.widget import Widget

from cogwizard.ui.widgets.topline import TopLine

if TYPE_CHECKING:
    from cogwizard.ui.app import CogwizardApp
    from cogwizard.ui.session import Session


class Speaking(Screen[ScreenResultType]):
    """A screen that speaks the user's language. `texts_name`: its file in `text/*/screens`.

    The description of a binding is a key of `screens/keys.toml`. What the user typed is kept in the session, so that
    the screen can be composed anew in another language.
    """

    texts_name: ClassVar[str] = ""
    steps_name: ClassVar[str] = "steps"  # the file of the names of its steps and their questions
    is_stale = False  # said in a language that is no longer spoken

    @property
    def steps(self) -> tuple[str, ...]:
        """The ids of the steps, where the screen shows a guide's: the digits go to them."""
        return ()

    @property
    def wizard(self) -> "CogwizardApp":
        """The app."""
        return cast("CogwizardApp", self.app)

    @property
    def session(self) -> "Session":
        """What this run knows."""
        return self.wizard.session

    def say(self, key: str, /, **params: object) -> str:
        """Return a text of this screen."""
        return self.session.texts.screen(self.texts_name, key, **params)

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """The keys that act now, described in the user's language."""
        active = super().active_bindings
        if self.is_modal:  # Textual leaves the app's keys out, yet they act
            for binding in self.wizard.BINDINGS:
                if isinstance(binding, Binding) and binding.priority:
                    active.setdefault(binding.key, ActiveBinding(self.app, binding, True, ""))
        return {
            key: found._replace(binding=replace(found.binding, description=self.name_of(found.binding)))
            for key, found in active.items()
        }

    def name_of(self, binding: Binding) -> str:
        """Return what a key does, in the user's language; "" where it has no name."""
        return self.session.texts.key_name(binding.description)

    @on(Mount)
    def begin_quietly(self) -> None:
        """Take away what was said for a moment on another screen."""
        self.wizard.clear_toasts()

    @property
    def mark(self) -> str:
        """The word that must not be missed."""
        return self.wizard.sandbox_mark()

    @on(ScreenResume)
    def mark_anew(self) -> None:
        """Back from another screen: this one may have been drawn while the sandbox was read."""
        for top in self.query(TopLine):
            top.mark = self.mark

    @cached_property
    def drawing(self) -> asyncio.Lock:
        """Held while the screen is composed anew: for a moment its widgets are not there. Who waits between two looks
        at them holds it too."""
        return asyncio.Lock()

    def retext(self) -> None:
        """Say everything again, in the language of the session."""
        self.is_stale = True
        self.refresh(recompose=True)

    async def recompose(self) -> None:
        """Compose anew; the focus and the place in what is scrolled stay where they were."""
        async with self.drawing:
            chain, focused = self.focus_chain, self.focused
            at = chain.index(focused) if focused in chain else None
            places = {item.id: item.scroll_offset for item in self.query("*") if item.id and item.scroll_offset}
            await super().recompose()
            self.mark_anew()
            self.is_stale = False
        if focused is not None:
            self.call_after_refresh(self._stay, focused.id, at, places)

    def _stay(self, id: str | None, at: int | None, places: dict[str, Offset]) -> None:
        found = self.query(f"#{id}").first() if id and self.query(f"#{id}") else None
        chain = self.focus_chain
        if found is None and at is not None and at < len(chain):
            found = chain[at]
        if found is not None:
            self.set_focus(found, scroll_visible=False)
        for name, (x, y) in places.items():
            for widget in self.query(f"#{name}"):
                widget.scroll_to(x, y, animate=False)

    def copyable(self) -> str | None:
        """Return what `c` copies here when nothing that has the focus offers a value."""
        return None

    def action_copy_value(self) -> None:
        """Copy the value that has the focus, else what the screen is about."""
        widget: Widget | None = self.focused
        text = None
        while text is None and isinstance(widget, Widget) and widget is not self:
            text = getattr(widget, "copyable", None)
            widget = widget.parent if isinstance(widget.parent, Widget) else None
        text = text or self.copyable()
        if text:
            self.wizard.copy(text)


class Page(Speaking[None]):
    """A full screen: `escape` goes back to the one before."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "back"),
        Binding("c", "copy_value", "copy"),
    ]

    def action_leave(self) -> None:
        """Go back."""
        self.app.pop_screen()


class Box(VerticalScroll):
    """What a dialog shows; where it is longer than the screen, the footer names the key for the rest."""

    def on_mount(self) -> None:
        """Follow whether there is more below."""
        for name in ("scroll_y", "virtual_size"):
            self.watch(self, name, self.on_resize, init=False)

    def on_resize(self) -> None:
        """See `on_mount`."""
        if self.is_attached:
            self.screen.refresh_bindings()


class Dialog(Speaking[ScreenResultType], ModalScreen[ScreenResultType]):
    """A question or a page over the screen: `escape` closes it without an answer.

    It has the class `-narrow` or `-low` where the terminal has no room for more than the dialog, `-middle` where it has
    none beside a wide one.
    """

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (81, "-middle"), (113, "-broad")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-low"), (25, "-high")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "close"),
        Binding("pagedown", "more", "more", priority=True),
        Binding("pageup", "less", show=False, priority=True),
    ]

    _late: tuple[ScreenResultType] | None = None

    def give(self, answer: ScreenResultType) -> None:
        """Close with an answer that took time; while another screen is over this one, wait until that is gone."""
        if self.app.screen is self:
            self.dismiss(answer)
        else:
            self._late = (answer,)

    @on(ScreenResume)
    def give_late(self) -> None:
        """See `give`."""
        if self._late is not None and self.app.screen is self:
            self.dismiss(self._late[0])

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Scroll only where there is more: else the keys are those of the field that has the focus."""
        if action not in ("more", "less"):
            return True
        if not self.is_mounted or not self.query(Box):
            return False
        box = self.query_one(Box)
        return box.scroll_y < box.max_scroll_y if action == "more" else box.scroll_y > 0

    def action_more(self) -> None:
        """Show what stands below."""
        self.query_one(Box).scroll_page_down(animate=False)

    def action_less(self) -> None:
        """Show what stands above."""
        self.query_one(Box).scroll_page_up(animate=False)

    def action_leave(self) -> None:
        """Close without an answer."""
        self.dismiss(None)
