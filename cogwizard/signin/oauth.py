"""OAuth 2.0 at a pool's domain: the address that a browser opens, and the calls of the token endpoint, once each."""

import base64
import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote_plus, urlencode

from cogwizard.aws.echo import forms_of
from cogwizard.aws.fields import Malformed, text
from cogwizard.aws.session import Clients
from cogwizard.aws.signin import Refused
from cogwizard.model.attempt import Refusal
from cogwizard.model.domain import AUTHORIZE
from cogwizard.model.domain import TOKEN as TOKEN_PATH
from cogwizard.model.tokens import TOKEN, Tokens
from cogwizard.signin.endpoint import ask, members, refusal_of

_LONGEST_LIFE = 10 * 366 * 86_400  # seconds: the longest refresh token (research 6.3 [D])


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


def authorize_parameters(
    client_id: str,
    redirect_uri: str | None,
    scopes: Iterable[str] = (),
    *,
    implicit: bool = False,
    pkce: bool = True,
    login_hint: str | None = None,
) -> tuple[dict[str, str], str | None]:
    """Return what asks for a code, or for tokens (`implicit`), state and all; and PKCE's verifier, None without.

    State and verifier are made anew. Without scopes Cognito grants all of the app client's (research 6.4 [D]), without
    a redirect URI it takes the default one.
    """
    verifier = secrets.token_urlsafe(48) if pkce and not implicit else None  # 64 characters; 43 to 128 are allowed
    parameters = {"response_type": "token" if implicit else "code", "client_id": client_id}
    if redirect_uri:
        parameters["redirect_uri"] = redirect_uri
    if wanted := " ".join(dict.fromkeys(scopes)):
        parameters["scope"] = wanted
    parameters["state"] = secrets.token_urlsafe(32)
    if verifier:
        parameters |= {"code_challenge": challenge_of(verifier), "code_challenge_method": "S256"}
    if login_hint:
        parameters["login_hint"] = login_hint
    return parameters, verifier


def authorize_request(
    base: str,
    client_id: str,
    redirect_uri: str,
    scopes: Iterable[str] = (),
    *,
    implicit: bool = False,
    login_hint: str | None = None,
) -> AuthorizeRequest:
    """Return a request for a code with PKCE, or for tokens (`implicit`), at the domain `base` (`domain.base_url`)."""
    wanted = tuple(dict.fromkeys(scopes))
    parameters, verifier = authorize_parameters(
        client_id, redirect_uri, wanted, implicit=implicit, login_hint=login_hint
    )
    url = f"{base}{AUTHORIZE}?{urlencode(parameters)}"
    return AuthorizeRequest(url, parameters["state"], redirect_uri, wanted, verifier)


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
        authorization, proof = self._authentication()
        hidden = forms_of([*sent, self._secret or "", (authorization or "").removeprefix("Basic ")])
        address = f"{self._base}{TOKEN_PATH}"
        reply = ask(self._clients, "token", address, hidden, form={**form, **proof}, authorization=authorization)
        if reply.status != 200:
            raise Refused(refusal_of(self._clients, "token", reply, hidden))
        try:
            return read_tokens(members(reply), reply.received_at)
        except Malformed:
            raise Refused(Refusal("token", "not-a-token-answer", "", 200, "malformed")) from None

    def _authentication(self) -> tuple[str | None, dict[str, str]]:
        """Return the Authorization header, and the members of the form that say who asks (research 6.4 [D])."""
        if self._secret is None:
            return None, {"client_id": self._client_id}
        pair = [quote_plus(self._client_id), quote_plus(self._secret)]
        if pair != [self._client_id, self._secret]:
            # RFC 6749 2.3.1 has both form-encoded within Basic; servers differ in decoding them. A form is unambiguous.
            return None, {"client_id": self._client_id, "client_secret": self._secret}
        return f"Basic {base64.b64encode(':'.join(pair).encode()).decode()}", {}


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
