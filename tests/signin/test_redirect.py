"""What a browser came back with: good addresses in all wrappings, and everything that must not be exchanged."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogwizard.intake.errors import BadInput
from cogwizard.model.attempt import Refusal
from cogwizard.model.tokens import Tokens
from cogwizard.signin.oauth import AuthorizeRequest, authorize_request
from cogwizard.signin.redirect import Code, read_query, read_redirect
from cogwizard.text import LANGUAGES, Texts

BASE = "https://shop.auth.eu-west-1.amazoncognito.com"
CALLBACK = "http://localhost:9876/callback"
CODE = "5f0c4b9e-c4na-4d1b-9d1f-0123456789ab"
NOW = 1_800_000_000.0
STATE = "st4te-of_this-sign-in"


def request(redirect_uri: str = CALLBACK, *, implicit: bool = False) -> AuthorizeRequest:
    url = authorize_request(BASE, "client", redirect_uri).url
    return AuthorizeRequest(url, STATE, redirect_uri, (), None if implicit else "v" * 64)


def refused(pasted: str, asked: AuthorizeRequest | None = None) -> BadInput:
    """Return what is wrong with a paste; it is a sentence in both languages, without any value of the address."""
    with pytest.raises(BadInput) as caught:
        read_redirect(pasted, asked or request(), NOW)
    for language in LANGUAGES:
        sentence = Texts(language).message(caught.value.key, caught.value.params)
        assert CODE not in sentence
        assert STATE not in sentence
    return caught.value


GOOD = f"{CALLBACK}?code={CODE}&state={STATE}"


@pytest.mark.parametrize(
    "pasted",
    [
        GOOD,
        f"  {GOOD}\n",
        f"{CALLBACK}?state={STATE}&code={CODE}",
        f'"{GOOD}"',
        f"'{GOOD}'",
        f"<{GOOD}>",
        f"`{GOOD}`",
        f"It says: {GOOD}.",
        f"({GOOD}) is what I see",
        f"{GOOD[:30]}\r\n    {GOOD[30:60]}\n{GOOD[60:]}",
        GOOD.replace("&", "&amp;"),
        f"\ufeff{GOOD[:12]}\u200b{GOOD[12:]}",
        GOOD.replace("http://localhost", "HTTP://LOCALHOST"),
        GOOD.removeprefix("http://"),
        f"{GOOD}#",
        f"{GOOD}#_=_",
        f"?code={CODE}&state={STATE}",
        f"code={CODE}&state={STATE}",
        f"{CALLBACK}?code={CODE}&state={STATE}&utm=1&utm=2",
    ],
)
def test_a_code_in_any_wrapping(pasted: str) -> None:
    assert read_redirect(pasted, request(), NOW) == Code(CODE, NOW)


@pytest.mark.parametrize(
    ("registered", "shown"),
    [
        ("https://app.example.com", "https://app.example.com/"),
        ("https://app.example.com:443/cb", "https://app.example.com/cb"),
        ("https://App.Example.com/cb", "https://app.example.com/cb"),
        ("https://app.example.com/cb?tenant=1", "https://app.example.com/cb?tenant=1&"),
        ("https://例え.example/戻る", "https://xn--r8jz45g.example/%E6%88%BB%E3%82%8B"),
        ("http://[::1]:8080/cb", "http://[::1]:8080/cb"),
        ("myapp://callback/", "myapp://callback/"),
    ],
)
def test_a_callback_as_a_browser_writes_it(registered: str, shown: str) -> None:
    joined = shown if shown.endswith("&") else f"{shown}?"
    assert read_redirect(f"{joined}code={CODE}&state={STATE}", request(registered), NOW) == Code(CODE, NOW)


@pytest.mark.parametrize(
    ("pasted", "key"),
    [
        ("", "redirect-empty"),
        (" \n\u200b\t", "redirect-empty"),
        ('""', "redirect-empty"),
        ("x" * 70_000, "redirect-too-long"),
        ("I cannot see any address", "redirect-no-url"),
        ("http://[::1/callback?code=1", "redirect-no-url"),
        ("http://localhost:99999999/callback?code=1", "redirect-no-url"),
        ("eyJhbGciOiJSUzI1NiJ9", "redirect-no-url"),
        (CODE, "redirect-bare-code"),
        (f"{BASE}/login?client_id=client&state={STATE}&response_type=code", "redirect-too-early"),
        (request().url, "redirect-too-early"),
        (f"{BASE}/oauth2/idpresponse?code={CODE}&state=H4sI", "redirect-too-early"),
        (CALLBACK, "redirect-no-code"),
        (f"{CALLBACK}?state={STATE}", "redirect-no-code"),
        (f"{CALLBACK}?code=&state={STATE}", "redirect-no-code"),
        (f"{CALLBACK}#access_token=a.b.c&state={STATE}", "redirect-no-code"),
        (f"{CALLBACK}?code={CODE}", "redirect-state-missing"),
        (f"{CALLBACK}?code={CODE}&state=", "redirect-state-missing"),
        (f"{CALLBACK}?code={CODE}&state={STATE}x", "redirect-state-wrong"),
        (f"{CALLBACK}?code={CODE}&state={STATE[:-1]}", "redirect-state-wrong"),
        (f"{CALLBACK}?code={CODE}&state={STATE.upper()}", "redirect-state-wrong"),
        (f"{CALLBACK}?code={CODE}&state=%ED%A0%80", "redirect-state-wrong"),
        (f"{CALLBACK}?error=access_denied&state=another", "redirect-state-wrong"),
        (f"{GOOD}&code=another", "redirect-unreadable"),
        (f"{GOOD}&state=another", "redirect-unreadable"),
        (f"{GOOD}#state={STATE}", "redirect-unreadable"),
        (f"{CALLBACK}?code=a%0Db&state={STATE}", "redirect-unreadable"),
        (f"{GOOD}&{'&'.join(f'p{n}=1' for n in range(60))}", "redirect-unreadable"),
    ],
)
def test_what_does_not_answer_this_sign_in(pasted: str, key: str) -> None:
    assert refused(pasted).key == key


@pytest.mark.parametrize(
    ("pasted", "actual"),
    [
        (GOOD.replace("9876", "9877"), "http://localhost:9877"),
        (GOOD.replace("localhost", "127.0.0.1"), "http://127.0.0.1:9876"),
        (GOOD.replace("/callback", "/callback/"), "http://localhost:9876/callback/"),
        (GOOD.replace("/callback", "/Callback"), "http://localhost:9876/Callback"),
        (GOOD.replace("http:", "https:"), "https://localhost:9876"),
        (GOOD.replace("localhost", "localhost.evil.example"), "http://localhost.evil.example:9876"),
        (GOOD.replace("http://", "http://localhost@evil.example/"), "http://evil.example"),
        (
            f"https://login.other.example/reset/c4nary-in-the-path?code={CODE}&state={STATE}",
            "https://login.other.example",
        ),
    ],
)
def test_another_place_is_named_without_its_parameters(pasted: str, actual: str) -> None:
    found = refused(pasted)
    assert found.key == "redirect-elsewhere"
    assert found.params == {"expected": CALLBACK, "actual": actual}


@pytest.mark.parametrize(
    ("pasted", "error", "message", "status"),
    [
        # As a user saw it (awscdk-minecraft, issue 40).
        (
            f"{CALLBACK}?error_description=invalid_scope&state={STATE}&error=invalid_request",
            "invalid_request",
            "invalid_scope",
            302,
        ),
        (f"{CALLBACK}?error=unauthorized_client", "unauthorized_client", "", 302),
        (f"{CALLBACK}#error=invalid_request&state={STATE}", "invalid_request", "", 302),
        (f"{CALLBACK}?error=access_denied&code={CODE}&state={STATE}", "access_denied", "", 302),
        (f"{BASE}/error?error=redirect_mismatch&client_id=client", "redirect_mismatch", "", 400),
        (f"{BASE}/error?error=Required+parameters+missing", "Required parameters missing", "", 400),
        (f"{BASE}/error#", "", "", 400),
        ("?error=login_required", "login_required", "", 302),
    ],
)
def test_a_refusal(pasted: str, error: str, message: str, status: int) -> None:
    assert read_redirect(pasted, request(), NOW) == Refusal("authorize", error, message, status)


def test_a_refusal_is_foreign_text() -> None:
    token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjNG5hcnkifQ.c2lnbmF0dXJl"
    found = read_redirect(f"{CALLBACK}?error=%1b[31mx&error_description=%E2%80%AE{token}{'y' * 5000}", request(), NOW)
    assert isinstance(found, Refusal)
    assert found.error == "\\x1b[31mx"
    assert token not in found.message
    assert found.message.startswith("\\u202e")
    assert len(found.message) < 700


def test_tokens_of_the_implicit_grant() -> None:
    fragment = f"id_token=i.d.x&access_token=a.b.c&expires_in=3600&token_type=Bearer&state={STATE}"
    asked = request(implicit=True)
    for pasted in (f"{CALLBACK}#{fragment}", f"#{fragment}", fragment, f"{CALLBACK}#{fragment[:40]}\n{fragment[40:]}"):
        assert read_redirect(pasted, asked, NOW) == Tokens("i.d.x", "a.b.c", None, 3600, NOW)
    assert refused(f"{CALLBACK}#{fragment}x", asked).key == "redirect-state-wrong"
    assert refused(f"{CALLBACK}#{fragment.partition('&state')[0]}", asked).key == "redirect-state-missing"
    assert refused(f"{CALLBACK}#{fragment}&access_token=x", asked).key == "redirect-unreadable"
    assert refused(f"{CALLBACK}#access_token=a%20b&state={STATE}", asked).key == "redirect-unreadable"
    assert refused(GOOD, asked).key == "redirect-no-tokens"
    assert read_redirect(f"{CALLBACK}?error=unauthorized_client&state={STATE}", asked, NOW) == Refusal(
        "authorize", "unauthorized_client", "", 302
    )


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("", "redirect-state-missing"),
        (f"code={CODE}", "redirect-state-missing"),
        ("error=access_denied", "redirect-state-missing"),
        ("error=access_denied&state=x", "redirect-state-wrong"),
        (f"code={CODE}&state=x", "redirect-state-wrong"),
        (f"state={STATE}", "redirect-no-code"),
        (f"code={CODE}&state={STATE}&code=x", "redirect-unreadable"),
        ("x" * 70_000, "redirect-too-long"),
    ],
)
def test_a_query_from_anybody_needs_our_state(query: str, key: str) -> None:
    """Unlike a paste: a page of another site could send an error without a state, and end the wait."""
    with pytest.raises(BadInput) as caught:
        read_query(query, request(), NOW)
    assert caught.value.key == key


def test_a_query_with_our_state() -> None:
    assert read_query(f"code={CODE}&state={STATE}", request(), NOW) == Code(CODE, NOW)
    assert read_query(f"error=x&state={STATE}", request(), NOW) == Refusal("authorize", "x", "", 302)


def test_no_repr_holds_a_code() -> None:
    assert CODE not in repr(read_redirect(GOOD, request(), NOW))


PIECES = st.sampled_from(
    [
        CALLBACK,
        BASE,
        "/error",
        "?",
        "#",
        "&",
        "=",
        "code",
        "state",
        STATE,
        "error",
        "access_token",
        "\n",
        '"',
        "%",
        "://",
        "[",
        "@",
        ":",
    ]
)


@given(st.lists(PIECES | st.text(max_size=5), max_size=12).map("".join), st.booleans())
def test_any_text_is_read_or_refused(pasted: str, implicit: bool) -> None:
    """Nothing but BadInput escapes, and no code or token comes out without our state in what was pasted."""
    found: object = None
    with contextlib.suppress(BadInput):
        found = read_redirect(pasted, request(implicit=implicit), NOW)
    assert not isinstance(found, Code | Tokens) or STATE in pasted
