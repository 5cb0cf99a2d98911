"""A token of a sign-in that has run out is refreshed before the call is made again, and only then."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from cogwizard.model.tokens import Tokens
from cogwizard.sandbox.grants import issue
from cogwizard.text import Texts
from cogwizard.ui.given import Given
from cogwizard.ui.journey import Journey
from cogwizard.ui.refresh import NotRefreshed
from cogwizard.ui.session import Session
from tests.ui.driver import Driver, drive
from tests.ui.said import said
from tests.vault.rings import Gate

SCENARIO = "token-expired"
CANARY = "canary-refresh-token"


def signed_in(session: Session, *, age: float, refresh_token: str | None = None) -> Tokens:
    """Return what a sign-in to the scenario's pool gave `age` seconds ago; its tokens live for an hour."""
    assert session.sandbox is not None
    setting = session.sandbox.settings[SCENARIO]
    user = next(iter(setting.pool.users.values()))
    made = issue(setting.world, setting.pool, setting.client, user)
    tokens = Tokens(setting.token(age=age), setting.token("access", age=age), refresh_token or made["refresh_token"])
    session.given.take(tokens.id_token or "", tokens.access_token or "", tokens)
    return tokens


def refreshes(session: Session) -> int:
    """Return how often the sandbox was asked to refresh."""
    assert session.sandbox is not None
    return sum(operation == "InitiateAuth" for _, operation, *_ in session.sandbox.sandbox.requests)


def causes(journey: Journey) -> Any:
    """Return the causes of the judgement on the screen."""
    assert journey.seen.report is not None
    return journey.seen.report["causes"]


@pytest.mark.parametrize("key", ["a", "R", "r"])
def test_a_token_is_refreshed_before_the_call_is_made_again(key: str) -> None:
    """What is diagnosed first is the token that ran out; it is the cause. Then its successor passes."""

    async def script(wizard: Driver) -> None:
        journey, session = await wizard.judged(), wizard.app.session
        before = signed_in(session, age=4000)
        await journey.begin()
        await wizard.until(lambda: journey.run_now and journey.run_now.done, "the first judgement")
        await wizard.judged()
        assert causes(journey) == ["token-expired"]
        assert refreshes(session) == 0
        await wizard.press("v", key)
        await wizard.until(lambda: session.given.token != before.id_token, "another token")
        assert "was refreshed" in wizard.text()
        await wizard.until(lambda: journey.seen.report and not journey.seen.running, "the second judgement")
        await wizard.until(lambda: causes(journey) == [], "no cause")
        after = session.given.signed_in
        assert after is not None
        assert (session.given.token, session.given.other_token) == (after.id_token, after.access_token)
        assert after.refresh_token == before.refresh_token
        assert refreshes(session) == 1
        for token in (before.refresh_token, before.id_token, after.id_token):
            assert str(token) not in wizard.text().replace("\n", "")

    drive(script, scenario=SCENARIO)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_refused_refresh_is_a_finding_and_the_old_token_goes(lang: str) -> None:
    """Closing it makes the call with the token that is at hand."""
    texts = Texts(lang)

    async def script(wizard: Driver) -> None:
        journey, session = await wizard.judged(), wizard.app.session
        before = signed_in(session, age=4000, refresh_token=CANARY)
        await journey.begin()
        await wizard.judged()
        run = journey.run_now
        await wizard.press("a")
        await wizard.until(lambda: isinstance(wizard.app.screen, NotRefreshed), "the finding")
        shown = said(wizard.app.screen)
        assert f"refresh-token-invalid: {texts.title('refresh-token-invalid')}" in shown
        assert texts.screen("refresh", "old stays") in shown
        assert CANARY not in wizard.text() + shown
        assert journey.run_now is run
        await wizard.press("escape")
        await wizard.until(lambda: journey.run_now is not run, "another run")
        await wizard.judged()
        assert causes(journey) == ["token-expired"]
        assert session.given.token == before.id_token
        assert session.given.signed_in is before

    drive(script, scenario=SCENARIO, lang=lang)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda session: signed_in(session, age=10), id="a token that lives"),
        pytest.param(
            lambda session: session.given.take(signed_in(session, age=4000).id_token or ""), id="given by hand"
        ),
        pytest.param(lambda session: session.given.take("other", "", signed_in(session, age=4000)), id="another token"),
    ],
)
def test_any_other_token_is_sent_as_it_is(change: Callable[[Session], object]) -> None:
    async def script(wizard: Driver) -> None:
        journey, session = await wizard.judged(), wizard.app.session
        change(session)
        await journey.begin()
        await wizard.judged()
        token, run = session.given.token, journey.run_now
        await wizard.press("a")
        assert journey.run_now is not run
        await wizard.judged()
        assert session.given.token == token
        assert refreshes(session) == 0

    drive(script, scenario=SCENARIO)


def test_a_press_too_many_sends_the_refresh_token_once() -> None:
    async def script(wizard: Driver) -> None:
        journey, session = await wizard.judged(), wizard.app.session
        before = signed_in(session, age=4000)
        await journey.begin()
        await wizard.judged()
        await wizard.pilot.press("a", "a", "R")
        await wizard.until(lambda: session.given.token != before.id_token, "another token")
        await wizard.until(lambda: not journey.is_refreshing and not journey.seen.running, "the end")
        assert refreshes(session) == 1

    drive(script, scenario=SCENARIO)


def test_tokens_that_come_while_the_sandbox_is_read_are_the_users(monkeypatch: pytest.MonkeyPatch) -> None:
    """The refresh token may be good for one use. The call is not made: another one is on the screen."""
    gate = Gate()

    async def script(wizard: Driver) -> None:
        journey, session = await wizard.judged(), wizard.app.session
        before = signed_in(session, age=4000)
        own, after = session.given, replace(before, id_token="new.id.token")

        def renew(*_: object) -> object:
            gate.wait()
            return SimpleNamespace(tokens=after)

        monkeypatch.setattr("cogwizard.renewal.renew", renew)
        await journey.begin()
        await wizard.judged()
        run = journey.run_now
        await wizard.press("R")
        await wizard.until(gate.reached.is_set, "the refresh")
        aside = session._aside
        assert aside is not None
        session._aside, session.given = aside._replace(given=own), Given()
        gate.open()
        await wizard.until(lambda: not journey.is_refreshing, "the tokens")
        await wizard.until(lambda: own.signed_in is after, "that they are kept")
        assert own.token == "new.id.token"
        assert session.given == Given()
        assert journey.run_now is run

    try:
        drive(script, scenario=SCENARIO)
    finally:
        gate.open()
