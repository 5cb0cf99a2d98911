"""apigateway: REST APIs, resources, methods and integrations are made, changed and deleted. All of it in the draft.

Texts without a mark are [R°].
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from cogwizard.sandbox.apigateway import find_api, find_method, find_path, resource, resource_id, rest_api
from cogwizard.sandbox.patches import bad_request, conflict, patched_method
from cogwizard.sandbox.protocol import AwsError, Context, Operation
from cogwizard.sandbox.restapi import Api

_VERBS = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "ANY")
_PATH_PART = re.compile(r"[\w.:-]+|\{[\w.:-]+\+?\}", re.ASCII)
_ENDPOINTS = ("EDGE", "REGIONAL", "PRIVATE")


def _create_rest_api(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    """CreateRestApi. Several APIs may have one name."""
    world = context.world
    if not context.is_here(world.region):
        raise bad_request(f"The sandbox has APIs in {world.region} only")
    if not params["name"].strip():
        raise bad_request("Invalid API name specified")
    settings = {name: params[name] for name in ("description", "version", "binaryMediaTypes", "tags") if name in params}
    types = params.get("endpointConfiguration", {}).get("types") or ["EDGE"]  # the default [D: BOTO]
    if len(types) != 1 or types[0] not in _ENDPOINTS:
        raise bad_request("Invalid endpoint configuration specified")
    made = Api(
        world.fresh_id("api", params["name"], length=10), params["name"], endpoint_types=types, settings=settings
    )
    made.draft.resources["/"] = {}
    made.draft.endpoint_disabled = params.get("disableExecuteApiEndpoint", False)
    made.draft.api_key_source = params.get("apiKeySource", "HEADER")
    if policy := params.get("policy"):
        made.draft.policy = _checked(policy)
    world.apis[made.id] = made
    return rest_api(made)


def _checked(policy: str) -> str:
    try:
        if isinstance(json.loads(policy), dict):
            return policy
    except (ValueError, RecursionError):
        pass
    text = "Invalid policy document. Please check the policy syntax and ensure that Principals are valid."
    raise bad_request(text)


def _delete_rest_api(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    api, world = find_api(context, params), context.world
    if any(each["restApiId"] == api.id for mappings in world.base_path_mappings.values() for each in mappings):
        raise bad_request("Cannot delete API: it has base path mappings")  # that it is refused [D: the guide], text [U]
    if api.refusals_left is None:
        api.refusals_left = world.delete_api_delay
    if api.refusals_left > 0:
        api.refusals_left -= 1
        raise AwsError("TooManyRequestsException", "Too Many Requests", 429)
    del world.apis[api.id]
    return {}


def _create_resource(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    api, part = find_api(context, params), params["pathPart"]
    parent = find_path(api, params, "parentId")
    if not _PATH_PART.fullmatch(part):
        text = "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the "
        raise bad_request(text + "beginning and the end.")
    if parent.endswith("+}"):
        raise bad_request(
            f"Cannot create a child of a resource with a greedy path variable: {parent.rpartition('/')[2]}"
        )
    start = parent.rstrip("/") + "/"
    for path in api.draft.resources:
        sibling = path.removeprefix(start)
        if not path.startswith(start) or "/" in sibling:
            continue
        if sibling == part:
            raise conflict(f"Another resource with the same parent already has this name: {part}")
        if sibling.startswith("{") and part.startswith("{"):
            text = f"A sibling ({sibling}) of this resource already has a variable path part"
            raise bad_request(f"{text} -- only one is unique allowed")
    api.draft.resources[start + part] = {}
    return resource(api, start + part)


def _put_method(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    api, verb = find_api(context, params), params["httpMethod"]
    methods = api.draft.resources.setdefault(find_path(api, params), {})
    if verb not in _VERBS:
        raise bad_request(f"Invalid HTTP method: {verb}")
    if verb in methods:
        raise conflict("Method already exists for this resource")
    asked = {"apiKeyRequired": params.get("apiKeyRequired", False)}
    kept = ("authorizationType", "authorizerId", "authorizationScopes", "operationName", "requestParameters")
    asked |= {name: params[name] for name in kept if name in params}
    methods[verb] = patched_method(api, asked)
    return {"httpMethod": verb, **methods[verb]}


def _update_method(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    api = find_api(context, params)
    method = find_method(api, params)
    changed = patched_method(api, method, params.get("patchOperations", ()))
    method.clear()
    method.update(changed)
    return {"httpMethod": params["httpMethod"], **method}


def _put_integration(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    """PutIntegration: replaces one that is there."""
    api = find_api(context, params)
    method, kind, uri = find_method(api, params), params["type"], params.get("uri", "")
    if kind not in ("AWS_PROXY", "MOCK"):
        raise bad_request("The sandbox plays integrations of the types AWS_PROXY and MOCK")
    made: dict[str, Any] = {"type": kind}
    if kind == "AWS_PROXY":
        if not params.get("integrationHttpMethod"):
            raise bad_request("Enumeration value for HttpMethod must be non-empty")
        if not re.fullmatch(r"arn:aws[a-z-]*:apigateway:[a-z0-9-]+:lambda:path/.+/invocations", uri):
            raise bad_request("Invalid ARN specified in the request")
        made |= {"httpMethod": params["integrationHttpMethod"], "uri": uri}
    kept = ("requestTemplates", "requestParameters", "contentHandling", "credentials")
    made |= {name: params[name] for name in kept if name in params}
    method["methodIntegration"] = {
        **made,
        "passthroughBehavior": params.get("passthroughBehavior", "WHEN_NO_MATCH"),
        "timeoutInMillis": params.get("timeoutInMillis", 29000),
        "cacheNamespace": resource_id(api, find_path(api, params)),
        "cacheKeyParameters": [],
    }
    return dict(method["methodIntegration"])


def _put_method_response(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    method = find_method(find_api(context, params), params)
    if params["statusCode"] in method.get("methodResponses", {}):
        raise conflict("Response already exists for this resource")
    made = {name: params[name] for name in ("statusCode", "responseParameters", "responseModels") if name in params}
    method.setdefault("methodResponses", {})[params["statusCode"]] = made
    return made


def _put_integration_response(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    method = find_method(find_api(context, params), params)
    if "methodIntegration" not in method:
        raise AwsError("NotFoundException", "No integration defined for method", 404)
    if params["statusCode"] not in method.get("methodResponses", {}):
        raise AwsError("NotFoundException", "Invalid Response status code specified", 404)
    kept = ("statusCode", "selectionPattern", "responseParameters", "responseTemplates", "contentHandling")
    made = {name: params[name] for name in kept if name in params}
    method["methodIntegration"].setdefault("integrationResponses", {})[params["statusCode"]] = made
    return made


_HANDLERS: dict[str, Operation] = {
    "CreateRestApi": _create_rest_api,
    "DeleteRestApi": _delete_rest_api,
    "CreateResource": _create_resource,
    "PutMethod": _put_method,
    "UpdateMethod": _update_method,
    "PutIntegration": _put_integration,
    "PutMethodResponse": _put_method_response,
    "PutIntegrationResponse": _put_integration_response,
}
OPERATIONS: dict[tuple[str, str], Operation] = {("apigateway", name): handler for name, handler in _HANDLERS.items()}
