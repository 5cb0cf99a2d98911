"""SECRET_HASH against values that OpenSSL computed, every slip that people make, and any text at all."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogwizard.signin.secret_hash import Check, check, secret_hash

USER, CLIENT, SECRET = "Taro", "4p3a0b1c2d3e4f5g6h7i8j9k0l", "canary-s3cret"
# Each by: printf TEXT | openssl dgst -sha256 -hmac KEY -binary | base64
RIGHT = "J7LNVrQtLDAEmVkcuQROnI0SOJu0Utnwb6IDI+gSD/g="
KNOWN = {
    ("alice", "4p3abc", "s3cr3t"): "z0yFL190Lvg8Oe0K4y2KtKGjwpxuXrn/OMR5Lf+9Wl4=",
    (USER, CLIENT, SECRET): RIGHT,
    ("太郎", CLIENT, SECRET): "vMVFPMS/XRVoHZjBGCyOlA6DxZKoIEiP95vzyRtodG0=",
}
SLIPS = [
    ("hex", "27b2cd56b42d2c300499591cb9044e9c8d12389bb452d9f06fa20323e8120ff8"),
    ("hex", "27B2CD56B42D2C300499591CB9044E9C8D12389BB452D9F06FA20323E8120FF8"),
    ("hex", "MjdiMmNkNTZiNDJkMmMzMDA0OTk1OTFjYjkwNDRlOWM4ZDEyMzg5YmI0NTJkOWYwNmZhMjAzMjNlODEyMGZmOA=="),
    ("swapped", "GFMr2tkRYzSuF9YoqZE/DDhHkkCEGyX+LI+MbF974PQ="),
    ("line-end", "HUDWyCXHIPtb+kZFxgimWERExlLRkrlTBC4XMsLjczc="),
    ("line-end", "yx73N8hW+ESajNMyBL2C820S4hkKgRTXKI8wzlSHYiU="),
    ("line-end", "Xu6I0ewqaGNy/j2QO/eumcFSoLUtxKrBO9bq3Tn/IpE="),
    ("blank", "3TY3z8hAqj+IjFPrISz0X61qgQh7yPSLUYeAwKos5uE="),
    ("blank", "BPNfusqU8/tFfV7Fu4bTkaoRMmz5wA9AYB8YoAhZxgo="),
    ("letter-case", "M3U3T51mEWyIaytqe4UzuE0PWRcpH3iCJ4OEaiQpoxY="),
    ("letter-case", "j+5mjw5K3tymR1YlKInGDO184SUGlO4CLc+4pjhBpjo="),
    ("key-and-text", "WNARoTt1vo9UGtXm3zDVeRAetoHSF0x74J2v5H0zkPk="),
    ("sha1", "hyanFRYeBIilO6ycdHLHSNoVJqg="),
    ("sha1", "pi5ExjQakM6nyoYvv+UPEz8nX+9HMOp5a5CrSkVlxxQ="),
]


@pytest.mark.parametrize(("inputs", "expected"), KNOWN.items())
def test_a_hash_is_that_of_openssl(inputs: tuple[str, str, str], expected: str) -> None:
    assert secret_hash(*inputs) == expected
    assert check(f" {expected}\r\n", *inputs) == Check("right")


@pytest.mark.parametrize(("slip", "made"), SLIPS)
def test_each_slip_is_known(slip: str, made: str) -> None:
    """By the hash that somebody who makes it gets."""
    assert check(made, USER, CLIENT, SECRET) == Check(slip)  # type: ignore[arg-type]


def test_a_hash_without_its_padding_or_for_urls() -> None:
    url = RIGHT.replace("+", "-").replace("/", "_")
    assert url != RIGHT
    for made in (url, url.rstrip("="), RIGHT.rstrip("=")):
        assert check(made, USER, CLIENT, SECRET) == Check("base64url")


def test_a_blank_in_our_own_inputs_is_found_too() -> None:
    """The hash is right, what it is compared with is not."""
    for inputs in ((f"{USER} ", CLIENT, SECRET), (USER, f"{CLIENT}\n", SECRET), (USER, CLIENT, f" {SECRET}")):
        assert check(RIGHT, *inputs) == Check("blank")


def test_another_user_is_named() -> None:
    others = ("hanako", "太郎", "jiro")
    assert check(KNOWN["太郎", CLIENT, SECRET], USER, CLIENT, SECRET, others) == Check("other-user", 1)
    assert check(KNOWN["太郎", CLIENT, SECRET], USER, CLIENT, SECRET, ("hanako",)) == Check("unknown")


@pytest.mark.parametrize(
    "made", ["", "hello", "eyJhbGciOiJSUzI1NiJ9.e30.c2ln", base64.b64encode(b"x" * 31).decode(), "漢字"]
)
def test_what_has_not_its_form_is_told(made: str) -> None:
    assert check(made, USER, CLIENT, SECRET) == Check("form")


def test_the_secret_of_another_client_is_not_guessed() -> None:
    assert check(secret_hash(USER, CLIENT, "another"), USER, CLIENT, SECRET) == Check("unknown")


ANYTHING = st.text(st.characters())  # lone surrogates too: a terminal passes on what it cannot decode


@given(ANYTHING, ANYTHING, ANYTHING, ANYTHING, st.lists(ANYTHING, max_size=3))
def test_any_text_is_taken(made: str, username: str, client_id: str, secret: str, others: list[str]) -> None:
    """Nothing raises, empty ones included; a hash always fits its own inputs."""
    found = check(made, username, client_id, secret, tuple(others))
    assert 0 <= found.other <= len(others)
    assert check(secret_hash(username, client_id, secret), username, client_id, secret) == Check("right")
