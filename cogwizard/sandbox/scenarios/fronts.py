"""What stands before or beside the authorizer: proxies, web ACLs, limits, API keys, Lambda authorizers, roles."""

from typing import Any

from cogwizard.sandbox import lambda_authorizer, method
from cogwizard.sandbox.scenarios.scenario import Scenario, Setting
from cogwizard.sandbox.things import Front, UsagePlan

_SIGNED = (
    "AWS4-HMAC-SHA256 Credential=ASIAEXAMPLE/20260115/ap-northeast-1/execute-api/aws4_request, "
    "SignedHeaders=host;x-amz-date, Signature=0000000000000000000000000000000000000000000000000000000000000000"
)
_REFUSED = (403, {"Content-Type": "application/json"}, '{"error":"blocked"}')


# -- a front ---------------------------------------------------------------------------------------------------------


def _behind(s: Setting, **settings: Any) -> None:
    """The standard API behind a front of its own."""
    s.standard()
    s.front = s.api.name
    s.world.fronts[s.front] = Front(s.api.id, "prod", **settings)


def _strips(s: Setting) -> None:
    _behind(s, drops=("authorization",))
    s.send(f"Bearer {s.token()}")


def _hands_host_on(s: Setting) -> None:
    _behind(s, hands_host_on=True)
    s.send(f"Bearer {s.token()}")


def _refuses(s: Setting) -> None:
    _behind(s, refuses=True)
    s.send(f"Bearer {s.token()}")


def _strips_and_moves(s: Setting) -> None:
    _behind(s, drops=("authorization",), origin_path="/v1")
    s.send(f"Bearer {s.token()}")


def _strips_unproven(s: Setting) -> None:
    """Straight to the API nobody can go: its default endpoint is switched off."""
    s.api.draft.endpoint_disabled = True
    domain = "origin.shop.example"
    _behind(s, drops=("authorization",), origin_host=domain)
    s.world.add_domain(domain, ("(none)", s.api.id, "prod"))
    s.send(s.token())


def _kind_behind(s: Setting) -> None:
    _behind(s)
    s.send(f"Bearer {s.token('access')}")


def _expired_behind(s: Setting) -> None:
    _behind(s)
    s.send(s.token(age=7200))


def _healthy_behind(s: Setting) -> None:
    _behind(s)
    s.send(s.token())


# -- a web ACL -------------------------------------------------------------------------------------------------------


def _firewalled(s: Setting, backend: Any = None, *, api_key: bool = False, **settings: Any) -> None:
    """The standard API behind a web ACL of its own."""
    s.guard()
    s.protect(api_key=api_key, **({"backend": backend} if backend else {}))
    s.deploy(webAclArn=s.world.add_web_acl(s.api.name, **settings))
    s.send(s.token())


def _blocked(s: Setting) -> None:
    _firewalled(s, blocks=True, response=_REFUSED)


def _challenged(s: Setting) -> None:
    _firewalled(s, blocks=True, challenges=True)


def _filtered(s: Setting) -> None:
    s.api.draft.respond("WAF_FILTERED", status=406)
    _firewalled(s, blocks=True)


def _blocked_untold(s: Setting) -> None:
    _firewalled(s, blocks=True)


def _key_behind_web_acl(s: Setting) -> None:
    _firewalled(s, api_key=True)


def _backend_behind_web_acl(s: Setting) -> None:
    _firewalled(s, (403, {}, '{"error":"no such tenant"}'), response=_REFUSED)


def _counting_web_acl(s: Setting) -> None:
    """Nothing in the web ACL blocks: it is not what refuses a key that is wrong."""
    _firewalled(s, api_key=True, can_block=False)
    s.world.add_key(f"{s.api.name} key", (s.api.id, "prod"))
    s.send("not-the-key", "x-api-key")


def _healthy_web_acl(s: Setting) -> None:
    _firewalled(s)


# -- limits ----------------------------------------------------------------------------------------------------------


def _exhausted(s: Setting, which: Any, **settings: Any) -> None:
    s.standard(api_key=True)
    key = s.world.add_key(f"{s.api.name} key", (s.api.id, "prod"))
    plan = s.world.usage_plans[-1]
    plan.exhausted, plan.settings = which, settings
    s.send(s.token())
    s.send(key.value, "x-api-key")


def _rate(s: Setting) -> None:
    _exhausted(s, "rate", throttle={"rateLimit": 1.0, "burstLimit": 2})


def _quota(s: Setting) -> None:
    _exhausted(s, "quota", quota={"limit": 100, "offset": 0, "period": "DAY"})


def _zero(s: Setting) -> None:
    s.guard()
    s.protect(verb="POST")
    none = {"throttlingRateLimit": 0.0, "throttlingBurstLimit": 0}
    s.deploy(methodSettings={"~1orders/POST": none, "*/*": {"throttlingRateLimit": 100.0, "throttlingBurstLimit": 50}})
    s.method, s.replay = "POST", False
    s.send(s.token())


def _backend_429(s: Setting) -> None:
    s.standard(backend=(429, {"Retry-After": "5"}, '{"message":"Too Many Requests"}'))
    s.send(s.token())


# -- Lambda authorizers ----------------------------------------------------------------------------------------------


def _guarded_by(s: Setting, outcome: Any) -> None:
    name = f"{s.api.name}-guard"
    s.api.draft.authorizers.append(lambda_authorizer("Guard", name))
    s.world.functions[name] = outcome
    s.api.draft.add("/orders", GET=method("CUSTOM", "Guard"))
    s.deploy()
    s.send(s.token())


def _crashes(s: Setting) -> None:
    _guarded_by(s, "error")


def _crashes_as_deployed(s: Setting) -> None:
    """The draft has a Cognito authorizer in its place."""
    _guarded_by(s, "error")
    s.guard()
    s.protect()


def _throws_unauthorized(s: Setting) -> None:
    _guarded_by(s, "unauthorized")


def _backend_500(s: Setting) -> None:
    s.standard(backend=(500, {}, '{"message":null}'))
    s.send(s.token())


# -- API keys --------------------------------------------------------------------------------------------------------


def _no_key_in_plan(s: Setting) -> None:
    s.standard(api_key=True)
    s.world.usage_plans.append(UsagePlan(s.api.id[:6], f"{s.api.name} plan", [(s.api.id, "prod")]))
    s.send(s.token())
    s.send("some-key", "x-api-key")


def _disabled_key(s: Setting) -> None:
    s.standard(api_key=True)
    key = s.world.add_key(f"{s.api.name} key", (s.api.id, "prod"), enabled=False)
    s.send(s.token())
    s.send(key.value, "x-api-key")


def _wrong_key(s: Setting) -> None:
    s.standard(api_key=True)
    s.world.add_key(f"{s.api.name} key", (s.api.id, "prod"))
    s.send(s.token())
    s.send("not-the-key", "x-api-key")


def _key_from_authorizer(s: Setting) -> None:
    s.api.draft.api_key_source = "AUTHORIZER"
    s.standard(api_key=True)
    key = s.world.add_key(f"{s.api.name} key", (s.api.id, "prod"))
    s.send(s.token())
    s.send(key.value, "x-api-key")


# -- roles -----------------------------------------------------------------------------------------------------------


def _signed(s: Setting, fares: Any = "role-denied") -> None:
    s.api.draft.add("/orders", GET=method("AWS_IAM"))
    s.deploy()
    s.world.signed_calls = fares
    s.send(_SIGNED)


def _other_role(s: Setting) -> None:
    _signed(s)
    s.world.signer = "assumed-role/ci-deploy/build-17"


def _role_as_deployed(s: Setting) -> None:
    """The draft asks for a token of the pool."""
    _signed(s)
    s.guard()
    s.protect()


def _signed_healthy(s: Setting) -> None:
    _signed(s, "allow")


FRONTS = (
    Scenario("proxy-strips-authorization", _strips, ("proxy-strips-authorization",)),
    Scenario("proxy-strips-authorization-host", _hands_host_on, ("proxy-strips-authorization",)),
    Scenario("proxy-strips-authorization-refuses", _refuses, ("proxy-strips-authorization",)),
    Scenario("proxy-strips-authorization-path", _strips_and_moves, ("proxy-strips-authorization",)),
    Scenario(
        "proxy-strips-authorization-unproven",
        _strips_unproven,
        unknowns=("proxy-strips-authorization", "answer-not-explained"),
        outcome="inconclusive",
    ),
    Scenario("front-access-token", _kind_behind, ("access-token-where-id-token-expected",)),
    Scenario("front-token-expired", _expired_behind, ("token-expired",)),
    Scenario("healthy-behind-front", _healthy_behind, outcome="healthy"),
    Scenario("waf-block", _blocked, ("waf-block",)),
    Scenario("waf-block-challenge", _challenged, ("waf-block",)),
    Scenario("waf-block-filtered", _filtered, ("waf-block",)),
    Scenario(
        "waf-block-not-told", _blocked_untold, unknowns=("waf-block", "answer-not-explained"), outcome="inconclusive"
    ),
    Scenario("web-acl-and-no-api-key", _key_behind_web_acl, ("api-key-required",)),
    Scenario("web-acl-and-backend-answered", _backend_behind_web_acl, ("backend-answered",)),
    Scenario("web-acl-that-counts", _counting_web_acl, unknowns=("api-key-required",), outcome="inconclusive"),
    Scenario("healthy-web-acl", _healthy_web_acl, outcome="healthy"),
    Scenario("throttled-by-gateway", _rate, ("throttled-by-gateway",)),
    Scenario("throttled-by-gateway-quota", _quota, ("throttled-by-gateway",)),
    Scenario("throttled-by-gateway-zero", _zero, ("throttled-by-gateway",)),
    Scenario("healthy-backend-429", _backend_429, outcome="healthy"),
    Scenario("authorizer-error", _crashes, ("authorizer-error",), warns=("lambda-authorizer",)),
    Scenario("authorizer-error-not-deployed", _crashes_as_deployed, ("changes-not-deployed",)),
    Scenario("lambda-authorizer-unauthorized", _throws_unauthorized, ("lambda-authorizer",)),
    Scenario("healthy-backend-500", _backend_500, outcome="healthy"),
    Scenario("api-key-required-no-key", _no_key_in_plan, ("api-key-required",)),
    Scenario("api-key-required-disabled", _disabled_key, ("api-key-required",)),
    Scenario("api-key-not-compared", _wrong_key, unknowns=("api-key-required",), outcome="inconclusive"),
    Scenario("api-key-from-authorizer", _key_from_authorizer, unknowns=("api-key-required",), outcome="inconclusive"),
    Scenario("identity-pool-role-denied", _signed, ("identity-pool-role-denied",), alone=True),
    Scenario("identity-pool-role-denied-other", _other_role, ("identity-pool-role-denied",), alone=True),
    Scenario(
        "identity-pool-role-not-deployed", _role_as_deployed, ("changes-not-deployed", "sigv4-header"), alone=True
    ),
    Scenario("healthy-signed", _signed_healthy, outcome="healthy", alone=True),
)
