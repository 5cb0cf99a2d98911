"""What a line of API Gateway's logs says about a call. A line is hostile text: read in linear time, and never trusted
for more than the answer leaves open."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from cogwizard.gateway import Gate
from cogwizard.model.inert import inert


@dataclass(frozen=True)
class LogReading:
    """`says` is a key of the catalogue's words for it; `gate`: where the call was stopped, None where the line does not
    tell; `code`: the cause that it proves, if it proves one."""

    says: str
    gate: Gate | None = None
    code: str | None = None


# Texts of the execution log (9.1: [D] KC-LOGS, KC-403, [R] the expired token and the key, [V] CHAL-971). That an
# authorizer refused is told, hardly ever why.
_EXECUTION: tuple[tuple[re.Pattern[str], LogReading], ...] = tuple(
    (re.compile(pattern), found)
    for pattern, found in (
        (r"Access denied\. Reason: ", LogReading("certificate", "endpoint", "mutual-tls")),
        (r"The incoming token has expired", LogReading("expired", "authorizer", "token-expired")),
        (r"API Key[^\n]{0,200}? not authorized because ", LogReading("key-refused", "api-key", "api-key-required")),
        (r"Unauthorized request: ", LogReading("refused", "authorizer")),
        (r"The client is not authorized to perform this operation", LogReading("not-allowed")),
        (r"Starting authorizer: ", LogReading("asked")),
        (r"Successfully completed authorizer execution", LogReading("accepted")),
        (r"Verifying Usage Plan for request: ", LogReading("usage-plan")),
        (r"API Key[^\n]{0,200}? authorized because ", LogReading("key-passed")),
        (r"Endpoint request URI: |Sending request to ", LogReading("backend")),
    )
)
# $context.error.responseType (2.1, 9.2 [D]). Two gates give ACCESS_DENIED and MISSING_AUTHENTICATION_TOKEN.
_TYPES = {
    "UNAUTHORIZED": LogReading("UNAUTHORIZED", "authorizer"),
    "ACCESS_DENIED": LogReading("ACCESS_DENIED"),
    "MISSING_AUTHENTICATION_TOKEN": LogReading("MISSING_AUTHENTICATION_TOKEN"),
    "INVALID_API_KEY": LogReading("INVALID_API_KEY", "api-key", "api-key-required"),
    "WAF_FILTERED": LogReading("WAF_FILTERED", "waf", "waf-block"),
    "THROTTLED": LogReading("THROTTLED", "api-key", "throttled-by-gateway"),
    "QUOTA_EXCEEDED": LogReading("THROTTLED", "api-key", "throttled-by-gateway"),
    "AUTHORIZER_CONFIGURATION_ERROR": LogReading("AUTHORIZER_FAILURE", "authorizer", "authorizer-error"),
    "AUTHORIZER_FAILURE": LogReading("AUTHORIZER_FAILURE", "authorizer", "authorizer-error"),
}
_VARIABLE = re.compile(r"\$context(?:\.[\w-]+)+", re.ASCII)
_MESSAGES = ("$context.error.message", "$context.error.messageString", "$context.authorizer.error")


def read_execution(text: str) -> LogReading | None:
    """Return what a line of the execution log says, None for one that says nothing here."""
    return next((found for pattern, found in _EXECUTION if pattern.search(text)), None)


def read_access(text: str, format_: str) -> LogReading | None:
    """Return what a line of the access log says, by the stage's format; None where it does not tell."""
    values = split(text, format_)
    kind = values.get("$context.error.responseType", "")
    for message in (values.get(name, "") for name in _MESSAGES):
        found = read_execution(message)
        if found and found.code:
            return found
    if values.get("$context.wafResponseCode") == "WAF_BLOCK":
        return _TYPES["WAF_FILTERED"]
    return _TYPES.get(kind)


def split(text: str, format_: str) -> Mapping[str, str]:
    """Return the values of the `$context` variables in a line that was written by a format; empty if it was not.

    Whatever the format is (JSON, CSV, XML, CLF): a value goes as far as the text that stands behind it in the format.
    """
    parts, names = _VARIABLE.split(format_.strip()), _VARIABLE.findall(format_)
    literals = [inert(part, 4000) for part in parts]  # as the reader made the line
    if not text.startswith(literals[0]) or "" in literals[1:-1]:
        return {}
    at, values = len(literals[0]), {}
    for name, behind in zip(names, literals[1:], strict=True):
        end = text.find(behind, at) if behind else len(text)
        if end < 0:
            return {}
        values[name] = text[at:end]
        at = end + len(behind)
    return values
