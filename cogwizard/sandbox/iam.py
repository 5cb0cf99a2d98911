"""iam: roles are made, looked at and deleted, managed policies attached to them. One account, no region.

Types and statuses [D: BOTO]; texts [R°].
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from cogwizard.sandbox.protocol import AwsError, Context, Operation
from cogwizard.sandbox.restapi import CREATED
from cogwizard.sandbox.shapes import partition_of
from cogwizard.sandbox.things import Role
from cogwizard.sandbox.world import World

# AWS's own policies for execution roles; the sandbox knows no other managed policy.
_MANAGED = ("AWSLambdaBasicExecutionRole", "AWSLambdaVPCAccessExecutionRole", "AWSLambdaRole")
_SETTINGS = ("Description", "MaxSessionDuration")


def _no_entity(text: str) -> AwsError:
    return AwsError("NoSuchEntity", text, 404)


def _malformed(text: str) -> AwsError:
    return AwsError("MalformedPolicyDocument", text)


def _find(world: World, name: str) -> Role:
    # Names differ in more than case [D: BOTO].
    found = next((role for role in world.roles.values() if role.name.lower() == name.lower()), None)
    if found is None:
        raise _no_entity(f"The role with name {name} cannot be found.")
    return found


def _create_role(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    world, name, path = context.world, params["RoleName"], params.get("Path", "/")
    _statements(params["AssumeRolePolicyDocument"])
    if any(role.name.lower() == name.lower() for role in world.roles.values()):
        raise AwsError("EntityAlreadyExists", f"Role with name {name} already exists.", 409)
    identifier = "AROA" + world.fresh_id("role", name, length=17).upper()
    made = Role(
        name,
        identifier,
        f"arn:{partition_of(world.region)[0]}:iam::{world.account_id}:role{path}{name}",
        params["AssumeRolePolicyDocument"],
        path,
        {"MaxSessionDuration": 3600, **{key: params[key] for key in _SETTINGS if key in params}},
        {tag["Key"]: tag["Value"] for tag in params.get("Tags", ())},
        refusals=world.role_delay,
    )
    world.roles[name] = made
    return {"Role": _described(made)}


def _statements(document: str) -> list[Any]:
    """Return a trust policy's statements. Raises MalformedPolicyDocument."""
    try:
        policy = json.loads(document)
    except (ValueError, RecursionError):
        raise _malformed("This policy contains invalid Json") from None
    found = policy.get("Statement") if isinstance(policy, dict) else None
    found = [found] if isinstance(found, dict) else found
    if not isinstance(found, list) or not found or not all(isinstance(each, dict) for each in found):
        raise _malformed("Syntax errors in policy.")
    for each in found:
        if "Resource" in each:
            raise _malformed("Has prohibited field Resource")
        if each.get("Effect") not in ("Allow", "Deny") or not each.get("Principal") or not each.get("Action"):
            raise _malformed("Syntax errors in policy.")
    return found


def trusts_lambda(role: Role) -> bool:
    """Whether Lambda may take on the role. A Deny is not looked for."""
    for each in _statements(role.trust):
        principal = each["Principal"] if isinstance(each["Principal"], dict) else {}
        if each["Effect"] == "Allow" and "lambda.amazonaws.com" in _list(principal.get("Service")):
            return bool({"sts:AssumeRole", "sts:*", "*"} & set(map(str, _list(each["Action"]))))
    return False


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _described(role: Role) -> dict[str, Any]:
    found = {"Path": role.path, "RoleName": role.name, "RoleId": role.id, "Arn": role.arn, "CreateDate": CREATED}
    found |= {"AssumeRolePolicyDocument": quote(role.trust), **role.settings}
    if role.tags:
        found["Tags"] = [{"Key": key, "Value": value} for key, value in role.tags.items()]
    return found


def _get_role(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    return {"Role": _described(_find(context.world, params["RoleName"]))}


def _delete_role(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    role = _find(context.world, params["RoleName"])
    if role.attached:
        raise AwsError("DeleteConflict", "Cannot delete entity, must detach all policies first.", 409)
    del context.world.roles[role.name]
    return {}


def _attach(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    role, arn = _find(context.world, params["RoleName"]), params["PolicyArn"]
    start = f"arn:{partition_of(context.world.region)[0]}:iam::aws:policy/service-role/"
    if arn not in [start + name for name in _MANAGED]:
        raise _no_entity(f"Policy {arn} does not exist or is not attachable.")
    if arn not in role.attached:
        role.attached.append(arn)
    return {}


def _detach(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    role, arn = _find(context.world, params["RoleName"]), params["PolicyArn"]
    if arn not in role.attached:
        raise _no_entity(f"Policy {arn} was not found.")
    role.attached.remove(arn)
    return {}


def _list_attached(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    role = _find(context.world, params["RoleName"])
    attached = [{"PolicyName": arn.rpartition("/")[2], "PolicyArn": arn} for arn in role.attached]
    return {"AttachedPolicies": attached, "IsTruncated": False}


def _simulate(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    """SimulatePrincipalPolicy: the caller may do all but `World.forbidden`. Root has no policies [D: BOTO]."""
    if params["PolicySourceArn"].endswith(":root"):
        raise AwsError("InvalidInput", "Invalid Entity Arn: the root user has no policies.")
    resources = params.get("ResourceArns") or ["*"]
    return {
        "EvaluationResults": [
            {
                "EvalActionName": action,
                "EvalResourceName": resource,
                "EvalDecision": "implicitDeny" if action in context.world.forbidden else "allowed",
            }
            for action in params["ActionNames"]
            for resource in resources
        ],
        "IsTruncated": False,
    }


OPERATIONS: dict[tuple[str, str], Operation] = {
    ("iam", "CreateRole"): _create_role,
    ("iam", "GetRole"): _get_role,
    ("iam", "DeleteRole"): _delete_role,
    ("iam", "AttachRolePolicy"): _attach,
    ("iam", "DetachRolePolicy"): _detach,
    ("iam", "ListAttachedRolePolicies"): _list_attached,
    ("iam", "SimulatePrincipalPolicy"): _simulate,
}
