"""Dialogs on a small terminal, and what is said for a moment."""

import pytest
from textual.widgets._toast import Toast

from cogwizard.text import LANGUAGES, Texts
from cogwizard.ui.base import Box
from cogwizard.ui.explain import Explain
from cogwizard.ui.give_token import GiveToken
from cogwizard.ui.help import Help
from cogwizard.ui.home import Home
from tests.ui.driver import Driver, drive


def test_on_a_large_terminal_the_screen_below_is_seen() -> None:
    """And follows when the terminal is resized while the dialog is open."""

    async def script(wizard: Driver) -> None:
        await wizard.judged()
        wizard.app.push_screen(GiveToken())
        await wizard.pilot.pause()
        box = wizard.app.screen.query_one(".dialog")
        assert box.region.width < 80
        assert box.region.height < 30
        assert "GET /orders" in wizard.text()
        await wizard.pilot.resize_terminal(80, 24)
        await wizard.until(lambda: box.region == (0, 0, 80, 23), "all of it")
        await wizard.pilot.resize_terminal(120, 40)
        await wizard.until(lambda: box.region.width < 80, "a part of it")

    drive(script, scenario="token-expired", size=(120, 40))


def test_a_wide_dialog_leaves_no_scraps_beside_it() -> None:
    """Where there is no room for more than a few letters beside it, it takes the whole width."""

    async def script(wizard: Driver) -> None:
        wizard.app.action_explain("token-expired")
        await wizard.pilot.pause()
        assert wizard.app.screen.query_one(".dialog").region.width == 110

    drive(script, size=(110, 34))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_stands_below_is_told_and_reached(lang: str) -> None:
    """The footer names the key while there is more, also where a field has the focus; at the end it does not."""
    hint = f"pgdn {Texts(lang).key_name('more')}"

    async def script(wizard: Driver) -> None:
        for dialog in (Explain("token-expired"), GiveToken()):
            wizard.app.push_screen(dialog)
            await wizard.pilot.pause()
            box = dialog.query_one(Box)
            box.scroll_home(animate=False)
            await wizard.pilot.pause()
            assert box.max_scroll_y > 0
            for _ in range(40):
                if box.scroll_y == box.max_scroll_y:
                    break
                assert hint in wizard.text().split("\n")[-1]
                await wizard.press("pagedown")
            assert box.scroll_y == box.max_scroll_y
            await wizard.until(lambda: hint not in wizard.text().split("\n")[-1], "the end")
            await wizard.press("pageup")
            assert box.scroll_y < box.max_scroll_y
            await wizard.press("escape")

    drive(script, lang=lang, size=(80, 12))


def toasts(wizard: Driver) -> list[str]:
    """Return what is said for a moment, on all screens that are open."""
    return [toast._notification.message for screen in wizard.app.screen_stack for toast in screen.query(Toast)]


def test_one_thing_is_said_at_a_time() -> None:
    """What was said before gives way; it stands above the footer, and goes by itself within seconds."""

    async def script(wizard: Driver) -> None:
        await wizard.judged()
        for text in ("one", "two", "three"):
            wizard.app.notify(text)
        await wizard.until(lambda: toasts(wizard) == ["three"], "the last one")
        (toast,) = wizard.app.screen.query(Toast)
        assert toast.region.bottom == 23
        assert toast.region.right >= 78
        assert toast._notification.timeout == 3

    drive(script, scenario="token-expired", size=(80, 24))


@pytest.mark.parametrize("key", ["f1", "ctrl+p", "ctrl+l"])
def test_what_was_said_stands_over_nothing_else(key: str) -> None:
    """It is gone when a dialog or the palette opens, and when the language is another."""

    async def script(wizard: Driver) -> None:
        assert isinstance(wizard.app.screen, Home)
        wizard.app.notify("said")
        await wizard.until(lambda: toasts(wizard) == ["said"], "a toast")
        await wizard.press(key)
        await wizard.until(lambda: toasts(wizard) == [], "nothing")
        if key == "f1":
            assert isinstance(wizard.app.screen, Help)
            await wizard.press("escape")
            await wizard.pilot.pause()
            assert toasts(wizard) == []

    drive(script, size=(80, 24))
