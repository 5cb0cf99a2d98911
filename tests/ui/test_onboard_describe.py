"""What was built is described for others: the file is shown first, and none is written over unasked."""

from pathlib import Path

import pytest
from textual.widgets import Input

from cogwizard.intake.team import read_team
from cogwizard.ui.ask import Ask
from cogwizard.ui.onboard.build import DEPLOY
from cogwizard.ui.onboard.describe import Describe
from tests.ui.driver import Driver, drive
from tests.ui.join_kit import at_start, signed_in
from tests.ui.join_kit import idle as joined_page
from tests.ui.onboard_kit import account, at_walk, leaked, opened
from tests.ui.said import said


async def at_dialog(wizard: Driver) -> Describe:
    """Wait for the dialog, with the focus in it."""

    def is_there() -> bool:
        screen = wizard.app.screen
        return isinstance(screen, Describe) and screen.focused is not None and not screen._is_writing

    await wizard.until(is_there, "the dialog")
    assert isinstance(wizard.app.screen, Describe)
    return wizard.app.screen


def test_what_was_built_is_described(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By keys: shown and written; asked before a file is replaced; and who joins by it gets through."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "journals").mkdir()
    path = tmp_path / "cogwizard.toml"
    with account(tmp_path / "journals") as place:
        session = place.session()
        build = place.built(session, DEPLOY)
        values = dict(build.walk.values)

        async def script(wizard: Driver) -> None:
            await opened(wizard, build)
            await wizard.press("d")
            page = await at_dialog(wizard)
            assert build.walk.values["api_id"] in said(page)
            assert leaked(wizard, build) == []
            await wizard.press("ctrl+l")
            await wizard.until(lambda: not page.is_stale, "Japanese")
            page.query_one("#line-path", Input).value = "none/there.toml"
            await wizard.pilot.pause()
            await wizard.press("ctrl+s")
            await wizard.until(lambda: page.query_one("#problem").display, "why not")
            page.query_one("#line-path", Input).value = str(path)
            await wizard.pilot.pause()
            await wizard.press("ctrl+s")
            await wizard.until(lambda: page.query("#written"), "written")
            assert not page.query("#problem")
            await wizard.press("enter")
            await at_walk(wizard)
            path.write_text("other", encoding="utf-8")
            for answer in ("n", "y"):
                await wizard.press("d")
                page = await at_dialog(wizard)
                await wizard.press("enter")
                await wizard.until(lambda: isinstance(wizard.app.screen, Ask), "the question")
                assert path.read_text("utf-8") == "other"
                await wizard.press(answer)
                await at_dialog(wizard)
                if answer == "y":
                    await wizard.until(lambda: page.query("#written"), "written")  # noqa: B023
                await wizard.press("escape")
                await at_walk(wizard)
            await wizard.app.action_join()
            await at_start(wizard)
            await wizard.press(*build.walk.choices.username, "f5")
            await joined_page(wizard)
            joined = await signed_in(wizard, build.walk.hidden.password)
            await wizard.press("6", "enter")
            await wizard.until(lambda: isinstance(wizard.app.screen, Ask), "may something be changed")
            await wizard.press("y")
            await joined_page(wizard)
            assert joined.typed.join is not None
            assert joined.typed.join.is_through
            assert leaked(wizard, build) == []

        drive(script, session=session, size=(80, 24))
        team = read_team(path.read_bytes())
        assert (team.rest_api_id, team.user_pool_id) == (values["api_id"], values["pool_id"])
        assert path.stat().st_mode & 0o077 == 0


def test_nothing_is_described_before_it_is_deployed(tmp_path: Path) -> None:
    """The key does nothing, and is not offered."""
    with account(tmp_path) as place:
        session = place.session()
        build = place.built(session)

        async def script(wizard: Driver) -> None:
            page = await opened(wizard, build)
            await wizard.press("d")
            assert wizard.app.screen is page
            assert "describe" not in [found.binding.action for found in page.active_bindings.values() if found.enabled]

        drive(script, session=session)
