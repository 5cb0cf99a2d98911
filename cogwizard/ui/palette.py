"""What can be done on a screen: the named actions of its keys, and those of every screen. For palette and help."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding
from textual.command import CommandList, CommandPalette
from textual.content import Content
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widgets.option_list import Option

from cogwizard.ui.base import Speaking

if TYPE_CHECKING:
    from cogwizard.ui.app import CogwizardApp

# The app's actions that have no key of their own everywhere: action -> its name's key in `screens/keys.toml`.
_EVERYWHERE = {
    "home": "home",
    "open_sandbox": "sandbox",
    "inspect": "inspect",
    "pick": "pick",
    "onboard": "onboard",
    "join": "join",
    "postman": "postman",
    "get_token": "get token",
    "vault": "vault",
    "secret_hash": "secret hash",
}


@dataclass(frozen=True)
class Command:
    """Something that can be done: its key as it is shown ("" for none), its name, a sentence, and what runs it."""

    key: str
    name: str
    about: str
    action: str
    node: DOMNode


def commands(app: "CogwizardApp", screen: Screen[Any]) -> list[Command]:
    """Return what can be done on a screen, each once: the keys of what has the focus, of the screen, of the app."""
    found: dict[str, Command] = {}
    for command in (*_of_keys(app, screen), *_of_app(app, screen)):
        found.setdefault(command.action.removeprefix("app."), command)
    return list(found.values())


def _of_keys(app: "CogwizardApp", screen: Screen[object]) -> Iterator[Command]:
    if not isinstance(screen, Speaking):  # the names that other screens give to keys are not in the user's language
        return
    for node, binding, enabled, _ in screen.active_bindings.values():
        if enabled and binding.description:
            yield _command(app, binding, binding.description, node)
    # While a field has the focus it takes letters for itself: what they do elsewhere can still be done, by its name.
    for node in (screen.focused or screen).ancestors_with_self:
        if node is app:
            break
        for bindings in node._bindings.key_to_bindings.values():
            for binding in bindings:
                name = app.session.texts.key_name(binding.description)
                if name and app._check_action_state(binding.action, node):
                    yield replace(_command(app, binding, name, node), key="")


def _of_app(app: "CogwizardApp", screen: Screen[object]) -> Iterator[Command]:
    from cogwizard.ui.home import Home

    texts = app.session.texts
    for binding in app.BINDINGS:
        if isinstance(binding, Binding):
            yield _command(app, binding, texts.key_name(binding.description), app)
    if isinstance(screen, Speaking) and screen.steps:
        for at, step in enumerate(screen.steps):
            name = texts.screen("keys", "go to step", step=texts.screen(screen.steps_name, f"short {step}"))
            key = str((at + 1) % 10) if at < 10 else ""
            yield Command(key, name, texts.screen(screen.steps_name, f"question {step}"), f"step({at})", screen)
        yield Command("", texts.key_name("start over"), texts.key_help("start_over"), "start_over", app)
    for action, name in _EVERYWHERE.items():
        if action != "home" or not isinstance(screen, Home):
            yield Command("", texts.key_name(name), texts.key_help(action), action, app)


def _command(app: "CogwizardApp", binding: Binding, name: str, node: DOMNode) -> Command:
    about = app.session.texts.key_help(binding.action.removeprefix("app."))
    return Command(app.get_key_display(binding), name, about, binding.action, node)


class Palette(CommandPalette):
    """Textual's palette; what it says when nothing is found is in the user's language."""

    def __init__(self, placeholder: str, nothing: str) -> None:
        """Take what stands in the empty field, and what is said when nothing is found."""
        super().__init__(placeholder=placeholder, id="--command-palette")
        self._nothing = nothing

    _PATIENCE: ClassVar[float] = 0.5  # seconds: who types on sees no message flash up

    def _start_no_matches_countdown(self, search_value: str) -> None:
        self._stop_no_matches_countdown()

        def show() -> None:
            if search_value:
                listed = self.query_one(CommandList)
                listed.add_option(Option(Content(self._nothing), disabled=True, id=self._NO_MATCHES))
            self._list_visible = bool(search_value)

        self._no_matches_timer = self.set_timer(self._PATIENCE, show)
