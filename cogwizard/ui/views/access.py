"""The access screen: with whose eyes we look, what they may see, and the way out when they see nothing."""

import threading
from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar, Self

from textual.binding import Binding, BindingType
from textual.containers import ItemGrid, VerticalGroup
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Button, Input

from cogwizard.aws.session import HeldKeys
from cogwizard.aws.setup import Setup, describe_setup
from cogwizard.model.inert import inert
from cogwizard.ports import Ports
from cogwizard.report import page
from cogwizard.ui.views.access_rows import read_rows, sign_in, summary, who_rows
from cogwizard.ui.views.step import Seen, StepView
from cogwizard.ui.widgets.facts import Facts
from cogwizard.ui.widgets.field import PLAIN, NameLine
from cogwizard.ui.widgets.mend import MendBox
from cogwizard.ui.widgets.prose import Prose

_BUTTONS = ("try again", "other profile", "show policy")
_REGION_TROUBLE = ("no-region", "invalid-region")


class AccessView(StepView):
    """Who reads and how that came about, every read with its state, and ways to read with other eyes."""

    DEFAULT_CSS = """
    #sign-in MendBox { margin-top: 1; }
    #access-buttons { grid-gutter: 0 2; margin: 1 0 0 0; }
    #region { width: 30; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "other_profile", "other profile"),
        Binding("i", "show_policy", "show policy"),
    ]

    class Described(Message):
        """The set-up was looked at; `setup` is None when it cannot be told. What is wrong with it the run tells."""

        def __init__(self, ports: Ports, setup: Setup | None) -> None:
            """Take both."""
            super().__init__()
            self.ports, self.setup = ports, setup

    def __init__(self, step: str) -> None:
        """Take the step's id."""
        super().__init__(step)
        self._asked: tuple[Ports, str | None] | None = None
        self._setup: Setup | None = None
        self._is_looking = True
        self._seen: Seen | None = None
        self._sign_in: page.Mend | None = None

    def words(self, key: str, **params: object) -> str:
        """Return a text of `screens/access.toml`."""
        return self.journey.session.texts.screen("access", key, **params)

    def extra(self) -> Iterable[Widget]:
        """See `StepView`."""
        session = self.journey.session
        yield VerticalGroup(id="sign-in")
        yield Prose("", id="access-note", classes="warn")
        yield Prose(self.words("type region"), id="region-label")
        yield NameLine(session.given.region, placeholder="ap-northeast-1", id="region", restrict=PLAIN)
        buttons = (
            Button(
                self.words(name), id=name.replace(" ", "-"), disabled=name == "other profile" and bool(session.sandbox)
            )
            for name in _BUTTONS
        )
        yield ItemGrid(*buttons, id="access-buttons", min_column_width=18)
        yield Prose(self.words("who reads"), classes="heading")
        yield Facts([self.words(key) for key in ("what", "value", "source")], id="who", column=1)
        yield Prose(self.words("reads"), classes="heading")
        yield Prose("", id="reads-summary", classes="muted")
        head = [self.words(key) for key in ("read", "state", "seconds", "permission")]
        yield Facts(head, id="reads", column=3, under_row=True)

    def on_mount(self) -> None:
        """Begin without what there is nothing of."""
        super().on_mount()
        self._show_region_field(None)

    def focus(self, scroll_visible: bool = True) -> Self:
        """Take the focus; where a region has to be typed, its field takes it."""
        field = self.query_one("#region", Input)
        if field.display:
            field.focus(scroll_visible)
            return self
        return super().focus(scroll_visible)

    # -- drawing -----------------------------------------------------------------------------------------------------

    async def show(self, seen: Seen) -> None:
        """Show what is known; where the set-up cannot be used, that comes first."""
        if seen.error is None:
            await super().show(seen)
            return
        await self.show_extra(seen)
        found = page.Page(self.step, "warn", seen.error)
        if found != self._page:
            self._page = found
            await self._show_page(found)

    async def show_extra(self, seen: Seen) -> None:
        """See `StepView`."""
        self._seen = seen
        self._describe(seen)
        session, clock = self.journey.session, self.journey.wizard.monotonic()
        # The sandbox's keys are nobody's to renew.
        mend = None if session.sandbox else sign_in(seen.case, self._setup, session.clock(), self.words)
        if mend != self._sign_in:
            self._sign_in = mend
            names = {"cli": self.label("cli")}
            await self._fill("#sign-in", [MendBox(mend, names)] if mend else [])
        note = ""
        if session.sandbox:
            note = self.words("sandbox note")
        elif session.forgotten_profile:
            note = self.words("forgotten", profile=inert(session.forgotten_profile, 200))
        self.query_one("#access-note", Prose).text = note
        self.query_one("#access-note").set_class(not session.sandbox, "warn")
        self._show_region_field(seen.trouble)
        rows = (
            []
            if seen.trouble
            else who_rows(seen.case, self._setup, bool(session.sandbox), session.clock(), self.words, self._is_looking)
        )
        self.query_one("#who", Facts).put(list(rows))
        phrase = session.texts.phrase
        reads = read_rows(seen.reads, seen.case, clock, self.words)
        told = [replace(row, cells=(*row.cells[:-1], phrase(row.cells[-1]))) for row in reads]
        self.query_one("#reads", Facts).put(told)
        self.query_one("#reads-summary", Prose).text = summary(seen.reads, clock, self.words)

    def copyable_page(self) -> str | None:
        """Return the command that signs in where that is what is missing, else what every step gives."""
        forms = self._sign_in.forms if self._sign_in else ()
        return forms[0][1] if forms else super().copyable_page()

    def _show_region_field(self, trouble: str | None) -> None:
        wanted = trouble in _REGION_TROUBLE
        for selector in ("#region-label", "#region"):
            self.query_one(selector).display = wanted

    # -- the set-up --------------------------------------------------------------------------------------------------

    def _describe(self, seen: Seen) -> None:
        """Look at the set-up once for each set of clients: beside the reads, for it may wait for the same things."""
        region = seen.case.region
        asked = (self.journey.session.ports, region)
        if seen.error or region is None or asked == self._asked:
            return
        if self._asked is None or self._asked[0] is not asked[0]:
            self._setup = None
        self._asked, self._is_looking = asked, True
        threading.Thread(target=self._look, args=asked, daemon=True, name="set-up").start()

    def _look(self, ports: Ports, region: str) -> None:
        try:
            setup = describe_setup(ports.clients, region)
        except Exception:  # a thread has nobody to tell; the screen says that it is not known
            setup = None
        self.post_message(self.Described(ports, setup))

    async def on_access_view_described(self, message: Described) -> None:
        """Show it, unless other clients have taken their place by now."""
        if self._asked and message.ports is self._asked[0] and self._seen:
            self._setup, self._is_looking = message.setup, False
            await self.show_extra(self._seen)

    # -- what can be done --------------------------------------------------------------------------------------------

    async def on_button_pressed(self, event: Button.Pressed) -> None:
        """Do what the button says."""
        event.stop()
        if event.button.id == "try-again":
            await self.journey.action_all_again()
        elif event.button.id == "other-profile":
            self.action_other_profile()
        else:
            self.action_show_policy()

    def action_other_profile(self) -> None:
        """Choose another profile, and begin again with it."""
        if self.journey.session.sandbox:
            self.notify(self.words("sandbox note"))
            return
        from cogwizard.ui.profiles import ChooseProfile

        self.app.push_screen(ChooseProfile(), self._chosen)

    async def _chosen(self, profile: str | HeldKeys | None) -> None:
        if profile is not None:
            self.journey.session.choose_profile(profile)
            await self.journey.begin()

    def action_show_policy(self) -> None:
        """Show the IAM policy that the reads need."""
        from cogwizard.ui.show_policy import ShowPolicy

        case = self.journey.seen.case
        self.app.push_screen(ShowPolicy(case.api_region, case.place.rest_api_id, logs=case.logs))

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        """Read in the region that was typed."""
        event.stop()
        region, session = event.value.strip(), self.journey.session
        if region:
            session.given.region = region
            session.use(replace(session.settings, region=region))
            await self.journey.begin()
