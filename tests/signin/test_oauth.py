"""Authorize URLs, PKCE, and the token endpoint over real sockets on loopback: good answers, refusals, hostile ones."""

import base64
import json
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from cogwizard.aws.fields import Malformed
from cogwizard.aws.session import Clients, Settings
from cogwizard.aws.signin import Refused
from cogwizard.model.attempt import Refusal
from cogwizard.model.tokens import Tokens
from cogwizard.signin.oauth import AuthorizeRequest, TokenEndpoint, authorize_request, challenge_of, read_tokens

pytestmark = pytest.mark.usefixtures("own_home")

BASE = "https://shop.auth.eu-west-1.amazoncognito.com"
CALLBACK = "http://localhost:9876/callback"
SECRET = "c4narysecretofthisappclient0123456789"
CODE, REFRESH = "c4nary+code/5f0c4b9e=1", "c4nary-refresh-token." * 90
REQUEST = authorize_request(BASE, "client1", CALLBACK, ["openid"])
VERIFIER = REQUEST.verifier or ""
CANARIES = (SECRET, CODE, REFRESH, VERIFIER, base64.b64encode(f"client1:{SECRET}".encode()).decode())
TOKENS = {
    "id_token": "i.d.x",
    "access_token": "a.b.c",
    "refresh_token": "r",
    "expires_in": 3600,
    "token_type": "Bearer",
}

Answer = tuple[int, dict[str, str], bytes]


@dataclass(frozen=True)
class Asked:
    """One request as it arrived: method, path, headers (names in lower case) and the bytes of its body."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        """The members of the form, each of which stands there once."""
        found = parse_qs(self.body.decode(), keep_blank_values=True, strict_parsing=True)
        assert all(len(values) == 1 for values in found.values())
        return {name: values[0] for name, values in found.items()}


@dataclass
class Endpoint:
    """Its address, what it was asked in order, and what it answers."""

    url: str
    answer: Answer | Callable[[Asked], Answer]
    asked: list[Asked] = field(default_factory=list)


@contextmanager
def endpoint(answer: Answer | Callable[[Asked], Answer]) -> Iterator[Endpoint]:
    """Serve on loopback, each request with `answer`."""

    class Handler(BaseHTTPRequestHandler):
        def respond(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked = Asked(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body)
            found.asked.append(asked)
            status, headers, content = found.answer(asked) if callable(found.answer) else found.answer
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(content)
            except OSError:
                self.close_connection = True

        do_GET = do_POST = respond

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Endpoint(f"http://127.0.0.1:{server.server_address[1]}", answer)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def said(members: object, status: int = 200) -> Answer:
    return status, {"Content-Type": "application/json;charset=UTF-8"}, json.dumps(members).encode()


def of(server: Endpoint, secret: str | None = None, *, timeout: float = 30.0) -> TokenEndpoint:
    clients = Clients(Settings(endpoint_url=server.url, timeout=timeout))
    return TokenEndpoint(server.url, clients, "client1", secret)


def refusal(run: Callable[[], object]) -> Refusal:
    """Return what a call was refused with; no secret is in anything that may be shown."""
    with pytest.raises(Refused) as caught:
        run()
    shown = f"{caught.value} {caught.value!r} {caught.value.refusal!r}"
    assert [canary for canary in CANARIES if canary in shown] == []
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return caught.value.refusal


# -- the authorize URL -------------------------------------------------------------------------------------------------


def test_challenge_is_that_of_the_standard() -> None:
    """The vector of RFC 7636, appendix B."""
    assert challenge_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_authorize_request_with_pkce() -> None:
    request = authorize_request(
        BASE, "client1", CALLBACK, ["openid", "shop/read", "openid"], login_hint="a b@example.com"
    )
    parts = urlsplit(request.url)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{BASE}/oauth2/authorize"
    assert parse_qs(parts.query, strict_parsing=True) == {
        "response_type": ["code"],
        "client_id": ["client1"],
        "redirect_uri": [CALLBACK],
        "scope": ["openid shop/read"],
        "state": [request.state],
        "code_challenge": [challenge_of(request.verifier or "")],
        "code_challenge_method": ["S256"],
        "login_hint": ["a b@example.com"],
    }
    assert re.fullmatch(r"[A-Za-z0-9._~-]{43,128}", request.verifier or "")
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", request.state)
    assert (request.redirect_uri, request.scopes) == (CALLBACK, ("openid", "shop/read"))


def test_authorize_request_of_the_implicit_grant() -> None:
    request = authorize_request(BASE, "client1", CALLBACK, implicit=True)
    assert parse_qs(urlsplit(request.url).query) == {
        "response_type": ["token"],
        "client_id": ["client1"],
        "redirect_uri": [CALLBACK],
        "state": [request.state],
    }
    assert request.verifier is None


def test_each_request_is_its_own() -> None:
    made = [authorize_request(BASE, "client1", CALLBACK) for _ in range(50)]
    assert len({each.state for each in made} | {each.verifier for each in made}) == 100


def test_the_verifier_is_in_no_repr_and_no_url() -> None:
    assert VERIFIER not in repr(REQUEST)
    assert VERIFIER not in REQUEST.url


# -- what is sent ------------------------------------------------------------------------------------------------------


def test_a_code_of_a_public_client() -> None:
    with endpoint(said(TOKENS)) as server:
        tokens = of(server).redeem(REQUEST, CODE)
    (asked,) = server.asked
    assert (asked.method, asked.path) == ("POST", "/oauth2/token")
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert "authorization" not in asked.headers
    assert asked.headers["host"] == urlsplit(server.url).netloc
    assert asked.form == {
        "grant_type": "authorization_code",
        "code": CODE,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
        "client_id": "client1",
    }
    assert (tokens.id_token, tokens.access_token, tokens.refresh_token) == ("i.d.x", "a.b.c", "r")
    assert tokens.expires_in == 3600
    assert tokens.obtained_at > 1_700_000_000


def test_a_client_with_a_secret_authenticates_by_header() -> None:
    with endpoint(said(TOKENS)) as server:
        of(server, SECRET).redeem(REQUEST, CODE)
    (asked,) = server.asked
    kind, _, encoded = asked.headers["authorization"].partition(" ")
    assert (kind, base64.b64decode(encoded).decode()) == ("Basic", f"client1:{SECRET}")
    assert not {"client_id", "client_secret"} & asked.form.keys()


def test_a_secret_that_encoding_would_change_goes_into_the_form() -> None:
    """A secret that was chosen may hold "+" (BOTO's ClientSecretType): in a form it has one reading only."""
    with endpoint(said(TOKENS)) as server:
        of(server, "abc+def" * 4).client_credentials()
    (asked,) = server.asked
    assert "authorization" not in asked.headers
    assert b"%2B" in asked.body
    assert asked.form == {"grant_type": "client_credentials", "client_id": "client1", "client_secret": "abc+def" * 4}


def test_client_credentials() -> None:
    with endpoint(said({"access_token": "a.b.c", "expires_in": 60, "token_type": "Bearer"})) as server:
        tokens = of(server, SECRET).client_credentials(["shop/read", "shop/write"])
    assert server.asked[0].form == {"grant_type": "client_credentials", "scope": "shop/read shop/write"}
    assert (tokens.access_token, tokens.id_token, tokens.refresh_token) == ("a.b.c", None, None)


def test_refresh_keeps_what_the_answer_lacks_to_the_caller() -> None:
    with endpoint(said({"id_token": "i.2.x", "access_token": "a.2.c", "expires_in": 60})) as server:
        newer = of(server).refresh(REFRESH)
    assert server.asked[0].form == {"grant_type": "refresh_token", "refresh_token": REFRESH, "client_id": "client1"}
    assert Tokens(refresh_token=REFRESH).refreshed(newer).refresh_token == REFRESH


# -- refusals ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (said({"error": "invalid_grant"}, 400), Refusal("token", "invalid_grant", "", 400)),
        (
            said({"error": "invalid_client", "error_description": "why"}, 401),
            Refusal("token", "invalid_client", "why", 401),
        ),
        ((405, {}, b""), Refusal("token", "", "", 405)),
        (said({"message": "Forbidden"}, 403), Refusal("token", "", "Forbidden", 403)),
        (said({"error": {"a": 1}, "error_description": [2]}, 400), Refusal("token", "", "", 400)),
        (said(["invalid_grant"], 400), Refusal("token", "", '["invalid_grant"]', 400)),
        ((400, {}, b"\xff\xfe\x00"), Refusal("token", "", "\ufffd\ufffd\\x00", 400)),
        ((429, {}, b"slow down"), Refusal("token", "", "slow down", 429, "throttled")),
        ((407, {}, b""), Refusal("token", "", "", 407, "unreachable")),
        ((302, {"Location": f"{BASE}/elsewhere"}, b""), Refusal("token", "", "", 302, "failed")),
        (
            (503, {}, b"<html><title>Bad &amp; gone</title><p>Ask\n IT"),
            Refusal("token", "", "Bad & gone Ask IT", 503, "failed"),
        ),
        (said({"error": "server_error"}, 500), Refusal("token", "server_error", "", 500)),
        ((403, {}, b"<script>1<2</script><b>Blocked"), Refusal("token", "", "Blocked", 403)),
        ((200, {}, b"<html>Sign in to the WLAN</html>"), Refusal("token", "not-a-token-answer", "", 200, "malformed")),
    ],
)
@pytest.mark.parametrize("secret", [None, SECRET])
def test_a_refusal(answer: Answer, expected: Refusal, secret: str | None) -> None:
    with endpoint(answer) as server:
        assert refusal(lambda: of(server, secret).redeem(REQUEST, CODE)) == expected
    assert len(server.asked) == 1  # nothing is sent again, and no redirect is followed


@pytest.mark.parametrize(
    "members",
    [
        {},
        [],
        "a",
        None,
        {"access_token": None},
        {"access_token": ""},
        {"access_token": 1},
        {"access_token": ["a"]},
        {"access_token": "a b"},
        {"access_token": "a\nX-Evil: 1"},
        {"access_token": "ä"},
        {"access_token": "a.b.c", "id_token": True},
        {"access_token": "a.b.c", "refresh_token": {}},
        {"refresh_token": "only"},
        {"access_token": "a" * 300_000},
    ],
)
def test_an_answer_without_tokens(members: object) -> None:
    with endpoint(said(members)) as server:
        found = refusal(lambda: of(server).redeem(REQUEST, CODE))
    assert (found.error, found.reason) == ("not-a-token-answer", "malformed")


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 50_000, b"\xef\xbb\xbfx", b"{", b"NaN", b"1" * 5000])
def test_json_that_is_an_attack(body: bytes) -> None:
    with endpoint((200, {}, body)) as server:
        assert refusal(lambda: of(server).redeem(REQUEST, CODE)).reason == "malformed"
        server.answer = (400, {}, body)
        assert refusal(lambda: of(server).redeem(REQUEST, CODE)).status == 400


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (60, 60),
        ("60", 60),
        (True, 0),
        (-1, 0),
        (0, 0),
        (1e300, 0),
        (10**30, 0),
        ("1" * 5000, 0),
        (None, 0),
        ([], 0),
        ("x", 0),
    ],
)
def test_a_lifetime(value: Any, seconds: int) -> None:
    assert read_tokens({"access_token": "a", "expires_in": value}, 5.0) == Tokens(None, "a", None, seconds, 5.0)


def test_members_that_are_no_tokens() -> None:
    with pytest.raises(Malformed):
        read_tokens({"access_token": "a", "id_token": 3}, 0.0)


def test_a_byte_order_mark_is_no_obstacle() -> None:
    with endpoint((200, {}, b"\xef\xbb\xbf" + json.dumps(TOKENS).encode())) as server:
        assert of(server).redeem(REQUEST, CODE).id_token == "i.d.x"


@pytest.mark.parametrize("where", ["error", "error_description", "page", "far", "cut"])
def test_a_server_that_echoes_what_it_was_sent(where: str) -> None:
    """The whole request comes back, raw, decoded and encoded: none of it is shown."""

    def echo(asked: Asked) -> Answer:
        sent = " ".join([*asked.form.values(), asked.headers.get("authorization", "").removeprefix("Basic "), SECRET])
        if where == "page":
            return 400, {}, asked.body + sent.encode()
        if where == "far":
            return said({"error": "x", "error_description": "y" * 560 + sent}, 400)
        if where == "cut":
            return 400, {}, ("y" * 8100 + sent).encode()
        return said({where: sent}, 400)

    with endpoint(echo) as server:
        for run in (lambda: of(server, SECRET).redeem(REQUEST, CODE), lambda: of(server, SECRET).refresh(REFRESH)):
            shown = repr(refusal(run))
            pieces = {canary[at : at + 8] for canary in CANARIES for at in range(len(canary) - 7)}
            assert [piece for piece in pieces if piece in shown] == []


def test_foreign_text_is_inert() -> None:
    token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjNG5hcnkifQ.c2lnbmF0dXJl"
    hostile = {"error": "\x1b[31m" + "e" * 5000, "error_description": f"\u202e{token} 123456789012 http://u:pw@h/"}
    with endpoint(said(hostile, 400)) as server:
        found = refusal(lambda: of(server).redeem(REQUEST, CODE))
    assert found.error.startswith("\\x1b[31me")
    assert len(found.error) <= 100
    assert [part for part in (token, "123456789012", "pw@", "\u202e") if part in found.message] == []


# -- no answer ---------------------------------------------------------------------------------------------------------


def test_nobody_there() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # nobody else can have it meanwhile
        server = Endpoint(f"http://127.0.0.1:{held.getsockname()[1]}", (200, {}, b""))
        found = refusal(lambda: of(server, SECRET).redeem(REQUEST, CODE))
    assert (found.operation, found.status, found.reason) == ("token", 0, "unreachable")
    assert found.error
    assert "127.0.0.1" in found.message


@contextmanager
def raw(answer: Callable[[socket.socket, bytes], None]) -> Iterator[tuple[Endpoint, list[bytes]]]:
    """A server below HTTP: `answer` gets the connection and the request; all requests are kept."""
    asked: list[bytes] = []

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(5)
                try:
                    request = b""
                    while b"code_verifier" not in request and (piece := connection.recv(65536)):
                        request += piece
                    asked.append(request)
                    answer(connection, request)
                except OSError:
                    continue

    listening = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield Endpoint(f"http://127.0.0.1:{listening.getsockname()[1]}", (200, {}, b"")), asked
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


@pytest.mark.parametrize(
    ("answer", "reason", "timeout"),
    [
        (lambda connection, request: None, "unreachable", 30),
        (lambda connection, request: connection.sendall(b"c4nary " + request[:300]), "malformed", 30),
        (lambda connection, request: connection.sendall(b"HTTP/1.1 " + request), "malformed", 30),
        (lambda connection, request: connection.recv(1), "unreachable", 0.3),  # says nothing until we hang up
    ],
)
def test_no_answer_that_can_be_read(
    answer: Callable[[socket.socket, bytes], None], reason: str, timeout: float
) -> None:
    with raw(answer) as (server, asked):
        found = refusal(lambda: of(server, SECRET, timeout=timeout).redeem(REQUEST, CODE))
    assert (found.status, found.reason) == (0, reason)
    assert len(asked) == 1


def test_an_endless_answer_is_cut() -> None:
    sent: list[int] = []

    def flood(connection: socket.socket, _: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while sum(sent) < 64 << 20:  # it is hung up on before; what is on its way fits into the system's buffers
            sent.append(connection.send(b"x" * 65536))

    with raw(flood) as (server, _):
        assert refusal(lambda: of(server).redeem(REQUEST, CODE)).error == "not-a-token-answer"
    assert sum(sent) < 64 << 20


def test_a_set_up_that_cannot_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", " ")
    with endpoint(said(TOKENS)) as server:
        found = refusal(lambda: of(server, SECRET).redeem(REQUEST, CODE))
    assert (found.error, found.status, found.reason) == ("empty-ca-bundle", 0, "failed")
    assert server.asked == []


@pytest.mark.parametrize("base", ["ftp://127.0.0.1", "http://user:c4nary@127.0.0.1:1", "", "http://a b"])
def test_a_base_that_cannot_be_called(base: str) -> None:
    found = refusal(lambda: TokenEndpoint(base, Clients(Settings()), "client1", SECRET).redeem(REQUEST, CODE))
    assert (found.error, found.status, found.reason) == ("not-sendable", 0, "withheld")
    assert "c4nary" not in repr(found)


def test_no_repr_holds_the_secret() -> None:
    assert SECRET not in repr(TokenEndpoint(BASE, Clients(Settings()), "client1", SECRET))
    assert VERIFIER not in repr(AuthorizeRequest("u", "s", "r", (), VERIFIER))
