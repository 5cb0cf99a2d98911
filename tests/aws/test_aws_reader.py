"""The reads of AWS against stubbed answers and small servers: shapes, paging, fallbacks, answers of the wrong form."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any

import pytest
from botocore.response import StreamingBody
from botocore.stub import Stubber

from cogwizard.aws.reader import AwsReader
from cogwizard.aws.session import Clients, Settings
from cogwizard.model.api import (
    ApiSettings,
    ApiSummary,
    Authorizer,
    DomainName,
    Export,
    GatewayResponse,
    Method,
    Stage,
)
from cogwizard.model.domain import Branding, ResourceServer, UserPoolDomain
from cogwizard.model.http_api import HttpApi, HttpAuthorizer, HttpRoute
from cogwizard.model.pool import Pool
from cogwizard.model.read import Absent, Read, Unread
from cogwizard.model.read_api import (
    AuthorizerTest,
    GetApiKeys,
    GetAuthorizers,
    GetBasePathMappings,
    GetDeployment,
    GetDomainNames,
    GetExport,
    GetGatewayResponses,
    GetResources,
    GetRestApi,
    GetRestApis,
    GetStages,
    GetUsagePlans,
    TestInvokeAuthorizer,
)
from cogwizard.model.read_cognito import (
    DescribeManagedLoginBrandingByClient,
    DescribeUserPool,
    DescribeUserPoolDomain,
    ListResourceServers,
    ListUserPoolClients,
    ListUserPools,
)
from cogwizard.model.read_http import GetApi, GetApiMappings, GetHttpAuthorizers, GetHttpStages, GetRoutes
from cogwizard.model.read_waf import GetWebAcl
from cogwizard.model.read_web import CallerIdentity, GetCallerIdentity, GetKeys
from cogwizard.model.reads import KEY_READS, LOG_READS, READS, SIGN_IN_READS
from cogwizard.model.usage import ApiKey, Limit, UsagePlan

R, API, POOL = "eu-west-1", "abc123", "eu-west-1_A"


pytestmark = pytest.mark.usefixtures("own_home", "aws_keys")


class World:
    """A reader whose clients answer what the test says, and check what they are asked."""

    def __init__(self) -> None:
        self.clients = Clients(Settings())
        self.reader = AwsReader(self.clients)
        self.stubs: dict[str, Stubber] = {}

    def stub(self, service: str) -> Stubber:
        if service not in self.stubs:
            self.stubs[service] = Stubber(self.clients.client(service, R))
            self.stubs[service].activate()
        return self.stubs[service]

    def answer(
        self, operation: str, answer: dict[str, Any], asked: dict[str, Any] | None = None, service: str = "apigateway"
    ) -> None:
        self.stub(service).add_response(operation, answer, asked)

    def run(self, read: Read) -> Any:
        value = self.reader.run(read)
        for stub in self.stubs.values():
            stub.assert_no_pending_responses()
        return value


@pytest.fixture
def world() -> World:
    return World()


def malformed(value: object) -> bool:
    return isinstance(value, Unread) and value.reason == "malformed"


def test_rest_apis_of_all_pages(world: World) -> None:
    first = [{"id": "a1", "name": "orders", "endpointConfiguration": {"types": ["EDGE"]}}, {"id": "b2"}]
    world.answer("get_rest_apis", {"items": first, "position": "p"}, {"limit": 500})
    world.answer("get_rest_apis", {"items": [{"id": "c3", "name": "x"}]}, {"limit": 500, "position": "p"})
    expected = (ApiSummary("a1", "orders", ("EDGE",)), ApiSummary("b2"), ApiSummary("c3", "x"))
    assert world.run(GetRestApis(R)) == expected


def test_rest_api(world: World) -> None:
    answer = {
        "id": API,
        "name": "orders",
        "endpointConfiguration": {"types": ["REGIONAL"]},
        "disableExecuteApiEndpoint": True,
        "apiKeySource": "AUTHORIZER",
        "policy": '{\\"Version\\":\\"2012-10-17\\"}',
    }
    world.answer("get_rest_api", answer, {"restApiId": API})
    expected = ApiSettings("orders", ("REGIONAL",), True, "AUTHORIZER", '{"Version":"2012-10-17"}')
    assert world.run(GetRestApi(R, API)) == expected


def test_rest_api_without_anything(world: World) -> None:
    world.answer("get_rest_api", {"id": API, "name": "x"})
    assert world.run(GetRestApi(R, API)) == ApiSettings("x")


def test_an_answer_to_everything_is_no_api(world: World) -> None:
    """A server that is not API Gateway and answers 200 to every request says neither that there is nothing."""
    for operation, read in (
        ("get_rest_api", GetRestApi(R, API)),
        ("get_stages", GetStages(R, API)),
        ("get_resources", GetResources(R, API)),
        ("get_authorizers", GetAuthorizers(R, API)),
        ("get_usage_plans", GetUsagePlans(R)),
        ("get_api_keys", GetApiKeys(R)),
        ("get_domain_names", GetDomainNames(R)),
        ("get_base_path_mappings", GetBasePathMappings(R, "a.example")),
    ):
        world.answer(operation, {})
        assert malformed(world.run(read)), operation


def test_no_stage_at_all(world: World) -> None:
    """An empty list says so, and so would API Gateway's own answer without one."""
    answers: tuple[dict[str, Any], ...] = ({"item": []}, {"ResponseMetadata": {"RequestId": "5d0c7f9e"}})
    for answer in answers:
        world.answer("get_stages", answer)
        assert world.run(GetStages(R, API)) == ()


def test_stages(world: World) -> None:
    canary = {"percentTraffic": 12.5, "deploymentId": "e", "stageVariableOverrides": {"a": "c"}}
    item = {
        "stageName": "v1",
        "deploymentId": "d",
        "variables": {"a": "b"},
        "webAclArn": "arn",
        "canarySettings": canary,
    }
    world.answer("get_stages", {"item": [item, {"stageName": "v2"}]}, {"restApiId": API})
    first = Stage("v1", "d", {"a": "b"}, "arn", 12.5, canary_deployment_id="e", canary_variables={"a": "c"})
    assert world.run(GetStages(R, API)) == (first, Stage("v2"))


def test_resources_of_all_pages(world: World) -> None:
    asked = {"restApiId": API, "limit": 500, "embed": ["methods"]}
    method = {
        "authorizationType": "COGNITO_USER_POOLS",
        "authorizerId": "auth1",
        "authorizationScopes": ["rs/read"],
        "apiKeyRequired": True,
    }
    first = [{"path": "/"}, {"id": "r1", "path": "/a", "resourceMethods": {"get": method}}]
    world.answer("get_resources", {"items": first, "position": "p2"}, asked)
    second = [{"path": "/b", "resourceMethods": {"ANY": {"authorizationType": "NONE"}}}]
    world.answer("get_resources", {"items": second}, {**asked, "position": "p2"})
    methods = world.run(GetResources(R, API))
    assert methods["/a"]["GET"].resource_id == "r1"
    assert methods == {
        "/a": {"GET": Method("COGNITO_USER_POOLS", "auth1", ("rs/read",), True)},
        "/b": {"ANY": Method("NONE")},
    }


def test_a_position_that_repeats_ends_the_list(world: World) -> None:
    for position in ("a", "b", "a"):
        world.answer("get_resources", {"items": [], "position": position})
    assert malformed(world.run(GetResources(R, API)))


def test_methods_that_were_not_embedded_are_not_open(world: World) -> None:
    world.answer("get_resources", {"items": [{"path": "/a", "resourceMethods": {"GET": {}}}]})
    assert malformed(world.run(GetResources(R, API)))


def test_authorizers_of_all_pages(world: World) -> None:
    full = {
        "id": "i",
        "name": "n",
        "type": "COGNITO_USER_POOLS",
        "providerARNs": ["arn"],
        "identitySource": "method.request.header.Authorization",
        "identityValidationExpression": "^x$",
    }
    asked = {"restApiId": API, "limit": 500}
    world.answer("get_authorizers", {"items": [full], "position": "p"}, asked)
    world.answer("get_authorizers", {"items": [{"id": "j", "name": "m", "type": "TOKEN"}]}, {**asked, "position": "p"})
    assert world.run(GetAuthorizers(R, API)) == (
        Authorizer("n", "COGNITO_USER_POOLS", "i", ("arn",), "method.request.header.Authorization", "^x$"),
        Authorizer("m", "TOKEN", "j"),
    )


def test_only_customized_gateway_responses(world: World) -> None:
    items = [
        {"responseType": "UNAUTHORIZED", "statusCode": "403", "defaultResponse": False},
        {"responseType": "DEFAULT_4XX", "defaultResponse": False},
        {"responseType": "THROTTLED", "statusCode": "429", "defaultResponse": True},
    ]
    world.answer("get_gateway_responses", {"items": items})
    expected = (GatewayResponse("UNAUTHORIZED", 403), GatewayResponse("DEFAULT_4XX", None))
    assert world.run(GetGatewayResponses(R, API)) == expected


def exported(paths: dict[str, Any] | None = None) -> dict[str, Any]:
    data = json.dumps({"openapi": "3.0.1", "paths": paths or {}}).encode()
    return {"body": StreamingBody(BytesIO(data), len(data)), "contentType": "application/json"}


EXPORT = {"restApiId": API, "stageName": "v1", "exportType": "oas30", "accepts": "application/json"}
BOTH = {**EXPORT, "parameters": {"extensions": "apigateway,authorizers"}}
ONE = {**EXPORT, "parameters": {"extensions": "authorizers"}}


def test_export_with_both_extensions(world: World) -> None:
    world.answer("get_export", exported({"/a": {"get": {}}}), BOTH)
    assert world.run(GetExport(R, API, "v1")) == Export({"/a": {"GET": Method("NONE")}})


@pytest.mark.parametrize("refused", [[BOTH], [BOTH, ONE]])
def test_export_falls_back_when_extensions_are_refused(world: World, refused: list[dict[str, Any]]) -> None:
    for asked in refused:
        world.stub("apigateway").add_client_error("get_export", "BadRequestException", "no", 400, expected_params=asked)
    world.answer("get_export", exported(), ONE if len(refused) == 1 else EXPORT)
    assert world.run(GetExport(R, API, "v1")) == Export({}, with_authorizers=len(refused) == 1)


def test_export_refused_thrice(world: World) -> None:
    for asked in (BOTH, ONE, EXPORT):
        world.stub("apigateway").add_client_error(
            "get_export", "BadRequestException", "non-JSON", 400, expected_params=asked
        )
    value = world.run(GetExport(R, API, "v1"))
    assert (value.reason, value.error, value.detail) == ("failed", "BadRequestException", "non-JSON")


@pytest.mark.parametrize(("code", "kind"), [("AccessDeniedException", Unread), ("NotFoundException", Absent)])
def test_export_does_not_fall_back_for_other_refusals(world: World, code: str, kind: type) -> None:
    world.stub("apigateway").add_client_error("get_export", code, "x", 403)
    assert isinstance(world.run(GetExport(R, API, "v1")), kind)


def test_export_that_is_none(world: World) -> None:
    world.answer("get_export", {"body": StreamingBody(BytesIO(b"openapi: x"), 10)})
    value = world.run(GetExport(R, API, "v1"))
    assert malformed(value)
    assert value.error == "MalformedExport"


def test_deployment(world: World) -> None:
    summary = {"/a": {"GET": {"authorizationType": "CUSTOM", "apiKeyRequired": True}}}
    world.answer(
        "get_deployment", {"apiSummary": summary}, {"restApiId": API, "deploymentId": "d", "embed": ["apisummary"]}
    )
    assert world.run(GetDeployment(R, API, "d")) == {"/a": {"GET": Method("CUSTOM", api_key_required=True)}}


def test_deployment_without_its_summary(world: World) -> None:
    world.answer("get_deployment", {"id": "d"})
    assert malformed(world.run(GetDeployment(R, API, "d")))


def test_invoke_authorizer(world: World) -> None:
    asked = {"restApiId": API, "authorizerId": "i", "headers": {"X-Auth": "token"}, "stageVariables": {"a": "b"}}
    world.answer("test_invoke_authorizer", {"clientStatus": 0, "log": "ok"}, asked)
    read = TestInvokeAuthorizer(R, API, "i", "X-Auth", "token", (("a", "b"),))
    assert world.run(read) == AuthorizerTest(0, "ok")


def test_invoke_authorizer_without_a_status_is_not_accepted(world: World) -> None:
    world.answer(
        "test_invoke_authorizer", {}, {"restApiId": API, "authorizerId": "i", "headers": {"A": "secret-token"}}
    )
    value = world.run(TestInvokeAuthorizer(R, API, "i", "A", "secret-token"))
    assert malformed(value)
    assert "secret-token" not in repr(value)


def test_usage_plans_domains_and_mappings(world: World) -> None:
    throttle, quota = {"rateLimit": 2.5, "burstLimit": 5}, {"limit": 100, "period": "DAY"}
    first = {"id": "p1", "name": "all", "apiStages": [{"apiId": API, "stage": "v1"}]}
    plans = [{**first, "throttle": throttle, "quota": quota}, {"name": "empty"}]
    world.answer("get_usage_plans", {"items": plans}, {"limit": 500})
    full = UsagePlan("p1", ((API, "v1"),), "all", Limit(2.5, 5), 100, "DAY")
    assert world.run(GetUsagePlans(R)) == (full, UsagePlan("", name="empty"))
    world.answer("get_usage_plans", {"items": []}, {"limit": 500, "keyId": "k1"})
    assert world.run(GetUsagePlans(R, "k1")) == ()
    keys = [{"id": "k1", "name": "one", "enabled": False}, {"id": "k2"}]
    world.answer("get_api_keys", {"items": keys}, {"limit": 500, "includeValues": False})
    assert world.run(GetApiKeys(R)) == (ApiKey("k1", enabled=False), ApiKey("k2"))
    world.answer("get_domain_names", {"items": [{"domainName": "a.example"}], "position": "p"}, {"limit": 500})
    world.answer("get_domain_names", {"items": [{"domainName": "b.example"}]}, {"limit": 500, "position": "p"})
    assert world.run(GetDomainNames(R)) == (DomainName("a.example"), DomainName("b.example"))
    mappings = [{"basePath": "(none)", "restApiId": API, "stage": "v1"}, {"basePath": "x", "restApiId": API}]
    world.answer("get_base_path_mappings", {"items": mappings}, {"limit": 500, "domainName": "a.example"})
    read = GetBasePathMappings(R, "a.example")
    assert world.run(read) == (("(none)", API, "v1"), ("x", API, ""))
    private = {"limit": 500, "domainName": "p.example", "domainNameId": "i"}
    world.answer("get_base_path_mappings", {"items": []}, private)
    assert world.run(GetBasePathMappings(R, "p.example", "i")) == ()


def test_what_a_domain_name_says(world: World) -> None:
    item = {
        "domainName": "a.example",
        "domainNameId": "i",
        "endpointConfiguration": {"types": ["PRIVATE"]},
        "mutualTlsAuthentication": {"truststoreUri": "s3://b/k"},
        "routingMode": "ROUTING_RULE_ONLY",
    }
    world.answer("get_domain_names", {"items": [item]})
    expected = DomainName("a.example", ("PRIVATE",), "i", "s3://b/k", "ROUTING_RULE_ONLY")
    assert world.run(GetDomainNames(R)) == (expected,)


def test_an_http_api(world: World) -> None:
    told = {"ApiId": API, "ProtocolType": "HTTP", "Name": "n", "DisableExecuteApiEndpoint": True}
    world.answer("get_api", told, {"ApiId": API}, "apigatewayv2")
    assert world.run(GetApi(R, API)) == HttpApi(API, "HTTP", "n", True)
    asked = {"ApiId": API, "MaxResults": "500"}
    stages: list[dict[str, Any]] = [{"StageName": "$default"}]
    world.answer("get_stages", {"Items": stages, "NextToken": "t"}, asked, "apigatewayv2")
    world.answer("get_stages", {"Items": [{"StageName": "v1"}]}, {**asked, "NextToken": "t"}, "apigatewayv2")
    assert world.run(GetHttpStages(R, API)) == ("$default", "v1")
    guarded = {"AuthorizationType": "JWT", "AuthorizerId": "j", "AuthorizationScopes": ["a/b"]}
    routes = [{"RouteKey": "GET /a", **guarded}, {"RouteKey": "$default"}]
    world.answer("get_routes", {"Items": routes}, asked, "apigatewayv2")
    assert world.run(GetRoutes(R, API)) == (HttpRoute("GET /a", "JWT", "j", ("a/b",)), HttpRoute("$default"))
    jwt: dict[str, Any] = {"AuthorizerId": "j", "AuthorizerType": "JWT", "Name": "n"}
    jwt |= {"IdentitySource": ["$request.header.X"], "JwtConfiguration": {"Issuer": "https://i", "Audience": ["c"]}}
    world.answer("get_authorizers", {"Items": [jwt]}, asked, "apigatewayv2")
    expected = HttpAuthorizer("j", "n", "JWT", "https://i", ("c",), ("$request.header.X",))
    assert world.run(GetHttpAuthorizers(R, API)) == (expected,)


def test_mappings_of_several_levels(world: World) -> None:
    mappings = [{"ApiId": API, "ApiMappingKey": "a/b", "Stage": "v1"}, {"ApiId": API, "Stage": "$default"}]
    mappings.append({"ApiId": API, "ApiMappingKey": "c", "Stage": ""})  # v1 makes them without a stage
    asked = {"DomainName": "a.example", "MaxResults": "500"}
    world.answer("get_api_mappings", {"Items": mappings}, asked, "apigatewayv2")
    assert world.run(GetApiMappings(R, "a.example")) == (
        ("a/b", API, "v1"),
        ("(none)", API, "$default"),
        ("c", API, ""),
    )


def test_a_token_that_repeats_ends_the_list(world: World) -> None:
    for _ in range(2):
        world.answer("get_routes", {"Items": [], "NextToken": "a"}, service="apigatewayv2")
    assert malformed(world.run(GetRoutes(R, API)))


def test_pool_and_caller(world: World) -> None:
    pool = {"Id": "eu-west-1_A", "Name": "n", "Domain": "d", "CustomDomain": "login.example"}
    world.answer("describe_user_pool", {"UserPool": pool}, {"UserPoolId": "eu-west-1_A"}, "cognito-idp")
    expected = Pool("eu-west-1_A", "n", "d", "login.example")
    assert world.run(DescribeUserPool(R, "eu-west-1_A")) == expected
    caller = {"Account": "123456789012", "Arn": "arn:aws:iam::123456789012:user/u", "UserId": "x"}
    world.answer("get_caller_identity", caller, {}, "sts")
    assert world.run(GetCallerIdentity(R)) == CallerIdentity("123456789012", "arn:aws:iam::123456789012:user/u")


@pytest.mark.parametrize(
    ("version", "is_managed"), [({"ManagedLoginVersion": 2}, True), ({"ManagedLoginVersion": 1}, False), ({}, False)]
)
def test_whose_a_domain_is(world: World, version: dict[str, int], is_managed: bool) -> None:
    described = {"UserPoolId": POOL, "Domain": "shop", "Status": "ACTIVE", **version}
    world.answer("describe_user_pool_domain", {"DomainDescription": described}, {"Domain": "shop"}, "cognito-idp")
    assert world.run(DescribeUserPoolDomain(R, "shop")) == UserPoolDomain("shop", POOL, is_managed)


def test_a_domain_that_does_not_exist(world: World) -> None:
    """AWS answers 200 and describes nothing."""
    read = DescribeUserPoolDomain(R, "login.example.com")
    world.answer("describe_user_pool_domain", {"DomainDescription": {}}, {"Domain": read.domain}, "cognito-idp")
    assert world.run(read) == Absent(read, "DomainNotFound")


@pytest.mark.parametrize("answer", [{}, {"DomainDescription": {"Domain": "shop"}}])
def test_a_domain_of_no_pool_is_not_absent(world: World, answer: dict[str, Any]) -> None:
    world.answer("describe_user_pool_domain", answer, service="cognito-idp")
    assert malformed(world.run(DescribeUserPoolDomain(R, "shop")))


def test_resource_servers_of_all_pages(world: World) -> None:
    def server(identifier: str, *scopes: str, **more: str) -> dict[str, Any]:
        told = [{"ScopeName": scope, "ScopeDescription": "x"} for scope in scopes]
        return {"UserPoolId": POOL, "Identifier": identifier, "Scopes": told, **more}

    asked = {"UserPoolId": POOL, "MaxResults": 50}
    first = {"ResourceServers": [server("shop", "read", "write", Name="Shop")], "NextToken": "t"}
    second = {"ResourceServers": [server("https://api.example.com/v1", "all"), {"Identifier": "bare"}]}
    world.answer("list_resource_servers", first, asked, "cognito-idp")
    world.answer("list_resource_servers", second, {**asked, "NextToken": "t"}, "cognito-idp")
    assert world.run(ListResourceServers(R, POOL)) == (
        ResourceServer("shop", "Shop", ("shop/read", "shop/write")),
        ResourceServer("https://api.example.com/v1", "", ("https://api.example.com/v1/all",)),
        ResourceServer("bare"),
    )


def test_no_resource_servers(world: World) -> None:
    world.answer("list_resource_servers", {"ResourceServers": []}, service="cognito-idp")
    assert world.run(ListResourceServers(R, POOL)) == ()


def test_resource_servers_that_never_end(world: World) -> None:
    for token in ("a", "b", "a"):
        world.answer("list_resource_servers", {"ResourceServers": [], "NextToken": token}, service="cognito-idp")
    assert malformed(world.run(ListResourceServers(R, POOL)))


def test_the_style_of_a_clients_pages(world: World) -> None:
    read = DescribeManagedLoginBrandingByClient(R, POOL, "4p3a")
    style = {"ManagedLoginBrandingId": "9d3e", "UserPoolId": POOL, "Settings": {"a": [1]}}
    asked = {"UserPoolId": POOL, "ClientId": "4p3a"}
    operation = "describe_managed_login_branding_by_client"
    world.answer(operation, {"ManagedLoginBranding": style}, asked, "cognito-idp")
    assert world.run(read) == Branding("9d3e")
    world.answer(operation, {}, asked, "cognito-idp")
    assert malformed(world.run(read))


@pytest.mark.parametrize(
    ("code", "kind"),
    [("ResourceNotFoundException", Absent), ("NotAuthorizedException", Unread), ("InternalErrorException", Unread)],
)
@pytest.mark.parametrize(
    ("operation", "read"),
    [
        ("describe_managed_login_branding_by_client", DescribeManagedLoginBrandingByClient(R, POOL, "4p3a")),
        ("list_resource_servers", ListResourceServers(R, POOL)),
        ("describe_user_pool_domain", DescribeUserPoolDomain(R, "shop")),
    ],
)
def test_cognitos_errors(world: World, operation: str, read: Read, code: str, kind: type) -> None:
    world.stub("cognito-idp").add_client_error(operation, code, "why", 400)
    value = world.run(read)
    assert isinstance(value, kind)
    assert isinstance(value, Absent | Unread)
    assert value.error == code


def test_reads_that_are_not_ours_or_have_no_region(world: World) -> None:
    assert world.run(GetKeys("https://x", R, "p")).error == "not-an-aws-read"
    assert world.run(GetUsagePlans("")).error == "no-region"


def test_every_aws_read_has_its_reader(world: World) -> None:
    from cogwizard.aws.reader import _READERS

    assert set(_READERS) == {kind for kind in (*READS, *KEY_READS, *LOG_READS, *SIGN_IN_READS) if kind.service != "web"}


def test_set_up_that_is_wrong_is_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = AwsReader(Clients(Settings(profile="ghost")))
    value = reader.run(GetStages(R, API))
    assert (value.reason, value.error) == ("failed", "no-such-profile")
    value = AwsReader(Clients(Settings(endpoint_url="u:secret@x"))).run(GetStages(R, API))
    assert value.error == "invalid-endpoint"
    assert "secret" not in repr(value)


def test_no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    value = AwsReader(Clients(Settings(endpoint_url="http://127.0.0.1:1"))).run(GetStages(R, API))
    assert (value.reason, value.error) == ("credentials", "NoCredentialsError")
    assert value.detail.endswith("Run: aws configure")


class Server(ThreadingHTTPServer):
    answer: tuple[int, str, bytes] = (200, "application/json", b"{}")


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, kind, body = self.server.answer  # type: ignore[attr-defined]
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(("127.0.0.1", 0), Handler) as httpd:
        thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield httpd
        httpd.shutdown()
        thread.join()


ALL = [
    GetRestApis(R),
    GetRestApi(R, API),
    GetStages(R, API),
    GetResources(R, API),
    GetAuthorizers(R, API),
    GetGatewayResponses(R, API),
    GetExport(R, API, "v1"),
    GetDeployment(R, API, "d"),
    TestInvokeAuthorizer(R, API, "i", "A", "t"),
    GetUsagePlans(R),
    GetApiKeys(R),
    GetWebAcl(R, "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/w/1"),
    GetDomainNames(R),
    GetBasePathMappings(R, "d"),
    GetApiMappings(R, "d"),
    GetApi(R, API),
    GetHttpStages(R, API),
    GetRoutes(R, API),
    GetHttpAuthorizers(R, API),
    DescribeUserPool(R, "eu-west-1_A"),
    DescribeUserPoolDomain(R, "shop"),
    ListResourceServers(R, POOL),
    DescribeManagedLoginBrandingByClient(R, POOL, "4p3a"),
    GetCallerIdentity(R),
]


@pytest.mark.parametrize(
    "body", [b"<html>Sign in to the network</html>", b"", b"[]", b"null", b'{"item": {"a": []}, "items": 5']
)
def test_a_success_that_is_no_json_is_never_an_empty_list(server: Server, body: bytes) -> None:
    server.answer = (200, "text/html", body)
    clients = Clients(Settings(endpoint_url=f"http://127.0.0.1:{server.server_port}"))
    for read in ALL:
        assert malformed(AwsReader(clients).run(read)), read.action


WRONG = [
    b'{"item":5,"UserPool":5,"name":5,"policy":5,"apiSummary":5,"clientStatus":"x"}',
    b'{"item":{"a":1},"apiSummary":[],"clientStatus":[]}',
]
WRONG += [b'{"item":[5,null,"x",[]],"UserPool":[],"endpointConfiguration":[],"apiSummary":{"/":5}}']
WRONG += [b'{"item":[{"stageName":5,"path":5,"name":5,"domainName":[],"restApiId":{},"apiStages":5,"responseType":5}]}']


@pytest.mark.parametrize("body", WRONG)
def test_answers_of_the_wrong_form_are_malformed(server: Server, body: bytes) -> None:
    server.answer = (200, "application/json", body)
    clients = Clients(Settings(endpoint_url=f"http://127.0.0.1:{server.server_port}"))
    for read in ALL:
        value = AwsReader(clients).run(read)
        assert malformed(value) or (isinstance(read, GetRestApi) and isinstance(value, ApiSettings)), read.action


@pytest.mark.parametrize(
    "body",
    [
        b'{"DomainDescription":{"UserPoolId":5},"ResourceServers":[{"Identifier":[]}],"ManagedLoginBranding":[]}',
        b'{"DomainDescription":[],"ResourceServers":[{"Identifier":"a","Scopes":[{}]}],"ManagedLoginBranding":{}}',
        b'{"DomainDescription":{"UserPoolId":"a","ManagedLoginVersion":true},"ResourceServers":{"a":1}}',
        b"{}",
    ],
)
def test_answers_of_the_wrong_form_to_cognitos_reads(server: Server, body: bytes) -> None:
    server.answer = (200, "application/x-amz-json-1.1", body)
    clients = Clients(Settings(endpoint_url=f"http://127.0.0.1:{server.server_port}"))
    for read in (
        DescribeUserPoolDomain(R, "shop"),
        ListResourceServers(R, POOL),
        ListUserPools(R),
        ListUserPoolClients(R, POOL),
        DescribeManagedLoginBrandingByClient(R, POOL, "4p3a"),
    ):
        assert malformed(AwsReader(clients).run(read)), read.action


def test_a_refused_connection_is_unreachable() -> None:
    clients = Clients(Settings(endpoint_url="http://127.0.0.1:1", timeout=0.5))
    clients.client("sts", R).meta.events.unregister("needs-retry.sts", unique_id="retry-config-sts")
    value = AwsReader(clients).run(GetCallerIdentity(R))
    assert (value.reason, value.error) == ("unreachable", "EndpointConnectionError")
