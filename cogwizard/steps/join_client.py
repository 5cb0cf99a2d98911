"""Joining: the app client. Which ways to sign in it allows, and what it wants with them."""

from collections.abc import Iterable, Iterator

from cogwizard.model.client import AppClient
from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.inert import inert
from cogwizard.model.join import Joining
from cogwizard.model.read import Absent, Read
from cogwizard.steps.join import not_read
from cogwizard.steps.ruling import listed
from cogwizard.steps.step import Say

_CLIENT, _FLOW = "client-not-found", "auth-flow-not-enabled"
_READ = "DescribeUserPoolClient"
# With user name and password, the better way first: by SRP the password itself is never sent (research 7.1 [D]).
FLOWS = ("USER_SRP_AUTH", "USER_PASSWORD_AUTH")
_WANTED = "ALLOW_USER_SRP_AUTH or ALLOW_USER_PASSWORD_AUTH"


class JoinClientStep:
    """There, in this pool, and open to a sign-in with user name and password (research 7.1, 7.4 [D])."""

    id = "join_client"
    codes = (_CLIENT, _FLOW)

    def wants(self, joining: Joining) -> Iterable[Read | None]:
        """The app client."""
        return (joining.client_read,)

    def has(self, joining: Joining) -> Iterator[Evidence]:
        """Its name, whether it has a secret, where a browser may be sent back to."""
        client = joining.client
        if not isinstance(client, AppClient):
            return
        yield Evidence("app client", "", f"{inert(client.name, 100)} ({client.id})", _READ)
        yield Evidence("client secret", "", "set" if client.has_secret else "none", _READ)
        held = "not set" if client.explicit_flows is None else listed(client.explicit_flows)
        yield Evidence("authentication flows", "", held, f"ExplicitAuthFlows, {_READ}")
        yield Evidence("callback URL", "", listed(client.callback_urls), _READ)

    def judge(self, joining: Joining) -> Iterator[Finding]:
        """See `JoinStep`."""
        say, client, team = Say(self.id), joining.client, joining.team
        if isinstance(client, Absent):
            seen = Evidence("app client", "exists", "does not exist", _READ)
            yield say.failed(_CLIENT, seen, variant="not-in-pool", client=team.client_id, pool=team.user_pool_id)
            yield say.skipped(_FLOW, "masked", by=_CLIENT)
        elif isinstance(client, AppClient):
            yield say.passed(_CLIENT, Evidence("app client", "exists", "exists", _READ))
            yield self._flow(say, client)
        else:
            yield from not_read(say, self.codes, (joining.client_read,), joining)

    def _flow(self, say: Say, client: AppClient) -> Finding:
        held = "not set" if client.explicit_flows is None else listed(client.explicit_flows)
        seen = Evidence("authentication flows", _WANTED, held, f"ExplicitAuthFlows, {_READ}")
        if any(client.flow_for(name) for name in FLOWS):
            return say.passed(_FLOW, seen, variant="joined-pass")
        if client.oauth_enabled and "code" in client.grants:
            return say.warned(_FLOW, seen, variant="browser-only")
        return say.failed(_FLOW, seen, variant="joined")
