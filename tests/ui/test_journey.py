"""The journey: rail, steps, keys."""

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
