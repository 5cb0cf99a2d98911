"""From findings to causes: the order of the gates, what masks what, draft against deployed, prediction, outcome.

Pure: same case, same judgement. The rules are those of the interface, section 3.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from cogwizard.gateway import Reading, explains, gate_of
from cogwizard.judgement.answered import (
    blame_canary,
    blame_issuer,
    compared,
    is_contradicted,
    is_open,
    is_plain_refusal,
    is_refusal,
    observed_gate_of,
    settled_by,
)
from cogwizard.judgement.order import fails, is_browsers
from cogwizard.judgement.undeployed import CHANGES, causes_of, mended_by_deploying, merge
from cogwizard.model.api import View
from cogwizard.model.case import Case
from cogwizard.model.code import CODES
from cogwizard.model.finding import Finding
from cogwizard.model.read import Unread
from cogwizard.prediction import Predictions, predict
from cogwizard.steps import http_api
from cogwizard.steps.logged import confirmed
from cogwizard.steps.preflight import is_preflight
from cogwizard.steps.preflight_told import as_preflight
from cogwizard.steps.step import Step, reading

Outcome = Literal["fault", "healthy", "inconclusive"]
_OF_ANY_API = {http_api.CODE, "custom-domain-mapping", "mutual-tls"}


@dataclass(frozen=True)
class Hidden:
    """A read that gave nothing, and the codes that it could hide."""

    unread: Unread
    hides: tuple[str, ...]


@dataclass(frozen=True)
class Judgement:
    """The result of a diagnosis. `causes` are codes in the order in which API Gateway would meet them."""

    case: Case
    outcome: Outcome
    causes: tuple[str, ...]
    findings: tuple[Finding, ...]
    predicted: Predictions
    reading: Reading | None
    observed_gate: str | None
    unread: tuple[Hidden, ...]


def judge(case: Case, steps: Sequence[Step]) -> Judgement:
    """Judge a case in both views and put the findings in order."""
    deployed = _judge_view(case, steps, "deployed")
    draft = _judge_view(case, steps, "draft")
    seen = reading(case)
    if is_plain_refusal(seen) and not case.seen_as("deployed").api.assumed:
        deployed, draft = blame_issuer(deployed), blame_issuer(draft)
    if is_refusal(seen):
        deployed, draft = blame_canary(deployed, seen), blame_canary(draft, seen)

    settled = settled_by(seen, deployed)
    foreseen = fails(deployed)
    refuted = [item for item in foreseen if gate_of(item.code) in settled]
    deployed = [replace(item, verdict="warn") if item in refuted else item for item in deployed]

    # What the answer refutes as deployed is not believed of the draft either.
    wrong = {item.code for item in refuted}
    live, drafted = fails(deployed), [item for item in fails(draft) if item.code not in wrong]
    if is_refusal(seen) and not any(explains(item.code, seen) for item in live):
        # What is wrong here would stop the call later on; what stopped it is none of this. What a browser minds beside
        # it was judged by the answers themselves, and explains none.
        refuted = refuted or [item for item in live if not is_browsers(item.code)]
        deployed = [
            replace(item, verdict="warn") if item.verdict == "fail" and not is_browsers(item.code) else item
            for item in deployed
        ]
        live, drafted = ([item for item in found if is_browsers(item.code)] for found in (live, drafted))
    mended = mended_by_deploying(live, draft) if CHANGES in {item.code for item in deployed} else set()
    causes = causes_of(live, drafted, mended)
    findings = merge(case, deployed, drafted, mended, causes)
    contradiction = is_contradicted(case, seen, [code for code in causes if not is_browsers(code)], refuted)
    holes = [item for item in findings if is_open(item, settled, case)]
    # Predicted is what API Gateway answers to the call: what a browser makes of that is another matter.
    open_ = [item for item in holes if not is_browsers(item.code)]
    unanswered = compared(case, seen, predict(case.seen_as("deployed"), foreseen, open_), contradiction)
    findings.append(unanswered)

    outcome: Outcome = "healthy"
    if causes:
        outcome = "fault"
    elif holes or case.offline or contradiction or unanswered.verdict == "unknown":
        outcome = "inconclusive"
    predicted = Predictions(
        deployed=predict(case.seen_as("deployed"), foreseen, open_),
        # With the draft deployed there is a deployment.
        draft=predict(
            case.seen_as("draft"),
            [item for item in fails(draft) if item.code != "never-deployed"],
            [item for item in _still_open(draft, settled, case) if not is_browsers(item.code)],
        ),
        after_fixes=predict(case, [], open_),
    )
    judged = Judgement(
        case,
        outcome,
        tuple(causes),
        tuple(findings),
        predicted,
        seen,
        observed_gate_of(seen, live),
        _hidden(case, findings),
    )
    return _of_preflight(judged) if is_preflight(case) else judged


def _of_preflight(judged: Judgement) -> Judgement:
    """Return the judgement of a preflight that was given as the call, in words that fit it."""
    findings, told, refused = as_preflight(judged.findings)
    causes = tuple(code for code in judged.causes if code not in told)
    outcome = "inconclusive" if judged.outcome == "fault" and not causes else judged.outcome
    predicted = judged.predicted.renamed(told, refused)
    unread = _hidden(judged.case, list(findings))
    return replace(judged, outcome=outcome, causes=causes, findings=findings, predicted=predicted, unread=unread)


def _judge_view(case: Case, steps: Iterable[Step], view: View) -> list[Finding]:
    seen_as = case.seen_as(view)
    found = [finding for step in steps for finding in step.judge(seen_as)]
    found = [finding if finding.view == view else replace(finding, view=view) for finding in found]
    if http_api.is_http(seen_as):
        return [_unless_rest_only(finding) for finding in found]
    return [confirmed(finding, seen_as) for finding in found] if view == "deployed" else found


def _unless_rest_only(item: Finding) -> Finding:
    """Skip a check of a REST API's rules: an HTTP API has others."""
    if item.code in _OF_ANY_API or CODES[item.code].group == "us":
        return item
    return replace(item, verdict="skipped", variant="http-api", params={}, evidence=(), because=())


def _still_open(findings: list[Finding], settled: frozenset[str], case: Case) -> list[Finding]:
    return [item for item in findings if item.code != CHANGES and is_open(item, settled, case)]


def _hidden(case: Case, findings: list[Finding]) -> tuple[Hidden, ...]:
    unread = [value for value in case.facts.values() if isinstance(value, Unread)]
    return tuple(
        Hidden(
            item,
            tuple(
                f.code
                for f in findings
                if f.verdict == "unknown" and item.read in f.because and CODES[f.code].group != "us"
            ),
        )
        for item in unread
    )
