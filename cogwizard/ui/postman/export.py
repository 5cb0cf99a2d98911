"""The set-up as files for Postman and other tools: their names are shown first, and none is written over unasked."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, ItemGrid
from textual.content import Content
from textual.widgets import Button, Input

from cogwizard.files import NotWritten, write_all
from cogwizard.intake.errors import BadInput
from cogwizard.model.inert import inert
from cogwizard.postman.write import FORMS, Export, files
from cogwizard.report.text import headline
from cogwizard.ui.ask import Ask
from cogwizard.ui.base import Box, Dialog
from cogwizard.ui.signin.panel import visible
from cogwizard.ui.widgets.footer import Footer
from cogwizard.ui.widgets.prose import Prose

if TYPE_CHECKING:
    from cogwizard.model.call import Call
    from cogwizard.ui.postman.known import Known
    from cogwizard.ui.postman.state import Typed
    from cogwizard.ui.postman.walk import Walk

_PATIENCE = 30.0  # seconds for a file system that does not answer
# The same in every language.
_TOOLS = {
    "postman": "Postman",
    "curl": "curl",
    "httpie": "HTTPie",
    "http": ".http",
    "bruno": "Bruno",
    "posting": "Posting",
}
Made = dict[str, dict[str, str]]


def export(walk: "Walk") -> None:
    """Let the user write files of what a page knows; a call must be known, for which they are."""
    case, known = walk.case, walk.known
    if known.report is None or known.running:
        walk.notify(walk.say("export waits"))
    elif case is None or not case.call_given:
        walk.notify(walk.say("export no call"))
    else:
        walk.app.push_screen(ExportFiles(known, case.call, walk.typed))


class ExportFiles(Dialog[None]):
    """Asks which forms are written where. What was typed outlives it."""

    texts_name = "postman"
    help_key: ClassVar[str] = "postman export"
    DEFAULT_CSS = """
    ExportFiles #forms { grid-gutter: 0 2; height: auto; margin: 1 0; }
    ExportFiles #export-buttons { height: auto; margin-top: 1; }
    ExportFiles Entry { margin-top: 1; height: auto; }
    ExportFiles #written { color: $accent; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "write", "write files", priority=True),
        Binding("c", "copy_value", "copy"),
    ]

    def __init__(self, known: "Known", call: "Call", typed: "Typed") -> None:
        """Take the set-up, the call, and what was typed before."""
        super().__init__()
        self._known, self._call, self._typed = known, call, typed
        self._made: Made = {}
        self._written: list[Path] = []
        self._problem: Callable[[], str] = str  # says it in the language of the moment, "" for none
        self._is_writing = False

    # -- drawing -----------------------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """See `Screen`."""
        with Box(classes="dialog wide", id="export", can_focus=False):
            yield Prose(self.say("export title"), classes="heading")
            if self._written:
                yield from self._after()
            else:
                yield from self._before()
        yield Footer()

    def _before(self) -> ComposeResult:
        report = self._known.report or {}
        yield Prose(self.say("export about"), classes="muted")
        if report["causes"]:
            yield Prose(f"! {headline(report, self.session.texts)}", indent=2, classes="gap warn")
        yield ItemGrid(*(Button("", id=f"form-{form}") for form in FORMS), id="forms", min_column_width=18)
        yield Prose(id="names")
        yield visible("folder", self.say("export folder"), self._typed.folder, self.say("refused"))
        yield Prose(id="problem", classes="warn")
        yield Horizontal(
            Button(Content(self.say("export write")), id="write", variant="primary"),
            Button(Content(self.session.texts.screen("save", "cancel")), id="cancel"),
            id="export-buttons",
        )

    def _after(self) -> ComposeResult:
        yield Prose(self.say("export done"), classes="gap")
        yield Prose("\n".join(inert(str(path), 1000) for path in self._written), id="written", classes="inset")
        for form in self._typed.forms:
            yield Prose(self.say(f"import {form}"), classes="gap")
        yield Horizontal(Button(Content(self.say("close")), id="cancel"), id="export-buttons")

    async def on_mount(self) -> None:
        """Make all forms, none of which is written yet."""
        from cogwizard.checklist import export_of

        self._show()
        self.query_one("#form-postman").focus()
        try:
            self._made = await asyncio.to_thread(_all, export_of(self._known.setup, self._call))
        except BadInput as error:
            wrong = error
            self._problem = lambda: self.session.texts.message(wrong.key, wrong.params)
        self._show()

    def retext(self) -> None:
        """See `Speaking`."""
        super().retext()
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        if self._written or not self.query("#names"):
            return
        for form in FORMS:
            mark = "✓" if form in self._typed.forms else " "
            button = self.query_one(f"#form-{form}", Button)
            button.label = Content(f"{mark} {_TOOLS[form]}")
        names = list(self._files)
        key = "export names" if names else "export none"
        self.query_one("#names", Prose).text = self.say(key, names=", ".join(names)) if self._made else ""
        problem, text = self.query_one("#problem", Prose), self._problem()
        problem.text, problem.display = text, bool(text)
        self.refresh_bindings()

    @property
    def written(self) -> tuple[Path, ...]:
        """The files that were written."""
        return tuple(self._written)

    @property
    def _files(self) -> dict[str, str]:
        """The files that are to be written: name -> text."""
        return {
            name: text for form in FORMS if form in self._typed.forms for name, text in self._made.get(form, {}).items()
        }

    # -- keys --------------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done."""
        return not self._written if action == "write" else super().check_action(action, parameters)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keep what is typed."""
        self._typed.folder = event.value

    async def on_input_submitted(self) -> None:
        """Write."""
        await self.action_write()

    async def on_button_pressed(self, event: Button.Pressed) -> None:
        """Do what the button says."""
        event.stop()
        match event.button.id:
            case "write":
                await self.action_write()
            case "cancel":
                self.dismiss(None)
            case id:
                form = str(id).removeprefix("form-")
                held = set(self._typed.forms) ^ {form}
                self._typed.forms = tuple(known for known in FORMS if known in held)
                self._show()

    async def action_write(self) -> None:
        """Write what is chosen."""
        if self._files:
            await self._write(over=False)

    async def _write(self, *, over: bool) -> None:
        if self._is_writing:
            return
        self._is_writing, made = True, self._files
        folder = self._typed.folder.strip() or "."
        self._problem = str
        try:
            writing = asyncio.to_thread(write_all, expanded(folder), made, over=over)
            self._written = await asyncio.wait_for(writing, _PATIENCE)
        except NotWritten as error:
            if error.key == "exists":
                self._ask(folder)
            else:
                self._problem = self._told(error.key, error.path)
        except TimeoutError:
            self._problem = self._told("too slow", folder)
        finally:
            self._is_writing = False
        if self._written:
            self.refresh(recompose=True)
            self.call_after_refresh(lambda: self.query_one("#cancel").focus())
        self._show()

    def _told(self, key: str, path: str) -> Callable[[], str]:
        return lambda: self.session.texts.screen("save", key, path=inert(path, 300))

    def _ask(self, folder: str) -> None:
        def say(key: str) -> str:
            return self.say(key, folder=inert(folder, 300))

        async def answered(yes: bool | None) -> None:
            if yes:
                await self._write(over=True)

        question = Ask(lambda: say("export exists"), lambda: say("export over"), lambda: say("export keep"))
        self.app.push_screen(question, answered)

    def copyable(self) -> str | None:
        """See `Speaking`: where the files are."""
        return "\n".join(map(str, self._written)) or None


def expanded(path: str) -> str:
    """Return a path that was typed, absolute, the user's directory in the place of "~"."""
    try:
        return str(Path(path).expanduser().absolute())
    except (RuntimeError, OSError, ValueError):  # "~" of nobody, a directory that is gone
        return path


def _all(what: Export) -> Made:
    return {form: files(what, (form,)) for form in FORMS}
