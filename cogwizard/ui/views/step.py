"""The screen of one step of a journey. A step with something of its own has a class of its own beside this module."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from cogwizard.background import ReadState
from cogwizard.judgement import Judgement
from cogwizard.model.case import Case
from cogwizard.ui.views.sheet import Sheet

if TYPE_CHECKING:
    from cogwizard.ui.journey import Journey


@dataclass(frozen=True, eq=False)
class Seen:
    """What is known at this moment of a run.

    `report` is the document of `judgement` in the user's language; both are None before the first facts. `error`: why
    nothing could be read at all, in words; `trouble` is the key of that text where it is the AWS set-up.
    """

    case: Case
    judgement: Judgement | None = None
    report: dict[str, Any] | None = None
    running: bool = False
    reads: tuple[ReadState, ...] = field(default=(), repr=False)
    error: str | None = None
    trouble: str | None = None


class StepView(Sheet):
    """What a step of the journey found out about the call."""

    @property
    def journey(self) -> "Journey":
        """The screen that this view belongs to."""
        return cast("Journey", self.screen)

    async def show_extra(self, seen: Seen) -> None:
        """Update what `extra` returned."""

    async def show(self, seen: Seen) -> None:
        """Show what is known at this moment."""
        await self.show_extra(seen)
        await self.show_report(seen.report, reading=seen.running)
