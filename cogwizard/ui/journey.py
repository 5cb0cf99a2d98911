"""Troubleshooting a call: the rail of the guide's steps, the screen of one, and the reads that fill them."""

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.css.query import NoMatches
from textual.message import Message
from textual.widgets import ContentSwitcher

from cogwizard.aws.session import SetupError
from cogwizard.background import Run
from cogwizard.intake.errors import BadInput
from cogwizard.model.call import Call, Target
from cogwizard.model.case import Case
from cogwizard.model.inert import scrub
from cogwizard.model.read import Read, Unread
from cogwizard.report import document
from cogwizard.report.redaction import show_url
from cogwizard.ui.base import Page
from cogwizard.ui.guide import TROUBLESHOOTING, Guide
from cogwizard.ui.progress import no_credentials, progress, verdicts
from cogwizard.ui.refresh import refreshed
from cogwizard.ui.replay import once, replay
from cogwizard.ui.session import describe
from cogwizard.ui.tokens import wants
from cogwizard.ui.views import VIEWS
from cogwizard.ui.views.step import Seen, StepView
from cogwizard.ui.widgets.footer import Footer
from cogwizard.ui.widgets.prose import Prose
from cogwizard.ui.widgets.rail import Rail, stops
from cogwizard.ui.widgets.topline import TopLine

_TICK = 0.2  # seconds between two looks at a run: enough for an eye, and a flood of facts is drawn once
_DRAWN = 0.1  # seconds in which the first step is on the screen
_NARROW, _WIDE = 72, 100  # cells: below the one the rail shows marks only, from the other on it is wider
_GRACE = 1.0  # seconds after a run in which esc, meant to cancel it, does not leave
WORDS = ("pass", "fail", "next", "warn", "unknown", "skipped", "reading")


class Journey(Page):
    """A guide's steps for the call that the session was given."""

    class Changed(Message):
        """A run has something new. Of an abandoned run it says nothing to anybody."""

        def __init__(self, run: Run) -> None:
            """Take the run."""
            super().__init__()
            self.run = run

    texts_name = "journey"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "next", "next"),
        Binding("p", "previous", "previous"),
        Binding("v", "verdict", "verdict"),
        Binding("a", "replay", "replay"),
        Binding("s", "save", "save"),
        Binding("r", "again", "again"),
        Binding("e", "explain", "explain"),
        Binding("g", "get_token", "get token"),
        Binding("t", "give_token", "token"),
        Binding("R", "all_again", "all again"),
        *(Binding(str(number % 10), f"step({number - 1})", show=False) for number in range(1, 11)),
    ]

    def __init__(self, guide: Guide = TROUBLESHOOTING) -> None:
        """The run begins when the screen is shown."""
        super().__init__()
        self.guide = guide
        self.at = 0
        self.seen = Seen(Case(Call("GET", ""), Target("execute-api", "", "/"), 0.0, call_given=False))
        self.run_now: Run | None = None
        self._dirty = self._is_open = self.is_refreshing = False
        self._ended = 0.0  # on the monotonic clock: when the last run did
        self._logged: set[Read] = set()

    # -- drawing -----------------------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """See `Screen`."""
        yield TopLine()
        with Horizontal(id="journey"):
            words = {verdict: self.say(f"word {verdict}") for verdict in WORDS}
            yield Rail(self.say("guide"), words, id="rail")
            with ContentSwitcher(id="steps", initial=f"view-{self.here}" if self._is_open else None):
                if self._is_open:
                    yield self._view_of(self.here)
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

    def retext(self) -> None:
        """Say everything again in the language of the session."""
        super().retext()
        self.seen = replace(self.seen, report=None)  # it is written in one language
        self.call_after_refresh(self._redraw)

    async def _tick(self) -> None:
        if self._dirty or (self.run_now and not self.run_now.done):
            self._dirty = False
            await self._redraw()

    async def _redraw(self) -> None:
        run = self.run_now
        if run is not None:
            judgement = run.judgement
            report = self.seen.report
            if judgement is not None and (judgement is not self.seen.judgement or report is None):
                report = document.build(judgement, self.session.texts)
            self.seen = Seen(
                run.case,
                judgement,
                report,
                not run.done,
                tuple(run.reads.values()),
                self._error(run.error),
                run.error.key if isinstance(run.error, SetupError) else None,
            )
        await self._show()

    def _error(self, error: Exception | None) -> str | None:
        if error is None:
            return None
        key, params = getattr(error, "key", None), getattr(error, "params", None)
        if isinstance(key, str) and isinstance(params, dict):
            return self.session.texts.message(key, params)
        return self.say("crashed", error=type(error).__name__)

    async def _show(self) -> None:
        async with self.drawing:
            await self._draw()

    async def _draw(self) -> None:
        seen, texts = self.seen, self.session.texts
        try:
            rail = self.query_one(Rail)
        except NoMatches:
            return  # left before it was drawn
        names = [texts.screen("steps", f"short {step}") for step in self.steps]
        rail.stops, rail.at = stops(names, verdicts(self.guide, seen, texts)), self.at
        top = self.query_one(TopLine)
        call = self.say("answer only")
        if seen.case.call_given:
            path = show_url(f"https://host{seen.case.place.path}").removeprefix("https://host")
            call = scrub(f"{seen.case.call.method} {path}", 200)
        top.trail = self.say("trail", call=call)
        top.place, top.mark = self.wizard.place_line(seen.case), self.wizard.sandbox_mark()
        self.query_one("#progress", Prose).text = progress(self.run_now, seen, texts, self.wizard.monotonic())
        if self._is_open:
            await self.view.show(seen)
        self.refresh_bindings()

    @property
    def steps(self) -> tuple[str, ...]:
        """See `Speaking`."""
        return self.guide.screens

    @property
    def here(self) -> str:
        """The id of the step that is shown."""
        return self.steps[self.at]

    def _view_of(self, step: str) -> StepView:
        return VIEWS.get(step, StepView)(step)

    @property
    def view(self) -> StepView:
        """The view that is shown."""
        return self.query_one(f"#view-{self.here}", StepView)

    # -- the run -----------------------------------------------------------------------------------------------------

    async def begin(self) -> None:
        """Read everything about the call that the session was given, from the start."""
        try:
            case = self.session.given.case(self.session.clock())
        except BadInput as error:
            # The form of the first step can mend it.
            self.seen = replace(self.seen, error=self.session.texts.message(error.key, error.params))
            await self._show()
            return
        await self.gather(case)

    async def gather(self, case: Case) -> None:
        """Read what a case does not know yet. A run that was going on is abandoned."""
        if self.run_now is not None:
            self.run_now.cancel()
        self.run_now = Run(case, self.guide.steps, self.session.ports, self._tell)
        self.seen = replace(self.seen, case=case, running=True, error=None, trouble=None)
        self.session.saved = None
        self._logged.clear()
        self.run_now.start()
        await self._redraw()

    def _tell(self, run: Run) -> None:
        """Called from the run's threads."""
        self.post_message(self.Changed(run))

    async def on_journey_changed(self, message: Changed) -> None:
        """Take what is new; late answers of an abandoned run are dropped."""
        if message.run is not self.run_now:
            return
        self._log(message.run)
        self._dirty = True
        if message.run.done:
            self._dirty = False
            self._ended = self.wizard.monotonic()
            if self.session.fall_back(message.run.error):
                await self.begin()
                return
            await self._redraw()
            if self.seen.trouble or (self.at == 0 and no_credentials(self.seen)):
                await self.action_step(self.steps.index("access") if "access" in self.steps else self.at)
            self.wizard.remember_place(self.seen.case)

    def _log(self, run: Run) -> None:
        for state in list(run.reads.values()):
            if state.ended is not None and state.read not in self._logged:
                self._logged.add(state.read)
                self.session.log(describe(state.read, state.value, state.ended - state.began))

    def reads_of(self, step: str) -> set[Read]:
        """Return the reads that a step rests on."""
        case = self.seen.case
        found = self.guide.step(step)
        wants: Iterable[Read | None] = found.wants(case) if found else (case.replay_read,)
        return {read for read in wants if read is not None}

    async def reread(self, reads: Iterable[Read]) -> None:
        """Read these again, and what hangs on them; keep the rest."""
        case, dropped = once(self.seen.case), set(reads)
        facts = {read: value for read, value in case.facts.items() if read not in dropped}
        await self.gather(replace(case, facts=facts, now=self.session.clock()))

    # -- keys --------------------------------------------------------------------------------------------------------

    async def action_step(self, at: int) -> None:
        """Show a step, by its number from 0."""
        self._ended = 0.0  # whoever walks has seen that the run is over
        if not 0 <= at < len(self.steps):
            return
        try:
            async with self.drawing:
                views = self.query_one("#steps", ContentSwitcher)
                if not any(view.id == f"view-{self.steps[at]}" for view in views.children):  # made when first looked at
                    await views.add_content(self._view_of(self.steps[at]))
                self.at = at
                views.current = f"view-{self.here}"
                await self._draw()
                self.view.focus()
        except NoMatches:
            if self in self.app.screen_stack:
                raise
            # It was left while it was being drawn.

    async def action_next(self) -> None:
        """Show the next step."""
        await self.action_step(self.at + 1)

    async def action_previous(self) -> None:
        """Show the step before."""
        await self.action_step(self.at - 1)

    async def action_verdict(self) -> None:
        """Show the verdict."""
        await self.action_step(len(self.steps) - 1)

    async def on_rail_chosen(self, message: Rail.Chosen) -> None:
        """Show the step that was clicked."""
        await self.action_step(message.at)

    async def action_again(self) -> None:
        """Read again what this step rests on."""
        if self.seen.error or self.run_now is None:
            await self.action_all_again()
            return
        if self.here == "access" and self.session.sandbox is None:
            self.session.renew()
        reads = self.reads_of(self.here)
        failed = {read for read, value in self.seen.case.facts.items() if isinstance(value, Unread)}
        wanted = reads | failed if self.here == "access" else reads
        if self.seen.case.replay_read in wanted:  # the call would be made again
            await refreshed(self, lambda: self.reread(wanted))
        else:
            await self.reread(wanted)

    async def action_all_again(self) -> None:
        """Read everything again, with credentials looked up anew."""
        if self.session.sandbox is None:
            self.session.renew()
        await refreshed(self, self.begin)

    def action_give_token(self) -> None:
        """Take a token, then find out with it."""
        from cogwizard.ui.give_token import GiveToken

        judged = self.seen.judgement
        self.app.push_screen(GiveToken(wants(judged.case).kind if judged else None), self._given_token)

    def action_get_token(self) -> None:
        """Sign in for a token, then find out with it."""
        from cogwizard.ui.signin.page import SignIn
        from cogwizard.ui.signin.state import Purpose

        judged = self.seen.judgement
        self.app.push_screen(SignIn(Purpose(judged.case if judged else self.seen.case)), self._given_token)

    async def _given_token(self, given: bool | None) -> None:
        if given or (given is False and self.seen.case.given_token):
            await self.begin()

    async def action_replay(self) -> None:
        """Make the call again; ask first where it may change data."""
        await replay(self)

    def action_save(self) -> None:
        """Save a report of what is known."""
        from cogwizard.ui.save import save_report

        save_report(self)

    def action_explain(self) -> None:
        """Explain the finding that this screen is about."""
        codes = self.view.codes or tuple((self.seen.report or {}).get("causes", ()))
        if codes:
            self.wizard.action_explain(codes[0])
        else:
            self.notify(self.say("nothing to explain"))

    @property
    def _is_reading(self) -> bool:
        return self.run_now is not None and not self.run_now.done and not self.run_now.cancelled

    def name_of(self, binding: Binding) -> str:
        """See `Speaking`: what `escape` does hangs on whether something is read."""
        stops = binding.action == "leave" and self._is_reading
        return self.session.texts.key_name("stop") if stops else super().name_of(binding)

    def action_leave(self) -> None:
        """Stop reading; when nothing is read, go back. What was typed stays."""
        if self._is_reading and self.run_now is not None:
            self.run_now.cancel()
            self._dirty = True
        elif self.wizard.monotonic() - self._ended > _GRACE:
            self.app.pop_screen()

    def on_unmount(self) -> None:
        """Abandon what runs."""
        if self.run_now is not None:
            self.run_now.cancel()

    def copyable(self) -> str | None:
        """See `Speaking`."""
        return self.view.copyable_page()
