"""A token's signature against a pool's keys. PyJWT and cryptography are imported when a signature is checked."""

from cogwizard.model.pool import Jwk
from cogwizard.model.token import Token

# 16,384 bits: far above what any pool uses (2,048), far below what would take seconds to compute with.
_LONGEST_MODULUS = 2_800


def is_signed_by(token: Token, key: Jwk) -> bool | None:
    """Return whether `token` (RS256, readable) was signed by `key`; None when the key is no usable RSA key."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from jwt.algorithms import RSAAlgorithm
    from jwt.exceptions import PyJWTError

    if len(key.n) > _LONGEST_MODULUS or len(key.e) > 16:
        return None
    algorithm = RSAAlgorithm(RSAAlgorithm.SHA256)
    try:
        public = RSAAlgorithm.from_jwk({"kty": "RSA", "n": key.n, "e": key.e})
    except (PyJWTError, ValueError):
        return None
    if not isinstance(public, RSAPublicKey):
        return None
    return algorithm.verify(token.signing_input, public, token.signature)
