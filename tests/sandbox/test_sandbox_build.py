"""The walk-through's build from an empty account to the first 200, and back."""

import base64
import hashlib
import hmac
import json
import re
from http.client import RemoteDisconnected
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError
from build_kit import GROUP, NAME, PASSWORD, RUN, TEMPORARY, Build, error

from cogwizard.sandbox import Sandbox, World, state


def test_from_an_empty_world_to_200_and_back() -> None:
    world = World()
    before = state(world)
    with Sandbox(world) as sandbox:
        build = Build(sandbox)
        build.everything()
        token = build.tokens()["IdToken"]
        for sent in (token, f"Bearer {token}"):
            greeted = build.call(sent)
            assert greeted.status == 200
            assert "x-amzn-ErrorType" not in greeted.headers
            claims = greeted.json["claims"]
            assert greeted.json["message"] == "Hello from Lambda!"
            assert (claims["cognito:username"], claims["email"]) == ("hanako", "hanako@example.com")
            assert (claims["email_verified"], claims["token_use"], claims["aud"]) == ("true", "id", build.client_id)
            assert re.fullmatch(r"[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d UTC \d{4}", claims["exp"])
        assert build.call().refusal == (401, "UnauthorizedException", {"message": "Unauthorized"})
        assert build.call(build.tokens()["AccessToken"]).status == 401
        tested = build.gateway.test_invoke_authorizer(
            restApiId=build.api_id, authorizerId=build.authorizer_id, headers={"Authorization": token}
        )
        assert (tested["clientStatus"], tested["claims"]) == (0, claims)
        built = state(world)
        assert all(built[kind] for kind in ("pools", "apis", "roles", "functions", "log_groups"))
        build.teardown()
        assert build.call(token).status == 403
    assert state(world) == before == state(World())
    assert PASSWORD not in repr(built)
    assert TEMPORARY not in repr(sandbox.requests) + repr(world)


def test_what_was_made_says_whose_it_is() -> None:
    with Sandbox(World()) as sandbox:
        build = Build(sandbox)
        build.everything()
        role = build.iam.get_role(RoleName=NAME)["Role"]
        assert {tag["Key"]: tag["Value"] for tag in role["Tags"]} == RUN
        group = build.logs.describe_log_groups(logGroupNamePrefix=GROUP)["logGroups"][0]
        assert build.logs.list_tags_for_resource(resourceArn=group["logGroupArn"])["tags"] == RUN
        assert build.functions.get_function(FunctionName=NAME)["Tags"] == RUN
        assert build.cognito.describe_user_pool(UserPoolId=build.pool_id)["UserPool"]["UserPoolTags"] == RUN
        assert build.gateway.get_rest_api(restApiId=build.api_id)["tags"] == RUN
        assert [each["tags"] for each in build.gateway.get_rest_apis()["items"]] == [RUN]


def test_the_half_with_a_secret() -> None:
    with Sandbox(World()) as sandbox:
        build = Build(sandbox)
        build.everything()
        build.client_id = build.client("server", secret=True)
        asked = {"USERNAME": "hanako", "PASSWORD": PASSWORD}
        kind, status, text = error(
            build.cognito.initiate_auth,
            ClientId=build.client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters=asked,
        )
        assert (kind, status) == ("NotAuthorizedException", 400)
        assert text == f"Client {build.client_id} is configured with secret but SECRET_HASH was not received"
        described = build.cognito.describe_user_pool_client(UserPoolId=build.pool_id, ClientId=build.client_id)
        secret = described["UserPoolClient"]["ClientSecret"]
        mac = hmac.new(secret.encode(), f"hanako{build.client_id}".encode(), hashlib.sha256)
        token = build.tokens(SECRET_HASH=base64.b64encode(mac.digest()).decode())["IdToken"]
        assert build.call(token).json["claims"]["aud"] == build.client_id
        assert secret not in repr(sandbox.world) + repr(sandbox.requests) + json.dumps(state(sandbox.world))


@pytest.mark.parametrize("kind", ["lost", "stall", "drop", "hang"])
def test_an_answer_that_never_comes(kind: str) -> None:
    world = World()
    with Sandbox(world) as sandbox:
        build = Build(sandbox)
        sandbox.denied["CreateLogGroup", GROUP] = kind
        expected = ReadTimeoutError if kind in ("stall", "hang") else ConnectionClosedError
        if kind in ("stall", "hang"):
            build.logs = _impatient(sandbox)
        with pytest.raises(expected):
            build.logs.create_log_group(logGroupName=GROUP)
        assert (GROUP in world.log_groups) == (kind in ("lost", "stall"))
        build.logs.create_log_group(logGroupName="another")


def _impatient(sandbox: Sandbox) -> Any:
    import boto3
    from botocore.config import Config

    config = Config(proxies={}, retries={"total_max_attempts": 1}, read_timeout=0.2)
    session: Any = boto3.Session("sandbox", "sandbox", region_name="ap-northeast-1")
    return session.client("logs", endpoint_url=sandbox.url, config=config)


def test_calls_and_keys_can_be_lost_too() -> None:
    with Sandbox(World()) as sandbox:
        build = Build(sandbox)
        build.everything()
        token = build.tokens()["IdToken"]
        build.logs.delete_log_group(logGroupName=GROUP)
        sandbox.denied["Invoke"] = "lost"
        with pytest.raises(RemoteDisconnected):
            build.call(token)
        assert GROUP in sandbox.world.log_groups  # the function ran


def test_a_second_build_makes_other_ids() -> None:
    with Sandbox(World()) as sandbox:
        build = Build(sandbox)
        build.everything()
        first = (build.pool_id, build.client_id, build.api_id)
        sub = build.cognito.admin_get_user(UserPoolId=build.pool_id, Username="hanako")["UserAttributes"][0]["Value"]
        old = build.tokens()
        build.teardown()
        build.everything()
        assert not set(first) & {build.pool_id, build.client_id, build.api_id}
        again = build.cognito.admin_get_user(UserPoolId=build.pool_id, Username="hanako")["UserAttributes"][0]["Value"]
        assert sub != again
        assert build.call(old["IdToken"]).status == 401
        assert error(build.cognito.get_user, AccessToken=old["AccessToken"])[0] == "NotAuthorizedException"


def test_the_export_holds_the_integration() -> None:
    with Sandbox(World()) as sandbox:
        build = Build(sandbox)
        build.everything()
        answer = build.gateway.get_export(
            restApiId=build.api_id,
            stageName="test",
            exportType="oas30",
            parameters={"extensions": "apigateway,authorizers"},
        )
        document = json.loads(answer["body"].read())
    operation = document["paths"]["/"]["post"]
    integration = operation["x-amazon-apigateway-integration"]
    assert (integration["type"], integration["httpMethod"]) == ("aws_proxy", "POST")
    assert integration["uri"].endswith(f":function:{NAME}/invocations")
    assert operation["security"] == [{"CognitoAuth": []}]
    scheme = document["components"]["securitySchemes"]["CognitoAuth"]
    assert scheme["x-amazon-apigateway-authorizer"]["providerARNs"] == [build.pool_arn]
