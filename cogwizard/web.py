"""The reads that need no AWS credentials: a pool's keys, and the call made again. With boto3's TLS and proxies."""

import json
import re
import zlib
from dataclasses import replace
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from cogwizard import __version__
from cogwizard.aws.errors import Failed, outcome, safe
from cogwizard.aws.exchange import Headers, NotSendable, Reply, Url, exchange, read_url
from cogwizard.aws.fields import Malformed, expect, required
from cogwizard.aws.hosts import is_aws_host
from cogwizard.aws.session import ANY_REGION, Clients, Settings
from cogwizard.model.answer import Answer
from cogwizard.model.call import Call
from cogwizard.model.pool import Jwk, read_issuer
from cogwizard.model.read import Absent, Read, Unread
from cogwizard.model.read_web import DirectCall, GetKeys, Preflight, Replay

_LONGEST_ANSWER = 1024 * 1024  # bytes
_LONGEST_KEYS = 256 * 1024
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, 5.6.2
_POOL = re.compile(r"[A-Za-z0-9_-]{1,128}")
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
_SERVICES = ("apigateway", "cognito-idp")


class WebReader:
    """Runs one read at a time; may be used from several threads."""

    def __init__(self, settings: Settings, clients: Clients) -> None:
        """Take the time-out, and the clients whose endpoints, CA bundle and profile hold here too."""
        self._settings = settings
        self._clients = clients

    def run(self, read: Read) -> Any:
        """Return `tuple[Jwk, ...]` for GetKeys, `Answer` for a call, or Absent, or Unread. Raises nothing."""
        try:
            if isinstance(read, GetKeys):
                return self._keys(read)
            if isinstance(read, Replay | Preflight | DirectCall):
                return self._call(read)
            return Unread(read, "not-asked", "not-a-web-read")
        except Exception as error:
            return outcome(read, error, self._clients.sign_in(), private=self._clients.private_urls())

    def _keys(self, read: GetKeys) -> tuple[Jwk, ...] | Absent | Unread:
        if self._clients.overridden("cognito-idp", read.region):
            if not _POOL.fullmatch(read.user_pool_id):
                return Unread(read, "withheld", "not-a-pool-id")
            base = f"{self._clients.endpoint('cognito-idp', read.region).rstrip('/')}/{read.user_pool_id}"
        elif read_issuer(read.issuer):
            base = read.issuer
        else:
            return Unread(read, "withheld", "not-a-cognito-issuer")
        try:
            url = read_url(f"{base}/.well-known/jwks.json")
        except NotSendable as error:
            return Unread(read, "withheld", "not-sendable", safe(str(error)))
        headers = [
            (b"Host", url.authority.encode()),
            (b"Accept", b"application/json"),
            (b"User-Agent", f"cogwizard/{__version__}".encode()),
        ]
        reply = self._exchange(read, "GET", url, headers, b"", _LONGEST_KEYS + 1)
        return reply if isinstance(reply, Unread) else _read_keys(read, reply, self._clients.private_urls())

    def _call(self, read: Replay | Preflight | DirectCall) -> Answer | Unread:
        call = self._at_emulator(read) if isinstance(read, DirectCall) else read.call
        if call.unexpanded:
            return Unread(read, "withheld", "not-given", ", ".join(safe(item.header) for item in call.unexpanded))
        try:
            url = read_url(call.url)
            headers = _headers(call, url)
        except NotSendable as error:
            return Unread(read, "withheld", "not-sendable", str(error))
        if is_aws_host(url.host) and any(self._clients.overridden(service, ANY_REGION) for service in _SERVICES):
            return Unread(read, "withheld", "endpoint-override", safe(url.host))
        reply = self._exchange(read, call.method, url, headers, call.body or b"", _LONGEST_ANSWER)
        if isinstance(reply, Unread):
            return reply
        body = _decompressed(reply.body, reply.header("content-encoding"))
        date = _read_date(reply.header("date"))
        text = body.decode("utf-8", "replace")
        return Answer(reply.status, reply.headers, text, date, reply.received_at, reply.peer)

    def _at_emulator(self, read: DirectCall) -> Call:
        """Return a direct call at the endpoint that is in force, in the form that emulators take it (interface, 2)."""
        call, url = read.call, urlsplit(read.call.url)
        if not self._clients.overridden("apigateway", read.region):
            return call
        base = self._clients.endpoint("apigateway", read.region).rstrip("/")
        query = f"?{url.query}" if url.query else ""
        return replace(call, url=f"{base}/_aws/execute-api/{(url.hostname or '').partition('.')[0]}{url.path}{query}")

    def _exchange(self, read: Read, method: str, url: Url, headers: Headers, body: bytes, limit: int) -> Reply | Unread:
        ca_bundle = self._clients.ca_bundle()
        try:
            return exchange(method, url, headers, body, limit=limit, ca_bundle=ca_bundle, settings=self._settings)
        except Failed as error:
            return Unread(read, "malformed" if error.protocol else "unreachable", error.error, error.detail)


def _headers(call: Call, url: Url) -> Headers:
    """Return the headers as bytes, in order. Added are Host, and Content-Length where a body makes it necessary."""
    if not _TOKEN.fullmatch(call.method):
        raise NotSendable("the method is no HTTP method")
    length = str(len(call.body or b"")).encode()
    headers: Headers = []
    for name, value in call.headers:
        if not _TOKEN.fullmatch(name):
            raise NotSendable("a header's name is no HTTP token")
        if any(char in value for char in "\r\n\0"):
            raise NotSendable(f"the value of {name} holds a line break or NUL")
        if name.lower() == "transfer-encoding":
            continue  # the body is sent in one piece
        try:
            # A length that is not the body's would make the server wait, or take the rest for a second request.
            sent = length if name.lower() == "content-length" else value.encode("utf-8")
        except UnicodeError:
            raise NotSendable(f"the value of {name} cannot be encoded") from None
        headers.append((name.encode(), sent))
    names = {name.lower() for name, _ in headers}
    if b"host" not in names:
        headers.insert(0, (b"Host", url.authority.encode()))
    if b"content-length" not in names and (call.body or call.method in _WITH_BODY):
        headers.append((b"Content-Length", length))
    return headers


def _read_keys(read: GetKeys, reply: Reply, private: tuple[str, ...]) -> tuple[Jwk, ...] | Absent | Unread:
    text = reply.body.decode("utf-8", "replace")
    gone = reply.status == 400 and ("ResourceNotFound" in text or "does not exist" in text)
    if reply.status == 404 or gone:
        return Absent(read, f"HTTP {reply.status}", safe(text, private))
    if reply.status != 200:
        return Unread(
            read, "throttled" if reply.status == 429 else "failed", f"HTTP {reply.status}", safe(text, private)
        )
    try:
        keys = json.loads(text)["keys"] if len(reply.body) <= _LONGEST_KEYS else None
    except (ValueError, RecursionError, LookupError, TypeError):
        keys = None
    if not isinstance(keys, list):
        return Unread(read, "malformed", "not-a-key-set", "the answer is no JSON Web Key Set")
    # One entry that cannot be read may be the very key that is looked for: nothing is left out silently.
    found = []
    for key in keys:
        kind = key.get("kty") if isinstance(key, dict) else None
        if isinstance(kind, str) and kind != "RSA":
            continue
        try:
            entry = expect(key, dict, "keys[]")
            required(entry, "kty")
            found.append(Jwk(required(entry, "kid"), required(entry, "n"), required(entry, "e")))
        except Malformed as error:
            return Unread(read, "malformed", "not-a-key", f"an entry of the key set is no RSA key: {safe(str(error))}")
    return tuple(found)


def _decompressed(body: bytes, encoding: str) -> bytes:
    """Undo gzip or deflate, cut at the largest answer; other encodings give nothing to read."""
    kind = encoding.strip().lower()
    if kind in ("", "identity"):
        return body
    if kind not in ("gzip", "x-gzip", "deflate"):
        return b""
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(body, _LONGEST_ANSWER)
    except zlib.error:
        return b""


def _read_date(value: str) -> float | None:
    try:
        return parsedate_to_datetime(value).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError, OSError):
        return None
