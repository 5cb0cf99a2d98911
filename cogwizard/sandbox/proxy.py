"""The proxy integration: what API Gateway hands to a Lambda function, and what it makes of the answer.

Form of event and answer: the guide on Lambda proxy integrations [D].
"""

import base64
import binascii
import json
import re
import time
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

from cogwizard.sandbox.authorizer import claim_texts
from cogwizard.sandbox.responses import Refused
from cogwizard.sandbox.routing import path_parameters
from cogwizard.sandbox.running import Crashed, is_pending, may_invoke, run
from cogwizard.sandbox.shapes import partition_of
from cogwizard.sandbox.things import Function

if TYPE_CHECKING:
    from cogwizard.sandbox.invoke import Call

Answer = tuple[int, list[tuple[str, str]], bytes]


def configuration_error() -> Refused:
    """Return the answer where API Gateway cannot call the backend (research 2.1 [D]; error type [R])."""
    return Refused(500, "InternalServerErrorException", "Internal server error", "API_CONFIGURATION_ERROR")


def _malformed() -> Refused:
    # Which response type customizes a 502 besides the fallback is not documented [U].
    return Refused(502, "InternalServerErrorException", "Internal server error", "DEFAULT_5XX")


def proxy(call: "Call") -> Answer:
    """Return status, headers and body of the function that the method's integration names.

    Raises Refused: 500 without a function or the permission to call it, 502 for one that crashes or whose answer is not
    in a proxy's form.
    """
    integration, world = call.method["methodIntegration"], call.world
    function = _function(call, integration["uri"])
    where = f"{call.api.id}/{call.target.stage}/{call.request.method}/{call.resource.strip('/')}"
    source = f"arn:{partition_of(world.region)[0]}:execute-api:{world.region}:{world.account_id}:{where}"
    if function is None or not may_invoke(function, "apigateway.amazonaws.com", source, world.account_id):
        raise configuration_error()
    if integration["httpMethod"] != "POST" or is_pending(function):  # Lambda is called with POST [D]
        raise configuration_error()
    try:
        return answer(run(world, function, event(call)))
    except Crashed:
        raise _malformed() from None


def _function(call: "Call", uri: str) -> Function | None:
    found = re.search(r"/functions/(arn:[^/]+?:function:[\w-]+)(?::[\w$-]+)?/invocations$", uri, re.ASCII)
    functions = list(call.world.lambda_functions.values())
    return next((each for each in functions if found and each.arn == found[1]), None)


def event(call: "Call") -> dict[str, Any]:
    """Return the event of a call."""
    request, target = call.request, call.target
    pairs = parse_qsl(request.query, keep_blank_values=True)
    many: dict[str, list[str]] = {}
    for name, value in request.headers:
        many.setdefault(name, []).append(value)
    queries: dict[str, list[str]] = {}
    for name, value in pairs:
        queries.setdefault(name, []).append(value)
    return {
        "resource": call.resource,
        "path": unquote(target.path),
        "httpMethod": request.method,
        "headers": {name: values[-1] for name, values in many.items()},
        "multiValueHeaders": many,
        "queryStringParameters": dict(pairs) or None,
        "multiValueQueryStringParameters": queries or None,
        "pathParameters": path_parameters(call.resource, target.path) or None,
        "stageVariables": dict(call.variables) or None,
        "requestContext": _context(call),
        "body": request.body.decode("utf-8", "replace") or None,
        "isBase64Encoded": False,
    }


def _context(call: "Call") -> dict[str, Any]:
    world, request, target = call.world, call.request, call.target
    now = world.now()
    made: dict[str, Any] = {
        "accountId": world.account_id,
        "apiId": call.api.id,
        "stage": target.stage,
        "deploymentId": call.stage["deploymentId"],
        "resourcePath": call.resource,
        "httpMethod": request.method,
        "path": f"/{target.stage}/{target.path.lstrip('/')}",
        "protocol": "HTTP/1.1",
        "requestId": str(uuid.uuid4()),
        "requestTime": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(now)),
        "requestTimeEpoch": int(now * 1000),
        "domainName": (request.header("host") or "").split(":")[0],
        "identity": {"sourceIp": world.source_ip, "userAgent": request.header("user-agent")},
    }
    if call.claims is not None:
        made["authorizer"] = {"claims": claim_texts(call.claims)}
    return made


def answer(value: object) -> Answer:
    """Return what a caller gets for a function's answer. Raises Refused with 502 for one that is no proxy's answer."""
    if not isinstance(value, Mapping):
        raise _malformed()
    status, body, headers = value.get("statusCode"), value.get("body"), value.get("headers")
    headers = {} if headers is None else headers
    if isinstance(status, bool) or not re.fullmatch(r"[1-9]\d\d", str(status), re.ASCII):
        raise _malformed()
    if not isinstance(body, str | None) or not isinstance(headers, Mapping):
        raise _malformed()
    if any(isinstance(item, Mapping | list) for item in headers.values()):
        raise _malformed()
    pairs = [(str(name), item if isinstance(item, str) else json.dumps(item)) for name, item in headers.items()]
    return int(str(status)), pairs, _bytes(body or "", value.get("isBase64Encoded") is True)


def _bytes(body: str, is_base64: bool) -> bytes:
    try:
        return base64.b64decode(body, validate=True) if is_base64 else body.encode("utf-8", "replace")
    except (binascii.Error, ValueError):
        raise _malformed() from None
