"""Checklist: the callback URL. Guide: "the callback URL is the redirect URL of the app client"."""

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from cogwizard.model.client import AppClient
from cogwizard.model.domain import LOOPBACK
from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.postman import CALLBACKS, FIELDS, RETIRED, Setup
from cogwizard.model.read import Read
from cogwizard.steps.oauth_facts import redirect, shown_url
from cogwizard.steps.postman import CLIENT, as_step, attempt_of, known_client, variables
from cogwizard.steps.postman_values import app_of, callback_of, grant_of, value
from cogwizard.steps.ruling import listed
from cogwizard.steps.step import Say

_CODE = "redirect-mismatch"


class PostmanCallbackStep:
    """Research 6.4 [D]: compared character by character, with the one that this Postman really sends."""

    id = "postman_callback"
    codes = (_CODE,)
    keys = ("redirect_uri",)

    def wants(self, setup: Setup) -> Iterable[Read | None]:
        """The app client."""
        yield setup.client_read

    def has(self, setup: Setup) -> Iterator[Evidence]:
        """The callback URLs that are registered."""
        if isinstance(setup.client, AppClient):
            yield Evidence("callback URL", "", listed(setup.client.callback_urls), f"CallbackURLs, {CLIENT}")

    def judge(self, setup: Setup) -> Iterator[Finding]:
        """See `PostmanStep`."""
        say = Say(self.id)
        if grant_of(setup) == "client_credentials":
            yield say.skipped(_CODE, "no-callback")
            return
        if app_of(setup) not in CALLBACKS and (open_ := variables(setup, say, _CODE, "redirect_uri")):
            yield open_
            return
        wrong = _never(setup, say, callback_of(setup))
        client = known_client(setup, say, (_CODE,))
        if wrong:
            yield wrong
        elif isinstance(client, AppClient):
            yield from as_step([redirect(attempt_of(setup), client)], self.id)
        else:
            yield from client


def _never(setup: Setup, say: Say, url: str) -> Finding | None:
    """Return what is wrong with a callback URL for every app client, None where nothing is."""

    def fails(variant: str, expected: str) -> Finding:
        shown = shown_url(url)
        seen = Evidence("callback URL", expected, shown or "empty", FIELDS["redirect_uri"])
        return say.failed(_CODE, seen, variant=variant, sent=shown)

    if not url:
        return fails("empty", "https://...")
    if url in (value(setup, "accessTokenUrl"), value(setup, "authUrl")):
        return fails("an-endpoint", "https://...")  # 3: what the converter of OpenAPI files writes [src]
    client = setup.client
    if url in RETIRED and not (isinstance(client, AppClient) and url in client.callback_urls):
        return fails("retired", CALLBACKS["desktop-browser"])  # #9390; the pop-up takes it where it is registered
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return fails("no-url", "https://...")
    if not parts.scheme:
        return fails("no-url", "https://...")
    if parts.scheme == "http" and host not in LOOPBACK:
        return fails("plain-http", "https or localhost")  # section 2 [D]
    if "#" in url:
        return fails("fragment", "no fragment")  # section 2 [D]
    return None
