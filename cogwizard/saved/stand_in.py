"""What stands in a saved case in the place of a secret: nobody can use it, and every check says the same of it.

A token keeps its length, its flaws, its header and those claims that are judged; its signature is gone. Each stand-in
ends with the fingerprint of what it stands for, where it is long enough for that.
"""

import binascii
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from cogwizard.model.authorization import HeaderFlaw, SentValue, read_value
from cogwizard.model.inert import STAND_IN, fingerprint
from cogwizard.model.token import decode_part, looks_like_jwt, read_token

Clean = Callable[[str], str]
REMOVED = "removed"
_HEADER = frozenset({"alg", "kid", "typ", "cty", "enc"})
# What API Gateway and the checks look at. Who somebody is (sub, username, email, groups ...) is not among it.
CLAIMS = frozenset(
    {"iss", "aud", "client_id", "token_use", "scope", "exp", "iat", "nbf", "auth_time", "version", "ver"}
)
_KEY_ID = re.compile(r"[A-Za-z0-9+/=_-]{1,64}")  # a pool's, which it publishes
_BASE64URL = re.compile(r"[A-Za-z0-9_-]")
_BEGINS = re.compile(r"eyJjdHkiOiJKV1Qi|eyJ|")
_SCOPE = re.compile(r"/[0-9]{8}/[a-z0-9-]{1,30}/[a-z0-9-]{1,30}/aws4_request")
_SCHEMES = re.compile(r"(?is)(?:(?:bearer|authorization)\b|[^\w{$<%(\[])*")


def for_secret(secret: str) -> str:
    """Return what stands for a secret of which only its presence is judged."""
    return f"{STAND_IN}{fingerprint(secret)}" if secret.strip() else secret


def for_value(value: str, clean: Clean) -> str:
    """Return what stands for the value of a header that may carry a token; `clean` redacts what is kept of it.

    Scheme, quotes, blanks and line breaks stay where they are: each check names the characters that spoil a value.
    """
    parts = read_value(value)
    if parts.kind == "empty":
        return value
    if parts.kind == "sigv4":
        scope = _SCOPE.search(value)
        signer = f"Credential={REMOVED}{scope[0]}, Signature=" if scope else ""
        return f"AWS4-HMAC-SHA256 {signer}{for_secret(value)}"
    if parts.kind == "placeholder":
        at = schemes.end() if (schemes := _SCHEMES.match(value)) else 0
        return value if parts.placeholder in value else value[:at] + re.sub(r"[^\W_]", "o", value[at:])
    if parts.token is None:
        scheme = next((flaw.scheme for flaw in parts.flaws if flaw.kind == "foreign-scheme"), "")
        if scheme.lower() == "basic":
            return f"{scheme} {REMOVED}"  # a password has no fingerprint: it could be guessed
        return f"{_before(value, parts)}{for_secret(value)}"
    if any(flaw.kind == "json" for flaw in parts.flaws):
        begin = value[: len(value) - len(value.lstrip())]
        return f'{begin}{{"token":"{for_token(parts.token, clean)}"}}'
    return _woven(value, parts, for_token(parts.token, clean))


def _before(value: str, parts: SentValue) -> str:
    """Return what stands before the token, an unknown scheme without its letters: it could be a secret."""
    core = parts.token[:1] if parts.token else ""
    found = _foreign(parts)
    if found is None:
        return value[: value.find(core)] if core else ""
    at, word = found.position - 1, re.match(r"[\w-]*[: \t]*", value[found.position - 1 :])
    name = word[0] if word else ""
    kept = name if not found.scheme.endswith(".") else name[:1] + re.sub(r"[\w-]", "x", name[1:])
    return value[:at] + kept


def _foreign(parts: SentValue) -> HeaderFlaw | None:
    return next((flaw for flaw in parts.flaws if flaw.kind == "foreign-scheme"), None)


def _woven(value: str, parts: SentValue, shown: str) -> str:
    """Return `value` with the token's characters replaced by those of `shown`, from the last one back."""
    token, left = parts.token or "", list(shown)
    chars, at = list(value), len(value) - 1
    for number in range(len(token) - 1, -1, -1):
        while at >= 0 and chars[at] != token[number]:
            at -= 1
        if at < 0:
            return shown
        chars[at] = "".join(left) if number == 0 else left.pop() if left else ""
        at -= 1
    kept, head = "".join(chars), at + 1
    if (found := _foreign(parts)) is not None and found.scheme.endswith("."):
        before = _before(value, parts)
        kept = before + kept[len(before) :] if len(before) <= head else kept
    return kept


def for_token(text: str, clean: Clean) -> str:
    """Return what stands for a token."""
    core = text.rstrip("=")
    found = read_token(text)
    if found.kind == "opaque":
        shown = "".join(char if char == "." else "o" for char in core)
        shown = shown if read_token(shown).kind == "opaque" else "o" * len(core)
        return _marked(shown, text) + text[len(core) :]
    parts = core.split(".")
    stray = found.flaw_char if found.flaw == "character" else "x"
    kept = [_part(part, (_HEADER, CLAIMS)[at] if at < 2 else None, stray, clean) for at, part in enumerate(parts)]
    if len(parts) in (4, 5):  # a refresh token's second part is no claims
        kept[1:] = [_hidden(part, stray) for part in parts[1:]]
    kept[-1] = _marked(kept[-1], text) if len(parts) > 1 else kept[-1]
    return ".".join(kept) + text[len(core) :]


def _marked(shown: str, secret: str) -> str:
    """Return a text with the fingerprint of what it stands for at its end, where there is room."""
    mark = for_secret(secret)
    tail = shown[-len(mark) :]
    room = len(shown) >= len(mark) and all(_BASE64URL.match(char) for char in tail)
    return shown[: -len(mark)] + mark if room else shown


def _part(part: str, names: frozenset[str] | None, stray: str, clean: Clean) -> str:
    """Return what stands for one part of a token; `names` are the members that are kept, None hides all of it."""
    if names is None or not re.fullmatch(r"[A-Za-z0-9_-]*", part):
        return _hidden(part, stray)
    try:
        value = json.loads(decode_part(part).decode("utf-8"))
    except (binascii.Error, ValueError, RecursionError):
        return _hidden(part, stray)
    room = len(part) * 3 // 4
    if not isinstance(value, dict):
        return _encoded("1".ljust(room))
    return _encoded(_fitted(value, names, room, clean))


def _hidden(part: str, stray: str) -> str:
    """Return a part without what it says: how it begins, how long it is, and which character does not belong there."""
    begins = _BEGINS.match(part)
    begin = begins[0] if begins else ""
    return begin + "".join("x" if _BASE64URL.match(char) else stray for char in part[len(begin) :])


def _encoded(text: str) -> str:
    return binascii.b2a_base64(text.encode(), newline=False).decode().rstrip("=").replace("+", "-").replace("/", "_")


def _fitted(value: Mapping[str, Any], names: frozenset[str], room: int, clean: Clean) -> str:
    """Return JSON of `room` bytes, or a little more: what is judged, and the names of the rest."""
    members = {
        clean(name): _claim(name, held, clean) if name in names else _without(held) for name, held in value.items()
    }
    others = [name for name in members if name not in names]
    while True:
        text = json.dumps(members, separators=(",", ":"))
        if len(text) <= room or not others:
            return text[:-1].ljust(room - 1) + "}"
        del members[others.pop()]


def _claim(name: str, value: object, clean: Clean) -> object:
    if name == "kid" and isinstance(value, str) and _KEY_ID.fullmatch(value):
        return value
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [clean(item) if isinstance(item, str) else None for item in value]
    return {} if isinstance(value, dict) else value


def _without(value: object) -> object:
    if isinstance(value, str):
        return REMOVED if len(value) >= len(REMOVED) else ""
    if isinstance(value, bool | int | float):
        return 0
    return {} if isinstance(value, dict) else [] if isinstance(value, list) else None


def carries_token(value: str) -> bool:
    """Whether a header's value holds what was meant as a JWT."""
    token = read_value(value).token
    return token is not None and looks_like_jwt(token)
