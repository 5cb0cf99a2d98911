"""The panels of the walk-through's first page: what is to be built, and a run that was begun before."""

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.containers import ItemGrid
from textual.content import Content
from textual.widgets import Button, Input

from cogwizard.model.build import Choices
from cogwizard.model.inert import inert
from cogwizard.ui.signin.panel import Panel, hidden, visible
from cogwizard.ui.widgets.prose import Prose
from cogwizard.ui.widgets.secret import SecretLine

if TYPE_CHECKING:
    from cogwizard.ui.onboard.build import Build
    from cogwizard.ui.onboard.start import Start

_LINES = ("name", "stage", "username", "email")


class StartFields(Panel):
    """Four names, all known already; a password; whose AWS."""

    DEFAULT_CSS = """
    StartFields #way { width: auto; height: auto; }
    StartFields #ways { grid-gutter: 0 2; margin-top: 1; height: auto; }
    """

    @property
    def start(self) -> "Start":
        """The page."""
        found: Any = self.screen
        start: Start = found
        return start

    def compose(self) -> ComposeResult:
        """See `Widget`."""
        start, session = self.start, self.start.session
        yield Prose(self.say("question start"), classes="heading")
        yield Prose(self.say("about start sandbox" if session.is_practice else "about start"), classes="muted")
        yield Prose("", classes="gap")
        for name in _LINES:
            value = getattr(start.choices, name)
            yield visible(name, self.say(f"field {name}"), value, session.texts.screen("signin", "refused"))
        yield hidden("password", self.say("field password"))
        yield Prose(self.say("about password"), classes="muted")
        yield Button(Content(self._way), id="way")
        yield Prose(id="wrong", classes="warn gap")
        with ItemGrid(id="ways", min_column_width=36):
            yield Button(Content(self.say("go sandbox" if session.is_practice else "go")), id="go", variant="primary")
            if session.is_practice:
                yield Button(Content(self.say("own account")), id="own")
            else:
                yield Button(Content(f"{self.say('practise')} (F6)"), id="practise")
                yield Button(Content(f"{self.say('other profile')} (F4)"), id="profile")
            yield Button(Content(f"{session.texts.screen('join_page', 'join there')} (F7)"), id="join")
        yield Prose(id="team-file", classes="muted")

    @property
    def _way(self) -> str:
        return self.say(f"first {self.start.choices.first_password}")

    def on_mount(self) -> None:
        """Say nothing wrong yet."""
        self.tell("")
        self.show_file()

    def show_file(self) -> None:
        """Say which file was found by which an API can be joined."""
        said, path = self.query_one("#team-file", Prose), self.start.team_file
        said.text = self.start.session.texts.screen("join_page", "file there", path=inert(path, 300))
        said.display = bool(path)

    def begin(self) -> None:
        """See `Panel`: all is known already."""
        for button in self.query("#go"):  # none, where another stage is drawn in its place already
            button.focus(scroll_visible=False)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keep what is typed; the password stays in its line."""
        name = (event.input.id or "").removeprefix("line-")
        if name in {field.name for field in fields(Choices)}:
            self.start.choices = replace(self.start.choices, **{name: event.value.strip()})  # type: ignore[arg-type]
        self.tell("")

    async def on_button_pressed(self, event: Button.Pressed) -> None:
        """See the buttons' names."""
        event.stop()
        if event.button.id == "way":
            flipped = "user" if self.start.choices.first_password == "admin" else "admin"
            self.start.choices = replace(self.start.choices, first_password=flipped)  # type: ignore[arg-type]
            event.button.label = Content(self._way)
            event.button.refresh(layout=True)
        elif not self.may_go_on():
            return
        elif event.button.id == "join":
            await self.start.action_join()
        elif event.button.id == "practise":
            await self.start.action_practise()
        elif event.button.id == "own":
            await self.start.own_account()
        elif event.button.id == "profile":
            self.start.action_other_profile()
        else:
            self.go_on()

    def go_on(self) -> None:
        """See `Panel`."""
        self.start.prepare_build(self.query_one("#line-password", SecretLine).value)


class Begun(Panel):
    """A run of this name was begun before: go on with it, or take it away."""

    stop: ClassVar[int] = 1
    DEFAULT_CSS = """
    Begun ItemGrid { grid-gutter: 0 2; margin-top: 1; height: auto; }
    """

    def __init__(self, build: "Build") -> None:
        """Take what was prepared."""
        super().__init__()
        self._build = build

    def compose(self) -> ComposeResult:
        """See `Widget`."""
        plan = self._build.plan
        done = sum(self._build.state(write.id).kind == "done" for write in plan.writes)
        choices = plan.choices
        yield Prose(self.say("question begun", name=choices.name), classes="heading")
        yield Prose(self.say("about begun", done=done, all=len(plan.writes)))
        told = {name: getattr(choices, name) for name in ("stage", "username", "email")}
        yield Prose(self.say("begun with", **told), classes="gap")
        yield Prose(id="wrong", classes="warn gap")
        with ItemGrid(min_column_width=36):
            yield Button(Content(self.say("resume")), id="go", variant="primary")
            yield Button(Content(self.say("take away")), id="remove")

    def on_mount(self) -> None:
        """Say nothing wrong yet."""
        self.tell("")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Go on, or take it away."""
        event.stop()
        if not self.may_go_on():
            return
        if event.button.id == "remove":
            self._remove()
        else:
            self.go_on()

    def _remove(self) -> None:
        from cogwizard.ui.onboard.removal import TearDown

        page: Any = self.screen

        def closed(is_removed: bool | None) -> None:
            if is_removed:
                page.session.build = None
                page.go_to(StartFields)

        self.app.push_screen(TearDown(self._build), closed)

    def go_on(self) -> None:
        """See `Panel`."""
        page: Any = self.screen
        page.open_build()
