"""A screen of stages: one panel at a time, crumbs above it, and below it what is waited for."""

from collections.abc import Awaitable, Callable
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.css.query import NoMatches
from textual.events import Key
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
_HELD = 0.3  # seconds: presses that follow each other faster come from one key that is held down
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
        self._is_moving = True  # another stage is to be shown, or is drawn
        self._is_left = False
        self._refused_at = -_HELD  # when a press came that was not taken
        self._sandbox: object = None  # which one is read; an answer is taken while it is, no other's
        self._held: Answered | None = None

    # -- what a screen of stages writes ------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Called once, before anything is drawn."""

    def stops(self, panel: Panel) -> tuple[Crumb, ...]:
        """Return the crumbs; none where a screen has no use for them."""
        return ()

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

    @property
    def is_at_home(self) -> bool:
        """Whether the AWS is read with which the screen began: the user's, or that of the same sandbox."""
        return self.session.sandbox is self._sandbox

    @property
    def is_ready(self) -> bool:
        """Whether the stage is drawn, and nothing is waited for."""
        drawn = not (self._is_moving or self._is_left or self.is_stale or self.drawing.locked())
        return drawn and not self.is_busy and self.is_current and self.is_at_home

    def may_go_on(self) -> bool:
        """Whether a press is taken. One that comes too early is not, nor are those that follow it at once: a key that
        is held down would go on to what the user has not seen.
        """
        asked_at = self.wizard.monotonic()
        taken = self.is_ready and asked_at - self._refused_at >= _HELD
        if not taken:
            self._refused_at = asked_at
        return taken

    def compose(self) -> ComposeResult:
        """See `Screen`."""
        if not self._begun:
            self._begun = True
            self.asking = Asking(self.post_message, self.wizard.monotonic)
            self._sandbox = self.session.sandbox
            self.prepare()
        yield TopLine()
        yield Crumbs()
        yield Vertical(self._make(), id="stage")
        yield Prose(id="status")
        yield Footer()

    def on_mount(self) -> None:
        """Begin with the first stage."""
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
        self._is_moving = True
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

    def go_to(self, make: Make, *behind: Make) -> None:
        """Show a stage next; until then nothing else is begun."""
        self._is_moving = True
        self.call_next(self.show, make, *behind)

    def leave(self, result: bool | None) -> None:
        """Close the screen, once."""
        if not self._is_left:
            self._is_left = True
            self.dismiss(result)

    def _focus(self) -> None:
        for panel in self.query(Panel):
            panel.begin()
        self._is_moving = False
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
        if self._held is not None and self.is_at_home:
            self.post_message(self._held)
            self._held = None
        if self.query("#status"):
            seconds, status = self.asking.seconds, self.query_one("#status", Prose)
            text = self.say(self._note) if self._note else ""
            status.text = text if seconds is None else self.say(self.asking.words, seconds=f"{seconds:.1f}")

    # -- asking ------------------------------------------------------------------------------------------------------

    def ask(self, question: Callable[[], object], words: str, then: Callable[[Any], Awaitable[None]]) -> None:
        """Have a question answered in a thread; `then` takes the answer, unless somebody has gone on. One at a time:
        while an answer is waited for, nothing else is asked.
        """
        if self.is_busy:
            return
        self._then, self._note = then, ""
        self.panel.tell("")
        self.asking.ask(question, words)
        self._tick()
        self.refresh_bindings()

    async def on_answered(self, message: Answered) -> None:
        """Take an answer that is still waited for; what came of the user's AWS waits until the sandbox is left."""
        if not self.is_at_home:
            self._held = message
            return
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
        return self.is_ready if action == "proceed" else True

    def name_of(self, binding: Binding) -> str:
        """See `Speaking`: while an answer is waited for, `escape` stops that."""
        stops = binding.action == "leave" and self.is_busy
        return self.session.texts.key_name("cancel") if stops else super().name_of(binding)

    def action_proceed(self) -> None:
        """Do what the stage is for."""
        if self.may_go_on():
            self.panel.go_on()

    def on_key(self, event: Key) -> None:
        """Take note of a key that could not go on."""
        if event.key == "f5":
            self.may_go_on()

    def action_explain(self) -> None:
        """Explain the finding that the stage is about."""
        self.wizard.action_explain(self.panel.codes[0])

    def action_leave(self) -> None:
        """Stop waiting; else go back a stage, from the first to the screen before."""
        if self.is_busy:
            self.asking.drop()
            self._note = "cancelled"
            if self.abandoned(self.panel):
                self._is_moving = True
                self.call_next(self._step_back, self._note)
            self._tick()
            self.refresh_bindings()
        else:
            self._is_moving = True
            self.call_next(self._step_back)

    async def _step_back(self, note: str = "") -> None:
        if not self._behind:  # as it stands by now: `escape` may have been pressed more than once
            self._is_moving = False
            if self.is_current:
                self.leave(None)
            return
        await self.show(self._behind[-1], *self._behind[:-1])
        self._note = note
        self._tick()

    async def on_crumbs_chosen(self, message: Crumbs.Chosen) -> None:
        """Go back to a stage that was clicked."""
        if message.at < min(self.panel.stop, len(self._behind)) and self.is_ready:
            await self.show(self._behind[message.at], *self._behind[: message.at])

    def on_unmount(self) -> None:
        """Wait for nothing any more."""
        if self._begun:
            self.asking.drop()

    def copyable(self) -> str | None:
        """See `Speaking`."""
        return self.panel.copyable_page()
