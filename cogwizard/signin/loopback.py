"""The listener to which a browser brings the authorization code: on this machine only, for one answer."""

import contextlib
import html
import selectors
import socket
import threading
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Self

from cogwizard.intake.errors import BadInput
from cogwizard.model.attempt import Refusal
from cogwizard.signin.callback import bind, parts_of
from cogwizard.signin.oauth import AuthorizeRequest
from cogwizard.signin.redirect import Code, read_query

Ended = Literal["answered", "timed-out", "closed"]

_LONGEST_HEAD = 64 * 1024  # bytes; browsers send the cookies of all of localhost's ports
_MOST_CONNECTIONS = 32
_LINGER = 1.0  # seconds
_HEADERS = (
    "Content-Type: text/html; charset=utf-8",
    "Connection: close",
    "Cache-Control: no-store",
    # The address holds the code: good once, with our verifier only, and not to be told to anybody.
    "Referrer-Policy: no-referrer",
    "Content-Security-Policy: default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options: nosniff",
)


@dataclass(frozen=True)
class Page:
    """What the browser shows in the end, as plain text in the language `lang` ("en", "ja").

    `signed_in` and `refused` say that the window may be closed and where to go on; `not_ours` is for a request that
    does not belong to this sign-in.
    """

    lang: str
    title: str
    signed_in: str
    refused: str
    not_ours: str


class Listener:
    """Waits for the redirect of one request. To be opened before the browser is; a context manager closes it.

    It ends after one answer with our state, after `seconds`, or by `close`. A wrong state, another path, another Host
    (DNS rebinding), a second answer change nothing, and no connection can hold up another: each has its own thread and
    `connection_seconds`. Raises ValueError for a callback URL that is not `listenable`, or an implicit request.
    """

    def __init__(
        self, request: AuthorizeRequest, page: Page, *, seconds: float = 600.0, connection_seconds: float = 10.0
    ) -> None:
        """Take what is waited for and what is shown; nothing is bound yet."""
        parts = parts_of(request.redirect_uri)
        if parts is None or request.verifier is None:
            raise ValueError("nothing that can be listened for")
        self._request, self._page = request, page
        self._seconds, self._connection_seconds = seconds, connection_seconds
        self._host, self._port, self._path = parts.hostname or "", parts.port or 0, parts.path or "/"
        self._authority = parts.netloc.lower()
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._open: dict[socket.socket, threading.Thread] = {}
        self._wake: tuple[socket.socket, socket.socket] | None = None
        self._thread: threading.Thread | None = None
        self._told, self._finished = threading.Event(), threading.Event()
        self._result: Code | Refusal | None = None
        self._why: Ended | None = None

    @property
    def ended(self) -> Ended | None:
        """Why it ended, None while it listens."""
        return self._why

    @property
    def addresses(self) -> tuple[tuple[str, int], ...]:
        """What is bound, as (address, port): loopback only."""
        return tuple(found.getsockname()[:2] for found in self._sockets)

    def open(self) -> Self:
        """Bind the loopback addresses that the callback's host stands for, and listen. Raises CannotListen."""
        self._wake = socket.socketpair()
        try:
            self._sockets = bind(self._host, self._port)
        except BaseException:
            self._close_sockets()
            raise
        deadline = time.monotonic() + self._seconds
        self._thread = threading.Thread(target=self._serve, args=(deadline,), daemon=True, name="cogwizard-redirect")
        self._thread.start()
        return self

    def wait(self, seconds: float | None = None) -> Code | Refusal | None:
        """Wait for the end, at most `seconds`. Returns the answer; None: none came, or none yet (see `ended`)."""
        self._finished.wait(seconds)
        return self._result if self._finished.is_set() else None

    def close(self) -> None:
        """Stop listening and end all connections; the port is free afterwards."""
        self._end("closed")
        if self._thread:
            self._thread.join()
        with self._lock:
            still_open = dict(self._open)
        for connection, thread in still_open.items():
            _cut(connection)
            thread.join(_LINGER)

    def __enter__(self) -> Self:
        return self.open()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- accepting -----------------------------------------------------------------------------------------------------

    def _serve(self, deadline: float) -> None:
        wake = self._wake[0] if self._wake else None
        try:
            with selectors.DefaultSelector() as selector:
                for source in (*self._sockets, wake):
                    if source:
                        selector.register(source, selectors.EVENT_READ)
                while self._why is None:
                    left = deadline - time.monotonic()
                    if left <= 0:
                        self._end("timed-out")
                        break
                    for key, _ in selector.select(left):
                        if key.fileobj is not wake and isinstance(key.fileobj, socket.socket):
                            self._accept(key.fileobj)
        finally:
            self._close_sockets()
            if self._result is not None:
                self._told.wait(2 * _LINGER)  # the caller may leave as soon as it has the answer
            self._finished.set()

    def _accept(self, source: socket.socket) -> None:
        try:
            connection, _ = source.accept()
        except BlockingIOError:
            return
        except OSError:
            time.sleep(0.05)  # no more descriptors: not asked again at once
            return
        thread = threading.Thread(target=self._converse, args=(connection,), daemon=True, name="cogwizard-redirect")
        with self._lock:
            # Whoever has waited longest without a request gives way.
            oldest = next(iter(self._open)) if len(self._open) >= _MOST_CONNECTIONS else None
            self._open[connection] = thread
        if oldest:
            _cut(oldest)
        try:
            thread.start()
        except RuntimeError:  # no more threads
            with self._lock:
                del self._open[connection]
            connection.close()

    def _end(self, why: Ended) -> None:
        """Stop listening. The first reason holds."""
        with self._lock:
            self._why = self._why or why
            if self._wake:
                with contextlib.suppress(OSError):
                    self._wake[1].send(b"\0")

    def _tell(self) -> None:
        self._told.set()
        self._end("answered")

    def _close_sockets(self) -> None:
        with self._lock:
            for found in (*self._sockets, *(self._wake or ())):
                found.close()
            self._sockets, self._wake = [], None

    # -- one connection ------------------------------------------------------------------------------------------------

    def _converse(self, connection: socket.socket) -> None:
        result = None
        try:
            head = _read_head(connection, time.monotonic() + self._connection_seconds)
            if head is not None:
                status, text, result = self._judge(head)
                connection.settimeout(_LINGER)
                connection.sendall(self._written(status, text))
                connection.shutdown(socket.SHUT_WR)
                if result is not None:
                    self._tell()
                _drain(connection)
        except OSError:
            pass
        finally:
            if result is not None:
                self._tell()  # also where the browser was gone before the page
            with self._lock:
                self._open.pop(connection, None)
            connection.close()

    def _judge(self, head: bytes) -> tuple[str, str, Code | Refusal | None]:
        """Return the status, the text for the page, and what the caller gets: only once, with our state."""
        lines = head.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
        words = lines[0].split(" ")
        if len(head) >= _LONGEST_HEAD:
            return "431 Request Header Fields Too Large", "", None
        if len(words) != 3 or not words[2].startswith("HTTP/1."):
            return "400 Bad Request", "", None
        fields = [line.partition(":") for line in lines[1:]]
        if [value.strip().lower() for name, _, value in fields if name.lower() == "host"] != [self._authority]:
            return "400 Bad Request", "", None
        path, _, query = words[1].partition("?")
        if path != self._path:
            return "404 Not Found", "", None
        if words[0] != "GET":
            return "405 Method Not Allowed", "", None
        try:
            answer = read_query(query, self._request, time.time())
        except BadInput:
            return "400 Bad Request", self._page.not_ours, None
        with self._lock:
            if self._result is not None or self._why is not None:
                return "400 Bad Request", self._page.not_ours, None
            self._result, self._why = answer, "answered"
        return "200 OK", self._page.signed_in if isinstance(answer, Code) else self._page.refused, answer

    def _written(self, status: str, text: str) -> bytes:
        """Return an answer: a page without script, style or anything to load, and nothing of the request in it."""
        lang, title, shown = (html.escape(part) for part in (self._page.lang, self._page.title, text))
        body = (
            f'<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title></head>\n'
            f"<body><h1>{title}</h1><p>{shown}</p></body></html>\n"
            if text
            else ""
        ).encode()
        head = "\r\n".join((f"HTTP/1.1 {status}", *_HEADERS, f"Content-Length: {len(body)}", "", ""))
        return head.encode() + body


def _read_head(connection: socket.socket, deadline: float) -> bytes | None:
    """Return what came up to the empty line, or up to the limit; None when it did not come whole in time."""
    head = bytearray()
    while len(head) < _LONGEST_HEAD:
        left = deadline - time.monotonic()
        if left <= 0:
            return None
        connection.settimeout(left)
        piece = connection.recv(_LONGEST_HEAD - len(head))
        if not piece:
            return None
        head += piece
        if head.find(b"\r\n\r\n", max(0, len(head) - len(piece) - 3)) >= 0:
            break
    return bytes(head)


def _drain(connection: socket.socket) -> None:
    """Read what is still sent: closing a connection with unread bytes would take our answer back. Raises OSError."""
    deadline = time.monotonic() + _LINGER
    while (left := deadline - time.monotonic()) > 0:
        connection.settimeout(left)
        if not connection.recv(65536):
            return


def _cut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
