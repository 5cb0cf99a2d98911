"""Joining an API by its `cogwizard.toml`: the checks, the sign-in, the first call, the export.

The file was written by whoever can write to the repository. It decides nothing: where reads go is said by the user's
own settings, and neither password nor token goes to a pool or an API that is not proven to be in the user's own AWS
account, unless the user agreed. Blocking: the wizard calls it from threads, one at a time.
"""

import shutil
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from cogwizard.checklist import Checklist, export_of
from cogwizard.diagnosis import Progress, gather
from cogwizard.judgement import Judgement, judge
from cogwizard.login import Login
from cogwizard.model.attempt import Flow, Known
from cogwizard.model.call import SAFE_METHODS
from cogwizard.model.client import AppClient
from cogwizard.model.finding import Finding
from cogwizard.model.join import Joining, Keyring
from cogwizard.model.postman import Setup
from cogwizard.model.team import Team
from cogwizard.ports import Ports
from cogwizard.postman.export import Form
from cogwizard.signin.order import Order
from cogwizard.steps import JOIN, TROUBLESHOOT, join_list
from cogwizard.steps.join_list import Outcome
from cogwizard.steps.needs import needs_of
from cogwizard.vault.backends import Backend
from cogwizard.vault.doctor import Doctor, examine
from cogwizard.vault.outcome import Trouble

_PROGRAMS = ("aws", "curl")
Tell = Callable[[Progress[Joining]], None]


class NotProven(Exception):
    """A secret would go to what may be somebody else's. `key` of a sentence of `screens/join.toml`: ask, then agree."""

    def __init__(self, key: str) -> None:
        """Take the key: `doubt pool` or `doubt api`."""
        super().__init__(key)
        self.key = key


class Join:
    """One who joins. `joining` holds all that is known; `login` and `judgement` what was done, None until then."""

    def __init__(
        self,
        ports: Ports,
        team: Team,
        username: str | None = None,
        *,
        clock: Callable[[], float] = time.time,
        doctor: Callable[[], Doctor] = examine,
        which: Callable[[str], str | None] = shutil.which,
    ) -> None:
        """Take the file and the user; nothing is read. Raises SetupError for an AWS set-up that cannot be used."""
        clients, region = ports.clients, team.region
        clients.check()
        base = None
        if clients.overridden("apigateway", region):
            endpoint = clients.endpoint("apigateway", region).rstrip("/")
            base = f"{endpoint}/_aws/execute-api/{team.rest_api_id}/{team.stage}"
        emulated = base is not None or clients.overridden("cognito-idp", team.pool_region)
        self.ports = ports
        self.joining = Joining(team, username, base=base, emulated=emulated, now=clock())
        self.login: Login | None = None
        self.judgement: Judgement | None = None
        self.checklist: Checklist | None = None
        self._clock, self._doctor, self._which = clock, doctor, which

    def look(self, tell: Tell = lambda _: None, cancelled: threading.Event | None = None) -> None:
        """Look at tools and keyring, and read what the steps want to know, side by side."""
        tools = {program: self._which(program) is not None for program in _PROGRAMS}
        joining = replace(self.joining, tools=tools, keyring=keyring_of(self._doctor()))
        self.joining = gather(joining, JOIN, self.ports.answer, tell, self.ports.patience, cancelled)

    # -- the sign-in -------------------------------------------------------------------------------------------------

    @property
    def flow(self) -> Flow:
        """The flow to sign in by: SRP, where the app client is not known to allow the password alone.

        By SRP the password never leaves this machine, and no Lambda trigger of the pool sees it (research 7.1 [D]).
        """
        client = self.joining.client
        if isinstance(client, AppClient) and not client.flow_for("USER_SRP_AUTH"):
            return "password"
        return "srp"

    def sign_in(
        self, password: str, *, flow: Flow | None = None, secret: str | None = None, agreed: bool = False
    ) -> bool:
        """Sign in with user name and password; True where tokens or a challenge came, as `Login.start`.

        `secret`: the client secret, where the app client cannot be read. `agreed`: the user was told of a pool that is
        not proven to be their own account's. Raises NotProven, SetupError, ValueError without a user name.
        """
        joining, team = self.joining, self.joining.team
        if not joining.username:
            raise ValueError("it was not said who signs in")
        if not joining.owns_pool and not agreed:
            raise NotProven("doubt pool")
        needs = needs_of(joining.case)
        order = Order(
            flow or self.flow,
            team.client_id,
            team.user_pool_id,
            team.pool_region,
            joining.username,
            secret,
            wanted=needs.kind,
            wanted_scopes=needs.scopes,
        )
        self.login = Login(self.ports, order, self._clock)
        self.login.facts = Known(joining.client, joining.pool)
        return self._took(self.login.start(password))

    def answer(self, answers: Mapping[str, str]) -> bool:
        """Answer the challenge of the sign-in, as `Login.answer`. Raises ValueError before `sign_in`, KeyError."""
        if self.login is None:
            raise ValueError("no sign-in has begun")
        return self._took(self.login.answer(answers))

    def _took(self, went_well: bool) -> bool:
        login = self.login
        if login is not None:
            login.confirm()
            self.joining = replace(self.joining, attempt=login.attempt)
        return went_well

    # -- the call ------------------------------------------------------------------------------------------------------

    def call(
        self,
        method: str | None = None,
        path: str | None = None,
        *,
        asked: bool = False,
        agreed: bool = False,
        cancelled: threading.Event | None = None,
    ) -> Judgement:
        """Diagnose a call with the token that the method wants; without a method and a path the file's first route.

        It is made where it changes nothing, any other only where the user was `asked`; else it is judged unmade.
        `agreed`: the user was told of an API that is not proven to be their own account's. Raises NotProven, and
        ValueError without a sign-in, without a call, and for a path with a blank to fill in.
        """
        first = self.joining.called or (None, None)
        method, path = method or first[0], path or first[1]
        if method is None or path is None or "{" in path:
            raise ValueError("no call was named")
        tokens = self.login.tokens if self.login else None
        if tokens is None:
            raise ValueError("nobody is signed in")
        if not self.joining.owns_api and not agreed:
            raise NotProven("doubt api")
        # Read anew: what was missing may have been mended since.
        joining = replace(self.joining, route=(method.upper(), path), facts={}, now=self._clock())
        run, patience = self.ports.answer, self.ports.patience
        self.joining = gather(joining, JOIN, run, patience=patience, cancelled=cancelled)
        case = self.joining.case
        is_access = needs_of(case).kind == "access-token"
        token = tokens.access_token if is_access else tokens.id_token
        is_made = case.call.method in SAFE_METHODS or asked
        case = replace(case, given_token=token or tokens.id_token or tokens.access_token, replay=is_made)
        case = gather(case, TROUBLESHOOT, run, patience=patience, cancelled=cancelled)
        self.judgement = judge(case, TROUBLESHOOT)
        self.joining = replace(self.joining, answer=case.observed)
        return self.judgement

    def export(self, forms: Sequence[Form] = ("postman",)) -> dict[str, str]:
        """Return the call as files, name -> text; without token, password and secret. Raises BadInput, SetupError."""
        from cogwizard.postman.write import files

        team = self.joining.team
        self.checklist = Checklist(self.ports, Setup(team.pool_region, team.client_id, team.user_pool_id), self._clock)
        self.checklist.take_call(self.joining.case)
        self.checklist.look()
        made = files(export_of(self.checklist.setup, self.joining.case.call), forms)
        self.joining = replace(self.joining, files=tuple(made))
        return made

    # -- what is to be said --------------------------------------------------------------------------------------------

    @property
    def is_through(self) -> bool:
        """Whether the call was made, and API Gateway let it through."""
        judgement = self.judgement
        return judgement is not None and judgement.outcome == "healthy" and judgement.case.observed is not None

    def findings(self) -> list[Finding]:
        """Return what is to be said as it stands, in the order of the steps."""
        return join_list.judge(self.joining, self.judgement.findings if self.judgement else ())

    def outcome(self) -> Outcome:
        """Return the outcome as it stands."""
        return join_list.outcome(self.findings(), done=self.is_through)


def keyring_of(doctor: Doctor) -> Keyring:
    """Return what the vault's doctor found, for the steps."""
    chosen, probe = doctor.chosen, doctor.probe
    trouble = chosen if isinstance(chosen, Trouble) else probe if isinstance(probe, Trouble) else None
    backend = chosen.name if isinstance(chosen, Backend) else chosen.backend or ""
    return Keyring(doctor.usable, backend, trouble.state if trouble else "", trouble.detail if trouble else "")
