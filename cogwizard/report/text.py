"""The report for a person at a terminal: the answer first, then the proof, then the remedy."""

from collections.abc import Iterable, Iterator
from typing import Any

from cogwizard.gateway import BEFORE_THE_CALL, GATES
from cogwizard.report import logs
from cogwizard.report.wrap import pad, width, wrap
from cogwizard.text import Texts

MARKS = {"pass": "+", "fail": "x", "warn": "!", "unknown": "?", "skipped": "-"}
COLOURS = {"fail": "31;1", "warn": "33", "unknown": "36", "pass": "32", "title": "1", "dim": "2"}
Document = dict[str, Any]


def prediction(texts: Texts, document: Document) -> str:
    """Return a prediction in words."""
    if document["gate"] == "backend":
        return texts.label("prediction backend")
    if document["cause"] is None:
        return texts.label("prediction unknown")
    gate = texts.label(f"gate {document['gate']}")
    return texts.label("prediction refused", status=document["status"] or "?", gate=gate, cause=document["cause"])


def stopped_at(report: Document) -> str | None:
    """Return the gate that the causes stop the call at, None where they are no matter of a gate."""
    observed = report["observed"]["gate"] if report["observed"] else None
    foreseen = report["predicted"]["deployed"]  # None for a sign-in: API Gateway has no part in it
    gate = observed if observed in GATES or foreseen is None else foreseen["gate"]
    is_stop = gate in GATES and (gate != "backend" or "backend-answered" in report["causes"])
    if any(code in BEFORE_THE_CALL for code in report["causes"][:1]) and report["request"]["method"] != "OPTIONS":
        return None  # the browser's question: the call itself may have got through
    return gate if is_stop else None


def headline(report: Document, texts: Texts) -> str:
    """Return the one sentence that answers: what stopped the call, or that nothing or nothing certain was found."""
    causes, kind = report["causes"], _kind(report)
    if not causes:
        return texts.label(f"outcome {report['outcome']}{kind}")
    gate, title = stopped_at(report), texts.title(causes[0])
    if gate is None:
        said = texts.label(f"outcome fault{kind or ' elsewhere'}", title=title)
    else:
        said = texts.label("outcome fault", gate=texts.label(f"gate {gate}"), title=title)
    return texts.label("outcome more", headline=said, more=len(causes) - 1) if len(causes) > 1 else said


def _kind(report: Document) -> str:
    """Return what the keys of a report's labels end with: of joining, a sign-in, a set-up of Postman, "" of a call."""
    if "team" in report:
        return " join"
    if "checklist" in report or "collection" in report:
        return " postman"
    return " signin" if report["predicted"]["deployed"] is None else ""


def predictions(report: Document, texts: Texts) -> Iterator[str]:
    """Yield the predictions as sentences; of fixes only where there is something to fix."""
    labels = {"deployed": "predicted now", "draft": "predicted draft", "after_fixes": "predicted fixed"}
    for key, label in labels.items():
        if report["predicted"][key] is None:
            continue
        if key != "after_fixes" or report["causes"]:
            yield texts.label(label, prediction=prediction(texts, report["predicted"][key]))


def answer_line(report: Document, texts: Texts) -> str:
    """Return what was answered, in one sentence; of a file, what was looked at."""
    observed, kind = report["observed"], _kind(report)
    if "collection" in report:
        counts = {name: report["collection"][name] for name in ("requests", "auths")}
        return texts.screen("postman", "lint read", **counts)
    if kind == " postman":
        probed = report["request"]["probed"].items()
        taken = texts.label("probe taken")
        answers = ", ".join(f"{name}: {taken if answer == 'taken' else answer}" for name, answer in probed)
        return texts.label("probed" if answers else "not probed", answers=answers)
    if kind == " join":
        kind = ""
        if observed is None:
            return texts.label("not called")
    if observed is None:
        if kind and not report["request"]["tried"]:
            return texts.label("not asked signin")
        is_done = bool(kind) and report["outcome"] == "healthy"
        return texts.label("tokens issued" if is_done else f"not answered{kind}")
    parts = [
        str(observed["status"] or ""),
        observed["error_type"] or "",
        f'"{observed["message"]}"' if observed["message"] else "",
    ]
    return texts.label(f"answered{kind}", answer=" ".join(part for part in parts if part))


def render(
    report: Document, texts: Texts, *, colour: bool = False, verbose: bool = False, columns: int | None = None
) -> str:
    """Return the report as text. `verbose` adds every check that passed or did not apply.

    `columns`: prose is wrapped to so many terminal cells; tables and commands never are, they are for copying.
    """
    return "\n".join(_Writer(texts, colour, columns).lines(report, verbose)) + "\n"


class _Writer:
    def __init__(self, texts: Texts, colour: bool, columns: int | None) -> None:
        self.texts = texts
        self.colour = colour
        self.columns = columns

    def prose(self, first: str, text: str, rest: str | None = None) -> Iterator[str]:
        """Yield `text` wrapped behind `first`; its further lines behind `rest`, or as far in as the first."""
        rest = " " * width(first) if rest is None else rest
        cells = None if self.columns is None else max(20, self.columns - max(width(first), width(rest)))
        for place, line in enumerate(wrap(text, cells)):
            yield f"{rest if place else first}{line}"

    def paint(self, kind: str, text: str) -> str:
        return f"\x1b[{COLOURS[kind]}m{text}\x1b[0m" if self.colour and kind in COLOURS else text

    def lines(self, report: Document, verbose: bool) -> Iterator[str]:
        request = report["request"]
        keys = ("rest_api_id", "stage", "user_pool_id", "client_id", "region")
        place = ", ".join(str(request[key]) for key in keys if request.get(key))
        if request["url"]:
            shown = f"{request['method']} {request['url']}" + (f"  ({place})" if place else "")
            yield f"{self.texts.label('sign-in' if _kind(report) == ' signin' else 'call')}: {shown}"
        mark = {"fault": "fail", "healthy": "pass", "inconclusive": "unknown"}[report["outcome"]]
        yield self.paint(mark, f"{MARKS[mark]} {headline(report, self.texts)}")
        yield ""
        if "checklist" in report:
            yield from self.checklist(report["checklist"], verbose)
            yield ""
        by_code = {item["code"]: item for item in report["findings"]}
        for number, code in enumerate(report["causes"], 1):
            yield from self.cause(number, by_code[code])
        yield from self.ask(report.get("ask", []))
        yield answer_line(report, self.texts)
        yield from predictions(report, self.texts)
        if said := list(logs.sentences(report, self.texts)):
            yield from ("", self.paint("title", self.texts.label("logs")), *(f"  {text}" for text in said))
        others = [item for item in report["findings"] if item["code"] not in report["causes"]]
        yield from self.block(
            "notes", [i for i in others if i["verdict"] == "warn" or (i["verdict"] == "fail" and i["explained_by"])]
        )
        yield from self.block("unknown", [item for item in others if item["verdict"] == "unknown"])
        if report["unread"]:
            yield ""
            yield self.paint("title", self.texts.label("not read"))
            for item in report["unread"]:
                yield from self.unread(item)
        if verbose:
            yield from self.block("checks", [item for item in others if item["verdict"] in ("pass", "skipped")])

    def checklist(self, lines: list[Document], verbose: bool) -> Iterator[str]:
        """Yield what to enter, field by field; `verbose` adds where, and what AWS's guide says."""
        cells = max(width(entry["field"]) for line in lines for entry in line["entries"])
        for number, line in enumerate(lines, 1):
            verdict = line["verdict"]
            yield f"{self.paint(verdict, MARKS[verdict])} {number:2} {self.paint('title', line['title'])}"
            for entry in line["entries"]:
                shown = entry["value"] or self.texts.label("not known" if entry["value"] is None else "stays empty")
                yield f"       {pad(entry['field'], cells)}  {shown}"
            if verbose:
                for row in line["has"]:
                    label = self.texts.label("pool has", label=row["label"])
                    yield f"       {label}: {row['value']}  ({row['source']})"
                yield from self.prose("       ", line["place"])
                yield from self.prose("       ", line["note"])

    def cause(self, number: int, finding: Document) -> Iterator[str]:
        yield self.paint("fail", f"{number} {finding['code']}: {finding['title']}")
        yield from self.prose("  ", finding["summary"])
        yield from self.table(finding["evidence"])
        labels = {key: self.texts.label(key) for key in ("console", "cli")}
        cells = max(width(label) for label in labels.values())
        for fix in finding["fixes"]:
            yield f"  {self.texts.label('mend')}: {fix['title']}"
            for key, label in labels.items():
                if fix[key] and key == "console":
                    yield from self.prose(f"    {pad(label, cells)} ", fix[key])
                elif fix[key]:
                    head, *rest = fix[key].splitlines()
                    yield f"    {pad(label, cells)} {head}"
                    yield from (f"    {' ' * cells} {line}" for line in rest)
        yield f"  cogwizard explain {finding['code']}"
        yield ""

    def ask(self, sentences: list[Document]) -> Iterator[str]:
        """Yield what to send to an administrator, unwrapped: it is for copying."""
        if sentences:
            yield self.paint("title", self.texts.label("ask administrator"))
            yield from (f"  {item['text']}" for item in sentences)
            yield ""

    def table(self, evidence: list[Document]) -> Iterator[str]:
        if not evidence:
            return
        head = [self.texts.label(key) for key in ("what", "expected", "actual", "source")]
        rows = [head, *([item["label"], item["expected"], item["actual"], item["source"]] for item in evidence)]
        widths = [min(44, max(width(row[column]) for row in rows)) for column in range(3)]
        for place, row in enumerate(rows):
            line = "  ".join([*(pad(cell, cells) for cell, cells in zip(row, widths, strict=False)), row[3]])
            yield "    " + (self.paint("dim", line) if place == 0 else line)

    def block(self, title: str, findings: Iterable[Document]) -> Iterator[str]:
        findings = list(findings)
        if not findings:
            return
        yield ""
        yield self.paint("title", self.texts.label(title))
        grouped: dict[tuple[str, str], list[str]] = {}
        for item in findings:
            grouped.setdefault((item["verdict"], item["summary"]), []).append(item["code"])
        for (verdict, summary), codes in grouped.items():
            first, *rest = self.prose("  ", f"{MARKS[verdict]} {', '.join(codes)}: {summary}", "    ")
            yield f"  {self.paint(verdict, first[2:3])}{first[3:]}"
            yield from rest

    def unread(self, item: Document) -> Iterator[str]:
        needs = f"; {self.texts.label('permission', permission=item['permission'])}" if item["permission"] else ""
        hides = (
            self.texts.label("hides", codes=", ".join(item["hides"]))
            if item["hides"]
            else self.texts.label("hides nothing")
        )
        yield f"  {self.paint('unknown', MARKS['unknown'])} {item['action']}: {item['error']}{needs}; {hides}"
