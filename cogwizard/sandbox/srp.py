"""The server's side of SRP as Cognito speaks it: a verifier v = g^x, B = k v + g^b, S = (A v^u)^b.

After postman-oauth.md 5.6. Numbers are hashed as two's complement bytes: with a leading zero byte where the top bit is
set. Nothing here looks at the product's own client.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from calendar import timegm
from dataclasses import dataclass, field
from time import gmtime

from cogwizard.sandbox.protocol import AwsError

# The 3072-bit group of RFC 3526, 5054.
N = int(
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
G = 2
_INFO = b"Caldera Derived Key\x01"
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TIMESTAMP = re.compile(
    rf"({'|'.join(_DAYS)}) ({'|'.join(_MONTHS)}) (\d\d?) (\d\d):(\d\d):(\d\d) UTC ([1-9]\d{{3}})", re.ASCII
)
_CLOCK_S = 300


def padded(number: int) -> bytes:
    """Return a number as Cognito hashes it."""
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


def _hash(*parts: bytes) -> int:
    return int.from_bytes(hashlib.sha256(b"".join(parts)).digest(), "big")


K = _hash(padded(N), padded(G))


def verifier(pool_id: str, user_id: str, password: str, salt: int) -> int:
    """Return v = g^x, what a server keeps instead of a password."""
    inner = hashlib.sha256(f"{pool_id.partition('_')[2]}{user_id}:{password}".encode()).digest()
    return pow(G, _hash(padded(salt), inner), N)


@dataclass(frozen=True)
class Exchange:
    """One SRP sign-in under way: what the server chose and what the client sent. All but `salt` are secrets.

    `a_public`: the client's SRP_A; `b`: the server's secret exponent; `v`: the verifier.
    """

    pool_id: str
    user_id: str
    salt: int
    a_public: int = field(repr=False)
    b: int = field(repr=False)
    v: int = field(repr=False)
    secret_block: bytes = field(repr=False)

    @property
    def b_public(self) -> int:
        """SRP_B = k v + g^b."""
        return (K * self.v + pow(G, self.b, N)) % N

    def key(self) -> bytes:
        """Return the 16 bytes that client and server share when the password was right."""
        u = _hash(padded(self.a_public), padded(self.b_public))
        shared = pow(self.a_public * pow(self.v, u, N), self.b, N)
        return hmac.digest(hmac.digest(padded(u), padded(shared), "sha256"), _INFO, "sha256")[:16]

    def signature(self, timestamp: str) -> bytes:
        """Return what PASSWORD_CLAIM_SIGNATURE has to be for a timestamp."""
        named = f"{self.pool_id.partition('_')[2]}{self.user_id}".encode()
        return hmac.digest(self.key(), named + self.secret_block + timestamp.encode(), "sha256")

    def proves(self, signature: str, block: str, timestamp: str, now: float) -> bool:
        """Whether the answer to PASSWORD_VERIFIER proves the password, at a time (Unix seconds).

        `signature` and `block` in base64. The timestamp has to be within five minutes, and written as Cognito would:
        the right day of the week, the day of the month without a leading zero (research 7.3 [R°]).
        Raises InvalidParameterException for what is no timestamp.
        """
        when = read_timestamp(timestamp)
        try:
            given, echoed = (base64.b64decode(text, validate=True) for text in (signature, block))
        except (binascii.Error, ValueError):
            return False
        signed = hmac.compare_digest(given, self.signature(timestamp))
        same_block = hmac.compare_digest(echoed, self.secret_block)
        return signed and same_block and timestamp == written(when) and abs(when - now) <= _CLOCK_S


def begin(pool_id: str, user_id: str, password: str | None, srp_a: str) -> Exchange:
    """Begin an exchange for the SRP_A that a client sent. `password` None: nothing will prove it.

    Raises InvalidParameterException for what is no SRP_A (text not documented [U]); A mod N = 0 would make any password
    right.
    """
    if not re.fullmatch(r"[0-9a-fA-F]{1,1024}", srp_a) or (a_public := int(srp_a, 16)) % N == 0:
        raise AwsError("InvalidParameterException", "Invalid SRP_A.")
    salt = _hash(f"salt {pool_id} {user_id}".encode()) >> 128
    v = verifier(pool_id, user_id, secrets.token_hex() if password is None else password, salt)
    block = secrets.token_bytes(1200)
    return Exchange(pool_id, user_id, salt, a_public, int.from_bytes(secrets.token_bytes(128), "big"), v, block)


def read_timestamp(text: str) -> int:
    """Return the Unix seconds of a TIMESTAMP. Raises InvalidParameterException (text [R°])."""
    found = _TIMESTAMP.fullmatch(text)
    if not found:
        wanted = "TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english."
        raise AwsError("InvalidParameterException", wanted)
    month = _MONTHS.index(found[2]) + 1
    return timegm((int(found[7]), month, int(found[3]), int(found[4]), int(found[5]), int(found[6])))


def written(when: int) -> str:
    """Return Unix seconds as a TIMESTAMP: `Sat Nov 21 04:00:00 UTC 2026`, English, the day without a leading zero."""
    at = gmtime(when)
    clock = f"{at.tm_hour:02d}:{at.tm_min:02d}:{at.tm_sec:02d}"
    return f"{_DAYS[at.tm_wday]} {_MONTHS[at.tm_mon - 1]} {at.tm_mday} {clock} UTC {at.tm_year}"
