"""Before signing in: which flows the app client allows, what each can ever give, and the one that leads to the token.

Sources: research 6.1, 6.4 and 7.1 [D], the price of client credentials postman-oauth.md 5.4 [D].
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from cogwizard.model.attempt import AUTH_FLOWS, FLOWS, GRANTS, SIGN_IN_SCOPE, Flow
from cogwizard.model.client import ALLOWED_BY, AppClient
from cogwizard.model.inert import inert
from cogwizard.model.pool import Pool
from cogwizard.model.read import Absent, Unread
from cogwizard.steps.ruling import listed

TokenKind = Literal["id-token", "access-token", "refresh-token"]
Note = Literal["price", "iam", "browser", "paste", "no-user", "held", "none-held", "rotation", "trigger", "password"]
State = Literal["allowed", "off", "unknown"]

_NOTES: dict[Flow, tuple[Note, ...]] = {
    "password": ("password",),
    "srp": (),
    "admin": ("iam", "password"),
    "browser": ("browser",),
    "implicit": ("paste",),
    "client-credentials": ("price", "no-user"),
    "refresh": (),
}
# The best first. SRP never sends the password; a browser brings its own second factors; IAM is rarely at hand.
_FOR_ID: tuple[Flow, ...] = ("srp", "password", "browser", "admin", "implicit")
# A custom scope never comes from a sign-in by API (6.1 [D]).
_FOR_ACCESS: tuple[Flow, ...] = ("srp", "browser", "password", "admin", "implicit", "client-credentials")


@dataclass(frozen=True)
class Setting:
    """What turns a flow off: its name at AWS, what it must hold and what it holds; `code`: whose fixes mend it."""

    name: str
    expected: str
    actual: str
    code: str


@dataclass(frozen=True)
class Offer:
    """One flow, for this app client.

    `tokens`: what it can give at all. `scopes`: all that its access token can ever hold without a trigger that adds
    some; None where that is not known, or as at the first sign-in. `fits`: whether it can give the token that is
    wanted. `notes`: keys of `offer note ...`.
    """

    flow: Flow
    state: State
    settings: tuple[Setting, ...] = ()
    needs_secret: bool | None = None
    tokens: tuple[TokenKind, ...] = ()
    scopes: tuple[str, ...] | None = None
    fits: bool | None = None
    notes: tuple[Note, ...] = ()
    proposed: bool = False


def offers(
    client: AppClient | Absent | Unread | None,
    pool: Pool | Absent | Unread | None,
    wanted: Literal["id-token", "access-token"] | None = None,
    wanted_scopes: Sequence[str] = (),
    has_refresh_token: bool = False,
) -> tuple[Offer, ...]:
    """Return all flows in the order of `FLOWS`, at most one of them proposed.

    `wanted`, `wanted_scopes`: the token of the method, any one of the scopes; None where nobody knows. Pure.
    """
    known = client if isinstance(client, AppClient) else None
    found = [_offer(flow, known, pool, wanted, wanted_scopes, has_refresh_token) for flow in FLOWS]
    best = _best(found, wanted, has_refresh_token)
    return tuple(replace(offer, proposed=offer.flow == best) for offer in found)


def tokens_of(flow: Flow, scopes: Sequence[str] | None = None) -> tuple[TokenKind, ...]:
    """Return the kinds of token that a flow can give; `scopes`: those of its access token, None if not known.

    Client credentials give an access token alone, implicit no refresh token, OAuth an ID token only with openid; a
    refresh gives no new refresh token unless rotation is on (6.1, 6.3, 6.4 [D]).
    """
    if flow == "client-credentials":
        return ("access-token",)
    more: tuple[TokenKind, ...] = () if flow in ("implicit", "refresh") else ("refresh-token",)
    if flow in GRANTS and scopes is not None and "openid" not in scopes:
        return ("access-token", *more)
    return ("id-token", "access-token", *more)


def scopes_of(flow: Flow, client: AppClient | None, asked: Sequence[str] = ()) -> tuple[str, ...] | None:
    """Return every scope that the access token of a flow can hold (6.1 [D] KC-SCOPES); None: not known.

    `asked`: the scopes of the request; without any, all that the app client allows. A pre token generation trigger of
    version 2 or 3 may add others.
    """
    if flow == "refresh":
        return None
    if flow not in GRANTS:
        return (SIGN_IN_SCOPE,)
    if client is None:
        return tuple(asked) or None
    allowed = [scope for scope in client.scopes if flow != "client-credentials" or "/" in scope]
    return tuple(scope for scope in allowed if not asked or scope in asked)


def _offer(
    flow: Flow,
    client: AppClient | None,
    pool: Pool | Absent | Unread | None,
    wanted: str | None,
    wanted_scopes: Sequence[str],
    has_refresh_token: bool,
) -> Offer:
    settings = tuple(_oauth_settings(flow, client, pool) if flow in GRANTS else _api_settings(flow, client, pool))
    scopes = scopes_of(flow, client)
    tokens = tokens_of(flow, scopes)
    is_told = client is not None and (flow not in GRANTS or isinstance(pool, Pool))
    notes = _NOTES[flow]
    if flow == "refresh":
        notes = ("held" if has_refresh_token else "none-held",)
        notes = (*notes, "rotation") if client and client.rotates_refresh_tokens else notes
    fits = _fits(flow, tokens, scopes, wanted, wanted_scopes)
    if fits is False and wanted == "access-token" and flow not in GRANTS:
        notes = (*notes, "trigger")
    needs_secret = None if client is None else flow != "implicit" and client.has_secret
    state: State = "off" if settings else "allowed" if is_told else "unknown"
    return Offer(flow, state, settings, needs_secret, tokens, scopes, fits, notes)


def _api_settings(flow: Flow, client: AppClient | None, pool: Pool | Absent | Unread | None) -> list[Setting]:
    name = AUTH_FLOWS[flow]
    if flow == "refresh" and client and client.oauth_enabled and isinstance(pool, Pool) and pool.has_domain:
        return []  # the token endpoint refreshes for who signed in by a code, always [D: its guide]
    if client is None or client.flow_for(name) or (flow == "refresh" and client.rotates_refresh_tokens):
        return []
    held = "not set" if client.explicit_flows is None else listed(client.explicit_flows)
    return [Setting("ExplicitAuthFlows", ALLOWED_BY[name][0], held, "auth-flow-not-enabled")]


def _oauth_settings(flow: Flow, client: AppClient | None, pool: Pool | Absent | Unread | None) -> list[Setting]:
    found = []
    if isinstance(pool, Pool) and not pool.has_domain:
        found.append(Setting("Domain", "at least one", "none", "domain-missing"))
    if client is None:
        return found
    if not client.oauth_enabled:
        found.append(Setting("AllowedOAuthFlowsUserPoolClient", "enabled", "disabled", "oauth-not-enabled"))
    if GRANTS[flow] not in client.grants:
        found.append(Setting("AllowedOAuthFlows", GRANTS[flow], listed(client.grants), "grant-not-enabled"))
    if flow == "client-credentials":
        if not client.has_secret:  # 5.4, 7.6 [D]: the grant needs a secret, which an app client gets only at its birth
            found.append(Setting("ClientSecret", "set", "none", "grant-not-enabled"))
        if not scopes_of(flow, client):
            found.append(Setting("AllowedOAuthScopes", "at least one", listed(client.scopes), "scope-not-allowed"))
    elif not client.callback_urls:
        found.append(Setting("CallbackURLs", "at least one", "none", "redirect-mismatch"))
    return [replace(item, actual=inert(item.actual, 500)) for item in found]


def _fits(
    flow: Flow, tokens: Sequence[str], scopes: Sequence[str] | None, wanted: str | None, wanted_scopes: Sequence[str]
) -> bool | None:
    if wanted is None:
        return True
    if wanted not in tokens:
        return False
    if wanted == "id-token":
        return None if flow in GRANTS and scopes is None else True
    if not wanted_scopes:
        return True
    return None if scopes is None else bool(set(scopes).intersection(wanted_scopes))


def _best(found: Sequence[Offer], wanted: str | None, has_refresh_token: bool) -> Flow | None:
    by_flow = {offer.flow: offer for offer in found}
    order = _FOR_ACCESS if wanted == "access-token" else _FOR_ID
    if has_refresh_token and wanted != "access-token":
        order = ("refresh", *order)
    for state in ("allowed", "unknown"):
        for fits in (True, None):
            for flow in order:
                if by_flow[flow].state == state and by_flow[flow].fits is fits:
                    return flow
    return None
