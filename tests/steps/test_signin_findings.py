"""Every refusal of signing in by API: a row of the research, section 7.2, with facts beside it -> the one cause."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogwizard.model.attempt import FLOWS, Attempt, Refusal
from cogwizard.model.client import PoolUser
from cogwizard.model.code import CODES
from cogwizard.steps import signin
from cogwizard.steps.attempt import judge, outcome
from cogwizard.text import LANGUAGES, Texts
from tests.steps.signing import (
    CLIENT,
    CLIENT_ID,
    CONFIDENTIAL,
    DENIED_CLIENT,
    DENIED_POOL,
    DENIED_USER,
    FULL,
    NO_CLIENT,
    NO_USER,
    POOL,
    TOKENS,
    USER,
    attempt,
    fails,
    refused,
    verdicts,
)

NO, BAD, GONE = "NotAuthorizedException", "InvalidParameterException", "ResourceNotFoundException"
WRONG = "Incorrect username or password."
HASH = f"Unable to verify secret hash for client {CLIENT_ID}"
ONLY_SRP = replace(CLIENT, explicit_flows=("ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"))
DISABLED = replace(USER, enabled=False)
RESPOND = "RespondToAuthChallenge"


def user(status: str) -> dict[str, Any]:
    return {"client": CLIENT, "pool": POOL, "user": PoolUser("alice", status, True)}


@pytest.mark.parametrize(
    ("kind", "message", "facts", "cause"),
    [
        # secret hash
        (
            NO,
            f"Client {CLIENT_ID} is configured with secret but SECRET_HASH was not received",
            {},
            "secret-hash-missing proven",
        ),
        (
            NO,
            f"Client {CLIENT_ID} is configured for secret but secret was not received",
            {"client": CONFIDENTIAL},
            "secret-hash-missing proven",
        ),
        (NO, HASH, {}, "secret-hash-missing proven"),
        (NO, HASH, {"secret_sent": True}, "secret-hash-wrong proven"),
        (
            NO,
            HASH,
            {"secret_sent": True, "client": CONFIDENTIAL, "secret_known": False},
            "secret-hash-wrong other-secret",
        ),
        (NO, HASH, {"secret_sent": True, "client": CONFIDENTIAL, "secret_known": True}, "secret-hash-wrong other-name"),
        (
            NO,
            HASH,
            {"secret_sent": True, "client": CONFIDENTIAL, "secret_known": True, "flow": "refresh"},
            "secret-hash-wrong refresh-name",
        ),
        (NO, HASH, {"secret_sent": True, "client": CLIENT}, "secret-hash-superfluous proven"),
        (
            NO,
            f"Client {CLIENT_ID} is not configured for secret but secret hash was received",
            {"secret_sent": True},
            "secret-hash-superfluous proven",
        ),
        (
            NO,
            f"Unable to verify secret for client {CLIENT_ID}",
            {"secret_sent": True, "flow": "refresh"},
            "secret-hash-wrong proven",
        ),
        (
            NO,
            f"Client {CLIENT_ID} is not configured for secret",
            {"secret_sent": True, "flow": "refresh"},
            "secret-hash-superfluous proven",
        ),
        # user and password
        (NO, WRONG, {}, "wrong-credentials proven"),
        (NO, WRONG, FULL, "wrong-credentials password"),
        (NO, WRONG, {**FULL, "user": NO_USER}, "wrong-credentials no-user"),
        (NO, WRONG, {**FULL, "user": DENIED_USER}, "wrong-credentials proven"),
        (NO, WRONG, {**FULL, "user": DISABLED}, "user-disabled hidden"),
        (NO, WRONG, user("RESET_REQUIRED"), "password-reset-required hidden"),
        (NO, WRONG, user("UNCONFIRMED"), "user-not-confirmed hidden"),
        (NO, WRONG, user("FORCE_CHANGE_PASSWORD"), "wrong-credentials temporary"),
        (NO, WRONG, user("EXTERNAL_PROVIDER"), "wrong-credentials federated"),
        (NO, WRONG, user("COMPROMISED"), "wrong-credentials password"),
        ("UserNotFoundException", "User does not exist.", {}, "wrong-credentials no-user"),
        (NO, "Password attempts exceeded", {}, "attempts-exceeded proven"),
        (
            "LimitExceededException",
            "Attempt limit exceeded, please try after some time.",
            {},
            "attempts-exceeded proven",
        ),
        (NO, "User is disabled.", {}, "user-disabled proven"),
        (NO, "User is disabled.", {**FULL, "user": DISABLED}, "user-disabled proven"),
        ("UserNotConfirmedException", "User is not confirmed.", {}, "user-not-confirmed proven"),
        (
            "PasswordResetRequiredException",
            "Password reset required for the user",
            {},
            "password-reset-required proven",
        ),
        (
            NO,
            "Temporary password has expired and must be reset by an administrator.",
            user("FORCE_CHANGE_PASSWORD"),
            "temporary-password-expired proven",
        ),
        # flows
        (BAD, "USER_PASSWORD_AUTH flow not enabled for this client", {}, "auth-flow-not-enabled proven"),
        (
            BAD,
            "USER_PASSWORD_AUTH flow not enabled for this client",
            {"client": ONLY_SRP},
            "auth-flow-not-enabled proven",
        ),
        (
            BAD,
            "USER_PASSWORD_AUTH flow not enabled for this client",
            {"client": CLIENT},
            "auth-flow-not-enabled other-client",
        ),
        (BAD, "USER_SRP_AUTH is not enabled for the client.", {"flow": "srp"}, "auth-flow-not-enabled proven"),
        (
            BAD,
            "Auth flow not enabled for this client",
            {"flow": "admin", "client": CLIENT},
            "auth-flow-not-enabled proven",
        ),
        (BAD, "Initiate Auth method not supported.", {"flow": "admin"}, "auth-flow-not-enabled admin-call"),
        (
            BAD,
            "Auth flow not enabled for this client",
            {"flow": "refresh", "client": replace(CLIENT, rotates_refresh_tokens=True)},
            "auth-flow-not-enabled rotation",
        ),
        # app client
        (GONE, f"User pool client {CLIENT_ID} does not exist.", {}, "client-not-found proven"),
        (GONE, f"User pool client {CLIENT_ID} does not exist.", {"client": NO_CLIENT}, "client-not-found proven"),
        (
            GONE,
            f"User pool client {CLIENT_ID} does not exist.",
            {"user_pool_id": "us-east-1_AbCdEf123"},
            "client-not-found other-region",
        ),
        (
            BAD,
            "1 validation error detected: Value 'x y' at 'clientId' failed to satisfy constraint: y",
            {},
            "client-not-found proven",
        ),
        (GONE, "User pool eu-west-1_AbCdEf123 does not exist.", {"flow": "admin"}, "pool-not-found signin"),
        # refresh
        (NO, "Invalid Refresh Token", {"flow": "refresh"}, "refresh-token-invalid proven"),
        (NO, "Refresh Token has expired", {"flow": "refresh"}, "refresh-token-invalid expired"),
        (NO, "Refresh Token has been revoked", {"flow": "refresh"}, "token-revoked proven"),
        ("RefreshTokenReuseException", "x", {"flow": "refresh"}, "refresh-token-invalid reused"),
        # challenges
        (
            NO,
            "Invalid session for the user, session is expired.",
            {"operation": RESPOND, "client": CLIENT},
            "session-expired proven",
        ),
        (
            NO,
            "Invalid session for the user, session can only be used once.",
            {"operation": RESPOND},
            "session-expired used",
        ),
        (BAD, "Missing required parameter Session", {"operation": RESPOND}, "challenge-not-completed proven"),
        ("CodeMismatchException", "Invalid code received for user", {"operation": RESPOND}, "mfa-code-wrong proven"),
        ("CodeMismatchException", "", {"operation": "VerifySoftwareToken"}, "mfa-code-wrong proven"),
        (
            "EnableSoftwareTokenMFAException",
            "Code mismatch",
            {"operation": "VerifySoftwareToken"},
            "mfa-code-wrong proven",
        ),
        (
            "ExpiredCodeException",
            "Your software token has already been used once.",
            {"operation": RESPOND},
            "mfa-code-wrong used",
        ),
        (
            "InvalidPasswordException",
            "Password did not conform with policy: Password not long enough",
            {"operation": RESPOND, "pool": POOL},
            "password-policy proven",
        ),
        ("PasswordHistoryPolicyViolationException", "x", {"operation": "ChangePassword"}, "password-policy history"),
        # what stands round about
        (
            "UserLambdaValidationException",
            "PreAuthentication failed with error not today.",
            {},
            "trigger-refused proven",
        ),
        (
            "UserLambdaValidationException",
            "PreAuthentication failed with error Incorrect username or password.",
            FULL,
            "trigger-refused proven",
        ),
        ("UnexpectedLambdaException", "x", {}, "trigger-refused proven"),
        ("InvalidLambdaResponseException", "x", {}, "trigger-refused proven"),
        ("ForbiddenException", "Request not allowed due to WAF block.", {}, "waf-block signin"),
        ("ForbiddenException", "", FULL, "waf-block signin"),
        # operations of a signed-in user
        (
            NO,
            "Access Token has been revoked",
            {"operation": "ChangePassword", "tokens": TOKENS},
            "token-revoked proven",
        ),
        (NO, "Access Token has expired", {"operation": "ChangePassword", "tokens": TOKENS}, "token-expired told"),
        (
            NO,
            "Access Token does not have required scopes",
            {"operation": "ChangePassword", "tokens": TOKENS},
            "scope-not-in-token told",
        ),
    ],
)
def test_a_refusal_has_one_cause(kind: str, message: str, facts: dict[str, Any], cause: str) -> None:
    """Research 7.2: the type decides first, the text second, and what was read confirms."""
    made = refused(kind, message, **facts)
    findings = judge(made)
    assert [f"{code} {variant}" for code, variant in fails(findings)] == [cause]
    assert outcome(made, findings) == "fault"
    found = next(item for item in findings if item.verdict == "fail")
    assert any(row.label == "answer" for row in found.evidence)
    assert verdicts(findings).get("answer-not-explained") is None


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("UnsupportedOperationException", "x"),
        ("InvalidUserPoolConfigurationException", "x"),
        ("MFAMethodNotFoundException", "x"),
        ("InternalErrorException", "x"),
        (BAD, "Missing required parameter SRP_A"),
        (BAD, "1 validation error detected: Value '' at 'username' failed to satisfy constraint"),
        (NO, "Something that nobody has seen."),
        ("", ""),
    ],
)
def test_what_nothing_explains_is_said(kind: str, message: str) -> None:
    """Never silent, and never a cause: the answer stands in the finding."""
    made = refused(kind, message, **FULL)
    findings = judge(made)
    assert fails(findings) == []
    assert verdicts(findings)["answer-not-explained"] == "unknown"
    assert outcome(made, findings) == "inconclusive"


def test_a_refusal_proves_what_it_got_past() -> None:
    """Who hears of a wrong password has named the right app client, secret and flow; challenges come later."""
    found = verdicts(judge(refused(NO, WRONG)))
    assert {found[code] for code in ("client-not-found", "secret-hash-missing", "auth-flow-not-enabled")} == {"pass"}
    assert {found[code] for code in ("user-disabled", "user-not-confirmed", "attempts-exceeded")} == {"unknown"}
    assert {found[code] for code in ("mfa-code-wrong", "session-expired", "challenge-not-completed")} == {"skipped"}


def test_what_was_sent_is_known_without_the_app_client() -> None:
    """A secret that went along is not missing, and one that did not is not superfluous."""
    tried: dict[str, Any] = {"client": DENIED_CLIENT, "user": USER}
    sent, bare = (
        verdicts(judge(refused("InternalErrorException", secret_sent=is_sent, **tried))) for is_sent in (True, False)
    )
    assert (sent["secret-hash-missing"], sent["secret-hash-superfluous"]) == ("pass", "unknown")
    assert (bare["secret-hash-superfluous"], bare["secret-hash-wrong"], bare["secret-hash-missing"]) == (
        "pass",
        "skipped",
        "unknown",
    )


def test_what_hides_behind_a_wrong_password_leaves_the_password_open() -> None:
    """Research 7.2 [R] AMP-9399: the password may be right."""
    found = verdicts(judge(refused(NO, WRONG, **{**FULL, "user": DISABLED})))
    assert (found["user-disabled"], found["wrong-credentials"]) == ("fail", "unknown")
    assert (found["user-not-confirmed"], found["password-reset-required"]) == ("pass", "pass")


def test_the_states_of_a_user_are_told_by_the_read() -> None:
    """A confirmed user is neither disabled nor to be reset; a lock is not ruled out by it."""
    found = verdicts(judge(refused(NO, WRONG, **FULL)))
    states = ("user-disabled", "user-not-confirmed", "password-reset-required", "temporary-password-expired")
    assert {found[code] for code in states} == {"pass"}
    assert found["attempts-exceeded"] == "unknown"


def test_a_denied_read_of_the_user_is_named() -> None:
    """A denied read is unknown, never pass, and says which read it was."""
    found = {item.code: item for item in judge(refused(NO, WRONG, **{**FULL, "user": DENIED_USER}))}
    assert found["user-disabled"].verdict == "unknown"
    assert found["user-disabled"].because == (DENIED_USER.read,)
    assert found["permission-missing"].verdict == "unknown"
    assert "AdminGetUser" in found["permission-missing"].params["permissions"]


def test_the_expected_and_the_actual_flows_are_shown() -> None:
    """The proof of a flow that is off is the app client's own list."""
    found = judge(refused(BAD, "USER_PASSWORD_AUTH flow not enabled for this client", client=ONLY_SRP))
    (cause,) = [item for item in found if item.verdict == "fail"]
    rows = [(row.expected, row.actual) for row in cause.evidence if row.label == "authentication flows"]
    assert rows == [("ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH, ALLOW_REFRESH_TOKEN_AUTH")]


def test_what_would_stop_the_next_try_is_a_later_cause() -> None:
    """The first cause explains the answer, the next ones are proven by what was read."""
    made = refused(NO, HASH, client=replace(CONFIDENTIAL, explicit_flows=("ALLOW_USER_SRP_AUTH",)), user=DISABLED)
    assert [code for code, _ in fails(judge(made))] == ["secret-hash-missing", "auth-flow-not-enabled", "user-disabled"]


def test_an_answer_refutes_what_was_read() -> None:
    """Who is told of a wrong password has got past the flow, whatever the app client showed a moment ago."""
    assert fails(judge(refused(NO, WRONG, client=ONLY_SRP, user=USER))) == [("wrong-credentials", "password")]


def test_a_challenge_that_is_not_answered() -> None:
    """7.3 [D]: a challenge is an answer without tokens; the password was accepted."""
    made = attempt(challenge="NEW_PASSWORD_REQUIRED", **FULL)
    findings = judge(made)
    assert fails(findings) == [("challenge-not-completed", "proven")]
    assert verdicts(findings)["wrong-credentials"] == "pass"
    assert verdicts(findings)["password-policy"] == "skipped"


@pytest.mark.parametrize("flow", ["password", "srp", "admin", "refresh"])
def test_tokens_are_healthy(flow: str) -> None:
    """Nothing fails, also where nothing could be read: the tokens settle it."""
    made = attempt(flow, tokens=TOKENS, client=DENIED_CLIENT, pool=DENIED_POOL, user=DENIED_USER)
    findings = judge(made)
    assert set(verdicts(findings).values()) <= {"pass", "skipped"}
    assert outcome(made, findings) == "healthy"


def test_a_flow_that_is_off_is_said_without_being_tried() -> None:
    """The facts alone prove it; what was not asked is unknown, and no secret is missed before anything is sent."""
    made = attempt(client=replace(ONLY_SRP, secret="canary-client-secret"), pool=POOL, user=USER)
    findings = judge(made)
    assert fails(findings) == [("auth-flow-not-enabled", "fail")]
    assert verdicts(findings)["wrong-credentials"] == "unknown"
    assert outcome(attempt(**FULL), judge(attempt(**FULL))) == "inconclusive"


@pytest.mark.parametrize(
    ("reason", "code", "variant"),
    [
        ("denied", "permission-missing", "signin"),
        ("credentials", "aws-credentials", "signin"),
        ("unreachable", "aws-unreachable", "signin"),
        ("malformed", "aws-unreachable", "signin"),
        ("throttled", "throttled", "signin"),
        ("withheld", "aws-unreachable", "withheld"),
        ("failed", "answer-not-explained", "signin"),
    ],
)
def test_what_kept_us_from_asking_is_no_cause(reason: Any, code: str, variant: str) -> None:
    """Codes of the group *us* are unknown, and the run is inconclusive."""
    made = attempt("admin", refusal=Refusal("AdminInitiateAuth", "AccessDeniedException", "x", 400, reason))
    found = {item.code: item for item in judge(made)}
    assert (found[code].verdict, found[code].variant) == ("unknown", variant)
    assert fails(judge(made)) == []
    assert outcome(made, judge(made)) == "inconclusive"


def test_a_denied_admin_flow_names_the_permission() -> None:
    """The permission with the pool's ARN, as IAM wants it."""
    made = attempt("admin", refusal=Refusal("AdminInitiateAuth", "AccessDeniedException", "x", 400, "denied"))
    (found,) = [item for item in judge(made) if item.code == "permission-missing"]
    arn = "arn:aws:cognito-idp:eu-west-1:*:userpool/eu-west-1_AbCdEf123"
    assert found.params["permissions"] == f"cognito-idp:AdminInitiateAuth on {arn}"


def test_a_quota_is_no_fault_of_the_user() -> None:
    """TooManyRequestsException [D], also where nobody marked it as ours."""
    found = verdicts(judge(refused("TooManyRequestsException", "Rate exceeded")))
    assert found["throttled"] == "unknown"
    assert "fail" not in found.values()


@pytest.mark.parametrize("flow", ["password", "srp", "admin"])
def test_a_sign_in_by_api_never_gives_a_custom_scope(flow: str) -> None:
    """6.1 [D] KC-SCOPES: a warning beside tokens that are good for other methods."""
    made = attempt(flow, tokens=TOKENS, wanted="access-token", wanted_scopes=("orders/read",))
    found = {item.code: item for item in judge(made)}["scope-not-in-token"]
    assert (found.verdict, found.variant) == ("warn", "api-never")
    assert outcome(made, judge(made)) == "healthy"
    own = replace(made, wanted_scopes=("aws.cognito.signin.user.admin",))
    assert verdicts(judge(own))["scope-not-in-token"] == "pass"


HOSTILE = st.text(max_size=80) | st.sampled_from(
    [NO, BAD, GONE, WRONG, HASH, "invalid_client", "invalid_grant", "{by}"]
)


@settings(max_examples=150, deadline=None)
@given(
    flow=st.sampled_from(FLOWS),
    operation=st.sampled_from(["InitiateAuth", RESPOND, "authorize", "token", "ChangePassword"]),
    error=HOSTILE,
    message=HOSTILE,
    status=st.sampled_from([0, 200, 302, 400, 401, 403, 405, 429, 500]),
    client=st.sampled_from([None, CLIENT, CONFIDENTIAL, ONLY_SRP, NO_CLIENT, DENIED_CLIENT]),
    person=st.sampled_from([None, USER, DISABLED, NO_USER, DENIED_USER]),
    tokens=st.sampled_from([None, TOKENS]),
)
def test_no_refusal_crashes_or_is_healthy(
    flow: Any, operation: str, error: str, message: str, status: int, client: Any, person: Any, tokens: Any
) -> None:
    """Whatever is refused: findings that both languages can tell, each code once, something said, never healthy."""
    made = attempt(
        flow,
        refusal=Refusal(operation, error, message, status),
        client=client,
        user=person,
        tokens=tokens,
        wanted="id-token",
    )
    findings = judge(made)
    assert outcome(made, findings) != "healthy"
    assert set(verdicts(findings).values()) & {"fail", "unknown"}
    for item in findings:
        for language in LANGUAGES:
            assert Texts(language).summary(item)


def test_every_code_of_the_group_has_its_stage() -> None:
    """A code without one would stand before the firewall, and hide all checks of the user."""
    attempts = [Attempt(flow, "eu-west-1", "4p3a") for flow in ("password", "refresh")]
    staged = {code for attempt in attempts for stage in signin.stages(attempt) for code in stage}
    assert staged >= {code.name for code in CODES.values() if code.group == "signin"}
