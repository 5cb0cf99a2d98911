"""Getting a token with keys in a burst, held down, or pressed while something else is read: nothing is sent twice, and
nothing goes where it does not belong."""

import asyncio
import threading

import pytest
from textual.events import Key
from textual.widgets import Input

from cogwizard.login import Login
from cogwizard.ui.sandbox import SandboxList
from cogwizard.ui.signin.challenge import Challenged
from cogwizard.ui.signin.flows import Flows
from cogwizard.ui.signin.form import Form
from cogwizard.ui.signin.page import SignIn
from cogwizard.ui.signin.password import ChangePassword
from cogwizard.ui.signin.result import Result
from cogwizard.ui.signin.where import Where
from tests.ui.driver import Driver, drive
from tests.ui.signin_kit import NEW_PASSWORD, PASSWORD, account, at, open_flows, open_form, page

LOUD = "\x1b[2J\x1b]0;x\x07\u202e"


def burst(wizard: Driver, *keys: str) -> None:
    """Send keys as a terminal does: nobody waits for what the one before did."""
    for key in keys:
        wizard.app.post_message(Key(key, None))


@pytest.mark.parametrize("times", [2, 3, 5])
def test_escape_in_a_burst(times: int) -> None:
    """Goes back through what is behind, and leaves the page once."""
    with account() as place:

        async def script(wizard: Driver) -> None:
            below = wizard.app.screen
            await open_flows(wizard)
            burst(wizard, *["escape"] * times)
            await wizard.until(lambda: wizard.app.screen is below, "the screen before")

        drive(script, session=place.session(), size=(80, 24))


@pytest.mark.parametrize("flow", ["password", "browser"])
def test_f5_held_down(flow: str) -> None:
    """Does not act on a stage that is being drawn, and does not go on to what nobody has seen."""
    with account() as place:

        async def script(wizard: Driver) -> None:
            await open_form(wizard, flow)
            if flow == "password":
                await wizard.press(*PASSWORD)
            for _ in range(20):
                burst(wizard, "f5")
                await asyncio.sleep(0.01)
            await wizard.until(lambda: not page(wizard).is_busy and not wizard.app.screen.query(Form), "the end")
            assert wizard.app.session.given.token == ""
            assert place.asked("InitiateAuth") == (flow == "password")

        drive(script, session=place.session(), size=(80, 24))


def test_enter_twice() -> None:
    """A choice is answered once, and a refresh token is sent once."""
    with account() as place:
        place.pool.settings["MfaConfiguration"] = "ON"
        place.user.mfa = ["SOFTWARE_TOKEN_MFA", "SMS_MFA"]
        place.user.totp_secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
        place.user.attributes["phone_number"] = "+81900000000"

        async def script(wizard: Driver) -> None:
            await open_form(wizard, "password")
            await wizard.press(*PASSWORD, "f5")
            await at(wizard, Challenged)
            burst(wizard, "enter", "enter")
            await wizard.until(lambda: wizard.app.screen.query("#line-ask-0") and not page(wizard).is_busy, "a code")
            assert place.asked("RespondToAuthChallenge") == 1

        drive(script, session=place.session(), size=(80, 24))
    with account() as place:

        async def again(wizard: Driver) -> None:
            await open_form(wizard, "password")
            await wizard.press(*PASSWORD, "f5")
            await at(wizard, Result)
            await wizard.press("escape")
            await at(wizard, Form)
            await wizard.press("escape")
            await at(wizard, Flows)
            await wizard.press("home")
            assert wizard.app.screen.query_one(Flows).highlighted.flow == "refresh"
            burst(wizard, "enter", "enter")
            await at(wizard, Result)
            assert place.asked("InitiateAuth") == 2

        drive(again, session=place.session(), size=(80, 24))


def test_tokens_stay_out_of_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of a sign-in that ends while the sandbox is read wait on the page that asked for them."""
    sent, gate, start = threading.Event(), threading.Event(), Login.start

    def slow(login: Login, password: str) -> bool:
        done = start(login, password)
        sent.set()
        gate.wait(20)
        return done

    monkeypatch.setattr(Login, "start", slow)
    with account() as place:

        async def script(wizard: Driver) -> None:
            session = wizard.app.session
            await open_form(wizard, "password")
            asked = page(wizard)
            await wizard.press(*PASSWORD, "f5")
            await wizard.until(sent.is_set, "sent")
            wizard.app.action_open_sandbox("token-expired")
            await wizard.judged()
            gate.set()
            await wizard.until(lambda: asked._held, "the answer")
            assert session.signing is None
            assert session.remembered.user_pool_id is None
            await wizard.press("g")
            await at(wizard, Where)
            assert page(wizard) is not asked
            assert not wizard.app.screen.query("#last")
            await wizard.app._back_to(SandboxList)
            await wizard.press("escape")
            await at(wizard, Result)
            assert page(wizard) is asked
            assert session.signing is asked.signing
            assert asked.signing.tokens

        drive(script, session=place.session(), size=(80, 24))


def test_what_aws_names_is_inert() -> None:
    """A scope that a terminal would act on is left out; in an id, what it would act on is."""
    with account(AllowedOAuthScopes=["openid", f"crew/{LOUD}"]) as place:

        async def script(wizard: Driver) -> None:
            await open_form(wizard, "browser")
            line = wizard.app.screen.query_one("#line-scopes", Input)
            assert line.value == "openid"
            line.value = f"crew{LOUD}"
            assert line.value == "crew[2J]0;x"

        drive(script, session=place.session(), size=(80, 24))


def test_one_app_client_at_a_time() -> None:
    """What is typed while another one is read is not signed in to; the page that is open is gone back to."""
    with account() as place:
        other, session, gate = place.pool.add_client("batch"), place.session(), threading.Event()
        answers = session.ports.answers

        def slow(reads):  # type: ignore[no-untyped-def]
            gate.wait(20)
            return answers(reads)

        session.ports.answers = slow  # type: ignore[method-assign]

        async def script(wizard: Driver) -> None:
            wizard.app.action_get_token()
            await at(wizard, Where)
            opened = page(wizard)
            await wizard.press("f5")
            wizard.app.screen.query_one("#line-client_id", Input).value = other.id
            await wizard.pilot.pause()
            gate.set()
            await at(wizard, Flows)
            assert opened.signing.client_id == opened.login.order.client_id == place.client.id
            wizard.app.action_vault()
            await wizard.until(lambda: wizard.app.screen is not opened, "the vault")
            wizard.app.action_get_token()
            await at(wizard, Flows)
            assert page(wizard) is opened
            assert sum(isinstance(screen, SignIn) for screen in wizard.app.screen_stack) == 1

        drive(script, session=session, size=(80, 24))


def test_a_password_is_changed_behind_a_closed_dialog(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told all the same, and until then no second one is opened."""
    gate, change = threading.Event(), Login.change_password

    def slow(login: Login, old: str, new: str) -> bool:
        gate.wait(20)
        return change(login, old, new)

    monkeypatch.setattr(Login, "change_password", slow)
    with account() as place:

        async def script(wizard: Driver) -> None:
            await open_form(wizard, "password")
            await wizard.press(*PASSWORD, "f5")
            await at(wizard, Result)
            wizard.app.screen.query_one("#change").focus()
            await wizard.press("enter")
            await wizard.until(lambda: isinstance(wizard.app.screen, ChangePassword), "the dialog")
            for text in (PASSWORD, NEW_PASSWORD, NEW_PASSWORD):
                await wizard.press(*text, "enter")
            await wizard.press("escape")
            await at(wizard, Result)
            wizard.app.screen.query_one("#change").focus()
            await wizard.press("enter")
            assert isinstance(wizard.app.screen, SignIn)
            gate.set()
            changed = wizard.app.session.texts.screen("signin", "changed")
            await wizard.until(lambda: changed in wizard.text(), "what became of it")
            assert place.asked("ChangePassword") == 1

        drive(script, session=place.session(), size=(80, 24))
