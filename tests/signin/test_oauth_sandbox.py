"""The OAuth flows from end to end: the sandbox's login pages, a listener or a paste, the token endpoint."""

import random
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from cogwizard.aws.reader import AwsReader
from cogwizard.aws.session import Clients, Settings
from cogwizard.aws.signin import Refused
from cogwizard.intake.errors import BadInput
from cogwizard.model.attempt import Refusal
from cogwizard.model.pool import Pool
from cogwizard.model.read_cognito import DescribeUserPool
from cogwizard.model.token import read_token
from cogwizard.model.tokens import Tokens
from cogwizard.sandbox import Client, Sandbox, World
from cogwizard.signin.callback import listenable
from cogwizard.signin.domain import base_url_for
from cogwizard.signin.loopback import Listener, Page
from cogwizard.signin.oauth import AuthorizeRequest, TokenEndpoint, authorize_request
from cogwizard.signin.redirect import Code, read_redirect

pytestmark = pytest.mark.usefixtures("own_home", "aws_keys")

PASSWORD = "C4nary-Passw0rd!"
SECRET = "c4narysecret" * 3
SCOPES = ("openid", "shop/read")
NOW = 1_800_000_000.0
PAGE = Page("en", "cogwizard", "You are signed in.", "The sign-in was refused.", "Not ours.")


@dataclass
class Site:
    """A running sandbox with a pool that has a domain, user hanako, and clients: public, with a secret, a machine's."""

    sandbox: Sandbox
    callback: str
    base: str = ""
    clients: Clients = field(init=False)
    public: Client = field(init=False)
    confidential: Client = field(init=False)
    machine: Client = field(init=False)

    def endpoint(self, client: Client) -> TokenEndpoint:
        return TokenEndpoint(self.base, self.clients, client.id, client.secret)

    def request(self, client: Client, **changes: object) -> AuthorizeRequest:
        asked = {"redirect_uri": self.callback, "scopes": SCOPES, **changes}
        return authorize_request(self.base, client.id, **asked)  # type: ignore[arg-type]


def free_port() -> int:
    """Return a port that is free, below those that the system itself hands out."""
    for _ in range(100):
        number = random.randrange(20_000, 32_000)
        try:
            with socket.create_server(("127.0.0.1", number)):
                return number
        except OSError:
            continue
    raise AssertionError("no port is free")


@pytest.fixture
def site() -> Iterator[Site]:
    callback = f"http://localhost:{free_port()}/callback"
    world = World()
    pool = world.add_pool("shop")
    pool.settings["Domain"] = "shop"
    pool.add_user("hanako", PASSWORD)
    user_flows: dict[str, Any] = {
        "AllowedOAuthFlows": ["code", "implicit"],
        "AllowedOAuthScopes": list(SCOPES),
        "AllowedOAuthFlowsUserPoolClient": True,
        "CallbackURLs": ["https://app.example.com/cb", callback],
    }
    machine = {**user_flows, "AllowedOAuthFlows": ["client_credentials"], "AllowedOAuthScopes": ["shop/read"]}
    with Sandbox(world) as sandbox:
        made = Site(sandbox, callback)
        made.clients = Clients(Settings(endpoint_url=sandbox.url, region=pool.region, timeout=30))
        made.public = pool.add_client("web", **user_flows)
        made.confidential = pool.add_client("server", secret=SECRET, **user_flows)
        made.machine = pool.add_client("machine", secret=SECRET, **machine)
        read = AwsReader(made.clients).run(DescribeUserPool(pool.region, pool.id))
        assert isinstance(read, Pool)
        made.base = base_url_for(made.clients, read, pool.region) or ""
        assert made.base == sandbox.url
        yield made


def ask(url: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
    """Ask as a browser does, without following. Returns status, Location and page."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=10)
    try:
        body = urlencode(form) if form is not None else None
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if form is not None else {}
        connection.request("POST" if form is not None else "GET", f"{parts.path}?{parts.query}", body, headers)
        answer = connection.getresponse()
        return answer.status, answer.headers["Location"] or "", answer.read().decode()
    finally:
        connection.close()


def sign_in(url: str) -> str:
    """Sign hanako in at an authorize URL; return the address to which the browser is sent in the end."""
    status, location, _ = ask(url)
    assert status == 302
    if urlsplit(location).path != "/login":
        return location
    status, location, page = ask(location, {"username": "hanako", "password": PASSWORD})
    assert status == 302, page
    return location


def refused(endpoint: TokenEndpoint, request: AuthorizeRequest, code: str) -> Refusal:
    with pytest.raises(Refused) as caught:
        endpoint.redeem(request, code)
    return caught.value.refusal


@pytest.mark.parametrize("name", ["public", "confidential"])
def test_a_browser_and_the_listener(site: Site, name: str) -> None:
    client: Client = getattr(site, name)
    chosen = listenable(client.settings["CallbackURLs"])
    assert chosen == site.callback
    request = site.request(client, redirect_uri=chosen)
    with Listener(request, PAGE) as listener:
        status, _, page = ask(sign_in(request.url))
        found = listener.wait(30)
    assert (status, "You are signed in." in page) == (200, True)
    assert isinstance(found, Code)
    tokens = site.endpoint(client).redeem(request, found.value)
    access = read_token(tokens.access_token or "")
    assert read_token(tokens.id_token or "").kind == "id-token"
    assert access.kind == "access-token"
    assert set(str(access.claims["scope"]).split()) == set(SCOPES)
    assert tokens.refresh_token
    assert tokens.expires_in > 0


def test_a_pasted_redirect(site: Site) -> None:
    request = site.request(site.public, redirect_uri="https://app.example.com/cb")
    address = sign_in(request.url)
    found = read_redirect(f"it says\n<{address}>", request, NOW)
    assert isinstance(found, Code)
    assert site.endpoint(site.public).redeem(request, found.value).id_token
    # The code is spent, and says so.
    assert refused(site.endpoint(site.public), request, found.value).error == "invalid_grant"
    # Pasted into another sign-in, it is not even tried.
    with pytest.raises(BadInput, match="redirect-state-wrong"):
        read_redirect(address, site.request(site.public, redirect_uri="https://app.example.com/cb"), NOW)


def test_the_pages_before_the_end(site: Site) -> None:
    request = site.request(site.public)
    _, login, _ = ask(request.url)
    with pytest.raises(BadInput, match="redirect-too-early"):
        read_redirect(login, request, NOW)


def test_the_implicit_grant(site: Site) -> None:
    request = site.request(site.public, implicit=True)
    found = read_redirect(sign_in(request.url), request, NOW)
    assert isinstance(found, Tokens)
    assert read_token(found.id_token or "").kind == "id-token"
    assert (found.refresh_token, found.expires_in, found.obtained_at) == (None, 3600, NOW)


def test_what_the_authorize_endpoint_refuses(site: Site) -> None:
    mismatch = site.request(site.public, redirect_uri=f"{site.callback}/")
    _, location, _ = ask(mismatch.url)
    assert read_redirect(location, mismatch, NOW) == Refusal("authorize", "redirect_mismatch", "", 400)
    scope = site.request(site.public, scopes=("openid", "shop/all"))
    expected = Refusal("authorize", "invalid_request", "invalid_scope", 302)
    assert read_redirect(ask(scope.url)[1], scope, NOW) == expected
    grant = site.request(site.machine)
    with Listener(grant, PAGE) as listener:
        _, _, page = ask(ask(grant.url)[1])
        assert listener.wait(30) == Refusal("authorize", "unauthorized_client", "", 302)
    assert "The sign-in was refused." in page


def test_what_the_token_endpoint_refuses(site: Site) -> None:
    def code_for(request: AuthorizeRequest) -> str:
        found = read_redirect(sign_in(request.url), request, NOW)
        assert isinstance(found, Code)
        return found.value

    request = site.request(site.public)
    verifier = replace(request, verifier="v" * 64)
    assert refused(site.endpoint(site.public), verifier, code_for(request)).error == "invalid_grant"
    without = replace(request, verifier=None)
    assert refused(site.endpoint(site.public), without, code_for(request)).error == "invalid_request"
    elsewhere = replace(request, redirect_uri=f"{site.callback}/")
    assert refused(site.endpoint(site.public), elsewhere, code_for(request)).error == "unauthorized_client"
    request = site.request(site.confidential)
    for secret in (None, "wrong" * 6, "with+plus" * 3):
        endpoint = TokenEndpoint(site.base, site.clients, site.confidential.id, secret)
        found = refused(endpoint, request, code_for(request))
        assert (found.error, found.status, found.reason) == ("invalid_client", 400, None)


def test_a_secret_with_a_plus(site: Site) -> None:
    """One that the owner chose: it goes into the form, and comes out as it is."""
    pool = next(iter(site.sandbox.world.pools.values()))
    machine = pool.add_client("chosen", secret="chosen+secret" * 3, **site.machine.settings)
    tokens = site.endpoint(machine).client_credentials(["shop/read"])
    assert tokens.access_token


def test_client_credentials(site: Site) -> None:
    tokens = site.endpoint(site.machine).client_credentials(["shop/read"])
    access = read_token(tokens.access_token or "")
    assert (access.kind, access.claims["scope"], tokens.id_token, tokens.refresh_token) == (
        "access-token",
        "shop/read",
        None,
        None,
    )
    with pytest.raises(Refused) as caught:
        site.endpoint(site.machine).client_credentials(["openid"])
    assert caught.value.refusal.error == "invalid_scope"
    with pytest.raises(Refused) as caught:
        site.endpoint(site.confidential).client_credentials(["shop/read"])
    assert caught.value.refusal.error == "unauthorized_client"


@pytest.mark.parametrize("name", ["public", "confidential"])
def test_refresh(site: Site, name: str) -> None:
    client: Client = getattr(site, name)
    endpoint, request = site.endpoint(client), site.request(client)
    found = read_redirect(sign_in(request.url), request, NOW)
    assert isinstance(found, Code)
    held = endpoint.redeem(request, found.value)
    newer = held.refreshed(endpoint.refresh(held.refresh_token or ""))
    assert newer.id_token
    assert newer.refresh_token == held.refresh_token
    with pytest.raises(Refused) as caught:
        endpoint.refresh(f"{held.refresh_token}x")
    assert (caught.value.refusal.operation, caught.value.refusal.error) == ("token", "invalid_grant")


def test_a_pool_without_a_domain(site: Site) -> None:
    pool = next(iter(site.sandbox.world.pools.values()))
    del pool.settings["Domain"]
    read = AwsReader(site.clients).run(DescribeUserPool(pool.region, pool.id))
    assert base_url_for(site.clients, read, pool.region) is None
