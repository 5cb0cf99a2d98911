"""Where joining begins: which file, what it names, who joins. Nothing of AWS is read here."""

from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import ItemGrid, VerticalGroup
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input

from cogwizard.model.inert import inert
from cogwizard.ui.join.state import Typed, found_file, read_file
from cogwizard.ui.signin.panel import Panel, visible
from cogwizard.ui.signin.stages import Stages
from cogwizard.ui.widgets.facts import Fact, Facts
from cogwizard.ui.widgets.prose import Prose

if TYPE_CHECKING:
    from cogwizard.aws.session import HeldKeys
    from cogwizard.model.team import Team


class JoinStart(Stages):
    """Goes on to the walk, and stays below it: what was typed is there when that is left."""

    texts_name = "join_page"
    help_key: ClassVar[str] = "join start"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f4", "other_profile", "other profile", priority=True)]

    def __init__(self) -> None:
        """Nothing is typed yet, or what was typed before."""
        super().__init__(JoinFields)
        self.typed = Typed()
        self.trouble: Exception | None = None
        self.has_looked = False  # for a file, where none was named

    def prepare(self) -> None:
        """See `Stages`: go on with what was typed before."""
        self.typed = self.session.join or self.typed
        self.session.join = self.typed

    def on_mount(self) -> None:
        """Look for the file, unless one was named before."""
        if not self.typed.file:
            self.call_after_refresh(self._find)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done."""
        if action == "other_profile":
            return self.session.sandbox is None and self.is_ready
        return super().check_action(action, parameters)

    def _find(self) -> None:
        if not self.is_current or self.typed.file or not self.query(JoinFields):
            return

        async def found(path: str) -> None:
            self.has_looked = True
            if path and not self.typed.file:
                self.query_one("#line-file", Input).value = self.typed.file = path
                self.read()
            elif not path:
                self.query_one(JoinFields).show()

        self.ask(found_file, "finding", found)

    def read(self) -> None:
        """Read the file that is named, and show what it names."""
        path = self.typed.file
        self.trouble = None

        async def taken(team: "Team") -> None:
            if self.typed.file == path:  # else another one was named meanwhile
                self.typed.take(team)
                panel = self.query_one(JoinFields)
                await panel.show_names()
                panel.call_after_refresh(self.query_one("#line-username").focus)

        self.ask(lambda: read_file(path), "reading file", taken)

    def _tell_trouble(self, error: Exception) -> None:
        """See `Stages`: it is said again in another language."""
        self.trouble = error
        super()._tell_trouble(error)

    def open_walk(self) -> None:
        """Go on to the walk."""
        from cogwizard.ui.join.walk import JoinWalk

        typed = self.typed
        if typed.team is None:
            return
        if typed.join is not None and typed.join.joining.username != (typed.username or None):
            typed.join = None  # of somebody else
        self.app.push_screen(JoinWalk(typed, typed.team))

    def action_other_profile(self) -> None:
        """Read with another AWS profile."""
        from cogwizard.ui.profiles import ChooseProfile

        def picked(profile: "str | HeldKeys | None") -> None:
            if profile is not None:
                self.session.choose_profile(profile)
                self.go_to(JoinFields)

        self.app.push_screen(ChooseProfile(), picked)


class JoinFields(Panel):
    """The path of the file, what it names, the user name."""

    has_crumbs = False
    DEFAULT_CSS = """
    JoinFields #names { height: auto; }
    JoinFields #ways { grid-gutter: 0 2; margin-top: 1; height: auto; }
    JoinFields Entry { height: auto; margin-top: 1; }
    """

    @property
    def start(self) -> JoinStart:
        """The page."""
        found: Any = self.screen
        start: JoinStart = found
        return start

    def compose(self) -> ComposeResult:
        """See `Widget`."""
        typed = self.start.typed
        yield Prose(self.say("question start"), classes="heading")
        yield Prose(self.say("about start"), classes="muted")
        yield visible("file", self.say("field file"), typed.file, self.say("refused"))
        yield Prose(id="wrong", classes="warn gap")
        yield Prose(self.say("no file"), id="no-file", classes="gap")
        yield VerticalGroup(*self._names(), id="names")
        yield visible("username", self.say("field username"), typed.username, self.say("refused"))
        yield Prose(self.say("about username"), classes="muted")
        with ItemGrid(id="ways", min_column_width=36):
            yield Button("", id="go", variant="primary")
            if self.start.session.sandbox is None:
                yield Button(
                    Content(f"{self.start.session.texts.screen('walkthrough', 'other profile')} (F4)"), id="profile"
                )

    def _names(self) -> list[Widget]:
        """What the file names, and that it decides nothing: whoever wrote it is not known."""
        from cogwizard.report.join import file_lines

        typed, texts = self.start.typed, self.start.session.texts
        if typed.team is None or not typed.is_read:
            return []
        rows = [Fact("", (name, inert(value, 1000))) for name, value in file_lines(typed.team, texts)]
        return [
            Prose(self.say("names"), classes="heading"),
            Facts([self.label("what"), self.label("value")], rows, id="named", column=1),
            Prose(self.say("decides nothing")),
        ]

    def on_mount(self) -> None:
        """Say again what was wrong."""
        self.show()
        self.tell("")
        if self.start.trouble is not None:
            self.start._tell_trouble(self.start.trouble)

    def begin(self) -> None:
        """See `Panel`."""
        name = "username" if self.start.typed.is_read else "file"
        self.query_one(f"#line-{name}").focus(scroll_visible=False)

    def show(self) -> None:
        """Say what can be done: how to get a file where none is named, read it, go on."""
        typed = self.start.typed
        key = "go" if typed.is_read else "read"
        button = self.query_one("#go", Button)
        button.label = Content(self.say(key))
        button.refresh(layout=True)
        self.query_one("#no-file").display = not typed.file and self.start.has_looked

    async def show_names(self) -> None:
        """Show what the file names, nothing while it was not read."""
        names = self.query_one("#names", VerticalGroup)
        await names.remove_children()
        await names.mount_all(self._names())
        self.show()

    async def on_input_changed(self, event: Input.Changed) -> None:
        """Keep what is typed. What another file named is not shown any longer."""
        name, typed = (event.input.id or "").removeprefix("line-"), self.start.typed
        before = (typed.is_read, typed.file)
        setattr(typed, name, event.value.strip())
        if before != (typed.is_read, typed.file):
            self.start.trouble = None
            self.tell("")
            await self.show_names()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Read the file; from the last field, go on."""
        event.stop()
        if event.input.id == "line-file" and self.start.typed.is_read:
            self.query_one("#line-username").focus()
        elif self.may_go_on():
            self.go_on()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Go on, or choose a profile."""
        event.stop()
        if not self.may_go_on():
            return
        if event.button.id == "profile":
            self.start.action_other_profile()
        else:
            self.go_on()

    def go_on(self) -> None:
        """Read the file; once what it names was shown, go on."""
        if not self.start.typed.file:
            self.query_one("#line-file").focus()
        elif not self.start.typed.is_read:
            self.start.read()
        else:
            self.start.open_walk()
