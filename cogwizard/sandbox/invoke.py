"""execute-api: a call goes through API Gateway's gates, in the order of research section 0, as deployed."""

import base64
import hashlib
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from cogwizard.sandbox import executionlog
from cogwizard.sandbox.authorizer import Unauthorized, authorize, identity_header
from cogwizard.sandbox.policy import Effect, evaluate
from cogwizard.sandbox.protocol import Reply, Request
from cogwizard.sandbox.proxy import Answer, configuration_error, proxy
from cogwizard.sandbox.responses import Refused, gateway_headers, refused, render
from cogwizard.sandbox.restapi import Api, Config
from cogwizard.sandbox.routing import Target, match
from cogwizard.sandbox.shapes import partition_of
from cogwizard.sandbox.world import World

# Headers of a backend that come back renamed (AG-KNOWN [D]).
_REMAPPED = {"www-authenticate", "authorization", "connection", "content-length", "date", "host", "server"}
_lock = threading.Lock()


@dataclass
class Call:
    """One call on its way through the gates. `claims`: the token's, where a Cognito authorizer let it through."""

    world: World
    request: Request
    target: Target
    api: Api
    stage: Mapping[str, Any]
    config: Config
    variables: Mapping[str, str]
    resource: str = ""
    method: Mapping[str, Any] = field(default_factory=dict)
    claims: Mapping[str, Any] | None = field(default=None, repr=False)


def invoke(world: World, request: Request, target: Target) -> Reply:
    """Return the answer of API Gateway to a call."""
    call: Call | None = None
    stopped: Refused | None = None
    try:
        call = _enter(world, request, target)
        _check_waf(call)
        _route(call)
        _authenticate(call)
        _check_key(call)
        _check_throttle(call)
        reply = _backend(call)
    except Refused as refusal:
        stopped = refusal
        reply = render(world, call.api if call else None, call.config if call else None, refusal, request)
    if call:
        executionlog.write(call, stopped, reply)
    return reply


def _enter(world: World, request: Request, target: Target) -> Call:
    """Pass the gates endpoint and stage; nothing before them can be customized."""
    if target.mutual_tls:  # nobody's certificate comes here: who asks for one is not asked by TLS
        raise refused("mutual-tls")
    if not target.mapped:
        raise refused("custom-domain-mapping")
    api = world.apis.get(target.rest_api_id)
    stage = api.stages.get(target.stage) if api else None
    if not api or not stage:
        raise refused("wrong-stage")
    if "PRIVATE" in api.endpoint_types:
        raise refused("private-endpoint")
    canary = stage.get("canarySettings", {})
    chosen = _takes_canary(api, target.stage, canary.get("percentTraffic", 0.0))
    variables = {**stage.get("variables", {}), **(canary.get("stageVariableOverrides", {}) if chosen else {})}
    config = api.deployments[(canary if chosen else stage)["deploymentId"]]
    if config.endpoint_disabled and target.default_endpoint:
        raise refused("execute-api-disabled")
    return Call(world, request, target, api, stage, config, variables)


def _takes_canary(api: Api, stage: str, percent: float) -> bool:
    # Not by chance, so that a scenario repeats: of 100 calls exactly `percent` go to the canary, evenly spread.
    if percent <= 0:
        return False
    with _lock:
        before = api.canary_share.get(stage, 0.0)
        api.canary_share[stage] = after = before + percent / 100
    return int(after + 1e-9) > int(before + 1e-9)


def _check_waf(call: Call) -> None:
    acl = call.world.web_acls.get(call.stage.get("webAclArn", ""))
    if acl is None or not acl.blocks:
        return
    refusal = refused("waf-block", "WAF_FILTERED")
    refusal.own = (202, {"x-amzn-waf-action": "challenge"}, "") if acl.challenges else acl.response
    raise refusal


def _route(call: Call) -> None:
    found = match(call.config.resources, call.request.method, call.target.path)
    if not found:
        raise _unsigned(call, "route-not-matched")
    call.resource, call.method = found


def _unsigned(call: Call, code: str) -> Refused:
    """Return the answer where a SigV4 signature was expected and there is none (F7-F11)."""
    value = call.request.header("authorization")
    if not value or not value.strip():
        return refused(code, "MISSING_AUTHENTICATION_TOKEN")
    kind, text = "IncompleteSignatureException", ""
    if value.startswith("AWS4-HMAC-SHA256 "):
        kind, text = "AccessDeniedException", "The security token included in the request is invalid."
    elif " " in value.strip():
        digest = base64.b64encode(hashlib.sha256(value.encode("latin-1", "replace")).digest()).decode()
        text = "Invalid key=value pair (missing equal-sign) in Authorization header "
        text += f"(hashed with SHA-256 and encoded with Base64): '{digest}'."
    else:
        needed = ("Credential", "Signature", "SignedHeaders")
        text = " ".join(f"Authorization header requires '{name}' parameter." for name in needed)
        text += " Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."
        text += f" Authorization={value}"
    # Which response type customizes these is not documented [U].
    return refused(code, "INVALID_SIGNATURE", error_type=kind, message=text)


def _authenticate(call: Call) -> None:
    """Pass the gates authorizer and policy. Which of a policy's effects stop the call depends on the type (3.1)."""
    kind = call.method["authorizationType"]
    if kind == "NONE":
        _check_policy(call, needs_allow=True)
    elif kind == "AWS_IAM":
        _check_signature(call)
        _check_policy(call, needs_allow=False)
    else:
        authorizer = call.config.authorizer(call.method.get("authorizerId"))
        if authorizer is None:
            # AWS refuses to save such a method; what it would answer is not known [U] (1.11).
            raise refused("authorizer-error", "AUTHORIZER_CONFIGURATION_ERROR")
        if authorizer["type"] == "COGNITO_USER_POOLS":
            _check_token(call, authorizer)
            _check_policy(call, needs_allow=True)  # the prose of the flow page, not its Table A [U]
        else:
            _check_lambda(call, authorizer)
            _check_policy(call, needs_allow=False)


def _check_signature(call: Call) -> None:
    signed = (call.request.header("authorization") or "").startswith("AWS4-HMAC-SHA256 ")
    if not signed or call.world.signed_calls == "invalid":
        raise _unsigned(call, "method-is-aws-iam")
    if call.world.signed_calls == "role-denied":
        role = f"arn:aws:sts::{call.world.account_id}:{call.world.signer}"
        text = f"User: {role} is not authorized to perform: execute-api:Invoke on resource: {_arn(call, masked=True)}"
        raise refused("identity-pool-role-denied", "ACCESS_DENIED", message=text, capital=True)


def _check_token(call: Call, authorizer: Mapping[str, Any]) -> None:
    value = call.request.header(identity_header(authorizer) or " ")
    scopes = call.method.get("authorizationScopes", ())
    try:
        call.claims = authorize(call.world, authorizer, value, scopes=scopes, variables=call.variables)
    except Unauthorized as cause:
        raise refused(cause.code, "UNAUTHORIZED") from None


def _check_lambda(call: Call, authorizer: Mapping[str, Any]) -> None:
    if _policy_effect(call) == "deny":  # before the authorizer runs: documented for Lambda authorizers (3.1 [D])
        raise _policy_refusal(call, "deny")
    if not call.request.header(identity_header(authorizer) or " "):
        raise refused("header-not-sent", "UNAUTHORIZED")
    function = str(authorizer.get("authorizerUri", "")).partition(":function:")[2].partition("/")[0]
    denied = "User is not authorized to access this resource"
    match call.world.functions.get(function, "error"):
        case "unauthorized":
            raise refused("header-not-sent", "UNAUTHORIZED")
        case "deny":
            text = f"{denied} with an explicit deny in an identity-based policy"
            raise _access_denied("lambda-authorizer", text)
        case "silent":
            raise _access_denied("lambda-authorizer", denied)
        case "error":
            raise refused("authorizer-error", "AUTHORIZER_CONFIGURATION_ERROR")


def _access_denied(code: str, text: str) -> Refused:
    return refused(code, "ACCESS_DENIED", error_type="AccessDeniedException", message=text, capital=True)


def _check_policy(call: Call, *, needs_allow: bool) -> None:
    effect = _policy_effect(call)
    if effect == "deny" or (effect == "neither" and needs_allow):
        raise _policy_refusal(call, effect)


def _policy_effect(call: Call) -> Effect | None:
    """Return what the deployed policy says, None when there is none."""
    if call.config.policy is None:
        return None
    resource = _arn(call)
    known = {"aws:SourceIp": call.world.source_ip, "aws:UserAgent": call.request.header("user-agent") or ""}
    return evaluate(call.config.policy, api_arn=resource.partition("/")[0], resource=resource, context=known)


def _policy_refusal(call: Call, effect: Effect) -> Refused:
    why = "with an explicit deny in a resource-based policy"
    if effect == "neither":
        why = "because no resource-based policy allows the execute-api:Invoke action"
    who = "User: anonymous is not authorized to perform: execute-api:Invoke on resource"
    return _access_denied("resource-policy-deny", f"{who}: {_arn(call, masked=True)} {why}")


def _arn(call: Call, *, masked: bool = False) -> str:
    account = call.world.account_id
    shown = f"********{account[-4:]}" if masked else account
    start = f"arn:{partition_of(call.world.region)[0]}:execute-api:{call.world.region}:{shown}:{call.api.id}"
    return f"{start}/{call.target.stage}/{call.request.method}/{unquote(call.target.path).strip('/')}"


def _check_key(call: Call) -> None:
    if not call.method.get("apiKeyRequired"):
        return
    # apiKeySource AUTHORIZER: a Cognito authorizer gives no key, as far as anybody knows [U].
    value = call.request.header("x-api-key") if call.config.api_key_source == "HEADER" else None
    key = next((each for each in call.world.api_keys if each.value == value and each.enabled), None)
    where = (call.api.id, call.target.stage)
    plans = [plan for plan in call.world.usage_plans if key and key.id in plan.keys and where in plan.stages]
    if not plans:
        raise refused("api-key-required", "INVALID_API_KEY")
    if plans[0].exhausted == "quota":
        raise Refused(429, "LimitExceededException", "Limit Exceeded", "QUOTA_EXCEEDED")  # F25 [V]
    if plans[0].exhausted == "rate":
        raise refused("throttled-by-gateway", "THROTTLED")


def _check_throttle(call: Call) -> None:
    """Refuse where the stage lets no call of the method through, or none at all."""
    settings = call.stage.get("methodSettings", {})
    own = settings.get(f"{call.resource.replace('/', '~1')}/{call.request.method}") or settings.get("*/*", {})
    if own.get("throttlingRateLimit") == 0 and own.get("throttlingBurstLimit") == 0:
        raise refused("throttled-by-gateway", "THROTTLED")


def _backend(call: Call) -> Reply:
    """Answer as the backend does: a Lambda function, or a canned answer, without an error type of the gateway."""
    status, pairs, body = proxy(call) if call.method["methodIntegration"]["type"] == "AWS_PROXY" else _mock(call)
    headers = gateway_headers(call.world, call.api, error=False)
    for name, value in pairs:
        renamed = f"x-amzn-Remapped-{name}" if name.lower() in _REMAPPED else name
        headers.append((renamed, value))
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", "application/json"))
    return Reply(status, tuple(headers), body)


def _mock(call: Call) -> Answer:
    """Return the canned answer that fits the status which the request template sets, else the default one.

    A mock whose template sets no status ends in 500 ([R]: cases 71, 73); without a template the default is given [D].
    """
    integration = call.method["methodIntegration"]
    template = integration.get("requestTemplates", {}).get("application/json")
    status = re.search(r"statusCode[\"']?\s*:\s*(\d{3})", template or "")
    answers = list(integration.get("integrationResponses", {}).values())
    default = next((each for each in answers if not each.get("selectionPattern")), None)
    chosen = (each for each in answers if status and re.fullmatch(each.get("selectionPattern") or "", status[1]))
    canned = next(chosen, default)
    if canned is None or (integration["type"] == "MOCK" and template is not None and not status):
        raise configuration_error()
    headers = []
    for key, value in canned.get("responseParameters", {}).items():
        headers.append((key.removeprefix("method.response.header."), value[1:-1] if value.startswith("'") else value))
    body = next(iter(canned.get("responseTemplates", {}).values()), "")
    return int(canned["statusCode"]), headers, body.encode()
