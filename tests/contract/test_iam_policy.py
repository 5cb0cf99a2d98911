"""The IAM policy of `cogwizard policy`: held against botocore's models of the services, which we did not write."""

import fnmatch
import json
import re
import time
from dataclasses import fields
from typing import Any

import pytest
from botocore.loaders import Loader

from cogwizard.aws.session import Settings
from cogwizard.commands.diagnose import diagnose
from cogwizard.model.read import Read
from cogwizard.model.read_web import GetCallerIdentity
from cogwizard.model.reads import LOG_READS, READS, SIGN_IN_READS
from cogwizard.report.iam_policy import build
from cogwizard.sandbox.environment import KEYS
from cogwizard.sandbox.scenarios import SCENARIOS, serve
from cogwizard.sandbox.scenarios.calls import CALLS
from cogwizard.sandbox.scenarios.configuration import CONFIGURATION

API, POOL, REGION = "a1b2c3d4e5", "eu-west-1_Abc123", "eu-west-1"
AWS_READS = [read for read in READS if read.service != "web"]


def operations(service: str) -> dict[str, Any]:
    found: dict[str, Any] = Loader().load_service_model(service, "service-2")["operations"]
    return found


APIGATEWAY = operations("apigateway")
APIGATEWAYV2 = operations("apigatewayv2")


def grants(policy: dict[str, Any], action: str, resource: str) -> bool:
    """Whether a policy allows an action on an ARN: `*` stands for anything, colons and slashes too."""
    return any(
        statement["Effect"] == "Allow"
        and fnmatch.fnmatchcase(action, statement["Action"])
        and any(fnmatch.fnmatchcase(resource, pattern) for pattern in statement["Resource"])
        for statement in policy["Statement"]
    )


def needed(operation: str, region: str = REGION, api: str = API, *, v2: bool = False) -> tuple[str, str]:
    """Return action and ARN of an operation of API Gateway: IAM's names are the HTTP verb and the path.

    v2's paths stand there without their first part (actions for API Gateway management V2 [D]).
    """
    http = (APIGATEWAYV2 if v2 else APIGATEWAY)[operation]["http"]
    named = http["requestUri"].replace("{restapi_id}", api).replace("{apiId}", api).partition("?")[0]
    path = re.sub(r"\{[^}]+\}", "x", named.removeprefix("/v2") if v2 else named)
    partition = "aws-cn" if region.startswith("cn-") else "aws"
    return f"apigateway:{http['method']}", f"arn:{partition}:apigateway:{region}::{path}"


@pytest.mark.parametrize("read", [read for read in AWS_READS if read.service.startswith("apigateway")])
@pytest.mark.parametrize("region", [REGION, "cn-north-1"])
def test_each_read_is_granted(read: type[Read], region: str) -> None:
    wanted = needed(read.operation, region, v2=read.service == "apigatewayv2")
    assert grants(build(), *wanted)
    assert grants(build(region), *wanted)
    assert grants(build(region, API, POOL), *wanted)


def test_the_pool_is_granted() -> None:
    assert "DescribeUserPool" in operations("cognito-idp")
    arn = f"arn:aws:cognito-idp:{REGION}:123456789012:userpool/{POOL}"
    for policy in (build(), build(REGION), build(REGION, API, POOL)):
        assert grants(policy, "cognito-idp:DescribeUserPool", arn)


def test_nothing_is_granted_that_writes() -> None:
    """Over every operation of API Gateway's model: what is granted is a GET, or the test of an authorizer."""
    granted = {name for name in APIGATEWAY if grants(build(), *needed(name))}
    assert {name for name in granted if APIGATEWAY[name]["http"]["method"] != "GET"} == {"TestInvokeAuthorizer"}
    assert {read.operation for read in AWS_READS if read.service == "apigateway"} <= granted
    second = {name for name in APIGATEWAYV2 if grants(build(), *needed(name, v2=True))}
    assert {name for name in second if APIGATEWAYV2[name]["http"]["method"] != "GET"} == set()
    assert {read.operation for read in AWS_READS if read.service == "apigatewayv2"} <= second


def test_no_secret_can_be_read() -> None:
    """These answer with API keys or with an app client's secret."""
    secret = ("GetApiKey", "GetApiKeys", "GetUsagePlanKey", "GetUsagePlanKeys", "GetUsage", "TestInvokeMethod")
    assert [name for name in secret if grants(build(), *needed(name))] == []
    actions = {statement["Action"] for statement in build()["Statement"]}
    assert actions == {"apigateway:GET", "apigateway:POST", "cognito-idp:DescribeUserPool", "wafv2:GetWebACL"}


def test_an_app_client_is_read_for_signing_in_alone() -> None:
    arn = f"arn:aws:cognito-idp:{REGION}:123456789012:userpool/{POOL}"
    policy = build(REGION, API, POOL, sign_in=True)
    for read in SIGN_IN_READS:
        assert read.operation in operations("cognito-idp")
        assert read.operation.startswith(("Describe", "List", "AdminGet"))
        resource = arn if read.resource != "*" else "*"
        assert grants(policy, f"cognito-idp:{read.operation}", resource)
        assert not grants(build(), f"cognito-idp:{read.operation}", resource)


def test_signing_in_and_the_checklist_write_nothing() -> None:
    """Over every operation of Cognito's model: what is granted is what is read."""
    arn = f"arn:aws:cognito-idp:{REGION}:123456789012:userpool/{POOL}"
    policy = build(REGION, API, POOL, sign_in=True)
    granted = {
        name
        for name in operations("cognito-idp")
        if any(grants(policy, f"cognito-idp:{name}", resource) for resource in (arn, "*"))
    }
    cognito = [read for read in (*AWS_READS, *SIGN_IN_READS) if read.service == "cognito-idp"]
    assert granted == {read.operation for read in cognito}
    assert len(json.dumps(policy, separators=(",", ":"))) < 6144  # a managed policy's limit, in characters
    known = {"region": REGION, "user_pool_id": POOL}
    for read in SIGN_IN_READS:
        values: dict[str, Any] = {item.name: known.get(item.name, "x") for item in fields(read)}
        permission = read(**values).permission
        assert permission is not None
        assert grants(build(sign_in=True), *permission.split(" on "))


def test_logs_are_read_for_those_who_ask_alone() -> None:
    """What was logged may hold what nobody meant to show: without --logs the policy grants none of it."""
    execution = f"arn:aws:logs:{REGION}:123456789012:log-group:API-Gateway-Execution-Logs_{API}/prod:*"
    access = f"arn:aws:logs:{REGION}:123456789012:log-group:/apigateway/shop:*"
    policy = build(REGION, API, POOL, logs=True)
    for resource in (execution, access):
        assert grants(policy, "logs:FilterLogEvents", resource)
        assert not grants(build(), "logs:FilterLogEvents", resource)
    assert grants(policy, *needed("GetAccount"))
    assert not grants(build(), *needed("GetAccount"))
    asked = {action for statement in policy["Statement"] if (action := statement["Action"]).startswith("logs:")}
    assert asked == {"logs:FilterLogEvents"}
    assert "FilterLogEvents" in operations("logs")
    known = {"region": REGION, "rest_api_id": API, "stage": "prod", "log_group": "/apigateway/shop"}
    for read in LOG_READS:
        values: dict[str, Any] = {item.name: known.get(item.name, "x") for item in fields(read)}
        permission = read(**values).permission
        assert permission is not None
        assert grants(build(logs=True), *permission.split(" on "))


def test_narrowed_it_holds_for_nothing_else() -> None:
    policy = build(REGION, API, POOL)
    for operation in ("GetRestApi", "GetExport", "GetAuthorizers", "TestInvokeAuthorizer"):
        assert not grants(policy, *needed(operation, api="zzzzzzzzzz"))
        assert not grants(policy, *needed(operation, region="us-east-1"))
    other = f"arn:aws:cognito-idp:{REGION}:123456789012:userpool/eu-west-1_Zzz999"
    assert not grants(policy, "cognito-idp:DescribeUserPool", other)


def test_what_a_report_asks_for_is_in_the_policy() -> None:
    """`permission` of a read is what a denied read tells the user to add."""
    known = {"region": REGION, "rest_api_id": API, "api_id": API, "user_pool_id": POOL}
    for read in AWS_READS:
        values: dict[str, Any] = {item.name: known.get(item.name, "x") for item in fields(read)}
        if permission := read(**values).permission:
            assert grants(build(), *permission.split(" on "))
        else:
            assert read is GetCallerIdentity  # STS answers everybody


def test_it_is_a_policy_that_iam_takes() -> None:
    policy = build()
    assert policy["Version"] == "2012-10-17"
    assert all(re.fullmatch(r"[A-Za-z0-9]+", statement["Sid"]) for statement in policy["Statement"])
    assert all("*" not in statement["Action"] for statement in policy["Statement"])
    assert len(json.dumps(policy, separators=(",", ":"))) < 6144  # a managed policy's limit, in characters


def test_diagnosing_asks_for_nothing_else() -> None:
    """What the sandbox was really asked is declared as a read."""
    names = [scenario.name for scenario in (*CALLS, *CONFIGURATION) if not scenario.alone]
    with serve(names) as served:
        settings = Settings(None, served.sandbox.world.region, served.url, 5.0, KEYS)
        for name in names:
            diagnose(served.case(SCENARIOS[name], time.time()), settings, lambda *_: None)
        asked = {(service, operation) for service, operation, _ in served.sandbox.requests}
    declared = {(read.service, read.operation) for read in AWS_READS}
    keys, replay = ("cognito-idp", "GetKeys"), ("execute-api", "Invoke")  # public, and the call itself
    assert asked <= declared | {keys, replay}
    assert {keys, replay, ("apigateway", "GetExport"), ("apigateway", "TestInvokeAuthorizer")} <= asked
