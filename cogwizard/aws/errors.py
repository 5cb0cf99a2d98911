"""Every way in which a read of AWS can fail, told as `Absent` or `Unread`. Nothing escapes, nothing secret is shown."""

import os
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote

from cogwizard.aws.credentials import NoCredentials
from cogwizard.aws.fields import Malformed
from cogwizard.aws.hosts import host_of
from cogwizard.aws.session import SetupError
from cogwizard.aws.tls import advice
from cogwizard.model.inert import scrub
from cogwizard.model.read import Absent, Read, Reason, Unread

_ABSENT = frozenset({"NotFoundException", "ResourceNotFoundException", "UserNotFoundException"})
_DENIED = frozenset({"UnauthorizedOperation", "UnauthorizedException", "ForbiddenException", "NotAuthorizedException"})
_CLOCK = frozenset({"RequestExpired", "RequestTimeTooSkewed", "InvalidSignature", "InvalidSignatureException"})
CREDENTIALS = _CLOCK | {
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
_PROXY_CLASSES = ("ProxyConnectionError", "InvalidProxiesConfigError")
_WORD = re.compile(r"\S+")
_AUTHORITY = re.compile(r"(?i)https?:/{0,2}|//")
_CONFIGURED = re.compile(r"(?i).+_proxy|AWS_ENDPOINT_URL.*")  # the variables that hold a URL with a password
_LONGEST_READ = 2000  # characters of foreign text that are looked at
_LONGEST = 600


class Failed(Exception):
    """Nothing that can be read came back. `protocol`: the server was reached and spoke no HTTP. The text is safe."""

    def __init__(self, error: str, detail: str, protocol: bool = False) -> None:
        super().__init__(detail)
        self.error = error
        self.detail = detail
        self.protocol = protocol


def safe(text: str, private: Iterable[str] = ()) -> str:
    """Return foreign text that may be shown: one line, no user info of URLs, no token, no key, no account number.

    `private` are configured URLs; with those of the environment they are taken out, and their passwords. Only the
    first line is kept: AWS's text on a wrong signature goes on with the canonical request and its session token.
    """
    line = text[: 2 * _LONGEST_READ].strip().partition("\n")[0]
    configured = [value for name, value in os.environ.items() if _CONFIGURED.fullmatch(name)]
    for literal, shown in _literals([*private, *configured]):
        line = line.replace(literal, shown)
    if len(line) > _LONGEST_READ:
        # A word that is cut may be half a token, which no pattern knows.
        line = line[:_LONGEST_READ].rpartition(" ")[0] or line[:_LONGEST_READ]
    return scrub(_WORD.sub(_without_user_info, line), _LONGEST)


def _literals(urls: Iterable[str]) -> list[tuple[str, str]]:
    """Return what must not be shown of URLs, longest first, each with what takes its place."""
    found: dict[str, str] = {}
    for url in urls:
        inside = re.sub("(?i)^[a-z0-9+.-]+:/+|^https?:|^//", "", url.strip())
        user_info = inside.rpartition("@")[0]
        password, query = user_info.partition(":")[2], inside.partition("?")[2]
        if user_info or query:
            found |= {url.strip(): "URL", inside: "URL", f"{user_info}@": ""}
            # A part too: a parser that stops at a # takes what is before it for a port.
            parts = [password, unquote(password), query, query.rpartition("=")[2], *re.split(r"[/?#:@\s]", password)]
            found |= {part: "password" for part in parts if len(part) >= 4 and part not in found}
    return sorted(((literal, shown) for literal, shown in found.items() if len(literal) > 1), key=lambda x: -len(x[0]))


def _without_user_info(found: re.Match[str]) -> str:
    # Not one pattern for both ends: it would start anew at each of many slashes.
    word = found.group()
    start = _AUTHORITY.search(word)
    if not start or "@" not in word[start.end() :]:
        return word
    return word[: start.end()] + word.rpartition("@")[2]


def outcome(
    read: Read, error: BaseException, sign_in: str = "", ca_bundle: str = "", private: Iterable[str] = ()
) -> Absent | Unread:
    """Return what an exception says about a read. Takes any exception, raises nothing.

    `sign_in` says how to get credentials (`Clients.sign_in`), `ca_bundle` is the file in use, `private` are
    the configured URLs (`safe`).
    """
    if isinstance(error, SetupError):
        return Unread(read, "failed", error.key, safe(str(error), private))
    if isinstance(error, NoCredentials):
        return Unread(read, "credentials", type(error).__name__, safe(str(error), private))
    carried = getattr(error, "kwargs", None)
    cause = carried.get("error") if isinstance(carried, dict) else None
    failed = error if isinstance(error, Failed) else cause
    if isinstance(failed, Failed):
        name = failed.error if failed is error or failed.error == "TlsFailed" else type(error).__name__
        return Unread(read, "malformed" if failed.protocol else "unreachable", name, failed.detail)
    response = getattr(error, "response", None)
    if isinstance(response, dict) and isinstance(response.get("Error"), dict):
        return _answered(read, error, response, sign_in, private)
    names = {kind.__name__ for kind in type(error).__mro__ if kind.__module__.startswith("botocore")}
    name, message = type(error).__name__, str(error)
    if "SSLError" in names:
        return Unread(read, "unreachable", name, f"{_host(error)}{safe(advice(ca_bundle))}")
    if names.intersection(_PROXY_CLASSES) or "Location" in type(cause).__name__:
        return Unread(
            read, "unreachable", name, "A URL cannot be used: check HTTPS_PROXY, HTTP_PROXY and the endpoint."
        )
    if names.intersection(_UNREACHABLE_CLASSES):
        # botocore's text shows the whole URL: of the endpoint, or what urllib3 understood of it.
        return Unread(read, "unreachable", name, f"{_host(error)}no whole answer came.")
    if names.intersection(_CREDENTIALS_CLASSES):
        return Unread(read, "credentials", name, _sentences(private, message, sign_in))
    if isinstance(error, Malformed):
        return Unread(read, "malformed", name, safe(message, private))
    stumbled = not names and isinstance(error, TypeError | AttributeError | LookupError | ValueError)
    if "ResponseParserError" in names or stumbled:
        # botocore's parsers take the shape of an answer for granted, and stumble over another one.
        return Unread(read, "malformed", name, "The answer has not the form that the operation promises.")
    return Unread(read, "failed", name, safe(message, private))


def _host(error: BaseException) -> str:
    """Return the host that an error of botocore is about and a colon, "" when it is not certain."""
    carried = getattr(error, "kwargs", None)
    url = str(carried.get("endpoint_url") or "") if isinstance(carried, dict) else ""
    host = "" if "@" in url else host_of(url)
    return f"{safe(host)}: " if host else ""


def _answered(
    read: Read, error: BaseException, response: dict[str, Any], sign_in: str, private: Iterable[str]
) -> Absent | Unread:
    code = str(response["Error"].get("Code") or "Unknown")
    message = str(response["Error"].get("Message") or "")
    operation = getattr(error, "operation_name", None)
    if operation and operation != read.operation:
        # The call that failed is one that boto3 made on the way: AssumeRole, GetRoleCredentials ...
        return Unread(read, "credentials", safe(code, private), _sentences(private, f"{operation}: {message}", sign_in))
    if code in _ABSENT:
        return Absent(read, code, safe(message, private))
    metadata = response.get("ResponseMetadata")
    status = metadata.get("HTTPStatusCode") if isinstance(metadata, dict) else None
    reason = _reason(code, status)
    if reason != "credentials":
        return Unread(read, reason, safe(code, private), safe(message, private))
    if code in _CLOCK:
        clock = "If this computer's clock is wrong, set it (compare: date -u)."
        return Unread(read, reason, safe(code, private), _sentences(private, message, clock, sign_in))
    return Unread(read, reason, safe(code, private), _sentences(private, message, sign_in))


def _reason(code: str, status: object) -> Reason:
    if code.startswith("AccessDenied") or code in _DENIED:
        return "denied"
    if code.startswith("ExpiredToken") or code in CREDENTIALS:
        return "credentials"
    if code.startswith(("Throttl", "LimitExceeded")) or code in _THROTTLED or status == 429:
        return "throttled"
    return "failed"


def _sentences(private: Iterable[str], *parts: str) -> str:
    shown = [safe(part, private) for part in parts if part]
    return " ".join(part if part.endswith((".", "!")) or part is shown[-1] else f"{part}." for part in shown)
