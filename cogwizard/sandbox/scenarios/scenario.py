"""A scenario: a world in AWS's own shapes, one call, and what is to be found. Tokens are minted when it is served."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from cogwizard.intake.response import read_response
from cogwizard.intake.url import read_url
from cogwizard.model.call import Call, Unexpanded
from cogwizard.model.case import Case
from cogwizard.sandbox import Api, Client, Pool, Sandbox, World, authorizer, method, mint

Outcome = Literal["fault", "healthy", "inconclusive"]
SHOP = "shop"
PAGE = "https://app.example.com"  # the origin of the page, where a browser calls
# Who can sign in to the shared pool. No secret: it is this program's own, and shown.
USER, PASSWORD = "hanako", "Passw0rd!"
_SIGN_IN: dict[str, Any] = {
    "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    "AllowedOAuthFlowsUserPoolClient": True,
    "AllowedOAuthFlows": ["code"],
    "AllowedOAuthScopes": ["openid", "orders/read"],
    "CallbackURLs": ["http://localhost:9876/callback"],
}


@dataclass
class Setting:
    """What a scenario builds on: the world, its own API (named after it), the shared pool and its app client.

    `denied`: what the sandbox refuses for this API, by operation. `pasted`: an answer that the user pasted, as
    `curl -i` prints it, in place of a replay. `headers`: the call's; a token is minted by `token`. `logs`: the user
    agreed that logs be read. `browser`: a page calls, of `origin` ("self": the API's own). `host`: a name under
    .localhost by which the call is made; then `path` is the URL's whole. `front`: the call goes by the front of that
    name, and the user names the API behind it.
    """

    world: World
    api: Api
    pool: Pool
    client: Client
    method: str = "GET"
    path: str = "/orders"
    stage: str = "prod"
    headers: list[tuple[str, str]] = field(default_factory=list)
    denied: dict[str, str] = field(default_factory=dict)
    pasted: str | None = None
    unexpanded: tuple[Unexpanded, ...] = ()
    region: str | None = None
    source_ip: str | None = None
    given_token: str | None = None
    offline: bool = False
    replay: bool = True
    url: str | None = None
    host: str | None = None
    front: str | None = None
    logs: bool = False
    browser: bool = False
    origin: str | None = None

    def guard(self, *arns: str, **options: Any) -> None:
        """Add the authorizer "Pool" to the draft: for `arns`, else for the shared pool. Options as `authorizer`."""
        self.api.draft.authorizers.append(authorizer("Pool", *(arns or (self.pool.arn,)), **options))

    def protect(self, path: str = "/orders", verb: str = "GET", **options: Any) -> None:
        """Add a method behind "Pool". Options as `method`."""
        self.api.draft.add(path, **{verb: method("COGNITO_USER_POOLS", "Pool", **options)})

    def deploy(self, **options: Any) -> None:
        """Deploy the draft to `prod`."""
        self.api.deploy("prod", **options)

    def standard(self, **options: Any) -> None:
        """An authorizer, GET /orders behind it, deployed. Options as `method`."""
        self.guard()
        self.protect(**options)
        self.deploy()

    def token(self, kind: Literal["id", "access"] = "id", pool: Pool | None = None, **options: Any) -> str:
        """Mint a token of the pool, ten minutes old. Options as `mint`; `age` in seconds."""
        age = options.pop("age", 600)
        chosen = pool or self.pool
        client = self.client if chosen is self.pool else next(iter(chosen.clients.values()))
        return mint(chosen, client, kind, issued_at=self.world.now() - age, **options)

    def send(self, value: str, header: str = "Authorization") -> None:
        """Send a header."""
        self.headers.append((header, value))

    def other_pool(self, name: str = "other", **options: Any) -> Pool:
        """Return another pool of the world, made when first asked for."""
        found = next((pool for pool in self.world.pools.values() if pool.name == name), None)
        if found is None:
            found = self.world.add_pool(name, **options)
            found.add_client("web")
        return found


@dataclass(frozen=True)
class Scenario:
    """`build` fills a `Setting`. `causes` in order; `warns` and `unknowns` are codes that must be found with that
    verdict (others may be too). `alone`: it changes the whole world and cannot be served beside others."""

    name: str
    build: Callable[[Setting], None]
    causes: tuple[str, ...] = ()
    warns: tuple[str, ...] = ()
    unknowns: tuple[str, ...] = ()
    outcome: Outcome = "fault"
    alone: bool = False


def prepare(world: World, scenario: Scenario) -> Setting:
    """Add a scenario's API to the world and return its setting."""
    pool = next((pool for pool in world.pools.values() if pool.name == SHOP), None)
    if pool is None:
        pool = world.add_pool(SHOP, settings={"Domain": SHOP})
        pool.add_client("web", **_SIGN_IN)
        pool.add_user(USER, PASSWORD)
    setting = Setting(world, world.add_api(scenario.name), pool, next(iter(pool.clients.values())))
    scenario.build(setting)
    return setting


@dataclass(frozen=True)
class Served:
    """A running sandbox with scenarios in it. A call is built anew, with fresh tokens, each time it is asked for."""

    sandbox: Sandbox
    settings: Mapping[str, Setting]

    @property
    def url(self) -> str:
        """The endpoint."""
        return self.sandbox.url

    def case(self, scenario: Scenario, now: float) -> Case:
        """Return the scenario's failing call as a case; `now` in Unix seconds."""
        setting = self.settings[scenario.name]
        url = setting.url or self.sandbox.invoke_url(setting.api.id, setting.stage, setting.path)
        if setting.host:
            url = f"{self.url.replace('127.0.0.1', setting.host)}{setting.path}"
        named: tuple[str, ...] = ()
        if setting.front:
            url, named = f"{self.sandbox.front_url(setting.front)}{setting.path}", (setting.api.id, setting.stage)
        call = Call(setting.method, url, tuple(setting.headers), unexpanded=setting.unexpanded)
        origin = self.sandbox.url if setting.origin == "self" else setting.origin
        if origin:
            call = call.with_header("Origin", origin)
        return Case(
            call,
            read_url(url, *named),
            now,
            region=setting.region or setting.world.region,
            answer=read_response(setting.pasted) if setting.pasted else None,
            given_token=setting.given_token,
            source_ip=setting.source_ip,
            offline=setting.offline,
            replay=setting.replay,
            logs=setting.logs,
            browser=setting.browser,
            origin=origin,
            probe=setting.browser,
        )
