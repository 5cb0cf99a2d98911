"""What both address fields of the checklist share: is it the right endpoint of the pool's domain?"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from cogwizard.model.domain import LOOPBACK, TOKEN, UserPoolDomain, prefix_of
from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.inert import inert
from cogwizard.model.pool import Pool, home_region
from cogwizard.model.postman import FIELDS, Setup
from cogwizard.model.read import Absent, Unread
from cogwizard.steps.oauth_facts import shown_url
from cogwizard.steps.postman import not_known, variables
from cogwizard.steps.postman_values import bases, value
from cogwizard.steps.step import Say

# Left in from the guide or another example.
_EXAMPLES = frozenset({"mydomain", "your-domain", "yourdomain", "your_domain", "example", "domain", "my-domain"})


@dataclass(frozen=True)
class UrlField:
    """An address field: its key, its code, the paths that are right (the one to propose first), the other field."""

    key: str
    code: str
    paths: tuple[str, ...]
    other: str


def judge_url(setup: Setup, say: Say, field: UrlField) -> Finding:
    """Return whether an address is the endpoint of the pool's domain (guide; research 6.4 [D])."""
    open_ = variables(setup, say, field.code, field.key)
    if open_:
        return open_
    url = (value(setup, field.key) or "").strip()
    known = bases(setup)
    base = known[0] if known else "https://DOMAIN.auth.REGION.amazoncognito.com"
    expected = f"{base}{field.paths[0]}"
    if not url:
        return _without_url(setup, say, field, expected)
    wrong = _form(setup, field, url)
    shown = shown_url(url)
    seen = Evidence("address", expected, shown, FIELDS[field.key])
    if wrong:
        return say.failed(field.code, seen, variant=wrong, sent=shown, expected=expected)
    return _host(setup, say, field, url, seen)


def _without_url(setup: Setup, say: Say, field: UrlField, expected: str) -> Finding:
    if setup.in_file:
        seen = Evidence("address", expected, "empty", FIELDS[field.key])
        return say.failed(field.code, seen, variant="empty", expected=expected)
    pool = setup.pool
    if isinstance(pool, Pool):
        return say.skipped(field.code, "masked", by="domain-missing")
    if isinstance(pool, Absent):
        return say.skipped(field.code, "masked", by="client-id-mismatch")
    return not_known(setup, say, field.code, pool)


def _form(setup: Setup, field: UrlField, url: str) -> str | None:
    """Return what is wrong with an address whatever the pool is, None where nothing is."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return "no-url"
    if not host or parts.scheme not in ("http", "https"):
        return "no-url"
    if parts.scheme == "http" and host not in LOOPBACK:  # there, emulators serve a pool's domain
        return "not-https"
    if host.startswith(("cognito-idp.", "issuer-cognito-idp.")):
        return "issuer-host"
    found = prefix_of(host)
    if found and found[0] in _EXAMPLES:
        return "example"
    if url == (value(setup, field.other) or "").strip():
        return "same"
    if "#" in url:
        return "path"  # the request would end there
    path = parts.path
    if path in field.paths or (host in LOOPBACK and path.endswith(field.paths)):
        return None
    if path.rstrip("/") in field.paths:
        return "slash"
    return "token-path" if path == TOKEN else "path"


def _plain(url: str) -> str:
    """Return an address as browsers ask for it: scheme and host in lower case, without the port that goes unsaid."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{_authority(url)}{parts.path}"


def _authority(url: str) -> str:
    """Return host and port as browsers take them, with the user information of an address that has some."""
    parts = urlsplit(url)
    authority = parts.netloc.lower()
    return authority.removesuffix(":443") if parts.scheme == "https" else authority


def _host(setup: Setup, say: Say, field: UrlField, url: str, seen: Evidence) -> Finding:
    """Return whether an address of the right form is on the pool's own domain."""
    code = field.code
    host = (urlsplit(url).hostname or "").lower()
    authority = _authority(url).rpartition("@")[2]
    found = prefix_of(host)
    pool, owner = setup.pool, setup.entered_domain
    if isinstance(pool, Pool):
        if not pool.has_domain:
            return say.skipped(code, "masked", by="domain-missing")
        if any(_plain(url).startswith(f"{_plain(base)}/") for base in bases(setup)):
            return say.passed(code, seen)
        region = found[1] if found else None
        if region and found and found[0] == pool.domain and region != setup.pool_region:
            # The guide names the API's region here; it is the pool's (6.4 [D]).
            regions = {"sent_region": region, "region": setup.pool_region or "?"}
            return say.failed(code, seen, variant="other-region", **regions)
        return say.failed(code, seen, variant="other-domain", host=inert(authority, 200))
    if isinstance(owner, Absent):
        return say.failed(code, seen, variant="no-such-domain", host=inert(host, 200))
    if isinstance(owner, UserPoolDomain):
        is_own = setup.user_pool_id in (None, owner.user_pool_id) and _authority(url) == host
        if is_own:
            return say.passed(code, seen)
        return say.failed(code, seen, variant="other-domain", host=inert(authority, 200))
    home = home_region(setup.user_pool_id)
    if found and home and found[1] != home:
        return say.failed(code, seen, variant="other-region", sent_region=found[1], region=home)
    because = owner if isinstance(owner, Unread) else pool if isinstance(pool, Unread) else None
    if because:
        return not_known(setup, say, code, because)
    return say.unknown(code, seen, variant="form-only")
