"""The value of the header that carries the token: what it is, and what is wrong with it, by character.

Sources: research 1.2 and the guide's "no spaces were added" [D]; the exact trimming rules are not documented [U], so
what a client or a proxy removes on the way (white space at the edges) is a warning, never a cause.
"""

import re
from dataclasses import dataclass, field
from typing import Literal

from cogwizard.model.token import LONGEST, looks_like_jwt

FlawKind = Literal[
    "quote",
    "space",
    "line-break",
    "invisible",
    "double-scheme",
    "foreign-scheme",
    "colon",
    "header-name",
    "json",
    "bearer-case",
    "edges",
]
ValueKind = Literal["token", "empty", "placeholder", "sigv4"]

_QUOTES = "\"'`\u2018\u2019\u201c\u201d\u201e\u00ab\u00bb"
_PLACEHOLDER = re.compile(
    r"undefined|null|none|nil|nan|\[object object\]|\{\{.*\}\}|\$\{.*\}|\$[A-Za-z_]\w*|\$\(.*\)|%\w+%|<[^<>]+>"
    r"|your[-_ ]?(?:id|access|jwt)?[-_ ]?token(?:[-_ ]?here)?|\{[\w.-]+\}|\.\.\.|xxx+|<promise>|\[object promise\]",
    re.IGNORECASE | re.DOTALL,
)
_HEADER_NAME = re.compile(r"(?i)(authorization)\s*[:=]\s*")
_SCHEME = re.compile(r"(?i)(bearer)(?![A-Za-z0-9._-])")
_FOREIGN = re.compile(r"([A-Za-z][A-Za-z0-9_-]{1,30})(:?)([ \t]+)(?=\S)")
_SCHEMES = frozenset(
    {"jwt", "token", "basic", "digest", "oauth", "apikey", "cognito", "idtoken", "access", "id", "key"}
)
_JWT = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]*", re.ASCII)


@dataclass(frozen=True)
class HeaderFlaw:
    """Something that does not belong there. `position` counts characters of the value from 1; 0 where none fits."""

    kind: FlawKind
    position: int = 0
    character: str = ""
    scheme: str = ""


@dataclass(frozen=True)
class SentValue:
    """A header value taken apart. `token` is what remains after cleaning; it is a secret.

    `scheme` is "Bearer" in the spelling that was sent, or None for a bare value.
    """

    kind: ValueKind
    token: str | None = field(default=None, repr=False)
    scheme: str | None = None
    flaws: tuple[HeaderFlaw, ...] = ()
    placeholder: str = ""  # as it may be shown

    @property
    def breaking(self) -> tuple[HeaderFlaw, ...]:
        """The flaws that make API Gateway refuse, without those whose effect AWS does not document."""
        return tuple(flaw for flaw in self.flaws if flaw.kind not in ("edges", "bearer-case"))


def read_value(value: str) -> SentValue:
    """Take a header value apart. Accepts any string, raises nothing."""
    if len(value) > LONGEST:
        return SentValue("token", value.strip(" \t\r\n"))
    return _Reader(value).read()


class _Reader:
    """Walks the value from the left; `at` is the place in the original, so that flaws name its characters."""

    def __init__(self, value: str) -> None:
        self.value = value
        self.flaws: list[HeaderFlaw] = []
        self.scheme: str | None = None
        self.at = len(value) - len(value.lstrip(" \t"))
        self.end = len(value.rstrip(" \t"))
        if value and (self.at or self.end < len(value)):
            self.flaws.append(HeaderFlaw("edges"))

    def read(self) -> SentValue:
        rest = self._rest()
        if not rest.strip():
            return SentValue("empty", flaws=())
        if rest.startswith("AWS4-"):
            return SentValue("sigv4")
        if rest.lstrip().startswith("{") and (found := _token_in_json(rest)):
            self._flaw("json")
            return SentValue("token", found, None, tuple(self.flaws))
        self._opening_quote()
        if name := _HEADER_NAME.match(self._rest()):
            self._flaw("header-name", character=name[1])
            self.at += name.end()
        foreign = self._schemes()
        self._opening_quote()
        self._closing_quote()
        rest = self._rest()
        if not rest.strip():
            return SentValue("empty", scheme=self.scheme)
        if "eyJ" not in rest and _PLACEHOLDER.fullmatch(rest.strip()):
            return SentValue("placeholder", scheme=self.scheme, placeholder=_shown(rest.strip()))
        token = self._clean(rest)
        if foreign and not looks_like_jwt(token):
            return SentValue("token", None, self.scheme, tuple(self.flaws))
        return SentValue("token", token, self.scheme, tuple(self.flaws))

    def _rest(self) -> str:
        return self.value[self.at : self.end]

    def _flaw(self, kind: FlawKind, character: str = "", scheme: str = "", offset: int = 0) -> None:
        if not any(flaw.kind == kind for flaw in self.flaws):
            self.flaws.append(HeaderFlaw(kind, self.at + offset + 1, character, scheme))

    def _opening_quote(self) -> None:
        rest = self._rest()
        if rest and rest[0] in _QUOTES:
            self._flaw("quote", rest[0])
            self.at += 1

    def _closing_quote(self) -> None:
        rest = self._rest()
        if rest and rest[-1] in _QUOTES:
            self._flaw("quote", rest[-1], offset=len(rest) - 1)
            self.end -= 1

    def _schemes(self) -> bool:
        """Consume "Bearer", however often; return whether another scheme stands there."""
        while found := _SCHEME.match(self._rest()):
            if self.scheme is not None:
                self._flaw("double-scheme", scheme=found[1])
            elif found[1] != "Bearer":
                self._flaw("bearer-case", scheme=found[1])
            self.scheme = self.scheme or found[1]
            self.at += found.end()
            if self._rest().startswith(":"):
                self._flaw("colon", ":", scheme=found[1])
                self.at += 1
            gap = re.match(r"[ \t]*", self._rest())
            width = gap.end() if gap else 0
            if width and self._rest()[:width] != " ":
                # One space separates scheme and token; the second character of the gap, or a tab, is too much.
                self._flaw("space", offset=0 if self._rest()[0] == "\t" else 1)
            self.at += width
        other = _FOREIGN.match(self._rest())
        if other and not looks_like_jwt(other[1]):
            known = other[1] if other[1].lower() in _SCHEMES else f"{other[1][:1]}..."  # it could be a secret
            self._flaw("foreign-scheme", scheme=known)
            self.at += other.end()
            return True
        return False

    def _clean(self, rest: str) -> str:
        kept: list[str] = []
        for offset, char in enumerate(rest):
            if char in "\r\n":
                self._flaw("line-break", offset=offset)
            elif char in " \t":
                # White space next to a line break belongs to the break (a terminal's continuation).
                if not any(other in "\r\n" for other in rest[max(0, offset - 8) : offset + 8]):
                    self._flaw("space", offset=offset)
            elif not char.isprintable() or char.isspace():
                self._flaw("invisible", f"U+{ord(char):04X}", offset=offset)
            elif char in _QUOTES:
                self._flaw("quote", char, offset=offset)
            else:
                kept.append(char)
        return "".join(kept)


def _shown(placeholder: str) -> str:
    """Return a placeholder as it may be shown: what stands between brackets could be a secret, unless it is a name."""
    name = re.sub(r"\W", " ", placeholder).strip()
    known = re.fullmatch(r"(?i)undefined|null|none|nil|nan|object object|object promise|promise|x+|", name)
    if known or re.fullmatch(r"(?i)[a-z_ ]{0,20}(?:token|jwt|auth|bearer)[a-z_ ]{0,20}", name):
        return placeholder
    return f"{placeholder[:2] if placeholder[0] in '{$' else placeholder[0]}...{placeholder[-1]}"


def _token_in_json(text: str) -> str | None:
    """Return the token in a pasted JSON answer of a token endpoint or a sign-in, the ID token first; else None."""
    for name in ("id_?token", "access_?token", "token"):
        found = re.search(rf'(?i)"{name}"\s*:\s*"([^"]+)"', text)
        if found and looks_like_jwt(found[1]):
            return found[1]
    loose = _JWT.search(text)
    return loose[0] if loose else None
