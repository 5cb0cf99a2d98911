"""Checklist: the client secret. Guide: "specify it where the app client has one, else leave the field empty"."""

from collections.abc import Iterable, Iterator

from cogwizard.model.client import AppClient
from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.postman import FIELDS, SHOWN, Setup
from cogwizard.model.read import Read
from cogwizard.steps.oauth_facts import SECRETS
from cogwizard.steps.postman import CLIENT, known_client, variables
from cogwizard.steps.postman_values import grant_of, value
from cogwizard.steps.step import Say

_MISSING, _SUPERFLUOUS = SECRETS
_REFUSED = "client-credentials-refused"


class PostmanSecretStep:
    """Research 6.4, 6.6 [D]: a confidential client sends its secret, as Basic or in the form; a public one never."""

    id = "postman_secret"
    codes = (*SECRETS, _REFUSED)
    keys = ("clientSecret", "client_authentication")

    def wants(self, setup: Setup) -> Iterable[Read | None]:
        """The app client."""
        yield setup.client_read

    def has(self, setup: Setup) -> Iterator[Evidence]:
        """Whether the app client has a secret, never which."""
        if isinstance(setup.client, AppClient):
            yield Evidence("client secret", "", "set" if setup.client.has_secret else "none", CLIENT)

    def judge(self, setup: Setup) -> Iterator[Finding]:
        """See `PostmanStep`."""
        say = Say(self.id)
        if grant_of(setup) == "implicit":
            yield from say.all_skipped(self.codes, "no-token-request")
            return
        client = known_client(setup, say, self.codes)
        if not isinstance(client, AppClient):
            yield from client
        elif client.has_secret:
            yield from _confidential(setup, say, client)
        else:
            yield from _public(setup, say)


def _confidential(setup: Setup, say: Say, client: AppClient) -> Iterator[Finding]:
    entered = value(setup, "clientSecret") or ""
    names = setup.open.get("clientSecret")
    if not names and not entered:
        yield say.failed(_MISSING, Evidence("client secret", "set", "empty", FIELDS["clientSecret"]), variant="empty")
        yield say.passed(_SUPERFLUOUS)
        yield say.skipped(_REFUSED, "not-sent")
        return
    seen = Evidence("client secret", "set", "a variable" if names else "set", FIELDS["clientSecret"])
    yield say.passed(_MISSING, seen)
    yield say.passed(_SUPERFLUOUS)
    if names:
        yield say.unknown(_REFUSED, seen, variant="variable", variables=", ".join(names), field=FIELDS["clientSecret"])
    elif entered == client.secret:
        yield say.passed(_REFUSED, Evidence("client secret", "that of the app client", "the same", CLIENT))
    else:
        # A client may have two secrets, and AWS shows only one of them (3; 7.6 [D]).
        other = Evidence("client secret", "that of the app client", "another one", CLIENT)
        yield say.unknown(_REFUSED, other, variant="second-secret")


def _public(setup: Setup, say: Say) -> Iterator[Finding]:
    entered, where = value(setup, "clientSecret") or "", value(setup, "client_authentication")
    yield say.passed(_MISSING, Evidence("client secret", "none", "none", CLIENT), variant="none-needed")
    shown = SHOWN["client_authentication"]
    if entered and "clientSecret" not in setup.open:
        seen = Evidence("client secret", "none", "set", FIELDS["clientSecret"])
        yield say.failed(_SUPERFLUOUS, seen, variant="entered")
    elif where == "header" and "client_authentication" not in setup.open:
        # Postman then sends the client ID with an empty secret (3, #10166 [R]).
        seen = Evidence("client authentication", shown["body"], shown["header"], FIELDS["client_authentication"])
        yield say.failed(_SUPERFLUOUS, seen, variant="basic")
    elif "{{" in entered and (open_ := variables(setup, say, _SUPERFLUOUS, "clientSecret")):
        yield open_  # one that is there without a value is an export's
    else:
        yield say.passed(_SUPERFLUOUS)
    yield say.skipped(_REFUSED, "public-client")
