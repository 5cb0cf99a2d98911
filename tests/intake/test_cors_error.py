"""What a browser's console says of CORS: which call, of which page."""

import pytest

from cogwizard.intake.cors_error import read_cors_error
from cogwizard.intake.recognise import recognise

URL = "https://a1b2c3d4e5.execute-api.ap-northeast-1.amazonaws.com/prod/orders?x=1"
PAGE = "https://app.example.com"
BLOCKED = f"Access to fetch at '{URL}' from origin '{PAGE}' has been blocked by CORS policy:"
CHROME = f"{BLOCKED} No 'Access-Control-Allow-Origin' header is present on the requested resource."
VERB = f"{BLOCKED} Method PUT is not allowed by Access-Control-Allow-Methods in preflight response."
FIREFOX = (
    "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at "
    f"{URL}. (Reason: CORS header \u2018Access-Control-Allow-Origin\u2019 missing). Status code: 401."
)
SAFARI = (
    f"Origin {PAGE} is not allowed by Access-Control-Allow-Origin. Status code: 401\n"
    f"Fetch API cannot load {URL} due to access control checks."
)


@pytest.mark.parametrize(
    ("text", "method", "origin"),
    [
        (CHROME, "GET", PAGE),
        (CHROME.replace("fetch", "XMLHttpRequest"), "GET", PAGE),
        (VERB, "PUT", PAGE),
        (FIREFOX, "GET", None),
        (SAFARI, "GET", PAGE),
    ],
)
def test_the_call_is_found(text: str, method: str, origin: str | None) -> None:
    found = read_cors_error(text)
    assert found is not None
    assert (found[0].method, found[0].url, found[0].headers, found[1]) == (method, URL, (), origin)


@pytest.mark.parametrize(
    "text", ["", "CORS error", CHROME.replace(URL, "https://"), "Access to fetch at '" * 5000, "\x00" * 100]
)
def test_no_call(text: str) -> None:
    assert read_cors_error(text) is None


def test_a_paste_of_it_is_an_error_with_its_call() -> None:
    found = recognise(CHROME)
    assert found.kind == "error"
    assert found.codes == ("cors-hides-401", "cors-headers-missing")
    assert found.call is not None
    assert (found.call.url, found.origin) == (URL, PAGE)
    assert recognise("blocked by CORS policy").call is None
