"""The page of a token read offline: kind, claims, times, what stands out. Never "valid": no key is asked for."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from cogwizard.judgement import Judgement, judge
from cogwizard.model.call import Call, Target
from cogwizard.model.case import Case
from cogwizard.model.inert import fingerprint, inert, scrub
from cogwizard.model.token import Token
from cogwizard.steps import TROUBLESHOOT
from cogwizard.steps.times import moment
from cogwizard.text import Texts

Page = dict[str, Any]
Part = Literal["header", "claims"]

SCHEMA = "cogwizard/token@1"
PARTS: tuple[Part, ...] = ("header", "claims")
_MOST = 200  # members of a token that are shown; Cognito's have some twenty
_TIMES = ("iat", "nbf", "auth_time", "exp")
_STEPS = tuple(step for step in TROUBLESHOOT if step.id in ("token", "header"))


def read(value: str, now: float) -> Judgement:
    """Judge a token without its keys, as the value of a header. `now` in Unix seconds."""
    call = Call("GET", "", (("Authorization", value),))
    return judge(Case(call, Target("execute-api", "", "/"), now, offline=True), _STEPS)


def build(value: str, now: float, texts: Texts) -> Page:
    """Return what can be said of a token without its keys, as JSON-ready data. `now` in Unix seconds."""
    return page_of(read(value, now), value, texts)


def page_of(judgement: Judgement, value: str, texts: Texts) -> Page:
    """Return the page of a token that `read` judged."""
    token, sent = judgement.case.token, judgement.case.sent
    return {
        "schema": SCHEMA,
        "kind": token.kind if token else sent.value.kind if sent else "token",
        "fingerprint": fingerprint(token.text if token else value),
        "verified": False,
        **taken_apart(token),
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


def taken_apart(token: Token | None) -> Page:
    """Return header, claims and times of a token, harmless to show; empty for none and for one that nobody can read."""
    return {
        "header": _shown(token.header) if token else {},
        "claims": _shown(token.claims) if token else {},
        "times": {
            name: moment(seconds) for name in _TIMES if token and (seconds := token.time_claim(name)) is not None
        },
    }


def rows(page: Page, texts: Texts, parts: Sequence[Part] = PARTS) -> list[tuple[str, str, str]]:
    """Return (name, value, meaning in words) of what a token holds, in its order."""
    return [(name, _cell(page, part, name), meaning(name, part, texts)) for part in parts for name in page[part]]


def side_by_side(pages: Sequence[Page], texts: Texts) -> list[tuple[str, tuple[str | None, ...], str]]:
    """Return (name, the value in each token, meaning) of all that the tokens hold; None for what one has not.

    What differs stands before what is the same.
    """
    names = dict.fromkeys((part, name) for part in PARTS for page in pages for name in page[part])
    found = [
        (
            name,
            tuple(_cell(page, part, name) if name in page[part] else None for page in pages),
            meaning(name, part, texts),
        )
        for part, name in names
    ]
    return sorted(found, key=lambda row: len(set(row[1])) == 1)


def meaning(name: str, part: Part, texts: Texts) -> str:
    """Return what a claim or a header member means, "" for one that is neither Cognito's nor a standard's."""
    known = texts.meanings()
    if part == "claims" and name.startswith(("custom:", "dev:custom:")):
        return known["custom:"]
    return known.get(name, "")


def _cell(page: Page, part: Part, name: str) -> str:
    value = page[part][name]
    shown = value if isinstance(value, str) else json.dumps(value)
    return f"{shown} ({page['times'][name]})" if part == "claims" and name in page["times"] else shown


def _shown(values: Mapping[str, Any]) -> dict[str, Any]:
    return {inert(str(key), 120): _value(value) for key, value in list(values.items())[:_MOST]}


def _value(value: Any) -> Any:
    if value is None or isinstance(value, bool) or (isinstance(value, int) and abs(value) < 1e18):
        return value
    if isinstance(value, str):
        return scrub(value, 500)
    return scrub(json.dumps(value, ensure_ascii=False, default=str), 500)
