"""A diagnosis that runs beside an interface: facts arrive one by one, it can be cancelled, it never blocks."""

import threading
import time
from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from cogwizard.diagnosis import Progress, gather
from cogwizard.judgement import Judgement, judge
from cogwizard.model.case import Case
from cogwizard.model.read import Read
from cogwizard.ports import Ports
from cogwizard.steps.step import Step

_PAUSE = 0.15  # seconds between two judgements of what is known so far: judging takes time from the interface


@dataclass(frozen=True)
class ReadState:
    """How far a read is: `began` and `ended` on the monotonic clock, `value` once it ended."""

    read: Read
    began: float
    ended: float | None = None
    value: object | None = None


class Gathering:
    """What facts are gathered by in threads of its own: how far it is, and how it is told to stop.

    `reads` stand in the order in which they began; `done`; `error` when the AWS set-up cannot be used or the gathering
    crashed. A cancelled one ends with what it knows.
    """

    def __init__(self) -> None:
        """Nothing is read yet; `start` begins."""
        self.reads: dict[Read, ReadState] = {}
        self.done = False
        self.error: Exception | None = None
        self._cancelled = threading.Event()

    @property
    def cancelled(self) -> bool:
        """Whether it was told to stop."""
        return self._cancelled.is_set()

    def start(self) -> None:
        """Begin. Returns at once."""
        threading.Thread(target=self._work, daemon=True, name=type(self).__name__).start()

    def cancel(self) -> None:
        """Stop: what has not been read by now is not known. Returns at once."""
        self._cancelled.set()

    def running(self) -> list[ReadState]:
        """Return the reads that have not ended, oldest first."""
        return [state for state in list(self.reads.values()) if state.ended is None]

    @abstractmethod
    def _work(self) -> None:
        """Gather; raises nothing."""

    def _note(self, progress: Progress[Any]) -> None:
        """Take note of a read that began or ended."""
        now, value = time.monotonic(), progress.value
        began = self.reads[progress.read].began if value is not None and progress.read in self.reads else now
        self.reads[progress.read] = ReadState(progress.read, began, None if value is None else now, value)


class Run(Gathering):
    """One diagnosis. `on_change` is called from its threads whenever something is new; what is new is read from the
    attributes: those of `Gathering`, the `case`, and the `judgement` of what is known so far (None at first).
    """

    def __init__(self, case: Case, steps: Sequence[Step], ports: Ports, on_change: Callable[["Run"], None]) -> None:
        """Take the case with the facts that are known already."""
        super().__init__()
        self.case = case
        self.judgement: Judgement | None = None
        self._steps, self._ports, self._on_change = steps, ports, on_change
        self._judged_at = 0.0

    def _work(self) -> None:
        try:
            if not self.case.offline:
                self.case = self._ports.place(self.case)
            case = gather(
                self.case, self._steps, self._ports.answer, self._on_progress, self._ports.patience, self._cancelled
            )
            self.case, self.judgement = case, judge(case, self._steps)
        except Exception as error:  # the interface tells it; a thread has nobody else to tell
            self.error = error
        self.done = True
        self._on_change(self)

    def _on_progress(self, progress: Progress[Case]) -> None:
        self._note(progress)
        if progress.value is not None:
            self.case = progress.case
            if time.monotonic() - self._judged_at > _PAUSE:
                self.judgement = judge(progress.case, self._steps)
                self._judged_at = time.monotonic()
        self._on_change(self)
