"""Checklist: the grant type. Guide: "Authorization code or implicit, as the app client is set"."""

from collections.abc import Iterable, Iterator

from cogwizard.model.attempt import GRANTS as OAUTH_GRANTS
from cogwizard.model.client import AppClient
from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.postman import FIELDS, FLOWS, Setup
from cogwizard.model.read import Read
from cogwizard.steps.oauth_facts import grants
from cogwizard.steps.postman import CLIENT, as_step, attempt_of, known_client, variables
from cogwizard.steps.postman_values import grant_of, value
from cogwizard.steps.ruling import listed
from cogwizard.steps.step import Say

_GRANT, _SWITCH, _PKCE = "grant-not-enabled", "oauth-not-enabled", "pkce-mismatch"


class PostmanGrantStep:
    """Research 6.4, 6.5 [D]: no grant counts unless OAuth is switched on; PKCE knows S256 alone."""

    id = "postman_grant"
    codes = (_SWITCH, _GRANT, _PKCE)
    keys = ("grant_type", "challengeAlgorithm")

    def wants(self, setup: Setup) -> Iterable[Read | None]:
        """The app client."""
        yield setup.client_read

    def has(self, setup: Setup) -> Iterator[Evidence]:
        """The grants that are allowed, and the switch for all of them."""
        client = setup.client
        if isinstance(client, AppClient):
            yield Evidence("grants", "", listed(client.grants), f"AllowedOAuthFlows, {CLIENT}")
            state = "enabled" if client.oauth_enabled else "disabled"
            yield Evidence("OAuth", "", state, f"AllowedOAuthFlowsUserPoolClient, {CLIENT}")

    def judge(self, setup: Setup) -> Iterator[Finding]:
        """See `PostmanStep`."""
        say = Say(self.id)
        grant = grant_of(setup)
        open_ = variables(setup, say, _GRANT, "grant_type")
        client = known_client(setup, say, (_SWITCH, _GRANT))
        found = {item.code: item for item in client} if isinstance(client, list) else {}
        if isinstance(client, AppClient):
            found = {item.code: item for item in as_step(grants(attempt_of(setup), client).values(), self.id)}
        if open_:
            found[_GRANT] = open_
        elif grant not in FLOWS:
            # Cognito has three grants (postman-oauth.md 5.4 [D]); a password goes to InitiateAuth.
            seen = Evidence("grants", ", ".join(OAUTH_GRANTS.values()), grant, FIELDS["grant_type"])
            variant = "password" if grant == "password_credentials" else "not-a-grant"
            found[_GRANT] = say.failed(_GRANT, seen, variant=variant)
        yield found[_SWITCH]
        yield found[_GRANT]
        yield _pkce(setup, say, grant)


def _pkce(setup: Setup, say: Say, grant: str) -> Finding:
    if grant != "authorization_code_with_pkce":
        return say.skipped(_PKCE, "no-pkce")
    open_ = variables(setup, say, _PKCE, "challengeAlgorithm")
    if open_:
        return open_
    method = value(setup, "challengeAlgorithm") or "S256"
    seen = Evidence("code challenge", "S256", method, FIELDS["challengeAlgorithm"])
    # 6.4, 6.5 [D]: code_challenge_method is S256 only, any other is an invalid_request.
    return say.passed(_PKCE, seen, variant="s256") if method == "S256" else say.failed(_PKCE, seen, variant="plain")
