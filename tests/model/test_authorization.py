"""The value of the header that carries the token, by character."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogwizard.model.authorization import read_value

JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    ("value", "flaws", "scheme"),
    [
        (JWT, [], None),
        (f"Bearer {JWT}", [], "Bearer"),
        (f"bearer {JWT}", [("bearer-case", 1)], "bearer"),
        (f"  {JWT}", [("edges", 0)], None),
        (f'"{JWT}"', [("quote", 1)], None),
        (f"Bearer '{JWT}'", [("quote", 8)], "Bearer"),
        (f"Bearer  {JWT}", [("space", 8)], "Bearer"),
        (f"Bearer\t{JWT}", [("space", 7)], "Bearer"),
        (f"Bearer: {JWT}", [("colon", 7)], "Bearer"),
        (f"Bearer Bearer {JWT}", [("double-scheme", 8)], "Bearer"),
        (f"Token {JWT}", [("foreign-scheme", 1)], None),
        (f"Authorization: Bearer {JWT}", [("header-name", 1)], "Bearer"),
        (f"{JWT[:10]}\n{JWT[10:]}", [("line-break", 11)], None),
        (f"{JWT[:10]} {JWT[10:]}", [("space", 11)], None),
        (f"{JWT[:10]}\u200b{JWT[10:]}", [("invisible", 11)], None),
        (f'{{"id_token": "{JWT}"}}', [("json", 1)], None),
    ],
)
def test_flaws_by_position(value: str, flaws: list[tuple[str, int]], scheme: str | None) -> None:
    sent = read_value(value)
    assert [(flaw.kind, flaw.position) for flaw in sent.flaws] == flaws
    assert (sent.kind, sent.token, sent.scheme) == ("token", JWT, scheme)


@pytest.mark.parametrize("value", ["", " ", "Bearer", "Bearer ", "\t"])
def test_empty(value: str) -> None:
    assert read_value(value).kind == "empty"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("undefined", "undefined"),
        ("Bearer null", "null"),
        ("Bearer {{id_token}}", "{{id_token}}"),
        ("$TOKEN", "$TOKEN"),
        ("[object Object]", "[object Object]"),
        ("<YOUR_TOKEN>", "<YOUR_TOKEN>"),
        ("<s3cr3t-v4lue>", "<...>"),
        ("{{s3cr3t}}", "{{...}"),
    ],
)
def test_placeholder(value: str, shown: str) -> None:
    sent = read_value(value)
    assert (sent.kind, sent.placeholder) == ("placeholder", shown)


def test_sigv4() -> None:
    assert read_value("AWS4-HMAC-SHA256 Credential=AKIA/x").kind == "sigv4"


def test_long_values_are_not_taken_apart() -> None:
    for value in ("{" + "eyJ" * 100_000, "Bearer " * 100_000, "'" * 200_000):
        assert read_value(value).flaws == ()


@given(st.text())
def test_any_text(value: str) -> None:
    sent = read_value(value)
    assert sent.kind in ("token", "empty", "placeholder", "sigv4")
    assert "eyJ" not in sent.placeholder
