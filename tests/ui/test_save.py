"""Saving a report: what is shown is what is written, and no file is lost."""

import json
import os
import stat
from pathlib import Path

import pytest
from textual.widgets import Input, TextArea

from cogwizard.files import NotWritten, write
from cogwizard.text import Texts
from cogwizard.ui.ask import Ask
from cogwizard.ui.journey import Journey
from cogwizard.ui.save import Save, file_name
from cogwizard.ui.widgets.prose import Prose
from tests.ui.driver import Driver, drive


def said(lang: str, key: str, **params: object) -> str:
    """Return a text of the screen."""
    return Texts(lang).screen("save", key, **params)


async def opened(wizard: Driver) -> Save:
    """Wait for a verdict, open the report and return its screen."""
    await wizard.judged()
    await wizard.press("s")
    screen = wizard.app.screen
    assert isinstance(screen, Save)
    await wizard.until(lambda: screen.query_one("#preview", TextArea).text, "a preview")
    return screen


def test_what_is_shown_is_written_for_the_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name that is offered lies in the current directory; the file is the preview; the journey says where it is."""
    monkeypatch.chdir(tmp_path)

    async def script(wizard: Driver) -> None:
        screen = await opened(wizard)
        shown = screen.query_one("#preview", TextArea).text
        name = screen.query_one("#path", Input).value
        assert "token-expired" in shown
        assert "eyJ" not in shown
        await wizard.press("enter")
        await wizard.until(lambda: isinstance(wizard.app.screen, Journey), "the journey")
        path = tmp_path / name
        assert path.read_text("utf-8") == shown
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert [note.message for note in wizard.app._notifications] == [said("en", "saved", path=path)]
        assert wizard.app.session.saved == wizard.app.session.given
        # Judged anew, the report is an old one.
        await wizard.press("R")
        assert wizard.app.session.saved is None

    drive(script, scenario="token-expired")


@pytest.mark.parametrize(("lang", "size"), [("en", (80, 24)), ("ja", (80, 24)), ("ja", (120, 40))])
def test_the_other_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str, size: tuple[int, int]) -> None:
    """F2 shows JSON, the name follows; all that is needed stands on the smallest screen."""
    monkeypatch.chdir(tmp_path)

    async def script(wizard: Driver) -> None:
        screen = await opened(wizard)
        assert f"✓ {said(lang, 'markdown')}" in wizard.text()
        assert wizard.text().count("(F2)") == 1  # beside the format that the key leads to
        await wizard.press("f2")
        await wizard.until(lambda: screen.query_one("#preview", TextArea).text.startswith("{"), "JSON")
        assert f"✓ {said(lang, 'json')}" in wizard.text()
        assert said(lang, "save") in wizard.text()
        assert screen.query_one("#preview").region.height >= 4
        name = screen.query_one("#path", Input).value
        assert name.endswith(".json")
        await wizard.press("ctrl+s")
        await wizard.until(lambda: isinstance(wizard.app.screen, Journey), "the journey")
        assert json.loads((tmp_path / name).read_text("utf-8"))["causes"] == ["token-expired"]

    drive(script, scenario="token-expired", lang=lang, size=size)


def test_a_file_that_is_there_is_asked_about(tmp_path: Path) -> None:
    """No keeps it and what was typed; yes puts the report in its place."""
    path = tmp_path / "mine.md"
    path.write_text("precious", "utf-8")

    async def script(wizard: Driver) -> None:
        screen = await opened(wizard)
        screen.query_one("#path", Input).value = str(path)
        await wizard.press("enter")
        await wizard.until(lambda: isinstance(wizard.app.screen, Ask), "the question")
        await wizard.press("enter")
        assert wizard.app.screen is screen
        assert path.read_text("utf-8") == "precious"
        assert screen.query_one("#path", Input).value == str(path)
        await wizard.press("ctrl+s")
        await wizard.until(lambda: isinstance(wizard.app.screen, Ask), "the question")
        await wizard.press("y")
        await wizard.until(lambda: isinstance(wizard.app.screen, Journey), "the journey")
        assert "token-expired" in path.read_text("utf-8")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert list(tmp_path.iterdir()) == [path]

    drive(script, scenario="token-expired")


def test_what_cannot_be_written_is_said_and_what_was_typed_stays(tmp_path: Path) -> None:
    """A hostile name is shown, never obeyed; the language may change on the way."""
    wrong = str(tmp_path / "[bold]none[/]" / "report.md")

    async def script(wizard: Driver) -> None:
        screen = await opened(wizard)
        screen.query_one("#path", Input).value = wrong
        await wizard.press("enter")
        problem = screen.query_one("#problem", Prose)
        await wizard.until(lambda: problem.text == said("en", "no directory", path=wrong), "why not")
        await wizard.press("ctrl+l")
        await wizard.until(
            lambda: screen.query_one("#problem", Prose).text == said("ja", "no directory", path=wrong), "in Japanese"
        )
        assert screen.query_one("#path", Input).value == wrong
        await wizard.press("escape")
        assert isinstance(wizard.app.screen, Journey)
        assert wizard.app.session.saved is None

    drive(script, scenario="token-expired")


def reason(name: str, *, over: bool = False) -> str:
    """Return why a file is not written."""
    with pytest.raises(NotWritten) as caught:
        write(name, "text", over=over)
    return caught.value.key


def test_why_a_file_is_not_written(tmp_path: Path) -> None:
    """Each reason has a sentence of its own, in both languages."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").write_text("kept", "utf-8")
    reasons = {
        reason(str(tmp_path)): "directory",
        reason(f"{tmp_path}/new/"): "directory",
        reason(str(tmp_path / "none" / "x")): "no directory",
        reason(str(tmp_path / "file" / "x")): "no directory",
        reason(str(tmp_path / "file")): "exists",
        reason(str(tmp_path / "pipe"), over=True): "no file",
        reason(str(tmp_path / ("x" * 300))): "failed",
        reason(str(tmp_path / "a\0b")): "bad name",
        reason("~nobody-of-this-name/x"): "bad name",
    }
    assert all(key == expected for key, expected in reasons.items())
    for lang in ("en", "ja"):
        assert all(said(lang, key, path="x") for key in reasons)
    assert (tmp_path / "file").read_text("utf-8") == "kept"


def test_home_is_expanded_and_a_failed_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`~` is the home directory; where the disk is full no half of a report stays."""
    monkeypatch.setenv("HOME", str(tmp_path))
    assert write("~/report.md", "text") == tmp_path / "report.md"

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fdopen", full)
    assert reason(str(tmp_path / "other.md")) == "failed"
    assert not (tmp_path / "other.md").exists()


def test_the_name_that_is_offered() -> None:
    """It holds API, stage and day, and nothing that means something in a path."""
    request = {"rest_api_id": "a1b2c3", "stage": "../../etc"}
    assert file_name({"request": request}, 0.0, "markdown").startswith("cogwizard-a1b2c3-....etc-19")
    assert "/" not in file_name({"request": request}, 0.0, "json")
    assert file_name({"request": {"rest_api_id": None, "stage": None}}, 86400 * 400.0, "json").startswith(
        "cogwizard-1971"
    )
