"""Joining: the rail of its steps, the screen of one, the reads behind them, the sign-in, the call, the export."""

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from cogwizard.joining import Join
from cogwizard.model.inert import inert
from cogwizard.model.read import Read
from cogwizard.report import join as report
from cogwizard.report.page import Document
from cogwizard.text import Texts
from cogwizard.ui.asking import Answered
from cogwizard.ui.guided import Guided
from cogwizard.ui.join.doing import Doing, trouble
from cogwizard.ui.join.known import CALL, END, EXPORT, SCREENS, SIGN_IN, Known, progress, verdicts
from cogwizard.ui.join.reading import Reading
from cogwizard.ui.join.refused import given_of
from cogwizard.ui.join.state import Typed, anew
from cogwizard.ui.join.view import VIEWS, JoinView
from cogwizard.ui.session import describe
from cogwizard.ui.widgets.topline import TopLine

if TYPE_CHECKING:
    from cogwizard.aws.session import HeldKeys
    from cogwizard.model.team import Team


class JoinWalk(Guided[JoinView]):
    """One who joins, step by step. Nothing is sent to what is not proven to be the user's own before they agreed."""

    class Changed(Message):
        """A reading has something new. Of an abandoned one it says nothing to anybody."""

        def __init__(self, reading: Reading) -> None:
            """Take the reading."""
            super().__init__()
            self.reading = reading

    texts_name = "join_page"
    steps_name: ClassVar[str] = "join"
    help_key: ClassVar[str] = "join"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "do_it", "next screen"),
        Binding("v", "missing", "what is missing"),
        Binding("g", "sign_in", "sign in"),
        Binding("f", "find_out", "find out why"),
        Binding("x", "export", "export"),
        Binding("s", "save", "save"),
        Binding("r,R", "all_again", "again"),
        Binding("e", "explain", "explain"),
        Binding("o", "other_profile", "other profile"),
    ]

    def __init__(self, typed: Typed, team: "Team") -> None:
        """Take what was typed, and what the file says; what is known of before is taken from there too."""
        super().__init__()
        self.typed, self.team = typed, team
        self.known = Known(typed.join)
        self.reading: Reading | None = None
        self.doing = Doing(self)
        self._logged: set[Read] = set()

    # -- what a page of steps writes ---------------------------------------------------------------------------------

    @property
    def steps(self) -> tuple[str, ...]:
        """See `Speaking`."""
        return SCREENS

    def new_view(self, step: str) -> JoinView:
        """See `Guided`."""
        return VIEWS.get(step, JoinView)(step)

    async def show_view(self, view: JoinView) -> None:
        """See `Guided`."""
        await view.show(self.known)

    def verdicts(self) -> list[str]:
        """See `Guided`."""
        return verdicts(self.known, self.session.texts)

    def frame(self, top: TopLine) -> None:
        """See `Guided`."""
        name = self.team.name or self.team.rest_api_id
        top.trail = self.say("trail name", name=inert(name, 80))
        top.place = self.wizard.place_line(self.known.join.joining.case if self.known.join else None)

    def progress(self) -> str:
        """See `Guided`."""
        stopped = self.reading is not None and self.reading.cancelled
        return self.doing.progress() or progress(
            self.known, self.session.texts, self.wizard.monotonic(), stopped=stopped
        )

    @property
    def main_codes(self) -> tuple[str, ...]:
        """See `Guided`: the causes."""
        return tuple((self.known.report or {}).get("causes", ()))

    # -- reading -----------------------------------------------------------------------------------------------------

    async def begin(self) -> None:
        """See `Guided`: read everything, unless that is known of before."""
        join = self.typed.join
        if join is not None and join.ports is self.session.ports and join.joining.facts:
            await self.update()
        else:
            await self._read()

    async def _read(self) -> None:
        self.stop_reading()
        session, team, before = self.session, self.team, self.typed.join
        ports, username = session.ports, self.typed.username or None

        def make() -> Join:
            made = Join(ports, team, username, clock=session.clock, doctor=lambda: session.examine(False))
            return anew(made, before)

        self._logged.clear()
        self.reading = Reading(make, self._tell)
        self.known = Known(running=True)
        self.reading.start()
        await self.show()

    def _tell(self, reading: Reading) -> None:
        """Called from the reading's threads."""
        self.post_message(self.Changed(reading))

    async def on_join_walk_changed(self, message: Changed) -> None:
        """Take what is new; late answers of an abandoned reading are dropped."""
        reading = message.reading
        if reading is not self.reading:
            return
        for state in list(reading.reads.values()):
            if state.ended is not None and state.read not in self._logged:
                self._logged.add(state.read)
                self.session.log(describe(state.read, state.value, state.ended - state.began))
        self._dirty = True
        if reading.done:
            self._dirty = False
            self.has_ended()
            if self.session.fall_back(reading.error):
                await self._read()
                return
            if reading.join is not None and reading.error is None:
                self.typed.join = reading.join
            await self.update()

    async def update(self) -> None:
        """See `Guided`."""
        reading, texts = self.reading, self.session.texts
        join = reading.join if reading is not None else self.typed.join
        is_new = join is not self.known.join or self.known.running != self._reads
        reads = tuple(reading.reads.values()) if reading else ()
        error = trouble(reading.error, texts) if reading and reading.error else ""
        self.known = replace(self.known, join=join, running=self._reads, reads=reads, error=error)
        if join is not None and (is_new or self.known.report is None):
            self.known = replace(self.known, report=report.build(join, texts))
        await self.show()

    @property
    def is_reading(self) -> bool:
        """See `Guided`; the answer to a call too is waited for."""
        return self._reads or self.doing.is_busy

    @property
    def _reads(self) -> bool:
        return self.reading is not None and not self.reading.done and not self.reading.cancelled

    def stop_reading(self) -> None:
        """See `Guided`."""
        self.doing.stop()
        if self.reading is not None:
            self.reading.cancel()

    def take(self, join: Join) -> None:
        """Take what came of a sign-in, a call, an export: what was read before it is part of it."""
        self.reading, self.typed.join = None, join
        self._dirty = True

    async def on_answered(self, message: Answered) -> None:
        """Take what was asked for; a late answer is dropped."""
        if self.doing.takes(message):
            self.has_ended()
            await self.doing.go_on(message.value)
            await self.update()

    def retext(self) -> None:
        """Say everything again in the language of the session."""
        super().retext()
        self.known = replace(self.known, report=None)  # it is written in one language
        self.call_after_refresh(self.update)

    def on_unmount(self) -> None:
        """Abandon what runs."""
        self.stop_reading()

    # -- keys --------------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """See `Guided`; offer only what can be done."""
        match action:
            case "do_it":
                return self._is_open and self.here != END
            case "other_profile" if self.session.sandbox is not None:
                return False
            case "find_out":
                judgement = self.known.join.judgement if self.known.join else None
                return judgement is not None and not (self.known.join and self.known.join.is_through)
        return super().check_action(action, parameters)

    @property
    def _is_done(self) -> bool:
        """Whether what the screen is there for is done."""
        join = self.known.join
        if self.here == SIGN_IN:
            return self.known.is_signed_in
        if self.here == CALL:
            called = join.joining.called if join else None
            return join is not None and join.is_through and called == (self.typed.method.upper(), self.typed.path)
        return self.here != EXPORT

    def name_of(self, binding: Binding) -> str:
        """See `Speaking`: what `enter` does hangs on the screen."""
        if binding.action == "do_it":
            verb = "next screen" if self._is_done else VIEWS.get(self.here, JoinView).verb
            if self.here == CALL and not self.known.is_signed_in:
                verb = "sign in"
            return self.session.texts.key_name(verb)
        return super().name_of(binding)

    async def action_do_it(self) -> None:
        """Do what the screen is there for; where that is done, go on to the next one."""
        if self._is_done:
            await self.action_next()
        elif self.here == SIGN_IN or (self.here == CALL and not self.known.is_signed_in):
            self.action_sign_in()
        elif self.here == CALL:
            self.doing.call()
        else:
            self.action_export()

    async def action_missing(self) -> None:
        """Show all that is missing."""
        await self.action_step(len(self.steps) - 1)

    def action_sign_in(self) -> None:
        """Ask for the password, and sign in."""
        self.doing.sign_in()

    def action_export(self) -> None:
        """Write the call as files for Postman and others."""
        self.doing.export()

    def action_find_out(self) -> None:
        """Find out why the call fails, as with any other call."""
        join = self.doing.ready()
        if join is None or join.judgement is None:
            return
        self.find_out(given_of(join))

    def action_save(self) -> None:
        """Save a report of what is known."""
        from cogwizard.ui.save import Save

        join = self.known.join
        if join is None or self.known.report is None:
            self.notify(self.session.texts.screen("save", "nothing"))
            return

        def build(texts: Texts) -> Document:
            return report.build(join, texts)

        def saved(path: str | None) -> None:
            if path:
                self.notify(self.session.texts.screen("save", "saved", path=inert(path, 300)), markup=False)

        self.app.push_screen(Save(build), saved)

    async def action_all_again(self) -> None:
        """Read everything again, with credentials looked up anew."""
        if self.session.sandbox is None:
            self.session.renew()
        await self._read()

    def action_other_profile(self) -> None:
        """Choose another profile, and begin again with it."""
        from cogwizard.ui.profiles import ChooseProfile

        async def picked(profile: "str | HeldKeys | None") -> None:
            if profile is not None:
                self.session.choose_profile(profile)
                await self._read()

        self.app.push_screen(ChooseProfile(), picked)
