"""The wizard saves a case, opens it again, and reads and calls nothing for it."""

import json
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input, TextArea

from cogwizard.aws.session import Settings
from cogwizard.saved.file import from_text
from cogwizard.saved.keep import keep
from cogwizard.steps import TROUBLESHOOT
from cogwizard.text import Texts
from cogwizard.ui.journey import Journey
from cogwizard.ui.save import Save
from cogwizard.ui.saved_case import SavedJourney
from cogwizard.ui.session import Session
from cogwizard.ui.widgets.paste import PasteField
from tests.scenarios.runner import result
from tests.ui.driver import Driver, drive


class NoPorts(Session):
    """A session whose AWS nobody may ask for."""

    @property
    def ports(self) -> Any:
        raise AssertionError("a saved case is read without AWS")


def write(path: Path, name: str) -> None:
    path.write_text(keep(result(name), TROUBLESHOOT).text, "utf-8")


async def opened(wizard: Driver, pasted: str) -> SavedJourney:
    """Paste on the home screen, go on, and wait for the verdict."""
    await wizard.paste(pasted)
    await wizard.until(lambda: wizard.app.screen.query("#go"), "something to go on with")
    await wizard.press("f5")
    await wizard.until(
        lambda: isinstance(wizard.app.screen, SavedJourney) and wizard.app.screen.seen.report, "a verdict"
    )
    assert isinstance(wizard.app.screen, SavedJourney)
    return wizard.app.screen


def test_the_case_is_saved_beside_the_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The verdict's button opens the dialog at the case; what is shown is what is written."""
    monkeypatch.chdir(tmp_path)

    async def script(wizard: Driver) -> None:
        await wizard.judged()
        await wizard.press("v")
        wizard.app.screen.query_one("#save-case").focus()
        await wizard.press("enter")
        screen = wizard.app.screen
        assert isinstance(screen, Save)
        preview = screen.query_one("#preview", TextArea)
        await wizard.until(lambda: preview.text, "a preview")
        assert json.loads(preview.text)["schema"] == "cogwizard/case@1"
        shown, name = preview.text, screen.query_one("#path", Input).value
        assert name.endswith(".case.json")
        await wizard.press("f2")
        await wizard.until(lambda: preview.text.startswith("#"), "the report")
        assert not screen.query_one("#path", Input).value.endswith(".json")
        await wizard.press("f2", "f2")
        await wizard.until(lambda: preview.text == shown, "the case again")
        await wizard.press("ctrl+s")
        await wizard.until(lambda: isinstance(wizard.app.screen, Journey), "the journey")
        assert (tmp_path / name).read_text("utf-8") == shown

    drive(script, scenario="token-expired")


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_dropped_file_is_opened_and_nothing_is_read(tmp_path: Path, lang: str) -> None:
    path = tmp_path / "it was.case.json"
    write(path, "token-expired")
    texts = Texts(lang)

    async def script(wizard: Driver) -> None:
        screen = await opened(wizard, f"'{path}'")
        assert screen.seen.judgement is not None
        assert screen.seen.judgement.causes == ("token-expired",)
        assert texts.screen("journey", "saved place") in wizard.text()
        assert texts.screen("keys", "replay") not in wizard.text().splitlines()[-1]
        for key in ("r", "R", "a", "x", "g", "t", "m"):
            await wizard.press(key)
            assert [note.message for note in wizard.app._notifications] == [texts.screen("journey", "saved only")]
            assert wizard.app.screen is screen
        for step in range(len(screen.steps)):
            await screen.action_step(step)
            await wizard.pilot.pause()
        assert texts.title("token-expired") in wizard.text()
        buttons = {button.id for button in screen.view.query("Button").results() if button.display}
        assert buttons.isdisjoint({"replay", "variants"})
        assert "save" in buttons
        other = "ja" if lang == "en" else "en"
        await wizard.press("ctrl+l")
        await wizard.until(lambda: Texts(other).title("token-expired") in wizard.text(), "the other language")

    drive(script, session=NoPorts(texts, Settings()))


def test_a_pasted_case_and_a_broken_one(tmp_path: Path) -> None:
    whole = keep(result("token-expired"), TROUBLESHOOT).text
    path = tmp_path / "broken.json"
    path.write_text(json.dumps({**json.loads(whole), "more": 1}))

    async def script(wizard: Driver) -> None:
        await wizard.paste(str(path))
        why = Texts().message("case-member-unknown", {"member": "more"})
        await wizard.until(lambda: why.split(":")[0] in " ".join(wizard.text().split()), "what is wrong")
        assert not any(button.display for button in wizard.app.screen.query("#go"))
        await wizard.app.screen.query_one(PasteField).action_clear()
        screen = await opened(wizard, whole)
        assert screen.saved == from_text(whole)
        await wizard.press("escape")
        assert not isinstance(wizard.app.screen, SavedJourney)

    drive(script, session=NoPorts(Texts(), Settings()))
