"""SRP against the vectors of Cognito's own client, and its defences."""

import base64
import hashlib
from typing import Any

import pytest

from cogwizard.signin import srp

NOW = 1795233600.0  # 2026-11-21T04:00:00Z
PEOPLE = (
    ("eu-west-1_AbCdEf123", "alice", "Passw0rd!"),
    ("us-east-1_zZ9zZ9zZ9", "user+tag@example.com", 'päßwörd ☃ "quote"'),
)
SALT = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
# n, (pool, user, password), salt, SHA-256 of A (first 16 digits), key, signature: made with amazon-cognito-identity-js
VECTORS: tuple[tuple[Any, ...], ...] = (
    (
        1,
        PEOPLE[0],
        SALT,
        "453963e3e527d6dd",
        "a63bcecfe9ef514b6bdb7649f50e11b0",
        "E3sNxiyii6+ahc+PsxjsUWR2SxpQedFFra63VWGiQD0=",
    ),
    (
        2,
        PEOPLE[0],
        "f1b2c3d4e5f60718293a4b5c6d7e8f90",
        "25e35ea116645c08",
        "65733af5660c27e3149a2aa0b2d1baba",
        "u28PfcesicORzidUq/mOXcPFtfy33eFDValEWmGFjrY=",
    ),
    (
        3,
        PEOPLE[0],
        "00ff",
        "1e096985880d922b",
        "017055eb4bf6490035602dc024bd9b12",
        "VyzE4G0Sybn2aINLQa6TeDhZ79Q10mpqDYiDLKRsmzw=",
    ),
    (
        4,
        PEOPLE[0],
        "8",
        "7f65bf72b5e1e9a5",
        "0ffb48a4abcbc4d7cb6291756e0b3c42",
        "gnsavN26EvSzCBc3QWhUU/89WO5bvXp1ZMPp2dT5cBI=",
    ),
    (
        5,
        PEOPLE[1],
        SALT,
        "4f928a804a2938c8",
        "fbc26c89907a4af072d71d17873dec8d",
        "x7n30puKwxUs2yJPw6NGeX15sQUbjcoVQpTRSF4Cba0=",
    ),
    (
        7,
        PEOPLE[1],
        "00ff",
        "30e1593ab9ef5790",
        "07d513b3f806b1f48173a62ffaa913a0",
        "UJqPzSUaxSJgTC8vUIVC9yXSgIJbySZRtcKXlqOUBko=",
    ),
    (
        8,
        PEOPLE[1],
        "8",
        "a895b7d20bafaac8",
        "6565cbd21b5bc8a31e482cebd8aea96f",
        "pkukgruQXDu8MBeUir1N01g6m5B/BZaAq+3NQ8xXXKk=",
    ),
    (
        13,
        ("eu-west-1_AbCdEf123", "bob", " leading and trailing "),
        SALT,
        "2c07a3cfbf73a77b",
        "cdd3aab657738d935f8a9ad1c6ed3583",
        "SMItZg0XINfSRNOCplIOsO4f35SmbcEP0oMPD7QdvEo=",
    ),
)


def secret_of(name: str) -> int:
    """Return the secret exponent of a vector: 128 bytes of SHA-256 over "{name}:0", "{name}:1" ..."""
    data = b"".join(hashlib.sha256(f"{name}:{at}".encode()).digest() for at in range(4))
    return int.from_bytes(data[:128], "big")


def padded(number: int) -> bytes:
    """Return a number's bytes with a leading zero where its top bit is set."""
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


def public_b(n: int, salt: str, identity: str) -> int:
    """Return the server's B = k v + g^b of a vector."""
    inner = hashlib.sha256(identity.encode()).digest()
    x = int.from_bytes(hashlib.sha256(padded(int(salt, 16)) + inner).digest(), "big")
    k = int.from_bytes(hashlib.sha256(padded(srp._N) + padded(2)).digest(), "big")
    return (k * pow(2, x, srp._N) + pow(2, secret_of(f"b{n}"), srp._N)) % srp._N


@pytest.mark.parametrize(("n", "who", "salt", "digest", "key", "signature"), VECTORS, ids=[str(v[0]) for v in VECTORS])
def test_vectors(n: int, who: tuple[str, str, str], salt: str, digest: str, key: str, signature: str) -> None:
    pool, user, password = who
    half = srp.begin(secret_of(f"a{n}"))
    assert hashlib.sha256(half.srp_a.encode()).hexdigest()[:16] == digest
    identity = f"{pool.partition('_')[2]}{user}:{password}"
    server = public_b(n, salt, identity)
    assert srp.password_key(half, server, int(salt, 16), identity).hex() == key
    block = base64.b64encode(hashlib.sha256(f"sb{n}".encode()).digest()).decode()
    parameters = {"SRP_B": f"{server:x}", "SALT": salt, "SECRET_BLOCK": block, "USER_ID_FOR_SRP": user}
    claims = srp.answer(half, pool, password, parameters, NOW)
    assert claims == {
        "PASSWORD_CLAIM_SIGNATURE": signature,
        "PASSWORD_CLAIM_SECRET_BLOCK": block,
        "TIMESTAMP": "Sat Nov 21 04:00:00 UTC 2026",
    }


def test_day_of_the_month_has_no_zero() -> None:
    assert srp.timestamp(1793491200.0 + 5 * 86400) == "Fri Nov 6 00:00:00 UTC 2026"


GOOD = {"SRP_B": "5", "SALT": "8", "SECRET_BLOCK": "AAAA", "USER_ID_FOR_SRP": "alice"}


@pytest.mark.parametrize(
    "change",
    [
        {"SRP_B": "0"},
        {"SRP_B": f"{srp._N:x}"},
        {"SRP_B": f"{3 * srp._N:x}"},
        {"SRP_B": "xyz"},
        {"SRP_B": ""},
        {"SRP_B": "-5"},
        {"SRP_B": "f" * 20_000},
        {"SALT": ""},
        {"SECRET_BLOCK": "not base64!"},
        {"SECRET_BLOCK": "ü"},
        {"USER_ID_FOR_SRP": ""},
    ],
)
def test_hostile_server(change: dict[str, str]) -> None:
    with pytest.raises(srp.BadChallenge):
        srp.answer(srp.begin(), "eu-west-1_AbCdEf123", "Passw0rd!", {**GOOD, **change}, NOW)


def test_halves_differ_and_hide() -> None:
    first, second = srp.begin(), srp.begin()
    assert first.srp_a != second.srp_a
    assert str(first.secret) not in repr(first)
    assert first.srp_a not in repr(first)
