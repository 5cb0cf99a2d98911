"""What a browser asks before a call of another origin, and what it makes of the answers. Pure.

The rules are those of the Fetch standard (https://fetch.spec.whatwg.org/): headers 2.2.2, CORS-preflight fetch 4.8,
CORS check 4.10.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from cogwizard.model.answer import Answer
from cogwizard.model.call import Call

Headers = Iterable[tuple[str, str]]
# What is wrong with Access-Control-Allow-Origin; "credentials": it fits, and Access-Control-Allow-Credentials does not.
OriginFlaw = Literal["missing", "several", "null", "wildcard", "slash", "scheme", "other", "credentials"]

SAFELISTED_METHODS = frozenset({"GET", "HEAD", "POST"})
_DEFAULT_PORTS = {"http": 80, "https": 443}
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}")  # RFC 9110, 5.6.2
_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]{0,30}://[^/?#@\s]{1,300}")
# Set by the browser itself, never by a page: the forbidden request-headers (2.2.2), those of its cache, and those by
# which it tells what it is.
_NAMES = """
accept-charset accept-encoding access-control-request-headers access-control-request-method
access-control-request-private-network connection content-length cookie cookie2 date dnt expect host keep-alive origin
referer set-cookie te trailer transfer-encoding upgrade via cache-control pragma if-none-match if-modified-since
if-range priority save-data upgrade-insecure-requests user-agent x-client-data
"""
_OF_THE_BROWSER = frozenset(_NAMES.split())
_OF_THE_BROWSER_TOO = ("sec-", "proxy-", ":")
_FORM_TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data", "text/plain"})
_LONGEST_SAFE = 128  # bytes of a safelisted header's value


@dataclass(frozen=True)
class Question:
    """What a preflight asks. `headers` in lower case and order; `method` "" and `origin` None where nothing says them.

    `credentials`: the call comes with cookies, so that no wildcard counts.
    """

    origin: str | None
    method: str
    headers: tuple[str, ...] = ()
    credentials: bool = False

    def call(self, url: str) -> Call:
        """Return the preflight: OPTIONS without token, key or cookie, as the browser makes it. Needs an origin."""
        asked = (("Access-Control-Request-Headers", ",".join(self.headers)),) if self.headers else ()
        fixed = (("Accept", "*/*"), ("Origin", self.origin or "null"), ("Access-Control-Request-Method", self.method))
        return Call("OPTIONS", url, (*fixed, *asked))


def origin_of(text: str) -> str | None:
    """Return the origin of a URL as a browser writes it (scheme, host, port unless it is the scheme's own), or None.

    "null" is an origin: that of a page without one.
    """
    text = text.strip()
    if text == "null":
        return text
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if not host:
        return None
    host = f"[{host}]" if ":" in host else host
    shown = "" if port is None or port == _DEFAULT_PORTS.get(parts.scheme.lower()) else f":{port}"
    origin = f"{parts.scheme}://{host}{shown}".lower()
    return origin if _ORIGIN.fullmatch(origin) else None


def unsafe_headers(headers: Headers) -> tuple[str, ...]:
    """Return the names of the page's own headers for which a browser asks first: lower case, sorted, each once."""
    names = {name.lower() for name, value in headers if not _is_safe(name.lower(), value)}
    return tuple(sorted(name for name in names if _NAME.fullmatch(name)))


def _is_safe(name: str, value: str) -> bool:
    if name in _OF_THE_BROWSER or name.startswith(_OF_THE_BROWSER_TOO):
        return True
    if len(value.encode("utf-8", "replace")) > _LONGEST_SAFE:
        return False
    if name in ("accept", "accept-language", "content-language"):
        return True
    if name == "content-type":
        return value.partition(";")[0].strip().lower() in _FORM_TYPES
    return name == "range" and bool(re.fullmatch(r"bytes=\d{1,15}-\d{0,15}", value, re.ASCII))


def values_of(headers: Headers, name: str) -> list[str]:
    """Return what stands under header `name`, each value by itself."""
    return [value.strip() for key, text in headers if key.lower() == name for value in text.split(",")]


def origin_flaw(answer: Answer, question: Question) -> OriginFlaw | None:
    """Return what keeps a page from an answer, None where it may read it (4.10).

    Without an origin to compare with only what is wrong for every page is found.
    """
    values = values_of(answer.headers, "access-control-allow-origin")
    if not values:
        return "missing"
    if len(values) > 1:
        return "several"
    allowed, origin = values[0], question.origin
    if allowed == "*":
        return "wildcard" if question.credentials else None
    if origin is not None and allowed != origin:
        return _difference(allowed, origin)
    allows = values_of(answer.headers, "access-control-allow-credentials") == ["true"]
    return "credentials" if question.credentials and not allows else None


def _difference(allowed: str, origin: str) -> OriginFlaw:
    if allowed == "null":
        return "null"
    if allowed.rstrip("/") == origin:
        return "slash"
    return "scheme" if allowed.partition("://")[2] == origin.partition("://")[2] else "other"


def allows_method(answer: Answer, question: Question) -> bool:
    """Whether the answer to a preflight allows the verb; GET, HEAD and POST are always allowed (4.8)."""
    if not question.method or question.method in SAFELISTED_METHODS:
        return True
    allowed = values_of(answer.headers, "access-control-allow-methods")
    return question.method in allowed or ("*" in allowed and not question.credentials)


def refused_headers(answer: Answer, question: Question) -> tuple[str, ...]:
    """Return the headers that the answer to a preflight does not allow. `*` never covers Authorization (4.8)."""
    allowed = {value.lower() for value in values_of(answer.headers, "access-control-allow-headers")}
    wildcard = "*" in allowed and not question.credentials
    return tuple(name for name in question.headers if name not in allowed and (name == "authorization" or not wildcard))
