"""SECRET_HASH: computed, and checked against one that somebody else computed."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

# What is wrong with a hash: which of its inputs, or its form. "right": nothing; "unknown": no slip that people make.
Slip = Literal[
    "right", "hex", "base64url", "swapped", "line-end", "blank", "letter-case", "key-and-text", "sha1", "other-user",
    "form", "unknown",
]  # fmt: skip
_BYTES = 32


@dataclass(frozen=True)
class Check:
    """What a comparison found: the slip, and for "other-user" the place of the user name in `others` (0-based)."""

    slip: Slip
    other: int = 0


def secret_hash(username: str, client_id: str, secret: str) -> str:
    """Return Base64(HMAC-SHA256(key: secret, text: username + client_id)) (research 7.1 [D] CG-SECRET)."""
    return base64.b64encode(_mac(secret, username + client_id)).decode("ascii")


def check(given: str, username: str, client_id: str, secret: str, others: tuple[str, ...] = ()) -> Check:
    """Return why `given` is not the hash of these inputs. `others`: further user names to try (alias, sub, real name).

    The slips are those that people report (the catalogue's `secret-hash-wrong`): each is computed and compared, none is
    guessed. Takes any text, raises nothing.
    """
    text = given.strip()
    if _same(text, secret_hash(username, client_id, secret)):
        return Check("right")
    for slip, made in _slips(username, client_id, secret):
        if _same(text, made):
            return Check(slip)
    for place, other in enumerate(others):
        if _same(text, secret_hash(other, client_id, secret)):
            return Check("other-user", place)
    return Check("unknown" if _has_form(text) else "form")


def _slips(username: str, client_id: str, secret: str) -> Iterator[tuple[Slip, str]]:
    right = _mac(secret, username + client_id)
    yield "hex", right.hex()
    yield "hex", right.hex().upper()
    yield "hex", base64.b64encode(right.hex().encode()).decode()
    yield "base64url", base64.urlsafe_b64encode(right).decode()
    yield "base64url", base64.urlsafe_b64encode(right).decode().rstrip("=")
    yield "base64url", base64.b64encode(right).decode().rstrip("=")
    yield "swapped", _encoded(_mac(secret, client_id + username))
    for end in ("\n", "\r\n"):
        # `echo` without -n in front of the text, the secret, or both (cases.md, catalogue).
        yield "line-end", _encoded(_mac(secret, username + client_id + end))
        yield "line-end", _encoded(_mac(secret + end, username + client_id))
        yield "line-end", _encoded(_mac(secret + end, username + client_id + end))
    for name in (username.strip(), f" {username}", f"{username} "):
        if name != username:
            yield "blank", secret_hash(name, client_id, secret)
    if client_id.strip() != client_id:
        yield "blank", secret_hash(username, client_id.strip(), secret)
    if secret.strip() != secret:
        yield "blank", secret_hash(username, client_id, secret.strip())
    for name in {username.lower(), username.upper(), username.capitalize()} - {username}:
        yield "letter-case", secret_hash(name, client_id, secret)
    yield "key-and-text", _encoded(_mac(username + client_id, secret))
    yield "sha1", _encoded(hmac.digest(_bytes(secret), _bytes(username + client_id), "sha1"))
    yield "sha1", _encoded(hashlib.sha256(_bytes(username + client_id + secret)).digest())


def _mac(key: str, text: str) -> bytes:
    return hmac.digest(_bytes(key), _bytes(text), "sha256")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _same(first: str, second: str) -> bool:
    return hmac.compare_digest(_bytes(first), _bytes(second))


def _has_form(text: str) -> bool:
    """Whether a text is the Base64 of as many bytes as a SHA-256 has."""
    try:
        return len(base64.b64decode(_bytes(text), validate=True)) == _BYTES
    except binascii.Error:
        return False
