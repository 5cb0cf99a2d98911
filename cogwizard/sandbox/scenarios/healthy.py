"""Calls with which nothing is wrong: no cause may be found here."""

from cogwizard.sandbox import method
from cogwizard.sandbox.scenarios.calls import office_only
from cogwizard.sandbox.scenarios.scenario import Scenario, Setting


def _raw(s: Setting) -> None:
    s.standard()
    s.send(s.token())


def _bearer(s: Setting) -> None:
    s.standard()
    s.send(f"Bearer {s.token()}")


def _several_pools(s: Setting) -> None:
    s.guard(s.other_pool("staff").arn, s.pool.arn)
    s.protect()
    s.deploy()
    s.send(s.token())


def _stage_variable(s: Setting) -> None:
    s.guard("arn:aws:cognito-idp:ap-northeast-1:123456789012:userpool/${stageVariables.pool}")
    s.protect()
    s.deploy(variables={"pool": s.pool.id})
    s.send(s.token())


def _one_scope_of_many(s: Setting) -> None:
    s.standard(scopes=["orders/admin", "orders/read", "openid"])
    s.send(s.token("access", scopes=["profile", "orders/read"]))


def _custom_header(s: Setting) -> None:
    s.guard(header="X-Id-Token")
    s.protect()
    s.deploy()
    s.send(s.token(), "x-id-token")


def _custom_header_given(s: Setting) -> None:
    s.guard(header="X-Id-Token")
    s.protect()
    s.deploy()
    s.given_token = s.token()


def _any_proxy(s: Setting) -> None:
    s.guard()
    s.protect("/{proxy+}", "ANY")
    s.deploy()
    s.path = "/v1/orders/17/lines"
    s.send(s.token())


def _path_parameter(s: Setting) -> None:
    s.guard()
    s.protect("/orders/{id}")
    s.protect("/{proxy+}", "ANY", scopes=["nobody/has-this"])
    s.deploy()
    s.path = "/orders/17"
    s.send(s.token())


def _differs_elsewhere(s: Setting) -> None:
    s.standard()
    s.protect("/invoices", scopes=["invoices/read"])
    s.send(s.token())


def _regex(s: Setting) -> None:
    s.guard(regex=f"^({s.client.id}|another)$")
    s.protect()
    s.deploy()
    s.send(s.token())


def _policy(s: Setting) -> None:
    s.api.draft.policy = office_only("203.0.113.0/24")
    s.standard()
    s.send(s.token())


def _key(s: Setting) -> None:
    s.standard(api_key=True)
    key = s.world.add_key(f"{s.api.name} key", (s.api.id, "prod"))
    s.send(s.token())
    s.send(key.value, "x-api-key")


def _replica(s: Setting) -> None:
    """A pool's replica: the pool id keeps its region, the issuer names the replica's (research 1.8)."""
    pool = s.other_pool("replica")
    pool.region = "us-west-2"
    s.guard(pool.arn)
    s.protect()
    s.deploy()
    s.send(s.token(pool=pool))


def _backend_404(s: Setting) -> None:
    s.standard(backend=(404, {}, '{"message":"no such order"}'))
    s.send(s.token())


def _not_replayed(s: Setting) -> None:
    s.guard()
    s.protect(verb="POST")
    s.deploy()
    s.method, s.replay = "POST", False
    s.send(s.token())


def _machine(s: Setting) -> None:
    s.standard(scopes=["orders/read"])
    s.send(f"Bearer {s.token('access', scopes=['orders/read'], user=None)}")


def _open_beside(s: Setting) -> None:
    s.standard()
    s.api.draft.add("/health", GET=method())
    s.deploy()
    s.send(s.token())


HEALTHY = tuple(
    Scenario(name, build, outcome="healthy")
    for name, build in {
        "healthy-raw-token": _raw,
        "healthy-bearer": _bearer,
        "healthy-several-pools": _several_pools,
        "healthy-stage-variable": _stage_variable,
        "healthy-one-scope-of-many": _one_scope_of_many,
        "healthy-custom-header": _custom_header,
        "healthy-custom-header-given-token": _custom_header_given,
        "healthy-any-proxy": _any_proxy,
        "healthy-path-parameter": _path_parameter,
        "healthy-draft-differs-elsewhere": _differs_elsewhere,
        "healthy-audience-regex": _regex,
        "healthy-resource-policy": _policy,
        "healthy-api-key": _key,
        "healthy-replica": _replica,
        "healthy-backend-404": _backend_404,
        "healthy-not-replayed": _not_replayed,
        "healthy-client-credentials": _machine,
        "healthy-open-method-beside": _open_beside,
    }.items()
)
