"""Break it: a fault by keys, the 401, its cause found by the troubleshooting, mended, and the 200 again."""

from pathlib import Path

import pytest

from cogwizard.model.answer import Answer
from cogwizard.model.call import Call
from cogwizard.onboarding.faults import FAULTS
from cogwizard.ui.ask import Ask
from cogwizard.ui.given import Given
from cogwizard.ui.onboard.build import BREAK, CALL, DEPLOY, STEPS, Build
from cogwizard.ui.postman.choices import Chooser
from tests.ui.driver import Driver, drive
from tests.ui.onboard_kit import account, does, idle, leaked, opened, walk_of
from tests.ui.said import said

NAMES = [fault.name for fault in FAULTS]


async def pick(wizard: Driver, name: str) -> None:
    """Choose a fault in the list, with real keys."""
    await wizard.press("enter")
    listed = wizard.app.screen.focused
    assert isinstance(listed, Chooser)
    by = NAMES.index(name) - (listed.highlighted or 0)
    await wizard.press(*["down" if by > 0 else "up"] * abs(by), "enter")


def status(build: Build) -> int:
    """Return what the call answered last."""
    assert build.broken is not None
    answer = build.broken[1]
    assert isinstance(answer, Answer)
    return answer.status


@pytest.mark.parametrize("name", ["tampered", "scope", "not-deployed"])
def test_it_is_broken_found_and_mended(name: str, tmp_path: Path) -> None:
    """A change is asked for first; the wizard finds the fault's code; what the user gave stays theirs."""
    fault = FAULTS[NAMES.index(name)]
    with account(tmp_path) as place:
        session = place.session()
        build = place.built(session, DEPLOY)
        given = session.given = Given(Call("GET", "https://example.com/"))

        async def script(wizard: Driver) -> None:
            page = await opened(wizard, build)
            await page.action_step(STEPS.index(BREAK))
            before = place.writes()
            await pick(wizard, name)
            if fault.breaks:
                assert isinstance(wizard.app.screen, Ask)
                assert "apigateway:UpdateMethod" in wizard.text()
                assert place.writes() == before
                await wizard.press("y")
            await idle(wizard)
            assert status(build) == 401
            assert "401" in said(page.view)
            assert page.verdicts()[-1] == "warn"
            assert (place.writes() == before) is not bool(fault.breaks)
            await wizard.press("f")
            journey = await wizard.judged()
            assert journey.main_codes[0] == fault.code
            await wizard.app.pop_screen()
            await wizard.pilot.pause()
            assert walk_of(wizard) is page
            assert session.given is given
            await does(wizard, "m")
            assert status(build) == 200
            assert page.verdicts()[-1] == "pass"
            assert leaked(wizard, build) == []

        drive(script, session=session, size=(80, 24))


def test_nothing_is_broken_without_a_yes(tmp_path: Path) -> None:
    """Before all is built there is nothing to break; a no changes nothing."""
    with account(tmp_path) as place:
        session = place.session()
        build = place.built(session, "onboard_pool")

        async def script(wizard: Driver) -> None:
            page = await opened(wizard, build)
            await page.action_step(STEPS.index(BREAK))
            await wizard.press("enter")
            assert wizard.app.screen is page
            page.view.query_one(Chooser).focus()
            await wizard.press("enter")
            assert wizard.app.screen is page
            await page.action_make_all()
            await wizard.until(lambda: build.is_made(DEPLOY), "all is made")
            await idle(wizard)
            await page.action_step(STEPS.index(BREAK))
            changed = place.writes()
            await pick(wizard, "header-name")
            await wizard.press("n")
            assert walk_of(wizard) is page
            assert (place.writes(), build.broken) == (changed, None)

        drive(script, session=session, size=(80, 24))


def test_a_change_that_is_refused(tmp_path: Path) -> None:
    """It says which permission it needs; the fault that may be made in part can be mended."""
    with account(tmp_path) as place:
        session = place.session()
        build = place.built(session, DEPLOY)

        async def script(wizard: Driver) -> None:
            page = await opened(wizard, build)
            await page.action_step(STEPS.index(BREAK))
            place.sandbox.denied["CreateDeployment"] = "AccessDeniedException"
            await pick(wizard, "scope")
            await wizard.press("y")
            await idle(wizard)
            assert "AccessDeniedException" in said(page.view)
            assert "apigateway:POST on " in said(page.view)
            place.sandbox.denied.clear()
            await does(wizard, "m")
            assert status(build) == 200
            await pick(wizard, "scope")
            await wizard.press("y")
            await idle(wizard)
            assert status(build) == 401
            await does(wizard, "m")
            assert status(build) == 200

        drive(script, session=session, size=(80, 24))


def test_a_first_call_that_fails(tmp_path: Path) -> None:
    """Where the 200 does not come, `f` finds out why, as with any other call."""
    with account(tmp_path) as place:
        session = place.session()
        build = place.built(session, DEPLOY)
        api = next(iter(place.world.apis.values()))
        deployed = api.deployments[api.stages["test"]["deploymentId"]]
        deployed.resources["/"]["POST"]["authorizationScopes"] = ["crew/read"]

        async def script(wizard: Driver) -> None:
            page = await opened(wizard, build)
            await page.action_step(STEPS.index(CALL))
            await does(wizard, "enter")
            assert page.verdicts()[STEPS.index(CALL)] == "fail"
            await wizard.press("f")
            journey = await wizard.judged()
            assert journey.main_codes

        drive(script, session=session, size=(80, 24))
