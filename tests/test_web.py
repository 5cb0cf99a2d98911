"""Keys and replays over real sockets on loopback: bytes on the wire, TLS, proxies, deadlines, hostile answers."""

import datetime
import gzip
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from cogwizard.aws.exchange import NotSendable, read_url
from cogwizard.aws.session import Clients, Settings
from cogwizard.model.answer import Answer
from cogwizard.model.call import Call, Unexpanded
from cogwizard.model.pool import Jwk
from cogwizard.model.read import Absent, Unread
from cogwizard.model.read_api import GetStages
from cogwizard.model.read_web import GetKeys, Replay
from cogwizard.web import WebReader

POOL = "eu-west-1_Abc123"
ISSUER = f"https://cognito-idp.eu-west-1.amazonaws.com/{POOL}"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


pytestmark = pytest.mark.usefixtures("own_home")


class Server:
    """Answers each connection with given bytes (or by a function), and keeps what it was sent."""

    def __init__(self, answer: bytes | Callable[[socket.socket], None], context: ssl.SSLContext | None = None) -> None:
        self.requests: list[bytes] = []
        self._answer, self._context = answer, context
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                try:
                    connection.settimeout(5)
                    if self._context:
                        connection = self._context.wrap_socket(connection, server_side=True)
                    with connection:
                        request = receive(connection)
                        if request.strip():
                            self.requests.append(request)
                        if callable(self._answer):
                            self._answer(connection)
                        else:
                            connection.sendall(self._answer)
                except OSError:
                    continue

    def close(self) -> None:
        # A blocked accept() does not notice close(): wake it.
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def receive(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data and (piece := connection.recv(65536)):
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            while len(body) < int(line.split(b":")[1]) and (piece := connection.recv(65536)):
                body += piece
    return head + b"\r\n\r\n" + body


def reader(**more: Any) -> WebReader:
    chosen = Settings(**{"timeout": 3.0, **more})
    return WebReader(chosen, Clients(chosen))


def replay(call: Call, **more: Any) -> Any:
    return reader(**more).run(Replay(call))


def answer_to(data: bytes, method: str = "GET") -> Any:
    with Server(data) as server:
        return replay(Call(method, f"http://127.0.0.1:{server.port}/"))


# What reaches the server


def sent(method: str, target: str, headers: tuple[tuple[str, str], ...] = (), body: bytes | None = None) -> bytes:
    with Server(OK) as server:
        value = replay(Call(method, f"http://127.0.0.1:{server.port}{target}", headers, body))
        assert isinstance(value, Answer), value
        assert len(server.requests) == 1
        return server.requests[0].replace(str(server.port).encode(), b"PORT")


def test_only_host_is_added() -> None:
    assert sent("GET", "/a") == b"GET /a HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n"


def test_headers_keep_order_spelling_bytes_and_duplicates() -> None:
    headers = (("aUTHORIZATION", "Bearer  x "), ("X-B", "é"), ("x-b", "\t2"), ("HOST", "other.example"), ("X-b", ""))
    expected = (
        b"GET /a HTTP/1.1\r\naUTHORIZATION: Bearer  x \r\nX-B: \xc3\xa9\r\nx-b: \t2\r\n"
        b"HOST: other.example\r\nX-b: \r\n\r\n"
    )
    assert sent("GET", "/a", headers) == expected


@pytest.mark.parametrize(
    ("given_target", "target"),
    [
        ("", "/"),
        ("?a=b", "/?a=b"),
        ("/a%2fb/%zz/{id}/../x;p?q=%20|\"<>\\^`'[]#fragment#more", "/a%2fb/%zz/{id}/../x;p?q=%20|\"<>\\^`'[]"),
        ("/é?ü", "/%C3%A9?%C3%BC"),
        ("//a//b", "//a//b"),
    ],
)
def test_the_url_is_sent_as_given(given_target: str, target: str) -> None:
    assert sent("GET", given_target).split(b"\r\n")[0] == f"GET {target} HTTP/1.1".encode()


def test_a_body_gets_its_own_length() -> None:
    wrong = (("content-length", "99"), ("Transfer-Encoding", "chunked"))
    expected = b"POST / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\ncontent-length: 4\r\n\r\nbody"
    assert sent("POST", "/", wrong, b"body") == expected
    assert b"\r\nContent-Length: 4\r\n\r\nbody" in sent("PUT", "/", (), b"body")
    assert b"\r\nContent-Length: 0\r\n\r\n" in sent("POST", "/")
    assert b"ength" not in sent("DELETE", "/")


@pytest.mark.parametrize(
    "call",
    [
        Call("GET", "http://127.0.0.1:1/", (("A", "secret\r\nX: y"),)),
        Call("GET", "http://127.0.0.1:1/", (("A", "secret\n"),)),
        Call("GET", "http://127.0.0.1:1/", (("A", "secret\0"),)),
        Call("GET", "http://127.0.0.1:1/", (("A", "secret\ud800"),)),
        Call("GET", "http://127.0.0.1:1/", ((":authority", "secret"),)),
        Call("GET", "http://127.0.0.1:1/", (("A b", "secret"),)),
        Call("GET", "http://127.0.0.1:1/", (("", "secret"),)),
        Call("GE T", "http://127.0.0.1:1/secret"),
        Call("", "http://127.0.0.1:1/secret"),
        Call("GET", "http://127.0.0.1:1/a b?secret"),
        Call("GET", "http://127.0.0.1:1/a\r\nX: secret"),
        Call("GET", "http://user:secret@127.0.0.1:1/"),
        Call("GET", "ftp://127.0.0.1/secret"),
        Call("GET", "secret"),
        Call("GET", "http:///secret"),
        Call("GET", "http://127.0.0.1:0/secret"),
        Call("GET", "http://127.0.0.1:99999/secret"),
        Call("GET", "http://x\\@secret/"),
        Call("GET", "http://127.0.0.1:1/\ud800secret"),
    ],
)
def test_what_cannot_be_sent_is_withheld(call: Call) -> None:
    value = replay(call)
    assert (value.reason, value.error) == ("withheld", "not-sendable")
    assert value.detail
    assert "secret" not in repr(value)


def test_a_value_that_was_not_given_is_withheld() -> None:
    call = Call("GET", "http://127.0.0.1:1/", (("A", "Bearer $T"),), None, (Unexpanded("A", "$T"),))
    assert (replay(call).reason, replay(call).error) == ("withheld", "not-given")


@pytest.mark.parametrize(
    "host",
    ["abc.execute-api.eu-west-1.amazonaws.com", "ABC.execute-api.cn-north-1.amazonaws.com.cn.", "x.cloudfront.net"],
)
def test_with_an_override_no_call_goes_to_aws(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    call = Call("GET", f"https://{host}/prod/a")
    value = replay(call, endpoint_url="http://127.0.0.1:1")
    assert (value.reason, value.error) == ("withheld", "endpoint-override")
    monkeypatch.setenv("AWS_ENDPOINT_URL_API_GATEWAY", "http://127.0.0.1:1")
    assert replay(call).error == "endpoint-override"


def test_names_under_localhost_are_this_machine() -> None:
    with Server(OK) as server:
        value = replay(Call("GET", f"http://abc.execute-api.localhost:{server.port}/v1/a"))
        assert isinstance(value, Answer)
        assert server.requests[0].startswith(b"GET /v1/a HTTP/1.1\r\nHost: abc.execute-api.localhost:")


# What comes back


def test_an_answer() -> None:
    data = (
        b"HTTP/1.1 401 No\r\nDate: Thu, 01 Jan 1970 00:01:40 GMT\r\nX-Amzn-ErrorType: UnauthorizedException\r\n"
        b"x-a: 1\r\nX-A: 2\r\nContent-Length: 27\r\n\r\n" + b'{"message":"Unauthorized\xff"}'
    )
    before = time.time()
    value = answer_to(data)
    assert isinstance(value, Answer)
    assert (value.status, value.date, value.body) == (401, 100.0, '{"message":"Unauthorized\ufffd"}')
    assert value.headers[1:4] == (("X-Amzn-ErrorType", "UnauthorizedException"), ("x-a", "1"), ("X-A", "2"))
    assert value.received_at is not None
    assert before <= value.received_at <= time.time()
    assert value.peer == "127.0.0.1"


@pytest.mark.parametrize("date", ["", "yesterday", "Thu, 99 Jan 1970 00:00:00 GMT", "Thu, 01 Jan 999999 00:00:00 GMT"])
def test_a_date_that_is_none(date: str) -> None:
    value = answer_to(f"HTTP/1.1 200 OK\r\nDate: {date}\r\nContent-Length: 0\r\n\r\n".encode())
    assert value.date is None


def test_redirects_are_answers() -> None:
    with Server(OK) as other:
        value = answer_to(
            f"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{other.port}/\r\nContent-Length: 0\r\n\r\n".encode()
        )
        assert (value.status, other.requests) == (302, [])


def test_a_head_answer_has_no_body() -> None:
    assert answer_to(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n", "HEAD").status == 200


def test_a_long_body_is_cut() -> None:
    value = answer_to(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (1024 * 1024 + 5))
    assert len(value.body) == 1024 * 1024


@pytest.mark.parametrize(("coding", "body"), [("gzip", "hello"), ("GZIP", "hello"), ("br", "")])
def test_a_compressed_body(coding: str, body: str) -> None:
    data = gzip.compress(b"hello")
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\nContent-Length: {len(data)}\r\n\r\n"
    assert answer_to(head.encode() + data).body == body


def test_a_compression_bomb_is_cut() -> None:
    data = gzip.compress(b"\0" * 20_000_000)
    value = answer_to(
        f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(data)}\r\n\r\n".encode() + data
    )
    assert len(value.body) <= 1024 * 1024


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "unreachable"),
        (b"SSH-2.0-x\r\n", "malformed"),
        (b"HTTP/1.1 abc\r\n\r\n", "malformed"),
        (b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 200 + b"\r\n", "malformed"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "malformed"),
    ],
)
def test_what_is_no_answer(data: bytes, reason: str) -> None:
    value = answer_to(data)
    assert isinstance(value, Unread)
    assert (value.reason, value.detail.startswith("127.0.0.1: ")) == (reason, True)


@settings(derandomize=True, deadline=None, max_examples=40)
@given(
    st.binary(max_size=80)
    | st.binary(max_size=80).map(lambda tail: b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n" + tail)
)
def test_any_bytes_of_a_server(data: bytes) -> None:
    assert isinstance(answer_to(data), Answer | Unread)


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_a_server_that_drips_is_cut(head: bytes) -> None:
    stop = threading.Event()

    def drip(connection: socket.socket) -> None:
        connection.sendall(head)
        while not stop.wait(0.05):
            connection.sendall(b"a")

    with Server(drip) as server:
        start = time.monotonic()
        value = replay(Call("GET", f"http://127.0.0.1:{server.port}/"), timeout=0.3)
        left = [thread for thread in threading.enumerate() if thread.name == "cogwizard-web"]
        stop.set()
        assert (value.reason, value.error) == ("unreachable", "TimeoutError")
        assert time.monotonic() - start < 1.5
        assert left == []


def test_a_silent_server_is_cut() -> None:
    release = threading.Event()
    with Server(lambda connection: (release.wait(5), None)[1]) as server:
        value = replay(Call("GET", f"http://127.0.0.1:{server.port}/"), timeout=0.2)
        release.set()
        assert (value.reason, value.error) == ("unreachable", "TimeoutError")


def test_name_resolution_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    value = replay(Call("GET", "https://abc.example/x?secret"))
    assert (value.reason, value.error) == ("unreachable", "NameResolutionError")
    assert value.detail.startswith("abc.example: ")
    assert "secret" not in value.detail


def test_name_resolution_that_hangs_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()

    def hang(*_: object, **__: object) -> None:
        release.wait(5)
        raise socket.gaierror(-2, "late")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    threading.Timer(1.0, release.set).start()
    value = replay(Call("GET", "https://abc.example/"), timeout=0.2)
    assert (value.reason, value.error) == ("unreachable", "TimeoutError")


# TLS


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    folder = tmp_path_factory.mktemp("ca")
    now = datetime.datetime.now(datetime.UTC)

    def certificate(name: str, key: Any, issuer: str, signer: Any, is_ca: bool) -> x509.Certificate:
        names = [x509.DNSName("localhost"), x509.DNSName("api.localhost")]
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(hours=1))
            .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
        )
        return builder.sign(signer, hashes.SHA256())

    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca = certificate("test CA", ca_key, "test CA", ca_key, is_ca=True)
    leaf = certificate("server", key, "test CA", ca_key, is_ca=False)
    bundle, chain = folder / "ca.pem", folder / "server.pem"
    bundle.write_bytes(ca.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    chain.write_bytes(private + leaf.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    return bundle, context


@pytest.mark.parametrize("way", ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "profile"])
def test_tls_with_a_private_ca(
    way: str, authority: tuple[Path, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bundle, context = authority
    if way == "profile":
        (tmp_path / "config").write_text(f"[default]\nca_bundle = {bundle}\n")
    else:
        monkeypatch.setenv(way, str(bundle))
    with Server(OK, context) as server:
        assert replay(Call("GET", f"https://localhost:{server.port}/")).status == 200
        assert replay(Call("GET", f"https://api.localhost:{server.port}/")).status == 200


def test_tls_that_is_not_trusted(authority: tuple[Path, ssl.SSLContext]) -> None:
    with Server(OK, authority[1]) as server:
        value = replay(Call("GET", f"https://localhost:{server.port}/", (("Authorization", "secret"),)))
        assert server.requests == []
    assert (value.reason, value.error) == ("unreachable", "CertificateAuthorityUnknown")
    assert value.detail.startswith("localhost: ")
    assert ".pem" in value.detail
    assert "AWS_CA_BUNDLE" in value.detail


def test_tls_for_another_name(authority: tuple[Path, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", str(authority[0]))
    with Server(OK, authority[1]) as server:
        value = replay(Call("GET", f"https://127.0.0.1:{server.port}/"))
        assert (value.reason, server.requests) == ("unreachable", [])


def test_a_ca_bundle_that_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    missing = str(tmp_path / "missing.pem")
    monkeypatch.setenv("AWS_CA_BUNDLE", missing)
    with Server(OK) as server:
        value = replay(Call("GET", f"https://localhost:{server.port}/"))
    assert (value.reason, value.error) == ("failed", "ca-bundle-missing")
    assert missing in value.detail
    monkeypatch.setenv("AWS_CA_BUNDLE", "")
    assert replay(Call("GET", "https://localhost:1/")).error == "empty-ca-bundle"


# Proxies


def test_http_through_a_proxy_with_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(OK) as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://us%40er:pa%3Ass@127.0.0.1:{proxy.port}")
        value = replay(Call("GET", "http://api.example:8080/a%2fb?c", (("X", "y"),)))
        assert (value.status, value.peer) == (200, None)
        assert proxy.requests == [
            b"GET http://api.example:8080/a%2fb?c HTTP/1.1\r\nHost: api.example:8080\r\nX: y\r\n"
            b"Proxy-Authorization: Basic dXNAZXI6cGE6c3M=\r\n\r\n"
        ]


def test_https_through_a_proxy(authority: tuple[Path, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch) -> None:
    bundle, context = authority
    inner: list[bytes] = []

    def tunnel(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with context.wrap_socket(connection.dup(), server_side=True) as tls:
            tls.settimeout(5)
            request = receive(tls)
            if request.strip():
                inner.append(request)
                tls.sendall(OK)

    monkeypatch.setenv("AWS_CA_BUNDLE", str(bundle))
    # A name that is not loopback by its form, and that the certificate does not cover: TLS is checked inside too.
    with Server(tunnel) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"user:secret@127.0.0.1:{proxy.port}")
        value = replay(Call("GET", "https://api.example/a", (("Authorization", "token"),)))
        assert (value.reason, inner) == ("unreachable", [])
        assert proxy.requests[0].startswith(b"CONNECT api.example:443 HTTP/1.")
        assert b"Proxy-Authorization: Basic dXNlcjpzZWNyZXQ=" in proxy.requests[0]
        assert b"token" not in proxy.requests[0]
        monkeypatch.setattr("cogwizard.aws.hosts.is_loopback", lambda host: False)
        assert replay(Call("GET", "https://localhost/a")).status == 200
        assert inner == [b"GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n"]


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", b"HTTP/1.1 502 Bad Gateway\r\n\r\n", b""]
)
def test_a_proxy_that_refuses_is_unreachable_and_its_password_hidden(
    answer: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Server(answer) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://user:se@cret@127.0.0.1:{proxy.port}")
        value = replay(Call("GET", "https://api.example/a"))
    assert value.reason == "unreachable"
    assert "cret" not in repr(value)
    assert value.detail.startswith("api.example: ")


@pytest.mark.parametrize(
    "proxy",
    [
        "socks5://user:secret@127.0.0.1:1", "http://user:secret@[::1", "http://", "http://u:secret@h:x",
        "http://pu:secret#P@h", "http://pu:secret/P@h", "http://pu:12345#secret@h", "http://pu:se cret@h",
        "http:pu:secret@h", "https:/pu:secret@h", "HTTP:pu:secret@h", "http://pu:x?secret@h",
    ],
)  # fmt: skip
def test_a_proxy_that_is_no_url(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    value = replay(Call("GET", "https://api.example/a"))
    assert (value.reason, value.error) == ("unreachable", "InvalidProxy")
    assert "HTTPS_PROXY" in value.detail
    assert not [part for part in ("secret", "cret@", "12345", "pu:") if part in repr(value)]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "api.localhost"])
def test_loopback_goes_past_the_proxy(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with Server(OK) as server:
        assert replay(Call("GET", f"http://{host}:{server.port}/")).status == 200


def test_no_proxy_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    resolve = socket.getaddrinfo

    def offline(host: str, *rest: Any, **more: Any) -> Any:
        if host.endswith(".invalid"):
            raise socket.gaierror(-2, "Name or service not known")
        return resolve(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", offline)
    with Server(OK) as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("NO_PROXY", "corp.invalid")
        assert replay(Call("GET", "http://a.corp.invalid/")).reason == "unreachable"
        assert proxy.requests == []
        assert replay(Call("GET", "http://a.other.invalid/")).status == 200


# Keys

KEY = {"kty": "RSA", "kid": "k1", "n": "AQAB", "e": "AQAB", "alg": "RS256", "use": "sig"}


def http_answer(status: int, body: bytes) -> bytes:
    return f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def keys(data: bytes, read: GetKeys | None = None) -> tuple[Any, list[bytes]]:
    with Server(data) as server:
        value = reader(endpoint_url=f"http://127.0.0.1:{server.port}/").run(read or GetKeys(ISSUER, "eu-west-1", POOL))
        return value, server.requests


def test_keys_of_the_override() -> None:
    others = [{**KEY, "kty": "EC"}, {"kty": "OKP"}, {**KEY, "kid": "k2"}]
    value, requests = keys(http_answer(200, json.dumps({"keys": [KEY, *others]}).encode()))
    assert value == (Jwk("k1", "AQAB", "AQAB"), Jwk("k2", "AQAB", "AQAB"))
    assert requests[0].startswith(f"GET /{POOL}/.well-known/jwks.json HTTP/1.1\r\n".encode())


@pytest.mark.parametrize(
    ("status", "body", "absent"),
    [
        (404, b"", True),
        (400, b'{"code":"ResourceNotFoundException"}', True),
        (400, b'{"message":"User pool x does not exist."}', True),
        (400, b'{"message":"bad"}', False),
        (403, b"does not exist", False),
        (500, b"", False),
        (302, b"", False),
    ],
)
def test_keys_that_are_not_there(status: int, body: bytes, absent: bool) -> None:
    value, _ = keys(http_answer(status, body))
    assert isinstance(value, Absent if absent else Unread)
    assert value.error == f"HTTP {status}"


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"keys":5}', b"<html>", b"[" * 100_000, json.dumps({"keys": [KEY] * 4000}).encode()]
)
def test_keys_that_are_none(body: bytes) -> None:
    value, _ = keys(http_answer(200, body))
    assert isinstance(value, Unread)
    assert value.reason == "malformed"


@pytest.mark.parametrize(
    "entry",
    [5, None, {}, {**KEY, "n": 5}, {**KEY, "kid": None}, {**KEY, "e": ""}, {"kty": "RSA", "kid": "k", "n": "x"}],
)
def test_a_key_that_is_broken_is_not_a_key_that_is_missing(entry: object) -> None:
    value, _ = keys(http_answer(200, json.dumps({"keys": [KEY, entry]}).encode()))
    assert isinstance(value, Unread)
    assert (value.reason, value.error) == ("malformed", "not-a-key")


def test_keys_throttled() -> None:
    assert keys(http_answer(429, b""))[0].reason == "throttled"


@pytest.mark.parametrize(
    "issuer",
    [
        "", "http://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A", "https://evil.example/eu-west-1_A",
        "https://cognito-idp.eu-west-1.amazonaws.com.evil.example/eu-west-1_A",
        "https://cognito-idp.eu-west-1.amazonaws.com@evil.example/eu-west-1_A", f"{ISSUER}/../x", f"{ISSUER}\n",
    ],
)  # fmt: skip
def test_a_hostile_issuer_is_not_asked(issuer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: pytest.fail("asked"))
    value = reader().run(GetKeys(issuer, "eu-west-1", POOL))
    assert (value.reason, value.error) == ("withheld", "not-a-cognito-issuer")


def test_an_issuer_of_cognito_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(b"HTTP/1.1 503 no\r\n\r\n") as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        value = reader().run(GetKeys(ISSUER, "eu-west-1", POOL))
        assert value.reason == "unreachable"
        assert proxy.requests[0].startswith(b"CONNECT cognito-idp.eu-west-1.amazonaws.com:443 ")


@pytest.mark.parametrize("pool", ["", "../x", "a/b", "a?b", "a b"])
def test_a_hostile_pool_id_is_not_asked(pool: str) -> None:
    value, requests = keys(OK, GetKeys(ISSUER, "eu-west-1", pool))
    assert (value.reason, value.error, requests) == ("withheld", "not-a-pool-id", [])


def test_a_wrong_set_up_and_other_reads_are_unread() -> None:
    assert reader(profile="ghost").run(GetKeys(ISSUER, "eu-west-1", POOL)).error == "no-such-profile"
    assert reader().run(GetStages("eu-west-1", "a")).error == "not-a-web-read"


@settings(derandomize=True, deadline=None)
@given(st.text(max_size=30) | st.text(max_size=30).map(lambda tail: f"http://h{tail}"))
def test_any_text_is_a_url_or_is_not_sendable(text: str) -> None:
    try:
        url = read_url(text)
    except NotSendable:
        return
    assert url.target.startswith("/")
    assert url.target.isascii()
    assert url.target.isprintable()
    assert " " not in url.target
    assert 0 < url.port < 65536
