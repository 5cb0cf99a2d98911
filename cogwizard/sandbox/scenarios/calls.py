"""The call never reached the authorizer, or got past it."""

import json

from cogwizard.sandbox import lambda_authorizer, method
from cogwizard.sandbox.scenarios.scenario import Scenario, Setting


def _route(s: Setting) -> None:
    s.standard()
    s.path = "/order"
    s.send(f"Bearer {s.token()}")


def _verb(s: Setting) -> None:
    s.standard()
    s.method = "HEAD"
    s.send(s.token())


def _parent_of_proxy(s: Setting) -> None:
    s.guard()
    s.protect("/files/{proxy+}", "ANY")
    s.deploy()
    s.path = "/files"
    s.send(s.token())


def _stage(s: Setting) -> None:
    s.standard()
    s.stage = "live"
    s.send(s.token())


def _stage_left_out(s: Setting) -> None:
    s.guard()
    s.protect("/orders/{id}")
    s.deploy()
    s.stage, s.path = "orders", "/17"
    s.send(s.token())


def _disabled(s: Setting) -> None:
    s.api.draft.endpoint_disabled = True
    s.standard()
    s.send(s.token())


def _iam(s: Setting) -> None:
    s.api.draft.add("/orders", GET=method("AWS_IAM"))
    s.deploy()
    s.send(f"Bearer {s.token()}")


def _lambda(s: Setting) -> None:
    s.api.draft.authorizers.append(lambda_authorizer("Guard", "deny-all"))
    s.world.functions["deny-all"] = "deny"
    s.api.draft.add("/orders", GET=method("CUSTOM", "Guard"))
    s.deploy()
    s.send(s.token())


def _key(s: Setting) -> None:
    s.standard(api_key=True)
    s.send(s.token())


def _key_without_plan(s: Setting) -> None:
    s.standard(api_key=True)
    s.send(s.token())
    s.send("a-key-of-another-api", "x-api-key")


def policy(*statements: dict[str, object]) -> str:
    """Return a resource policy of these statements, each for everybody and every method unless it says otherwise."""
    base = {"Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [{**base, **statement} for statement in statements]})


def office_only(address: str) -> str:
    """Return the usual policy: everybody, but only from one network."""
    deny = {"Effect": "Deny", "Condition": {"NotIpAddress": {"aws:SourceIp": [address]}}}
    return policy({"Effect": "Allow"}, {"Sid": "OfficeOnly", **deny})


def _policy(s: Setting) -> None:
    s.api.draft.policy = office_only("198.51.100.0/24")
    s.standard()
    s.source_ip = s.world.source_ip
    s.send(s.token())


def _policy_pasted(s: Setting) -> None:
    _policy(s)
    s.source_ip = None
    s.pasted = (
        "HTTP/1.1 403 Forbidden\r\nx-amzn-ErrorType: AccessDeniedException\r\n\r\n"
        '{"Message":"User: anonymous is not authorized to perform: execute-api:Invoke on resource: '
        'arn:aws:execute-api:ap-northeast-1:********9012:a1b2c3d4e5/prod/GET/orders with an explicit deny"}'
    )


def _policy_silent(s: Setting) -> None:
    s.api.draft.policy = policy({"Effect": "Allow", "Resource": "execute-api:/prod/GET/health"})
    s.standard()
    s.send(s.token())
    s.replay = False


def _policy_unknown_key(s: Setting) -> None:
    condition = {"StringEquals": {"aws:RequestedRegion": "ap-northeast-1"}}
    s.api.draft.policy = policy({"Effect": "Allow", "Condition": condition})
    s.standard()
    s.send(s.token())
    s.replay = False


def _backend(s: Setting) -> None:
    s.standard(backend=(401, {"WWW-Authenticate": "Bearer"}, '{"detail":"Not authenticated"}'))
    s.send(s.token())


CALLS = (
    Scenario("route-not-matched", _route, ("route-not-matched",)),
    Scenario("route-not-matched-verb", _verb, ("route-not-matched",)),
    Scenario("route-not-matched-proxy-parent", _parent_of_proxy, ("route-not-matched",)),
    Scenario("wrong-stage", _stage, ("wrong-stage",)),
    Scenario("wrong-stage-left-out", _stage_left_out, ("wrong-stage",)),
    Scenario("execute-api-disabled", _disabled, ("execute-api-disabled",)),
    Scenario("method-is-aws-iam", _iam, ("method-is-aws-iam",)),
    Scenario("lambda-authorizer", _lambda, ("lambda-authorizer",)),
    Scenario("api-key-required", _key, ("api-key-required",)),
    Scenario("api-key-required-no-plan", _key_without_plan, ("api-key-required",)),
    Scenario("resource-policy-deny", _policy, ("resource-policy-deny",)),
    Scenario("resource-policy-deny-pasted", _policy_pasted, ("resource-policy-deny",)),
    Scenario("resource-policy-silent", _policy_silent, unknowns=("resource-policy-deny",), outcome="inconclusive"),
    Scenario(
        "resource-policy-unknown-key", _policy_unknown_key, unknowns=("resource-policy-deny",), outcome="inconclusive"
    ),
    Scenario("backend-answered", _backend, ("backend-answered",)),
)
