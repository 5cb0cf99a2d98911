"""The COGNITO_USER_POOLS authorizer as API Gateway runs it: from a header's value to the claims, or a refusal.

Written from the research (1.1-1.8) for the sandbox alone: it shares no code with the judgement that it is to test.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from cogwizard.sandbox.pools import TokenKind, key_id, signing_key
from cogwizard.sandbox.shapes import partition_of
from cogwizard.sandbox.userpool import Pool
from cogwizard.sandbox.world import World

USER_POOL_ARN = re.compile(r"arn:(aws|aws-cn|aws-us-gov):cognito-idp:([a-z0-9-]+):(\d{12}):userpool/([\w-]+)", re.ASCII)


class Unauthorized(Exception):
    """The authorizer refuses. `code` is the cause in the terms of `gateway.REFUSALS`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def identity_header(authorizer: Mapping[str, Any]) -> str:
    """Return the name of the header that the authorizer reads; "" when its identity source names none."""
    prefix, source = "method.request.header.", str(authorizer.get("identitySource", ""))
    return source[len(prefix) :] if source.startswith(prefix) else ""


def pools_of(world: World, authorizer: Mapping[str, Any], variables: Mapping[str, str]) -> list[Pool]:
    """Return the existing pools that the authorizer's ARNs name, stage variables filled in."""
    found = []
    for arn in authorizer.get("providerARNs", ()):
        text = re.sub(r"\$\{stageVariables\.(\w+)\}", lambda m: variables.get(m[1], ""), arn)
        parts = USER_POOL_ARN.fullmatch(text)
        pool = world.pools.get(parts[4]) if parts else None
        if parts and pool and pool.exists and (pool.region, pool.account_id) == (parts[2], parts[3]):
            found.append(pool)
    return found


def authorize(
    world: World,
    authorizer: Mapping[str, Any],
    value: str | None,
    *,
    scopes: Sequence[str] = (),
    variables: Mapping[str, str],
) -> dict[str, Any]:
    """Return the claims of the token in `value`, the header's value. Raises Unauthorized with the cause.

    `scopes`: the method's authorizationScopes; `variables`: the stage's.
    """
    if not value or not value.strip():
        raise Unauthorized("header-not-sent")
    # One "Bearer " is taken off: undocumented for REST, seen to be accepted (1.2 [R]). Anything else must be the token.
    token = value.removeprefix("Bearer ")
    header, claims = taken_apart(token)
    audience = claims.get("aud")
    expression = authorizer.get("identityValidationExpression")
    if expression and not _fits(expression, audience):
        raise Unauthorized("audience-regex-mismatch")
    pool = _issuing_pool(world, authorizer, variables, claims.get("iss"))
    verify(pool, token, header)
    _check_times(world.now(), claims)
    wanted = "access" if scopes else "id"
    if claims.get("token_use") != wanted:
        raise Unauthorized("id-token-where-access-token-expected" if scopes else "access-token-where-id-token-expected")
    if scopes and not set(scopes) & set(str(claims.get("scope", "")).split(" ")):
        raise Unauthorized("scope-not-in-token")
    return claims


def taken_apart(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the header and the claims of a token, unchecked. Raises Unauthorized for what is no JWT."""
    if not re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]*", token, re.ASCII):
        raise Unauthorized("token-malformed")
    import jwt

    try:
        claims = jwt.decode(token, options={"verify_signature": False})
        return jwt.get_unverified_header(token), claims
    except (jwt.PyJWTError, ValueError, RecursionError):
        raise Unauthorized("token-malformed") from None


def _fits(expression: str, audience: object) -> bool:
    # Full match: AWS does not say whether a part is enough (1.3 [U]).
    try:
        return isinstance(audience, str) and re.fullmatch(expression, audience) is not None
    except re.error:
        return False


def _issuing_pool(world: World, authorizer: Mapping[str, Any], variables: Mapping[str, str], iss: object) -> Pool:
    for pool in pools_of(world, authorizer, variables):
        # Only the ORIGINAL form: UPDATED is reported not to be accepted (1.8 [R]).
        if iss == f"https://cognito-idp.{pool.region}.{partition_of(pool.region)[1]}/{pool.id}":
            return pool
    raise Unauthorized("issuer-updated" if str(iss).startswith("https://issuer-cognito-idp.") else "wrong-pool")


def verify(pool: Pool, token: str, header: Mapping[str, Any]) -> None:
    """Check that a key of the pool made the signature. Raises Unauthorized."""
    import jwt

    if header.get("alg") != "RS256":
        raise Unauthorized("algorithm-not-allowed")
    kinds: dict[str, TokenKind] = {key_id(pool.id, "id"): "id", key_id(pool.id, "access"): "access"}
    kind = kinds.get(str(header.get("kid")))
    if kind is None:
        raise Unauthorized("signing-key-unknown")
    # Only the signature is checked here: times and kind have rules and answers of their own.
    checks = ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")
    options: Any = {f"verify_{name}": False for name in checks}
    try:
        jwt.decode(token, signing_key(pool.id, kind).public_key(), algorithms=["RS256"], options=options)
    except jwt.PyJWTError:
        raise Unauthorized("signature-invalid") from None


def _check_times(now: float, claims: Mapping[str, Any]) -> None:
    times = {name: claims[name] for name in ("exp", "nbf", "iat") if name in claims}
    if any(isinstance(value, bool) or not isinstance(value, int | float) for value in times.values()):
        raise Unauthorized("token-malformed")
    if "exp" not in times:
        raise Unauthorized("token-malformed")
    if times["exp"] <= now:
        raise Unauthorized("token-expired")
    # A second of grace: `now` has a fraction, `iat` has none.
    if max(times.get("nbf", 0), times.get("iat", 0)) > now + 1:
        raise Unauthorized("token-not-yet-valid")


def claim_texts(claims: Mapping[str, Any]) -> dict[str, str]:
    """Return claims as TestInvokeAuthorizer gives them: all strings, lists comma-joined, times as dates (1.9 [E])."""
    import time

    texts = {}
    for name, value in claims.items():
        if name in ("exp", "iat") and isinstance(value, int):
            texts[name] = time.strftime("%a %b %d %H:%M:%S UTC %Y", time.gmtime(value))
        elif isinstance(value, list):
            texts[name] = ",".join(map(str, value))
        else:
            texts[name] = value if isinstance(value, str) else json.dumps(value)
    return texts
