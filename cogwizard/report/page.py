"""The screen of one step as data: the answer first, then the proof, the reason, the remedy, and what is not known."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cogwizard.text import Texts

Document = dict[str, Any]
FORMS = ("console", "cli", "terraform", "sam", "cdk")
# The worst first. A cause is red; what is not known must not look like what held.
_ORDER = ("fail", "unknown", "warn", "pass", "skipped")


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
    """What a step found. `verdict`: fail (a cause), warn, unknown, pass or skipped. `unchecked`: sentences."""

    step: str
    verdict: str
    answer: str
    rows: tuple[Row, ...] = ()
    problems: tuple[Problem, ...] = ()
    unchecked: tuple[str, ...] = ()


def build(report: Document, step: str, texts: Texts) -> Page:
    """Return the page of a step (its id) from a report (see `document.build`)."""
    found = [item for item in report["findings"] if item["step"] == step]
    causes = report["causes"]
    problems = [_problem(item, causes, texts) for item in found if item["verdict"] in ("fail", "warn")]
    problems.sort(key=lambda item: (not item.is_cause, causes.index(item.code) if item.is_cause else 0))
    verdict = _verdict(found, causes)
    return Page(
        step,
        verdict,
        _answer(found, problems, verdict, texts),
        _rows(found, causes),
        tuple(problems),
        _unchecked(report, found, texts),
    )


def _verdict(found: Sequence[Document], causes: Sequence[str]) -> str:
    verdicts = {_shown_verdict(item, causes) for item in found}
    return next((verdict for verdict in _ORDER if verdict in verdicts), "skipped")


def _shown_verdict(item: Document, causes: Sequence[str]) -> str:
    """A failing check that another cause stands for is worth knowing; red is for the causes alone."""
    if item["verdict"] == "fail" and item["code"] not in causes:
        return "warn"
    return str(item["verdict"])


def _answer(found: Sequence[Document], problems: Sequence[Problem], verdict: str, texts: Texts) -> str:
    if verdict in ("fail", "warn") and problems:
        return problems[0].summary
    counts = {name: sum(item["verdict"] == name for item in found) for name in ("pass", "unknown", "skipped")}
    if verdict == "unknown":
        return texts.screen("steps", "answer unknown", **counts)
    if verdict == "pass":
        return texts.screen("steps", "answer pass rest" if counts["skipped"] else "answer pass", **counts)
    return str(found[0]["summary"]) if found else texts.screen("steps", "answer nothing")


def _rows(found: Sequence[Document], causes: Sequence[str]) -> tuple[Row, ...]:
    rows = [
        Row(
            _shown_verdict(item, causes),
            evidence["label"],
            evidence["expected"],
            evidence["actual"],
            evidence["source"],
        )
        for item in found
        for evidence in item["evidence"]
    ]
    return tuple(dict.fromkeys(sorted(rows, key=lambda row: _ORDER.index(row.verdict))))


def _problem(item: Document, causes: Sequence[str], texts: Texts) -> Problem:
    return Problem(
        item["code"],
        _shown_verdict(item, causes),
        item["code"] in causes,
        item["title"],
        item["summary"],
        str(texts.entry(item["code"]).get("why", "")),
        tuple(Mend(fix["title"], tuple((form, fix[form]) for form in FORMS if fix[form])) for fix in item["fixes"]),
    )


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
        if codes.intersection(item["hides"]) and item["permission"]:
            sentences.append(
                texts.screen(
                    "steps", "permission", action=item["action"], error=item["error"], permission=item["permission"]
                )
            )
    return tuple(sentences)
