"""Two or three faults at once: the order matters."""

from cogwizard.sandbox import tampered
from cogwizard.sandbox.scenarios.calls import office_only
from cogwizard.sandbox.scenarios.scenario import Scenario, Setting


def _expired_then_scope(s: Setting) -> None:
    s.standard(scopes=["orders/read"])
    s.send(s.token("access", age=7200))


def _expired_then_not_deployed(s: Setting) -> None:
    s.standard()
    s.api.draft.resources["/orders"]["GET"]["authorizationScopes"] = ["orders/read"]
    s.send(s.token("access", scopes=["orders/read"], age=7200))


def _not_deployed_then_scope(s: Setting) -> None:
    s.standard()
    s.api.draft.resources["/orders"]["GET"]["authorizationScopes"] = ["orders/read"]
    s.send(s.token("access"))


def _not_deployed_then_expired(s: Setting) -> None:
    s.guard(s.other_pool().arn)
    s.protect()
    s.deploy()
    s.api.draft.authorizers[0]["providerARNs"] = [s.pool.arn]
    s.send(s.token(age=7200))


def _route_not_deployed_then_kind(s: Setting) -> None:
    s.standard()
    s.protect("/invoices")
    s.path = "/invoices"
    s.send(f"Bearer {s.token('access')}")


def _quotes_then_expired(s: Setting) -> None:
    s.standard()
    s.send(f'Bearer "{s.token(age=7200)}"')


def _name_then_kind(s: Setting) -> None:
    s.guard(header="X-Id-Token")
    s.protect()
    s.deploy()
    s.send(f"Bearer {s.token('access')}")


def _pool_and_signature(s: Setting) -> None:
    s.standard()
    s.send(tampered(s.token(pool=s.other_pool())))


def _expired_then_policy(s: Setting) -> None:
    s.api.draft.policy = office_only("198.51.100.0/24")
    s.standard()
    s.source_ip = s.world.source_ip
    s.send(s.token(age=7200))


def _kind_then_key(s: Setting) -> None:
    s.standard(api_key=True)
    s.send(s.token("access"))


def _wrong_stage_then_expired(s: Setting) -> None:
    s.standard()
    s.stage = "live"
    s.send(s.token(age=7200))


def _never_deployed_then_kind(s: Setting) -> None:
    s.guard()
    s.protect()
    s.send(s.token("access"))


def _three(s: Setting) -> None:
    s.standard(scopes=["orders/read"], api_key=True)
    s.send(f"Bearer Bearer {s.token(age=7200)}")


STACKED = (
    Scenario("stacked-expired-scope", _expired_then_scope, ("token-expired", "scope-not-in-token")),
    Scenario("stacked-expired-not-deployed", _expired_then_not_deployed, ("token-expired", "changes-not-deployed")),
    Scenario("stacked-not-deployed-scope", _not_deployed_then_scope, ("changes-not-deployed", "scope-not-in-token")),
    Scenario("stacked-not-deployed-expired", _not_deployed_then_expired, ("changes-not-deployed", "token-expired")),
    Scenario(
        "stacked-method-not-deployed-kind",
        _route_not_deployed_then_kind,
        ("changes-not-deployed", "access-token-where-id-token-expected"),
    ),
    Scenario("stacked-quotes-expired", _quotes_then_expired, ("header-malformed", "token-expired")),
    Scenario(
        "stacked-header-name-kind", _name_then_kind, ("header-name-mismatch", "access-token-where-id-token-expected")
    ),
    Scenario("stacked-pool-signature", _pool_and_signature, ("wrong-pool", "signature-invalid")),
    Scenario("stacked-expired-policy", _expired_then_policy, ("token-expired", "resource-policy-deny")),
    Scenario("stacked-kind-key", _kind_then_key, ("access-token-where-id-token-expected", "api-key-required")),
    Scenario("stacked-stage-expired", _wrong_stage_then_expired, ("wrong-stage", "token-expired")),
    Scenario(
        "stacked-never-deployed-kind",
        _never_deployed_then_kind,
        ("never-deployed", "access-token-where-id-token-expected"),
    ),
    Scenario(
        "stacked-three",
        _three,
        ("header-malformed", "token-expired", "id-token-where-access-token-expected", "api-key-required"),
    ),
)
