"""The reads of a checklist beside its pages: facts arrive one by one, it can be stopped, it never blocks."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from cogwizard.background import Gathering
from cogwizard.diagnosis import Progress
from cogwizard.model.case import Case
from cogwizard.model.postman import Setup

if TYPE_CHECKING:
    from cogwizard.ports import Ports


class Reading(Gathering):
    """Reads what the called method wants, and then what the checklist wants to know, in threads of its own.

    `on_change` is called from those threads whenever something is new; what is new is read from the attributes: those
    of `Gathering`, and `setup` with the facts so far.
    """

    def __init__(
        self,
        ports: "Ports",
        setup: Setup,
        case: Case | None,
        clock: Callable[[], float],
        on_change: Callable[["Reading"], None],
    ) -> None:
        """`case`: of the call that the token is for; what is known of it already is not read again."""
        super().__init__()
        self.setup = setup
        self._ports, self._case, self._clock, self._on_change = ports, case, clock, on_change

    def _work(self) -> None:
        try:
            from cogwizard.checklist import Checklist

            checklist = Checklist(self._ports, self.setup, self._clock)
            if self._case is not None:
                checklist.look_at_call(self._case)
            self.setup = checklist.setup
            checklist.look(self._on_progress, self._cancelled)
            self.setup = checklist.setup
        except Exception as error:  # the page tells it; a thread has nobody else to tell
            self.error = error
        self.done = True
        self._on_change(self)

    def _on_progress(self, progress: Progress[Setup]) -> None:
        self._note(progress)
        if progress.value is not None:
            self.setup = progress.case
        self._on_change(self)
