"""Tokens that have run out are refreshed before a call is made again. For `cogwizard diagnose` and the wizard."""

import time
from collections.abc import Callable

from cogwizard.login import Login
from cogwizard.model.token import read_token
from cogwizard.model.tokens import Tokens
from cogwizard.ports import Ports
from cogwizard.signin.order import Order, order_of

SOON = 60.0  # seconds: a token that lives no longer may run out before API Gateway sees it


def is_due(token: str, tokens: Tokens | None, now: float) -> bool:
    """Whether `token`, one of `tokens`, has run out or soon does, and a refresh token is at hand; `now` in Unix
    seconds."""
    if tokens is None or not tokens.refresh_token or token not in (tokens.id_token, tokens.access_token):
        return False
    end = read_token(token).time_claim("exp")
    return (tokens.expires_at if end is None else end) - now < SOON


def renew(ports: Ports, tokens: Tokens, order: Order | None, clock: Callable[[], float] = time.time) -> Login | None:
    """Refresh once, and return the sign-in: `tokens` is new, or its findings say why not. Blocks.

    `order`: by what they came; without it their claims tell, and None is returned where they do not. The app client is
    read first: its secret is needed, and how it hands out refresh tokens. Raises SetupError.
    """
    known = order_of(tokens, order)
    if known is None:
        return None
    login = Login(ports, known, clock)
    login.look()
    if login.can_refresh:
        login.refresh(tokens)
    return login


def same_of(token: str, before: Tokens, after: Tokens) -> str:
    """Return the token of `after` that takes the place of `token`, one of `before`; itself where there is none."""
    taken = {before.id_token: after.id_token, before.access_token: after.access_token}.get(token)
    return taken or token
