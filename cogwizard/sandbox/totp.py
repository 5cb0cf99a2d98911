"""Codes of an authenticator app (RFC 6238: HMAC-SHA-1, 30 seconds, six digits)."""

import base64
import binascii
import hmac
import secrets

STEP_S = 30


def totp(secret: str, at: float, *, digits: int = 6) -> str:
    """Return the code that an app shows for a base32 `secret` at a time (Unix seconds). Raises ValueError."""
    return _code(secret, int(at) // STEP_S, digits)


def matching_step(secret: str, code: str, at: float) -> int | None:
    """Return the time step of which `code` is, one step of drift either way allowed; None for a wrong code."""
    now = int(at) // STEP_S
    steps = (step for step in (now, now - 1, now + 1) if step >= 0)
    return next((step for step in steps if hmac.compare_digest(_code(secret, step, 6).encode(), code.encode())), None)


def make_secret() -> str:
    """Return a secret for an authenticator app, base32 as AssociateSoftwareToken hands it out (52 characters)."""
    return base64.b32encode(secrets.token_bytes(32)).decode().rstrip("=")


def _code(secret: str, step: int, digits: int) -> str:
    try:
        key = base64.b32decode(secret.upper() + "=" * (-len(secret) % 8))
    except binascii.Error:
        raise ValueError("the secret of an authenticator app is base32") from None
    mac = hmac.digest(key, step.to_bytes(8, "big"), "sha1")
    at = mac[-1] & 15
    number = int.from_bytes(mac[at : at + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**digits:0{digits}d}"
