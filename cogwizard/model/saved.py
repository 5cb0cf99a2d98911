"""A case out of a file."""

from dataclasses import dataclass

from cogwizard.model.case import Case


@dataclass(frozen=True)
class Saved:
    """A case that was saved, and the version of cogwizard that wrote it. The case's `now` is when it was found."""

    case: Case
    written_by: str
