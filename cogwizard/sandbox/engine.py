"""The server of the sandbox: HTTP on loopback, and who answers which address. One world, until `stop`."""

import ssl
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from cogwizard.sandbox import (
    account,
    api_writes,
    apigateway,
    apigatewayv2,
    authorizer_writes,
    challenges,
    cognito,
    executionlog,
    functions,
    hosted,
    iam,
    logs,
    pool_writes,
    signin,
    user_writes,
    waf,
)
from cogwizard.sandbox.domain import Call, Memory, find_call
from cogwizard.sandbox.front import FrontServer
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
    broken_constraints,
    load_service,
)
from cogwizard.sandbox.routing import Target, find_target
from cogwizard.sandbox.server import HOST, Dropped, Server, json_reply
from cogwizard.sandbox.signature import check_signature
from cogwizard.sandbox.world import World

_READS = (apigateway, apigatewayv2, cognito, signin, challenges, account, executionlog, waf)
_WRITES = (pool_writes, user_writes, api_writes, authorizer_writes, iam, functions, logs)
_OPERATIONS: dict[tuple[str, str], Operation] = {
    key: run for part in (*_READS, *_WRITES) for key, run in part.OPERATIONS.items()
}
# Whose parameters are held against the model's constraints too: what is made must be what AWS would have made.
_CONSTRAINED = frozenset(key for part in _WRITES for key in part.OPERATIONS)
_TARGETS = {"AWSCognitoIdentityProviderService": "cognito-idp", "Logs_20140328": "logs", "AWSWAF_20190729": "wafv2"}
_MOST_REQUESTS, _LONGEST_SHOWN = 20_000, 200_000  # entries; characters
_ABOUT = ("restApiId", "ApiId", "UserPoolId", "ClientId", "FunctionName", "RoleName", "logGroupName")


class Sandbox:
    """An AWS on loopback for one world: boto3, the AWS CLI and curl talk to `url` unchanged.

    `requests`: what was asked, as (service, operation, parameters without secrets), in order. `denied`: what is
    refused, a mapping of an operation's name, or of (name, API, pool or client id, name of a function, role or log
    group), to an AWS error type, "drop" (the connection closes without an answer) or "hang" (no answer until `stop`),
    "lost" and "stall": the same two, but what was asked for has happened. GetKeys and Invoke count as operations, and
    so do the pages of a pool's domain (service `cognito-domain`: Authorize, Login, Token ...), with OAuth's errors too.

    `tls`: the server's side of TLS (`certificates.Authority.context`); None: plain HTTP. `keys`: the id and the secret
    with which calls of AWS's APIs must be signed; None: nobody looks at signatures.
    """

    def __init__(
        self,
        world: World,
        *,
        port: int = 0,
        tls: ssl.SSLContext | None = None,
        keys: tuple[str, str] | None = None,
    ) -> None:
        self.world = world
        self.keys = keys
        self.tls = tls
        self.requests: list[tuple[str, str, dict[str, Any]]] = []
        self.denied: dict[str | tuple[str, str], str] = {}
        self._memory = Memory()
        self._port = port
        self._server: _Server | None = None
        self._fronts: dict[str, FrontServer] = {}
        self._threads: list[threading.Thread] = []

    @property
    def url(self) -> str:
        """The endpoint, e.g. `http://127.0.0.1:40123`. Raises RuntimeError before `start`."""
        if self._server is None:
            raise RuntimeError("the sandbox is not running: call start() first")
        return f"{self._server.scheme}://{HOST}:{self._server.server_address[1]}"

    def invoke_url(self, rest_api_id: str, stage: str, path: str = "/") -> str:
        """Return the address at which a call reaches `path` of a deployed API."""
        return f"{self.url}/_aws/execute-api/{rest_api_id}/{quote(stage)}/{path.lstrip('/')}"

    def front_url(self, name: str) -> str:
        """Return the address of a front of the world (`World.fronts`), without a path."""
        front = self._fronts[name]
        return f"{front.scheme}://{HOST}:{front.server_address[1]}"

    def start(self) -> Self:
        """Serve in a thread. Raises OSError when the port is taken."""
        if self._server is None:
            self._server = _Server(self, self._port)
            for name, front in self.world.fronts.items():
                self._fronts[name] = FrontServer(self.world, front, self._server.answer, self.tls)
            for server in (self._server, *self._fronts.values()):
                thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
                thread.start()
                self._threads.append(thread)
        return self

    def stop(self) -> None:
        """Stop serving and close every connection. Does nothing when it is not running."""
        for server in (*self._fronts.values(), *([self._server] if self._server else [])):
            server.stopping.set()
            server.shutdown()
            server.close_connections()
            server.server_close()
        for thread in self._threads:
            thread.join()
        self._server = None
        self._fronts.clear()
        self._threads.clear()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class _Server(Server):
    def __init__(self, sandbox: Sandbox, port: int) -> None:
        self.sandbox = sandbox
        super().__init__(port, sandbox.tls)

    def now(self) -> float:
        """The time in the sandbox's world."""
        return self.sandbox.world.now()

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

    def _remember(self, service: str, name: str, shown: dict[str, Any]) -> None:
        """Note what was asked. Not without bound: whoever reaches loopback may ask, as often as they like."""
        requests = self.sandbox.requests
        if len(requests) >= _MOST_REQUESTS:
            del requests[: _MOST_REQUESTS // 2]
        is_long = len(repr(shown)) > _LONGEST_SHOWN
        requests.append((service, name, {"": "too long to keep"} if is_long else shown))

    def _service(self, request: Request) -> Service:
        prefix = (request.header("x-amz-target") or "").rpartition(".")[0]
        if prefix in _TARGETS:
            return load_service(_TARGETS[prefix])
        form = (request.header("content-type") or "").startswith("application/x-www-form-urlencoded")
        if form and request.path == "/":
            return load_service("iam" if request.service == "iam" else "sts")
        if request.service == "lambda" or request.path.startswith("/2015-03-31/functions"):
            return load_service("lambda")
        return load_service("apigatewayv2" if request.path.startswith("/v2/") else "apigateway")

    def _operate(self, request: Request, parsed: Parsed) -> Reply:
        service, name, params = parsed.service, parsed.model.name, parsed.params
        self._remember(service.name, name, parsed.shown)
        about = next((params[key] for key in _ABOUT if params.get(key)), None)
        return self._unless_denied(
            name, about, lambda kind: service.error(service.refusal(kind)), lambda: self._operated(request, parsed)
        )

    def _operated(self, request: Request, parsed: Parsed) -> Reply:
        service, key = parsed.service, (parsed.service.name, parsed.model.name)
        operation, world = _OPERATIONS.get(key), self.sandbox.world
        if operation is None:
            return service.error(AwsError("UnknownOperationException", f"The sandbox does not know {key[1]}", 404))
        try:
            if self.sandbox.keys:
                check_signature(self.sandbox.url, request, parsed, self.sandbox.keys)
            if problem := parsed.problem or (broken_constraints(parsed) if key in _CONSTRAINED else None):
                raise service.bad_input(problem)
            with world.issued.lock:  # what one request lists, another one may be adding to
                return service.answer(parsed, operation(Context(world, request.region), parsed.params))
        except AwsError as error:
            return service.error(error)

    def _unless_denied(
        self, operation: str, target: object, refuse: Callable[[str], Reply], run: Callable[[], Reply]
    ) -> Reply:
        """Return what `run` answers, or `refuse` with the error type that `Sandbox.denied` has. Raises Dropped."""
        table = self.sandbox.denied
        kind = table.get((operation, str(target))) or table.get(operation)
        if kind and kind not in ("hang", "drop", "stall", "lost"):
            return refuse(kind)
        reply = run() if kind not in ("hang", "drop") else None
        if kind in ("hang", "stall"):
            self.stopping.wait()
        if kind or reply is None:
            raise Dropped
        return reply

    def _keys(self, pool_id: str, document: str) -> Reply:
        self._remember("cognito-idp", "GetKeys", {"UserPoolId": pool_id})
        return self._unless_denied("GetKeys", pool_id, _json_error, lambda: self._document(pool_id, document))

    def _document(self, pool_id: str, document: str) -> Reply:
        pool = self.sandbox.world.pools.get(pool_id)
        if not pool or not pool.exists:
            return json_reply(404, {"message": f"User pool {pool_id} does not exist."})
        documents = {"jwks.json": jwks, "openid-configuration": openid_configuration}
        if document not in documents:
            return json_reply(404, {"message": "Not Found"})
        return json_reply(200, documents[document](pool))

    def _hosted(self, call: Call) -> Reply:
        if call.page:
            self._remember("cognito-domain", call.page, dict(call.shown))

        def answer(denied: str | None = None) -> Reply:
            if not call.reachable:  # a host without an address cannot be played: nothing answers
                raise Dropped
            return hosted.answer(self.sandbox.world, self.sandbox._memory, call, denied)

        return self._unless_denied(call.page or "", call.pool.id if call.pool else None, answer, answer)

    def _invoke(self, request: Request, target: Target) -> Reply:
        shown = {"restApiId": target.rest_api_id, "stage": target.stage, "method": request.method, "path": target.path}
        self._remember("execute-api", "Invoke", shown)
        return self._unless_denied("Invoke", target.rest_api_id, _json_error, lambda: self._called(request, target))

    def _called(self, request: Request, target: Target) -> Reply:
        world, api = self.sandbox.world, self.sandbox.world.http_apis.get(target.rest_api_id)
        if api is None:
            return invoke(world, request, target)
        path = f"/{quote(target.stage)}{target.path}" if target.stage else target.path
        return apigatewayv2.invoke(world, request, api, path, default_endpoint=target.default_endpoint)


def _json_error(kind: str) -> Reply:
    status = 429 if kind in ("TooManyRequestsException", "ThrottlingException") else 403
    text = "Too Many Requests" if status == 429 else REFUSED.get(kind, "Refused by the sandbox")
    reply = json_reply(status, {"message": text})
    return Reply(reply.status, (*reply.headers, ("x-amzn-ErrorType", kind)), reply.body)
