"""From findings to causes: the order of the gates, what masks what, draft against deployed, prediction, outcome.

Pure: same case, same judgement. The rules are those of the interface, section 3.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeGuard

from cogwizard.gateway import Reading, before, explains, gate_of, order
from cogwizard.model.api import View
from cogwizard.model.case import Case
from cogwizard.model.code import CODES
from cogwizard.model.finding import Evidence, Finding, Verdict
from cogwizard.model.read import Unread
from cogwizard.model.read_api import AuthorizerTest
from cogwizard.model.route import Route
from cogwizard.prediction import Prediction, Predictions, predict, shown
from cogwizard.steps import http_api
from cogwizard.steps.authorizer import mode_test
from cogwizard.steps.canary import CANARY
from cogwizard.steps.logged import confirmed
from cogwizard.steps.preflight import is_preflight
from cogwizard.steps.preflight_told import as_preflight
from cogwizard.steps.step import Step, reading

Outcome = Literal["fault", "healthy", "inconclusive"]
CHANGES, UNEXPLAINED = "changes-not-deployed", "answer-not-explained"
# A check that the draft makes pointless (a method without authorization) does not fail there; one that is masked or
# has nothing to judge tells nothing.
_NOT_FAILING = {"open-method", "other-authorization"}
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
    if _plain_refusal(seen) and not case.seen_as("deployed").api.assumed:
        deployed, draft = _blame_issuer(deployed), _blame_issuer(draft)
    if _refused(seen):
        deployed, draft = _blame_canary(deployed, seen), _blame_canary(draft, seen)

    settled = _settled(seen, deployed)
    foreseen = _fails(deployed)
    refuted = [item for item in foreseen if gate_of(item.code) in settled]
    deployed = [replace(item, verdict="warn") if item in refuted else item for item in deployed]

    # What the answer refutes as deployed is not believed of the draft either.
    wrong = {item.code for item in refuted}
    live, drafted = _fails(deployed), [item for item in _fails(draft) if item.code not in wrong]
    if _refused(seen) and not any(explains(item.code, seen) for item in live):
        # What is wrong here would stop the call later on; what stopped it is none of this. What a browser minds beside
        # it was judged by the answers themselves, and explains none.
        refuted = refuted or [item for item in live if not _is_browsers(item.code)]
        deployed = [
            replace(item, verdict="warn") if item.verdict == "fail" and not _is_browsers(item.code) else item
            for item in deployed
        ]
        live, drafted = ([item for item in found if _is_browsers(item.code)] for found in (live, drafted))
    mended = _mended_by_deploying(live, draft) if CHANGES in {item.code for item in deployed} else set()
    causes = _causes(live, drafted, mended)
    findings = _merge(case, deployed, drafted, mended, causes)
    contradiction = _contradiction(case, seen, [code for code in causes if not _is_browsers(code)], refuted)
    holes = [item for item in findings if _is_open(item, settled, case)]
    # Predicted is what API Gateway answers to the call: what a browser makes of that is another matter.
    open_ = [item for item in holes if not _is_browsers(item.code)]
    unexplained = _unexplained(case, seen, predict(case.seen_as("deployed"), foreseen, open_), contradiction)
    findings.append(unexplained)

    outcome: Outcome = "healthy"
    if causes:
        outcome = "fault"
    elif holes or case.offline or contradiction or unexplained.verdict == "unknown":
        outcome = "inconclusive"
    predicted = Predictions(
        deployed=predict(case.seen_as("deployed"), foreseen, open_),
        # With the draft deployed there is a deployment.
        draft=predict(
            case.seen_as("draft"),
            [item for item in _fails(draft) if item.code != "never-deployed"],
            [item for item in _still_open(draft, settled, case) if not _is_browsers(item.code)],
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
        _observed_gate(seen, live),
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


def _is_browsers(code: str) -> bool:
    return CODES[code].group == "browser"


def _judge_view(case: Case, steps: Iterable[Step], view: View) -> list[Finding]:
    seen_as = case.seen_as(view)
    found = [replace(finding, view=view) for step in steps for finding in step.judge(seen_as)]
    if http_api.is_http(seen_as):
        return [_unless_rest_only(finding) for finding in found]
    return [confirmed(finding, seen_as) for finding in found] if view == "deployed" else found


def _unless_rest_only(item: Finding) -> Finding:
    """Skip a check of a REST API's rules: an HTTP API has others."""
    if item.code in _OF_ANY_API or CODES[item.code].group == "us":
        return item
    return replace(item, verdict="skipped", variant="http-api", params={}, evidence=(), because=())


def _fails(findings: Iterable[Finding]) -> list[Finding]:
    return sorted((item for item in findings if item.verdict == "fail"), key=lambda item: order(item.code))


def _refused(seen: Reading | None) -> TypeGuard[Reading]:
    """Whether the answer is a refusal by a gate of API Gateway that can be told."""
    return seen is not None and not {"front", "unknown", "backend"}.intersection(seen.gates)


def _plain_refusal(seen: Reading | None) -> bool:
    return seen is not None and seen.gates == ("authorizer",) and seen.proves is None


def _blame_canary(findings: list[Finding], seen: Reading) -> list[Finding]:
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


def _blame_issuer(findings: list[Finding]) -> list[Finding]:
    """`issuer-updated` is the cause where nothing else of the authorizer's gate explains a plain 401 (1.8 [R])."""
    if any(item.verdict in ("fail", "unknown") and gate_of(item.code) == "authorizer" for item in findings):
        return findings
    return [
        replace(item, verdict="fail", variant="fail")
        if item.code == "issuer-updated" and item.verdict == "warn"
        else item
        for item in findings
    ]


def _settled(seen: Reading | None, findings: list[Finding]) -> frozenset[str]:
    """Return the gates that the observed answer proves passed.

    Several gates share one fingerprint (`Forbidden`): then the first failing one of them is taken for its author.
    """
    if seen is None or not seen.gates:
        return frozenset()
    authors = (gate_of(item.code) for item in _fails(findings) if explains(item.code, seen))
    return before(next(authors, None) or seen.gates[0])


def _mended_by_deploying(live: list[Finding], draft: list[Finding]) -> set[str]:
    """Return the codes that fail for the deployed API and are known not to fail for the draft."""
    verdicts = {item.code: item for item in draft}
    mended = set()
    for item in live:
        twin = verdicts.get(item.code)
        if twin is None or gate_of(item.code) == "backend":
            continue
        if twin.verdict in ("pass", "warn") or (twin.verdict == "skipped" and twin.variant in _NOT_FAILING):
            mended.add(item.code)
    return mended


def _causes(live: list[Finding], drafted: list[Finding], mended: set[str]) -> list[str]:
    codes = [item.code for item in live]
    if not mended:
        return list(dict.fromkeys(codes))
    first = next(place for place, code in enumerate(codes) if code in mended)
    earlier = codes[:first]
    # Once the draft is deployed the call meets it from the start: all that fails there comes after.
    later = [item.code for item in drafted if item.code not in earlier and item.code != CHANGES]
    return list(dict.fromkeys([*earlier, CHANGES, *later]))


def _merge(
    case: Case, deployed: list[Finding], drafted: list[Finding], mended: set[str], causes: list[str]
) -> list[Finding]:
    """One entry for each check: the deployed view's, but for what fails in the draft only."""
    only_draft = {item.code: item for item in drafted}
    merged: list[Finding] = []
    for item in deployed:
        twin = only_draft.get(item.code)
        if item.code in mended and item.verdict == "fail":
            merged.append(replace(item, explained_by=CHANGES))
        elif item.code == CHANGES and mended:
            merged.append(_undeployed(case, item, deployed, mended))
        elif item.verdict != "fail" and twin is not None and not item.explained_by:
            # Not failing as deployed: the draft's failure is yet to come.
            merged.append(twin if item.code in causes else replace(twin, verdict="warn"))
        else:
            merged.append(item)
    return merged


def _undeployed(case: Case, item: Finding, deployed: list[Finding], mended: set[str]) -> Finding:
    first = next(finding for finding in _fails(deployed) if finding.code in mended)
    draft = case.seen_as("draft")
    params = {
        **item.params,
        "stage": item.params.get("stage") or (case.place.stage or "-"),
        "method": case.call.method,
        "path": case.place.path,
    }
    if first.code == "route-not-matched" and isinstance(draft.route, Route):
        evidence = item.evidence or (Evidence("method", draft.route.resource, "none", "draft, deployed"),)
        return replace(item, verdict="fail", variant="missing", params=params, evidence=evidence)
    if item.evidence and not _is_browsers(first.code):
        return replace(item, verdict="fail", variant="fail", params=params)
    return replace(
        item, verdict="fail", variant="other", params={**params, "code": first.code}, evidence=first.evidence
    )


def _contradiction(case: Case, seen: Reading | None, causes: list[str], refuted: list[Finding]) -> bool:
    """Whether the observed answer is not what was predicted: a refusal that no cause explains, or a call that got
    past a gate that should have stopped it."""
    if seen is None or case.observed is None:
        return False
    if refuted:
        return True
    # Below 300 a proxy may have answered as well (a captive portal): that settles nothing, and contradicts nothing.
    return case.observed.status >= 300 and seen.gates != ("backend",) and not causes


def _unexplained(case: Case, seen: Reading | None, prediction: Prediction, contradiction: bool) -> Finding:
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


def _is_open(item: Finding, settled: frozenset[str], case: Case) -> bool:
    """Whether a finding leaves something open that could hide a cause of this call."""
    if item.code == "issuer-updated" and item.verdict == "warn":
        return case.observed is None
    if item.verdict != "unknown":
        return False
    if CODES[item.code].group == "us":
        return False
    if _is_browsers(item.code):
        return True  # no answer that got through settles what a page may read of it
    gate = gate_of(item.code)
    if gate is None:
        # The draft's differences can hide a cause at any gate: only a call that got through settles them.
        return "api-key" not in settled
    return gate not in settled


def _still_open(findings: list[Finding], settled: frozenset[str], case: Case) -> list[Finding]:
    return [item for item in findings if item.code != CHANGES and _is_open(item, settled, case)]


def _observed_gate(seen: Reading | None, live: list[Finding]) -> str | None:
    if seen is None:
        return None
    if len(seen.gates) == 1:
        return seen.gates[0]
    for gate in (gate_of(item.code) for item in live):
        if gate in seen.gates:
            return gate
    return seen.gates[0] if "route" in seen.gates else "unknown"


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
