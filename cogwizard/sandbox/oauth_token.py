"""The endpoints of a pool's domain that programs call: /oauth2/token, /oauth2/revoke, /oauth2/userInfo (6.4, 6.6)."""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from typing import Any

from cogwizard.sandbox import grants
from cogwizard.sandbox.clients import knows_secret, lifetime, secrets_of, setting
from cogwizard.sandbox.domain import Call, Memory, json_reply, page_headers
from cogwizard.sandbox.pools import mint
from cogwizard.sandbox.protocol import AwsError, Reply
from cogwizard.sandbox.userpool import Client, Pool
from cogwizard.sandbox.world import World

# Attributes behind a scope, without read access to which no token is given (research 6.6 [R] CC-90190).
_BEHIND = {"email": ("email", "email_verified"), "phone": ("phone_number", "phone_number_verified")}
_INVALID_TOKEN = "Access token is expired, disabled, or deleted, or the user has globally signed out."
_BAD_USERINFO = "Bad OAuth2 request at UserInfo Endpoint"


class _Refused(Exception):
    """An error of OAuth. `description` None: Cognito gives none."""

    def __init__(self, error: str, description: str | None = None) -> None:
        super().__init__(error)
        self.error, self.description = error, description


def answer(world: World, memory: Memory, call: Call, denied: str | None = None) -> Reply:
    """Return what the endpoint answers; `denied`: an OAuth error with which it refuses whatever is asked."""
    method = "GET" if call.page == "UserInfo" else "POST"
    if call.request.method != method or (method == "POST" and call.form is None):
        return Reply(405, page_headers())  # with an empty body [V] AUTHJS-52
    if call.page == "UserInfo":
        return _userinfo(world, call, denied)
    try:
        if denied:
            raise _Refused(denied)
        return _revoke(world, call) if call.page == "Revoke" else json_reply(200, _token(world, memory, call))
    except _Refused as refusal:
        told = {"error": refusal.error}
        if refusal.description:
            told["error_description"] = refusal.description
        # invalid_client: 400 here (measured by others, 6.6 [V]), 401 at the revocation endpoint (CG-REVEP [D]).
        unknown = call.page == "Revoke" and refusal.error == "invalid_client"
        return json_reply(401 if unknown else 500 if refusal.error == "server_error" else 400, told)


def allows_grant(client: Client, grant: str) -> bool:
    """Whether the client allows a grant: `code`, `implicit`, `client_credentials`."""
    on = bool(setting(client, "AllowedOAuthFlowsUserPoolClient"))
    return on and grant in (setting(client, "AllowedOAuthFlows") or ())


def may_read(client: Client, scopes: Iterable[str]) -> bool:
    """Whether the client may read every attribute that its scopes promise; without a list it may (7.4 [D])."""
    readable = setting(client, "ReadAttributes")
    wanted = {name for scope in scopes for name in _BEHIND.get(scope, ())}
    return readable is None or wanted <= set(readable)


def _token(world: World, memory: Memory, call: Call) -> dict[str, Any]:
    form = call.form or {}
    if call.request.body.lstrip().startswith(b"{"):  # JSON under a form's content type [V] AUTHJS-52
        raise _Refused("invalid_request")
    grant = form.get("grant_type")
    if grant not in ("authorization_code", "refresh_token", "client_credentials"):
        raise _Refused("unsupported_grant_type")
    pool, client = _authenticated(call)
    try:
        if grant == "authorization_code":
            return _by_code(world, memory, pool, client, form)
        if grant == "refresh_token":
            return _by_refresh_token(world, pool, client, form)
    except AwsError:
        # Which word a trigger's refusal gets is not documented [U]; for refresh tokens it is this one [D].
        raise _Refused("invalid_grant") from None
    return _by_secret(world, pool, client, form)


def _authenticated(call: Call) -> tuple[Pool, Client]:
    """Return the client that the caller proves to be, with either of its secrets. Raises _Refused."""
    given = call.credentials
    if not given.client_id and not given.broken:
        raise _Refused("invalid_request")  # [U]
    if given.broken or not call.pool or not call.client:
        raise _Refused("invalid_client")
    needed = bool(secrets_of(call.client))
    if needed != (given.secret is not None) or (needed and not knows_secret(call.client, given.secret or "")):
        # Description measured by several for a secret that was missing [V]; for the other two cases it is assumed.
        raise _Refused("invalid_client", "invalid_client_secret")
    return call.pool, call.client


def _by_code(world: World, memory: Memory, pool: Pool, client: Client, form: Mapping[str, str]) -> dict[str, Any]:
    if not allows_grant(client, "code"):
        raise _Refused("unauthorized_client")
    if not form.get("code") or not form.get("redirect_uri"):
        raise _Refused("invalid_request")
    # Whether a failed exchange spends the code is not documented [U]: here it does.
    grant = memory.take_code(form["code"], client.id, world.now())
    user = pool.users.get(grant.username) if grant else None
    if not grant or not user or not user.enabled:
        raise _Refused("invalid_grant")
    if form["redirect_uri"] != grant.redirect_uri:
        raise _Refused("unauthorized_client")  # [R] SO-50264679
    if grant.challenge is not None:
        if "code_verifier" not in form:
            raise _Refused("invalid_request")
        if not hmac.compare_digest(_challenge(form["code_verifier"]).encode(), grant.challenge.encode()):
            raise _Refused("invalid_grant")
    if not grant.scopes or not may_read(client, grant.scopes):
        raise _Refused("invalid_grant")
    claims = {"nonce": grant.nonce} if grant.nonce else None
    wants_id = "openid" in grant.scopes
    return grants.issue(world, pool, client, user, grant.scopes, id_token=wants_id, id_claims=claims)


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def _by_refresh_token(world: World, pool: Pool, client: Client, form: Mapping[str, str]) -> dict[str, Any]:
    if not setting(client, "AllowedOAuthFlowsUserPoolClient"):
        raise _Refused("unauthorized_client")  # "not allowed ... for refreshing tokens" [D], the condition [U]
    if not form.get("refresh_token"):
        raise _Refused("invalid_request")
    return grants.redeem(world, pool, client, form["refresh_token"])


def _by_secret(world: World, pool: Pool, client: Client, form: Mapping[str, str]) -> dict[str, Any]:
    """Return the access token of a machine: custom scopes only, all of them when none is named (research 6.1 [D])."""
    if "client_credentials" not in (setting(client, "AllowedOAuthFlows") or ()):
        raise _Refused("unauthorized_client")
    custom = [scope for scope in setting(client, "AllowedOAuthScopes") or () if "/" in scope]
    if not allows_grant(client, "client_credentials") or not custom:
        raise _Refused("invalid_grant")  # the switch off: reports [R]; no scope enabled [D]
    wanted = form.get("scope", "").split()
    if not set(wanted) <= set(custom):
        raise _Refused("invalid_scope")
    lives = lifetime(client, "AccessToken")
    token = mint(pool, client, "access", scopes=wanted or custom, lifetime=lives, issued_at=world.now(), user=None)
    return {"access_token": token, "expires_in": lives, "token_type": "Bearer"}


def _revoke(world: World, call: Call) -> Reply:
    _, client = _authenticated(call)
    token = (call.form or {}).get("token", "")
    if not token or not setting(client, "EnableTokenRevocation"):  # the latter's word [U]
        raise _Refused("invalid_request")
    if token.count(".") == 2:  # an ID or access token
        raise _Refused("unsupported_token_type")
    held = world.issued.refresh.get(token)
    if held and held.client_id != client.id:
        raise _Refused("invalid_request")  # [U]
    grants.revoke(world, token)
    return Reply(200, page_headers())  # also for a token that is revoked, or that nobody issued [D]


def _userinfo(world: World, call: Call, denied: str | None) -> Reply:
    scheme, _, token = (call.request.header("authorization") or "").partition(" ")
    if denied == "invalid_request" or scheme.lower() != "bearer" or not token.strip():
        return _challenged(400, "invalid_request", _BAD_USERINFO)
    try:
        if denied:
            raise AwsError(denied, "")
        pool, user, claims = grants.access_token_owner(world, token.strip(), "openid")
    except AwsError:
        return _challenged(401, "invalid_token", _INVALID_TOKEN)
    if call.pool not in (None, pool):
        return _challenged(401, "invalid_token", _INVALID_TOKEN)
    scopes = set(str(claims["scope"]).split())
    readable = setting(pool.clients[claims["client_id"]], "ReadAttributes")
    told = {
        name: value
        for name, value in user.attributes.items()
        if _is_told(name, scopes) and (readable is None or name in readable)
    }
    return json_reply(200, {"sub": user.sub, **told, "username": user.username})


def _is_told(name: str, scopes: set[str]) -> bool:
    """Whether the scopes cover an attribute: `openid` alone covers all of them (CG-USERINFO [D])."""
    narrow = scopes & {"profile", *_BEHIND}
    behind = next((scope for scope, names in _BEHIND.items() if name in names), "profile")
    return not narrow or behind in narrow


def _challenged(status: int, error: str, description: str) -> Reply:
    # The header is documented [D]; the body repeats it ([R] for another description).
    told = f'error="{error}", error_description="{description}"'
    return json_reply(status, {"error": error, "error_description": description}, ("WWW-Authenticate", told))
