"""One walk-through with what is going on in it: it outlives its page, and does one thing at a time, in a thread."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from cogwizard.model.answer import Answer
from cogwizard.model.read import Replay, Unread
from cogwizard.model.write import Write
from cogwizard.steps import ONBOARD

if TYPE_CHECKING:
    from cogwizard.model.call import Call
    from cogwizard.onboarding.faults import Breaking
    from cogwizard.onboarding.look import Seen
    from cogwizard.onboarding.plan import Consent, Plan
    from cogwizard.onboarding.run import NotMade, Progress
    from cogwizard.onboarding.teardown import Removal
    from cogwizard.onboarding.walkthrough import Walkthrough

STEPS: tuple[str, ...] = tuple(step.id for step in ONBOARD)
PICTURE, CLIENT, PASSWORD, DEPLOY, TEST, CALL, SECRET, BREAK = (
    f"onboard_{name}" for name in ("picture", "client", "password", "deploy", "test", "call", "secret", "break")
)
WRITES: Mapping[str, tuple[str, ...]] = {step.id: tuple(write.id for write in step.writes) for step in ONBOARD}
Kind = Literal["waiting", "sending", "retrying", "checking", "done", "refused", "lost", "missing"]
_UNAUTHORIZED = 401
UNDER_WAY: tuple[Kind, ...] = ("sending", "retrying", "checking")


@dataclass(frozen=True)
class State:
    """How far a write is. `missing`: it was done, and is not there any more. `failed` says why it is not made."""

    kind: Kind
    seen: "Seen | None" = None
    warnings: tuple[tuple[str, str], ...] = ()
    failed: "NotMade | None" = None


class _Stopped(Exception):
    """The user has stopped what waits for another attempt."""


def up_to(step: str) -> frozenset[str]:
    """Return the writes of a step and of all before it, by their ids."""
    return frozenset(write for each in STEPS[: STEPS.index(step) + 1] for write in WRITES[each])


@dataclass(eq=False)
class Build:
    """A walk-through that was prepared. Its methods return at once; what they did is read from the attributes.

    `states` by write, `removals` by write; `error`: what ended the last thing that was done, None where it went well;
    `words`: the key of what is said while something is done, since `since` on the monotonic clock; `on_change` is
    called from the thread.
    """

    walk: "Walkthrough"
    clock: Callable[[], float]
    on_change: Callable[[], object] = lambda: None
    consent: "Consent | None" = None
    knows_password: bool = False
    states: dict[str, State] = field(default_factory=dict)
    removals: dict[str, "Removal"] = field(default_factory=dict)
    breaking: "Breaking | None" = None
    broken: "tuple[Call, Answer | Unread] | None" = field(default=None, repr=False)
    has_mended: bool = False
    error: Exception | None = None
    words: str = ""
    since: float = 0.0
    doing: str = ""  # the action of the write that is being made

    def __post_init__(self) -> None:
        """Nothing is going on."""
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._is_busy = False
        self.is_removed = self.is_closed = False
        self.walk.sleep = self._pause
        journaled = self.walk.journal.states if self.walk.journal else {}
        for write in self.plan.writes:
            if journaled.get(write.id) == "done":
                self.states[write.id] = State("done")

    # -- what is known -----------------------------------------------------------------------------------------------

    @property
    def plan(self) -> "Plan":
        """What is to be made. Raises ValueError for a walk-through that was not prepared."""
        if self.walk.plan is None:
            raise ValueError("not prepared")
        return self.walk.plan

    @property
    def is_busy(self) -> bool:
        """Whether something is done at this moment."""
        return self._is_busy

    @property
    def is_looking(self) -> bool:
        """Whether what an earlier process made is looked at."""
        return self._is_busy and self.words == "looking"

    @property
    def is_stopping(self) -> bool:
        """Whether it was told to stop, and has not yet."""
        return self._is_busy and self._stopping.is_set()

    def state(self, write: str) -> State:
        """Return how far a write is."""
        return self.states.get(write, State("waiting"))

    def is_made(self, step: str) -> bool:
        """Whether all that a step makes is there; so of a step that makes nothing."""
        return all(self.state(write).kind == "done" for write in WRITES[step])

    def writes(self, step: str) -> list[Write]:
        """Return what a step makes, as the choices have it."""
        return [write for write in self.plan.writes if write.id in WRITES[step]]

    # -- doing -------------------------------------------------------------------------------------------------------

    def start(self, words: str, work: Callable[[], None]) -> bool:
        """Do something in a thread of its own, unless something is being done. Returns whether it was begun."""
        with self._lock:
            if self._is_busy:
                return False
            self._is_busy = True
            self._stopping.clear()
            self.words, self.since, self.error, self.doing = words, self.clock(), None, ""

        def run() -> None:
            try:
                work()
            except _Stopped:
                for write in [write for write, state in self.states.items() if state.kind in UNDER_WAY]:
                    self.states.pop(write)  # the journal knows of it
            except Exception as error:  # the page tells it; a thread has nobody else to tell
                self.error = error
            self._is_busy, self.doing = False, ""
            self.on_change()

        threading.Thread(target=run, daemon=True, name="walk-through").start()
        return True

    def _pause(self, seconds: float) -> None:
        """Wait between two attempts; raises _Stopped once there shall be no other."""
        if self._stopping.wait(seconds):
            raise _Stopped

    def stop(self) -> None:
        """Do no more than what is on its way. Returns at once."""
        self._stopping.set()

    def close(self) -> None:
        """Stop, and let other processes have the run."""
        self.stop()
        self.is_closed, self.on_change = True, lambda: None
        self.walk.close()

    def look(self) -> bool:
        """Look at all that an earlier process made."""

        def work() -> None:
            from cogwizard.onboarding.look import look

            for write in [id for id, state in self.states.items() if state.kind == "done" and not state.seen]:
                if self._stopping.is_set():
                    break
                seen = look(self.walk.calls, write, self.walk.values)
                # What somebody else put in its place is not what was made.
                self.states[write] = State("done", seen) if seen and seen.is_ours else State("missing")
                self.on_change()

        return self.start("looking", work)

    def make(self, only: frozenset[str], words: str = "making") -> bool:
        """Make what is left of these writes. The user has agreed (`consent`)."""
        return self.start(words, lambda: self._make(only))

    def begin(self) -> bool:
        """Open the journal. The user has agreed (`consent`)."""
        return self.start("beginning", self._begin)

    def _begin(self) -> None:
        from cogwizard.onboarding.journal import JournalError
        from cogwizard.onboarding.run import NotAgreed

        if self.consent is None:
            raise NotAgreed
        if self.walk.run is not None:
            return
        try:
            self.walk.begin(self.consent)
        except JournalError:
            self.is_closed = True  # another process may have begun it: it is to be prepared anew
            raise

    def _make(self, only: frozenset[str]) -> None:
        self._begin()
        self._take(self.walk.make(only))

    def _take(self, progresses: "Iterable[Progress]") -> None:
        from cogwizard.onboarding.run import NotMade

        progresses = iter(progresses)
        try:
            for progress in progresses:
                # Of what is about to be sent nothing was sent yet, and the journal knows of what is tried again.
                if self._stopping.is_set() and progress.state in ("sending", "retrying"):
                    if self.state(progress.write.id).kind in UNDER_WAY:
                        self.states.pop(progress.write.id)
                    break
                self.doing = progress.write.action
                self.states[progress.write.id] = State(progress.state, progress.seen, progress.warnings)
                # Set in this process, it is in its memory.
                self.knows_password |= progress.write.id == "password" and progress.state == "done"
                self.on_change()
        except NotMade as error:
            kind: Kind = "lost" if error.failed.is_lost else "refused"
            self.states[error.write.id] = State(kind, failed=error)
            raise

    def renew_password(self) -> bool:
        """Set the user's password again, to one that is known here. The user has agreed."""

        def work() -> None:
            self._begin()
            self._take(self.walk.renew_password())

        return self.start("renewing", work)

    def test(self) -> bool:
        """Sign in, and let API Gateway test its authorizer."""
        return self.start("testing", self._test)

    def _test(self) -> None:
        if self.walk.sign_in().tokens is not None:
            self.walk.test()

    def call(self) -> bool:
        """Call the API without a token and with one; sign in before, where nobody is."""

        def work() -> None:
            if self._is_signed_in(self.walk.shown.answer):
                self.walk.call()

        return self.start("calling", work)

    def _is_signed_in(self, before: "Answer | Unread | None") -> bool:
        """Sign in, unless somebody is whose tokens still hold. Returns whether somebody is.

        `before`: what the same call answered before; after a 401 it is no use to send the same token again.
        """
        tokens = self.walk.shown.login.tokens if self.walk.shown.login else None
        is_refused = isinstance(before, Answer) and before.status == _UNAUTHORIZED
        if tokens is None or is_refused or tokens.expires_at <= time.time():
            self._test()
        return self.walk.shown.login is not None and self.walk.shown.login.tokens is not None

    def second_half(self) -> bool:
        """Make the app client with a secret; sign in without its hash, then with it, and call the API."""

        def work() -> None:
            self._make(up_to(SECRET))
            if not self.is_made(SECRET) or self._stopping.is_set():
                return
            self.walk.without_hash()
            self.on_change()
            if self.walk.sign_in_with_secret().tokens is not None:
                self.on_change()
                self.walk.call_with_secret()

        return self.start("second half", work)

    # -- breaking ----------------------------------------------------------------------------------------------------

    def break_it(self, name: str) -> bool:
        """Make a fault, and call. The user has agreed."""

        def work() -> None:
            self._begin()
            self.broken, self.has_mended = None, False
            breaking = self.breaker()
            try:
                breaking.apply(name, breaking.consent(name))
            except Exception:
                self.breaking = None  # of what was made in part the journal knows
                raise
            self.on_change()
            self._call_broken()

        return self.start("breaking", work)

    def call_again(self) -> bool:
        """Call as the fault has it."""
        return self.start("calling", self._call_broken)

    def mend(self) -> bool:
        """Take the fault away, and call."""

        def work() -> None:
            self._begin()
            self.breaker().mend()
            self.broken, self.has_mended = None, True
            self.on_change()
            self._call_broken()

        return self.start("mending", work)

    def breaker(self) -> "Breaking":
        """Return what breaks and mends; it knows of a fault that an earlier process made. Raises nothing."""
        from cogwizard.onboarding.faults import Breaking

        if self.breaking is None:
            self.breaking = Breaking(self.walk)
        return self.breaking

    def _call_broken(self) -> None:
        before = self.broken[1] if self.broken and self.breaker().fault is None else None
        if not self._is_signed_in(before):
            return
        call = self.breaker().call()
        found = self.walk.ports.answer(Replay(call))
        answer = found if isinstance(found, Answer | Unread) else Unread(Replay(call), "failed", "no-answer")
        self.broken = (call, answer)

    # -- taking away -------------------------------------------------------------------------------------------------

    def remove(self) -> bool:
        """Take away what the run made. The user has agreed."""
        from cogwizard.onboarding.walkthrough import Shown

        def work() -> None:
            for removal in self.walk.remove():
                if self._stopping.is_set() and removal.state == "removing":
                    break
                self.removals[removal.write.id] = removal
                self._forget_undone()
                self.on_change()
            else:
                self.is_removed = all(item.state != "remains" for item in self.removals.values())
                self.is_closed |= self.is_removed

        if self.is_busy:
            return False
        self.removals.clear()
        # What was proven rested on what goes; and who agreed to what was made did not agree to make it again.
        self.walk.shown, self.consent = Shown(), None
        self.breaking, self.broken, self.has_mended = None, None, False
        return self.start("removing", work)

    def _forget_undone(self) -> None:
        """Take note of what is gone, by the journal: with a thing goes what stood in it, or named it."""
        journaled = self.walk.journal.states if self.walk.journal else {}
        for write in [write for write in self.states if journaled.get(write) == "undone"]:
            self.states.pop(write)
