"""The control plane's reads through real boto3."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from sandbox_kit import Shop, aws, http

from cogwizard.sandbox import Sandbox, authorizer, lambda_authorizer, method
from cogwizard.sandbox.world import World


def _error(call: Any, **params: Any) -> tuple[str, str, int]:
    with pytest.raises(ClientError) as caught:
        call(**params)
    answer: Any = caught.value.response
    return answer["Error"]["Code"], answer["Error"]["Message"], answer["ResponseMetadata"]["HTTPStatusCode"]


def test_an_api_and_its_stages() -> None:
    shop = Shop()
    shop.api.draft.endpoint_disabled = True
    shop.api.stages["prod"]["webAclArn"] = "arn:aws:wafv2:ap-northeast-1:123456789012:regional/webacl/a/b"
    shop.api.deploy("test", variables={"pool": "x"})
    shop.api.deploy_canary("test", 10, variables={"pool": "y"})
    with Sandbox(shop.world) as sandbox:
        client = aws(sandbox, "apigateway")
        assert [each["id"] for each in client.get_rest_apis()["items"]] == [shop.api.id]
        found = client.get_rest_api(restApiId=shop.api.id)
        stages = {each["stageName"]: each for each in client.get_stages(restApiId=shop.api.id)["item"]}
        one = client.get_stage(restApiId=shop.api.id, stageName="test")
    assert (found["name"], found["disableExecuteApiEndpoint"]) == ("orders", True)
    assert found["endpointConfiguration"]["types"] == ["REGIONAL"]
    assert "policy" not in found
    assert stages["prod"]["webAclArn"].endswith("webacl/a/b")
    assert one["variables"] == {"pool": "x"}
    assert one["canarySettings"]["stageVariableOverrides"] == {"pool": "y"}
    assert one["deploymentId"] != one["canarySettings"]["deploymentId"]
    assert one["createdDate"].year == 2026


def test_apis_come_in_pages() -> None:
    shop = Shop()
    for number in range(600):
        shop.world.add_api(f"api{number:03}")
    with Sandbox(shop.world) as sandbox:
        client = aws(sandbox, "apigateway")
        first = client.get_rest_apis()
        second = client.get_rest_apis(position=first["position"], limit=500)
        rest = client.get_rest_apis(position=second["position"], limit=500)
    assert [len(page["items"]) for page in (first, second, rest)] == [25, 500, 76]
    assert "position" not in rest
    found = {each["id"]: each for page in (first, second, rest) for each in page["items"]}
    assert set(found) == set(shop.world.apis)
    assert found[shop.api.id]["endpointConfiguration"]["types"] == ["REGIONAL"]


def test_a_policy_comes_with_escaped_quotes() -> None:
    shop = Shop()
    shop.api.draft.policy = '{"Version":"2012-10-17","Statement":[]}'
    with Sandbox(shop.world) as sandbox:
        policy = aws(sandbox, "apigateway").get_rest_api(restApiId=shop.api.id)["policy"]
    assert policy.startswith('{\\"Version\\":')
    assert json.loads(json.loads(f'"{policy}"')) == json.loads(shop.api.draft.policy)


def test_resources_hold_methods_only_when_embedded() -> None:
    shop = Shop()
    with Sandbox(shop.world) as sandbox:
        client = aws(sandbox, "apigateway")
        bare = {each["path"]: each for each in client.get_resources(restApiId=shop.api.id)["items"]}
        full = {e["path"]: e for e in client.get_resources(restApiId=shop.api.id, embed=["methods"])["items"]}
        one = client.get_method(restApiId=shop.api.id, resourceId=bare["/items/{id}"]["id"], httpMethod="GET")
    assert set(bare) == {"/", "/items", "/items/{id}", "/orders", "/public"}
    assert bare["/orders"]["resourceMethods"] == {"GET": {}, "OPTIONS": {}}
    assert "resourceMethods" not in bare["/items"]
    assert bare["/items/{id}"]["parentId"] == bare["/items"]["id"]
    made = full["/items/{id}"]["resourceMethods"]["GET"]
    assert made["authorizationScopes"] == ["shop/read", "shop/all"]
    assert made["authorizerId"] == authorizer("CognitoAuth")["id"]
    assert "authorizationScopes" not in full["/orders"]["resourceMethods"]["GET"]
    assert (one["httpMethod"], one["authorizationScopes"]) == ("GET", ["shop/read", "shop/all"])


def test_resources_come_in_pages_of_25_and_at_most_500() -> None:
    shop = Shop()
    for number in range(600):
        shop.api.draft.add(f"/r{number:03}", GET=method())
    with Sandbox(shop.world) as sandbox:
        client = aws(sandbox, "apigateway")
        first = client.get_resources(restApiId=shop.api.id)
        largest = client.get_resources(restApiId=shop.api.id, limit=500)
        pages = client.get_paginator("get_resources").paginate(
            restApiId=shop.api.id, PaginationConfig={"PageSize": 500}
        )
        everything = [each["path"] for page in pages for each in page["items"]]
    assert len(first["items"]) == 25
    assert first["position"]
    assert len(largest["items"]) == 500
    assert len(everything) == len(set(everything)) == 605


def test_authorizers_are_the_drafts() -> None:
    shop = Shop()
    shop.api.draft.authorizers.append(authorizer("Second", shop.pool.arn, header="X-Auth", regex="abc", ttl=0))
    with Sandbox(shop.world) as sandbox:
        client = aws(sandbox, "apigateway")
        found = client.get_authorizers(restApiId=shop.api.id)["items"]
        second = client.get_authorizer(restApiId=shop.api.id, authorizerId=found[1]["id"])
    assert [each["name"] for each in found] == ["CognitoAuth", "Second"]
    assert found[0]["providerARNs"] == [shop.pool.arn]
    assert "authorizerResultTtlInSeconds" not in found[0]
    assert second["identitySource"] == "method.request.header.X-Auth"
    assert (second["identityValidationExpression"], second["authorizerResultTtlInSeconds"]) == ("abc", 0)


def test_gateway_responses_are_all_there_customized_or_not() -> None:
    shop = Shop()
    shop.api.draft.respond("UNAUTHORIZED", status=403, headers={"Access-Control-Allow-Origin": "*"})
    with Sandbox(shop.world) as sandbox:
        answer = aws(sandbox, "apigateway").get_gateway_responses(restApiId=shop.api.id)
    found = {each["responseType"]: each for each in answer["items"]}
    assert len(found) == 21
    assert [kind for kind, each in found.items() if not each["defaultResponse"]] == ["UNAUTHORIZED"]
    assert found["UNAUTHORIZED"]["statusCode"] == "403"
    assert found["ACCESS_DENIED"]["statusCode"] == "403"
    assert "statusCode" not in found["DEFAULT_4XX"]


def test_deployments_and_their_summary_hold_no_scopes() -> None:
    shop = Shop()
    shop.api.deploy("prod")
    with Sandbox(shop.world) as sandbox:
        client = aws(sandbox, "apigateway")
        items = client.get_deployments(restApiId=shop.api.id)["items"]
        plain = client.get_deployment(restApiId=shop.api.id, deploymentId=items[0]["id"])
        summary = client.get_deployment(restApiId=shop.api.id, deploymentId=items[0]["id"], embed=["apisummary"])
    assert len(items) == 2
    assert items[0]["createdDate"] < items[1]["createdDate"]
    assert "apiSummary" not in plain
    expected = {"authorizationType": "COGNITO_USER_POOLS", "apiKeyRequired": False}
    assert summary["apiSummary"]["/items/{id}"] == {"GET": expected}


def _export(sandbox: Sandbox, api_id: str, kind: str = "oas30", extensions: str = "") -> Any:
    parameters = {"extensions": extensions} if extensions else {}
    answer = aws(sandbox, "apigateway").get_export(
        restApiId=api_id, stageName="prod", exportType=kind, parameters=parameters, accepts="application/json"
    )
    assert answer["contentType"] == "application/json"
    return json.loads(answer["body"].read())


def test_an_export_is_of_what_is_deployed() -> None:
    shop = Shop()
    shop.api.draft.resources["/items/{id}"]["GET"]["authorizationScopes"].append("shop/new")
    shop.api.draft.authorizers[0]["providerARNs"].clear()
    shop.api.draft.add("/later", GET=method())
    with Sandbox(shop.world) as sandbox:
        document = _export(sandbox, shop.api.id, extensions="apigateway,authorizers")
    assert "/later" not in document["paths"]
    assert document["paths"]["/items/{id}"]["get"]["security"] == [{"CognitoAuth": ["shop/read", "shop/all"]}]
    assert document["paths"]["/orders"]["get"]["security"] == [{"CognitoAuth": []}]
    assert "security" not in document["paths"]["/public"]["get"]
    scheme = document["components"]["securitySchemes"]["CognitoAuth"]
    assert (scheme["type"], scheme["name"], scheme["in"]) == ("apiKey", "Authorization", "header")
    assert scheme["x-amazon-apigateway-authtype"] == "cognito_user_pools"
    assert scheme["x-amazon-apigateway-authorizer"] == {"type": "cognito_user_pools", "providerARNs": [shop.pool.arn]}


def test_an_export_without_extensions_keeps_the_scheme_but_not_its_authorizer() -> None:
    shop = Shop()
    with Sandbox(shop.world) as sandbox:
        bare = _export(sandbox, shop.api.id)
        swagger = _export(sandbox, shop.api.id, "swagger", "integrations")
    scheme = {"type": "apiKey", "name": "Authorization", "in": "header"}
    scheme["x-amazon-apigateway-authtype"] = "cognito_user_pools"
    assert bare["components"]["securitySchemes"] == {"CognitoAuth": scheme}
    assert "x-amazon-apigateway-integration" not in bare["paths"]["/orders"]["get"]
    assert swagger["securityDefinitions"] == {"CognitoAuth": scheme}
    assert (swagger["swagger"], swagger["basePath"]) == ("2.0", "/prod")
    assert swagger["paths"]["/orders"]["get"]["x-amazon-apigateway-integration"]["type"] == "mock"


def test_an_export_names_keys_signatures_any_policy_and_gateway_responses() -> None:
    shop = Shop()
    draft = shop.api.draft
    draft.authorizers.append(lambda_authorizer("Custom"))
    draft.add("/mixed", ANY=method("AWS_IAM"), PUT=method("CUSTOM", "Custom", api_key=True))
    draft.policy = '{"Version":"2012-10-17","Statement":[]}'
    draft.endpoint_disabled = True
    draft.respond("UNAUTHORIZED", status=403)
    shop.api.deploy("prod")
    with Sandbox(shop.world) as sandbox:
        document = _export(sandbox, shop.api.id, extensions="apigateway,authorizers")
        bare = _export(sandbox, shop.api.id)
    mixed = document["paths"]["/mixed"]
    schemes = document["components"]["securitySchemes"]
    assert mixed["x-amazon-apigateway-any-method"]["security"] == [{"sigv4": []}]
    assert mixed["put"]["security"] == [{"Custom": []}, {"api_key": []}]
    assert schemes["sigv4"]["x-amazon-apigateway-authtype"] == "awsSigv4"
    assert schemes["api_key"] == {"type": "apiKey", "name": "x-api-key", "in": "header"}
    assert schemes["Custom"]["x-amazon-apigateway-authorizer"]["type"] == "token"
    assert document["x-amazon-apigateway-policy"] == {"Version": "2012-10-17", "Statement": []}
    assert document["x-amazon-apigateway-gateway-responses"]["UNAUTHORIZED"]["statusCode"] == 403
    server = document["servers"][0]
    assert server["x-amazon-apigateway-endpoint-configuration"] == {"disableExecuteApiEndpoint": True}
    assert not [key for key in bare if key.startswith("x-amazon")]


def test_an_export_in_another_form_is_refused() -> None:
    shop = Shop()
    with Sandbox(shop.world) as sandbox:
        get_export = aws(sandbox, "apigateway").get_export
        known: dict[str, Any] = {"restApiId": shop.api.id, "stageName": "prod"}
        assert _error(get_export, **known, exportType="raml")[0] == "BadRequestException"
        assert _error(get_export, **known, exportType="oas30", accepts="application/yaml")[0] == "BadRequestException"
        odd = {"extensions": "apigateway,bogus"}
        assert _error(get_export, **known, exportType="oas30", parameters=odd)[0] == "BadRequestException"


def test_the_authorizers_test_takes_id_tokens_only_and_tests_the_draft() -> None:
    shop = Shop()
    shop.api.draft.authorizers[0]["identitySource"] = "method.request.header.X-Auth"
    identifier = shop.api.draft.authorizers[0]["id"]
    with Sandbox(shop.world) as sandbox:
        test = aws(sandbox, "apigateway").test_invoke_authorizer
        names = {"restApiId": shop.api.id, "authorizerId": identifier}
        good = test(**names, headers={"x-auth": shop.id_token(claims={"cognito:groups": ["a", "b"]})})
        many = test(**names, multiValueHeaders={"X-Auth": [shop.id_token()]})
        wrong_header = test(**names, headers={"Authorization": shop.id_token()})
        access = test(**names, headers={"X-Auth": shop.access_token("shop/read")})
        asked = [params for _, name, params in sandbox.requests if name == "TestInvokeAuthorizer"]
    assert good["clientStatus"] == many["clientStatus"] == 0
    assert good["claims"]["aud"] == shop.client.id
    assert good["claims"]["cognito:groups"] == "a,b"
    assert good["claims"]["email_verified"] == "true"
    assert "UTC" in good["claims"]["exp"]
    assert [wrong_header["clientStatus"], access["clientStatus"]] == [401, 401]
    assert "claims" not in access
    assert asked[0]["headers"] == asked[1]["multiValueHeaders"] == "secret"
    assert "eyJ" not in repr(sandbox.requests)


def test_the_authorizers_test_takes_stage_variables() -> None:
    shop = Shop()
    shop.api.draft.authorizers[0]["providerARNs"] = [shop.pool.arn.replace(shop.pool.id, "${stageVariables.pool}")]
    names = {"restApiId": shop.api.id, "authorizerId": shop.api.draft.authorizers[0]["id"]}
    with Sandbox(shop.world) as sandbox:
        test = aws(sandbox, "apigateway").test_invoke_authorizer
        headers = {"Authorization": shop.id_token()}
        assert test(**names, headers=headers)["clientStatus"] == 401
        assert test(**names, headers=headers, stageVariables={"pool": shop.pool.id})["clientStatus"] == 0


def test_usage_plans_and_domains() -> None:
    shop = Shop()
    shop.world.add_key("partner", (shop.api.id, "prod"))
    shop.world.add_domain("api.example.com", ("v1", shop.api.id, "prod"), ("(none)", shop.api.id, "test"))
    with Sandbox(shop.world) as sandbox:
        client = aws(sandbox, "apigateway")
        plans = client.get_usage_plans()["items"]
        domains = client.get_domain_names()["items"]
        mappings = client.get_base_path_mappings(domainName="api.example.com")["items"]
        unknown = _error(client.get_base_path_mappings, domainName="other.example.com")
    assert plans[0]["apiStages"] == [{"apiId": shop.api.id, "stage": "prod"}]
    assert [each["domainName"] for each in domains] == ["api.example.com"]
    assert mappings[0] == {"basePath": "v1", "restApiId": shop.api.id, "stage": "prod"}
    assert [each["basePath"] for each in mappings] == ["v1", "(none)"]
    assert unknown[0] == "NotFoundException"


def test_what_is_not_there_is_said_as_aws_says_it() -> None:
    shop = Shop()
    with Sandbox(shop.world) as sandbox:
        client = aws(sandbox, "apigateway")
        api = shop.api.id
        assert _error(client.get_rest_api, restApiId="xxxx") == (
            "NotFoundException",
            "Invalid API identifier specified 123456789012:xxxx",
            404,
        )
        stage = _error(client.get_stage, restApiId=api, stageName="dev")
        export = _error(client.get_export, restApiId=api, stageName="dev", exportType="oas30")
        assert stage == export == ("NotFoundException", "Invalid stage identifier specified", 404)
        assert _error(client.get_authorizer, restApiId=api, authorizerId="nope00")[0] == "NotFoundException"
        assert _error(client.get_deployment, restApiId=api, deploymentId="nope00")[0] == "NotFoundException"
        for resource, verb in (("nope00", "GET"), (_resource(client, api, "/orders"), "PUT")):
            found = _error(client.get_method, restApiId=api, resourceId=resource, httpMethod=verb)
            assert found[0] == "NotFoundException"


def _resource(client: Any, api: str, path: str) -> Any:
    return next(each["id"] for each in client.get_resources(restApiId=api)["items"] if each["path"] == path)


def test_an_api_is_seen_in_its_own_region_only() -> None:
    shop = Shop()
    with Sandbox(shop.world) as sandbox:
        elsewhere = aws(sandbox, "apigateway", region="us-east-1")
        assert elsewhere.get_rest_apis()["items"] == []
        assert _error(elsewhere.get_rest_api, restApiId=shop.api.id)[0] == "NotFoundException"
        assert http(f"{sandbox.url}/restapis/{shop.api.id}").json["id"] == shop.api.id


def test_an_empty_world_has_empty_lists() -> None:
    with Sandbox(World()) as sandbox:
        client = aws(sandbox, "apigateway")
        assert client.get_rest_apis()["items"] == client.get_domain_names()["items"] == []
        assert client.get_usage_plans()["items"] == []
