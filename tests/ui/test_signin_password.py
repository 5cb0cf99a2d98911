"""Signing in with a password inside the wizard: what is shown before, what is refused, what is held afterwards."""

import asyncio

import pytest

from cogwizard.text import LANGUAGES
from cogwizard.ui.explain import Explain
from cogwizard.ui.signin.findings import Findings
from cogwizard.ui.signin.flows import Flows
from cogwizard.ui.signin.form import Form
from cogwizard.ui.signin.page import SignIn
from cogwizard.ui.signin.result import Result
from cogwizard.ui.signin.where import Where
from cogwizard.ui.widgets.mend import MendBox
from cogwizard.ui.widgets.secret import SecretLine
from tests.ui.driver import Driver, drive
from tests.ui.signin_kit import NEW_PASSWORD, PASSWORD, SECRET, account, at, leaks, open_flows, open_form, page, seen


@pytest.mark.parametrize("secret", [None, SECRET])
@pytest.mark.parametrize(("flow", "operation"), [("password", "InitiateAuth"), ("srp", "RespondToAuthChallenge")])
def test_a_user_signs_in(flow: str, operation: str, secret: str | None) -> None:
    """With real keys from the app client to the tokens; one is put into the session with what it came by."""
    with account(secret=secret) as place:

        async def script(wizard: Driver) -> None:
            await open_form(wizard, flow)
            assert not wizard.app.screen.query("#line-secret")  # the app client's own is known
            await wizard.press(*PASSWORD)
            assert "*" * len(PASSWORD) in wizard.text()
            assert PASSWORD not in wizard.text()
            await wizard.press("enter")
            await at(wizard, Result)
            assert leaks(wizard, PASSWORD, SECRET) == []
            assert place.asked(operation) == 1
            await wizard.press("f5")
            given = wizard.app.session.given
            assert given.signed_in is not None
            assert given.token == given.signed_in.id_token
            assert given.other_token == given.signed_in.access_token
            assert given.signed_in.refresh_token
            assert given.order is not None
            assert (given.order.flow, given.order.client_id) == ("refresh", place.client.id)

        drive(script, session=place.session(), size=(80, 24))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_wrong_password_is_a_finding(lang: str) -> None:
    """It is explained with its code; it was sent once, stands nowhere any more, and the user name is still there."""
    wrong = "Canary-Wrong-0"
    with account() as place:

        async def script(wizard: Driver) -> None:
            texts = wizard.app.session.texts
            await open_form(wizard, "password")
            await wizard.press(*wrong)
            await wizard.press("f5")
            await at(wizard, Findings)
            assert page(wizard).panel.codes[0] == "wrong-credentials"
            assert texts.screen("signin", "lock-out")[:12] in seen(wizard)
            assert wizard.app.screen.query(MendBox)
            assert leaks(wizard, wrong) == []
            await wizard.press("e")
            assert isinstance(wizard.app.screen, Explain)
            await wizard.press("escape", "escape")
            await at(wizard, Form)
            screen = wizard.app.screen
            assert screen.query_one("#line-password", SecretLine).value == ""
            assert wizard.app.session.signing is not None
            assert wizard.app.session.signing.username == "hanako"
            assert place.asked("InitiateAuth") == 1
            assert place.user.failures == 1
            assert leaks(wizard, wrong) == []

        drive(script, session=place.session(lang), size=(80, 24), lang=lang)


def test_a_flow_that_is_off_is_not_tried() -> None:
    """Its setting and its remedy are shown; enter explains it, and nothing is sent."""
    with account(ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH"]) as place:

        async def script(wizard: Driver) -> None:
            await open_flows(wizard)
            flows = wizard.app.screen.query_one(Flows)
            names = [offer.flow for offer in flows.offers]
            assert names[0] == "srp"
            await wizard.press(*["down"] * names.index("password"))
            await wizard.until(lambda: flows.query(MendBox), "the remedy")
            assert "ExplicitAuthFlows" in seen(wizard)
            assert "ALLOW_USER_PASSWORD_AUTH" in seen(wizard)
            await wizard.press("enter")
            await at(wizard, Findings)
            assert page(wizard).panel.codes[0] == "auth-flow-not-enabled"
            assert place.asked("InitiateAuth") == 0
            await wizard.press("f5")
            await at(wizard, Flows)

        drive(script, session=place.session(), size=(100, 60))


def test_a_service_that_hangs_is_left() -> None:
    """The interface goes on; esc stops waiting, and a second sign-in is another one. The late answer is dropped."""
    with account() as place:
        place.sandbox.denied["InitiateAuth"] = "hang"

        async def script(wizard: Driver) -> None:
            await open_form(wizard, "password")
            await wizard.press(*PASSWORD, "enter")
            await wizard.until(lambda: page(wizard).is_busy and place.asked("InitiateAuth") == 1, "it hangs")
            assert leaks(wizard, PASSWORD) == []
            await wizard.press("ctrl+l")  # the interface goes on
            await wizard.until(lambda: wizard.app.session.texts.lang == "ja", "the other language")
            await wizard.press("escape")
            assert not page(wizard).is_busy
            assert wizard.app.session.texts.screen("signin", "cancelled") in wizard.text()
            await at(wizard, Form)
            place.sandbox.denied.clear()
            await wizard.press(*PASSWORD, "f5")
            await at(wizard, Result)

        drive(script, session=place.session(), size=(80, 24))


def test_what_was_typed_survives_another_language() -> None:
    """Also the password, which has not been sent yet; it is empty when the form is come back to."""
    with account() as place:

        async def script(wizard: Driver) -> None:
            await open_form(wizard, "password")
            await wizard.press(*"abc")
            await wizard.press("ctrl+l")
            line = "#line-password"
            await wizard.until(
                lambda: (
                    wizard.app.session.texts.lang == "ja"
                    and [item.value for item in wizard.app.screen.query(line).results(SecretLine)] == ["abc"]
                ),
                "the password",
            )
            await wizard.press("escape")
            await at(wizard, Flows)
            await wizard.press("enter")
            await at(wizard, Form)
            assert wizard.app.screen.query_one(line, SecretLine).value == ""

        drive(script, session=place.session(), size=(80, 24))


def test_without_aws_credentials() -> None:
    """The app client cannot be read, which is said with its permission; its secret is typed, and the user signs in."""
    with account(secret=SECRET) as place:
        for operation in ("DescribeUserPool", "DescribeUserPoolClient", "AdminGetUser"):
            place.sandbox.denied[operation] = "AccessDeniedException"

        async def script(wizard: Driver) -> None:
            await open_form(wizard, "srp")
            await wizard.press("escape")
            await at(wizard, Flows)
            assert "cognito-idp:DescribeUserPoolClient" in seen(wizard)
            assert all(offer.state != "allowed" for offer in wizard.app.screen.query_one(Flows).offers)
            await wizard.press("enter")
            await at(wizard, Form)
            await wizard.press(*PASSWORD, "enter")
            assert wizard.app.focused is wizard.app.screen.query_one("#line-secret")
            await wizard.press(*SECRET, "enter")
            await at(wizard, Result)
            assert leaks(wizard, PASSWORD, SECRET) == []

        drive(script, session=place.session(), size=(80, 24))


def test_a_secret_comes_from_the_vault() -> None:
    """Its name is picked; it is not shown, and the user signs in with it."""
    with account() as place:
        session = place.session()
        session.vault.save("hanako", "password", PASSWORD)
        session.vault.save("other", "client-secret", SECRET)

        async def script(wizard: Driver) -> None:
            await open_form(wizard, "password")
            wizard.app.screen.query_one("#vault-password").focus()
            await wizard.press("enter")
            await wizard.until(lambda: "hanako" in wizard.text() and not isinstance(wizard.app.screen, SignIn), "names")
            assert "other" not in wizard.text()
            await wizard.press("enter")
            await at(wizard, Form)
            await wizard.until(lambda: wizard.app.screen.query_one("#line-password", SecretLine).value, "the password")
            assert PASSWORD not in wizard.text()
            await wizard.press("f5")
            await at(wizard, Result)
            assert leaks(wizard, PASSWORD, SECRET) == []

        drive(script, session=session, size=(80, 24))


def test_the_password_is_changed() -> None:
    """By the signed-in user: a repetition that differs is not sent, a wrong password of now is refused and said."""
    with account() as place:

        async def typed(wizard: Driver, *texts: str) -> None:
            for text in texts:
                await wizard.press(*text, "enter")

        async def script(wizard: Driver) -> None:
            say = wizard.app.session.texts.screen
            await open_form(wizard, "password")
            await wizard.press(*PASSWORD, "f5")
            await at(wizard, Result)
            wizard.app.screen.query_one("#change").focus()
            await wizard.press("enter")
            await typed(wizard, PASSWORD, NEW_PASSWORD, "Another-1")
            assert say("signin", "not the same").split(".")[0] in seen(wizard)
            assert place.asked("ChangePassword") == 0
            await typed(wizard, "Wrong-Password-1", NEW_PASSWORD, NEW_PASSWORD)
            await wizard.until(lambda: say("signin", "not changed") in seen(wizard), "refused")
            await typed(wizard, PASSWORD, NEW_PASSWORD, NEW_PASSWORD)
            await wizard.until(lambda: say("signin", "changed") in seen(wizard), "changed")
            assert place.user.password == NEW_PASSWORD
            assert leaks(wizard, PASSWORD, NEW_PASSWORD) == []

        drive(script, session=place.session(), size=(80, 24))


def test_tokens_are_kept_and_refreshed() -> None:
    """Saved under a name; the refresh flow takes the token that is held, and asks for nothing."""
    with account() as place:

        async def script(wizard: Driver) -> None:
            await open_form(wizard, "password")
            await wizard.press(*PASSWORD, "f5")
            await at(wizard, Result)
            first = wizard.app.session.signing.tokens  # type: ignore[union-attr]
            wizard.app.screen.query_one("#save").focus()
            await wizard.press("enter")
            await wizard.pilot.pause()
            await wizard.press("ctrl+s")
            await at(wizard, Result)
            held = await asyncio.to_thread(wizard.app.session.vault.read, "tokens")
            assert held.tokens().refresh_token == first.refresh_token  # type: ignore[union-attr]
            await wizard.press("escape")
            await at(wizard, Form)
            await wizard.press("escape")
            await at(wizard, Flows)
            flows = wizard.app.screen.query_one(Flows)
            assert flows.offers[0].flow == "refresh"
            await wizard.press("home", "enter")
            await at(wizard, Result)
            assert wizard.app.session.signing.tokens is not first  # type: ignore[union-attr]
            assert leaks(wizard, PASSWORD) == []
            await wizard.press("escape", "escape")
            await at(wizard, Where)
            wizard.app.screen.query_one("#last").focus()
            await wizard.press("enter")
            await at(wizard, Result)

        drive(script, session=place.session(), size=(80, 24))
