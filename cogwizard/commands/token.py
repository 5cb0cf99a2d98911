"""`cogwizard token`: a token read offline. Never "valid": its keys are not asked for."""

import argparse
import json
import time
from typing import Any

from cogwizard.commands.output import Exit, put, put_json, read_secret
from cogwizard.judgement import judge
from cogwizard.model.call import Call, Target
from cogwizard.model.case import Case
from cogwizard.model.inert import fingerprint, inert, scrub
from cogwizard.report.markdown import escape
from cogwizard.report.text import MARKS
from cogwizard.steps import TROUBLESHOOT
from cogwizard.steps.times import moment
from cogwizard.text import Texts

SCHEMA = "cogwizard/token@1"
_TIMES = ("iat", "nbf", "auth_time", "exp")
_STEPS = tuple(step for step in TROUBLESHOOT if step.id in ("token", "header"))


def run(options: argparse.Namespace, texts: Texts) -> int:
    """Run `token` and return its exit code: 1 when the bytes prove a fault, else 3: it was not verified."""
    page = build(read_secret(options.source), time.time(), texts)
    if options.format == "json":
        put_json(page)
    elif options.format == "markdown":
        put(_markdown(page, texts))
    else:
        put(_text(page, texts))
    return Exit.FAULT if any(item["verdict"] == "fail" for item in page["stands_out"]) else Exit.INCONCLUSIVE


def build(value: str, now: float, texts: Texts) -> dict[str, Any]:
    """Return what can be said of a token without its keys, as JSON-ready data. `now` in Unix seconds."""
    call = Call("GET", "", (("Authorization", value),))
    judgement = judge(Case(call, Target("execute-api", "", "/"), now, offline=True), _STEPS)
    token = judgement.case.token
    return {
        "schema": SCHEMA,
        "kind": token.kind if token else judgement.case.sent.value.kind if judgement.case.sent else "token",
        "fingerprint": fingerprint(token.text if token else value),
        "verified": False,
        "header": _shown(token.header) if token else {},
        "claims": _shown(token.claims) if token else {},
        "times": {
            name: moment(seconds) for name in _TIMES if token and (seconds := token.time_claim(name)) is not None
        },
        "stands_out": [
            {
                "code": item.code,
                "verdict": item.verdict,
                "title": texts.title(item.code),
                "summary": texts.summary(item),
            }
            for item in judgement.findings
            if item.verdict in ("fail", "warn")
        ],
    }


def _shown(values: Any) -> dict[str, Any]:
    return {inert(str(key), 120): _value(value) for key, value in list(values.items())[:200]}


def _value(value: Any) -> Any:
    if value is None or isinstance(value, bool) or (isinstance(value, int) and abs(value) < 1e18):
        return value
    if isinstance(value, str):
        return scrub(value, 500)
    return scrub(json.dumps(value, ensure_ascii=False, default=str), 500)


def _rows(page: dict[str, Any], texts: Texts) -> list[tuple[str, str, str]]:
    meanings = texts.meanings()
    rows = []
    for part in ("header", "claims"):
        for name, value in page[part].items():
            shown = f"{value} ({page['times'][name]})" if name in page["times"] and part == "claims" else str(value)
            rows.append((name, shown, meanings.get(name, "")))
    return rows


def _text(page: dict[str, Any], texts: Texts) -> str:
    lines = [
        texts.label("token kind is", kind=page["kind"], fingerprint=page["fingerprint"]),
        texts.label("token verdict"),
        "",
    ]
    lines += [
        f"  {name:22} {value}" + (f"  [{meaning}]" if meaning else "") for name, value, meaning in _rows(page, texts)
    ]
    lines += ["", texts.label("stands out" if page["stands_out"] else "nothing stands out")]
    lines += [f"  {MARKS[item['verdict']]} {item['code']}: {item['summary']}" for item in page["stands_out"]]
    return "\n".join(lines)


def _markdown(page: dict[str, Any], texts: Texts) -> str:
    head = " | ".join(escape(texts.label(key)) for key in ("claim", "value", "meaning"))
    lines = [
        f"# {escape(texts.label('token kind is', kind=page['kind'], fingerprint=page['fingerprint']))}",
        "",
        escape(texts.label("token verdict")),
        "",
        f"| {head} |",
        "| --- | --- | --- |",
        *(f"| {escape(name)} | {escape(value)} | {escape(meaning)} |" for name, value, meaning in _rows(page, texts)),
        "",
        *(f"- `{item['code']}`: {escape(item['summary'])}" for item in page["stands_out"]),
    ]
    return "\n".join(lines)
