"""A token's life against the time at which API Gateway saw the call (interface, "What time is it?")."""

from collections.abc import Iterator
from datetime import UTC, datetime

from cogwizard.gateway import read_answer
from cogwizard.model.case import Case
from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.token import Token
from cogwizard.steps.step import Say, proves

# Cognito's and API Gateway's clocks may differ by seconds; AWS documents no tolerance for REST (research 1.7 [U]).
_DRIFT = 10.0
# Half of SigV4's window (15 minutes) is past what an ordinary clock is off; the least margin that cases name is 5.
_SKEW = 300.0


def moment(seconds: float) -> str:
    """Return a Unix time as `2026-11-21 04:06:10 UTC`, or the bare number where no calendar reaches."""
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (ValueError, OverflowError, OSError):
        return f"{seconds:.0f} s"


def span(seconds: float) -> str:
    """Return a length of time in the two largest units: `42 min`, `1 h 5 min`, `3 d 2 h`."""
    left = int(min(1e15, abs(seconds)))
    parts = []
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        if left >= size:
            parts.append(f"{left // size} {unit}")
            left %= size
    return " ".join(parts[:2]) or "0 s"


def judge_times(case: Case, token: Token, say: Say) -> Iterator[Finding]:
    """Yield `token-expired`, `token-not-yet-valid`, `clock-skew`."""
    yield _expiry(case, token, say)
    yield _start(case, token, say)
    yield judge_skew(case, say)


def _clock_source(case: Case) -> str:
    if case.observed and case.observed.date is not None:
        return "the answer's Date"
    return "the local clock"


def _expiry(case: Case, token: Token, say: Say) -> Finding:
    code, expiry = "token-expired", token.time_claim("exp")
    if proves(case, code):
        if expiry is not None and expiry > case.clock:
            # An answer that was pasted may be older than the token that was given with it.
            said = Evidence("expiry", "in the future", "The incoming token has expired", "the answer's body")
            pasted = case.observed is not None and case.observed.received_at is None
            return say.failed(code, said, variant="proven-other" if pasted else "proven", expiry=moment(expiry))
        actual = moment(expiry) if expiry is not None else "no readable exp"
        evidence = Evidence("expiry", f"after {moment(case.clock)}", actual, "the answer's body, claim exp")
        return say.failed(code, evidence, variant="proven")
    if expiry is None:
        return say.unknown(code, variant="unknown")
    now = case.clock
    evidence = Evidence("expiry", f"after {moment(now)}", moment(expiry), f"claim exp, {_clock_source(case)}")
    params = {"expiry": moment(expiry), "now": moment(now), "age": span(now - expiry)}
    if expiry > now:
        return say.passed(code, evidence, expiry=moment(expiry), left=span(expiry - now))
    if case.observed is None:
        return say.failed(code, evidence, variant="local", **params)
    if case.observed.date is None:
        # The local clock says when it was read, not when the call was made. With the body "Unauthorized" an expired
        # token is possible and not proven: API Gateway usually says so in the body (research F2 [R]).
        return say.warned(code, evidence, variant="warn", **params)
    return say.failed(code, evidence, **params)


def _start(case: Case, token: Token, say: Say) -> Finding:
    code, now = "token-not-yet-valid", case.clock
    starts = [(token.time_claim(name), name) for name in ("nbf", "iat")]
    for start, name in starts:
        if start is not None and start > now + _DRIFT:
            evidence = Evidence("start", f"before {moment(now)}", moment(start), f"claim {name}, {_clock_source(case)}")
            params = {"claim": name, "start": moment(start), "now": moment(now)}
            seen = case.observed
            if seen and seen.received_at is None and (seen.date is None or start <= case.now + _DRIFT):
                # No Date; or an answer that is older than this token, which then was not in that call.
                return say.warned(code, evidence, variant="fail", **params)
            return say.failed(code, evidence, **params)
    return say.passed(code)


def judge_skew(case: Case, say: Say) -> Finding:
    """Yield `clock-skew`: this machine's clock against the Date of an answer that we received ourselves."""
    code, answer = "clock-skew", case.observed
    if answer is None or answer.received_at is None or answer.date is None or not read_answer(answer).gates:
        return say.skipped(code, "no-answer")
    skew = answer.received_at - answer.date
    evidence = Evidence("clock", moment(answer.date), moment(answer.received_at), "the answer's Date, the local clock")
    if abs(skew) >= _SKEW:
        return say.warned(code, evidence, skew=span(skew))
    return say.passed(code, evidence, skew=span(skew))
