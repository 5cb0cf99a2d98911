"""What a paste is taken for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogwizard.intake.recognise import KINDS, readable_kinds, recognise
from tests.intake.test_mask import ACCESS, ID, PIECES, URL

ANSWER = 'HTTP/1.1 401 Unauthorized\r\nx-amzn-ErrorType: UnauthorizedException\r\n\r\n{"message":"Unauthorized"}'


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "empty"),
        (" \n\t", "empty"),
        (f"curl '{URL}' -H 'Authorization: {ID}'", "curl"),
        (f"# the call\nuser@host:~/x$ curl -s {URL}", "curl"),
        (URL, "url"),
        (f"POST {URL}", "url"),
        (f"<{URL}>", "url"),
        (URL.removeprefix("https://"), "url"),
        ("https://api.example.com/orders", "url"),
        (f"GET {URL} 401 (Unauthorized)", "url"),
        (ANSWER, "response"),
        (f"{URL}\n{ANSWER}", "response"),
        (ID, "token"),
        (f"Authorization: Bearer {ID}", "token"),
        (f'"{ID}"', "token"),
        (f"{ID}\n{ACCESS}", "token"),
        ("abcdefghij0123456789abcd", "token"),
        ("Bearer abcdefghij", "token"),
        (f'{{"id_token":"{ID}","access_token":"{ACCESS}","expires_in":3600}}', "token"),
        ('{"message":"Unauthorized"}', "error"),
        ("curl: (6) Could not resolve host: a.execute-api.us-east-1.amazonaws.com", "error"),
        ("https://app.example.com/cb?error=invalid_grant", "error"),
        (f"'{ID}' not a valid key=value pair (missing equal-sign) in Authorization header: 'Bearer {ID}'.", "error"),
        ("NotAuthorizedException: Incorrect username or password.", "error"),
        ("hello", "unknown"),
    ],
)
def test_the_guess(text: str, kind: str) -> None:
    assert recognise(text).kind == kind


def test_a_terminal_capture_gives_call_and_answer() -> None:
    """The command behind a prompt, and what it printed."""
    found = recognise(f"me@host:~$ curl -i {URL} -H 'Authorization: {ID}' --foo\n{ANSWER}\nme@host:~$ ")
    assert found.call is not None
    assert (found.call.method, found.call.url) == ("GET", URL)
    assert found.response_text.startswith("HTTP/1.1 401")
    assert (found.status, found.ignored, found.tokens) == (401, ("--foo",), (ID,))


def test_a_body_behind_a_command_is_its_answer() -> None:
    found = recognise(f'$ curl {URL}\n{{"message":"The incoming token has expired"}}\n$ ')
    assert found.call is not None
    assert found.status == 401


def test_what_curl_v_printed_is_an_answer() -> None:
    found = recognise(f"$ curl -v {URL}\n* Trying\n> GET /prod/orders HTTP/2\n> \n< HTTP/2 403\n< via: x\n< \nno")
    assert (found.kind, found.status) == ("curl", 403)


def test_an_address_before_an_answer_is_the_call() -> None:
    found = recognise(f"{URL}\n{ANSWER}")
    assert found.call is not None
    assert (found.call.url, found.status) == (URL, 401)


def test_the_id_token_comes_first() -> None:
    assert recognise(f"{ACCESS} {ID}").tokens == (ID, ACCESS)


def test_a_broken_token_is_put_together() -> None:
    assert recognise("\n".join(ID[at : at + 76] for at in range(0, len(ID), 76))).tokens == (ID,)
    assert recognise(f"id_token={ID.replace('.', '%2E')}").tokens == (ID,)


def test_an_error_text_has_its_codes_and_its_answer() -> None:
    found = recognise('{"message":"The incoming token has expired"}')
    assert (found.codes[0], found.status) == ("token-expired", 401)


def test_what_cannot_be_read_says_why() -> None:
    found = recognise("curl 'https://example.com")
    assert (found.kind, found.call) == ("curl", None)
    assert found.problem is not None
    assert found.problem[0] == "curl-quote-unclosed"
    assert recognise("ftp://example.com/").problem is not None


def test_a_wrong_guess_is_corrected() -> None:
    text = f"curl {URL} -H 'Authorization: {ID}'"
    assert readable_kinds(text) == ("curl", "url", "token", "error")
    as_url = recognise(text, "url")
    assert as_url.call is not None
    assert as_url.call.url == URL
    assert recognise(text, "token").tokens == (ID,)


@given(st.one_of(PIECES, st.text(max_size=60)), st.sampled_from([None, *KINDS]))
def test_any_text(text: str, kind: str | None) -> None:
    """A value for every text, which says nothing secret of itself."""
    found = recognise(text, kind)
    assert found.kind in (*KINDS, "empty", "unknown")
    assert found.problem is None or found.call is None
    assert "eyJabcdefgh" not in repr(found)
    readable_kinds(text)
