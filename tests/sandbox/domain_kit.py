"""What the tests of a pool's domain share: a pool with a domain, a user and clients; calls with plain http.client."""

import base64
import hashlib
import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPMessage
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from cogwizard.sandbox import Client, Pool, Sandbox, World

CALLBACK = "http://localhost:9876/callback"
PASSWORD = "Canary-Passw0rd!"
SECRET = "canarysecret" * 4
SECOND_SECRET = "canarysecond" * 4
VERIFIER = "canaryverifier" * 4
FORM = "application/x-www-form-urlencoded"
SCOPES = ["openid", "email", "shop/read"]


def challenge(verifier: str = VERIFIER) -> str:
    """PKCE's S256 challenge, written out here a second time."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


@dataclass(frozen=True)
class Answer:
    """An HTTP answer; redirects are not followed."""

    status: int
    headers: HTTPMessage = field(repr=False)
    text: str = field(repr=False)

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def error(self) -> tuple[int, Any]:
        """Status and body of an OAuth error."""
        return self.status, json.loads(self.text)

    @property
    def location(self) -> str:
        return str(self.headers["Location"])

    @property
    def told(self) -> dict[str, str]:
        """The parameters in the query of the Location."""
        return dict(parse_qsl(urlsplit(self.location).query))

    @property
    def fragment(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.location).fragment))

    @property
    def cookie(self) -> str:
        """The Cookie header with which a browser comes back."""
        return str(self.headers["Set-Cookie"]).partition(";")[0]

    @property
    def form(self) -> dict[str, str]:
        """The hidden fields of the form in a page."""
        found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', self.text)
        return {html.unescape(name): html.unescape(value) for name, value in found}

    @property
    def action(self) -> str:
        """Where the form in a page leads to."""
        found = re.search(r'<form method="post" action="([^"]*)">', self.text)
        assert found, self.text
        return html.unescape(found[1])


def ask(
    sandbox: Sandbox,
    target: str,
    form: Mapping[str, str] | bytes | None = None,
    /,
    *,
    method: str | None = None,
    **headers: str,
) -> Answer:
    """Call a page: GET without a form, POST with one. `headers`: names with "_" for "-"."""
    connection = HTTPConnection(urlsplit(sandbox.url).netloc, timeout=5)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    body = None
    if form is not None:
        body = form if isinstance(form, bytes) else urlencode(form).encode()
        sent = {"Content-Type": FORM, **sent}
    try:
        connection.request(method or ("GET" if form is None else "POST"), target, body, sent)
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read().decode())
    finally:
        connection.close()


def basic(client_id: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()


@dataclass
class Site:
    """A pool with a domain: user hanako, a public client, one with two secrets, a machine's."""

    world: World = field(default_factory=World)
    pool: Pool = field(init=False)
    web: Client = field(init=False)
    server: Client = field(init=False)
    machine: Client = field(init=False)

    def __post_init__(self) -> None:
        self.pool = self.world.add_pool("shop")
        self.pool.settings["Domain"] = "shop"
        self.pool.add_user("hanako", PASSWORD)
        settings: dict[str, Any] = {
            "AllowedOAuthFlows": ["code", "implicit"],
            "AllowedOAuthScopes": list(SCOPES),
            "AllowedOAuthFlowsUserPoolClient": True,
            "CallbackURLs": [CALLBACK, "myapp://example"],
            "LogoutURLs": ["http://localhost:9876/bye"],
        }
        self.web = self.pool.add_client("web", **settings)
        self.server = self.pool.add_client("server", secret=SECRET, second_secret=SECOND_SECRET, **settings)
        self.machine = self.pool.add_client(
            "machine",
            secret=SECRET,
            AllowedOAuthFlows=["client_credentials"],
            AllowedOAuthScopes=["shop/read", "shop/write"],
            AllowedOAuthFlowsUserPoolClient=True,
        )

    def query(self, client: Client | None = None, /, **changes: str | None) -> dict[str, str]:
        """The parameters of a good authorization request; a change to None removes one."""
        told: dict[str, str | None] = {
            "response_type": "code",
            "client_id": (client or self.web).id,
            "redirect_uri": CALLBACK,
            "scope": "openid shop/read",
            "state": "canary state & more",
            **changes,
        }
        return {name: value for name, value in told.items() if value is not None}

    def authorize(self, client: Client | None = None, /, **changes: str | None) -> str:
        return "/oauth2/authorize?" + urlencode(self.query(client, **changes))

    def login(self, client: Client | None = None, /, **changes: str | None) -> str:
        return "/login?" + urlencode(self.query(client, **changes))

    def sign_in(self, sandbox: Sandbox, client: Client | None = None, /, **changes: str | None) -> Answer:
        """Send the form of the page with the right password."""
        return ask(sandbox, self.login(client, **changes), {"username": "hanako", "password": PASSWORD})

    def code(self, sandbox: Sandbox, client: Client | None = None, /, **changes: str | None) -> str:
        return self.sign_in(sandbox, client, **changes).told["code"]

    def exchange(self, code: str, client: Client | None = None, /, **changes: str | None) -> dict[str, str]:
        """The form that exchanges a code; a change to None removes a parameter."""
        told: dict[str, str | None] = {
            "grant_type": "authorization_code",
            "client_id": (client or self.web).id,
            "redirect_uri": CALLBACK,
            "code": code,
            **changes,
        }
        return {name: value for name, value in told.items() if value is not None}
