"""Thousands of tokens, each with one known fault (or none): exactly that fault is named, for the method it is sent to.

What AWS does not document is expected to be named by nobody with certainty: no cause, and never "healthy" on a 401.
"""

import json
import random
from itertools import combinations
from typing import Any

import pytest

from cogwizard.model.read import Absent, Read
from cogwizard.model.read_cognito import DescribeUserPool
from cogwizard.model.read_web import GetKeys
from tests.properties.mutations import (
    CLIENT,
    NOW,
    OTHER,
    PLAIN,
    POOL,
    REGEX,
    SCOPED,
    Setup,
    causes,
    decode,
    diagnose,
    encode,
    signed,
    taken_apart,
    token,
)

SETUPS = (PLAIN, SCOPED, REGEX)
NOTHING: tuple[str, ...] = ()
MALFORMED, HEADER = ("token-malformed",), ("header-malformed",)
each_setup = pytest.mark.parametrize("setup", SETUPS, ids=lambda setup: str(setup.name))


def _places(text: str, count: int, first: int = 0) -> list[int]:
    """Return places in `text`, the same in every run, with those next to the dots among them."""
    dots = [at for at, char in enumerate(text) if char == "."]
    near = {place for dot in dots for place in (dot - 1, dot, dot + 1)} | {first, len(text) - 1}
    return sorted(near | set(random.Random(count).sample(range(first, len(text)), count)))


# -- the good ones -----------------------------------------------------------------------------------------------------


@each_setup
@pytest.mark.parametrize("template", ["{}", "Bearer {}", " {}", "{} ", "\t{}", "Bearer {} "])
def test_good(setup: Setup, template: str) -> None:
    value = template.format(token(setup))
    assert diagnose(setup, value, observed=None).outcome == "healthy"
    refused = diagnose(setup, value)
    assert (refused.causes, refused.outcome) == (NOTHING, "inconclusive")


@pytest.mark.parametrize(
    ("setup", "kind", "expected"),
    [
        (PLAIN, "access", ("access-token-where-id-token-expected",)),
        (SCOPED, "id", ("id-token-where-access-token-expected",)),
        (REGEX, "access", ("audience-regex-mismatch", "access-token-where-id-token-expected")),
    ],
)
def test_wrong_kind(setup: Setup, kind: Any, expected: tuple[str, ...]) -> None:
    assert causes(setup, token(setup, kind=kind)) == expected


# -- damaged text ------------------------------------------------------------------------------------------------------


@each_setup
def test_cut_at_the_end(setup: Setup) -> None:
    whole = token(setup)
    signature_at = whole.rindex(".") + 1
    # Places that are not in step with the four characters of base64; few for the other methods.
    step = 3 if setup is PLAIN else 23
    for end in (*range(4), *range(4, signature_at - 3, step), *range(signature_at - 3, len(whole), step)):
        cut = whole[:end]
        left = end - signature_at
        if end == 0:
            expected: tuple[str, ...] = ("header-not-sent",)
        elif end < 3:
            expected = ("opaque-token-sent",)
        elif left <= 0 or left % 4 == 1:
            expected = MALFORMED
        else:
            expected = ("signature-invalid",)
        assert causes(setup, cut) == expected, end


def test_cut_at_the_start() -> None:
    whole = token()
    for start in (*range(1, 12), *range(12, len(whole), 3)):
        assert causes(PLAIN, whole[start:]) in (MALFORMED, ("opaque-token-sent",)), start


@pytest.mark.parametrize("char", [*"%!*#@~+/=,;:&?$^|\\(){}[]<>", "é", "あ", "😀"])
def test_stray_character(char: str) -> None:
    whole = token()
    for at in _places(whole, 20, first=3):
        if char == "=" and at == len(whole) - 1:
            continue
        assert causes(PLAIN, whole[:at] + char + whole[at:]) == MALFORMED, at


@pytest.mark.parametrize("at", [0, 1, 2])
def test_stray_character_at_the_start(at: int) -> None:
    whole = token()
    for char in "%!*#@~+/=,;&?é":
        assert causes(PLAIN, whole[:at] + char + whole[at:]) == MALFORMED, char


@each_setup
@pytest.mark.parametrize(
    "char",
    [
        *"\"'`",
        "\u2018",
        "\u201d",
        "\n",
        "\r\n",
        "\n  ",
        "\u200b",
        "\ufeff",
        "\u00ad",
        "\u2060",
        "\u00a0",
        "\u3000",
        "\x00",
        "\x7f",
    ],
    ids=ascii,
)
def test_character_that_the_header_cannot_hold(setup: Setup, char: str) -> None:
    """The token is good once it is cleaned: nothing else is wrong with it."""
    whole = token(setup)
    for at in _places(whole, 12):
        assert causes(setup, whole[:at] + char + whole[at:]) == HEADER, at
        assert causes(setup, f"Bearer {whole[:at]}{char}{whole[at:]}") == HEADER, at


@pytest.mark.parametrize("gap", [" ", "  ", "\t"])
def test_space_inside(gap: str) -> None:
    whole = token()
    for at in _places(whole, 30, first=3):
        assert causes(PLAIN, whole[:at] + gap + whole[at:]) == HEADER, at


@each_setup
@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ('"{}"', HEADER),
        ("'{}'", HEADER),
        ("`{}`", HEADER),
        ('"{}', HEADER),
        ('{}"', HEADER),
        ("“{}”", HEADER),
        ('"Bearer {}"', HEADER),
        ('Bearer "{}"', HEADER),
        ("Bearer '{}'", HEADER),
        ("Bearer  {}", HEADER),
        ("Bearer\t{}", HEADER),
        ("Bearer: {}", HEADER),
        ("Bearer:{}", HEADER),
        ("Bearer Bearer {}", HEADER),
        ("Bearer bearer {}", HEADER),
        ("JWT {}", HEADER),
        ("Token {}", HEADER),
        ("Basic {}", HEADER),
        ("Authorization: {}", HEADER),
        ("Authorization: Bearer {}", HEADER),
        ("authorization={}", HEADER),
        ('{{"id_token": "{}"}}', HEADER),
        ('{{"IdToken":"{}","ExpiresIn":3600}}', HEADER),
        ("Bearer {}\n", HEADER),
        ("Bearer \n{}", HEADER),
        ("Bearer", ("header-not-sent",)),
        ("Bearer ", ("header-not-sent",)),
        ("   ", ("header-not-sent",)),
        ("Bearer undefined", ("header-placeholder",)),
        ("null", ("header-placeholder",)),
        ("Bearer {{{{id_token}}}}", ("header-placeholder",)),
        ("Bearer $TOKEN", ("header-placeholder",)),
        ("Bearer [object Object]", ("header-placeholder",)),
        ("{0}{0}", MALFORMED),
        ("{0},{0}", MALFORMED),
        ("{0} {0}", ("header-malformed", "token-malformed")),
        ("{0}.", MALFORMED),
        (".{0}", MALFORMED),
        ("{0}.{0}", MALFORMED),
        # Not documented: another case of the scheme (research 1.2 [U]).
        ("bearer {}", NOTHING),
        ("BEARER {}", NOTHING),
        ("bEaReR {}", NOTHING),
    ],
)
def test_round_the_token(setup: Setup, template: str, expected: tuple[str, ...]) -> None:
    assert causes(setup, template.format(token(setup))) == expected


@pytest.mark.parametrize("template", ["Bearer{}", "Bearer,{}", "Bearer={}", "Bearer.{}"])
def test_glued_scheme(template: str) -> None:
    """Whether the scheme or the token is blamed is a matter of taste; that it is one of them is not."""
    assert causes(PLAIN, template.format(token())) in (MALFORMED, HEADER, ("opaque-token-sent",))


@pytest.mark.parametrize("template", ["<{}>", "{{{}}}", "[{}]", "({})", "${{{}}}", "%{}%"])
def test_brackets_are_no_placeholder(template: str) -> None:
    """The braces of a template were kept, the token was filled in."""
    for value in (template.format(token()), f"Bearer {template.format(token())}"):
        assert causes(PLAIN, value) in (MALFORMED, HEADER, ("opaque-token-sent",))


@pytest.mark.parametrize("pads", ["=", "=="])
def test_padding(pads: str) -> None:
    """In a signed part padding breaks the signature or the form. Behind the signature AWS does not document it."""
    header, payload, signature = token().split(".")
    for value in (f"{header}{pads}.{payload}.{signature}", f"{header}.{payload}{pads}.{signature}"):
        assert causes(PLAIN, value) == MALFORMED
    assert causes(PLAIN, f"{header}.{payload}.{signature}{pads}") == NOTHING


def test_unused_bits_of_the_last_character() -> None:
    """The same 256 bytes, spelled otherwise: whether API Gateway minds is not documented."""
    whole = token()
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for bits in range(1, 16):
        other = alphabet[(alphabet.index(whole[-1]) & 0b110000) | ((alphabet.index(whole[-1]) + bits) & 0b1111)]
        assert causes(PLAIN, whole[:-1] + other) == NOTHING


def test_swapped_parts() -> None:
    head, body, signature = token().split(".")
    assert causes(PLAIN, f"{body}.{head}.{signature}") == ("issuer-not-cognito", "algorithm-not-allowed")
    for parts in ((head, signature, body), (signature, body, head), (body, signature, head), (signature, head, body)):
        assert causes(PLAIN, ".".join(parts)) == MALFORMED


def test_other_strings() -> None:
    assert causes(PLAIN, "7d1c9a5e-0f0b-4f0e-9a53-2f4f1d1c9a5e") == ("opaque-token-sent",)
    jwe = encode(b'{"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}') + ".a2V5.aXY.dGV4dA.dGFn"
    assert causes(PLAIN, jwe) == ("refresh-token-sent",)
    assert causes(PLAIN, f"Bearer {jwe}") == ("refresh-token-sent",)
    nested = encode(token().encode())
    assert causes(PLAIN, nested) == ("opaque-token-sent",)


# -- key, algorithm, signature -----------------------------------------------------------------------------------------


@each_setup
@pytest.mark.parametrize(
    "alg",
    [
        "none",
        "None",
        "NONE",
        "HS256",
        "RS512",
        "RS384",
        "PS256",
        "ES256",
        "rs256",
        "RS256 ",
        "",
        5,
        ["RS256"],
        None,
        True,
    ],
)
def test_algorithm(setup: Setup, alg: object) -> None:
    assert causes(setup, token(setup, header={"alg": alg})) == ("algorithm-not-allowed",)


@each_setup
@pytest.mark.parametrize("kid", ["a-key-that-no-pool-has", "", None, 5, ["x"], {"x": 1}, True])
def test_key_id(setup: Setup, kid: object) -> None:
    assert causes(setup, token(setup, header={"kid": kid})) == ("signing-key-unknown",)


def test_key_of_the_other_kind() -> None:
    head, _ = taken_apart(token(kind="access"))
    assert causes(PLAIN, token(header={"kid": head["kid"]})) == ("signature-invalid",)


@each_setup
def test_signature_bits(setup: Setup) -> None:
    start, _, signature = token(setup).rpartition(".")
    data = decode(signature)
    for bit in random.Random(1).sample(range(len(data) * 8), 100):
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        assert causes(setup, f"{start}.{encode(bytes(flipped))}") == ("signature-invalid",), bit


@pytest.mark.parametrize("change", [lambda d: d + b"\0", lambda d: b"\0" + d, lambda d: d[::-1], lambda d: d[:1]])
def test_signature_of_another_length(change: Any) -> None:
    start, _, signature = token().rpartition(".")
    assert causes(PLAIN, f"{start}.{encode(change(decode(signature)))}") == ("signature-invalid",)


def test_payload_bits() -> None:
    """A bit of the payload: it is no JSON any more, or names another issuer, or the signature is not of these bytes."""
    head, payload, signature = token().split(".")
    data = decode(payload)
    for bit in random.Random(2).sample(range(len(data) * 8), 400):
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        found = causes(PLAIN, f"{head}.{encode(bytes(flipped))}.{signature}")
        try:
            claims = json.loads(flipped)
        except ValueError:
            assert found == MALFORMED, bit
            continue
        # An issuer of another region with this pool's id is a replica's: its keys are the pool's.
        if str(claims.get("iss")).endswith(f".amazonaws.com/{POOL.id}"):
            assert {"signature-invalid", "issuer-not-cognito"} & set(found), bit
        else:
            assert found[0] in ("issuer-not-cognito", "wrong-pool"), bit


@pytest.mark.parametrize("name", ["sub", "jti", "email", "cognito:username", "auth_time", "origin_jti"])
def test_claim_changed_without_a_new_signature(name: str) -> None:
    head, payload, signature = token().split(".")
    claims = {**json.loads(decode(payload)), name: "changed"}
    value = f"{head}.{encode(json.dumps(claims).encode())}.{signature}"
    assert causes(PLAIN, value) == ("signature-invalid",)


@pytest.mark.parametrize("spaces", [{"indent": 2}, {"separators": (" , ", " : ")}, {"sort_keys": True}])
def test_payload_written_otherwise(spaces: dict[str, Any]) -> None:
    """How the JSON is written does not matter as long as it is signed so."""
    head, claims = taken_apart(token())
    value = signed(head, json.dumps(claims, **spaces).encode())
    assert diagnose(PLAIN, value, observed=None).outcome == "healthy"


# -- times -------------------------------------------------------------------------------------------------------------


@each_setup
@pytest.mark.parametrize(
    ("exp", "expected"),
    [
        (int(NOW) - 1, ("token-expired",)),
        (int(NOW), ("token-expired",)),
        (int(NOW) - 10 * 365 * 86400, ("token-expired",)),
        (0, ("token-expired",)),
        (-1, ("token-expired",)),
        (NOW - 0.5, ("token-expired",)),
        (int(NOW) + 1, NOTHING),
        (NOW * 1000, NOTHING),
        # No number of seconds that a token of Cognito ever has: what API Gateway makes of it is not documented.
        (None, NOTHING),
        ("", NOTHING),
        (str(int(NOW) - 1), NOTHING),
        ("2020-01-01T00:00:00Z", NOTHING),
        (True, NOTHING),
        (False, NOTHING),
        ([1], NOTHING),
        (10**30, NOTHING),
        (10**400, NOTHING),
        (-(10**30), NOTHING),
        (float("nan"), NOTHING),
        (float("inf"), NOTHING),
    ],
)
def test_expiry(setup: Setup, exp: object, expected: tuple[str, ...]) -> None:
    assert causes(setup, token(setup, {"exp": exp})) == expected


@pytest.mark.parametrize("exp", [None, "soon", True, [1], 10**400, float("nan")])
def test_unreadable_expiry_is_never_healthy(exp: object) -> None:
    assert diagnose(PLAIN, token(claims={"exp": exp}), observed=None).outcome == "inconclusive"


@each_setup
@pytest.mark.parametrize("claim", ["iat", "nbf"])
@pytest.mark.parametrize(
    ("offset", "expected"),
    [(3600, ("token-not-yet-valid",)), (60, ("token-not-yet-valid",)), (5, NOTHING), (0, NOTHING), (-99999, NOTHING)],
)
def test_start(setup: Setup, claim: str, offset: int, expected: tuple[str, ...]) -> None:
    assert causes(setup, token(setup, {claim: int(NOW) + offset, "exp": int(NOW) + 9999})) == expected


@pytest.mark.parametrize("value", ["soon", None, True, [], 10**400])
@pytest.mark.parametrize("claim", ["iat", "nbf", "auth_time"])
def test_start_that_is_no_time(claim: str, value: object) -> None:
    assert causes(PLAIN, token(claims={claim: value})) == NOTHING


# -- issuer ------------------------------------------------------------------------------------------------------------

_GONE = f"{POOL.region}_aaaaaaaaa"
_HOST = f"cognito-idp.{POOL.region}.amazonaws.com"
NOT_COGNITO: tuple[object, ...] = (
    f"http://{_HOST}/{POOL.id}",
    f"https://{_HOST}/{POOL.id}/",
    f"https://{_HOST.upper()}/{POOL.id}",
    f"HTTPS://{_HOST}/{POOL.id}",
    f"https://{_HOST}@evil.example/{POOL.id}",
    f"https://evil@{_HOST}/{POOL.id}",
    f"https://{_HOST}.evil.example/{POOL.id}",
    f"https://evil.{_HOST}/{POOL.id}",
    f"https://evil-{_HOST}/{POOL.id}",
    f"https://{_HOST}:443/{POOL.id}",
    f"https://{_HOST}:80@evil.example/{POOL.id}",
    f"https://{_HOST}//{POOL.id}",
    f"https://{_HOST}/{POOL.id}?x=1",
    f"https://{_HOST}/{POOL.id}#x",
    f"https://{_HOST}/{POOL.id}\n",
    f" https://{_HOST}/{POOL.id}",
    f"https://{_HOST}/x/../{POOL.id}",
    f"https://{_HOST}%2f{POOL.id}",
    f"https://{_HOST}\\@evil.example/{POOL.id}",
    f"https://evil.example/https://{_HOST}/{POOL.id}",
    f"https://cognito-idp.{POOL.region}.amazonaws.com/",
    f"https://cognito-idp.{POOL.region}.amazonaws.com/{POOL.region}_",
    f"https://cognito-idp.evil.example/{POOL.id}",
    f"https://cognito-idp..amazonaws.com/{POOL.id}",
    f"https://cognito-idp.a/b.amazonaws.com/{POOL.id}",
    f"{_HOST}/{POOL.id}",
    POOL.id,
    "https://login.example.com/",
    "https://cognito-identity.amazonaws.com",
    f"https://shop.auth.{POOL.region}.amazoncognito.com",
    "x" * 10_000,
    "",
    None,
    5,
    True,
    [POOL.issuer],
    {"x": POOL.issuer},
)


@pytest.mark.parametrize("iss", NOT_COGNITO, ids=lambda iss: ascii(iss)[:60])
def test_issuer_that_is_no_cognito(iss: object) -> None:
    """Also: no keys are asked for at such an address."""
    judgement = diagnose(PLAIN, token(claims={"iss": iss}))
    assert judgement.causes == ("issuer-not-cognito",)
    asked = [read for read in judgement.case.facts if isinstance(read, GetKeys)]
    assert all(read.issuer == POOL.issuer for read in asked)


@each_setup
@pytest.mark.parametrize(
    ("pool_id", "expected"),
    [
        (_GONE, ("wrong-pool",)),
        (POOL.id.swapcase().replace(POOL.region.upper(), POOL.region), ("wrong-pool",)),
        (f"{POOL.id}x", ("wrong-pool",)),
        (POOL.id[:-1], ("wrong-pool",)),
        (OTHER.id, ("wrong-pool", "signing-key-unknown")),
    ],
)
def test_issuer_of_another_pool(setup: Setup, pool_id: str, expected: tuple[str, ...]) -> None:
    """Signed by our pool, says that it is of another one: one that exists, whose keys tell, or one that is gone."""
    assert causes(setup, token(setup, {"iss": f"https://{_HOST}/{pool_id}"})) == expected


def test_token_of_another_pool() -> None:
    assert causes(PLAIN, token(pool=OTHER)) == ("wrong-pool",)
    assert causes(SCOPED, token(SCOPED, pool=OTHER)) == ("wrong-pool",)
    assert causes(REGEX, token(pool=OTHER)) == ("audience-regex-mismatch", "wrong-pool")


def test_updated_issuer() -> None:
    value = token(claims={"iss": f"https://issuer-{_HOST}/{POOL.id}"})
    assert causes(PLAIN, value) == ("issuer-updated",)
    unobserved = diagnose(PLAIN, value, observed=None)
    assert (unobserved.causes, unobserved.outcome) == (NOTHING, "inconclusive")


def test_issuer_of_another_region() -> None:
    """A replica's token (research 1.8 [R]): whether it is taken is not documented."""
    assert causes(PLAIN, token(claims={"iss": f"https://cognito-idp.eu-west-1.amazonaws.com/{POOL.id}"})) == NOTHING


def test_issuer_in_china_is_not_this_pool() -> None:
    """The host of another partition, with this pool's id: that is no issuer of this pool."""
    value = token(claims={"iss": f"https://{_HOST}.cn/{POOL.id}"})
    assert diagnose(PLAIN, value, observed=None).outcome != "healthy"
    assert causes(PLAIN, value)[:1] in (("issuer-not-cognito",), ("wrong-pool",))


def test_keys_that_are_not_there_are_no_proof_of_the_signature() -> None:
    """DescribeUserPool knows the pool, its keys address knows nothing: nobody checked the signature."""
    head, payload, signature = token().split(".")
    forged = f"{head}.{payload}.{encode(decode(signature)[::-1])}"
    read = GetKeys(POOL.issuer, POOL.region, POOL.id)
    facts: dict[Read, object] = {read: Absent(read, "ResourceNotFoundException")}
    known = diagnose(PLAIN, forged, observed=None, facts=facts)
    assert isinstance(known.case.facts[read], Absent)
    assert not isinstance(known.case.facts[DescribeUserPool(POOL.region, POOL.id)], Absent)
    assert known.outcome != "healthy"


# -- kind, audience, scopes --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("use", [None, "", "ID", "Id", "refresh", "id ", 5, True, ["id"]])
@each_setup
def test_token_use_that_is_neither(setup: Setup, use: object) -> None:
    """That `token_use` is compared at all is an inference (research 1.1): nothing certain follows."""
    value = token(setup, {"token_use": use})
    assert causes(setup, value) == NOTHING
    assert diagnose(setup, value, observed=None).outcome == "inconclusive"


def test_token_use_changed() -> None:
    assert causes(PLAIN, token(claims={"token_use": "access"})) == ("access-token-where-id-token-expected",)
    assert causes(SCOPED, token(SCOPED, {"token_use": "id"})) == ("id-token-where-access-token-expected",)


@pytest.mark.parametrize("aud", ["another", "", None, 5, [], ["another"], [CLIENT.id, "another"], {"x": 1}])
def test_audience_without_regex(aud: object) -> None:
    """Every app client of the pool is accepted (research 1.4)."""
    assert causes(PLAIN, token(claims={"aud": aud})) == NOTHING


@pytest.mark.parametrize(
    ("aud", "expected"),
    [
        ("another", ("audience-regex-mismatch",)),
        ("", ("audience-regex-mismatch",)),
        (CLIENT.id.upper(), ("audience-regex-mismatch",)),
        (f"{CLIENT.id}x", ("audience-regex-mismatch",)),
        (f"x{CLIENT.id}", ("audience-regex-mismatch",)),
        (CLIENT.id[:-1], ("audience-regex-mismatch",)),
        (None, ("audience-regex-mismatch",)),
        (["another"], ("audience-regex-mismatch",)),
        ([], ("audience-regex-mismatch",)),
        ([CLIENT.id], NOTHING),
        (["another", CLIENT.id], NOTHING),
        (f"{CLIENT.id}\n", NOTHING),  # Java's "$" stands before a last line end: a part matches
    ],
)
def test_audience_with_regex(aud: object, expected: tuple[str, ...]) -> None:
    assert causes(REGEX, token(claims={"aud": aud})) == expected


_MISSING = ("scope-not-in-token",)


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ("orders/read", NOTHING),
        ("orders/admin", NOTHING),
        ("openid orders/read email", NOTHING),
        ("email orders/admin orders/read openid", NOTHING),
        ("  openid   orders/read  ", NOTHING),
        ("ORDERS/READ", _MISSING),
        ("Orders/read", _MISSING),
        ("orders/rea", _MISSING),
        ("orders/reads", _MISSING),
        ("xorders/read", _MISSING),
        ("orders", _MISSING),
        ("read", _MISSING),
        ("orders/ read", _MISSING),
        ("orders/*", _MISSING),
        ("openid,orders/read", _MISSING),
        ('"orders/read"', _MISSING),
        ("aws.cognito.signin.user.admin", _MISSING),
        ("openid", _MISSING),
        ("", _MISSING),
        (None, _MISSING),
    ],
)
def test_scope(scope: object, expected: tuple[str, ...]) -> None:
    assert causes(SCOPED, token(SCOPED, {"scope": scope})) == expected


@each_setup
@pytest.mark.parametrize(
    "name", ["client_id", "sub", "username", "jti", "origin_jti", "event_id", "version", "auth_time", "email_verified"]
)
@pytest.mark.parametrize("value", [None, "changed", 5, ["x"]])
def test_claims_that_nobody_looks_at(setup: Setup, name: str, value: object) -> None:
    assert causes(setup, token(setup, {name: value})) == NOTHING


@pytest.mark.parametrize("header", [{"typ": "JWT"}, {"typ": 5}, {"x5t": "a"}, {"jku": "https://evil.example/keys"}])
def test_header_members_that_nobody_looks_at(header: dict[str, Any]) -> None:
    assert causes(PLAIN, token(header=header)) == NOTHING


# -- several at once ---------------------------------------------------------------------------------------------------

# In the order of the interface: header, form, regex on `aud`, key, times, kind.
_CLAIMS: dict[str, dict[str, Any]] = {
    "audience-regex-mismatch": {"aud": "another"},
    "token-expired": {"exp": int(NOW) - 60},
    "token-not-yet-valid": {"nbf": int(NOW) + 3600},
    "access-token-where-id-token-expected": {"token_use": "access"},
}
_FAULTS = (
    "header-malformed",
    "audience-regex-mismatch",
    "signing-key-unknown",
    "token-expired",
    "token-not-yet-valid",
    "access-token-where-id-token-expected",
)


@pytest.mark.parametrize("faults", [some for n in range(len(_FAULTS) + 1) for some in combinations(_FAULTS, n)])
def test_every_combination_in_order(faults: tuple[str, ...]) -> None:
    claims: dict[str, Any] = {}
    for fault in faults:
        claims |= _CLAIMS.get(fault, {})
    value = token(claims=claims, header={"kid": "unknown"} if "signing-key-unknown" in faults else None)
    if "header-malformed" in faults:
        value = f'"{value}"'
    assert causes(REGEX, value) == faults
    assert diagnose(REGEX, value, header="X-Token").causes == ("header-name-mismatch", *faults)
