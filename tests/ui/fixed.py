"""A sandbox that is the same in every run and on every machine: its clock stands, its keys are always these."""

import hashlib
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from unittest.mock import patch

from cryptography.hazmat.primitives.asymmetric import rsa

from cogwizard.sandbox.pools import TokenKind

NOW = 1768564082.0  # 2026-01-16T11:48:02Z: after the deployments of every scenario
_SMALL = [number for number in range(3, 5000, 2) if all(number % by for by in range(3, int(number**0.5) + 1, 2))]


def _prime(seed: str) -> int:
    """Return the first probable prime of 1024 bits from a point that the seed gives. For pictures alone."""
    found = int.from_bytes(hashlib.shake_256(seed.encode()).digest(128)) | (3 << 1022) | 1
    while any(found % by == 0 for by in _SMALL) or pow(2, found - 1, found) != 1 or found % 65537 == 1:
        found += 2
    return found


@cache
def _key(kind: TokenKind) -> rsa.RSAPrivateKey:
    p, q, e = _prime(f"{kind} token p"), _prime(f"{kind} token q"), 65537
    d = pow(e, -1, (p - 1) * (q - 1))
    public = rsa.RSAPublicNumbers(e, p * q)
    return rsa.RSAPrivateNumbers(
        p, q, d, rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q), public
    ).private_key()


def signing_key(pool_id: str, kind: TokenKind) -> rsa.RSAPrivateKey:
    """Return the key of every pool for this kind of token: it shows in a token's fingerprint."""
    return _key(kind)


@contextmanager
def fixed_world() -> Iterator[None]:
    """Stop the wall clock, in UTC, and fix the keys. The monotonic clock, which measures lengths of time, goes on."""
    with ExitStack() as stack:
        stack.enter_context(patch("time.time", lambda: NOW))
        stack.enter_context(patch("time.localtime", time.gmtime))
        for user in ("pools", "authorizer"):
            stack.enter_context(patch(f"cogwizard.sandbox.{user}.signing_key", signing_key))
        yield
