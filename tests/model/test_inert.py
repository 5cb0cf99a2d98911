"""Foreign text: nothing in it acts, no token and no account number comes through."""

import base64
import hashlib
import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogwizard.model.inert import fingerprint, inert, mask_accounts, scrub

ANY_TEXT = st.text(st.characters(exclude_categories=()))
HOSTILE = st.text(st.sampled_from("\x00\x07\x1b\r\n\t\x7f\x9b\u061c\u200b\u200e\u202e\u2028\u2066\ufeff\ue000\ud800a"))
ACCOUNT = "123456789012"
# What stands round a value in ARNs, JSON, error texts, URLs and prose.
AROUND = st.sampled_from(
    [" ", "'", '"', ":", "/", ",", ";", "=", "(", ")", "[", "]", "{", "}", "<", ">", "\n", "\t", ""]
)


def encoded(value: object) -> str:
    text = json.dumps(value, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def jwt(claims: object, signature: str = "c2lnbmF0dXJl" * 20) -> str:
    return f"{encoded({'kid': 'a', 'alg': 'RS256'})}.{encoded(claims)}.{signature}"


JWT = jwt({"sub": "0000-1111", "token_use": "id"})
JWTS = st.builds(
    jwt,
    st.dictionaries(st.text(min_size=4), st.text(), min_size=1, max_size=3),
    st.binary(min_size=16, max_size=64).map(lambda data: base64.urlsafe_b64encode(data).rstrip(b"=").decode()),
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("plain text, 日本語, é, 🔑", "plain text, 日本語, é, 🔑"),
        ("a\x1b[2Jb", "a\\x1b[2Jb"),
        ("\r\n\t\x00\x7f\x85", "\\x0d\\x0a\\x09\\x00\\x7f\\x85"),
        ("user\u202egnp.exe", "user\\u202egnp.exe"),
        ("\u200b\u2066\u2069\u2028\ufeff", "\\u200b\\u2066\\u2069\\u2028\\ufeff"),
        ("\u00ad", "\\xad"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
    ],
)
def test_inert(text: str, shown: str) -> None:
    assert inert(text) == shown


def test_inert_cuts_and_says_so() -> None:
    assert inert("abcdef", 6) == "abcdef"
    assert inert("abcdefg", 6) == "abcdef... (7 characters)"
    assert inert("\n" * 7, 2) == "\\x0a\\x0a... (7 characters)"


@given(ANY_TEXT | HOSTILE, st.integers(0, 20))
def test_nothing_that_acts_survives(text: str, limit: int) -> None:
    for shown in (inert(text), inert(text, limit), scrub(text), scrub(text, limit)):
        assert not [char for char in shown if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")]
        shown.encode("utf-8")
    assert len(inert(text, limit)) <= limit * len("\\U000e0041") + len(f"... ({len(text)} characters)")


@given(ANY_TEXT)
def test_inert_text_stays_as_it_is(text: str) -> None:
    shown = inert(text, 10_000)
    assert inert(shown, 10_000) == shown


@given(ANY_TEXT)
def test_fingerprint(secret: str) -> None:
    assert fingerprint(secret) == hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()[:8]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"token {JWT} refused", f"token token {fingerprint(JWT)} refused"),
        (f"Bearer {JWT}", f"Bearer token {fingerprint(JWT)}"),
        ("bearer opaque-token-value", f"bearer secret {fingerprint('opaque-token-value')}"),
        (
            "'opaque' not a valid key=value pair (missing equal-sign) in Authorization header: 'Bearer opaque'.",
            f"secret {fingerprint(chr(39) + 'opaque' + chr(39))} not a valid key=value pair (missing equal-sign) "
            f"in Authorization header: 'secret {fingerprint('Bearer opaque')}'.",
        ),
        ("Authorization=opaque, x", f"Authorization=secret {fingerprint('opaque,')} x"),
        ("AKIAIOSFODNN7EXAMPLE and ASIAIOSFODNN7EXAMPLE", "secret and secret"),
        (f"arn:aws:execute-api:us-east-1:{ACCOUNT}:abc/x", "arn:aws:execute-api:us-east-1:********9012:abc/x"),
        ("********9012", "********9012"),
        ("1234567890123 and 12345678901", "1234567890123 and 12345678901"),
        ("eyJ", "eyJ"),
        ("nothing secret\n", "nothing secret\\x0a"),
    ],
)
def test_scrub(text: str, shown: str) -> None:
    assert scrub(text) == shown


@given(JWTS, ANY_TEXT, ANY_TEXT, AROUND, AROUND)
def test_scrub_leaves_no_part_of_a_token(token: str, before: str, after: str, left: str, right: str) -> None:
    shown = scrub(f"{before}{left}{token}{right}{after}", 100_000)
    assert not [part for part in token.split(".") if part in shown]


@given(st.integers(0, 10**12 - 1), ANY_TEXT, ANY_TEXT, AROUND.filter(bool), AROUND.filter(bool))
def test_scrub_leaves_no_account_number(number: int, before: str, after: str, left: str, right: str) -> None:
    account = f"{number:012d}"
    text = f"{before}{left}{account}{right}{after}"
    assert account not in scrub(text, 100_000)
    assert f"{left}********{account[-4:]}{right}" in mask_accounts(text)


@pytest.mark.parametrize("text", ["of account {}.", "{}.dkr.ecr.us-east-1.amazonaws.com", "account_{}", "bucket{}"])
def test_scrub_leaves_no_account_number_next_to_a_word(text: str) -> None:
    assert ACCOUNT not in scrub(text.format(ACCOUNT))


@pytest.mark.parametrize(
    "text",
    [
        f"{JWT[:60]}\n{JWT[60:]}",
        f"{JWT[:60]}\u200b{JWT[60:]}",
        f"{JWT[:60]}={JWT[60:]}",
        JWT.replace(".", "%2E"),
    ],
)
def test_scrub_leaves_no_signature_of_a_broken_token(text: str) -> None:
    assert JWT.rpartition(".")[2] not in scrub(text)


@pytest.mark.parametrize("text", ["Bearer  opaque-token-value", "Bearer\topaque-token-value"])
def test_scrub_leaves_no_opaque_token_after_bearer(text: str) -> None:
    assert "opaque-token-value" not in scrub(text)


def test_scrub_gives_the_fingerprint_of_the_token_alone() -> None:
    assert scrub(f"Refused {JWT}.") == f"Refused token {fingerprint(JWT)}."


@given(ANY_TEXT, st.integers(0, 50))
def test_scrub_takes_any_text(text: str, limit: int) -> None:
    assert isinstance(scrub(text, limit), str)


def test_scrub_does_not_backtrack() -> None:
    """Each of these took minutes with an ordinary quantifier."""
    for text in (f"Authorization=eyJ{'a' * 5000}!", f"eyJ{'a.' * 5000}!", "Bearer " * 5000, "'" * 5000):
        assert scrub(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("GET /orders;jsessionid=K4naryAb/x", "GET /orders;jsessionid=secret ed2e2362/x"),
        ("/a/token=K4naryAb", "/a/token=secret ed2e2362"),
        ("/a?password=K4naryAb&b=1", "/a?password=password&b=1"),
        ("https://bob:K4naryAb@app.example.com/a", "https://app.example.com/a"),
        ("POST /oauth2/token", "POST /oauth2/token"),
        ("/orders/{id};version=2", "/orders/{id};version=2"),
    ],
)
def test_a_path_in_a_sentence_has_no_secret(text: str, shown: str) -> None:
    assert scrub(text) == scrub(scrub(text)) == shown
