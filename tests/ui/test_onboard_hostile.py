"""The walk-through under a hostile AWS and hurried hands: what is not proven is not fine, what goes is listed."""

import threading
from pathlib import Path
from typing import Any

import pytest

from cogwizard.model.answer import Answer
from cogwizard.model.attempt import Refusal
from cogwizard.onboarding.run import Run
from cogwizard.sandbox.server import Dropped
from cogwizard.ui.ask import Ask
from cogwizard.ui.home import Home
from cogwizard.ui.onboard.build import BREAK, CALL, DEPLOY, PASSWORD, SECRET, STEPS, TEST, Build
from cogwizard.ui.onboard.password import NewPassword
from cogwizard.ui.onboard.removal import TearDown
from cogwizard.ui.onboard.secret import lacks_hash
from tests.ui.driver import Driver, drive
from tests.ui.onboard_kit import Account, account, at_start, at_walk, does, idle, leaked, opened, walk_of
from tests.ui.said import said
from tests.ui.test_onboard_break import pick, status


def unanswered(place: Account, lets: Any) -> None:
    """Drop the connection of each request of which `lets` (of its body, bytes) does not hold."""
    server: Any = place.sandbox._server
    answers = type(server).answer

    def answer(request: Any) -> Any:
        if not lets(request):
            raise Dropped
        return answers(server, request)

    server.answer = answer


def proven(place: Account, step: str = SECRET) -> tuple[Any, Build]:
    """Return a session, and a walk-through made up to a step with everything shown to work."""
    session = place.session()
    build = place.built(session, step)
    build.walk.sign_in()
    build.walk.test()
    build.walk.call()
    if step == SECRET:
        build.walk.without_hash()
        build.walk.sign_in_with_secret()
        build.walk.call_with_secret()
    return session, build


@pytest.mark.parametrize("step", [CALL, SECRET])
def test_what_was_proven_goes_with_what_it_rests_on(step: str, tmp_path: Path) -> None:
    """Taken away but for one thing: the wizard lives, nothing is shown as working, making it again is asked for."""
    with account(tmp_path) as place:
        session, build = proven(place)

        async def script(wizard: Driver) -> None:
            page = await opened(wizard, build)
            await page.action_step(STEPS.index(step))
            place.sandbox.denied["DeleteRole"] = "AccessDeniedException"
            await wizard.press("t")
            await wizard.until(lambda: isinstance(wizard.app.screen, TearDown), "what goes")
            await wizard.press("right", "enter")
            await wizard.until(lambda: build.removals and not build.is_busy, "what can be is gone")
            await page.update()
            await wizard.press("enter")
            await idle(wizard)
            assert page.verdicts()[2:] == ["waiting"] * (len(STEPS) - 2)
            changed = place.writes()
            await wizard.press("a")
            assert isinstance(wizard.app.screen, Ask)
            assert place.writes() == changed

        drive(script, session=session, size=(80, 24))


def test_the_last_thing_goes_after_the_dialog_was_left(tmp_path: Path) -> None:
    """Two presses of escape while it is on its way: the walk-through, of which nothing is left, is left."""
    held = threading.Event()
    with account(tmp_path) as place:
        session = place.session()
        build = place.built(session, "onboard_function")

        def lets(request: Any) -> bool:
            if b"Action=DeleteRole&" in request.body:
                held.wait(20)
            return True

        unanswered(place, lets)

        async def script(wizard: Driver) -> None:
            await opened(wizard, build)
            await wizard.press("t")
            await wizard.until(lambda: isinstance(wizard.app.screen, TearDown), "what goes")
            await wizard.press("right", "enter")
            await wizard.until(lambda: "role" in build.removals, "the last one is on its way")
            await wizard.press("escape", "escape")
            assert walk_of(wizard).build is build
            held.set()
            await wizard.until(lambda: isinstance(wizard.app.screen, Home), "it is left")
            assert (build.is_removed, session.build) == (True, None)
            assert list(tmp_path.iterdir()) == []

        drive(script, session=session, size=(80, 24))


def test_what_is_listed_is_what_goes(tmp_path: Path) -> None:
    """What is made while the question stands is in its list, and nothing can be taken away before."""
    held = threading.Event()
    with account(tmp_path) as place:
        session = place.session()
        build = place.built(session)
        build.consent = build.plan.agree()

        def lets(request: Any) -> bool:
            if b"AttachRolePolicy" in request.body:
                held.wait(20)
            return True

        unanswered(place, lets)

        async def script(wizard: Driver) -> None:
            await opened(wizard, build)
            await wizard.press("2", "enter")
            await wizard.until(lambda: build.state("role-policy").kind == "sending", "it is being made")
            dialog = TearDown(build)
            await wizard.app.push_screen(dialog)
            await wizard.until(lambda: not dialog.query_one("#remove").display, "nothing can be taken away")
            held.set()
            await wizard.until(lambda: dialog.query_one("#remove").display, "it can")
            assert "lambda:DeleteFunction" in said(dialog)
            assert not any(name.startswith("Delete") for name in place.writes())

        drive(script, session=session, size=(80, 24))


def test_no_answer_is_no_refusal(tmp_path: Path) -> None:
    """The second half is proven by a sign-in that is refused for its SECRET_HASH, not by a lost connection."""
    assert lacks_hash(("NotAuthorizedException", "Client x is configured with secret but SECRET_HASH was not received"))
    assert not lacks_hash(("NotAuthorizedException", "Incorrect username or password."))
    assert not lacks_hash(("TooManyRequestsException", "Rate exceeded for SECRET_HASH"))
    with account(tmp_path) as place:
        session, build = proven(place, DEPLOY)
        unanswered(place, lambda request: b"AuthParameters" not in request.body or b"SECRET_HASH" in request.body)

        async def script(wizard: Driver) -> None:
            page = await opened(wizard, build)
            await page.action_step(STEPS.index(SECRET))
            await does(wizard, "enter")
            assert isinstance(build.walk.shown.secret_answer, Answer)
            assert page.verdicts()[STEPS.index(SECRET)] == "unknown"
            without = page.session.texts.screen("onboard", "refused without hash")
            assert without not in said(page.view)
            unanswered(place, lambda _: True)
            await does(wizard, "enter")
            assert page.verdicts()[STEPS.index(SECRET)] == "pass"
            assert without in said(page.view)
            assert leaked(wizard, build) == []

        drive(script, session=session, size=(80, 24))


def test_half_a_fault_and_a_mending_without_an_answer(tmp_path: Path) -> None:
    """A fault that was made in part can be mended; it is mended when the call says so."""
    with account(tmp_path) as place:
        session, build = proven(place, DEPLOY)

        async def script(wizard: Driver) -> None:
            page = await opened(wizard, build)
            await page.action_step(STEPS.index(BREAK))
            place.sandbox.denied["CreateDeployment"] = "AccessDeniedException"
            await pick(wizard, "scope")
            await wizard.press("y")
            await idle(wizard)
            assert page.verdicts()[-1] == "warn"
            place.sandbox.denied.clear()
            place.sandbox.denied["Invoke"] = "drop"
            await does(wizard, "m")
            assert page.verdicts()[-1] == "unknown"
            place.sandbox.denied.clear()
            await does(wizard, "enter")
            assert status(build) == 200
            assert page.verdicts()[-1] == "pass"

        drive(script, session=session, size=(80, 24))


def test_a_token_that_ran_out(tmp_path: Path) -> None:
    """After a 401 the same token is not sent again: the user is signed in anew."""
    with account(tmp_path) as place:
        session = place.session()
        build = place.built(session, DEPLOY)
        build.walk.sign_in()

        async def script(wizard: Driver) -> None:
            page = await opened(wizard, build)
            await page.action_step(STEPS.index(CALL))
            place.world.clock_offset = 4000  # beyond the hour that tokens live
            await does(wizard, "enter")
            assert page.verdicts()[STEPS.index(CALL)] == "fail"
            await does(wizard, "enter")
            assert page.verdicts()[STEPS.index(CALL)] == "pass"

        drive(script, session=session, size=(80, 24))


def test_stopped_before_the_password_is_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing was sent, so the password that is there is as it was: what was made stays made."""
    held, make = threading.Event(), Run.set_password

    def late(run: Run) -> Any:
        held.wait(20)
        yield from make(run)

    monkeypatch.setattr(Run, "set_password", late)
    with account(tmp_path) as place:
        session = place.session()
        build = place.built(session, DEPLOY)
        build.knows_password = False

        async def script(wizard: Driver) -> None:
            page = await opened(wizard, build)
            await page.action_step(STEPS.index(TEST))
            changed = place.writes()
            await wizard.press("enter", "y", "escape")
            assert build.is_stopping
            held.set()
            await idle(wizard)
            assert place.writes() == changed
            assert page.verdicts()[STEPS.index(PASSWORD)] == "pass"
            await wizard.press("escape")  # meant to stop it, and too late for that
            assert walk_of(wizard) is page

        drive(script, session=session, size=(80, 24))


def test_what_cannot_be_read_back(tmp_path: Path) -> None:
    """What an earlier process made is not said to be read back when it was not; another's thing is not ours."""
    with account(tmp_path) as place:
        session = place.session()
        place.built(session, "onboard_pool").walk.close()
        pool = next(iter(place.world.pools.values()))
        place.sandbox.denied["GetRole"] = "AccessDenied"

        async def script(wizard: Driver) -> None:
            build = place.built(session)
            page = await opened(wizard, build)
            await page.action_step(STEPS.index("onboard_pool"))
            texts = page.session.texts
            assert page.verdicts()[1:3] == ["unknown"] * 2
            assert texts.screen("walkthrough", "answer unseen") in said(page.view)
            place.sandbox.denied.clear()
            pool.settings["UserPoolTags"] = {"cogwizard:run": "somebody"}
            build.look()
            await idle(wizard)
            assert page.verdicts()[1:3] == ["pass", "warn"]

        drive(script, session=session, size=(80, 24))


def test_a_change_of_the_password_without_an_answer(tmp_path: Path) -> None:
    """Nobody knows whether it was changed, and nothing else is said."""
    new = "Canary-Passw0rd-8"
    with account(tmp_path) as place:
        session, build = proven(place, DEPLOY)
        place.sandbox.denied["ChangePassword"] = "lost"

        async def script(wizard: Driver) -> None:
            page = await opened(wizard, build)
            await page.action_step(STEPS.index(CALL))
            await wizard.press("w", "y")
            await wizard.until(lambda: isinstance(wizard.app.screen, NewPassword), "the fields")
            dialog = wizard.app.screen
            await wizard.press(*new, "tab", *new, "enter")
            unknown = page.session.texts.screen("walkthrough", "change unknown")
            await wizard.until(lambda: unknown in said(dialog), "nobody knows")
            assert new not in wizard.text()
            login = build.walk.shown.login
            assert login is not None
            assert isinstance(login.refusal, Refusal)
            assert login.refusal.reason == "unreachable"

        drive(script, session=session, size=(80, 24))


def test_begun_by_another_process_meanwhile(tmp_path: Path) -> None:
    """What was agreed to is not what is there any more: nothing is made, and from the first page one goes on."""
    with account(tmp_path) as place:
        session = place.session()
        stale = place.built(session)
        place.built(place.session(), "onboard_function").walk.close()
        changed = place.writes()

        async def script(wizard: Driver) -> None:
            await wizard.app.action_onboard()
            await at_start(wizard)
            await wizard.press("enter")
            page = await at_walk(wizard)
            assert page.build is stale
            await wizard.press("a", "y")
            await idle(wizard)
            assert place.writes() == changed
            page._ended = 0.0
            await wizard.press("escape")
            await at_start(wizard)
            await wizard.press("enter")
            assert (await at_walk(wizard)).verdicts()[1] == "pass"

        drive(script, session=session, size=(80, 24))


def test_the_language_changes_while_it_is_asked(tmp_path: Path) -> None:
    """The view that asked is another one then; the yes counts all the same, for the plan and for a fault."""
    with account(tmp_path) as place:
        session = place.session()
        build = place.built(session)

        async def script(wizard: Driver) -> None:
            page = await opened(wizard, build)
            await wizard.press("enter", "ctrl+l", "y")
            await wizard.until(lambda: build.consent and page.here == STEPS[1], "it is agreed to")
            await does(wizard, "a")
            build.walk.sign_in()
            await page.action_step(STEPS.index(BREAK))
            await pick(wizard, "header-name")
            await wizard.until(lambda: isinstance(wizard.app.screen, Ask), "the question")
            await wizard.press("ctrl+l", "y")
            await wizard.until(lambda: build.broken, "it is broken")
            await idle(wizard)
            assert status(build) == 401

        drive(script, session=session, size=(80, 24))


def test_what_is_tried_again_and_again_can_be_stopped(tmp_path: Path) -> None:
    with account(tmp_path) as place:
        session = place.session()
        build = place.built(session, DEPLOY)
        place.sandbox.denied["Invoke"] = "TooManyRequestsException"

        async def script(wizard: Driver) -> None:
            page = await opened(wizard, build)
            await page.action_step(STEPS.index(CALL))
            await wizard.press("enter")
            await wizard.until(lambda: any(name == "Invoke" for _, name, _ in place.sandbox.requests), "it is called")
            await wizard.press("escape")
            await wizard.until(lambda: not build.is_busy, "it has stopped")
            assert build.error is None
            assert page.verdicts()[STEPS.index(CALL)] != "pass"

        drive(script, session=session, size=(80, 24))


def test_left_and_gone_on_while_a_run_is_prepared(tmp_path: Path) -> None:
    """What was left still has the journal for a moment; that is nobody else's run."""
    with account(tmp_path) as place:
        place.built(place.session(), "onboard_function").walk.close()
        session = place.session()

        async def script(wizard: Driver) -> None:
            await wizard.app.action_onboard()
            start = await at_start(wizard)
            await wizard.pilot.press("enter", "escape")
            if wizard.app.screen is not start:
                await wizard.app.action_onboard()
                await at_start(wizard)
            await wizard.press("enter")
            await wizard.until(lambda: session.build is not None or start.asking.seconds is None, "it is prepared")
            await wizard.until(lambda: session.build, "it goes on")

        drive(script, session=session, size=(80, 24))
