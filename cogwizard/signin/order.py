"""What a user asks for when signing in, and what tokens tell of it."""

import re
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from cogwizard.aws.session import SetupError, is_region
from cogwizard.model.attempt import Flow, Wanted
from cogwizard.model.client import CLIENT_ID
from cogwizard.model.pool import home_region
from cogwizard.model.token import read_token
from cogwizard.model.tokens import Tokens

_DOMAIN = re.compile(r"(?i)https?://[^\s/?#@\\]+|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.[a-z0-9-]+")


@dataclass(frozen=True)
class Order:
    """What the user asks for: a flow, of an app client, perhaps for a user.

    `secret`: the client secret that was given; without one the app client's own is used where it can be read. `domain`:
    the pool's domain, where it is known and the pool cannot be read. `wanted`: the kind of token that the method wants.
    """

    flow: Flow
    client_id: str
    user_pool_id: str | None = None
    region: str | None = None
    username: str | None = field(default=None, repr=False)
    secret: str | None = field(default=None, repr=False)
    scopes: tuple[str, ...] = ()
    redirect_uri: str | None = None
    domain: str | None = None
    wanted: Wanted | None = None
    wanted_scopes: tuple[str, ...] = ()


def region_of(order: Order, default: str | None) -> str:
    """Return the region to sign in at: the one that was asked for, the one in the pool's id, `default`.

    Raises SetupError for ids that are none (`bad-pool-id`, `bad-client-id`, `bad-domain`, `bad-redirect-uri`), for what
    is no text (`not-text`), and without a region.
    """
    for text in (order.client_id, order.username, order.secret, *order.scopes):
        expect_text(text or "")
    if order.redirect_uri is not None and not is_url(order.redirect_uri):
        raise SetupError("bad-redirect-uri", {})
    home = home_region(order.user_pool_id)
    if order.user_pool_id and not home:
        raise SetupError("bad-pool-id", {})
    if not CLIENT_ID.fullmatch(order.client_id):
        raise SetupError("bad-client-id", {})
    if order.domain is not None and not _DOMAIN.fullmatch(order.domain):
        raise SetupError("bad-domain", {})
    region = order.region or home or default
    if not region:
        raise SetupError("no-region", {})
    if not is_region(region):
        raise SetupError("invalid-region", {"region": region})
    return region


def expect_text(text: str) -> None:
    """Raise SetupError (`not-text`) for what cannot be sent: bytes of a file or variable that were no UTF-8."""
    try:
        text.encode("utf-8")
    except UnicodeError:
        raise SetupError("not-text", {}) from None


def is_url(text: str) -> bool:
    """Whether a callback URL can be taken apart: a custom scheme is one too."""
    try:
        parts = urlsplit(text)
        return bool(parts.scheme) and text.isprintable() and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def username_of(tokens: Tokens) -> str | None:
    """Return the user's real name as tokens tell it, which a refresh's SECRET_HASH needs (research 7.1 [R])."""
    for text, claim in ((tokens.id_token, "cognito:username"), (tokens.access_token, "username")):
        name = read_token(text).text_claim(claim) if text else None
        if name:
            return name
    return None


def order_of(tokens: Tokens, order: Order | None = None) -> Order | None:
    """Return the order with which tokens can be refreshed: the one they came by, else what their claims tell."""
    for text in (tokens.id_token, tokens.access_token):
        if text and order is None:
            token = read_token(text)
            client = token.text_claim("client_id") or next(iter(token.audiences), None)
            pool_id = (token.text_claim("iss") or "").rpartition("/")[2]
            if client and home_region(pool_id):
                return Order("refresh", client, pool_id, username=username_of(tokens))
    return replace(order, flow="refresh") if order else None
