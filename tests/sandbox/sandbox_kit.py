"""What the sandbox's tests share: a small world, real boto3 clients, calls with urllib. No environment, no proxy."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from functools import cache
from typing import Any

from cogwizard.sandbox import Api, Client, Pool, Sandbox, World, authorizer, method, mint, preflight

REGION = "ap-northeast-1"
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass
class Shop:
    """A world with one pool and one API: ID token on /orders, scope shop/read on /items, open /public."""

    world: World = field(default_factory=World)
    pool: Pool = field(init=False)
    client: Client = field(init=False)
    api: Api = field(init=False)

    def __post_init__(self) -> None:
        self.pool = self.world.add_pool("shop")
        self.client = self.pool.add_client("web", AllowedOAuthScopes=["openid", "shop/read"])
        self.api = self.world.add_api("orders")
        self.api.draft.authorizers.append(authorizer("CognitoAuth", self.pool.arn))
        self.api.draft.add("/orders", GET=method("COGNITO_USER_POOLS", "CognitoAuth"), OPTIONS=preflight())
        self.api.draft.add(
            "/items/{id}", GET=method("COGNITO_USER_POOLS", "CognitoAuth", scopes=["shop/read", "shop/all"])
        )
        self.api.draft.add("/public", GET=method())
        self.api.deploy("prod")

    def id_token(self, **options: Any) -> str:
        return mint(self.pool, self.client, **{"issued_at": self.world.now() - 60, **options})

    def access_token(self, *scopes: str, **options: Any) -> str:
        options = {"issued_at": self.world.now() - 60, **({"scopes": scopes} if scopes else {}), **options}
        return mint(self.pool, self.client, "access", **options)


@dataclass(frozen=True)
class Got:
    """An HTTP answer."""

    status: int
    headers: Message
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def refusal(self) -> tuple[int, str | None, Any]:
        """Status, error type and parsed body."""
        return self.status, self.headers["x-amzn-ErrorType"], json.loads(self.text)


def http(url: str, headers: Mapping[str, str] | None = None, verb: str = "GET", body: bytes | None = None) -> Got:
    request = urllib.request.Request(url, data=body, headers=dict(headers or {}), method=verb)
    try:
        with _OPENER.open(request, timeout=5) as answer:
            return Got(answer.status, answer.headers, answer.read().decode())
    except urllib.error.HTTPError as error:
        with error:
            return Got(error.code, error.headers, error.read().decode())


def call(sandbox: Sandbox, api: Api, path: str, token: str | None = None, **options: Any) -> Got:
    """Call a deployed API; `token` goes into Authorization as it is."""
    stage = options.pop("stage", "prod")
    headers = {**({"Authorization": token} if token is not None else {}), **options.pop("headers", {})}
    return http(sandbox.invoke_url(api.id, stage, path), headers, **options)


def aws(sandbox: Sandbox, service: Any, region: str = REGION) -> Any:
    """A real boto3 client with dummy credentials that never retries and never asks a proxy."""
    from botocore.config import Config

    config = Config(proxies={}, retries={"total_max_attempts": 1}, connect_timeout=2, read_timeout=2)
    return _session(region).client(service, endpoint_url=sandbox.url, config=config)


@cache
def _session(region: str) -> Any:
    """One for all tests of a process: each session reads the services' models anew."""
    import boto3

    return boto3.Session("sandbox", "sandbox", region_name=region)
