"""Gateway responses: what API Gateway itself answers when it refuses, by default or customized (research 2.1, 2.2)."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate
from typing import Any

from cogwizard.gateway import REFUSALS
from cogwizard.sandbox.protocol import Reply, Request
from cogwizard.sandbox.restapi import Api, Config
from cogwizard.sandbox.world import World

# Response type -> default status [D]; None: the fallbacks for a class.
RESPONSE_STATUSES: dict[str, int | None] = {
    "ACCESS_DENIED": 403,
    "API_CONFIGURATION_ERROR": 500,
    "AUTHORIZER_CONFIGURATION_ERROR": 500,
    "AUTHORIZER_FAILURE": 500,
    "BAD_REQUEST_BODY": 400,
    "BAD_REQUEST_PARAMETERS": 400,
    "DEFAULT_4XX": None,
    "DEFAULT_5XX": None,
    "EXPIRED_TOKEN": 403,
    "INTEGRATION_FAILURE": 504,
    "INTEGRATION_TIMEOUT": 504,
    "INVALID_API_KEY": 403,
    "INVALID_SIGNATURE": 403,
    "MISSING_AUTHENTICATION_TOKEN": 403,
    "QUOTA_EXCEEDED": 429,
    "REQUEST_TOO_LARGE": 413,
    "RESOURCE_NOT_FOUND": 404,
    "THROTTLED": 429,
    "UNAUTHORIZED": 401,
    "UNSUPPORTED_MEDIA_TYPE": 415,
    "WAF_FILTERED": 403,
}


@dataclass(eq=False)
class Refused(Exception):
    """A call that a gate stops. `response_type` None: before any API is known, so nothing can be customized."""

    status: int
    error_type: str
    message: str | None
    response_type: str | None = None
    capital: bool = False  # `Message`: the policy engine's bodies (2.2)
    own: tuple[int, Mapping[str, str], str] | None = None  # a web ACL's own status, headers and body: they win (2.1)


def refused(
    code: str,
    response_type: str | None = None,
    *,
    error_type: str | None = None,
    message: str | None = None,
    capital: bool = False,
) -> Refused:
    """Return the refusal for a cause of `gateway.REFUSALS`; `error_type` and `message` where the table has none."""
    known = REFUSALS[code]
    status, kind = known.status or 403, error_type or known.error_type or "ForbiddenException"
    return Refused(status, kind, message if message is not None else known.message, response_type, capital)


def gateway_headers(world: World, api: Api | None, *, error: bool) -> list[tuple[str, str]]:
    """Return the headers of every answer of API Gateway; edge-optimized APIs add CloudFront's (2.1 [V])."""
    request_id = uuid.uuid4()
    headers = [
        ("Date", formatdate(world.now(), usegmt=True)),
        ("x-amzn-RequestId", str(request_id)),
        ("x-amz-apigw-id", request_id.hex[:15] + "="),
    ]
    if api and "EDGE" in api.endpoint_types:
        cache = "Error from cloudfront" if error else "Miss from cloudfront"
        headers += [
            ("X-Cache", cache),
            ("Via", "1.1 sandbox.cloudfront.net (CloudFront)"),
            ("X-Amz-Cf-Pop", "NRT57-P1"),
        ]
        headers += [("X-Amz-Cf-Id", request_id.hex)]
    return headers


def render(world: World, api: Api | None, config: Config | None, refusal: Refused, request: Request) -> Reply:
    """Return the answer for a refusal, customized where the deployed API customizes it.

    The error type cannot be customized (2.1 [R]).
    """
    if refusal.own:
        status, added, content = refusal.own
        return Reply(status, (*gateway_headers(world, api, error=True), *added.items()), content.encode())
    headers = [*gateway_headers(world, api, error=True), ("x-amzn-ErrorType", refusal.error_type)]
    custom = _customization(config, refusal)
    if not custom:
        body = json.dumps({"Message" if refusal.capital else "message": refusal.message}, separators=(",", ":"))
        return Reply(refusal.status, (*headers, ("Content-Type", "application/json")), body.encode())
    status = int(custom.get("statusCode", refusal.status))
    for name, value in custom.get("responseParameters", {}).items():
        text = _parameter(value, request)
        if name.startswith("gatewayresponse.header.") and text is not None:
            headers.append((name.removeprefix("gatewayresponse.header."), text))
    media, template = next(iter(custom.get("responseTemplates", {}).items()), ("application/json", ""))
    body = _fill(template, refusal, dict(headers)["x-amzn-RequestId"])
    return Reply(status, (*headers, ("Content-Type", media)), body.encode())


def _customization(config: Config | None, refusal: Refused) -> Mapping[str, Any] | None:
    if config is None or refusal.response_type is None:
        return None
    fallback = "DEFAULT_4XX" if refusal.status < 500 else "DEFAULT_5XX"
    return config.gateway_responses.get(refusal.response_type) or config.gateway_responses.get(fallback)


def _parameter(value: str, request: Request) -> str | None:
    if value.startswith("method.request.header."):
        return request.header(value.removeprefix("method.request.header."))
    return value.strip("'")


def _fill(template: str, refusal: Refused, request_id: str) -> str:
    values = {
        "$context.error.messageString": json.dumps(refusal.message),
        "$context.error.message": refusal.message or "",
        "$context.error.responseType": refusal.response_type or "",
        "$context.requestId": request_id,
    }
    for name, value in values.items():  # messageString comes before its prefix message
        template = template.replace(name, value)
    return template
