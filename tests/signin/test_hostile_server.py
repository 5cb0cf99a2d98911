"""A server that is not Cognito, or means harm: nothing it says acts, tells a secret, or passes for Cognito's word."""

import json
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from cogwizard.aws.session import Settings, SetupError
from cogwizard.commands.challenges import announce
from cogwizard.login import Login
from cogwizard.model.attempt import Known
from cogwizard.model.client import AppClient, PoolUser
from cogwizard.model.read import Absent, Unread
from cogwizard.ports import Ports
from cogwizard.sandbox.environment import KEYS
from cogwizard.signin.order import Order
from cogwizard.steps.attempt import outcome
from cogwizard.text import Texts
from tests.signin.login_kit import PASSWORD, SECRET, Bench, causes

POOL = "ap-northeast-1_AbCdEf123"
LOUD = "\x1b[2J\u202e\x1b]0;x\x07"
Answer = Callable[[str, Mapping[str, Any]], tuple[int, dict[str, str], bytes]]


class Hostile:
    """A server on loopback; `answer` takes operation and parameters and gives status, headers and body."""

    def __init__(self) -> None:
        self.answer: Answer = lambda _operation, _parameters: (500, {}, b"")
        self.asked: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                operation = str(self.headers["X-Amz-Target"]).rpartition(".")[2]
                outer.asked.append(operation)
                status, headers, answer = outer.answer(operation, json.loads(body))
                self.send_response_only(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                """Nothing is printed."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.ports = Ports(Settings(region="ap-northeast-1", endpoint_url=url, timeout=30, keys=KEYS))

    def login(self, flow: str = "password") -> Login:
        """Return a sign-in of hanako here, with a client secret."""
        return Login(self.ports, Order(flow, "4p3a", POOL, username="hanako", secret=SECRET))  # type: ignore[arg-type]


@pytest.fixture
def hostile() -> Iterator[Hostile]:
    made = Hostile()
    yield made
    made.server.shutdown()
    made.server.server_close()


def json_answer(value: object, status: int = 200, **headers: str) -> tuple[int, dict[str, str], bytes]:
    return status, {"Content-Type": "application/x-amz-json-1.1", **headers}, json.dumps(value).encode()


def error(kind: str, text: str, status: int = 400) -> Answer:
    return lambda _operation, _parameters: json_answer({"__type": kind, "message": text}, status)


def test_an_echo_is_not_told(hostile: Hostile) -> None:
    """The request in the error text, as debugging servers do."""
    hostile.answer = lambda _operation, parameters: json_answer(
        {"__type": "NotAuthorizedException", "message": f"bad request: {json.dumps(parameters)}"}, 400
    )
    login = hostile.login()
    assert not login.start(PASSWORD)
    assert login.refusal is not None
    assert "bad request" in login.refusal.message
    assert "hanako" in login.refusal.message
    assert PASSWORD not in login.refusal.message
    # SECRET_HASH: 44 characters of Base64
    assert "=\\" not in login.refusal.message.replace('"', "")
    assert login.refusal.message.count("secret") >= 2


def test_a_question_that_repeats_the_password(hostile: Hostile) -> None:
    hostile.answer = lambda _operation, parameters: json_answer(
        {
            "ChallengeName": "CUSTOM_CHALLENGE",
            "Session": "s" * 20,
            "ChallengeParameters": {"q": f"you sent {parameters['AuthParameters']['PASSWORD']}"},
        }
    )
    login = hostile.login()
    assert login.start(PASSWORD)
    assert login.challenge is not None
    assert login.challenge.said == (("q", "you sent secret"),)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (403, b"<html>403 Forbidden: User is disabled.</html>"),
        (407, b"<html>Incorrect username or password. Authenticate to the proxy.</html>"),
        (502, b'{"__type":"NotAuthorizedException","message":"Incorrect username or password."}'),
        (307, b""),
        (200, b"<html>captive portal: Incorrect username or password.</html>"),
        (200, b"{}"),
        (200, b"[]"),
        (200, b'{"AuthenticationResult":{"AccessToken":"a\\u001b[2Jb"}}'),
        (200, b'{"AuthenticationResult":{}}'),
        (200, b'{"AuthenticationResult":[1]}'),
        (200, b'{"ChallengeName":5}'),
        (200, b'{"ChallengeName":"PASSWORD_VERIFIER","ChallengeParameters":{"SRP_B":"0"}}'),
    ],
)
def test_what_is_not_cognitos_word_names_no_cause(hostile: Hostile, status: int, body: bytes) -> None:
    hostile.answer = lambda _operation, _parameters: (status, {"Content-Type": "application/json"}, body)
    login = hostile.login()
    assert not login.start(PASSWORD)
    login.facts = Known(user=PoolUser("hanako", "CONFIRMED", enabled=True))
    assert [item.code for item in login.findings() if item.verdict == "fail"] == []
    assert outcome(login.attempt, login.findings()) == "inconclusive"
    assert hostile.asked == ["InitiateAuth"]


@pytest.mark.parametrize(
    "code", ["ExpiredToken", "RequestExpired", "SignatureDoesNotMatch", "MissingAuthenticationTokenException"]
)
def test_our_own_credentials_are_not_the_users(hostile: Hostile, code: str) -> None:
    hostile.answer = error(code, "The security token included in the request is expired")
    login = hostile.login("admin")
    assert not login.start(PASSWORD)
    assert [item.code for item in login.findings() if item.verdict == "fail"] == []


def test_names_and_keys_that_would_act(hostile: Hostile, capsys: pytest.CaptureFixture[str]) -> None:
    asked: dict[str, Any] = {"ChallengeName": f"X{LOUD}" * 1000, "Session": "s" * 20}
    hostile.answer = lambda _operation, _parameters: json_answer(asked)
    login = hostile.login()
    assert login.start(PASSWORD)
    assert login.challenge is not None
    announce(login.challenge, login, Texts("en"))
    told = capsys.readouterr().err
    assert not set(LOUD) & set(told) - set("[]0;x2J")
    assert len(told) < 1000

    attributes = json.dumps([f"userAttributes.{LOUD}", "userAttributes.nickname"])
    asked |= {"ChallengeName": "NEW_PASSWORD_REQUIRED", "ChallengeParameters": {"requiredAttributes": attributes}}
    assert login.start(PASSWORD)
    assert [ask.name for ask in login.challenge.asks] == ["NEW_PASSWORD", "userAttributes.nickname"]


@pytest.mark.parametrize("key", ["A" * 1_000_000, f"ABCDEFGHIJKLMNOP{LOUD}", "ABCDEFGHIJKLMNOP\nPassword: ", "", 5])
def test_a_key_that_is_none(hostile: Hostile, key: object) -> None:
    setup = {"ChallengeName": "MFA_SETUP", "Session": "s" * 20, "ChallengeParameters": {}}
    hostile.answer = lambda operation, _: json_answer({"SecretCode": key} if operation[0] == "A" else setup)
    login = hostile.login()
    assert not login.start(PASSWORD)
    assert login.refusal is not None
    assert login.refusal.reason == "malformed"


def test_a_user_id_that_is_no_text(hostile: Hostile) -> None:
    parameters = {"SRP_B": "5", "SALT": "8", "SECRET_BLOCK": "AAAA", "USER_ID_FOR_SRP": "\ud800"}
    asked = {"ChallengeName": "PASSWORD_VERIFIER", "Session": "s" * 20, "ChallengeParameters": parameters}
    hostile.answer = lambda _operation, _parameters: json_answer(asked)
    assert not hostile.login("srp").start(PASSWORD)


# -- what proves nothing -----------------------------------------------------------------------------------------------


def test_another_pools_user_proves_nothing(bench: Bench) -> None:
    """The app client is of one pool, the id given is another's, where a user of that name is disabled."""
    other = bench.world.add_pool("other")
    other.add_user("hanako", "Another-Passw0rd-7", enabled=False)
    login = bench.login(user_pool_id=other.id)
    assert login.client is None
    assert not login.start("Canary-Wrong-9")
    assert causes(login) == ["wrong-credentials"]
    assert login.facts.user is None


def test_a_pool_that_is_not_there_is_no_missing_user(bench: Bench) -> None:
    login = bench.login("admin", look=False)
    assert not login.start("Canary-Wrong-9")
    bench.pool.exists = False
    login.confirm()
    assert isinstance(login.facts.user, Unread)
    bench.pool.exists = True
    again = bench.login("password", username="nobody")
    assert not again.start(PASSWORD)
    again.confirm()
    assert isinstance(again.facts.user, Absent)


def test_choice_based_clients_are_not_off(bench: Bench) -> None:
    client = AppClient("4p3a", bench.pool.id, explicit_flows=("ALLOW_USER_AUTH",))
    assert client.flow_for("USER_SRP_AUTH") == client.flow_for("USER_PASSWORD_AUTH") == "USER_AUTH"
    assert client.flow_for("ADMIN_USER_PASSWORD_AUTH") is None
    login = bench.login("srp", bench.client(ExplicitAuthFlows=["ALLOW_USER_AUTH"]))
    assert {item.flow for item in login.offers() if item.state == "allowed"} >= {"srp", "password"}
    assert [item for item in login.findings() if item.verdict == "fail"] == []


# -- orders that would do harm -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("order", "key"),
    [
        ({"redirect_uri": "http://[::1"}, "bad-redirect-uri"),
        ({"redirect_uri": "http://localhost:99999/cb"}, "bad-redirect-uri"),
        ({"redirect_uri": "no address"}, "bad-redirect-uri"),
        ({"username": "\udcff"}, "not-text"),
        ({"secret": "\udcff"}, "not-text"),
        ({"scopes": ("\udcff",)}, "not-text"),
        ({"domain": "http://auth.example.com"}, "bad-domain"),
    ],
)
def test_refused_before_anything_is_sent(order: dict[str, Any], key: str) -> None:
    ports = Ports(Settings(region="eu-west-1", keys=KEYS))
    with pytest.raises(SetupError) as caught:
        Login(ports, Order("browser", "4p3a", "eu-west-1_AbCdEf123", **order))
    assert caught.value.key == key


def test_a_password_that_is_no_text(hostile: Hostile) -> None:
    with pytest.raises(SetupError):
        hostile.login().start("\udcff")
    assert hostile.asked == []


def test_a_domain_whose_name_begins_like_a_scheme() -> None:
    ports = Ports(Settings(region="eu-west-1", keys=KEYS))
    login = Login(ports, Order("browser", "4p3a", domain="httpauth.example.com", redirect_uri="http://localhost:9876/"))
    assert login.domain == "https://httpauth.example.com"


def test_callback_urls_that_are_none_are_passed_over(bench: Bench) -> None:
    client = bench.client(CallbackURLs=["http://[bad", "https://app.example.com/cb"])
    assert bench.login("browser", client).redirect_uri == "https://app.example.com/cb"
