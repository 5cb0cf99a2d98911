"""One entry of a browser's recording: a request and what became of it.

What Chrome, Edge, Firefox, Safari, Charles and mitmproxy write, all of it optional: HAR 1.2 with members of their own
(`_resourceType`, `_error` of Chrome's and Safari's).
"""

import base64
import binascii
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from cogwizard.intake.errors import BadInput
from cogwizard.intake.har_stream import CUT, Json, Wanted
from cogwizard.intake.response import date_of
from cogwizard.intake.url import read_url
from cogwizard.model.answer import Answer
from cogwizard.model.call import Call, Unexpanded, is_method
from cogwizard.model.cors import origin_of

LONGEST_BODY = 64 << 10  # characters of a body that are kept
WANTED: Wanted = {
    "startedDateTime": None,
    "pageref": None,
    "_resourceType": None,
    "_error": None,
    "request": {"method": None, "url": None, "headers": None, "postData": {"text": None}},
    "response": {"status": None, "headers": None, "content": {"text": None, "encoding": None}, "_error": None},
}
_MOST_HEADERS = 500
_LONGEST_HEADERS = 64 << 10  # characters; API Gateway takes 10,240 bytes
_BY_SCRIPT = ("xhr", "fetch")
# A call that the user's browser, or the page itself, took back was not refused by anybody.
_TAKEN_BACK = ("net::ERR_ABORTED", "net::ERR_BLOCKED_BY_CLIENT", "NS_BINDING_ABORTED")
# Headers of an answer that only API Gateway writes; a user pool writes the last one too.
_GATEWAY = ("x-amz-apigw-id", "apigw-requestid", "x-amzn-errortype")
_NO_API = re.compile(
    r"(?i)(?:[a-z0-9.-]+\.)?(?:amazonaws\.com(?:\.cn)?|amazonaws\.eu|amazoncognito\.com|api\.aws|on\.aws)"
)
# What tools for sharing a recording put in the place of a value: "[redacted]", "<removed>", "***".
_REMOVED = re.compile(
    r"(?i)(?:bearer\s+)?(?:\*{3,}|x{8,}"
    r"|[\[<({*_-]*(?:\w+[ _-])?(?:redacted|removed|sanitized|masked|hidden)(?:[ _-]\w+)?[\])>}*_-]*)"
)


@dataclass(frozen=True)
class Entry:
    """`number` counts all entries from 1. `call` has no pseudo-headers. `answer` is None where the browser got none.

    `kind` and `error` are Chrome's `_resourceType` and `_error`, "" elsewhere. `origin`: the page that made the call,
    as the header Origin names it. `started`: by the recorder's clock, in Unix seconds. `unreadable`: the encoding of a
    body that could not be read. `body_cut`: the request's body is not whole.
    """

    number: int
    call: Call
    answer: Answer | None = None
    kind: str = ""
    error: str = ""
    origin: str | None = None
    started: float | None = None
    unreadable: str = ""
    body_cut: bool = False
    page: str = field(default="", repr=False)

    @property
    def is_preflight(self) -> bool:
        """Whether a browser asked here whether it may make a call."""
        is_asking = bool(self.call.values("access-control-request-method"))
        return self.kind == "preflight" or (self.call.method.upper() == "OPTIONS" and is_asking)

    @property
    def failed(self) -> bool:
        """Whether the call was refused, or its answer kept from the page."""
        if self.error.startswith(_TAKEN_BACK):
            return False
        return self.answer is None or self.answer.status >= 400 or bool(self.error)

    @property
    def is_from_browser(self) -> bool:
        """Whether only a browser sends what was sent."""
        return any(name.lower() == "origin" or name.lower().startswith("sec-fetch-") for name, _ in self.call.headers)

    @property
    def status(self) -> int:
        """The answer's status; 0 without one, as recordings have it."""
        return self.answer.status if self.answer else 0

    @property
    def rank(self) -> int:
        """How surely the call goes to the API: 0 its URL or its answer says so, 1 a script's call, 2 anything else.

        AWS's other services are no APIs of the user's: signing in fails in its own way.
        """
        try:
            target = read_url(self.call.url)
        except BadInput:
            return 3
        if target.form != "custom-domain":
            return 0
        if _NO_API.fullmatch(target.host):
            return 2
        if self.answer and any(self.answer.header(name) is not None for name in _GATEWAY):
            return 0
        if self.kind:
            return 1 if self.kind in _BY_SCRIPT or self.is_preflight else 2
        return 1 if self._looks_scripted else 2

    @property
    def _looks_scripted(self) -> bool:
        sent = {name.lower() for name, _ in self.call.headers}
        if sent & {"authorization", "origin", "x-api-key", "access-control-request-method", "x-requested-with"}:
            return True
        return bool(self.answer and "json" in (self.answer.header("content-type") or "").lower())

    @property
    def host(self) -> str:
        """The host of the URL, "" where there is none."""
        try:
            return urlsplit(self.call.url).hostname or ""
        except ValueError:
            return ""


def read_entry(number: int, raw: Json) -> Entry | None:
    """Return an entry from what of it was wanted; None where it holds no call over HTTP."""
    if not isinstance(raw, Mapping) or not isinstance(raw.get("request"), Mapping):
        return None
    request, response = raw["request"], raw.get("response")
    url, method = _text(request.get("url")).partition("#")[0].strip(), _text(request.get("method")).strip() or "GET"
    if not re.match(r"(?i)https?://", url) or not is_method(method):
        return None
    headers = tuple((name, value) for name, value in _headers(request.get("headers")) if not name.startswith(":"))
    body, is_cut = _body(request.get("postData"))
    removed = tuple(Unexpanded(name, value) for name, value in headers if _REMOVED.fullmatch(value.strip()))
    answer, unreadable = _answer(response) if isinstance(response, Mapping) else (None, "")
    error = _text(response.get("_error") if isinstance(response, Mapping) else "") or _text(raw.get("_error"))
    return Entry(
        number,
        Call(method, url, headers, body, removed),
        answer,
        _text(raw.get("_resourceType")).lower()[:40],
        error[:200],
        _origin(headers),
        _moment(raw.get("startedDateTime")),
        unreadable,
        is_cut,
        _text(raw.get("pageref"))[:200],
    )


def _origin(headers: tuple[tuple[str, str], ...]) -> str | None:
    """Return what Origin says, else where the page stands that Referer names: a GET to its own site has no Origin."""
    named = {name.lower(): value for name, value in headers if name.lower() in ("origin", "referer")}
    return named.get("origin") or origin_of(named.get("referer", ""))


def _text(value: Json) -> str:
    """Return a text; a number where one should be is taken for one."""
    if isinstance(value, str):
        return value.removesuffix(CUT)
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _headers(found: Json) -> Iterator[tuple[str, str]]:
    """Yield headers: a list of names with values as HAR has it, an object, or lines."""
    room = _LONGEST_HEADERS
    for name, value in list(_pairs(found))[:_MOST_HEADERS]:
        room -= len(name) + len(value)
        if room < 0:
            return
        if name.strip():
            yield name.strip(), value


def _pairs(found: Json) -> Iterator[tuple[str, str]]:
    if isinstance(found, Mapping):
        for name, value in found.items():
            for each in value if isinstance(value, list) else [value]:
                yield name, _text(each)
    for item in found if isinstance(found, list) else []:
        if isinstance(item, Mapping):
            yield _text(item.get("name")), _text(item.get("value"))
        elif isinstance(item, str):
            name, colon, value = item.partition(":")
            if colon:
                yield name, value.strip()


def _body(data: Json) -> tuple[bytes | None, bool]:
    found = data.get("text") if isinstance(data, Mapping) else None
    if isinstance(found, str) and found.endswith(CUT):
        return None, True
    text = _text(found)
    return (text.encode("utf-8", "replace") if text else None), False


def _answer(response: Mapping[str, Json]) -> tuple[Answer | None, str]:
    """Return the answer, None for one that never came, and the encoding of a body that cannot be read."""
    status = _text(response.get("status"))
    if not re.fullmatch(r"[1-5][0-9]{2}(?:\.0)?", status):
        return None, ""
    headers = tuple((name, value) for name, value in _headers(response.get("headers")) if not name.startswith(":"))
    text, unreadable = _content(response.get("content"), headers)
    return Answer(int(status[:3]), headers, text[:LONGEST_BODY], date_of(headers)), unreadable


def _content(content: Json, headers: tuple[tuple[str, str], ...]) -> tuple[str, str]:
    """Return a body's text, and its encoding where that cannot be undone.

    HAR means a body to be what the page saw; Charles and others keep the bytes that came over the wire.
    """
    if not isinstance(content, Mapping):
        return "", ""
    text = _text(content.get("text"))
    if _text(content.get("encoding")).lower() != "base64":
        return text, ""
    try:
        plain = re.sub(r"\s", "", text)
        data = base64.b64decode(plain[: len(plain) // 4 * 4] if content["text"] != text else plain)
    except (binascii.Error, ValueError):
        return "", "base64"
    named = next((value.strip().lower() for name, value in headers if name.lower() == "content-encoding"), "")
    for bits in (zlib.MAX_WBITS | 32, -zlib.MAX_WBITS) if named in ("gzip", "x-gzip", "deflate") else ():
        try:
            return zlib.decompressobj(bits).decompress(data, 4 * LONGEST_BODY).decode("utf-8", "replace"), ""
        except zlib.error:
            continue
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError:
        # A text that was cut may end within a character.
        return ("", named) if named not in ("", "identity") else (data.decode("utf-8", "replace"), "")


def _moment(value: Json) -> float | None:
    try:
        seconds = datetime.fromisoformat(_text(value)).timestamp()
    except (ValueError, OverflowError, OSError):
        return None
    return seconds if 946_684_800 <= seconds < 4_102_444_800 else None  # the years 2000 to 2099
