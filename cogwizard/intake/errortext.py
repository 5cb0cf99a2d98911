"""An error text of any origin as the findings that produce it, likeliest first."""

import json
import re
from dataclasses import dataclass

from cogwizard.gateway import read_answer
from cogwizard.intake.errors import BadInput
from cogwizard.intake.errortable import ROWS, Row
from cogwizard.intake.response import read_response, status_of
from cogwizard.model.answer import Answer

_LONGEST = 64 << 10  # characters that are looked at
# How often a cause of an authorizer's 401 was reported (cases.md, summary table): the answer itself names none of them.
_LIKELY = (
    "access-token-where-id-token-expected",
    "scope-not-in-token",
    "header-not-sent",
    "token-expired",
    "proxy-strips-authorization",
    "wrong-pool",
    "header-name-mismatch",
    "sigv4-header",
    "id-token-where-access-token-expected",
    "audience-regex-mismatch",
    "wrong-arn-format",
)
_EXCEPTION = re.compile(r"\b[A-Z][A-Za-z]*(?:Exception|Error|Fault)\b")
_CALLED = re.compile(r"An error occurred \((\w+)\) when calling the (\w+) operation", re.IGNORECASE)
_TYPE_HEADER = re.compile(r"x-amzn-errortype['\"]?\s*[:=,]\s*['\"]?([A-Za-z]+)", re.IGNORECASE)
_MESSAGE = re.compile(r"""["']?\b[Mm]essage["']?\s*[:=]\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')""")
_NULL_MESSAGE = re.compile(r"""\{\s*["']?[Mm]essage["']?\s*:\s*(?:null|None)\s*\}""")
# Messages of the gateway that are long enough to be known without their JSON.
_FREE_MESSAGE = re.compile(
    r"The incoming token has expired|Missing Authentication Token|Invalid API Key identifier specified"
    r"|Too Many Requests|Limit Exceeded|User: \S+ is not authorized to perform: execute-api:Invoke.*"
    r"|(?:User is not authorized to access this resource|Authorization header requires|Invalid key=value pair"
    r"|The request signature we calculated|The security token included in the request is|Signature expired"
    r"|not a valid key=value pair).*"
)
_ERROR_VALUE = re.compile(r"""\berror["']?\s*[:=,]\s*["']?([a-z]+_[a-z_]+)""")
_REDIRECT = re.compile(r"[?&#]error=[a-z_]+")
_STATUS = re.compile(
    r"""\b(?:status|response|error|code|http(?:/[\d.]+)?)(?: ?code)?["']?\s*[:=]?\s*\(?(401|403|405|407|429)\b"""
    r"""|(?:^|\b)(401|403|405|407|429)\s+(?:client error|unauthorized|forbidden|method not allowed|too many|proxy)"""
    r"""|^\s*(401|403|405|407|429)\s*$""",
    re.IGNORECASE,
)
_AWS_TYPES = {row.type.lower() for row in ROWS if row.family != "oauth-error"} - {""}
_OAUTH_ERRORS = {row.type for row in ROWS if row.family == "oauth-error"} - {""}
_TYPICAL_BODY = {401: '{"message":"Unauthorized"}', 403: '{"message":"Forbidden"}', 429: ""}


@dataclass(frozen=True)
class ErrorReading:
    """`codes`: the findings that produce the text, likeliest first (may be empty); `read_as`: what it was taken for,
    a key of `[read_as]` in text/*/intake.toml, "unrecognised" when nothing is known about it.
    """

    codes: tuple[str, ...]
    read_as: str


def read_error(text: str) -> ErrorReading:
    """Read an error text (interface, section 1: `cogwizard explain -`). Takes any text, raises nothing.

    An HTTP answer is read as one; then the table of error texts, the error type first; then API Gateway's own
    messages in any wrapping; then a bare status.
    """
    text = text[:_LONGEST]
    plain = _plain(text)
    if answer := _answer(text):
        return _from_answer(answer, plain)
    if reading := _from_table(text, plain):
        return reading
    if found := _gateway_answer(plain):
        return ErrorReading(_likeliest(found), "gateway-message")
    return _from_status(plain) or ErrorReading((), "unrecognised")


def codes_of(error: str, message: str, family: str) -> tuple[str, ...] | None:
    """Return the findings that an answer of Cognito comes from, likeliest first; None where the table has no row.

    `error`: AWS's type or OAuth's error word, `message`: its text; `family`: `cognito-error` or `oauth-error`. The
    error decides first, its text second: a text is not taken for that of another error that the table knows.
    """
    rows = [row for row in ROWS if row.family == family]
    kind = error.lower()
    is_known = any(row.type.lower() == kind for row in rows if row.type)
    lowered = _plain(message).lower()
    for row in rows:
        words = [needle for needle in row.needles if needle != "__type"]  # the member that holds the type
        if row.type and row.type.lower() == kind:
            fits = True
        elif family == "oauth-error":
            fits = not row.type  # OAuth's words say little: a text that is known by itself counts beside them
        else:
            fits = not is_known and bool(words)
        if fits and all(word in lowered for word in words):
            return row.codes
    return None


def _plain(text: str) -> str:
    """Undo what wrappings do to a text: escaped quotes, curly quotes, line breaks."""
    for curly, straight in (('\\"', '"'), ("‘", "'"), ("’", "'"), ("“", '"'), ("”", '"')):
        text = text.replace(curly, straight)
    return re.sub(r"\s+", " ", text)


def _answer(text: str) -> Answer | None:
    if "HTTP/" not in text:
        return None
    try:
        return read_response(text)
    except BadInput:
        return None


def _from_answer(answer: Answer, plain: str) -> ErrorReading:
    # Cognito's own API names the error in `__type`; the gateway never does.
    if '"__type"' in answer.body and (reading := _from_table(answer.body, _plain(answer.body))):
        return ErrorReading(reading.codes, "http-response")
    codes = _likeliest(answer)
    if not codes and answer.status >= 300:
        reading = _from_table(plain, plain)
        # 401 and 403 of something in front of the gateway (it has headers, not the gateway's) name no cause.
        if not reading and (answer.status not in (401, 403) or not answer.headers):
            reading = _from_status(str(answer.status))
        codes = reading.codes if reading else ()
    return ErrorReading(codes, "http-response")


def _likeliest(answer: Answer) -> tuple[str, ...]:
    """Return the codes of the gateway's reading; where it only says "the authorizer", in the order of reports."""
    reading = read_answer(answer)
    if reading.proves or reading.gates != ("authorizer",):
        return reading.codes
    # An access token in the place of an ID token and a missing scope end in the same words as all others.
    return tuple(sorted(reading.codes, key=lambda code: _LIKELY.index(code) if code in _LIKELY else len(_LIKELY)))


def _from_table(text: str, plain: str) -> ErrorReading | None:
    lowered = plain.lower()
    called = _CALLED.search(plain)
    types = {called[1].lower()} if called else {name.lower() for name in _EXCEPTION.findall(plain)}
    named = set(_ERROR_VALUE.findall(lowered)) or set(re.findall(r"\b[a-z]+_[a-z_]+\b", lowered))
    for row in ROWS:
        if _matches(row, lowered, types & _AWS_TYPES, named & _OAUTH_ERRORS):
            return ErrorReading(row.codes, _read_as(row, text, bool(called)))
    if called:
        return ErrorReading((), "aws-cli-error")
    return None


def _matches(row: Row, lowered: str, types: set[str], oauth: set[str]) -> bool:
    if row.family == "oauth-error" and row.type:
        return row.type in oauth and all(needle in lowered for needle in row.needles)
    if row.type and types and row.type.lower() not in types:
        return False
    if row.type and not types and not row.needles:
        return False
    return all(needle in lowered for needle in row.needles)


def _read_as(row: Row, text: str, called: bool) -> str:
    if called:
        return "aws-cli-error"
    return "oauth-redirect" if row.family == "oauth-error" and _REDIRECT.search(text) else row.family


def _gateway_answer(plain: str) -> Answer | None:
    """Return the answer that a message of the gateway stands for, whatever is wrapped round it, or None."""
    kind = _TYPE_HEADER.search(plain)
    headers = (("x-amzn-ErrorType", kind[1]),) if kind else ()
    if _NULL_MESSAGE.search(plain):  # F6 [R]
        return Answer(500, headers or (("x-amzn-ErrorType", "AuthorizerConfigurationException"),))
    quoted = [found[1] or found[2] or "" for found in _MESSAGE.finditer(plain)]
    free = _FREE_MESSAGE.search(plain)
    for message in (*quoted, *([free[0]] if free else ()), plain.strip(" '\"")):
        if status := status_of(message):
            return Answer(status, headers or _typed(message), json.dumps({"message": message}))
    return Answer(0, headers) if headers else None


def _typed(message: str) -> tuple[tuple[str, str], ...]:
    """Return the error type for messages that the gateway's reader knows by type only (research 2.2, [D])."""
    for start, name in (
        ("User: ", "AccessDeniedException"),
        ("User is not authorized", "AccessDeniedException"),
        ("The security token included", "AccessDeniedException"),
        ("The request signature", "InvalidSignatureException"),
        ("Signature expired", "InvalidSignatureException"),
        ("Too Many Requests", "TooManyRequestsException"),
        ("Limit Exceeded", "LimitExceededException"),
        ("Invalid API Key", "ForbiddenException"),
        ("Invalid key=value pair", "IncompleteSignatureException"),
        ("Authorization header requires", "IncompleteSignatureException"),
    ):
        if message.startswith(start):
            return (("x-amzn-ErrorType", name),)
    if "not a valid key=value pair" in message:
        return (("x-amzn-ErrorType", "IncompleteSignatureException"),)
    return ()


def _from_status(plain: str) -> ErrorReading | None:
    found = _STATUS.search(plain)
    if not found:
        return None
    status = int(found[1] or found[2] or found[3])
    if status == 405:
        return ErrorReading(("token-endpoint-405",), "http-status")
    if status == 407:
        return ErrorReading(("aws-unreachable",), "network-error")
    if status == 429:
        return ErrorReading(("throttled-by-gateway",), "http-status")
    codes = _likeliest(Answer(status, body=_TYPICAL_BODY[status]))
    return ErrorReading((*codes, "backend-answered"), "http-status")
