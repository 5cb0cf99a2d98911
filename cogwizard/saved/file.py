"""The file of a saved case: JSON with its schema, the case's own fields, and each fact beside the read that gave it."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from cogwizard import __version__
from cogwizard.intake.errors import BadInput
from cogwizard.model.case import Case
from cogwizard.model.read import Absent, Read, Unread
from cogwizard.model.saved import Saved
from cogwizard.saved.facts import GIVES, NAMES
from cogwizard.saved.shape import Json, hints, taken, taken_members, written

SCHEMA = "cogwizard/case@1"
LARGEST = 64  # MiB of a file
_SCHEMA = re.compile(r"cogwizard/case@([0-9]{1,6})")
_VERSION = re.compile(r"[0-9A-Za-z.+-]{1,40}")
_NOT_A_CASE = frozenset({"facts", "view"})  # the facts stand beside; both views are judged anyway


def to_text(case: Case) -> str:
    """Return a redacted case (`redact`) as the text of a file."""
    kinds = hints(Case)
    plain = {name: held for name, held in written(replace(case, facts={}), Case).items() if name not in _NOT_A_CASE}
    document = {
        "schema": SCHEMA,
        "written_by": __version__,
        "case": {name: plain[name] for name in kinds if name in plain},
        "facts": [
            {"read": {"name": type(read).__name__, **written(read, type(read))}, **_fact(read, fact)}
            for read, fact in case.facts.items()
        ],
    }
    return json.dumps(document, indent=1) + "\n"  # escaped: what is no UTF-8 was pasted too


def _fact(read: Read, fact: object) -> dict[str, Json]:
    if isinstance(fact, Absent):
        return {"absent": {"error": fact.error, "message": fact.message}}
    if isinstance(fact, Unread):
        return {"unread": {"reason": fact.reason, "error": fact.error, "detail": fact.detail}}
    return {"fact": written(fact, GIVES[type(read)])}


def from_text(text: str) -> Saved:
    """Return what a file holds. Raises BadInput (`case-...`) for everything that is not a saved case; nothing else."""
    document = _parsed(text)
    found = _SCHEMA.fullmatch(document["schema"]) if isinstance(document.get("schema"), str) else None
    if found is None:
        raise BadInput("case-no-case")
    version = document.get("written_by")
    if not isinstance(version, str) or not _VERSION.fullmatch(version):
        raise BadInput("case-member-wrong", member="written_by", wanted="string")
    reader = _READERS.get(int(found[1]))
    if reader is None:
        raise BadInput("case-newer", version=version)
    return Saved(reader(document), version)


def _first(document: dict[str, Any]) -> Case:
    for name in document:
        if name not in ("schema", "written_by", "case", "facts"):
            raise BadInput("case-member-unknown", member=name)
    for name in ("case", "facts"):
        if name not in document:
            raise BadInput("case-member-missing", member=name)
    case: Case = taken_members(document["case"], Case, "case", {"facts": {}, "view": "deployed"})
    if not isinstance(document["facts"], list):
        raise BadInput("case-member-wrong", member="facts", wanted="list")
    facts: dict[Read, object] = {}
    for number, entry in enumerate(document["facts"]):
        read, fact = _entry(entry, f"facts[{number}]")
        if read in facts:
            raise BadInput("case-fact-twice", member=f"facts[{number}].read")
        facts[read] = fact
    return replace(case, facts=facts)


# The version of the schema -> what reads it. A file of an older version goes on being read.
_READERS: dict[int, Callable[[dict[str, Any]], Case]] = {1: _first}


def _entry(entry: Json, at: str) -> tuple[Read, object]:
    if not isinstance(entry, dict) or not isinstance(entry.get("read"), dict):
        raise BadInput("case-member-wrong", member=f"{at}.read", wanted="object")
    members = dict(entry["read"])
    name = members.pop("name", None)
    kind = NAMES.get(name) if isinstance(name, str) else None
    if kind is None:
        raise BadInput("case-member-wrong", member=f"{at}.read.name", wanted=" | ".join(NAMES))
    read: Read = taken_members(members, kind, f"{at}.read")
    forms = entry.keys() - {"read"}
    if len(forms) != 1 or not forms <= {"fact", "absent", "unread"}:
        raise BadInput("case-member-wrong", member=at, wanted="read, fact | absent | unread")
    form = forms.pop()
    if form == "absent":
        return read, taken_members(entry[form], Absent, f"{at}.absent", {"read": read})
    if form == "unread":
        return read, taken_members(entry[form], Unread, f"{at}.unread", {"read": read})
    return read, taken(entry[form], GIVES[kind], f"{at}.fact")


def _parsed(text: str) -> dict[str, Any]:
    if not text.strip():
        raise BadInput("case-empty")
    try:
        document = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except RecursionError:
        raise BadInput("case-too-deep") from None
    except BadInput:
        raise
    except ValueError:  # a number of more digits than int() takes is one too
        raise BadInput("case-not-json") from None
    if not isinstance(document, dict):
        raise BadInput("case-no-case")
    return document


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise BadInput("case-member-twice", member=next(name for name in names if names.count(name) > 1))
    return found


def _no_number(name: str) -> float:
    raise BadInput("case-number", number=name)
