"""`cogwizard explain`: the page of one finding, or the findings behind an error text. Offline."""

import argparse
from difflib import get_close_matches
from typing import Any

from cogwizard.commands import secret_hash
from cogwizard.commands.output import Exit, UsageError, put, put_json, read_file
from cogwizard.model.code import CODES
from cogwizard.report.explanation import SCHEMA, SECTIONS, build
from cogwizard.report.markdown import escape, fence
from cogwizard.text import Texts

_LABELS = {"confused_with": "confused"}


def run(options: argparse.Namespace, texts: Texts) -> int:
    """Run `explain` and return its exit code. Raises UsageError."""
    if secret_hash.is_wanted(options):
        return secret_hash.run(options, texts)
    if options.list and options.format == "json":
        rows = [
            {"code": c.name, "group": c.group, "class": c.kind, "title": texts.title(c.name)} for c in CODES.values()
        ]
        put_json({"schema": "cogwizard/codes@1", "codes": rows})
        return Exit.OK
    if options.list:
        for code in CODES.values():
            put(f"{code.name:42} {texts.title(code.name)}")
        return Exit.OK
    if options.code == "-":
        return _error_text(options, texts)
    if options.code not in CODES:
        near = get_close_matches(options.code or "", list(CODES), n=3, cutoff=0.3)
        raise UsageError("unknown-code", nearest=", ".join(near) or "-")
    page = build(options.code, texts)
    if options.format == "json":
        put_json(page)
    else:
        put(_markdown(page, texts) if options.format == "markdown" else _text(page, texts))
    return Exit.OK


def _error_text(options: argparse.Namespace, texts: Texts) -> int:
    from cogwizard.intake.errortext import read_error

    found = read_error(read_file("-", 8))
    if options.format == "json":
        put_json({"schema": SCHEMA, "codes": list(found.codes), "read_as": found.read_as})
    else:
        put(texts.label("read as", what=texts.read_as(found.read_as)))
        for code in found.codes:
            put(f"  {code}: {texts.title(code)}")
        if not found.codes:
            put(texts.label("no code"))
    return Exit.OK if found.codes else Exit.INCONCLUSIVE


def _text(page: dict[str, Any], texts: Texts) -> str:
    lines = [f"{page['code']}: {page['title']}"]
    for section in SECTIONS:
        if page[section]:
            lines += ["", texts.label(_LABELS.get(section, section)), f"  {page[section]}"]
    for fix in page["fixes"]:
        lines += ["", f"{texts.label('mend')}: {fix['title']}"]
        for key in ("console", "cli", "terraform", "sam", "cdk"):
            if fix[key]:
                lines += [f"  {texts.label(key)}", *(f"    {line}" for line in fix[key].splitlines())]
    if page["references"]:
        lines += ["", texts.label("references"), *(f"  {address}" for address in page["references"])]
    return "\n".join(lines)


def _markdown(page: dict[str, Any], texts: Texts) -> str:
    lines = [f"# `{page['code']}`: {escape(page['title'])}", ""]
    for section in SECTIONS:
        if page[section]:
            lines += [f"## {escape(texts.label(_LABELS.get(section, section)))}", "", escape(page[section]), ""]
    for fix in page["fixes"]:
        lines += [f"## {escape(texts.label('mend'))}: {escape(fix['title'])}", ""]
        if fix["console"]:
            lines += [escape(fix["console"]), ""]
        for key, kind in (("cli", "sh"), ("terraform", "hcl"), ("sam", "yaml"), ("cdk", "ts")):
            if fix[key]:
                lines += [f"{texts.label(key)}:", "", fence(fix[key], kind), ""]
    return "\n".join([*lines, *(f"- <{address}>" for address in page["references"])])
