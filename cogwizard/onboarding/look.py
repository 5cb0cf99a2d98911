"""Whether what a write makes is there, whose it is, and what shows that it works.

One way for the proof after a write, for what a killed run may have made, and for the proof that it is gone.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cogwizard.aws.calls import CallFailed, Calls
from cogwizard.aws.errors import safe
from cogwizard.model.build import TAG
from cogwizard.model.write import fill
from cogwizard.onboarding.journal import GIVEN
from cogwizard.steps.onboard import API_ARN, FUNCTION_ARN, OWN_API_ARN, POOL_ARN, ROLE_ARN
from cogwizard.steps.onboard_api import OF_METHOD, PERMISSION
from cogwizard.steps.onboard_flow import FLOW
from cogwizard.steps.onboard_function import LOG_GROUP

_PAGES = 200  # of a listing; an account has not that many


@dataclass(frozen=True)
class Seen:
    """A thing that is there. `values` as the write gives them; `facts`: label of the catalogue -> what is;
    `is_ready` False: AWS is still making it; `is_ours` False: another run, or somebody else, made it; `is_unmarked`: it
    carries no tag at all.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    facts: tuple[tuple[str, str], ...] = ()
    is_ready: bool = True
    is_ours: bool = True
    is_unmarked: bool = False


Values = Mapping[str, str]
Look = Callable[[Calls, Values], Seen | None]


def look(calls: Calls, write: str, values: Values) -> Seen | None:
    """Return what a write (by its id) made, None when it is not there. Raises CallFailed where that cannot be known."""
    try:
        return _LOOKS[write](calls, values)
    except CallFailed as error:
        if error.reason == "absent":
            return None
        raise
    except (LookupError, TypeError, AttributeError) as error:
        name = error.args[0] if isinstance(error, KeyError) and error.args else None
        if name in GIVEN and name not in values:
            return None  # what it would stand in was never made: its id is not known
        raise CallFailed(f"look:{write}", "malformed", type(error).__name__) from None


def _is_ours(tags: object, values: Values) -> bool:
    return isinstance(tags, Mapping) and tags.get(TAG) == values["run"]


def listed(
    calls: Calls, service: str, operation: str, params: Mapping[str, Any], items: str, token: tuple[str, str]
) -> Iterator[Mapping[str, Any]]:
    """Yield the items of all pages; `token`: the members of answer and request that name the next page.

    Raises CallFailed, also for a listing without an end: what it does not show may be there all the same.
    """
    asked = dict(params)
    for _ in range(_PAGES):
        answer = calls.read(service, operation, asked)
        page = answer.get(items) or []
        if not isinstance(page, list) or not all(isinstance(item, Mapping) for item in page):
            raise CallFailed(f"{service}:{operation}", "malformed", "no-list")
        yield from page
        following = answer.get(token[0])
        if not following:
            return
        if following == asked.get(token[1]):
            break
        asked[token[1]] = following
    raise CallFailed(f"{service}:{operation}", "malformed", "endless")


def _role(calls: Calls, values: Values) -> Seen | None:
    role = calls.read("iam", "GetRole", {"RoleName": values["role_name"]})["Role"]
    tags = {tag["Key"]: tag["Value"] for tag in role.get("Tags") or ()}
    return Seen(facts=(("role", str(role.get("Arn", ""))),), is_ours=_is_ours(tags, values))


def _role_policy(calls: Calls, values: Values) -> Seen | None:
    role = _role(calls, values)
    asked = {"RoleName": values["role_name"]}
    attached = listed(calls, "iam", "ListAttachedRolePolicies", asked, "AttachedPolicies", ("Marker", "Marker"))
    names = [str(policy.get("PolicyName")) for policy in attached]
    if role is None or "AWSLambdaBasicExecutionRole" not in names:
        return None
    return Seen(facts=(("policies", ", ".join(names)),), is_ours=role.is_ours)


def _log_group(calls: Calls, values: Values) -> Seen | None:
    name = fill(LOG_GROUP.params["logGroupName"], values)
    asked = {"logGroupNamePrefix": name}
    for group in listed(calls, "logs", "DescribeLogGroups", asked, "logGroups", ("nextToken", "nextToken")):
        if group.get("logGroupName") == name:
            arn = str(group.get("logGroupArn") or group.get("arn", "")).removesuffix(":*")
            tags = calls.read("logs", "ListTagsForResource", {"resourceArn": arn}).get("tags")
            return Seen(facts=(("log group", name),), is_ours=_is_ours(tags, values), is_unmarked=not tags)
    return None


def _function(calls: Calls, values: Values) -> Seen | None:
    answer = calls.read("lambda", "GetFunction", {"FunctionName": values["name"]})
    if hidden := answer.get("TagsError"):
        # Without lambda:ListTags AWS answers all the same, and leaves the tags out [D: BOTO].
        raise CallFailed("lambda:ListTags", "denied", str(hidden["ErrorCode"]), safe(str(hidden["Message"])))
    state = str(answer["Configuration"].get("State") or "Active")  # an emulator may have no states
    ours = _is_ours(answer.get("Tags"), values)
    return Seen(facts=(("state", state),), is_ready=state == "Active", is_ours=ours)


def _pool(calls: Calls, values: Values) -> Seen | None:
    if "pool_id" in values:
        return _described_pool(calls, values, values["pool_id"])
    for pool in listed(
        calls, "cognito-idp", "ListUserPools", {"MaxResults": 60}, "UserPools", ("NextToken", "NextToken")
    ):
        if pool.get("Name") != values["name"]:
            continue
        try:
            seen = _described_pool(calls, values, str(pool["Id"]))
        except CallFailed as error:
            if error.reason != "absent":  # a listing shows for a while what is deleted already
                raise
            continue
        if seen.is_ours:
            return seen
    return None


def _described_pool(calls: Calls, values: Values, pool_id: str) -> Seen:
    pool = calls.read("cognito-idp", "DescribeUserPool", {"UserPoolId": pool_id})["UserPool"]
    if pool.get("Id", pool_id) != pool_id:
        raise CallFailed("cognito-idp:DescribeUserPool", "malformed", "another-id")
    ours = _is_ours(pool.get("UserPoolTags"), values)
    return Seen({"pool_id": pool_id}, (("user pool", pool_id),), is_ours=ours)


def _client_named(name: str, gives: str) -> Look:
    def find(calls: Calls, values: Values) -> Seen | None:
        asked = {"UserPoolId": values["pool_id"], "MaxResults": 60}
        token = ("NextToken", "NextToken")
        for client in listed(calls, "cognito-idp", "ListUserPoolClients", asked, "UserPoolClients", token):
            if client.get("ClientName") == values[name]:
                return Seen({gives: str(client["ClientId"])}, (("app client", str(client["ClientId"])),))
        return None

    return find


def _flow_of(client_id: str) -> Look:
    def find(calls: Calls, values: Values) -> Seen | None:
        asked = {"UserPoolId": values["pool_id"], "ClientId": values[client_id]}
        client = calls.read("cognito-idp", "DescribeUserPoolClient", asked)["UserPoolClient"]
        flows = [str(flow) for flow in client.get("ExplicitAuthFlows") or ()]
        return Seen(facts=(("flows", ", ".join(flows)),)) if FLOW in flows else None

    return find


def _user(calls: Calls, values: Values) -> Seen | None:
    asked = {"UserPoolId": values["pool_id"], "Username": values["username"]}
    user = calls.read("cognito-idp", "AdminGetUser", asked)
    return Seen(facts=(("user's state", str(user.get("UserStatus", ""))),))


def _password(calls: Calls, values: Values) -> Seen | None:
    found = _user(calls, values)
    return found if found and found.facts[0][1] == "CONFIRMED" else None


def _api(calls: Calls, values: Values) -> Seen | None:
    if "api_id" in values:
        api = calls.read("apigateway", "GetRestApi", {"restApiId": values["api_id"]})
        if api.get("id") != values["api_id"]:
            raise CallFailed("apigateway:GetRestApi", "malformed", "another-id")
        return _described_api(api, values)
    for each in listed(calls, "apigateway", "GetRestApis", {"limit": 500}, "items", ("position", "position")):
        if each.get("name") == values["name"] and (seen := _described_api(each, values)).is_ours:
            return seen
    return None


def _described_api(api: Mapping[str, Any], values: Values) -> Seen:
    given = {"api_id": str(api["id"]), "root_id": str(api.get("rootResourceId") or "")}
    return Seen(given, (("API", given["api_id"]),), is_ours=_is_ours(api.get("tags"), values))


def _get_method(calls: Calls, values: Values) -> Mapping[str, Any]:
    return calls.read("apigateway", "GetMethod", fill(OF_METHOD, values))


def _method(calls: Calls, values: Values) -> Seen | None:
    found = _get_method(calls, values)
    return Seen(facts=(("method", f"POST / {found.get('authorizationType', '')}"),))


def _integration(calls: Calls, values: Values) -> Seen | None:
    held = _get_method(calls, values).get("methodIntegration") or {}
    return Seen(facts=(("integration", str(held["type"])),)) if held.get("type") == "AWS_PROXY" else None


def _permission(calls: Calls, values: Values) -> Seen | None:
    sid = fill(PERMISSION.params["StatementId"], values)
    try:
        policy = json.loads(calls.read("lambda", "GetPolicy", {"FunctionName": values["name"]})["Policy"])
        statements = list(policy["Statement"])
    except (ValueError, TypeError):
        raise CallFailed("lambda:GetPolicy", "malformed", "no-policy") from None
    for statement in statements:
        if statement.get("Sid") == sid:
            return Seen(facts=(("may call", "apigateway.amazonaws.com"),))
    return None


def _authorizer(calls: Calls, values: Values) -> Seen | None:
    asked = {"restApiId": values["api_id"], "limit": 500}
    for found in listed(calls, "apigateway", "GetAuthorizers", asked, "items", ("position", "position")):
        if found.get("name") == values["authorizer_name"]:
            facts = (("token source", str(found.get("identitySource", ""))),)
            return Seen({"authorizer_id": str(found["id"])}, facts)
    return None


def _attach(calls: Calls, values: Values) -> Seen | None:
    found = _get_method(calls, values)
    wanted = (found.get("authorizationType"), found.get("authorizerId"))
    is_set = wanted == ("COGNITO_USER_POOLS", values["authorizer_id"])
    return Seen(facts=(("method", f"POST / {wanted[0]}"),)) if is_set else None


def _deployment(calls: Calls, values: Values) -> Seen | None:
    asked = {"restApiId": values["api_id"], "stageName": values["stage"]}
    stage = calls.read("apigateway", "GetStage", asked)
    deployed = str(stage.get("deploymentId", ""))
    return Seen({"deployment_id": deployed}, (("stage", f"{values['stage']}: {deployed}"),))


_LOOKS: Mapping[str, Look] = {
    "role": _role,
    "role-policy": _role_policy,
    "log-group": _log_group,
    "function": _function,
    "pool": _pool,
    "client": _client_named("client_name", "client_id"),
    "client-flow": _flow_of("client_id"),
    "user": _user,
    "password": _password,
    "api": _api,
    "method": _method,
    "integration": _integration,
    "permission": _permission,
    "authorizer": _authorizer,
    "attach": _attach,
    "deployment": _deployment,
    "secret-client": _client_named("secret_client_name", "secret_client_id"),
    "secret-client-flow": _flow_of("secret_client_id"),
}
# What looking needs, beside what writing does: action and ARN (with `{name}`).
READ_PERMISSIONS: tuple[tuple[str, str], ...] = (
    ("iam:GetRole", ROLE_ARN),
    ("iam:ListAttachedRolePolicies", ROLE_ARN),
    ("logs:DescribeLogGroups", "*"),
    ("logs:ListTagsForResource", LOG_GROUP.resource),
    ("lambda:GetFunction", FUNCTION_ARN),
    ("lambda:ListTags", FUNCTION_ARN),
    ("lambda:GetPolicy", FUNCTION_ARN),
    ("cognito-idp:ListUserPools", "*"),
    ("cognito-idp:DescribeUserPool", POOL_ARN),
    ("cognito-idp:ListUserPoolClients", POOL_ARN),
    ("cognito-idp:DescribeUserPoolClient", POOL_ARN),
    ("cognito-idp:AdminGetUser", POOL_ARN),
    ("apigateway:GET", API_ARN),
    ("apigateway:GET", f"{OWN_API_ARN}/*"),
)
