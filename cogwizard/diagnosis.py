"""The planner: asks the steps what they want to know, runs it side by side, asks again until nothing is wanted."""

import queue
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, Self, TypeVar

from cogwizard.model.read import Read, Unread

Run = Callable[[Read], object]
_CANCEL = 0.1  # seconds until a cancelled run notices


class Facts(Protocol):
    """What is filled: a case of a call, a set-up of Postman."""

    @property
    def facts(self) -> Mapping[Read, object]: ...

    @property
    def offline(self) -> bool: ...

    def with_fact(self, read: Read, value: object) -> Self: ...


F = TypeVar("F", bound=Facts)
Asked = TypeVar("Asked", bound=Facts, contravariant=True)


class Asking(Protocol[Asked]):
    """A step, as far as the planner knows it."""

    def wants(self, case: Asked, /) -> Iterable[Read | None]: ...


@dataclass(frozen=True)
class Progress(Generic[F]):
    """A read that began (`value` None) or ended; `seconds` since it began; `case` with all that is known by then."""

    read: Read
    value: object | None
    seconds: float
    case: F


class Plan(Generic[F]):
    """What is known, what was asked. Does no I/O: `wanted` names the next reads, `put` takes their results."""

    def __init__(self, case: F, steps: Sequence[Asking[F]]) -> None:
        self.case = case
        self._steps = steps
        self._asked: set[Read] = set(case.facts)

    def wanted(self) -> list[Read]:
        """Return reads that no step was given yet, each once, and take them as asked."""
        if self.case.offline:
            return []
        reads = dict.fromkeys(
            read for step in self._steps for read in step.wants(self.case) if read and read not in self._asked
        )
        self._asked.update(reads)
        return list(reads)

    def put(self, read: Read, value: object) -> None:
        """Take the result of a read."""
        self.case = self.case.with_fact(read, value)


def gather(
    case: F,
    steps: Sequence[Asking[F]],
    run: Run,
    on_progress: Callable[[Progress[F]], None] = lambda _: None,
    patience: float = 60.0,
    cancelled: threading.Event | None = None,
) -> F:
    """Return the case with every fact that the steps want; reads run side by side, each as soon as it is wanted.

    `run` answers one read (from several threads at once). What it raises becomes an `Unread`. Threads are daemons:
    an interrupted run does not wait for a hanging network. A read that has not ended after `patience` seconds is given
    up, whatever it waits for. Once `cancelled` is set, all that has not ended is not known, and nothing more is asked.
    """
    plan = Plan(case, steps)
    done: queue.SimpleQueue[tuple[Read, object, float]] = queue.SimpleQueue()

    def work(read: Read) -> None:
        began = time.monotonic()
        try:
            value = run(read)
        except Exception as error:  # a crash of one read must not take the others with it
            value = Unread(read, "failed", type(error).__name__)
        done.put((read, value, time.monotonic() - began))

    running: dict[Read, float] = {}
    while True:
        wanted = plan.wanted()
        if cancelled is not None and cancelled.is_set():
            for read in (*running, *wanted):
                plan.put(read, Unread(read, "not-asked", "Cancelled"))
                on_progress(Progress(read, plan.case.facts[read], 0.0, plan.case))
            running.clear()
            if not wanted:
                return plan.case
            continue
        for read in wanted:
            on_progress(Progress(read, None, 0.0, plan.case))
            threading.Thread(target=work, args=(read,), daemon=True, name=read.action).start()
            running[read] = time.monotonic()
        if not running:
            return plan.case
        oldest, began = next(iter(running.items()))
        left = began + patience - time.monotonic()
        try:
            read, value, seconds = done.get(timeout=max(0.0, left if cancelled is None else min(left, _CANCEL)))
        except queue.Empty:
            if time.monotonic() < began + patience:
                continue
            read, seconds = oldest, patience
            value = Unread(read, "unreachable", "TimedOut", f"No answer within {patience:.0f} s.")
        if running.pop(read, None) is None:
            continue  # it ended after all, too late
        plan.put(read, value)
        on_progress(Progress(read, value, seconds, plan.case))
