"""Without a URL: region, API, stage and method are picked from what the account has."""

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalGroup, VerticalScroll
from textual.content import Content
from textual.widgets import Button

from cogwizard.model.call import Call
from cogwizard.model.inert import inert
from cogwizard.report.redaction import show_url
from cogwizard.ui import choices
from cogwizard.ui.asking import Answered, Asking
from cogwizard.ui.base import Page
from cogwizard.ui.choices import Listed, Row
from cogwizard.ui.given import Given
from cogwizard.ui.listing import lister, sign_in_command
from cogwizard.ui.picking import CRUMBS, STAGES, Picking
from cogwizard.ui.widgets.crumbs import Crumbs, crumbs
from cogwizard.ui.widgets.filtered import Filtered
from cogwizard.ui.widgets.footer import Footer
from cogwizard.ui.widgets.no_list import NoList
from cogwizard.ui.widgets.path_form import PathForm
from cogwizard.ui.widgets.prose import Prose
from cogwizard.ui.widgets.topline import TopLine

if TYPE_CHECKING:
    from cogwizard.aws.session import HeldKeys

_WALK = (("up", "cursor_up"), ("down", "cursor_down"), ("pageup", "page_up"), ("pagedown", "page_down"))
_TICK = 0.2  # seconds between two looks at the clock while a list is read


class Pick(Page):
    """One list at a time. Each read runs in a thread of its own; who goes back does not wait for it."""

    texts_name = "pick"
    DEFAULT_CSS = """
    Pick #sheet { height: 1fr; }
    Pick #status { color: $foreground-muted; }
    Pick .row { margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "back"),
        Binding("ctrl+r", "again", "again"),
        Binding("o", "other_profile", "other profile"),
        *(Binding(key, f"walk('{action}')", show=False) for key, action in _WALK),
    ]

    def __init__(self) -> None:
        """The lists are read when the screen is shown."""
        super().__init__()
        self.listed: Listed | None = None
        self.trouble: object = None
        self._is_refused = False  # what was typed last is none for a filter
        self._lists: dict[tuple[str, ...], Listed] = {}

    @property
    def rows(self) -> tuple[Row, ...]:
        """The open list, however much of it is shown."""
        return self.listed.rows if self.listed else ()

    # -- drawing -----------------------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """See `Screen`."""
        yield TopLine()
        yield Crumbs(classes="gap")
        yield Prose(id="question", classes="heading")
        yield Prose(id="note", classes="warn")
        yield Prose(id="about", classes="muted")
        other = Button(Content(self.say("other way")), id="home")
        yield Filtered(self.say("filter"), self._nothing, self.say("show all"), other)
        yield VerticalScroll(VerticalGroup(id="more"), id="sheet", can_focus=False)
        yield Prose(id="status")
        yield Footer()

    async def on_mount(self) -> None:
        """Go on where picking was left, as long as it is of the same account."""
        self.asking = Asking(self.post_message, self.wizard.monotonic)
        kept, settings = self.session.picking, self.session.settings
        self.picking = kept if kept and kept.settings is settings else Picking(settings)
        self.session.picking = self.picking
        self.set_interval(_TICK, self._tick)
        await self._open(self.picking.at)

    async def on_screen_resume(self) -> None:
        """Show whose account it is; what was listed for other credentials is forgotten."""
        top = self.query_one(TopLine)
        top.trail, top.place, top.mark = self.say("trail"), self.wizard.place_line(), self.wizard.sandbox_mark()
        if self._is_ready and self.picking.settings is not self.session.settings:
            self.picking = self.session.picking = Picking(self.session.settings)
            self._lists.clear()
            await self._open("region")

    @property
    def _is_ready(self) -> bool:
        return hasattr(self, "picking")

    def retext(self) -> None:
        """Say everything again in the language of the session."""
        super().retext()
        self.call_after_refresh(self._say_again)

    async def _say_again(self) -> None:
        await self.on_screen_resume()
        if self.picking.at == "stage" and self.trouble is None:
            self._lists.clear()  # its rows have words in them
            await self._open("stage")
        else:
            await self._show()

    async def _show(self) -> None:
        async with self.drawing:
            await self._draw()

    async def _draw(self) -> None:
        at = self.picking.at
        bar = self.query_one(Crumbs)
        bar.crumbs = crumbs([self.say(f"crumb {name}") for name in CRUMBS], [*map(self.picking.crumb, CRUMBS)])
        bar.at = min(STAGES.index(at), len(CRUMBS) - 1)
        self.query_one("#question", Prose).text = self.say(f"question {at}")
        about = self.listed.about if self.listed else "" if at == "region" else f"about {at}"
        self.query_one("#about", Prose).text = self.say(about) if about else ""
        profile, note = self.session.forgotten_profile, self.query_one("#note", Prose)
        note.display = bool(profile)
        note.text = self.session.texts.screen("access", "forgotten", profile=inert(profile or "", 200))
        await self._draw_below()
        self.refresh_bindings()

    async def _draw_below(self) -> None:
        """Draw the list, or what stands in its place: the path's values, or why there is none."""
        picking, sheet, filtered = self.picking, self.query_one("#more", VerticalGroup), self.query_one(Filtered)
        await sheet.remove_children()
        filtered.display, self.query_one("#sheet").display = bool(self.rows), not self.rows
        before = picking.picked.get(picking.at)
        filtered.put(self.rows, picking.typed.get(picking.at, ""), before.id if before else None)
        if picking.at == "values":
            path = show_url(f"/{picking.picked['stage'].id}{picking.path}")
            await sheet.mount(PathForm(path, choices.placeholders(picking.path), picking.values, self.say))
        elif not self.rows and self.asking.seconds is None:
            await sheet.mount(NoList(self.session, picking, self.trouble))
        first = next(iter(sheet.query("Input, Button")), None)
        if first is not None:
            first.focus()
        self._tick()

    def _nothing(self, typed: str) -> str:
        text = self.say("none match", typed=inert(typed, 60), all=f"{len(self.rows):,}")
        return f"{text}\n{self.say(f'none {self.picking.at}')}"

    def _tick(self) -> None:
        """Say how long the list is, or how long it takes, or why what was typed was not taken."""
        if not self.query("#status"):
            return  # the screen is being composed anew
        text, seconds, filtered = "", self.asking.seconds, self.query_one(Filtered)
        if seconds is not None:
            text = self.say(self.asking.words, seconds=f"{seconds:.1f}", **self.picking.names)
        elif self._is_refused:
            text = self.say("refused")
        elif self.rows and filtered.found:
            found, shown = filtered.found, len(filtered.shown)
            key = "many" if found > shown else "all"
            text = self.say(key, found=f"{found:,}", shown=shown, all=f"{len(self.rows):,}")
        self.query_one("#status", Prose).text = text

    # -- reading -----------------------------------------------------------------------------------------------------

    async def _open(self, stage: str) -> None:
        """Go to a stage: its list is read unless it was before."""
        self.picking.at, self.trouble, self.listed = stage, None, None
        self._is_refused = False
        self.asking.drop()
        if stage == "verb":
            self.listed = Listed(choices.verb_rows(), "about verb")
        elif stage != "values":
            self.listed = self._lists.get(self.picking.key(stage))
            if self.listed is None:
                question = lister(self.session, stage, self.picking.ids, self.wizard.monotonic)
                self.asking.ask(question, f"reading {stage}")
        await self._show()

    async def on_answered(self, message: Answered) -> None:
        """Take what a thread brings, unless somebody has gone on meanwhile."""
        if not self.asking.takes(message):
            return
        value = message.value
        if isinstance(value, str):
            self._leave_with(value)
        elif isinstance(value, Listed):
            self.listed = self._lists[self.picking.key(self.picking.at)] = value
        elif isinstance(value, Exception) and self.session.fall_back(value):
            await self.on_screen_resume()
            return
        else:
            self.trouble = value
        await self._show()

    # -- picking -----------------------------------------------------------------------------------------------------

    def on_filtered_changed(self, message: Filtered.Changed) -> None:
        """Keep what was typed."""
        self.picking.typed[self.picking.at], self._is_refused = message.typed, False
        self._tick()

    def on_line_refused(self) -> None:
        """Say why nothing was taken."""
        self._is_refused = True
        self._tick()

    def on_path_form_filled(self) -> None:
        """Go on with the values of the path."""
        self._finish()

    async def on_filtered_picked(self, message: Filtered.Picked) -> None:
        """Go on to what follows a row."""
        following = self.picking.pick(message.row)
        if following is None:
            self._finish()
        else:
            await self._open(following)

    def _finish(self) -> None:
        """Build the URL of the call: where it goes is only known once AWS's library is loaded."""
        path, session = self.picking.filled_path, self.session
        place = [self.picking.ids[name] for name in ("region", "api", "stage")]
        self.asking.ask(lambda: choices.invoke_url(session.ports, place[0], place[1], place[2], path), "preparing")

    def _leave_with(self, url: str) -> None:
        """Find out about this call; a token that was given before is kept, else one is asked for."""
        from cogwizard.ui.give_token import GiveToken

        call, before = Call(self.picking.method, url), self.session.given
        self.session.given = Given(call, region=self.picking.ids["region"])
        self.session.given.take(before.token, before.other_token, before.signed_in, before.order)
        if before.token:
            self.wizard.action_troubleshoot()
        else:
            self.app.push_screen(GiveToken(), self._token_given)

    def _token_given(self, given: bool | None) -> None:
        if given is not None:  # closed: picking goes on
            self.wizard.action_troubleshoot()

    # -- keys --------------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done."""
        return self.session.sandbox is None if action == "other_profile" else self._is_ready or action == "leave"

    def action_walk(self, how: str) -> None:
        """Move in the list while the filter has the focus, or from field to field."""
        if self.query_one(Filtered).walk(how):
            return
        if how.endswith("up"):
            self.app.action_focus_previous()
        else:
            self.app.action_focus_next()

    async def action_again(self) -> None:
        """Read the list again."""
        if self.picking.at in CRUMBS:
            self._lists.pop(self.picking.key(self.picking.at), None)
            if self.trouble is not None and self.session.sandbox is None:
                self.session.renew()  # the user may have signed in again
            await self._open(self.picking.at)

    def action_other_profile(self) -> None:
        """Choose another profile, and begin again with it."""
        from cogwizard.ui.profiles import ChooseProfile

        self.app.push_screen(ChooseProfile(), self._profile_chosen)

    async def _profile_chosen(self, profile: "str | HeldKeys | None") -> None:
        if profile is not None:
            self.session.choose_profile(profile)
            await self.on_screen_resume()

    async def on_button_pressed(self, event: Button.Pressed) -> None:
        """See the buttons' names."""
        if event.button.id == "again":
            await self.action_again()
        elif event.button.id == "other-profile":
            self.action_other_profile()
        elif event.button.id == "home":
            self.app.call_later(self.wizard.action_home)  # this screen cannot wait for its own end

    async def on_crumbs_chosen(self, message: Crumbs.Chosen) -> None:
        """Go back to a stop that was clicked."""
        if message.at < STAGES.index(self.picking.at):
            await self._open(STAGES[message.at])

    def action_leave(self) -> None:
        """Go back a stage, from the first to the screen before. What is being read is not waited for."""
        before = self.picking.before if self._is_ready else None
        if before is None:
            self.app.pop_screen()
        else:
            self.call_next(self._open, before)

    def copyable(self) -> str | None:
        """See `Speaking`: the command that gets credentials, where there are none."""
        return sign_in_command(self.trouble) or None
