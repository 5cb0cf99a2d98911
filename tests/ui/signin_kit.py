"""What the tests of signing in inside the wizard share: an account of its own, a browser, and a look for secrets."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

from textual.widgets import Input, TextArea

from cogwizard.aws.session import Settings
from cogwizard.sandbox import Client, Pool, Sandbox, User, World
from cogwizard.sandbox.environment import KEYS, REGION
from cogwizard.text import Texts
from cogwizard.ui.session import Session
from cogwizard.ui.signin.page import SignIn
from cogwizard.ui.signin.panel import Panel
from cogwizard.ui.signin.state import Purpose, Signing
from cogwizard.vault import Vault
from tests.ui.driver import Driver
from tests.vault.rings import MemoryRing, chosen

PASSWORD = "Canary-Passw0rd-1"
NEW_PASSWORD = "Canary-Passw0rd-2"
SECRET = "canarysecret" * 4
FLOWS = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


class Account:
    """A pool with the user hanako and one app client; `sandbox` serves it."""

    def __init__(self, sandbox: Sandbox, *, secret: str | None = None, **settings: Any) -> None:
        """`settings`: of the app client, as AWS names them."""
        self.sandbox = sandbox
        self.world: World = sandbox.world
        self.callback = f"http://localhost:{free_port()}/callback"
        self.pool: Pool = self.world.add_pool("crew", settings={"Domain": "crew"})
        told: dict[str, Any] = {
            "ExplicitAuthFlows": FLOWS,
            "AllowedOAuthFlowsUserPoolClient": True,
            "AllowedOAuthFlows": ["code", "implicit"],
            "AllowedOAuthScopes": ["openid", "crew/read"],
            "CallbackURLs": [self.callback],
            **settings,
        }
        self.client: Client = self.pool.add_client("web", secret=secret, **told)
        self.user: User = self.pool.add_user("hanako", PASSWORD)

    def session(self, lang: str = "en", *, keys: tuple[str, str] | None = KEYS) -> Session:
        """Return a session that reads this account, with the app client known; its vault is a keyring in memory."""
        made = Session(Texts(lang), Settings(None, REGION, self.sandbox.url, 5.0, keys))
        made.signing = Signing(self.pool.id, REGION, self.client.id, username="hanako")
        made._vault = Vault(choose=chosen(MemoryRing()))
        return made

    def asked(self, operation: str) -> int:
        """Return how often an operation was asked for."""
        return sum(name == operation for _, name, _ in self.sandbox.requests)

    def browser(self, url: str, password: str = PASSWORD) -> str:
        """Sign in at an authorize URL as a browser does; return the address at which it ends."""
        query = urlsplit(url).query
        connection = HTTPConnection(urlsplit(self.sandbox.url).netloc, timeout=5)
        try:
            form = urlencode({"username": "hanako", "password": password})
            head = {"Content-Type": "application/x-www-form-urlencoded"}
            connection.request("POST", f"/login?{query}", form, head)
            answer = connection.getresponse()
            answer.read()
            return str(answer.headers["Location"])
        finally:
            connection.close()


@contextmanager
def account(*, secret: str | None = None, **settings: Any) -> Iterator[Account]:
    """Serve an account. `settings`: of its app client."""
    with Sandbox(World()) as sandbox:
        yield Account(sandbox, secret=secret, **settings)


def page(wizard: Driver) -> SignIn:
    """Return the sign-in page, where it is shown."""
    assert isinstance(wizard.app.screen, SignIn), wizard.text()
    return wizard.app.screen


async def at(wizard: Driver, kind: type[Panel]) -> None:
    """Wait for a stage, with the focus in it."""

    def is_there() -> bool:
        screen = wizard.app.screen
        return isinstance(screen, SignIn) and bool(screen.query(kind)) and bool(screen.focused) and not screen.is_busy

    await wizard.until(is_there, kind.__name__)


async def open_flows(wizard: Driver, purpose: Purpose | None = None) -> None:
    """Open the page and go on to the flows, with real keys."""
    from cogwizard.ui.signin.flows import Flows
    from cogwizard.ui.signin.where import Where

    wizard.app.push_screen(SignIn(purpose))
    await at(wizard, Where)
    await wizard.press("enter")
    await at(wizard, Flows)


async def open_form(wizard: Driver, flow: str, purpose: Purpose | None = None) -> None:
    """Go on to the form of a flow: down in the list, then enter."""
    from cogwizard.ui.signin.flows import Flows
    from cogwizard.ui.signin.form import Form

    await open_flows(wizard, purpose)
    flows = [offer.flow for offer in wizard.app.screen.query_one(Flows).offers]
    await wizard.press(*["down"] * flows.index(flow), "enter")  # type: ignore[arg-type]
    await at(wizard, Form)


def seen(wizard: Driver) -> str:
    """Return all that could be seen or copied now: the screen, what stands in every line, and each screen below."""
    found = [wizard.text()]
    for screen in wizard.app.screen_stack:
        for widget in screen.query("*"):
            if isinstance(widget, Input):
                found.append(widget.value)
            if isinstance(widget, TextArea):
                found.append(widget.text)
            found.append(str(getattr(widget, "text", "")))
            found.append(str(getattr(widget, "copyable", "") or ""))
    return "\n".join(found)


def tokens_of(session: Session) -> list[str]:
    """Return the texts of the tokens of the last sign-in."""
    tokens = session.signing.tokens if session.signing else None
    return [text for text in (tokens.id_token, tokens.access_token, tokens.refresh_token) if text] if tokens else []


def leaks(wizard: Driver, *secrets: str) -> list[str]:
    """Return which secrets can be seen: whole, or the first half of one, with the line breaks taken out."""
    text = "".join(seen(wizard).split())
    wanted = [*secrets, *tokens_of(wizard.app.session)]
    return [secret for secret in wanted if secret[: max(12, len(secret) // 2)] in text]
