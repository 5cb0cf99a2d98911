"""Joining: the first call. Before it: whether the stage has the route, and whether it trusts the file's user pool."""

from collections.abc import Iterable, Iterator

from cogwizard.model.answer import Answer
from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.join import Joining
from cogwizard.model.read import Read
from cogwizard.model.route import Route
from cogwizard.steps.authorizer import ATTACHED, KIND, AuthorizerStep
from cogwizard.steps.call import CallStep
from cogwizard.steps.deployment import NEVER, DeploymentStep
from cogwizard.steps.join import arns_of
from cogwizard.steps.postman import as_step
from cogwizard.steps.step import Say, some

_POOL = "wrong-pool"
_STEPS = (CallStep(), AuthorizerStep(), DeploymentStep())
_STAGE = ("wrong-stage", NEVER)
_ROUTE = ("route-not-matched", *KIND, ATTACHED, "wrong-arn-format", "stage-variable-unset", _POOL)


class JoinCallStep:
    """The checks of a diagnosis that need no token; with one the whole diagnosis speaks (`joining.Join.call`)."""

    id = "join_call"
    codes = (*_STAGE, *_ROUTE)

    def wants(self, joining: Joining) -> Iterable[Read | None]:
        """What the diagnosis of this call would read, too."""
        for step in _STEPS:
            yield from step.wants(joining.case)

    def has(self, joining: Joining) -> Iterator[Evidence]:
        """What is called, what guards it, and what was answered."""
        route = joining.case.route
        if joining.called and isinstance(route, Route):
            yield Evidence("method", "", f"{route.verb} {route.resource}", "GetExport")
        if arns := arns_of(joining):
            yield Evidence("user pools", "", some(arn.pool_id for arn in arns), "the authorizer")
        if isinstance(joining.answer, Answer):
            yield Evidence("answer", "", str(joining.answer.status), "the answer's status")

    def judge(self, joining: Joining) -> Iterator[Finding]:
        """See `JoinStep`."""
        say = Say(self.id)
        wanted = (*_STAGE, *_ROUTE) if joining.called else _STAGE
        judged = [item for step in _STEPS for item in step.judge(joining.case) if item.code in wanted]
        for item in as_step(judged, self.id):
            yield self._trust(joining, say, item) if item.code == _POOL else item
        if not joining.called:
            yield from (say.unknown(code, variant="no-call") for code in _ROUTE)

    def _trust(self, joining: Joining, say: Say, item: Finding) -> Finding:
        """Without a token the pool to compare with is the file's."""
        pool, arns = joining.team.user_pool_id, arns_of(joining)
        if item.variant != "no-token" or not arns:
            return item
        shown = some(arn.pool_id for arn in arns)
        seen = Evidence("user pool", shown, pool, "the authorizer, the file")
        if any(arn.pool_id == pool for arn in arns):
            return say.passed(_POOL, seen, variant="joined-pass", pool=pool)
        return say.failed(_POOL, seen, variant="joined", pool=pool, pools=shown)
