"""Signing in in the browser from the wizard: the listener, the pasted redirect, and what is said without a desktop."""

import asyncio
import socket
import urllib.request
from urllib.parse import urlsplit

import pytest

from cogwizard.ui.signin import browser
from cogwizard.ui.signin.browser import Browse
from cogwizard.ui.signin.findings import Findings
from cogwizard.ui.signin.form import Form
from cogwizard.ui.signin.result import Result
from cogwizard.ui.widgets.secret import SecretLine
from cogwizard.ui.widgets.value import Value
from tests.ui.driver import Driver, drive
from tests.ui.signin_kit import SECRET, Account, account, at, leaks, open_form, page, seen


@pytest.fixture(autouse=True)
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A desktop whose browser takes every address; returns what it was given."""
    found: list[str] = []
    monkeypatch.setattr(browser, "why_not", lambda: None)

    def take(url: str) -> bool:
        found.append(url)
        return True

    monkeypatch.setattr(browser, "open_browser", take)
    return found


def is_free(place: Account) -> bool:
    """Whether nobody listens at the callback."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", urlsplit(place.callback).port or 0)) != 0


async def at_the_address(wizard: Driver, flow: str = "browser") -> str:
    """Go on to the address to open, and return it."""
    await open_form(wizard, flow)
    await wizard.press("f5")
    await at(wizard, Browse)
    url = wizard.app.screen.query_one("#url", Value).text
    assert urlsplit(url).path == "/oauth2/authorize"
    return url


@pytest.mark.parametrize("secret", [None, SECRET])
def test_the_listener_takes_the_way_back(opened: list[str], secret: str | None) -> None:
    """One key opens the browser; its way back ends in tokens, and nothing listens any more."""
    with account(secret=secret) as place:

        async def script(wizard: Driver) -> None:
            url = await at_the_address(wizard)
            assert not is_free(place)
            await wizard.press("o")
            await wizard.until(lambda: opened == [url], "the browser")
            end = await asyncio.to_thread(place.browser, url)
            answer = await asyncio.to_thread(lambda: urllib.request.urlopen(end, timeout=5).read())
            assert wizard.app.session.texts.screen("login", "page signed in").encode() in answer
            await at(wizard, Result)
            code = end.partition("code=")[2].partition("&")[0]
            assert leaks(wizard, code) == []
            await wizard.until(lambda: is_free(place), "the port")

        drive(script, session=place.session(), size=(80, 24))


def test_the_way_back_is_pasted() -> None:
    """Also while it is waited for. It is masked at once; what is no answer is said, and nothing is sent for it."""
    with account() as place:

        async def script(wizard: Driver) -> None:
            url = await at_the_address(wizard)
            end = await asyncio.to_thread(place.browser, url)
            code = end.partition("code=")[2].partition("&")[0]
            line = wizard.app.screen.query_one("#line-redirect", SecretLine)
            line.focus()
            await wizard.paste(end.replace("state=", "state=x"))
            assert code not in wizard.text()
            await wizard.press("enter")
            assert line.value == ""
            assert place.asked("Token") == 0
            assert "state" in seen(wizard)
            await wizard.paste(end)
            assert line.value == end
            assert code not in wizard.text()
            await wizard.press("enter")
            await at(wizard, Result)
            assert place.asked("Token") == 1
            assert leaks(wizard, code) == []
            await wizard.until(lambda: is_free(place), "the port")

        drive(script, session=place.session(), size=(80, 24))


def test_leaving_closes_the_listener() -> None:
    """By esc; and when the whole wizard is left."""
    with account() as place:

        async def script(wizard: Driver) -> None:
            await at_the_address(wizard)
            assert not is_free(place)
            await wizard.press("escape")
            await at(wizard, Form)
            await wizard.until(lambda: is_free(place), "the port")
            await wizard.press("f5")
            await at(wizard, Browse)
            assert not is_free(place)
            await wizard.app.action_home()
            await wizard.until(lambda: is_free(place), "the port")

        drive(script, session=place.session(), size=(80, 24))


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("obstacle", ["ssh", "wsl", "no-display"])
def test_without_a_desktop(monkeypatch: pytest.MonkeyPatch, opened: list[str], obstacle: str, lang: str) -> None:
    """Why no browser is opened, over SSH the tunnel; the address can be copied, and nothing opens it."""
    monkeypatch.setattr(browser, "why_not", lambda: obstacle)
    with account() as place:

        async def script(wizard: Driver) -> None:
            await at_the_address(wizard)
            assert wizard.app.screen.query_one("#url").has_focus
            assert wizard.app.session.texts.screen("login", f"no browser {obstacle}") in seen(wizard)
            assert ("ssh -L" in seen(wizard)) == (obstacle == "ssh")
            await wizard.press("o")
            assert not wizard.app.screen.query("#open")
            assert opened == []

        drive(script, session=place.session(lang), size=(80, 24), lang=lang)


def test_a_port_that_is_taken_leaves_the_paste() -> None:
    """It is said, and the redirect is pasted."""
    with account() as place, socket.create_server(("127.0.0.1", urlsplit(place.callback).port or 0)):

        async def script(wizard: Driver) -> None:
            url = await at_the_address(wizard)
            assert wizard.app.session.texts.screen("login", "cannot listen busy") in seen(wizard)
            end = await asyncio.to_thread(place.browser, url)
            wizard.app.screen.query_one("#line-redirect").focus()
            await wizard.paste(end)
            await wizard.press("f5")
            await at(wizard, Result)

        drive(script, session=place.session(), size=(80, 24))


def test_tokens_of_the_implicit_grant_are_pasted() -> None:
    """Nothing listens: a fragment reaches no server. The tokens are masked while they stand in the line."""
    with account() as place:

        async def script(wizard: Driver) -> None:
            url = await at_the_address(wizard, "implicit")
            assert is_free(place)
            end = await asyncio.to_thread(place.browser, url)
            assert "#" in end
            wizard.app.screen.query_one("#line-redirect").focus()
            await wizard.paste(end)
            assert "eyJ" not in wizard.text()
            await wizard.press("enter")
            await at(wizard, Result)
            assert leaks(wizard) == []
            assert "refresh" not in " ".join(kind for kind in seen(wizard).split() if kind.startswith("refresh-token"))

        drive(script, session=place.session(), size=(80, 24))


def test_a_callback_that_is_not_registered_is_a_finding() -> None:
    """The page at which the browser ends is pasted; its error is explained."""
    with account() as place:

        async def script(wizard: Driver) -> None:
            url = await at_the_address(wizard)
            base = url.partition("/oauth2")[0]
            wizard.app.screen.query_one("#line-redirect").focus()
            await wizard.paste(f"{base}/error?error=redirect_mismatch&client_id={place.client.id}")
            await wizard.press("enter")
            await at(wizard, Findings)
            assert page(wizard).panel.codes[0] == "redirect-mismatch"

        drive(script, session=place.session(), size=(80, 24))


def test_a_price_is_asked_first() -> None:
    """Client credentials: no is the answer that has the focus; yes gets a token, once."""
    settings = {"AllowedOAuthFlows": ["client_credentials"], "AllowedOAuthScopes": ["crew/read"], "CallbackURLs": []}
    with account(secret=SECRET, **settings) as place:

        async def script(wizard: Driver) -> None:
            await open_form(wizard, "client-credentials")
            await wizard.press("f5")
            await wizard.until(lambda: wizard.app.screen.query("#no"), "the question")
            await wizard.press("enter")
            await at(wizard, Form)
            assert place.asked("Token") == 0
            await wizard.press("f5")
            await wizard.until(lambda: wizard.app.screen.query("#no"), "the question")
            await wizard.press("y")
            await at(wizard, Result)
            assert place.asked("Token") == 1
            assert leaks(wizard, SECRET) == []

        drive(script, session=place.session(), size=(80, 24))
