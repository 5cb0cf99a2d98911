"""The call's screen: how it was understood, and a form to correct that."""

import asyncio

from textual.app import ComposeResult
from textual.containers import HorizontalGroup, VerticalGroup
from textual.widgets import Button, Input, TextArea

from cogwizard.intake.mask import told
from cogwizard.model.call import SAFE_METHODS
from cogwizard.model.inert import inert
from cogwizard.model.token import read_token
from cogwizard.report.redaction import show_url
from cogwizard.ui.edit import LINES, may_replay, taken, value, with_typed
from cogwizard.ui.given import Given
from cogwizard.ui.views.called import CalledView
from cogwizard.ui.views.step import Seen
from cogwizard.ui.widgets.field import Field
from cogwizard.ui.widgets.paste import PasteField
from cogwizard.ui.widgets.prose import Prose


class CallView(CalledView):
    """Adds the call, redacted, and the form. What is typed waits in `Given.typed` until it is taken over."""

    DEFAULT_CSS = """
    CallView #call-form { margin-top: 1; }
    CallView PasteField { height: 6; }
    CallView .action { margin-top: 1; }
    CallView .given { padding-left: 1; }
    CallView .under { margin-left: 17; }
    CallView .label { width: 17; color: $foreground-muted; }
    CallView Button { margin-right: 2; }
    """

    def __init__(self, step: str) -> None:
        """See `StepView`."""
        super().__init__(step)
        self._response = ""

    @property
    def given(self) -> Given:
        """What the user gave."""
        return self.journey.session.given

    # -- drawing -----------------------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """See `Widget`. The form is long: it stands behind what is wrong and how to mend it."""
        yield from super().compose()
        typed = self.given.typed
        yield Prose(self.tell("correct"), classes="heading")
        yield VerticalGroup(
            HorizontalGroup(
                Prose(self.tell("field url"), classes="label"),
                Prose(id="call-url", classes="given"),
            ),
            Button(self.tell("change url"), id="change-url", classes="under"),
            PasteField(id="new-url"),
            Prose(id="wrong-url", classes="warn"),
            *(
                Field(name, self.tell(f"field {name}"), typed.get(name, value(self.given, name)), self.tell("secret"))
                for name in LINES
            ),
            HorizontalGroup(
                Prose(self.tell("field token"), classes="label"),
                Prose(id="call-token", classes="given"),
            ),
            Button(self.tell("give token"), id="call-give-token", classes="under"),
            HorizontalGroup(
                Prose(self.tell("field replay"), classes="label"),
                Button("", id="call-replay"),
            ),
            Prose(id="about-replay", classes="muted"),
            Prose(self.tell("field response"), classes="action"),
            PasteField(id="call-response"),
            Prose(id="wrong-response", classes="warn"),
            Button(self.tell("find out"), id="find-out", variant="primary", classes="action"),
            Prose(id="call-said", classes="warn"),
            id="call-form",
        )

    def on_mount(self) -> None:
        """Put in what was given, or typed and not taken over yet."""
        typed = self.given.typed
        response = self.query_one("#call-response", PasteField)
        response.set_whole(self.given.response)
        # The field has line ends of its own: what it makes of the given answer is no other answer.
        self._response = response.whole_text
        if "response" in typed:
            response.set_whole(typed["response"])
        if "url" in typed:
            self.query_one("#new-url", PasteField).set_whole(typed["url"])
        self._show_url_field("url" in typed)
        self._show_form()

    async def show_extra(self, seen: Seen) -> None:
        """See `StepView`. What is being typed is left alone."""
        await super().show_extra(seen)
        self._show_form()
        for name in LINES:
            line = self.query_one(f"#field-{name}", Field).line
            if name not in self.given.typed and line.value != value(self.given, name):
                line.value = value(self.given, name)
        place = seen.case.place
        known = {"rest_api_id": place.rest_api_id, "stage": place.stage, "region": seen.case.api_region}
        for name, text in known.items():
            hint = self.tell("taken from the call", value=told(text, 60)) if text else ""
            self.query_one(f"#field-{name}", Field).line.placeholder = hint

    def _show_form(self) -> None:
        """Say what the form says of the rest: URL, token, replay."""
        given = self.given
        self.query_one("#call-url", Prose).text = show_url(given.call.url) if given.call else self.tell("no url")
        phrase = self.journey.session.texts.phrase
        labels = [phrase(read_token(token).label) for token in (given.token, given.other_token) if token]
        self.query_one("#call-token", Prose).text = ", ".join(labels) or self.tell("no token")
        now = with_typed(given, given.typed)
        method = value(now, "method")
        about = "replay safe" if method.upper() in SAFE_METHODS else "replay unsafe"
        self.query_one("#call-replay", Button).label = self.tell("replay yes" if may_replay(now) else "replay no")
        self.query_one("#about-replay", Prose).text = self.tell(about, method=inert(method, 40))

    # -- typing ------------------------------------------------------------------------------------------------------

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keep what is typed."""
        name = (event.input.id or "").removeprefix("line-")
        if event.value == event.input.value:
            self._keep(name, event.value, value(self.given, name))
            self.query_one(f"#field-{name}", Field).wrong = ""
            self._show_form()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Keep what is pasted."""
        name = "url" if event.text_area.id == "new-url" else "response"
        text = self.query_one(f"#{event.text_area.id}", PasteField).whole_text
        self._keep(name, text, "" if name == "url" else self._response)
        self.query_one(f"#wrong-{name}", Prose).text = ""

    def _keep(self, name: str, text: str, given: str) -> None:
        if text == given:
            self.given.typed.pop(name, None)
        else:
            self.given.typed[name] = text

    def _show_url_field(self, shown: bool) -> None:
        self.query_one("#new-url").display = shown
        self.query_one("#change-url", Button).label = self.tell("keep url" if shown else "change url")

    async def on_button_pressed(self, event: Button.Pressed) -> None:
        """See the buttons' names."""
        if event.button.id == "change-url":
            event.stop()
            field = self.query_one("#new-url", PasteField)
            if field.display:
                field.set_whole("")
            self._show_url_field(not field.display)
            if field.display:
                field.focus()
        elif event.button.id == "call-give-token":
            event.stop()
            self.journey.action_give_token()
        elif event.button.id == "call-replay":
            event.stop()
            self._turn_replay()
        elif event.button.id == "find-out":
            event.stop()
            await self._find_out()

    def _turn_replay(self) -> None:
        """Replay or not. What may change data is made again from the verdict alone, where it is asked for each time."""
        now = with_typed(self.given, self.given.typed)
        if may_replay(now) or value(now, "method").upper() in SAFE_METHODS:
            self._keep("replay", "no" if may_replay(now) else "yes", "yes" if may_replay(self.given) else "no")
        self._show_form()

    async def _find_out(self) -> None:
        """Take over what was typed and read everything anew. What is wrong is said, and nothing is taken."""
        given, texts = self.given, self.journey.session.texts
        new, wrong = await asyncio.to_thread(taken, given, dict(given.typed), texts)
        for name in LINES:
            self.query_one(f"#field-{name}", Field).wrong = wrong.get(name, "")
        for name in ("url", "response"):
            self.query_one(f"#wrong-{name}", Prose).text = wrong.get(name, "")
        changed = new != given
        self.query_one("#call-said", Prose).text = (
            self.tell("wrong") if wrong else "" if changed else self.tell("unchanged")
        )
        if wrong or not changed or self.given is not given:
            return
        new.typed.clear()
        self._response = self.query_one("#call-response", PasteField).whole_text
        self.journey.session.given = new
        self.query_one("#new-url", PasteField).set_whole("")
        self._show_url_field(False)
        await self.journey.begin()
