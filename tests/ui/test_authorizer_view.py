"""The authorizer screen: pools beside the issuer, both views, the test mode."""

from typing import Literal

import pytest
from textual.widgets import Button

from cogwizard.model.read import Unread
from cogwizard.model.read_api import AuthorizerTest, TestInvokeAuthorizer
from cogwizard.text import Texts
from cogwizard.ui.views.authorizer_rows import test_result as result_of
from cogwizard.ui.views.authorizer_rows import was_sent
from tests.ui.driver import Driver, drive
from tests.ui.said import said


def say(key: str, **params: object) -> str:
    return Texts("en").screen("authorizer", key, **params)


@pytest.mark.parametrize(
    ("scenario", "lang", "words"),
    [
        ("wrong-pool", "en", ("✗ ap-northeast-1_", "another pool", "shop", "refuses this token (clientStatus 401)")),
        ("wrong-pool", "ja", ("別のプール", "拒否します（clientStatus 401）", "サンドボックスに送信しました")),
        ("pool-not-found-one-of-two", "en", ("the same pool", "- ap-northeast-1_", "another pool")),
        ("healthy-stage-variable", "en", ("the same pool", "${stageVariables", "accepts this token (clientStatus 0)")),
        ("stage-variable-unset", "en", ("! not known", "is not set on the stage prod")),
        ("permission-missing", "en", ("it does not take access tokens", "could not be read (see Deployment)")),
        ("header-not-sent", "en", ("nothing to compare with", "there is no token. g gives one.")),
        ("changes-not-deployed-pool", "en", ("accepts this token", "GetExport (deployed)")),
        ("never-deployed", "en", ("Nothing is deployed to this stage",)),
    ],
)
def test_pools_and_test_mode(scenario: str, lang: str, words: tuple[str, ...]) -> None:
    """What is configured stands beside what the token says; the test says what it saw, or why it was not run."""

    async def script(wizard: Driver) -> None:
        journey = await wizard.judged()
        await wizard.press("3")
        text = said(journey.view)
        assert [word for word in words if word not in text] == []
        assert "123456789012" not in text

    drive(script, scenario=scenario, lang=lang, size=(120, 80))


def test_the_test_mode_is_run_again() -> None:
    """`t` asks API Gateway once more for the test, and for nothing else."""

    async def script(wizard: Driver) -> None:
        journey = await wizard.judged()
        await wizard.press("3")
        before = journey.run_now
        assert str(journey.query_one("#run-test", Button).label) == "Run again (t)"
        assert "It was run with this diagnosis: it sent this ID token to the sandbox" in said(journey.view)
        await wizard.press("t")
        journey = await wizard.judged()
        assert journey.run_now is not before
        assert [state.read.operation for state in journey.seen.reads] == ["TestInvokeAuthorizer"]

    drive(script, scenario="wrong-pool", size=(80, 24))


def test_a_log_that_repeats_the_token_is_shown_without_it() -> None:
    token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"
    read = TestInvokeAuthorizer("eu-west-1", "a1", "b2", "Authorization", token)
    log = f"one {token}\ntwo\r\n\x1b[31m 123456789012 [bold]three"
    verdict, sentence, shown = result_of(read, AuthorizerTest(401, log), False, say)
    assert verdict == "warn"
    assert "clientStatus 401" in sentence
    assert shown.split("\n") == ["one [token]", "two", "\\x1b[31m ********9012 [bold]three"]


@pytest.mark.parametrize(
    ("reason", "sent", "named"), [("denied", True, True), ("credentials", False, False), ("unreachable", False, False)]
)
def test_a_test_without_an_answer(
    reason: Literal["denied", "credentials", "unreachable"], sent: bool, named: bool
) -> None:
    """A permission is named where it is what is missing; that the token was sent is said only where it was."""
    read = TestInvokeAuthorizer("eu-west-1", "a1", "b2", "Authorization", "x")
    value = Unread(read, reason, "Error")
    assert was_sent(value) is sent
    assert not was_sent(None)
    _, sentence, _ = result_of(read, value, False, say)
    assert ("It needs apigateway:POST" in sentence) is named
