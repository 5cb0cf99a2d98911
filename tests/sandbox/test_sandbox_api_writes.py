"""REST APIs, resources, methods, integrations, authorizers and deployments are made, changed and deleted."""

import json
from typing import Any

import pytest
from build_kit import ACCOUNT, NAME, RUN, URI, Build, error
from sandbox_kit import REGION, Shop, aws, call, http

from cogwizard.sandbox import Sandbox, World, state

BAD, CONFLICT = ("BadRequestException", 400), ("ConflictException", 409)
POOL_ARN = f"arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/{REGION}_abcdefghi"
SOURCE = "method.request.header.Authorization"
MOCK = {"type": "MOCK", "requestTemplates": {"application/json": '{"statusCode": 200}'}}


def _api(sandbox: Sandbox, **settings: Any) -> Build:
    """Make an API without a method."""
    build = Build(sandbox)
    made = build.gateway.create_rest_api(**{"name": NAME, **settings})
    build.api_id, build.root_id = made["id"], made["rootResourceId"]
    return build


def test_an_api_tells_what_it_was_made_with() -> None:
    with Sandbox(World()) as sandbox:
        build = _api(sandbox, tags=RUN, description="of <mine>", endpointConfiguration={"types": ["REGIONAL"]})
        found = build.gateway.get_rest_api(restApiId=build.api_id)
        assert (found["name"], found["tags"], found["description"]) == (NAME, RUN, "of <mine>")
        assert found["endpointConfiguration"]["types"] == ["REGIONAL"]
        assert found["rootResourceId"] == build.root_id
        assert build.gateway.get_resources(restApiId=build.api_id)["items"] == [{"id": build.root_id, "path": "/"}]
        again = build.gateway.create_rest_api(name=NAME)
        assert again["ResponseMetadata"]["HTTPStatusCode"] == 201
        assert again["endpointConfiguration"]["types"] == ["EDGE"]
        assert (again["id"] != build.api_id, again["tags"]) == (True, {})
        assert len(build.gateway.get_rest_apis()["items"]) == 2
        for changes in ({"name": " "}, {"policy": "{"}, {"endpointConfiguration": {"types": ["MOON"]}}):
            assert error(build.gateway.create_rest_api, **{"name": NAME, **changes})[:2] == BAD
        assert error(aws(sandbox, "apigateway", "us-east-1").create_rest_api, name=NAME)[:2] == BAD


def test_an_api_is_deleted_at_aws_pace() -> None:
    with Sandbox(World(delete_api_delay=2)) as sandbox:
        build = _api(sandbox)
        throttled = ("TooManyRequestsException", 429)
        assert [error(build.gateway.delete_rest_api, restApiId=build.api_id)[:2] for _ in range(2)] == [throttled] * 2
        build.gateway.delete_rest_api(restApiId=build.api_id)
        assert state(sandbox.world) == state(World())
        assert error(build.gateway.delete_rest_api, restApiId=build.api_id)[:2] == ("NotFoundException", 404)


def test_an_api_with_a_domain_stays() -> None:
    shop = Shop()
    shop.world.add_domain("api.example.com", ("(none)", shop.api.id, "prod"))
    with Sandbox(shop.world) as sandbox:
        assert error(aws(sandbox, "apigateway").delete_rest_api, restApiId=shop.api.id)[:2] == BAD
    assert shop.api.id in shop.world.apis


def test_resources() -> None:
    with Sandbox(World()) as sandbox:
        build = _api(sandbox)

        def make(parent: str, part: str) -> Any:
            return {"restApiId": build.api_id, "parentId": parent, "pathPart": part}

        orders = build.gateway.create_resource(**make(build.root_id, "orders"))
        assert (orders["path"], orders["parentId"], orders["pathPart"]) == ("/orders", build.root_id, "orders")
        one = build.gateway.create_resource(**make(orders["id"], "{id}"))
        rest = build.gateway.create_resource(**make(one["id"], "{rest+}"))
        assert rest["path"] == "/orders/{id}/{rest+}"
        refuse = build.gateway.create_resource
        assert error(refuse, **make(build.root_id, "orders"))[:2] == CONFLICT
        assert error(refuse, **make(orders["id"], "{other}"))[:2] == BAD
        assert error(refuse, **make(rest["id"], "more"))[:2] == BAD
        for part in ("a b", "a/b", "{a", "日本", ""):
            assert error(refuse, **make(build.root_id, part))[:2] == BAD
        assert error(refuse, **make("nothing", "a"))[:2] == ("NotFoundException", 404)
        paths = [each["path"] for each in build.gateway.get_resources(restApiId=build.api_id)["items"]]
        assert paths == ["/", "/orders", "/orders/{id}", "/orders/{id}/{rest+}"]


def test_a_method_is_put_once() -> None:
    with Sandbox(World()) as sandbox:
        build = _api(sandbox)
        put = build.gateway.put_method
        made = put(**build.method, authorizationType="NONE")
        assert (made["httpMethod"], made["authorizationType"], made["apiKeyRequired"]) == ("POST", "NONE", False)
        assert error(put, **build.method, authorizationType="NONE")[:2] == CONFLICT
        for changes in ({"httpMethod": "FETCH"}, {"httpMethod": "GET", "authorizationType": "SOME"}):
            asked = {**build.method, "authorizationType": "NONE", **changes}
            assert error(put, **asked)[:2] == BAD
        for kind in ("COGNITO_USER_POOLS", "CUSTOM"):
            text = "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS "
            asked = {**build.method, "httpMethod": "GET", "authorizationType": kind}
            for authorizer in ({}, {"authorizerId": "gone12"}):
                refused = error(put, **asked, **authorizer)
                assert refused == (*BAD, text + "requires a valid authorizer.")
        assert build.gateway.get_method(**build.method)["authorizationType"] == "NONE"
        missing = {**build.method, "httpMethod": "GET"}
        assert error(build.gateway.get_method, **missing)[:2] == ("NotFoundException", 404)


def test_a_method_is_patched() -> None:
    with Sandbox(World()) as sandbox:
        build = _api(sandbox)
        build.gateway.put_method(**build.method, authorizationType="NONE")
        authorizer = _authorizer(build)["id"]
        cognito = ("replace", "/authorizationType", "COGNITO_USER_POOLS")
        for bad in (
            (cognito,),
            (cognito, ("replace", "/authorizerId", "gone12")),
            (("replace", "/nothing", "x"),),
            (("remove", "/authorizationType", ""),),
            (("add", "/authorizerId", "x"),),
            (("replace", "/authorizationType", "SOME"),),
        ):
            with pytest.raises(build.gateway.exceptions.BadRequestException):
                build.patch(*bad)
            assert build.gateway.get_method(**build.method)["authorizationType"] == "NONE"
        made = build.patch(
            cognito, ("replace", "/authorizerId", authorizer), ("add", "/authorizationScopes", "a/b,c/d")
        )
        assert (made["authorizerId"], made["authorizationScopes"]) == (authorizer, ["a/b", "c/d"])
        build.patch(("remove", "/authorizationScopes", "a/b"), ("replace", "/apiKeyRequired", "true"))
        found = build.gateway.get_method(**build.method)
        assert (found["authorizationScopes"], found["apiKeyRequired"]) == (["c/d"], True)
        build.patch(("remove", "/authorizationScopes", "c/d"), ("replace", "/apiKeyRequired", "false"))
        found = build.gateway.get_method(**build.method)
        assert ("authorizationScopes" in found, found["apiKeyRequired"]) == (False, False)
        build.patch(("replace", "/authorizationType", "NONE"))
        assert "authorizerId" not in build.gateway.get_method(**build.method)


def _authorizer(build: Build, **changes: Any) -> Any:
    """Make an authorizer; `changes` replace parameters."""
    asked = {"name": "CognitoAuth", "type": "COGNITO_USER_POOLS", "providerARNs": [POOL_ARN], "identitySource": SOURCE}
    return build.gateway.create_authorizer(restApiId=build.api_id, **{**asked, **changes})


def test_authorizers() -> None:
    with Sandbox(World()) as sandbox:
        build = _api(sandbox)
        made = _authorizer(build, identityValidationExpression="^a$", authorizerResultTtlInSeconds=0)
        where = {"restApiId": build.api_id, "authorizerId": made["id"]}
        found = build.gateway.get_authorizer(**where)
        assert (found["providerARNs"], found["authType"]) == ([POOL_ARN], "cognito_user_pools")
        assert (found["identitySource"], found["authorizerResultTtlInSeconds"]) == (SOURCE, 0)
        other = _authorizer(build, name="Other", providerARNs=[POOL_ARN[:-9] + "${stageVariables.pool}"])
        assert other["id"] != made["id"]
        bad: list[dict[str, Any]] = [
            {"providerARNs": []},
            {"providerARNs": ["arn:aws:iam::123456789012:role/x"]},
            {"identitySource": "Authorization"},
            {"identitySource": ""},
            {"identitySource": "method.request.querystring.token"},
            {"authorizerResultTtlInSeconds": 3601},
            {"type": "MAGIC"},
            {"type": "TOKEN", "authorizerUri": ""},
            {"name": "CognitoAuth"},
        ]
        for changes in bad:
            with pytest.raises(build.gateway.exceptions.BadRequestException):
                _authorizer(build, **{"name": "third", **changes})
        assert len(build.gateway.get_authorizers(restApiId=build.api_id)["items"]) == 2


def test_an_authorizer_is_patched() -> None:
    second = POOL_ARN[:-1] + "j"
    with Sandbox(World()) as sandbox:
        build = _api(sandbox)
        where = {"restApiId": build.api_id, "authorizerId": _authorizer(build)["id"]}

        def patch(op: str, path: str, value: str) -> Any:
            asked = [{"op": op, "path": path, "value": value}]
            return build.gateway.update_authorizer(**where, patchOperations=asked)

        assert patch("add", "/providerARNs", second)["providerARNs"] == [POOL_ARN, second]
        assert patch("remove", "/providerARNs", POOL_ARN)["providerARNs"] == [second]
        assert patch("replace", "/identitySource", "method.request.header.X-Auth")["identitySource"].endswith("X-Auth")
        assert patch("replace", "/authorizerResultTtlInSeconds", "60")["authorizerResultTtlInSeconds"] == 60
        assert patch("replace", "/identityValidationExpression", "a")["identityValidationExpression"] == "a"
        assert "identityValidationExpression" not in patch("replace", "/identityValidationExpression", "")
        kept = build.gateway.get_authorizer(**where)
        for op, path, value in (
            ("remove", "/providerARNs", second),
            ("add", "/providerARNs", "arn"),
            ("replace", "/authorizerUri", "x"),
            ("replace", "/authorizerResultTtlInSeconds", "soon"),
            ("replace", "/identitySource", "X-Auth"),
        ):
            with pytest.raises(build.gateway.exceptions.BadRequestException):
                patch(op, path, value)
        found = build.gateway.get_authorizer(**where)
        assert {**found, "ResponseMetadata": 0} == {**kept, "ResponseMetadata": 0}


def test_an_authorizer_in_use_stays() -> None:
    with Sandbox(World()) as sandbox:
        build = Build(sandbox)
        build.everything()
        where = {"restApiId": build.api_id, "authorizerId": build.authorizer_id}
        text = "Cannot delete authorizer 'CognitoAuth', is referenced in method: POST//"
        assert error(build.gateway.delete_authorizer, **where) == (*CONFLICT, text)
        build.patch(("replace", "/authorizationType", "NONE"))
        build.gateway.delete_authorizer(**where)
        assert error(build.gateway.delete_authorizer, **where)[:2] == ("NotFoundException", 404)
        assert build.call().status == 401  # what is deployed is as it was
        build.deploy()
        assert build.call().status == 200


def test_integrations() -> None:
    with Sandbox(World()) as sandbox:
        build = _api(sandbox)
        put = build.gateway.put_integration
        proxy = {"type": "AWS_PROXY", "integrationHttpMethod": "POST", "uri": URI}
        assert error(put, **build.method, **proxy)[:2] == ("NotFoundException", 404)
        build.gateway.put_method(**build.method, authorizationType="NONE")
        made = put(**build.method, **proxy)
        assert (made["type"], made["httpMethod"], made["uri"]) == ("AWS_PROXY", "POST", URI)
        bad: list[dict[str, Any]] = [
            {"type": "AWS_PROXY", "uri": URI},
            {**proxy, "uri": "https://example.com/"},
            {"type": "AWS_PROXY", "integrationHttpMethod": "POST"},
            {"type": "HTTP", "integrationHttpMethod": "GET", "uri": "http://169.254.169.254/"},
        ]
        for asked in bad:
            assert error(put, **build.method, **asked)[:2] == BAD
        found = build.gateway.get_method(**build.method)["methodIntegration"]
        assert (found["uri"], found["timeoutInMillis"]) == (URI, 29000)
        put(**build.method, **MOCK)
        assert build.gateway.get_method(**build.method)["methodIntegration"]["type"] == "MOCK"


def test_a_mock_answers_what_it_was_given() -> None:
    with Sandbox(World()) as sandbox:
        build = _api(sandbox)
        status = {**build.method, "statusCode": "201"}
        build.gateway.put_method(**build.method, authorizationType="NONE")
        assert error(build.gateway.put_integration_response, **status)[:2] == ("NotFoundException", 404)
        build.gateway.put_integration(**build.method, **MOCK)
        assert error(build.gateway.put_integration_response, **status)[:2] == ("NotFoundException", 404)
        build.deploy()
        assert build.call().refusal == (500, "InternalServerErrorException", {"message": "Internal server error"})
        build.gateway.put_method_response(**status)
        assert error(build.gateway.put_method_response, **status)[:2] == CONFLICT
        build.gateway.put_integration_response(
            **status,
            responseParameters={"method.response.header.X-Mine": "'yes'"},
            responseTemplates={"application/json": '{"made": true}'},
        )
        build.deploy()
        got = build.call()
    assert (got.status, got.headers["X-Mine"], got.json) == (201, "yes", {"made": True})


def test_deployments() -> None:
    with Sandbox(World()) as sandbox:
        build = _api(sandbox)
        create = build.gateway.create_deployment
        empty = error(create, restApiId=build.api_id, stageName="test")
        assert empty == (*BAD, "The REST API doesn't contain any methods")
        build.gateway.put_method(**build.method, authorizationType="NONE")
        bare = error(create, restApiId=build.api_id, stageName="test")
        assert bare == (*BAD, "No integration defined for method")
        build.gateway.put_integration(**build.method, **MOCK)
        for stage in ("a b", "a/b", "日本"):
            assert error(create, restApiId=build.api_id, stageName=stage)[:2] == BAD
        assert build.gateway.get_stages(restApiId=build.api_id)["item"] == []
        alone = create(restApiId=build.api_id, description="no stage")["id"]
        assert build.gateway.get_stages(restApiId=build.api_id)["item"] == []
        first = create(restApiId=build.api_id, stageName="test", description="first", variables={"a": "b"})["id"]
        stage = build.gateway.get_stage(restApiId=build.api_id, stageName="test")
        assert (stage["deploymentId"], stage["variables"]) == (first, {"a": "b"})
        second = build.deploy()
        stage = build.gateway.get_stage(restApiId=build.api_id, stageName="test")
        assert (stage["deploymentId"], stage["variables"]) == (second, {"a": "b"})
        told = {
            each["id"]: each.get("description")
            for each in build.gateway.get_deployments(restApiId=build.api_id)["items"]
        }
        assert told == {alone: "no stage", first: "first", second: None}


def test_a_change_is_not_in_force_before_it_is_deployed() -> None:
    shop = Shop()
    with Sandbox(shop.world) as sandbox:
        gateway = aws(sandbox, "apigateway")
        items = gateway.get_resources(restApiId=shop.api.id)["items"]
        orders = next(each["id"] for each in items if each["path"] == "/orders")
        where = {"restApiId": shop.api.id, "resourceId": orders, "httpMethod": "GET"}
        gateway.update_method(
            **where, patchOperations=[{"op": "replace", "path": "/authorizationType", "value": "NONE"}]
        )
        assert call(sandbox, shop.api, "/orders").status == 401
        gateway.create_deployment(restApiId=shop.api.id, stageName="prod")
        assert call(sandbox, shop.api, "/orders").status == 200


def test_an_export_leaves_out_resources_without_a_method() -> None:
    with Sandbox(World()) as sandbox:
        build = _api(sandbox)
        build.gateway.create_resource(restApiId=build.api_id, parentId=build.root_id, pathPart="empty")
        build.gateway.put_method(**build.method, authorizationType="NONE")
        build.gateway.put_integration(**build.method, **MOCK)
        deployment = build.deploy()
        body = build.gateway.get_export(restApiId=build.api_id, stageName="test", exportType="oas30")["body"].read()
        summary = build.gateway.get_deployment(restApiId=build.api_id, deploymentId=deployment, embed=["apisummary"])[
            "apiSummary"
        ]
    assert list(json.loads(body)["paths"]) == list(summary) == ["/"]


def test_odd_names_break_nothing() -> None:
    with Sandbox(World()) as sandbox:
        for name in ("\\ud800", "\\u0000", "x" * 5000, "</script>"):
            body = f'{{"name": "{name}"}}'.encode()
            assert http(f"{sandbox.url}/restapis", {}, "POST", body).status in (201, 400)
        for body in (b'{"name": null}', b'{"name": "a", "tags": null}', b'{"name": "a", "endpointConfiguration": []}'):
            assert http(f"{sandbox.url}/restapis", {}, "POST", body).refusal[:2] == BAD[::-1]
        made = http(f"{sandbox.url}/restapis", {}, "POST", b'{"name": "a", "tags": {"k": "\\u0007"}}')
        assert made.status == 201
