"""The fingerprint table of the research (2.2), read back."""

import pytest

from cogwizard.gateway import GATES, REFUSALS, before, explains, order, read_answer, status_of
from cogwizard.model.answer import Answer
from cogwizard.model.code import CODES

IDS = (("x-amzn-RequestId", "1"), ("x-amz-apigw-id", "a="))
HASHED = "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 ...): 'x='."


def answer(status: int, body: str, error: str | None = None, *headers: tuple[str, str]) -> Answer:
    typed = (("x-amzn-ErrorType", error),) if error else ()
    return Answer(status, (*typed, *headers), body)


@pytest.mark.parametrize(
    ("given", "gates", "likeliest", "proves"),
    [
        (answer(401, '{"message":"Unauthorized"}', "UnauthorizedException"), ("authorizer",), None, None),
        (answer(403, '{"any":"thing"}', "UnauthorizedException"), ("authorizer",), None, None),
        (
            answer(401, '{"message":"The incoming token has expired"}', "UnauthorizedException"),
            ("authorizer",),
            "token-expired",
            "token-expired",
        ),
        (
            answer(403, '{"message":"Missing Authentication Token"}', "MissingAuthenticationTokenException"),
            ("route", "authorizer"),
            "route-not-matched",
            None,
        ),
        (
            answer(403, f'{{"message":"{HASHED}"}}', "IncompleteSignatureException"),
            ("route", "authorizer"),
            "route-not-matched",
            None,
        ),
        (
            answer(
                403,
                '{"Message":"User: anonymous is not authorized to perform: execute-api:Invoke on resource: x"}',
                "AccessDeniedException",
            ),
            ("policy",),
            "resource-policy-deny",
            "resource-policy-deny",
        ),
        (
            answer(403, '{"Message":"User is not authorized to access this resource"}', "AccessDeniedException"),
            ("authorizer",),
            "lambda-authorizer",
            "lambda-authorizer",
        ),
        (
            answer(
                403,
                '{"Message":"User: arn:aws:sts::1:assumed-role/r/CognitoIdentityCredentials is not authorized"}',
                "AccessDeniedException",
            ),
            ("authorizer",),
            "identity-pool-role-denied",
            "identity-pool-role-denied",
        ),
        (
            answer(403, '{"message":"Forbidden"}', "ForbiddenException"),
            ("endpoint", "stage", "waf", "api-key"),
            "api-key-required",
            None,
        ),
        (
            answer(500, '{"message":null}', "AuthorizerConfigurationException"),
            ("authorizer",),
            "authorizer-error",
            "authorizer-error",
        ),
        (
            answer(429, '{"message":"Too Many Requests"}', "TooManyRequestsException"),
            ("api-key",),
            "throttled-by-gateway",
            "throttled-by-gateway",
        ),
        (answer(401, '{"detail":"no"}', None, *IDS), ("backend",), "backend-answered", "backend-answered"),
        (answer(200, "{}", None, *IDS), ("backend",), None, None),
        (answer(404, "{}", None, *IDS), ("backend",), None, None),
        (
            answer(401, '{"message":"Unauthorized"}', None, ("apigw-requestid", "a=")),
            ("endpoint",),
            "http-api",
            "http-api",
        ),
        (answer(200, "<html>", None, ("Server", "portal")), ("front",), None, None),
        (answer(403, "<html>", None, ("Server", "CloudFront")), ("front",), None, None),
        (answer(403, "<html>"), ("unknown",), None, None),
        (answer(401, '{"message":"Unauthorized"}'), ("authorizer",), None, None),
    ],
)
def test_read_answer(given: Answer, gates: tuple[str, ...], likeliest: str | None, proves: str | None) -> None:
    seen = read_answer(given)
    assert seen.gates == gates
    assert seen.proves == proves
    if likeliest:
        assert seen.codes[0] == likeliest
        assert explains(likeliest, seen)


def test_error_type_decides_before_body_and_status() -> None:
    seen = read_answer(answer(200, '{"message":"Forbidden"}', "UnauthorizedException:http://internal.amazon.com/"))
    assert seen.error_type == "UnauthorizedException"
    assert seen.gates == ("authorizer",)


def test_a_body_cannot_pass_for_another_gate() -> None:
    echoed = '{"message":"Unauthorized","note":"User: anonymous is not authorized"}'
    assert read_answer(answer(401, echoed, "UnauthorizedException")).gates == ("authorizer",)


def test_every_refusal_is_a_cause_at_a_gate() -> None:
    for code, refusal in REFUSALS.items():
        assert CODES[code].kind in ("cause", "warning")
        assert refusal.gate in GATES
    gates = [GATES.index(REFUSALS[code].gate) for code in REFUSALS]
    assert gates == sorted(gates)


def test_order_inside_the_authorizer_gate() -> None:
    """Interface, section 3: configuration, header, form, regex, issuer, key and signature, times, kind, scopes."""
    wanted = [
        "pool-not-found",
        "header-not-sent",
        "header-malformed",
        "token-malformed",
        "audience-regex-mismatch",
        "wrong-pool",
        "algorithm-not-allowed",
        "signing-key-unknown",
        "signature-invalid",
        "token-expired",
        "access-token-where-id-token-expected",
        "scope-not-in-token",
        "resource-policy-deny",
        "api-key-required",
        "backend-answered",
    ]
    assert sorted(reversed(wanted), key=order) == wanted


def test_before() -> None:
    assert before("route") == {"endpoint", "stage", "waf"}
    assert before("front") == frozenset()


def test_customized_status() -> None:
    assert status_of("wrong-pool", {}) == 401
    assert status_of("wrong-pool", {"UNAUTHORIZED": 403}) == 403
    assert status_of("wrong-pool", {"UNAUTHORIZED": None, "DEFAULT_4XX": 400}) == 401
    assert status_of("wrong-pool", {"DEFAULT_4XX": 400}) == 400
    assert status_of("wrong-stage", {"DEFAULT_4XX": 400}) == 403
    assert status_of("lambda-authorizer", {"UNAUTHORIZED": 403}) is None
