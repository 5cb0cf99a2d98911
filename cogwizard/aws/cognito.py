"""Cognito's reads: `(client, read) -> facts`. They raise what boto3 raises, or Malformed."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from cogwizard.aws.fields import Malformed, expect, flag, required, table, tables, text, texts
from cogwizard.model import read_cognito as reads
from cogwizard.model.client import AppClient, PoolUser
from cogwizard.model.domain import Branding, ResourceServer, UserPoolDomain
from cogwizard.model.pool import PasswordPolicy, Pool
from cogwizard.model.read import Absent, Read

_PAGE = 60  # the largest page of pools, and of app clients [D: BOTO]
_SERVERS_PAGE = 50  # of resource servers [D: BOTO]
_MANAGED = 2  # ManagedLoginVersion: 1 is the classic hosted UI [D: BOTO]
_MOST_PAGES = 1000
_KINDS = {
    "RequireUppercase": "upper",
    "RequireLowercase": "lower",
    "RequireNumbers": "number",
    "RequireSymbols": "symbol",
}


def describe_user_pool(client: Any, read: reads.DescribeUserPool) -> Pool:
    """Return what is known of a pool."""
    answer = table(client.describe_user_pool(UserPoolId=read.user_pool_id), "UserPool")
    policy = table(table(answer, "Policies"), "PasswordPolicy")
    return Pool(
        id=required(answer, "Id"),
        name=text(answer, "Name") or "",
        domain=text(answer, "Domain"),
        custom_domain=text(answer, "CustomDomain"),
        password_policy=_password_policy(policy) if policy else None,
        mfa=text(answer, "MfaConfiguration") or "",
        has_scope_trigger=_has_scope_trigger(table(answer, "LambdaConfig")),
    )


def _has_scope_trigger(triggers: Mapping[str, Any]) -> bool:
    found = table(triggers, "PreTokenGenerationConfig")
    return bool(found) and text(found, "LambdaVersion") != "V1_0"


def _password_policy(policy: Mapping[str, Any]) -> PasswordPolicy:
    kinds = tuple(kind for name, kind in _KINDS.items() if flag(policy, name))
    return PasswordPolicy(_number(policy, "MinimumLength") or 8, kinds)


def describe_user_pool_client(client: Any, read: reads.DescribeUserPoolClient) -> AppClient:
    """Return what is known of an app client, its secret too."""
    answer = table(
        client.describe_user_pool_client(UserPoolId=read.user_pool_id, ClientId=read.client_id), "UserPoolClient"
    )
    flows = answer.get("ExplicitAuthFlows")
    return AppClient(
        id=required(answer, "ClientId"),
        user_pool_id=read.user_pool_id,
        name=text(answer, "ClientName") or "",
        secret=text(answer, "ClientSecret"),
        explicit_flows=None if flows is None else texts(answer, "ExplicitAuthFlows"),
        oauth_enabled=flag(answer, "AllowedOAuthFlowsUserPoolClient") or False,
        grants=texts(answer, "AllowedOAuthFlows"),
        scopes=texts(answer, "AllowedOAuthScopes"),
        callback_urls=texts(answer, "CallbackURLs"),
        rotates_refresh_tokens=text(table(answer, "RefreshTokenRotation"), "Feature") == "ENABLED",
        session_minutes=_number(answer, "AuthSessionValidity") or 3,
    )


def _number(answer: Mapping[str, Any], key: str) -> int | None:
    value = answer.get(key)
    return None if value is None else int(expect(value, int, key))


def admin_get_user(client: Any, read: reads.AdminGetUser) -> PoolUser:
    """Return a user's state. AWS finds a user by user name, alias or sub."""
    answer = client.admin_get_user(UserPoolId=read.user_pool_id, Username=read.username)
    subs = [text(item, "Value") for item in tables(answer, "UserAttributes") if text(item, "Name") == "sub"]
    enabled = flag(answer, "Enabled")
    return PoolUser(
        username=required(answer, "Username"),
        status=required(answer, "UserStatus"),
        enabled=True if enabled is None else enabled,
        mfa=texts(answer, "UserMFASettingList"),
        sub=subs[0] if subs else None,
    )


def list_user_pools(client: Any, _read: reads.ListUserPools) -> tuple[tuple[str, str], ...]:
    """Return id and name of the region's pools."""
    found = _pages(client.list_user_pools, "UserPools", {"MaxResults": _PAGE})
    return tuple((required(item, "Id"), text(item, "Name") or "") for item in found)


def list_user_pool_clients(client: Any, read: reads.ListUserPoolClients) -> tuple[tuple[str, str], ...]:
    """Return id and name of a pool's app clients."""
    arguments = {"UserPoolId": read.user_pool_id, "MaxResults": _PAGE}
    found = _pages(client.list_user_pool_clients, "UserPoolClients", arguments)
    return tuple((required(item, "ClientId"), text(item, "ClientName") or "") for item in found)


def describe_user_pool_domain(client: Any, read: reads.DescribeUserPoolDomain) -> UserPoolDomain | Absent:
    """Return whose a domain is. Of one that does not exist AWS gives an empty description, no error [R]."""
    answer = client.describe_user_pool_domain(Domain=read.domain)
    if answer.get("DomainDescription") is None:
        raise Malformed("DomainDescription is missing")  # a server that answers anything does not say that it is gone
    described = table(answer, "DomainDescription")
    if not described:
        return Absent(read, "DomainNotFound")
    return UserPoolDomain(
        name=text(described, "Domain") or read.domain,
        user_pool_id=required(described, "UserPoolId"),
        is_managed=_number(described, "ManagedLoginVersion") == _MANAGED,
    )


def list_resource_servers(client: Any, read: reads.ListResourceServers) -> tuple[ResourceServer, ...]:
    """Return a pool's resource servers; a scope's full name is `identifier/name` (research 6.1 [D])."""
    arguments = {"UserPoolId": read.user_pool_id, "MaxResults": _SERVERS_PAGE}
    found = _pages(client.list_resource_servers, "ResourceServers", arguments)
    return tuple(_resource_server(item) for item in found)


def _resource_server(item: Mapping[str, Any]) -> ResourceServer:
    identifier = required(item, "Identifier")
    names = (required(scope, "ScopeName") for scope in tables(item, "Scopes"))
    return ResourceServer(identifier, text(item, "Name") or "", tuple(f"{identifier}/{name}" for name in names))


def describe_managed_login_branding_by_client(
    client: Any, read: reads.DescribeManagedLoginBrandingByClient
) -> Branding:
    """Return the style of an app client's pages. One without a style is a ResourceNotFoundException: Absent [D: BOTO].

    Unmerged (the default): only the id is of use, not the settings and images of a style.
    """
    answer = client.describe_managed_login_branding_by_client(UserPoolId=read.user_pool_id, ClientId=read.client_id)
    return Branding(required(table(answer, "ManagedLoginBranding"), "ManagedLoginBrandingId"))


def _pages(operation: Callable[..., Any], member: str, arguments: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the items of all pages of a list. Raises Malformed when a position repeats: it would never end.

    And for a page without a list: AWS gives an empty one where there is nothing, which a server that answers anything
    does not say.
    """
    seen: set[str] = set()
    for _ in range(_MOST_PAGES):
        page = operation(**arguments)
        if page.get(member) is None:
            raise Malformed(f"{member} is missing")
        yield from tables(page, member)
        token = text(page, "NextToken")
        if token is None:
            return
        if token in seen:
            break
        seen.add(token)
        arguments = {**arguments, "NextToken": token}
    raise Malformed("the list does not end: its position repeats")


READERS: dict[type[Read], Callable[[Any, Any], Any]] = {
    reads.DescribeUserPool: describe_user_pool,
    reads.DescribeUserPoolClient: describe_user_pool_client,
    reads.AdminGetUser: admin_get_user,
    reads.ListUserPools: list_user_pools,
    reads.ListUserPoolClients: list_user_pool_clients,
    reads.DescribeUserPoolDomain: describe_user_pool_domain,
    reads.ListResourceServers: list_resource_servers,
    reads.DescribeManagedLoginBrandingByClient: describe_managed_login_branding_by_client,
}
