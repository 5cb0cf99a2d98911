"""The screen of one step as data: the answer first, then the proof, the reason, the remedy, and what is not known."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cogwizard.gateway import before, gate_of
from cogwizard.text import Texts

Document = dict[str, Any]
FORMS = ("console", "cli", "terraform", "sam", "cdk")
# Codes whose actual value is a word out of the request, shown letter by letter.
_AS_SENT = ("algorithm-not-allowed", "header-placeholder")
# The worst first. The first cause is red; what is not known must not look like what held.
_ORDER = ("fail", "next", "unknown", "warn", "pass", "skipped")
# Steps that judge what the stage serves: where it is not known, the draft stands for it.
_OF_THE_STAGE = ("authorizer", "scopes", "header", "policy")
# This machine's clock says nothing about the token.
_BESIDE = ("clock-skew",)


@dataclass(frozen=True)
class Row:
    """A line of evidence, with the verdict of the check that it belongs to."""

    verdict: str
    label: str
    expected: str
    actual: str
    source: str


@dataclass(frozen=True)
class Mend:
    """One remedy: `forms` are (console, cli, terraform, sam or cdk; text), those that there are."""

    title: str
    forms: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Problem:
    """A check that failed or is worth knowing. `is_cause`: it stops this call."""

    code: str
    verdict: str
    is_cause: bool
    title: str
    summary: str
    why: str
    mends: tuple[Mend, ...]


@dataclass(frozen=True)
class Page:
    """What a step found. `unchecked`: sentences.

    `verdict`: fail (the cause), next (a cause after it), warn, unknown, pass, skipped, or reading.
    """

    step: str
    verdict: str
    answer: str
    rows: tuple[Row, ...] = ()
    problems: tuple[Problem, ...] = ()
    unchecked: tuple[str, ...] = ()


def build(report: Document, step: str, texts: Texts, *, reading: bool = False) -> Page:
    """Return the page of a step (its id) from a report (see `document.build`).

    `reading`: more facts are on their way, so what is not known is not told yet.
    """
    found = [item for item in report["findings"] if item["step"] == step]
    causes = report["causes"]
    here = _here(report["request"], texts)
    problems = [_problem(item, causes, here, texts) for item in found if item["verdict"] in ("fail", "warn")]
    problems.sort(key=lambda item: (not item.is_cause, causes.index(item.code) if item.is_cause else 0))
    rows = _rows(found, causes, texts)
    verdict = _verdict(found, causes)
    if reading and verdict in ("unknown", "skipped"):
        return Page(step, "reading", texts.screen("steps", "answer reading"), rows, tuple(problems))
    unchecked = _unchecked(report, found, texts)
    if verdict == "pass" and step in _OF_THE_STAGE and _is_drafted(report, found):
        held = sum(item["verdict"] == "pass" for item in found)
        return Page(step, "unknown", texts.screen("steps", "answer draft", held=held), rows, tuple(problems), unchecked)
    return Page(step, verdict, _answer(found, problems, verdict, texts), rows, tuple(problems), unchecked)


def _verdict(found: Sequence[Document], causes: Sequence[str]) -> str:
    told = [item for item in found if item["verdict"] != "pass" or item["code"] not in _BESIDE]
    verdicts = {_shown_verdict(item, causes) for item in told}
    return next((verdict for verdict in _ORDER if verdict in verdicts), "skipped")


def _shown_verdict(item: Document, causes: Sequence[str]) -> str:
    """A failing check that another cause stands for is worth knowing; red is for the first cause alone."""
    if item["verdict"] == "fail" and item["code"] in causes:
        return "fail" if item["code"] == causes[0] else "next"
    return "warn" if item["verdict"] == "fail" else str(item["verdict"])


def _is_drafted(report: Document, found: Sequence[Document]) -> bool:
    """Whether what held was judged by the draft, and no answer shows that the call got past it."""
    changes = [item["verdict"] for item in report["findings"] if item["code"] == "changes-not-deployed"]
    if "unknown" not in changes or report["outcome"] == "healthy":
        return False
    observed = report["observed"]
    passed = before(observed["gate"]) if observed else frozenset()
    return any(gate_of(item["code"]) not in passed for item in found if item["verdict"] == "pass")


def _answer(found: Sequence[Document], problems: Sequence[Problem], verdict: str, texts: Texts) -> str:
    if verdict in ("fail", "next", "warn") and problems:
        return problems[0].summary
    counts = {name: sum(item["verdict"] == name for item in found) for name in ("pass", "unknown", "skipped")}
    if verdict == "unknown":
        return texts.screen("steps", "answer unknown", **counts)
    if verdict == "pass":
        return texts.screen("steps", "answer pass rest" if counts["skipped"] else "answer pass", **counts)
    return str(found[0]["summary"]) if found else texts.screen("steps", "answer nothing")


def cells(code: str, evidence: Document, texts: Texts) -> tuple[str, str, str, str]:
    """Return a line of evidence in the reader's language: what, expected, actual, source."""
    # "none" is an algorithm, and "undefined" a value, when it was sent.
    actual = evidence["actual"] if code in _AS_SENT else texts.phrase(evidence["actual"])
    return evidence["label"], texts.phrase(evidence["expected"]), actual, texts.phrase(evidence["source"])


def _rows(found: Sequence[Document], causes: Sequence[str], texts: Texts) -> tuple[Row, ...]:
    rows = [
        Row(
            # What is as it should be stands beside a cause to rule another one out.
            "pass" if evidence["expected"] == evidence["actual"] else _shown_verdict(item, causes),
            *cells(item["code"], evidence, texts),
        )
        for item in found
        for evidence in item["evidence"]
    ]
    rows.sort(key=lambda row: _ORDER.index(row.verdict))
    kept: dict[tuple[str, str, str], Row] = {}
    for row in rows:  # one fact may prove several checks: it is told once, where it matters most
        kept.setdefault((row.label, row.expected, row.actual), row)
    return tuple(kept.values())


def _here(request: Document, texts: Texts) -> str:
    """Return what "the API" and "the method" of a console path are here; "" when that is not known."""
    if not request["rest_api_id"]:
        return ""
    method = f"{request['method']} {request['resource']}" if request["resource"] else ""
    known = {"API": request["rest_api_id"], "stage": request["stage"], "method": method}
    return texts.screen(
        "steps", "here", ids=", ".join(f"{texts.label(name)} {value}" for name, value in known.items() if value)
    )


def _problem(item: Document, causes: Sequence[str], here: str, texts: Texts) -> Problem:
    return Problem(
        item["code"],
        _shown_verdict(item, causes),
        item["code"] in causes,
        item["title"],
        item["summary"],
        str(texts.entry(item["code"]).get("why", "")),
        tuple(
            Mend(fix["title"], tuple((form, _form(form, fix[form], here)) for form in FORMS if fix[form]))
            for fix in item["fixes"]
        ),
    )


def _form(form: str, text: str, here: str) -> str:
    return f"{text}\n{here}" if form == "console" and here and "API" in text else text


def _unchecked(report: Document, found: Sequence[Document], texts: Texts) -> tuple[str, ...]:
    """Each reason once, with the codes that it leaves open and the permission that would settle it."""
    open_codes: dict[str, list[str]] = {}
    for item in found:
        if item["verdict"] == "unknown":
            open_codes.setdefault(item["summary"], []).append(item["code"])
    sentences = [
        texts.screen("steps", "unchecked", reason=reason, codes=", ".join(codes))
        for reason, codes in open_codes.items()
    ]
    codes = {code for listed in open_codes.values() for code in listed}
    for item in report["unread"]:
        if item["reason"] == "denied" and item["permission"] and codes.intersection(item["hides"]):
            sentences.append(
                texts.screen(
                    "steps", "permission", action=item["action"], error=item["error"], permission=item["permission"]
                )
            )
    return tuple(sentences)
