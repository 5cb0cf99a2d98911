"""`cogwizard token`: a token read offline. Never "valid": its keys are not asked for."""

import argparse
import time
from typing import Any

from cogwizard.commands.output import Exit, put, put_json, read_secret
from cogwizard.report.markdown import escape
from cogwizard.report.text import MARKS
from cogwizard.report.token import build, rows
from cogwizard.text import Texts


def run(options: argparse.Namespace, texts: Texts) -> int:
    """Run `token` and return its exit code: 1 when the bytes prove a fault, else 3: it was not verified."""
    page = build(read_secret(options.source, kinds=("token", "refresh-token")), time.time(), texts)
    if options.format == "json":
        put_json(page)
    elif options.format == "markdown":
        put(_markdown(page, texts))
    else:
        put(_text(page, texts))
    return Exit.FAULT if any(item["verdict"] == "fail" for item in page["stands_out"]) else Exit.INCONCLUSIVE


def _text(page: dict[str, Any], texts: Texts) -> str:
    lines = [
        texts.label("token kind is", kind=page["kind"], fingerprint=page["fingerprint"]),
        texts.label("token verdict"),
        "",
    ]
    lines += [
        f"  {name:22} {value}" + (f"  [{meaning}]" if meaning else "") for name, value, meaning in rows(page, texts)
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
        *(f"| {escape(name)} | {escape(value)} | {escape(meaning)} |" for name, value, meaning in rows(page, texts)),
        "",
        *(f"- `{item['code']}`: {escape(item['summary'])}" for item in page["stands_out"]),
    ]
    return "\n".join(lines)
