"""The Postman checklist with all that it rests on: what is read, what was probed, what is to be said of it.

The same for `cogwizard postman` and the wizard. Blocking: the wizard calls it from threads, one at a time.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from cogwizard.aws.session import ANY_REGION
from cogwizard.diagnosis import Progress, gather
from cogwizard.model.call import Call
from cogwizard.model.case import Case
from cogwizard.model.client import AppClient
from cogwizard.model.collection import Auth, Collection
from cogwizard.model.finding import Finding
from cogwizard.model.pool import home_region
from cogwizard.model.postman import Setup
from cogwizard.model.read import Unread
from cogwizard.ports import Ports
from cogwizard.postman.export import Export
from cogwizard.signin.domain import override_of
from cogwizard.signin.probe import probe_authorize, probe_token
from cogwizard.steps import POSTMAN, TROUBLESHOOT
from cogwizard.steps.checklist import judge
from cogwizard.steps.needs import needs_of, pools_of
from cogwizard.steps.postman_file import judge_file, setups
from cogwizard.steps.postman_values import bases, block, callback_of, grant_of, scopes_of, value

_METHOD_STEPS = tuple(step for step in TROUBLESHOOT if step.id in ("call", "access", "authorizer", "deployment"))
Tell = Callable[[Progress[Setup]], None]


class Checklist:
    """One set-up. `setup` holds all that is known; `look` and `probe` add to it, `findings` judges it."""

    def __init__(self, ports: Ports, setup: Setup, clock: Callable[[], float] = time.time) -> None:
        """Take the set-up; nothing is read yet. Raises SetupError for an AWS set-up that cannot be used."""
        ports.clients.check()
        region = setup.region or home_region(setup.user_pool_id) or ports.clients.default_region()
        override = override_of(ports.clients, region or ANY_REGION)
        self.ports = ports
        self.setup = replace(setup, region=region, override=override, now=clock())

    def look_at_call(self, case: Case) -> None:
        """Read what the called method wants, and which pool its authorizer trusts. The call is not made.

        Raises SetupError for an AWS set-up that cannot be used.
        """
        case = gather(self.ports.place(case), _METHOD_STEPS, self.ports.answer, patience=self.ports.patience)
        self.take_call(case)

    def take_call(self, case: Case) -> None:
        """Take what is known of a call already."""
        pools = pools_of(case)
        pool = self.setup.user_pool_id or next(iter(pools), None)
        region = pools.get(pool or "") or home_region(pool) or self.setup.region
        needs = needs_of(case)
        facts = {**self.setup.facts, **{read: case.facts[read] for read in needs.because}}
        self.setup = replace(self.setup, needs=needs, user_pool_id=pool, region=region, facts=facts)

    def look(self, tell: Tell = lambda _: None, cancelled: threading.Event | None = None) -> None:
        """Read what the lines of the checklist want to know, side by side."""
        self.setup = gather(self.setup, POSTMAN, self.ports.answer, tell, self.ports.patience, cancelled)

    def probe(self) -> None:
        """Ask the authorize endpoint and the token endpoint, without any secret; the user has agreed."""
        setup, clients = self.setup, self.ports.clients
        answers = dict(setup.answers)
        grant, client = grant_of(setup), setup.asked_client or ""
        auth, token = value(setup, "authUrl"), value(setup, "accessTokenUrl")
        callback, own = callback_of(setup), bases(setup)
        if auth and grant != "client_credentials":
            answers["authorize"] = probe_authorize(clients, auth, client, callback, scopes_of(setup), grant, own=own)
        if token and grant != "implicit":
            is_basic = value(setup, "client_authentication") == "header"
            answers["token"] = probe_token(clients, token, client, callback, basic=is_basic, own=own)
        self.setup = replace(setup, answers=answers)

    def findings(self) -> list[Finding]:
        """Return what is to be said of the set-up as it stands, in the order of the checklist."""
        return judge(self.setup)


def export_of(setup: Setup, call: Call) -> Export:
    """Return what is to be exported of a set-up for a call: what `postman.write.files` makes files of."""
    client = setup.client
    return Export(
        name=f"{call.method} {urlsplit(call.url).path}",
        method=call.method,
        url=call.url,
        headers=call.headers,
        body=None if call.body is None else call.body.decode("utf-8", "replace"),
        block=block(setup),
        has_secret=isinstance(client, AppClient) and client.has_secret,
        needs=setup.needs,
        region=setup.pool_region,
        user_pool_id=setup.pool_id,
    )


@dataclass(frozen=True)
class Linted:
    """What came of a file: its findings, the reads that gave nothing, and the first set-up in it with its facts."""

    setup: Setup
    findings: list[Finding]
    unread: tuple[Unread, ...] = ()


def lint(
    ports: Ports | None,
    collection: Collection,
    setup: Setup,
    case: Case | None = None,
    tell: Tell = lambda _: None,
    clock: Callable[[], float] = time.time,
) -> Linted:
    """Return what is to be said of a collection. `ports` None: offline. `case`: the call that the tokens are for.

    `setup` says which app client is meant, where the user knows. What is read is read once for all auth blocks.
    Raises SetupError for an AWS set-up that cannot be used.
    """
    base = replace(setup, offline=True, now=clock())
    if ports is not None:
        checklist = Checklist(ports, replace(setup, offline=False), clock)
        if case is not None:
            checklist.look_at_call(case)
        base = checklist.setup
    elif case is not None:
        base = replace(base, needs=needs_of(case))
    judged: list[tuple[Auth, list[Finding]]] = []
    facts = dict(base.facts)
    first = None
    for auth, one in setups(collection, base):
        filled = replace(one, facts=facts)
        if ports is not None:
            filled = gather(filled, POSTMAN, ports.answer, tell, ports.patience)
            facts = dict(filled.facts)
        judged.append((auth, judge(filled)))
        first = first or filled
    unread = tuple(value for value in facts.values() if isinstance(value, Unread))
    return Linted(first or base, judge_file(collection, judged, base), unread)
