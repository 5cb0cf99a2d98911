"""cognito-idp and sts: the reads, and the addresses of a pool's keys."""

import re
import uuid
from collections.abc import Mapping
from functools import cache
from typing import Any

from cogwizard.sandbox.clients import CLIENT_DEFAULTS, find_client
from cogwizard.sandbox.protocol import AwsError, Context, Operation
from cogwizard.sandbox.restapi import CREATED
from cogwizard.sandbox.shapes import make_id, partition_of
from cogwizard.sandbox.userpool import Client, Pool

_DOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")  # a prefix, or the name of a custom domain [D: BOTO]
_DATES = {"CreationDate": CREATED, "LastModifiedDate": CREATED}


def find_pool(context: Context, pool_id: str) -> Pool:
    """Return the account's pool. Raises ResourceNotFoundException where AWS would."""
    pool = context.world.pools.get(pool_id)
    if not pool or not pool.exists or not context.is_here(pool.region) or pool.account_id != context.world.account_id:
        raise AwsError("ResourceNotFoundException", f"User pool {pool_id} does not exist.")
    return pool


def describe_pool(pool: Pool) -> dict[str, Any]:
    """Return a pool in UserPoolType's members."""
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
    return described | _issuer_configuration(pool) | pool.settings


def _describe_user_pool(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    return {"UserPool": describe_pool(find_pool(context, params["UserPoolId"]))}


def _issuer_configuration(pool: Pool) -> dict[str, Any]:
    return {"IssuerConfiguration": {"Type": pool.issuer_type}} if _knows_issuer_configuration() else {}


@cache
def _knows_issuer_configuration() -> bool:
    # Older service models lack the member, and the answer must have their shape (research 1.8).
    from botocore.loaders import Loader

    model = Loader().load_service_model("cognito-idp", "service-2")
    return "IssuerConfiguration" in model["shapes"]["UserPoolType"]["members"]


def describe_client(pool: Pool, client: Client) -> dict[str, Any]:
    """Return an app client in UserPoolClientType's members, with its secret."""
    described = {"UserPoolId": pool.id, "ClientId": client.id, "ClientName": client.name, **_DATES, **CLIENT_DEFAULTS}
    if client.secret:
        described["ClientSecret"] = client.secret
    return described | client.settings


def _describe_user_pool_client(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    pool = find_pool(context, params["UserPoolId"])
    return {"UserPoolClient": describe_client(pool, find_client(pool, params["ClientId"]))}


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


def _describe_user_pool_domain(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    """Of a domain that is not there, or another region's, AWS describes nothing: no error [D: BOTO]."""
    world, domain = context.world, params["Domain"]
    if not _DOMAIN.fullmatch(domain):
        text = f"1 validation error detected: Value '{domain}' at 'domain' failed to satisfy constraint: "
        raise AwsError("InvalidParameterException", text + "Member must satisfy regular expression pattern")
    for pool in world.pools.values():
        here = pool.exists and context.is_here(pool.region) and pool.account_id == world.account_id
        if here and domain in (pool.settings.get("Domain"), pool.settings.get("CustomDomain")):
            return {"DomainDescription": _domain(pool, domain)}
    return {"DomainDescription": {}}


def _domain(pool: Pool, domain: str) -> dict[str, Any]:
    # Only managed login can lack a client's style (6.4 [D]): a pool with such a client has it.
    managed = any(not client.branded for client in pool.clients.values())
    certificate = uuid.uuid5(uuid.NAMESPACE_DNS, domain)
    arn = f"arn:{partition_of(pool.region)[0]}:acm:us-east-1:{pool.account_id}:certificate/{certificate}"
    return {
        "UserPoolId": pool.id,
        "AWSAccountId": pool.account_id,
        "Domain": domain,
        "S3Bucket": f"aws-cognito-prod-{pool.region}-assets",
        "CloudFrontDistribution": f"d{make_id('distribution', pool.id, domain, length=13)}.cloudfront.net",
        "Version": str(CREATED),
        "Status": "ACTIVE",
        "ManagedLoginVersion": 2 if managed else 1,
        **({"CustomDomainConfig": {"CertificateArn": arn}} if domain == pool.settings.get("CustomDomain") else {}),
    }


def _list_resource_servers(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    pool = find_pool(context, params["UserPoolId"])
    items = [{"UserPoolId": pool.id, **server} for server in pool.resource_servers.values()]
    return _page("ResourceServers", items, params, params.get("MaxResults", 50), largest=50)


def _describe_branding(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    pool = find_pool(context, params["UserPoolId"])
    client = find_client(pool, params["ClientId"])
    if not client.branded:  # type [D: BOTO], text [U]
        raise AwsError("ResourceNotFoundException", f"Managed login branding for client {client.id} does not exist.")
    name = uuid.uuid5(uuid.NAMESPACE_URL, f"{pool.id}/{client.id}/style")
    described = {"ManagedLoginBrandingId": str(uuid.UUID(bytes=name.bytes, version=4)), "UserPoolId": pool.id}
    return {"ManagedLoginBranding": {**described, "UseCognitoProvidedValues": True, **_DATES}}


def _page(
    member: str, items: list[dict[str, Any]], params: Mapping[str, Any], size: int, largest: int = 60
) -> dict[str, Any]:
    if not 1 <= size <= largest:
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
    ("cognito-idp", "DescribeUserPoolDomain"): _describe_user_pool_domain,
    ("cognito-idp", "ListResourceServers"): _list_resource_servers,
    ("cognito-idp", "DescribeManagedLoginBrandingByClient"): _describe_branding,
    ("sts", "GetCallerIdentity"): _get_caller_identity,
}
