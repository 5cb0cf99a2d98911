"""SRP as Amazon Cognito speaks it: the password never leaves this machine. Standard library only.

RFC 5054's 3072-bit group with SHA-256; the padding, the key derivation and the signed message are Cognito's own, read
from its public clients and proven against vectors of them (research on Postman and OAuth, 5.6 [V]).
"""

import base64
import binascii
import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

_N = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F"
    "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510"
    "15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7"
    "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C"
    "BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
    16,
)
_G = 2
_INFO = b"Caldera Derived Key\x01"
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LONGEST = 10_000  # characters of any one parameter of the challenge


class BadChallenge(ValueError):
    """The server's half of the exchange cannot be answered: members are missing, or would give the password away."""


@dataclass(frozen=True)
class Half:
    """Our half of one exchange: `secret` (a) never leaves, `public` (A) is sent as SRP_A in hexadecimal."""

    secret: int = field(repr=False)
    public: int = field(repr=False)

    @property
    def srp_a(self) -> str:
        """The parameter SRP_A."""
        return f"{self.public:x}"


def begin(secret: int | None = None) -> Half:
    """Return a half with 1,024 random bits, or with a given secret (for vectors)."""
    while True:
        chosen = secrets.randbits(1024) if secret is None else secret
        public = pow(_G, chosen, _N)
        if public % _N and chosen:
            return Half(chosen, public)


def answer(
    half: Half, user_pool_id: str, password: str, parameters: Mapping[str, str], now: float | None = None
) -> dict[str, str]:
    """Return the answer to PASSWORD_VERIFIER: its three claim members (research 7.3 [D]).

    `parameters`: the challenge's own, with SRP_B and SALT in hexadecimal, SECRET_BLOCK in Base64 and USER_ID_FOR_SRP,
    the name that the hash needs, whatever was typed; `now` in Unix seconds. Raises BadChallenge.
    """
    user_id, block = parameters.get("USER_ID_FOR_SRP", ""), parameters.get("SECRET_BLOCK", "")
    their_public, salt = _number(parameters.get("SRP_B", "")), _number(parameters.get("SALT", ""))
    try:
        block_bytes = base64.b64decode(block.encode("ascii"), validate=True) if len(block) <= _LONGEST else b""
    except (binascii.Error, UnicodeError):
        block_bytes = b""
    if not user_id or not block_bytes or not _is_text(user_id):
        raise BadChallenge("the challenge lacks its user or its secret block")
    pool_name = user_pool_id.partition("_")[2]
    key = password_key(half, their_public, salt, f"{pool_name}{user_id}:{password}")
    stamp = timestamp(time.time() if now is None else now)
    message = f"{pool_name}{user_id}".encode() + block_bytes + stamp.encode("ascii")
    return {
        "PASSWORD_CLAIM_SIGNATURE": base64.b64encode(hmac.digest(key, message, "sha256")).decode("ascii"),
        "PASSWORD_CLAIM_SECRET_BLOCK": block,
        "TIMESTAMP": stamp,
    }


def password_key(half: Half, their_public: int, salt: int, identity: str) -> bytes:
    """Return the 16 bytes that both sides share. `identity`: pool name, user, colon, password. Raises BadChallenge."""
    # A server that sends a multiple of N would know the key without the password (RFC 5054, 2.5.4).
    if their_public % _N == 0:
        raise BadChallenge("SRP_B is zero")
    scramble = _hash(_pad(half.public) + _pad(their_public))
    if scramble == 0:
        raise BadChallenge("the scrambling number is zero")
    private = _hash(_pad(salt) + hashlib.sha256(identity.encode("utf-8")).digest())
    multiplier = _hash(_pad(_N) + _pad(_G))
    base = (their_public - multiplier * pow(_G, private, _N)) % _N
    shared = pow(base, half.secret + scramble * private, _N)
    return hmac.digest(hmac.digest(_pad(scramble), _pad(shared), "sha256"), _INFO, "sha256")[:16]


def timestamp(now: float) -> str:
    """Return a time as Cognito wants it: English, UTC, the day of the month without a zero (7.3 [R*])."""
    at = time.gmtime(now)
    clock = time.strftime("%H:%M:%S", at)
    return f"{_DAYS[at.tm_wday]} {_MONTHS[at.tm_mon - 1]} {at.tm_mday} {clock} UTC {at.tm_year}"


def _pad(number: int) -> bytes:
    """Return a number as two's complement: a leading zero where its top bit is set."""
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


def _hash(data: bytes) -> int:
    return int.from_bytes(hashlib.sha256(data).digest(), "big")


def _number(text: str) -> int:
    try:
        return int(text, 16) if 0 < len(text) <= _LONGEST and not text.startswith(("-", "+")) else _none()
    except ValueError:
        return _none()


def _is_text(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeError:
        return False
    return True


def _none() -> int:
    raise BadChallenge("SRP_B or SALT is no hexadecimal number")
