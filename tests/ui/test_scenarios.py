"""Every scenario of the sandbox through the wizard: the verdict on the screen is the one that is to be found."""

import pytest
from textual.widgets import OptionList

from cogwizard.sandbox.scenarios import SCENARIOS
from cogwizard.text import Texts
from cogwizard.ui.sandbox import SandboxList
from tests.ui.driver import Driver, drive

NAMES = sorted(SCENARIOS)
GROUPS = [NAMES[start : start + 16] for start in range(0, len(NAMES), 16)]


def flat(text: str) -> str:
    """Return a screen's text without its line breaks and runs of blanks."""
    return " ".join(text.split())


@pytest.mark.parametrize("names", GROUPS, ids=lambda names: names[0])
def test_the_verdict_is_on_the_screen(names: list[str]) -> None:
    """Causes and outcome are exact, and the first cause is named on the verdict's screen."""
    texts = Texts("en")

    async def script(wizard: Driver) -> None:
        for name in names:
            options = wizard.app.screen.query_one(OptionList)
            options.highlighted = options.get_option_index(name)
            await wizard.press("enter")
            journey = await wizard.judged()
            await wizard.press("v")
            scenario, report = SCENARIOS[name], journey.seen.report
            assert report is not None, name
            assert tuple(report["causes"]) == scenario.causes, name
            assert report["outcome"] == scenario.outcome, name
            shown = flat(wizard.text())
            for code in scenario.causes[:1]:
                assert code in shown, (name, shown)
                assert flat(texts.title(code))[:20] in shown, (name, shown)
            await wizard.press("escape")
            await wizard.until(lambda: isinstance(wizard.app.screen, SandboxList), "the list")
            assert wizard.app.session.sandbox is None

    drive(script, size=(120, 40), sandbox=True)
