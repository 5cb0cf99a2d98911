"""The gates of API Gateway in order, what it answers at each, and how an answer is read back.

One table serves three readers: the diagnosis (order of causes, prediction), the reading of a pasted answer, and the
sandbox (what it answers). Section and case numbers here and elsewhere are those of the project's research notes on
AWS's behaviour; the pages behind them stand in the references of the catalogue. [D] documented, [V] recorded from AWS,
[R] reported, [E] only another implementation believes it, [U] not known.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from cogwizard.model.answer import Answer

Gate = Literal["endpoint", "stage", "waf", "route", "authorizer", "policy", "api-key", "backend"]
ObservedGate = Literal[
    "endpoint", "stage", "waf", "route", "authorizer", "policy", "api-key", "backend", "front", "unknown"
]
GATES: tuple[Gate, ...] = ("endpoint", "stage", "waf", "route", "authorizer", "policy", "api-key", "backend")


@dataclass(frozen=True)
class Refusal:
    """What API Gateway answers for a cause. None: AWS does not say ([U]), and no answer contradicts it."""

    gate: Gate
    status: int | None = None
    error_type: str | None = None
    message: str | None = None


_FORBIDDEN = (403, "ForbiddenException", "Forbidden")
_UNAUTHORIZED = Refusal("authorizer", 401, "UnauthorizedException", "Unauthorized")  # F1 [D]
_NO_ROUTE = (403, "MissingAuthenticationTokenException", "Missing Authentication Token")  # F7, F10 [D]; F8, F9: header

# In the order in which API Gateway meets them: gates after section 0; inside the authorizer gate AWS documents no
# order, ours is that of the interface, section 3.
REFUSALS: dict[str, Refusal] = {
    "private-endpoint": Refusal("endpoint", *_FORBIDDEN),
    "mutual-tls": Refusal("endpoint", *_FORBIDDEN),
    "execute-api-disabled": Refusal("endpoint", *_FORBIDDEN),  # F19 [D]
    "custom-domain-mapping": Refusal("endpoint", *_FORBIDDEN),  # F17 [D]
    "http-api": Refusal("endpoint"),
    "wrong-stage": Refusal("stage", *_FORBIDDEN),  # F16 [D]
    "never-deployed": Refusal("stage", *_FORBIDDEN),
    "waf-block": Refusal("waf", *_FORBIDDEN),  # F13 [D]
    "route-not-matched": Refusal("route", *_NO_ROUTE),
    "method-is-aws-iam": Refusal("authorizer", *_NO_ROUTE),
    "identity-pool-role-denied": Refusal("authorizer", 403, "AccessDeniedException"),
    "lambda-authorizer": Refusal("authorizer"),
    "authorizer-error": Refusal("authorizer", 500, "AuthorizerConfigurationException"),  # F6 [R]
    "authorizer-not-attached": Refusal("authorizer"),  # 1.11: AWS refuses to save it; its answer at run time is [U]
    "wrong-arn-format": _UNAUTHORIZED,
    "stage-variable-unset": _UNAUTHORIZED,
    "pool-not-found": _UNAUTHORIZED,
    "proxy-strips-authorization": Refusal("authorizer"),  # what stands in front may answer anything
    "header-not-sent": _UNAUTHORIZED,
    "header-name-mismatch": _UNAUTHORIZED,
    "header-placeholder": _UNAUTHORIZED,
    "sigv4-header": _UNAUTHORIZED,
    "header-malformed": _UNAUTHORIZED,
    "opaque-token-sent": _UNAUTHORIZED,
    "refresh-token-sent": _UNAUTHORIZED,
    "token-malformed": _UNAUTHORIZED,
    "audience-regex-mismatch": _UNAUTHORIZED,  # 1.3 [D]
    "issuer-not-cognito": _UNAUTHORIZED,
    "wrong-pool": _UNAUTHORIZED,
    "issuer-updated": _UNAUTHORIZED,  # 1.8 [R]
    "algorithm-not-allowed": _UNAUTHORIZED,
    "signing-key-unknown": _UNAUTHORIZED,
    "signature-invalid": _UNAUTHORIZED,
    # F2: body [R], error type [U]
    "token-expired": Refusal("authorizer", 401, "UnauthorizedException", "The incoming token has expired"),
    "token-not-yet-valid": _UNAUTHORIZED,
    "access-token-where-id-token-expected": _UNAUTHORIZED,  # 1.1 [D]
    "id-token-where-access-token-expected": _UNAUTHORIZED,  # 1.1 [D]
    "scope-not-in-token": _UNAUTHORIZED,  # 1.1 [D]: 401, not 403
    "canary-differs": Refusal("authorizer"),
    "resource-policy-deny": Refusal("policy", 403, "AccessDeniedException"),  # F14, F15 [D]
    "api-key-required": Refusal("api-key", *_FORBIDDEN),  # F12 [D]
    "throttled-by-gateway": Refusal("api-key", 429, "TooManyRequestsException", "Too Many Requests"),  # F24 [V]
    "backend-answered": Refusal("backend"),  # F26 [R]
}
# What a browser asks before the call, and what it makes of the answer (interface, section 3). No gates of API Gateway:
# they stop a page, and the same call from elsewhere passes.
BEFORE_THE_CALL = (
    "preflight-missing",
    "preflight-needs-no-auth",
    "preflight-broken",
    "cors-origin-mismatch",
    "cors-header-not-allowed",
)
AFTER_THE_CALL = ("cors-headers-missing", "cors-hides-401")
_ORDER = {code: place for place, code in enumerate((*BEFORE_THE_CALL, *REFUSALS, *AFTER_THE_CALL))}


def order(code: str) -> int:
    """Return the place of a cause: a browser's preflight, API Gateway's order, what a browser does with the answer.

    Codes that stop no call come last.
    """
    return _ORDER.get(code, len(_ORDER))


def gate_of(code: str) -> Gate | None:
    """Return the gate at which a cause stops a call, or None for a code that stops none."""
    refusal = REFUSALS.get(code)
    return refusal.gate if refusal else None


def before(gate: str) -> frozenset[str]:
    """Return the gates before `gate`: an answer from `gate` proves that the call passed them."""
    return frozenset(GATES[: GATES.index(gate)]) if gate in GATES else frozenset()


# Which customizable response a gate's refusals are (research 2.1 [D]); its status may be another than the default.
_RESPONSE_TYPES = {
    (401, "UnauthorizedException"): "UNAUTHORIZED",
    (403, "MissingAuthenticationTokenException"): "MISSING_AUTHENTICATION_TOKEN",
    (403, "AccessDeniedException"): "ACCESS_DENIED",
    (429, "TooManyRequestsException"): "THROTTLED",
    (500, "AuthorizerConfigurationException"): "AUTHORIZER_CONFIGURATION_ERROR",
}
_BY_CODE = {"api-key-required": "INVALID_API_KEY", "waf-block": "WAF_FILTERED"}


def response_type(status: int, error_type: str | None) -> str | None:
    """Return which customizable response a refusal is, None where that is not known; `error_type`: see `Reading`."""
    return _RESPONSE_TYPES.get((status, error_type or ""))


def status_of(code: str, customized: Mapping[str, int | None]) -> int | None:
    """Return the status that API Gateway answers for a cause, or None where AWS does not say.

    `customized`: response type -> status of the API's customized gateway responses, None for the default's. A
    DEFAULT_4XX or DEFAULT_5XX with a status covers every type of its class that is not customized (2.1 [D]).
    """
    refusal = REFUSALS[code]
    if refusal.status is None:
        return None
    kind = _BY_CODE.get(code) or response_type(refusal.status, refusal.error_type)
    if kind is None:
        return refusal.status
    if kind in customized:
        return customized[kind] or refusal.status
    return customized.get(f"DEFAULT_{refusal.status // 100}XX") or refusal.status


@dataclass(frozen=True)
class Reading:
    """What an answer says by itself.

    `gates`: where it can come from, in order (empty when it says nothing about gates); `codes`: the causes that
    produce it, likeliest first; `proves`: the one cause that no other fact is needed for, or None.
    `error_type` is the x-amzn-ErrorType without its trailing address; `message` the body's message.
    """

    gates: tuple[ObservedGate, ...]
    codes: tuple[str, ...] = ()
    proves: str | None = None
    error_type: str | None = None
    message: str | None = None


def explains(code: str, reading: Reading) -> bool:
    """Whether an answer that reads so can come from `code`: a known fingerprint lists its causes, else the gate."""
    return code in reading.codes if reading.codes else gate_of(code) in reading.gates


_MESSAGE = re.compile(r'"[Mm]essage"\s*:\s*"((?:[^"\\]|\\.)*)"')
_UNAUTHORIZED_CODES = (
    *(code for code, refusal in REFUSALS.items() if refusal == _UNAUTHORIZED),
    "proxy-strips-authorization",
    "token-expired",  # the text of F2 is reported, not documented
    "lambda-authorizer",  # F3 [D]
    "authorizer-not-attached",
    "canary-differs",
)
_FORBIDDEN_CODES = (
    "api-key-required",
    "wrong-stage",
    "waf-block",
    "custom-domain-mapping",
    "execute-api-disabled",
    "never-deployed",
    "private-endpoint",
    "mutual-tls",
    "canary-differs",
    "proxy-strips-authorization",  # a front that hands its own Host on (case 35)
)
_NO_ROUTE_CODES = ("route-not-matched", "method-is-aws-iam", "canary-differs", "proxy-strips-authorization")


def message_of(body: str) -> str | None:
    """Return the `message` (or `Message`) of a JSON error body, or None."""
    import json

    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        found = _MESSAGE.search(body)
        return found[1] if found else None
    if isinstance(value, dict):
        for key in ("message", "Message"):
            if isinstance(value.get(key), str):
                return str(value[key])
    return None


def is_http_answer(answer: Answer) -> bool:
    """Whether an answer has the marks of an HTTP API alone (2.3): a REST API may hand on those of one behind it."""
    rest = ("x-amzn-errortype", "x-amz-apigw-id")
    return bool(answer.header("apigw-requestid")) and not any(answer.header(name) for name in rest)


def read_answer(answer: Answer) -> Reading:
    """Read an answer back: the error type decides first, then the body, then the status (research 2.1, 2.2)."""
    raw_type = answer.header("x-amzn-errortype")
    error_type = raw_type.split(":")[0].strip() if raw_type and raw_type.strip() else None
    if error_type and not re.fullmatch(r"[A-Za-z]{1,80}", error_type):
        error_type = "?"  # no name of an error; an API may echo anything here
    message = message_of(answer.body)
    gates, codes, proves = _read(answer, error_type, message or "")
    if answer.header("x-amzn-waf-action"):  # a puzzle or a script in place of the answer (WAF guide, challenge [D])
        gates, codes, proves = ("waf",), ("waf-block",), "waf-block"
    return Reading(gates, codes, proves, error_type, message)


def _read(
    answer: Answer, error_type: str | None, message: str
) -> tuple[tuple[ObservedGate, ...], tuple[str, ...], str | None]:
    if error_type is None:
        return _without_type(answer, message)
    match error_type:
        case "UnauthorizedException":
            if "token has expired" in message.lower():
                return ("authorizer",), ("token-expired",), "token-expired"
            return ("authorizer",), _UNAUTHORIZED_CODES, None
        case "MissingAuthenticationTokenException" | "IncompleteSignatureException":
            return ("route", "authorizer"), _NO_ROUTE_CODES, None
        case "InvalidSignatureException" | "UnrecognizedClientException" | "ExpiredTokenException":
            return ("authorizer",), ("method-is-aws-iam",), None
        case "AccessDeniedException":
            return _denied(message)
        case "ForbiddenException" | "WafFilteredException":
            if error_type == "WafFilteredException":
                return ("waf",), ("waf-block",), "waf-block"
            return ("endpoint", "stage", "waf", "api-key"), _FORBIDDEN_CODES, None
        case "AuthorizerConfigurationException" | "AuthorizerFailureException":
            return (
                ("authorizer",),
                ("authorizer-error", "lambda-authorizer", "authorizer-not-attached"),
                "authorizer-error",
            )
        case "TooManyRequestsException" | "LimitExceededException":
            return ("api-key",), ("throttled-by-gateway",), "throttled-by-gateway"
        case "InternalServerErrorException" | "BadGatewayException" | "GatewayTimeoutException":
            return ("backend",), (), None
    return ("unknown",), (), None


def _denied(message: str) -> tuple[tuple[ObservedGate, ...], tuple[str, ...], str | None]:
    # Match by prefix, then "explicit deny"; every suffix is optional (research 2.2, reading rules).
    if message.startswith("User: anonymous"):
        return ("policy",), ("resource-policy-deny",), "resource-policy-deny"
    if message.startswith("User: arn:") and "explicit deny in a resource-based policy" in message:
        return ("policy",), ("resource-policy-deny",), "resource-policy-deny"
    if "assumed-role" in message or message.startswith("User: arn:"):
        return ("authorizer",), ("identity-pool-role-denied",), "identity-pool-role-denied"
    if message.startswith("User is not authorized"):
        return ("authorizer",), ("lambda-authorizer",), "lambda-authorizer"
    if "security token included in the request" in message:
        return ("authorizer",), ("method-is-aws-iam",), None
    return ("authorizer", "policy"), ("resource-policy-deny", "lambda-authorizer"), None


def _without_type(answer: Answer, message: str) -> tuple[tuple[ObservedGate, ...], tuple[str, ...], str | None]:
    if is_http_answer(answer):
        refused = answer.status in (401, 403)
        if answer.status == 404 and message == "Not Found":
            return ("endpoint", "backend"), ("http-api",), None  # no stage, no route [D]; a backend may say it too
        return (
            ("endpoint",) if refused else ("backend",),
            ("http-api",) if refused else (),
            "http-api" if refused else None,
        )
    from_gateway = answer.header("x-amz-apigw-id") or answer.header("x-amzn-requestid")
    if from_gateway:
        # No error type, but the gateway's own ids: it let the call through (section 0 [R]).
        refused = answer.status in (401, 403)
        return ("backend",), ("backend-answered",) if refused else (), "backend-answered" if refused else None
    if message or answer.body:
        # A paste without headers: the body is all there is. It proves nothing that a backend could also say.
        if message == "Unauthorized" and answer.status == 401:
            return ("authorizer",), _UNAUTHORIZED_CODES, None
        if message == "The incoming token has expired":
            return ("authorizer",), ("token-expired",), "token-expired"
        if message.startswith("User: anonymous is not authorized to perform: execute-api:Invoke"):
            return ("policy",), ("resource-policy-deny",), "resource-policy-deny"
        if message == "Missing Authentication Token" or "Authorization header" in message:
            return ("route", "authorizer"), _NO_ROUTE_CODES, None
        if message in ("Too Many Requests", "Limit Exceeded") and answer.status == 429 and not answer.headers:
            return ("api-key",), ("throttled-by-gateway",), None
        if message == "Forbidden":
            return ("endpoint", "stage", "waf", "api-key"), _FORBIDDEN_CODES, None
    return ("front",) if answer.headers else ("unknown",), (), None
