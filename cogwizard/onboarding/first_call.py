"""What shows that it works: a sign-in, the authorizer's own test, the call with the ID token and without."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from cogwizard.aws.hosts import host_of
from cogwizard.login import Login
from cogwizard.model.answer import Answer
from cogwizard.model.build import url_of
from cogwizard.model.call import Call
from cogwizard.model.read import Unread
from cogwizard.model.read_api import AuthorizerTest, TestInvokeAuthorizer
from cogwizard.model.read_web import Replay
from cogwizard.ports import Ports
from cogwizard.signin.order import Order
from cogwizard.signin.secret_hash import secret_hash

GREETING = "Hello from Lambda!"
_PATIENCE = 60.0  # seconds in which a new deployment has to have arrived everywhere
_PAUSE = 2.0  # seconds
_MOST_CLAIMS = 200  # more than a token has room for


def sign_in(
    ports: Ports,
    values: Mapping[str, str],
    password: str,
    *,
    client_id: str = "client_id",
    clock: Callable[[], float] = time.time,
) -> Login:
    """Sign the user in with name and password and return how that went: `tokens`, `refusal`, `challenge`.

    `client_id`: the name of the app client's id among `values`; where the client has a secret, SECRET_HASH is sent.
    Blocks. Raises SetupError.
    """
    login = Login(
        ports,
        Order("password", values[client_id], values["pool_id"], values["region"], values["username"]),
        clock,
    )
    login.look()
    login.start(password)
    return login


@dataclass(frozen=True)
class HashSteps:
    """SECRET_HASH step by step. `message` is what is signed; `secret` and `value` are never shown."""

    username: str
    client_id: str
    secret: str = field(repr=False)

    @property
    def message(self) -> str:
        """User name and app client's id, one behind the other."""
        return self.username + self.client_id

    @property
    def value(self) -> str:
        """The hash, as SECRET_HASH takes it."""
        return secret_hash(self.username, self.client_id, self.secret)


def without_hash(ports: Ports, values: Mapping[str, str], password: str) -> tuple[str, str]:
    """Sign in by the app client with a secret, and leave SECRET_HASH out on purpose; return error type and text.

    ("", "") where it went well all the same. Blocks.
    """
    from cogwizard.aws.signin import Refused, SignInCalls

    call = SignInCalls(ports.clients, values["region"]).call
    given = {"USERNAME": values["username"], "PASSWORD": password}
    parameters = {"AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": given, "ClientId": values["secret_client_id"]}
    try:
        call("InitiateAuth", parameters)
    except Refused as error:
        return error.refusal.error, error.refusal.message
    return "", ""


def call_url(ports: Ports, values: Mapping[str, str]) -> str:
    """Return where the API answers: on AWS its own address, with an endpoint override the emulators' form of it.

    Raises SetupError, ValueError before the API is there.
    """
    real = url_of(values)
    if real is None:
        raise ValueError("there is no API yet")
    clients, region = ports.clients, values["region"]
    if not clients.overridden("apigateway", region):
        return real
    endpoint = clients.endpoint("apigateway", region).rstrip("/")
    return f"{endpoint}/_aws/execute-api/{values['api_id']}/{values['stage']}/"


def test_authorizer(ports: Ports, values: Mapping[str, str], id_token: str) -> AuthorizerTest | Unread:
    """Let API Gateway test the drafted authorizer with a token. It goes to API Gateway's own endpoint. Blocks."""
    read = TestInvokeAuthorizer(values["region"], values["api_id"], values["authorizer_id"], "Authorization", id_token)
    found = ports.answer(read)
    return found if isinstance(found, AuthorizerTest) else _unread(read, found)


test_authorizer.__test__ = False  # type: ignore[attr-defined]  # not a test, whatever pytest thinks of its name


def _unread(read: TestInvokeAuthorizer, found: object) -> Unread:
    return found if isinstance(found, Unread) else Unread(read, "failed", str(getattr(found, "error", "")))


def call_for(url: str, id_token: str | None) -> Call:
    """Return the call, with the token in the header that the authorizer reads, or without one."""
    headers = (("Authorization", f"Bearer {id_token}"),) if id_token else ()
    return Call("POST", url, headers)


def first_call(
    ports: Ports,
    url: str,
    id_token: str | None,
    *,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Answer | Unread:
    """Call the API; where its new deployment has not arrived everywhere, again. Blocks."""
    read = Replay(call_for(url, id_token))
    end = clock() + _PATIENCE
    while True:
        found = ports.answer(read)
        if not isinstance(found, Answer):
            is_new = isinstance(found, Unread) and found.reason == "unreachable" and _is_on_aws(url)
            if not is_new or clock() >= end:
                return found if isinstance(found, Unread) else Unread(read, "failed", "no-answer")
        elif found.status not in (403, 404, 500) or clock() >= end:
            return found
        sleep(_PAUSE)


def _is_on_aws(url: str) -> bool:
    """Whether a name that is not known yet may become known by waiting; an emulator's address will not."""
    return host_of(url).endswith((".amazonaws.com", ".amazonaws.com.cn"))


def greets(answer: Answer) -> bool:
    """Whether it is the function's answer; a page that holds its words is not."""
    return answer.status == 200 and _told(answer).get("message") == GREETING


def claims_of(answer: Answer) -> dict[str, str]:
    """Return the claims that arrived in the function; empty for any other answer."""
    claims = _told(answer).get("claims")
    return (
        {name: str(value) for name, value in islice(claims.items(), _MOST_CLAIMS)} if isinstance(claims, dict) else {}
    )


def _told(answer: Answer) -> dict[str, Any]:
    try:
        found = json.loads(answer.body or "")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
