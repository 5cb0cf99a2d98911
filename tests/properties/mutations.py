"""A working set-up whose facts are known without a network, tokens for it, and ways to break them one at a time."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Literal

from cogwizard.diagnosis import Plan
from cogwizard.judgement import Judgement, judge
from cogwizard.model import pool as model
from cogwizard.model.answer import Answer
from cogwizard.model.api import ApiSettings, Authorizer, Export, Method, Stage
from cogwizard.model.call import Call, Target
from cogwizard.model.case import Case
from cogwizard.model.read import Absent, Read, Unread
from cogwizard.model.read_api import GetAuthorizers, GetExport, GetResources, GetRestApi, GetStages
from cogwizard.model.read_cognito import DescribeUserPool
from cogwizard.model.read_web import CallerIdentity, GetCallerIdentity, GetKeys
from cogwizard.sandbox import Pool, World, mint
from cogwizard.sandbox.pools import jwks, signing_key
from cogwizard.steps import TROUBLESHOOT

NOW = 1_795_000_000.0
ACCOUNT = "123456789012"
API = "a1b2c3d4e5"
SCOPE = "orders/read"
HOST = f"{API}.execute-api.ap-northeast-1.amazonaws.com"
Kind = Literal["id", "access"]

WORLD = World()
POOL, OTHER = WORLD.add_pool("shop"), WORLD.add_pool("other")
CLIENT, OTHER_CLIENT = POOL.add_client("web"), OTHER.add_client("web")
REFUSED = Answer(401, (("x-amzn-ErrorType", "UnauthorizedException"),), '{"message":"Unauthorized"}', NOW, NOW)


@dataclass(frozen=True)
class Setup:
    """A method behind an authorizer: its scopes, the regular expression on `aud`, and the token that it takes."""

    name: str
    kind: Kind
    scopes: tuple[str, ...] = ()
    expression: str | None = None
    facts: dict[Read, object] = field(default_factory=dict, compare=False)


def _answered(setup: Setup) -> Setup:
    source = "method.request.header.Authorization"
    drafted = Authorizer("Pool", "COGNITO_USER_POOLS", "abc123", (POOL.arn,), source, setup.expression)
    method = Method("COGNITO_USER_POOLS", "Pool", setup.scopes)
    region = POOL.region
    facts: dict[Read, object] = {
        GetRestApi(region, API): ApiSettings("orders", ("REGIONAL",)),
        GetStages(region, API): (Stage("prod", "dep1"),),
        GetExport(region, API, "prod"): Export({"/orders": {"GET": method}}, (replace(drafted, id=None),)),
        GetResources(region, API): {"/orders": {"GET": replace(method, authorizer="abc123")}},
        GetAuthorizers(region, API): (drafted,),
        GetCallerIdentity(region): CallerIdentity(ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/x"),
    }
    return replace(setup, facts=facts)


PLAIN = _answered(Setup("plain", "id"))
SCOPED = _answered(Setup("scoped", "access", (SCOPE, "orders/admin")))
REGEX = _answered(Setup("regex", "id", (), f"^{CLIENT.id}$"))


@cache
def _keys(pool_id: str) -> tuple[model.Jwk, ...]:
    pool = next(pool for pool in (POOL, OTHER) if pool.id == pool_id)
    return tuple(model.Jwk(key["kid"], key["n"], key["e"]) for key in jwks(pool)["keys"])


def answer(setup: Setup, read: Read) -> object:
    """Answer a read as AWS would: this API, and two pools of this account."""
    ids = (POOL.id, OTHER.id)
    if isinstance(read, GetKeys):
        return _keys(read.user_pool_id) if read.user_pool_id in ids else Absent(read, "ResourceNotFoundException")
    if isinstance(read, DescribeUserPool):
        known = read.user_pool_id in ids
        return model.Pool(read.user_pool_id) if known else Absent(read, "ResourceNotFoundException")
    return setup.facts.get(read, Unread(read, "not-asked", "NotAsked"))


def diagnose(
    setup: Setup,
    value: str,
    *,
    header: str = "Authorization",
    observed: Answer | None = REFUSED,
    facts: Mapping[Read, object] | None = None,
) -> Judgement:
    """Judge a call with `header: value`, with all that its steps want to know. `facts` replace answers."""
    call = Call("GET", f"https://{HOST}/prod/orders", ((header, value),))
    target = Target("execute-api", HOST, "/orders", API, "prod", POOL.region)
    plan = Plan(Case(call, target, NOW, region=POOL.region, answer=observed), TROUBLESHOOT)
    while reads := plan.wanted():
        for read in reads:
            plan.put(read, (facts or {}).get(read) or answer(setup, read))
    return judge(plan.case, TROUBLESHOOT)


def causes(setup: Setup, value: str) -> tuple[str, ...]:
    """Return the causes of a call that was refused with a plain 401."""
    return diagnose(setup, value).causes


def token(
    setup: Setup = PLAIN,
    claims: Mapping[str, Any] | None = None,
    header: Mapping[str, Any] | None = None,
    pool: Pool = POOL,
    kind: Kind | None = None,
) -> str:
    """Mint the token that the method takes, ten minutes old, with members replaced (None: removed) before signing."""
    client = CLIENT if pool is POOL else OTHER_CLIENT
    scopes = ("openid", SCOPE)
    return mint(pool, client, kind or setup.kind, scopes=scopes, claims=claims, header=header, issued_at=NOW - 600)


def signed(header: object, payload: bytes, kind: Kind = "id") -> str:
    """Return a token of exactly these bytes with a good signature of the pool."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    start = f"{encode(json.dumps(header).encode())}.{encode(payload)}"
    signature = signing_key(POOL.id, kind).sign(start.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{start}.{encode(signature)}"


def encode(data: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(part: str) -> bytes:
    """Return the bytes of base64url without padding."""
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def taken_apart(text: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return header and claims of a good token."""
    header, payload, _ = text.split(".")
    return json.loads(decode(header)), json.loads(decode(payload))
