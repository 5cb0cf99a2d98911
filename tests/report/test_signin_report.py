"""The report of a sign-in: the members of every report, real ids in the remedies, and no secret anywhere."""

import json
from dataclasses import replace
from typing import Any

import pytest

from cogwizard.model.attempt import Attempt, Refusal
from cogwizard.model.tokens import Tokens
from cogwizard.report import markdown, page, signin, text, verdict
from cogwizard.steps.attempt import judge
from cogwizard.text import LANGUAGES, Texts
from tests.steps.signing import (
    CLIENT,
    CLIENT_ID,
    CONFIDENTIAL,
    DENIED_CLIENT,
    FULL,
    MACHINE,
    POOL,
    POOL_ID,
    TOKENS,
    USER,
    attempt,
    refused,
    refused_at,
)

FLOW_OFF = "USER_PASSWORD_AUTH flow not enabled for this client"
ATTEMPTS: dict[str, Attempt] = {
    "flow off": refused("InvalidParameterException", FLOW_OFF, client=replace(CLIENT, explicit_flows=None), pool=POOL),
    "wrong password": refused("NotAuthorizedException", "Incorrect username or password.", **FULL),
    "denied": refused("NotAuthorizedException", "Incorrect username or password.", client=DENIED_CLIENT, user=USER),
    "challenge": attempt(challenge="SOFTWARE_TOKEN_MFA", **FULL),
    "tokens": attempt("srp", tokens=TOKENS, **FULL),
    "not tried": attempt("admin", **FULL),
    "silent": attempt("srp", refusal=Refusal("InitiateAuth", "ConnectTimeoutError", "", 0, "unreachable"), **FULL),
    "secret": refused_at("token", "invalid_client", client=CONFIDENTIAL, pool=POOL),
    "unknown": refused_at("token", "invalid_client"),
    "redirect": refused_at("authorize", "redirect_mismatch", client=CLIENT, redirect_uri="http://localhost:1/x"),
    "empty": refused_at("token", "", status=405, pool=POOL),
}
MEMBERS = ["schema", "outcome", "causes", "request", "observed", "predicted", "findings", "unread"]


def built(name: str, lang: str = "en") -> dict[str, Any]:
    """Return the report of one of the attempts above."""
    return signin.build(ATTEMPTS[name], judge(ATTEMPTS[name]), Texts(lang))


def commands(report: dict[str, Any], code: str) -> str:
    """Return all commands and snippets of a code's remedies."""
    fixes = next(item for item in report["findings"] if item["code"] == code)["fixes"]
    return "\n".join(fix[form] or "" for fix in fixes for form in ("cli", "terraform", "sam", "cdk"))


@pytest.mark.parametrize("name", ATTEMPTS)
def test_it_has_the_members_of_every_report(name: str) -> None:
    """Interface, section 3: nothing of API Gateway is predicted."""
    report = built(name)
    assert list(report) == MEMBERS
    assert report["schema"] == "cogwizard/report@1"
    assert report["predicted"] == {"deployed": None, "draft": None, "after_fixes": None}
    assert set(report["causes"]) == {item["code"] for item in report["findings"] if item["verdict"] == "fail"}
    assert (report["request"]["method"], report["request"]["client_id"]) in {("POST", CLIENT_ID), ("GET", CLIENT_ID)}
    json.dumps(report)


@pytest.mark.parametrize(
    ("name", "outcome", "causes"),
    [
        ("flow off", "fault", ["auth-flow-not-enabled"]),
        ("wrong password", "fault", ["wrong-credentials"]),
        ("challenge", "fault", ["challenge-not-completed"]),
        ("tokens", "healthy", []),
        ("not tried", "fault", ["auth-flow-not-enabled"]),
        ("secret", "fault", ["client-secret-not-sent"]),
        ("unknown", "inconclusive", []),
        ("empty", "fault", ["token-endpoint-405"]),
    ],
)
def test_outcome_and_causes(name: str, outcome: str, causes: list[str]) -> None:
    """As judged."""
    assert (built(name)["outcome"], built(name)["causes"]) == (outcome, causes)


def test_what_was_asked_and_answered() -> None:
    """The operation or the endpoint, and the answer without a gate."""
    report = built("wrong password")
    assert report["request"]["url"] == "cognito-idp:InitiateAuth"
    assert report["observed"] == {
        "status": 400,
        "error_type": "NotAuthorizedException",
        "message": "Incorrect username or password.",
        "gate": None,
    }
    assert built("secret")["request"]["url"] == "https://orders-pool.auth.eu-west-1.amazoncognito.com/oauth2/token"
    assert built("unknown")["request"]["url"] == "/oauth2/token"
    assert built("tokens")["observed"] is None
    given = signin.build(ATTEMPTS["secret"], [], Texts("en"), "http://127.0.0.1:4566/oauth2/token?client_secret=canary")
    assert given["request"]["url"].startswith("http://127.0.0.1:4566/oauth2/token")
    assert "canary" not in given["request"]["url"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("not tried", "Amazon Cognito was not asked: nothing was sent."),
        ("tokens", "Amazon Cognito issued tokens."),
        ("silent", "Amazon Cognito gave no answer."),
        ("wrong password", 'Amazon Cognito answered 400 NotAuthorizedException "Incorrect username or password.".'),
    ],
)
def test_what_was_not_sent_was_not_left_without_an_answer(name: str, said: str) -> None:
    """A flow that is off is not tried: nobody kept silent."""
    report = built(name)
    assert text.answer_line(report, Texts("en")) == said
    assert report["request"]["tried"] is (name != "not tried")


def test_a_flow_is_switched_on_with_the_whole_list() -> None:
    """7.4 [D]: an update replaces ExplicitAuthFlows; the flows that AWS allows without a list stay on."""
    shown = commands(built("flow off"), "auth-flow-not-enabled")
    whole = '["ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH"]'
    assert f".ExplicitAuthFlows = {whole}' > client.json" in shown
    assert f"explicit_auth_flows = {whole}" in shown
    assert POOL_ID in shown
    assert CLIENT_ID in shown
    assert "<" not in shown.replace("<API", "")


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        (("ADMIN_NO_SRP_AUTH",), {"ADMIN_USER_PASSWORD", "REFRESH_TOKEN", "USER_PASSWORD", "USER_SRP"}),
        (("CUSTOM_AUTH_FLOW_ONLY",), {"CUSTOM", "REFRESH_TOKEN", "USER_PASSWORD"}),
        (("ALLOW_USER_AUTH",), {"USER", "USER_PASSWORD"}),
    ],
)
def test_legacy_names_never_mix_with_newer_ones(held: tuple[str, ...], expected: set[str]) -> None:
    """7.4 [R] CDK-7625: the legacy names become newer ones, with what they allowed unsaid."""
    found = signin.auth_flows_with("password", replace(CLIENT, explicit_flows=held))
    assert set(found) == {f"ALLOW_{name}_AUTH" for name in expected}


def test_without_the_app_client_the_list_is_put_together_when_the_command_runs() -> None:
    """A guess would switch flows off."""
    made = refused("InvalidParameterException", FLOW_OFF)
    shown = commands(signin.build(made, judge(made), Texts("en")), "auth-flow-not-enabled")
    assert ".ExplicitAuthFlows // " in shown


def test_commands_run_in_the_region_of_the_pool() -> None:
    """Where the wrong region was asked, the remedy names the right one."""
    made = refused("ResourceNotFoundException", f"User pool client {CLIENT_ID} does not exist.")
    made = replace(made, user_pool_id="us-east-1_AbCdEf123")
    report = signin.build(made, judge(made), Texts("en"))
    shown = commands(report, "client-not-found")
    assert "--region us-east-1" in shown
    assert "eu-west-1" not in shown


def test_the_callback_url_that_was_sent_is_registered() -> None:
    """Not Postman's."""
    shown = commands(built("redirect"), "redirect-mismatch")
    assert '+ ["http://localhost:1/x"] | unique' in shown
    assert "pstmn" not in shown


def test_only_what_may_be_wrong_has_remedies() -> None:
    """A possible cause has; a check that nobody could make has none."""
    found = {item["code"]: item for item in built("unknown")["findings"]}
    assert found["client-secret-not-sent"]["fixes"]
    assert found["answer-not-explained"]["fixes"]
    assert found["code-invalid"]["fixes"] == []


def test_a_machine_gets_an_app_client_of_its_own() -> None:
    """Switching the grant on beside the others is refused by AWS (7.4 [D]), so that is no remedy."""
    client = replace(MACHINE, grants=("code",))
    made = refused_at("token", "unauthorized_client", flow="client-credentials", client=client, secret_sent=True)
    report = signin.build(made, judge(made), Texts("en"))
    fixes = next(item for item in report["findings"] if item["code"] == "grant-not-enabled")["fixes"]
    assert [fix["title"] for fix in fixes] == ["Make an app client of its own for machines"]


def test_a_denied_read_names_what_it_hides() -> None:
    """The permission, and the codes that it leaves open."""
    made = attempt("password", client=DENIED_CLIENT)
    report = signin.build(made, judge(made), Texts("en"))
    (unread,) = report["unread"]
    assert unread["action"] == "cognito-idp:DescribeUserPoolClient"
    assert unread["permission"].startswith("cognito-idp:DescribeUserPoolClient on arn:aws:cognito-idp:eu-west-1:*:")
    assert "auth-flow-not-enabled" in unread["hides"]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ATTEMPTS)
def test_every_renderer_takes_it(name: str, lang: str) -> None:
    """Text, Markdown, the pages of the steps and of the verdict: the causes are in, API Gateway is not."""
    report, texts = built(name, lang), Texts(lang)
    for shown in (text.render(report, texts, verbose=True), markdown.render(report, texts)):
        assert all(code in shown for code in report["causes"])
        assert "API Gateway answered" not in shown
        assert "canary" not in shown
    steps = {item["step"] for item in report["findings"]}
    assert [page.build(report, step, texts).answer for step in steps]
    assert verdict.headline(report, texts)
    assert verdict.blocks(report, texts)
    assert len(verdict.causes(report, texts)) == len(report["causes"])


def test_no_secret_is_in_any_report() -> None:
    """Client secret, tokens and user name stay out, also where the message repeats a token."""
    access = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJlY2FuYXJ5"
    echo = refused(
        "NotAuthorizedException", f"Invalid Access Token {access}", **FULL, tokens=Tokens(access_token=access)
    )
    made = [*ATTEMPTS.values(), echo, *(replace(item, client=CONFIDENTIAL) for item in ATTEMPTS.values())]
    for item in made:
        report = signin.build(item, judge(item), Texts("en"))
        for shown in (json.dumps(report), repr(judge(item))):
            assert "canary" not in shown
            assert access not in shown
