"""A token taken apart. Nothing here says that a token is valid: that needs its keys.

A token's text is a secret: `repr` shows its kind and fingerprint.
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from cogwizard.model.inert import fingerprint

Kind = Literal["id-token", "access-token", "refresh-token", "token", "opaque"]
Flaw = Literal["parts", "character", "base64", "json", "not-object", "too-long", "signature"]

# The whole request header section of API Gateway is limited to 10,240 bytes; ten times that is hostile input.
LONGEST = 100_000
_BASE64URL = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
# A Cognito refresh token is a JWE of five parts whose header begins with {"cty":"JWT" (research 1.2 [V]).
_REFRESH_PREFIX = "eyJjdHkiOiJKV1Qi"
PART_NAMES = ("header", "payload", "signature")


@dataclass(frozen=True)
class Token:
    """A string that was sent as a token.

    `flaw` says why it cannot be read (None when it can), `flaw_part` in which part, `flaw_at` at which character of
    the string (1-based), `flaw_char` which character. `padded`: the signature ends in "=", which a JWT's does not; what
    API Gateway makes of that is not documented. `header` and `claims` are empty where they cannot be read.
    """

    text: str = field(repr=False)
    kind: Kind
    header: Mapping[str, Any] = field(default_factory=dict, repr=False, hash=False)
    claims: Mapping[str, Any] = field(default_factory=dict, repr=False, hash=False)
    flaw: Flaw | None = None
    flaw_part: str = ""
    flaw_at: int = 0
    flaw_char: str = ""
    parts: int = 0
    padded: bool = False

    @property
    def label(self) -> str:
        """How the token is shown: its kind and the first 8 digits of its SHA-256."""
        return f"{'token' if self.kind == 'opaque' else self.kind} {fingerprint(self.text)}"

    def text_claim(self, name: str) -> str | None:
        """Return a claim that is a string, else None."""
        value = self.claims.get(name)
        return value if isinstance(value, str) else None

    def time_claim(self, name: str) -> float | None:
        """Return a claim that is a time in Unix seconds (finite number), else None."""
        value = self.claims.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        try:
            seconds = float(value)
        except OverflowError:
            return None
        return seconds if abs(seconds) < 1e15 else None

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes of the `scope` claim; empty when there is none."""
        return tuple(part for part in (self.text_claim("scope") or "").split(" ") if part)

    @property
    def audiences(self) -> tuple[str, ...]:
        """The `aud` claim as a tuple; empty when there is none."""
        value = self.claims.get("aud")
        if isinstance(value, str):
            return (value,)
        return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()

    @property
    def signing_input(self) -> bytes:
        """What the signature covers: header, dot, payload, as sent."""
        return self.text.rstrip("=").rpartition(".")[0].encode("ascii")

    @property
    def signature(self) -> bytes:
        """The signature's bytes."""
        return decode_part(self.text.rstrip("=").rpartition(".")[2])


def decode_part(part: str) -> bytes:
    """Return the bytes of a base64url part without padding. Raises binascii.Error when it is none."""
    if len(part) % 4 == 1:
        raise binascii.Error("one character too many")
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def looks_like_jwt(text: str) -> bool:
    """Whether `text` was meant as a JWT: it begins as one does, or has its two dots between base64url text."""
    return (
        text.startswith("eyJ")
        or (".eyJ" in text and " " not in text)
        or bool(re.fullmatch(r"[\w+/=-]{8,}\.[\w+/=-]{8,}\.[\w+/=-]*", text, re.ASCII))
    )


def read_token(text: str) -> Token:
    """Take a token apart. Accepts any string, raises nothing.

    Kinds: `token_use` decides between ID and access token [D: the guide]; five parts are a refresh token; a string that
    was never a JWT is opaque.
    """
    parts = text.split(".")
    if not looks_like_jwt(text):
        return Token(text, "opaque", parts=len(parts))
    if len(text) > LONGEST:
        return Token(text, "token", flaw="too-long", parts=len(parts))
    if text.endswith("="):
        token = read_token(text.rstrip("="))
        if token.flaw is None:
            return replace(token, text=text, padded=True)
    stray = next((at for at, char in enumerate(text) if char not in _BASE64URL and char != "."), None)
    if stray is not None:
        part = PART_NAMES[min(text[:stray].count("."), 2)]
        return _flawed(text, len(parts), "character", part, stray + 1, text[stray])
    if len(parts) == 5 or (len(parts) != 3 and text.startswith(_REFRESH_PREFIX)):
        # A second token pasted behind the first makes five parts too: its header is no JWE's.
        return Token(text, "refresh-token", parts=len(parts)) if _is_jwe(parts[0]) else _flawed(text, 5, "parts")
    if len(parts) != 3:
        return _flawed(text, len(parts), "parts")
    return _read_parts(text, parts)


def _is_jwe(header: str) -> bool:
    try:
        value = json.loads(decode_part(header))
    except (ValueError, RecursionError):
        return header.startswith(_REFRESH_PREFIX)
    return isinstance(value, dict) and (
        "enc" in value or str(value.get("alg"))[:2] not in ("RS", "HS", "ES", "PS", "no")
    )


def _read_parts(text: str, parts: list[str]) -> Token:
    read: list[Mapping[str, Any]] = []
    for name, part in zip(PART_NAMES[:2], parts[:2], strict=True):
        at = 1 if name == "header" else len(parts[0]) + 2
        try:
            value = json.loads(decode_part(part).decode("utf-8"))
        except binascii.Error:
            return _flawed(text, 3, "base64", name, at, header=read[0] if read else {})
        except (ValueError, RecursionError):
            return _flawed(text, 3, "json", name, at, header=read[0] if read else {})
        if not isinstance(value, dict):
            return _flawed(text, 3, "not-object", name, at, header=read[0] if read else {})
        read.append(value)
    header, claims = read
    kinds: dict[object, Kind] = {"id": "id-token", "access": "access-token"}
    use = claims.get("token_use")
    kind = kinds.get(use, "token") if isinstance(use, str) else "token"
    try:
        empty = not decode_part(parts[2])
    except binascii.Error:
        at = len(text) - len(parts[2]) + 1
        return Token(text, kind, header, claims, "base64", "signature", at, parts=3)
    # An unsigned token ("alg": "none") has an empty third part: readable, and judged by its algorithm.
    if empty and str(header.get("alg", "")).lower() != "none":
        return Token(text, kind, header, claims, "signature", "signature", len(text), parts=3)
    return Token(text, kind, header, claims, parts=3)


def _flawed(
    text: str,
    parts: int,
    flaw: Flaw,
    part: str = "",
    at: int = 0,
    char: str = "",
    header: Mapping[str, Any] | None = None,
    claims: Mapping[str, Any] | None = None,
) -> Token:
    return Token(text, "token", header or {}, claims or {}, flaw, part, at, char, parts)
