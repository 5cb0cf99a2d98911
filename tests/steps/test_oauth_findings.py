"""Every refusal of the OAuth endpoints: a row of the research, sections 6.5 and 6.6, with facts -> the one cause."""

from dataclasses import replace
from typing import Any

import pytest

from cogwizard.model.attempt import Refusal
from cogwizard.model.pool import Pool
from cogwizard.steps.attempt import judge, outcome
from tests.steps.signing import (
    CALLBACK,
    CLIENT,
    CONFIDENTIAL,
    DENIED_CLIENT,
    DENIED_POOL,
    MACHINE,
    NO_CLIENT,
    POOL,
    POOL_ID,
    TOKENS,
    attempt,
    fails,
    refused_at,
    verdicts,
)

OFF = replace(CLIENT, oauth_enabled=False)
IMPLICIT = replace(CLIENT, grants=("implicit",))
NO_DOMAIN = Pool(POOL_ID)
MIXED = "client-credentials"


@pytest.mark.parametrize(
    ("endpoint", "error", "message", "facts", "cause"),
    [
        # 6.5, authorize
        ("authorize", "invalid_request", "response_type missing", {}, "auth-url-wrong proven"),
        ("authorize", "invalid_request", "code_challenge missing", {}, "pkce-mismatch proven"),
        ("authorize", "invalid_request", "something else", {}, "auth-url-wrong proven"),
        ("authorize", "invalid_request", "PreAuthentication failed with error no.", {}, "trigger-refused proven"),
        ("authorize", "unauthorized_client", "", {"client": OFF}, "oauth-not-enabled fail"),
        ("authorize", "unauthorized_client", "", {"client": IMPLICIT}, "grant-not-enabled fail"),
        ("authorize", "unauthorized_client", "", {"client": CLIENT, "flow": "implicit"}, "grant-not-enabled fail"),
        ("authorize", "invalid_scope", "", {}, "scope-not-allowed proven"),
        ("authorize", "invalid_request", "invalid_scope", {"client": CLIENT}, "scope-not-allowed proven"),
        (
            "authorize",
            "invalid_scope",
            "",
            {"client": CLIENT, "scopes": ("openid", "orders/write")},
            "scope-not-allowed named",
        ),
        ("authorize", "redirect_mismatch", "", {}, "redirect-mismatch proven"),
        (
            "authorize",
            "redirect_mismatch",
            "",
            {"client": CLIENT, "redirect_uri": f"{CALLBACK}/"},
            "redirect-mismatch too-long",
        ),
        (
            "authorize",
            "",
            "Login pages unavailable. Please contact an administrator.",
            {"status": 403},
            "login-page-unavailable proven",
        ),
        # [U] the page for an unknown app client: what was read tells
        (
            "authorize",
            "",
            "An error was encountered with the requested page.",
            {"client": NO_CLIENT},
            "client-id-mismatch not-in-pool",
        ),
        ("authorize", "", "Client is not enabled for OAuth2.0 flows.", {}, "oauth-not-enabled proven"),
        # 6.6, token
        ("token", "invalid_request", "", {}, "token-request-malformed proven"),
        ("token", "invalid_request", "code_verifier missing", {}, "pkce-mismatch proven"),
        ("token", "unsupported_grant_type", "", {}, "token-request-malformed proven"),
        ("token", "invalid_client", "", {"client": CONFIDENTIAL}, "client-secret-not-sent fail"),
        ("token", "invalid_client", "", {"client": CLIENT, "secret_sent": True}, "client-secret-superfluous fail"),
        (
            "token",
            "invalid_client",
            "",
            {"client": CONFIDENTIAL, "secret_sent": True},
            "client-credentials-refused proven",
        ),
        (
            "token",
            "invalid_client",
            "",
            {"client": CONFIDENTIAL, "secret_sent": True, "secret_known": False},
            "client-credentials-refused other-secret",
        ),
        ("token", "invalid_client", "", {"client": MACHINE, "flow": MIXED}, "client-secret-not-sent fail"),
        ("token", "invalid_client", "", {"client": NO_CLIENT}, "client-id-mismatch not-in-pool"),
        (
            "token",
            "invalid_client",
            "",
            {"client": NO_CLIENT, "secret_sent": True, "status": 401},
            "client-id-mismatch not-in-pool",
        ),
        ("token", "invalid_grant", "", {"client": CLIENT}, "code-invalid proven"),
        ("token", "invalid_grant", "code_verifier does not match", {}, "pkce-mismatch proven"),
        ("token", "invalid_grant", "", {"client": OFF}, "oauth-not-enabled fail"),
        ("token", "invalid_grant", "", {"client": replace(CLIENT, scopes=())}, "code-invalid no-scope"),
        ("token", "invalid_grant", "", {"flow": "refresh"}, "refresh-token-invalid proven"),
        ("token", "invalid_grant", "Refresh Token has been revoked", {"flow": "refresh"}, "token-revoked proven"),
        ("token", "unauthorized_client", "", {"client": OFF}, "oauth-not-enabled fail"),
        (
            "token",
            "unauthorized_client",
            "",
            {"client": replace(MACHINE, grants=("code",)), "flow": MIXED, "secret_sent": True},
            "grant-not-enabled machine",
        ),
        (
            "token",
            "unauthorized_client",
            "",
            {"client": CLIENT, "redirect_uri": CALLBACK[:-1]},
            "redirect-mismatch too-short",
        ),
        (
            "token",
            "invalid_scope",
            "",
            {"client": MACHINE, "flow": MIXED, "secret_sent": True, "scopes": ("orders/write",)},
            "scope-not-allowed named",
        ),
        (
            "token",
            "invalid_scope",
            "",
            {
                "client": replace(MACHINE, scopes=("openid", "orders/read")),
                "flow": MIXED,
                "secret_sent": True,
                "scopes": ("openid",),
            },
            "scope-not-allowed machine",
        ),
        ("token", "", "", {"status": 405}, "token-endpoint-405 proven"),
    ],
)
def test_a_refusal_has_one_cause(endpoint: str, error: str, message: str, facts: dict[str, Any], cause: str) -> None:
    """The word, its text, and what was read of the app client; the answer is always among the proofs."""
    made = refused_at(endpoint, error, message, **facts)
    findings = judge(made)
    assert [f"{code} {variant}" for code, variant in fails(findings)] == [cause]
    assert outcome(made, findings) == "fault"
    found = next(item for item in findings if item.verdict == "fail")
    assert any(row.label == "answer" for row in found.evidence)
    assert "answer-not-explained" not in verdicts(findings)


@pytest.mark.parametrize(
    ("endpoint", "error", "facts", "possible"),
    [
        ("token", "invalid_client", {}, {"client-secret-not-sent", "client-id-mismatch"}),
        (
            "token",
            "invalid_client",
            {"client": DENIED_CLIENT, "secret_sent": True},
            {"client-credentials-refused", "client-secret-superfluous", "client-id-mismatch"},
        ),
        ("authorize", "unauthorized_client", {}, {"oauth-not-enabled", "grant-not-enabled"}),
        ("token", "unauthorized_client", {}, {"oauth-not-enabled", "grant-not-enabled", "redirect-mismatch"}),
        ("token", "unauthorized_client", {"flow": "refresh"}, {"oauth-not-enabled"}),
        ("token", "", {"status": 403}, {"waf-block"}),
    ],
)
def test_a_word_that_several_causes_share_decides_nothing(
    endpoint: str, error: str, facts: dict[str, Any], possible: set[str]
) -> None:
    """Without the app client's facts all are possible, none is proven, and the answer is named."""
    made = refused_at(endpoint, error, **facts)
    findings = judge(made)
    assert fails(findings) == []
    assert {item.code for item in findings if item.variant == "possible"} == possible
    assert verdicts(findings)["answer-not-explained"] == "unknown"
    assert outcome(made, findings) == "inconclusive"


@pytest.mark.parametrize(
    ("endpoint", "error", "message", "facts"),
    [
        ("authorize", "server_error", "", {"client": CLIENT}),
        ("authorize", "login_required", "", {"client": CLIENT}),
        ("authorize", "access_denied", "", {"client": CLIENT}),
        ("authorize", "invalid_request", "Timeout occurred in calling IdP token endpoint", {}),
        ("authorize", "invalid_request", "[Corp] Error - 400 error getting token", {}),
        ("authorize", "invalid_request", "Connection reset", {}),
        ("authorize", "invalid_request", "Read timed out", {}),
        ("authorize", "unauthorized_client", "", {"client": CLIENT}),
        ("token", "invalid_client", "", {"client": CLIENT}),
        ("token", "invalid_grant", "", {"flow": MIXED, "client": MACHINE, "secret_sent": True}),
        ("token", "", "refresh this page", {"status": 502}),
    ],
)
def test_what_nothing_explains_is_said(endpoint: str, error: str, message: str, facts: dict[str, Any]) -> None:
    """Another's fault, or an answer that all facts speak against."""
    findings = judge(refused_at(endpoint, error, message, **facts))
    assert fails(findings) == []
    assert verdicts(findings)["answer-not-explained"] == "unknown"


@pytest.mark.parametrize(
    ("sent", "variant", "params"),
    [
        (f"{CALLBACK}/", "too-long", {"rest": "/", "place": "31"}),
        (CALLBACK[:-2], "too-short", {"rest": "ck", "place": "29"}),
        ("https://localhost:9876/callback", "differs", {"mine": "s", "theirs": ":", "place": "5"}),
        ("http://localhost:9877/callback", "differs", {"mine": "7", "theirs": "6", "place": "21"}),
        ("http://localhost:9876/Callback", "differs", {"mine": "C", "theirs": "c", "place": "23"}),
    ],
)
def test_the_first_differing_character_is_shown(sent: str, variant: str, params: dict[str, str]) -> None:
    """6.4 [D]: an exact match; the nearest registered URL is the one compared with."""
    client = replace(CLIENT, callback_urls=("https://app.example.com/cb", CALLBACK))
    made = refused_at("authorize", "redirect_mismatch", client=client, redirect_uri=sent)
    (cause,) = [item for item in judge(made) if item.verdict == "fail"]
    assert (cause.code, cause.variant) == ("redirect-mismatch", variant)
    assert {key: cause.params[key] for key in params} == params
    assert cause.params["registered"] == CALLBACK


def test_a_pool_without_domain() -> None:
    """6.4 [D]: nothing to call; that the endpoint was not asked, or not found, is a consequence."""
    for refusal in (
        None,
        Refusal("token", "no-domain", "", 0, "not-asked"),
        Refusal("token", "NameResolutionError", "x", 0, "unreachable"),
    ):
        findings = judge(attempt("browser", pool=NO_DOMAIN, client=CLIENT, refusal=refusal))
        assert fails(findings) == [("domain-missing", "fail")]
        assert "aws-unreachable" not in verdicts(findings)


def test_a_domain_that_is_not_known() -> None:
    """A denied read of the pool: unknown, with the read that would tell."""
    made = attempt("browser", pool=DENIED_POOL, refusal=Refusal("token", "no-domain", "", 0, "not-asked"))
    found = {item.code: item for item in judge(made)}
    assert (found["domain-missing"].verdict, found["domain-missing"].because) == ("unknown", (DENIED_POOL.read,))
    assert (found["aws-unreachable"].verdict, found["aws-unreachable"].variant) == ("unknown", "no-domain")
    assert fails(list(found.values())) == []


def test_a_refused_code_proves_the_authorize_request() -> None:
    """Who has a code to redeem was let through by the authorize endpoint."""
    found = verdicts(judge(refused_at("token", "invalid_grant")))
    passed = ("redirect-mismatch", "grant-not-enabled", "scope-not-allowed", "client-secret-not-sent")
    assert {found[code] for code in passed} == {"pass"}
    assert found["openid-scope-missing"] == "skipped"


@pytest.mark.parametrize(
    ("flow", "scopes", "tokens", "expected"),
    [
        ("browser", ("orders/read",), replace(TOKENS, id_token=None), "fail"),
        ("browser", ("openid",), TOKENS, "pass"),
        ("browser", ("orders/read",), None, "fail"),
        ("implicit", ("openid",), TOKENS, "pass"),
        (MIXED, (), replace(TOKENS, id_token=None), "fail"),
    ],
)
def test_an_id_token_comes_only_with_openid(flow: str, scopes: tuple[str, ...], tokens: Any, expected: str) -> None:
    """6.1, 6.6 [D], where one is wanted; a machine never gets one."""
    made = attempt(flow, scopes=scopes, tokens=tokens, wanted="id-token")
    findings = judge(made)
    assert verdicts(findings)["openid-scope-missing"] == expected
    assert (outcome(made, findings) == "healthy") is (expected == "pass")
    assert verdicts(judge(replace(made, wanted=None)))["openid-scope-missing"] == "skipped"


@pytest.mark.parametrize(
    ("flow", "client", "scopes", "verdict"),
    [
        ("browser", CLIENT, (), "pass"),
        ("browser", CLIENT, ("openid",), "warn"),
        ("browser", replace(CLIENT, scopes=("openid",)), ("openid", "orders/read"), "warn"),
        ("browser", None, ("orders/read",), "pass"),
        ("browser", None, (), "unknown"),
        (MIXED, MACHINE, (), "pass"),
        ("refresh", CLIENT, (), "skipped"),
    ],
)
def test_what_a_sign_in_can_ever_give(flow: str, client: Any, scopes: tuple[str, ...], verdict: str) -> None:
    """6.1 [D]: requested and allowed; without a request, all that the app client allows."""
    made = attempt(
        flow, client=client, scopes=scopes, tokens=TOKENS, wanted="access-token", wanted_scopes=("orders/read",)
    )
    assert verdicts(judge(made))["scope-not-in-token"] == verdict


@pytest.mark.parametrize("flow", ["browser", "implicit", MIXED])
def test_tokens_are_healthy(flow: str) -> None:
    """Nothing fails where tokens came, whatever could not be read."""
    made = attempt(flow, tokens=TOKENS, client=DENIED_CLIENT, pool=DENIED_POOL)
    findings = judge(made)
    assert set(verdicts(findings).values()) <= {"pass", "skipped"}
    assert outcome(made, findings) == "healthy"


def test_facts_alone_judge_what_was_not_tried() -> None:
    """A grant that is off, a callback URL that is not registered: causes before anything is asked."""
    made = attempt("browser", client=replace(IMPLICIT, callback_urls=()), pool=POOL)
    assert [code for code, _ in fails(judge(made))] == ["redirect-mismatch", "grant-not-enabled"]


def test_what_stopped_nothing_is_no_cause() -> None:
    """The user said no at the login page. The secret that is too much would only stop the next request."""
    said_no = refused_at("authorize", "access_denied", client=CLIENT, pool=POOL, secret_sent=True)
    findings = judge(said_no)
    verdicts = {item.code: item.verdict for item in findings}
    assert verdicts["client-secret-superfluous"] == "warn"
    assert verdicts["answer-not-explained"] == "unknown"
    assert "fail" not in verdicts.values()
    assert outcome(said_no, findings) == "inconclusive"
