"""API Gateway's reads, a function per type: `(client, read) -> facts`. They raise what boto3 raises, or Malformed."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from cogwizard.aws import usage
from cogwizard.aws.export import decode_policy, read_export
from cogwizard.aws.fields import Malformed, expect, flag, required, table, text, texts
from cogwizard.aws.integration import read_integration, response_headers
from cogwizard.aws.pages import listed, pages
from cogwizard.model import read_api as reads
from cogwizard.model.api import (
    ApiSettings,
    ApiSummary,
    Authorizer,
    DomainName,
    Export,
    GatewayResponse,
    Method,
    Methods,
    Stage,
)
from cogwizard.model.log import AccessLog, LogSettings
from cogwizard.model.read import Read

_LARGEST_EXPORT = 16 * 1024 * 1024  # bytes; far above API Gateway's own 6 MB limit for definitions
# research 4.1: joined use is [R], so each is tried when the one before is refused.
_EXTENSIONS = ("apigateway,authorizers", "authorizers", None)


def get_rest_apis(client: Any, _read: reads.GetRestApis) -> tuple[ApiSummary, ...]:
    """Return the region's APIs, in the order in which AWS lists them."""
    return tuple(
        ApiSummary(required(item, "id"), text(item, "name") or "", texts(table(item, "endpointConfiguration"), "types"))
        for item in pages(client.get_rest_apis)
    )


def get_rest_api(client: Any, read: reads.GetRestApi) -> ApiSettings:
    """Return the settings of the working copy. An answer that names no API is none of API Gateway's."""
    answer = client.get_rest_api(restApiId=read.rest_api_id)
    required(answer, "id")
    policy = text(answer, "policy")
    return ApiSettings(
        name=text(answer, "name") or "",
        endpoint_types=texts(table(answer, "endpointConfiguration"), "types"),
        endpoint_disabled=flag(answer, "disableExecuteApiEndpoint") or False,
        api_key_source=text(answer, "apiKeySource") or "HEADER",
        policy=decode_policy(policy) if policy else None,
        vpc_endpoint_ids=texts(table(answer, "endpointConfiguration"), "vpcEndpointIds"),
    )


def get_stages(client: Any, read: reads.GetStages) -> tuple[Stage, ...]:
    """Return all stages. The operation has no pages."""
    answer = client.get_stages(restApiId=read.rest_api_id)
    return tuple(_stage(item) for item in listed(answer, "item"))


def _stage(item: Mapping[str, Any]) -> Stage:
    canary = table(item, "canarySettings")
    percent = canary.get("percentTraffic") or 0.0
    if isinstance(percent, bool) or not isinstance(percent, int | float):
        raise Malformed("percentTraffic is no number")
    updated = item.get("lastUpdatedDate")
    return Stage(
        name=required(item, "stageName"),
        deployment_id=text(item, "deploymentId"),
        variables=_variables(item, "variables"),
        web_acl_arn=text(item, "webAclArn"),
        canary_percent=float(percent),
        updated=updated.timestamp() if isinstance(updated, datetime) else None,
        log_settings={
            key: _log_settings(expect(value, dict, key)) for key, value in table(item, "methodSettings").items()
        },
        access_log=_access_log(table(item, "accessLogSettings")),
        limits={
            key: usage.method_limit(expect(value, dict, key)) for key, value in table(item, "methodSettings").items()
        },
        canary_deployment_id=text(canary, "deploymentId"),
        canary_variables=_variables(canary, "stageVariableOverrides"),
    )


def _variables(source: Mapping[str, Any], name: str) -> dict[str, str]:
    return {key: expect(value, str, f"{name}.{key}") for key, value in table(source, name).items()}


def _log_settings(source: Mapping[str, Any]) -> LogSettings:
    return LogSettings(text(source, "loggingLevel") or "OFF", flag(source, "dataTraceEnabled") or False)


def _access_log(source: Mapping[str, Any]) -> AccessLog | None:
    destination = text(source, "destinationArn")
    return AccessLog(destination, text(source, "format") or "") if destination else None


def get_resources(client: Any, read: reads.GetResources) -> Methods:
    """Return the methods of the working copy. `Method.authorizer` is the authorizer's id."""
    methods: dict[str, dict[str, Method]] = {}
    paths = set()
    for item in pages(client.get_resources, restApiId=read.rest_api_id, embed=["methods"]):
        path, resource_id = required(item, "path"), text(item, "id")
        paths.add(path)
        for verb, method in table(item, "resourceMethods").items():
            found = replace(_method(expect(method, dict, verb)), resource_id=resource_id)
            methods.setdefault(path, {})[verb.upper()] = found
    if not paths:
        raise Malformed("items has no resource")  # an API has its root resource always
    return methods


def _method(source: Mapping[str, Any]) -> Method:
    # No authorizationType means that methods were not embedded: never to be taken for NONE.
    return Method(
        authorization_type=required(source, "authorizationType"),
        authorizer=text(source, "authorizerId"),
        scopes=texts(source, "authorizationScopes"),
        api_key_required=flag(source, "apiKeyRequired") or False,
        integration=read_integration(source.get("methodIntegration"), "integrationResponses"),
    )


def get_authorizers(client: Any, read: reads.GetAuthorizers) -> tuple[Authorizer, ...]:
    """Return the authorizers of the working copy."""
    return tuple(
        Authorizer(
            name=text(item, "name") or "",
            type=text(item, "type") or "",
            id=text(item, "id"),
            provider_arns=texts(item, "providerARNs"),
            identity_source=text(item, "identitySource"),
            uri=text(item, "authorizerUri"),
            validation_expression=text(item, "identityValidationExpression"),
        )
        for item in pages(client.get_authorizers, restApiId=read.rest_api_id)
    )


def get_gateway_responses(client: Any, read: reads.GetGatewayResponses) -> tuple[GatewayResponse, ...]:
    """Return the customized gateway responses. AWS lists every type and marks the others as default."""
    found = pages(client.get_gateway_responses, restApiId=read.rest_api_id)
    return tuple(
        GatewayResponse(required(item, "responseType"), _status(text(item, "statusCode")), response_headers(item))
        for item in found
        if not flag(item, "defaultResponse")
    )


def _status(code: str | None) -> int | None:
    if code is None:
        return None
    if len(code) != 3 or not code.isascii() or not code.isdigit():
        raise Malformed("statusCode is no status")
    return int(code)


def get_export(client: Any, read: reads.GetExport) -> Export:
    """Return the stage as deployed. Falls back to fewer extensions when API Gateway refuses them with a 400."""
    for extensions in _EXTENSIONS:
        try:
            document = _exported(client, read, extensions)
        except client.exceptions.BadRequestException:
            if extensions is None:
                raise
            continue
        export = read_export(document)
        return export if extensions else replace(export, with_authorizers=False)
    raise AssertionError("the last attempt returns or raises")


def _exported(client: Any, read: reads.GetExport, extensions: str | None) -> bytes:
    answer = client.get_export(
        restApiId=read.rest_api_id,
        stageName=read.stage,
        exportType="oas30",
        accepts="application/json",
        **({"parameters": {"extensions": extensions}} if extensions else {}),
    )
    with answer["body"] as body:
        document = bytes(body.read(_LARGEST_EXPORT + 1))
    if len(document) > _LARGEST_EXPORT:
        raise Malformed("the export is too large")
    return document


def get_deployment(client: Any, read: reads.GetDeployment) -> Methods:
    """Return the snapshot's summary: type and key flag of each method."""
    answer = client.get_deployment(restApiId=read.rest_api_id, deploymentId=read.deployment_id, embed=["apisummary"])
    if answer.get("apiSummary") is None:
        raise Malformed("apiSummary is missing")
    return {
        path: {verb.upper(): _method(expect(item, dict, verb)) for verb, item in expect(verbs, dict, path).items()}
        for path, verbs in table(answer, "apiSummary").items()
    }


def test_invoke_authorizer(client: Any, read: reads.TestInvokeAuthorizer) -> reads.AuthorizerTest:
    """Return what the working copy's authorizer says to a token. The status is required: 0 means accepted."""
    variables = {"stageVariables": dict(read.stage_variables)} if read.stage_variables else {}
    answer = client.test_invoke_authorizer(
        restApiId=read.rest_api_id, authorizerId=read.authorizer_id, headers={read.header: read.value}, **variables
    )
    return reads.AuthorizerTest(expect(answer.get("clientStatus"), int, "clientStatus"), text(answer, "log") or "")


def get_domain_names(client: Any, _read: reads.GetDomainNames) -> tuple[DomainName, ...]:
    """Return the custom domain names of the region. An old SDK leaves the routing mode out."""
    return tuple(
        DomainName(
            name=required(item, "domainName"),
            endpoint_types=texts(table(item, "endpointConfiguration"), "types"),
            id=text(item, "domainNameId"),
            truststore=text(table(item, "mutualTlsAuthentication"), "truststoreUri"),
            routing_mode=text(item, "routingMode") or "BASE_PATH_MAPPING_ONLY",
        )
        for item in pages(client.get_domain_names)
    )


def get_base_path_mappings(client: Any, read: reads.GetBasePathMappings) -> tuple[tuple[str, str, str], ...]:
    """Return (base path, API id, stage) of each mapping; a mapping without a stage takes it from the URL: ""."""
    private = {"domainNameId": read.domain_name_id} if read.domain_name_id else {}
    return tuple(
        (text(item, "basePath") or "(none)", required(item, "restApiId"), text(item, "stage") or "")
        for item in pages(client.get_base_path_mappings, domainName=read.domain_name, **private)
    )


READERS: dict[type[Read], Callable[[Any, Any], Any]] = {
    reads.GetRestApis: get_rest_apis,
    reads.GetRestApi: get_rest_api,
    reads.GetStages: get_stages,
    reads.GetResources: get_resources,
    reads.GetAuthorizers: get_authorizers,
    reads.GetGatewayResponses: get_gateway_responses,
    reads.GetExport: get_export,
    reads.GetDeployment: get_deployment,
    reads.TestInvokeAuthorizer: test_invoke_authorizer,
    **usage.READERS,
    reads.GetDomainNames: get_domain_names,
    reads.GetBasePathMappings: get_base_path_mappings,
}
