"""Joining judged as a whole: every step, what happened in the place of what was only read, the order of causes."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

from cogwizard.model.code import CODES
from cogwizard.model.finding import Finding
from cogwizard.model.join import Joining
from cogwizard.model.read import Unread
from cogwizard.steps import JOIN
from cogwizard.steps.join_call import JoinCallStep

Outcome = Literal["fault", "healthy", "inconclusive"]
_SETTLED = ("pass", "fail", "warn")


def judge(joining: Joining, called: Sequence[Finding] = ()) -> list[Finding]:
    """Return one finding for each check, in the order of the steps. Pure; raises nothing.

    `called`: the findings of the diagnosis of the call, where it was made.
    """
    found: dict[str, Finding] = {}
    for step in JOIN:
        later = list(step.judge(joining))
        if step.id == JoinCallStep.id:
            later += [replace(item, step=step.id) for item in called]
        for item in later:
            found[item.code] = _newer(found.get(item.code), item)
    return list(found.values())


def _newer(before: Finding | None, after: Finding) -> Finding:
    """Return what counts of two findings of one check: what happened, unless it left open what was read.

    It stays on the screen of the step that looked first, but for what stopped the sign-in or the call.
    """
    if before is None:
        return after
    is_ours = CODES[before.code].group == "us"
    if before.verdict in _SETTLED and after.verdict not in _SETTLED and not is_ours:
        return before
    if is_ours and before.verdict == "unknown" and after.verdict != "unknown":
        return before
    return after if after.verdict == "fail" else replace(after, step=before.step)


def causes(findings: Iterable[Finding], called: Sequence[str] = ()) -> list[str]:
    """Return the codes that stop sign-in or call, in the order in which one meets them.

    `called`: the causes of the diagnosis of the call, in its order.
    """
    found = [item.code for item in findings if item.verdict == "fail" and item.explained_by is None]
    return [code for code in found if code not in called] + [code for code in called if code in found]


def outcome(findings: Iterable[Finding], *, done: bool = False) -> Outcome:
    """Return `fault` with a cause, `healthy` once the call got through (`done`): what was not read then hides nothing.

    Until then it is `inconclusive`, however well all looks: only the sign-in and the call prove the rest.
    """
    return "fault" if causes(findings) else "healthy" if done else "inconclusive"


def reads(joining: Joining) -> tuple[Unread, ...]:
    """Return the reads that gave nothing."""
    return tuple(value for value in joining.facts.values() if isinstance(value, Unread))
