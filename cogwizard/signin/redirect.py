"""What comes back from a browser: the address to which the user was sent, pasted or received. Hostile until checked."""

import contextlib
import hmac
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qsl, unquote, urljoin, urlsplit

from cogwizard.aws.echo import without
from cogwizard.aws.fields import Malformed
from cogwizard.intake.errors import BadInput
from cogwizard.model.attempt import Refusal
from cogwizard.model.inert import LOUD, scrub
from cogwizard.model.tokens import Tokens
from cogwizard.signin.oauth import AuthorizeRequest, read_tokens

_LONGEST = 64 * 1024  # characters; three tokens are a few thousand
_MOST_PARAMETERS = 50
_OURS = frozenset({"code", "state", "error", "error_description", "id_token", "access_token", "expires_in"})
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,30}://[^\s\"<>]+")
_PARAMETERS = re.compile(r"[?#]|(?:code|state|error|error_description|id_token|access_token|token_type|expires_in)=")
_BARE_CODE = re.compile(r"[0-9A-Za-z._~-]{8,256}")
_VISIBLE = re.compile(r"[\x21-\x7e]{1,4096}")  # what a code is made of (RFC 6749, A.11)
_AROUND = ".,;)]}'`"  # what stands behind an address in a sentence, and never ends one of ours


@dataclass(frozen=True)
class Code:
    """An authorization code that answers our request; it is a secret. `received_at` in Unix seconds."""

    value: str = field(repr=False)
    received_at: float = 0.0


def read_redirect(pasted: str, request: AuthorizeRequest, now: float) -> Code | Tokens | Refusal:
    """Return what a pasted address says: a code, tokens (implicit), or a refusal of `authorize`.

    Takes the address with a sentence, quotes or line breaks round it, and its parameters alone; `now` in Unix seconds.
    Raises BadInput with a `redirect-...` key for anything that does not answer this request: then nothing may be
    exchanged. A refusal without a state is taken, for the user gave it and nothing follows from it.
    """
    plain = _cleaned(pasted)
    if _PARAMETERS.match(plain):
        query, _, fragment = plain.removeprefix("?").partition("#")
        return _answer(_parameters(query, fragment), request, now)
    found = _URL.search(_with_scheme(plain, request.redirect_uri))
    parts = _split(found.group().rstrip(_AROUND)) if found else None
    if parts is None:
        is_code = _BARE_CODE.fullmatch(plain) and not plain.startswith("eyJ")
        if is_code:
            raise BadInput("redirect-bare-code")
        raise BadInput("redirect-no-url")
    place, asked = _place(parts), _place(urlsplit(request.redirect_uri))
    if place == asked:
        return _answer(_parameters(parts.query, parts.fragment), request, now)
    if place[:3] == _place(urlsplit(request.url))[:3]:
        return _at_the_domain(parts)
    # Another site's path may be a secret itself, as in a link that resets a password.
    shown = "".join(place[:3]) + (place[3] if place[:3] == asked[:3] else "")
    raise BadInput("redirect-elsewhere", expected="".join(asked), actual=shown)


def read_query(query: str, request: AuthorizeRequest, now: float) -> Code | Refusal:
    """Return what the query of a request to the redirect URI says. Whoever sent it: the state must be ours.

    Raises BadInput as `read_redirect`.
    """
    if len(query) > _LONGEST:
        raise BadInput("redirect-too-long")
    parameters = _parameters(query, "")
    _check_state(parameters, request)
    answer = _answer(parameters, request, now)
    if isinstance(answer, Tokens):
        raise BadInput("redirect-no-code")
    return answer


def read_location(location: str, asked: str, redirect_uri: str | None, hidden: Iterable[str] = ()) -> Refusal | None:
    """Return the refusal with which `asked`, an authorize URL, sends a browser on; None where it takes the request.

    Taken is what goes to the sign-in page of the same domain, to an identity provider, or back with what was asked for
    (research 6.4, 6.5 [D]). `hidden`: what the refusal may not show (`aws.echo.forms_of`). Nothing is followed. Raises
    BadInput (`redirect-unreadable`) for any other address.
    """
    try:
        parts = urlsplit(urljoin(asked, location))
        place, domain = _place(parts), _place(urlsplit(asked))
        back = _place(urlsplit(redirect_uri)) if redirect_uri else None
    except ValueError:
        raise BadInput("redirect-unreadable") from None
    parameters = _parameters(parts.query, parts.fragment)
    is_here = place[:3] == domain[:3]
    if "error" in parameters:
        told = {name: without(hidden, parameters.get(name, "")) for name in ("error", "error_description")}
        return _refusal(told, 400 if is_here and parts.path.endswith("/error") else 302)
    is_back = place == back and not parameters.keys().isdisjoint(("code", "id_token", "access_token"))
    is_sign_in = parts.path.endswith("/login") if is_here else parts.scheme == "https" and place != back
    if is_back or (is_sign_in and parts.hostname):
        return None
    raise BadInput("redirect-unreadable")


def _cleaned(pasted: str) -> str:
    """Return a paste in one line, without characters that cannot be seen and without the `&amp;` of a page's source."""
    if len(pasted) > _LONGEST:
        raise BadInput("redirect-too-long")
    seen = "".join(char for char in pasted if char in "\r\n\t" or unicodedata.category(char) not in LOUD)
    plain = "".join(line.strip() for line in seen.splitlines()).strip(" \"'<>`").replace("&amp;", "&")
    if not plain:
        raise BadInput("redirect-empty")
    return plain


def _with_scheme(plain: str, redirect_uri: str) -> str:
    """Return a paste with the scheme that some browsers leave out when an address is copied."""
    scheme, _, rest = redirect_uri.partition("://")
    host = re.split(r"[/?#]", rest)[0]
    return f"{scheme}://{plain}" if host and plain.lower().startswith(host.lower()) else plain


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        return parts if parts.hostname and parts.port != 0 else None
    except ValueError:
        return None


def _place(parts: SplitResult) -> tuple[str, str, str, str]:
    """Return scheme with `://`, host, port with `:` and path, as a browser writes them."""
    host = parts.hostname or ""
    with contextlib.suppress(UnicodeError):  # compared as it is, then
        host = host if host.isascii() else host.encode("idna").decode()
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    port = f":{parts.port}" if parts.port and parts.port != usual else ""
    return f"{parts.scheme}://", f"[{host}]" if ":" in host else host, port, unquote(parts.path) or "/"


def _at_the_domain(parts: SplitResult) -> Refusal:
    """Return the refusal of the domain's error page (research 6.5 [R]); on any other page the user is not done."""
    if not parts.path.endswith("/error"):
        raise BadInput("redirect-too-early")
    return _refusal(_parameters(parts.query, parts.fragment), 400)


def _parameters(query: str, fragment: str) -> dict[str, str]:
    """Return the parameters of both parts: Cognito puts tokens into the fragment (postman-oauth.md 5.2)."""
    found: dict[str, str] = {}
    for part in (query, fragment):
        try:
            pairs = parse_qsl(part, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS)
        except ValueError:
            raise BadInput("redirect-unreadable") from None
        for name, value in pairs:
            if name in found and name in _OURS:  # none may be there twice (RFC 6749, 3.1)
                raise BadInput("redirect-unreadable")
            found[name] = value
    return found


def _answer(parameters: dict[str, str], request: AuthorizeRequest, now: float) -> Code | Tokens | Refusal:
    if "error" in parameters:
        if "state" in parameters:
            _check_state(parameters, request)
        return _refusal(parameters, 302)
    implicit = request.verifier is None
    if not any(parameters.get(name) for name in (("id_token", "access_token") if implicit else ("code",))):
        raise BadInput("redirect-no-tokens" if implicit else "redirect-no-code")
    _check_state(parameters, request)
    if implicit:
        try:
            return read_tokens(parameters, now)
        except Malformed:
            raise BadInput("redirect-unreadable") from None
    if not _VISIBLE.fullmatch(parameters["code"]):
        raise BadInput("redirect-unreadable")
    return Code(parameters["code"], now)


def _check_state(parameters: dict[str, str], request: AuthorizeRequest) -> None:
    if not parameters.get("state"):
        raise BadInput("redirect-state-missing")
    given, ours = (text.encode("utf-8", "surrogatepass") for text in (parameters["state"], request.state))
    if not hmac.compare_digest(given, ours):
        raise BadInput("redirect-state-wrong")


def _refusal(parameters: dict[str, str], status: int) -> Refusal:
    error, description = parameters.get("error", ""), parameters.get("error_description", "")
    return Refusal("authorize", scrub(error, 100), scrub(description, 600), status)
