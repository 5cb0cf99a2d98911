"""One TLS policy: what decides for an AWS read decides for keys, token endpoint, replay and preflight too."""

import os
import select
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cogwizard.aws.session import Clients, Settings, SetupError
from cogwizard.aws.tls import bundle_fault, kind_of, tls_context
from cogwizard.intake.url import read_url
from cogwizard.model.call import Call
from cogwizard.model.case import Case
from cogwizard.model.read import Read, Unread
from cogwizard.model.read_api import GetStages
from cogwizard.model.read_web import DirectCall, GetCallerIdentity, GetKeys, Preflight, Replay
from cogwizard.ports import Ports
from cogwizard.sandbox import Pool, Sandbox, World, method
from cogwizard.sandbox.certificates import Authority
from cogwizard.sandbox.environment import KEYS, REGION, environment
from cogwizard.signin.probe import probe_token
from cogwizard.steps.access import AccessStep

pytestmark = pytest.mark.usefixtures("own_home")

HOST = "aws.example"  # no name of this machine: for it proxies count
CALLBACK = "http://localhost:9876/callback"
OPERATIONS = ("read", "signed", "keys", "token", "replay", "preflight", "direct")


@dataclass
class Place:
    """A sandbox behind a private CA with one API and one pool; `ca` is the file to trust."""

    sandbox: Sandbox
    pool: Pool
    api: str
    ca: Path

    def at(self, host: str) -> str:
        """Return the endpoint under another host name."""
        return self.sandbox.url.replace("127.0.0.1", host)

    def outcome(self, operation: str, endpoint: str | None = None) -> str:
        """Do one of `OPERATIONS` with the environment's settings; return "answered", or the error."""
        base = endpoint or self.sandbox.url
        ports = Ports(Settings(region=REGION, endpoint_url=base, timeout=5))
        ports.clients.client("apigateway", REGION).meta.events.unregister(
            "needs-retry.api-gateway", unique_id="retry-config-api-gateway"
        )
        if operation == "token":
            url = f"{base}/oauth2/token"
            found = probe_token(ports.clients, url, next(iter(self.pool.clients)), CALLBACK, basic=False)
            return "answered" if found is None else found.error
        value = ports.answer(self._read(operation, base))
        return value.error if isinstance(value, Unread) else "answered"

    def _read(self, operation: str, base: str) -> Read:
        call = Call("GET", f"{base}/_aws/execute-api/{self.api}/prod/orders", (("Authorization", "none"),))
        reads: dict[str, Read] = {
            "read": GetStages(REGION, self.api),
            "signed": GetCallerIdentity(REGION),
            "keys": GetKeys(self.pool.issuer, REGION, self.pool.id),
            "replay": Replay(call),
            "preflight": Preflight(Call("OPTIONS", call.url, (("Origin", "https://app.example"),))),
            "direct": DirectCall(
                Call("GET", f"https://{self.api}.execute-api.{REGION}.amazonaws.com/prod/orders"), REGION
            ),
        }
        return reads[operation]


def world() -> tuple[World, Pool, str]:
    made = World()
    pool = made.add_pool("shop", settings={"Domain": "shop"})
    oauth: dict[str, Any] = {
        "AllowedOAuthFlowsUserPoolClient": True,
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": ["openid"],
    }
    pool.add_client("web", CallbackURLs=[CALLBACK], **oauth)
    api = made.add_api("orders")
    api.draft.add("/orders", GET=method("NONE"))
    api.deploy("prod")
    return made, pool, api.id


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="module")
def place(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A sandbox that checks signatures, behind TLS."""
    made, pool, api = world()
    ca = tmp_path_factory.mktemp("ca") / "ca.pem"
    ca.write_bytes(authority.pem)
    with Sandbox(made, tls=authority.context("127.0.0.1", "localhost", HOST), keys=KEYS) as sandbox:
        yield Place(sandbox, pool, api, ca)


@pytest.fixture(autouse=True)
def _keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment("").items():
        if name != "AWS_ENDPOINT_URL":
            monkeypatch.setenv(name, value)


# -- which file is trusted -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "profile"])
def test_whatever_names_the_authority_holds_for_every_call(
    way: str, place: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if way == "profile":
        (tmp_path / "config").write_text(f"[default]\nca_bundle = {place.ca}\n")
    else:
        monkeypatch.setenv(way, str(place.ca))
    assert {name: place.outcome(name) for name in OPERATIONS} == dict.fromkeys(OPERATIONS, "answered")


@pytest.mark.parametrize("other", [None, "SSL_CERT_FILE", "CURL_CA_BUNDLE"])
def test_what_botocore_does_not_read_holds_for_no_call(
    other: str | None, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    if other:
        monkeypatch.setenv(other, str(place.ca))
    before = len(place.sandbox.requests)
    expected = dict.fromkeys(OPERATIONS, "CertificateAuthorityUnknown")
    assert {name: place.outcome(name) for name in OPERATIONS} == expected
    assert len(place.sandbox.requests) == before


def test_the_stronger_setting_wins_for_every_call(
    place: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    another = tmp_path / "another.pem"
    another.write_bytes(Authority().pem)
    monkeypatch.setenv("AWS_CA_BUNDLE", str(another))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(place.ca))
    expected = dict.fromkeys(OPERATIONS, "CertificateAuthorityUnknown")
    assert {name: place.outcome(name) for name in OPERATIONS} == expected


@pytest.mark.parametrize(
    ("names", "hours", "trusted", "error", "variant"),
    [
        ((), -2, True, "CertificateExpired", "certificate-expired"),
        (("example.org",), 24, True, "CertificateForAnotherHost", "another-host"),
        ((), 24, False, "CertificateSelfSigned", "self-signed"),
    ],
)
def test_refused_certificates_are_told_apart(
    names: tuple[str, ...],
    hours: int,
    trusted: bool,
    error: str,
    variant: str,
    authority: Authority,
    place: Place,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", str(place.ca))
    made, pool, api = world()
    with Sandbox(made, tls=authority.context(*names, hours=hours, trusted=trusted)) as sandbox:
        there = Place(sandbox, pool, api, place.ca)
        assert {name: there.outcome(name) for name in OPERATIONS} == dict.fromkeys(OPERATIONS, error)
        assert sandbox.requests == []
    read = GetStages(REGION, api)
    case = Case(Call("GET", sandbox_url := "https://localhost/"), read_url(sandbox_url), 0.0)
    found = {item.code: item for item in AccessStep().judge(case.with_fact(read, Unread(read, "unreachable", error)))}
    assert (found["aws-unreachable"].verdict, found["aws-unreachable"].variant) == ("unknown", variant)


def test_plain_http_at_an_https_address(monkeypatch: pytest.MonkeyPatch, place: Place) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", str(place.ca))
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0.0)
    made, pool, api = world()
    with Sandbox(made) as sandbox:
        there = Place(sandbox, pool, api, place.ca)
        url = sandbox.url.replace("http:", "https:")
        assert {name: there.outcome(name, url) for name in OPERATIONS} == dict.fromkeys(OPERATIONS, "TlsFailed")


def test_the_context_is_botocores_and_always_verifies() -> None:
    context = tls_context()
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2


# -- a file that is none ---------------------------------------------------------------------------------------------


def _spoil(kind: str, folder: Path) -> Path:
    path = folder / "bundle.pem"
    if kind == "directory":
        path.mkdir()
    elif kind != "missing":
        texts = {"empty": b"", "garbage": b"\x30\x82\x01", "words": b"no PEM at all\n"}
        texts["cut"] = Authority().pem[:200]
        texts["key"] = b"-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n"
        path.write_bytes(texts[kind])
    return path


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("missing", "ca-bundle-missing"),
        ("directory", "ca-bundle-directory"),
        ("empty", "ca-bundle-empty"),
        ("garbage", "ca-bundle-no-certificate"),
        ("words", "ca-bundle-no-certificate"),
        ("cut", "ca-bundle-no-certificate"),
        ("key", "ca-bundle-no-certificate"),
    ],
)
def test_a_useless_bundle_is_said_before_anything_is_asked(
    kind: str, key: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = _spoil(kind, tmp_path)
    monkeypatch.setenv("AWS_CA_BUNDLE", str(path))
    with pytest.raises(SetupError) as caught:
        Clients(Settings()).check()
    assert (caught.value.key, caught.value.params) == (key, {"path": str(path)})


def test_a_bundle_that_may_not_be_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "ca.pem"
    path.write_bytes(Authority().pem)
    assert bundle_fault(str(path)) is None
    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", refuse)
    assert bundle_fault(str(path)) == "ca-bundle-unreadable"
    assert bundle_fault("a\0b") == "ca-bundle-unreadable"


def test_a_bundle_is_read_again_until_it_is_sound(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "ca.pem"
    monkeypatch.setenv("AWS_CA_BUNDLE", str(path))
    clients = Clients(Settings())
    with pytest.raises(SetupError):
        clients.ca_bundle()
    path.write_bytes(Authority().pem)
    assert clients.ca_bundle() == str(path)


def test_other_errors_are_no_tls() -> None:
    assert kind_of(ValueError("x")) is None
    assert kind_of(ConnectionResetError(104, "reset")) is None


# -- proxies ---------------------------------------------------------------------------------------------------------


@contextmanager
def connect_proxy(port: int) -> Iterator[tuple[str, list[str]]]:
    """A proxy for CONNECT that leads every host to a port of this machine; its URL, and the request lines."""
    asked: list[str] = []
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                client, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=tunnel, args=(client,), daemon=True).start()

    def tunnel(client: socket.socket) -> None:
        # Either side may break off: that is its own affair.
        with suppress(OSError), client, socket.create_connection(("127.0.0.1", port)) as upstream:
            head = b""
            while b"\r\n\r\n" not in head and (piece := client.recv(4096)):
                head += piece
            asked.append(head.split(b"\r\n")[0].decode())
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            while True:
                for side in select.select([client, upstream], [], [])[0]:
                    data = side.recv(65536)
                    if not data:
                        return
                    (upstream if side is client else client).sendall(data)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}", asked
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let `HOST` resolve to this machine; return what was resolved."""
    resolved: list[str] = []
    original: Callable[..., object] = socket.getaddrinfo

    def getaddrinfo(host: str, *args: object, **more: object) -> object:
        resolved.append(host)
        return original("127.0.0.1" if host == HOST else host, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return resolved


def test_a_proxy_is_taken_by_every_call_and_tls_is_checked_inside(
    place: Place, monkeypatch: pytest.MonkeyPatch, here: list[str]
) -> None:
    endpoint = place.at(HOST)
    port = int(endpoint.rpartition(":")[2])
    with connect_proxy(port) as (proxy, asked):
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        monkeypatch.setenv("AWS_CA_BUNDLE", str(place.ca))
        assert {name: place.outcome(name, endpoint) for name in OPERATIONS} == dict.fromkeys(OPERATIONS, "answered")
        assert [line.rpartition(" ")[0] for line in asked] == [f"CONNECT {HOST}:{port}"] * len(OPERATIONS)
        assert HOST not in here

        monkeypatch.delenv("AWS_CA_BUNDLE")
        expected = dict.fromkeys(OPERATIONS, "CertificateAuthorityUnknown")
        assert {name: place.outcome(name, endpoint) for name in OPERATIONS} == expected


@pytest.mark.parametrize("exempt", [HOST, ".example", "*"])
def test_no_proxy_holds_for_every_call(
    exempt: str, place: Place, monkeypatch: pytest.MonkeyPatch, here: list[str]
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")  # nobody listens there
    monkeypatch.setenv("NO_PROXY", exempt)
    monkeypatch.setenv("AWS_CA_BUNDLE", str(place.ca))
    found = {name: place.outcome(name, place.at(HOST)) for name in OPERATIONS}
    assert found == dict.fromkeys(OPERATIONS, "answered")
    assert here.count(HOST) == len(OPERATIONS)


def test_loopback_needs_no_exemption(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_CA_BUNDLE", str(place.ca))
    assert "NO_PROXY" not in os.environ
    assert {name: place.outcome(name) for name in OPERATIONS} == dict.fromkeys(OPERATIONS, "answered")
