"""Checklist: the access token URL. Guide: "the token endpoint of the user pool", `/oauth2/token`."""

from collections.abc import Iterable, Iterator

from cogwizard.model.domain import TOKEN
from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.pool import Pool
from cogwizard.model.postman import Setup
from cogwizard.model.read import Read
from cogwizard.steps.postman_urls import UrlField, judge_url
from cogwizard.steps.postman_values import bases, grant_of
from cogwizard.steps.step import Say

_URL, _405, _MALFORMED = "token-url-wrong", "token-endpoint-405", "token-request-malformed"
_FIELD = UrlField("accessTokenUrl", _URL, (TOKEN,), "authUrl")


class PostmanTokenUrlStep:
    """Research 6.4, 6.6 [D], [V]: a POST of a form; anything else is a 405 with an empty body."""

    id = "postman_token_url"
    codes = (_URL, _405, _MALFORMED)
    keys = ("accessTokenUrl",)

    def wants(self, setup: Setup) -> Iterable[Read | None]:
        """The pool, and whose the entered domain is."""
        yield setup.entered_domain_read
        yield setup.pool_read

    def has(self, setup: Setup) -> Iterator[Evidence]:
        """The token endpoints of the pool's domains."""
        if isinstance(setup.pool, Pool) and (urls := bases(setup)):
            yield Evidence("address", "", ", ".join(f"{url}{TOKEN}" for url in urls), "DescribeUserPool")

    def judge(self, setup: Setup) -> Iterator[Finding]:
        """See `PostmanStep`. How Postman asks is not in its settings: a probe tells what the endpoint answers."""
        say = Say(self.id)
        if grant_of(setup) == "implicit":
            yield from say.all_skipped(self.codes, "no-token-request")
            return
        yield judge_url(setup, say, _FIELD)
        yield from say.all_skipped((_405, _MALFORMED), "not-probed")
