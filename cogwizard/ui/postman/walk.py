"""The checklist of Postman's OAuth 2.0 tab: the rail of its lines, the screen of one, and the reads behind them."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from cogwizard.model.case import Case
from cogwizard.model.client import AppClient
from cogwizard.model.inert import inert
from cogwizard.model.read import Read
from cogwizard.report import postman as report
from cogwizard.report.page import Document
from cogwizard.steps.checklist import judge
from cogwizard.steps.postman_values import value
from cogwizard.text import Texts
from cogwizard.ui.asking import Answered
from cogwizard.ui.guided import Guided
from cogwizard.ui.postman.known import SCREENS, Known, progress, trouble, verdicts
from cogwizard.ui.postman.probe import Probing
from cogwizard.ui.postman.reading import Reading
from cogwizard.ui.postman.state import Typed, chosen
from cogwizard.ui.postman.view import LineView
from cogwizard.ui.postman.views import VIEWS
from cogwizard.ui.session import describe
from cogwizard.ui.widgets.topline import TopLine

if TYPE_CHECKING:
    from cogwizard.aws.session import HeldKeys


class Walk(Guided[LineView]):
    """One app client, line by line. What is chosen on the screens is judged at once, without another read."""

    class Changed(Message):
        """A reading has something new. Of an abandoned one it says nothing to anybody."""

        def __init__(self, reading: Reading) -> None:
            """Take the reading."""
            super().__init__()
            self.reading = reading

    texts_name = "postman"
    steps_name: ClassVar[str] = "postman"
    help_key: ClassVar[str] = "postman"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v", "summary", "summary"),
        Binding("b", "probe_endpoints", "probe endpoints"),
        Binding("x", "export", "export"),
        Binding("s", "save", "save"),
        Binding("r,R", "all_again", "again"),
        Binding("e", "explain", "explain"),
        Binding("o", "other_profile", "other profile"),
    ]

    def __init__(self, typed: Typed, case: Case | None = None) -> None:
        """Take which app client it is and what was chosen, and the call that the token is for."""
        super().__init__()
        self.typed, self.case = typed, case
        self.known = Known(typed.setup)
        self.reading: Reading | None = None
        self.probing = Probing(self)
        self._logged: set[Read] = set()

    # -- what a page of steps writes ---------------------------------------------------------------------------------

    @property
    def steps(self) -> tuple[str, ...]:
        """See `Speaking`."""
        return SCREENS

    def new_view(self, step: str) -> LineView:
        """See `Guided`."""
        return VIEWS.get(step, LineView)(step)

    async def show_view(self, view: LineView) -> None:
        """See `Guided`."""
        await view.show(self.known)

    def verdicts(self) -> list[str]:
        """See `Guided`."""
        return verdicts(self.known, self.session.texts)

    def frame(self, top: TopLine) -> None:
        """See `Guided`."""
        client = self.known.setup.client
        name = (client.name if isinstance(client, AppClient) else "") or self.typed.where.client_id
        top.trail, top.place = self.say("trail client", client=inert(name, 80)), self.wizard.place_line(self.case)

    def progress(self) -> str:
        """See `Guided`."""
        stopped = self.reading is not None and self.reading.cancelled
        now, texts = self.wizard.monotonic(), self.session.texts
        return self.probing.progress() or progress(self.known, texts, now, stopped=stopped)

    @property
    def main_codes(self) -> tuple[str, ...]:
        """See `Guided`: the causes."""
        return tuple((self.known.report or {}).get("causes", ()))

    # -- reading -----------------------------------------------------------------------------------------------------

    async def begin(self) -> None:
        """Read all that the checklist wants to know."""
        await self._read(self.case)

    async def _read(self, case: Case | None) -> None:
        self.stop_reading()
        setup = self.typed.setup
        self.reading = Reading(self.session.ports, setup, case, self.session.clock, self._tell)
        self.known = Known(setup, running=True)
        self._logged.clear()
        self.reading.start()
        await self.show()

    def _tell(self, reading: Reading) -> None:
        """Called from the reading's threads."""
        self.post_message(self.Changed(reading))

    async def on_walk_changed(self, message: Changed) -> None:
        """Take what is new; late answers of an abandoned reading are dropped."""
        if message.reading is not self.reading:
            return
        self._log(message.reading)
        self._dirty = True
        if message.reading.done:
            self._dirty = False
            self.has_ended()
            if self.session.fall_back(message.reading.error):
                await self.begin()
                return
            await self.update()
            self._remember()

    def _remember(self) -> None:
        setup, session = self.known.setup, self.session
        if session.sandbox is None and isinstance(setup.client, AppClient):
            session.remembered = replace(session.remembered, user_pool_id=setup.pool_id, client_id=setup.asked_client)

    def _log(self, reading: Reading) -> None:
        for state in list(reading.reads.values()):
            if state.ended is not None and state.read not in self._logged:
                self._logged.add(state.read)
                self.session.log(describe(state.read, state.value, state.ended - state.began))

    async def update(self) -> None:
        """See `Guided`: take the facts, keep what was chosen meanwhile."""
        reading = self.reading
        if reading is not None:
            before = self.known.setup
            setup = replace(chosen(reading.setup, self.typed), answers=before.answers)
            is_new = setup.facts is not before.facts or self.known.running != self._reads
            self.known = replace(
                self.known,
                setup=setup,
                running=self._reads,
                reads=tuple(reading.reads.values()),
            )
            error, command = trouble(self.known, reading.error, self.session.texts)
            self.known = replace(self.known, error=error, command=command)
            if is_new or self.known.report is None:
                self._judge()
        await self.show()

    def _judge(self) -> None:
        setup = self.known.setup
        if setup.facts or not self.known.running:
            self.known = replace(self.known, report=report.build(setup, judge(setup), self.session.texts))

    @property
    def is_reading(self) -> bool:
        """See `Guided`; a probe too is waited for."""
        return self._reads or self.probing.is_busy

    @property
    def _reads(self) -> bool:
        return self.reading is not None and not self.reading.done and not self.reading.cancelled

    def stop_reading(self) -> None:
        """See `Guided`."""
        self.probing.stop()
        if self.reading is not None:
            self.reading.cancel()

    def retext(self) -> None:
        """Say everything again in the language of the session."""
        super().retext()
        self.known = replace(self.known, report=None)  # it is written in one language
        self.call_after_refresh(self.update)

    def on_unmount(self) -> None:
        """Abandon what runs."""
        self.stop_reading()

    # -- choosing ----------------------------------------------------------------------------------------------------

    async def choose(self, change: Callable[[Typed], None]) -> None:
        """Take a choice, and judge with it."""
        self.probing.stop()
        change(self.typed)
        self.known = replace(self.known, setup=chosen(self.known.setup, self.typed))
        self._judge()
        await self.show()

    async def on_answered(self, message: Answered) -> None:
        """Take what the endpoints answered to a probe, and judge with it."""
        answers = self.probing.take(message)
        if answers is not None:
            self.has_ended()
            self.known = replace(self.known, setup=replace(self.known.setup, answers=answers))
            self._judge()
        await self.show()

    # -- keys --------------------------------------------------------------------------------------------------------

    async def action_summary(self) -> None:
        """Show the set-up at a glance."""
        await self.action_step(len(self.steps) - 1)

    async def action_all_again(self) -> None:
        """Read everything again, with credentials looked up anew."""
        if self.session.sandbox is None:
            self.session.renew()
        await self._read(replace(self.case, facts={}) if self.case else None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """See `Guided`; the sandbox has no profiles."""
        if action == "other_profile" and self.session.sandbox is not None:
            return False
        return super().check_action(action, parameters)

    def action_other_profile(self) -> None:
        """Choose another profile, and begin again with it."""
        from cogwizard.ui.profiles import ChooseProfile

        async def picked(profile: "str | HeldKeys | None") -> None:
            if profile is not None:
                self.session.choose_profile(profile)
                await self.begin()

        self.app.push_screen(ChooseProfile(), picked)

    def action_probe_endpoints(self) -> None:
        """Ask the endpoints, once the user has agreed."""
        self.probing.ask()

    def action_export(self) -> None:
        """Write the set-up as files."""
        from cogwizard.ui.postman.export import export

        export(self)

    def action_save(self) -> None:
        """Save a report of what is known."""
        from cogwizard.ui.save import Save

        setup = self.known.setup
        if self.known.report is None:
            self.notify(self.session.texts.screen("save", "nothing"))
            return

        def build(texts: Texts) -> Document:
            return report.build(setup, judge(setup), texts)

        def saved(path: str | None) -> None:
            if path:
                text = self.session.texts.screen("save", "saved", path=inert(path, 300))
                self.notify(text, markup=False)

        self.app.push_screen(Save(build), saved)

    def action_copy_value(self) -> None:
        """See `Speaking`. The client secret is copied where its line has the focus, and never into a file."""
        from cogwizard.ui.clipboard import copy_in_background

        key = getattr(self.focused, "secret_key", None)
        secret = value(self.known.setup, key) if isinstance(key, str) else None
        if secret:
            copy_in_background(self.wizard, secret, to_file=False)
        elif self.focused is self.view and self.view.first_secret:
            self.notify(self.say("secret not copied"))
        else:
            super().action_copy_value()
