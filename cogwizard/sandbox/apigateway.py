"""apigateway: the reads of the control plane. What is drafted comes from the draft, GetExport from the deployment."""

import json
from collections.abc import Mapping
from typing import Any

from cogwizard.sandbox.authorizer import Unauthorized, authorize, claim_texts, identity_header
from cogwizard.sandbox.export import export
from cogwizard.sandbox.protocol import AwsError, Context, Operation
from cogwizard.sandbox.responses import RESPONSE_STATUSES
from cogwizard.sandbox.restapi import CREATED, Api, Config
from cogwizard.sandbox.shapes import make_id


def not_found(text: str) -> AwsError:
    """Return the error for a thing that is not there."""
    return AwsError("NotFoundException", text, 404)


def find_api(context: Context, params: Mapping[str, Any]) -> Api:
    """Return the API that the parameters name. Raises NotFoundException where AWS would."""
    wanted = params["restApiId"]
    api = context.world.apis.get(wanted)
    if not api or not context.is_here(context.world.region):
        raise not_found(f"Invalid API identifier specified {context.world.account_id}:{wanted}")
    return api


def _find_stage(api: Api, name: str) -> dict[str, Any]:
    if name not in api.stages:
        raise not_found("Invalid stage identifier specified")
    return api.stages[name]


def _page(items: list[Any], params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the page that `limit` (default 25, at most 500 [D]) and `position` ask for."""
    size = params.get("limit", 25)
    start = str(params.get("position", "0"))
    if size < 1 or not (start.isdecimal() and start.isascii()):
        raise AwsError("BadRequestException", "Invalid limit or position specified")
    end = int(start[:9]) + min(size, 500)
    page: dict[str, Any] = {"items": items[end - min(size, 500) : end]}
    return page | {"position": str(end)} if end < len(items) else page


def rest_api(api: Api) -> dict[str, Any]:
    """Return an API in RestApi's members."""
    found: dict[str, Any] = {
        "id": api.id,
        "name": api.name,
        "createdDate": CREATED,
        "apiKeySource": api.draft.api_key_source,
        "endpointConfiguration": {"types": api.endpoint_types, "ipAddressType": "ipv4"},
        "disableExecuteApiEndpoint": api.draft.endpoint_disabled,
        "rootResourceId": resource_id(api, "/"),
        "tags": {},
        **api.settings,
    }
    if api.draft.policy is not None:
        # AWS gives the policy as a string whose quotes are escaped once more (3.3 [R]).
        found["policy"] = json.dumps(api.draft.policy)[1:-1]
    return found


def _get_rest_apis(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    here = context.world.apis.values() if context.is_here(context.world.region) else ()
    return _page([rest_api(api) for api in here], params)


def _get_rest_api(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    return rest_api(find_api(context, params))


def _stage(stage: Mapping[str, Any]) -> dict[str, Any]:
    defaults = {"cacheClusterEnabled": False, "cacheClusterStatus": "NOT_AVAILABLE", "methodSettings": {}}
    return {**defaults, "tracingEnabled": False, **stage}


def _get_stages(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    api, wanted = find_api(context, params), params.get("deploymentId")
    stages = [_stage(stage) for stage in api.stages.values() if wanted in (None, stage.get("deploymentId"))]
    return {"item": stages}


def _get_stage(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    api = find_api(context, params)
    return _stage(_find_stage(api, params["stageName"]))


def resource_id(api: Api, path: str) -> str:
    """Return the id of the resource at a path."""
    return make_id("resource", api.id, path, length=10 if path == "/" else 6)


def _paths(config: Config) -> list[str]:
    """Return all resources: those with methods and their parents up to the root, as AWS keeps them."""
    paths = {"/"}
    for path in config.resources:
        parts = path.strip("/").split("/")
        paths |= {"/" + "/".join(parts[:count]) for count in range(len(parts) + 1)}
    return sorted(paths)


def _method(verb: str, method: Mapping[str, Any]) -> dict[str, Any]:
    return {"httpMethod": verb, **method}


def find_path(api: Api, params: Mapping[str, Any], name: str = "resourceId") -> str:
    """Return the path of the resource whose id a parameter holds. Raises NotFoundException where AWS would."""
    path = next((path for path in _paths(api.draft) if resource_id(api, path) == params[name]), None)
    if path is None:
        raise not_found("Invalid Resource identifier specified")
    return path


def find_method(api: Api, params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the drafted method that the parameters name, to be changed. Raises NotFoundException where AWS would."""
    methods = api.draft.resources.get(find_path(api, params), {})
    if params["httpMethod"] not in methods:
        raise not_found("Invalid Method identifier specified")
    return methods[params["httpMethod"]]


def resource(api: Api, path: str, *, embed: bool = False) -> dict[str, Any]:
    """Return a resource in Resource's members; `embed`: with its methods, else with their verbs."""
    item: dict[str, Any] = {"id": resource_id(api, path), "path": path}
    if path != "/":
        parent, _, part = path.rpartition("/")
        item |= {"parentId": resource_id(api, parent or "/"), "pathPart": part}
    if methods := api.draft.resources.get(path):
        item["resourceMethods"] = {verb: _method(verb, made) if embed else {} for verb, made in methods.items()}
    return item


def _get_resources(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    api = find_api(context, params)
    embed = "methods" in params.get("embed", ())
    return _page([resource(api, path, embed=embed) for path in _paths(api.draft)], params)


def _get_method(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    return _method(params["httpMethod"], find_method(find_api(context, params), params))


def _get_authorizers(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    return _page(find_api(context, params).draft.authorizers, params)


def find_authorizer(api: Api, params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the drafted authorizer that the parameters name. Raises NotFoundException where AWS would."""
    found = api.draft.authorizer(params["authorizerId"])
    if found is None:
        raise not_found("Invalid Authorizer identifier specified")
    return found


def _get_authorizer(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    return find_authorizer(find_api(context, params), params)


def _get_gateway_responses(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    customized = find_api(context, params).draft.gateway_responses
    items = []
    for kind, status in RESPONSE_STATUSES.items():
        default: dict[str, Any] = {
            "responseType": kind,
            "responseParameters": {},
            "responseTemplates": {"application/json": '{"message":$context.error.messageString}'},
            "defaultResponse": True,
        }
        items.append(customized.get(kind) or default | ({"statusCode": str(status)} if status else {}))
    # AWS gives all of them in one go; the default page of 25 holds them too.
    return _page(items, params)


def deployment(api: Api, deployment_id: str) -> dict[str, Any]:
    """Return a deployment in Deployment's members, without its summary."""
    told = {"id": deployment_id, "createdDate": api.created(deployment_id)}
    text = api.descriptions.get(deployment_id)
    return {**told, "description": text} if text is not None else told


def _get_deployments(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    api = find_api(context, params)
    return _page([deployment(api, each) for each in api.deployments], params)


def _get_deployment(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    api, wanted = find_api(context, params), params["deploymentId"]
    if wanted not in api.deployments:
        raise not_found("Invalid Deployment identifier specified")
    found = deployment(api, wanted)
    if "apisummary" in params.get("embed", ()):
        # Type and key flag only: no authorizer, no scopes (section 4 [D]).
        found["apiSummary"] = {
            path: {
                verb: {key: method[key] for key in ("authorizationType", "apiKeyRequired")}
                for verb, method in methods.items()
            }
            for path, methods in api.deployments[wanted].resources.items()
            if methods
        }
    return found


def _get_export(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    api = find_api(context, params)
    stage = _find_stage(api, params["stageName"])
    kind, accepts = params["exportType"], params.get("accepts", "application/json")
    if kind not in ("oas30", "swagger"):
        raise AwsError("BadRequestException", f"Export type {kind} is not supported: use oas30 or swagger")
    if accepts not in ("application/json", "*/*"):
        raise AwsError("BadRequestException", "The sandbox exports application/json only")
    extensions = set(params.get("parameters", {}).get("extensions", "").split(",")) - {""}
    if odd := extensions - {"integrations", "apigateway", "authorizers", "postman"}:
        raise AwsError("BadRequestException", f"Invalid export extensions specified: {', '.join(sorted(odd))}")
    document = export(context.world, api, stage, oas30=kind == "oas30", extensions=extensions)
    name = f"{kind}_{stage['deploymentId']}.json"
    return {
        "contentType": "application/json",
        "contentDisposition": f'attachment; filename="{name}"',
        "body": json.dumps(document, indent=2).encode(),
    }


def _test_invoke_authorizer(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    """Test the drafted authorizer: ID tokens only, clientStatus 0 on success (1.9 [D])."""
    authorizer = _get_authorizer(context, params)
    if authorizer["type"] != "COGNITO_USER_POOLS":
        raise AwsError("BadRequestException", "The sandbox tests COGNITO_USER_POOLS authorizers only")
    many = {name: values[0] for name, values in params.get("multiValueHeaders", {}).items() if values}
    headers = {name.lower(): value for name, value in {**many, **params.get("headers", {})}.items()}
    value = headers.get(identity_header(authorizer).lower())
    started = "Execution log for request test-request\n"
    try:
        claims = authorize(context.world, authorizer, value, variables=params.get("stageVariables", {}))
    except Unauthorized:
        return {"clientStatus": 401, "log": f"{started}Unauthorized\n", "latency": 1}
    return {
        "clientStatus": 0,
        "log": f"{started}Successfully completed authorizer execution\n",
        "latency": 1,
        "principalId": str(claims.get("sub", "")),
        "claims": claim_texts(claims),
    }


def _get_usage_plans(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    plans = [
        {
            "id": plan.id,
            "name": plan.name,
            "apiStages": [{"apiId": api, "stage": stage} for api, stage in plan.stages],
            **plan.settings,
        }
        for plan in context.world.usage_plans
        if params.get("keyId") is None or params["keyId"] in plan.keys
    ]
    return _page(plans if context.is_here(context.world.region) else [], params)


def _get_api_keys(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    with_values = params.get("includeValues", False)
    keys = [
        {"id": key.id, "name": key.name, "enabled": key.enabled, **({"value": key.value} if with_values else {})}
        for key in context.world.api_keys
    ]
    return _page(keys if context.is_here(context.world.region) else [], params)


def _get_domain_names(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    here = context.world.domain_names.values() if context.is_here(context.world.region) else ()
    return _page(list(here), params)


def _get_base_path_mappings(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    name = params["domainName"]
    if name not in context.world.domain_names or not context.is_here(context.world.region):
        raise not_found("Invalid domain name identifier specified")
    # Base paths of several levels and HTTP APIs are v2's (custom domain names, API mappings [D]).
    mappings = context.world.base_path_mappings.get(name, ())
    of_rest = [each for each in mappings if "/" not in each["basePath"] and each["restApiId"] in context.world.apis]
    return _page(of_rest, params)


_HANDLERS: dict[str, Operation] = {
    "GetRestApis": _get_rest_apis,
    "GetRestApi": _get_rest_api,
    "GetStages": _get_stages,
    "GetStage": _get_stage,
    "GetResources": _get_resources,
    "GetMethod": _get_method,
    "GetAuthorizers": _get_authorizers,
    "GetAuthorizer": _get_authorizer,
    "GetGatewayResponses": _get_gateway_responses,
    "GetDeployments": _get_deployments,
    "GetDeployment": _get_deployment,
    "GetExport": _get_export,
    "TestInvokeAuthorizer": _test_invoke_authorizer,
    "GetUsagePlans": _get_usage_plans,
    "GetApiKeys": _get_api_keys,
    "GetDomainNames": _get_domain_names,
    "GetBasePathMappings": _get_base_path_mappings,
}
OPERATIONS: dict[tuple[str, str], Operation] = {("apigateway", name): handler for name, handler in _HANDLERS.items()}
