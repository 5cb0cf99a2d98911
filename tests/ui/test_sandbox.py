"""The sandbox takes the place of the user's AWS and of what they gave, and gives both back as they were."""

import asyncio
import os
import socket
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from cogwizard.aws.session import Settings, SetupError
from cogwizard.model.call import Call
from cogwizard.sandbox import Sandbox
from cogwizard.sandbox.environment import KEYS, REGION
from cogwizard.text import Texts
from cogwizard.ui.given import Given
from cogwizard.ui.home import Home
from cogwizard.ui.journey import Journey
from cogwizard.ui.leave import would_lose
from cogwizard.ui.picking import Picking
from cogwizard.ui.remembered import Remembered
from cogwizard.ui.sandbox import SandboxList
from cogwizard.ui.session import Session
from tests.ui.driver import Driver, drive

NAME = "token-expired"
CALL = Call("GET", "http://127.0.0.1:9/prod/orders")  # reaches nobody
THEIRS = Settings(region="eu-west-1", endpoint_url="http://127.0.0.1:9", timeout=1.0)


def session(lang: str = "en") -> Session:
    """Return a session in which the user has given a call."""
    made = Session(Texts(lang), THEIRS)
    made.given = Given(CALL, token="x.y.z")
    return made


def test_whoever_reads_the_sandbox_has_its_keys_however_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first client of an abandoned run is made when the sandbox is left: no key of the user's goes to its port."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIATHEIRS")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "theirs")
    monkeypatch.setenv("AWS_PROFILE", "ghost")
    made = session()
    made.enter_sandbox(NAME)
    abandoned, url = made.ports, made.settings.endpoint_url
    made.leave_sandbox()
    assert url is not None
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", urlsplit(url).port or 0))
    for service in ("apigateway", "cognito-idp", "sts"):
        client = abandoned.clients.client(service, REGION)
        assert client.meta.endpoint_url == url
        found = client._request_signer._credentials
        assert (found.access_key, found.secret_key, found.token) == (*KEYS, None)


def test_a_run_of_the_users_keeps_their_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What still reads their AWS while the sandbox is open finds their variables; and their clients are kept."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:8")
    made = Session(Texts("en"), Settings(region="eu-west-1"))
    theirs, before = made.ports, dict(os.environ)
    made.enter_sandbox(NAME)
    assert dict(os.environ) == before
    assert made.ports is not theirs
    assert theirs.clients.endpoint("sts", "eu-west-1") == "http://127.0.0.1:8"
    made.leave_sandbox()
    assert made.ports is theirs


def test_what_the_user_gave_is_put_aside() -> None:
    """It comes back as the same objects, and counts as theirs meanwhile; what was given in the sandbox is gone."""
    made = session()
    given, made.saved, made.picking = made.given, Given(CALL), Picking(THEIRS)
    saved, picking = made.saved, made.picking
    for name in (NAME, "healthy-bearer"):  # from one scenario to another too
        made.enter_sandbox(name)
        assert made.given.call not in (None, CALL)
        assert not made.saved
        assert not made.picking
        assert made.own == (given, saved)
        made.given.token, made.saved, made.picking = "sandbox's", made.given, Picking(made.settings)
    made.leave_sandbox()
    assert made.sandbox is None
    assert made.given is given
    assert made.given.token == "x.y.z"
    assert (made.saved, made.picking, made.settings) == (saved, picking, THEIRS)
    assert made.settings is THEIRS  # what was picked is kept by it
    made.leave_sandbox()
    assert made.given is given


def test_in_the_sandbox_what_is_put_aside_can_be_lost() -> None:
    made = session()
    made.enter_sandbox(NAME)
    assert would_lose(made)
    made.leave_sandbox()
    made.saved = Given(CALL, token="x.y.z")
    made.enter_sandbox(NAME)
    assert not would_lose(made)
    made.close()


def test_a_profile_that_is_gone_is_not_looked_for_in_the_sandbox() -> None:
    """A run of before that ends there neither changes what is read, nor is the profile forgotten unseen."""
    made = Session(Texts("en"), Settings(profile="gone"), Remembered(profile="gone"))
    made.profile_is_remembered = True
    made.enter_sandbox(NAME)
    settings, gone = made.settings, SetupError("no-such-profile", {})
    assert not made.fall_back(gone)
    assert made.settings is settings
    made.leave_sandbox()
    assert made.fall_back(gone)
    assert made.settings.profile is None


def test_over_a_journey_and_back() -> None:
    """The user's journey is as it was: their call, their region, no mark of the sandbox, also after reading again."""

    async def script(wizard: Driver) -> None:
        app = wizard.app
        app.action_troubleshoot()
        theirs = await wizard.judged()
        given, mark = app.session.given, app.session.texts.screen("keys", "sandbox mark")
        app.action_open_sandbox(NAME)
        await wizard.until(lambda: isinstance(app.screen, Journey) and app.screen is not theirs, "the scenario")
        await wizard.judged()
        assert app.session.given is not given
        await theirs.update()  # as a late answer of the user's run does
        await wizard.press("v", "escape")
        await wizard.until(lambda: isinstance(app.screen, SandboxList), "the list")
        await wizard.press("escape")
        await wizard.until(lambda: app.screen is theirs, "the user's journey")
        await wizard.until(lambda: mark not in wizard.text() and "eu-west-1" in wizard.text(), "the user's own")
        assert app.session.given is given
        await wizard.press("R")
        await wizard.judged()
        assert theirs.seen.case.call == CALL
        assert app.session.settings is THEIRS

    drive(script, session=session())


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_where_it_cannot_start_it_says_so(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is lost, and the scenario can be chosen again."""
    start = Sandbox.start

    def refuse(_self: Sandbox) -> Any:
        raise OSError(24, "Too many [b]open\x1b files")

    async def script(wizard: Driver) -> None:
        app, given = wizard.app, wizard.app.session.given
        monkeypatch.setattr(Sandbox, "start", refuse)
        app.action_open_sandbox()
        await wizard.pilot.pause()
        await wizard.press("enter")
        told = app.session.texts.screen("sandbox", "cannot start", error="Too many [b]open")[:20]
        await wizard.until(lambda: told in wizard.text(), "that it cannot start")
        assert "Too many [b]open" in wizard.text()
        assert isinstance(app.screen, SandboxList)
        assert app.session.sandbox is None
        assert app.session.given is given
        assert app.session.settings is THEIRS
        monkeypatch.setattr(Sandbox, "start", start)
        await wizard.press("enter")
        await wizard.judged()
        assert app.session.sandbox is not None

    drive(script, session=session(lang))


def test_what_was_begun_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sandbox whose scenario cannot be read serves no longer."""
    stopped: list[Sandbox] = []
    stop = Sandbox.stop

    def fail(*_: object) -> Given:
        raise OSError(24, "Too many open files")

    def watched(sandbox: Sandbox) -> None:
        stopped.append(sandbox)
        stop(sandbox)

    monkeypatch.setattr("cogwizard.ui.session.given_by", fail)
    monkeypatch.setattr(Sandbox, "stop", watched)
    made = session()
    with pytest.raises(OSError, match="Too many"):
        made.enter_sandbox(NAME)
    assert len(stopped) == 1
    assert (made.sandbox, made.settings, made.given.call) == (None, THEIRS, CALL)


def test_left_while_it_starts() -> None:
    """Who leaves the list before the scenario is there stays where they went, with their own."""
    go, begun, entered = threading.Event(), threading.Event(), threading.Event()

    async def happened(condition: Callable[[], bool]) -> None:
        for _ in range(3000):  # no pause of the pilot's: that waits until the list is done
            if condition():
                return
            await asyncio.sleep(0.01)
        raise AssertionError("never")

    async def script(wizard: Driver) -> None:
        app = wizard.app
        given, enter = app.session.given, app.session.enter_sandbox

        def slowly(name: str) -> None:
            begun.set()
            go.wait(30)
            enter(name)
            entered.set()

        app.session.enter_sandbox = slowly  # type: ignore[assignment,method-assign]
        app.action_open_sandbox(NAME)
        await happened(begun.is_set)
        listed = app.screen
        assert isinstance(listed, SandboxList)
        listed.action_leave()
        await happened(lambda: listed not in app.screen_stack)
        go.set()
        await happened(entered.is_set)
        await wizard.until(lambda: app.session.sandbox is None, "it ends")
        assert isinstance(app.screen, Home)
        assert app.session.given is given

    drive(script, session=session())
