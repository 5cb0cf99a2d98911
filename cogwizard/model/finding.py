"""What a check found, and what it rests on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from cogwizard.model.inert import scrub

if TYPE_CHECKING:  # the catalogue is read before anything is known of AWS
    from cogwizard.model.api import View
    from cogwizard.model.read import Read

Verdict = Literal["pass", "fail", "warn", "unknown", "skipped"]


@dataclass(frozen=True)
class Evidence:
    """One fact: what was expected, what is, and where it was read. `label` is a key of the catalogue's labels."""

    label: str
    expected: str
    actual: str
    source: str

    def __post_init__(self) -> None:
        """Make foreign text harmless here, once for all renderers: no control character, no token, no account."""
        for name in ("expected", "actual", "source"):
            object.__setattr__(self, name, scrub(getattr(self, name)))


@dataclass(frozen=True)
class Finding:
    """One check's verdict.

    `variant` chooses the summary in the catalogue (`summary.{variant}` of the code), `params` fill it; both are free
    of language. `because` names the reads that would have decided an unknown: they become `unread.hides`.
    `view` is "draft" for what was found in the draft only.
    """

    code: str
    step: str
    verdict: Verdict
    variant: str
    params: Mapping[str, str] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    because: "tuple[Read, ...]" = ()
    explained_by: str | None = None
    view: "View" = "deployed"

    def __post_init__(self) -> None:
        """Make foreign text harmless, as in `Evidence`."""
        object.__setattr__(self, "params", {name: scrub(value) for name, value in self.params.items()})
