"""Give a token: which one is sent with the call, and which is shown beside it."""

import json

import pytest

from cogwizard.aws.session import Settings
from cogwizard.model.call import Call
from cogwizard.model.token import read_token
from cogwizard.text import LANGUAGES, Texts
from cogwizard.ui.give_token import GiveToken
from cogwizard.ui.session import Session
from cogwizard.ui.tokens import Wanted
from cogwizard.ui.widgets.paste import PasteField
from cogwizard.ui.widgets.prose import Prose
from tests.properties.mutations import NOW, PLAIN, SCOPED, token
from tests.ui.driver import Driver, drive

ID, ACCESS = token(PLAIN), token(SCOPED)
BOTH = json.dumps({"AuthenticationResult": {"AccessToken": ACCESS, "IdToken": ID, "TokenType": "Bearer"}})


def session(lang: str = "en") -> Session:
    """Return a session whose clock stands at the time of the tests' tokens."""
    return Session(Texts(lang), Settings(timeout=5.0), clock=lambda: NOW)


async def ask(wizard: Driver, text: str, wanted: Wanted | None = None) -> list[bool | None]:
    """Open the dialog, paste, and wait until it was read; returns the list that its answer comes into."""
    answers: list[bool | None] = []
    wizard.app.push_screen(GiveToken(wanted), answers.append)
    await wizard.until(lambda: wizard.app.screen.query("#without"), "the dialog")
    if text:
        await wizard.paste(text)
        await wizard.until(lambda: wizard.app.screen.query("#found > *"), "something found")
    return answers


@pytest.mark.parametrize("text", [ID, f"  Bearer {ID}\n", f"authorization: {ID}"])
def test_a_token_is_given(text: str) -> None:
    """What stands around the token is left out; F5 gives it."""

    async def script(wizard: Driver) -> None:
        answers = await ask(wizard, text)
        assert f"{read_token(ID).label}: It expires in 50 min." in wizard.text()
        assert ID[:20] not in wizard.text()
        await wizard.press("f5")
        assert answers == [True]
        assert (wizard.app.session.given.token, wizard.app.session.given.other_token) == (ID, "")

    drive(script, session=session(), size=(80, 24))


@pytest.mark.parametrize(
    ("wanted", "button", "sent"),
    [(None, None, ID), ("id-token", None, ID), ("access-token", None, ACCESS), (None, "#use-1", ACCESS)],
)
def test_one_of_a_pair_is_sent(wanted: Wanted | None, button: str | None, sent: str) -> None:
    """The one that the method wants, the ID token where that is not known, or the one that the user chooses."""

    async def script(wizard: Driver) -> None:
        answers = await ask(wizard, BOTH, wanted)
        if button:
            wizard.app.screen.query_one(button).focus()
            await wizard.press("enter")
        else:
            await wizard.press("ctrl+j")
        given = wizard.app.session.given
        assert answers == [True]
        assert (given.token, given.other_token) == (sent, ACCESS if sent == ID else ID)

    drive(script, session=session())


def test_nothing_is_given_by_closing() -> None:
    """Escape gives no answer and leaves what was given before; F5 without a token does nothing."""

    async def script(wizard: Driver) -> None:
        wizard.app.session.given.token = ACCESS
        answers = await ask(wizard, "")
        screen = wizard.app.screen
        await wizard.until(lambda: screen.query("#found > *"), "what was given before")
        assert screen.query_one(PasteField).whole_text == ACCESS
        await wizard.press("escape")
        assert answers == [None]
        assert wizard.app.session.given.token == ACCESS

    drive(script, session=session())


def test_without_a_token() -> None:
    """The button takes back what was given."""

    async def script(wizard: Driver) -> None:
        wizard.app.session.given.token, wizard.app.session.given.other_token = ID, ACCESS
        answers = await ask(wizard, "")
        wizard.app.screen.query_one("#without").focus()
        await wizard.press("enter")
        assert answers == [False]
        assert (wizard.app.session.given.token, wizard.app.session.given.other_token) == ("", "")

    drive(script, session=session())


@pytest.mark.parametrize("has_call", [True, False])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_where_the_token_goes_is_told(lang: str, has_call: bool) -> None:
    """The dialog says who gets the token, in the user's language, also after switching it. Beside an answer alone it is
    asked which one had been sent: nothing is."""
    other = LANGUAGES[1 - LANGUAGES.index(lang)]
    given = session(lang)
    given.given.call = (
        Call("GET", "https://a1b2c3d4e5.execute-api.ap-northeast-1.amazonaws.com/prod") if has_call else None
    )

    def has(wizard: Driver, language: str) -> bool:
        suffix = "" if has_call else " answer"
        said = [prose.text for prose in wizard.app.screen.query(Prose)]
        return all(Texts(language).screen("token", f"{key}{suffix}") in said for key in ("give title", "give where"))

    async def script(wizard: Driver) -> None:
        await ask(wizard, ID)
        assert has(wizard, lang)
        await wizard.press("ctrl+l")
        await wizard.until(lambda: has(wizard, other) and wizard.app.screen.query("#use-0"), "the other language")
        await wizard.press("f5")
        assert wizard.app.session.given.token == ID

    drive(script, session=given, size=(80, 24))


def test_the_journey_goes_on_with_the_token() -> None:
    """`g` on the journey takes a token, and the call is judged with it."""

    async def script(wizard: Driver) -> None:
        journey = await wizard.judged()
        assert journey.seen.report is not None
        assert journey.seen.report["causes"] == ["header-not-sent"]
        await wizard.press("t")
        await wizard.until(lambda: wizard.app.screen.query("#without"), "the dialog")
        await wizard.paste("00000000-1111-2222-3333-444444444444")
        await wizard.until(lambda: wizard.app.screen.query("#use-0"), "something found")
        await wizard.press("f5")
        journey = await wizard.judged()
        await wizard.until(lambda: journey.seen.report and journey.seen.report["causes"] == ["opaque-token-sent"], "it")

    drive(script, scenario="header-not-sent")


def test_a_short_word_is_a_secret_here() -> None:
    """The field is for tokens: what is pasted alone is one."""

    async def script(wizard: Driver) -> None:
        await ask(wizard, "hunter2-abc")
        assert "hunter2" not in wizard.text()
        assert wizard.app.screen.query_one(PasteField).whole_text == "hunter2-abc"

    drive(script, session=session(), size=(80, 24))
