"""User pools that mint real tokens: two RSA keys per pool, the public ones at the keys address.

Claims after research 6.1 [D], keys after 1.7 [D]: ID and access token of one login are signed by different keys.
"""

import base64
import hashlib
import json
import threading
import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from cogwizard.sandbox.shapes import make_id
from cogwizard.sandbox.userpool import Client, Pool, user_sub

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

TokenKind = Literal["id", "access"]
SIGNIN_SCOPE = "aws.cognito.signin.user.admin"  # all that InitiateAuth gives (research 6.1 [D])
_BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

_keys: dict[tuple[str, TokenKind], "RSAPrivateKey"] = {}
_lock = threading.Lock()


def signing_key(pool_id: str, kind: TokenKind) -> "RSAPrivateKey":
    """Return the pool's RSA-2048 key for this kind of token; made when first asked for, kept for the process."""
    with _lock:
        if (pool_id, kind) not in _keys:
            from cryptography.hazmat.primitives.asymmetric import rsa

            _keys[pool_id, kind] = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        return _keys[pool_id, kind]


def key_id(pool_id: str, kind: TokenKind) -> str:
    """Return the key's `kid`: 44 characters of base64, as Cognito's."""
    return base64.b64encode(hashlib.sha256(f"{pool_id} {kind}".encode()).digest()).decode()


def jwks(pool: Pool) -> dict[str, Any]:
    """Return the pool's public keys as `/.well-known/jwks.json` holds them."""
    kinds: tuple[TokenKind, ...] = ("id", "access")
    return {"keys": [_jwk(pool.id, kind) for kind in kinds]}


def _jwk(pool_id: str, kind: TokenKind) -> dict[str, str]:
    public = signing_key(pool_id, kind).public_key().public_numbers()
    return {
        "alg": "RS256",
        "e": _encode(public.e.to_bytes(3, "big")),
        "kid": key_id(pool_id, kind),
        "kty": "RSA",
        "n": _encode(public.n.to_bytes(256, "big")),
        "use": "sig",
    }


def openid_configuration(pool: Pool) -> dict[str, Any]:
    """Return the pool's discovery document; endpoints of a domain only where it has one."""
    found: dict[str, Any] = {
        "id_token_signing_alg_values_supported": ["RS256"],
        "issuer": pool.issuer,
        "jwks_uri": f"{pool.issuer}/.well-known/jwks.json",
        "response_types_supported": ["code", "token"],
        "scopes_supported": ["openid", "email", "phone", "profile"],
        "subject_types_supported": ["public"],
    }
    prefix, custom = pool.settings.get("Domain"), pool.settings.get("CustomDomain")
    if host := custom or (f"{prefix}.auth.{pool.region}.amazoncognito.com" if prefix else None):
        for name, path in (("authorization", "authorize"), ("token", "token"), ("userinfo", "userInfo")):
            found[f"{name}_endpoint"] = f"https://{host}/oauth2/{path}"
    return found


def mint(
    pool: Pool,
    client: Client,
    kind: TokenKind = "id",
    *,
    scopes: Sequence[str] = (SIGNIN_SCOPE,),
    claims: Mapping[str, Any] | None = None,
    header: Mapping[str, Any] | None = None,
    lifetime: int = 3600,
    issued_at: float,
    user: str | None = "hanako",
) -> str:
    """Return a signed JWT as Cognito issues it.

    `scopes` are an access token's; `claims` and `header` replace members, None removes one (a `kid` that no pool has,
    `alg` HS256 or none); `lifetime` in seconds; `issued_at` in Unix seconds (`World.now()`);
    `user`: the username, None for a token of the client_credentials grant (access tokens only).
    Raises ValueError for an ID token without a user.
    """
    issued = int(issued_at)
    body: dict[str, Any] = {"sub": client.id if user is None else user_sub(pool, user), "token_use": kind}
    jti, login, event = (str(uuid.uuid5(uuid.NAMESPACE_OID, f"{name} {pool.id} {user} {issued}")) for name in "jle")
    body |= {"iss": pool.issuer, "auth_time": issued, "iat": issued, "exp": issued + lifetime, "jti": jti}
    if kind == "id":
        if user is None:
            raise ValueError("a token of the client_credentials grant is an access token: give a user for an ID token")
        body |= {"aud": client.id, "cognito:username": user, "email": f"{user}@example.com", "email_verified": True}
    else:
        body |= {"client_id": client.id, "scope": " ".join(scopes), "version": 2}
    if user is not None:
        body |= {"origin_jti": login}
        if kind == "access":
            body["username"] = user
        if kind == "id" or tuple(scopes) == (SIGNIN_SCOPE,):
            body["event_id"] = event
    return _sign(pool.id, kind, _merged({"kid": key_id(pool.id, kind), "alg": "RS256"}, header), _merged(body, claims))


def refresh_token(pool: Pool, client: Client, user: str = "hanako") -> str:
    """Return what looks like a refresh token: an encrypted JWE of five parts (research 6.1), readable by nobody."""
    head = _encode(b'{"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}')
    lengths = {"key": 342, "iv": 16, "text": 1200, "tag": 22}
    parts = [_noise(size, "refresh", pool.id, client.id, user, name) for name, size in lengths.items()]
    return ".".join([head, *parts])


def tampered(token: str) -> str:
    """Return the token with another signature of the same length: everything reads well, nothing verifies."""
    start, _, signature = token.rpartition(".")
    padded = signature + "=" * (-len(signature) % 4)
    return f"{start}.{_encode(base64.urlsafe_b64decode(padded)[::-1])}"


def _noise(size: int, *names: str) -> str:
    return "".join(
        make_id(*names, str(at), length=min(40, size - at), alphabet=_BASE64URL) for at in range(0, size, 40)
    )


def _merged(base: Mapping[str, Any], changes: Mapping[str, Any] | None) -> dict[str, Any]:
    return {name: value for name, value in {**base, **(changes or {})}.items() if value is not None}


def _sign(pool_id: str, kind: TokenKind, header: Mapping[str, Any], claims: Mapping[str, Any]) -> str:
    parts = [_encode(json.dumps(part, separators=(",", ":")).encode()) for part in (header, claims)]
    signing_input = ".".join(parts)
    return f"{signing_input}.{_encode(_signature(pool_id, kind, header.get('alg'), signing_input.encode()))}"


def _signature(pool_id: str, kind: TokenKind, algorithm: object, data: bytes) -> bytes:
    if algorithm == "none":
        return b""
    if algorithm != "RS256":  # stands for a token that somebody else made: any bytes will do
        return hashlib.sha256(data).digest()
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    return signing_key(pool_id, kind).sign(data, padding.PKCS1v15(), hashes.SHA256())


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
