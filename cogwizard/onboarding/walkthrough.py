"""The walk-through as command and wizard go it: one name, in one account's region, with all that is known of it.

Blocking: the wizard calls it from threads, one at a time.
"""

import re
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from cogwizard.aws.calls import CallFailed, Calls
from cogwizard.aws.session import SetupError, is_region
from cogwizard.login import Login
from cogwizard.model.answer import Answer
from cogwizard.model.build import Choices
from cogwizard.model.read import Unread
from cogwizard.model.read_api import AuthorizerTest
from cogwizard.onboarding import first_call
from cogwizard.onboarding.journal import Header, Journal, JournalError, folder, name_of
from cogwizard.onboarding.plan import Consent, Plan, look_ahead, writes_for
from cogwizard.onboarding.run import Hidden, Progress, Run
from cogwizard.onboarding.teardown import Removal, teardown
from cogwizard.ports import Ports

_ACCOUNT = re.compile(r"[0-9]{12}")  # it becomes a part of ARNs, and of code that is shown
_SERVICES = ("iam", "logs", "lambda", "cognito-idp", "apigateway")


@dataclass
class Shown:
    """What was proven: None where nobody looked yet. `refused` is error type and text of a sign-in without its hash."""

    login: Login | None = field(default=None, repr=False)
    test: AuthorizerTest | Unread | None = None
    without_token: Answer | Unread | None = None
    answer: Answer | Unread | None = None
    refused: tuple[str, str] | None = None
    secret_login: Login | None = field(default=None, repr=False)
    secret_answer: Answer | Unread | None = None


class Walkthrough:
    """One build. `prepare` comes first; `begin` needs the consent to what `plan` shows."""

    def __init__(
        self,
        ports: Ports,
        choices: Choices,
        *,
        where: Path | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Take the choices; nothing is asked or written. `where`: the folder of the journals. `sleep` pauses between
        two attempts at what passes by itself; what it raises ends what is being done.

        Raises BadChoice, SetupError for an AWS set-up that cannot be used, and without a region (`no-region`).
        """
        choices.check()
        ports.clients.check()
        region = ports.clients.default_region()
        if not region:
            raise SetupError("no-region", {})
        if not is_region(region):
            raise SetupError("invalid-region", {"region": region})
        self.ports, self.choices, self.region = ports, choices, region
        self.calls = Calls(ports.clients, region)
        self.hidden = Hidden()
        self.shown = Shown()
        self.plan: Plan | None = None
        self.run: Run | None = None
        self.journal: Journal | None = None
        self._where, self.sleep, self._clock = where or folder(), sleep, clock

    # -- before ------------------------------------------------------------------------------------------------------

    def prepare(self, *, ahead: bool = True) -> Plan:
        """Return what is going to be made, as far as it is not made yet; `ahead` looks for what stands in its way.

        A run of this name that was begun goes on with its own choices. Raises CallFailed, JournalError, SetupError.
        """
        account = str(self.calls.read("sts", "GetCallerIdentity", {}).get("Account") or "")
        if not _ACCOUNT.fullmatch(account):
            raise CallFailed("sts:GetCallerIdentity", "malformed", "no-account")
        host = self._host()
        path = self._where / name_of(self.choices, self.region, account, host)
        header = Header(secrets.token_hex(4), self.region, path.stem.rpartition(".")[2], host, self.choices)
        if self.journal is None and path.exists():
            self.journal = Journal(path, header)
        if self.journal is not None:
            header = self._own(self.journal, header)
            self.choices = header.choices
        elif self.plan is not None and self.plan.choices == self.choices:
            header = replace(header, run=self.plan.values["run"])
        self._path, self._header = path, header
        plan = Plan(self.choices, self.choices.values(header.run, self.region, account), writes_for(self.choices))
        self.plan = look_ahead(self.calls, plan, is_begun=self.is_begun) if ahead else plan
        return self.plan

    @staticmethod
    def _own(journal: Journal, expected: Header) -> Header:
        """Return the header of a journal that is of this place, and whole. Raises JournalError."""
        found = journal.header
        same = replace(expected, run=found.run, choices=found.choices) == found
        done = [write for write in writes_for(found.choices) if journal.states.get(write.id) == "done"]
        if not same or any(name not in journal.values for write in done for name in write.gives):
            raise JournalError("journal-unreadable", journal.path)
        return found

    def _host(self) -> str:
        """Return the host that calls go to, "" for AWS; of each service its own where they go to several."""
        clients = self.ports.clients
        places = {
            name: urlsplit(clients.endpoint(name, self.region)).netloc.rpartition("@")[2]
            if clients.overridden(name, self.region)
            else ""
            for name in _SERVICES
        }
        if len(set(places.values())) == 1:
            return places[_SERVICES[0]]
        return " ".join(f"{name}={place}" for name, place in places.items() if place)

    @property
    def is_begun(self) -> bool:
        """Whether a run of this name was begun, here or by another process before."""
        return self.journal is not None

    @property
    def values(self) -> dict[str, str]:
        """All that is known by name. Raises ValueError before `prepare`."""
        if self.plan is None:
            raise ValueError("not prepared")
        return {**self.plan.values, **(self.journal.values if self.journal else {})}

    # -- making ------------------------------------------------------------------------------------------------------

    def begin(self, consent: Consent) -> Run:
        """Open the journal, and return what makes the plan. Raises NotAgreed, JournalError, ValueError."""
        if self.plan is None:
            raise ValueError("not prepared")
        if self.journal is None:
            opened = Journal(self._path, self._header)
            if opened.header != self._header:
                # Another process began it since the plan was shown: this is not what was agreed to.
                opened.close()
                raise JournalError("journal-busy", self._path)
            self.journal = opened
        self.run = Run(self.calls, self.plan, consent, self.journal, self.hidden, sleep=self.sleep)
        return self.run

    def make(self, only: frozenset[str] | None = None) -> Iterator[Progress]:
        """See `Run.make`. Raises ValueError before `begin`."""
        if self.run is None:
            raise ValueError("nobody agreed")
        return self.run.make(only)

    def renew_password(self) -> Iterator[Progress]:
        """Set the user's password again: the one of before was in the memory of another process. Raises as `make`."""
        if self.run is None:
            raise ValueError("nobody agreed")
        return self.run.set_password()

    def remove(self) -> Iterator[Removal]:
        """Take away what the run made, and forget it. Raises JournalError, ValueError without a run."""
        if self.plan is None or self.journal is None:
            raise ValueError("nothing was begun")
        yield from teardown(self.calls, self.plan, self.journal, sleep=self.sleep)

    def close(self) -> None:
        """Let other processes have the run."""
        if self.journal is not None:
            self.journal.close()
            self.journal = None

    # -- proving -----------------------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        """Where the API answers. Raises SetupError, ValueError before it is there."""
        return first_call.call_url(self.ports, self.values)

    def sign_in(self) -> Login:
        """Sign in as the user, by the app client without a secret. Blocks. Raises SetupError."""
        login = first_call.sign_in(self.ports, self.values, self.hidden.password, clock=self._clock)
        self.shown.login = login
        return login

    def test(self) -> AuthorizerTest | Unread:
        """Let API Gateway test the authorizer with the ID token. Raises ValueError without one."""
        self.shown.test = first_call.test_authorizer(self.ports, self.values, self._id_token(self.shown.login))
        return self.shown.test

    def call(self) -> Answer | Unread:
        """Call the API without a token, then with the ID token; return the second answer. Raises ValueError."""
        token = self._id_token(self.shown.login)
        self.shown.without_token = first_call.first_call(self.ports, self.url, None, sleep=self.sleep)
        self.shown.answer = first_call.first_call(self.ports, self.url, token, sleep=self.sleep)
        return self.shown.answer

    def change_password(self, new: str) -> bool:
        """Change the password as the user who is signed in. Blocks. Raises ValueError when nobody is."""
        login = self.shown.login
        if login is None or login.tokens is None:
            raise ValueError("nobody is signed in")
        changed = login.change_password(self.hidden.password, new)
        if changed:
            self.hidden.password = new
        return changed

    def without_hash(self) -> tuple[str, str]:
        """Sign in by the app client with a secret, SECRET_HASH left out: error type and text of the refusal."""
        self.shown.refused = first_call.without_hash(self.ports, self.values, self.hidden.password)
        return self.shown.refused

    def sign_in_with_secret(self) -> Login:
        """Sign in by the app client with a secret. Blocks. Raises SetupError."""
        login = first_call.sign_in(
            self.ports, self.values, self.hidden.password, client_id="secret_client_id", clock=self._clock
        )
        self.shown.secret_login = login
        return login

    def hash_steps(self) -> first_call.HashSteps | None:
        """Return how SECRET_HASH is made, None where the client secret is not known."""
        login = self.shown.secret_login
        if login is None or login.secret is None:
            return None
        return first_call.HashSteps(self.values["username"], self.values["secret_client_id"], login.secret)

    def call_with_secret(self) -> Answer | Unread:
        """Call the API with the ID token of the second app client. Raises ValueError without one."""
        token = self._id_token(self.shown.secret_login)
        self.shown.secret_answer = first_call.first_call(self.ports, self.url, token, sleep=self.sleep)
        return self.shown.secret_answer

    @staticmethod
    def _id_token(login: Login | None) -> str:
        if login is None or login.tokens is None or login.tokens.id_token is None:
            raise ValueError("nobody is signed in")
        return login.tokens.id_token
