"""Recordings as the tools write them, after what their sources and files made by them show."""

import base64
import gzip
import json
from collections.abc import Mapping, Sequence
from typing import Any

URL = "https://abc123.execute-api.eu-west-1.amazonaws.com/prod/orders?page=2"
PAGE = "https://shop.example.com"
STARTED = "2026-11-21T04:48:00.123Z"
DATE = "Sat, 21 Nov 2026 04:48:02 GMT"
REFUSAL = '{"message":"Unauthorized"}'
REFUSED = {"date": DATE, "content-type": "application/json", "x-amzn-errortype": "UnauthorizedException"}
ALLOWS = {"date": DATE, "access-control-allow-origin": PAGE, "access-control-allow-headers": "authorization"}

Entry = dict[str, Any]


def pairs(headers: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers.items()]


def sent(**more: str) -> dict[str, str]:
    """Return the headers of a script's call; an underscore stands for a hyphen."""
    return {"accept": "*/*", "origin": PAGE, **{name.replace("_", "-"): value for name, value in more.items()}}


def har(entries: Sequence[object], creator: str = "WebInspector", **more: object) -> Entry:
    return {"log": {"version": "1.2", "creator": {"name": creator, "version": "1"}, **more, "entries": list(entries)}}


def data(recording: object) -> bytes:
    return json.dumps(recording, indent=1).encode()


def chrome(
    method: str = "GET",
    url: str = URL,
    headers: Mapping[str, str] | None = None,
    status: int = 401,
    answered: Mapping[str, str] = REFUSED,
    body: str | None = REFUSAL,
    kind: str = "fetch",
    error: str | None = None,
) -> Entry:
    """Return an entry of Chrome or Edge over HTTP/2. What CORS kept from the page has status and headers, no body."""
    pseudo = {":authority": url.split("/")[2], ":method": method, ":path": "/", ":scheme": "https"}
    content: Entry = {"size": len(body or ""), "mimeType": "application/json"}
    if body is not None and not error:
        content["text"] = body
    return {
        "_initiator": {"type": "preflight" if kind == "preflight" else "script", "url": url},
        "_priority": "High",
        "_resourceType": kind,
        "cache": {},
        "connection": "4711",
        "pageref": "page_1",
        "request": {
            "method": method,
            "url": url,
            "httpVersion": "http/2.0",
            "headers": pairs({**pseudo, **(sent() if headers is None else headers)}),
            "queryString": [],
            "cookies": [],
            "headersSize": -1,
            "bodySize": 0,
        },
        "response": {
            "status": status,
            "statusText": "",
            "httpVersion": "http/2.0",
            "headers": pairs(answered),
            "cookies": [],
            "content": content,
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": -1,
            "_transferSize": 0,
            "_error": error,
        },
        "serverIPAddress": "[2600::1]",
        "startedDateTime": STARTED,
        "time": 12.5,
        "timings": {"blocked": 1.5, "dns": -1, "wait": 9},
    }


def asking(method: str = "GET", names: str = "authorization") -> dict[str, str]:
    """Return what a preflight sends."""
    return sent(access_control_request_method=method, access_control_request_headers=names)


def chrome_preflight(url: str = URL, status: int = 200, method: str = "GET", names: str = "authorization") -> Entry:
    return chrome("OPTIONS", url, asking(method, names), status, ALLOWS, "", "preflight")


def firefox(method: str = "GET", headers: Mapping[str, str] | None = None, status: int = 401) -> Entry:
    """Return an entry of Firefox: local time with its offset, no members of its own that matter."""
    return {
        "startedDateTime": "2026-11-21T13:48:00.123+09:00",
        "request": {
            "bodySize": 0,
            "method": method,
            "url": URL,
            "httpVersion": "HTTP/2",
            "headers": pairs({"Host": URL.split("/")[2], **(sent() if headers is None else headers)}),
            "cookies": [],
            "queryString": [{"name": "page", "value": "2"}],
            "headersSize": 500,
        },
        "response": {
            "status": status,
            "statusText": "",
            "httpVersion": "HTTP/2",
            "headers": pairs({name.title(): value for name, value in REFUSED.items()}) if status else [],
            "cookies": [],
            "content": {"mimeType": "application/json", "size": 26, "text": REFUSAL} if status else {"size": 0},
            "redirectURL": "",
            "headersSize": 300,
            "bodySize": 326,
        },
        "cache": {},
        "timings": {"blocked": 0},
        "time": 20,
        "_securityState": "secure",
        "serverIPAddress": "192.0.2.1",
        "connection": "443",
        "pageref": "page_1",
    }


def safari(headers: Mapping[str, str] | None = None) -> Entry:
    """Return an entry of Safari's Web Inspector, which keeps bodies it takes for binary in base64."""
    entry = chrome(headers=headers)
    del entry["_resourceType"], entry["_initiator"], entry["_priority"], entry["response"]["_error"]
    entry |= {"pageref": "page_0", "_fetchType": "Network Load"}
    entry["response"]["content"] = {
        "size": 26,
        "compression": 0,
        "mimeType": "application/json",
        "text": base64.b64encode(REFUSAL.encode()).decode(),
        "encoding": "base64",
    }
    return entry


def charles(headers: Mapping[str, str]) -> Entry:
    """Return an entry of Charles: pseudo-headers in the answer too, and the body as it came over the wire."""
    entry = firefox(headers=headers)
    entry["request"]["headers"].insert(0, {"name": ":method", "value": "GET"})
    answered = {":status": "401", **REFUSED, "content-encoding": "gzip"}
    entry["response"] |= {
        "_charlesStatus": "COMPLETE",
        "statusText": None,
        "headers": pairs(answered),
        "content": {
            "size": 46,
            "mimeType": "application/json",
            "text": base64.b64encode(gzip.compress(REFUSAL.encode())).decode(),
            "encoding": "base64",
        },
    }
    return entry


def mitmproxy(headers: Mapping[str, str], error: str | None = None) -> Entry:
    """Return an entry of mitmproxy: microseconds; a call without an answer has status 0."""
    entry = firefox(headers=headers, status=0 if error else 401)
    entry["startedDateTime"] = "2026-11-21T04:48:00.123456+00:00"
    if error:
        entry["response"] |= {"content": {}, "_transferSize": 0, "_error": error}
    return entry
