"""A run of the walk-through: what was agreed to is made, write by write, each journaled before it is sent."""

import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from cogwizard.aws.calls import CallFailed, Calls
from cogwizard.aws.signin import Refused, SignInCalls
from cogwizard.model.function import package
from cogwizard.model.write import SECRETS, Write, fill, picked, starred
from cogwizard.onboarding.journal import Journal, JournalError, is_id
from cogwizard.onboarding.look import Seen, look
from cogwizard.onboarding.merge import unknown_to_sdk, with_flows
from cogwizard.onboarding.plan import Consent, Plan
from cogwizard.signin.cognito import Conversation
from cogwizard.steps.onboard_password import CHALLENGE, PASSWORD

_PATIENCE = 90.0  # seconds in which what passes by itself has to have passed: IAM's delay, a rate limit
_PAUSE = 2.0  # seconds between two attempts
_LATE = 4  # looks, a pause apart, for what was made although no answer came
State = Literal["waiting", "sending", "retrying", "checking", "done"]


class NotAgreed(Exception):
    """What was to be made is not what the user agreed to."""


class NotMade(Exception):
    """A write that AWS refused, or of which no answer came. `failed` says why; `write` is its id."""

    def __init__(self, write: Write, failed: CallFailed, permission: str = "") -> None:
        """Take the write, why, and the permission that it needs."""
        super().__init__(f"{write.id}: {failed}")
        self.write, self.failed, self.permission = write, failed, permission


@dataclass(frozen=True)
class Progress:
    """How far a write is. `seen` once it is done, as it was read back; `warnings`: keys of sentences, with details."""

    write: Write
    state: State
    seen: Seen | None = None
    warnings: tuple[tuple[str, str], ...] = ()


def new_password() -> str:
    """Return a password that every policy of ours takes: 24 characters of all four kinds."""
    lower, upper, digits, symbols = "abcdefghjkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789", "-_.!#%+="
    chars = [secrets.choice(kind) for kind in (lower, upper, digits, symbols)]
    chars += [secrets.choice(lower + upper + digits) for _ in range(20)]
    secrets.SystemRandom().shuffle(chars)
    return "".join(chars)


@dataclass
class Hidden:
    """The passwords of a run: in memory alone. `temporary` is None for a run that was begun by another process."""

    password: str = field(default_factory=new_password, repr=False)
    temporary: str | None = field(default=None, repr=False)


class Run:
    """Makes what is agreed to. Blocking; one thread at a time."""

    def __init__(
        self,
        calls: Calls,
        plan: Plan,
        consent: Consent,
        journal: Journal,
        hidden: Hidden,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the plan and the consent to it. Raises NotAgreed for a consent to something else."""
        if consent.digest != plan.digest:
            raise NotAgreed
        self.calls, self.plan, self.journal, self.hidden = calls, plan, journal, hidden
        self._sleep, self._clock = sleep, clock

    @property
    def values(self) -> dict[str, str]:
        """All that is known by name."""
        return {**self.plan.values, **self.journal.values}

    def left(self) -> list[Write]:
        """Return the writes that are not done yet."""
        return [write for write in self.plan.writes if self.journal.states.get(write.id) != "done"]

    def make(self, only: frozenset[str] | None = None) -> Iterator[Progress]:
        """Make what is left, or of it those writes whose ids are in `only`; tell each as it goes.

        Raises NotMade for the first that was not made, JournalError. What was made until then stays, and is known.
        """
        for write in self.left():
            if only is None or write.id in only:
                yield from self._make(write)

    def set_password(self) -> Iterator[Progress]:
        """Set the user's lasting password, as an administrator does. Raises as `make`."""
        yield from self._make(PASSWORD)

    def send_change(self, write: Write) -> None:
        """Send a change that can be sent any number of times, until a passing refusal has passed. Raises CallFailed."""
        end = self._clock() + _PATIENCE
        while True:
            try:
                self.calls.write(write.service, write.operation, fill(write.params, self.values))
                return
            except CallFailed as error:
                if not (self._passes(write, error) or error.is_lost) or self._clock() >= end:
                    raise
            self._sleep(_PAUSE)

    def _make(self, write: Write) -> Iterator[Progress]:
        if self.journal.states.get(write.id) == "intended" and not write.is_change:
            yield Progress(write, "checking")
            if (found := self._found(write)) is not None:
                yield from self._prove(write, found)
                return
        yield Progress(write, "sending")
        self.journal.intend(write.id)
        end = self._clock() + _PATIENCE
        while True:
            try:
                given, warnings = self._send(write)
                break
            except CallFailed as error:
                if error.is_lost:
                    late = self._found_late(write)
                elif self._passes(write, error):
                    late = None
                else:
                    late = self._refused(write, error)
                if late is not None:
                    given, warnings = late, ()
                    break
                if self._clock() >= end:
                    raise self._not_made(write, error) from None
                if error.is_lost:
                    self.journal.intend(write.id)
            yield Progress(write, "retrying")
            self._sleep(_PAUSE)
        yield from self._prove(write, given, warnings)

    def _prove(
        self, write: Write, given: Mapping[str, str], warnings: tuple[tuple[str, str], ...] = ()
    ) -> Iterator[Progress]:
        """Read back what was made until it is there and ready, then take it as done."""
        known = {**self.values, **given}
        yield Progress(write, "checking")
        end = self._clock() + _PATIENCE
        # Whose it is is asked of what AWS named: the answer may have named something of somebody else's.
        while not ((seen := self._look(write, known)) and seen.is_ready and (seen.is_ours or not write.gives)):
            if self._clock() >= end:
                raise self._not_made(write, CallFailed(write.action, "failed", "not-there"))
            self._sleep(_PAUSE)
        self.journal.note(write.id, "done", self._ids(write, {**seen.values, **given}))
        yield Progress(write, "done", seen, warnings)

    def _ids(self, write: Write, given: Mapping[str, str]) -> dict[str, str]:
        """Return what a write gives. Raises NotMade where an id is missing, or has no form of an id."""
        ids = {name: given.get(name, "") for name in write.gives}
        if odd := next((name for name, value in ids.items() if not is_id(value)), None):
            raise self._not_made(write, CallFailed(write.action, "malformed", f"no {odd}", is_lost=True))
        return ids

    def _found(self, write: Write) -> dict[str, str] | None:
        """Return what a write gives whose thing is there and this run's, None without one. Raises NotMade."""
        seen = self._look(write)
        return self._ids(write, seen.values) if seen and seen.is_ours else None

    def _found_late(self, write: Write) -> dict[str, str] | None:
        """Look for what was made although no answer came. Raises NotMade."""
        # A password that is set does not tell which one, unless only this process knew what it takes to set it.
        if write.is_change and not (write is CHALLENGE and self.hidden.temporary is not None):
            return None
        for again in range(_LATE):
            if again:
                self._sleep(_PAUSE)
            if (found := self._found(write)) is not None:
                return found
        return None

    def _refused(self, write: Write, error: CallFailed) -> dict[str, str] | None:
        """Take a refusal: nothing was made, and what stands there under this name is not ours. Raises NotMade.

        Unless it was sent before, and no answer came: then that one may have been made, and stand in the way.
        """
        if write.id not in self.journal.unsure:
            self.journal.note(write.id, "refused")
        elif not write.is_change and (found := self._found(write)) is not None:
            return found
        raise self._not_made(write, error) from None

    def _look(self, write: Write, values: Mapping[str, str] | None = None) -> Seen | None:
        try:
            return look(self.calls, write.id, self.values if values is None else values)
        except CallFailed as error:
            raise self._not_made(write, error) from None

    @staticmethod
    def _passes(write: Write, error: CallFailed) -> bool:
        """Whether the refusal is one that passes by itself."""
        kind, text = write.until or ("", "")
        return error.reason == "throttled" or bool(kind and error.error == kind and text in error.detail)

    def _not_made(self, write: Write, error: CallFailed) -> NotMade:
        needed = [f"{action} on {starred(resource, self.values)}" for action, resource in write.permissions]
        return NotMade(write, error, needed[0] if error.action == write.action else error.action)

    # -- the calls ---------------------------------------------------------------------------------------------------

    def _send(self, write: Write) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
        if write is CHALLENGE and self.hidden.temporary is not None:
            self._answer_challenge(self.hidden.temporary)
            return {}, ()
        if write is CHALLENGE:
            # The temporary password was in the memory of a process that is gone: an administrator sets the lasting one.
            self._write(PASSWORD)
            return {}, (("password by admin", ""),)
        if write.adds_flows:
            return {}, self._update_client(write)
        try:
            return picked(write, self._write(write)), ()
        except LookupError as error:
            raise CallFailed(write.action, "malformed", f"no {error.args[0]}", is_lost=True) from None

    def _write(self, write: Write) -> dict[str, object]:
        known = dict(self.values)
        if write.names() & set(SECRETS):
            if self.hidden.temporary is None:
                self.hidden.temporary = new_password()
            known |= {"password": self.hidden.password, "temporary_password": self.hidden.temporary}
        try:
            parameters = fill(write.params, known, package())
        except KeyError:
            raise JournalError("journal-unreadable", self.journal.path) from None
        hidden = tuple(known[name] for name in SECRETS if name in known)
        return self.calls.write(write.service, write.operation, parameters, hidden)

    def _update_client(self, write: Write) -> tuple[tuple[str, str], ...]:
        """Send an app client back as it is, with the flows added (research 7.4 [D])."""
        told, raw = self.calls.app_client(fill(write.params, self.values))
        accepted = self.calls.accepted(write.service, write.operation)
        lost = unknown_to_sdk(raw, accepted)
        self.calls.write(write.service, write.operation, with_flows(told, accepted, write.adds_flows))
        return (("sdk is old", ", ".join(lost)),) if lost else ()

    def _answer_challenge(self, temporary: str) -> None:
        """Sign in with the temporary password, and answer NEW_PASSWORD_REQUIRED as the user does."""
        call = SignInCalls(self.calls.clients, self.calls.region).call
        values = self.values
        talk = Conversation(call, values["client_id"], values["username"])
        try:
            talk.start("password", temporary)
            if talk.challenge is not None and talk.challenge.name == "NEW_PASSWORD_REQUIRED":
                talk.answer({"NEW_PASSWORD": self.hidden.password})
        except Refused as error:
            refusal = error.refusal
            lost = refusal.reason in ("unreachable", "malformed", "failed")
            action = f"cognito-idp:{refusal.operation}"
            raise CallFailed(action, refusal.reason or "failed", refusal.error, refusal.message, is_lost=lost) from None
