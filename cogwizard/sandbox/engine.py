"""The server of the sandbox: HTTP on loopback, and who answers which address. One world, until `stop`."""

import contextlib
import json
import socket
import threading
import uuid
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from cogwizard.sandbox import account, apigateway, challenges, cognito, hosted, signin
from cogwizard.sandbox.domain import Call, Memory, find_call
from cogwizard.sandbox.invoke import invoke
from cogwizard.sandbox.pools import jwks, openid_configuration
from cogwizard.sandbox.protocol import (
    REFUSED,
    AwsError,
    Context,
    Operation,
    Parsed,
    Reply,
    Request,
    Service,
    load_services,
)
from cogwizard.sandbox.routing import Target, find_target
from cogwizard.sandbox.world import ScenarioError, World

HOST = "127.0.0.1"  # never another address: the sandbox knows no authentication
LARGEST_BODY = 10 * 1024 * 1024  # API Gateway's own limit for a payload
_PARTS = (apigateway, cognito, signin, challenges, account)
_OPERATIONS: dict[tuple[str, str], Operation] = {key: run for part in _PARTS for key, run in part.OPERATIONS.items()}
_SERVICES = ("apigateway", "cognito-idp", "sts", "logs")
_TARGETS = {"AWSCognitoIdentityProviderService": "cognito-idp", "Logs_20140328": "logs"}


class _Dropped(Exception):
    """Close the connection without an answer."""


class Sandbox:
    """An AWS on loopback for one world: boto3, the AWS CLI and curl talk to `url` unchanged.

    `requests`: what was asked, as (service, operation, parameters without secrets), in order. `denied`: what is
    refused, a mapping of an operation's name, or of (name, API, pool or client id), to an AWS error type, "drop" (the
    connection closes without an answer) or "hang" (no answer until `stop`); GetKeys and Invoke count as operations, and
    so do the pages of a pool's domain (service `cognito-domain`: Authorize, Login, Token ...), with OAuth's errors too.
    """

    def __init__(self, world: World, *, port: int = 0) -> None:
        self.world = world
        self.requests: list[tuple[str, str, dict[str, Any]]] = []
        self.denied: dict[str | tuple[str, str], str] = {}
        self._memory = Memory()
        self._port = port
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """The endpoint, e.g. `http://127.0.0.1:40123`. Raises RuntimeError before `start`."""
        if self._server is None:
            raise RuntimeError("the sandbox is not running: call start() first")
        return f"http://{HOST}:{self._server.server_address[1]}"

    def invoke_url(self, rest_api_id: str, stage: str, path: str = "/") -> str:
        """Return the address at which a call reaches `path` of a deployed API."""
        return f"{self.url}/_aws/execute-api/{rest_api_id}/{quote(stage)}/{path.lstrip('/')}"

    def start(self) -> Self:
        """Load the service models and serve in a thread. Raises OSError when the port is taken."""
        if self._server is None:
            self._server = _Server((HOST, self._port), self, load_services(_SERVICES))
            self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
            self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving and close every connection. Does nothing when it is not running."""
        if self._server and self._thread:
            self._server.stopping.set()
            self._server.shutdown()
            self._server.close_connections()
            self._server.server_close()
            self._thread.join()
        self._server = self._thread = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], sandbox: Sandbox, services: dict[str, Service]) -> None:
        self.sandbox, self.services = sandbox, services
        self.stopping = threading.Event()
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that breaks off is no event worth a traceback."""

    def answer(self, request: Request) -> Reply:
        """Route by address first: a raw token in Authorization is normal here and says nothing."""
        world = self.sandbox.world
        if target := find_target(world, request):
            return self._invoke(request, target)
        if call := find_call(world, request):
            return self._hosted(call)
        parts = request.path.strip("/").split("/")
        if len(parts) == 3 and parts[1] == ".well-known":
            return self._keys(parts[0], parts[2])
        service = self._service(request)
        parsed = service.parse(request)
        if parsed is None:
            return service.error(AwsError("UnknownOperationException", "The sandbox knows no such operation", 404))
        return self._operate(request, parsed)

    def _service(self, request: Request) -> Service:
        prefix = (request.header("x-amz-target") or "").rpartition(".")[0]
        if prefix in _TARGETS:
            return self.services[_TARGETS[prefix]]
        form = (request.header("content-type") or "").startswith("application/x-www-form-urlencoded")
        return self.services["sts" if form and request.path == "/" else "apigateway"]

    def _operate(self, request: Request, parsed: Parsed) -> Reply:
        service, name, params = parsed.service, parsed.model.name, parsed.params
        self.sandbox.requests.append((service.name, name, parsed.shown))
        about = next((params[key] for key in ("restApiId", "UserPoolId", "ClientId") if params.get(key)), None)
        if denied := self._denied(name, about):
            return service.error(service.refusal(denied))
        operation = _OPERATIONS.get((service.name, name))
        if operation is None:
            return service.error(AwsError("UnknownOperationException", f"The sandbox does not know {name}", 404))
        try:
            if parsed.problem:
                kind = "BadRequestException" if service.protocol == "rest-json" else "InvalidParameterException"
                raise AwsError(kind, parsed.problem)
            return service.answer(parsed, operation(Context(self.sandbox.world, request.region), params))
        except AwsError as error:
            return service.error(error)

    def _denied(self, operation: str, target: object) -> str | None:
        """Return the error type with which an operation is refused; drop and hang end the connection."""
        table = self.sandbox.denied
        kind = table.get((operation, str(target))) or table.get(operation)
        if kind == "hang":
            self.stopping.wait()
        if kind in ("hang", "drop"):
            raise _Dropped
        return kind

    def _keys(self, pool_id: str, document: str) -> Reply:
        self.sandbox.requests.append(("cognito-idp", "GetKeys", {"UserPoolId": pool_id}))
        if denied := self._denied("GetKeys", pool_id):
            return _json_error(denied)
        pool = self.sandbox.world.pools.get(pool_id)
        if not pool or not pool.exists:
            return _json(404, {"message": f"User pool {pool_id} does not exist."})
        documents = {"jwks.json": jwks, "openid-configuration": openid_configuration}
        if document not in documents:
            return _json(404, {"message": "Not Found"})
        return _json(200, documents[document](pool))

    def _hosted(self, call: Call) -> Reply:
        if call.page:
            self.sandbox.requests.append(("cognito-domain", call.page, dict(call.shown)))
        denied = self._denied(call.page or "", call.pool.id if call.pool else None)
        if not call.reachable:  # a host without an address cannot be played: nothing answers
            raise _Dropped
        return hosted.answer(self.sandbox.world, self.sandbox._memory, call, denied)

    def _invoke(self, request: Request, target: Target) -> Reply:
        shown = {"restApiId": target.rest_api_id, "stage": target.stage, "method": request.method, "path": target.path}
        self.sandbox.requests.append(("execute-api", "Invoke", shown))
        if denied := self._denied("Invoke", target.rest_api_id):
            return _json_error(denied)
        return invoke(self.sandbox.world, request, target)


def _json(status: int, value: Any) -> Reply:
    return Reply(status, (("Content-Type", "application/json"),), json.dumps(value).encode())


def _json_error(kind: str) -> Reply:
    status = 429 if kind in ("TooManyRequestsException", "ThrottlingException") else 403
    text = "Too Many Requests" if status == 429 else REFUSED.get(kind, "Refused by the sandbox")
    reply = _json(status, {"message": text})
    return Reply(reply.status, (*reply.headers, ("x-amzn-ErrorType", kind)), reply.body)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # headers and body in one packet: written apart they cost 40 ms a call
    disable_nagle_algorithm = True
    timeout = 60
    server: _Server

    def do_GET(self) -> None:
        """Answer any request, whatever its verb."""
        try:
            body = self._body()
            if body is None:
                self.close_connection = True
                self._send(_json(413, {"message": "The sandbox takes bodies up to 10 MiB"}))
                return
            headers = tuple((name, value.strip(" \t")) for name, value in self.headers.items())
            self._send(self._reply(Request(self.command, self.path, headers, body)))
        except _Dropped:
            self.close_connection = True

    do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_HEAD = do_GET

    def _reply(self, request: Request) -> Reply:
        try:
            return self.server.answer(request)
        except _Dropped:
            raise
        except ScenarioError as error:
            return _json(500, {"message": f"The sandbox cannot serve this world: {error}"})
        except Exception as error:
            # Only the kind: the text of an unforeseen error may quote what was sent.
            where = error.__traceback__
            while where and where.tb_next:
                where = where.tb_next
            place = f"{where.tb_frame.f_code.co_qualname}, line {where.tb_lineno}" if where else "?"
            return _json(500, {"message": f"The sandbox failed: {type(error).__name__} in {place}"})

    def _body(self) -> bytes | None:
        """Read the whole body, so that the connection can go on. None: too large, or no body that can be read."""
        if (self.headers.get("Transfer-Encoding") or "").lower() == "chunked":
            return self._chunks()
        length = self.headers.get("Content-Length") or "0"
        if not (length.isascii() and length.isdecimal() and len(length) < 10 and int(length) <= LARGEST_BODY):
            return None
        return self.rfile.read(int(length))

    def _chunks(self) -> bytes | None:
        body = b""
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
                return body

    def _send(self, reply: Reply) -> None:
        self.send_response_only(reply.status)
        if not any(name.lower() == "date" for name, _ in reply.headers):
            self.send_header("Date", formatdate(self.server.sandbox.world.now(), usegmt=True))
        if not any(name.lower() == "x-amzn-requestid" for name, _ in reply.headers):
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
