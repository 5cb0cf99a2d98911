"""Checklist: the scope. Guide: "`openid`, which the app client must allow too"."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from cogwizard.model.client import AppClient
from cogwizard.model.domain import ResourceServer
from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.pool import Pool
from cogwizard.model.postman import FIELDS, Setup
from cogwizard.model.read import Read, Unread
from cogwizard.steps.attempt import can_give
from cogwizard.steps.oauth import openid
from cogwizard.steps.oauth_facts import scopes
from cogwizard.steps.postman import CLIENT, as_step, attempt_of, known_client, no_needs, not_known, variables
from cogwizard.steps.postman_values import scopes_of, value
from cogwizard.steps.ruling import listed
from cogwizard.steps.step import Say

_ALLOWED, _OPENID, _WANTED = "scope-not-allowed", "openid-scope-missing", "scope-not-in-token"
_OIDC = frozenset({"openid", "email", "profile", "phone"})
_SERVERS = "ListResourceServers"


class PostmanScopeStep:
    """Research 6.1, 6.5 [D]: separated by spaces, each allowed; openid for ID tokens, else a scope of the method."""

    id = "postman_scope"
    codes = (_ALLOWED, _OPENID, _WANTED)
    keys = ("scope",)

    def wants(self, setup: Setup) -> Iterable[Read | None]:
        """The app client, the custom scopes that there are, and the pool's triggers."""
        yield setup.client_read
        yield setup.pool_read
        yield setup.servers_read

    def has(self, setup: Setup) -> Iterator[Evidence]:
        """The scopes that are allowed, and the custom ones by resource server."""
        if isinstance(setup.client, AppClient):
            yield Evidence("scopes", "", listed(setup.client.scopes), f"AllowedOAuthScopes, {CLIENT}")
        for server in servers_of(setup) or ():
            yield Evidence("resource server", "", listed(server.scopes), f"{server.identifier}, {_SERVERS}")

    def judge(self, setup: Setup) -> Iterator[Finding]:
        """See `PostmanStep`."""
        say = Say(self.id)
        open_ = variables(setup, say, _ALLOWED, "scope")
        if open_:
            yield from (replace(open_, code=code) for code in self.codes)
            return
        yield _allowed(setup, say)
        yield from as_step([_openid(setup, say)], self.id)
        yield _wanted(setup, say)


def servers_of(setup: Setup) -> tuple[ResourceServer, ...] | None:
    """Return the resource servers of the pool, None where they are not known."""
    found = setup.facts.get(setup.servers_read) if setup.servers_read else None
    return found if isinstance(found, tuple) else None


def _allowed(setup: Setup, say: Say) -> Finding:
    asked = scopes_of(setup)
    parts = [part for scope in asked for part in scope.split(",")]
    if any("," in scope for scope in asked) and _OIDC.intersection(parts):
        # Spaces part scopes (3 [D]); with a comma two names are one that nobody has.
        seen = Evidence("scopes", "separated by spaces", " ".join(asked), FIELDS["scope"])
        return say.failed(_ALLOWED, seen, variant="comma", scopes=listed(parts))
    client = known_client(setup, say, (_ALLOWED,))
    if not isinstance(client, AppClient):
        return client[0]
    found = next(as_step([scopes(attempt_of(setup), client)], say.step))
    servers = servers_of(setup)
    if found.verdict != "fail" or servers is None:
        return found
    there = {scope for server in servers for scope in server.scopes}
    unknown = [scope for scope in asked if "/" in scope and scope not in there and scope not in client.scopes]
    if not unknown:
        return found
    short = [full for scope in unknown for full in sorted(there) if full.endswith(f"/{scope.rpartition('/')[2]}")]
    seen = Evidence("resource server", listed(sorted(there)), listed(unknown), _SERVERS)
    meant = {"scopes": listed(unknown), "meant": listed(short or sorted(there))}
    return replace(say.failed(_ALLOWED, seen, variant="no-such-scope", **meant), evidence=(seen, *found.evidence))


def _wanted(setup: Setup, say: Say) -> Finding:
    """Return whether a token can hold a scope of the method's. Only a trigger could add one (6.1 [D])."""
    if setup.needs.kind is None:
        return no_needs(setup, say, _WANTED)
    found = next(as_step(can_give(attempt_of(setup), say), say.step), None)
    if found is None:
        return say.passed(_WANTED, variant="none")
    if found.verdict != "warn":
        return found
    if isinstance(setup.pool, Pool):
        return replace(found, verdict="unknown" if setup.pool.has_scope_trigger else "fail")
    return not_known(setup, say, _WANTED, setup.pool if isinstance(setup.pool, Unread) else None)


def _openid(setup: Setup, say: Say) -> Finding:
    if setup.needs.kind is None and "openid" not in scopes_of(setup):
        # Only where an ID token is wanted; which one is wanted nobody said.
        return no_needs(setup, say, _OPENID)
    found = openid(attempt_of(setup)).get(_OPENID)
    if found is None:
        return not_known(setup, say, _OPENID, setup.client if isinstance(setup.client, Unread) else None)
    if found.verdict == "skipped" and setup.needs.kind is None:
        return say.passed(
            _OPENID, Evidence("scopes", "openid", value(setup, "scope") or "", FIELDS["scope"]), variant="asked"
        )
    return found
