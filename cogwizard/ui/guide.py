"""What a journey walks through: steps in order, each with a screen, and the screen that ends it."""

from dataclasses import dataclass

from cogwizard.steps import TROUBLESHOOT
from cogwizard.steps.step import Step


@dataclass(frozen=True)
class Guide:
    """`id` names its texts; `end` is the id of the last screen, which belongs to no step ("" for none)."""

    id: str
    steps: tuple[Step, ...]
    end: str = ""

    @property
    def screens(self) -> tuple[str, ...]:
        """The ids of its screens, in order."""
        return (*(step.id for step in self.steps), *([self.end] if self.end else []))

    def step(self, screen: str) -> Step | None:
        """Return the step of a screen, None for the one that ends it."""
        return next((step for step in self.steps if step.id == screen), None)


TROUBLESHOOTING = Guide("troubleshoot", tuple(TROUBLESHOOT), "verdict")
