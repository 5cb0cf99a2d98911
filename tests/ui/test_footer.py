"""The footer: how to leave first, then what matters most, and a mark where keys are left out."""

import pytest

from cogwizard.report.wrap import width
from cogwizard.text import Texts
from cogwizard.ui.base import Speaking
from cogwizard.ui.guide import TROUBLESHOOTING
from cogwizard.ui.guided import Guided
from cogwizard.ui.help import Help
from cogwizard.ui.home import Home
from cogwizard.ui.widgets.facts import Facts
from cogwizard.ui.widgets.footer import Footer
from tests.ui.driver import Driver, drive
from tests.ui.screens import each


def shown(wizard: Driver) -> list[str]:
    """Return the keys of the footer with their names, as they stand."""
    return [f"{key} {name}".strip() for _, key, name in wizard.app.screen.query_one(Footer)._keys()]


@pytest.mark.parametrize(("lang", "size"), [("en", (80, 24)), ("ja", (80, 24)), ("ja", (120, 40))])
def test_every_screen_names_its_own_keys(lang: str, size: tuple[int, int]) -> None:
    """The way out stands first; help is named always; what is left out is told; nothing is cut."""
    texts = Texts(lang)
    help_key = f"f1 {texts.key_name('help')}"

    async def script(wizard: Driver) -> None:
        async for name in each(wizard, steps=False):
            screen, keys = wizard.app.screen, shown(wizard)
            assert isinstance(screen, Speaking)
            if not isinstance(screen, Home):
                assert keys[0].startswith("esc "), name
            assert help_key in keys, name
            assert sum(width(key) + 2 for key in keys) <= size[0], name
            assert "  ".join(keys) == wizard.text().split("\n")[-1].strip(), name
            named = {item.binding.description for item in screen.active_bindings.values() if item.binding.show}
            left_out = [item for item in named if item and not any(key.endswith(f" {item}") for key in keys)]
            assert ("..." in keys) == bool(left_out), name
            if left_out:
                assert keys.index("...") == keys.index(help_key) - 1, name

    drive(script, scenario="token-expired", lang=lang, size=size)


def test_what_matters_most_is_never_left_out() -> None:
    """At 80 columns: the way out, the step's own keys, the next step; copying where a value has the focus."""

    async def script(wizard: Driver) -> None:
        journey = await wizard.judged()
        await journey.action_step(TROUBLESHOOTING.screens.index("access"))
        await wizard.pilot.pause()
        assert shown(wizard)[:5] == ["esc Back", "o Other profile", "i IAM policy", "n Next", "p Previous"]
        await journey.action_step(TROUBLESHOOTING.screens.index("authorizer"))
        await wizard.pilot.pause()
        assert shown(wizard)[:4] == ["esc Back", "t Test mode", "n Next", "p Previous"]
        await journey.action_step(TROUBLESHOOTING.screens.index("token"))
        await wizard.pilot.pause()
        assert shown(wizard)[:3] == ["esc Back", "n Next", "p Previous"]
        journey.set_focus(journey.view.query(Facts).first())
        await wizard.pilot.pause()
        assert shown(wizard)[:3] == ["esc Back", "c Copy", "n Next"]

    drive(script, scenario="token-expired", size=(80, 24))


def test_a_dialog_names_its_keys_and_not_those_below() -> None:
    """`n` is no there, not the next step."""

    async def script(wizard: Driver) -> None:
        journey = await wizard.judged()
        async for name in each(wizard, steps=False):
            below = {"n Next", "p Previous", "v Verdict"} & set(shown(wizard))
            assert bool(below) is isinstance(wizard.app.screen, Guided), name
            if name == "ask":
                assert shown(wizard)[:3] == ["esc Cancel", "y Yes", "n No"]
            if name == "save":
                assert shown(wizard)[:3] == ["esc Cancel", "ctrl+s Save report", "f2 Format"]
        assert journey is not wizard.app.screen

    drive(script, scenario="token-expired")


def test_while_something_is_read_escape_stops_that() -> None:
    """And says so; afterwards it leads back."""

    async def script(wizard: Driver) -> None:
        journey = await wizard.judged()
        assert shown(wizard)[0] == "esc Back"
        assert journey.run_now is not None
        journey.run_now.done = False
        assert shown(wizard)[0] == "esc Stop reading"
        journey.run_now.done = True
        assert shown(wizard)[0] == "esc Back"

    drive(script, scenario="token-expired")


def test_a_click_presses_a_key() -> None:
    """The mark of what is left out opens the help, which has it."""

    async def script(wizard: Driver) -> None:
        journey = await wizard.judged()
        await journey.action_step(0)
        line = wizard.text().split("\n")[-1]
        await wizard.pilot.click(Footer, offset=(line.index("Next"), 0))
        await wizard.until(lambda: journey.at == 1, "the next step")
        line = wizard.text().split("\n")[-1]
        await wizard.pilot.click(Footer, offset=(line.index("..."), 0))
        await wizard.until(lambda: isinstance(wizard.app.screen, Help), "help")

    drive(script, scenario="token-expired", size=(80, 24))
