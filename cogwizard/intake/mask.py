"""A pasted text with its secrets replaced in place, and the way back."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote

from cogwizard.intake import (
    sensitive,
    sensitive_code,
    sensitive_curl,
    sensitive_forms,
    sensitive_har,
    sensitive_http,
    sensitive_powershell,
    sensitive_spoken,
)
from cogwizard.intake.dropped import dropped_case, dropped_recording
from cogwizard.intake.sensitive import MASKED, PLACEHOLDER, Span
from cogwizard.model.authorization import read_value
from cogwizard.model.inert import fingerprint, inert, mask_accounts
from cogwizard.model.token import looks_like_jwt, read_token

PLACEHOLDERS = re.compile(PLACEHOLDER)
_ANY_MARK = re.compile(r"\[[^\[\]\r\n]{1,80}\]")
_TOKEN = re.compile(r"[\w.-]++", re.ASCII)
_WORDS = {"id-token": "ID token", "access-token": "access token", "refresh-token": "refresh token", "token": "token"}
_LONGEST_TOKEN = 100_000  # characters; what is longer is not looked into
LoneWord = Literal["none", "long", "any"]
_FINDERS = (
    sensitive,
    sensitive_curl,
    sensitive_http,
    sensitive_code,
    sensitive_powershell,
    sensitive_spoken,
    sensitive_forms,
    sensitive_har,
)
_ROUNDS = 4  # what is masked can make another secret visible as one; more often only a text made for it


@dataclass(frozen=True)
class Masked:
    """`shown` may be seen by anybody; `secrets` gives what each of its placeholders stands for."""

    shown: str
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


def mask(text: str, known: Mapping[str, str] | None = None, *, lone_word: LoneWord = "long") -> Masked:
    """Return `text` with a placeholder in the place of every secret: `[ID token 3f9ac210]`, `[password]`.

    All else stays byte for byte. Takes any text, raises nothing. `known`: placeholders that are in use for something;
    none of them gets another meaning. `lone_word`: whether a text's only word is a secret, a long one, any or none.
    """
    names = _Names(text, known or {})
    shown = text
    for _ in range(_ROUNDS):
        spans = list(_merged(shown, lone_word))
        if not spans:
            break
        parts, last = [], 0
        for start, end, kind in spans:
            parts += [shown[last:start], names.of(reveal(shown[start:end], names.secrets), kind)]
            last = end
        shown = "".join([*parts, shown[last:]])
    return Masked(shown, names.secrets)


def told(text: str, limit: int = 2000) -> str:
    """Return foreign text as it may stand in a report: inert, and its secrets as `id-token 3f9ac210` or `password`."""
    masked = mask(text[: 8 * limit], lone_word="none")
    shown = PLACEHOLDERS.sub(lambda found: plain_name(found[0]), masked.shown)
    return inert(mask_accounts(shown), limit)


def plain_name(placeholder: str) -> str:
    """Return what a placeholder says as a report says it."""
    name = re.sub(r" [0-9]{1,7}(?=\])", "", placeholder).strip("[]")
    return re.sub(r"^(?:ID|access|refresh) token", lambda kind: kind[0].lower().replace(" ", "-"), name)


def reveal(shown: str, secrets: Mapping[str, str]) -> str:
    """Return a text with its placeholders replaced by what they stand for; the text around them may have changed."""
    return _ANY_MARK.sub(lambda found: secrets.get(found[0], found[0]), shown)


def _merged(text: str, lone_word: LoneWord) -> Iterator[Span]:
    """Yield the places of secrets in order, overlapping ones as one, without those that are masked already."""
    found = [span for finder in _FINDERS for span in finder.find(text)]
    if lone_word == "long" and (dropped_recording(text) or dropped_case(text)):
        lone_word = "none"
    if lone_word != "none" and (lone := sensitive.lone_word(text, 1 if lone_word == "any" else sensitive.LONG_WORD)):
        found.append(lone)
    if not found:
        return
    found += [(*mark.span(), "auto") for mark in PLACEHOLDERS.finditer(text)]
    found.sort(key=lambda span: (span[0], -span[1]))
    begin, end, outer = 0, 0, ""
    for start, stop, kind in [*found, (len(text), len(text), "")]:
        if start >= end:
            if end > begin and not MASKED.fullmatch(text, begin, end):
                yield begin, end, outer
            begin, end, outer = start, stop, kind
        elif stop > end:
            end, outer = stop, "password" if "password" in (kind, outer) else "auto"


class _Names:
    """Gives placeholders: the same for the same secret, never one that the text itself holds."""

    def __init__(self, text: str, known: Mapping[str, str]) -> None:
        self._taken = set(_ANY_MARK.findall(text)) - known.keys()
        self._known = known
        self.secrets: dict[str, str] = {}
        self._count: dict[str, int] = {}
        self._given: dict[tuple[str, str], str] = {}

    def of(self, secret: str, kind: str) -> str:
        if (kind, secret) not in self._given:
            self._given[kind, secret] = self._new(secret, _word(secret, kind))
        return self._given[kind, secret]

    def _new(self, secret: str, word: str) -> str:
        number = self._count.get(word, 0)
        while True:
            number += 1
            name = f"[{word}]" if number == 1 else f"[{word} {number}]"
            holds = self.secrets.get(name, self._known.get(name))
            if name not in self._taken and holds in (None, secret):
                self._count[word] = number
                self.secrets[name] = secret
                return name


def _word(secret: str, kind: str) -> str:
    """Return what a secret is called, with the fingerprint that every other screen shows; a password has none."""
    if kind == "password":
        return "password"
    if kind == "cookie":
        return f"cookie {fingerprint(secret)}"
    token = secret
    if len(secret) < _LONGEST_TOKEN and not _TOKEN.fullmatch(secret) and "eyJ" in secret:
        token = read_value(unquote(secret)).token or secret
    if looks_like_jwt(token):
        found = read_token(token)
        return f"{_WORDS.get(found.kind, 'token')} {fingerprint(token)}"
    return f"secret {fingerprint(secret)}"
