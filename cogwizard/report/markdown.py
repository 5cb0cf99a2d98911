"""The report as Markdown, for a ticket: foreign text cannot act as markup."""

import re
from typing import Any

from cogwizard.report import logs
from cogwizard.report.text import answer_line, headline, predictions
from cogwizard.text import Texts

_ACTIVE = re.compile(r"([\\`*_{}\[\]<>#|!~&@])")
Document = dict[str, Any]


def escape(text: object) -> str:
    """Return text in which no character is markup."""
    shown = _ACTIVE.sub(r"\\\1", str(text)).replace("\n", " ")
    return shown.replace("://", ":\\/\\/").replace("www.", "www\\.")  # else a foreign address becomes a link


def fence(text: str, language: str = "") -> str:
    """Return a code block that `text` cannot close."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    marks = "`" * max(3, longest + 1)
    return f"{marks}{language}\n{text}\n{marks}"


def render(report: Document, texts: Texts) -> str:
    """Return the report as Markdown."""
    request = report["request"]
    out = [f"# {escape(headline(report, texts))}", ""]
    if request["url"]:
        headers = "\n".join(f"{name}: {value}" for name, value in request["headers"])
        out += [fence(f"{request['method']} {request['url']}\n{headers}"), ""]
    out += _checklist(report.get("checklist", []), texts)
    out += [escape(answer_line(report, texts)), ""]
    by_code = {item["code"]: item for item in report["findings"]}
    for number, code in enumerate(report["causes"], 1):
        finding = by_code[code]
        out += [f"## {number}. `{code}`: {escape(finding['title'])}", "", escape(finding["summary"]), ""]
        out += _table(finding["evidence"], texts)
        for fix in finding["fixes"]:
            out += [f"**{escape(texts.label('mend'))}: {escape(fix['title'])}**", ""]
            if fix["console"]:
                out += [escape(fix["console"]), ""]
            for key, language in (("cli", "sh"), ("terraform", "hcl"), ("sam", "yaml"), ("cdk", "ts")):
                if fix[key]:
                    out += [f"{texts.label(key)}:", "", fence(fix[key], language), ""]
    for item in report.get("ask", []):
        out += [f"**{escape(texts.label('ask administrator'))}**", "", fence(item["text"]), ""]
    out += [f"- {escape(sentence)}" for sentence in predictions(report, texts)]
    out += ["", f"## {escape(texts.label('checks'))}", ""]
    out += [
        f"- {escape(texts.label(item['verdict']))} `{item['code']}`: {escape(item['summary'])}"
        for item in report["findings"]
        if item["code"] not in report["causes"]
    ]
    if said := list(logs.sentences(report, texts)):
        out += ["", f"## {escape(texts.label('logs'))}", "", fence("\n".join(said))]
    if report["unread"]:
        out += ["", f"## {escape(texts.label('not read'))}", ""]
        for item in report["unread"]:
            needs = escape(item["permission"] or "-")
            out.append(
                f"- `{item['action']}`: {escape(item['error'])}; {needs}; {escape(', '.join(item['hides']) or '-')}"
            )
    return "\n".join(out) + "\n"


def _checklist(lines: list[Document], texts: Texts) -> list[str]:
    """Return what to enter into Postman as a table, "" for what nobody knows."""
    rows = [
        f"| {escape(texts.label(line['verdict']))} | {escape(entry['field'])} | {escape(entry['value'] or '')} |"
        for line in lines
        for entry in line["entries"]
    ]
    head = f"|  | {escape(texts.label('what'))} | {escape(texts.label('value'))} |"
    return [head, "| --- | --- | --- |", *rows, ""] if rows else []


def _table(evidence: list[Document], texts: Texts) -> list[str]:
    if not evidence:
        return []
    head = " | ".join(escape(texts.label(key)) for key in ("what", "expected", "actual", "source"))
    rows = [
        "| " + " | ".join(escape(item[key]) for key in ("label", "expected", "actual", "source")) + " |"
        for item in evidence
    ]
    return [f"| {head} |", "| --- | --- | --- | --- |", *rows, ""]
