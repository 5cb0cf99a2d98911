"""The documents of the walk-through for a person: as text at a terminal, as Markdown for a ticket."""

import json
import re
from collections.abc import Iterator

from cogwizard.report import markdown, text
from cogwizard.report.document import Document
from cogwizard.report.markdown import escape, fence
from cogwizard.report.onboard import UNAUTHORIZED
from cogwizard.report.text import COLOURS, MARKS
from cogwizard.report.wrap import pad, width, wrap
from cogwizard.text import Texts

_STATES = {"planned": "skipped", "intended": "unknown", "done": "pass", "refused": "fail"}
_NOTICES = {"stops": "fail", "note": "warn", "unknown": "unknown"}
_REMOVED = {"gone": "pass", "absent": "pass", "foreign": "unknown", "remains": "fail"}
_OUTCOMES = {"fault": "fail", "healthy": "pass", "inconclusive": "unknown"}
_TOOLS = {"terraform": "hcl", "sam": "yaml", "cdk": "ts"}
_NARROWEST = 20  # cells that prose is wrapped to, however far in it stands


def render(
    document: Document, texts: Texts, *, colour: bool = False, verbose: bool = False, columns: int | None = None
) -> str:
    """Return a document of `report.onboard` as text. `verbose` adds the commands and the policy.

    `columns`: prose is wrapped to so many terminal cells; tables and commands never are, they are for copying.
    """
    return "\n".join(_Writer(texts, colour, verbose, columns).lines(document)) + "\n"


def headline(document: Document, texts: Texts) -> str:
    """Return the one sentence that says how it stands."""
    if "removed" in document:
        return str(document["summary"])
    if "outcome" in document:
        return texts.label(f"onboard {document['outcome']}")
    if any(notice["kind"] == "stops" for notice in document["notices"]):
        return texts.label("onboard stopped")
    left = sum(write["state"] != "done" for write in document["writes"])
    return texts.label("onboard planned", left=left, count=len(document["writes"]))


def sentences(half: Document, texts: Texts) -> Iterator[tuple[str, str]]:
    """Yield what was proven of a half: verdict and sentence."""
    if refused := half["refused"]:
        is_refused = bool(refused[0])
        said = texts.screen("onboard", "refused without hash") if is_refused else texts.label("onboard not refused")
        yield ("pass" if is_refused else "unknown"), f"{said} {': '.join(filter(None, refused))}".strip()
    if made := half["secret_hash"]:
        shown = (made["text"], made["key"], "", made["value"])
        for number, value in enumerate(shown, 1):
            yield "skipped", f"{texts.screen('onboard', f'hash {number}')} {value}".strip()
    if half["signed_in"]:
        yield "pass", texts.label("tokens issued")
    if (test := half["test"]) and "error" in test:
        yield "unknown", texts.label("onboard not tested", error=test["error"])
    elif test:
        said = texts.label("onboard accepted" if test["accepted"] else "onboard not accepted", status=test["status"])
        yield ("pass" if test["accepted"] else "fail"), said
    if open_call := half["without_token"]:
        shown = open_call["status"] or open_call["error"]
        yield ("pass" if shown == UNAUTHORIZED else "warn"), texts.label("onboard without token", answer=shown)
    if answer := half["answer"]:
        shown = answer["status"] or answer["error"]
        key = "onboard greeted" if answer["greets"] else "onboard called"
        yield ("pass" if answer["greets"] else "fail"), texts.label(key, answer=shown)


class _Writer:
    def __init__(self, texts: Texts, colour: bool, verbose: bool, columns: int | None) -> None:
        self.texts, self.colour, self.verbose, self.columns = texts, colour, verbose, columns

    def paint(self, kind: str, shown: str) -> str:
        return f"\x1b[{COLOURS[kind]}m{shown}\x1b[0m" if self.colour and kind in COLOURS else shown

    def prose(self, first: str, said: str) -> Iterator[str]:
        """Yield a text wrapped behind `first`, its further lines as far in."""
        cells = None if self.columns is None else max(_NARROWEST, self.columns - width(first))
        for place, line in enumerate(wrap(said, cells)):
            yield f"{' ' * width(first) if place else first}{line}"

    def marked(self, verdict: str, said: str, indent: str = "  ") -> Iterator[str]:
        head, *rest = self.prose(f"{indent}{MARKS[verdict]} ", said)
        yield f"{indent}{self.paint(verdict, head[len(indent)])}{head[len(indent) + 1 :]}"
        yield from rest

    def title(self, key: str) -> Iterator[str]:
        yield ""
        yield self.paint("title", self.texts.label(key))

    def lines(self, document: Document) -> Iterator[str]:
        yield from self.prose("", place(document, self.texts))
        yield from self.marked(_verdict(document), headline(document, self.texts), "")
        if "removed" in document:
            for item in document["removed"]:
                yield from self.marked(_REMOVED[item["state"]], _removed(item))
            return
        notices = [] if "outcome" in document else document["notices"]
        if notices:
            yield from self.title("onboard before")
        for notice in notices:
            yield from self.marked(_NOTICES[notice["kind"]], notice["text"])
        yield from self.title("onboard writes")
        yield from self.writes(document["writes"])
        for sentence in (document.get("failed") or {}).get("summary", ()):
            yield from self.marked("fail", sentence)
        for name in ("first", "second"):
            if half := document.get(name):
                yield from self.title(f"onboard {name}")
                yield from self.half(half)
        if "outcome" not in document:
            yield from self.title("onboard costs")
            yield from self.prose("  ", document["costs"])
        yield from self.undo(document["undo"])
        if self.verbose:
            yield from self.title("onboard policy")
            yield json.dumps(document["permissions"], ensure_ascii=False, indent=2)

    def writes(self, writes: list[Document]) -> Iterator[str]:
        step = ""
        for write in writes:
            if write["step"] != step:
                step = write["step"]
                yield f"  {self.texts.screen('onboard', f'short {step}')}"
            said = f"{write['makes']} ({write['action']}){_state(write, self.texts)}"
            yield from self.marked(_STATES[write["state"]], said, "    ")
            for fact in write.get("proof", ()):
                yield from self.prose("        ", f"{fact['label']}: {fact['value']}")
            for warning in write.get("warnings", ()):
                yield from self.marked("warn", warning, "      ")
            if self.verbose:
                yield from self.command(write["cli"])

    def undo(self, items: list[Document]) -> Iterator[str]:
        if items:
            yield from self.title("onboard undo")
        for item in items:
            yield from self.prose("  - ", item["removes"])
            if self.verbose:
                yield from self.command(item["cli"])

    @staticmethod
    def command(cli: str) -> Iterator[str]:
        """Yield commands from the first column on: the end of a here-document counts there alone."""
        yield from ("", *cli.splitlines(), "")

    def half(self, half: Document) -> Iterator[str]:
        for verdict, sentence in sentences(half, self.texts):
            yield from self.marked(verdict, sentence)
        if half["answer"] and (claims := half["answer"]["claims"]):
            yield f"    {self.texts.label('onboard claims')}"
            cells = max(width(name) for name in claims)
            yield from (f"      {pad(name, cells)}  {value}" for name, value in claims.items())
        if half["report"]:
            yield ""
            shown = text.render(
                half["report"], self.texts, colour=self.colour, verbose=self.verbose, columns=self.columns
            )
            yield from shown.rstrip("\n").split("\n")


def place(document: Document, texts: Texts) -> str:
    """Return where it is and which run it is, in one line."""
    names = {key: document[key] or "?" for key in ("account", "region", "run")}
    return texts.label("onboard place", **names)


def _verdict(document: Document) -> str:
    if "outcome" in document:
        return _OUTCOMES[document["outcome"]]
    return "fail" if any(notice["kind"] == "stops" for notice in document["notices"]) else "skipped"


def _state(write: Document, texts: Texts) -> str:
    state = write["state"]
    return "" if state == "planned" else f": {texts.label(f'onboard {state}')}"


def _removed(item: Document) -> str:
    """`remains` says itself what it is about."""
    return str(item["summary"]) if item["state"] == "remains" else f"{item['what']}: {item['summary']}"


# -- Markdown ----------------------------------------------------------------------------------------------------------


def render_markdown(document: Document, texts: Texts) -> str:
    """Return a document of `report.onboard` as Markdown, with the commands, the snippets and the policy."""
    removed = (f"- {escape(_removed(item))}" for item in document.get("removed", ()))
    out = [f"# {escape(headline(document, texts))}", "", escape(place(document, texts)), "", *removed]
    return "\n".join(out if "removed" in document else [*out, *_sections(document, texts)]) + "\n"


def _sections(document: Document, texts: Texts) -> Iterator[str]:
    if "outcome" not in document and document["notices"]:
        yield from _title("onboard before", texts)
        yield from (f"- {escape(notice['text'])}" for notice in document["notices"])
    yield from _title("onboard writes", texts)
    for step, tools in document["steps"].items():
        yield from ("", f"### {escape(texts.screen('onboard', f'short {step}'))}", "")
        writes = [write for write in document["writes"] if write["step"] == step]
        for write in writes:
            yield from _write(write, texts)
        for tool, language in _TOOLS.items():
            if tools[tool]:
                yield from ("", f"{texts.label(tool)}:", "", fence(tools[tool], language))
    if document.get("failed"):
        yield from ("", *(f"- {escape(sentence)}" for sentence in document["failed"]["summary"]))
    for name in ("first", "second"):
        if half := document.get(name):
            yield from _title(f"onboard {name}", texts)
            yield from (f"- {escape(sentence)}" for _, sentence in sentences(half, texts))
            claims = half["answer"]["claims"] if half["answer"] else {}
            yield from (f"  - {escape(claim)}: {escape(value)}" for claim, value in claims.items())
            if half["report"]:
                yield from ("", _deeper(markdown.render(half["report"], texts)))
    if "outcome" not in document:
        yield from (*_title("onboard costs", texts), escape(document["costs"]))
    if document["undo"]:
        yield from _title("onboard undo", texts)
        yield from (f"- {escape(item['removes'])}" for item in document["undo"])
        yield from ("", fence("\n".join(item["cli"] for item in document["undo"]), "sh"))
    yield from _title("onboard policy", texts)
    yield fence(json.dumps(document["permissions"], ensure_ascii=False, indent=2), "json")


def _write(write: Document, texts: Texts) -> Iterator[str]:
    yield f"{escape(write['makes'])} (`{write['action']}`){escape(_state(write, texts))}"
    yield ""
    yield from (f"- {escape(fact['label'])}: {escape(fact['value'])}" for fact in write.get("proof", ()))
    yield from (f"- {escape(warning)}" for warning in write.get("warnings", ()))
    yield from ("", fence(write["cli"], "sh"), "")


def _title(key: str, texts: Texts) -> tuple[str, ...]:
    return ("", f"## {escape(texts.label(key))}", "")


def _deeper(report: str) -> str:
    """Return a report with its headings two levels further down, to stand within another one."""
    lines, fenced = [], ""
    for line in report.split("\n"):
        if fenced:
            fenced = "" if line == fenced else fenced
        elif marks := re.match(r"`{3,}", line):
            fenced = marks[0]
        elif line.startswith("#"):
            line = f"##{line}"
        lines.append(line)
    return "\n".join(lines)
