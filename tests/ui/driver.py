"""Drives the wizard as a user would: real keys, real screens, the sandbox in this process."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from textual._compositor import Compositor
from textual._context import visible_screen_stack
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input, TextArea

from cogwizard.aws.session import Clients, Settings
from cogwizard.model.case import Case
from cogwizard.model.read import Read, Unread
from cogwizard.text import Texts
from cogwizard.ui.app import CogwizardApp
from cogwizard.ui.journey import Journey
from cogwizard.ui.session import Session

Script = Callable[["Driver"], Awaitable[None]]
PATIENCE = 30.0  # seconds: a slow machine is no defect


class Known:
    """Ports that know the facts of a case already, and nothing else."""

    patience = 30.0
    clients = Clients(Settings())

    def place(self, case: Case) -> Case:
        """Return it as it is."""
        return case

    def answer(self, read: Read) -> object:
        """Nothing more is to be had."""
        return Unread(read, "failed", "NotRecorded")


class Driver:
    """An app under a pilot, and what tests ask of it."""

    def __init__(self, app: CogwizardApp, pilot: Pilot[int]) -> None:
        """Take both."""
        self.app, self.pilot = app, pilot

    async def press(self, *keys: str) -> None:
        """Press keys, and wait until what they did is done."""
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def paste(self, text: str) -> None:
        """Paste as a terminal does."""
        from textual.events import Paste

        target = self.app.screen.focused or self.app.screen
        target.post_message(Paste(text))
        await self.pilot.pause()

    async def until(self, condition: Callable[[], Any], what: str = "") -> None:
        """Wait until a condition holds. Raises AssertionError with the screen when it does not come true."""
        end = asyncio.get_running_loop().time() + PATIENCE
        while not condition():
            assert asyncio.get_running_loop().time() < end, f"never: {what}\n{self.text()}"
            await asyncio.sleep(0.02)  # a pilot's pause would ask each widget each time
        await self.pilot.pause()

    async def judged(self) -> Journey:
        """Wait until the journey on the screen has its verdict, and return it."""
        app = self.app

        def is_done() -> bool:
            screen = app.screen
            return (
                isinstance(screen, Journey)
                and screen.run_now is not None
                and screen.run_now.done
                and (not screen.seen.running)
            )

        await self.until(is_done, "a verdict")
        assert isinstance(app.screen, Journey)
        return app.screen

    def text(self) -> str:
        """Return what stands on the screen, line by line."""
        visible_screen_stack.set(self.app._background_screens)
        strips = self.app.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)

    def freeze(self) -> None:
        """Stop every caret, for a picture."""
        for widget in self.app.screen.query("*"):
            if isinstance(widget, Input | TextArea):
                widget.cursor_blink = False
            if isinstance(widget, TextArea):
                # Its lines are kept by a key that takes a caret at rest for one that has just blinked away.
                widget._line_cache.clear()
                widget.refresh()


def drive(
    script: Script,
    *,
    size: tuple[int, int] = (110, 34),
    lang: str = "en",
    scenario: str | None = None,
    sandbox: bool = False,
    session: Session | None = None,
) -> CogwizardApp:
    """Run a script against the wizard and return the app as it was left. What crashes in the app is raised here."""
    session = session or Session(Texts(lang), Settings(timeout=5.0))
    app = CogwizardApp(session, scenario, sandbox=sandbox or scenario is not None)
    app.animation_level = "none"

    async def run() -> None:
        async with app.run_test(size=size, notifications=True) as pilot:
            await pilot.pause()
            await script(Driver(app, pilot))

    try:
        with _unpainted():
            asyncio.run(run())
    finally:
        session.close()
    return app


@contextmanager
def _unpainted() -> Iterator[None]:
    """Paint nothing on a terminal that nobody sees: that is a third of what a screen costs. `text` draws all anew."""
    painted = Compositor.render_update

    def render_update(
        self: Compositor, full: bool = False, screen_stack: list[Screen[Any]] | None = None, simplify: bool = False
    ) -> Any:
        if full:
            return painted(self, full, screen_stack, simplify)
        self._dirty_regions.clear()
        return None

    with patch.object(Compositor, "render_update", render_update):
        yield
