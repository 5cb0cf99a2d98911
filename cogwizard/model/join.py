"""What is known of somebody who joins an API: the file, the user, what was read, and what happened."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeVar
from urllib.parse import urlsplit

from cogwizard.model.answer import Answer
from cogwizard.model.api import ApiSettings
from cogwizard.model.attempt import Attempt
from cogwizard.model.call import Call, Target, UrlForm
from cogwizard.model.case import Case
from cogwizard.model.client import AppClient, PoolUser
from cogwizard.model.pool import Jwk, Pool
from cogwizard.model.read import Absent, Read, Unread, partition_of, suffix_of
from cogwizard.model.read_api import GetRestApi
from cogwizard.model.read_cognito import AdminGetUser, DescribeUserPool, DescribeUserPoolClient
from cogwizard.model.read_web import CallerIdentity, GetCallerIdentity, GetKeys
from cogwizard.model.team import Route, Team

T = TypeVar("T")


@dataclass(frozen=True)
class Keyring:
    """Whether secrets can be kept. `backend`: the keyring's name; `state`, `detail`: why not, in the vault's words."""

    usable: bool
    backend: str = ""
    state: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Joining:
    """The facts of one who joins, frozen as a `Case`, and like it filled by the planner.

    `username` None: nobody said. `keyring`: None where nobody looked; `tools`: program -> whether it is there. `route`:
    what is called; None: the first of the file. `base`: where the stage answers, None: on AWS; `emulated`: an endpoint
    override of the user's own settings is in force. `attempt`: the sign-in that was made, `answer`: what the call gave,
    `files`: names of what was exported; None and () until then. `now`: the local clock in Unix seconds.
    """

    team: Team
    username: str | None = field(default=None, repr=False)
    facts: Mapping[Read, object] = field(default_factory=dict, repr=False)
    offline: bool = False
    keyring: Keyring | None = None
    tools: Mapping[str, bool] = field(default_factory=dict)
    route: Route | None = None
    base: str | None = None
    emulated: bool = False
    now: float = 0.0
    attempt: Attempt | None = None
    answer: Answer | Unread | None = None
    files: tuple[str, ...] = ()

    def with_fact(self, read: Read, value: object) -> "Joining":
        """Return the same with one more fact."""
        return replace(self, facts={**self.facts, read: value})

    def _fact(self, read: Read | None, kind: type[T]) -> T | Absent | Unread | None:
        value = self.facts.get(read) if read else None
        return value if isinstance(value, kind | Absent | Unread) else None

    # -- reads ---------------------------------------------------------------------------------------------------------

    @property
    def caller_read(self) -> GetCallerIdentity:
        """What tells whose credentials these are."""
        return GetCallerIdentity(self.team.region)

    @property
    def pool_read(self) -> DescribeUserPool:
        """What tells the user pool, to its own account alone."""
        return DescribeUserPool(self.team.pool_region, self.team.user_pool_id)

    @property
    def keys_read(self) -> GetKeys:
        """What tells everybody that the user pool exists."""
        region, pool = self.team.pool_region, self.team.user_pool_id
        return GetKeys(f"https://cognito-idp.{region}.{suffix_of(partition_of(region))}/{pool}", region, pool)

    @property
    def client_read(self) -> DescribeUserPoolClient:
        """What tells the app client."""
        return DescribeUserPoolClient(self.team.pool_region, self.team.user_pool_id, self.team.client_id)

    @property
    def user_read(self) -> AdminGetUser | None:
        """What tells the user's state, None without a user name."""
        return AdminGetUser(self.team.pool_region, self.team.user_pool_id, self.username) if self.username else None

    # -- facts ---------------------------------------------------------------------------------------------------------

    @property
    def account(self) -> str | None:
        """The account whose credentials read, None when that is not known."""
        caller = self.facts.get(self.caller_read)
        return caller.account if isinstance(caller, CallerIdentity) else None

    @property
    def pool(self) -> Pool | Absent | Unread | None:
        """The user pool; None where nobody asked."""
        return self._fact(self.pool_read, Pool)

    @property
    def has_keys(self) -> bool | None:
        """Whether the user pool exists, in whatever account; None where its keys address could not say."""
        keys = self.facts.get(self.keys_read)
        if isinstance(keys, tuple) and all(isinstance(key, Jwk) for key in keys):
            return True
        return False if isinstance(keys, Absent) else None

    @property
    def client(self) -> AppClient | Absent | Unread | None:
        """The app client; None where nobody asked, `Unread` where the pool is another account's."""
        return self._in_pool(self.client_read, AppClient)

    @property
    def user(self) -> PoolUser | Absent | Unread | None:
        """The user; None where nobody asked, `Unread` where the pool is another account's."""
        found = self._in_pool(self.user_read, PoolUser)
        if isinstance(found, Absent) and found.error != "UserNotFoundException":  # it is the pool that is not there
            return Unread(found.read, "failed", found.error)
        return found

    def _in_pool(self, read: Read | None, kind: type[T]) -> T | Absent | Unread | None:
        """A thing that a pool of another account has is not there for these credentials: that proves nothing."""
        found = self._fact(read, kind)
        if isinstance(found, Absent) and isinstance(self.pool, Absent):
            return Unread(found.read, "failed", found.error)
        return found

    @property
    def owns_pool(self) -> bool:
        """Whether it is proven that the pool is in the account of these credentials."""
        return isinstance(self.pool, Pool)

    @property
    def owns_api(self) -> bool:
        """Whether it is proven that the API is in the account of these credentials."""
        return isinstance(self.facts.get(GetRestApi(self.team.region, self.team.rest_api_id)), ApiSettings)

    # -- the call ------------------------------------------------------------------------------------------------------

    @property
    def called(self) -> Route | None:
        """Method and path of the call, None where nobody named one."""
        return self.route or self.team.first_route

    @cached_property
    def case(self) -> Case:
        """The call without a token, with all facts; GET of the stage's root where nobody named a call."""
        method, path = self.called or ("GET", "/")
        url = f"{self.base or self.team.url}{path}"
        host = urlsplit(url).hostname or ""
        team = self.team
        form: UrlForm = "emulator" if self.base else "execute-api"
        return Case(
            Call(method, url),
            Target(form, host, path, team.rest_api_id, team.stage, team.region),
            self.now,
            region=team.region,
            offline=self.offline,
            emulated=self.emulated,
            facts=self.facts,
        )
