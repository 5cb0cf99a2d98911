"""HTTP/1.1 on loopback, with TLS or without: connections, bodies, answers. What is answered is somebody else's."""

import contextlib
import json
import socket
import ssl
import threading
import uuid
from abc import abstractmethod
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cogwizard.sandbox.protocol import Reply, Request
from cogwizard.sandbox.world import ScenarioError

HOST = "127.0.0.1"  # never another address: the sandbox knows no authentication
LARGEST_BODY = 10 * 1024 * 1024  # API Gateway's own limit for a payload


class Dropped(Exception):
    """Close the connection without an answer."""


def json_reply(status: int, value: Any) -> Reply:
    """Return an answer with a JSON body."""
    return Reply(status, (("Content-Type", "application/json"),), json.dumps(value).encode())


class Server(ThreadingHTTPServer):
    """A server that can be stopped at once. Raises OSError when the port is taken."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    signs = True  # with a request id, as everything of AWS does

    def __init__(self, port: int, tls: ssl.SSLContext | None = None) -> None:
        self.stopping = threading.Event()
        self._tls = tls
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__((HOST, port), _Handler)

    @abstractmethod
    def answer(self, request: Request) -> Reply:
        """Return the answer to a request. Raises Dropped, ScenarioError."""

    @abstractmethod
    def now(self) -> float:
        """The time that answers tell, in Unix seconds."""

    @property
    def scheme(self) -> str:
        """`https` or `http`."""
        return "https" if self._tls else "http"

    def get_request(self) -> tuple[Any, Any]:
        """Accept a connection. Its handshake is made when it is first read: by its own thread."""
        connection, address = super().get_request()
        if self._tls:
            connection = self._tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        return connection, address

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve a connection in a thread, and remember it."""
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Close a connection, and forget it."""
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        """Close every connection."""
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    # SSLSocket's own shutdown is not made for another thread.
                    socket.socket.shutdown(connection, socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that breaks off is no event worth a traceback."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # headers and body in one packet: written apart they cost 40 ms a call
    disable_nagle_algorithm = True
    timeout = 60
    server: Server

    def do_GET(self) -> None:
        """Answer any request, whatever its verb."""
        try:
            body = self._body()
            if body is None:
                self.close_connection = True
                self._send(json_reply(413, {"message": "The sandbox takes bodies up to 10 MiB"}))
                return
            headers = tuple((name, value.strip(" \t")) for name, value in self.headers.items())
            self._send(self._reply(Request(self.command, self.path, headers, body, self.server.scheme)))
        except Dropped:
            self.close_connection = True

    do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_HEAD = do_GET

    def _reply(self, request: Request) -> Reply:
        try:
            return self.server.answer(request)
        except Dropped:
            raise
        except ScenarioError as error:
            return json_reply(500, {"message": f"The sandbox cannot serve this world: {error}"})
        except Exception as error:
            # Only the kind: the text of an unforeseen error may quote what was sent.
            where = error.__traceback__
            while where and where.tb_next:
                where = where.tb_next
            place = f"{where.tb_frame.f_code.co_qualname}, line {where.tb_lineno}" if where else "?"
            return json_reply(500, {"message": f"The sandbox failed: {type(error).__name__} in {place}"})

    def _body(self) -> bytes | None:
        """Read the whole body, so that the connection can go on. None: too large, or no body that can be read."""
        if (self.headers.get("Transfer-Encoding") or "").lower() == "chunked":
            return self._chunks()
        length = self.headers.get("Content-Length") or "0"
        if not (length.isascii() and length.isdecimal() and len(length) < 10 and int(length) <= LARGEST_BODY):
            return None
        return self.rfile.read(int(length))

    def _chunks(self) -> bytes | None:
        body = bytearray()
        while True:
            try:
                size = int(self.rfile.readline(100).split(b";")[0], 16)
            except ValueError:
                return None
            if size < 0 or len(body) + size > LARGEST_BODY:
                return None
            body += self.rfile.read(size)
            self.rfile.readline(100)
            if size == 0:
                return bytes(body)

    def _send(self, reply: Reply) -> None:
        self.send_response_only(reply.status)
        if not any(name.lower() == "date" for name, _ in reply.headers):
            self.send_header("Date", formatdate(self.server.now(), usegmt=True))
        if self.server.signs and not any(name.lower() == "x-amzn-requestid" for name, _ in reply.headers):
            self.send_header("x-amzn-RequestId", str(uuid.uuid4()))
        for name, value in reply.headers:
            self.send_header(name, value.replace("\r", " ").replace("\n", " "))
        if reply.status >= 200 and reply.status not in (204, 304):
            self.send_header("Content-Length", str(len(reply.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD" and reply.status not in (204, 304):
            self.wfile.write(reply.body)
        self.wfile.flush()

    def handle_expect_100(self) -> bool:
        """Answer `Expect: 100-continue` at once: our output is buffered."""
        going_on = super().handle_expect_100()
        self.wfile.flush()
        return going_on

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is printed: a line of the access log may hold a token."""
