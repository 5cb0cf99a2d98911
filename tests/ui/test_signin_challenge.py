"""Challenges answered inside the wizard: a new password, a code, a choice, the set-up of an authenticator app."""

import json

import pytest
from textual.widgets import OptionList

from cogwizard.sandbox.totp import totp
from cogwizard.signin.challenge import read_challenge
from cogwizard.text import LANGUAGES
from cogwizard.ui.signin.challenge import Challenged, QrCode
from cogwizard.ui.signin.form import Form
from cogwizard.ui.signin.result import Result
from cogwizard.ui.widgets.secret import SecretLine
from tests.ui.driver import Driver, drive
from tests.ui.signin_kit import NEW_PASSWORD, PASSWORD, Account, account, at, leaks, open_form, page, seen

KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


async def sign_in(wizard: Driver) -> Challenged:
    """Send the password, and return the challenge that comes back."""
    await open_form(wizard, "password")
    await wizard.press(*PASSWORD, "enter")
    await at(wizard, Challenged)
    return wizard.app.screen.query_one(Challenged)


async def again(wizard: Driver, before: Challenged) -> Challenged:
    """Return the next challenge."""
    await wizard.until(lambda: wizard.app.screen.query(Challenged) and page(wizard).panel is not before, "another")
    await at(wizard, Challenged)
    return wizard.app.screen.query_one(Challenged)


def test_a_temporary_password_is_changed() -> None:
    """One that breaks the policy is refused with its reason, and another one may be given at once."""
    with account() as place:
        place.user.status = "FORCE_CHANGE_PASSWORD"

        async def script(wizard: Driver) -> None:
            challenged = await sign_in(wizard)
            assert "FORCE_CHANGE_PASSWORD" in seen(wizard)
            await wizard.press(*"canary-short-of", "enter")
            challenged = await again(wizard, challenged)
            assert "Password must have uppercase characters" in " ".join(seen(wizard).split())
            assert leaks(wizard, PASSWORD, "canary-short-of") == []
            await wizard.press(*NEW_PASSWORD, "f5")
            await at(wizard, Result)
            assert place.user.password == NEW_PASSWORD
            assert leaks(wizard, PASSWORD, NEW_PASSWORD) == []

        drive(script, session=place.session(), size=(80, 24))


def test_a_required_attribute_is_asked_for() -> None:
    """It is shown while it is typed, and stands there again after a password that is refused."""
    with account() as place:
        place.user.status = "FORCE_CHANGE_PASSWORD"
        place.pool.settings["SchemaAttributes"] = [{"Name": "name", "Required": True, "Mutable": True}]

        async def script(wizard: Driver) -> None:
            challenged = await sign_in(wizard)
            if len(challenged.challenge.asks) < 2:
                pytest.fail("the sandbox asks for no attribute")
            await wizard.press(*"weak-canary", "enter", *"Hanako", "enter")
            await again(wizard, challenged)
            assert "Hanako" in seen(wizard)
            await wizard.press(*NEW_PASSWORD, "f5")
            await at(wizard, Result)
            assert place.user.attributes["name"] == "Hanako"

        drive(script, session=place.session(), size=(80, 24))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_wrong_code_is_answered_again(lang: str) -> None:
    """Of an authenticator app. The code leaves its line when it is sent."""
    with account() as place:
        place.pool.settings["MfaConfiguration"] = "ON"
        place.user.mfa, place.user.totp_secret = ["SOFTWARE_TOKEN_MFA"], KEY

        async def script(wizard: Driver) -> None:
            challenged = await sign_in(wizard)
            right = totp(KEY, place.world.now())
            await wizard.press(*f"{(int(right) + 1) % 1_000_000:06d}", "enter")
            challenged = await again(wizard, challenged)
            assert challenged._refused
            assert all(line.value == "" for line in wizard.app.screen.query(SecretLine))
            await wizard.press(*totp(KEY, place.world.now()), "enter")
            await at(wizard, Result)

        drive(script, session=place.session(lang), size=(80, 24), lang=lang)


def test_a_second_factor_is_chosen() -> None:
    """From a list of the ways that can be answered here."""
    with account() as place:
        place.pool.settings["MfaConfiguration"] = "ON"
        place.user.mfa, place.user.totp_secret = ["SOFTWARE_TOKEN_MFA", "SMS_MFA"], KEY
        place.user.attributes |= {"phone_number": "+819012345678", "phone_number_verified": "true"}

        async def script(wizard: Driver) -> None:
            challenged = await sign_in(wizard)
            assert challenged.challenge.name == "SELECT_MFA_TYPE"
            assert isinstance(wizard.app.focused, OptionList)
            await wizard.press("down", "enter")
            challenged = await again(wizard, challenged)
            assert challenged.challenge.name == "SMS_MFA"
            assert "5678" in seen(wizard)
            await wizard.press(*place.world.outbox[-1].code, "enter")
            await at(wizard, Result)

        drive(script, session=place.session(), size=(80, 24))


def _set_up(place: Account) -> None:
    place.pool.settings["MfaConfiguration"] = "ON"
    place.pool.settings["EnabledMfas"] = ["SOFTWARE_TOKEN_MFA"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_authenticator_app_is_set_up(lang: str) -> None:
    """The whole picture is on a screen of 80x24, with the key and the line for its code; the key can stand alone."""
    with account() as place:
        _set_up(place)

        async def script(wizard: Driver) -> None:
            challenged = await sign_in(wizard)
            key = challenged.challenge.key
            assert key
            picture = wizard.app.screen.query_one(QrCode)
            shown = picture.region.intersection(challenged.region)
            assert shown.size == picture.region.size, wizard.text()
            assert picture.size.height >= 20
            assert key[:20] in "".join(seen(wizard).split())
            code = wizard.app.screen.query_one(SecretLine)
            assert code.has_focus
            assert code.region.intersection(challenged.region).size == code.region.size, wizard.text()
            await wizard.press("f3")
            assert not picture.display
            await wizard.press(*"000000", "enter")
            challenged = await again(wizard, challenged)
            assert challenged.challenge.key == key
            await wizard.press(*totp(key, place.world.now()), "enter")
            await at(wizard, Result)
            assert leaks(wizard, PASSWORD, key) == []

        drive(script, session=place.session(lang), size=(80, 24), lang=lang)


def test_a_challenge_is_left() -> None:
    """esc goes back to the form; nothing of the sign-in is held."""
    with account() as place:
        _set_up(place)

        async def script(wizard: Driver) -> None:
            challenged = await sign_in(wizard)
            key = challenged.challenge.key or ""
            await wizard.press("escape")
            await at(wizard, Form)
            assert leaks(wizard, PASSWORD, key) == []

        drive(script, session=place.session(), size=(80, 24))


def test_attributes_are_asked_for_once() -> None:
    """Each required attribute once, and no more of them than a screen can show."""

    def asked(names: list[str]) -> int:
        told = {"requiredAttributes": json.dumps(names)}
        answer = {"ChallengeName": "NEW_PASSWORD_REQUIRED", "ChallengeParameters": told}
        return len([field for field in read_challenge(answer).asks if field.attribute])

    assert asked(["userAttributes.name"] * 400) == 1
    assert asked([f"userAttributes.a{at}" for at in range(400)]) == 50
