"""The sandbox: broken APIs by what a person sees of them. No AWS account, no network."""

import asyncio
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from cogwizard.model.inert import inert
from cogwizard.ui.base import Page
from cogwizard.ui.widgets.footer import Footer
from cogwizard.ui.widgets.prose import Prose
from cogwizard.ui.widgets.topline import TopLine

_LONG = 10  # seconds: more than a few words are to be read


class SandboxList(Page):
    """The scenarios by symptom; the chosen one is served and its call troubleshot, by the same path as any other."""

    texts_name = "sandbox"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "focus_list", show=False),
        Binding("escape", "leave", "back"),
    ]

    def __init__(self, scenario: str | None = None) -> None:
        """`scenario`: one to open at once, by its name."""
        super().__init__()
        self._scenario = scenario
        self._filter = ""
        self._starting = False

    def compose(self) -> ComposeResult:
        """See `Screen`."""
        yield TopLine()
        yield Prose(self.say("title"), classes="heading")
        yield Prose(self.say("about"), classes="muted")
        yield Input(self._filter, placeholder=self.say("filter"), id="filter", classes="gap")
        yield OptionList(id="scenarios")
        yield Footer()

    def on_mount(self) -> None:
        """Show the list, or open the scenario that was asked for."""
        self.query_one("#filter").focus()
        if self._scenario:
            self.call_after_refresh(self._open, self._scenario)

    def on_screen_resume(self) -> None:
        """Back from a scenario: the sandbox has served."""
        if self.is_current:  # not so where a scenario was opened meanwhile
            self.session.leave_sandbox()
        self._fill()

    def retext(self) -> None:
        """See `Speaking`."""
        super().retext()
        self.call_after_refresh(self._fill)

    @property
    def mark(self) -> str:
        """See `Page`: of the sandbox, though none is served."""
        return self.session.texts.screen("keys", "sandbox mark")

    def _fill(self) -> None:
        top = self.query_one(TopLine)
        top.trail, top.place = self.say("trail"), self.wizard.place_line()
        top.mark = self.mark
        self._list()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter as the user types."""
        if event.value != self._filter:
            self._filter = event.value
            self._list()

    def _list(self) -> None:
        from cogwizard.sandbox.scenarios import SCENARIOS

        words = self._filter.lower().split()
        found = [(name, self.session.texts.symptom(name)) for name in SCENARIOS]
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(
            Option(Content(symptom), id=name)
            for name, symptom in found
            if all(word in f"{symptom} {name}".lower() for word in words)
        )
        options.highlighted = 0 if options.option_count else None

    def action_focus_list(self) -> None:
        """Go from the filter to the list."""
        self.query_one(OptionList).focus()

    async def on_input_submitted(self) -> None:
        """Open the first that is left."""
        options = self.query_one(OptionList)
        if options.highlighted is not None:
            options.action_select()

    async def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open a scenario."""
        if event.option.id:
            await self._open(event.option.id)

    async def _open(self, name: str) -> None:
        if self._starting:
            return
        self._starting = True
        try:
            # Keys are made and a server is started: not on the thread that draws.
            await asyncio.to_thread(self.session.enter_sandbox, name)
        except OSError as error:  # no port, no memory, too many open files
            reason = inert(error.strerror or type(error).__name__, 200)
            self.notify(self.say("cannot start", error=reason), severity="error", timeout=_LONG, markup=False)
            return
        finally:
            self._starting = False
        if self in self.app.screen_stack:
            self.wizard.action_troubleshoot()
        else:  # left meanwhile
            self.session.leave_sandbox()
