"""Tokens taken apart: kinds, flaws and where they are, claims of the wrong type."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogwizard.model.inert import fingerprint
from cogwizard.model.token import Token, decode_part, looks_like_jwt, read_token

HEADER = {"kid": "abc", "alg": "RS256"}
CLAIMS = {"sub": "0000-1111", "token_use": "id", "aud": "client", "exp": 1_767_268_800}
SIGNATURE = "c2lnbmF0dXJl" * 28


def raw(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def encoded(value: object) -> str:
    return raw(json.dumps(value, separators=(",", ":")).encode())


def jwt(claims: object = CLAIMS, header: object = HEADER, signature: str = SIGNATURE) -> str:
    return f"{encoded(header)}.{encoded(claims)}.{signature}"


JWT = jwt()
HEAD, BODY, _ = JWT.split(".")
REFRESH = f"{encoded({'cty': 'JWT', 'enc': 'A256GCM', 'alg': 'RSA-OAEP'})}.a.b.c.d"


def flaw_of(token: Token) -> tuple[str | None, str, int, str]:
    return token.flaw, token.flaw_part, token.flaw_at, token.flaw_char


@pytest.mark.parametrize(
    ("text", "kind", "parts"),
    [
        (JWT, "id-token", 3),
        (jwt({"token_use": "access"}), "access-token", 3),
        (jwt({"token_use": "refresh"}), "token", 3),
        (jwt({"token_use": ["id"]}), "token", 3),
        (jwt({}), "token", 3),
        (REFRESH, "refresh-token", 5),
        (REFRESH[:40], "refresh-token", 1),
        ("eyJhbGciOiJkaXIifQ.a.b.c.d", "refresh-token", 5),
        ("opaque", "opaque", 1),
        ("", "opaque", 1),
        ("a.b.c", "opaque", 3),
        ("www.example.com", "opaque", 3),
        ("undefined", "opaque", 1),
        (jwt(header={"alg": "none"}, signature=""), "id-token", 3),
        (jwt(header={"alg": "NONE"}, signature=""), "id-token", 3),
    ],
)
def test_kinds(text: str, kind: str, parts: int) -> None:
    token = read_token(text)
    assert (token.kind, token.parts, token.flaw) == (kind, parts, None)
    assert token.label == f"{'token' if kind == 'opaque' else kind} {fingerprint(text)}"


def test_what_a_good_token_holds() -> None:
    token = read_token(JWT)
    assert (token.header, token.claims) == (HEADER, CLAIMS)
    assert token.signing_input == f"{HEAD}.{BODY}".encode()
    assert token.signature == b"signature" * 28
    assert (token.text_claim("sub"), token.time_claim("exp"), token.audiences) == (
        "0000-1111",
        1_767_268_800,
        ("client",),
    )


def test_repr_shows_nothing_of_the_token() -> None:
    shown = repr(read_token(JWT))
    for hidden in (HEAD, BODY, SIGNATURE, "0000-1111", "abc"):
        assert hidden not in shown


@pytest.mark.parametrize(
    ("text", "flaw", "part", "at", "char"),
    [
        (HEAD, "parts", "", 0, ""),
        (f"{HEAD}.{BODY}", "parts", "", 0, ""),
        (f"{JWT}.x", "parts", "", 0, ""),
        ("eyJ", "parts", "", 0, ""),
        (f"{JWT}\n", "character", "signature", len(JWT) + 1, "\n"),
        (f"{HEAD}=.{BODY}.{SIGNATURE}", "character", "header", len(HEAD) + 1, "="),
        (f"{HEAD}.{BODY}+.{SIGNATURE}", "character", "payload", len(HEAD) + len(BODY) + 2, "+"),
        (f"eyJ\u202e{JWT}", "character", "header", 4, "\u202e"),
        (f"{HEAD}a.{BODY}.{SIGNATURE}", "base64" if len(HEAD) % 4 == 0 else "json", "header", 1, ""),
        (f"..{SIGNATURE}", None, "", 0, ""),
        (f"eyJ..{SIGNATURE}", "json", "header", 1, ""),
        (f"eyJhIjox.{BODY}.{SIGNATURE}", "json", "header", 1, ""),
        (f"{HEAD}..{SIGNATURE}", "json", "payload", len(HEAD) + 2, ""),
        (f"{HEAD}.{raw(b'no JSON')}.{SIGNATURE}", "json", "payload", len(HEAD) + 2, ""),
        (f"{HEAD}.{raw(bytes([255, 254]))}.{SIGNATURE}", "json", "payload", len(HEAD) + 2, ""),
        (f"{HEAD}.{raw(b'[' * 50_000)}.{SIGNATURE}", "json", "payload", len(HEAD) + 2, ""),
        (f"{HEAD}.{raw(b'[' + b'9' * 5_000 + b']')}.{SIGNATURE}", "json", "payload", len(HEAD) + 2, ""),
        (f"{HEAD}.AAAAA.{SIGNATURE}", "base64", "payload", len(HEAD) + 2, ""),
        (jwt(["a", "list"]), "not-object", "payload", len(HEAD) + 2, ""),
        (jwt("a text"), "not-object", "payload", len(HEAD) + 2, ""),
        (jwt(header=["not", "an", "object"]), "not-object", "header", 1, ""),
        (f"{HEAD}.{BODY}.AAAAA", "base64", "signature", len(HEAD) + len(BODY) + 3, ""),
        (f"{HEAD}.{BODY}.", "signature", "signature", len(HEAD) + len(BODY) + 2, ""),
        ("eyJ" + "a" * 100_000, "too-long", "", 0, ""),
        (JWT[1:], "json", "header", 1, ""),
    ],
)
def test_flaws(text: str, flaw: str | None, part: str, at: int, char: str) -> None:
    assert flaw_of(read_token(text)) == (flaw, part, at, char)


def test_what_can_be_read_of_a_flawed_token() -> None:
    token = read_token(f"{HEAD}.{raw(b'no JSON')}.{SIGNATURE}")
    assert (token.header, token.claims) == (HEADER, {})
    token = read_token(f"{HEAD}.{BODY}.AAAAA")
    assert (token.header, token.claims) == (HEADER, CLAIMS)
    token = read_token(f"{HEAD}.{BODY}.")
    assert (token.kind, token.header, token.claims) == ("id-token", HEADER, CLAIMS)


def test_kind_of_a_token_whose_signature_was_cut() -> None:
    assert read_token(f"{HEAD}.{BODY}.AAAAA").kind == "id-token"


@pytest.mark.parametrize("between", [" ", ",", "\n", ", Bearer "])
def test_a_doubled_token_is_no_refresh_token(between: str) -> None:
    token = read_token(f"{JWT}{between}{JWT}")
    assert token.kind != "refresh-token"
    assert flaw_of(token) == ("character", "signature", len(JWT) + 1, between[0])


def test_a_signed_token_is_no_refresh_token() -> None:
    assert read_token(jwt(header={"cty": "JWT", "alg": "RS256"})).kind == "id-token"


@given(st.integers(3, len(JWT)), st.characters(exclude_categories=()))
def test_a_foreign_character_is_named_with_its_place(at: int, char: str) -> None:
    text = JWT[:at] + char + JWT[at:]
    token = read_token(text)
    if char.isascii() and (char.isalnum() or char in "-_."):
        assert token.flaw != "character"
        return
    part = ("header", "payload", "signature")[JWT[:at].count(".")]
    assert flaw_of(token) == ("character", part, at + 1, char)
    assert text[token.flaw_at - 1] == char


@given(st.integers(3, len(JWT) - 1))
def test_a_token_that_was_cut_is_never_whole(at: int) -> None:
    token = read_token(JWT[:at])
    signature = at - len(HEAD) - len(BODY) - 2
    if signature < 0:
        assert token.flaw == "parts"
        assert token.parts == JWT[:at].count(".") + 1
    elif signature == 0:
        assert flaw_of(token) == ("signature", "signature", at, "")
    elif signature % 4 == 1:
        assert flaw_of(token) == ("base64", "signature", at - signature + 1, "")
    else:  # whether its signature is the right one needs the keys
        assert token.flaw is None
        assert token.signature == (b"signature" * 28)[: signature * 6 // 8]


@given(st.integers(0, 2), st.text("abcXYZ019-_", max_size=20))
def test_a_part_that_was_replaced_is_the_one_that_is_named(which: int, part: str) -> None:
    parts = JWT.split(".")
    parts[which] = part
    token = read_token(".".join(parts))
    if token.flaw is not None:
        assert token.flaw in ("base64", "json", "not-object", "signature")
        assert token.flaw_part == ("header", "payload", "signature")[which]
        starts = (1, len(HEAD) + 2, len(HEAD) + len(BODY) + 3)
        assert token.flaw_at == starts[which] - (token.flaw == "signature")


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_is_read(text: str) -> None:
    for sent in (text, f"eyJ{text}", f"{HEAD}.{text}", f"{HEAD}.{text}.{SIGNATURE}", f"{text}.{text}.{text}"):
        token = read_token(sent)
        assert token.text == sent
        assert token.parts == sent.count(".") + 1
        assert len(sent) < 12 or sent not in repr(token)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(JSON, JSON)
def test_any_json_is_read(header: object, claims: object) -> None:
    token = read_token(jwt(claims, header))
    if isinstance(header, dict) and isinstance(claims, dict) and token.kind not in ("opaque", "refresh-token"):
        assert token.flaw is None
    for name in ("exp", "iss"):
        token.time_claim(name)
        token.text_claim(name)


@given(st.dictionaries(st.sampled_from(["exp", "iat", "iss", "aud", "scope", "token_use"]), JSON))
def test_claims_of_any_type_are_read(claims: dict[str, Any]) -> None:
    token = read_token(jwt(claims))
    assert token.flaw is None
    assert token.text_claim("iss") is None or token.text_claim("iss") == claims["iss"]
    moment = token.time_claim("exp")
    assert moment is None or (moment == claims["exp"] and not isinstance(claims["exp"], bool))
    assert all(isinstance(scope, str) for scope in token.scopes)
    assert all(isinstance(audience, str) for audience in token.audiences)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("1767268800", None),
        ("1767268800.5", None),
        (True, None),
        (None, None),
        (1767268800.5, 1767268800.5),
        (0, 0.0),
        (-1, -1.0),
        (float("nan"), None),
        (float("inf"), None),
        (10**400, None),
        (10**15, None),
    ],
)
def test_time_claim(value: object, seconds: float | None) -> None:
    assert read_token(jwt({"exp": value})).time_claim("exp") == seconds


@pytest.mark.parametrize(
    ("claims", "scopes", "audiences"),
    [
        ({"scope": "rs/read  openid", "aud": "a"}, ("rs/read", "openid"), ("a",)),
        ({"scope": ["rs/read"], "aud": ["a", 1, "b"]}, (), ("a", "b")),
        ({"scope": "", "aud": {"a": "b"}}, (), ()),
        ({}, (), ()),
    ],
)
def test_scopes_and_audiences(claims: object, scopes: tuple[str, ...], audiences: tuple[str, ...]) -> None:
    token = read_token(jwt(claims))
    assert (token.scopes, token.audiences) == (scopes, audiences)


@given(st.binary())
def test_decode_part_takes_what_was_encoded(data: bytes) -> None:
    assert decode_part(raw(data)) == data


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("eyJ", True),
        (JWT, True),
        (JWT[1:], True),
        ("aaaaaaaa.bbbbbbbb.", True),
        ("aaaaaaaa.bbbbbbbb.c=+/", True),
        ("aaaaaaa.bbbbbbbb.cccccccc", False),
        ("aaaaaaaa.bbbbbbbb", False),
        (f" {JWT}", False),
        (f"Bearer {JWT}", False),
        ("éééééééé.bbbbbbbb.c", False),
    ],
)
def test_looks_like_jwt(text: str, meant: bool) -> None:
    assert looks_like_jwt(text) is meant
