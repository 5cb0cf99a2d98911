"""Joining: the call for Postman and its like."""

from collections.abc import Iterable, Iterator

from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.join import Joining
from cogwizard.model.read import Read


class JoinExportStep:
    """What is in an export is the Postman checklist's to judge."""

    id = "join_export"
    codes: tuple[str, ...] = ()

    def wants(self, _joining: Joining, /) -> Iterable[Read | None]:
        """Nothing: the export reads what it needs when it is made."""
        return ()

    def has(self, joining: Joining) -> Iterator[Evidence]:
        """The files that were made."""
        for name in joining.files:
            yield Evidence("file", "", name, "the export")

    def judge(self, _joining: Joining, /) -> Iterable[Finding]:
        """Nothing."""
        return ()
