"""Saving a report: what will be written is shown first, and no file is ever written over unasked."""

import asyncio
import json
import re
import time
from collections.abc import Callable
from copy import deepcopy
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Input, TextArea

from cogwizard.files import NotWritten, write
from cogwizard.intake.errors import BadInput
from cogwizard.model.inert import inert
from cogwizard.report import document, markdown
from cogwizard.saved.keep import Kept, keep
from cogwizard.text import Texts
from cogwizard.ui.ask import Ask
from cogwizard.ui.base import Dialog
from cogwizard.ui.widgets.footer import Footer
from cogwizard.ui.widgets.prose import Prose

if TYPE_CHECKING:
    from cogwizard.ui.journey import Journey

Document = dict[str, Any]
Build = Callable[[Texts], Document]
FORMATS = {"markdown": ".md", "json": ".json", "case": ".case.json"}
REPORTS = ("markdown", "json")
_PATIENCE = 30.0  # seconds for a file system that does not answer
_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]+")


def file_name(report: Document, now: float, format: str) -> str:
    """Return the name that is offered: API, stage and day; `now` in Unix seconds."""
    request, day = report["request"], time.strftime("%Y-%m-%d", time.localtime(now))
    names = ("postman" if "checklist" in report else "", request["rest_api_id"] or "", request["stage"] or "")
    parts = [_UNSAFE.sub("", part)[:60] for part in names]
    return "-".join(part for part in ("cogwizard", *parts, day) if part) + FORMATS[format]


class Save(Dialog[str | None]):
    """Shows a report as it will be written, asks where to, and gives the path, or None."""

    texts_name = "save"
    DEFAULT_CSS = """
    Save #preview { height: 1fr; min-height: 4; }
    Save #formats, Save #save-buttons { height: 1; }
    Save #problem { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "cancel"),
        Binding("ctrl+s", "save", "save", priority=True),
        Binding("f2", "format", "format", priority=True),
    ]

    def __init__(self, build: Build, kept: Callable[[], Kept] | None = None, format: str = "markdown") -> None:
        """Take what writes the report in a language and, where there is a case to be saved, what makes its file."""
        super().__init__()
        self._build, self._kept = build, kept
        self._formats = (*REPORTS, "case") if kept else REPORTS
        self._format, self._path = format, ""
        self._problem: tuple[str, dict[str, object]] = ("", {})
        self._text = ""
        self._is_writing = False

    def compose(self) -> ComposeResult:
        """See `Screen`."""
        with Vertical(classes="dialog wide", id="save-box"):
            yield Prose(self.say("title"), classes="heading")
            yield Prose("", id="about", classes="muted")
            with Horizontal(id="formats"):
                for format in self._formats:
                    yield Button("", id=f"as-{format}")
            yield TextArea("", read_only=True, id="preview", show_cursor=False)
            yield Prose(self.say("path"))
            yield Input(self._path, id="path")
            yield Prose("", id="problem", classes="warn")
            with Horizontal(id="save-buttons"):
                yield Button(f"{self.say('save')} (ctrl+s)", id="write", variant="primary")
                yield Button(self.say("cancel"), id="cancel")
        yield Footer()

    async def on_mount(self) -> None:
        """Show the report."""
        self.query_one("#path").focus()
        await self._preview()

    def retext(self) -> None:
        """Say everything again; the report too is in the language of the session."""
        super().retext()
        self.call_after_refresh(self._preview)

    async def _preview(self) -> None:
        texts, format = self.session.texts, self._format
        report, self._text = await asyncio.to_thread(rendered, self._build, texts, format)
        about = self.say("about case" if format == "case" else "about")
        if format == "case" and self._kept:
            try:
                kept = await asyncio.to_thread(self._kept)
            except BadInput as error:  # what was pasted is longer than a case may hold
                kept, about = Kept(""), texts.message(error.key, error.params)
            self._text = kept.text
            if kept.differences:
                about += "\n" + texts.message("case-differs", {"codes": ", ".join(kept.differences)})
        self.query_one("#about", Prose).text = about
        if not self._path:
            self._path = file_name(report, self.session.clock(), format)
            self.query_one("#path", Input).value = self._path
        self.query_one("#preview", TextArea).load_text(self._text)
        for name in self._formats:
            mark = "✓" if name == format else " "
            key = " (F2)" if name == self._next(format) else ""
            self.query_one(f"#as-{name}", Button).label = f"{mark} {self.say(name)}{key}"
        self._tell(*self._problem)

    def _tell(self, key: str, params: dict[str, object] | None = None) -> None:
        self._problem = (key, params or {})
        self.query_one("#problem", Prose).text = self.say(key, **self._problem[1]) if key else ""

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keep what is typed."""
        self._path = event.value

    async def on_input_submitted(self) -> None:
        """Save."""
        await self.action_save()

    async def on_button_pressed(self, event: Button.Pressed) -> None:
        """Do what the button says."""
        event.stop()
        match event.button.id:
            case "write":
                await self.action_save()
            case "cancel":
                self.dismiss(None)
            case id:
                await self._choose(str(id).removeprefix("as-"))

    async def action_format(self) -> None:
        """Show it in the next format."""
        await self._choose(self._next(self._format))

    def _next(self, format: str) -> str:
        return self._formats[(self._formats.index(format) + 1) % len(self._formats)]

    async def _choose(self, format: str) -> None:
        before, self._format = FORMATS[self._format], format
        if self._path.endswith(before):
            self._path = self._path.removesuffix(before) + FORMATS[format]
            self.query_one("#path", Input).value = self._path
        await self._preview()

    async def action_save(self) -> None:
        """Write what is shown to where the user says."""
        if not self._path.strip():
            self._tell("no name")
        elif self._text:
            await self._write(over=False)

    async def _write(self, *, over: bool) -> None:
        if self._is_writing:
            return
        self._is_writing = True
        name = self._path.strip()
        try:
            path = await asyncio.wait_for(asyncio.to_thread(write, name, self._text, over=over), _PATIENCE)
        except NotWritten as error:
            if error.key == "exists":
                self._tell("")
                self._ask(name)
            else:
                self._tell(error.key, {"path": inert(name, 200)})
        except TimeoutError:
            self._tell("too slow", {"path": inert(name, 200)})
        else:
            self.dismiss(str(path))
        finally:
            self._is_writing = False

    def _ask(self, name: str) -> None:
        def say(key: str) -> str:
            return self.say(key, path=inert(name, 200))

        async def answered(yes: bool | None) -> None:
            if yes:
                await self._write(over=True)

        self.app.push_screen(Ask(lambda: say("exists"), lambda: say("exists yes"), lambda: say("exists no")), answered)


def rendered(build: Build, texts: Texts, format: str) -> tuple[Document, str]:
    """Return a report, and as the text of a file."""
    report = build(texts)
    if format == "json":
        return report, json.dumps(report, ensure_ascii=False, indent=2) + "\n"
    return report, markdown.render(report, texts)


def save_report(journey: "Journey", format: str = "markdown") -> None:
    """Let the user save a report of what a journey knows, or the case; nothing is saved while nothing is known."""
    session, judgement = journey.session, journey.seen.judgement
    if judgement is None:
        journey.notify(session.texts.screen("save", "nothing"))
        return
    given = deepcopy(session.given)

    def saved(path: str | None) -> None:
        if path:
            session.saved = given
            journey.notify(session.texts.screen("save", "saved", path=inert(path, 300)), markup=False)

    def kept() -> Kept:
        return keep(judgement, journey.guide.steps)

    journey.app.push_screen(Save(lambda texts: document.build(judgement, texts), kept, format), saved)
