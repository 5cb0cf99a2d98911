"""What the sandbox's API Gateway logs of a call, and how CloudWatch Logs finds it."""

from typing import Any

import pytest
from build_kit import Build, error
from sandbox_kit import Got, Shop, call

from cogwizard.sandbox import Sandbox, method, state
from cogwizard.sandbox.executionlog import ROLE
from cogwizard.sandbox.logs import log_group

FORMAT = "$context.requestId $context.extendedRequestId $context.status $context.error.responseType $context.path"


def logging_shop(level: str = "INFO", **settings: Any) -> Shop:
    shop = Shop()
    shop.api.draft.add("/keyed", GET=method("COGNITO_USER_POOLS", "CognitoAuth", api_key=True))
    access = log_group(shop.world, "/apigateway/orders")
    shop.api.deploy(
        "prod",
        methodSettings={"*/*": {"loggingLevel": level, **settings}},
        accessLogSettings={"destinationArn": access.arn, "format": FORMAT},
    )
    shop.world.log_role = ROLE
    return shop


def lines(sandbox: Sandbox, got: Got, group: str | None = None, **options: Any) -> list[str]:
    rid = got.headers["x-amzn-RequestId"]
    name = group or f"API-Gateway-Execution-Logs_{next(iter(sandbox.world.apis))}/prod"
    pages = Build(sandbox).logs.get_paginator("filter_log_events")
    found = pages.paginate(logGroupName=name, filterPattern=f'"{rid}"', **options)
    return [each["message"].replace(rid, "RID") for page in found for each in page["events"]]


def test_what_the_execution_log_holds() -> None:
    shop = logging_shop()
    with Sandbox(shop.world) as sandbox:
        expired = call(sandbox, shop.api, "orders", shop.id_token(issued_at=shop.world.now() - 7200))
        found = lines(sandbox, expired)
        assert "(RID) Starting authorizer: " in found[1]
        assert found[-1] == "(RID) Unauthorized request: RID"
        through = lines(sandbox, call(sandbox, shop.api, "orders", shop.id_token()))
        assert "(RID) Successfully completed authorizer execution" in through
        assert "API Key authorized because method 'GET /orders' does not require" in "".join(through)
        keyed = lines(sandbox, call(sandbox, shop.api, "keyed", shop.id_token()))
        assert "API Key  not authorized because method 'GET /keyed' requires API Key" in keyed[-1]
        nowhere = call(sandbox, shop.api, "ordersx", shop.id_token())
        assert lines(sandbox, nowhere) == []
        access = lines(sandbox, nowhere, "/apigateway/orders")
        assert access == [f"RID {nowhere.headers['x-amz-apigw-id']} 403 INVALID_SIGNATURE /prod/ordersx"]


def test_access_log_names_the_response() -> None:
    shop = logging_shop("OFF")
    with Sandbox(shop.world) as sandbox:
        got = call(sandbox, shop.api, "keyed", shop.id_token())
        assert lines(sandbox, got, "/apigateway/orders")[0].split()[2:] == ["403", "INVALID_API_KEY", "/prod/keyed"]
        assert error(Build(sandbox).logs.filter_log_events, logGroupName="API-Gateway-Execution-Logs_x/prod")[0] == (
            "ResourceNotFoundException"
        )


def test_nothing_is_written_without_a_role() -> None:
    shop = logging_shop()
    shop.world.log_role = None
    with Sandbox(shop.world) as sandbox:
        call(sandbox, shop.api, "orders", shop.id_token())
        assert list(shop.world.log_groups) == ["/apigateway/orders"]
        assert shop.world.log_groups["/apigateway/orders"].events == []
        assert "cloudwatchRoleArn" not in Build(sandbox).gateway.get_account()
        shop.world.log_role = ROLE
        assert Build(sandbox).gateway.get_account()["cloudwatchRoleArn"] == ROLE


def test_errors_alone_and_data_tracing() -> None:
    shop = logging_shop("ERROR", dataTraceEnabled=True)
    with Sandbox(shop.world) as sandbox:
        token = shop.id_token()
        found = lines(sandbox, call(sandbox, shop.api, "orders", token, headers={"X-Token": token}))
        assert not [line for line in found if "Starting authorizer" in line]
        traced = next(line for line in found if "Method request headers" in line)
        assert token[:200] not in traced.partition("X-Token")[0]
        assert token[:200] in traced
        assert all(len(line) < 1100 for line in found)


def test_pages_delay_and_window() -> None:
    shop = logging_shop()
    world = shop.world
    world.log_delay, world.empty_log_pages = 1, 2
    with Sandbox(world) as sandbox:
        before = state(world)
        got = call(sandbox, shop.api, "orders", shop.id_token())
        assert lines(sandbox, got) == []
        whole = lines(sandbox, got)
        assert len(whole) == 6
        assert lines(sandbox, got, PaginationConfig={"PageSize": 4}) == whole
        now = int(world.now() * 1000)
        assert lines(sandbox, got, startTime=now + 60_000) == []
        assert lines(sandbox, got, endTime=now - 60_000) == []
        assert state(world)["log_groups"].keys() - before["log_groups"].keys() == {
            f"API-Gateway-Execution-Logs_{shop.api.id}/prod"
        }


@pytest.mark.parametrize("options", [{"filterPattern": "two words"}, {"nextToken": "x"}])
def test_what_a_search_refuses(options: dict[str, Any]) -> None:
    shop = logging_shop()
    with Sandbox(shop.world) as sandbox:
        refused = error(Build(sandbox).logs.filter_log_events, logGroupName="/apigateway/orders", **options)
        assert refused[0] == "InvalidParameterException"
