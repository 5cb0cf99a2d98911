import json

import pytest

from cogwizard.gateway import read_answer
from cogwizard.intake.errors import BadInput
from cogwizard.intake.response import read_response

BODY = '{"message":"Unauthorized"}'
PLAIN = f"HTTP/2 401 \ndate: Sat, 21 Nov 2026 04:00:00 GMT\nx-amzn-errortype: UnauthorizedException\n\n{BODY}"
METER = (
    "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n"
    "                                 Dload  Upload   Total   Spent    Left  Speed\n"
    "\r  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0\r"
    "100    26  100    26    0     0    260      0 --:--:-- --:--:-- --:--:--   260"
)
VERBOSE = (
    "*   Trying 192.0.2.1:443...\n* Connected to e.com (192.0.2.1) port 443\n* ALPN: offers h2,http/1.1\n"
    "} [5 bytes data]\n> GET /prod/x HTTP/2\n> Host: e.com\n> Authorization: Bearer t\n> \n"
)


@pytest.mark.parametrize(
    ("text", "status", "headers", "body"),
    [
        ("HTTP/1.0 403 Forbidden\n\n", 403, [], ""),
        ("HTTP/1.1 401 Unauthorized", 401, [], ""),
        ("HTTP/1.1 401 Unauthorized\r\nA: b\r\n\r\nx\r\ny\r\n", 401, [("A", "b")], "x\r\ny\r\n"),
        ("HTTP/2 401\na: b\n\nx", 401, [("a", "b")], "x"),
        ("HTTP/2 401 \r\na:b\r\n\r\n", 401, [("a", "b")], ""),
        ("HTTP/3 401 \na:  b  \n", 401, [("a", "b")], ""),
        ("  \n\nHTTP/2.0 429 Too Many Requests\na: b:c\n\nx", 429, [("a", "b:c")], "x"),
        ("HTTP/1.1 401\na:\n\n", 401, [("a", "")], ""),
        ("HTTP/1.1 401 x\nA: b\n c\n\td\nE: f\n\n", 401, [("A", "b c d"), ("E", "f")], ""),
        ("HTTP/1.1 401 x\nA: 1\na: 2\n\n", 401, [("A", "1"), ("a", "2")], ""),
        (f"HTTP/2 401\na: b\n{BODY}", 401, [("a", "b")], BODY),
        ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 401 Unauthorized\r\nA: b\r\n\r\nx", 401, [("A", "b")], "x"),
        ("HTTP/1.1 200 Connection established\r\n\r\nHTTP/2 401 \r\na: b\r\n\r\nx", 401, [("a", "b")], "x"),
        ("HTTP/1.1 301 Moved\nLocation: /x\n\nHTTP/1.1 302 Found\nB: c\n\nHTTP/1.1 401 U\nA: b\n\nx", 401, [("A", "b")],
         "x"),
        ("HTTP/1.1 401 U\nA: b\n\nbody\nHTTP/1.1 200 OK\n\nfine", 401, [("A", "b")], "body\nHTTP/1.1 200 OK\n\nfine"),
        ("$ curl -i https://e.com\nHTTP/1.1 401 U\nA: b\n\nx", 401, [("A", "b")], "x"),
        (f"{METER}\nHTTP/2 401 \na: b\n\nx", 401, [("a", "b")], "x"),
        (f"{METER}HTTP/2 401 \r\na: b\r\n\r\nx", 401, [("a", "b")], "x"),
        (f"{METER}\rHTTP/2 401 \r\na: b\r\n\r\nx", 401, [("a", "b")], "x"),
        (f"{VERBOSE}< HTTP/2 401 \n< a: b\n< \n{BODY}* Connection #0 to host e.com left intact\n", 401, [("a", "b")],
         BODY + "\n"),
        (f"{VERBOSE}< HTTP/1.1 401 U\r\n< a: b\r\n< \r\n{{ [26 bytes data]\n{BODY}\n", 401, [("a", "b")], BODY + "\n"),
        (f"{VERBOSE}< HTTP/1.1 200 Connection established\n< \n* CONNECT phase completed\n> GET / HTTP/1.1\n>\n"
         "< HTTP/1.1 403 F\n< a: b\n<\nx", 403, [("a", "b")], "x"),
        ("< HTTP/2 301 \n< location: /y\n< \n* Ignoring the response-body\n> GET /y HTTP/2\n> \n< HTTP/2 401 "
         "\n< a: b\n< \n",
         401, [("a", "b")], ""),
        ("HTTP/1.1 401 U\nA: b\n\n<html>\n<p>no</p>", 401, [("A", "b")], "<html>\n<p>no</p>"),
        ("HTTP/1.1 401 U\nA: x\x0by\u2028z\n\n", 401, [("A", "x\x0by\u2028z")], ""),
        ("HTTP/2 200\na: b\n\n{}", 200, [("a", "b")], "{}"),
    ],
)  # fmt: skip
def test_response(text: str, status: int, headers: list[tuple[str, str]], body: str) -> None:
    answer = read_response(text)
    assert (answer.status, list(answer.headers), answer.body) == (status, headers, body)
    assert answer.received_at is None


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("Sat, 21 Nov 2026 04:00:00 GMT", 1795233600),
        ("Sat, 21 Nov 2026 04:00:00 -0000", 1795233600),
        ("Sat, 21 Nov 2026 05:00:00 +0100", 1795233600),
        ("yesterday", None),
        ("", None),
        ("Sat, 21 Nov 99999 04:00:00 GMT", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("Sat, 21 Nov 2126 04:00:00 GMT", None),
        ("Sat, 99 Nov 2026 04:00:00 GMT", None),
    ],
)
def test_date(value: str, seconds: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert read_response(f"HTTP/1.1 401 U\nDATE: {value}\n\n").date == seconds


def test_no_date() -> None:
    assert read_response("HTTP/1.1 401 U\nA: b\n\n").date is None


@pytest.mark.parametrize(
    ("message", "status"),
    [
        ("Unauthorized", 401),
        ("The incoming token has expired", 401),
        ("Forbidden", 403),
        ("Missing Authentication Token", 403),
        ("Invalid API Key identifier specified", 403),
        ("'eyJa' not a valid key=value pair (missing equal-sign) in Authorization header: 'Bearer eyJa'.", 403),
        ("Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and ...): 'x='.",
         403),
        ("Authorization header requires 'Credential' parameter. Authorization=eyJa", 403),
        ("The security token included in the request is invalid.", 403),
        ("The request signature we calculated does not match the signature you provided.", 403),
        ("Signature expired: 20261121T000000Z is now earlier than ...", 403),
        ("User is not authorized to access this resource with an explicit deny", 403),
        ("User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:x", 403),
        ("Too Many Requests", 429),
        ("Limit Exceeded", 429),
    ],
)  # fmt: skip
@pytest.mark.parametrize("key", ["message", "Message"])
def test_a_bare_body_of_the_gateway_gets_its_status(key: str, message: str, status: int) -> None:
    body = json.dumps({key: message})
    answer = read_response(f"\n{body}\n")
    assert (answer.status, answer.body, answer.headers, answer.date) == (status, body, (), None)


def test_a_bare_body_with_the_status_that_curl_wrote_after_it() -> None:
    assert read_response(f"{BODY}401").status == 401


def test_the_answer_is_read_by_the_gateway() -> None:
    assert read_answer(read_response(PLAIN)).error_type == "UnauthorizedException"
    assert read_answer(read_response(PLAIN.replace('Unauthorized"', 'The incoming token has expired"'))).proves == (
        "token-expired"
    )


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "response-empty"),
        ("\n \r\n", "response-empty"),
        ("hello", "response-no-status"),
        ('{"message":"Hello"}', "response-no-status"),
        ('{"message":"User: bob is unknown"}', "response-no-status"),
        ("{", "response-no-status"),
        ("[" * 5000, "response-no-status"),
        ("<html></html>", "response-no-status"),
        ("401 Unauthorized", "response-no-status"),
        ("HTTP/1.1 4010 x", "response-no-status"),
        ("GET / HTTP/1.1", "response-no-status"),
        ("> GET / HTTP/1.1\n* Could not resolve host: e.com", "response-no-status"),
        ("HTTP/1.1 100 Continue\r\n\r\n", "response-incomplete"),
        ("HTTP/1.1 200 Connection established\r\n\r\n", "response-incomplete"),
    ],
)
def test_bad_response(text: str, key: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_response(text)
    assert caught.value.key == key


def test_a_long_body_is_cut_and_a_huge_paste_refused() -> None:
    assert len(read_response("HTTP/1.1 401 U\n\n" + "x" * (2 << 20)).body) == 1 << 20
    with pytest.raises(BadInput) as caught:
        read_response(" " * ((64 << 20) + 1))
    assert caught.value.key == "response-too-long"
