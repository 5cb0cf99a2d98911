"""lambda: functions, permissions, what runs and what does not; the proxy integration's event and answer."""

import io
import json
import zipfile
from typing import Any

import pytest
from build_kit import ACCOUNT, BASIC, FUNCTION, NAME, ROLE, RUN, TRUST, URI, Build, error
from sandbox_kit import REGION, aws

from cogwizard.model.function import FILE, SOURCE, package
from cogwizard.sandbox import Sandbox, World
from cogwizard.sandbox.proxy import answer
from cogwizard.sandbox.responses import Refused

_BOOM = "raise SystemError('this ran')\n"


def _zipped(files: dict[str, str]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return held.getvalue()


def test_a_function_comes_and_goes() -> None:
    with Sandbox(World(function_delay=2)) as sandbox:
        build = Build(sandbox)
        build.iam.create_role(RoleName=NAME, AssumeRolePolicyDocument=json.dumps(TRUST))
        made = build.create_function()
        assert (made["State"], made["StateReasonCode"], made["FunctionArn"]) == ("Pending", "Creating", FUNCTION)
        assert made["ResponseMetadata"]["HTTPStatusCode"] == 201
        states = [build.functions.get_function(FunctionName=NAME)["Configuration"]["State"] for _ in range(3)]
        assert states == ["Pending", "Pending", "Active"]
        for name in (NAME, FUNCTION, f"{ACCOUNT}:function:{NAME}", f"{FUNCTION}:$LATEST"):
            found = build.functions.get_function(FunctionName=name)
            assert (found["Configuration"]["Role"], found["Tags"]) == (ROLE, RUN)
        assert found["Configuration"]["CodeSize"] == len(package())
        assert build.functions.get_function_configuration(FunctionName=NAME)["Timeout"] == 3
        conflict = error(build.create_function)
        assert conflict == ("ResourceConflictException", 409, f"Function already exist: {NAME}")
        build.functions.delete_function(FunctionName=NAME)
        gone = ("ResourceNotFoundException", 404, f"Function not found: {FUNCTION}")
        assert error(build.functions.get_function, FunctionName=NAME) == gone
        assert error(build.functions.delete_function, FunctionName=NAME) == gone
        assert error(aws(sandbox, "lambda", "us-east-1").get_function, FunctionName=NAME)[:2] == gone[:2]


def test_a_role_that_lambda_cannot_take_on() -> None:
    with Sandbox(World(role_delay=2)) as sandbox:
        build = Build(sandbox)
        text = "The role defined for the function cannot be assumed by Lambda."
        refused = ("InvalidParameterValueException", 400, text)
        assert error(build.create_function) == refused
        build.iam.create_role(RoleName=NAME, AssumeRolePolicyDocument=json.dumps(TRUST).replace("lambda", "ec2"))
        assert error(build.create_function) == refused
        build.iam.delete_role(RoleName=NAME)
        build.iam.create_role(RoleName=NAME, AssumeRolePolicyDocument=json.dumps(TRUST))
        assert [error(build.create_function) for _ in range(2)] == [refused, refused]
        build.create_function()
        assert sandbox.denied == {}


@pytest.mark.parametrize(
    "body", [b"", b"no zip", b"PK\x03\x04", package()[:-5], _zipped({}), package()[:60] + b"x" * 400]
)
def test_a_package_that_is_none(body: bytes) -> None:
    with Sandbox(World()) as sandbox:
        build = Build(sandbox)
        build.iam.create_role(RoleName=NAME, AssumeRolePolicyDocument=json.dumps(TRUST))
        assert error(build.create_function, Code={"ZipFile": body})[:2] == ("InvalidParameterValueException", 400)
        assert sandbox.world.lambda_functions == {}


def test_permissions() -> None:
    with Sandbox(World()) as sandbox:
        build = Build(sandbox)
        build.function()
        none = error(build.functions.get_policy, FunctionName=NAME)
        assert none == ("ResourceNotFoundException", 404, "The resource you requested does not exist.")
        build.api_id = "abc"
        build.permit()
        assert error(build.permit)[:2] == ("ResourceConflictException", 409)
        policy = json.loads(build.functions.get_policy(FunctionName=NAME)["Policy"])
        source = f"arn:aws:execute-api:{REGION}:{ACCOUNT}:abc/*/POST/"
        assert policy["Statement"] == [
            {
                "Sid": "gateway",
                "Effect": "Allow",
                "Principal": {"Service": "apigateway.amazonaws.com"},
                "Action": "lambda:InvokeFunction",
                "Resource": FUNCTION,
                "Condition": {"ArnLike": {"AWS:SourceArn": source}},
            }
        ]
        build.functions.remove_permission(FunctionName=NAME, StatementId="gateway")
        assert error(build.functions.get_policy, FunctionName=NAME)[0] == "ResourceNotFoundException"
        missing = error(build.functions.remove_permission, FunctionName=NAME, StatementId="gateway")
        assert missing[:2] == ("ResourceNotFoundException", 404)


@pytest.mark.parametrize(
    ("source", "status"),
    [
        ("*/POST/", 200),
        ("*", 200),
        ("test/POST/", 200),
        ("t?st/*/", 200),
        ("*/*", 200),
        ("*/GET/", 500),
        ("prod/POST/", 500),
        ("*/POST/orders", 500),
        ("", 500),
    ],
)
def test_who_may_call_the_function(source: str, status: int) -> None:
    with Sandbox(World()) as sandbox:
        build = _open(sandbox)
        build.permit(source)
        answered = build.call()
        assert answered.status == status
        if status == 500:
            assert answered.refusal[1:] == ("InternalServerErrorException", {"message": "Internal server error"})


def _open(sandbox: Sandbox, path: str = "/", verb: str = "POST", **changes: Any) -> Build:
    """Make a function and an unprotected API in front of it, without a permission."""
    build = Build(sandbox)
    build.function()
    build.api_id = build.gateway.create_rest_api(name=NAME)["id"]
    build.root_id = build.gateway.get_resources(restApiId=build.api_id)["items"][0]["id"]
    for part in path.strip("/").split("/"):
        if part:
            made = build.gateway.create_resource(restApiId=build.api_id, parentId=build.root_id, pathPart=part)
            build.root_id = made["id"]
    where = {**build.method, "httpMethod": verb}
    build.gateway.put_method(**where, authorizationType="NONE")
    asked = {"type": "AWS_PROXY", "integrationHttpMethod": "POST", "uri": URI, **changes}
    build.gateway.put_integration(**where, **asked)
    build.deploy()
    return build


def test_other_accounts_and_services_are_not_meant() -> None:
    changes: list[dict[str, str]] = [
        {"Principal": "s3.amazonaws.com"},
        {"Action": "lambda:GetFunction"},
        {"SourceArn": f"arn:aws:execute-api:{REGION}:999999999999:*"},
        {"SourceArn": f"arn:aws:execute-api:us-east-1:{ACCOUNT}:*"},
        {"SourceArn": f"arn:aws:execute-api::{ACCOUNT}:*"},
        {"SourceAccount": "999999999999"},
    ]
    with Sandbox(World()) as sandbox:
        build = _open(sandbox)
        good = {"Action": "lambda:InvokeFunction", "Principal": "apigateway.amazonaws.com", "SourceAccount": ACCOUNT}
        for at, change in enumerate(changes):
            build.functions.add_permission(FunctionName=NAME, StatementId=f"s{at}", **{**good, **change})
        assert build.call().status == 500
        build.functions.add_permission(FunctionName=NAME, StatementId="good", **good)
        assert build.call().status == 200


def test_a_function_that_is_not_there_or_not_ready_or_called_wrongly() -> None:
    world = World()
    with Sandbox(world) as sandbox:
        build = _open(sandbox)
        build.permit()
        assert build.call().status == 200
        world.lambda_functions[NAME].looks = 1
        assert [build.call().status, build.call().status] == [500, 200]
        world.lambda_functions[NAME].looks = 1
        assert error(build.functions.invoke, FunctionName=NAME)[:2] == ("ResourceConflictException", 409)
        build.gateway.put_integration(**build.method, type="AWS_PROXY", integrationHttpMethod="GET", uri=URI)
        build.deploy()
        assert build.call().status == 500
        build.gateway.put_integration(**build.method, type="AWS_PROXY", integrationHttpMethod="POST", uri=URI)
        build.deploy()
        assert build.call().status == 200
        build.functions.delete_function(FunctionName=NAME)
        assert build.call().refusal == (500, "InternalServerErrorException", {"message": "Internal server error"})


@pytest.mark.parametrize(
    "changes",
    [
        {"Code": {"ZipFile": _zipped({FILE: _BOOM})}},
        {"Code": {"ZipFile": _zipped({FILE: SOURCE + _BOOM})}},
        {"Code": {"ZipFile": _zipped({FILE: SOURCE, "json.py": _BOOM})}},
        {"Code": {"ZipFile": _zipped({"other.py": SOURCE})}},
        {"Handler": "lambda_function.other"},
        {"Runtime": "nodejs22.x"},
    ],
)
def test_uploaded_code_never_runs(changes: dict[str, Any]) -> None:
    with Sandbox(World()) as sandbox:
        build = _open(sandbox)
        build.permit()
        build.functions.delete_function(FunctionName=NAME)
        build.create_function(**changes)
        build.permit()
        assert build.call().refusal == (502, "InternalServerErrorException", {"message": "Internal server error"})
        called = build.functions.invoke(FunctionName=NAME, Payload=b"{}")
        assert called["FunctionError"] == "Unhandled"
        assert "this ran" not in called["Payload"].read().decode()


def test_a_direct_call() -> None:
    with Sandbox(World()) as sandbox:
        build = Build(sandbox)
        build.function()
        event = {"requestContext": {"authorizer": {"claims": {"sub": "x"}}}}
        called = build.functions.invoke(FunctionName=NAME, Payload=json.dumps(event).encode())
        told = json.loads(called["Payload"].read())
        assert (called["StatusCode"], told["statusCode"]) == (200, 200)
        assert json.loads(told["body"])["claims"] == {"sub": "x"}
        assert error(build.functions.invoke, FunctionName=NAME, Payload=b"{")[0] == "InvalidRequestContentException"
        for odd in (b"[]", b"1", b'{"requestContext": "text"}'):  # the function fails at these
            assert build.functions.invoke(FunctionName=NAME, Payload=odd)["FunctionError"] == "Unhandled"


def test_the_event_that_a_function_gets(monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[Any] = []

    def keep(world: World, function: object, event: object) -> dict[str, int]:
        events.append(event)
        return {"statusCode": 204}

    monkeypatch.setattr("cogwizard.sandbox.proxy.run", keep)
    with Sandbox(World()) as sandbox:
        build = _open(sandbox, "/orders/{id}/{rest+}", "ANY")
        build.permit("*")
        build.gateway.create_deployment(restApiId=build.api_id, stageName="test", variables={"color": "red"})
        called = build.call(path="/orders/a%20b/c/d%2Fe?x=1&x=2&y=", verb="PUT", body="本".encode())
        assert called.status == 204
    event = events[0]
    assert (event["resource"], event["path"]) == ("/orders/{id}/{rest+}", "/orders/a b/c/d/e")
    assert event["pathParameters"] == {"id": "a b", "rest": "c/d/e"}
    assert (event["httpMethod"], event["body"], event["isBase64Encoded"]) == ("PUT", "本", False)
    assert event["queryStringParameters"] == {"x": "2", "y": ""}
    assert event["multiValueQueryStringParameters"] == {"x": ["1", "2"], "y": [""]}
    assert event["stageVariables"] == {"color": "red"}
    context = event["requestContext"]
    assert (context["stage"], context["accountId"], context["apiId"]) == ("test", ACCOUNT, build.api_id)
    assert context["path"] == "/test/orders/a%20b/c/d%2Fe"
    assert "authorizer" not in context
    assert {name.lower() for name in event["headers"]} >= {"host", "user-agent"}


def test_the_answer_that_a_caller_gets() -> None:
    assert answer({"statusCode": 201}) == (201, [], b"")
    assert answer({"statusCode": "404", "headers": {"X-A": "b", "X-N": 1}, "body": "本"}) == (
        404,
        [("X-A", "b"), ("X-N", "1")],
        "本".encode(),
    )
    assert answer({"statusCode": 200, "body": "aGk=", "isBase64Encoded": True})[2] == b"hi"


@pytest.mark.parametrize(
    "value",
    [
        None,
        "text",
        [],
        {},
        {"statusCode": "ok"},
        {"statusCode": True},
        {"statusCode": 99},
        {"statusCode": 200, "body": {}},
        {"statusCode": 200, "headers": []},
        {"statusCode": 200, "headers": {"a": {}}},
        {"statusCode": 200, "body": "***", "isBase64Encoded": True},
    ],
)
def test_an_answer_that_is_none(value: object) -> None:
    with pytest.raises(Refused) as caught:
        answer(value)
    assert (caught.value.status, caught.value.message) == (502, "Internal server error")


def test_what_lambda_refuses() -> None:
    with Sandbox(World()) as sandbox:
        build = Build(sandbox)
        build.function()
        bad = ("InvalidParameterValueException", 400)
        for name in ("a b", "x" * 200, "日本"):
            assert error(build.create_function, FunctionName=name)[:2] == bad
        assert error(build.create_function, FunctionName="other", Runtime="python9.9")[:2] == bad
        assert error(build.create_function, FunctionName="other", Role="hello")[:2] == bad
        elsewhere = aws(sandbox, "lambda", "us-east-1")
        assert error(elsewhere.add_permission, FunctionName=NAME, StatementId="a", Action="*", Principal="1")[1] == 404
        sandbox.denied["AddPermission", NAME] = "AccessDeniedException"
        assert error(build.permit)[:2] == ("AccessDeniedException", 403)
        assert BASIC in sandbox.world.roles[NAME].attached
    assert "Canary" not in repr(sandbox.requests)
    shown = [params for _, name, params in sandbox.requests if name == "CreateFunction"]
    assert all(params["Code"] == "secret" for params in shown)
