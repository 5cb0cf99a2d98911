"""One HTTP exchange, byte for byte as it is given, with boto3's TLS and proxy policy and a deadline over all of it.

Header bytes, their order and the URL must reach the server unchanged, which neither boto3 nor a urllib3 pool allows:
the exchange is made on one urllib3 connection, without the request and response layers above it.
"""

import base64
import contextlib
import http.client
import re
import socket
import string
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, unquote

from cogwizard.aws.errors import Failed, safe
from cogwizard.aws.hosts import environ_proxies
from cogwizard.aws.session import Settings
from cogwizard.aws.tls import kind_of, meaning_of, tls_context

Headers = list[tuple[bytes, bytes]]
_URL = re.compile(
    r"(?i)(?P<scheme>https?)://(?P<host>\[[0-9a-f:.]+\]|[^\s/?#@:\[\]\\]+)(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<target>[/?][^#\x00-\x20\x7f]*)?(?:#.*)?",
    re.DOTALL,
)
# A / ? or # in a password would make its begin the host: with an @ after them it is no proxy.
_PROXY = re.compile(r"(?i)https?://[^/?#\x00-\x20\x7f]+(?:[/?#][^@\x00-\x20\x7f]*)?")
_HOST = re.compile(r"\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+")  # after IDNA, which can bring in other characters


class NotSendable(ValueError):
    """A request cannot be put on the wire as it was given. The text says why, and holds no value."""


class InvalidProxy(ValueError):
    """The proxy of the environment cannot be used. The text is ours: another one would show its password."""

    def __str__(self) -> str:
        """What is wrong, and what to do."""
        return (
            "the proxy that HTTPS_PROXY or HTTP_PROXY names is no URL of the form http://user:password@host:port; "
            "correct it, with special characters of the password percent-encoded"
        )


@dataclass(frozen=True)
class Url:
    """A URL taken apart for the wire. `authority` is its Host header; `host` has no brackets."""

    scheme: str
    host: str
    port: int
    authority: str
    target: str = field(repr=False)


@dataclass(frozen=True)
class Reply:
    """What came back; headers in order, the body as bytes and cut at the caller's limit. Unix seconds.

    `peer`: the address that answered, None where a proxy stands between.
    """

    status: int
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False)
    received_at: float
    peer: str | None = None

    def header(self, name: str) -> str:
        """Return the first value of a header (name in lower case), "" when it is absent."""
        return next((value for key, value in self.headers if key.lower() == name), "")


def read_url(url: str) -> Url:
    """Take a URL apart; its fragment is dropped, its escapes stay. Raises NotSendable."""
    found = _URL.fullmatch(url)
    if not found:
        raise NotSendable("the URL is none that can be called: no http or https, user information, or a blank in it")
    scheme, host = found["scheme"].lower(), found["host"]
    default = 443 if scheme == "https" else 80
    port = int(found["port"] or default)
    target = found["target"] or "/"
    try:
        name = host if host.isascii() else host.encode("idna").decode()
        # Only what is no ASCII is encoded, as a browser does; escapes and all else stay as they were given.
        target = quote(target if target.startswith("/") else f"/{target}", safe=string.printable)
    except UnicodeError:
        raise NotSendable("the URL holds characters that cannot be encoded") from None
    if not _HOST.fullmatch(name):
        raise NotSendable("the URL's host is no host name")
    if not 0 < port < 65536:
        raise NotSendable("the URL's port is none")
    return Url(scheme, name.strip("[]"), port, name if port == default else f"{name}:{port}", target)


def exchange(
    method: str,
    url: Url,
    headers: Headers,
    body: bytes,
    *,
    limit: int,
    ca_bundle: str,
    settings: Settings,
    seconds: float | None = None,
) -> Reply:
    """Send one request, read its answer up to `limit` bytes of body, follow no redirect. Raises Failed.

    Whatever the server does, it ends after `seconds`, or after `settings.connect_timeout + settings.timeout`.
    """
    from urllib3.exceptions import HTTPError, LocationParseError

    try:
        connection, target, extra = _connection(url, ca_bundle, settings)

        def run(wire: _Wire) -> Reply:
            wire.connect(settings.timeout)
            peer = connection.sock.getpeername()[0] if _proxy_for(url) is None else None
            return replace(_ask(connection, method, target, headers + extra, body, limit), peer=peer)

        return _in_time(connection, seconds or settings.connect_timeout + settings.timeout, run)
    except LocationParseError as error:
        raise Failed(type(error).__name__, f"{safe(url.host)}: the host name cannot be used") from None
    except (HTTPError, OSError, http.client.HTTPException, ValueError) as error:
        # RemoteDisconnected and the like are both OSError and HTTPException: nothing was answered.
        protocol = isinstance(error, http.client.HTTPException) and not isinstance(error, OSError)
        if tls := kind_of(error):
            raise Failed(tls, f"{safe(url.host)}: {safe(meaning_of(tls, ca_bundle))} ({safe(str(error))})") from None
        raise Failed(
            type(error).__name__, f"{safe(url.host)}: {safe(str(error)) or 'no answer in time'}", protocol
        ) from None


def _connection(url: Url, ca_bundle: str, settings: Settings) -> tuple[Any, str, Headers]:
    """Return an unconnected urllib3 connection, the request target, and headers for a forwarding proxy."""
    from urllib3.connection import HTTPConnection, HTTPSConnection
    from urllib3.exceptions import LocationParseError
    from urllib3.util import parse_url

    def https(host: str, port: int, **more: Any) -> HTTPSConnection:
        return HTTPSConnection(
            host,
            port,
            timeout=settings.connect_timeout,
            ssl_context=tls_context(),
            cert_reqs="CERT_REQUIRED",
            ca_certs=ca_bundle,
            **more,
        )

    proxy_url = _proxy_for(url)
    if proxy_url is None:
        # Names under .localhost are this machine by definition (RFC 6761), whatever the resolver says.
        host = "127.0.0.1" if url.host.rstrip(".").lower().endswith(".localhost") else url.host
        if url.scheme == "https":
            return https(host, url.port, server_hostname=url.host), url.target, []
        return HTTPConnection(host, url.port, timeout=settings.connect_timeout), url.target, []
    if not _PROXY.fullmatch(proxy_url):
        raise InvalidProxy
    try:
        proxy = parse_url(proxy_url)
    except LocationParseError:
        raise InvalidProxy from None
    if not proxy.host:
        raise InvalidProxy
    host, port = proxy.host.strip("[]"), proxy.port or (443 if proxy.scheme == "https" else 80)
    user, _, password = (proxy.auth or "").partition(":")
    secret = base64.b64encode(f"{unquote(user)}:{unquote(password)}".encode()).decode() if user and password else None
    if url.scheme == "https":
        connection = https(host, port)
        authorization = {"Proxy-Authorization": f"Basic {secret}"} if secret else None
        connection.set_tunnel(url.host, url.port, headers=authorization, scheme=proxy.scheme or "http")
        return connection, url.target, []
    forwarding: Any = (
        https(host, port) if proxy.scheme == "https" else HTTPConnection(host, port, timeout=settings.connect_timeout)
    )
    extra = [(b"Proxy-Authorization", f"Basic {secret}".encode())] if secret else []
    return forwarding, f"http://{url.authority}{url.target}", extra


def _proxy_for(url: Url) -> str | None:
    proxy = environ_proxies(f"{url.scheme}://{url.authority}/").get(url.scheme)
    if not proxy:
        return None
    # "http:host" is nothing that botocore understands either.
    return proxy if re.match("(?i)https?:", proxy) or "://" in proxy else f"http://{proxy.removeprefix('//')}"


def _ask(connection: Any, method: str, target: str, headers: Headers, body: bytes, limit: int) -> Reply:
    connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
    for name, value in headers:
        connection.putheader(name, value)
    connection.endheaders(body or None)
    # Not urllib3's getresponse: it logs the URL where a header cannot be parsed, and joins headers of one name.
    with contextlib.closing(http.client.HTTPConnection.getresponse(connection)) as response:
        received_at = time.time()
        content = bytearray()
        while len(content) < limit and (piece := response.read(min(65536, limit - len(content)))):
            content += piece
        return Reply(response.status, tuple(response.getheaders()), bytes(content), received_at)


class _Wire:
    """The socket of a connection, so that another thread can cut it."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._socket: Any = None
        self._is_cut = False

    def connect(self, timeout: float) -> None:
        """Connect; each later read may take `timeout` seconds. Raises TimeoutError when the deadline has passed."""
        self._connection.connect()
        self._connection.sock.settimeout(timeout)
        # http.client drops its own reference once an answer without a length has begun.
        self._socket = self._connection.sock
        if self._is_cut:
            raise TimeoutError

    def cut(self) -> None:
        """End all reading and writing, whatever it waits for."""
        self._is_cut = True
        found = self._socket or self._connection.sock
        if found is not None:
            with contextlib.suppress(OSError):
                # TLS inside TLS is no socket, but has one; SSLSocket's own shutdown is not made for another thread.
                socket.socket.shutdown(getattr(found, "socket", found), socket.SHUT_RDWR)


def _in_time(connection: Any, seconds: float, run: Callable[[_Wire], Reply]) -> Reply:
    """Run an exchange with a deadline over all of it: name resolution, TLS, and a server that sends byte by byte."""
    wire = _Wire(connection)
    results: list[Reply | Exception] = []

    def work() -> None:
        try:
            results.append(run(wire))
        except Exception as error:
            results.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=work, daemon=True, name="cogwizard-web")
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        wire.cut()
        thread.join(1.0)
        raise TimeoutError(f"no whole answer within {seconds:g} seconds")
    result = results[0]
    if isinstance(result, Exception):
        raise result
    return result
