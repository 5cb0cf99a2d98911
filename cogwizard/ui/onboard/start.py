"""Where the walk-through begins: what is to be built, in whose AWS; or a run of before, to go on with or take away."""

import asyncio
import threading
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from cogwizard.model.build import BadChoice, Choices
from cogwizard.model.inert import inert
from cogwizard.ui.join.state import found_file
from cogwizard.ui.onboard.fields import Begun, StartFields
from cogwizard.ui.onboard.told import trouble
from cogwizard.ui.signin.stages import Stages
from cogwizard.ui.widgets.secret import SecretLine

if TYPE_CHECKING:
    from pathlib import Path

    from cogwizard.aws.session import HeldKeys
    from cogwizard.onboarding.walkthrough import Walkthrough
    from cogwizard.ports import Ports
    from cogwizard.ui.onboard.build import Build

_LONG = 10  # seconds: more than a few words are to be read


class Start(Stages):
    """Goes on to the walk-through, and stays below it: what was typed is there when that is left."""

    class Found(Message):
        """A file is there by which an API can be joined."""

        def __init__(self, path: str) -> None:
            """Take its path, "" for none."""
            super().__init__()
            self.path = path

    texts_name = "walkthrough"
    help_key: ClassVar[str] = "onboard start"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f4", "other_profile", "other profile", priority=True),
        Binding("f6", "practise", "practise", priority=True),
        Binding("f7", "join", "join", priority=True),
    ]

    def __init__(self) -> None:
        """Nothing is typed yet, or what was typed before."""
        super().__init__(StartFields)
        self.team_file = ""  # by which an API can be joined
        self._preparing = threading.Lock()
        self._prepared: Walkthrough | None = None  # one that nobody took over: its journal may be open

    def on_mount(self) -> None:
        """Look for a file by which an API can be joined: a file system may take its time."""
        find = threading.Thread(target=lambda: self.post_message(self.Found(found_file())), daemon=True, name="find")
        find.start()

    def on_start_found(self, message: Found) -> None:
        """Say which file it is."""
        self.team_file = message.path
        for fields in self.query(StartFields):
            fields.show_file()

    @property
    def choices(self) -> Choices:
        """What was typed. It may be what AWS would not take."""
        return self.session.choices or Choices()

    @choices.setter
    def choices(self, value: Choices) -> None:
        self.session.choices = value

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done."""
        if action == "other_profile":
            return self.session.sandbox is None and self.is_ready
        if action == "practise":
            return not self.session.is_practice and self.is_ready
        return super().check_action(action, parameters)

    def on_screen_resume(self) -> None:
        """Back from the walk-through: what it was begun with may be gone."""
        if self._begun and self.is_current and self.query(StartFields) and self.is_at_home:
            self._frame()

    # -- going on ----------------------------------------------------------------------------------------------------

    def prepare_build(self, password: str) -> None:
        """Look at what is there, and go on to the walk-through; what is wrong is said here."""
        session, choices, before = self.session, self.choices, self.session.build
        try:
            choices.check()
        except BadChoice as error:
            self.panel.tell(session.texts.message(f"choice-{error.key}", {}))
            self.query_one(f"#line-{error.key}").focus()
            return
        if before is not None and _is_of_credentials(before.error) and session.sandbox is None:
            session.renew()
        ports = session.ports
        is_open = before is not None and before.walk.ports is ports and not before.is_closed
        if before is not None and is_open and before.walk.choices.name == choices.name:
            if password:
                before.walk.hidden.password, before.knows_password = password, True
            if before.walk.choices == choices:
                self._open(before)
                return
            if before.walk.is_begun:  # it goes on with its own choices
                self.go_to(lambda: Begun(before), StartFields)
                return
        if before is not None and before.is_busy:
            self.panel.tell(self.say("still busy"))
            return

        async def prepared(walk: "Walkthrough") -> None:
            self._prepared = None
            build = self._built(walk, before, password)
            session.build = build
            if walk.is_begun and (before is None or before.walk.choices.name != walk.choices.name):
                self.go_to(lambda: Begun(build), StartFields)
            else:
                self._open(build)

        where = session.journals
        self.ask(lambda: self._prepare(choices, ports, where, before), "preparing", prepared)

    def _prepare(self, choices: Choices, ports: "Ports", where: "Path | None", before: "Build | None") -> "Walkthrough":
        """Look at what is there, in a thread."""
        from cogwizard.onboarding.walkthrough import Walkthrough

        with self._preparing:
            for other in (before, self._prepared):
                if other is not None:
                    other.close()  # a journal is open once
            self._prepared = walk = Walkthrough(ports, choices, where=where, clock=self.session.clock)
            walk.prepare()
        return walk

    def _built(self, walk: "Walkthrough", before: "Build | None", password: str) -> "Build":
        from cogwizard.ui.onboard.build import Build

        build = Build(walk, self.wizard.monotonic)
        if before is not None and walk.is_begun and before.walk.values["run"] == walk.values["run"]:
            # The same run with other credentials: what is in memory of it belongs to it.
            walk.hidden, walk.shown = before.walk.hidden, before.walk.shown
            build.knows_password = before.knows_password
        if password:
            walk.hidden.password, build.knows_password = password, True
        return build

    def _open(self, build: "Build") -> None:
        from cogwizard.ui.onboard.walk import Walk

        self.choices = build.plan.choices
        for line in self.query("#line-password").results(SecretLine):
            line.clear()
        self.app.push_screen(Walk(build))

    def open_build(self) -> None:
        """Go on with the run that was found."""
        if self.session.build is not None:
            self._open(self.session.build)
            self.go_to(StartFields)

    def _tell_trouble(self, error: Exception) -> None:
        """See `Stages`: journals and refused reads too."""
        if self.session.fall_back(error):
            super()._tell_trouble(error)
            return
        self.panel.tell(trouble(error, self.session.texts))
        if _is_of_credentials(error) and self.session.sandbox is None:
            self.session.renew()  # the next try looks them up anew

    # -- whose AWS ---------------------------------------------------------------------------------------------------

    def action_other_profile(self) -> None:
        """Build in the AWS of another profile."""
        from cogwizard.ui.profiles import ChooseProfile

        def picked(profile: "str | HeldKeys | None") -> None:
            if profile is not None:
                self.session.choose_profile(profile)
                self.go_to(StartFields)

        self.app.push_screen(ChooseProfile(), picked)

    async def action_join(self) -> None:
        """Join an API that is there, by a file of its repository."""
        await self.wizard.action_join()

    async def action_practise(self) -> None:
        """Build in the sandbox, in which nothing is: no AWS account is needed."""
        self._is_moving = True
        try:
            # Keys are made and a server is started: not on the thread that draws.
            await asyncio.to_thread(self.session.enter_empty_sandbox)
        except OSError as error:  # no port, no memory, too many open files
            reason = inert(error.strerror or type(error).__name__, 200)
            said = self.session.texts.screen("sandbox", "cannot start", error=reason)
            self.notify(said, severity="error", timeout=_LONG, markup=False)
        if self not in self.app.screen_stack:  # left meanwhile
            self.session.leave_sandbox()
            return
        self._sandbox = self.session.sandbox
        await self.show(StartFields)

    async def own_account(self) -> None:
        """Leave the sandbox; what was built there goes with it."""
        self._is_moving = True
        await asyncio.to_thread(self.session.leave_sandbox)
        self._sandbox = None
        await self.show(StartFields)


def _is_of_credentials(error: Exception | None) -> bool:
    failed: Any = getattr(error, "failed", error)
    return getattr(failed, "reason", "") == "credentials"
