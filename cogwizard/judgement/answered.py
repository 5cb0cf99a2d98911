"""What the observed answer settles, refutes and leaves open (interface, section 3)."""

from dataclasses import replace
from typing import TypeGuard

from cogwizard.gateway import Reading, before, explains, gate_of
from cogwizard.judgement.order import fails, is_browsers
from cogwizard.model.case import Case
from cogwizard.model.code import CODES
from cogwizard.model.finding import Evidence, Finding, Verdict
from cogwizard.model.read_api import AuthorizerTest
from cogwizard.prediction import Prediction, shown
from cogwizard.steps.authorizer import mode_test
from cogwizard.steps.canary import CANARY

UNEXPLAINED = "answer-not-explained"


def is_refusal(seen: Reading | None) -> TypeGuard[Reading]:
    """Whether the answer is a refusal by a gate of API Gateway that can be told."""
    return seen is not None and not {"front", "unknown", "backend"}.intersection(seen.gates)


def is_plain_refusal(seen: Reading | None) -> bool:
    """Whether the answer is the authorizer's bare 401, which many causes share."""
    return seen is not None and seen.gates == ("authorizer",) and seen.proves is None


def blame_canary(findings: list[Finding], seen: Reading) -> list[Finding]:
    """`canary-differs` is the cause where nothing else at the gates that refused explains the answer (interface, 4)."""
    rivals = (item for item in findings if item.code != CANARY)
    if any(
        (item.verdict == "fail" and explains(item.code, seen))
        or (item.verdict == "unknown" and gate_of(item.code) in seen.gates)
        for item in rivals
    ):
        return findings
    return [
        replace(item, verdict="fail", variant="fail")
        if item.code == CANARY and item.verdict == "warn" and explains(CANARY, seen)
        else item
        for item in findings
    ]


def blame_issuer(findings: list[Finding]) -> list[Finding]:
    """`issuer-updated` is the cause where nothing else of the authorizer's gate explains a plain 401 (1.8 [R])."""
    if any(item.verdict in ("fail", "unknown") and gate_of(item.code) == "authorizer" for item in findings):
        return findings
    return [
        replace(item, verdict="fail", variant="fail")
        if item.code == "issuer-updated" and item.verdict == "warn"
        else item
        for item in findings
    ]


def settled_by(seen: Reading | None, findings: list[Finding]) -> frozenset[str]:
    """Return the gates that the observed answer proves passed.

    Several gates share one fingerprint (`Forbidden`): then the first failing one of them is taken for its author.
    """
    if seen is None or not seen.gates:
        return frozenset()
    authors = (gate_of(item.code) for item in fails(findings) if explains(item.code, seen))
    return before(next(authors, None) or seen.gates[0])


def is_contradicted(case: Case, seen: Reading | None, causes: list[str], refuted: list[Finding]) -> bool:
    """Whether the observed answer is not what was predicted: a refusal that no cause explains, or a call that got
    past a gate that should have stopped it."""
    if seen is None or case.observed is None:
        return False
    if refuted:
        return True
    # Below 300 a proxy may have answered as well (a captive portal): that settles nothing, and contradicts nothing.
    return case.observed.status >= 300 and seen.gates != ("backend",) and not causes


def compared(case: Case, seen: Reading | None, prediction: Prediction, contradiction: bool) -> Finding:
    """Return the finding that compares the observed answer, and the test mode's, with the prediction."""
    predicted = shown(prediction)
    test = case.known(mode_test(case), AuthorizerTest)
    finding = Finding(UNEXPLAINED, "verdict", "pass", "pass")
    if case.offline and seen is None:
        return replace(finding, verdict="skipped", variant="no-answer")
    if contradiction and seen is not None and case.observed is not None:
        observed = f"{case.observed.status} {seen.error_type or ''} ({'/'.join(seen.gates)})"
        evidence = Evidence("answer", predicted, observed, "the observed answer, the prediction")
        params = {"observed": observed, "predicted": predicted}
        return replace(finding, verdict="unknown", variant="unknown", params=params, evidence=(evidence,))
    if test is not None and not test.accepted and prediction.cause is None:
        tested = f"clientStatus {test.client_status}"
        evidence = Evidence("test mode", predicted, tested, "TestInvokeAuthorizer (draft), the prediction")
        params = {"tested": tested, "predicted": predicted}
        # The test mode sees the draft; an answer that got through is the better witness.
        verdict: Verdict = "warn" if seen is not None and seen.gates == ("backend",) else "unknown"
        return replace(finding, verdict=verdict, variant="test", params=params, evidence=(evidence,))
    return replace(finding, verdict="skipped", variant="no-answer") if seen is None else finding


def is_open(item: Finding, settled: frozenset[str], case: Case) -> bool:
    """Whether a finding leaves something open that could hide a cause of this call."""
    if item.code == "issuer-updated" and item.verdict == "warn":
        return case.observed is None
    if item.verdict != "unknown":
        return False
    if CODES[item.code].group == "us":
        return False
    if is_browsers(item.code):
        return True  # no answer that got through settles what a page may read of it
    gate = gate_of(item.code)
    if gate is None:
        # The draft's differences can hide a cause at any gate: only a call that got through settles them.
        return "api-key" not in settled
    return gate not in settled


def observed_gate_of(seen: Reading | None, live: list[Finding]) -> str | None:
    """Return the gate that answered, None where nothing was observed.

    Of several that share a fingerprint it is the first failing one's.
    """
    if seen is None:
        return None
    if len(seen.gates) == 1:
        return seen.gates[0]
    for gate in (gate_of(item.code) for item in live):
        if gate in seen.gates:
            return gate
    return seen.gates[0] if "route" in seen.gates else "unknown"
