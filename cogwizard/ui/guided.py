"""A page of steps: the rail, the screen of one, and below them how far the reading is."""

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.css.query import NoMatches
from textual.widgets import ContentSwitcher

from cogwizard.ui.base import Page
from cogwizard.ui.views.sheet import Sheet
from cogwizard.ui.widgets.footer import Footer
from cogwizard.ui.widgets.prose import Prose
from cogwizard.ui.widgets.rail import Rail, stops
from cogwizard.ui.widgets.topline import TopLine

if TYPE_CHECKING:
    from cogwizard.ui.given import Given

_DRAWN = 0.1  # seconds in which the first step is on the screen
_TICK = 0.2  # seconds between two looks at what is read: enough for an eye, and a flood of facts is drawn once
_NARROW, _WIDE = 72, 100  # cells: below the one the rail shows marks only, from the other on it is wider
_GRACE = 1.0  # seconds after the reading in which esc, meant to cancel it, does not leave
WORDS = ("pass", "fail", "next", "warn", "unknown", "skipped", "reading")
V = TypeVar("V", bound=Sheet)


class Guided(Page, Generic[V]):
    """Walks through steps, each with a view of its own, while what they rest on is read."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "next", "next"),
        Binding("p", "previous", "previous"),
        *(Binding(str(number % 10), f"step({number - 1})", show=False) for number in range(1, 11)),
    ]

    def __init__(self) -> None:
        """The reading begins when the screen is shown."""
        super().__init__()
        self.at = 0
        self._dirty = self._is_open = False
        self._ended = 0.0  # on the monotonic clock: when what was read last ended
        # The user's and the page's own, while the cause of a call of the page's is looked for.
        self._given: tuple[Given, Given] | None = None

    # -- what a page of steps writes ---------------------------------------------------------------------------------

    @abstractmethod
    def new_view(self, step: str) -> V:
        """Return the view of a step, by its id."""

    @abstractmethod
    async def show_view(self, view: V) -> None:
        """Show in a view what is known at this moment."""

    @abstractmethod
    def verdicts(self) -> list[str]:
        """Return the verdict of each step, for the rail."""

    @abstractmethod
    def frame(self, top: TopLine) -> None:
        """Say in the first line where we are."""

    @abstractmethod
    def progress(self) -> str:
        """Return the line below the steps."""

    @abstractmethod
    async def begin(self) -> None:
        """Read everything, from the start."""

    @abstractmethod
    async def update(self) -> None:
        """Take what is new, and show it."""

    @property
    @abstractmethod
    def is_reading(self) -> bool:
        """Whether something is read, and nobody has stopped it."""

    @abstractmethod
    def stop_reading(self) -> None:
        """Read no more."""

    @property
    def main_codes(self) -> tuple[str, ...]:
        """The codes that `e` explains where a step has none of its own."""
        return ()

    # -- drawing -----------------------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """See `Screen`."""
        texts = self.session.texts
        yield TopLine()
        with Horizontal(id="journey"):
            words = {verdict: texts.screen("journey", f"word {verdict}") for verdict in WORDS}
            yield Rail(texts.screen("journey", "guide"), words, id="rail")
            with ContentSwitcher(id="steps", initial=f"view-{self.here}" if self._is_open else None):
                if self._is_open:
                    yield self.new_view(self.here)
        yield Prose("", id="progress")
        yield Footer()

    async def on_mount(self) -> None:
        """Begin, one thing after the other: the frame, the first step, the run, which takes time from whoever draws."""
        self.call_after_refresh(self._open)

    async def _open(self) -> None:
        if self not in self.app.screen_stack:
            return  # left before it was drawn
        self._is_open = True
        await self.action_step(self.at)
        self.set_interval(_TICK, self._tick)
        self.set_timer(_DRAWN, self.begin)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Until the first step is there, nothing can be done but leave."""
        return self._is_open or action == "leave"

    async def on_resize(self) -> None:
        """Leave the rail's words out where there is no room for them."""
        self.set_class(self.size.width < _NARROW, "narrow")
        self.set_class(self.size.width >= _WIDE, "wide")

    def on_screen_resume(self) -> None:
        """Back from another screen: whose AWS is read may have been drawn while that was the sandbox's."""
        self._dirty = True
        self.give_back()

    def find_out(self, given: "Given") -> None:
        """Find out why a call of the page's own fails, as with any other; what the user gave waits meanwhile."""
        self.session.given, self._given = given, (self.session.given, given)
        self.wizard.action_troubleshoot()

    def give_back(self) -> None:
        """What the user gave is theirs again."""
        if self._given is not None:
            users, ours = self._given
            self._given = None
            if self.session.given is ours:
                self.session.given = users

    async def _tick(self) -> None:
        if self._dirty or self.is_reading:
            self._dirty = False
            await self.update()

    async def show(self) -> None:
        """Draw what is known."""
        async with self.drawing:
            await self._draw()

    async def _draw(self) -> None:
        texts = self.session.texts
        try:
            rail = self.query_one(Rail)
        except NoMatches:
            return  # left before it was drawn
        names = [texts.screen(self.steps_name, f"short {step}") for step in self.steps]
        rail.stops, rail.at = stops(names, self.verdicts()), self.at
        top = self.query_one(TopLine)
        self.frame(top)
        top.mark = self.wizard.sandbox_mark()
        self.query_one("#progress", Prose).text = self.progress()
        if self._is_open:
            await self.show_view(self.view)
        self.refresh_bindings()

    @property
    def here(self) -> str:
        """The id of the step that is shown."""
        return self.steps[self.at]

    @property
    def view(self) -> V:
        """The view that is shown."""
        found: Any = self.query_one(f"#view-{self.here}", Sheet)
        view: V = found
        return view

    # -- keys --------------------------------------------------------------------------------------------------------

    def has_ended(self) -> None:
        """Take note that nothing is read any more."""
        self._ended = self.wizard.monotonic()

    async def action_step(self, at: int) -> None:
        """Show a step, by its number from 0."""
        self._ended = 0.0  # whoever walks has seen that the run is over
        if not 0 <= at < len(self.steps):
            return
        try:
            async with self.drawing:
                views = self.query_one("#steps", ContentSwitcher)
                if not any(view.id == f"view-{self.steps[at]}" for view in views.children):  # made when first looked at
                    await views.add_content(self.new_view(self.steps[at]))
                self.at = at
                views.current = f"view-{self.here}"
                await self._draw()
                self.view.focus()
        except NoMatches:
            # It was left while it was being drawn, or the wizard: what stands on it is taken away piece by piece.
            if self in self.app.screen_stack and all(widget.is_running for widget in (self.app, self, *self.children)):
                raise

    async def action_next(self) -> None:
        """Show the next step."""
        await self.action_step(self.at + 1)

    async def action_previous(self) -> None:
        """Show the step before."""
        await self.action_step(self.at - 1)

    async def on_rail_chosen(self, message: Rail.Chosen) -> None:
        """Show the step that was clicked."""
        await self.action_step(message.at)

    def action_explain(self) -> None:
        """Explain the finding that this screen is about."""
        codes = self.view.codes or self.main_codes
        if codes:
            self.wizard.action_explain(codes[0])
        else:
            self.notify(self.session.texts.screen("journey", "nothing to explain"))

    def name_of(self, binding: Binding) -> str:
        """See `Speaking`: what `escape` does hangs on whether something is read."""
        stops = binding.action == "leave" and self.is_reading
        return self.session.texts.key_name("stop") if stops else super().name_of(binding)

    def action_leave(self) -> None:
        """Stop reading; when nothing is read, go back. What was typed stays."""
        if self.is_reading:
            self.stop_reading()
            self._dirty = True
        elif self.wizard.monotonic() - self._ended > _GRACE:
            self.app.pop_screen()

    def copyable(self) -> str | None:
        """See `Speaking`."""
        return self.view.copyable_page()
