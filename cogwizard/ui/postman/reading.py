"""The reads of a checklist beside its pages: facts arrive one by one, it can be stopped, it never blocks."""

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from cogwizard.background import ReadState
from cogwizard.diagnosis import Progress
from cogwizard.model.case import Case
from cogwizard.model.postman import Setup
from cogwizard.model.read import Read

if TYPE_CHECKING:
    from cogwizard.ports import Ports


class Reading:
    """Reads what the called method wants, and then what the checklist wants to know, in threads of its own.

    `on_change` is called from those threads whenever something is new; what is new is read from the attributes:
    `setup` with the facts so far, `reads` in the order in which they began, `done`, and `error` when the AWS set-up
    cannot be used or the reading crashed.
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
        self.setup = setup
        self.reads: dict[Read, ReadState] = {}
        self.done = False
        self.error: Exception | None = None
        self._ports, self._case, self._clock, self._on_change = ports, case, clock, on_change
        self._stopped = threading.Event()

    def start(self) -> None:
        """Begin. Returns at once."""
        threading.Thread(target=self._work, daemon=True, name="checklist").start()

    def stop(self) -> None:
        """Read no more: what has not been read by now is not known. Returns at once."""
        self._stopped.set()

    @property
    def is_stopped(self) -> bool:
        """Whether it was told to stop."""
        return self._stopped.is_set()

    def running(self) -> list[ReadState]:
        """Return the reads that have not ended, oldest first."""
        return [state for state in list(self.reads.values()) if state.ended is None]

    def _work(self) -> None:
        try:
            from cogwizard.checklist import Checklist

            checklist = Checklist(self._ports, self.setup, self._clock)
            if self._case is not None:
                checklist.look_at_call(self._case)
            self.setup = checklist.setup
            checklist.look(self._on_progress, self._stopped)
            self.setup = checklist.setup
        except Exception as error:  # the page tells it; a thread has nobody else to tell
            self.error = error
        self.done = True
        self._on_change(self)

    def _on_progress(self, progress: Progress[Setup]) -> None:
        now = time.monotonic()
        if progress.value is None:
            self.reads[progress.read] = ReadState(progress.read, now)
        else:
            began = self.reads[progress.read].began if progress.read in self.reads else now
            self.reads[progress.read] = ReadState(progress.read, began, now, progress.value)
            self.setup = progress.case
        self._on_change(self)
