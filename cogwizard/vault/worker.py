"""Work on a keyring, with a deadline: whatever hangs or breaks in there, the caller gets an answer of ours."""

import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from cogwizard.model.inert import inert
from cogwizard.vault.outcome import State, Trouble

T = TypeVar("T")
R = TypeVar("R")

# Seconds after the deadline from which work that hangs keeps others from trying no longer: its prompt may be lost.
WRITTEN_OFF = 60.0
# Seconds for a person to answer the keyring's prompt.
PATIENCE = 60.0

# Classes of keyring, SecretStorage and the macOS backend, by name: they are not imported for this.
_LOCKED = {"KeyringLocked", "LockedException", "PromptDismissedException", "KeychainDenied"}
_NONE = {"NoKeyringError", "InitError", "SecretServiceNotAvailableException", "ConnectionError", "EOFError"} | {
    "FileNotFoundError"  # the D-Bus socket is gone
}
# macOS: cancelled, wrong password, "User interaction is not allowed" (over SSH). Windows: "The stub received bad data",
# which is what a value of more than 2,560 bytes gets (research, emulators 7).
_LOCKED_CODES = {-128, -25293, -25308}
_TOO_SMALL_CODES = {1783}


class VaultError(Exception):
    """The keyring did not do it, and why."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.state)
        self.trouble = trouble


def read_error(error: BaseException) -> Trouble:
    """Return what an exception of a keyring means. Of its text nothing is kept: it may hold the value."""
    try:
        chain = _chain(error)
        names = {base.__name__ for item in chain for base in type(item).__mro__}
        codes = [number for item in chain for number in item.args if type(number) is int]
        cancelled = any(item.args == ("Cancelled by user",) for item in chain)  # what the KWallet backend says
    except Exception:  # an exception class may be broken itself
        return Trouble("failed", inert(type(error).__name__, 60))
    detail = inert(type(error).__name__, 60) + (f" {codes[0]}" if codes else "")
    if names & _LOCKED or cancelled or _LOCKED_CODES.intersection(codes):
        return Trouble("locked", detail)
    if names & _NONE:
        return Trouble("none", detail)
    if "TimeoutError" in names:
        return Trouble("hanging", detail)
    return Trouble("too-small" if _TOO_SMALL_CODES.intersection(codes) else "failed", detail)


def _chain(error: BaseException) -> list[BaseException]:
    chain: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in chain and len(chain) < 8:
        chain.append(link)
        link = link.__cause__ or link.__context__
    return chain


class Job:
    """One piece of work in a thread of its own; it reaches the keyring through `call` only. Its time runs at once."""

    def __init__(self) -> None:
        self.given_up = False
        self.ended = False
        self.outcome: Any = None  # what the caller gets, also while the work still tidies up
        self._began = time.monotonic()
        self._waits_for: State = "hanging"
        self._is_undoing = False

    def call(self, action: Callable[..., R], *args: Any, waits_for: State = "hanging") -> R:
        """Call the keyring. Raises VaultError for whatever it raises, and once the caller has given up.

        What was given up is refused after the call came back too: its effect is then undone, not built upon.
        """
        self._stop_if_unwanted()
        self._waits_for = waits_for
        try:
            value = action(*args)
        except BaseException as error:  # a backend may raise what it likes; this thread is ours
            raise VaultError(read_error(error)) from None
        self._stop_if_unwanted()
        return value

    def settle(self, outcome: object) -> None:
        """Fix what the caller gets; what follows is tidying up, which nobody has to wait for."""
        self.outcome = outcome

    def undo(self) -> None:
        """From here on calls go through though the caller has given up."""
        self._is_undoing = True

    def late(self, deadline: float) -> float:
        """Return the seconds by which the work has passed the deadline, negative before it."""
        return time.monotonic() - self._began - deadline

    @property
    def waiting(self) -> Trouble:
        """What the caller is told who waits no longer."""
        return Trouble(self._waits_for)

    def _stop_if_unwanted(self) -> None:
        if self.given_up and not self._is_undoing:
            raise VaultError(self.waiting)


class Worker:
    """Runs one piece of work at a time, in a daemon thread: one that hangs keeps no process from ending.

    `deadline` is in seconds and counts for the whole work, however many calls of the keyring it makes: what stands in a
    keyring may ask for thousands. Waiting for the turn has as much time again.
    """

    def __init__(self, deadline: float, written_off: float = WRITTEN_OFF) -> None:
        self._deadline = deadline
        self._written_off = written_off
        self._changed = threading.Condition()
        self._running: Job | None = None

    def run(self, work: Callable[[Job], T], on_wait: Callable[[], None] | None = None) -> T | Trouble:
        """Return what the work returns, or why the keyring did not do it.

        `on_wait` is called at the deadline, from the caller's thread; the work then gets a minute more: a person may be
        typing the keyring's password.
        """
        turn = time.monotonic() + self._deadline
        with self._changed:
            while (running := self._running) is not None:
                late = running.late(self._deadline)
                if late >= self._written_off:
                    break
                seconds = min(-late, turn - time.monotonic())
                if seconds <= 0:
                    return running.waiting
                self._changed.wait(seconds)
            self._running = job = Job()
        threading.Thread(target=self._do, args=(job, work), daemon=True, name="keyring").start()
        try:
            if not self._wait(job, self._deadline) and on_wait:
                on_wait()
                self._wait(job, self._deadline + PATIENCE)
        finally:  # also after Ctrl+C
            with self._changed:
                job.given_up = not job.ended
        outcome: T | Trouble | None = job.outcome
        return job.waiting if outcome is None else outcome

    def _wait(self, job: Job, seconds: float) -> bool:
        """Wait for the end of the work; return False when it takes longer than `seconds`."""
        with self._changed:
            while not job.ended and (late := job.late(seconds)) < 0:
                self._changed.wait(-late)
            return job.ended

    def _do(self, job: Job, work: Callable[[Job], T]) -> None:
        try:
            outcome: T | Trouble = work(job)
        except VaultError as refusal:
            outcome = refusal.trouble
        except BaseException as error:
            outcome = read_error(error)
        with self._changed:
            if job.outcome is None:
                job.outcome = outcome
            job.ended = True
            if self._running is job:
                self._running = None
            self._changed.notify_all()
