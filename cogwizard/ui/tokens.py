"""Tokens as the screens speak of them: those in a text, which one a method wants, the tables of what they hold."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from cogwizard.model.authorization import read_value
from cogwizard.model.inert import inert
from cogwizard.model.token import Token, read_token
from cogwizard.text import Texts
from cogwizard.ui.widgets.claims import Table

if TYPE_CHECKING:
    from cogwizard.model.case import Case

# On to the last letter or digit before what ends a value in JSON, in a shell, in a URL.
_CLINGING = re.compile(r"[^\s\"'`,;<>()\[\]{}\\&#]*[A-Za-z0-9_-]")

_MOST = 15_000  # characters in a table: more than fit into any header that API Gateway takes, and drawn in an instant

Wanted = Literal["id-token", "access-token"]
Say = Callable[..., str]


@dataclass(frozen=True)
class Wants:
    """Which kind of token a method wants. `key`: the sentence that says so, `params` what it names."""

    kind: Wanted | None
    key: str
    params: dict[str, str]


def tokens_in(text: str) -> tuple[Token, ...]:
    """Return the tokens in a pasted text, at most two: of a pair the ID token first. Blocks where the text is long.

    One word in which nothing was recognised is taken for a token: it may be what was sent.
    """
    from cogwizard.intake.recognise import recognise

    found = [read_token(_whole(token, text)) for token in recognise(text, "token").tokens]
    # Of a token endpoint's answer the refresh token is left out: no API takes it.
    found = [token for token in found if token.kind != "refresh-token"] or found
    id_token = next((token for token in found if token.kind == "id-token"), None)
    others = [token for token in found if token is not id_token]
    access_token = next((token for token in others if token.kind == "access-token"), None)
    first = [token for token in (id_token, access_token) if token is not None]
    return tuple([*first, *(token for token in others if token is not access_token)][:2])


def as_pasted(token: Token, text: str) -> str:
    """Return what is judged of a token: itself, or the text around it where something in it was left out."""
    return text if token.text not in text and read_value(text.strip()).token == token.text else token.text


def _whole(token: str, text: str) -> str:
    """Return a token with what clings to it: a stray character in it does not end it, that of a sentence does."""
    at = text.find(token)
    tail = _CLINGING.match(text, at + len(token)) if at >= 0 else None
    return token + tail[0] if tail else token


def _cut(rows: Sequence[tuple[str, ...]], texts: Texts) -> tuple[tuple[str, ...], ...]:
    """Return as many rows as can be drawn at once, and how many more there are."""
    shown: list[tuple[str, ...]] = []
    room = _MOST
    for row in rows:
        room -= sum(map(len, row))
        if room < 0:
            more = texts.screen("token", "more", count=len(rows) - len(shown))
            return (*shown, (more, *("" for _ in row[1:])))
        shown.append(row)
    return tuple(shown)


def wants(case: "Case") -> Wants:
    """Return which kind of token the called method wants, as deployed; as drafted where only the draft is known."""
    from cogwizard.model.route import Route

    route = case.route
    if not isinstance(route, Route):
        return Wants(None, "wants unknown", {})
    method = {"method": inert(route.verb, 20), "resource": inert(route.resource, 200)}
    if route.method.authorization_type != "COGNITO_USER_POOLS":
        return Wants(None, "wants none", {**method, "type": inert(route.method.authorization_type, 40)})
    draft = " in draft" if case.api.assumed else ""
    if not route.method.scopes:
        return Wants("id-token", f"wants id{draft}", method)
    scopes = inert(", ".join(route.method.scopes), 300)
    return Wants("access-token", f"wants access{draft}", {**method, "scopes": scopes})


def about(token: Token, say: Say) -> str:
    """Return the sentence about the kind of a token."""
    if token.kind not in ("refresh-token", "opaque") and token.flaw and not token.claims:
        return say("about unreadable", token=token.label)
    return say(f"about {token.kind}", token=token.label)


def tables(pages: Sequence[tuple[str, dict[str, Any]]], texts: Texts) -> list[Table]:
    """Return the tables of one or two tokens, each given by its label and its page (`report.token`)."""
    from cogwizard.report.token import PARTS, rows, side_by_side

    claim, value, meaning = (texts.label(key) for key in ("claim", "value", "meaning"))
    if len(pages) == 2:
        labels = tuple(texts.phrase(label) for label, _ in pages)
        found = []
        for name, values, means in side_by_side([page for _, page in pages], texts):
            first, second = (texts.screen("token", "not in it") if item is None else item for item in values)
            second = texts.screen("token", "the same") if values[0] == values[1] else second
            found.append((name, first, second, means))
        return [Table(texts.screen("token", "side by side"), (claim, *labels, meaning), _cut(found, texts))]
    return [
        Table(texts.screen("token", f"part {part}"), (claim, value, meaning), _cut(rows(page, texts, (part,)), texts))
        for _, page in pages
        for part in PARTS
        if page[part]
    ]
