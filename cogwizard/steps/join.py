"""Joining an API: what a step of it is, and the words that its steps share."""

from collections.abc import Iterable
from typing import Protocol

from cogwizard.model.api import Authorizer
from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.join import Joining
from cogwizard.model.pool import PoolArn
from cogwizard.model.read import Read
from cogwizard.steps.pools import pools_of
from cogwizard.steps.step import Say


class JoinStep(Protocol):
    """One screen of joining. `codes`: all that it can raise by itself; what happened may name others."""

    @property
    def id(self) -> str: ...

    @property
    def codes(self) -> tuple[str, ...]: ...

    def wants(self, joining: Joining, /) -> Iterable[Read | None]:
        """Return what the step would still like to know, as `Step.wants`."""
        ...

    def has(self, joining: Joining, /) -> Iterable[Evidence]:
        """Return what is there: `actual` is the value, `source` where it was read; nothing that is not known."""
        ...

    def judge(self, joining: Joining, /) -> Iterable[Finding]:
        """Return one finding for each check. Pure: same facts, same findings."""
        ...


def not_read(say: Say, codes: Iterable[str], reads: Iterable[Read | None], joining: Joining) -> list[Finding]:
    """Return that checks wait for reads that gave nothing, or that nobody made."""
    because = tuple(read for read in reads if read is not None)
    variant = "offline" if joining.offline else "unread"
    actions = ", ".join(dict.fromkeys(read.action for read in because))
    return [say.unknown(code, variant=variant, because=because, actions=actions) for code in codes]


def arns_of(joining: Joining) -> tuple[PoolArn, ...]:
    """Return the user pools that the authorizer of the call trusts, as far as that is known."""
    case = joining.case
    return pools_of(case, case.authorizer).arns if isinstance(case.authorizer, Authorizer) else ()
