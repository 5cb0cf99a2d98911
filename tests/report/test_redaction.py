"""How a request's headers are shown: what spoils a token is seen, the token is not."""

from itertools import count
from urllib.parse import quote

import pytest

from cogwizard.model.call import Call
from cogwizard.model.inert import fingerprint
from cogwizard.model.token import read_token
from cogwizard.report.redaction import hide_echo, show_header, show_method, show_url
from tests.properties.mutations import token

JWT = token(claims={"exp": 4_000_000_000, "token_use": "id"})
LABEL = read_token(JWT).label
SECRET = "s3cr3t-Zx8"
HIDDEN = f"secret {fingerprint(SECRET)}"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (JWT, LABEL),
        (f"Bearer {JWT}", f"Bearer {LABEL}"),
        (f"bearer {JWT}", f"bearer {LABEL}"),
        (f"Bearer Bearer {JWT}", f"Bearer Bearer {LABEL}"),
        (f"Bearer: {JWT}", f"Bearer: {LABEL}"),
        (f"Authorization: Bearer {JWT}", f"Authorization: Bearer {LABEL}"),
        (f'"{JWT}"', f'"{LABEL}"'),
        (f"Bearer '{JWT}' ", f"Bearer '{LABEL}' "),
        (f"Bearer  {JWT}", f"Bearer  {LABEL}"),
        (f"Bearer\t{JWT}", f"Bearer\\x09{LABEL}"),
        (f"JWT {JWT}", f"JWT {LABEL}"),
        (f"{SECRET} {JWT}", LABEL),
        (f'{{"id_token": "{JWT}", "password": "{SECRET}"}}', LABEL),
        ("Bearer undefined", "Bearer undefined"),
        ("null", "null"),
        ("Bearer {{id_token}}", "Bearer {{id_token}}"),
        ("Bearer ", "Bearer"),
        ('""', '""'),
        (SECRET, HIDDEN),
        (f"Bearer {SECRET}", f"Bearer {HIDDEN}"),
        (f"Bearer Bearer '{SECRET}'", f"Bearer Bearer '{HIDDEN}'"),
        ("Basic abc", "Basic password"),
    ],
    ids=count(),  # a token is another one in each run
)
def test_what_spoils_a_value_is_seen(value: str, shown: str) -> None:
    """Schemes, quotes, blanks and known words as they were sent; the token by its kind and fingerprint."""
    assert show_header("Authorization", value) == shown


@pytest.mark.parametrize("form", ["{{{{{}}}}}", "<{}>", "{{{}}}", "%{}%", "${}", "Bearer {{{{{}}}}}", "'{}"])
def test_what_may_be_a_secret_is_not_a_known_word(form: str) -> None:
    """Between the marks of a placeholder may stand a secret."""
    value = form.format("s3cr3tZx8")
    assert "s3cr3t" not in show_header("Authorization", value)
    assert "s3cr3t" not in show_header("X-Api-Key", value)


def test_an_echo_of_the_whole_value_is_hidden_once() -> None:
    """The longest first: a token inside a value is not replaced before the value."""
    call = Call("GET", "https://example.com/", (("Authorization", f"Bearer Bearer {SECRET}"),))
    assert hide_echo(f"no: 'Bearer Bearer {SECRET}'", call, "Authorization") == f"no: 'Bearer Bearer {HIDDEN}'"


ADDRESS = f"https://alice:{SECRET}@h.example/"
WORD = "Zk39dLq0PvXw71bTnYe4UoRs"


@pytest.mark.parametrize(
    "url",
    [
        f"https://example.com/x?next={ADDRESS}",
        f"https://example.com/x?next={quote(ADDRESS, safe='')}&a=b",
        f"https://example.com/x?next={quote(quote(ADDRESS, safe=''), safe='')}",
        f"https://example.com/x/{ADDRESS}",
        f"https://example.com/x/{quote(ADDRESS, safe='')}",
        f"https://example.com/x?next=https://alice:a/{SECRET}@h.example/",
    ],
)
def test_an_address_in_an_address_has_no_user(url: str) -> None:
    """Written as it is, or percent-encoded as often as it likes; the address itself stays."""
    shown = show_url(url)
    assert SECRET not in shown
    assert "alice" not in shown
    assert shown.startswith("https://example.com/x")
    assert "h.example" in shown


def test_addresses_without_a_user_stay() -> None:
    url = "https://example.com/x?next=https://h.example:8443/a?to=b@c.example&mail=a@b.example"
    assert show_url(url) == url


def test_many_addresses_in_an_address_are_no_problem() -> None:
    assert "@" not in show_url("https://example.com/x?a=" + "b://c@d/" * 3000)


def test_a_harmless_header_shows_no_secret_either() -> None:
    """Its value may be an address with a password, or a key in the wrong place."""
    assert show_header("Origin", ADDRESS) == "https://h.example/"
    assert show_header("Origin", "http://localhost:3000") == "http://localhost:3000"
    assert show_header("Accept", WORD) == f"secret {fingerprint(WORD)}"
    assert show_header("Content-Type", "application/x-www-form-urlencoded") == "application/x-www-form-urlencoded"


def test_a_secret_of_the_answer_itself_is_hidden() -> None:
    """One that the call does not hold: told by its name or its form."""
    text = f'bad token {WORD}, password={SECRET}, {{"apiKey":"{SECRET}"}}'
    expected = f'bad token secret {fingerprint(WORD)}, password=password, {{"apiKey":"{HIDDEN}"}}'
    assert hide_echo(text, Call("GET", "https://example.com/", ())) == expected


@pytest.mark.parametrize(
    ("method", "is_shown"), [("GET", True), ("post", True), ("PURGE", True), (WORD, False), ("hunter", False)]
)
def test_a_method_is_shown_when_it_can_be_one(method: str, is_shown: bool) -> None:
    assert (show_method(method) == method) == is_shown


def test_an_account_number_in_a_url() -> None:
    assert show_url("https://api.example.com/accounts/490123456789/x?a=490123456789") == (
        "https://api.example.com/accounts/********6789/x?a=********6789"
    )
