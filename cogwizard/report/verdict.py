"""The last screen as data: causes with proof and remedy, what was answered and predicted, what could hide a cause."""

from dataclasses import dataclass
from typing import Any

from cogwizard.gateway import GATES, before, gate_of
from cogwizard.model.code import CODES
from cogwizard.report import page
from cogwizard.report.text import answer_line, predictions, stopped_at
from cogwizard.text import Texts

Document = dict[str, Any]
_UNEXPLAINED = "answer-not-explained"
_MOST = 3  # codes that are named behind a sentence; the steps name all of them


@dataclass(frozen=True)
class Cause:
    """What stops the call, and what proves it: `rows` hold what, expected, actual, and where it was read."""

    problem: page.Problem
    rows: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True)
class Block:
    """Lines under a title (a key of `screens/verdict.toml`), all with the mark of `verdict`, "" for none."""

    title: str
    verdict: str
    lines: tuple[str, ...]


def question(report: Document, texts: Texts) -> str:
    """Return what is asked: where no refusal was seen and none found, nothing can be asked about one."""
    observed = report["observed"]
    refused = report["causes"] or (observed and observed["status"] >= 400)
    return texts.screen("steps", "question verdict") if refused else texts.screen("verdict", "question healthy")


def headline(report: Document, texts: Texts) -> str:
    """Return the answer above a list of the causes, which it does not repeat."""
    causes = report["causes"]
    if not causes:
        return texts.label(f"outcome {report['outcome']}")
    gate = stopped_at(report)
    many = " many" if len(causes) > 1 else ""
    if gate is None:
        return texts.screen("verdict", f"fails{many}", count=len(causes))
    return texts.screen("verdict", f"stopped{many}", gate=texts.label(f"gate {gate}"), count=len(causes))


def causes(report: Document, texts: Texts) -> tuple[Cause, ...]:
    """Return the causes in the order in which API Gateway would meet them."""
    findings = {item["code"]: item for item in report["findings"]}
    pages = {step: page.build(report, step, texts) for step in {findings[code]["step"] for code in report["causes"]}}
    problems = {problem.code: problem for found in pages.values() for problem in found.problems}
    return tuple(
        Cause(
            problems[code],
            tuple(page.cells(code, row, texts) for row in findings[code]["evidence"]),
        )
        for code in report["causes"]
    )


def blocks(report: Document, texts: Texts) -> tuple[Block, ...]:
    """Return what stands below the causes, from a report (see `document.build`). Blocks without lines are left out."""
    first, rest = _predictions(report, texts)
    found = (
        Block("", "", _outcome(report, texts)),
        Block("", "", (*_answer(report, texts), *first)),
        Block("", "", _next(report, texts)),
        Block("hiding", "unknown", _unknown(report, texts, is_settled=False)),
        Block("unread", "unknown", tuple(_unread(item, texts) for item in report["unread"])),
        Block("predictions", "", rest),
        Block("settled", "skipped", _unknown(report, texts, is_settled=True)),
        Block("notes", "warn", _notes(report, texts)),
    )
    return tuple(block for block in found if block.lines)


def _outcome(report: Document, texts: Texts) -> tuple[str, ...]:
    """What an outcome without a cause rests on: nobody is told that all is well where something was not looked at."""
    verdicts = [item["verdict"] for item in report["findings"]]
    if report["outcome"] == "healthy":
        counts = {verdict: verdicts.count(verdict) for verdict in ("pass", "skipped")}
        return (texts.screen("verdict", "healthy", **counts),)
    if report["outcome"] == "fault":
        return ()
    lines = [texts.screen("verdict", "inconclusive")]
    if _is_unexplained(report):
        lines.append(texts.screen("verdict", "inconclusive answer"))
    if count := sum(_is_unknown(item) for item in report["findings"]):
        lines.append(texts.screen("verdict", "inconclusive checks", unknown=count))
    return (" ".join(lines) if texts.lang == "en" else "".join(lines),)


def _answer(report: Document, texts: Texts) -> tuple[str, ...]:
    lines = [_answered(report, texts)]
    foreseen = report["predicted"]["deployed"]
    if foreseen is not None and foreseen["gate"] != "unknown":  # what was not predicted is no contradiction
        lines += [item["summary"] for item in report["findings"] if _is_contradiction(item)]
    return tuple(lines)


def _answered(report: Document, texts: Texts) -> str:
    line, observed, foreseen = answer_line(report, texts), report["observed"], report["predicted"]["deployed"]
    if observed is None or foreseen is None or foreseen["gate"] == "unknown":
        return line
    if _is_unexplained(report):
        return texts.screen("verdict", "not as predicted", answer=line)
    if observed["gate"] == foreseen["gate"] and foreseen["status"] in (None, observed["status"]):
        return texts.screen("verdict", "as predicted", answer=line)
    return line


def _predictions(report: Document, texts: Texts) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the predictions that say more than the answer does, and the others."""
    foreseen = report["predicted"]
    if foreseen["deployed"] is None:
        return (), ()
    now, draft, *fixed = predictions(report, texts)
    if foreseen["deployed"] != foreseen["draft"]:
        return (now, draft, *fixed), ()
    if report["observed"] is None and foreseen["deployed"]["gate"] != "unknown":
        return (now, *fixed), (draft,)
    return tuple(fixed), (now, draft)


def _next(report: Document, texts: Texts) -> tuple[str, ...]:
    """What to do where something keeps us from reading what could hide a cause."""
    if report["outcome"] != "inconclusive":
        return ()
    kept = {item["code"]: item["summary"] for item in report["findings"] if item["verdict"] != "pass"}
    if "aws-credentials" in kept:
        return (texts.screen("verdict", "to sign in", summary=kept["aws-credentials"]),)
    actions = dict.fromkeys(item["action"] for item in report["unread"] if item["permission"] and item["hides"])
    if "permission-missing" in kept and actions:
        return (texts.screen("verdict", "to allow", actions=", ".join(actions)),)
    return ()


def _unknown(report: Document, texts: Texts, *, is_settled: bool) -> tuple[str, ...]:
    """What is not known, each reason once; `is_settled`: the answer shows that the call got past its gate."""
    seen = report["observed"]["gate"] if report["observed"] else None
    passed = before(seen) if seen in GATES else frozenset()
    found = []
    for item in report["findings"]:
        # A change that is not deployed can hide a cause at any gate: only a call that got through settles it.
        gate = gate_of(item["code"]) or "api-key"
        if _is_unknown(item) and (gate in passed) is is_settled:
            found.append(item)
    return _grouped(found, texts)


def _notes(report: Document, texts: Texts) -> tuple[str, ...]:
    others = [item for item in report["findings"] if item["code"] not in report["causes"]]
    return _grouped([item for item in others if item["verdict"] in ("warn", "fail")], texts)


def _grouped(findings: list[Document], texts: Texts) -> tuple[str, ...]:
    codes: dict[str, list[str]] = {}
    for item in findings:
        codes.setdefault(item["summary"], []).append(item["code"])
    return tuple(
        texts.screen("verdict", "grouped", summary=summary, codes=_some(listed, texts))
        for summary, listed in codes.items()
    )


def _some(codes: list[str], texts: Texts) -> str:
    shown = ", ".join(codes[:_MOST])
    more = len(codes) - _MOST
    return texts.screen("verdict", "codes more", codes=shown, more=more) if more > 0 else shown


def _unread(item: Document, texts: Texts) -> str:
    if item["action"] == "web:Replay" and item["error"] in ("endpoint-override", "not-given", "not-sendable"):
        return texts.screen("verdict", f"unread withheld {item['error']}")
    parts = [texts.screen("verdict", "unread item", action=item["action"], error=item["error"])]
    if item["permission"]:
        parts.append(texts.label("permission", permission=texts.phrase(item["permission"])))
    hides = ", ".join(item["hides"])
    parts.append(texts.label("hides", codes=hides) if hides else texts.label("hides nothing"))
    return "; ".join(parts)


def _is_unknown(item: Document) -> bool:
    """Whether it is a check of the call that could not be made; what kept us from reading is told as a read."""
    return item["verdict"] == "unknown" and item["code"] != _UNEXPLAINED and CODES[item["code"]].group != "us"


def _is_unexplained(report: Document) -> bool:
    return any(_is_contradiction(item) for item in report["findings"])


def _is_contradiction(item: Document) -> bool:
    return bool(item["code"] == _UNEXPLAINED and item["verdict"] == "unknown")
