"""What an export is made of: the failing call and the set-up, without secrets and fit for every form."""

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args
from urllib.parse import quote

from cogwizard.intake.errors import BadInput
from cogwizard.intake.mask import mask
from cogwizard.intake.url import read_url, redact_url
from cogwizard.model.client import CLIENT_ID
from cogwizard.model.inert import scrub
from cogwizard.model.pool import POOL_ID, REGION
from cogwizard.model.postman import FLOWS, Needs

Form = Literal["postman", "curl", "httpie", "http", "bruno", "posting"]
FORMS: tuple[Form, ...] = get_args(Form)
# What API Gateway knows; ANY is a method of a resource, none of a call (API Gateway's guide, setting up a method) [D].
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# Each tool sets these by itself.
_TOOLS_OWN = frozenset({"content-length", "connection", "transfer-encoding", "accept-encoding", "expect"})
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,99}")
_VALUE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?|")
_FORM_BODY = re.compile(r"[A-Za-z0-9_.%+*-]+=[\x21-\x7e]*")
_FORM = "application/x-www-form-urlencoded"
# Names that Windows keeps for devices, whatever stands after a dot.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)")
_URL_MARKS = ":/?&=#[]@!$'()*+,;~"


@dataclass(frozen=True)
class Export:
    """What is to be exported.

    `name`: of the collection ("orders-api GET /orders"); `method`, `url`, `headers`, `body`: the failing call as it is
    to be sent, without what authorizes it; `block`: the OAuth 2.0 tab by Postman's keys (`model.postman.FIELDS`), of
    which no secret is used; `has_secret`: whether the app client has a client secret.
    """

    name: str
    method: str
    url: str = field(repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: str | None = field(default=None, repr=False)
    block: Mapping[str, str] = field(default_factory=dict, repr=False)
    has_secret: bool = False
    needs: Needs = field(default_factory=Needs)
    region: str | None = None
    user_pool_id: str | None = None

    @property
    def sends_secret(self) -> bool:
        """Whether a client secret goes with the requests for tokens: the implicit grant has no such request."""
        return self.has_secret and self.block.get("grant_type") != "implicit"

    @property
    def client_authentication(self) -> str:
        """How it goes, as Postman names it; a public client is refused with a Basic header (postman-oauth.md 3)."""
        return self.block.get("client_authentication") or ("header" if self.has_secret else "body")


@dataclass(frozen=True)
class Sendable:
    """The call as any tool can send it. Nothing here is secret.

    `name`: one line, to be shown; `file`: safe as the beginning of a file's name; `url`: ASCII, percent-encoded, no
    braces; `headers`: printable ASCII, with the body's type where there is a body, never the token's; `body_is`:
    "json", "form", "text", "" without one; `grant`: Postman's; `token`: the variable of the environment that holds the
    token, `token_known`: whether anybody knows that the method reads this kind; `header`: the one that the authorizer
    reads; `login`: the command that gets the token; `notes`: what was changed or left out, in English.
    """

    name: str
    file: str
    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: str | None
    body_is: Literal["json", "form", "text", ""]
    grant: str
    token: Literal["ID_TOKEN", "ACCESS_TOKEN"]
    token_known: bool
    header: str
    login: str
    notes: tuple[str, ...] = ()

    @property
    def in_authorization(self) -> bool:
        """Whether the token goes into the header that OAuth 2.0 and bearer authorization use."""
        return self.header.lower() == "authorization"

    @property
    def sent_token(self) -> str:
        """What the token is called."""
        return "ID token" if self.token == "ID_TOKEN" else "access token"


def sendable(export: Export) -> Sendable:
    """Return the call of an export, fit for every form.

    Raises BadInput: `url-...` as `read_url`, `export-method`. Secrets in the address and in the body are replaced by
    what they are called (interface, section 3, Redaction); a header that cannot be sent is left out.
    """
    method = export.method.upper()
    if method not in _METHODS:
        raise BadInput("export-method", method=export.method)
    notes: list[str] = []
    header = export.needs.header or ""
    header = header if _NAME.fullmatch(header) and scrub(header) == header else "Authorization"
    grant = export.block.get("grant_type") or "authorization_code"
    kind = export.needs.kind or ("access-token" if grant == "client_credentials" else "id-token")
    url, headers = _url(export.url, notes), _headers(export, header, notes)
    body, body_is = _body(export, method, notes)
    if body is not None and not any(name.lower() == "content-type" for name, _ in headers):
        headers = (*headers, ("Content-Type", _FORM))  # what curl, from which the call comes, sends with data
    name = _shown(export.name.strip(), 120) or "API"
    token: Literal["ID_TOKEN", "ACCESS_TOKEN"] = "ACCESS_TOKEN" if kind == "access-token" else "ID_TOKEN"
    login = _login(export, grant, "access" if token == "ACCESS_TOKEN" else "id")
    return Sendable(
        name=name,
        file=_file_name(name),
        method=method,
        url=url,
        headers=headers,
        body=body,
        body_is=body_is,
        grant=grant,
        token=token,
        token_known=export.needs.kind is not None,
        header=header,
        login=login,
        notes=tuple(notes),
    )


def without_variables(text: str, body_is: str = "text") -> str | None:
    """Return text in which `{{` opens no variable of Postman, Bruno and .http files; None where it cannot be written.

    None of the three has a way to write the two braces as they are; JSON and forms have one.
    """
    if "{{" not in text:
        return text
    if body_is == "json":
        return re.sub(r"\{(?=\{)", r"\\u007b", text)
    return text.replace("{{", "%7B%7B") if body_is == "form" else None


def plain_headers(call: Sendable) -> tuple[tuple[tuple[str, str], ...], list[str]]:
    """Return the headers in which no `{{` opens a variable, and a note for each other one."""
    kept = tuple((name, value) for name, value in call.headers if "{{" not in value)
    return kept, [left_out(name) for name, value in call.headers if "{{" in value]


def without_params(url: str) -> str:
    """Return an address in whose path no `:name` is a parameter of a tool: the colons as `%3A`, which means the same to
    API Gateway."""
    start = url.index("://") + 3
    slash = url.find("/", start)
    if slash < 0:
        return url
    path, mark, query = url[slash:].partition("?")
    return url[:slash] + path.replace(":", "%3A") + mark + query


def _url(url: str, notes: list[str]) -> str:
    read_url(url)
    bare = url.strip(" \t\r\n").partition("#")[0]
    scheme, _, rest = bare.partition("://")
    authority, mark, tail = re.match(r"([^/?]*)([/?]?)(.*)", rest, re.DOTALL).groups()  # type: ignore[union-attr]
    host = authority.rpartition("@")[2]
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            raise BadInput("url-host") from None
    tail = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", f"{mark}{tail}" if mark == "/" else f"/{mark}{tail}")
    plain = f"{scheme.lower()}://{host}{quote(tail, safe=_URL_MARKS + '%')}"
    shown = redact_url(plain)
    if shown != plain or host != authority:
        notes.append("Secrets in the address were replaced by what they are called: fill them in again.")
    return f"{scheme.lower()}://{host}" + quote(shown[len(f"{scheme}://{host}") :], safe=_URL_MARKS + "%")


def _headers(export: Export, token_header: str, notes: list[str]) -> tuple[tuple[str, str], ...]:
    host = re.sub(r"[?/#].*", "", export.url.partition("://")[2], flags=re.DOTALL).rpartition("@")[2].lower()
    kept = []
    for name, given in export.headers:
        value, lower = given.strip(" \t"), name.lower()
        if lower in _TOOLS_OWN or lower in ("authorization", token_header.lower()):
            continue
        if lower == "host" and value.lower() == host:
            continue
        secret = bool(mask(f"{name}: {value}", lone_word="none").secrets)
        if secret or not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
            notes.append(left_out(name))
        else:
            kept.append((name, value))
    return tuple(kept)


def left_out(name: str) -> str:
    """Return the note about a header that could not be written."""
    return f"The header {_shown(name, 60)} was left out: fill it in again."


def _shown(text: str, limit: int) -> str:
    """Return foreign text as one line in which no braces open a variable, wherever it stands."""
    return re.sub(r"\{(?=\{)", "{ ", scrub(text, limit))


def _body(export: Export, method: str, notes: list[str]) -> tuple[str | None, Literal["json", "form", "text", ""]]:
    if not export.body:
        return None, ""
    if method == "HEAD" or "\0" in export.body:
        notes.append("The body was left out: it cannot be sent so.")
        return None, ""
    body = export.body.encode("utf-8", "replace").decode()  # a lone surrogate has no bytes
    masked = mask(body, lone_word="none")
    if masked.secrets:
        notes.append("Secrets in the body were replaced by what they are called, in brackets: fill them in again.")
        body = masked.shown
    if _is_json(body):
        return body, "json"
    return body, "form" if _FORM_BODY.fullmatch(body) else "text"


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict | list)
    except (ValueError, RecursionError):
        return False


def _file_name(name: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60].rstrip("-")
    return words if words and not _DEVICE.fullmatch(words) else f"api-{words}".rstrip("-")


def _login(export: Export, grant: str, kind: str) -> str:
    """Return the command line that prints the token. It stands in comments: nothing but plain ids goes into it."""
    client_id, region, pool = export.block.get("clientId") or "", export.region or "", export.user_pool_id or ""
    words = ["cogwizard", "login", FLOWS.get(grant, "browser")]
    for option, value, form in (
        ("--region", region, REGION),
        ("--user-pool-id", pool, POOL_ID),
        ("--client-id", client_id, CLIENT_ID),
    ):
        if re.fullmatch(form, value):
            words += [option, value]
    return shlex.join([*words, "--print", kind])
