"""A set-up tried at its authorize URL and its token endpoint, once each and without credentials of value.

What they refuse is what would refuse Postman (research 6.5, 6.6). No user signs in, no redirect is followed, and
nothing is sent to a host that is none of Amazon Cognito's or of the pool's own.
"""

import base64
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit

from cogwizard.aws.echo import forms_of
from cogwizard.aws.errors import safe
from cogwizard.aws.exchange import NotSendable, Reply, Url, read_url
from cogwizard.aws.session import ANY_REGION, Clients
from cogwizard.aws.signin import Refused
from cogwizard.intake.errors import BadInput
from cogwizard.model.attempt import Refusal
from cogwizard.model.domain import prefix_of
from cogwizard.signin.domain import override_of
from cogwizard.signin.endpoint import ask, refusal_of, unanswered
from cogwizard.signin.oauth import authorize_parameters
from cogwizard.signin.redirect import read_location

_MISMATCH = "redirect_mismatch"
# What of an entered address is sent on: parameters that the endpoints know (research 6.4) and that are no secret. The
# values of all others are not sent, and hidden in every text.
_PLAIN = frozenset({"identity_provider", "idp_identifier", "lang", "prompt", "login_hint", "resource", "error"})


def probe_authorize(
    clients: Clients,
    url: str,
    client_id: str,
    redirect_uri: str | None,
    scopes: Iterable[str],
    grant: str,
    *,
    own: Iterable[str] = (),
) -> Refusal | None:
    """Return why an authorize URL does not take the request of a set-up; None where it does.

    Taken: a sign-in page, or a redirect to one or to an identity provider. `grant`: Postman's grant type; "implicit"
    asks for tokens, any other for a code. State and verifier are made anew, and forgotten. `own`: the base URLs of the
    pool's domains (`model.domain.base_urls`). The refusal may be shown; raises nothing.
    """
    is_implicit, pkce = grant == "implicit", grant == "authorization_code_with_pkce"
    parameters, _ = authorize_parameters(client_id, redirect_uri, scopes, implicit=is_implicit, pkce=pkce)
    try:
        address, hidden = _address(clients, "authorize", url, own, parameters)
        reply = ask(clients, "authorize", address, hidden)
    except Refused as refused:
        return refused.refusal
    location = reply.header("location")
    if 300 <= reply.status < 400 and location:
        try:
            return read_location(location, address, redirect_uri, hidden)
        except BadInput:
            return Refusal("authorize", "not-a-sign-in", "", reply.status, "malformed")
    if reply.status == 200:
        kind = reply.header("content-type").partition(";")[0].strip().lower()
        return None if kind == "text/html" else Refusal("authorize", "not-a-sign-in", "", 200, "malformed")
    refusal = _refusal(clients, "authorize", reply, hidden)
    # The error page says it in its text (6.5 [R]).
    return replace(refusal, error=_MISMATCH) if _MISMATCH in refusal.message.lower() else refusal


def probe_token(
    clients: Clients, url: str, client_id: str, redirect_uri: str | None, *, basic: bool, own: Iterable[str] = ()
) -> Refusal | None:
    """Return why a token endpoint does not get as far as the code of a set-up; None where it does.

    Sent is a code that nobody issued, and no secret: `basic` sends it in the header and empty, as Postman does by
    default (postman-oauth.md 0, 3), else the client id stands in the form. `invalid_grant` says that form, client and
    grant were taken (6.6 [D]); a client that has a secret answers `invalid_client`. `own`: as in `probe_authorize`. The
    refusal may be shown; raises nothing.
    """
    code = str(uuid.uuid4())  # Cognito's codes have this form
    form = {"grant_type": "authorization_code", "code": code}
    if redirect_uri:
        form["redirect_uri"] = redirect_uri
    authorization = None
    if basic:
        pair = f"{client_id}:".encode("utf-8", "replace")
        authorization = f"Basic {base64.b64encode(pair).decode()}"
    else:
        form["client_id"] = client_id
    try:
        address, hidden = _address(clients, "token", url, own)
        hidden += forms_of([code])
        reply = ask(clients, "token", address, hidden, form=form, authorization=authorization)
    except Refused as refused:
        return refused.refusal
    if 200 <= reply.status < 300:  # tokens for a code that nobody issued, or a page
        return Refusal("token", "not-a-refusal", "", reply.status, "malformed")
    refusal = _refusal(clients, "token", reply, hidden)
    return None if refusal.error == "invalid_grant" and refusal.reason is None else refusal


def _address(
    clients: Clients, operation: str, url: str, own: Iterable[str], parameters: Mapping[str, str] | None = None
) -> tuple[str, list[str]]:
    """Return the address to ask and what no text about it may show. Raises Refused where nothing may be sent there."""
    place, _, query = url.strip().partition("#")[0].partition("?")
    hidden: list[str] = []
    try:
        url.encode()  # also what is not sent: the address is not one then
        entered = parse_qsl(query, keep_blank_values=True)
        hidden = forms_of(value for name, value in entered if name not in {*_PLAIN, *(parameters or ())})
        entered = [pair for pair in entered if pair[0] in _PLAIN]
        pairs = urlencode([*entered, *(parameters or {}).items()])
        address = f"{place}?{pairs}" if pairs else place
        target = read_url(address)
        withheld = _withheld(clients, target, own)
    except UnicodeError:
        unsendable = NotSendable("the request holds characters that cannot be encoded")
        raise Refused(unanswered(clients, operation, unsendable, hidden)) from None
    except Exception as error:
        raise Refused(unanswered(clients, operation, error, hidden)) from None
    if withheld:
        raise Refused(Refusal(operation, withheld, safe(target.host), 0, "withheld"))
    return address, hidden


def _withheld(clients: Clients, url: Url, own: Iterable[str]) -> str | None:
    """Return why nothing is sent to an address, None where it may be. Raises as `Clients.endpoint`, and ValueError."""
    is_own = any(_is_at(url, base) for base in own)
    is_cognito = (url.scheme, url.port) == ("https", 443) and prefix_of(url.host) is not None
    override = override_of(clients, ANY_REGION)
    if override:
        # What is an emulator's is none of AWS's; a custom domain is the pool's at AWS only.
        if _is_at(url, override):
            return None
        return "endpoint-override" if is_own or is_cognito else "not-a-cognito-domain"
    return None if is_own or is_cognito else "not-a-cognito-domain"


def _is_at(url: Url, base: str) -> bool:
    """Whether an address has scheme, host and port of another."""
    parts = urlsplit(base)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return (url.scheme, url.host.lower(), url.port) == (parts.scheme, parts.hostname, port)


def _refusal(clients: Clients, operation: str, reply: Reply, hidden: list[str]) -> Refusal:
    """Return what an answer says; only a status from 400 to 499 is a refusal of Cognito's own."""
    found = refusal_of(clients, operation, reply, hidden)
    return found if found.reason or 400 <= found.status < 500 else replace(found, reason="failed")
