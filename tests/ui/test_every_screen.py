"""What holds on every screen: opened once in each language and size, all of it is checked there."""

from collections import Counter

import pytest

from cogwizard.report.wrap import width
from cogwizard.text import LANGUAGES, Texts
from cogwizard.ui.base import Dialog, Speaking
from cogwizard.ui.guide import TROUBLESHOOTING
from cogwizard.ui.guided import Guided
from cogwizard.ui.help import Help, help_key
from cogwizard.ui.home import Home
from cogwizard.ui.palette import commands
from tests.ui.driver import Driver, drive
from tests.ui.screens import doubtful, each, footer_keys

EVERYWHERE = {"help", "language", "next_theme", "quit", "inspect", "open_sandbox", "pick"}
SMALL = (80, 24)
# The first keys of two dialogs, in English.
FIRST = {"ask": ["esc Cancel", "y Yes", "n No"], "save": ["esc Cancel", "ctrl+s Save report", "f2 Format"]}


def check_footer(wizard: Driver, name: str) -> None:
    """The way out stands first; help is named always; what is left out is told; nothing is cut."""
    screen, keys, texts = wizard.app.screen, footer_keys(wizard), wizard.app.session.texts
    help_named = f"f1 {texts.key_name('help')}"
    if not isinstance(screen, Home):
        assert keys[0].startswith("esc "), name
    assert help_named in keys, name
    assert sum(width(key) + 2 for key in keys) <= wizard.app.size.width, name
    assert "  ".join(keys) == wizard.text().split("\n")[-1].strip(), name
    named = {item.binding.description for item in screen.active_bindings.values() if item.binding.show}
    left_out = [item for item in named if item and not any(key.endswith(f" {item}") for key in keys)]
    assert ("..." in keys) == bool(left_out), name
    if left_out:
        assert keys.index("...") == keys.index(help_named) - 1, name
    # A dialog names its keys and not those below: `n` is no there, not the next step.
    of_steps = {f"n {texts.key_name('next')}", f"p {texts.key_name('previous')}", f"v {texts.key_name('verdict')}"}
    assert bool(of_steps & set(keys)) is isinstance(screen, Guided), name
    if texts.lang == "en":
        assert keys[:3] == FIRST.get(name, keys[:3])


def check_palette(wizard: Driver, name: str) -> None:
    """Each named action of the focused widget, of the screen and of the app, once; and what is offered everywhere."""
    screen, texts = wizard.app.screen, wizard.app.session.texts
    assert isinstance(screen, Speaking), name
    offered = commands(wizard.app, screen)
    actions = [command.action for command in offered]
    assert len(actions) == len(set(actions)), name
    assert set(actions) >= EVERYWHERE, name
    assert ("home" in actions) is not isinstance(screen, Home), name
    assert all(command.name for command in offered), name
    chain = (screen.focused or screen).ancestors_with_self
    keys = [binding for node in chain for bound in node._bindings.key_to_bindings.values() for binding in bound]
    named = [binding.action for binding in keys if texts.key_name(binding.description)]
    # An action that cannot be done at this moment (no token to use yet) is not offered.
    possible = {action for action in named if screen.check_action(action.partition("(")[0], ())}
    assert possible - set(actions) == set(), name


def check_help(wizard: Driver, name: str) -> None:
    """Every screen has its help, and every widget on it that can have the focus, in both languages."""
    screen, texts = wizard.app.screen, [Texts(lang) for lang in LANGUAGES]
    if isinstance(screen, Help):
        return
    key = help_key(screen)
    assert key, name
    assert all(item.screen("help", f"screen {key}") for item in texts), name
    for widget in screen.focus_chain:
        key = help_key(widget)
        assert key, (name, widget)
        assert all(item.screen("help", f"widget {key}") for item in texts), (name, widget)


def check_dialog(wizard: Driver, name: str) -> None:
    """On a small terminal a dialog covers everything but the footer, which is its own."""
    screen = wizard.app.screen
    if isinstance(screen, Dialog) and tuple(wizard.app.size) == SMALL:
        assert screen.query_one(".dialog").region == (0, 0, 80, 23), name
        if name != "help":  # it stands on the journey's keys
            assert "GET /orders" not in wizard.text(), name


@pytest.mark.parametrize(("lang", "size"), [("ja", SMALL), ("en", (120, 40))])
def test_what_holds_on_every_screen(lang: str, size: tuple[int, int]) -> None:
    """All steps, dialogs and pages; the palette with what it says when it finds nothing, and a toast."""
    seen: Counter[bool] = Counter()

    async def script(wizard: Driver) -> None:
        async for name in each(wizard):
            assert doubtful(wizard.text()) == set(), name
            check_footer(wizard, name)
            check_palette(wizard, name)
            check_help(wizard, name)
            check_dialog(wizard, name)
            seen[isinstance(wizard.app.screen, Dialog)] += 1
        await wizard.press("ctrl+p")
        await wizard.until(lambda: "ctrl+l" in wizard.text(), "commands")
        assert doubtful(wizard.text()) == set(), "palette"
        await wizard.press(*"zzzz")
        nothing = wizard.app.session.texts.screen("keys", "palette nothing")
        await wizard.until(lambda: nothing in wizard.text(), "nothing found")
        assert doubtful(wizard.text()) == set(), "palette without a hit"
        await wizard.press("escape", "escape")
        for severity in ("information", "warning", "error"):
            wizard.app.notify(f"toast {severity}", title="title", severity=severity)
            await wizard.until(lambda: f"toast {severity}" in wizard.text(), "a toast")  # noqa: B023
            assert doubtful(wizard.text()) == set(), "toast"

    drive(script, scenario="token-expired", lang=lang, size=size)
    assert seen[True] >= 13
    assert seen[False] >= 20


def test_doubtful_characters_are_found() -> None:
    """The measure of the other tests is right."""
    assert len(doubtful("│─…→·“●▁🔎")) == 9
    assert doubtful("abc 日本語（）、。✓✗!?-~ ｱ") == set()


@pytest.mark.parametrize(
    ("scenario", "lang"), [("permission-missing", "en"), ("permission-missing", "ja"), ("changes-not-deployed", "ja")]
)
def test_every_step_has_characters_of_one_width(scenario: str, lang: str) -> None:
    """Of what cannot be known, and of a draft that differs from what is deployed."""

    async def script(wizard: Driver) -> None:
        journey = await wizard.judged()
        for at, step in enumerate(TROUBLESHOOTING.screens):
            await journey.action_step(at)
            await wizard.pilot.pause()
            assert doubtful(wizard.text()) == set(), step

    drive(script, scenario=scenario, lang=lang, size=(100, 60))
