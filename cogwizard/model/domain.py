"""The domains of user pools: where their login pages and OAuth endpoints live (research 6.4 [D])."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from cogwizard.model.pool import REGION, Pool

AUTHORIZE, TOKEN, LOGIN = "/oauth2/authorize", "/oauth2/token", "/login"
LOOPBACK = ("localhost", "127.0.0.1", "::1")
_PREFIX = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")  # DomainType [D: BOTO]
_HOST = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
_OF_COGNITO = re.compile(rf"(?P<prefix>[a-z0-9-]{{1,63}})\.auth(?:-fips)?\.(?P<region>{REGION})\.amazoncognito\.com")


@dataclass(frozen=True)
class UserPoolDomain:
    """What DescribeUserPoolDomain says: whose the domain is. `is_managed`: managed login, else the classic pages."""

    name: str
    user_pool_id: str
    is_managed: bool = False


@dataclass(frozen=True)
class Branding:
    """The style of managed login that belongs to an app client; without one its pages are unavailable (6.4 [D])."""

    id: str


@dataclass(frozen=True)
class ResourceServer:
    """`scopes`: the full names, `identifier/name`."""

    identifier: str
    name: str = ""
    scopes: tuple[str, ...] = ()


def base_url(pool: Pool, region: str, override: str | None = None) -> str | None:
    """Return the base URL of a pool's domain, without a slash at its end; None where the pool has no usable domain.

    `override`: the endpoint of cognito-idp where one other than AWS's is in force. Emulators serve `/oauth2/...` there;
    its user information is left out, for a browser opens this address.

    A prefix is `https://{prefix}.auth.{region}.amazoncognito.com`, in GovCloud `auth-fips` [D: GovCloud user guide,
    Amazon Cognito]; other partitions as in the first one [E]. The regions of China have no user pools. Of two domains
    the prefix is taken: it needs no DNS of the user's own (research 6.4 [R]).
    """
    return next(iter(base_urls(pool, region, override)), None)


def base_urls(pool: Pool, region: str, override: str | None = None) -> tuple[str, ...]:
    """Return every base URL at which a pool's endpoints are, the one to use first. See `base_url`."""
    found: list[str] = []
    if not pool.has_domain:
        return ()
    if override:
        parts = urlsplit(override)
        found.append(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}".rstrip("/"))
    # What AWS answers becomes the host that a password is typed at: nothing but a name.
    if pool.domain and _PREFIX.fullmatch(pool.domain) and re.fullmatch(REGION, region) and region[:3] != "cn-":
        label = "auth-fips" if region.startswith("us-gov-") else "auth"
        found.append(f"https://{pool.domain}.{label}.{region}.amazoncognito.com")
    custom = (pool.custom_domain or "").lower()
    if _HOST.fullmatch(custom):
        found.append(f"https://{custom}")
    return tuple(found)


def prefix_of(host: str) -> tuple[str, str] | None:
    """Return prefix and region of a host that is an Amazon Cognito domain, None for any other."""
    found = _OF_COGNITO.fullmatch(host.lower())
    return (found["prefix"], found["region"]) if found else None


def is_host(name: str) -> bool:
    """Whether a text is the name of a host that a custom domain can have."""
    return bool(_HOST.fullmatch(name.lower()))
