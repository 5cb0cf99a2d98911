"""What the tests of whole sign-ins share: a pool with every kind of client, and sign-ins against a running sandbox."""

import html
import os
import re
import ssl
from collections.abc import Callable
from http.client import HTTPConnection, HTTPSConnection
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from cogwizard.aws.session import Settings
from cogwizard.login import Login
from cogwizard.model.tokens import Tokens
from cogwizard.ports import Ports
from cogwizard.sandbox import Client, Pool, Sandbox, World
from cogwizard.sandbox.environment import KEYS
from cogwizard.signin.order import Order
from cogwizard.signin.redirect import read_redirect

PASSWORD = "Canary-Passw0rd-1"
TEMPORARY = "Canary-Temp0rary-2"
NEW = "Canary-Changed-3"
SECRET = "canarysecretone" * 3
SECOND = "canarysecrettwo" * 3
CALLBACK = "http://localhost:9876/callback"
KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # of an authenticator app
SECRETS = (PASSWORD, TEMPORARY, NEW, SECRET, SECOND, KEY)
_ALL = ("USER_PASSWORD_AUTH", "USER_SRP_AUTH", "ADMIN_USER_PASSWORD_AUTH", "CUSTOM_AUTH", "REFRESH_TOKEN_AUTH")
FLOWS = [f"ALLOW_{name}" for name in _ALL]
OAUTH: dict[str, Any] = {
    "AllowedOAuthFlowsUserPoolClient": True,
    "AllowedOAuthFlows": ["code", "implicit"],
    "AllowedOAuthScopes": ["openid", "email", "shop/read"],
    "CallbackURLs": [CALLBACK],
}


class Bench:
    """A running sandbox with one pool; `client` makes clients, `login` sign-ins of hanako or of nobody."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        sandbox.world = World()
        sandbox.denied.clear()
        sandbox.requests.clear()
        self.world = sandbox.world
        self.pool: Pool = self.world.add_pool("shop", settings={"Domain": "shop", "AliasAttributes": ["email"]})
        self.user = self.pool.add_user("hanako", PASSWORD)
        self.web: Client = self.pool.add_client("web", ExplicitAuthFlows=FLOWS, **OAUTH)
        self.ports = Ports(Settings(region=self.pool.region, endpoint_url=sandbox.url, timeout=30, keys=KEYS))

    def client(self, name: str = "server", **settings: Any) -> Client:
        """Add a client that allows all flows and both user grants, unless `settings` say otherwise."""
        return self.pool.add_client(name, **{"ExplicitAuthFlows": FLOWS, **OAUTH, **settings})

    def login(self, flow: str = "password", client: Client | None = None, *, look: bool = True, **order: Any) -> Login:
        """Return a sign-in at `client`, else `web`, its facts read."""
        chosen = client or self.web
        given = {"user_pool_id": self.pool.id, "username": "hanako", **order}
        made = Login(self.ports, Order(flow, chosen.id, **given), self.world.now)  # type: ignore[arg-type]
        if look:
            made.look()
        return made

    def tokens(self, client: Client | None = None) -> Tokens:
        """Sign hanako in and return her tokens."""
        login = self.login(client=client)
        assert login.start(PASSWORD)
        assert login.tokens is not None
        return login.tokens

    def brought(self, login: Login, change: Callable[[str], str] = lambda url: url) -> bool:
        """Sign hanako in with a browser's requests, and let the sign-in take the address at the end."""
        request = login.authorize()
        assert request is not None
        return login.finish(read_redirect(change(browse(request.url)), request, self.world.now()))


def causes(login: Login) -> list[str]:
    """Return the codes that fail, in order, after the user's state was read too."""
    login.confirm()
    return [item.code for item in login.findings() if item.verdict == "fail" and item.explained_by is None]


def browse(url: str, password: str = PASSWORD) -> str:
    """Sign hanako in at an authorize URL as a browser does; return the address of the last redirect, or of the page.

    Follows to the login page and sends its form, hidden fields and all: any server's.
    """
    here, page = _ask(url)
    if not page and here != url and urlsplit(here).netloc == urlsplit(url).netloc:
        url = here
        here, page = _ask(url)
    form = re.search(r"<form[^>]*method=.post.[^>]*action=\"([^\"]*)\"", page, re.IGNORECASE)
    if not form:
        return here
    hidden = re.findall(r"<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"", page)
    fields = {html.unescape(name): html.unescape(value) for name, value in hidden}
    action = urljoin(url, html.unescape(form[1]))
    return _ask(action, {**fields, "username": "hanako", "password": password})[0]


def _ask(url: str, form: dict[str, str] | None = None) -> tuple[str, str]:
    """Return where a request is sent on to (else its own address), and the page (empty with a redirect)."""
    parts = urlsplit(url)
    connection: HTTPConnection = HTTPConnection(parts.netloc, timeout=30)
    if parts.scheme == "https":  # what the environment trusts
        context = ssl.create_default_context(cafile=os.environ["AWS_CA_BUNDLE"])
        connection = HTTPSConnection(parts.netloc, timeout=30, context=context)
    try:
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if form is not None else {}
        body = urlencode(form) if form is not None else None
        target = f"{parts.path}?{parts.query}"
        connection.request("POST" if form is not None else "GET", target, body, headers)
        answer = connection.getresponse()
        page = answer.read().decode()
        location = answer.headers["Location"]
        return (urljoin(url, location), "") if location else (url, page)
    finally:
        connection.close()


def query(url: str) -> dict[str, str]:
    """Return the parameters of an address's query."""
    return dict(parse_qsl(urlsplit(url).query))
