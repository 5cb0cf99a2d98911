"""Every way in which a read of AWS can fail, told as `Absent` or `Unread`. Nothing escapes, nothing secret is shown."""

import re
from typing import Any

from cogwizard.aws.fields import Malformed
from cogwizard.aws.session import SetupError
from cogwizard.model.inert import scrub
from cogwizard.model.read import Absent, Read, Reason, Unread

_ABSENT = frozenset({"NotFoundException", "ResourceNotFoundException"})
_DENIED = frozenset({"UnauthorizedOperation", "UnauthorizedException", "ForbiddenException", "NotAuthorizedException"})
_CLOCK = frozenset({"RequestExpired", "RequestTimeTooSkewed", "InvalidSignature", "InvalidSignatureException"})
_CREDENTIALS = _CLOCK | {
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "SignatureDoesNotMatch",
    "IncompleteSignature",
    "TokenRefreshRequired",
}
_THROTTLED = frozenset({"TooManyRequestsException", "RequestLimitExceeded", "SlowDown", "RequestThrottled"})
# botocore's own exceptions, by name: what they say about the set-up, not about AWS.
_CREDENTIALS_CLASSES = (
    "NoCredentialsError",
    "PartialCredentialsError",
    "CredentialRetrievalError",
    "UnknownCredentialError",
    "NoAuthTokenError",
    "TokenRetrievalError",
    "UnknownTokenProviderError",
    "SSOError",
    "LoginError",
    "MetadataRetrievalError",
    "ProfileNotFound",
    "ConfigParseError",
    "ConfigNotFound",
    "InvalidConfigError",
    "RefreshWithMFAUnsupportedError",
    "MissingDependencyException",
)
_UNREACHABLE_CLASSES = ("HTTPClientError", "ConnectionError", "InvalidProxiesConfigError", "IncompleteReadError")
# Greedy: a password may hold an @ itself.
_USER_INFO = re.compile(r"(?<=//)\S*@")
_LONGEST = 600


def safe(text: str) -> str:
    """Return foreign text that may be shown: one line, no user info of URLs, no token, no key, no account number.

    Only the first line: AWS's text on a wrong signature goes on with the canonical request and its session token.
    """
    return scrub(_USER_INFO.sub("", text.strip().partition("\n")[0]), _LONGEST)


def tls_advice(ca_bundle: str) -> str:
    """Return what to do when a certificate was refused."""
    return (
        f"TLS was checked with the CA bundle {ca_bundle or 'of botocore'}. Where a proxy inspects TLS, put its CA "
        "certificate into a bundle and name that file in AWS_CA_BUNDLE."
    )


def outcome(read: Read, error: BaseException, sign_in: str = "", ca_bundle: str = "") -> Absent | Unread:
    """Return what an exception says about a read. Takes any exception, raises nothing.

    `sign_in` says how to get credentials (`Clients.sign_in`), `ca_bundle` is the file in use.
    """
    if isinstance(error, SetupError):
        return Unread(read, "failed", error.key, safe(str(error)))
    response = getattr(error, "response", None)
    if isinstance(response, dict) and isinstance(response.get("Error"), dict):
        return _answered(read, error, response, sign_in)
    names = {kind.__name__ for kind in type(error).__mro__ if kind.__module__.startswith("botocore")}
    name, message = type(error).__name__, str(error)
    if "SSLError" in names:
        return Unread(read, "unreachable", name, f"{safe(message)} {safe(tls_advice(ca_bundle))}")
    if names.intersection(_UNREACHABLE_CLASSES):
        return Unread(read, "unreachable", name, safe(message))
    if names.intersection(_CREDENTIALS_CLASSES):
        return Unread(read, "credentials", name, _sentences(message, sign_in))
    if isinstance(error, Malformed):
        return Unread(read, "malformed", name, safe(message))
    stumbled = not names and isinstance(error, TypeError | AttributeError | LookupError | ValueError)
    if "ResponseParserError" in names or stumbled:
        # botocore's parsers take the shape of an answer for granted, and stumble over another one.
        return Unread(read, "malformed", name, "The answer has not the form that the operation promises.")
    return Unread(read, "failed", name, safe(message))


def _answered(read: Read, error: BaseException, response: dict[str, Any], sign_in: str) -> Absent | Unread:
    code = str(response["Error"].get("Code") or "Unknown")
    message = str(response["Error"].get("Message") or "")
    operation = getattr(error, "operation_name", None)
    if operation and operation != read.operation:
        # The call that failed is one that boto3 made on the way: AssumeRole, GetRoleCredentials ...
        return Unread(read, "credentials", safe(code), _sentences(f"{operation}: {message}", sign_in))
    if code in _ABSENT:
        return Absent(read, code, safe(message))
    metadata = response.get("ResponseMetadata")
    status = metadata.get("HTTPStatusCode") if isinstance(metadata, dict) else None
    reason = _reason(code, status)
    if reason != "credentials":
        return Unread(read, reason, safe(code), safe(message))
    if code in _CLOCK:
        clock = "If this computer's clock is wrong, set it (compare: date -u)."
        return Unread(read, reason, safe(code), _sentences(message, clock, sign_in))
    return Unread(read, reason, safe(code), _sentences(message, sign_in))


def _reason(code: str, status: object) -> Reason:
    if code.startswith("AccessDenied") or code in _DENIED:
        return "denied"
    if code.startswith("ExpiredToken") or code in _CREDENTIALS:
        return "credentials"
    if code.startswith(("Throttl", "LimitExceeded")) or code in _THROTTLED or status == 429:
        return "throttled"
    return "failed"


def _sentences(*parts: str) -> str:
    shown = [safe(part) for part in parts if part]
    return " ".join(part if part.endswith((".", "!")) or part is shown[-1] else f"{part}." for part in shown)
