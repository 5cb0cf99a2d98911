"""What a browser makes of the answer to the call itself: a refusal that it hides, a good answer that it discards."""

from collections.abc import Iterable, Iterator

from cogwizard.gateway import GATES, Reading, response_type
from cogwizard.model.answer import Answer
from cogwizard.model.api import Export, GatewayResponse
from cogwizard.model.case import Case
from cogwizard.model.cors import OriginFlaw, Question, origin_flaw, values_of
from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.read import Read
from cogwizard.model.read_api import GetExport, GetGatewayResponses
from cogwizard.steps.preflight import is_preflight
from cogwizard.steps.step import Say, reading

HIDES, HEADERS, ORIGIN = "cors-hides-401", "cors-headers-missing", "cors-origin-mismatch"
CODES = (HIDES, HEADERS)
_ALLOW = "access-control-allow-origin"
_SOURCE = "the answer's headers"


def is_prepared(responses: Iterable[GatewayResponse]) -> bool:
    """Whether a gateway response names an origin."""
    return any(name.lower() == _ALLOW for item in responses for name, _ in item.headers)


def judge(case: Case, say: Say, asked: Question) -> Iterator[Finding]:
    """Yield one finding for each of `CODES`, and one on the origin where the backend's answer names another."""
    observed, seen = case.observed, reading(case)
    if is_preflight(case):
        yield from say.all_skipped(CODES, "is-preflight")
        return
    if observed is None or seen is None:
        yield _foreseen(case, say)
        yield say.skipped(HEADERS, "no-answer")
        return
    refused = _is_gateways(observed, seen)
    if not observed.headers:
        yield say.unknown(HIDES, variant="no-headers") if refused else say.skipped(HIDES, "not-refused")
        yield say.skipped(HEADERS, "refused") if refused else say.unknown(HEADERS, variant="no-headers")
        return
    if refused:
        yield _hidden(case, say, asked, observed, seen)
        yield say.skipped(HEADERS, "refused")
        return
    yield say.skipped(HIDES, "not-refused")
    yield from _discarded(case, say, asked, observed)


def _is_gateways(answer: Answer, seen: Reading) -> bool:
    """Whether API Gateway made the answer itself, also where it did so because the backend failed."""
    is_refusal = bool(seen.gates) and set(seen.gates) <= set(GATES[:-1]) and seen.proves != "http-api"
    return answer.status >= 400 and (seen.error_type is not None or is_refusal)


def _hidden(case: Case, say: Say, asked: Question, answer: Answer, seen: Reading) -> Finding:
    message = f"{answer.status} {seen.error_type or ''}".strip()
    flaw, row = origin_flaw(answer, asked), origin_row(answer, asked, _SOURCE)
    kind = response_type(answer.status, seen.error_type)
    if case.view == "draft" and (drafted := _as_drafted(case, say, kind)):
        return drafted
    if flaw is None:
        return say.passed(HIDES, row, message=message)
    return say.failed(HIDES, row, variant="fail" if flaw == "missing" else "other-origin", message=message)


def _as_drafted(case: Case, say: Say, kind: str | None) -> Finding | None:
    """Judge the draft's gateway response where it is another than the deployed one."""
    drafted, live = _responses(case), _responses(case.seen_as("deployed"))
    if drafted is None or live is None:
        return None
    before, after = _covering(live, kind or "DEFAULT_4XX"), _covering(drafted, kind or "DEFAULT_4XX")
    if before == after:
        return None
    name, allowed = after
    row = Evidence("allowed origin", "any", allowed or "none", "GetGatewayResponses (draft)")
    if not allowed:
        return say.failed(HIDES, row, variant="fail", message=name)
    # Whether a DEFAULT_4XX covers the authorizer's 401 is documented, and contradicted by two reports (research 5).
    if name != kind:
        return say.unknown(HIDES, row, variant="default-only", response=name)
    return say.passed(HIDES, row)


def _foreseen(case: Case, say: Say) -> Finding:
    """Without an answer: what a refusal by the authorizer would carry, as configured."""
    responses = _responses(case)
    if responses is None:
        return say.not_read(HIDES, (_read(case),), case)
    name, allowed = _covering(responses, "UNAUTHORIZED")
    row = Evidence("allowed origin", "any", allowed or "none", _source(case))
    if not allowed:
        return say.warned(HIDES, row, variant="foreseen")
    if name != "UNAUTHORIZED":
        return say.warned(HIDES, row, variant="default-only", response=name)
    return say.passed(HIDES, row)


def _covering(responses: tuple[GatewayResponse, ...], kind: str) -> tuple[str, str]:
    """Return the gateway response that answers for a type, and the origin that it names: AWS's value, "" for none."""
    own = {item.type: item for item in responses}
    found = own.get(kind) or own.get("DEFAULT_5XX" if kind.endswith("5XX") or "AUTHORIZER_" in kind else "DEFAULT_4XX")
    if found is None:
        return kind, ""
    return found.type, next((value for name, value in found.headers if name.lower() == _ALLOW), "")


def _responses(case: Case) -> tuple[GatewayResponse, ...] | None:
    export = case.known(case.api_read(GetExport), Export)
    if case.view == "deployed" and export is not None:
        return export.responses
    return case.known(case.api_read(GetGatewayResponses), tuple)


def _read(case: Case) -> Read | None:
    return case.api_read(GetGatewayResponses) if case.view == "draft" else case.api_read(GetExport)


def _source(case: Case) -> str:
    return "GetGatewayResponses (draft)" if case.view == "draft" or case.api.assumed else "GetExport (deployed)"


def _discarded(case: Case, say: Say, asked: Question, answer: Answer) -> Iterator[Finding]:
    flaw, row = origin_flaw(answer, asked), origin_row(answer, asked, _SOURCE)
    is_told = bool(case.call.values("origin")) or (case.browser and case.answer is not None)
    if flaw == "missing" and not is_told:
        # A backend that looks at the origin adds its headers only where one was sent.
        yield say.unknown(HEADERS, row, variant="origin-not-sent")
    elif flaw == "missing":
        yield say.failed(HEADERS, row, message=str(answer.status))
    else:
        # One fact, told once: by the check that fails, where it does.
        yield say.passed(HEADERS, *(() if flaw else (row,)))
        if flaw is not None:
            yield origin_finding(say, asked, answer, _SOURCE, flaw)


def origin_finding(say: Say, asked: Question, answer: Answer, source: str, flaw: OriginFlaw | None) -> Finding:
    """Return whether the origin that an answer allows is that of the page; `flaw`: see `origin_flaw`."""
    evidence = origin_row(answer, asked, source)
    allowed = listed(answer, "access-control-allow-origin")
    if flaw is not None:
        return say.failed(ORIGIN, evidence, variant=flaw, allowed=allowed, origin=asked.origin or "?")
    if asked.origin is None and allowed != "*":
        return say.unknown(ORIGIN, evidence, variant="no-origin", allowed=allowed)
    return say.passed(ORIGIN, evidence)


def origin_row(answer: Answer, asked: Question, source: str) -> Evidence:
    """Return the line of evidence on the origin that an answer allows."""
    return Evidence("allowed origin", asked.origin or "any", listed(answer, "access-control-allow-origin"), source)


def listed(answer: Answer, name: str) -> str:
    """Return the values of a header in one line, "none" without any."""
    found = values_of(answer.headers, name)
    return ", ".join(found[:20]) or "none"
