"""A deadline for all work: whatever hangs or breaks, the caller gets an answer, and a late one changes nothing."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from keyring.errors import InitError, KeyringError, KeyringLocked, NoKeyringError, PasswordSetError

import cogwizard
from cogwizard.vault.outcome import Trouble
from cogwizard.vault.worker import Job, VaultError, Worker, read_error
from tests.vault.rings import Gate, WindowsError

CANARY = "c4nary-s3cret"
SHORT = 0.2  # seconds


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


class Weird(BaseException):
    """No Exception, and nothing of it can be read."""

    @property
    def args(self) -> tuple[object, ...]:  # type: ignore[override]
        raise RuntimeError(CANARY)


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (KeyringLocked(CANARY), "locked"),
        (PasswordSetError("Cancelled by user"), "locked"),
        (caused(KeyringError(CANARY), OSError(-25308, "Unknown Error")), "locked"),
        (caused(InitError(CANARY), type("LockedException", (Exception,), {})()), "locked"),
        (NoKeyringError(CANARY), "none"),
        (InitError(CANARY), "none"),
        (ConnectionResetError(104, CANARY), "none"),
        (FileNotFoundError(2, CANARY), "none"),
        (TimeoutError(CANARY), "hanging"),
        (WindowsError(), "too-small"),
        (PasswordSetError(CANARY), "failed"),
        (ZeroDivisionError(CANARY), "failed"),
        (ModuleNotFoundError(CANARY), "failed"),
        (SystemExit(CANARY), "failed"),
        (KeyboardInterrupt(CANARY), "failed"),
        (Weird(), "failed"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else value,
)
def test_each_exception_is_a_state_of_ours(error: BaseException, state: str) -> None:
    def fails() -> None:
        raise error

    trouble = Worker(5.0).run(lambda job: job.call(fails))
    assert isinstance(trouble, Trouble)
    assert trouble.state == state
    assert CANARY not in repr(trouble)
    assert read_error(error) == trouble


def test_the_text_of_an_exception_is_not_kept() -> None:
    """Also not as the cause of ours: a traceback would show it."""

    def fails() -> None:
        raise ValueError(CANARY)

    caught: list[VaultError] = []

    def work(job: Job) -> None:
        try:
            job.call(fails)
        except VaultError as refusal:
            caught.append(refusal)

    Worker(5.0).run(work)
    assert caught[0].__cause__ is None
    assert caught[0].__suppress_context__
    assert CANARY not in str(caught[0])


def test_a_hanging_call_is_given_up_and_the_next_are_told_at_once() -> None:
    """Then it comes back, its late result is dropped, and the keyring can be used again."""
    gate, worker = Gate(), Worker(SHORT)
    late: list[str] = []

    def work(job: Job) -> str:
        job.call(gate.wait)
        late.append("went on")
        return "late"

    assert worker.run(work) == Trouble("hanging")
    asked: list[str] = []
    assert worker.run(lambda job: job.call(asked.append, "x")) == Trouble("hanging")
    assert asked == []
    gate.open()
    while worker.run(lambda job: job.call(str, "works")) != "works":
        pass
    assert late == []


def test_a_call_that_never_comes_back_does_not_stop_all_others() -> None:
    gate, worker = Gate(), Worker(SHORT, written_off=0.0)
    assert worker.run(lambda job: job.call(gate.wait)) == Trouble("hanging")
    assert worker.run(lambda job: job.call(str, "works")) == "works"
    gate.open()


def test_the_deadline_is_for_the_work_not_for_a_call() -> None:
    """Each call comes back at once, and there is no end of them: the caller is told, and they end."""
    pause, ended = threading.Event(), threading.Event()
    calls: list[object] = []

    def work(job: Job) -> None:
        try:
            for number in range(2000):
                job.call(pause.wait, SHORT / 20)
                calls.append(number)
        finally:
            ended.set()

    assert Worker(SHORT).run(work) == Trouble("hanging")
    assert ended.wait(60)
    assert len(calls) < 2000


def test_those_who_wait_for_their_turn_get_it() -> None:
    """Each has a deadline of its own."""
    pause = threading.Event()

    def work(job: Job) -> int:
        return sum(job.call(lambda: 0 if pause.wait(SHORT / 20) else 1) for _ in range(10))

    worker = Worker(60.0)
    found: list[int | Trouble] = []
    threads = [threading.Thread(target=lambda: found.append(worker.run(work))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [10] * 4


def test_what_was_settled_is_told_though_tidying_up_hangs() -> None:
    gate, worker = Gate(), Worker(SHORT)

    def work(job: Job) -> str:
        job.settle("kept")
        job.call(gate.wait)
        return "never"

    assert worker.run(work) == "kept"
    gate.open()


def test_a_person_gets_a_minute_to_answer_the_prompt() -> None:
    gate = Gate()
    assert Worker(SHORT).run(lambda job: job.call(gate.wait) or "answered", gate.open) == "answered"


def test_the_caller_is_told_what_it_waits_for() -> None:
    gate = Gate()
    assert Worker(SHORT).run(lambda job: job.call(gate.wait, waits_for="busy")) == Trouble("busy")
    gate.open()


def test_a_call_that_hangs_keeps_no_process_from_ending() -> None:
    code = f"""
import sys; sys.path.insert(0, {str(Path(cogwizard.__file__).parent.parent)!r})
import threading
from cogwizard.vault.worker import Worker
print(Worker(0.05).run(lambda job: job.call(threading.Event().wait)).state)
"""
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stdout, done.stderr) == (0, "hanging\n", "")
