"""A run beside an interface: facts as they arrive, a cancel that is obeyed, errors that are told."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import cast

from cogwizard.aws.session import SetupError
from cogwizard.background import Run
from cogwizard.model.case import Case
from cogwizard.model.read import Read, Unread
from cogwizard.model.read_api import GetExport, GetRestApi
from cogwizard.ports import Ports
from cogwizard.sandbox.scenarios import SCENARIOS
from cogwizard.steps import TROUBLESHOOT
from tests.scenarios.runner import result

NAME = "token-expired"


class Recorded:
    """Ports that answer from a diagnosis that was made; `hold` keeps the reads that it names from ending."""

    patience = 60.0

    def __init__(self, hold: Callable[[Read], bool] = lambda _: False, error: Exception | None = None) -> None:
        self.facts = result(NAME).case.facts
        self.hold, self.error = hold, error
        self.release = threading.Event()

    def place(self, case: Case) -> Case:
        """Return the case as it was placed."""
        if self.error:
            raise self.error
        return case

    def answer(self, read: Read) -> object:
        """Return what was read."""
        if self.hold(read):
            self.release.wait(30)
        return self.facts[read]


def bare() -> Case:
    """The scenario's case without a fact."""
    return replace(result(NAME).case, facts={})


def started(ports: Recorded, seen: list[Run] | None = None) -> Run:
    """A run of the scenario, begun."""
    heard = seen if seen is not None else []
    run = Run(bare(), TROUBLESHOOT, cast(Ports, ports), heard.append)
    run.start()
    return run


def until(condition: Callable[[], object]) -> None:
    """Wait until a condition holds."""
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_it_ends_with_the_verdict_of_a_diagnosis() -> None:
    """The same case, the same steps: the same judgement as without an interface."""
    seen: list[Run] = []
    run = started(Recorded(), seen)
    until(lambda: run.done)
    assert run.judgement is not None
    assert run.judgement.causes == SCENARIOS[NAME].causes
    assert not run.running()
    until(lambda: len(seen) > len(run.reads))
    assert all(state.ended is not None for state in run.reads.values())


def test_facts_are_there_before_the_end() -> None:
    """While one read hangs, the others are judged, and the one that hangs can be named."""
    ports = Recorded(lambda read: isinstance(read, GetExport))
    run = started(ports)
    until(lambda: len(run.running()) == 1 and run.judgement is not None)
    assert isinstance(run.running()[0].read, GetExport)
    assert any(isinstance(read, GetRestApi) for read in run.case.facts)
    assert not run.done
    ports.release.set()
    until(lambda: run.done)


def test_a_cancelled_run_knows_less_and_says_so() -> None:
    """What was not read when it was cancelled is unread: never fine, never a crash."""
    ports = Recorded(lambda read: isinstance(read, GetExport))
    run = started(ports)
    until(lambda: len(run.running()) == 1)
    run.cancel()
    until(lambda: run.done)
    hung = next(value for read, value in run.case.facts.items() if isinstance(read, GetExport))
    assert isinstance(hung, Unread)
    assert hung.error == "Cancelled"
    assert run.judgement is not None
    assert run.judgement.outcome != "healthy"
    ports.release.set()


def test_cancelled_before_anything_is_read() -> None:
    """Nothing is known then: a healthy call is not called healthy."""
    case = replace(result("healthy-bearer").case, facts={})
    run = Run(case, TROUBLESHOOT, cast(Ports, Recorded(lambda _: True)), lambda _: None)
    run.cancel()
    run.start()
    until(lambda: run.done)
    assert run.judgement is not None
    assert run.judgement.outcome == "inconclusive"
    assert run.judgement.causes == ()


def test_a_set_up_that_cannot_be_used_is_told() -> None:
    """The error is kept for the interface; the run is over."""
    run = started(Recorded(error=SetupError("no-region", {})))
    until(lambda: run.done)
    assert isinstance(run.error, SetupError)
    assert run.judgement is None
