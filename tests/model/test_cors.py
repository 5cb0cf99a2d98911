"""The browser's rules: origins, what needs a preflight, and what an answer allows (Fetch 2.2.2, 4.8, 4.10)."""

import pytest

from cogwizard.model.answer import Answer
from cogwizard.model.cors import (
    Question,
    allows_method,
    origin_flaw,
    origin_of,
    refused_headers,
    unsafe_headers,
)

PAGE = "https://app.example.com"


def answered(**headers: str) -> Answer:
    return Answer(200, tuple((name.replace("_", "-"), value) for name, value in headers.items()))


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://app.example.com/", PAGE),
        ("HTTPS://App.Example.com:443/a?b#c", PAGE),
        ("http://app.example.com:80", "http://app.example.com"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("https://user:secret@app.example.com", PAGE),
        ("http://[::1]:8080/x", "http://[::1]:8080"),
        ("capacitor://localhost", "capacitor://localhost"),
        ("null", "null"),
        ("app.example.com", None),
        ("", None),
        ("file:///index.html", None),
        ("https://", None),
        ("https://a:99999", None),
        ("https://[::1", None),
        ("https://a\x1b[31m.example", None),
        ("https://a b", None),
        ("1http://x", None),
    ],
)
def test_origin(text: str, origin: str | None) -> None:
    assert origin_of(text) == origin


def test_only_the_pages_own_headers_are_asked_for() -> None:
    own = [("Authorization", "x"), ("X-Api-Key", "x"), ("content-type", "application/json"), ("X-API-KEY", "y")]
    own += [("accept", "a" * 129)]
    of_the_browser = [
        ("Cookie", "a=b"),
        ("Origin", PAGE),
        ("sec-fetch-mode", "cors"),
        (":authority", "x"),
        ("DNT", "1"),
    ]
    of_the_browser += [("user-agent", "x"), ("Accept-Language", "ja"), ("Range", "bytes=0-9"), ("bad name", "x")]
    assert unsafe_headers(own + of_the_browser) == ("accept", "authorization", "content-type", "x-api-key")
    assert unsafe_headers([("Content-Type", "text/plain;charset=utf-8"), ("Accept", "*/*")]) == ()
    assert unsafe_headers([("Range", "bytes=-9"), ("If-Range", "x")]) == ("range",)


@pytest.mark.parametrize(
    ("allowed", "flaw"),
    [
        (None, "missing"),
        (PAGE, None),
        ("*", None),
        (f"{PAGE}, *", "several"),
        (f"{PAGE},{PAGE}", "several"),
        ("null", "null"),
        (f"{PAGE}/", "slash"),
        ("http://app.example.com", "scheme"),
        ("https://app.example.com:8443", "other"),
        ("https://APP.example.com", "other"),
        ("https://*.example.com", "other"),
    ],
)
def test_allowed_origin(allowed: str | None, flaw: str | None) -> None:
    answer = answered(Access_Control_Allow_Origin=allowed) if allowed else answered()
    assert origin_flaw(answer, Question(PAGE, "GET")) == flaw


def test_two_headers_are_two_values() -> None:
    """Backend and gateway each add one."""
    headers = (("access-control-allow-origin", PAGE), ("Access-Control-Allow-Origin", PAGE))
    assert origin_flaw(Answer(200, headers), Question(PAGE, "GET")) == "several"


def test_cookies_make_it_stricter() -> None:
    asked = Question(PAGE, "PUT", ("x-a",), credentials=True)
    assert origin_flaw(answered(Access_Control_Allow_Origin="*"), asked) == "wildcard"
    assert origin_flaw(answered(Access_Control_Allow_Origin=PAGE), asked) == "credentials"
    both = answered(Access_Control_Allow_Origin=PAGE, Access_Control_Allow_Credentials="true")
    assert origin_flaw(both, asked) is None
    spelled = answered(Access_Control_Allow_Origin=PAGE, Access_Control_Allow_Credentials="True")
    assert origin_flaw(spelled, asked) == "credentials"
    wild = answered(Access_Control_Allow_Methods="*", Access_Control_Allow_Headers="*")
    assert not allows_method(wild, asked)
    assert refused_headers(wild, asked) == ("x-a",)


def test_without_a_page_only_what_is_wrong_for_all_is_found() -> None:
    asked = Question(None, "GET")
    assert origin_flaw(answered(Access_Control_Allow_Origin="https://any.example"), asked) is None
    assert origin_flaw(answered(), asked) == "missing"


@pytest.mark.parametrize(
    ("method", "allowed", "fits"),
    [
        ("GET", "PUT", True),
        ("POST", "", True),
        ("HEAD", "", True),
        ("", "", True),
        ("PUT", "GET, PUT", True),
        ("PUT", "GET,PUT", True),
        ("PUT", "put", False),
        ("PUT", "*", True),
        ("DELETE", "GET,PUT", False),
        ("DELETE", "", False),
    ],
)
def test_allowed_methods(method: str, allowed: str, fits: bool) -> None:
    assert allows_method(answered(Access_Control_Allow_Methods=allowed), Question(PAGE, method)) is fits


@pytest.mark.parametrize(
    ("allowed", "refused"),
    [
        ("Content-Type, AUTHORIZATION, x-api-key", ()),
        ("*", ("authorization",)),
        ("*, Authorization", ()),
        ("Content-Type", ("authorization", "x-api-key")),
        ("", ("authorization", "x-api-key")),
    ],
)
def test_allowed_headers(allowed: str, refused: tuple[str, ...]) -> None:
    asked = Question(PAGE, "GET", ("authorization", "x-api-key"))
    assert refused_headers(answered(Access_Control_Allow_Headers=allowed), asked) == refused


def test_the_preflight_carries_no_secret() -> None:
    call = Question(PAGE, "PUT", ("authorization", "x-api-key")).call("https://a.example/x?key=1")
    assert call.method == "OPTIONS"
    assert dict(call.headers) == {
        "Accept": "*/*",
        "Origin": PAGE,
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "authorization,x-api-key",
    }
