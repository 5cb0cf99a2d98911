"""The listener for the redirect, over real sockets: what is bound, what ends it, and all that must not."""

import errno
import random
import re
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from cogwizard.model.attempt import Refusal
from cogwizard.signin import callback, loopback
from cogwizard.signin.callback import PROPOSED, CannotListen, bind, listenable, port_of
from cogwizard.signin.loopback import Listener, Page
from cogwizard.signin.oauth import AuthorizeRequest
from cogwizard.signin.redirect import Code

STATE = "st4te-of_this-sign-in"
PAGE = Page("ja", "<title>", "サインインしました <&>", "refused <b>", "not ours <i>")
LONG = 60.0  # seconds; no test waits for it


def has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


IPV6 = has_ipv6()
needs_ipv6 = pytest.mark.skipif(not IPV6, reason="this machine has no ::1")


@pytest.fixture
def port() -> int:
    """Return a port that is free at both addresses, below those that the system itself hands out to anybody."""
    for _ in range(100):
        number = random.randrange(20_000, 32_000)
        try:
            with socket.create_server(("127.0.0.1", number)):
                if not IPV6:
                    return number
                with socket.create_server(("::1", number), family=socket.AF_INET6):
                    return number
        except OSError:
            continue
    raise AssertionError("no port is free at both addresses")


def listener(
    port: int, host: str = "localhost", *, seconds: float = LONG, connection_seconds: float = LONG
) -> Listener:
    asked = AuthorizeRequest("https://shop.example/oauth2/authorize", STATE, f"http://{host}:{port}/cb", (), "v" * 64)
    return Listener(asked, PAGE, seconds=seconds, connection_seconds=connection_seconds)


@pytest.fixture
def waiting(port: int) -> Iterator[Listener]:
    with listener(port) as opened:
        yield opened


def send(listener: Listener, data: bytes, *, family: int = 0) -> bytes:
    """Send bytes to the listener, return all that comes back."""
    with socket.create_connection(listener.addresses[family], 10) as connection:
        connection.sendall(data)
        return received(connection)


def received(connection: socket.socket) -> bytes:
    data = b""
    try:
        while piece := connection.recv(65536):
            data += piece
    except ConnectionResetError:
        pass
    return data


def get(listener: Listener, target: str, *, host: str | None = None, family: int = 0, method: str = "GET") -> bytes:
    """Ask as a browser does; Host is that of the callback."""
    authority = host or f"localhost:{listener.addresses[0][1]}"
    head = f"{method} {target} HTTP/1.1\r\nHost: {authority}\r\nCookie: {'c' * 20_000}\r\n\r\n"
    return send(listener, head.encode(), family=family)


def status(answer: bytes) -> int:
    return int(answer.split(b" ")[1])


GOOD = f"/cb?code=c0de&state={STATE}"


# -- which callback ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:9876/callback",
        "http://localhost:1024",
        "http://LOCALHOST:3000/",
        "http://127.0.0.1:65535/x/y",
        "http://[::1]:8080/cb",
        "http://localhost:3000/cb?tenant=1",
    ],
)
def test_a_callback_that_can_be_listened_on_is_taken_as_it_stands(url: str) -> None:
    assert listenable(["https://app.example.com/cb", "http://localhost/", url, PROPOSED]) == url


@pytest.mark.parametrize(
    "url",
    [
        "https://localhost:9876/callback",
        "http://localhost/callback",
        "http://localhost:80/callback",
        "http://localhost:1023/callback",
        "http://localhost:0/callback",
        "http://localhost:99999/callback",
        "http://localhost:x/callback",
        "http://0.0.0.0:9876/callback",
        "http://127.0.0.2:9876/callback",
        "http://[::]:9876/callback",
        "http://192.168.0.7:9876/callback",
        "http://localhost.evil.example:9876/callback",
        "http://localhost@evil.example:9876/callback",
        "http://evil@localhost:9876/callback",
        "http://localhost:9876/#fragment",
        "myapp://localhost:9876/callback",
        "http://[::1:9876/",
        "localhost:9876/callback",
        "",
    ],
)
def test_a_callback_that_cannot_be_listened_on(url: str) -> None:
    assert listenable([url]) is None
    assert port_of(url) is None
    with pytest.raises(ValueError, match="nothing that can be listened for"):
        Listener(AuthorizeRequest("u", STATE, url, (), "v" * 64), PAGE)


def test_what_is_proposed_can_be_listened_on() -> None:
    assert listenable([PROPOSED]) == PROPOSED
    assert port_of(PROPOSED) == 9876
    assert listenable([]) is None


def test_tokens_in_a_fragment_are_not_listened_for() -> None:
    with pytest.raises(ValueError, match="nothing that can be listened for"):
        Listener(AuthorizeRequest("u", STATE, PROPOSED), PAGE)


# -- what is bound -----------------------------------------------------------------------------------------------------


def test_only_loopback_is_bound(port: int) -> None:
    with listener(port) as opened:
        assert opened.addresses == (("127.0.0.1", port), ("::1", port))[: 2 if IPV6 else 1]


@pytest.mark.parametrize("host", ["127.0.0.1", pytest.param("[::1]", marks=needs_ipv6)])
def test_an_address_in_the_callback_is_the_only_one(port: int, host: str) -> None:
    with listener(port, host) as opened:
        assert opened.addresses == ((host.strip("[]"), port),)
        assert status(get(opened, GOOD, host=f"{host}:{port}")) == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_nothing_else_can_be_bound(port: int, host: str) -> None:
    with pytest.raises(ValueError, match="loopback"):
        bind(host, port)


@pytest.mark.parametrize("taken", ["127.0.0.1", pytest.param("::1", marks=needs_ipv6)])
def test_a_port_that_somebody_has_at_either_address_is_busy(port: int, taken: str) -> None:
    family = socket.AF_INET6 if ":" in taken else socket.AF_INET
    opened = listener(port)
    with socket.create_server((taken, port), family=family), pytest.raises(CannotListen) as caught:
        opened.open()
    assert caught.value.reason == "busy"
    # What was bound before is free again, and nothing was left behind.
    with opened:
        assert status(get(opened, GOOD)) == 200


def test_a_server_on_all_addresses_is_busy_too(port: int) -> None:
    with socket.create_server(("", port)), pytest.raises(CannotListen) as caught:
        listener(port).open()
    assert caught.value.reason == "busy"


def without(monkeypatch: pytest.MonkeyPatch, *families: int) -> None:
    """Make this machine one that lacks address families."""

    class Lacking(socket.socket):
        def __init__(self, family: int = -1, *args: int, **more: int) -> None:
            if family in families:
                raise OSError(errno.EAFNOSUPPORT, "not supported")
            super().__init__(family, *args, **more)

    monkeypatch.setattr(socket, "socket", Lacking)


def test_a_machine_with_one_family_listens_on_that(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        without(patched, socket.AF_INET6)
        found = bind("localhost", port)
    with found[0]:
        assert [each.getsockname() for each in found] == [("127.0.0.1", port)]


def test_a_machine_without_loopback_cannot_listen(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        without(patched, socket.AF_INET6, socket.AF_INET)
        with pytest.raises(CannotListen) as caught:
            bind("localhost", port)
    assert caught.value.reason == "unavailable"


def test_who_answers_at_an_address_is_seen(port: int) -> None:
    """For systems on which a bound address says nothing about a server on all addresses."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", port))  # held, and not listened on
        assert not callback._is_served(socket.AF_INET, "127.0.0.1", port)
    with socket.create_server(("127.0.0.1", port)):
        assert callback._is_served(socket.AF_INET, "127.0.0.1", port)


# -- the answer --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("family", [0, pytest.param(1, marks=needs_ipv6)])
def test_one_good_answer_ends_it(waiting: Listener, family: int) -> None:
    addresses = waiting.addresses
    page = get(waiting, GOOD, family=family)
    found = waiting.wait(LONG)
    assert isinstance(found, Code)
    assert found.value == "c0de"
    assert found.received_at > 1_700_000_000
    assert waiting.ended == "answered"
    assert status(page) == 200
    for address in addresses:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(address, 5)


def test_the_page_holds_nothing_secret_and_loads_nothing(waiting: Listener) -> None:
    head, _, body = get(waiting, GOOD).decode().partition("\r\n\r\n")
    assert "サインインしました &lt;&amp;&gt;" in body
    assert "&lt;title&gt;" in body
    assert '<html lang="ja">' in body
    assert not re.search(r"<(?:script|img|link|style|iframe|form|a|meta (?!charset))|\bon\w+=|src=|href=|http", body)
    assert "c0de" not in head + body
    assert STATE not in head + body
    fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:])
    assert fields["Cache-Control"] == "no-store"
    assert fields["Referrer-Policy"] == "no-referrer"
    assert fields["Content-Security-Policy"].startswith("default-src 'none';")
    assert fields["Content-Type"] == "text/html; charset=utf-8"
    assert int(fields["Content-Length"]) == len(body.encode())


def test_a_refusal_with_our_state_ends_it(waiting: Listener) -> None:
    page = get(waiting, f"/cb?error_description=%3Cscript%3E&error=access_denied&state={STATE}")
    assert waiting.wait(LONG) == Refusal("authorize", "access_denied", "<script>", 302)
    assert b"refused &lt;b&gt;" in page
    assert b"<script>" not in page


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/favicon.ico", 404),
        ("/", 404),
        ("/cb/", 404),
        ("/CB", 404),
        ("/%63b", 404),
        ("//cb", 404),
        (f"/callback?code=x&state={STATE}", 404),
        (f"http://localhost/cb?code=x&state={STATE}", 404),
        ("/cb", 400),
        ("/cb?code=x", 400),
        ("/cb?code=x&state=wrong", 400),
        (f"/cb?code=x&state={STATE}&state={STATE}", 400),
        (f"/cb?code=x&code=y&state={STATE}", 400),
        (f"/cb?state={STATE}", 400),
        (f"/cb?code=a%20b&state={STATE}", 400),
        ("/cb?error=access_denied", 400),
        ("/cb?error=access_denied&state=wrong", 400),
        (f"/cb?{'p=1&' * 100}code=x&state={STATE}", 400),
    ],
)
def test_another_path_or_state_changes_nothing(waiting: Listener, target: str, expected: int) -> None:
    assert status(get(waiting, target)) == expected
    assert waiting.ended is None
    assert waiting.wait(0) is None
    assert status(get(waiting, GOOD)) == 200
    assert waiting.wait(LONG)


@pytest.mark.parametrize("method", ["POST", "HEAD", "OPTIONS", "get", "CONNECT"])
def test_another_method_changes_nothing(waiting: Listener, method: str) -> None:
    assert status(get(waiting, GOOD, method=method)) == 405
    assert waiting.ended is None


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:{port}",
        "localhost",
        "localhost:1",
        "127.0.0.1:{port}",
        "localhost:{port}.evil.example",
    ],
)
def test_another_host_changes_nothing(waiting: Listener, host: str) -> None:
    """A name that was rebound to 127.0.0.1 is told by the Host that the browser sends."""
    assert status(get(waiting, GOOD, host=host.format(port=waiting.addresses[0][1]))) == 400
    assert waiting.ended is None


@pytest.mark.parametrize(
    "head",
    [
        f"GET {GOOD} HTTP/1.1\r\n\r\n",
        f"GET {GOOD} HTTP/1.1\r\nHost: {{host}}\r\nHost: evil.example\r\n\r\n",
        f"GET {GOOD} HTTP/1.1\r\nHost : {{host}}\r\n\r\n",
        f"GET {GOOD}\r\nHost: {{host}}\r\n\r\n",
        f"GET  {GOOD} HTTP/1.1\r\nHost: {{host}}\r\n\r\n",
        f"GET {GOOD} HTTP/2\r\nHost: {{host}}\r\n\r\n",
        "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        "\r\n\r\n",
    ],
)
def test_what_no_browser_sends_changes_nothing(waiting: Listener, head: str) -> None:
    answer = send(waiting, head.replace("{host}", f"localhost:{waiting.addresses[0][1]}").encode("latin-1"))
    assert status(answer) == 400
    assert waiting.ended is None
    assert status(get(waiting, GOOD)) == 200


def test_a_huge_head_changes_nothing(waiting: Listener) -> None:
    answer = send(waiting, f"GET {GOOD} HTTP/1.1\r\nHost: localhost\r\nX: {'x' * 200_000}\r\n\r\n".encode())
    assert status(answer) == 431
    assert waiting.ended is None


def answers_at_once(opened: Listener, many: int) -> list[bytes]:
    """Send `many` good answers, each with another code, at the same time; return the pages."""
    addresses, start = opened.addresses, threading.Barrier(many)

    def ask(number: int) -> bytes:
        head = f"GET /cb?code=code{number}&state={STATE} HTTP/1.1\r\nHost: localhost:{addresses[0][1]}\r\n\r\n"
        with socket.create_connection(addresses[number % len(addresses)], 10) as connection:
            start.wait(LONG)  # all are connected
            try:
                connection.sendall(head.encode())
            except OSError:
                return b""
            return received(connection)

    with ThreadPoolExecutor(many) as pool:
        return list(pool.map(ask, range(many)))


def test_of_answers_at_once_one_counts(port: int) -> None:
    for _ in range(5):
        with listener(port) as opened:
            answers = answers_at_once(opened, 8)
            good = [f"code{number}" for number, page in enumerate(answers) if page.startswith(b"HTTP/1.1 200")]
            found = opened.wait(LONG)
        assert isinstance(found, Code)
        assert good == [found.value]


def test_a_second_answer_changes_nothing(waiting: Listener) -> None:
    """It comes over a connection that was open before the first one, as of a browser that connects in advance."""
    address = waiting.addresses[0]
    with socket.create_connection(address, 10) as early:
        assert status(get(waiting, "/favicon.ico")) == 404  # the early connection was accepted before this one
        get(waiting, GOOD)
        found = waiting.wait(LONG)
        early.sendall(f"GET /cb?code=other&state={STATE} HTTP/1.1\r\nHost: localhost:{address[1]}\r\n\r\n".encode())
        assert b"not ours &lt;i&gt;" in received(early)
    assert isinstance(found, Code)
    assert found.value == "c0de"
    assert waiting.wait(LONG) == found


def test_a_head_in_many_pieces(waiting: Listener) -> None:
    head = f"GET {GOOD} HTTP/1.1\r\nHost: localhost:{waiting.addresses[0][1]}\r\n\r\n".encode()
    with socket.create_connection(waiting.addresses[0], 10) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for at in range(len(head)):
            connection.sendall(head[at : at + 1])
        assert status(received(connection)) == 200


# -- the end -----------------------------------------------------------------------------------------------------------


def test_the_time_out_ends_it(port: int) -> None:
    with listener(port, seconds=0.05) as opened:
        assert opened.wait(LONG) is None
        assert opened.ended == "timed-out"
        assert opened.addresses == ()
        bind_again(port)


def test_waiting_for_a_while_ends_nothing(waiting: Listener) -> None:
    assert waiting.wait(0.01) is None
    assert waiting.ended is None
    get(waiting, GOOD)
    assert waiting.wait(LONG)


def test_close_frees_the_port_and_wakes_who_waits(port: int) -> None:
    opened = listener(port).open()
    with ThreadPoolExecutor(1) as pool:
        waited = pool.submit(opened.wait)
        opened.close()
        assert waited.result(LONG) is None
    assert opened.ended == "closed"
    bind_again(port)
    opened.close()
    assert opened.ended == "closed"


def test_close_before_open(port: int) -> None:
    closed = listener(port)
    closed.close()
    assert closed.ended == "closed"


def test_an_answered_port_can_be_listened_on_again(port: int) -> None:
    for _ in range(3):
        with listener(port) as opened:
            get(opened, GOOD)
            assert opened.wait(LONG)


def bind_again(port: int) -> None:
    for found in bind("localhost", port):
        found.close()


def test_close_ends_open_connections(port: int) -> None:
    opened = listener(port).open()
    with socket.create_connection(opened.addresses[0], 10) as silent:
        assert status(get(opened, "/favicon.ico")) == 404
        opened.close()
        assert received(silent) == b""


# -- who wants to hold it up -------------------------------------------------------------------------------------------


def half(connection: socket.socket) -> None:
    connection.sendall(f"GET {GOOD} HTTP/1.1\r\nHo".encode())


def silent(connection: socket.socket) -> None:
    """Say nothing at all."""


@pytest.mark.parametrize("act", [half, silent])
@pytest.mark.parametrize("many", [1, 3 * loopback._MOST_CONNECTIONS])
def test_open_connections_do_not_hold_up_the_good_one(
    waiting: Listener, act: Callable[[socket.socket], None], many: int
) -> None:
    opened = []
    try:
        for _ in range(many):
            opened.append(socket.create_connection(waiting.addresses[0], 10))
            act(opened[-1])
        assert status(get(waiting, GOOD)) == 200
        assert waiting.wait(LONG)
        if many > loopback._MOST_CONNECTIONS:
            assert received(opened[0]) == b""  # whoever waited longest gave way
    finally:
        for connection in opened:
            connection.close()


def test_a_slow_connection_is_given_up(port: int) -> None:
    with listener(port, connection_seconds=0.05) as opened, socket.create_connection(opened.addresses[0], 10) as slow:
        half(slow)
        assert received(slow) == b""
        assert opened.ended is None


def test_a_browser_that_is_gone_before_the_page_still_counts(waiting: Listener) -> None:
    with socket.create_connection(waiting.addresses[0], 10) as connection:
        connection.sendall(f"GET {GOOD} HTTP/1.1\r\nHost: localhost:{waiting.addresses[0][1]}\r\n\r\n".encode())
    found = waiting.wait(LONG)
    assert isinstance(found, Code)
    assert found.value == "c0de"


def test_no_thread_is_left(port: int) -> None:
    before = set(threading.enumerate())
    with listener(port) as opened:
        get(opened, "/favicon.ico")
        get(opened, GOOD)
        opened.wait(LONG)
    for thread in set(threading.enumerate()) - before:
        thread.join(LONG)
        assert not thread.is_alive()
