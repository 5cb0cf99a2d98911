"""What only a browser minds: its preflight, and the CORS headers of the answers (research 5, Fetch 4.8 and 4.10).

Where a preflight was answered, the answer is the witness, and the configuration says why; where none was, the
configuration alone. What follows the call is judged by the header of the real answer. A call that is no browser's is
judged by the configuration alone, where something says that browsers are expected, and never refused for it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from cogwizard.gateway import Reading, read_answer
from cogwizard.model.answer import Answer
from cogwizard.model.case import Case
from cogwizard.model.cors import Question, allows_method, origin_flaw, refused_headers, values_of
from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.read import Read
from cogwizard.model.read_api import GetExport, GetGatewayResponses, GetResources
from cogwizard.model.view import Hole
from cogwizard.steps import browser_answer
from cogwizard.steps.browser_answer import ORIGIN, listed, origin_finding, origin_row
from cogwizard.steps.preflight import (
    Configured,
    configured,
    is_asked,
    is_preflight,
    is_same_origin,
    page_origin,
    preflight_read,
    question,
    unread_probe,
    witness,
)
from cogwizard.steps.step import Say, reading

MISSING, GUARDED, BROKEN = "preflight-missing", "preflight-needs-no-auth", "preflight-broken"
HEADER = "cors-header-not-allowed"
_BEFORE = (MISSING, GUARDED, BROKEN, HEADER, ORIGIN)


class BrowserStep:
    """The browser's half of the call: what it asks before, and whether the page may read the answer."""

    id = "browser"
    codes = (*_BEFORE, *browser_answer.CODES)

    def wants(self, case: Case) -> Iterable[Read | None]:
        """The methods and gateway responses of both views, and the preflight of a browser's call."""
        for kind in (GetExport, GetResources, GetGatewayResponses):
            yield case.api_read(kind)
        yield preflight_read(case.seen_as("deployed"))

    def judge(self, case: Case) -> Iterator[Finding]:
        """See `Step`."""
        say = Say(self.id)
        strict = is_browsers(case)
        if not strict and not _expects_browsers(case):
            yield from say.all_skipped(self.codes, "not-a-browser")
            return
        if is_same_origin(case):
            yield from say.all_skipped(self.codes, "same-origin")
            return
        asked = question(case) or Question(page_origin(case), case.call.method, ("authorization",))
        found = {item.code: item for item in _before(case, say, asked)}
        for item in browser_answer.judge(case, say, asked):
            # One check of two answers: what the preflight failed at comes first.
            if item.code != ORIGIN or found[ORIGIN].verdict != "fail":
                found[item.code] = item
        for code in self.codes:
            yield found[code] if strict else _softened(found[code], say)


def is_browsers(case: Case) -> bool:
    """Whether the call is a browser's; a preflight always is."""
    return case.browser or is_preflight(case)


def _expects_browsers(case: Case) -> bool:
    """Whether something says that pages call this API: the call's Origin, or a CORS set-up anywhere in it."""
    methods = case.api.methods
    has_options = not isinstance(methods, Hole) and any("OPTIONS" in verbs for verbs in methods.values())
    return bool(case.call.values("origin")) or has_options or browser_answer.is_prepared(case.api.responses)


def _softened(item: Finding, say: Say) -> Finding:
    """What would stop a browser stops no other program; what is not known then could hide nothing."""
    if item.verdict == "unknown":
        return say.skipped(item.code, "not-a-browser")
    return replace(item, verdict="warn") if item.verdict == "fail" else item


def _before(case: Case, say: Say, asked: Question) -> list[Finding]:
    if not case.call_given:
        return [say.unknown(code, variant="no-request") for code in _BEFORE]
    if not is_preflight(case) and not is_asked(asked):
        return say.all_skipped(_BEFORE, "simple")
    found, config = witness(case), configured(case)
    is_good = found is not None and 200 <= found[0].status < 300
    if not is_good and (mask := _mask(case, config)):
        return say.all_skipped(_BEFORE, "masked", by=mask)
    if found is None:
        return _by_configuration(case, say, asked, config)
    judged = _by_answer(case, say, asked, config, *found)
    if case.preflight is not None and case.answer is not None:
        # A browser that got an answer to the call itself had found its preflight in order.
        return [replace(item, verdict="warn") if item.verdict == "fail" else item for item in judged]
    return judged


def _mask(case: Case, config: Configured) -> str | None:
    """Return what stops the call and its preflight alike, before any method is looked at."""
    if case.api.endpoint_disabled is True and case.target.form != "custom-domain":
        return "execute-api-disabled"
    if case.view == "deployed" and case.stage_exists is False:
        return "never-deployed" if case.stages == () else "wrong-stage"
    return "route-not-matched" if config.state == "no-path" else None


# -- by the answer -----------------------------------------------------------------------------------------------------


def _by_answer(case: Case, say: Say, asked: Question, config: Configured, answer: Answer, source: str) -> list[Finding]:
    seen = read_answer(answer)
    message = f"{answer.status} {seen.error_type or ''}".strip()
    row = Evidence("preflight", "2xx without a token", message, source)
    if 200 <= answer.status < 300:
        differs = config.state in ("missing", "guarded")
        variant = "differs" if differs else "pass"
        rows = (row, *config.rows) if differs else (row,)
        first = MISSING if config.state == "missing" else GUARDED
        passed = [
            say.passed(code, *(rows if code == first else (row,)), variant=variant if code == first else "pass")
            for code in (MISSING, GUARDED)
        ]
        return [*passed, *_details(say, asked, answer, config, row, source)]
    codes = _authors(seen, config)
    if _meets_the_call(case, seen, answer) or (not codes and is_preflight(case)):
        return say.all_skipped(_BEFORE, "refused-before", message=message)
    if answer.status == 429 and seen.error_type:
        return [say.unknown(code, row, variant="possible", message=message) for code in _BEFORE]
    if len(codes) > 1:
        unknown = [
            say.unknown(code, row, variant="possible", because=config.because, message=message) for code in codes
        ]
        return [*unknown, *say.all_skipped([code for code in _BEFORE if code not in codes], "masked", by=codes[0])]
    rows = (row, *config.rows)
    if codes == (GUARDED,):
        variant = ("any" if config.verb == "ANY" else "fail") if config.state == "guarded" else "proven"
        return _stopped(say, say.failed(GUARDED, *rows, variant=variant, message=message))
    if codes == (MISSING,):
        variant = "fail" if config.state == "missing" else "proven"
        return _stopped(say, say.failed(MISSING, *rows, variant=variant, message=message))
    return _stopped(say, say.failed(BROKEN, *rows, variant=_broken(answer, config), message=message))


def _authors(seen: Reading, config: Configured) -> tuple[str, ...]:
    """Return the checks that a refusal of a preflight can come from; none where another gate refused it.

    A missing method and one with AWS_IAM share an answer, and so do an API key and the gates before the method: the
    configuration tells them apart (research 2.2, F7, F10, F12).
    """
    if "route" in seen.gates:
        return (
            (GUARDED,) if config.state == "guarded" else (MISSING, GUARDED) if config.state == "unread" else (MISSING,)
        )
    if seen.gates == ("authorizer",):
        return (GUARDED,)
    if config.state == "guarded" and "api-key" in seen.gates:
        return (GUARDED,)
    return () if {"endpoint", "stage", "waf", "policy", "api-key"}.intersection(seen.gates) else (BROKEN,)


def _meets_the_call(case: Case, seen: Reading, answer: Answer) -> bool:
    """Whether the call itself was refused in the same way, by a gate that looks at no method."""
    own = reading(case)
    if own is None or case.observed is None or is_preflight(case) or "authorizer" in seen.gates:
        return False
    return bool(seen.error_type) and (case.observed.status, own.error_type) == (answer.status, seen.error_type)


def _broken(answer: Answer, config: Configured) -> str:
    if 300 <= answer.status < 400:
        return "redirect"
    return "template" if config.integration == "MOCK" and answer.status == 500 else "status"


def _stopped(say: Say, failed: Finding) -> list[Finding]:
    """Return the findings of a preflight that ended at one check: what comes before it held."""
    at = _BEFORE.index(failed.code)
    held = [say.passed(code) for code in _BEFORE[:at]]
    return [*held, failed, *say.all_skipped(_BEFORE[at + 1 :], "masked", by=failed.code)]


# -- by the configuration ----------------------------------------------------------------------------------------------


def _by_configuration(case: Case, say: Say, asked: Question, config: Configured) -> list[Finding]:
    match config.state:
        case "unread":
            return [say.not_read(code, config.because, case) for code in _BEFORE]
        case "elsewhere":
            unknown = say.unknown(
                MISSING, *config.rows, variant="elsewhere", method="OPTIONS", resource=case.place.path
            )
            return [unknown, *say.all_skipped(_BEFORE[1:], "masked", by=MISSING)]
        case "missing":
            return _stopped(say, say.failed(MISSING, *config.rows))
        case "guarded":
            failed = say.failed(GUARDED, *config.rows, variant="any" if config.verb == "ANY" else "fail")
            return _stopped(say, failed)
    passed = [say.passed(code, *config.rows) for code in (MISSING, GUARDED)]
    probe = unread_probe(case)
    if config.answer is None:
        rest = (BROKEN, HEADER, ORIGIN)
        if probe or case.offline:
            return [*passed, *(say.not_read(code, (probe,) if probe else (), case) for code in rest)]
        return [*passed, *(say.unknown(code, variant="backend") for code in rest)]
    row = config.rows[0]
    if not 200 <= config.answer.status < 300:
        variant = _broken(config.answer, config)
        return _stopped(say, say.failed(BROKEN, row, variant=variant, message=str(config.answer.status)))
    details = _details(say, asked, config.answer, config, row, row.source)
    # The configuration does not tell what stands before API Gateway, or refuses OPTIONS there.
    return [
        *passed,
        *(say.not_read(item.code, (probe,), case) if probe and item.verdict == "pass" else item for item in details),
    ]


# -- what a good answer allows -----------------------------------------------------------------------------------------


def _details(
    say: Say, asked: Question, answer: Answer, config: Configured, row: Evidence, source: str
) -> Iterator[Finding]:
    """Judge the headers of an answer to a preflight that is a success."""
    computed = config.computed if answer is config.answer else frozenset[str]()
    behind = "" if config.integration in ("MOCK", "") else "-backend"
    flaw = None if "access-control-allow-origin" in computed else origin_flaw(answer, asked)
    if flaw == "missing":
        evidence = origin_row(answer, asked, source)
        yield say.failed(BROKEN, evidence, variant=f"no-origin{behind}")
    elif "access-control-allow-methods" not in computed and not allows_method(answer, asked):
        allowed = listed(answer, "access-control-allow-methods")
        evidence = Evidence("allowed methods", asked.method, allowed, source)
        yield say.failed(BROKEN, evidence, variant=f"verb{behind}", method=asked.method, allowed=allowed)
    elif "access-control-allow-methods" in computed:
        yield say.unknown(BROKEN, row, variant="computed", header="Access-Control-Allow-Methods")
    else:
        yield say.passed(BROKEN, row)
    yield _headers(say, asked, answer, computed, source)
    if flaw == "missing":
        yield say.skipped(ORIGIN, "masked", by=BROKEN)
    elif "access-control-allow-origin" in computed:
        yield say.unknown(ORIGIN, variant="computed", header="Access-Control-Allow-Origin")
    else:
        yield origin_finding(say, asked, answer, source, flaw)


def _headers(say: Say, asked: Question, answer: Answer, computed: Iterable[str], source: str) -> Finding:
    name = "access-control-allow-headers"
    if not asked.headers:
        return say.skipped(HEADER, "no-headers-asked")
    if name in computed:
        return say.unknown(HEADER, variant="computed", header="Access-Control-Allow-Headers")
    refused, allowed = refused_headers(answer, asked), listed(answer, name)
    evidence = Evidence("allowed headers", ", ".join(asked.headers), allowed, source)
    if not refused:
        return say.passed(HEADER, evidence)
    variant = "wildcard" if refused == ("authorization",) and "*" in values_of(answer.headers, name) else "names"
    return say.failed(HEADER, evidence, variant=variant, headers=", ".join(refused))
