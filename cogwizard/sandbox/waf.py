"""wafv2: the web ACL of a stage, with one rule."""

from collections.abc import Mapping
from typing import Any

from cogwizard.sandbox.protocol import AwsError, Context, Operation
from cogwizard.sandbox.things import WebAcl

_VISIBILITY = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "rule"}


def _get_web_acl(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    acl = context.world.web_acls.get(params.get("ARN", ""))
    if acl is None:
        text = "AWS WAF couldn't perform the operation because your resource doesn't exist."
        raise AwsError("WAFNonexistentItemException", text)
    return {"WebACL": _web_acl(params["ARN"], acl)}


def _web_acl(arn: str, acl: WebAcl) -> dict[str, Any]:
    block: dict[str, Any] = {}
    bodies: dict[str, Any] = {}
    if acl.response:
        status, headers, body = acl.response
        custom: dict[str, Any] = {"ResponseCode": status}
        if headers:
            custom["ResponseHeaders"] = [{"Name": name, "Value": value} for name, value in headers.items()]
        if body:
            custom["CustomResponseBodyKey"] = "refused"
            bodies["refused"] = {"ContentType": "APPLICATION_JSON", "Content": body}
        block["CustomResponse"] = custom
    action = {"Challenge": {}} if acl.challenges else {"Block": block} if acl.can_block else {"Count": {}}
    match = {"SearchString": b"bot", "FieldToMatch": {"SingleHeader": {"Name": "user-agent"}}}
    match |= {"TextTransformations": [{"Priority": 0, "Type": "NONE"}], "PositionalConstraint": "CONTAINS"}
    rule = {"Name": "only-known-clients", "Priority": 0, "Statement": {"ByteMatchStatement": match}}
    found: dict[str, Any] = {"Name": acl.name, "Id": arn.rpartition("/")[2], "ARN": arn}
    found |= {"DefaultAction": {"Allow": {}}, "VisibilityConfig": _VISIBILITY}
    found["Rules"] = [{**rule, "Action": action, "VisibilityConfig": _VISIBILITY}]
    return {**found, "CustomResponseBodies": bodies} if bodies else found


OPERATIONS: dict[tuple[str, str], Operation] = {("wafv2", "GetWebACL"): _get_web_acl}
