"""OAuth 2.0 at a pool's domain: the address that a browser opens, and the calls of the token endpoint, once each."""

import base64
import hashlib
import html
import json
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus, urlencode

from cogwizard import __version__
from cogwizard.aws.echo import forms_of, without
from cogwizard.aws.errors import Failed, outcome, safe
from cogwizard.aws.exchange import Headers, NotSendable, Reply, exchange, read_url
from cogwizard.aws.fields import Malformed, text
from cogwizard.aws.session import Clients
from cogwizard.aws.signin import Refused
from cogwizard.model.attempt import Refusal
from cogwizard.model.read import Absent, Read, Reason
from cogwizard.model.tokens import TOKEN, Tokens

_LONGEST_ANSWER = 256 * 1024  # bytes; three tokens are a few KiB
_LONGEST_TEXT = 8192  # characters of a refusal that are looked at
_LONGEST_LIFE = 10 * 366 * 86_400  # seconds: the longest refresh token (research 6.3 [D])
_SCRIPT = re.compile(r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True)
class AuthorizeRequest:
    """What a browser is sent to, and what its way back is checked against.

    `url` holds no secret: the state is only compared, the verifier is in it as a hash. `verifier` is None for the
    implicit grant. `redirect_uri` is sent as it is registered: Cognito compares it character by character.
    """

    url: str
    state: str
    redirect_uri: str
    scopes: tuple[str, ...] = ()
    verifier: str | None = field(default=None, repr=False)


def challenge_of(verifier: str) -> str:
    """Return the S256 code challenge of a verifier (RFC 7636, 4.2); Cognito knows no other method (6.4 [D])."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode("ascii")).digest()).decode().rstrip("=")


def authorize_request(
    base: str,
    client_id: str,
    redirect_uri: str,
    scopes: Iterable[str] = (),
    *,
    implicit: bool = False,
    login_hint: str | None = None,
) -> AuthorizeRequest:
    """Return a request for a code with PKCE, or for tokens (`implicit`), at the domain `base` (`domain.base_url`).

    State and verifier are made anew. Without scopes Cognito grants all of the app client's (research 6.4 [D]).
    """
    wanted = tuple(dict.fromkeys(scopes))
    verifier = None if implicit else secrets.token_urlsafe(48)  # 64 characters; 43 to 128 are allowed
    state = secrets.token_urlsafe(32)
    parameters = {"response_type": "token" if implicit else "code", "client_id": client_id}
    parameters["redirect_uri"] = redirect_uri
    if wanted:
        parameters["scope"] = " ".join(wanted)
    parameters["state"] = state
    if verifier:
        parameters |= {"code_challenge": challenge_of(verifier), "code_challenge_method": "S256"}
    if login_hint:
        parameters["login_hint"] = login_hint
    return AuthorizeRequest(f"{base}/oauth2/authorize?{urlencode(parameters)}", state, redirect_uri, wanted, verifier)


class TokenEndpoint:
    """`/oauth2/token` of one domain, for one app client. Blocking; nothing is ever sent twice.

    All methods raise Refused, whose texts may be shown: they hold nothing of what was sent.
    """

    def __init__(self, base: str, clients: Clients, client_id: str, client_secret: str | None = None) -> None:
        """Take the domain (`domain.base_url`), whose set-up holds here too, and the app client."""
        self._base = base
        self._clients = clients
        self._client_id = client_id
        self._secret = client_secret

    def redeem(self, request: AuthorizeRequest, code: str) -> Tokens:
        """Return the tokens for an authorization code; it is good once, for 5 minutes (research 6.6 [D])."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": request.redirect_uri}
        if request.verifier:
            form["code_verifier"] = request.verifier
        return self._tokens(form, [code, request.verifier or ""])

    def client_credentials(self, scopes: Iterable[str] = ()) -> Tokens:
        """Return an access token for the app client itself. AWS bills each (postman-oauth.md 5.4): ask before."""
        wanted = " ".join(dict.fromkeys(scopes))
        return self._tokens({"grant_type": "client_credentials", **({"scope": wanted} if wanted else {})}, [])

    def refresh(self, refresh_token: str) -> Tokens:
        """Return newer tokens; a refresh token is among them only with rotation (6.4 [D]): see Tokens.refreshed."""
        return self._tokens({"grant_type": "refresh_token", "refresh_token": refresh_token}, [refresh_token])

    def _tokens(self, form: dict[str, str], sent: list[str]) -> Tokens:
        reply, hidden = self._send("token", form, sent)
        if reply.status != 200:
            raise Refused(self._refusal("token", reply, hidden))
        try:
            return read_tokens(_members(reply), reply.received_at)
        except Malformed:
            raise Refused(Refusal("token", "not-a-token-answer", "", 200, "malformed")) from None

    def _send(self, operation: str, form: dict[str, str], sent: list[str]) -> tuple[Reply, list[str]]:
        """Return the answer, and what no text about it may show."""
        authorization, members = self._authentication()
        body = urlencode({**form, **members})
        hidden = forms_of([*sent, self._secret or "", (authorization or "").removeprefix("Basic ")])
        try:
            url = read_url(f"{self._base}/oauth2/{operation}")
            headers: Headers = [
                (b"Host", url.authority.encode()),
                # Exactly this: a charset behind it, or quotes, end in a 405 (research 6.6 [V]).
                (b"Content-Type", b"application/x-www-form-urlencoded"),
                (b"Content-Length", str(len(body)).encode()),
                (b"Accept", b"application/json"),
                (b"User-Agent", f"cogwizard/{__version__}".encode()),
            ]
            if authorization:
                headers.append((b"Authorization", authorization.encode()))
            reply = exchange(
                "POST",
                url,
                headers,
                body.encode(),
                limit=_LONGEST_ANSWER,
                ca_bundle=self._clients.ca_bundle(),
                settings=self._clients.settings,
            )
        except Exception as error:
            raise Refused(self._unanswered(operation, error, hidden)) from None
        return reply, hidden

    def _authentication(self) -> tuple[str | None, dict[str, str]]:
        """Return the Authorization header, and the members of the form that say who asks (research 6.4 [D])."""
        if self._secret is None:
            return None, {"client_id": self._client_id}
        pair = [quote_plus(self._client_id), quote_plus(self._secret)]
        if pair != [self._client_id, self._secret]:
            # RFC 6749 2.3.1 has both form-encoded within Basic; servers differ in decoding them. A form is unambiguous.
            return None, {"client_id": self._client_id, "client_secret": self._secret}
        return f"Basic {base64.b64encode(':'.join(pair).encode()).decode()}", {}

    def _unanswered(self, operation: str, error: Exception, hidden: list[str]) -> Refusal:
        if isinstance(error, NotSendable):
            return Refusal(operation, "not-sendable", safe(str(error)), 0, "withheld")
        if isinstance(error, Failed) and error.protocol:
            # The detail is the server's own text, cut somewhere: it could be a part of what was sent.
            return Refusal(operation, error.error, "What came back is no HTTP.", 0, "malformed")
        if isinstance(error, Failed):
            return Refusal(operation, error.error, safe(without(hidden, error.detail)), 0, "unreachable")
        found = outcome(Read(), error, private=self._clients.private_urls())
        if isinstance(found, Absent):
            return Refusal(operation, found.error, "", 0, "failed")
        return Refusal(operation, found.error, without(hidden, found.detail), 0, found.reason)

    def _refusal(self, operation: str, reply: Reply, hidden: list[str]) -> Refusal:
        """Return what an answer other than 200 says. It may come from a proxy, a firewall or anybody."""
        try:
            members = _members(reply)
            error, message = _said(members, "error"), _said(members, "error_description") or _said(members, "message")
        except Malformed:
            page = without(hidden, reply.body.decode("utf-8", "replace"))
            error, message = "", _plain(page[:_LONGEST_TEXT])
        private = self._clients.private_urls()
        error, message = safe(without(hidden, error), private)[:100], safe(without(hidden, message), private)
        return Refusal(operation, error, message, reply.status, _reason(reply.status, error))


def read_tokens(members: Mapping[str, object], obtained_at: float) -> Tokens:
    """Return the tokens that an answer or a redirect holds; `obtained_at` in Unix seconds.

    Raises Malformed where there is no access token and no ID token, or one that is none.
    """
    found = {name: text(members, name) for name in ("id_token", "access_token", "refresh_token")}
    if not found["id_token"] and not found["access_token"]:
        raise Malformed("there is no token")
    for name, value in found.items():
        if value and not TOKEN.fullmatch(value):
            raise Malformed(f"{name} is no token")
    return Tokens(**found, expires_in=_seconds(members.get("expires_in")), obtained_at=obtained_at)


def _seconds(value: object) -> int:
    """Return a lifetime; 0 for one that is none: then the tokens' own `exp` says it."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,10}", value):
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _LONGEST_LIFE else 0


def _members(reply: Reply) -> dict[str, Any]:
    """Return the object that an answer is. Raises Malformed, also for one that was cut at its limit."""
    try:
        members = json.loads(reply.body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        members = None
    if not isinstance(members, dict):
        raise Malformed("the answer is no JSON object")
    return members


def _said(members: Mapping[str, Any], name: str) -> str:
    value = members.get(name)
    return value[:_LONGEST_TEXT] if isinstance(value, str) else ""


def _plain(body: str) -> str:
    """Return a page's words in one line."""
    return " ".join(html.unescape(_TAG.sub(" ", _SCRIPT.sub(" ", body))).split())


def _reason(status: int, error: str) -> Reason | None:
    """Return why an answer is no refusal of Cognito's token endpoint, None when it is one."""
    if status == 429:
        return "throttled"  # the quota ClientAuthentication; the status is assumed (research 6.6 [U])
    if status == 407:
        return "unreachable"
    return None if error or 400 <= status < 500 else "failed"
