"""apigateway: authorizers are made, changed and deleted, and drafts deployed.

Texts without a mark are [R°].
"""

import copy
import re
from collections.abc import Mapping
from typing import Any

from cogwizard.sandbox.apigateway import deployment, find_api, find_authorizer
from cogwizard.sandbox.authorizer import USER_POOL_ARN
from cogwizard.sandbox.patches import bad_request, conflict, patched
from cogwizard.sandbox.protocol import Context, Operation

_TYPES = ("TOKEN", "REQUEST", "COGNITO_USER_POOLS")
_MEMBERS = (
    "name",
    "type",
    "providerARNs",
    "authorizerUri",
    "authorizerCredentials",
    "identitySource",
    "identityValidationExpression",
    "authorizerResultTtlInSeconds",
)
_VARIABLE = re.compile(r"\$\{stageVariables\.\w+\}")


def _create_authorizer(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    api = find_api(context, params)
    made = {name: copy.deepcopy(params[name]) for name in _MEMBERS if name in params}
    made["authType"] = params.get("authType") or ("cognito_user_pools" if _is_cognito(made) else "custom")
    _check(made)
    if any(each["name"] == made["name"] for each in api.draft.authorizers):  # SLS-4711 [R]; its status is not told [U]
        text = f"Authorizer name must be unique. Authorizer {made['name']} already exists in this RestApi."
        raise bad_request(text)
    made["id"] = context.world.fresh_id("authorizer", api.id, made["name"], length=6)
    api.draft.authorizers.append(made)
    return made


def _is_cognito(made: Mapping[str, Any]) -> bool:
    return made.get("type") == "COGNITO_USER_POOLS"


def _check(made: Mapping[str, Any]) -> None:
    """Raise BadRequestException for an authorizer that AWS refuses. What is required: [D: BOTO]."""
    if made["type"] not in _TYPES:
        raise bad_request(f"Invalid authorizer type specified: the sandbox knows {', '.join(_TYPES)}")
    source = made.get("identitySource", "")
    if not all(re.fullmatch(r"method\.request\.header\.[\w-]+", part.strip()) for part in source.split(",")):
        text = "Invalid mapping expression specified: Validation Result: warnings : [], errors : "
        raise bad_request(f"{text}[Invalid mapping expression specified: {source}]")
    if not 0 <= made.get("authorizerResultTtlInSeconds", 300) <= 3600:
        raise bad_request("Authorizer result TTL must be between 0 and 3600 seconds")
    if not _is_cognito(made):
        if not made.get("authorizerUri"):
            raise bad_request("Invalid Authorizer URI: must not be empty")
        return
    arns = made.get("providerARNs", ())
    if not arns:
        raise bad_request("Invalid Provider ARNs specified: at least one user pool ARN is required")
    for arn in arns:
        if not USER_POOL_ARN.fullmatch(_VARIABLE.sub("x", arn)):
            raise bad_request(f"Invalid ARN specified in the request. ARN is not a user pool: {arn}")


def _update_authorizer(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    held = find_authorizer(find_api(context, params), params)
    texts = ("name", "identitySource", "identityValidationExpression", "authorizerResultTtlInSeconds")
    made = patched(held, params.get("patchOperations", ()), texts, ("providerARNs",))
    seconds = str(made.get("authorizerResultTtlInSeconds", 300))
    if not re.fullmatch(r"\d{1,6}", seconds, re.ASCII):
        raise bad_request("Authorizer result TTL must be between 0 and 3600 seconds")
    if "authorizerResultTtlInSeconds" in made:
        made["authorizerResultTtlInSeconds"] = int(seconds)
    if made.get("identityValidationExpression") == "":
        del made["identityValidationExpression"]
    _check(made)
    held.clear()
    held.update(made)
    return held


def _delete_authorizer(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    """DeleteAuthorizer. One that a method uses stays ([V] hashicorp/terraform 6731: type, status and text)."""
    api = find_api(context, params)
    held = find_authorizer(api, params)
    for path, methods in api.draft.resources.items():
        for verb, method in methods.items():
            if method.get("authorizerId") == held["id"]:
                raise conflict(f"Cannot delete authorizer '{held['name']}', is referenced in method: {verb}/{path}")
    api.draft.authorizers.remove(held)
    return {}


def _create_deployment(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    """CreateDeployment: `stageName` makes the stage or points it to the new deployment."""
    api, stage = find_api(context, params), params.get("stageName")
    methods = [method for verbs in api.draft.resources.values() for method in verbs.values()]
    if not methods:
        raise bad_request("The REST API doesn't contain any methods")
    if any("methodIntegration" not in method for method in methods):
        raise bad_request("No integration defined for method")
    if stage is not None and not re.fullmatch(r"\w{1,128}", stage, re.ASCII):
        raise bad_request("Stage name only allows the following: a-zA-Z0-9_")
    if "canarySettings" in params:
        raise bad_request("The sandbox makes no canaries by a call")
    if stage is None:
        made = api.freeze()
    else:
        names = {"stageDescription": "description", "tracingEnabled": "tracingEnabled"}
        settings = {names[name]: params[name] for name in names if name in params}
        made = api.deploy(stage, variables=params.get("variables"), **settings)
    if "description" in params:
        api.descriptions[made] = params["description"]
    return deployment(api, made)


_HANDLERS: dict[str, Operation] = {
    "CreateAuthorizer": _create_authorizer,
    "UpdateAuthorizer": _update_authorizer,
    "DeleteAuthorizer": _delete_authorizer,
    "CreateDeployment": _create_deployment,
}
OPERATIONS: dict[tuple[str, str], Operation] = {("apigateway", name): handler for name, handler in _HANDLERS.items()}
