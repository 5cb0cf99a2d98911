"""The walk-through with real keys on the sandbox: the first 200, every screen, refusals, stopping and going on."""

import asyncio
import threading
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from cogwizard.model.answer import Answer
from cogwizard.onboarding.first_call import greets
from cogwizard.onboarding.journal import Journal
from cogwizard.onboarding.look import Seen
from cogwizard.text import LANGUAGES, Texts
from cogwizard.ui.ask import Ask
from cogwizard.ui.home import Home
from cogwizard.ui.keep import Keep
from cogwizard.ui.onboard.build import CALL, DEPLOY, STEPS, TEST, State
from cogwizard.ui.onboard.password import NewPassword
from cogwizard.ui.onboard.removal import TearDown
from cogwizard.ui.onboard.start import Start
from cogwizard.ui.onboard.walk import Walk
from cogwizard.ui.widgets.mend import MendBox
from cogwizard.vault import Held
from tests.ui.driver import Driver, drive
from tests.ui.onboard_kit import account, at_start, at_walk, does, idle, leaked, opened, walk_of
from tests.ui.said import said
from tests.ui.screens import doubtful

MOST_PRESSES = 25


def test_the_first_200_takes_few_presses(monkeypatch: pytest.MonkeyPatch) -> None:
    """From the home screen, in the sandbox, by keys alone; then it can be left, and the sandbox is gone."""
    presses: list[str] = []
    press = Pilot.press

    async def counted(pilot: Pilot[int], *keys: str) -> None:
        presses.extend(keys)
        await press(pilot, *keys)

    monkeypatch.setattr(Pilot, "press", counted)

    async def script(wizard: Driver) -> None:
        await wizard.press("escape", "2")
        await at_start(wizard)
        await wizard.press("f6")
        await at_start(wizard)
        await wizard.press("enter")
        await at_walk(wizard)
        await wizard.press("enter", "y")
        await idle(wizard)
        await does(wizard, "a")
        assert walk_of(wizard).here == DEPLOY
        await does(wizard, "enter")
        await does(wizard, "enter")
        await does(wizard, "enter")
        page = await does(wizard, "enter")
        assert page.here == CALL
        answer = page.build.walk.shown.answer
        assert isinstance(answer, Answer)
        assert greets(answer)
        assert "200 Hello from Lambda!" in said(page.view)
        assert len(presses) <= MOST_PRESSES
        session, folder = wizard.app.session, wizard.app.session.journals
        assert folder is not None
        assert list(folder.iterdir())
        await wizard.app.action_home()
        await wizard.until(lambda: isinstance(wizard.app.screen, Home), "home")
        assert (session.sandbox, session.build, session.journals) == (None, None, None)
        assert not folder.exists()

    drive(script, size=(80, 24))


def test_every_screen_and_nothing_is_left(tmp_path: Path) -> None:
    """Both halves, step by step with enter; the language changes on the way; no secret is seen; all is taken away."""
    texts = {name: Texts(name) for name in LANGUAGES}
    with account(tmp_path) as place:
        before = place.state()

        async def script(wizard: Driver) -> None:
            await wizard.app.action_onboard()
            await at_start(wizard)
            await wizard.press("enter")
            page = await at_walk(wizard)
            assert place.writes() == []
            spoken = "ja"
            for step in STEPS[:-1]:
                assert page.here == step
                question = texts[spoken].screen("onboard", f"question {step}")
                assert "".join(question.split())[:16] in "".join(wizard.text().split()), step
                await wizard.press("enter")
                if step == STEPS[0]:
                    assert isinstance(wizard.app.screen, Ask)
                    assert "9012" in wizard.text()
                    assert place.world.account_id not in wizard.text()
                    assert place.writes() == []
                    await wizard.press("y")
                    await idle(wizard)
                    continue
                if step == "onboard_pool":
                    await wizard.press("ctrl+l")
                    spoken = "en"
                await idle(wizard)
                assert page.verdicts()[STEPS.index(step)] == "pass", wizard.text()
                assert leaked(wizard, page.build) == [], step
                assert doubtful(wizard.text()) == set(), step
                await does(wizard, "enter")
            assert [state.kind for state in page.build.states.values()] == ["done"] * len(page.build.plan.writes)
            await wizard.press("t")
            await wizard.until(lambda: isinstance(wizard.app.screen, TearDown), "what goes")
            assert place.state() != before
            await wizard.press("right", "enter")
            await wizard.until(lambda: page.build.is_removed, "all is gone")
            await wizard.press("enter")
            await at_start(wizard)
            assert place.state() == before
            assert list(tmp_path.iterdir()) == []

        drive(script, session=place.session("ja"), size=(80, 24))


def test_what_aws_refuses(tmp_path: Path) -> None:
    """The write says error and permission, what was made before is kept; once it is allowed, enter goes on."""
    with account(tmp_path) as place:
        place.sandbox.denied["CreateUserPoolClient"] = "AccessDeniedException"
        session = place.session()
        build = place.built(session)

        async def script(wizard: Driver) -> None:
            page = await opened(wizard, build)
            await wizard.press("a")
            assert isinstance(wizard.app.screen, Ask)
            await wizard.press("n")
            assert place.writes() == []
            await wizard.press("a", "y")
            await idle(wizard)
            assert page.here == "onboard_client"
            told = said(page.view)
            assert "AccessDeniedException" in told
            assert "cognito-idp:CreateUserPoolClient on arn:" in told
            assert page.verdicts()[:5] == ["pass", "pass", "pass", "fail", "waiting"]
            place.sandbox.denied.clear()
            await does(wizard, "enter")
            assert page.verdicts()[3] == "pass"
            assert place.writes().count("CreateUserPool") == 1

        drive(script, session=session, size=(60, 20))


def test_escape_stops_and_enter_goes_on(tmp_path: Path) -> None:
    """While AWS is waited for it says so; nothing is begun after escape; two presses of enter make one run."""
    held = threading.Event()
    with account(tmp_path) as place:
        place.world.role_delay = 1
        session = place.session()
        build = place.built(session)

        def sleep(_seconds: float) -> None:
            held.wait(20)

        build.walk.sleep = sleep

        async def script(wizard: Driver) -> None:
            page = await opened(wizard, build)
            await wizard.press("2", "enter", "y", "enter", "enter")
            await wizard.until(lambda: build.state("function").kind == "retrying", "it is tried again")
            await page.update()
            assert page.session.texts.screen("walkthrough", "state retrying") in said(page.view)
            await wizard.press("escape")
            assert build.is_stopping
            held.set()
            await idle(wizard)
            assert place.writes().count("CreateRole") == 1
            tried = place.writes().count("CreateFunction")
            assert tried <= 2
            assert not build.is_made("onboard_pool")
            page._ended = 0.0
            await does(wizard, "enter")
            assert build.is_made("onboard_function")
            assert place.writes().count("CreateRole") == 1

        drive(script, session=session, size=(80, 24))


def test_hurried_keys(tmp_path: Path) -> None:
    """Presses before anything is drawn or answered make nothing twice, and nothing that was not agreed to."""
    with account(tmp_path) as place:

        async def script(wizard: Driver) -> None:
            await wizard.app.action_onboard()
            await wizard.pilot.press("enter", "enter", "enter", "a", "ctrl+l", "enter", "a", "n", "p")
            await wizard.until(lambda: isinstance(wizard.app.screen, Start | Walk | Ask), "a page")
            await wizard.pilot.pause(0.2)
            if isinstance(wizard.app.screen, Start):  # on a slow machine the fields took the first presses
                await wizard.press("f5")
            await wizard.until(lambda: isinstance(wizard.app.screen, Walk | Ask), "the walk-through")
            assert place.writes() == []
            while isinstance(wizard.app.screen, Ask):
                await wizard.press("escape")
            await at_walk(wizard)
            await wizard.pilot.press("a", "y", "enter", "enter", "a", "ctrl+l", "t", "enter")
            await wizard.until(lambda: isinstance(wizard.app.screen, Walk), "the walk-through")
            await idle(wizard)
            writes = place.writes()
            assert len([name for name in writes if name.startswith("Create")]) == len(
                {(name, str(shown)) for _, name, shown in place.sandbox.requests if name.startswith("Create")}
            )
            assert len(place.world.pools) == len(place.world.apis) == 1

        drive(script, session=place.session(), size=(80, 24))


def test_it_is_left_and_gone_on_with(tmp_path: Path) -> None:
    """The password stays in memory; another process looks at what is there, and sets another password when asked."""
    with account(tmp_path) as place:

        async def first(wizard: Driver) -> None:
            build = place.built(wizard.app.session, DEPLOY)
            await wizard.app.action_onboard()
            await at_start(wizard)
            await wizard.press("enter")
            page = await at_walk(wizard)
            assert page.build is build
            page._ended = 0.0
            await wizard.press("escape")
            await at_start(wizard)
            assert "cogwizard-hello" in "\n".join(note.message for note in wizard.app._notifications)
            await wizard.press("enter")
            assert (await at_walk(wizard)).build.knows_password

        async def second(wizard: Driver) -> None:
            await wizard.app.action_onboard()
            await at_start(wizard)
            await wizard.press("enter")
            page = await at_start(wizard)
            await wizard.until(lambda: "16" in said(page), "what is there already")
            await wizard.press("enter")
            walk = await at_walk(wizard)
            assert walk.verdicts()[: STEPS.index(DEPLOY) + 1] == ["pass"] * (STEPS.index(DEPLOY) + 1)
            await walk.action_step(STEPS.index("onboard_function"))
            assert "Active" in said(walk.view)
            await walk.action_step(STEPS.index(TEST))
            changed = place.writes()
            await wizard.press("enter")
            assert isinstance(wizard.app.screen, Ask)
            assert place.writes() == changed
            await wizard.press("y")
            await wizard.until(lambda: isinstance(wizard.app.screen, Ask), "the consent")
            await wizard.press("y")
            await wizard.until(lambda: walk.verdicts()[STEPS.index(TEST)] == "pass", "signed in")
            assert place.writes() == [*changed, "AdminSetUserPassword"]

        drive(first, session=place.session(), size=(80, 24))
        drive(second, session=place.session(), size=(80, 24))


def test_the_password_is_kept_and_changed(tmp_path: Path) -> None:
    """Into the keyring by `k`; by `w` as the user, asked first, two fields; neither is seen anywhere."""
    new = "Canary-Passw0rd-7"
    with account(tmp_path) as place:
        session = place.session()
        build = place.built(session, DEPLOY)
        build.walk.sign_in()
        user = next(iter(place.world.pools.values())).users["hanako"]

        async def script(wizard: Driver) -> None:
            page = await opened(wizard, build)
            await page.action_step(STEPS.index(CALL))
            await wizard.press("k")
            assert isinstance(wizard.app.screen, Keep)
            await wizard.press("ctrl+s")
            await wizard.until(lambda: wizard.app.screen is page, "kept")
            held = await asyncio.to_thread(session.vault.read, "cogwizard-hello")
            assert isinstance(held, Held)
            assert (held.value, held.entry.kind) == (build.walk.hidden.password, "password")
            await wizard.press("w")
            assert isinstance(wizard.app.screen, Ask)
            await wizard.press("y")
            await wizard.until(lambda: isinstance(wizard.app.screen, NewPassword), "the fields")
            await wizard.press(*new, "tab", *new)
            assert new not in wizard.text()
            await wizard.press("enter")
            dialog = wizard.app.screen
            changed = page.session.texts.screen("signin", "changed")
            await wizard.until(lambda: changed in said(dialog), "changed")
            assert not any(line.value for line in dialog.query(Input))
            assert user.password == new == build.walk.hidden.password
            await wizard.press("escape")
            await does(wizard, "enter")
            assert page.verdicts()[STEPS.index(CALL)] == "pass"
            assert leaked(wizard, build) == []

        drive(script, session=session, size=(80, 24))


def test_what_aws_says_is_inert(tmp_path: Path) -> None:
    """Escapes, bidi characters and tokens in names and errors stand there harmless; nothing in them is markup."""
    evil = "[bold]\x1b[2J\u202eevil eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"
    with account(tmp_path) as place:
        session = place.session()
        build = place.built(session, "onboard_pool")

        async def script(wizard: Driver) -> None:
            build.states["pool"] = State("done", Seen(facts=(("user pool", evil),)), (("sdk is old", evil),))
            page = await opened(wizard, build)
            await page.action_step(STEPS.index("onboard_pool"))
            await page.update()
            shown = said(page.view) + wizard.text()
            assert "[bold]" in shown
            assert "\\x1b" in shown
            assert not {"\x1b", "\u202e"} & set(shown)
            assert "eyJhbGci" not in shown

        drive(script, session=session, size=(80, 24))


def test_the_same_by_other_tools(tmp_path: Path) -> None:
    """The commands have the ids once they are known, the form that was chosen stays, `c` copies it."""
    taken: list[str] = []
    with account(tmp_path) as place:
        session = place.session()
        build = place.built(session)

        async def script(wizard: Driver) -> None:
            wizard.app.copy = taken.append  # type: ignore[method-assign, assignment]
            page = await opened(wizard, build)
            await wizard.press("4", "c")
            assert "aws cognito-idp create-user-pool-client" in taken[-1]
            page.view.query_one(MendBox).focus()
            await wizard.press("right", "c")
            assert 'resource "aws_cognito_user_pool_client"' in taken[-1]
            page.view.focus()
            await wizard.press("enter", "y")
            await idle(wizard)
            page.view.query_one(MendBox).focus()
            await wizard.press("c", "left", "c")
            assert taken[-2] == taken[-3] or 'resource "aws_cognito_user_pool_client"' in taken[-2]
            assert build.walk.values["pool_id"] in taken[-1]

        drive(script, session=session, size=(80, 24))


def test_a_journal_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said before anything is made; nothing is."""
    from cogwizard.onboarding.journal import JournalError

    with account(tmp_path) as place:
        session = place.session()
        build = place.built(session)

        def fails(self: Journal, path: Path, _header: object) -> None:
            raise JournalError("journal-unwritable", path)

        monkeypatch.setattr(Journal, "__init__", fails)

        async def script(wizard: Driver) -> None:
            page = await opened(wizard, build)
            await wizard.press("a", "y")
            await idle(wizard)
            expected = page.session.texts.message("journal-unwritable", {"path": "PATH"}).split("PATH")[0]
            assert expected.strip() in said(page)
            assert place.writes() == []

        drive(script, session=session, size=(80, 24))


def test_what_was_made_and_is_gone(tmp_path: Path) -> None:
    """What somebody took away meanwhile is said to be gone; the rest can still be taken away."""
    with account(tmp_path) as place:
        session = place.session()
        place.built(session, "onboard_pool").walk.close()
        before = place.state()
        place.world.lambda_functions.clear()

        async def script(wizard: Driver) -> None:
            page = await opened(wizard, place.built(session))
            await page.action_step(STEPS.index("onboard_function"))
            assert page.verdicts()[1:3] == ["warn", "pass"]
            assert page.session.texts.screen("walkthrough", "state missing") in said(page.view)
            await wizard.press("t")
            await wizard.until(lambda: isinstance(wizard.app.screen, TearDown), "what goes")
            await wizard.press("right", "enter")
            await wizard.until(lambda: page.build.is_removed, "all is gone")
            assert place.state() != before
            assert not place.world.pools
            assert not place.world.roles

        drive(script, session=session, size=(80, 24))


def test_left_in_the_middle(tmp_path: Path) -> None:
    """Who goes home while something is made loses nothing: the journal has what was made, and it is gone on with."""
    held = threading.Event()
    with account(tmp_path) as place:
        place.world.role_delay = 1
        session = place.session()
        build = place.built(session)

        def sleep(_seconds: float) -> None:
            held.wait(20)

        build.walk.sleep = sleep

        async def script(wizard: Driver) -> None:
            await opened(wizard, build)
            await wizard.press("a", "y")
            await wizard.until(lambda: build.state("function").kind == "retrying", "it is tried again")
            await wizard.app.action_home()
            await wizard.app.action_onboard()
            page = await at_start(wizard)
            await wizard.press("enter")
            walk = walk_of(wizard)
            await wizard.until(lambda: walk._is_open and walk.focused, "the walk-through")
            assert walk.build is build
            assert build.is_busy
            held.set()
            await idle(wizard)
            assert build.is_made(DEPLOY)
            assert page.is_attached

        drive(script, session=session, size=(80, 24))
