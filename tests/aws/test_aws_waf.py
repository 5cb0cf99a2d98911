"""What a web ACL may stop, and what it answers then, from GetWebACL's own members."""

from typing import Any

import pytest

from cogwizard.aws.fields import Malformed
from cogwizard.aws.waf import get_web_acl
from cogwizard.model.firewall import BlockResponse
from cogwizard.model.read_waf import GetWebAcl

READ = GetWebAcl("eu-west-1", "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/w/1")
ALLOW: dict[str, Any] = {"DefaultAction": {"Allow": {}}}
GROUP = {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "Common"}}


class Client:
    """Answers one web ACL."""

    def __init__(self, **acl: Any) -> None:
        self.acl = acl

    def get_web_acl(self, ARN: str) -> dict[str, Any]:
        assert READ.arn == ARN
        return {"WebACL": {"Name": "w", "Id": "1", "ARN": ARN, **self.acl}}


def rule(**members: Any) -> dict[str, Any]:
    return {"Name": "r", "Priority": 0, "Statement": {}, **members}


@pytest.mark.parametrize(
    ("acl", "blocks"),
    [
        ({**ALLOW}, False),
        ({"DefaultAction": {"Block": {}}}, True),
        ({**ALLOW, "Rules": [rule(Action={"Count": {}}), rule(Action={"Allow": {}})]}, False),
        ({**ALLOW, "Rules": [rule(Action={"Block": {}})]}, True),
        ({**ALLOW, "Rules": [rule(Action={"Captcha": {}})]}, True),
        ({**ALLOW, "Rules": [rule(Action={"Challenge": {}})]}, True),
        ({**ALLOW, "Rules": [rule(Statement=GROUP, OverrideAction={"None": {}})]}, True),
        ({**ALLOW, "Rules": [rule(Statement=GROUP, OverrideAction={"Count": {}})]}, False),
        ({**ALLOW, "Rules": [rule(Statement={"RuleGroupReferenceStatement": {"ARN": "a"}})]}, True),
        ({**ALLOW, "Rules": [rule(Action={})]}, True),
        ({}, True),
        ({**ALLOW, "PreProcessFirewallManagerRuleGroups": [{"Name": "f"}]}, True),
    ],
)
def test_whether_anything_may_stop_a_call(acl: dict[str, Any], blocks: bool) -> None:
    assert get_web_acl(Client(**acl), READ).blocks is blocks


def test_custom_responses_of_rules_overrides_and_the_default() -> None:
    block = {"Block": {"CustomResponse": {"ResponseCode": 418, "CustomResponseBodyKey": "k"}}}
    headers = [{"Name": "x-why", "Value": "y"}]
    override = {
        "Name": "SizeRestrictions",
        "ActionToUse": {"Block": {"CustomResponse": {"ResponseCode": 413, "ResponseHeaders": headers}}},
    }
    group = {"ManagedRuleGroupStatement": {**GROUP["ManagedRuleGroupStatement"], "RuleActionOverrides": [override]}}
    found = get_web_acl(
        Client(
            DefaultAction=block,
            Rules=[rule(Action=block), rule(Name="g", Statement=group), rule(Name="plain", Action={"Block": {}})],
            CustomResponseBodies={"k": {"ContentType": "TEXT_PLAIN", "Content": "no"}},
        ),
        READ,
    )
    assert found.responses == (
        BlockResponse("r", 418, "no"),
        BlockResponse("g/SizeRestrictions", 413, "", (("x-why", "y"),)),
        BlockResponse("", 418, "no"),
    )


@pytest.mark.parametrize(
    "acl",
    [
        {"Name": None},
        {"Rules": "all"},
        {"Rules": [{"Priority": 0}]},
        {"DefaultAction": {"Block": {"CustomResponse": {"ResponseCode": "403"}}}},
        {"CustomResponseBodies": {"k": "text"}},
    ],
)
def test_what_is_no_web_acl_is_no_fact(acl: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        get_web_acl(Client(**{**ALLOW, **acl}), READ)
