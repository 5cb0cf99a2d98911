"""The sandbox behind a private authority, and as an emulator that checks signatures."""

import http.client
import json
import socket
import ssl
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from cogwizard.sandbox import Sandbox, World
from cogwizard.sandbox.certificates import Authority
from cogwizard.sandbox.environment import KEYS, REGION


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="module")
def sandbox(authority: Authority) -> Iterator[Sandbox]:
    world = World()
    world.add_api("orders / 注文")
    world.add_pool("shop").add_client("web", ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"])
    with Sandbox(world, tls=authority.context(), keys=KEYS) as running:
        yield running


def trusting(authority: Authority) -> ssl.SSLContext:
    return ssl.create_default_context(cadata=authority.pem.decode())


def get(sandbox: Sandbox, authority: Authority, path: str, **headers: str) -> tuple[int, bytes, str]:
    """Ask with a client that is not ours, strictest first."""
    context = trusting(authority)
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    connection = http.client.HTTPSConnection(urlsplit(sandbox.url).netloc, timeout=10, context=context)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.getheader("x-amzn-ErrorType") or ""
    finally:
        connection.close()


def test_a_strict_client_that_trusts_the_authority_is_served(sandbox: Sandbox, authority: Authority) -> None:
    pool = next(iter(sandbox.world.pools))
    status, body, _ = get(sandbox, authority, f"/{pool}/.well-known/jwks.json")
    assert status == 200
    assert json.loads(body)["keys"]


def test_a_client_that_does_not_is_not(sandbox: Sandbox) -> None:
    connection = http.client.HTTPSConnection(urlsplit(sandbox.url).netloc, timeout=10)
    with pytest.raises(ssl.SSLCertVerificationError):
        connection.request("GET", "/")


def test_who_connects_and_says_nothing_holds_up_nobody(sandbox: Sandbox, authority: Authority) -> None:
    """The handshake is made in a connection's own thread, and stopping does not wait for it."""
    parts = urlsplit(sandbox.url)
    with socket.create_connection((parts.hostname, parts.port or 0)):
        assert get(sandbox, authority, "/restapis")[0] == 403
    with Sandbox(World(), tls=authority.context()) as other:
        silent = socket.create_connection(("127.0.0.1", urlsplit(other.url).port or 0))
        get(other, authority, "/restapis")
    silent.close()


def test_plain_http_is_no_answer(sandbox: Sandbox) -> None:
    connection = http.client.HTTPConnection(urlsplit(sandbox.url).netloc, timeout=10)
    connection.request("GET", "/")
    with pytest.raises((http.client.HTTPException, OSError)):
        connection.getresponse()
    connection.close()


# -- signatures ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ca(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    path.write_bytes(authority.pem)
    return str(path)


def client(sandbox: Sandbox, ca: str, keys: tuple[str, str] = KEYS, service: str = "apigateway", **config: Any) -> Any:
    """Return a client of boto3's own: none of our code stands between."""
    made = Config(retries={"total_max_attempts": 1}, proxies={}, **config)
    session: Any = boto3.Session(keys[0], keys[1], region_name=REGION)
    return session.client(service, config=made, verify=ca, endpoint_url=sandbox.url)


def refused(made: Any) -> tuple[str, int]:
    with pytest.raises(ClientError) as caught:
        made.get_rest_apis(limit=5, position="a b/ü+&=")
    error = caught.value.response
    return error["Error"]["Code"], error["ResponseMetadata"]["HTTPStatusCode"]


def test_signatures(sandbox: Sandbox, ca: str) -> None:
    """boto3's own is right, with blanks and other letters in the query; another key, secret or none is not."""
    good = client(sandbox, ca)
    assert good.get_rest_apis(limit=5)["items"]
    assert refused(good)[0] == "BadRequestException"  # signed right: what is wrong is the position
    assert refused(client(sandbox, ca, ("other", KEYS[1]))) == ("UnrecognizedClientException", 403)
    assert refused(client(sandbox, ca, (KEYS[0], "other"))) == ("InvalidSignatureException", 403)
    assert refused(client(sandbox, ca, signature_version=UNSIGNED)) == ("MissingAuthenticationTokenException", 403)


def test_what_needs_no_signature_at_aws_needs_none(sandbox: Sandbox, ca: str) -> None:
    bare = client(sandbox, ca, service="cognito-idp", signature_version=UNSIGNED)
    pool = next(iter(sandbox.world.pools.values()))
    given = {"USERNAME": "nobody", "PASSWORD": "x"}
    with pytest.raises(ClientError) as caught:
        bare.initiate_auth(ClientId=next(iter(pool.clients)), AuthFlow="USER_PASSWORD_AUTH", AuthParameters=given)
    assert caught.value.response["Error"]["Code"] == "UserNotFoundException"
    with pytest.raises(ClientError) as caught:
        bare.describe_user_pool(UserPoolId=pool.id)
    assert caught.value.response["Error"]["Code"] == "MissingAuthenticationTokenException"


@pytest.mark.parametrize("change", ["query", "header", "date"])
def test_what_was_changed_on_the_way_is_noticed(change: str, sandbox: Sandbox, authority: Authority) -> None:
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    request = AWSRequest("GET", f"{sandbox.url}/restapis?limit=5", headers={"X-Amz-Meta": "a"})
    SigV4Auth(Credentials(*KEYS), "apigateway", REGION).add_auth(request)
    headers = dict(request.headers.items())
    assert get(sandbox, authority, "/restapis?limit=5", **headers)[0] == 200
    path = "/restapis?limit=6" if change == "query" else "/restapis?limit=5"
    if change == "header":
        headers["X-Amz-Meta"] = "b"
    if change == "date":
        headers["X-Amz-Date"] = "20200101T000000Z"
    assert get(sandbox, authority, path, **headers)[::2] == (403, "InvalidSignatureException")
