"""The probe: what it sends, where it sends nothing, and servers that mean harm."""

import base64
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from cogwizard.aws.errors import Failed
from cogwizard.aws.exchange import Reply, Url
from cogwizard.aws.session import Clients, Settings
from cogwizard.model.attempt import Refusal
from cogwizard.model.domain import base_urls
from cogwizard.model.pool import Pool
from cogwizard.sandbox.environment import KEYS
from cogwizard.signin import endpoint as wire
from cogwizard.signin.probe import probe_authorize, probe_token
from tests.signin.login_kit import CALLBACK
from tests.signin.test_oauth import Answer, Asked, Endpoint, endpoint, said

pytestmark = pytest.mark.usefixtures("own_home")

SCOPES = ("openid", "shop/read")
COGNITO = "https://shop.auth.eu-west-1.amazoncognito.com"
LOUD = "\x1b[2J\u202e\x07"
TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjNG5hcnkifQ.c2lnbmF0dXJl"
CANARY = "c4nary-of-the-url/0123+45"


# -- what is sent ------------------------------------------------------------------------------------------------------


def clients_of(server: Endpoint, **settings: Any) -> Clients:
    return Clients(Settings(endpoint_url=server.url, keys=KEYS, **{"timeout": 30.0, **settings}))


def try_authorize(server: Endpoint, url: str | None = None, **given: Any) -> Refusal | None:
    """Probe any server on loopback, which is then the endpoint in force."""
    told = {"redirect_uri": CALLBACK, "scopes": SCOPES, "grant": "authorization_code_with_pkce", **given}
    timeout = told.pop("timeout", 30.0)
    found = probe_authorize(
        clients_of(server, timeout=timeout), url or f"{server.url}/oauth2/authorize", "client1", **told
    )
    assert is_quiet(found)
    return found


def try_token(server: Endpoint, url: str | None = None, **given: Any) -> Refusal | None:
    """Probe any server on loopback, which is then the endpoint in force."""
    timeout = given.pop("timeout", 30.0)
    found = probe_token(
        clients_of(server, timeout=timeout),
        url or f"{server.url}/oauth2/token",
        "client1",
        CALLBACK,
        **{"basic": False, **given},
    )
    assert is_quiet(found)
    return found


def is_quiet(found: Refusal | None) -> bool:
    """Whether nothing in a refusal acts on a terminal, is a secret, or is long."""
    shown = f"{found.error} {found.message}" if found else ""
    return not set(shown) & set(LOUD[0] + LOUD[-1] + "\u202e\n") and TOKEN not in shown and len(shown) < 2000


def page(text: str = "<html><form></form></html>", status: int = 200) -> Answer:
    return status, {"Content-Type": "text/html;charset=UTF-8"}, text.encode()


def test_a_parameter_that_may_be_a_secret_is_not_sent() -> None:
    entered = f"?identity_provider=Google&client_secret={CANARY.replace('+', '%2B')}&x={TOKEN}"
    with endpoint(page()) as server:
        assert try_authorize(server, f"{server.url}/oauth2/authorize{entered}") is None
        assert try_token(server, f"{server.url}/oauth2/token{entered}") is not None, "a page is no refusal"
    for asked in server.asked:
        assert parse_qs(urlsplit(asked.path).query)["identity_provider"] == ["Google"]
        assert [part for part in ("client_secret", CANARY[:10], TOKEN) if part in f"{asked.path} {asked.body!r}"] == []


def test_what_the_authorize_url_is_asked() -> None:
    with endpoint(page()) as server:
        entered = f" {server.url}/oauth2/authorize?lang=ja&state=theirs&prompt=login#x "
        assert try_authorize(server, entered) is None
        assert try_authorize(server, grant="authorization_code", scopes=(), redirect_uri=None) is None
        assert try_authorize(server) is None
    first, second, third = (parse_qs(urlsplit(asked.path).query, strict_parsing=True) for asked in server.asked)
    assert {name: first[name] for name in first.keys() - {"state", "code_challenge"}} == {
        "lang": ["ja"],
        "prompt": ["login"],
        "response_type": ["code"],
        "client_id": ["client1"],
        "redirect_uri": [CALLBACK],
        "scope": ["openid shop/read"],
        "code_challenge_method": ["S256"],
    }
    assert re.fullmatch(r"[\w-]{43}", first["code_challenge"][0])
    assert first["state"][0] not in ("theirs", third["state"][0])
    assert first["code_challenge"] != third["code_challenge"]
    assert second.keys() == {"response_type", "client_id", "state"}
    for asked in server.asked:
        assert (asked.method, asked.body, asked.headers["accept"]) == ("GET", b"", "text/html")
        assert not {"authorization", "cookie"} & asked.headers.keys()


def test_what_the_token_endpoint_is_asked() -> None:
    with endpoint(said({"error": "invalid_grant"}, 400)) as server:
        assert try_token(server) is None
        assert try_token(server, basic=True) is None
    plain, basic = server.asked
    for asked in (plain, basic):
        assert (asked.method, asked.path) == ("POST", "/oauth2/token")
        assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
        assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", asked.form["code"])
    assert plain.form["code"] != basic.form["code"]
    assert plain.form.keys() == {"grant_type", "code", "redirect_uri", "client_id"}
    assert "authorization" not in plain.headers
    assert basic.form.keys() == {"grant_type", "code", "redirect_uri"}
    assert base64.b64decode(basic.headers["authorization"].removeprefix("Basic ")) == b"client1:"


# -- where nothing is sent ---------------------------------------------------------------------------------------------


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Url]:
    """Answer in place of the network; return the addresses that were asked."""
    asked: list[Url] = []

    def answered(method: str, url: Url, *_: object, **__: object) -> Reply:
        asked.append(url)
        body = b"<html>" if method == "GET" else b'{"error":"invalid_grant"}'
        return Reply(200 if method == "GET" else 400, (("Content-Type", "text/html"),), body, 0.0)

    monkeypatch.setattr(wire, "exchange", answered)
    return asked


def both(clients: Clients, base: str, own: tuple[str, ...] = ()) -> tuple[Refusal | None, Refusal | None]:
    """Probe both endpoints at a base URL."""
    return (
        probe_authorize(clients, f"{base}/oauth2/authorize", "client1", CALLBACK, SCOPES, "implicit", own=own),
        probe_token(clients, f"{base}/oauth2/token", "client1", CALLBACK, basic=True, own=own),
    )


OWN = base_urls(Pool("eu-west-1_A", "shop", "shop", "Login.Example.com"), "eu-west-1")


@pytest.mark.parametrize(
    "base",
    [
        COGNITO,
        COGNITO.upper().replace("HTTPS", "https"),
        f"{COGNITO}:443",
        "https://other.auth.us-east-1.amazoncognito.com",
        "https://shop.auth-fips.us-gov-west-1.amazoncognito.com",
        "https://login.example.com",
        "https://LOGIN.example.com",
    ],
)
def test_cognitos_domains_and_the_pools_own_are_asked(sent: list[Url], base: str) -> None:
    assert both(Clients(Settings(keys=KEYS)), base, OWN) == (None, None)
    assert {url.host.lower() for url in sent} == {urlsplit(base).hostname}
    assert [url.target.partition("?")[0] for url in sent] == ["/oauth2/authorize", "/oauth2/token"]


ELSEWHERE = [
    "https://example.com",
    "https://login.example.com:8443",
    "http://login.example.com",
    "https://login.example.com.evil.example",
    "https://xlogin.example.com",
    "http://shop.auth.eu-west-1.amazoncognito.com",
    f"{COGNITO}:8443",
    f"{COGNITO}.evil.example",
    f"{COGNITO}.",
    "https://amazoncognito.com",
    "https://a.b.auth.eu-west-1.amazoncognito.com",
    "https://evil.example/shop.auth.eu-west-1.amazoncognito.com",
    "https://evil.example?shop.auth.eu-west-1.amazoncognito.com",
    "https://cognito-idp.eu-west-1.amazonaws.com",
    "http://127.0.0.1:1",
    "http://169.254.169.254",
    "https://[::1]",
]


@pytest.mark.parametrize("base", ELSEWHERE)
def test_no_other_host_is_asked(sent: list[Url], base: str) -> None:
    for found in both(Clients(Settings(keys=KEYS)), base, OWN):
        assert found is not None
        assert (found.status, found.error, found.reason) == (0, "not-a-cognito-domain", "withheld")
        assert found.message == (urlsplit(base).hostname or "")
    assert sent == []


@pytest.mark.parametrize(
    "url",
    [
        *("", "   ", "shop", "{{auth_url}}", "https://{{domain}}/oauth2/authorize", "ftp://a.example/", "https://"),
        *("https://user:c4nary@shop.auth.eu-west-1.amazoncognito.com/login", "javascript:alert(1)", "https://[::1"),
        *("https://a b/", f"{COGNITO}/a\r\nX-Evil: 1", f"{COGNITO}:99999/", f"{COGNITO}\\@evil.example/", "\x00"),
        *(f"{COGNITO}/login?x=\udcff", f"{COGNITO}/\udcff", "https://\udcff.example/", "https://a..example/"),
    ],
)
def test_what_is_no_address(sent: list[Url], url: str) -> None:
    clients = Clients(Settings(keys=KEYS))
    for found in (
        probe_authorize(clients, url, "client1", CALLBACK, SCOPES, "authorization_code", own=OWN),
        probe_token(clients, url, "client1", CALLBACK, basic=False, own=OWN),
    ):
        assert found is not None
        assert (found.status, found.reason) == (0, "withheld")
        assert found.error in ("not-sendable", "not-a-cognito-domain")
        assert "c4nary" not in repr(found)
    assert sent == []


def test_values_that_are_no_text(sent: list[Url]) -> None:
    clients = Clients(Settings(keys=KEYS))
    found = [
        probe_authorize(clients, f"{COGNITO}/login", "\udcff", CALLBACK, SCOPES, "implicit"),
        probe_authorize(clients, f"{COGNITO}/login", "client1", "\udcff", SCOPES, "implicit"),
        probe_authorize(clients, f"{COGNITO}/login", "client1", CALLBACK, ("\udcff",), "implicit"),
        probe_token(clients, f"{COGNITO}/oauth2/token", "\udcff", CALLBACK, basic=False),
        probe_token(clients, f"{COGNITO}/oauth2/token", "client1", "\udcff", basic=True),
    ]
    assert {item and (item.status, item.error, item.reason) for item in found} == {(0, "not-sendable", "withheld")}
    assert sent == []


@pytest.mark.parametrize(
    ("base", "error"),
    [
        (COGNITO, "endpoint-override"),
        ("https://login.example.com", "endpoint-override"),
        ("https://evil.example", "not-a-cognito-domain"),
        ("http://127.0.0.1:4567", "not-a-cognito-domain"),
    ],
)
def test_with_an_endpoint_override_only_that_one_is_asked(sent: list[Url], base: str, error: str) -> None:
    url = "http://user:c4nary@127.0.0.1:4566"
    clients = Clients(Settings(endpoint_url=url, keys=KEYS))
    for found in both(clients, base, (*OWN, "http://127.0.0.1:4566")):
        assert found is not None
        assert (found.status, found.error, found.reason) == (0, error, "withheld")
    assert sent == []
    assert both(clients, "http://127.0.0.1:4566") == (None, None)


def test_a_set_up_that_cannot_be_used(sent: list[Url], monkeypatch: pytest.MonkeyPatch) -> None:
    broken = both(Clients(Settings(endpoint_url="no url", keys=KEYS)), COGNITO)
    assert {item and (item.status, item.error, item.reason) for item in broken} == {(0, "invalid-endpoint", "failed")}
    missing = both(Clients(Settings(profile="ghost")), COGNITO)
    assert {item and (item.status, item.error, item.reason) for item in missing} == {(0, "no-such-profile", "failed")}
    monkeypatch.setenv("AWS_CA_BUNDLE", " ")
    empty = both(Clients(Settings()), COGNITO)
    assert {item and (item.status, item.error, item.reason) for item in empty} == {(0, "empty-ca-bundle", "failed")}
    assert sent == []


# -- no answer ---------------------------------------------------------------------------------------------------------


def test_a_name_that_nobody_has(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    for found in both(Clients(Settings(keys=KEYS)), COGNITO):
        assert found is not None
        assert (found.status, found.error, found.reason) == (0, "NameResolutionError", "unreachable")
        assert "shop.auth.eu-west-1.amazoncognito.com" in found.message


def test_no_tls() -> None:
    """The address of the pool's own domain, and a server there that speaks plain HTTP."""
    with endpoint(page()) as server:
        base = server.url.replace("http:", "https:")
        for found in both(Clients(Settings(keys=KEYS, timeout=30)), base, (base,)):
            assert found is not None
            assert (found.status, found.reason) == (0, "unreachable")
            assert "TLS" in found.message
    assert server.asked == []


@contextmanager
def below_http(answer: Callable[[socket.socket, bytes], None]) -> Iterator[Endpoint]:
    """A server that gives its connection and the request's head to `answer`."""

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(5)
                try:
                    head = b""
                    while b"\r\n\r\n" not in head and (piece := connection.recv(65536)):
                        head += piece
                    answer(connection, head)
                except OSError:
                    continue

    listening = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield Endpoint(f"http://127.0.0.1:{listening.getsockname()[1]}", page())
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


@pytest.mark.parametrize(
    ("answer", "reason", "timeout"),
    [
        (lambda connection, _: None, "unreachable", 30.0),
        (lambda connection, head: connection.sendall(b"c4nary " + head), "malformed", 30.0),
        (lambda connection, _: connection.sendall(b"HTTP/1.1 302 \r\nLocation: " + b"x" * 3_000_000), "malformed", 30),
        (lambda connection, _: connection.sendall(b"HTTP/1.1 302 \r\n" + b"A: b\r\n" * 500), "malformed", 30.0),
        (lambda connection, _: connection.recv(1), "unreachable", 0.3),  # says nothing until we hang up
    ],
)
def test_no_answer_that_can_be_read(
    answer: Callable[[socket.socket, bytes], None], reason: str, timeout: float
) -> None:
    with below_http(answer) as server:
        for found in (try_authorize(server, timeout=timeout), try_token(server, timeout=timeout)):
            assert found is not None
            assert (found.status, found.reason) == (0, reason)


def test_an_endless_page_is_cut() -> None:
    sent: list[int] = []

    def flood(connection: socket.socket, _: bytes) -> None:
        sent.clear()
        connection.sendall(b"HTTP/1.1 400 \r\nContent-Type: text/html\r\n\r\n")
        while sum(sent) < 64 << 20:  # it is hung up on before; what is on its way fits into the system's buffers
            sent.append(connection.send(b"redirect_mismatch" * 4096))

    with below_http(flood) as server:
        found = try_authorize(server)
        assert found is not None
        assert (found.error, found.status) == ("redirect_mismatch", 400)
        assert sum(sent) < 64 << 20
        found = try_token(server)
        assert found is not None
        assert found.status == 400
    assert sum(sent) < 64 << 20


# -- answers that are none ---------------------------------------------------------------------------------------------


def sends_to(location: str, status: int = 302) -> Answer:
    return status, {"Location": location}, b""


@pytest.mark.parametrize(
    "location",
    [
        "/login?client_id=x",
        "../login",
        "https://idp.example.com/saml2?SAMLRequest=abc&RelayState=def",
        "//accounts.example.com/o/oauth2/auth?client_id=y",
        f"{CALLBACK}?code=5f0c4b9e&state=x",
        f"{CALLBACK}#id_token={TOKEN}&access_token={TOKEN}",
    ],
)
@pytest.mark.parametrize("status", [302, 303, 307])
def test_where_a_request_that_is_taken_goes(location: str, status: int) -> None:
    where = location if not location.startswith("//") else f"https:{location}"
    with endpoint(sends_to(where, status)) as server:
        assert try_authorize(server) is None
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "location",
    [
        *("/elsewhere", "/", "", "?", "http://idp.example.com/login", "javascript:alert(1)", "https://", "https://["),
        *("https://a:99999/", "file:///etc/passwd", "\x00", "http://[::1]]/", f"{CALLBACK}?state=x", CALLBACK),
        *("//accounts.example.com/auth", "https://idp.example.com/?" + "&".join(f"a{n}=1" for n in range(60))),
        *("/login?state=1&state=2", "/login?error=a&error=b"),
    ],
)
def test_where_one_goes_that_is_not_understood(location: str) -> None:
    with endpoint(sends_to(location)) as server:
        found = try_authorize(server)
    assert found is not None
    assert (found.status, found.reason) == (302, "malformed" if location else "failed")
    assert len(server.asked) == 1


def test_back_at_the_callback_url_with_nothing() -> None:
    callback = "https://app.example.com/cb"
    with endpoint(sends_to(f"{callback}?state=x")) as server:
        found = try_authorize(server, redirect_uri=callback)
        server.answer = sends_to(f"{callback}?code=5f0c4b9e&state=x")
        assert try_authorize(server, redirect_uri=callback) is None
    assert found == Refusal("authorize", "not-a-sign-in", "", 302, "malformed")


@pytest.mark.parametrize("where", ["/error?", "/login?", f"{CALLBACK}?", f"{CALLBACK}#", "https://idp.example.com/?"])
def test_foreign_text_in_a_location_is_inert(where: str) -> None:
    told = {"error": f"{LOUD}{'e' * 5000}", "error_description": f"{LOUD}{TOKEN} 123456789012 {CANARY}" * 20}
    with endpoint(sends_to(where + urlencode(told, errors="replace"))) as server:
        found = try_authorize(server, f"{server.url}/oauth2/authorize?extra={CANARY.replace('+', '%2B')}")
    assert found is not None
    assert found.status == (400 if where == "/error?" else 302)
    assert [part for part in (TOKEN, "123456789012", CANARY, CANARY[:10]) if part in repr(found)] == []


def test_raw_bytes_in_a_location_are_inert() -> None:
    def answer(connection: socket.socket, _: bytes) -> None:
        connection.sendall(b"HTTP/1.1 302 \r\nLocation: /error?error=\x1b[31mred\xff\x9b\r\nContent-Length: 0\r\n\r\n")

    with below_http(answer) as server:
        found = try_authorize(server)
    assert found is not None
    assert found.error.startswith("\\x1b[31mred")
    assert "\x9b" not in found.error


@pytest.mark.parametrize("status", [200, 400, 403, 500])
def test_an_echo_is_not_told(status: int) -> None:
    """Servers that debug repeat the request: the made-up code and what stood in the entered address are not shown."""

    def echo(asked: Asked) -> Answer:
        return said({"error": "invalid_client", "error_description": f"{asked.path} {asked.body!r}"}, status)

    with endpoint(echo) as server:
        entered = urlencode({"client_secret": CANARY})
        told = try_token(server, f"{server.url}/oauth2/token?{entered}")
        asked = try_authorize(server, f"{server.url}/oauth2/authorize?{entered}")
        code = server.asked[0].form["code"]
    for found in (told, asked):
        assert found is not None
        assert [part for part in (CANARY, urlencode({"": CANARY})[1:], code) if part in repr(found)] == []


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ((200, {}, b"<html>"), Refusal("authorize", "not-a-sign-in", "", 200, "malformed")),
        (said({"ok": True}), Refusal("authorize", "not-a-sign-in", "", 200, "malformed")),
        ((204, {}, b""), Refusal("authorize", "", "", 204, "failed")),
        ((304, {}, b""), Refusal("authorize", "", "", 304, "failed")),
        ((300, {"Location": "/elsewhere"}, b""), Refusal("authorize", "not-a-sign-in", "", 300, "malformed")),
        ((407, {}, b""), Refusal("authorize", "", "", 407, "unreachable")),
        (page("<script>1</script><b>Bad", 503), Refusal("authorize", "", "Bad", 503, "failed")),
        (said({"error": "server_error"}, 500), Refusal("authorize", "server_error", "", 500, "failed")),
        (
            page("<p>Error: Redirect_Mismatch", 400),
            Refusal("authorize", "redirect_mismatch", "Error: Redirect_Mismatch"),
        ),
        (page("<h1>No", 404), Refusal("authorize", "", "No", 404)),
        (said({"error": {"a": 1}}, 400), Refusal("authorize", "", "", 400)),
    ],
)
def test_answers_of_the_authorize_url(answer: Answer, expected: Refusal) -> None:
    with endpoint(answer) as server:
        assert try_authorize(server) == expected
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (said({"error": "invalid_grant", "error_description": "code"}, 400), None),
        (said({"error": "invalid_grant"}, 401), None),
        (said({"error": "invalid_grant"}, 200), Refusal("token", "not-a-refusal", "", 200, "malformed")),
        (said({"error": "invalid_grant"}, 502), Refusal("token", "invalid_grant", "", 502, "failed")),
        (said({"error": "invalid_grant"}, 302), Refusal("token", "invalid_grant", "", 302, "failed")),
        (said({"access_token": TOKEN}), Refusal("token", "not-a-refusal", "", 200, "malformed")),
        (page(), Refusal("token", "not-a-refusal", "", 200, "malformed")),
        (sends_to("https://evil.example/oauth2/token", 307), Refusal("token", "", "", 307, "failed")),
        (sends_to("/oauth2/token", 308), Refusal("token", "", "", 308, "failed")),
        ((405, {}, b""), Refusal("token", "", "", 405)),
        (said({"error": "unsupported_grant_type"}, 400), Refusal("token", "unsupported_grant_type", "", 400)),
        (said({"error": f"{LOUD}{TOKEN}"}, 400), Refusal("token", "\\x1b[2J\\u202e\\x07token e82a76ea", "", 400)),
        ((400, {}, b"[" * 400_000), Refusal("token", "", "[" * 600 + "... (2000 characters)", 400)),
    ],
)
def test_answers_of_the_token_endpoint(answer: Answer, expected: Refusal | None) -> None:
    with endpoint(answer) as server:
        assert try_token(server) == expected
    assert len(server.asked) == 1


def test_nothing_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the network's code throws ends as a refusal."""
    for error in (Failed("X", "detail"), RuntimeError("c4nary"), KeyError("c4nary"), OSError()):

        def fail(*_: object, error: Exception = error, **__: object) -> Reply:
            raise error

        monkeypatch.setattr(wire, "exchange", fail)
        for found in both(Clients(Settings(keys=KEYS)), COGNITO):
            assert found is not None
            assert found.status == 0
            assert found.reason is not None
