"""Leaving: at once, unless something of the user's would be lost."""

from dataclasses import replace

from cogwizard.aws.session import Settings
from cogwizard.model.call import Call
from cogwizard.text import Texts
from cogwizard.ui.ask import Ask
from cogwizard.ui.given import Given
from cogwizard.ui.leave import AskToLeave, would_lose
from cogwizard.ui.session import Session
from tests.ui.driver import Driver, drive

CALL = Call("GET", "https://a1b2c3d4e5.execute-api.ap-northeast-1.amazonaws.com/prod/orders")


def session(given: Given | None = None, lang: str = "en") -> Session:
    """Return a session that was given something."""
    made = Session(Texts(lang), Settings(timeout=5.0))
    made.given = given or Given()
    return made


def test_what_would_be_lost() -> None:
    """A call, a token or an answer of the user's own that no saved report holds; a region alone is nothing."""
    assert not would_lose(session())
    assert not would_lose(session(Given(region="ap-northeast-1")))
    for given in (Given(CALL), Given(token="x.y.z"), Given(other_token="x.y.z"), Given(response="HTTP/1.1 401")):
        assert would_lose(session(given))
    saved = session(Given(CALL))
    saved.saved = replace(saved.given)
    assert not would_lose(saved)
    saved.given.token = "x.y.z"
    assert would_lose(saved)


def test_with_nothing_to_lose_it_quits_at_once() -> None:
    """Also out of the sandbox, whose calls are nobody's."""

    async def script(wizard: Driver) -> None:
        await wizard.press("ctrl+q")
        assert wizard.app._exit

    assert drive(script).return_value == 0

    async def in_sandbox(wizard: Driver) -> None:
        await wizard.judged()
        await wizard.press("ctrl+q")
        assert wizard.app._exit

    assert drive(in_sandbox, scenario="token-expired").return_value == 0


def test_out_of_the_sandbox_it_asks_for_what_was_put_aside() -> None:
    """The sandbox was opened over a call of the user's own: that would be lost, not the sandbox's."""

    async def script(wizard: Driver) -> None:
        await wizard.judged()
        await wizard.press("ctrl+q")
        assert isinstance(wizard.app.screen, AskToLeave)
        await wizard.press("n")
        assert not wizard.app._exit

    drive(script, scenario="token-expired", session=session(Given(CALL)))


def test_it_asks_where_something_would_be_lost() -> None:
    """Staying is the answer that enter gives; leaving takes `y`."""

    async def script(wizard: Driver) -> None:
        home = wizard.app.screen
        for refusal in ("enter", "n", "escape"):
            await wizard.press("ctrl+q")
            assert isinstance(wizard.app.screen, AskToLeave)
            await wizard.press(refusal)
            assert wizard.app.screen is home
        assert not wizard.app._exit
        await wizard.press("ctrl+q", "y")
        assert wizard.app._exit

    assert drive(script, session=session(Given(CALL))).return_value == 0


def test_twice_the_key_means_it() -> None:
    """Pressed again over the question, also over another dialog, the key quits."""

    async def script(wizard: Driver) -> None:
        wizard.app.push_screen(Ask(lambda: "?", lambda: "yes", lambda: "no"))
        await wizard.pilot.pause()
        await wizard.press("ctrl+q")
        assert isinstance(wizard.app.screen, AskToLeave)
        await wizard.press("ctrl+q")
        assert wizard.app._exit

    assert drive(script, session=session(Given(CALL))).return_value == 0


def test_the_question_speaks_the_users_language() -> None:
    """It changes with the language while it is shown."""

    async def script(wizard: Driver) -> None:
        await wizard.press("ctrl+q")
        assert Texts("ja").screen("save", "leave yes") in wizard.text()
        await wizard.press("ctrl+l")
        await wizard.until(lambda: Texts("en").screen("save", "leave yes") in wizard.text(), "English")

    drive(script, session=session(Given(CALL), "ja"), size=(80, 24))
