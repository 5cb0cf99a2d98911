"""The domain of a user pool: which page a request asks for, of which pool and client, and what its pages remember."""

import base64
import binascii
import json
import re
import secrets
import threading
import uuid
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qsl, urlencode

from cogwizard.sandbox.protocol import Reply, Request
from cogwizard.sandbox.userpool import Client, Pool
from cogwizard.sandbox.world import World

Page = Literal["Authorize", "Login", "Logout", "Error", "Token", "Revoke", "UserInfo"]
_PAGES: dict[str, Page] = {
    "/oauth2/authorize": "Authorize",
    "/login": "Login",
    "/logout": "Logout",
    "/error": "Error",
    "/oauth2/token": "Token",
    "/oauth2/revoke": "Revoke",
    "/oauth2/userInfo": "UserInfo",
}
CODE_LIFETIME = 300  # seconds, research 6.3 [D]
COOKIE_LIFETIME = 3600  # seconds, research 6.3 [D]
COOKIE = "cognito"
# What may be seen of a call. Every other parameter may hold a secret, also by mistake.
_SHOWN = ("grant_type", "client_id", "response_type", "redirect_uri", "logout_uri", "scope", "prompt", "error")
# As AWS documents and others recorded them (CG-USERINFO [D], AUTHJS-52 [V]).
_HEADERS = (
    ("Cache-Control", "no-cache, no-store, max-age=0, must-revalidate"),
    ("Pragma", "no-cache"),
    ("Expires", "0"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
)


@dataclass(frozen=True)
class Credentials:
    """How a client names itself: in the Basic header (`client_secret_basic`) or in the form (`client_secret_post`).

    `secret` None: none was sent. An empty one in the Basic header was sent: this is how Postman treats a public client
    (research of Postman, #10166). `broken`: a Basic header that says nothing.
    """

    client_id: str | None
    secret: str | None = field(default=None, repr=False)
    way: Literal["basic", "post", "none"] = "none"
    broken: bool = False


@dataclass(frozen=True)
class Call:
    """A call of a pool's domain.

    `page` None: the host has no such page. `form` None: the body is none. `reachable` is False where AWS would have no
    such host: the pool has no domain, or no pool this one. `pool` and `client` are None where nobody knows the client.
    """

    page: Page | None
    request: Request = field(repr=False)
    query: dict[str, str] = field(repr=False)
    form: dict[str, str] | None = field(repr=False)
    credentials: Credentials
    pool: Pool | None
    client: Client | None
    reachable: bool

    @property
    def shown(self) -> dict[str, str]:
        """What `Sandbox.requests` holds of the call: no code, verifier, token, password, secret, state."""
        asked = {**self.query, **(self.form or {})}
        held = {name: asked[name] for name in _SHOWN if name in asked}
        if self.page in ("Token", "Revoke"):
            held |= {"client_auth": self.credentials.way}
            if self.credentials.client_id is not None:
                held["client_id"] = self.credentials.client_id
        return held


@dataclass(frozen=True)
class Grant:
    """What an authorization code stands for. `issued_at` in Unix seconds; `challenge`: PKCE's, None without."""

    pool_id: str
    client_id: str
    username: str
    redirect_uri: str
    scopes: tuple[str, ...]
    issued_at: float
    nonce: str | None = field(default=None, repr=False)
    challenge: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Step:
    """A sign-in at the page that waits for an answer: `challenge` as AWS names it, `code` the one that was sent.

    `expires_at` in Unix seconds.
    """

    pool_id: str
    client_id: str
    username: str
    challenge: str
    expires_at: float
    code: str | None = field(default=None, repr=False)


class Memory:
    """What the pages of a sandbox remember: codes, sign-ins that are under way, browsers that are signed in."""

    def __init__(self) -> None:
        self._codes: dict[str, Grant] = {}
        self._steps: dict[str, Step] = {}
        self._browsers: dict[str, tuple[str, str, float]] = {}
        self._lock = threading.Lock()

    def add_code(self, grant: Grant) -> str:
        """Return a code for the grant, a UUID as Cognito's are."""
        code = str(uuid.uuid4())
        with self._lock:
            self._codes[code] = grant
        return code

    def take_code(self, code: str, client_id: str, now: float) -> Grant | None:
        """Return the grant of a code of this client that is good at `now`, once: nobody gets it again."""
        with self._lock:
            grant = self._codes.get(code)
            if grant is None or grant.client_id != client_id:
                return None
            del self._codes[code]
        return grant if now < grant.issued_at + CODE_LIFETIME else None

    def add_step(self, step: Step) -> str:
        """Return the value by which the next form names the step: a secret."""
        value = secrets.token_urlsafe(32)
        with self._lock:
            self._steps[value] = step
        return value

    def take_step(self, value: str, client_id: str, now: float) -> Step | None:
        """Return the step of this client that waits at `now`, once."""
        with self._lock:
            step = self._steps.pop(value, None)
        return step if step and step.client_id == client_id and now < step.expires_at else None

    def add_browser(self, pool_id: str, username: str, now: float) -> str:
        """Return the value of a cookie by which this user stays signed in: a secret."""
        value = secrets.token_urlsafe(32)
        with self._lock:
            self._browsers[value] = (pool_id, username, now + COOKIE_LIFETIME)
        return value

    def user_of(self, cookie: str | None, pool_id: str, now: float) -> str | None:
        """Return who is signed in to the pool with this cookie at `now`, or None."""
        with self._lock:
            held = self._browsers.get(cookie or "")
        return held[1] if held and held[0] == pool_id and now < held[2] else None

    def forget_browser(self, cookie: str | None) -> None:
        """Sign the browser with this cookie out."""
        with self._lock:
            self._browsers.pop(cookie or "", None)


def find_call(world: World, request: Request) -> Call | None:
    """Return the call of a pool's domain that a request is, or None.

    By Host header (`{prefix}.auth.{region}.amazoncognito.com`, a custom domain); at any other host by path alone, and
    the pool is found by the client: this is how clients with an endpoint override ask.
    """
    host = (request.header("host") or "").split(":")[0].lower()
    page = _PAGES.get(request.path)
    pool = _pool_at(world, host)
    is_domain = pool is not None or re.fullmatch(r"[^.]+\.auth(-fips)?\.[a-z0-9-]+\.amazoncognito\.com", host)
    if not is_domain and page is None:
        return None
    query, form = _pairs(request.query), _form(request)
    credentials = _credentials(request, form) if page in ("Token", "Revoke") else Credentials(query.get("client_id"))
    if is_domain:
        client = pool.clients.get(credentials.client_id or "") if pool else None
        return Call(page, request, query, form, credentials, pool, client, pool is not None)
    found = _owner(world, credentials.client_id)
    if found is None:
        return Call(page, request, query, form, credentials, None, None, True)
    return Call(page, request, query, form, credentials, *found, has_domain(found[0]))


def has_domain(pool: Pool) -> bool:
    """Whether the pool has a domain; without one there are no pages and no token endpoint (research 6.4 [D])."""
    return bool(pool.settings.get("Domain") or pool.settings.get("CustomDomain"))


def _pool_at(world: World, host: str) -> Pool | None:
    for pool in list(world.pools.values()):
        prefix, custom = pool.settings.get("Domain"), pool.settings.get("CustomDomain")
        hosts = {f"{prefix}.{label}.{pool.region}.amazoncognito.com" for label in ("auth", "auth-fips") if prefix}
        if pool.exists and host in {*hosts, custom}:
            return pool
    return None


def _owner(world: World, client_id: str | None) -> tuple[Pool, Client] | None:
    for pool in list(world.pools.values()):
        if pool.exists and client_id in pool.clients:
            return pool, pool.clients[client_id]
    return None


def _pairs(text: str) -> dict[str, str]:
    # The first of doubled parameters counts [U].
    return dict(reversed(parse_qsl(text, keep_blank_values=True, errors="replace")))


def _form(request: Request) -> dict[str, str] | None:
    # AWS compares the content type as a whole but for parameters: a value with quotes inside is another type [V].
    kind = (request.header("content-type") or "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        return None
    return _pairs(request.body.decode("utf-8", "replace"))


def _credentials(request: Request, form: dict[str, str] | None) -> Credentials:
    sent = form or {}
    scheme, _, value = (request.header("authorization") or "").partition(" ")
    if scheme.lower() == "basic":
        try:
            told = base64.b64decode(value.strip(), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return Credentials(sent.get("client_id"), None, "basic", broken=True)
        client_id, colon, secret = told.partition(":")
        # A form that names another client than the header [U].
        broken = not colon or sent.get("client_id", client_id) != client_id
        return Credentials(client_id, secret, "basic", broken)
    secret_sent = sent.get("client_secret") or None
    return Credentials(sent.get("client_id"), secret_sent, "post" if secret_sent else "none")


def cookie_of(request: Request) -> str | None:
    """Return the value of the cookie of a signed-in browser."""
    found = re.search(rf"(?:^|;)\s*{COOKIE}=([\w-]+)", request.header("cookie") or "")
    return found[1] if found else None


def page_headers() -> tuple[tuple[str, str], ...]:
    """Return the headers of every answer of a domain."""
    return (*_HEADERS, ("x-amz-cognito-request-id", str(uuid.uuid4())))


def json_reply(status: int, value: object, *headers: tuple[str, str]) -> Reply:
    """Return an answer in JSON, as the token endpoint makes them."""
    body = json.dumps(value, separators=(",", ":")).encode()
    return Reply(status, (*page_headers(), ("Content-Type", "application/json;charset=UTF-8"), *headers), body)


def redirect(address: str, *headers: tuple[str, str]) -> Reply:
    """Return a 302 to an address."""
    return Reply(302, (*page_headers(), ("Location", address), *headers))


def own_address(request: Request, path: str, **parameters: str) -> str:
    """Return the address of a page at the host at which the caller asked."""
    host = request.header("host")
    return f"{f'{request.scheme}://{host}' if host else ''}{path}?{urlencode(parameters)}"
