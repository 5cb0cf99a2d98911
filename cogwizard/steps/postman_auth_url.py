"""Checklist: the auth URL. Guide: `https://mydomain.auth.us-east-1.amazoncognito.com/login`."""

from collections.abc import Iterable, Iterator

from cogwizard.model.domain import AUTHORIZE, LOGIN, Branding, UserPoolDomain
from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.pool import Pool
from cogwizard.model.postman import Setup
from cogwizard.model.read import Absent, Read, Unread
from cogwizard.steps.oauth_facts import pool_facts
from cogwizard.steps.postman import as_step, attempt_of, not_known
from cogwizard.steps.postman_urls import UrlField, judge_url
from cogwizard.steps.postman_values import grant_of
from cogwizard.steps.step import Say

_DOMAIN, _URL, _PAGE = "domain-missing", "auth-url-wrong", "login-page-unavailable"
# /login works as the guide says, but leaves identity_provider out; /oauth2/authorize is the endpoint (3 [D]).
_FIELD = UrlField("authUrl", _URL, (AUTHORIZE, LOGIN), "accessTokenUrl")


class PostmanAuthUrlStep:
    """Research 6.4 [D]: the endpoints are on the pool's domain, in the region of the pool."""

    id = "postman_auth_url"
    codes = (_DOMAIN, _URL, _PAGE)
    keys = ("authUrl",)

    def wants(self, setup: Setup) -> Iterable[Read | None]:
        """The pool, whose the entered domain is, and which pages the pool's domain shows."""
        yield setup.entered_domain_read
        yield setup.pool_read
        yield setup.domain_read
        yield setup.branding_read

    def has(self, setup: Setup) -> Iterator[Evidence]:
        """The pool's domains."""
        if isinstance(setup.pool, Pool):
            held = [name for name in (setup.pool.domain, setup.pool.custom_domain) if name]
            yield Evidence("domain", "", ", ".join(held) or "none", "DescribeUserPool")

    def judge(self, setup: Setup) -> Iterator[Finding]:
        """See `PostmanStep`."""
        say = Say(self.id)
        pool = setup.pool
        facts = pool_facts(attempt_of(setup))
        if isinstance(pool, Absent):
            yield say.skipped(_DOMAIN, "masked", by="client-id-mismatch")
        elif facts:
            yield from as_step(facts.values(), self.id)
        else:
            yield not_known(setup, say, _DOMAIN, None)
        if grant_of(setup) == "client_credentials":
            yield from say.all_skipped((_URL, _PAGE), "no-browser")
            return
        yield judge_url(setup, say, _FIELD)
        yield _page(setup, say)


def _page(setup: Setup, say: Say) -> Finding:
    """Managed login shows no page for an app client without a style (6.4 [D] CG-MLB)."""
    pool, domain = setup.pool, setup.domain
    if isinstance(pool, Pool) and not pool.has_domain:
        return say.skipped(_PAGE, "masked", by="domain-missing")
    if not isinstance(domain, UserPoolDomain):
        because = domain if isinstance(domain, Unread) else pool if isinstance(pool, Unread) else None
        return not_known(setup, say, _PAGE, because)
    if not domain.is_managed:
        return say.passed(_PAGE, Evidence("login pages", "available", "classic", "DescribeUserPoolDomain"))
    read = setup.branding_read
    style = setup.facts.get(read) if read else None
    source = "DescribeManagedLoginBrandingByClient"
    if isinstance(style, Branding):
        return say.passed(_PAGE, Evidence("login pages", "a style", "a style", source))
    if isinstance(style, Absent):
        return say.failed(_PAGE, Evidence("login pages", "a style", "none", source))
    return not_known(setup, say, _PAGE, style if isinstance(style, Unread) else None)
