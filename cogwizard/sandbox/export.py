"""GetExport: a stage's deployment as OpenAPI 3 or Swagger 2 (research 4.1)."""

import json
import re
import time
from collections.abc import Mapping
from typing import Any

from cogwizard.sandbox.authorizer import identity_header
from cogwizard.sandbox.restapi import Api, Config
from cogwizard.sandbox.shapes import partition_of
from cogwizard.sandbox.world import ScenarioError, World

_AUTHTYPE, _AUTHORIZER = "x-amazon-apigateway-authtype", "x-amazon-apigateway-authorizer"
_OF_AUTHORIZER = (
    "providerARNs",
    "authorizerUri",
    "authorizerCredentials",
    "identityValidationExpression",
    "authorizerResultTtlInSeconds",
)


def export(world: World, api: Api, stage: Mapping[str, Any], *, oas30: bool, extensions: set[str]) -> dict[str, Any]:
    """Return the document that GetExport gives for `stage`'s deployment.

    `extensions`: of integrations, apigateway (both: integrations, policy, gateway responses) and authorizers.
    """
    config = api.deployments[stage["deploymentId"]]
    full = bool(extensions & {"integrations", "apigateway"})
    schemes: dict[str, Any] = {}
    paths: dict[str, Any] = {}
    for path, methods in config.resources.items():
        if not methods:
            continue
        operations = {}
        for verb, method in methods.items():
            name = "x-amazon-apigateway-any-method" if verb == "ANY" else verb.lower()
            operations[name] = _operation(path, method, oas30=oas30, full=full)
            if security := _security(config, method, schemes, with_authorizers="authorizers" in extensions):
                operations[name]["security"] = security
        paths[path] = operations
    info = {"title": api.name, "version": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(stage["lastUpdatedDate"]))}
    host = f"{api.id}.execute-api.{world.region}.{partition_of(world.region)[1]}"
    endpoint = {"disableExecuteApiEndpoint": True} if full and config.endpoint_disabled else None
    document: dict[str, Any]
    if oas30:
        server: dict[str, Any] = {"url": f"https://{host}/{{basePath}}"}
        server["variables"] = {"basePath": {"default": stage["stageName"]}}
        if endpoint:
            server["x-amazon-apigateway-endpoint-configuration"] = endpoint
        document = {"openapi": "3.0.1", "info": info, "servers": [server], "paths": paths, "components": {}}
        if schemes:
            document["components"]["securitySchemes"] = schemes
    else:
        document = {"swagger": "2.0", "info": info, "host": host, "basePath": f"/{stage['stageName']}"}
        document |= {"schemes": ["https"], "paths": paths}
        if schemes:
            document["securityDefinitions"] = schemes
        if endpoint:
            document["x-amazon-apigateway-endpoint-configuration"] = endpoint
    return document | (_api_extensions(config) if full else {})


def _operation(path: str, method: Mapping[str, Any], *, oas30: bool, full: bool) -> dict[str, Any]:
    answers = method.get("methodResponses", {"200": {}})
    made: dict[str, Any] = {"responses": {code: {"description": f"{code} response"} for code in answers}}
    if names := re.findall(r"{(\w+)\+?}", path):
        typed = {"schema": {"type": "string"}} if oas30 else {"type": "string"}
        made["parameters"] = [{"name": name, "in": "path", "required": True, **typed} for name in names]
    if full and "methodIntegration" in method:
        integration = dict(method["methodIntegration"])
        answers = integration.pop("integrationResponses", {})
        integration["type"] = str(integration["type"]).lower()
        # The extension names its answers by selection pattern; one without a pattern is "default".
        integration["responses"] = {each.get("selectionPattern", "default"): each for each in answers.values()}
        for name in ("cacheNamespace", "cacheKeyParameters"):  # the resource's id says nothing outside its API
            integration.pop(name, None)
        made["x-amazon-apigateway-integration"] = integration
    return made


def _security(
    config: Config, method: Mapping[str, Any], schemes: dict[str, Any], *, with_authorizers: bool
) -> list[dict[str, list[str]]]:
    """Return an operation's `security`, and add the schemes that it names. NONE has none."""
    found: list[dict[str, list[str]]] = []
    kind = method["authorizationType"]
    if kind == "AWS_IAM":
        schemes["sigv4"] = _scheme("Authorization", "awsSigv4")
        found.append({"sigv4": []})
    elif kind != "NONE" and (authorizer := config.authorizer(method.get("authorizerId"))):
        name = authorizer["name"]
        schemes[name] = _authorizer_scheme(authorizer, with_authorizers)
        found.append({name: list(method.get("authorizationScopes", ()))})
    if method.get("apiKeyRequired"):
        schemes["api_key"] = {"type": "apiKey", "name": "x-api-key", "in": "header"}
        found.append({"api_key": []})
    return found


def _scheme(header: str, authtype: str) -> dict[str, Any]:
    return {"type": "apiKey", "name": header, "in": "header", _AUTHTYPE: authtype}


def _authorizer_scheme(authorizer: Mapping[str, Any], with_authorizers: bool) -> dict[str, Any]:
    header = "Unused" if authorizer["type"] == "REQUEST" else identity_header(authorizer)
    made = _scheme(header, authorizer.get("authType", "custom"))
    if with_authorizers:
        members = {name: authorizer[name] for name in _OF_AUTHORIZER if name in authorizer}
        if authorizer["type"] == "REQUEST":
            members["identitySource"] = authorizer["identitySource"]
        made[_AUTHORIZER] = {"type": authorizer["type"].lower(), **members}
    return made


def _api_extensions(config: Config) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if config.policy is not None:
        try:
            made["x-amazon-apigateway-policy"] = json.loads(config.policy)
        except ValueError:
            raise ScenarioError("the resource policy is no JSON") from None
    if config.api_key_source != "HEADER":
        made["x-amazon-apigateway-api-key-source"] = config.api_key_source
    if config.gateway_responses:
        made["x-amazon-apigateway-gateway-responses"] = {
            kind: {
                name: int(each[name]) if name == "statusCode" else each[name]
                for name in ("statusCode", "responseParameters", "responseTemplates")
                if name in each
            }
            for kind, each in config.gateway_responses.items()
        }
    return made
