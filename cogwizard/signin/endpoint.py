"""One request to an endpoint of a pool's domain, and what came back in place of a good answer, fit to be shown."""

import html
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from cogwizard import __version__
from cogwizard.aws.echo import without
from cogwizard.aws.errors import Failed, outcome, safe
from cogwizard.aws.exchange import Headers, NotSendable, Reply, exchange, read_url
from cogwizard.aws.fields import Malformed
from cogwizard.aws.session import Clients
from cogwizard.aws.signin import Refused
from cogwizard.model.attempt import Refusal
from cogwizard.model.read import Absent, Read, Reason

_LONGEST_ANSWER = 256 * 1024  # bytes; three tokens are a few KiB
_LONGEST_TEXT = 8192  # characters of a refusal that are looked at
_SCRIPT = re.compile(r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")


def ask(
    clients: Clients,
    operation: str,
    address: str,
    hidden: list[str],
    *,
    form: Mapping[str, str] | None = None,
    authorization: str | None = None,
) -> Reply:
    """Return what an address answers to a GET, or with `form` to a POST of it. Sent once, no redirect is followed.

    `operation` and `hidden`: see `refusal_of`. Raises Refused where nothing was answered; its text may be shown.
    """
    try:
        url = read_url(address)
        headers: Headers = [(b"Host", url.authority.encode())]
        body = b""
        if form is not None:
            body = _encoded(form)
            # Exactly this: quotes round it end in a 405 (research 6.6 [V]).
            headers.append((b"Content-Type", b"application/x-www-form-urlencoded"))
            headers.append((b"Content-Length", str(len(body)).encode()))
        headers.append((b"Accept", b"text/html" if form is None else b"application/json"))
        headers.append((b"User-Agent", f"cogwizard/{__version__}".encode()))
        if authorization:
            headers.append((b"Authorization", authorization.encode()))
        return exchange(
            "GET" if form is None else "POST",
            url,
            headers,
            body,
            limit=_LONGEST_ANSWER,
            ca_bundle=clients.ca_bundle(),
            settings=clients.settings,
        )
    except Exception as error:
        raise Refused(unanswered(clients, operation, error, hidden)) from None


def _encoded(form: Mapping[str, str]) -> bytes:
    try:
        return urlencode(form).encode()
    except UnicodeError:
        raise NotSendable("the request holds characters that cannot be encoded") from None


def unanswered(clients: Clients, operation: str, error: Exception, hidden: list[str]) -> Refusal:
    """Return what an exception says about a request. Takes any exception, raises nothing; see `refusal_of`."""
    if isinstance(error, NotSendable):
        return Refusal(operation, "not-sendable", safe(str(error)), 0, "withheld")
    if isinstance(error, Failed) and error.protocol:
        # The detail is the server's own text, cut somewhere: it could be a part of what was sent.
        return Refusal(operation, error.error, "What came back is no HTTP.", 0, "malformed")
    if isinstance(error, Failed):
        return Refusal(operation, error.error, safe(without(hidden, error.detail)), 0, "unreachable")
    found = outcome(Read(), error, private=clients.private_urls())
    if isinstance(found, Absent):
        return Refusal(operation, found.error, "", 0, "failed")
    return Refusal(operation, found.error, without(hidden, found.detail), 0, found.reason)


def refusal_of(clients: Clients, operation: str, reply: Reply, hidden: list[str]) -> Refusal:
    """Return what an answer says that is none of those hoped for. It may come from a proxy, a firewall or anybody.

    `operation`: `token` or `authorize`, as in `Refusal`. `hidden`: what its text may not show (`aws.echo.forms_of`).
    """
    try:
        told = members(reply)
        error, message = _said(told, "error"), _said(told, "error_description") or _said(told, "message")
    except Malformed:
        page = without(hidden, reply.body.decode("utf-8", "replace"))
        error, message = "", _plain(page[:_LONGEST_TEXT])
    private = clients.private_urls()
    error, message = safe(without(hidden, error), private)[:100], safe(without(hidden, message), private)
    return Refusal(operation, error, message, reply.status, _reason(reply.status, error))


def members(reply: Reply) -> dict[str, Any]:
    """Return the object that an answer is. Raises Malformed, also for one that was cut at its limit."""
    try:
        told = json.loads(reply.body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise Malformed("the answer is no JSON object")
    return told


def _said(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    return value[:_LONGEST_TEXT] if isinstance(value, str) else ""


def _plain(body: str) -> str:
    """Return a page's words in one line."""
    return " ".join(html.unescape(_TAG.sub(" ", _SCRIPT.sub(" ", body))).split())


def _reason(status: int, error: str) -> Reason | None:
    """Return why an answer is no refusal of Cognito's endpoint, None when it is one."""
    if status == 429:
        return "throttled"  # the quota ClientAuthentication; the status is assumed (research 6.6 [U])
    if status == 407:
        return "unreachable"
    return None if error or 400 <= status < 500 else "failed"
