"""Tokens issued to users, exchanged, revoked; and whose access token one is."""

import base64
import json
import re
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from cogwizard.sandbox.clients import lifetime, rotates, setting
from cogwizard.sandbox.issued import Refresh
from cogwizard.sandbox.people import User
from cogwizard.sandbox.pools import SIGNIN_SCOPE, mint, refresh_token, signing_key
from cogwizard.sandbox.protocol import AwsError
from cogwizard.sandbox.userpool import Client, Pool
from cogwizard.sandbox.users import run_trigger
from cogwizard.sandbox.world import World


def issue(
    world: World,
    pool: Pool,
    client: Client,
    user: User,
    scopes: Sequence[str] = (SIGNIN_SCOPE,),
    *,
    id_token: bool = True,
    refresh: bool = True,
    id_claims: Mapping[str, Any] | None = None,
    device_key: str | None = None,
) -> dict[str, Any]:
    """Return the tokens of a sign-in, in the members of the token endpoint.

    `access_token`, `token_type`, `expires_in` (seconds), and `id_token`, `refresh_token` where asked for; `id_claims`:
    further claims of the ID token, e.g. `nonce`; `device_key`: refreshing needs it (7.2 [R] SDKCPP-851).
    Raises UserLambdaValidationException where the PreTokenGeneration trigger refuses.
    """
    run_trigger(pool, "PreTokenGeneration")
    now, origin = world.now(), str(uuid.uuid4())
    expires_at = now + lifetime(client, "RefreshToken")
    grant = Refresh(
        pool.id, client.id, user.username, tuple(scopes), id_token, origin, now, expires_at, device_key=device_key
    )
    with world.issued.lock:
        world.issued.origins[origin] = (pool.id, user.username)
        tokens = _tokens(world, pool, client, user, grant, id_claims)
        return tokens | {"refresh_token": _keep(world, pool, client, grant)} if refresh else tokens


def redeem(world: World, pool: Pool, client: Client, token: str, *, device_key: str | None = None) -> dict[str, Any]:
    """Return fresh tokens for a refresh token, as `issue` does; `refresh_token` only where the client rotates them.

    Raises NotAuthorizedException (7.2 [R]), RefreshTokenReuseException (6.3 [D], text [U]), AwsError of a trigger.
    """
    with world.issued.lock:
        grant, user = refreshed(world, pool, client, token, device_key=device_key)
        run_trigger(pool, "PreTokenGeneration")
        tokens = _tokens(world, pool, client, user, grant, None)
        if not rotates(client):
            return tokens
        if grant.spent_at is None:
            grant.spent_at = world.now()
        # The new one lives on for what was left of the old one (CG-REFRESH [D]).
        following = Refresh(**{**vars(grant), "spent_at": None})
        return tokens | {"refresh_token": _keep(world, pool, client, following)}


def refreshed(
    world: World, pool: Pool, client: Client, token: str, *, device_key: str | None = None
) -> tuple[Refresh, User]:
    """Return what a refresh token stands for, and whose it is. Nothing is changed. Raises as `redeem` does."""
    with world.issued.lock:
        grant = world.issued.refresh.get(token)
        user = pool.users.get(grant.username) if grant else None
        if not grant or not user or (grant.pool_id, grant.client_id) != (pool.id, client.id):
            raise AwsError("NotAuthorizedException", "Invalid Refresh Token")
        if grant.device_key is not None and grant.device_key != device_key:
            raise AwsError("NotAuthorizedException", "Invalid Refresh Token")
        if grant.origin in world.issued.revoked or not user.enabled:
            raise AwsError("NotAuthorizedException", "Refresh Token has been revoked")
        if world.now() >= grant.expires_at:
            raise AwsError("NotAuthorizedException", "Refresh Token has expired")
        if grant.spent_at is not None:
            grace = (setting(client, "RefreshTokenRotation") or {}).get("RetryGracePeriodSeconds", 0)
            if world.now() >= grant.spent_at + grace:
                raise AwsError("RefreshTokenReuseException", "Refresh token has already been used.")
        return grant, user


def revoke(world: World, token: str) -> None:
    """Revoke a refresh token and all tokens of the same sign-in. A token that nobody issued changes nothing."""
    with world.issued.lock:
        if grant := world.issued.refresh.get(token):
            world.issued.revoked.add(grant.origin)


def sign_out(world: World, pool: Pool, user: User) -> None:
    """Revoke all tokens that the user has, minted ones too (GlobalSignOut)."""
    key = (pool.id, user.username)
    with world.issued.lock:
        world.issued.signed_out[key] = world.now()
        world.issued.revoked |= {origin for origin, whose in world.issued.origins.items() if whose == key}


def forget(world: World, pool: Pool, *, client_id: str | None = None, username: str | None = None) -> None:
    """Forget what was issued to a pool that is deleted, or to one client or user of it."""
    issued = world.issued

    def concerns(pool_id: str, of_client: str | None, of_user: str | None) -> bool:
        of_this = client_id in (None, of_client) and username in (None, of_user)
        return pool_id == pool.id and of_this

    with issued.lock:
        for key, session in list(issued.sessions.items()):
            if concerns(session.pool_id, session.client_id, session.username):
                del issued.sessions[key]
        for token, grant in list(issued.refresh.items()):
            if concerns(grant.pool_id, grant.client_id, grant.username):
                del issued.refresh[token]
        if client_id is not None:
            return
        # Of a user of the same name who is made later, nothing old may be true.
        issued.revoked |= {origin for origin, whose in issued.origins.items() if concerns(whose[0], None, whose[1])}
        held: tuple[dict[tuple[str, str], Any], ...]
        held = (issued.signed_out, issued.reset_codes, issued.resets, issued.associated)
        for by_user in held:
            for whose in list(by_user):
                if concerns(whose[0], None, whose[1]):
                    del by_user[whose]


def access_token_owner(
    world: World, token: str, scope: str | None = SIGNIN_SCOPE
) -> tuple[Pool, User, Mapping[str, Any]]:
    """Return pool, user and claims of an access token that Cognito's own operations accept (1.6, 7.2 [R]).

    `scope`: one that it must have, None: any (`openid` for userInfo). Raises NotAuthorizedException,
    UserNotFoundException.
    """
    pool, claims = _verified(world, token)
    if world.now() >= claims.get("exp", 0):
        raise AwsError("NotAuthorizedException", "Access Token has expired")
    if scope is not None and scope not in str(claims.get("scope", "")).split():
        raise AwsError("NotAuthorizedException", "Access Token does not have required scopes")
    with world.issued.lock:
        name, origin = str(claims.get("username")), claims.get("origin_jti")
        signed_out = world.issued.signed_out.get((pool.id, name))
        foreign = origin not in world.issued.origins  # minted by a scenario, or of a client without revocation
        if origin in world.issued.revoked or (foreign and signed_out is not None and claims["iat"] <= signed_out):
            raise AwsError("NotAuthorizedException", "Access Token has been revoked")
        user = pool.users.get(name)
        if not user:
            raise AwsError("UserNotFoundException", "User does not exist.")
        if not user.enabled:
            raise AwsError("NotAuthorizedException", "User is disabled.")
        return pool, user, claims


def _verified(world: World, token: str) -> tuple[Pool, Mapping[str, Any]]:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    invalid = AwsError("NotAuthorizedException", "Invalid Access Token")
    head, _, signature = token.rpartition(".")
    try:
        claims = json.loads(_decode(head.partition(".")[2]))
        pool = next((p for p in list(world.pools.values()) if p.exists and p.issuer == claims["iss"]), None)
        if pool is None or claims["token_use"] != "access" or claims["client_id"] not in pool.clients:
            raise invalid
        key = signing_key(pool.id, "access").public_key()
        key.verify(_decode(signature), head.encode(), padding.PKCS1v15(), hashes.SHA256())
    except (ValueError, KeyError, TypeError, RecursionError, InvalidSignature):
        raise invalid from None
    return pool, claims


def _decode(part: str) -> bytes:
    if not re.fullmatch(r"[\w-]+", part, re.ASCII):
        raise ValueError("not base64url")
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _keep(world: World, pool: Pool, client: Client, grant: Refresh) -> str:
    token = refresh_token(pool, client, f"{grant.username} {grant.origin} {uuid.uuid4()}")
    world.issued.refresh[token] = grant
    return token


def _tokens(
    world: World, pool: Pool, client: Client, user: User, grant: Refresh, id_claims: Mapping[str, Any] | None
) -> dict[str, Any]:
    known = bool(setting(client, "EnableTokenRevocation"))
    both: dict[str, Any] = {"sub": user.sub, "auth_time": int(grant.auth_time)}
    both |= {"origin_jti": grant.origin if known else None}
    if user.groups:
        both["cognito:groups"] = list(user.groups)
    now, access = world.now(), lifetime(client, "AccessToken")
    claims = both | {"jti": str(uuid.uuid4()), "device_key": grant.device_key}
    made: dict[str, Any] = {
        "access_token": mint(
            pool,
            client,
            "access",
            scopes=grant.scopes,
            claims=claims,
            lifetime=access,
            issued_at=now,
            user=user.username,
        ),
        "token_type": "Bearer",
        "expires_in": access,
    }
    if grant.id_token:
        told: dict[str, Any] = {"email": None, "email_verified": None, **user.attributes}
        told |= {
            name: told.get(name) == "true" for name in ("email_verified", "phone_number_verified") if told.get(name)
        }
        claims = {**told, **both, "jti": str(uuid.uuid4()), **(id_claims or {})}
        made["id_token"] = mint(
            pool, client, claims=claims, lifetime=lifetime(client, "IdToken"), issued_at=now, user=user.username
        )
    return made
