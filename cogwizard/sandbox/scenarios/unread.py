"""What could not be read, and answers that nothing explains: inconclusive, never fine."""

from collections.abc import Callable

from cogwizard.sandbox.scenarios.scenario import Scenario, Setting


def _refused(error: str, *operations: str) -> Callable[[Setting], None]:
    """Return a builder: a call that fails for a reason which the refused reads hide."""

    def build(s: Setting) -> None:
        s.standard()
        s.api.draft.resources["/orders"]["GET"]["authorizationScopes"] = ["orders/read"]
        s.send(s.token("access", scopes=["orders/read"]))
        s.denied.update(dict.fromkeys(operations, error))

    return build


READS = ("GetRestApi", "GetStages", "GetResources", "GetAuthorizers", "GetGatewayResponses", "GetExport")


def _not_explained(s: Setting) -> None:
    """The refusal of a cause that cannot be seen in any configuration."""
    s.standard()
    s.send(s.token())
    s.pasted = 'HTTP/1.1 401 Unauthorized\r\nx-amzn-ErrorType: UnauthorizedException\r\n\r\n{"message":"Unauthorized"}'


def _replica(s: Setting) -> None:
    """A replica's token for an authorizer that names the primary's ARN: AWS does not say whether it is accepted."""
    pool = s.other_pool("replica")
    s.guard(pool.arn.replace(":us-west-2:", ":ap-northeast-1:"))
    s.protect()
    s.deploy()
    pool.region = "us-west-2"
    s.send(s.token(pool=pool))


def _other_account(s: Setting) -> None:
    s.standard()
    s.url = "https://zzzzzzzzzz.execute-api.ap-northeast-1.amazonaws.com/prod/orders"
    s.replay = False
    s.send(s.token())


def _web_acl(s: Setting) -> None:
    """A web ACL stands before a call that nobody made: its rules are not read."""
    s.guard()
    s.protect(verb="POST")
    account, acl = s.world.account_id, "webacl/shop-rules/5d0c7f9e-0000-4000-8000-000000000001"
    s.deploy(webAclArn=f"arn:aws:wafv2:{s.world.region}:{account}:regional/{acl}")
    s.method, s.replay = "POST", False
    s.send(s.token())


def _scenario(name: str, build: Callable[[Setting], None], *unknowns: str) -> Scenario:
    return Scenario(name, build, unknowns=unknowns, outcome="inconclusive")


UNREAD = (
    _scenario("web-acl-not-called", _web_acl, "waf-block"),
    _scenario(
        "permission-missing",
        _refused("AccessDeniedException", "GetExport", "GetDeployment"),
        "permission-missing",
        "changes-not-deployed",
        "answer-not-explained",
    ),
    _scenario(
        "permission-missing-with-summary",
        _refused("AccessDeniedException", "GetExport"),
        "permission-missing",
        "changes-not-deployed",
    ),
    _scenario("aws-credentials", _refused("ExpiredTokenException", *READS), "aws-credentials"),
    _scenario("aws-credentials-other-account", _other_account, "aws-credentials"),
    _scenario("aws-unreachable", _refused("drop", *READS), "aws-unreachable"),
    _scenario("throttled", _refused("TooManyRequestsException", "GetExport"), "throttled", "changes-not-deployed"),
    _scenario("replica-of-primary", _replica, "wrong-pool", "answer-not-explained"),
    _scenario("answer-not-explained", _not_explained, "answer-not-explained"),
)
