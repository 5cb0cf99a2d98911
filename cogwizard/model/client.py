"""App clients and users of a user pool, as far as signing in depends on them."""

import re
from dataclasses import dataclass, field

from cogwizard.model.inert import fingerprint, inert

# Flows by which a user signs in with the API: InitiateAuth's name -> what ExplicitAuthFlows must hold, newer and legacy
# spelling (research 7.1 [D]).
ALLOWED_BY: dict[str, tuple[str, ...]] = {
    "USER_PASSWORD_AUTH": ("ALLOW_USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH"),
    "USER_SRP_AUTH": ("ALLOW_USER_SRP_AUTH",),
    "ADMIN_USER_PASSWORD_AUTH": ("ALLOW_ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"),
    "USER_AUTH": ("ALLOW_USER_AUTH",),
    "CUSTOM_AUTH": ("ALLOW_CUSTOM_AUTH", "CUSTOM_AUTH_FLOW_ONLY"),
    "REFRESH_TOKEN_AUTH": ("ALLOW_REFRESH_TOKEN_AUTH",),
}
_CHOSEN = ("USER_PASSWORD_AUTH", "USER_SRP_AUTH")
CLIENT_ID = re.compile(r"[\w+]{1,128}", re.ASCII)  # what an app client's id is made of [D: BOTO]
_SECRET = re.compile(r"[a-z0-9]{40,}+")  # the form of the client secrets that AWS makes; its ids have 26 characters
# Without a list AWS allows these: refresh, SRP, custom, not user name and password (7.1 [D]).
DEFAULT_FLOWS = ("ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH")


def is_secret(text: str) -> bool:
    """Whether what stands in the place of an app client's id has the form of its secret: the two are mixed up."""
    return bool(_SECRET.fullmatch(text.strip()))


def shown_id(text: str) -> str:
    """Return what was given as an app client's id as it may be shown."""
    return f"secret {fingerprint(text.strip())}" if is_secret(text) else inert(text, 120)


@dataclass(frozen=True)
class AppClient:
    """What DescribeUserPoolClient says.

    `secret` is the client secret, None for a public client; a client may have a second one, which AWS never shows again
    (7.6 [D]). `explicit_flows` None: AWS's default list holds. `oauth_enabled` is AllowedOAuthFlowsUserPoolClient;
    `session_minutes` is how long a challenge may be answered.
    """

    id: str
    user_pool_id: str
    name: str = ""
    secret: str | None = field(default=None, repr=False)
    explicit_flows: tuple[str, ...] | None = None
    oauth_enabled: bool = False
    grants: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    callback_urls: tuple[str, ...] = ()
    rotates_refresh_tokens: bool = False
    session_minutes: int = 3

    @property
    def has_secret(self) -> bool:
        """Whether it is a confidential client."""
        return self.secret is not None

    def allows(self, auth_flow: str) -> bool:
        """Whether users may sign in by this flow of InitiateAuth. Raises KeyError for a name that is no flow."""
        # A legacy list that names only one flow still allows SRP and refresh (7.4: legacy and newer names never mix).
        held = DEFAULT_FLOWS if not self.explicit_flows else self.explicit_flows
        legacy = bool(held) and not any(name.startswith("ALLOW_") for name in held)
        if legacy and auth_flow in ("USER_SRP_AUTH", "REFRESH_TOKEN_AUTH"):
            return "CUSTOM_AUTH_FLOW_ONLY" not in held or auth_flow == "REFRESH_TOKEN_AUTH"
        return any(name in held for name in ALLOWED_BY[auth_flow])

    def flow_for(self, auth_flow: str) -> str | None:
        """Return the flow to ask for: this one, USER_AUTH in its place, or None where it is off.

        Choice-based sign-in takes the same password under another name (7.1 [D]). Raises KeyError as `allows`.
        """
        if self.allows(auth_flow):
            return auth_flow
        return "USER_AUTH" if auth_flow in _CHOSEN and self.allows("USER_AUTH") else None


@dataclass(frozen=True)
class PoolUser:
    """What AdminGetUser says: `status` as AWS names it (research 7.5), `mfa` the ways that are set up."""

    username: str
    status: str
    enabled: bool
    mfa: tuple[str, ...] = ()
    sub: str | None = None
