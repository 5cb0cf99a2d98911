"""Troubleshooting a call: the rail of the guide's steps, the screen of one, and the reads that fill them."""

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from cogwizard.aws.session import SetupError
from cogwizard.background import Run
from cogwizard.intake.errors import BadInput
from cogwizard.model.call import Call, Target
from cogwizard.model.case import Case
from cogwizard.model.inert import scrub
from cogwizard.model.read import Read, Unread
from cogwizard.report import document
from cogwizard.report.redaction import show_url
from cogwizard.ui.guide import TROUBLESHOOTING, Guide
from cogwizard.ui.guided import Guided
from cogwizard.ui.progress import no_credentials, progress, verdicts
from cogwizard.ui.refresh import refreshed
from cogwizard.ui.replay import once, replay
from cogwizard.ui.session import describe
from cogwizard.ui.tokens import wants
from cogwizard.ui.views import VIEWS
from cogwizard.ui.views.step import Seen, StepView
from cogwizard.ui.widgets.topline import TopLine


class Journey(Guided[StepView]):
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
        Binding("x", "variants", "variants"),
        Binding("s", "save", "save"),
        Binding("r", "again", "again"),
        Binding("e", "explain", "explain"),
        Binding("g", "get_token", "get token"),
        Binding("t", "give_token", "token"),
        Binding("m", "postman", "postman"),
        Binding("R", "all_again", "all again"),
    ]

    def __init__(self, guide: Guide = TROUBLESHOOTING) -> None:
        """The run begins when the screen is shown."""
        super().__init__()
        self.guide = guide
        self.seen = Seen(Case(Call("GET", ""), Target("execute-api", "", "/"), 0.0, call_given=False))
        self.run_now: Run | None = None
        self.is_refreshing = False
        self._logged: set[Read] = set()

    # -- drawing -----------------------------------------------------------------------------------------------------

    def retext(self) -> None:
        """Say everything again in the language of the session."""
        super().retext()
        self.seen = replace(self.seen, report=None)  # it is written in one language
        self.call_after_refresh(self.update)

    async def update(self) -> None:
        """See `Guided`."""
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
        await self.show()

    def _error(self, error: Exception | None) -> str | None:
        if error is None:
            return None
        key, params = getattr(error, "key", None), getattr(error, "params", None)
        if isinstance(key, str) and isinstance(params, dict):
            return self.session.texts.message(key, params)
        return self.say("crashed", error=type(error).__name__)

    def new_view(self, step: str) -> StepView:
        """See `Guided`."""
        return VIEWS.get(step, StepView)(step)

    async def show_view(self, view: StepView) -> None:
        """See `Guided`."""
        await view.show(self.seen)

    def verdicts(self) -> list[str]:
        """See `Guided`."""
        return verdicts(self.guide, self.seen, self.session.texts)

    def progress(self) -> str:
        """See `Guided`."""
        return progress(self.run_now, self.seen, self.session.texts, self.wizard.monotonic())

    def frame(self, top: TopLine) -> None:
        """See `Guided`."""
        case = self.seen.case
        call = self.say("answer only")
        if case.call_given:
            path = show_url(f"https://host{case.place.path}").removeprefix("https://host")
            call = scrub(f"{case.call.method} {path}", 200)
        top.trail, top.place = self.say("trail", call=call), self.wizard.place_line(case)

    @property
    def main_codes(self) -> tuple[str, ...]:
        """See `Guided`: the causes."""
        return tuple((self.seen.report or {}).get("causes", ()))

    @property
    def steps(self) -> tuple[str, ...]:
        """See `Speaking`."""
        return self.guide.screens

    # -- the run -----------------------------------------------------------------------------------------------------

    async def begin(self) -> None:
        """Read everything about the call that the session was given, from the start."""
        try:
            case = self.session.given.case(self.session.clock())
        except BadInput as error:
            # The form of the first step can mend it.
            self.seen = replace(self.seen, error=self.session.texts.message(error.key, error.params))
            await self.show()
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
        await self.update()

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
            self.has_ended()
            if self.session.fall_back(message.run.error):
                await self.begin()
                return
            await self.update()
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

    async def read_logs(self) -> None:
        """Read the log lines of this call; the user has agreed."""
        self.session.given.logs = True
        await self.gather(replace(once(self.seen.case), logs=True))

    # -- keys --------------------------------------------------------------------------------------------------------

    async def action_verdict(self) -> None:
        """Show the verdict."""
        await self.action_step(len(self.steps) - 1)

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

    def action_postman(self) -> None:
        """Go through Postman's OAuth 2.0 tab for this call."""
        judged = self.seen.judgement
        self.wizard.open_postman(judged.case if judged else self.seen.case)

    async def _given_token(self, given: bool | None) -> None:
        if given or (given is False and self.seen.case.given_token):
            await self.begin()

    async def action_replay(self) -> None:
        """Make the call again; ask first where it may change data."""
        await replay(self)

    def action_variants(self) -> None:
        """Make the call in other ways; asks first."""
        from cogwizard.ui.variants import try_variants

        try_variants(self)

    def action_save(self, format: str = "markdown") -> None:
        """Save a report of what is known, or the case (`format`)."""
        from cogwizard.ui.save import save_report

        save_report(self, format)

    @property
    def is_reading(self) -> bool:
        """See `Guided`."""
        return self.run_now is not None and not self.run_now.done and not self.run_now.cancelled

    def stop_reading(self) -> None:
        """See `Guided`."""
        if self.run_now is not None:
            self.run_now.cancel()

    def on_unmount(self) -> None:
        """Abandon what runs."""
        if self.run_now is not None:
            self.run_now.cancel()
