"""What was built as a cogwizard.toml, for others to join: it is shown first, and no file is written over unasked."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button, Input

from cogwizard.files import NotWritten, write
from cogwizard.intake.team import FILE, write_team
from cogwizard.model.inert import inert
from cogwizard.ui.ask import Ask
from cogwizard.ui.base import Box, Dialog
from cogwizard.ui.postman.export import expanded
from cogwizard.ui.signin.panel import visible
from cogwizard.ui.widgets.footer import Footer
from cogwizard.ui.widgets.prose import Prose

if TYPE_CHECKING:
    from cogwizard.model.team import Team

_PATIENCE = 30.0  # seconds for a file system that does not answer


class Describe(Dialog[None]):
    """Shows the file and asks where it is written."""

    texts_name = "join_page"
    help_key: ClassVar[str] = "describe"
    DEFAULT_CSS = """
    Describe Entry { margin-top: 1; height: auto; }
    Describe #describe-buttons { margin-top: 1; }
    Describe #written { color: $accent; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "write", "write files", priority=True),
        Binding("c", "copy_value", "copy"),
    ]

    def __init__(self, team: "Team") -> None:
        """Take what the file says, see `describe.team_of`. Raises BadInput for what it may not hold."""
        super().__init__()
        self._text = write_team(team)
        self._path = expanded(FILE)
        self._written: Path | None = None
        self._problem: Callable[[], str] = str  # says it in the language of the moment, "" for none
        self._is_writing = False

    def compose(self) -> ComposeResult:
        """See `Screen`."""
        with Box(classes="dialog wide", can_focus=False):
            yield Prose(self.say("describe title"), classes="heading")
            if self._written is not None:
                yield Prose(self.say("describe done"), classes="gap")
                yield Prose(inert(str(self._written), 1000), id="written", classes="inset")
                yield Horizontal(Button(Content(self.say("describe close")), id="close"), id="describe-buttons")
            else:
                yield Prose(self.say("describe about"), classes="muted")
                yield Prose(self._text.rstrip(), classes="inset gap")
                yield visible("path", self.say("describe path"), self._path, self.say("refused"))
                yield Prose(id="problem", classes="warn")
                yield Horizontal(
                    Button(Content(self.say("describe write")), id="write", variant="primary"),
                    Button(Content(self.session.texts.screen("save", "cancel")), id="close"),
                    id="describe-buttons",
                )
        yield Footer()

    def on_mount(self) -> None:
        """Begin where it is written."""
        self.query_one("#line-path").focus()
        self._show()

    def retext(self) -> None:
        """See `Speaking`."""
        super().retext()
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        for problem in self.query("#problem").results(Prose):
            problem.text = self._problem()
            problem.display = bool(problem.text)
            if problem.display:
                problem.scroll_visible(animate=False)
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done."""
        return self._written is None if action == "write" else super().check_action(action, parameters)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keep what is typed."""
        self._path = event.value

    async def on_input_submitted(self) -> None:
        """Write."""
        await self.action_write()

    async def on_button_pressed(self, event: Button.Pressed) -> None:
        """Write, or close."""
        event.stop()
        if event.button.id == "write":
            await self.action_write()
        else:
            self.dismiss(None)

    async def action_write(self) -> None:
        """Write it to where the user says."""
        if self._path.strip():
            await self._write(over=False)
        else:
            self._problem = lambda: self.session.texts.screen("save", "no name")
            self._show()

    async def _write(self, *, over: bool) -> None:
        if self._is_writing:
            return
        self._is_writing, path = True, self._path.strip()
        self._problem = str
        try:
            self._written = await asyncio.wait_for(asyncio.to_thread(write, path, self._text, over=over), _PATIENCE)
        except NotWritten as error:
            if error.key == "exists":
                self._ask(path)
            else:
                self._problem = self._told(error.key, error.path)
        except TimeoutError:
            self._problem = self._told("too slow", path)
        finally:
            self._is_writing = False
        if self._written is not None:
            self.refresh(recompose=True)
            self.call_after_refresh(lambda: self.query_one("#close").focus())
        self._show()

    def _told(self, key: str, path: str) -> Callable[[], str]:
        return lambda: self.session.texts.screen("save", key, path=inert(path, 300))

    def _ask(self, path: str) -> None:
        async def answered(yes: bool | None) -> None:
            if yes:
                await self._write(over=True)

        say = self._told
        self.app.push_screen(Ask(say("exists", path), say("exists yes", path), say("exists no", path)), answered)

    def copyable(self) -> str | None:
        """See `Speaking`: the file, then where it is."""
        return self._text if self._written is None else str(self._written)
