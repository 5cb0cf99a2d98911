"""What holds on every screen: the language can be switched, nothing typed is lost by it, ctrl+c does not quit."""

import os

import pytest
from textual.widgets import Input, TextArea

from cogwizard.cli import main
from cogwizard.commands import wizard as command
from cogwizard.text import Texts
from cogwizard.ui.app import CogwizardApp
from cogwizard.ui.base import Speaking
from cogwizard.ui.home import Home
from cogwizard.ui.journey import Journey
from cogwizard.ui.sandbox import SandboxList
from tests.ui.driver import Driver, drive
from tests.ui.screens import each


def fields(screen: Speaking[object]) -> dict[str, str]:
    """Return what stands in the fields that are shown, by their ids."""
    found = {}
    for field in screen.focus_chain:
        if isinstance(field, Input | TextArea) and not getattr(field, "read_only", False):
            found[field.id or ""] = field.value if isinstance(field, Input) else field.text
    return found


def test_switching_the_language_loses_nothing() -> None:
    """On every screen: what stands in the fields, and what has the focus; twice is back where it was."""

    async def script(wizard: Driver) -> None:
        async for name in each(wizard, steps=False):
            screen = wizard.app.screen
            assert isinstance(screen, Speaking)
            field = next((item for item in screen.focus_chain if isinstance(item, Input | TextArea)), None)
            if field is None and not name.startswith("step"):
                continue  # nothing to lose
            if field is not None and not getattr(field, "read_only", False):
                field.focus()
                await wizard.press("x")
                if isinstance(field, TextArea):
                    await wizard.pilot.pause(0.4)  # what reads as one types has read
            before, text = fields(screen), wizard.text()
            focused = screen.focused.id if screen.focused else None
            for lang in ("ja", "en"):
                await wizard.press("ctrl+l")
                await wizard.pilot.pause()
                assert wizard.app.session.texts.lang == lang
                if name != "help":  # over a screen whose focus is shown
                    assert fields(screen) == before, (name, lang)
                    assert (screen.focused.id if screen.focused else None) == focused, (name, lang)
                if lang == "ja":
                    assert wizard.text() != text, name
            if "policy" not in name and "inspect" not in name:
                assert wizard.text().split("\n")[0] == text.split("\n")[0], name
        assert wizard.app.session.remembered.language == "en"

    drive(script, scenario="token-expired")


def test_a_step_is_said_anew_in_the_other_language() -> None:
    """Its findings too: they are written once for each language."""

    async def script(wizard: Driver) -> None:
        journey = await wizard.judged()
        await journey.action_verdict()
        await wizard.pilot.pause()
        assert Texts("en").title("token-expired") in wizard.text()
        await wizard.press("ctrl+l")
        await wizard.until(lambda: Texts("ja").title("token-expired") in wizard.text(), "in Japanese")
        assert Texts("en").title("token-expired") not in wizard.text()
        assert isinstance(wizard.app.screen, Journey)
        await wizard.press("escape")
        await wizard.until(lambda: isinstance(wizard.app.screen, SandboxList), "the list")
        assert Texts("ja").screen("sandbox", "title")[:10] in wizard.text()
        assert Texts("ja").symptom("route-not-matched")[:8] in wizard.text()

    drive(script, scenario="token-expired")


def test_ctrl_c_does_not_quit_and_says_how() -> None:
    """It copies what is marked; without a mark it tells the key that leaves."""

    async def script(wizard: Driver) -> None:
        wizard.app.screen.set_focus(None)
        await wizard.press("ctrl+c")
        assert "ctrl+q" in [note.message for note in wizard.app._notifications][-1]
        assert isinstance(wizard.app.screen, Home)
        assert wizard.app.is_running

    app = drive(script)
    assert not app.return_code


def test_without_a_terminal_there_is_no_wizard(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is drawn into a pipe: a sentence that names the other ways, and the code for wrong use."""
    assert main([]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == f"cogwizard: {Texts('en').message('no-terminal', {})}\n"


class Stream:
    """Stands for a standard stream."""

    def __init__(self, is_terminal: bool) -> None:
        """Take whether it is a terminal."""
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self._is_terminal


@pytest.mark.parametrize("missing", ["stdin", "stdout", "stderr", None])
def test_all_streams_must_be_the_terminal(missing: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys are read from one, the screen is drawn on another; a closed one is none."""
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(command.sys, name, Stream(name != missing))  # type: ignore[attr-defined]
    monkeypatch.setenv("TERM", "xterm")
    assert command.has_terminal() is (missing is None)
    if missing:
        monkeypatch.setattr(command.sys, missing, None)  # type: ignore[attr-defined]
        assert not command.has_terminal()
    else:
        monkeypatch.setenv("TERM", "dumb")
        assert not command.has_terminal()


def test_no_color_on_the_command_line_is_textuals_own_switch(monkeypatch: pytest.MonkeyPatch) -> None:
    """`--no-color` is the variable, which Textual and what it starts read."""
    opened: list[CogwizardApp] = []
    monkeypatch.setattr(command, "has_terminal", lambda: True)
    monkeypatch.setattr(CogwizardApp, "run", lambda app: opened.append(app))
    monkeypatch.setenv("NO_COLOR", "")
    monkeypatch.delenv("NO_COLOR")
    assert main(["--no-color"]) == 0
    assert opened[0].no_color
    monkeypatch.delenv("NO_COLOR")
    assert main([]) == 0
    assert not opened[1].no_color
    assert "NO_COLOR" not in os.environ


def test_a_key_is_called_in_words() -> None:
    """The arrows and marks that Textual would show are two cells wide in some terminals."""

    async def script(wizard: Driver) -> None:
        shown = {
            key: wizard.app.get_key_display(binding)
            for node in (wizard.app, wizard.app.screen)
            for key, bound in node._bindings.key_to_bindings.items()
            for binding in bound
        }
        assert shown["ctrl+p"] == "ctrl+p"
        assert shown["escape"] == "esc"
        assert all(name.isascii() and name.isprintable() for name in shown.values())

    drive(script)
