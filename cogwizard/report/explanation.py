"""The page of a code: what it means, why it happens, how it is proven and mended. Offline, without real ids."""

from typing import Any

from cogwizard.model.code import CODES
from cogwizard.text import Texts

SCHEMA = "cogwizard/explain@1"
SECTIONS = ("means", "why", "proof", "limits", "confused_with")


def build(code: str, texts: Texts) -> dict[str, Any]:
    """Return the page of a code as JSON-ready data; ids stand as `<REST_API_ID>` and the like."""
    entry = texts.entry(code)
    return {
        "schema": SCHEMA,
        "code": code,
        "group": CODES[code].group,
        "class": CODES[code].kind,
        "title": entry["title"],
        **{section: entry.get(section, "") for section in SECTIONS},
        "fixes": [
            {key: getattr(fix, key) for key in ("title", "console", "cli", "terraform", "sam", "cdk")}
            for fix in texts.fixes(code, {})
        ],
        "neighbours": list(texts.neighbours(code)),
        "references": list(texts.references(code)),
    }
