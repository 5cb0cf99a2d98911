"""Inspect a token: what was pasted is read here, and can be sent with a call."""

import json
from typing import Any

import pytest

from cogwizard.aws.session import Settings
from cogwizard.model.call import Call
from cogwizard.model.token import read_token
from cogwizard.text import LANGUAGES, Texts
from cogwizard.ui.inspect import Inspect
from cogwizard.ui.session import Session
from cogwizard.ui.widgets.facts import Facts
from cogwizard.ui.widgets.paste import PasteField
from cogwizard.ui.widgets.prose import Prose
from cogwizard.ui.widgets.timeline import Timeline
from tests.properties.mutations import NOW, PLAIN, SCOPED, encode, token
from tests.ui.driver import Driver, drive

ID, ACCESS = token(PLAIN), token(SCOPED)
ANSWER = json.dumps({"access_token": ACCESS, "id_token": ID, "token_type": "Bearer", "expires_in": 3600})


def session(lang: str = "en") -> Session:
    """Return a session whose clock stands at the time of the tests' tokens."""
    return Session(Texts(lang), Settings(timeout=5.0), clock=lambda: NOW)


async def inspect(wizard: Driver, text: str) -> Inspect:
    """Open the screen, paste, and wait until it was read."""
    wizard.app.action_inspect()
    await wizard.until(lambda: isinstance(wizard.app.screen, Inspect), "the screen")
    await wizard.paste(text)
    screen = wizard.app.screen
    assert isinstance(screen, Inspect)
    await wizard.until(lambda: screen.query("#found > *"), "something found")
    return screen


def said(screen: Inspect) -> str:
    """Return all that the screen says in paragraphs."""
    return "\n".join(prose.text for prose in screen.query(Prose))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_pair_is_shown_side_by_side(lang: str) -> None:
    """A token endpoint's answer: kind and fingerprint of both, two time lines, one table; no token is on the screen."""

    async def script(wizard: Driver) -> None:
        screen = await inspect(wizard, ANSWER)
        text = said(screen)
        labels = tuple(Texts(lang).phrase(read_token(item).label) for item in (ID, ACCESS))
        assert [label for label in labels if label not in text] == []
        assert Texts(lang).label("token verdict") in text
        assert len(screen.query(Timeline)) == 2
        head = screen.query_one("#claims Facts", Facts)._head
        assert head[1:3] == labels
        for part in (*ID.split("."), *ACCESS.split(".")):
            assert part[:20] not in wizard.text()

    drive(script, session=session(lang), size=(80, 24))


@pytest.mark.parametrize("text", [ID, f"Bearer {ID}", f"Authorization: Bearer {ID}"])
def test_one_token_is_found_in_what_stands_around_it(text: str) -> None:
    """A bare token, a header's value and a header line are the same token."""

    async def script(wizard: Driver) -> None:
        screen = await inspect(wizard, text)
        assert f"{read_token(ID).label}: an ID token" in said(screen)
        assert "It expires in 50 min." in str(screen.query_one(Timeline).render())
        rows = [fact.cells for facts in screen.query("#claims Facts").results(Facts) for fact in facts._facts]
        assert ("token_use", "id", "ID or access token") in rows

    drive(script, session=session())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (token(PLAIN, {"exp": int(NOW) - 60}), "token-expired"),
        (ID[:-20] + "!" + ID[-19:], "token-malformed"),
        ("abcdefgh-1234", "opaque-token-sent"),
        (f'"{ID}"', ""),
    ],
)
def test_what_stands_out_is_told(text: str, expected: str) -> None:
    """What the bytes prove is told with its code; where they prove nothing, that is said."""

    async def script(wizard: Driver) -> None:
        screen = await inspect(wizard, text)
        assert (expected or "Nothing stands out.") in said(screen)

    drive(script, session=session())


@pytest.mark.parametrize(("text", "lang"), [("no token at all here", "en"), ("トークンではない文章 です", "ja")])
def test_a_text_without_a_token_is_told_so(text: str, lang: str) -> None:
    """Nothing is made up, and nothing can be sent."""

    async def script(wizard: Driver) -> None:
        screen = await inspect(wizard, text)
        assert Texts(lang).screen("token", "nothing found") in said(screen)
        await wizard.press("f5")
        assert wizard.app.session.given.token == ""

    drive(script, session=session(lang))


def test_absurd_and_hostile_claims_are_shown_as_they_are() -> None:
    """Markup, escapes, huge numbers and 10,000 characters in claims neither act nor break the screen."""
    claims: dict[str, Any] = {
        "[red]x": "\x1b[2J[bold]y[/]",
        "exp": 1e300,
        "iat": -1,
        "deep": [[1]] * 50,
        "long": "z" * 10_000,
    }
    text = f"{encode(json.dumps({'alg': 'RS256'}).encode())}.{encode(json.dumps(claims).encode())}.AAAA"

    async def script(wizard: Driver) -> None:
        screen = await inspect(wizard, text)
        rows = {
            fact.cells[0]: fact.cells[1]
            for facts in screen.query("#claims Facts").results(Facts)
            for fact in facts._facts
        }
        assert rows["[red]x"] == "\\x1b[2J[bold]y[/]"
        assert "its exp is no time" in str(screen.query_one(Timeline).render())

    drive(script, session=session())


def test_a_token_is_sent_with_the_call_that_was_given() -> None:
    """The button of a token gives that one to the session, the other beside it, and the call is troubleshot."""

    async def script(wizard: Driver) -> None:
        went: list[str] = []
        wizard.app.action_troubleshoot = lambda: went.append("troubleshoot")  # type: ignore[method-assign]
        wizard.app.action_pick = lambda: went.append("pick")  # type: ignore[method-assign]
        screen = await inspect(wizard, ANSWER)
        await wizard.press("f5")
        given = wizard.app.session.given
        assert (given.token, given.other_token, went) == (ID, ACCESS, ["pick"])
        given.call = Call("GET", "https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/prod/orders")
        screen.query_one("#use-1").focus()
        await wizard.press("enter")
        assert (given.token, given.other_token, went) == (ACCESS, ID, ["pick", "troubleshoot"])

    drive(script, session=session())


def test_what_was_pasted_survives_another_language() -> None:
    """After switching, the same token is read, in the other language."""

    async def script(wizard: Driver) -> None:
        screen = await inspect(wizard, ID)
        await wizard.press("ctrl+l")
        await wizard.until(lambda: "ユーザーの身元を表します" in said(screen), "Japanese")
        assert screen.query_one(PasteField).whole_text == ID

    drive(script, session=session())


def test_a_token_that_was_pasted_elsewhere_is_read_at_once() -> None:
    """The screen can be opened with a token."""

    async def script(wizard: Driver) -> None:
        wizard.app.action_inspect(ID)
        await wizard.until(lambda: wizard.app.screen.query("#found > *"), "something found")
        assert read_token(ID).label in wizard.text()

    drive(script, session=session())
