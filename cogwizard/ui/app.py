"""The wizard's app: language, theme, copying, leaving. What a journey does is its screen's."""

import asyncio
import os
import signal
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.command import CommandPalette
from textual.keys import key_to_character
from textual.screen import Screen

from cogwizard.model.inert import inert
from cogwizard.text import LANGUAGES
from cogwizard.ui import crash
from cogwizard.ui.base import Speaking
from cogwizard.ui.session import Session, with_language
from cogwizard.ui.themes import DARK, THEMES, without_colors
from cogwizard.ui.widgets.scroll import use_plain_bars

if TYPE_CHECKING:
    from cogwizard.model.case import Case
    from cogwizard.model.token import Token

_KEYS = {"escape": "esc", "pagedown": "pgdn", "pageup": "pgup", "space": "space", "slash": "/"}
_PATIENCE = 2.0  # seconds


class CogwizardApp(App[int]):
    """Shows the home screen, or a scenario of the sandbox at once."""

    CSS_PATH = "wizard.tcss"
    ENABLE_COMMAND_PALETTE = True
    NOTIFICATION_TIMEOUT = 3
    TITLE = "cogwizard"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", "help", priority=True),
        Binding("ctrl+p", "command_palette", "commands", priority=True),
        Binding("ctrl+l", "language", "language", priority=True),
        Binding("ctrl+t", "next_theme", "theme", show=False, priority=True),
        Binding("ctrl+q", "quit", "quit", priority=True),
    ]

    def __init__(
        self, session: Session, scenario: str | None = None, *, sandbox: bool = False, journey: str | None = None
    ) -> None:
        """Take the session; `sandbox` opens the list of broken APIs, `scenario` one of them; `journey` is an action."""
        use_plain_bars()
        super().__init__()
        self.session = session
        self._scenario, self._sandbox, self._journey = scenario, sandbox, journey
        self.sent_to_terminal: str | None = None  # what was copied last by a way that has no answer
        for theme in THEMES:
            self.register_theme(without_colors(theme) if self.no_color else theme)
        names = {theme.name for theme in THEMES}
        self.theme = session.remembered.theme if session.remembered.theme in names else DARK.name

    def get_default_screen(self) -> Screen[object]:
        """Return the first screen: home."""
        from cogwizard.ui.home import Home

        return cast(Screen[object], Home())

    def on_load(self) -> None:
        """Leave in good order where the system ends the program: a terminal in our mode would be left behind."""
        loop = asyncio.get_running_loop()
        for name in ("SIGTERM", "SIGHUP"):
            # The platform may lack the signal, or the loop the way to it; it has none beside the main thread.
            with suppress(AttributeError, RuntimeError):
                number = getattr(signal, name)
                loop.add_signal_handler(number, self._end, number)

    def _end(self, number: int) -> None:
        asyncio.get_running_loop().remove_signal_handler(number)  # who sends it twice cannot wait
        self.exit(0)

    def on_mount(self) -> None:
        """Begin. AWS's library is loaded behind the first screen."""
        self.call_after_refresh(self._load)
        if self._sandbox or self._scenario:
            self.call_after_refresh(self.action_open_sandbox, self._scenario)
        elif self._journey:
            self.call_after_refresh(self.run_action, f"app.{self._journey}")

    def _load(self) -> None:
        from cogwizard.ui.warm import warm

        self.stylesheet.read(Path(__file__).with_name("screens.tcss"))
        self.refresh_css(animate=False)
        warm(self.session, for_good=not self.is_headless)

    # -- screens -----------------------------------------------------------------------------------------------------

    def action_open_sandbox(self, scenario: str | None = None) -> None:
        """Show the list of broken APIs, or one of them. A list that is open already is gone back to: one is served."""
        from cogwizard.ui.sandbox import SandboxList

        if scenario is None and any(isinstance(screen, SandboxList) for screen in self.screen_stack):
            self.call_later(self._back_to, SandboxList)
        elif self.session.is_practice:  # what is open there would outlive its world
            self.call_later(self._from_home, SandboxList(scenario))
        else:
            self.push_screen(SandboxList(scenario))

    async def _from_home(self, screen: Screen[None]) -> None:
        await self.action_home()
        self.push_screen(screen)

    async def _back_to(self, kind: type[object]) -> None:
        while not isinstance(self.screen, kind) and len(self.screen_stack) > 1:
            await self.pop_screen()

    def action_troubleshoot(self) -> None:
        """Find out why the given call fails."""
        from cogwizard.ui.journey import Journey

        self.push_screen(Journey())

    def action_pick(self) -> None:
        """Choose API, stage and method from the account."""
        from cogwizard.ui.pick import Pick

        self.push_screen(Pick())

    def action_inspect(self, token: str = "") -> None:
        """Take a token apart."""
        from cogwizard.ui.inspect import Inspect

        self.push_screen(Inspect(token))

    def action_vault(self) -> None:
        """Show what is kept in the OS keyring."""
        from cogwizard.ui.vault import VaultPage

        if not isinstance(self.screen, VaultPage):
            self.push_screen(VaultPage())

    def action_secret_hash(self) -> None:
        """Compute a SECRET_HASH, or check one."""
        from cogwizard.ui.secret_hash import SecretHash

        if not isinstance(self.screen, SecretHash):
            self.push_screen(SecretHash())

    def action_get_token(self, token: "Token | None" = None) -> None:
        """Sign in, and send what comes of it with the call; `token` is one at hand, whose app client is proposed."""
        from cogwizard.ui.signin.page import SignIn
        from cogwizard.ui.signin.state import Purpose

        def signed_in(used: bool | None) -> None:
            if used and self.session.given.call is not None:
                self.action_troubleshoot()
            elif used:
                self.action_pick()

        found = next((screen for screen in reversed(self.screen_stack) if isinstance(screen, SignIn)), None)
        if found is None or not found.is_at_home:
            self.push_screen(SignIn(Purpose(token=token)), signed_in)
        elif found is not self.screen:
            self.call_later(self._back_to, SignIn)  # two would write over what was typed in each other

    def action_postman(self) -> None:
        """Go through the fields of Postman's OAuth 2.0 tab. A page of it that is open already is gone back to."""
        from cogwizard.ui.postman.start import Start

        found = next((screen for screen in reversed(self.screen_stack) if isinstance(screen, Start)), None)
        if found is None or not found.is_at_home:
            self.open_postman()
        elif found is not self.screen:
            self.call_later(self._back_to, Start)

    def open_postman(self, case: "Case | None" = None) -> None:
        """Open the checklist of Postman's OAuth 2.0 tab; `case`: of the call that the token is for."""
        from cogwizard.ui.postman.start import Start

        self.push_screen(Start(case))

    async def action_onboard(self) -> None:
        """Build from nothing, step by step. A walk-through that is open already is gone back to.

        One that is opened over another sandbox's screens leaves these: it serves a world of its own.
        """
        from cogwizard.ui.home import Home
        from cogwizard.ui.onboard.start import Start
        from cogwizard.ui.onboard.walk import Walk

        found = next((screen for screen in reversed(self.screen_stack) if isinstance(screen, Start | Walk)), None)
        if found is not None:
            self.call_later(self._back_to, type(found))
            return
        if self.session.sandbox is not None:
            await self._back_to(Home)
            self.session.leave_sandbox()
        self.push_screen(Start())

    async def action_join(self) -> None:
        """Join an API by a file of its repository. Pages of it that are open already are gone back to.

        A scenario of the sandbox is left: what the file names is not in it.
        """
        from cogwizard.ui.home import Home
        from cogwizard.ui.join.start import JoinStart
        from cogwizard.ui.join.walk import JoinWalk

        found = next(
            (screen for screen in reversed(self.screen_stack) if isinstance(screen, JoinStart | JoinWalk)), None
        )
        if found is not None:
            self.call_later(self._back_to, type(found))
            return
        if self.session.sandbox is not None and not self.session.is_practice:
            await self._back_to(Home)
            self.session.leave_sandbox()
        self.push_screen(JoinStart())

    def action_explain(self, code: str) -> None:
        """Show the page of a code."""
        from cogwizard.ui.explain import Explain

        self.push_screen(Explain(code))

    async def action_home(self) -> None:
        """Leave everything that is open, back to the home screen. What was given there stays."""
        from cogwizard.ui.home import Home

        await self._back_to(Home)

    async def action_start_over(self) -> None:
        """Leave this call for another one: in the sandbox, back to its list, or to what was built or joined."""
        from cogwizard.ui.join.walk import JoinWalk
        from cogwizard.ui.onboard.walk import Walk
        from cogwizard.ui.sandbox import SandboxList

        found = next((screen for screen in reversed(self.screen_stack) if isinstance(screen, Walk | JoinWalk)), None)
        if found is not None:
            await self._back_to(type(found))
        elif self.session.sandbox:
            await self._back_to(SandboxList)
        else:
            await self.action_home()

    def action_help(self) -> None:
        """Show help for what has the focus; hide it again."""
        from cogwizard.ui.help import Help

        if isinstance(self.screen, Help):
            self.screen.action_leave()
        elif not CommandPalette.is_open(cast(App[object], self)):
            self.push_screen(Help.of(self.screen))

    # -- what all screens show ----------------------------------------------------------------------------------------

    def place_line(self, case: "Case | None" = None) -> str:
        """Return whose AWS is read: profile, account (masked), region, as far as they are known."""
        settings = self.session.settings
        profile = "" if self.session.sandbox else settings.profile or os.environ.get("AWS_PROFILE") or ""
        region = (case.api_region if case else None) or settings.region or ""
        account = f"..{case.account[-4:]}" if case and case.account else ""
        return "  ".join(inert(part, 40) for part in (profile, account, region) if part)

    def sandbox_mark(self) -> str:
        """Return the word that says that this is the sandbox, "" when it is not."""
        return self.session.texts.screen("keys", "sandbox mark") if self.session.sandbox else ""

    def monotonic(self) -> float:
        """Return the monotonic clock in seconds."""
        return time.monotonic()

    def remember_place(self, case: "Case") -> None:
        """Remember region, API and stage of a call that was looked at; not those of the sandbox."""
        if self.session.sandbox is None and case.place.rest_api_id:
            self.session.remembered = replace(
                self.session.remembered,
                region=case.api_region,
                rest_api_id=case.place.rest_api_id,
                stage=case.place.stage,
            )

    # -- comfort -----------------------------------------------------------------------------------------------------

    async def action_language(self) -> None:
        """Speak the next language. The next key waits until the screen does."""
        at = LANGUAGES.index(self.session.texts.lang)
        with_language(self.session, LANGUAGES[(at + 1) % len(LANGUAGES)])
        self.clear_toasts()
        for screen in self.screen_stack:
            if isinstance(screen, Speaking):
                screen.retext()
        end = self.monotonic() + _PATIENCE
        while isinstance(self.screen, Speaking) and self.screen.is_stale and self.monotonic() < end:
            await asyncio.sleep(0.01)

    def on_notify(self) -> None:
        """Say one thing at a time: what was said before gives way."""
        self.clear_toasts()

    def clear_toasts(self) -> None:
        """Take away what is said for a moment, on the screens below too."""
        self.clear_notifications()
        for screen in self.screen_stack:
            screen.query("ToastHolder").remove()

    def action_next_theme(self) -> None:
        """Show the next theme."""
        names = [theme.name for theme in THEMES]
        self.theme = names[(names.index(self.theme) + 1) % len(names)] if self.theme in names else names[0]
        self.session.remembered = replace(self.session.remembered, theme=self.theme)

    def copy(self, text: str) -> None:
        """Copy to the clipboard, and say by which way it went."""
        from cogwizard.ui.clipboard import copy_in_background

        copy_in_background(self, text)

    def copy_to_clipboard(self, text: str) -> None:
        """Copy what was marked with ctrl+c; never into a file, for the user may have marked a secret of their own."""
        from cogwizard.ui.clipboard import copy_in_background

        self._clipboard = text
        copy_in_background(self, text, to_file=False)

    def send_to_terminal(self, text: str) -> None:
        """Ask the terminal to put text into the clipboard (OSC 52). It does not answer."""
        super().copy_to_clipboard(text)

    def get_key_display(self, binding: Binding) -> str:
        """Return how a key is called: in words, for the arrows of Textual are two cells wide in some terminals."""
        *modifiers, key = (binding.key_display or binding.key).split("+")
        char = key_to_character(key) or ""
        return "+".join([*modifiers, _KEYS.get(key) or (char if char.isprintable() else "") or key])

    def action_command_palette(self) -> None:
        """Show all that can be done here."""
        from cogwizard.ui.palette import Palette

        if not CommandPalette.is_open(cast(App[object], self)):
            self.clear_toasts()
            say = self.session.texts.screen
            self.push_screen(Palette(say("keys", "palette"), say("keys", "palette nothing")))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """What can be done now, for the palette."""
        from cogwizard.ui.palette import commands

        for command in commands(self, screen):
            if command.action != "command_palette":
                title = f"{command.name} ({command.key})" if command.key else command.name
                yield SystemCommand(title, command.about, partial(self.run_action, command.action, command.node))

    async def action_quit(self) -> None:
        """Leave; ask first when something would be lost."""
        from cogwizard.ui.leave import leave

        await leave(self)

    def action_help_quit(self) -> None:
        """Say how to leave: ctrl+c copies."""
        self.notify(self.session.texts.screen("keys", "how to quit"))

    def _handle_exception(self, error: Exception) -> None:
        # Textual's own report prints the variables of each frame: they may hold a token.
        crash.handle(self, error, super()._handle_exception)
