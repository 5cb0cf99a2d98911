"""The journey: rail, steps, keys."""

import asyncio

from cogwizard.model.call import Call
from cogwizard.ui.given import Given
from cogwizard.ui.guide import TROUBLESHOOTING, Guide
from cogwizard.ui.home import Home
from cogwizard.ui.journey import Journey
from cogwizard.ui.widgets.rail import Rail
from tests.ui.driver import Driver, drive


def test_a_scenario_is_judged_and_walked() -> None:
    """The rail names the step with the cause; n and p walk; the verdict of the step is said in words."""

    async def script(wizard: Driver) -> None:
        journey = await wizard.judged()
        assert journey.seen.report is not None
        assert journey.seen.report["causes"] == ["token-expired"]
        await wizard.press("n", "n", "n", "n")
        assert "token-expired: The token has expired" in wizard.text()
        assert "SANDBOX" in wizard.text()
        await wizard.press("p")
        assert "Is what you see in the console" in wizard.text()

    drive(script, scenario="token-expired")


def test_leaving_at_once_is_no_crash() -> None:
    """esc before the first step is drawn, and while it is being drawn."""

    async def script(wizard: Driver) -> None:
        for turns in range(6):
            wizard.app.session.given = Given(Call("GET", "http://127.0.0.1:9/prod/orders"))
            wizard.app.action_troubleshoot()
            for _ in range(turns):
                await asyncio.sleep(0)
            wizard.app.simulate_key("escape")
            await wizard.until(lambda: isinstance(wizard.app.screen, Home), "home")

    drive(script)


def test_a_call_that_cannot_be_read_is_told_and_stays() -> None:
    """What is wrong stands on the screen; r tries what was given again and invents no call."""

    async def script(wizard: Driver) -> None:
        wizard.app.session.given = Given(Call("GET", "ftp://host.example/"))
        wizard.app.action_troubleshoot()
        await wizard.until(lambda: isinstance(wizard.app.screen, Journey) and wizard.app.screen.seen.error, "an error")
        journey = wizard.app.screen
        assert isinstance(journey, Journey)
        said = journey.seen.error
        await wizard.press("r")
        assert (journey.run_now, journey.seen.error) == (None, said)
        assert journey.seen.report is None

    drive(script)


def test_a_guide_of_other_steps_is_walked_by_the_same_screen() -> None:
    """Rail, steps and keys are those of the guide that the journey was given."""
    guide = Guide("short", tuple(step for step in TROUBLESHOOTING.steps if step.id in ("token", "scopes")))

    async def script(wizard: Driver) -> None:
        first = await wizard.judged()
        await wizard.app.push_screen(Journey(guide))
        await wizard.until(lambda: wizard.app.screen is not first, "the other journey")
        journey = await wizard.judged()
        assert [stop.verdict for stop in journey.query_one(Rail).stops] == ["fail", "pass"]
        await wizard.press("2")
        assert "Does the method ask for" in wizard.text()
        await wizard.press("3", "n")
        assert journey.at == 1

    drive(script, scenario="token-expired")


def test_esc_meant_to_cancel_does_not_leave() -> None:
    """Right after the last read has ended, esc is taken for the cancel that came too late."""

    async def script(wizard: Driver) -> None:
        journey = await wizard.judged()
        await journey.begin()
        await wizard.judged()
        await wizard.press("escape")
        assert wizard.app.screen is journey
        await wizard.press("n", "escape")
        await wizard.until(lambda: wizard.app.screen is not journey, "left")

    drive(script, scenario="token-expired")
