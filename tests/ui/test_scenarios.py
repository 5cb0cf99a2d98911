"""The scenarios of the sandbox on the wizard's screen: the verdict is the one that is to be found."""

from typing import cast

import pytest
from textual.widgets import OptionList

from cogwizard.ports import Ports
from cogwizard.sandbox.scenarios import SCENARIOS
from cogwizard.text import Texts
from cogwizard.ui.journey import Journey
from cogwizard.ui.sandbox import SandboxList
from tests.scenarios.runner import result
from tests.ui.driver import Driver, Known, drive

NAMES = sorted(SCENARIOS)
# One of those that end alike: what is found of each is the grid's.
ENDS = list({(scenario.causes, scenario.outcome): name for name, scenario in SCENARIOS.items()}.values())
GROUPS = [ENDS[start : start + 16] for start in range(0, len(ENDS), 16)]


def flat(text: str) -> str:
    """Return a screen's text without its line breaks and runs of blanks."""
    return " ".join(text.split())


def check(wizard: Driver, journey: Journey, name: str) -> None:
    """Causes and outcome are exact, and the first cause is named on the verdict's screen."""
    scenario, report = SCENARIOS[name], journey.seen.report
    assert report is not None, name
    assert tuple(report["causes"]) == scenario.causes, name
    assert report["outcome"] == scenario.outcome, name
    shown = flat(wizard.text())
    for code in scenario.causes[:1]:
        assert code in shown, (name, shown)
        assert flat(Texts("en").title(code))[:20] in shown, (name, shown)


@pytest.mark.parametrize("names", GROUPS, ids=lambda names: names[0])
def test_the_verdict_is_on_the_screen(names: list[str]) -> None:
    """Of each end that a scenario has, from the facts that were read of it."""

    async def script(wizard: Driver) -> None:
        journey = await wizard.judged()
        wizard.app.session._ports = cast(Ports, Known())
        await journey.action_verdict()
        for name in names:
            await journey.gather(result(name).case)
            await wizard.judged()
            check(wizard, journey, name)

    drive(script, size=(120, 40), scenario="token-expired")


def test_scenarios_are_picked_from_the_list() -> None:
    """Each is served, read and left again."""

    async def script(wizard: Driver) -> None:
        for name in NAMES[::20]:
            options = wizard.app.screen.query_one(OptionList)
            options.highlighted = options.get_option_index(name)
            await wizard.press("enter")
            journey = await wizard.judged()
            await wizard.press("v")
            check(wizard, journey, name)
            await wizard.press("escape")
            await wizard.until(lambda: isinstance(wizard.app.screen, SandboxList), "the list")
            assert wizard.app.session.sandbox is None

    drive(script, size=(120, 40), sandbox=True)
