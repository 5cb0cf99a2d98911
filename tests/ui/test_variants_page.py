"""Trying variants of the call: asked for first, made once, told without a token."""

import pytest

from cogwizard.text import Texts
from cogwizard.ui.journey import Journey
from cogwizard.ui.variants import TryVariants
from tests.ui.driver import Driver, drive


def says(wizard: Driver) -> str:
    return "".join(wizard.text().split())


def said(lang: str, key: str, **params: object) -> str:
    return "".join(Texts(lang).screen("variants", key, **params).split())


def made(wizard: Driver) -> int:
    """Return how many times the sandbox was called as an API."""
    served = wizard.app.session.sandbox
    assert served is not None
    return sum(operation == "Invoke" for _, operation, _ in served.sandbox.requests)


@pytest.fixture(autouse=True)
def without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cogwizard.ui.variants.PAUSE", 0.0)


def test_the_answers_stand_side_by_side() -> None:
    """Nothing is sent before yes; then each way once, and what that settles. No token is shown but its label."""
    lang = "ja"

    async def script(wizard: Driver) -> None:
        journey = await wizard.judged()
        before, token = made(wizard), journey.seen.case.call.values("authorization")[0].removeprefix("Bearer ")
        await wizard.press("v", "x")
        assert isinstance(wizard.app.screen, TryVariants)
        assert said(lang, "way direct") in says(wizard)
        assert made(wizard) == before
        await wizard.press("enter")
        assert isinstance(wizard.app.screen, Journey)  # the safe answer has the focus
        await wizard.press("x", "y")
        page = wizard.app.screen
        assert isinstance(page, TryVariants)
        await wizard.until(lambda: said(lang, "close") in says(wizard) and page._lessons(), "the answers")
        assert made(wizard) == before + 3
        await wizard.press("y")
        assert made(wizard) == before + 3
        text = page._lessons()
        assert Texts(lang).screen("variants", "lesson direct helps") in text
        assert Texts(lang).screen("variants", "lesson form both refused") in text
        assert token[:40] not in says(wizard)
        await wizard.press("escape")
        assert isinstance(wizard.app.screen, Journey)

    drive(script, scenario="proxy-strips-authorization", lang=lang, size=(80, 24))


def test_what_may_change_data_is_not_offered() -> None:
    """A POST is not tried in variants: that is said, nothing is opened, nothing is sent."""

    async def script(wizard: Driver) -> None:
        await wizard.judged()
        await wizard.press("v")
        assert not wizard.app.screen.query_one("#variants").display
        await wizard.press("x")
        assert isinstance(wizard.app.screen, Journey)
        assert said("en", "unsafe", method="POST")[:25] in says(wizard)
        assert made(wizard) == 0

    drive(script, scenario="healthy-not-replayed", size=(120, 60))


def test_the_other_token_of_the_pair_is_tried_too() -> None:
    """The wrong one of a pair was sent: the other passes, and the page says so."""

    async def script(wizard: Driver) -> None:
        await wizard.judged()
        served = wizard.app.session.sandbox
        assert served is not None
        setting = served.settings["access-token-where-id-token-expected"]
        wizard.app.session.given.other_token = setting.token()
        await wizard.press("x", "y")
        page = wizard.app.screen
        assert isinstance(page, TryVariants)
        await wizard.until(lambda: page._lessons(), "the answers")
        assert "The method takes the other token (id-token " in page._lessons()
        assert setting.token()[:40] not in says(wizard)

    drive(script, scenario="access-token-where-id-token-expected")
