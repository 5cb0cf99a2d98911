"""What API Gateway writes to CloudWatch Logs about a call: the execution log, and the access log (research 9.1, 9.2).

Only where the stage asks for it and the account has a role. A call that reached no method has no line in the execution
log [R]; one that reached no stage has none anywhere.
"""

import re
from collections.abc import Iterator, Mapping
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

from cogwizard.sandbox.logs import log_group
from cogwizard.sandbox.protocol import Context, Operation, Reply
from cogwizard.sandbox.responses import Refused
from cogwizard.sandbox.things import LogEvent
from cogwizard.sandbox.world import World

if TYPE_CHECKING:
    from cogwizard.sandbox.invoke import Call

# What sends a role's words to CloudWatch Logs; any role does here.
ROLE = "arn:aws:iam::123456789012:role/apigateway-logs"
_LONGEST = 1024  # bytes of a line [D]
_MOST = 20_000  # events of a group
_HIDDEN = {"authorization", "x-api-key", "cookie"}  # what API Gateway takes out of the headers it traces [D]


def write(call: "Call", refusal: Refused | None, reply: Reply) -> None:
    """Write what the stage of a call logs of it; `refusal` is what stopped it, None for a call that got through."""
    world, stage = call.world, call.stage
    if world.log_role is None:
        return
    headers = {name.lower(): value for name, value in reply.headers}
    rid, extended = headers.get("x-amzn-requestid", "-"), headers.get("x-amz-apigw-id", "-")
    settings = _settings(call)
    if call.method and settings.get("loggingLevel", "OFF") != "OFF":
        group = f"API-Gateway-Execution-Logs_{call.api.id}/{call.target.stage}"
        is_all = settings["loggingLevel"] == "INFO"
        lines = [text for text, is_error in _lines(call, refusal, rid, extended) if is_error or is_all]
        if settings.get("dataTraceEnabled"):
            lines.append(f"Method request headers: {{{_traced(call)}}}")
        _put(world, group, [f"({rid}) {text}" for text in lines])
    access = stage.get("accessLogSettings", {})
    name = access.get("destinationArn", "").partition(":log-group:")[2]
    if name in world.log_groups:  # API Gateway does not make this one
        values = _values(call, refusal, reply, rid, extended)
        line = re.sub(r"\$context(?:\.[\w-]+)+", lambda found: values.get(found[0][9:], "-"), access.get("format", ""))
        _put(world, name, [line])


def _settings(call: "Call") -> Mapping[str, Any]:
    verb = call.request.method if call.request.method in call.config.resources.get(call.resource, {}) else "ANY"
    found = call.stage.get("methodSettings", {})
    settings: Mapping[str, Any] = found.get(f"{call.resource.replace('/', '~1')}/{verb}") or found.get("*/*", {})
    return settings


def _lines(call: "Call", refusal: Refused | None, rid: str, extended: str) -> Iterator[tuple[str, bool]]:
    """Yield lines, and whether each is there at the level ERROR too."""
    kind = refusal.response_type if refusal else None
    yield f"Extended Request Id: {extended}", True
    if call.method["authorizationType"] in ("COGNITO_USER_POOLS", "CUSTOM"):
        yield f"Starting authorizer: {call.method.get('authorizerId')} for request: {rid}", False
        if kind == "UNAUTHORIZED":
            if refusal and refusal.message != "Unauthorized":
                yield str(refusal.message), True
            yield f"Unauthorized request: {rid}", True
            return
        yield "Successfully completed authorizer execution", False
    if kind == "ACCESS_DENIED":
        yield "The client is not authorized to perform this operation.", True
    if kind not in (None, "INVALID_API_KEY", "THROTTLED", "QUOTA_EXCEEDED"):
        return
    where, method = f"API Stage {call.api.id}/{call.target.stage}", f"method '{call.request.method} {call.resource}'"
    yield f"Verifying Usage Plan for request: {rid}. API Key:  API Stage: {where.removeprefix('API Stage ')}", False
    if kind == "INVALID_API_KEY":
        why = f"API Key is not associated with a Usage Plan for {where}: No Usage Plan found for key and API Stage"
        yield f"API Key  not authorized because {method} requires API Key and {why}", True
    elif kind is None and not call.method.get("apiKeyRequired"):
        rest = "Request will not contribute to throttle or quota limits"
        yield f"API Key authorized because {method} does not require API Key. {rest}", False
        yield f"Usage Plan check succeeded for API Key  and {where}", False


def _traced(call: "Call") -> str:
    shown = (
        (name, "*" * 20 + value[-6:] if name.lower() in _HIDDEN else value) for name, value in call.request.headers
    )
    return ", ".join(f"{name}={value}" for name, value in shown)


def _values(call: "Call", refusal: Refused | None, reply: Reply, rid: str, extended: str) -> dict[str, str]:
    found = {
        "requestId": rid,
        "extendedRequestId": extended,
        "status": str(reply.status),
        "httpMethod": call.request.method,
        "path": f"/{call.target.stage}{call.target.path}",
        "resourcePath": call.resource or "-",
        "stage": call.target.stage,
        "protocol": "HTTP/1.1",
        "identity.sourceIp": call.world.source_ip,
        "requestTime": formatdate(call.world.now(), usegmt=True),
        "responseLength": str(len(reply.body)),
    }
    if refusal is not None:
        text = refusal.message or ""
        found |= {"error.message": text, "error.messageString": f'"{text}"'}
        found["error.responseType"] = refusal.response_type or "-"
    return found


def _put(world: World, name: str, lines: list[str]) -> None:
    now = int(world.now() * 1000)
    with world.issued.lock:
        events = log_group(world, name).events
        events += [LogEvent(now, line.encode()[:_LONGEST].decode("utf-8", "ignore"), world.log_delay) for line in lines]
        del events[:-_MOST]


def _get_account(context: Context, _params: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"throttleSettings": {"burstLimit": 5000, "rateLimit": 10000.0}}
    found |= {"features": ["UsagePlans"], "apiKeyVersion": "4"}
    role = context.world.log_role
    return {**found, "cloudwatchRoleArn": role} if role else found


OPERATIONS: dict[tuple[str, str], Operation] = {("apigateway", "GetAccount"): _get_account}
