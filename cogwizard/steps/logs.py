"""What API Gateway logged of this call, where logging is on and the user agreed that it be read."""

from collections.abc import Iterable

from cogwizard.model.case import Case
from cogwizard.model.finding import Finding
from cogwizard.model.read import Read
from cogwizard.steps import logged


class LogsStep:
    """Research 9. It has no code of its own: a line is evidence for what other steps judge (see `logged`), and that
    none was found says nothing: lines come late, and not of every call."""

    id = "logs"
    codes: tuple[str, ...] = ()

    def wants(self, case: Case) -> Iterable[Read | None]:
        """The lines of this call's id, and whether API Gateway may write logs; nothing unless the user agreed."""
        return logged.reads(case)

    def judge(self, case: Case) -> Iterable[Finding]:  # noqa: ARG002
        """See `Step`."""
        return ()
