"""What the sign-in page begins with and keeps: the app client, what was typed for it, what came of it. No widget."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from cogwizard.model.client import CLIENT_ID
from cogwizard.model.pool import home_region, read_issuer
from cogwizard.steps.needs import needs_of, pools_of
from cogwizard.ui.tokens import Wants, wants

if TYPE_CHECKING:
    from cogwizard.model.attempt import Flow
    from cogwizard.model.case import Case
    from cogwizard.model.token import Token
    from cogwizard.model.tokens import Tokens
    from cogwizard.signin.order import Order
    from cogwizard.ui.remembered import Remembered


@dataclass
class Signing:
    """Outlives the page. Secret in it are `tokens` alone, those of the last sign-in, and the `order` they came by."""

    user_pool_id: str = ""
    region: str = ""
    client_id: str = ""
    username: str = field(default="", repr=False)
    scopes: str = ""
    redirect_uri: str = ""
    domain: str = ""
    flow: "Flow | None" = None
    tokens: "Tokens | None" = field(default=None, repr=False)
    order: "Order | None" = field(default=None, repr=False)

    def at(self, user_pool_id: str, region: str = "", client_id: str = "") -> "Signing":
        """Return the same for another app client: what belonged to the one before is left out."""
        if (user_pool_id, client_id) == (self.user_pool_id, self.client_id):
            return self
        return replace(
            self,
            user_pool_id=user_pool_id,
            region=region or home_region(user_pool_id) or "",
            client_id=client_id,
            scopes="",
            redirect_uri="",
            domain="",
            flow=None,
        )


@dataclass(frozen=True)
class Purpose:
    """What the tokens are for: the `case` of the call, a `token` that is at hand; None where there is none."""

    case: "Case | None" = None
    token: "Token | None" = None

    @property
    def wants(self) -> Wants:
        """Which kind of token the method wants."""
        return wants(self.case) if self.case else Wants(None, "wants unknown", {})

    @property
    def scopes(self) -> tuple[str, ...]:
        """Any one of which the method asks for."""
        return needs_of(self.case).scopes if self.case else ()

    @property
    def pools(self) -> dict[str, str]:
        """The pools that the authorizer trusts: id -> region. As deployed; as drafted where only that is known."""
        return pools_of(self.case) if self.case else {}

    @property
    def issued(self) -> tuple[str, str, str] | None:
        """Pool, region and app client of the token at hand, as it tells them; None where it tells none."""
        token = self.token or (self.case.token if self.case else None)
        issuer = read_issuer((token.text_claim("iss") or "")[:500]) if token else None
        if token is None or issuer is None:
            return None
        client = token.text_claim("client_id") or next(iter(token.audiences), "")
        return issuer.pool_id, issuer.region, client if CLIENT_ID.fullmatch(client) else ""


def begin(kept: Signing | None, purpose: Purpose, remembered: "Remembered") -> Signing:
    """Return what stands in the page's fields at first: a pool that the authorizer trusts, where that is known.

    Among several: that of the sign-in before, of the token, else the first. A token of another pool says nothing then.
    """
    before, pools, issued = kept or Signing(), purpose.pools, purpose.issued
    if kept and (kept.user_pool_id in pools or not (pools or issued)):
        return kept
    if issued and (not pools or issued[0] in pools):
        return before.at(*issued)
    if pools:
        pool, region = next(iter(pools.items()))
        client = remembered.client_id if remembered.user_pool_id == pool else None
        return before.at(pool, region, client or "")
    if not kept and remembered.user_pool_id:
        return before.at(remembered.user_pool_id, "", remembered.client_id or "")
    return before
