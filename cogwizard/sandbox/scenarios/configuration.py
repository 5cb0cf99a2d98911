"""The API's configuration: deployed or not, attached or not, pools that are there or not."""

from cogwizard.sandbox import method
from cogwizard.sandbox.scenarios.scenario import Scenario, Setting


def _scopes_not_deployed(s: Setting) -> None:
    s.standard()
    s.api.draft.resources["/orders"]["GET"]["authorizationScopes"] = ["orders/read"]
    s.send(s.token("access", scopes=["orders/read"]))


def _pool_not_deployed(s: Setting) -> None:
    s.guard(s.other_pool().arn)
    s.protect()
    s.deploy()
    s.api.draft.authorizers[0]["providerARNs"] = [s.pool.arn]
    s.send(s.token())


def _method_not_deployed(s: Setting) -> None:
    s.standard()
    s.protect("/invoices")
    s.path = "/invoices"
    s.send(f"Bearer {s.token()}")


def _never_deployed(s: Setting) -> None:
    s.guard()
    s.protect()
    s.send(s.token())


def _breaks_when_deployed(s: Setting) -> None:
    s.standard()
    s.api.draft.resources["/orders"]["GET"]["authorizationScopes"] = ["orders/read"]
    s.send(s.token())


def _harmless_difference(s: Setting) -> None:
    s.standard(scopes=["orders/read"])
    s.api.draft.resources["/orders"]["GET"]["authorizationScopes"] = ["orders/read", "orders/write"]
    s.send(s.token("access", scopes=["orders/read"]))


def _not_attached(s: Setting) -> None:
    s.api.draft.add("/orders", GET=method("COGNITO_USER_POOLS"))
    s.deploy()
    s.send(s.token())


def _attached_to_nothing(s: Setting) -> None:
    s.guard()
    s.api.draft.add("/orders", GET=method("COGNITO_USER_POOLS", "Gone"))
    s.deploy()
    s.send(s.token())


def _arn(s: Setting) -> None:
    s.guard(s.pool.arn.replace("arn:aws:", "arn: aws:"))
    s.protect()
    s.deploy()
    s.send(s.token())


def _pool_gone(s: Setting) -> None:
    s.guard(s.other_pool("deleted", exists=False).arn)
    s.protect()
    s.deploy()
    s.send(s.token())


def _pool_of_token_gone(s: Setting) -> None:
    gone = s.other_pool("deleted", exists=False)
    s.guard(gone.arn)
    s.protect()
    s.deploy()
    s.send(s.token(pool=gone))


def _one_pool_gone(s: Setting) -> None:
    s.guard(s.pool.arn, s.other_pool("deleted", exists=False).arn)
    s.protect()
    s.deploy()
    s.send(s.token())


def _pool_unreadable(s: Setting) -> None:
    """A pool of another account whose keys address does not answer: nobody can say whether it exists."""
    foreign = s.other_pool("foreign", account_id="999999999999")
    s.guard(foreign.arn)
    s.protect()
    s.deploy()
    s.denied["GetKeys"] = "drop"
    s.send(s.token())


def _variable(s: Setting) -> None:
    s.guard("arn:aws:cognito-idp:ap-northeast-1:123456789012:userpool/${stageVariables.pool}")
    s.protect()
    s.deploy(variables={"other": "value"})
    s.send(s.token())


def _open(s: Setting) -> None:
    s.api.draft.add("/orders", GET=method())
    s.deploy()
    s.send(s.token())


def _other_name(s: Setting) -> None:
    """The method names its authorizer, which was renamed in the draft: same authorizer, nothing changes."""
    s.standard()
    s.api.draft.authorizers[0]["name"] = "Pool2"
    s.send(s.token())


CONFIGURATION = (
    Scenario("changes-not-deployed", _scopes_not_deployed, ("changes-not-deployed",)),
    Scenario("changes-not-deployed-pool", _pool_not_deployed, ("changes-not-deployed",)),
    Scenario("changes-not-deployed-method", _method_not_deployed, ("changes-not-deployed",)),
    Scenario("never-deployed", _never_deployed, ("never-deployed",)),
    Scenario(
        "breaks-when-deployed",
        _breaks_when_deployed,
        warns=("changes-not-deployed", "id-token-where-access-token-expected"),
        outcome="healthy",
    ),
    Scenario("harmless-difference", _harmless_difference, warns=("changes-not-deployed",), outcome="healthy"),
    Scenario("authorizer-not-attached", _not_attached, ("authorizer-not-attached",)),
    Scenario("authorizer-not-attached-gone", _attached_to_nothing, ("authorizer-not-attached",)),
    Scenario("wrong-arn-format", _arn, ("wrong-arn-format",)),
    Scenario("pool-not-found", _pool_gone, ("pool-not-found",)),
    Scenario("pool-not-found-token-of-it", _pool_of_token_gone, ("pool-not-found",)),
    Scenario("pool-not-found-one-of-two", _one_pool_gone, outcome="healthy"),
    Scenario("pool-not-found-unknown", _pool_unreadable, ("wrong-pool",), unknowns=("pool-not-found",)),
    Scenario("stage-variable-unset", _variable, ("stage-variable-unset",)),
    Scenario("not-protected", _open, warns=("not-protected",), outcome="healthy"),
    Scenario("authorizer-renamed-in-draft", _other_name, outcome="healthy"),
)
