"""Where a user pool's login pages and OAuth endpoints live."""

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cogwizard.model.pool import REGION, Pool

if TYPE_CHECKING:
    from cogwizard.aws.session import Clients

_PREFIX = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")  # DomainType [D: BOTO]
_HOST = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")


def base_url(pool: Pool, region: str, override: str | None = None) -> str | None:
    """Return the base URL of a pool's domain, without a slash at its end; None where the pool has no usable domain.

    `override`: the endpoint of cognito-idp where one other than AWS's is in force. Emulators serve `/oauth2/...` there;
    its user information is left out, for a browser opens this address.

    A prefix is `https://{prefix}.auth.{region}.amazoncognito.com`, in GovCloud `auth-fips` [D: GovCloud user guide,
    Amazon Cognito]; other partitions as in the first one [E]. The regions of China have no user pools. Of two domains
    the prefix is taken: it needs no DNS of the user's own (research 6.4 [R]).
    """
    if not pool.domain and not pool.custom_domain:
        return None
    if override:
        parts = urlsplit(override)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}".rstrip("/")
    # What AWS answers becomes the host that a password is typed at: nothing but a name.
    if pool.domain and _PREFIX.fullmatch(pool.domain) and re.fullmatch(REGION, region) and region[:3] != "cn-":
        label = "auth-fips" if region.startswith("us-gov-") else "auth"
        return f"https://{pool.domain}.{label}.{region}.amazoncognito.com"
    custom = (pool.custom_domain or "").lower()
    return f"https://{custom}" if _HOST.fullmatch(custom) else None


def base_url_for(clients: "Clients", pool: Pool, region: str) -> str | None:
    """Return the base URL of a pool's domain as the set-up has it. No network call. Raises as `Clients.endpoint`."""
    override = clients.endpoint("cognito-idp", region) if clients.overridden("cognito-idp", region) else None
    return base_url(pool, region, override)
