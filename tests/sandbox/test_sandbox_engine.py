"""The server: protocols, refusals on demand, hostile clients, stopping."""

import json
import socket
import subprocess
import sys
import threading
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError
from sandbox_kit import Shop, aws, call, http

import cogwizard
from cogwizard.sandbox import Sandbox, World, engine


def _connect(sandbox: Sandbox) -> socket.socket:
    where = urlsplit(sandbox.url)
    assert where.hostname
    assert where.port
    return socket.create_connection((where.hostname, where.port), timeout=2)


def _refused(call: Any, **params: Any) -> tuple[str, int]:
    with pytest.raises(ClientError) as caught:
        call(**params)
    answer: Any = caught.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]


def test_it_listens_on_loopback_only_and_stops_at_once() -> None:
    sandbox = Sandbox(World())
    with pytest.raises(RuntimeError, match="start"):
        _ = sandbox.url
    took = []
    for _ in range(3):  # the best of three: a busy machine is no defect
        sandbox.start()
        assert urlsplit(sandbox.url).hostname == "127.0.0.1"
        with _connect(sandbox) as idle:
            idle.sendall(b"GET /restapis HTTP/1.1\r\nHost: x\r\n\r\n")
            assert idle.recv(65536).startswith(b"HTTP/1.1 200 ")
            began = time.perf_counter()
            sandbox.stop()
            took.append(time.perf_counter() - began)
            assert idle.recv(1) == b""
    assert min(took) < 0.05
    sandbox.stop()
    with Sandbox(World()) as again:
        port = urlsplit(again.url).port
    assert port
    with Sandbox(World(), port=port) as given:
        assert urlsplit(given.url).port == port
        with pytest.raises(OSError, match="in use"):
            Sandbox(World(), port=port).start()


def test_calls_are_quick_and_share_a_connection() -> None:
    shop = Shop()
    with Sandbox(shop.world) as sandbox:
        connection = HTTPConnection(urlsplit(sandbox.url).netloc, timeout=2)
        connection.request("GET", "/restapis")
        connection.getresponse().read()
        first = connection.sock
        began = time.perf_counter()
        for _ in range(20):
            connection.request("POST", "/", body=b"{}", headers={"X-Amz-Target": "AWSCognitoIdentityProviderService.X"})
            assert connection.getresponse().read()
        assert time.perf_counter() - began < 0.4
        assert connection.sock is first
        connection.close()


def test_unknown_operations_are_404() -> None:
    shop = Shop()
    with Sandbox(shop.world) as sandbox:
        assert _refused(aws(sandbox, "apigateway").get_sdk, restApiId="a", stageName="b", sdkType="c") == (
            "UnknownOperationException",
            404,
        )
        assert _refused(aws(sandbox, "cognito-idp").list_groups, UserPoolId="ap-northeast-1_a") == (
            "UnknownOperationException",
            404,
        )
        assert _refused(aws(sandbox, "sts").get_session_token) == ("UnknownOperationException", 404)
        assert _refused(aws(sandbox, "logs").describe_destinations) == ("UnknownOperationException", 404)
        assert _refused(aws(sandbox, "iam").list_users) == ("UnknownOperationException", 404)
        assert _refused(aws(sandbox, "lambda").list_functions) == ("UnknownOperationException", 404)
        for path in ("/", "/nothing/here", "/restapis/a/b/c/d/e", "//", "/%00"):
            assert http(sandbox.url + path, {"Authorization": "eyJraWQiOiJ4In0.e30.x"}).status == 404


def test_bad_parameters_are_refused_without_quoting_them() -> None:
    shop = Shop()
    headers = {"X-Amz-Target": "AWSCognitoIdentityProviderService.DescribeUserPool"}
    with Sandbox(shop.world) as sandbox:
        for body in (b"", b"{}", b'{"UserPoolId": 5}', b"[]", b"\xff", b"[" * 100_000):
            answer = http(sandbox.url, headers, "POST", body)
            assert (answer.status, answer.json["__type"]) == (400, "InvalidParameterException")
        secret = b'{"UserPoolId": ["hunter2"]}'
        assert "hunter2" not in http(sandbox.url, headers, "POST", secret).text
        for query in ("limit=x", "limit=-1", "position=x", "limit=0"):
            assert http(f"{sandbox.url}/restapis?{query}").refusal[:2] == (400, "BadRequestException")


def test_an_answer_without_awss_shape_is_a_500_that_says_where() -> None:
    shop = Shop()
    shop.api.stages["prod"]["variabels"] = {"a": "hunter2"}
    shop.client.settings["ClientName"] = ["hunter2"]
    with Sandbox(shop.world) as sandbox:
        misspelt = http(f"{sandbox.url}/restapis/{shop.api.id}/stages/prod")
        headers = {"X-Amz-Target": "AWSCognitoIdentityProviderService.DescribeUserPoolClient"}
        body = json.dumps({"UserPoolId": shop.pool.id, "ClientId": shop.client.id}).encode()
        wrong_type = http(sandbox.url, headers, "POST", body)
    assert misspelt.status == wrong_type.status == 500
    assert "GetStage" in misspelt.json["message"]
    assert "variabels" in misspelt.json["message"]
    assert "ClientName" in wrong_type.json["message"]
    assert "hunter2" not in wrong_type.text


@pytest.mark.parametrize("kind", ["AccessDeniedException", "ExpiredTokenException"])
def test_operations_are_denied_by_name_or_for_one_target(kind: str) -> None:
    shop = Shop()
    second = shop.world.add_api("second")
    with Sandbox(shop.world) as sandbox:
        gateway, cognito = aws(sandbox, "apigateway"), aws(sandbox, "cognito-idp")
        sandbox.denied["GetStages"] = kind
        sandbox.denied["GetRestApi", shop.api.id] = kind
        sandbox.denied["DescribeUserPool", shop.pool.id] = kind
        sandbox.denied["GetCallerIdentity"] = kind
        assert _refused(gateway.get_stages, restApiId=shop.api.id) == (kind, 403)
        assert _refused(gateway.get_rest_api, restApiId=shop.api.id) == (kind, 403)
        assert gateway.get_rest_api(restApiId=second.id)["name"] == "second"
        assert _refused(cognito.describe_user_pool, UserPoolId=shop.pool.id) == (kind, 403)
        by_query = "AccessDenied" if kind == "AccessDeniedException" else kind  # the query protocol's own name
        assert _refused(aws(sandbox, "sts").get_caller_identity) == (by_query, 403)
        sandbox.denied.clear()
        assert gateway.get_stages(restApiId=shop.api.id)["item"]


def test_throttling_has_each_protocols_own_form() -> None:
    shop = Shop()
    with Sandbox(shop.world) as sandbox:
        sandbox.denied = dict.fromkeys(("GetStages", "DescribeUserPool"), "TooManyRequestsException")
        assert _refused(aws(sandbox, "apigateway").get_stages, restApiId=shop.api.id) == (
            "TooManyRequestsException",
            429,
        )
        cognito = aws(sandbox, "cognito-idp")
        assert _refused(cognito.describe_user_pool, UserPoolId=shop.pool.id) == ("TooManyRequestsException", 400)
        sandbox.denied = {"DescribeUserPool": "ThrottlingException", "GetRole": "ThrottlingException"}
        assert _refused(aws(sandbox, "iam").get_role, RoleName="a") == ("Throttling", 400)
        assert _refused(cognito.describe_user_pool, UserPoolId=shop.pool.id) == ("ThrottlingException", 400)


def test_keys_and_calls_can_be_denied_too() -> None:
    shop = Shop()
    keys = f"/{shop.pool.id}/.well-known/jwks.json"
    with Sandbox(shop.world) as sandbox:
        sandbox.denied["GetKeys", shop.pool.id] = "AccessDeniedException"
        sandbox.denied["Invoke"] = "TooManyRequestsException"
        assert http(sandbox.url + keys).status == 403
        answer = call(sandbox, shop.api, "/orders")
        assert answer.refusal == (429, "TooManyRequestsException", {"message": "Too Many Requests"})
        sandbox.denied = {"Invoke": "drop", "GetKeys": "drop"}
        for url in (sandbox.url + keys, sandbox.invoke_url(shop.api.id, "prod", "/orders")):
            with pytest.raises((HTTPException, OSError)):
                http(url)


def test_dropping_and_hanging() -> None:
    shop = Shop()
    with Sandbox(shop.world) as sandbox:
        client = aws(sandbox, "apigateway")
        sandbox.denied = {"GetStages": "drop"}
        with pytest.raises(ConnectionClosedError):
            client.get_stages(restApiId=shop.api.id)
        sandbox.denied = {"GetStages": "hang"}
        outcome: list[Exception] = []

        def ask() -> None:
            try:
                client.get_stages(restApiId=shop.api.id)
            except Exception as error:
                outcome.append(error)

        thread = threading.Thread(target=ask)
        thread.start()
        thread.join(0.2)
        assert thread.is_alive()
        assert client.get_rest_apis()["items"]  # others are answered meanwhile
        sandbox.stop()
        thread.join(1)
        assert isinstance(outcome[0], ConnectionClosedError)
        assert not isinstance(outcome[0], ReadTimeoutError)


def test_what_was_asked_is_kept_without_secrets() -> None:
    shop = Shop()
    with Sandbox(shop.world) as sandbox:
        aws(sandbox, "apigateway").get_resources(restApiId=shop.api.id, embed=["methods"], limit=500)
        aws(sandbox, "cognito-idp").describe_user_pool(UserPoolId=shop.pool.id)
        call(sandbox, shop.api, "/orders?code=hunter2", shop.id_token())
        http(f"{sandbox.url}/{shop.pool.id}/.well-known/jwks.json")
        asked = sandbox.requests
    assert asked == [
        ("apigateway", "GetResources", {"restApiId": shop.api.id, "limit": 500, "embed": ["methods"]}),
        ("cognito-idp", "DescribeUserPool", {"UserPoolId": shop.pool.id}),
        (
            "execute-api",
            "Invoke",
            {"restApiId": shop.api.id, "stage": "prod", "method": "GET", "path": "/orders"},
        ),
        ("cognito-idp", "GetKeys", {"UserPoolId": shop.pool.id}),
    ]


def _raw(sandbox: Sandbox, data: bytes) -> bytes:
    with _connect(sandbox) as connection:
        connection.sendall(data)
        got = b""
        while chunk := connection.recv(65536):
            got += chunk
        return got


def test_what_is_kept_of_requests_does_not_grow_without_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_MOST_REQUESTS", 10)
    with Sandbox(World()) as sandbox:
        logs = {"X-Amz-Target": "Logs_20140328.DescribeLogGroups"}
        for number in range(25):
            http(sandbox.url, logs, "POST", json.dumps({"logGroupNamePrefix": f"g{number}"}).encode())
        assert len(sandbox.requests) <= 10
        assert sandbox.requests[-1][2] == {"logGroupNamePrefix": "g24"}
        for long in ({"logGroupNamePrefix": "x" * 1_000_000}, {"y" * 1_000_000: 1}):
            http(sandbox.url, logs, "POST", json.dumps(long).encode())
            assert len(repr(sandbox.requests[-1])) < 1000


def test_bodies_that_are_too_large_or_unreadable_are_refused() -> None:
    with Sandbox(World()) as sandbox:
        for headers in (
            b"Content-Length: 10485761\r\n",
            b"Content-Length: 99999999999999999999\r\n",
            b"Content-Length: -1\r\n",
            b"Content-Length: x\r\n",
            b"Transfer-Encoding: chunked\r\n\r\nA00001\r\n",
            b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        ):
            answer = _raw(sandbox, b"POST /restapis HTTP/1.1\r\nHost: x\r\n" + headers + b"\r\n")
            assert answer.startswith(b"HTTP/1.1 413 "), headers


def test_a_chunked_body_is_read() -> None:
    shop = Shop()
    body = json.dumps({"UserPoolId": shop.pool.id}).encode()
    request = (
        b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n"
        b"X-Amz-Target: AWSCognitoIdentityProviderService.DescribeUserPool\r\n\r\n"
    )
    with Sandbox(shop.world) as sandbox:
        answer = _raw(sandbox, request + b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body))
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert shop.pool.id.encode() in answer


def test_head_has_no_body_and_odd_verbs_do_not_break_the_server() -> None:
    shop = Shop()
    path = f"/_aws/execute-api/{shop.api.id}/prod/orders".encode()
    with Sandbox(shop.world) as sandbox:
        answer = _raw(sandbox, b"HEAD " + path + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert answer.endswith(b"\r\n\r\n")
        assert b" 403 " in answer.splitlines()[0]
        assert _raw(sandbox, b"BREW " + path + b" HTTP/1.1\r\nHost: x\r\n\r\n").startswith(b"HTTP/1.1 501 ")
        assert b" 400 " in _raw(sandbox, b"\x16\x03\x01 nonsense\r\n\r\n")
        assert http(sandbox.url + "/restapis").status == 200


def test_clients_that_break_off_leave_no_trace(capfd: pytest.CaptureFixture[str]) -> None:
    shop = Shop()
    with Sandbox(shop.world) as sandbox:
        for data in (b"", b"GET /rest", b"POST / HTTP/1.1\r\nContent-Length: 100\r\n\r\nabc", b"GET / HTTP/1.1\r\nA"):
            connection = _connect(sandbox)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
            connection.sendall(data)
            connection.close()
        assert http(sandbox.url + "/restapis").status == 200
        time.sleep(0.05)
    assert capfd.readouterr() == ("", "")


def test_the_models_are_loaded_only_when_the_sandbox_starts() -> None:
    code = (
        "import sys, cogwizard.sandbox as s; w = s.World(); s.Sandbox(w);"
        "sys.exit(any(m in sys.modules for m in ('boto3', 'botocore', 'jwt', 'cryptography')))"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(cogwizard.__file__).parents[1])


def test_many_clients_at_once() -> None:
    shop = Shop()
    token = shop.id_token()
    with Sandbox(shop.world) as sandbox:
        statuses: list[int] = []
        threads = [
            threading.Thread(target=lambda: statuses.append(call(sandbox, shop.api, "/orders", token).status))
            for _ in range(32)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(5)
    assert statuses == [200] * 32
