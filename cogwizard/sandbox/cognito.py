"""cognito-idp and sts: the reads, and the addresses of a pool's keys."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from cogwizard.sandbox.clients import CLIENT_DEFAULTS, find_client
from cogwizard.sandbox.protocol import AwsError, Context, Operation
from cogwizard.sandbox.shapes import partition_of
from cogwizard.sandbox.world import CREATED, Pool

_DATES = {"CreationDate": CREATED, "LastModifiedDate": CREATED}


def find_pool(context: Context, pool_id: str) -> Pool:
    """Return the account's pool. Raises ResourceNotFoundException where AWS would."""
    pool = context.world.pools.get(pool_id)
    if not pool or not pool.exists or not context.is_here(pool.region) or pool.account_id != context.world.account_id:
        raise AwsError("ResourceNotFoundException", f"User pool {pool_id} does not exist.")
    return pool


def _describe_user_pool(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    pool = find_pool(context, params["UserPoolId"])
    described: dict[str, Any] = {
        "Id": pool.id,
        "Name": pool.name,
        "Arn": pool.arn,
        **_DATES,
        "MfaConfiguration": "OFF",
        "EstimatedNumberOfUsers": 1,
        "UserPoolTier": "ESSENTIALS",
        "DeletionProtection": "INACTIVE",
        "LambdaConfig": {},
    }
    return {"UserPool": described | _issuer_configuration(pool) | pool.settings}


def _issuer_configuration(pool: Pool) -> dict[str, Any]:
    return {"IssuerConfiguration": {"Type": pool.issuer_type}} if _knows_issuer_configuration() else {}


@cache
def _knows_issuer_configuration() -> bool:
    # Older service models lack the member, and the answer must have their shape (research 1.8).
    from botocore.loaders import Loader

    model = Loader().load_service_model("cognito-idp", "service-2")
    return "IssuerConfiguration" in model["shapes"]["UserPoolType"]["members"]


def _describe_user_pool_client(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    pool = find_pool(context, params["UserPoolId"])
    client = find_client(pool, params["ClientId"])
    described = {"UserPoolId": pool.id, "ClientId": client.id, "ClientName": client.name, **_DATES, **CLIENT_DEFAULTS}
    if client.secret:
        described["ClientSecret"] = client.secret
    return {"UserPoolClient": described | client.settings}


def _list_user_pools(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    world = context.world
    here = [
        p for p in world.pools.values() if p.exists and context.is_here(p.region) and p.account_id == world.account_id
    ]
    items = [{"Id": pool.id, "Name": pool.name, "LambdaConfig": {}, **_DATES} for pool in here]
    return _page("UserPools", items, params, params["MaxResults"])


def _list_user_pool_clients(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    pool = find_pool(context, params["UserPoolId"])
    items = [{"ClientId": c.id, "UserPoolId": pool.id, "ClientName": c.name} for c in pool.clients.values()]
    return _page("UserPoolClients", items, params, params.get("MaxResults", 60))


def _page(member: str, items: list[dict[str, Any]], params: Mapping[str, Any], size: int) -> dict[str, Any]:
    if not 1 <= size <= 60:
        text = f"1 validation error detected: Value '{size}' at 'maxResults' failed to satisfy constraint"
        raise AwsError("InvalidParameterException", text)
    start = params.get("NextToken", "0")
    if not (start.isdecimal() and start.isascii()):
        raise AwsError("InvalidParameterException", "Invalid pagination token")
    end = int(start[:9]) + size
    page = {member: items[end - size : end]}
    return page | {"NextToken": str(end)} if end < len(items) else page


def _get_caller_identity(context: Context, _: Mapping[str, Any]) -> dict[str, Any]:
    world = context.world
    arn = f"arn:{partition_of(world.region)[0]}:iam::{world.account_id}:user/sandbox"
    return {"UserId": "AIDASANDBOX", "Account": world.account_id, "Arn": arn}


OPERATIONS: dict[tuple[str, str], Operation] = {
    ("cognito-idp", "DescribeUserPool"): _describe_user_pool,
    ("cognito-idp", "ListUserPools"): _list_user_pools,
    ("cognito-idp", "DescribeUserPoolClient"): _describe_user_pool_client,
    ("cognito-idp", "ListUserPoolClients"): _list_user_pool_clients,
    ("sts", "GetCallerIdentity"): _get_caller_identity,
}
