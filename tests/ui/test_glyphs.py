"""No character on any screen is of two cells in the terminals of Japan and of one elsewhere."""

import unicodedata

import pytest

from cogwizard.ui.guide import TROUBLESHOOTING
from tests.ui.driver import Driver, drive
from tests.ui.screens import each

MARKS = set("✓✗")  # neutral by Unicode, and one cell in every terminal


def doubtful(text: str) -> set[str]:
    """Return the characters of ambiguous width, and emoji, with their names."""
    return {
        f"U+{ord(char):04X} {unicodedata.name(char, '?')}"
        for char in set(text) - MARKS
        if unicodedata.east_asian_width(char) == "A" or unicodedata.category(char) == "So"
    }


def test_doubtful_characters_are_found() -> None:
    """The measure of the other test is right."""
    assert len(doubtful("│─…→·“●▁🔎")) == 9
    assert doubtful("abc 日本語（）、。✓✗!?-~ ｱ") == set()


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_every_screen_has_characters_of_one_width(lang: str) -> None:
    """All steps and dialogs; the palette with what it says when it finds nothing, and a toast."""

    async def script(wizard: Driver) -> None:
        async for name in each(wizard):
            assert doubtful(wizard.text()) == set(), name
        await wizard.press("ctrl+p")
        await wizard.until(lambda: "ctrl+l" in wizard.text(), "commands")
        assert doubtful(wizard.text()) == set(), "palette"
        await wizard.press(*"zzzz")
        nothing = wizard.app.session.texts.screen("keys", "palette nothing")
        await wizard.until(lambda: nothing in wizard.text(), "nothing found")
        assert doubtful(wizard.text()) == set(), "palette without a hit"
        await wizard.press("escape", "escape")
        for severity in ("information", "warning", "error"):
            wizard.app.notify(f"toast {severity}", title="title", severity=severity)
            await wizard.until(lambda: f"toast {severity}" in wizard.text(), "a toast")  # noqa: B023
            assert doubtful(wizard.text()) == set(), "toast"

    drive(script, scenario="token-expired", lang=lang, size=(80, 24))


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("scenario", ["permission-missing", "changes-not-deployed"])
def test_every_step_has_characters_of_one_width(scenario: str, lang: str) -> None:
    """Of what cannot be known, and of a draft that differs from what is deployed."""

    async def script(wizard: Driver) -> None:
        journey = await wizard.judged()
        for at, step in enumerate(TROUBLESHOOTING.screens):
            await journey.action_step(at)
            await wizard.pilot.pause()
            assert doubtful(wizard.text()) == set(), step

    drive(script, scenario=scenario, lang=lang, size=(100, 60))
