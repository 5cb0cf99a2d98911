"""API Gateway's reads, a function per type: `(client, read) -> facts`. They raise what boto3 raises, or Malformed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from cogwizard.aws.export import decode_policy, read_export
from cogwizard.aws.fields import Malformed, expect, flag, required, table, tables, text, texts
from cogwizard.model import read_api as reads
from cogwizard.model.api import ApiSettings, ApiSummary, Authorizer, Export, GatewayResponse, Method, Methods, Stage
from cogwizard.model.read import Read

_PAGE = 500  # the largest page: API Gateway grants 5 GetResources per 2 seconds (research 4.3 [D])
_MOST_PAGES = 1000
_LARGEST_EXPORT = 16 * 1024 * 1024  # bytes; far above API Gateway's own 6 MB limit for definitions
# research 4.1: joined use is [R], so each is tried when the one before is refused.
_EXTENSIONS = ("apigateway,authorizers", "authorizers", None)


def pages(operation: Callable[..., Any], **arguments: Any) -> Iterator[dict[str, Any]]:
    """Yield the items of all pages of a list. Raises Malformed when a position repeats: it would never end."""
    seen: set[str] = set()
    position: str | None = None
    for _ in range(_MOST_PAGES):
        page = operation(limit=_PAGE, **arguments, **({"position": position} if position else {}))
        yield from tables(page, "items")
        position = text(page, "position")
        if position is None:
            return
        if position in seen:
            break
        seen.add(position)
    raise Malformed("the list does not end: its position repeats")


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
    )


def get_stages(client: Any, read: reads.GetStages) -> tuple[Stage, ...]:
    """Return all stages. The operation has no pages."""
    answer = client.get_stages(restApiId=read.rest_api_id)
    # Whether API Gateway leaves `item` out where there is no stage is not documented. It signs what it answers with a
    # request id; a server that has neither is not API Gateway, and does not say that nothing was ever deployed.
    if answer.get("item") is None and not table(answer, "ResponseMetadata").get("RequestId"):
        raise Malformed("item is missing")
    return tuple(_stage(item) for item in tables(answer, "item"))


def _stage(item: Mapping[str, Any]) -> Stage:
    variables = table(item, "variables")
    percent = table(item, "canarySettings").get("percentTraffic") or 0.0
    if isinstance(percent, bool) or not isinstance(percent, int | float):
        raise Malformed("percentTraffic is no number")
    updated = item.get("lastUpdatedDate")
    return Stage(
        name=required(item, "stageName"),
        deployment_id=text(item, "deploymentId"),
        variables={name: expect(value, str, f"variables.{name}") for name, value in variables.items()},
        web_acl_arn=text(item, "webAclArn"),
        canary_percent=float(percent),
        updated=updated.timestamp() if isinstance(updated, datetime) else None,
    )


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
            validation_expression=text(item, "identityValidationExpression"),
        )
        for item in pages(client.get_authorizers, restApiId=read.rest_api_id)
    )


def get_gateway_responses(client: Any, read: reads.GetGatewayResponses) -> tuple[GatewayResponse, ...]:
    """Return the customized gateway responses. AWS lists every type and marks the others as default."""
    found = pages(client.get_gateway_responses, restApiId=read.rest_api_id)
    return tuple(
        GatewayResponse(required(item, "responseType"), _status(text(item, "statusCode")))
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


def get_usage_plans(client: Any, _read: reads.GetUsagePlans) -> tuple[tuple[str, str], ...]:
    """Return (API id, stage) of every stage that a usage plan covers."""
    return tuple(
        (required(stage, "apiId"), required(stage, "stage"))
        for plan in pages(client.get_usage_plans)
        for stage in tables(plan, "apiStages")
    )


def get_domain_names(client: Any, _read: reads.GetDomainNames) -> tuple[str, ...]:
    """Return the custom domain names of the region."""
    return tuple(required(item, "domainName") for item in pages(client.get_domain_names))


def get_base_path_mappings(client: Any, read: reads.GetBasePathMappings) -> tuple[tuple[str, str, str], ...]:
    """Return (base path, API id, stage) of each mapping; a mapping without a stage takes it from the URL: ""."""
    return tuple(
        (text(item, "basePath") or "(none)", required(item, "restApiId"), text(item, "stage") or "")
        for item in pages(client.get_base_path_mappings, domainName=read.domain_name)
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
    reads.GetUsagePlans: get_usage_plans,
    reads.GetDomainNames: get_domain_names,
    reads.GetBasePathMappings: get_base_path_mappings,
}
