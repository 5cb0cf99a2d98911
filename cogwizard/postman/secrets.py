"""Secrets in plain text in a collection or environment: tokens by their form, other values by the name they have.

A variable, a placeholder or an example is none (postman-oauth.md 4.5, P20).
"""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from cogwizard.intake.sensitive import is_unfilled
from cogwizard.model.collection import FoundSecret, SecretKind
from cogwizard.model.inert import AWS_KEY, fingerprint
from cogwizard.model.token import LONGEST, read_token

# What follows may be missing: a run that is no token is passed over whole, or "eyJeyJeyJ..." would be tried at each.
_JWT = re.compile(r"eyJ[A-Za-z0-9_-]{8,}+(?P<rest>(?:\.[A-Za-z0-9_-]*+){2,4}+)?+")
_PRIVATE_KEY = re.compile(r"-----BEGIN (?:[A-Z]{2,9} )?PRIVATE KEY-----")
_SCHEME = re.compile(r"(?i)\A\s*+(?:(?:bearer|token|jwt|apikey)\s++)++")
_BASIC = re.compile(r"(?i)\s*+basic\s++([A-Za-z0-9+/_=-]{4,4000})\s*+")
# What a name must hold, and what it must not end in: `token_url` and `client_secret_arn` hold no secret.
_SECRET = re.compile(
    r"secret|passwo?r[dt]|passwd|passphrase|^pwd$|token|^authorization$|cookie$|apikey|privatekey|assertion$|^jwt$|authkey$"
    r"|credential"
)
_HARMLESS = re.compile(
    r"(?:url|uri|endpoint|type|name|id|arn|expiry|expires?|expiresin|expiresat|expiration|ttl|lifetime|validity|length"
    r"|path|host|domain|prefix|header|scopes?|issuer|use|method|audience|policy|hint|field|location|placement|count"
    r"|version|status|params|key|enabled|required|hash|source|placeholder|description|label|regex|format|algorithm|alg"
    r"|rotation)$|^addtokento|tokenrequest|tokenkind"
    r"|(?:next|page|continuation|pagination|sync|csrf|xsrf|start|invalid|cancel)token$"
)
_KEPT = re.compile(r"(?:api|secretaccess|private|secret|auth)key$")  # ends in "key" and is a secret all the same
# What stands where a value belongs that the writer left out, without regard to "-", "_", blanks and case.
_EMPTY_WORDS = frozenset(
    {
        "string",
        "text",
        "secret",
        "password",
        "passw0rd",
        "token",
        "clientsecret",
        "accesstoken",
        "refreshtoken",
        "idtoken",
        "apikey",
        "bearer",
        "basic",
        "jwt",
        "none",
        "null",
        "nil",
        "undefined",
        "na",
        "n/a",
        "todo",
        "tbd",
        "true",
        "false",
        "default",
        "enabled",
        "disabled",
        "on",
        "off",
    }
)
_PLACEHOLDER = re.compile(
    r"(?i)(?:[x*\u2022.?\-_#0 ]+|<.*>|\[.*\]|\(.*\)|%.*%"
    r"|(?:your|enter|insert|replace|paste|add|put|my|the|some|fill)[-_ ].*"
    r"|.*(?:placeholder|redacted|removed|change[-_ ]?me|dummy|your[-_ ]|hidden|masked|examplekey|xxxx|\*{4}).*)",
    re.DOTALL,
)
_NUMBER = re.compile(r"[0-9.,]{1,9}")
_IN_JSON = re.compile(r'"([A-Za-z][\w.-]{1,60})"\s*+:\s*+"((?:[^"\\\r\n]|\\.){1,5000}+)"')
_IN_FORM = re.compile(r"(?:^|[?&])([A-Za-z][\w.%-]{1,60})=([^&\s#]{1,5000})")
_IN_SCRIPT = re.compile(r"""\(\s*+["']([\w.-]{1,60})["']\s*+,\s*+["']([^"'\r\n]{1,5000})["']""")
_SIGNS = ("eyJ", "AKIA", "ASIA", "PRIVATE KEY-----")
_SHORTEST = 8  # characters of a name with its value
_WORDS_OF_A_SECRET = 4  # what has more is prose
# Members whose text is a person's or a server's: what stands there under a name is an example.
_EXAMPLES = frozenset({"description", "response", "responses", "name", "example"})
_WORDS: dict[str, SecretKind] = {"clientsecret": "client secret", "secretkey": "AWS key", "secretaccesskey": "AWS key"}


@dataclass(frozen=True)
class Seen:
    """A secret as it stands: its `value` tells equal ones apart, and is never handed on."""

    value: str = field(repr=False)
    kind: SecretKind
    label: str
    expires: float | None = None


class Finder:
    """Collects secrets, each once."""

    def __init__(self) -> None:
        """Begin with none."""
        self._found: dict[str, FoundSecret] = {}

    @property
    def found(self) -> tuple[FoundSecret, ...]:
        """What was found, in the order of the file."""
        return tuple(self._found.values())

    def look(self, node: Any, place: str, path: str, without: frozenset[str] = frozenset()) -> None:
        """Look through a part of a document, its members `without` left out. Takes anything, raises nothing."""
        stack: list[tuple[Any, str, bool]] = [(node, path, False)]
        while stack:
            value, at, is_example = stack.pop()
            if isinstance(value, dict):
                self._look_in(value, place, at, is_example, stack, without)
                without = frozenset()
            elif isinstance(value, list):
                stack.extend((item, at, is_example) for item in reversed(value))
            elif isinstance(value, str) and value:
                # Most texts hold no sign of a secret: asking first is what keeps 50 MB a matter of seconds.
                if any(sign in value for sign in _SIGNS):
                    self._take(place, at, anywhere(value))
                if not is_example and len(value) >= _SHORTEST and ("=" in value or '"' in value or "'" in value):
                    self._take(place, at, within(value))

    def _look_in(
        self,
        node: dict[str, Any],
        place: str,
        at: str,
        is_example: bool,
        stack: list[tuple[Any, str, bool]],
        without: frozenset[str],
    ) -> None:
        """Look at the pairs of an object: `{"key": "clientSecret", "value": "..."}`, and `{"clientSecret": "..."}`."""
        key = node.get("key")
        name = key if isinstance(key, str) else ""
        # The attribute `value` of an apikey block is the key itself, whatever its header is called.
        is_key = at.rpartition(".")[2] == "apikey" and name not in ("key", "in")
        for member, value in reversed(node.items()):
            if member in without:
                continue
            is_pair = member == "value" and bool(name)
            own = name if is_pair else member
            below = f"{at}.{own}"[-120:] if own else at
            if isinstance(value, str):
                is_typed = is_pair and node.get("type") == "secret"
                if not is_example and (is_typed or (is_key and member == "value") or is_secret_name(own)):
                    self._take(place, below, under(own, value))
            stack.append((value, below, is_example or member in _EXAMPLES))

    def _take(self, place: str, path: str, found: Iterator[Seen]) -> None:
        for seen in found:
            known = self._found.get(seen.value)
            if known:
                self._found[seen.value] = replace(known, times=known.times + 1)
            else:
                self._found[seen.value] = FoundSecret(place, path.strip("."), seen.kind, seen.label, seen.expires)


@lru_cache(4096)
def is_secret_name(name: str) -> bool:
    """Whether a field of this name holds a secret: `client_secret`, `x-api-key`; not `token_url` or `tokenName`."""
    if len(name) > 80:
        return False
    short = re.sub(r"[^a-z0-9]", "", name.lower())
    if not _SECRET.search(short):
        return False
    return bool(_KEPT.search(short)) or not _HARMLESS.search(short)


def is_no_secret(value: str) -> bool:
    """Whether a value is a variable, a placeholder, a number, an address or prose."""
    text = _SCHEME.sub("", value, count=1).strip() if value[:1] not in "<" else value.strip()
    if not text or "{{" in text or text.lower().startswith(("http://", "https://", "arn:")):
        return True
    if re.sub(r"[-_ ]", "", text[:40]).lower() in _EMPTY_WORDS or is_unfilled(text):
        return True
    if _PLACEHOLDER.fullmatch(text[:2000]) or _NUMBER.fullmatch(text):
        return True
    return len(text.split()) > _WORDS_OF_A_SECRET and not text.startswith("-----BEGIN")


def under(name: str, value: str) -> Iterator[Seen]:
    """Yield the secret that a value under a secret's name is."""
    if is_no_secret(value):
        return
    if basic := _BASIC.fullmatch(value):
        if _is_pair(basic[1]):
            yield Seen(value, "password", "password")
        return
    if value.lstrip().upper().startswith("AWS4-") or _PRIVATE_KEY.search(value):
        return  # a signature is of one call; a key is found by its form
    text = _SCHEME.sub("", value, count=1).strip()
    short = re.sub(r"[^a-z0-9]", "", name.lower())
    if any(True for _ in anywhere(text)):
        return
    if _is_read(text):
        return  # a token that is no secret: unsigned, or cut off
    if re.search(r"passw|pwd|passphrase", short):
        yield Seen(value, "password", "password")
    elif short in _WORDS:
        yield Seen(text, _WORDS[short], f"secret {fingerprint(text)}")
    elif "token" in short and "secret" not in short:
        yield Seen(text, "token", f"token {fingerprint(text)}")
    else:
        yield Seen(text, "client secret" if "clientsecret" in short else "secret", f"secret {fingerprint(text)}")


def _is_read(text: str) -> bool:
    return text.startswith("eyJ") and "." in text and len(text) < LONGEST and read_token(text).kind != "opaque"


def anywhere(text: str) -> Iterator[Seen]:
    """Yield what its form alone shows to be a secret: a signed token that says when it expires, an AWS key."""
    if "eyJ" in text:
        whole = _SCHEME.sub("", text, count=1).strip()
        for found in _JWT.finditer(text):
            if not found["rest"]:
                continue
            token = read_token(found[0].rstrip("."))
            if token.flaw or token.kind == "opaque" or (token.kind != "refresh-token" and not _is_signed(found[0])):
                continue
            expires = token.time_claim("exp")
            # One without an end in the midst of a text is an example, as jwt.io's.
            if expires is None and token.kind != "refresh-token" and whole != found[0]:
                continue
            yield Seen(token.text, token.kind, token.label, expires)
    if "AKIA" in text or "ASIA" in text:
        for key in AWS_KEY.finditer(text):
            if not key[0].endswith("EXAMPLE"):
                yield Seen(key[0], "AWS key", f"secret {fingerprint(key[0])}")
    if "PRIVATE KEY-----" in text and (held := _PRIVATE_KEY.search(text)):
        body = text[held.end() : held.end() + 200]
        if len(re.sub(r"[^A-Za-z0-9+/=]", "", body)) >= 64:
            yield Seen(text, "secret", f"secret {fingerprint(text)}")


def _is_signed(text: str) -> bool:
    return not text.endswith(".")


def within(text: str) -> Iterator[Seen]:
    """Yield the named secrets of a body, an address or a script."""
    short = text[:200_000]
    for pattern, sign in ((_IN_JSON, '"'), (_IN_FORM, "="), (_IN_SCRIPT, "(")):
        if sign in short:
            for found in pattern.finditer(short):
                if is_secret_name(found[1]):
                    yield from under(found[1], found[2])


def _is_pair(word: str) -> bool:
    """Whether a Basic value holds a name and a password; a client ID with nothing after it is no secret."""
    try:
        text = base64.b64decode(word + "=" * (-len(word) % 4), altchars=b"-_" if "-" in word or "_" in word else None)
    except ValueError:
        return False
    _, colon, password = text.partition(b":")
    return bool(colon and password)
