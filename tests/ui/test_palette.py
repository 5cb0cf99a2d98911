"""The palette: all that can be done, by its name, in the user's language."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from textual.binding import Binding
from textual.command import CommandList, CommandPalette

import cogwizard.ui
from cogwizard.text import LANGUAGES, Texts
from cogwizard.ui.guide import TROUBLESHOOTING
from cogwizard.ui.help import Help
from cogwizard.ui.home import Home
from cogwizard.ui.inspect import Inspect
from cogwizard.ui.palette import commands
from cogwizard.ui.sandbox import SandboxList
from tests.ui.driver import Driver, drive
from tests.ui.screens import back_to, each

EVERYWHERE = {"help", "language", "next_theme", "quit", "inspect", "open_sandbox", "pick"}


def bindings() -> Iterator[tuple[str, Binding]]:
    """Yield every key of the wizard's own classes, with the class's name."""
    for module in pkgutil.walk_packages(cogwizard.ui.__path__, "cogwizard.ui."):
        for name, kind in vars(import_module(module.name)).items():
            if isinstance(kind, type) and kind.__module__ == module.name:
                for binding in vars(kind).get("BINDINGS", ()):
                    assert isinstance(binding, Binding), name
                    yield name, binding


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_key_with_a_name_has_it_in_both_languages(lang: str) -> None:
    """And a sentence for the palette; a name that is missing would hide the action."""
    texts, found = Texts(lang), list(bindings())
    named = [(name, binding) for name, binding in found if binding.description]
    assert len(named) > 10
    assert [(name, binding.key) for name, binding in named if not texts.key_name(binding.description)] == []
    wordless = [(name, binding.action) for name, binding in named if not texts.key_help(binding.action)]
    assert [item for item in wordless if not item[1].startswith("answer(")] == []


def test_all_that_is_offered_can_be_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each entry of the palette on each screen runs; what closes the screen, and quitting, are other tests'."""
    done = set()
    monkeypatch.chdir(tmp_path)  # a report is saved there
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    async def script(wizard: Driver) -> None:
        app = wizard.app
        async for _ in each(wizard, steps=False):
            screen = app.screen
            for command in commands(app, screen):
                key = (type(command.node).__name__, command.action)
                leaving = ("leave", "answer(", "quit", "home", "open_sandbox", "onboard", "join", "start_over")
                closes = command.action.startswith(leaving)
                if key in done or closes or screen not in app.screen_stack:
                    continue
                done.add(key)
                await app.run_action(command.action, command.node)
                await wizard.pilot.pause()
                if screen in app.screen_stack:
                    await back_to(wizard, screen)

    drive(script, scenario="token-expired")
    assert len(done) > 15


def test_the_palette_runs_what_is_chosen() -> None:
    """By keys alone: in the language, found by its name, run by enter; nothing of Textual's own is offered."""

    async def script(wizard: Driver) -> None:
        await wizard.press("ctrl+p")
        await wizard.until(lambda: "操作を検索" in wizard.text() and "ctrl+l" in wizard.text(), "the palette")
        shown = wizard.text()
        assert "English (ctrl+l)" in shown
        assert not [word for word in ("Screenshot", "Maximize", "Theme", "Keys") if word in shown]
        await wizard.press("ctrl+p")
        assert sum(isinstance(screen, CommandPalette) for screen in wizard.app.screen_stack) == 1
        for char in "トークンの":
            await wizard.press(char)
        palette = wizard.app.screen
        await wizard.until(lambda: palette.query_one(CommandList).option_count == 1, "one hit")
        await wizard.press("enter")
        await wizard.until(lambda: isinstance(wizard.app.screen, Inspect), "the screen")

    drive(script, lang="ja")


def test_home_is_reached_from_everywhere() -> None:
    """Out of a dialog over a scenario: all is closed, the sandbox too, and the scenarios can be opened again."""

    async def script(wizard: Driver) -> None:
        await wizard.judged()
        await wizard.press("f1")
        assert isinstance(wizard.app.screen, Help)
        await wizard.app.run_action("home", wizard.app)
        await wizard.until(lambda: isinstance(wizard.app.screen, Home), "home")
        assert wizard.app.session.sandbox is None
        assert len(wizard.app.screen_stack) == 1
        wizard.app.action_open_sandbox("healthy-bearer")
        journey = await wizard.judged()
        assert journey.seen.report is not None
        assert journey.seen.report["outcome"] == "healthy"
        await wizard.press("n", "escape")
        await wizard.until(lambda: isinstance(wizard.app.screen, SandboxList), "the list")

    drive(script, scenario="token-expired")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_step_is_found_by_its_name(lang: str) -> None:
    """All of them, on a journey alone; with what is shown beside their numbers."""
    texts = Texts(lang)
    names = [
        texts.screen("keys", "go to step", step=texts.screen("steps", f"short {step}"))
        for step in TROUBLESHOOTING.screens
    ]

    async def script(wizard: Driver) -> None:
        journey = await wizard.judged()
        offered = [item for item in commands(wizard.app, journey) if item.name in names]
        digits = [*"1234567890", *[""] * len(names)]
        assert [(item.name, item.key) for item in offered] == list(zip(names, digits, strict=False))
        await wizard.press("ctrl+p", *"5")
        palette = wizard.app.screen
        await wizard.until(lambda: f"{names[4]} (5)" in wizard.text(), "the step")
        await wizard.until(lambda: palette.query_one(CommandList).option_count >= 1, "a hit")
        await wizard.press("enter")
        await wizard.until(lambda: wizard.app.screen is journey and journey.here == "token", "the step")
        await wizard.press("f1")
        assert not [item for item in commands(wizard.app, wizard.app.screen) if item.name in names]

    drive(script, scenario="token-expired", lang=lang)


def test_starting_over_is_an_action() -> None:
    """On a journey: in the sandbox it leads to the list of the sandbox, else home."""
    name = Texts("en").key_name("start over")

    async def script(wizard: Driver) -> None:
        journey = await wizard.judged()
        (command,) = (item for item in commands(wizard.app, journey) if item.name == name)
        await wizard.app.run_action(command.action, command.node)
        await wizard.until(lambda: isinstance(wizard.app.screen, SandboxList), "the list")
        assert not [item for item in commands(wizard.app, wizard.app.screen) if item.name == name]
        await wizard.app.pop_screen()
        await wizard.app.push_screen(Inspect())
        await wizard.pilot.pause()
        await wizard.app.run_action("start_over", wizard.app)
        await wizard.until(lambda: isinstance(wizard.app.screen, Home), "home")

    drive(script, scenario="token-expired")


def test_the_list_of_the_sandbox_is_open_once() -> None:
    """From a scenario it is gone back to: two would serve two worlds, and the case would be read in the wrong one."""

    async def script(wizard: Driver) -> None:
        await wizard.judged()
        wizard.app.action_open_sandbox()
        await wizard.until(lambda: isinstance(wizard.app.screen, SandboxList), "the list")
        assert sum(isinstance(screen, SandboxList) for screen in wizard.app.screen_stack) == 1
        assert wizard.app.session.sandbox is None

    drive(script, scenario="token-expired")
