"""What the judgements of a sign-in share: how one cause, the facts and what the answer proves become findings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from cogwizard.model.attempt import Attempt, Refusal
from cogwizard.model.client import shown_id
from cogwizard.model.code import CODES
from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.inert import inert
from cogwizard.model.read import Unread
from cogwizard.steps.step import Say

# Checks in the order in which Cognito makes them. AWS documents no order within a stage.
Stages = tuple[tuple[str, ...], ...]
_LONGEST = 300  # characters of a foreign message in a sentence
_NO_PART = ("public-client", "no-challenge", "not-sent")  # what has no part in a sign-in, passed or not
# Where the page of another group tells that a check held, it tells it of the call to the API.
_PASSED = {"waf-block": "signin-pass"}


@dataclass(frozen=True)
class Ruling:
    """What the answer says by itself, with the facts beside it.

    `cause`: the one check that it comes from; `possible`: those that it could come from where nothing tells them apart.
    `reached`: the first stage that the answer does not prove to be passed; None where nobody answered.
    `facts`: findings that hold whatever the answer was, by code.
    """

    facts: Mapping[str, Finding]
    cause: Finding | None = None
    possible: tuple[str, ...] = ()
    reached: int | None = None


def settle(attempt: Attempt, say: Say, stages: Stages, ruling: Ruling) -> list[Finding]:
    """Return one finding for each check of `stages`, the fails in the order of causes.

    What the answer got past is passed. Where it stopped and after it the facts speak: what would stop the next try is a
    fail too. What neither tells is unknown at that stage, and skipped after it.
    """
    ruling = _confirmed(ruling)
    named = (ruling.cause.code,) if ruling.cause else ruling.possible
    stages = _with(stages, named)
    reached = _reached(stages, ruling, named)
    found = []
    for place, stage in enumerate(stages):
        blamed = ruling.cause.code if ruling.cause else None
        for code in sorted(stage, key=lambda item: item != blamed):
            if ruling.cause is not None and code == blamed:
                found.append(ruling.cause)
            else:
                found.append(_other(attempt, say, code, place - reached, ruling))
    return found


def _confirmed(ruling: Ruling) -> Ruling:
    """Return the ruling with what the facts prove of its cause beside the answer."""
    cause = ruling.cause
    fact = ruling.facts.get(cause.code) if cause else None
    if cause is None or fact is None or fact.verdict != "fail":
        return ruling
    more = tuple(item for item in fact.evidence if item not in cause.evidence)
    return replace(ruling, cause=replace(cause, evidence=(*cause.evidence, *more)))


def _with(stages: Stages, named: Iterable[str]) -> Stages:
    """Return the stages with what the answer names of another group before them: a pool, a firewall."""
    more = tuple(code for code in named if not any(code in stage for stage in stages))
    return (more, *stages) if more else stages


def _reached(stages: Stages, ruling: Ruling, named: Sequence[str]) -> int:
    if named:
        return max(place for place, stage in enumerate(stages) if set(named).intersection(stage))
    return -1 if ruling.reached is None else ruling.reached


def _other(attempt: Attempt, say: Say, code: str, beyond: int, ruling: Ruling) -> Finding:
    fact = ruling.facts.get(code)
    if code in ruling.possible and attempt.refusal and (fact is None or fact.verdict == "unknown"):
        because = fact.because if fact else ()
        return say.unknown(code, variant="possible", because=because, message=message_of(attempt.refusal))
    if beyond < 0:
        is_so = fact is not None and (fact.verdict == "pass" or fact.variant in _NO_PART)
        return fact if fact is not None and is_so else say.passed(code, variant=_PASSED.get(code, "pass"))
    if fact is not None and (beyond == 0 or fact.verdict != "unknown" or not ruling.cause):
        return fact
    if ruling.cause is not None and beyond > 0:
        return say.skipped(code, "masked", by=ruling.cause.code)
    return say.unknown(code, variant="not-said" if answered(attempt) else "not-tried")


def answered(attempt: Attempt) -> bool:
    """Whether Cognito itself said something: tokens, a challenge or a refusal of its own."""
    refusal = attempt.refusal
    return bool(attempt.tokens or attempt.challenge) if refusal is None else refusal.reason is None


def is_tried(attempt: Attempt) -> bool:
    """Whether anything was sent. What a sign-in did not send is no fault before that."""
    return bool(attempt.tokens or attempt.challenge or attempt.refusal)


def message_of(refusal: Refusal) -> str:
    """Return what was answered in one line: `error: message`, or the status where there is neither."""
    parts = [inert(part, _LONGEST) for part in (refusal.error, refusal.message) if part.strip()]
    return ": ".join(parts) or f"HTTP {refusal.status}"


def answer_evidence(refusal: Refusal) -> Evidence:
    """Return the answer as the proof of a cause."""
    return Evidence("answer", "tokens", message_of(refusal), refusal.operation)


def blame(say: Say, code: str, refusal: Refusal, variant: str | None = None, *more: Evidence) -> Finding:
    """Return the cause that an answer comes from, with the answer as its first proof.

    `variant` chooses the sentence; None the one of the code's page that quotes the answer, which signing in and OAuth
    have, else a general one.
    """
    quoting = "proven" if CODES[code].group in ("signin", "oauth") else "told"
    return say.failed(code, answer_evidence(refusal), *more, variant=variant or quoting, message=message_of(refusal))


def unread_findings(say: Say, codes: Iterable[str], value: Unread) -> dict[str, Finding]:
    """Return what a read that gave nothing leaves open."""
    read = value.read
    return {code: say.unknown(code, because=(read,), actions=read.action) for code in codes}


def listed(names: Sequence[str]) -> str:
    """Return names as a cell of evidence; no name is "none"."""
    return ", ".join(shown_id(name) for name in names[:40]) or "none"
