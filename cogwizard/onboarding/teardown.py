"""Taking a run away again: exactly what it made, in reverse, each proven to be gone."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from cogwizard.aws.calls import CallFailed, Calls
from cogwizard.model.write import Write, fill
from cogwizard.onboarding.journal import Journal
from cogwizard.onboarding.look import Seen, look
from cogwizard.onboarding.plan import Plan

_PATIENCE = 120.0  # seconds: API Gateway deletes one API in 30 s for an account [D: its quotas]
_PAUSE = 2.0  # seconds
_WITH_IT = {"log-group"}  # what Lambda may make anew at a late call, without a tag


@dataclass(frozen=True)
class Removal:
    """What became of a thing. `gone`: it was there and is not any more; `absent`: it was not there; `foreign`: what
    is there now is not this run's; `remains`: `failed` says why."""

    write: Write
    state: Literal["removing", "gone", "absent", "foreign", "remains"]
    failed: CallFailed | None = None


def owned(plan: Plan, journal: Journal) -> list[Write]:
    """Return the writes of a run whose things are taken away by themselves, in the order in which that is done."""
    touched = [write for write in plan.writes if journal.states.get(write.id) in ("intended", "done")]
    return [write for write in reversed(touched) if write.undo is not None and write.inside is None]


def _hanging(plan: Plan, journal: Journal, write: Write) -> list[str]:
    """Return the ids of the writes that hold no more once that of `write` is gone: inside it, or naming its ids."""
    gone, ids = {write.id}, set(write.gives)
    for each in plan.writes:  # in order: each hangs on earlier ones alone
        if each.inside in gone or each.names() & ids:
            gone.add(each.id)
            ids |= each.gives.keys()
    return [name for name in gone - {write.id} if journal.states.get(name) in ("intended", "done")]


def teardown(
    calls: Calls,
    plan: Plan,
    journal: Journal,
    *,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Removal]:
    """Take away what a run made; go on where something cannot be. Once nothing remains the journal is removed.

    Raises JournalError.
    """
    remains = False
    for write in owned(plan, journal):
        yield Removal(write, "removing")
        before, inner = journal.states[write.id], _hanging(plan, journal, write)
        for name in (write.id, *inner):
            if journal.states[name] == "done":
                # A run that goes on after this one was broken off must not take it as there.
                journal.note(name, "intended")
        found = _remove(calls, plan, journal, write, sleep, clock, was_done=before == "done")
        remains = remains or found.state == "remains"
        if found.state != "remains":
            for name in (*inner, write.id):
                journal.note(name, "undone")
        yield found
    if not remains:
        journal.remove()


def _remove(
    calls: Calls,
    plan: Plan,
    journal: Journal,
    write: Write,
    sleep: Callable[[float], None],
    clock: Callable[[], float],
    *,
    was_done: bool,
) -> Removal:
    values = {**plan.values, **journal.values}
    end = clock() + _PATIENCE
    sent = False
    is_doubtful = write.id in journal.unsure and any(name in values for name in write.gives)
    while True:
        try:
            seen = look(calls, write.id, values)
            if seen is None and is_doubtful:
                # It was sent more than once: there may be another one, which the journal has no id of.
                is_doubtful, values = False, {name: values[name] for name in values if name not in write.gives}
                continue
            if seen is None:
                return Removal(write, "gone" if sent else "absent")
            if not seen.is_ours and not (was_done and _is_left_over(calls, write, values, seen)):
                if write.gives:
                    # AWS gave the run this very id: without its tag it is nobody else's, and not forgotten.
                    return Removal(write, "remains", CallFailed(write.action, "failed", "tag-missing"))
                return Removal(write, "foreign")
            sent = True
            _undo(calls, write, values, seen)
        except CallFailed as error:
            passes = error.reason == "throttled" or error.is_lost
            if error.reason != "absent" and not passes:
                return Removal(write, "remains", error)
            if clock() >= end:
                return Removal(write, "remains", error)
        if clock() >= end:
            return Removal(write, "remains", CallFailed(write.action, "failed", "still-there"))
        if sent and look_again(calls, write, values):
            continue
        sleep(_PAUSE)


def _is_left_over(calls: Calls, write: Write, values: dict[str, str], seen: Seen) -> bool:
    """Whether it is what the run's function, which is gone, made anew. Raises CallFailed."""
    return write.id in _WITH_IT and seen.is_unmarked and look(calls, "function", values) is None


def look_again(calls: Calls, write: Write, values: dict[str, str]) -> bool:
    """Whether it is seen at once that the thing is gone; what AWS takes its time for is looked at again later."""
    try:
        return look(calls, write.id, values) is None
    except CallFailed:
        return False


def _undo(calls: Calls, write: Write, values: dict[str, str], seen: Seen) -> None:
    if write.undo is not None:
        parameters = fill(write.undo.params, {**values, **seen.values})
        calls.write(write.service, write.undo.operation, parameters)
