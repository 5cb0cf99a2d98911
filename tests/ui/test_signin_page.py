"""Getting a token: from where it is opened, with what it begins, the account's lists, and what all stages hold."""

import dataclasses

import pytest
from textual.widgets import Input

from cogwizard.model.token import read_token
from cogwizard.sandbox import mint
from cogwizard.sandbox.scenarios.scenario import PASSWORD as SANDBOX_PASSWORD
from cogwizard.sandbox.scenarios.scenario import USER
from cogwizard.sandbox.totp import totp
from cogwizard.text import LANGUAGES
from cogwizard.ui.give_token import GiveToken
from cogwizard.ui.pick import Pick
from cogwizard.ui.remembered import Remembered
from cogwizard.ui.signin.browser import Browse
from cogwizard.ui.signin.challenge import Challenged
from cogwizard.ui.signin.choose import Choose
from cogwizard.ui.signin.findings import Findings
from cogwizard.ui.signin.flows import Flows
from cogwizard.ui.signin.form import Form
from cogwizard.ui.signin.result import Result
from cogwizard.ui.signin.state import Purpose, Signing, begin
from cogwizard.ui.signin.where import FIELDS, Where
from tests.ui.driver import Driver, drive
from tests.ui.screens import doubtful
from tests.ui.signin_kit import NEW_PASSWORD, PASSWORD, SECRET, account, at, leaks, open_form, page, seen


def typed(wizard: Driver) -> list[str]:
    """Return what stands in the fields of the first stage."""
    return [wizard.app.screen.query_one(f"#line-{name}", Input).value for name in FIELDS]


@pytest.mark.parametrize(
    ("scenario", "flow", "kind"),
    [("token-expired", "srp", "id-token"), ("id-token-where-access-token-expected", "browser", "access-token")],
)
def test_from_a_journey(scenario: str, flow: str, kind: str) -> None:
    """`g` proposes the flow that leads to the token which the method wants; with the password that is shown, the
    sandbox signs the user in and the call is judged with the token."""

    async def script(wizard: Driver) -> None:
        journey = await wizard.judged()
        pool = next(iter(wizard.app.session.sandbox.settings.values())).pool  # type: ignore[union-attr]
        await wizard.press("g")
        await at(wizard, Where)
        assert page(wizard).purpose.wants.kind == kind
        assert typed(wizard) == [pool.id, pool.region, next(iter(pool.clients))]
        await wizard.press("enter")
        await at(wizard, Flows)
        assert wizard.app.screen.query_one(Flows).highlighted.flow == flow
        await wizard.press("enter")
        await at(wizard, Form)
        assert SANDBOX_PASSWORD in wizard.text()
        assert USER in wizard.text()
        if flow == "browser":
            return
        await wizard.press(*SANDBOX_PASSWORD, "f5")
        await at(wizard, Result)
        await wizard.press("f5")
        await wizard.until(lambda: wizard.app.screen is journey, "the journey")
        await wizard.until(lambda: journey.seen.report and journey.seen.report["outcome"] == "healthy", "a 200")

    app = drive(script, scenario=scenario, size=(80, 24))
    assert app.session.signing is None  # the sandbox's is not the user's
    assert app.session.remembered.user_pool_id is None


def test_a_pasted_token_instead() -> None:
    """The first stage leads to the paste, and leaving that leads back."""

    async def script(wizard: Driver) -> None:
        await wizard.judged()
        await wizard.press("g")
        await at(wizard, Where)
        wizard.app.screen.query_one("#paste-instead").focus()
        await wizard.press("enter")
        await wizard.until(lambda: wizard.app.screen.query("#without"), "the paste")
        await wizard.press("escape")
        await at(wizard, Where)
        wizard.app.screen.query_one("#paste-instead").focus()
        await wizard.press("enter")
        await wizard.until(lambda: wizard.app.screen.query("#without"), "the paste")
        assert isinstance(wizard.app.screen, GiveToken)
        await wizard.paste("00000000-1111-2222-3333-444444444444")
        await wizard.until(lambda: wizard.app.screen.query("#use-0"), "found")
        await wizard.press("f5")
        journey = await wizard.judged()
        await wizard.until(lambda: journey.seen.report and journey.seen.report["causes"] == ["opaque-token-sent"], "it")

    drive(script, scenario="header-not-sent", size=(80, 24))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_from_everywhere(lang: str) -> None:
    """The palette has it on the first screen too; the token then waits for a call that is picked."""
    with account() as place:

        async def script(wizard: Driver) -> None:
            name = wizard.app.session.texts.key_name("get token")
            await wizard.press("ctrl+p")
            await wizard.pilot.pause(0.1)
            await wizard.press(*("space" if char == " " else char for char in name.lower()))
            await wizard.until(lambda: name in wizard.text(), "the command")
            await wizard.press("enter")
            await at(wizard, Where)
            await wizard.press("enter")
            await at(wizard, Flows)
            await wizard.press("enter")
            await at(wizard, Form)
            await wizard.press(*PASSWORD, "f5")
            await at(wizard, Result)
            await wizard.press("f5")
            await wizard.until(lambda: isinstance(wizard.app.screen, Pick), "the lists of calls")
            assert wizard.app.session.given.token

        app = drive(script, session=place.session(lang), size=(80, 24), lang=lang)
    assert app.session.remembered.user_pool_id == place.pool.id
    assert app.session.remembered.client_id == place.client.id


def test_from_an_inspected_token() -> None:
    """Its own pool and app client are proposed."""
    with account() as place:
        session = place.session()
        session.signing = None
        token = mint(place.pool, place.client, "access", issued_at=place.world.now())

        async def script(wizard: Driver) -> None:
            wizard.app.action_inspect(token)
            await wizard.until(lambda: wizard.app.screen.query("#use-0"), "read")
            await wizard.press("tab", "g")
            await at(wizard, Where)
            assert typed(wizard) == [place.pool.id, place.pool.region, place.client.id]

        drive(script, session=session, size=(80, 24))


# -- the account's lists ----------------------------------------------------------------------------------------------


def test_pool_and_client_are_picked() -> None:
    """From lists that are narrowed by typing; the clients' follows the pools'."""
    with account() as place:
        other = place.world.add_pool("staff")
        chosen = other.add_client("portal")
        other.add_client("batch")
        session = place.session()
        session.signing = None

        async def script(wizard: Driver) -> None:
            wizard.app.action_get_token()
            await at(wizard, Where)
            wizard.app.screen.query_one("#pools").focus()
            await wizard.press("enter")
            await wizard.until(lambda: "staff" in wizard.text() and "crew" in wizard.text(), "the pools")
            await wizard.press(*"staf")
            await wizard.until(lambda: "crew" not in wizard.text(), "narrowed")
            await wizard.press("enter")
            await wizard.until(lambda: "portal" in wizard.text() and "batch" in wizard.text(), "its app clients")
            await wizard.press(*"portal", "enter")
            await at(wizard, Where)
            assert typed(wizard) == [other.id, other.region, chosen.id]
            await wizard.press("enter")
            await at(wizard, Flows)
            assert "portal" in wizard.text()

        drive(script, session=session, size=(80, 24))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_list_that_cannot_be_read(lang: str) -> None:
    """It says which permission is missing; esc leaves it, and the ids are typed."""
    with account() as place:
        place.sandbox.denied["ListUserPools"] = "AccessDeniedException"
        session = place.session(lang)
        session.signing = None

        async def script(wizard: Driver) -> None:
            wizard.app.action_get_token()
            await at(wizard, Where)
            wizard.app.screen.query_one("#pools").focus()
            await wizard.press("enter")
            await wizard.until(lambda: "AccessDeniedException" in wizard.text(), "why")
            assert isinstance(wizard.app.screen, Choose)
            assert "cognito-idp:ListUserPools" in wizard.text()
            await wizard.press("escape")
            await at(wizard, Where)
            wizard.app.screen.query_one("#line-user_pool_id").focus()
            await wizard.press(*place.pool.id, "enter")
            assert typed(wizard)[1] == place.pool.region  # the id tells it
            wizard.app.screen.query_one("#line-client_id").focus()
            await wizard.press(*place.client.id, "enter")
            await at(wizard, Flows)

        drive(script, session=session, size=(80, 24), lang=lang)


def test_what_is_no_id_is_said() -> None:
    """In words, where it was typed; nothing is asked."""
    with account() as place:
        session = place.session()
        session.signing = Signing("not a pool", "", "not a client")

        async def script(wizard: Driver) -> None:
            wizard.app.action_get_token()
            await at(wizard, Where)
            await wizard.press("f5")
            message = wizard.app.session.texts.message("bad-pool-id", {})
            await wizard.until(lambda: message in seen(wizard), "why")
            assert place.sandbox.requests == []

        drive(script, session=session, size=(80, 24))


def test_what_the_fields_begin_with() -> None:
    """The sign-in before, the token's app client, what is remembered; another pool's token says nothing."""
    with account() as place:
        token = read_token(mint(place.pool, place.client, "id", issued_at=place.world.now()))
        found = begin(None, Purpose(token=token), Remembered())
        assert (found.user_pool_id, found.client_id) == (place.pool.id, place.client.id)
        kept = Signing(place.pool.id, "ap-northeast-1", "other", username="taro", scopes="openid")
        assert begin(kept, Purpose(), Remembered()) is kept
        moved = begin(kept, Purpose(token=token), Remembered())
        assert (moved.client_id, moved.username, moved.scopes) == (place.client.id, "taro", "")
        remembered = Remembered(user_pool_id="eu-west-1_Abc123", client_id="4p3a")
        found = begin(None, Purpose(), remembered)
        assert (found.user_pool_id, found.region, found.client_id) == ("eu-west-1_Abc123", "eu-west-1", "4p3a")
        assert begin(None, Purpose(), Remembered()) == Signing()


# -- what all stages hold ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_stage_keeps_secrets_and_widths(lang: str) -> None:
    """No secret and no character of doubtful width on any stage but the picture of a key, whose key may be hidden."""
    with account(secret=SECRET) as place:
        place.user.status = "FORCE_CHANGE_PASSWORD"

        async def script(wizard: Driver) -> None:
            async def look(name: str) -> None:
                await wizard.pilot.pause()
                assert leaks(wizard, PASSWORD, NEW_PASSWORD, SECRET) == [], name
                assert doubtful(wizard.text()) == set(), name

            await open_form(wizard, "browser")
            await look("form of the browser")
            await wizard.press("f5")
            await at(wizard, Browse)
            await look("browser")
            await wizard.press("escape", "escape")
            await at(wizard, Flows)
            await look("flows")
            for _ in wizard.app.screen.query_one(Flows).offers:
                await wizard.press("down")
                await look("a flow")
            flows = [offer.flow for offer in wizard.app.screen.query_one(Flows).offers]
            await wizard.press("home", *["down"] * flows.index("srp"), "enter")
            await at(wizard, Form)
            await look("form")
            await wizard.press(*PASSWORD, "f5")
            await at(wizard, Challenged)
            await look("new password")
            place.pool.settings |= {"MfaConfiguration": "ON", "EnabledMfas": ["SOFTWARE_TOKEN_MFA"]}
            await wizard.press(*NEW_PASSWORD, "f5")
            await wizard.until(lambda: wizard.app.screen.query("QrCode"), "the picture")
            await at(wizard, Challenged)
            assert doubtful(wizard.text()) - BLOCKS == set()
            await wizard.press("f3")
            await look("key alone")
            key = wizard.app.screen.query_one(Challenged).challenge.key or ""
            await wizard.press(*totp(key, place.world.now()), "f5")
            await at(wizard, Result)
            await look("tokens")
            for button in ("#save", "#change"):
                wizard.app.screen.query_one(button).focus()
                await wizard.press("enter")
                await look(button)
                await wizard.press("escape")
                await at(wizard, Result)
            await wizard.press("f1")
            await look("help")
            assert "Canary" not in repr(wizard.app.session.signing)
            assert key[:12] not in seen(wizard)

        drive(script, session=place.session(lang), size=(80, 24), lang=lang)


BLOCKS = doubtful("▀▄█")


def test_a_refusal_in_two_languages() -> None:
    """The page is said again in the other language, at the same place."""
    with account() as place:

        async def script(wizard: Driver) -> None:
            await open_form(wizard, "password")
            await wizard.press(*"Canary-Wrong-0", "f5")
            await at(wizard, Findings)
            await wizard.press("ctrl+l")
            japanese = wizard.app.session.texts.screen("signin", "question refused")
            await wizard.until(lambda: japanese in wizard.text(), "Japanese")
            assert wizard.app.session.texts.lang == "ja"
            assert page(wizard).panel.codes[0] == "wrong-credentials"
            assert leaks(wizard, "Canary-Wrong-0") == []

        drive(script, session=place.session(), size=(80, 24))


def test_nothing_is_held_in_representations() -> None:
    """What a crash could print of the session."""
    with account() as place:

        async def script(wizard: Driver) -> None:
            await open_form(wizard, "password")
            await wizard.press(*PASSWORD, "f5")
            await at(wizard, Result)
            await wizard.press("f5")
            session = wizard.app.session
            held = f"{session.given!r} {session.signing!r} {session.given.signed_in!r} {session.given.order!r}"
            assert "eyJ" not in held
            assert PASSWORD not in held
            assert dataclasses.is_dataclass(session.given)

        drive(script, session=place.session(), size=(80, 24))


def test_another_app_client_is_read_anew() -> None:
    """What is known of one is not said of another, also where that cannot be read."""
    with account() as place:
        other = place.pool.add_client("batch", ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH"])

        async def script(wizard: Driver) -> None:
            wizard.app.action_get_token()
            await at(wizard, Where)
            await wizard.press("enter")
            await at(wizard, Flows)
            assert "web" in wizard.text()
            await wizard.press("escape")
            await at(wizard, Where)
            wizard.app.screen.query_one("#line-client_id", Input).value = other.id
            await wizard.press("f5")
            await at(wizard, Flows)
            assert "batch" in wizard.text()
            await wizard.press("escape")
            await at(wizard, Where)
            wizard.app.screen.query_one("#line-user_pool_id", Input).value = ""
            await wizard.press("f5")
            await at(wizard, Flows)
            assert wizard.app.session.texts.screen("signin", "client not asked")[:30] in seen(wizard)
            assert {offer.state for offer in wizard.app.screen.query_one(Flows).offers} == {"unknown"}

        drive(script, session=place.session(), size=(80, 24))


def test_without_a_domain_the_browser_is_off() -> None:
    """The pool has none: the flow is off, and its page says how to get one."""
    with account() as place:
        del place.pool.settings["Domain"]

        async def script(wizard: Driver) -> None:
            wizard.app.action_get_token()
            await at(wizard, Where)
            await wizard.press("enter")
            await at(wizard, Flows)
            flows = [offer.flow for offer in wizard.app.screen.query_one(Flows).offers]
            await wizard.press(*["down"] * flows.index("browser"), "enter")
            await at(wizard, Findings)
            assert page(wizard).panel.codes[0] == "domain-missing"

        drive(script, session=place.session(), size=(80, 24))
