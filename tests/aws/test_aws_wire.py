"""boto3 over real sockets on loopback: deadlines, sizes, retries, and no password of a URL in any detail."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cogwizard.aws.reader import AwsReader
from cogwizard.aws.session import Clients, Settings
from cogwizard.model.api import Stage
from cogwizard.model.read import Read
from cogwizard.model.read_api import GetExport, GetStages
from cogwizard.model.read_web import GetCallerIdentity

R, API = "eu-west-1", "abc123"
READ = GetStages(R, API)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_ITEMS = b'{"item": [{"stageName": "a"}]}'
STAGES = HEAD + b"Content-Length: %d\r\n\r\n" % len(_ITEMS) + _ITEMS


pytestmark = pytest.mark.usefixtures("own_home", "aws_keys")


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0.0)


class Server:
    """Each connection is handed to the next of some functions, the last one for good."""

    def __init__(self, *answers: Callable[[socket.socket], object]) -> None:
        self.requests: list[bytes] = []
        self.stop = threading.Event()
        self._answers = list(answers)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._threads = [threading.Thread(target=self._serve)]
        self._threads[0].start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
            self._threads.append(threading.Thread(target=self._one, args=(connection, answer)))
            self._threads[-1].start()

    def _one(self, connection: socket.socket, answer: Callable[[socket.socket], object]) -> None:
        with connection:
            try:
                self.requests.append(connection.recv(65536))
                answer(connection)
            except OSError:
                return

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for thread in self._threads:
            thread.join()


def says(data: bytes) -> Callable[[socket.socket], object]:
    return lambda connection: connection.sendall(data)


def run(url: str, read: Read = READ, timeout: float = 3.0) -> Any:
    return AwsReader(Clients(Settings(endpoint_url=url, timeout=timeout))).run(read)


@pytest.fixture
def ok() -> Iterator[Server]:
    with Server(says(STAGES)) as server:
        yield server


def test_a_request_is_boto3s_own(ok: Server) -> None:
    assert run(f"http://127.0.0.1:{ok.port}") == (Stage("a"),)
    head = ok.requests[0]
    assert head.startswith(b"GET /restapis/abc123/stages HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n" % ok.port)
    assert b"Authorization: AWS4-HMAC-SHA256 Credential=testing/" in head
    assert head.lower().count(b"\r\naccept-encoding:") == head.lower().count(b"\r\nhost:") == 1


def test_user_info_of_an_endpoint_is_not_sent(ok: Server) -> None:
    assert run(f"http://user:p%40ss@127.0.0.1:{ok.port}") == (Stage("a"),)
    assert b"user" not in ok.requests[0].split(b"\r\nUser-Agent")[0]


def test_botocore_tries_again() -> None:
    broken = says(b"HTTP/1.1 503 X\r\nContent-Length: 0\r\n\r\n")
    with Server(lambda connection: None, broken, says(b"no http\r\n"), says(STAGES)) as server:
        assert run(f"http://127.0.0.1:{server.port}") == (Stage("a"),)
        assert len(server.requests) == 4


@pytest.mark.parametrize("read", [READ, GetExport(R, API, "v1"), GetCallerIdentity(R)])
@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\nX: ", HEAD + b"\r\n"])
def test_an_answer_that_drips_ends(head: bytes, read: Read) -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(head)
        while not server.stop.wait(0.05):
            connection.sendall(b"a")

    with Server(drip) as server:
        start = time.monotonic()
        value = run(f"http://127.0.0.1:{server.port}", read, timeout=0.2)
        assert time.monotonic() - start < 3.0
        assert (value.reason, value.error) == ("unreachable", "TimeoutError")
        assert value.detail.startswith("127.0.0.1: no whole answer within ")
        assert len(server.requests) == 1


def test_silence_is_asked_again_and_ends() -> None:
    with Server(lambda connection: server.stop.wait(9)) as server:
        start = time.monotonic()
        value = run(f"http://127.0.0.1:{server.port}", timeout=0.2)
        assert time.monotonic() - start < 3.0
        assert value.reason == "unreachable"
        assert len(server.requests) in (3, 4)


@pytest.mark.parametrize("read", [READ, GetExport(R, API, "v1")])
def test_an_endless_answer_is_malformed(read: Read) -> None:
    def flood(connection: socket.socket) -> None:
        connection.sendall(HEAD + b"\r\n")
        while not server.stop.is_set():
            connection.sendall(b" " * 65536)

    with Server(flood) as server:
        value = run(f"http://127.0.0.1:{server.port}", read, timeout=20.0)
        assert (value.reason, value.detail) == ("malformed", "the answer is larger than 16 MiB")
        assert len(server.requests) == 1


PROXIES = [
    "http://pu:CANARY#P@h",
    "http://pu:CANARY/P@h",
    "http:pu:CANARY@h",
    "https:/pu:CANARY@h",
    "http://u:CA NARY@h",
]
PROXIES += ["http://pu:12345#CANARY@h", "socks5://pu:CANARY@h"]


@pytest.mark.parametrize("proxy", PROXIES)
def test_a_proxy_that_is_no_url_is_named_and_not_shown(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    value = AwsReader(Clients(Settings())).run(READ)
    assert (value.reason, value.error) == ("unreachable", "InvalidProxy")
    assert "HTTPS_PROXY" in value.detail
    assert not [part for part in ("CANARY", "NARY", "12345", "pu:") if part in repr(value)]


ENDPOINTS = ["http://u:CA NARY@127.0.0.1:1", "http://127.0.0.1:1?k=CANARY", "http://u:12/CANARY@127.0.0.1:1"]
ENDPOINTS += ["http://u:1#CANARY@127.0.0.1:1", "http://127.0.0.1:1/#CANARY"]


@pytest.mark.parametrize("by", ["option", "environment", "profile"])
@pytest.mark.parametrize("url", ENDPOINTS)
def test_an_endpoint_with_a_secret_is_refused_and_not_shown(
    url: str, by: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if by == "environment":
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
    elif by == "profile":
        (tmp_path / "config").write_text(f"[default]\nendpoint_url = {url}\n")
    value = AwsReader(Clients(Settings(endpoint_url=url if by == "option" else None))).run(READ)
    assert (value.reason, value.error) == ("failed", "invalid-endpoint")
    assert "NARY" not in repr(value)


@pytest.mark.parametrize("by", ["option", "environment", "profile"])
def test_a_password_that_an_answer_echoes_is_not_shown(
    by: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    body = b'{"message": "who is us:CANARY%21x, who is CANARY!x, at http://us:CANARY%21x@127.0.0.1"}'
    length = b"X-Amzn-Errortype: BadRequestException\r\nContent-Length: %d\r\n\r\n" % len(body)
    with Server(says(b"HTTP/1.1 400 X\r\n" + length + body)) as server:
        url = f"http://us:CANARY%21x@127.0.0.1:{server.port}"
        if by == "environment":
            monkeypatch.setenv("AWS_ENDPOINT_URL_API_GATEWAY", url)
        elif by == "profile":
            (tmp_path / "config").write_text(f"[default]\nendpoint_url = {url}\n")
        value = AwsReader(Clients(Settings(endpoint_url=url if by == "option" else None))).run(READ)
    assert value.detail.startswith("who is ")
    assert "CANARY" not in value.detail


def test_nobody_there_shows_the_host_only() -> None:
    value = run("http://us:CANARY@127.0.0.1:1", timeout=0.5)
    assert (value.reason, value.error) == ("unreachable", "EndpointConnectionError")
    assert value.detail.startswith("127.0.0.1: ")
    assert "CANARY" not in value.detail
