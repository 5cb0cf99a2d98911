"""Joining: AWS credentials, and whether the file's user pool is there for them."""

from collections.abc import Iterable, Iterator

from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.inert import inert
from cogwizard.model.join import Joining
from cogwizard.model.pool import Pool
from cogwizard.model.read import Absent, Read
from cogwizard.model.read_web import CallerIdentity
from cogwizard.steps.access import AccessStep
from cogwizard.steps.join import arns_of, not_read
from cogwizard.steps.postman import as_step
from cogwizard.steps.step import Say

_POOL, _CREDENTIALS = "pool-not-found", "aws-credentials"


class JoinToolsStep:
    """Credentials are no must: signing in and calling work without, only less can be checked (research 7.1 [D])."""

    id = "join_tools"
    codes = (*AccessStep.codes, _POOL)

    def wants(self, joining: Joining) -> Iterable[Read | None]:
        """Whose credentials these are, and the pool: as its account sees it, and as everybody does."""
        return (joining.caller_read, joining.pool_read, joining.keys_read)

    def has(self, joining: Joining) -> Iterator[Evidence]:
        """The account, the programs, the pool by name."""
        caller = joining.facts.get(joining.caller_read)
        if isinstance(caller, CallerIdentity):
            yield Evidence("AWS account", "", caller.account, "GetCallerIdentity")
        for program, is_there in joining.tools.items():
            yield Evidence("program", "", program if is_there else f"{program} not installed", "PATH")
        if isinstance(joining.pool, Pool):
            yield Evidence("user pool", "", f"{inert(joining.pool.name, 100)} ({joining.pool.id})", "DescribeUserPool")

    def judge(self, joining: Joining) -> Iterator[Finding]:
        """See `JoinStep`."""
        say = Say(self.id)
        elsewhere = self._elsewhere(joining, say)
        for item in as_step(AccessStep().judge(joining.case), self.id):
            yield elsewhere if elsewhere and item.code == _CREDENTIALS and item.verdict == "pass" else item
        yield self._pool(joining, say)

    def _elsewhere(self, joining: Joining, say: Say) -> Finding | None:
        """A pool that everybody sees, but not its account's own operation, is another account's."""
        if not isinstance(joining.pool, Absent) or not joining.has_keys:
            return None
        mine, owner = _masked(joining.account), _masked(_owner(joining))
        return say.unknown(
            _CREDENTIALS,
            Evidence("AWS account", owner, mine, "DescribeUserPool, the pool's keys address"),
            variant="other-account-pool",
            because=(joining.pool_read,),
            pool=joining.team.user_pool_id,
            account=mine,
            owner=owner,
        )

    def _pool(self, joining: Joining, say: Say) -> Finding:
        team, pool = joining.team, joining.pool
        where = {"pool": team.user_pool_id, "region": team.pool_region}
        if isinstance(pool, Pool) or joining.has_keys:
            return say.passed(_POOL, **where)
        if isinstance(pool, Absent) and joining.has_keys is False:
            seen = Evidence("user pool", "exists", "does not exist", "DescribeUserPool, the pool's keys address")
            return say.failed(_POOL, seen, variant="joined", **where)
        return not_read(say, (_POOL,), (joining.pool_read, joining.keys_read), joining)[0]


def _owner(joining: Joining) -> str | None:
    """Return the account that the authorizer's ARN gives the pool, None where no ARN names it."""
    arns = (arn for arn in arns_of(joining) if arn.pool_id == joining.team.user_pool_id)
    return next((arn.account for arn in arns), None)


def _masked(account: str | None) -> str:
    return f"********{account[-4:]}" if account else "?"
