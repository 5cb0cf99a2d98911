"""A screen of stages: one panel at a time, crumbs above it, and below it what is waited for."""

from collections.abc import Awaitable, Callable
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.css.query import NoMatches
from textual.widgets import Input

from cogwizard.model.inert import inert
from cogwizard.ui.asking import Answered, Asking
from cogwizard.ui.base import Speaking
from cogwizard.ui.signin.panel import Panel
from cogwizard.ui.widgets.crumbs import Crumb, Crumbs
from cogwizard.ui.widgets.footer import Footer
from cogwizard.ui.widgets.prose import Prose
from cogwizard.ui.widgets.topline import TopLine

_TICK = 0.2  # seconds between two looks at the clock while something is waited for
Make = Callable[[], Panel]


class Stages(Speaking[bool]):
    """Shows panels; `escape` goes back through those behind. What is asked is answered in a thread, one at a time: who
    leaves does not wait, and a late answer is dropped.
    """

    DEFAULT_CSS = """
    Stages #stage { height: 1fr; }
    Stages Crumbs { padding: 0 2; margin-top: 1; }
    Stages #status { color: $foreground-muted; background: $surface; padding: 0 2; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "back"),
        Binding("f5", "proceed", "go on", priority=True),
        Binding("c", "copy_value", "copy"),
        Binding("e", "explain", "explain"),
    ]

    def __init__(self, first: Make) -> None:
        """Take the first stage."""
        super().__init__()
        self._make: Make = first
        self._behind: tuple[Make, ...] = ()
        self._then: Callable[[Any], Awaitable[None]] | None = None
        self._note = ""  # key of what is said below while nothing is waited for
        self._kept: dict[str, str] = {}  # what stands in the lines while they are composed anew
        self._begun = False

    # -- what a screen of stages writes ------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Called once, before anything is drawn."""

    def stops(self, panel: Panel) -> tuple[Crumb, ...]:
        """Return the crumbs."""
        raise NotImplementedError

    def place(self) -> str:
        """Return whose AWS is read."""
        return self.wizard.place_line()

    def entered(self, panel: Panel) -> None:
        """Called before a stage is drawn."""

    def abandoned(self, panel: Panel) -> bool:
        """Called when what was asked is waited for no longer. Returns whether the stage before has to begin anew."""
        return False

    # -- the stages --------------------------------------------------------------------------------------------------

    @property
    def panel(self) -> Panel:
        """The stage that is shown."""
        return self.query_one(Panel)

    @property
    def is_busy(self) -> bool:
        """Whether an answer is waited for."""
        return self._begun and self.asking.seconds is not None

    def compose(self) -> ComposeResult:
        """See `Screen`."""
        if not self._begun:
            self._begun = True
            self.asking = Asking(self.post_message, self.wizard.monotonic)
            self.prepare()
        yield TopLine()
        yield Crumbs()
        yield Vertical(self._make(), id="stage")
        yield Prose(id="status")
        yield Footer()

    def on_mount(self) -> None:
        """Begin with the app client."""
        self.set_interval(_TICK, self._tick)
        self._frame()
        self.call_after_refresh(self._focus)

    def retext(self) -> None:
        """Say everything again; what stands in the lines stays, secrets too."""
        self._kept |= {line.id: line.value for line in self.query(Input) if line.id and line.value}
        super().retext()
        self.call_after_refresh(self._say_again)

    async def _say_again(self) -> None:
        async with self.drawing:
            for name, value in self._kept.items():
                for line in self.query(f"#{name}").results(Input):
                    line.value = value
            self._kept.clear()
            self._frame()

    async def show(self, make: Make, *behind: Make) -> None:
        """Show a stage; `behind`: those that `escape` goes back through, the first first."""
        self._make, self._behind, self._note = make, behind, ""
        async with self.drawing:
            try:
                stage = self.query_one("#stage", Vertical)
                await stage.remove_children()
                panel = make()
                self.entered(panel)
                await stage.mount(panel)
                self._frame()
            except NoMatches:
                if self in self.app.screen_stack:
                    raise
                return  # left while it was drawn
        self.call_after_refresh(self._focus)

    def _focus(self) -> None:
        for panel in self.query(Panel):
            panel.begin()
        self.refresh_bindings()

    def _frame(self) -> None:
        """Say where we are."""
        top, bar, panel = self.query_one(TopLine), self.query_one(Crumbs), self.panel
        top.trail, top.mark = self.say("trail"), self.wizard.sandbox_mark()
        top.place, bar.crumbs = self.place(), self.stops(panel)
        bar.at = panel.stop
        bar.display = panel.has_crumbs
        self._tick()

    def _tick(self) -> None:
        if self.query("#status"):
            seconds, status = self.asking.seconds, self.query_one("#status", Prose)
            text = self.say(self._note) if self._note else ""
            status.text = text if seconds is None else self.say(self.asking.words, seconds=f"{seconds:.1f}")

    # -- asking ------------------------------------------------------------------------------------------------------

    def ask(self, question: Callable[[], object], words: str, then: Callable[[Any], Awaitable[None]]) -> None:
        """Have a question answered in a thread; `then` takes the answer, unless somebody has gone on."""
        self._then, self._note = then, ""
        self.panel.tell("")
        self.asking.ask(question, words)
        self._tick()
        self.refresh_bindings()

    async def on_answered(self, message: Answered) -> None:
        """Take an answer that is still waited for."""
        if not self.asking.takes(message):
            return
        if isinstance(message.value, Exception):
            self._tell_trouble(message.value)
        elif self._then is not None:
            await self._then(message.value)
        self._tick()
        self.refresh_bindings()

    def _tell_trouble(self, error: Exception) -> None:
        """Say why nothing could be asked."""
        key, params = getattr(error, "key", None), getattr(error, "params", None)
        if self.session.fall_back(error):
            shown = inert(self.session.forgotten_profile or "", 200)
            self.panel.tell(self.session.texts.screen("access", "forgotten", profile=shown))
        elif isinstance(key, str) and isinstance(params, dict):
            self.panel.tell(self.session.texts.message(key, params))
        else:
            self.panel.tell(self.say("crashed", error=type(error).__name__))

    # -- keys --------------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done."""
        if not self.query(Panel):
            return action == "leave"
        if action == "explain":
            return bool(self.panel.codes)
        return not self.is_busy if action == "proceed" else True

    def name_of(self, binding: Binding) -> str:
        """See `Speaking`: while an answer is waited for, `escape` stops that."""
        stops = binding.action == "leave" and self.is_busy
        return self.session.texts.key_name("cancel") if stops else super().name_of(binding)

    def action_proceed(self) -> None:
        """Do what the stage is for."""
        self.panel.go_on()

    def action_explain(self) -> None:
        """Explain the finding that the stage is about."""
        self.wizard.action_explain(self.panel.codes[0])

    def action_leave(self) -> None:
        """Stop waiting; else go back a stage, from the first to the screen before."""
        if self.is_busy:
            self.asking.drop()
            self._note = "cancelled"
            if self.abandoned(self.panel):
                self.call_next(self._step_back, self._note)
            self._tick()
            self.refresh_bindings()
        elif self._behind:
            self.call_next(self._step_back)
        else:
            self.dismiss(None)

    async def _step_back(self, note: str = "") -> None:
        await self.show(self._behind[-1], *self._behind[:-1])
        self._note = note
        self._tick()

    async def on_crumbs_chosen(self, message: Crumbs.Chosen) -> None:
        """Go back to a stage that was clicked."""
        if message.at < min(self.panel.stop, len(self._behind)) and not self.is_busy:
            await self.show(self._behind[message.at], *self._behind[: message.at])

    def on_unmount(self) -> None:
        """Wait for nothing any more."""
        if self._begun:
            self.asking.drop()

    def copyable(self) -> str | None:
        """See `Speaking`."""
        return self.panel.copyable_page()
