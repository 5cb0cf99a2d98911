"""The walk-through: the rail of its steps, the screen of one, and what is being made."""

from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from cogwizard.model.inert import inert
from cogwizard.ui.guided import Guided
from cogwizard.ui.onboard.build import BREAK, CALL, DEPLOY, STEPS, Build, up_to
from cogwizard.ui.onboard.dialogs import ask, keeper
from cogwizard.ui.onboard.refused import as_printed, refused_call
from cogwizard.ui.onboard.told import trouble
from cogwizard.ui.onboard.view import OnboardView
from cogwizard.ui.onboard.views import VIEWS
from cogwizard.ui.widgets.topline import TopLine


class Walk(Guided[OnboardView]):
    """One walk-through, step by step. Nothing is made before the plan was agreed to."""

    class Changed(Message):
        """Something is new."""

    texts_name = "walkthrough"
    steps_name: ClassVar[str] = "onboard"
    help_key: ClassVar[str] = "onboard"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "do_it", "make"),
        Binding("a", "make_all", "make all"),
        Binding("m", "mend", "mend"),
        Binding("f", "find_out", "find out why"),
        Binding("w", "change_password", "change password"),
        Binding("k", "keep_password", "keep password"),
        Binding("d", "describe", "describe"),
        Binding("t", "tear_down", "tear down"),
        Binding("e", "explain", "explain"),
    ]

    def __init__(self, build: Build) -> None:
        """Take what was prepared."""
        super().__init__()
        self.build = build
        self._then: Callable[[], object] | None = None  # what follows what is being done
        self._was_busy = self._is_gone = False

    # -- what a page of steps writes ---------------------------------------------------------------------------------

    @property
    def steps(self) -> tuple[str, ...]:
        """See `Speaking`."""
        return STEPS

    def new_view(self, step: str) -> OnboardView:
        """See `Guided`."""
        return VIEWS.get(step, OnboardView)(step)

    async def show_view(self, view: OnboardView) -> None:
        """See `Guided`."""
        await view.show(self.build)

    def verdicts(self) -> list[str]:
        """See `Guided`."""
        return [VIEWS.get(step, OnboardView).verdict(self.build, step) for step in STEPS]

    def place(self) -> str:
        """Return whose AWS is written to: profile, account (masked), region."""
        values, profile = self.build.plan.values, self.wizard.place_line().split("  ")[0]
        own = "" if self.session.sandbox or profile == values["region"] else profile
        return "  ".join(filter(None, (own, f"..{inert(values['account'][-4:])}", values["region"])))

    def frame(self, top: TopLine) -> None:
        """See `Guided`."""
        top.trail, top.place = self.say("trail name", name=self.build.plan.choices.name), self.place()

    def progress(self) -> str:
        """See `Guided`."""
        build = self.build
        if build.is_busy:
            seconds = f"{self.wizard.monotonic() - build.since:.1f}"
            action = build.doing or "..."
            key = "doing stopping" if build.is_stopping else f"doing {build.words}"
            return self.say(key, seconds=seconds, action=action)
        if build.error is not None:
            return trouble(build.error, self.session.texts)
        done = sum(build.state(write.id).kind == "done" for write in build.plan.writes)
        return self.say("made", done=done, all=len(build.plan.writes))

    async def begin(self) -> None:
        """See `Guided`: look at what is there already."""
        self.build.on_change = lambda: self.post_message(self.Changed())
        if not self.build.is_busy and any(not state.seen for state in self.build.states.values()):
            self.build.look()
        await self.update()

    async def update(self) -> None:
        """See `Guided`."""
        await self.show()

    @property
    def is_reading(self) -> bool:
        """See `Guided`."""
        return self.build.is_busy and not self.build.is_stopping

    def stop_reading(self) -> None:
        """See `Guided`: after the write that is on its way."""
        self._then = None
        self.build.stop()

    async def on_walk_changed(self) -> None:
        """Draw what is new; when it has ended, do what follows."""
        self._dirty = True
        is_busy = self.build.is_busy
        if is_busy:
            self._was_busy = True
            return
        self.has_ended()
        self._was_busy = self._dirty = False
        if self._has_gone():
            return
        await self.update()
        then, self._then = self._then, None
        if self.build.error is not None:
            await self._go_to_failure()
        elif then is not None:
            then()
            await self.update()

    def _has_gone(self) -> bool:
        """Leave, once, where nothing is left of what was made. Returns whether that is so."""
        if self.build.is_removed and self.is_current and not self._is_gone:
            self._is_gone = True
            if self.session.build is self.build:
                self.session.build = None
            self.app.pop_screen()
        return self.build.is_removed

    async def _go_to_failure(self) -> None:
        """Show the step whose write was refused."""
        failed = [step for step in STEPS if any(self.build.state(each.id).failed for each in self.build.writes(step))]
        if failed and failed[0] != self.here:
            await self.action_step(STEPS.index(failed[0]))

    def retext(self) -> None:
        """Say everything again in the language of the session."""
        super().retext()
        self.call_after_refresh(self.update)

    def on_screen_resume(self) -> None:
        """Back from another screen: what is there may be gone."""
        super().on_screen_resume()
        self._has_gone()

    def on_unmount(self) -> None:
        """Tell nobody any more; what is being made goes on."""
        self.give_back()
        self.build.on_change = lambda: None

    # -- consent -----------------------------------------------------------------------------------------------------

    def agreed(self, then: Callable[[], object]) -> None:
        """Do something that makes things, once the user has agreed to the plan; it is asked for once."""
        build = self.build
        if build.consent is not None:
            then()
        elif build.plan.is_stopped:
            self.notify(self.say("stopped"), severity="warning")
        else:

            async def agreed() -> None:
                build.consent = build.plan.agree()
                then()
                await self.update()

            ask(self, "consent", agreed)

    def with_password(self, then: Callable[[], object]) -> None:
        """Do something that needs the user's password; where it is not known, another one is set first, if wanted."""
        build = self.build

        def renew() -> None:
            if build.renew_password():
                self._then = then

        if build.knows_password:
            then()
        else:
            ask(self, "renew", lambda: self.agreed(renew))

    # -- keys --------------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done."""
        if not super().check_action(action, parameters):
            return False
        build, here = self.build, self.here
        match action:
            case "make_all":
                return not all(build.is_made(step) for step in STEPS[: STEPS.index(DEPLOY) + 1])
            case "mend":
                return here == BREAK and build.breaker().fault is not None
            case "find_out":
                return refused_call(self.build, self.here) is not None
            case "change_password":
                login = build.walk.shown.login
                return here == CALL and build.knows_password and login is not None and login.tokens is not None
            case "keep_password":
                return build.knows_password and build.is_made("onboard_password")
            case "describe":
                return build.is_made(DEPLOY)
            case "tear_down":
                return build.walk.is_begun
            case "explain":
                return any(view.codes for view in self._shown)
        return True

    def name_of(self, binding: Binding) -> str:
        """See `Speaking`: what `enter` does hangs on the screen."""
        if binding.action == "do_it":
            for view in self._shown:
                return self.session.texts.key_name(view.verb(self.build))
        return super().name_of(binding)

    @property
    def _shown(self) -> list[OnboardView]:
        """The view that is shown; none while the page is composed anew, when its keys are asked for too."""
        return list(self.query(f"#view-{self.here}").results(OnboardView))

    async def action_do_it(self) -> None:
        """Do what the screen is there for; where that is done, go on to the next one."""
        if self.build.is_busy:
            return
        if self.view.enter(self.build):
            await self.update()
        else:
            await self.action_next()

    async def action_make_all(self) -> None:
        """Make everything up to the deployment, and show that."""

        def make() -> None:
            if self.build.make(up_to(DEPLOY)):
                self.call_next(self.action_step, STEPS.index(DEPLOY))

        if not self.build.is_busy:
            self.agreed(make)

    def action_mend(self) -> None:
        """Take the fault away, and call."""
        if not self.build.is_busy:
            self.agreed(lambda: self.with_password(self.build.mend))

    def action_tear_down(self) -> None:
        """Take away what was made; asks first."""
        from cogwizard.ui.onboard.removal import TearDown

        if self.build.is_busy:
            return

        async def closed(_: bool | None) -> None:
            self.build.on_change = lambda: self.post_message(self.Changed())
            if not self._has_gone():
                await self.update()

        self.app.push_screen(TearDown(self.build), closed)

    def action_change_password(self) -> None:
        """Change the password as the user who is signed in; asks first."""
        from cogwizard.ui.onboard.password import NewPassword

        def change() -> None:
            self.app.push_screen(NewPassword(self.build))

        if not self.build.is_busy:
            ask(self, "change", change)

    def action_keep_password(self) -> None:
        """Keep the user's password in the OS keyring."""
        self.app.push_screen(keeper(self.build))

    def action_describe(self) -> None:
        """Write a file by which others join what was built."""
        from cogwizard.describe import team_of
        from cogwizard.ui.onboard.describe import Describe

        self.app.push_screen(Describe(team_of(self.build.walk.values)))

    def action_find_out(self) -> None:
        """Find out why the call fails, as with any other call."""
        from cogwizard.ui.given import Given

        refused = refused_call(self.build, self.here)
        if refused is None or self.build.is_busy:
            return
        call, answer = refused
        self.find_out(Given(call, response=as_printed(answer), region=self.build.plan.values["region"]))

    def action_leave(self) -> None:
        """See `Guided`. What was made stays, which is said."""
        is_there = self.build.walk.is_begun and not self.build.is_removed
        below = self.app.screen_stack[-2] if len(self.app.screen_stack) > 1 else None
        super().action_leave()
        if is_there and self.app.screen is below:
            key = "left sandbox" if self.session.sandbox else "left"
            self.app.notify(self.say(key, name=self.build.plan.choices.name), markup=False)
