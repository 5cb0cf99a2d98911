"""Without a URL: region, API, stage and method are picked from what the account has."""

import threading
from collections.abc import Callable, Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalGroup, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Button, Input, OptionList
from textual.widgets.option_list import Option

from cogwizard.model.call import Call
from cogwizard.report.page import FORMS
from cogwizard.report.redaction import show_url
from cogwizard.ui import choices
from cogwizard.ui.base import Page
from cogwizard.ui.choices import Row
from cogwizard.ui.given import Given
from cogwizard.ui.listing import lister, never_deployed, sentences
from cogwizard.ui.widgets.crumbs import Crumbs, crumbs
from cogwizard.ui.widgets.footer import Footer
from cogwizard.ui.widgets.mend import MendBox
from cogwizard.ui.widgets.path_form import PathForm
from cogwizard.ui.widgets.prose import Prose
from cogwizard.ui.widgets.topline import TopLine

_STAGES = ("region", "api", "stage", "method", "verb", "values")
_CRUMBS = 4  # the stages that have a crumb: verb and values belong to the method
_ABOVE = {"api": ("region",), "stage": ("region", "api"), "method": ("region", "api")}  # what a list hangs on
_WALK = (("up", "cursor_up"), ("down", "cursor_down"), ("pageup", "page_up"), ("pagedown", "page_down"))
_TICK = 0.2  # seconds between two looks at the clock while a list is read


class Pick(Page):
    """One list at a time. Each read runs in a thread of its own; who goes back does not wait for it."""

    class Arrived(Message):
        """What a thread brings: rows, a URL, or why there is none."""

        def __init__(self, asked: int, value: object) -> None:
            """`asked`: the number of the question that it answers."""
            super().__init__()
            self.asked, self.value = asked, value

    texts_name = "pick"
    DEFAULT_CSS = """
    Pick #rows { height: 1fr; margin-top: 1; }
    Pick #sheet { height: 1fr; }
    Pick #filter { margin-top: 1; }
    Pick #status { color: $foreground-muted; }
    Pick .row { margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "back"),
        Binding("ctrl+r", "again", "again"),
        Binding("r", "again", show=False),
        *(Binding(key, f"walk('{action}')", show=False) for key, action in _WALK),
    ]

    def __init__(self) -> None:
        """The regions are looked up when the screen is shown."""
        super().__init__()
        self.at = "region"
        self.picked: dict[str, Row] = {}
        self.rows: tuple[Row, ...] | None = None
        self.trouble: object = None
        self._shown: list[Row] = []
        self._found = 0
        self._lists: dict[tuple[str, ...], tuple[Row, ...]] = {}
        self._typed: dict[str, str] = {}
        self._values: dict[str, str] = {}
        self._asked = 0
        self._words = ""
        self._since: float | None = None
        self._settings: object = None

    # -- drawing -----------------------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """See `Screen`."""
        yield TopLine()
        yield Crumbs(classes="gap")
        yield Prose(id="question", classes="heading")
        yield Prose(id="about", classes="muted")
        yield Input(id="filter", placeholder=self.say("filter"))
        yield OptionList(id="rows", markup=False)
        yield VerticalScroll(VerticalGroup(id="more"), id="sheet", can_focus=False)
        yield Prose(id="status")
        yield Footer()

    async def on_mount(self) -> None:
        """Look up the regions."""
        self.set_interval(_TICK, self._tick)
        self._settings = self.session.settings
        await self._open("region")

    async def on_screen_resume(self) -> None:
        """Show whose account it is; what was listed for other credentials is forgotten."""
        top = self.query_one(TopLine)
        top.trail, top.place, top.mark = self.say("trail"), self.wizard.place_line(), self.wizard.sandbox_mark()
        if self._settings is not None and self._settings is not self.session.settings:
            self._settings = self.session.settings
            self._lists.clear()
            self.picked.clear()
            await self._open("region")

    def retext(self) -> None:
        """Say everything again in the language of the session."""
        super().retext()
        self.call_after_refresh(self._say_again)

    async def _say_again(self) -> None:
        await self.on_screen_resume()
        if self.at == "stage" and self.trouble is None:
            self._lists.clear()  # its rows have words in them
            await self._open(self.at)
        else:
            await self._show()

    async def _show(self) -> None:
        async with self.drawing:
            await self._draw()

    async def _draw(self) -> None:
        names = [self.say(f"crumb {stage}") for stage in _STAGES[:_CRUMBS]]
        bar = self.query_one(Crumbs)
        bar.crumbs = crumbs(names, [self._crumb(stage) for stage in _STAGES[:_CRUMBS]])
        bar.at = min(_STAGES.index(self.at), _CRUMBS - 1)
        self.query_one("#question", Prose).text = self.say(f"question {self.at}")
        self.query_one("#about", Prose).text = self.say(f"about {self.at}")
        listed = bool(self.rows) and self.trouble is None and self.at != "values"
        self.query_one("#filter").display = self.query_one("#rows").display = listed
        sheet = self.query_one("#more", VerticalGroup)
        await sheet.remove_children()
        self.query_one("#sheet").display = not listed
        if listed:
            filter = self.query_one("#filter", Input)
            filter.value = self._typed.get(self.at, "")
            self._fill()
            filter.focus()
        else:
            await sheet.mount_all(self._sheet())
            first = next(iter(sheet.query("Input, Button")), None)
            if first is not None:
                first.focus()
        self._tick()

    def _crumb(self, stage: str) -> str:
        is_behind = _STAGES.index(stage) < _STAGES.index(self.at)
        row = self.picked.get(stage)
        return row.name if row and is_behind else ""

    def _fill(self) -> None:
        found = choices.matching(self.rows or (), self._typed.get(self.at, ""))
        self._shown, self._found = found[: choices.SHOWN], len(found)
        options = self.query_one("#rows", OptionList)
        options.set_options(Option(Content(row.text)) for row in self._shown)
        before = self.picked.get(self.at)
        at = self._shown.index(before) if before in self._shown else 0
        options.highlighted = at if self._shown else None
        self._tick()

    def _tick(self) -> None:
        """Say how long the list is, or how long it takes."""
        if not self.query("#status"):
            return  # the screen is being composed anew
        text = ""
        if self._since is not None:
            seconds = f"{self.wizard.monotonic() - self._since:.1f}"
            text = self.say(self._words, seconds=seconds, **self._names())
        elif self.query_one("#rows").display:
            key = "many" if self._found > len(self._shown) else "all" if self._found else "none match"
            text = self.say(key, found=f"{self._found:,}", shown=len(self._shown), all=f"{len(self.rows or ()):,}")
        self.query_one("#status", Prose).text = text

    def _names(self) -> dict[str, str]:
        return {stage: row.name for stage, row in self.picked.items() if stage in _STAGES[:_CRUMBS]}

    def _sheet(self) -> Iterator[Widget]:
        """Yield what stands in place of a list: the path's values, or why there is no list and what to do."""
        if self.at == "values":
            path = show_url(f"/{self.picked['stage'].id}{self._path}")
            yield PathForm(path, choices.placeholders(self._path), self._values, self.say)
        elif self._since is None:
            texts = self.session.texts
            if self.trouble is not None:
                yield from (Prose(text, classes="gap") for text in sentences(self.trouble, texts, self._names()))
            else:
                yield Prose(self.say(f"empty {self.at}", **self._names()), classes="gap")
                if self.at == "stage":
                    names = {form: texts.label(form) for form in FORMS}
                    mends = never_deployed(texts, self.picked["region"].id, self.picked["api"].id)
                    yield from (MendBox(mend, names) for mend in mends)
            yield Horizontal(
                Button(self.say("try again"), id="again"), Button(self.say("other way"), id="home"), classes="row"
            )

    # -- reading -----------------------------------------------------------------------------------------------------

    async def _open(self, stage: str) -> None:
        """Go to a stage: its list is read unless it was before."""
        self.at, self.trouble, self.rows, self._since = stage, None, None, None
        self._asked += 1
        key = self._key(stage)
        if stage == "verb":
            self.rows = choices.verb_rows()
        elif stage != "values":
            self.rows = self._lists.get(key)
            if self.rows is None:
                ids = {name: row.id for name, row in self.picked.items()}
                self._ask(lister(self.session, stage, ids, self.wizard.monotonic), f"reading {stage}")
        await self._show()

    def _key(self, stage: str) -> tuple[str, ...]:
        return (stage, *(self.picked[name].id for name in _ABOVE.get(stage, ())))

    def _ask(self, question: Callable[[], object], words: str) -> None:
        """Answer a question in a thread; `words`: what is said meanwhile. Who asks anew never hears of it."""
        self._words = words
        self._asked += 1
        self._since = self.wizard.monotonic()
        asked = self._asked

        def work() -> None:
            try:
                value = question()
            except Exception as error:  # the screen tells it; a thread has nobody else to tell
                value = error
            self.post_message(self.Arrived(asked, value))

        threading.Thread(target=work, daemon=True, name="pick").start()

    async def on_pick_arrived(self, message: Arrived) -> None:
        """Take what a thread brings, unless somebody has gone on meanwhile."""
        if message.asked != self._asked:
            return
        self._since = None
        value = message.value
        if isinstance(value, str):
            self._leave_with(value)
        elif isinstance(value, tuple):
            self.rows = self._lists[self._key(self.at)] = value
        else:
            self.trouble = value
        await self._show()

    # -- picking -----------------------------------------------------------------------------------------------------

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter as the user types."""
        # The field is set by the screen too: what it held a moment ago was of another list.
        if event.value == event.input.value != self._typed.get(self.at, ""):
            self._typed[self.at] = event.value
            self._fill()

    def on_input_submitted(self) -> None:
        """Pick the row that is highlighted."""
        self.query_one("#rows", OptionList).action_select()

    def on_path_form_filled(self) -> None:
        """Go on with the values of the path."""
        self._finish()

    async def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Pick a row, and go on to what follows it."""
        row = self._shown[event.option_index]
        if self.picked.get(self.at) != row:
            for stage in _STAGES[_STAGES.index(self.at) :]:
                self.picked.pop(stage, None)
                self._typed.pop(stage, None) if stage != self.at else None
            self.picked[self.at] = row
        following = _STAGES[_STAGES.index(self.at) + 1]
        if self.at == "method" and not row.id.startswith("ANY "):
            self.picked.pop("verb", None)
            following = "values"
        if following == "values" and not choices.placeholders(self._path):
            self._finish()
        else:
            await self._open(following)

    @property
    def _path(self) -> str:
        return self.picked["method"].id.partition(" ")[2]

    def _finish(self) -> None:
        """Build the URL of the call: where it goes is only known once AWS's library is loaded."""
        region, api, stage = (self.picked[name].id for name in ("region", "api", "stage"))
        path, session = choices.filled(self._path, self._values), self.session
        self._ask(lambda: choices.invoke_url(session.ports, region, api, stage, path), "preparing")

    def _leave_with(self, url: str) -> None:
        """Find out about this call; a token that was given before is kept, else one is asked for."""
        from cogwizard.ui.give_token import GiveToken

        method = self.picked["verb" if "verb" in self.picked else "method"].id.partition(" ")[0]
        before = self.session.given
        self.session.given = Given(Call(method, url), before.token, before.other_token, region=self.picked["region"].id)
        if before.token:
            self.wizard.action_troubleshoot()
        else:
            self.app.push_screen(GiveToken(), self._token_given)

    def _token_given(self, given: bool | None) -> None:
        if given is not None:  # closed: picking goes on
            self.wizard.action_troubleshoot()

    # -- keys --------------------------------------------------------------------------------------------------------

    def action_walk(self, how: str) -> None:
        """Move in the list while the filter has the focus, or from field to field."""
        options = self.query_one("#rows", OptionList)
        if options.display:
            getattr(options, f"action_{how}")()
        elif how.endswith("up"):
            self.app.action_focus_previous()
        else:
            self.app.action_focus_next()

    async def action_again(self) -> None:
        """Read the list again."""
        if self.at in _STAGES[:_CRUMBS]:
            self._lists.pop(self._key(self.at), None)
            if self.trouble is not None and self.session.sandbox is None:
                self.session.renew()  # the user may have signed in again
            await self._open(self.at)

    async def on_button_pressed(self, event: Button.Pressed) -> None:
        """See the buttons' names."""
        if event.button.id == "again":
            await self.action_again()
        elif event.button.id == "home":
            self.app.pop_screen()

    async def on_crumbs_chosen(self, message: Crumbs.Chosen) -> None:
        """Go back to a stop that was clicked."""
        if message.at < _STAGES.index(self.at):
            await self._open(_STAGES[message.at])

    def action_leave(self) -> None:
        """Go back a stage, from the first to the screen before. What is being read is not waited for."""
        at = _STAGES.index(self.at)
        if at == 0:
            self.app.pop_screen()
        else:
            before = "method" if self.at == "values" and "verb" not in self.picked else _STAGES[at - 1]
            self.call_next(self._open, before)
