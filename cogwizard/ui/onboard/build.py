"""One walk-through with what is going on in it: it outlives its page, and does one thing at a time, in a thread."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from cogwizard.model.answer import Answer
from cogwizard.model.read import Unread
from cogwizard.model.read_web import Replay
from cogwizard.model.write import Write
from cogwizard.steps import ONBOARD
from cogwizard.ui.onboard.doing import Doing

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


def up_to(step: str) -> frozenset[str]:
    """Return the writes of a step and of all before it, by their ids."""
    return frozenset(write for each in STEPS[: STEPS.index(step) + 1] for write in WRITES[each])


class Build(Doing):
    """A walk-through that was prepared. `states` and `removals` by write; `doing`: the action of the write that is
    being made; `broken`: the call that a fault made fail, and its answer.
    """

    def __init__(self, walk: "Walkthrough", clock: Callable[[], float]) -> None:
        """Take a walk-through; what an earlier process made of it counts as done."""
        super().__init__(clock)
        self.walk = walk
        self.consent: Consent | None = None
        self.knows_password = False
        self.states: dict[str, State] = {}
        self.removals: dict[str, Removal] = {}
        self.breaking: Breaking | None = None
        self.broken: tuple[Call, Answer | Unread] | None = None
        self.has_mended = self.is_removed = self.is_closed = False
        self.doing = ""
        walk.sleep = self.pause
        journaled = walk.journal.states if walk.journal else {}
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
    def is_looking(self) -> bool:
        """Whether what an earlier process made is looked at."""
        return self._is_busy and self.words == "looking"

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

    def has_ended(self) -> None:
        """See `Doing`: of a write that was on its way the journal knows."""
        self.doing = ""
        for write in [write for write, state in self.states.items() if state.kind in UNDER_WAY]:
            self.states.pop(write)

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
