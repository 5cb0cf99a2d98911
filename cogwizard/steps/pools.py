"""An authorizer's user pools: which they are, and whether they exist."""

from collections.abc import Iterator
from dataclasses import dataclass

from cogwizard.model.api import Authorizer
from cogwizard.model.case import Case
from cogwizard.model.pool import Pool, PoolArn, read_arn, resolve, stage_variables_in
from cogwizard.model.read import Read, suffix_of
from cogwizard.model.read_cognito import DescribeUserPool
from cogwizard.model.read_web import GetKeys
from cogwizard.model.view import Hole

# An authorizer may name 1,000 pools (research 1.4): asking after each would drown one answer in reads.
MOST_POOLS = 10


@dataclass(frozen=True)
class Pools:
    """The authorizer's pools with stage variables filled in."""

    arns: tuple[PoolArn, ...] = ()
    malformed: tuple[str, ...] = ()
    unset: tuple[str, ...] = ()  # names of stage variables that the stage has not
    open: bool = False  # an ARN uses a stage variable and the stage could not be read


def pools_of(case: Case, authorizer: Authorizer) -> Pools:
    """Return the authorizer's pools, resolved with the stage's variables (research 1.4 [D])."""
    variables = dict(case.stage.variables) if case.stage else {}
    arns: list[PoolArn] = []
    malformed: list[str] = []
    unset: list[str] = []
    open_ = False
    for text in authorizer.provider_arns:
        names = stage_variables_in(text)
        if names and case.stages is None:
            open_ = True
            continue
        missing = [name for name in names if not variables.get(name)]
        if missing:
            unset.extend(missing)
            continue
        filled = resolve(text, variables)
        arn = read_arn(filled)
        if arn:
            arns.append(arn)
        else:
            malformed.append(filled)
    return Pools(tuple(arns), tuple(malformed), tuple(unset), open_)


def pool_reads(case: Case) -> Iterator[Read]:
    """Who are the authorizer's pools, when the token is of none of them (proof of `pool-not-found`)."""
    if not isinstance(case.authorizer, Authorizer) or case.token is None:
        return
    pools = pools_of(case, case.authorizer)
    if case.issuer and any(
        (arn.pool_id, arn.region) == (case.issuer.pool_id, case.issuer.region) for arn in pools.arns
    ):
        return
    for arn in pools.arns[:MOST_POOLS]:
        yield _arn_keys(arn)
        # Only the pool's own account can say that it does not exist.
        if case.account == arn.account:
            yield DescribeUserPool(arn.region, arn.pool_id)


def _arn_keys(arn: PoolArn) -> GetKeys:
    host = f"cognito-idp.{arn.region}.{suffix_of(arn.partition)}"
    return GetKeys(f"https://{host}/{arn.pool_id}", arn.region, arn.pool_id)


def pool_exists(case: Case, arn: PoolArn) -> bool | Hole:
    """Whether a pool exists: proven by its keys, by DescribeUserPool, or by their absence.

    Absence counts from the keys address of the pool's region, or from DescribeUserPool in the ARN's own account
    (interface, section 4). A pool that DescribeUserPool knows exists, whatever the keys address says.
    """
    describe, keys = DescribeUserPool(arn.region, arn.pool_id), _arn_keys(arn)
    # A replica's keys address says nothing of the pool in the ARN's region.
    same = case.issuer is not None and (case.issuer.pool_id, case.issuer.region) == (arn.pool_id, arn.region)
    token_keys = case.keys_read if same else None
    if case.known(describe, Pool):
        return True
    if case.known(keys, tuple) is not None or (token_keys and case.known(token_keys, tuple) is not None):
        return True
    own = case.account == arn.account
    if (own and case.absent(describe)) or case.absent(keys) or (token_keys and case.absent(token_keys)):
        return False
    return Hole((keys if token_keys is None else token_keys, *((describe,) if own else ())))
