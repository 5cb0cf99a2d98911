"""A browser's recording that is dropped on the home screen or pasted into it."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from cogwizard.ui.give_token import GiveToken
from cogwizard.ui.home import Home
from cogwizard.ui.journey import Journey
from cogwizard.ui.recording import PickEntry
from cogwizard.ui.widgets.prose import Prose
from tests.intake.recordings import PAGE, chrome, chrome_preflight, data, har, sent
from tests.intake.test_mask import ID
from tests.ui.driver import Driver, drive

FIRST, SECOND = (
    "http://127.0.0.1:9/_aws/execute-api/abc123/prod/first",
    "http://127.0.0.1:9/_aws/execute-api/abc123/prod/2",
)
SENT = sent(authorization=f"Bearer {ID}", cookie="sid=c4nary-cookie")


def home(wizard: Driver) -> Home:
    screen = wizard.app.screen
    assert isinstance(screen, Home)
    return screen


async def shows(wizard: Driver, kind: type[object], *keys: str) -> None:
    """Press keys, and wait for the screen that they lead to."""
    await wizard.press(*keys)
    await wizard.until(lambda: isinstance(wizard.app.screen, kind), kind.__name__)


async def dropped(wizard: Driver, text: object) -> str:
    """Paste, wait until it was recognised, and return what is said of it."""
    await wizard.paste(str(text))
    await wizard.until(lambda: home(wizard).found is not None, "recognised")
    return home(wizard).query_one("#what", Prose).text


def test_one_of_several_entries_is_picked_and_judged(tmp_path: Path) -> None:
    """The answer, the page and the preflight go into the case; going back loses nothing."""
    file = tmp_path / "my shop.har"
    entries = [chrome(url=FIRST, headers=SENT), chrome_preflight(FIRST), chrome(url=SECOND, headers=SENT)]
    file.write_bytes(data(har(entries)))

    async def script(wizard: Driver) -> None:
        said = await dropped(wizard, f"'{file}' ")
        assert "/prod/2" in said
        assert "3 件中 3 件目" in said
        assert "[secret" not in wizard.text()  # a path is none, however long
        await shows(wizard, PickEntry, "f5")
        assert "/prod/first" in wizard.text()
        await shows(wizard, Journey, "up", "enter")
        given = wizard.app.session.given
        case = given.case(0.0)
        assert (case.call.url, case.origin, case.browser) == (FIRST, PAGE, True)
        assert case.answer is not None
        assert case.answer.header("x-amzn-errortype") == "UnauthorizedException"
        assert case.preflight is not None
        assert case.preflight.status == 200
        given.region = "eu-west-1"
        await wizard.judged()  # before, escape stops what is being read
        await shows(wizard, Home, "escape")
        assert "c4nary" not in wizard.text()
        await shows(wizard, PickEntry, "f5")
        await shows(wizard, Journey, "up", "enter")
        assert wizard.app.session.given is given  # what was typed beside the same call is kept

    drive(script, size=(80, 24), lang="ja")


def test_where_the_token_was_left_out_it_is_asked_for() -> None:
    """Pasted as text; what it holds is masked."""
    text = data(har([chrome(url=FIRST, headers=sent(x_own="c4nary-own"))])).decode()

    async def script(wizard: Driver) -> None:
        said = await dropped(wizard, text)
        assert "Authorization and cookies were left out" in said
        assert "c4nary" not in wizard.text()
        await shows(wizard, GiveToken, "f5")
        case = wizard.app.session.given.case(0.0)
        assert case.headers_left_out
        assert not case.replay
        assert round(case.now) == 1_795_236_480

    drive(script, size=(80, 24))


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    (tmp_path / "page.har").write_text("<html>")

    async def script(wizard: Driver) -> None:
        assert "cannot be read: No such file" in await dropped(wizard, tmp_path / "none.har")
        await wizard.press("f8")
        await wizard.until(lambda: home(wizard).found is None, "emptied")
        assert "not JSON" in await dropped(wizard, tmp_path / "page.har")
        await wizard.press("f5")
        assert isinstance(wizard.app.screen, Home)

    drive(script, size=(80, 24))


def test_a_large_file_is_read_beside_the_screen_until_nobody_wants_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ended = threading.Event()

    def endless(_: BinaryIO, __: int | None, tell: Callable[[int], object]) -> None:
        try:
            while True:
                tell(42_000_000)
                threading.Event().wait(0.01)
        finally:
            ended.set()

    monkeypatch.setattr("cogwizard.intake.har.read_har", endless)
    (tmp_path / "large.har").write_text("{}")

    async def script(wizard: Driver) -> None:
        await wizard.paste(str(tmp_path / "large.har"))
        await wizard.until(lambda: "42 MB" in wizard.text(), "progress")
        await wizard.press("f8")
        await wizard.until(ended.is_set, "the end of the reading")
        await asyncio.sleep(0)
        assert home(wizard).found is None

    drive(script, size=(80, 24))
