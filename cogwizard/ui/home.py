"""The home screen: one field for whatever the user has, and the journeys."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import HorizontalGroup, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, TextArea
from textual.widgets.option_list import Option

from cogwizard.report.wrap import pad, width
from cogwizard.ui.base import Page
from cogwizard.ui.going_on import GoingOn
from cogwizard.ui.widgets.footer import Footer
from cogwizard.ui.widgets.paste import PasteField
from cogwizard.ui.widgets.prose import Prose
from cogwizard.ui.widgets.topline import TopLine

if TYPE_CHECKING:
    from cogwizard.intake.recognise import Recognised
    from cogwizard.ui.recording import Reading

_PAUSE = 0.1  # seconds after the last change before the text is read: typing is not read letter by letter


@dataclass(frozen=True)
class Journey:
    """One of the ways on. `id` names its texts in `screens/home.toml`, `action` is one of the app's."""

    id: str
    action: str


# In the order of their numbers.
JOURNEYS = (
    Journey("troubleshoot", "pick"),
    Journey("onboard", "onboard"),
    Journey("postman", "postman"),
    Journey("inspect", "inspect"),
    Journey("sandbox", "open_sandbox"),
)


class Home(Page):
    """Says what was pasted and goes on with it. AWS is not touched before."""

    texts_name = "home"
    DEFAULT_CSS = """
    Home #home { height: 1fr; padding: 0 2; }
    Home #paste { height: 1fr; min-height: 6; max-height: 20; margin-top: 1; }
    Home #line { margin-top: 1; min-height: 2; }
    Home #what { width: 1fr; }
    Home #go { margin-left: 2; }
    Home #or { margin-top: 1; }
    Home #journeys { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5,ctrl+enter", "go_on", "go on", priority=True),
        Binding("f2", "read_otherwise", "read otherwise", priority=True),
        Binding("f8", "clear", "clear", priority=True),
        Binding("escape", "leave", show=False),
        Binding("c", "copy_value", show=False),
        *(Binding(str(number), f"journey({number - 1})", show=False) for number in range(1, 10)),
    ]

    def __init__(self) -> None:
        """Nothing is pasted yet."""
        super().__init__()
        self.found: Recognised | None = None
        self._text = ""  # the text that was read last
        self._reading: Reading | None = None
        self._kind: str | None = None  # as which it is read, when the guess was wrong

    # -- drawing -----------------------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """See `Screen`."""
        yield TopLine()
        with VerticalScroll(id="home", can_focus=False):
            yield Prose(id="sentence", classes="heading")
            yield PasteField(id="paste")
            with HorizontalGroup(id="line"):
                yield Prose(id="what")
            yield Prose(id="or", classes="muted")
            yield OptionList(id="journeys")
        yield Footer()

    def on_mount(self) -> None:
        """Begin in the field."""
        self._going_on = GoingOn(self.wizard)
        self._say_all()
        self.query_one("#paste").focus()

    def on_screen_resume(self) -> None:
        """Back from a journey: the paste is as it was, and a sandbox has served."""
        self.session.leave_sandbox()
        self._say_top()

    def on_resize(self) -> None:
        """Lay the list out anew."""
        self._list()

    def retext(self) -> None:
        """Say everything again in the language of the session; what stands in the field is not touched."""
        self._say_all()
        self.refresh_bindings()

    def _say_all(self) -> None:
        self._say_top()
        self.query_one("#sentence", Prose).text = self.say("sentence")
        self._say_or()
        self._list()
        self._say_what()

    def _say_or(self) -> None:
        """Say how one of the journeys is chosen: in the field a number is text."""
        in_list = self.query_one("#journeys").has_focus
        self.query_one("#or", Prose).text = self.say("or list" if in_list else "or", last=len(JOURNEYS))

    def on_descendant_focus(self) -> None:
        """See `_say_or`."""
        self._say_or()

    def _say_top(self) -> None:
        top = self.query_one(TopLine)
        top.trail, top.place, top.mark = "cogwizard", self.wizard.place_line(), ""

    def _list(self) -> None:
        texts = [self._texts_of(journey) for journey in JOURNEYS]
        title_cells = max(width(title) for title, _ in texts)
        options = self.query_one("#journeys", OptionList)
        at, room = options.highlighted or 0, self.size.width - 7
        has_room = title_cells + 6 + max(width(about) for _, about in texts) <= room
        options.clear_options()
        for number, (journey, (title, about)) in enumerate(zip(JOURNEYS, texts, strict=True), 1):
            line = f" {number}  {pad(title, title_cells)}  {about}" if has_room else f" {number}  {title}"
            options.add_option(Option(Content(line), id=journey.id))
        options.highlighted = at

    def _texts_of(self, journey: Journey) -> tuple[str, str]:
        count = self.session.texts.symptom_count()
        return self.say(f"title {journey.id}"), self.say(f"about {journey.id}", count=count)

    def _say_what(self) -> None:
        found = self.found
        what = self.say("empty")
        if found is not None:
            from cogwizard.ui.recognised import sentence

            what = sentence(found, self.session.texts, is_corrected=bool(self._kind))
            if self.query_one(PasteField).has_replaced:
                what += self.say("gap") + self.say("replaced")
        self.query_one("#what", Prose).text = what
        self._offer(self.say(f"go {found.kind}") if found and self._can_go_on else "")
        self.refresh_bindings()

    def _offer(self, label: str) -> None:
        from textual.widgets import Button  # its style sheet takes time to be read: not before the first paint

        for button in self.query("#go").results(Button):
            button.label, button.display = Content(label), bool(label)
            button.refresh(layout=True)  # a longer label needs more room: Button does not ask for it
            return
        if label:
            self.query_one("#line").mount(Button(Content(label), id="go", variant="primary"))

    @property
    def _can_go_on(self) -> bool:
        found = self.found
        if found is None or found.problem or found.kind in ("empty", "unknown"):
            return False
        return found.kind != "token" or bool(found.tokens)

    # -- reading -----------------------------------------------------------------------------------------------------

    async def on_paste(self, event: events.Paste) -> None:
        """Take what is pasted while the list or the button has the focus."""
        event.stop()
        await self.query_one(PasteField).take(event.text)

    async def action_clear(self) -> None:
        """Empty the field."""
        field = self.query_one(PasteField)
        await field.action_clear()
        field.focus()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Say what stands there."""
        self.run_worker(self._read_soon, exclusive=True, group="read")  # type: ignore[arg-type]

    async def _read_soon(self) -> None:
        await asyncio.sleep(_PAUSE)
        await self._read()

    async def _read(self, wanted: str | None = None) -> None:
        """Read what stands in the field. `wanted`: the kind to read it as; else a correction lasts while the guess
        would stay the same."""
        from cogwizard.intake.recognise import recognise

        if not self.query(PasteField):
            return
        text = self.query_one(PasteField).whole_text
        if text == self._text and wanted is None:
            return
        kind = wanted if text.strip() else None
        found = await asyncio.to_thread(recognise, text, kind)
        if found.kind == "case" and not found.problem:
            from cogwizard.ui.saved_case import look

            found = await asyncio.to_thread(look, found, text)
        elif found.path:
            found = await self._recording(found.path)
        if not self.query(PasteField) or not self.query("#what"):
            return  # the screen was left, or is being composed anew
        if text == self.query_one(PasteField).whole_text:
            self._text, self._kind, self.found = text, kind, None if found.kind == "empty" else found
            self._say_what()
            self._finish()

    async def _recording(self, source: str) -> "Recognised":
        """Read a recording, once for the same path; what was read before is read no further."""
        from cogwizard.ui.recording import Reading

        if self._reading is None or not self._reading.is_on or self._reading.source != source:
            self._reading = Reading(source)
            self.refresh_bindings()
        return await self._reading.result(self._say_reading)

    def _say_reading(self, size: int) -> None:
        for line in self.query("#what").results(Prose):
            line.text = self.say("reading recording", size=f"{size / 1e6:,.0f}")

    def _finish(self, *, gone_on: bool = False) -> None:
        """Let the next paste begin anew where what stands there is whole, unless it belongs to it."""
        text, found = self._text, self.found

        def joint(pasted: str, moved: bool) -> str | None:
            from cogwizard.ui.recognised import joint

            return None if found is None or (gone_on and not moved) else joint(text, found, pasted)

        if self._can_go_on:
            self.query_one(PasteField).finish(joint)

    async def action_read_otherwise(self) -> None:
        """Read the text as the next kind that it can be."""
        from cogwizard.intake.recognise import KINDS, readable_kinds

        await self._read()
        if self.found is None:
            return
        kinds = await asyncio.to_thread(readable_kinds, self._text)
        at = KINDS.index(self.found.kind) if self.found.kind in KINDS else -1
        others = [kind for kind in (*KINDS[at + 1 :], *KINDS[: max(at, 0)]) if kind in kinds]
        if others:
            await self._read(others[0])
        else:
            self.notify(self.say("only one"))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done."""
        if action == "clear" and self._reading is not None and self._reading.is_on:
            return True
        return self.found is not None if action in ("read_otherwise", "clear") else True

    # -- going on ----------------------------------------------------------------------------------------------------

    async def on_button_pressed(self) -> None:
        """Go on."""
        await self.action_go_on()

    async def action_go_on(self) -> None:
        """Start the journey that fits what was pasted."""
        await self._read()
        found = self.found
        if found is None:
            self.query_one("#paste").focus()
            self.notify(self.say("empty"))
        elif self._can_go_on:
            self._finish(gone_on=True)
            self._going_on.start(found, self._text, self._kind)

    # -- journeys ----------------------------------------------------------------------------------------------------

    async def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Go the way that was chosen."""
        await self.action_journey(event.option_index)

    async def action_journey(self, at: int) -> None:
        """Go one of the ways, by its number from 0."""
        if at < len(JOURNEYS):
            await self.app.run_action(f"app.{JOURNEYS[at].action}")

    def action_leave(self) -> None:
        """Go between the field and the list: there, the numbers choose."""
        field = self.query_one("#paste")
        (self.query_one("#journeys") if field.has_focus else field).focus()
