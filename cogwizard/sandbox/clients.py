"""App clients: which one a call names, its secrets, the flows that it allows, how long its tokens live."""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from cogwizard.sandbox.protocol import AwsError, Context
from cogwizard.sandbox.userpool import Client, Pool
from cogwizard.sandbox.world import World

# What AWS fills in when an app client is made without these members (research 6.3, 7.1 [D]).
CLIENT_DEFAULTS: dict[str, Any] = {
    "RefreshTokenValidity": 30,
    "TokenValidityUnits": {},
    "ExplicitAuthFlows": ["ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"],
    "AllowedOAuthFlowsUserPoolClient": False,
    "EnableTokenRevocation": True,
    "AuthSessionValidity": 3,
}
_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
_LEGACY = {"ADMIN_NO_SRP_AUTH": "ADMIN_USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH": "USER_PASSWORD_AUTH"}
TokenName = Literal["AccessToken", "IdToken", "RefreshToken"]


def setting(client: Client, name: str) -> Any:
    """Return a member of UserPoolClientType as AWS would have it, None where it is not set."""
    return client.settings.get(name, CLIENT_DEFAULTS.get(name))


def hides_unknown_users(client: Client) -> bool:
    """Whether PreventUserExistenceErrors is ENABLED; without a value it is LEGACY (BOTO [D])."""
    return bool(setting(client, "PreventUserExistenceErrors") == "ENABLED")


def rotates(client: Client) -> bool:
    """Whether refresh tokens are exchanged for new ones (research 6.3 [D])."""
    return bool((setting(client, "RefreshTokenRotation") or {}).get("Feature") == "ENABLED")


def lifetime(client: Client, token: TokenName) -> int:
    """Return how many seconds such a token lives (research 6.3 [D]: units default to hours, for refresh to days)."""
    refresh = token == "RefreshToken"
    count = client.settings.get(f"{token}Validity")
    if not count:  # the default does not follow the unit
        return 30 * _SECONDS["days"] if refresh else _SECONDS["hours"]
    unit = setting(client, "TokenValidityUnits").get(token, "days" if refresh else "hours")
    return int(count) * _SECONDS[unit]


def allows_flow(client: Client, flow: str) -> bool:
    """Whether the client allows a flow of InitiateAuth, `ADMIN_USER_PASSWORD_AUTH` ... (research 7.1, 7.4 [D])."""
    named = set(setting(client, "ExplicitAuthFlows") or CLIENT_DEFAULTS["ExplicitAuthFlows"])
    if any(name.startswith("ALLOW_") for name in named):
        allowed = {name.removeprefix("ALLOW_") for name in named}
    else:
        custom = {"CUSTOM_AUTH", "REFRESH_TOKEN_AUTH"}
        allowed = custom if "CUSTOM_AUTH_FLOW_ONLY" in named else {*custom, "USER_SRP_AUTH"}
        allowed |= {_LEGACY[name] for name in named & set(_LEGACY)}
    # With rotation on it is not available, whatever the list says (6.3 [D]).
    return flow in allowed and not (flow == "REFRESH_TOKEN_AUTH" and rotates(client))


def find_client(pool: Pool, client_id: str) -> Client:
    """Return the pool's client. Raises ResourceNotFoundException (research 7.2 [R])."""
    client = pool.clients.get(client_id)
    if not client:
        raise AwsError("ResourceNotFoundException", f"User pool client {client_id} does not exist.")
    return client


def enter(context: Context, params: Mapping[str, Any]) -> tuple[World, Pool, Client]:
    """Return whom an unsigned call is about: its client is looked for in all pools of the account.

    Raises ResourceNotFoundException; InvalidParameterException for what cannot be an id; ForbiddenException where a web
    ACL blocks (type 7.2 [D]; status 403 and text as third parties recorded them [R]).
    """
    world, client_id = context.world, params["ClientId"]
    if not re.fullmatch(r"[\w+]{1,128}", client_id):
        text = f"Value '{client_id}' at 'clientId' failed to satisfy constraint: "
        text += r"Member must satisfy regular expression pattern: [\w+]+"
        raise AwsError("InvalidParameterException", f"1 validation error detected: {text}")
    for pool in world.pools.values():
        here = pool.exists and context.is_here(pool.region) and pool.account_id == world.account_id
        if here and client_id in pool.clients:
            refuse_by_web_acl(world, pool)
            return world, pool, pool.clients[client_id]
    raise AwsError("ResourceNotFoundException", f"User pool client {client_id} does not exist.")


def refuse_by_web_acl(world: World, pool: Pool) -> None:
    """Raise ForbiddenException where the pool's web ACL blocks."""
    acl = world.web_acls.get(pool.web_acl or "")
    if acl and acl.blocks:
        raise AwsError("ForbiddenException", "Request not allowed due to WAF block.", 403)


def secrets_of(client: Client) -> list[str]:
    """Return the client's secrets: none, one or two."""
    return [secret for secret in (client.secret, client.second_secret) if secret]


def knows_secret(client: Client, given: str) -> bool:
    """Whether this is one of the client's secrets."""
    return any(hmac.compare_digest(secret.encode(), given.encode()) for secret in secrets_of(client))


def expect_secret_hash(client: Client, given: str | None) -> None:
    """Raise NotAuthorizedException where a SECRET_HASH is missing, or came for a public client (7.2 [R])."""
    if not secrets_of(client):
        if given:
            text = f"Client {client.id} is not configured for secret but secret hash was received"
            raise AwsError("NotAuthorizedException", text)
    elif not given:
        text = f"Client {client.id} is configured with secret but SECRET_HASH was not received"
        raise AwsError("NotAuthorizedException", text)


def check_secret_hash(client: Client, given: str | None, names: Iterable[str]) -> None:
    """Raise NotAuthorizedException unless the SECRET_HASH is right for one of `names` (research 7.1 [D], 7.2 [R])."""
    expect_secret_hash(client, given)
    if given and not any(
        hmac.compare_digest(_secret_hash(secret, name + client.id).encode(), given.encode())
        for secret in secrets_of(client)
        for name in names
    ):
        raise AwsError("NotAuthorizedException", f"Unable to verify secret hash for client {client.id}")


def _secret_hash(secret: str, message: str) -> str:
    return base64.b64encode(hmac.digest(secret.encode(), message.encode(), hashlib.sha256)).decode()


def check_secret(client: Client, given: str | None) -> None:
    """Raise NotAuthorizedException unless the plain secret is right, as GetTokensFromRefreshToken takes it (6.3 [D]).

    The text for a missing one is 7.2's [R]; the other two are not documented [U].
    """
    if not secrets_of(client):
        if given:
            raise AwsError("NotAuthorizedException", f"Client {client.id} is not configured for secret")
    elif not given:
        text = f"Client {client.id} is configured for secret but secret was not received"
        raise AwsError("NotAuthorizedException", text)
    elif not knows_secret(client, given):
        raise AwsError("NotAuthorizedException", f"Unable to verify secret for client {client.id}")
