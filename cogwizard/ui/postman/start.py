"""Where the checklist begins: which app client, for which call; or a collection that is to be checked."""

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Button, Input

from cogwizard.intake.errors import BadInput
from cogwizard.model.call import Call, is_method
from cogwizard.model.inert import scrub
from cogwizard.report.redaction import show_url
from cogwizard.ui.given import Given
from cogwizard.ui.postman.state import Typed, first
from cogwizard.ui.signin.panel import Entry
from cogwizard.ui.signin.stages import Stages
from cogwizard.ui.signin.state import Purpose, Signing
from cogwizard.ui.signin.where import ClientFields
from cogwizard.ui.widgets.field import NameLine
from cogwizard.ui.widgets.prose import Prose

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cogwizard.model.case import Case

_URL = r"[^\x00-\x1f\x7f]{0,2000}"
_CALL = ("method", "url")


class Start(Stages):
    """Goes on to the checklist, and stays below it: what was typed is there when that is left."""

    texts_name = "postman"
    help_key: ClassVar[str] = "postman start"

    def __init__(self, case: "Case | None" = None) -> None:
        """`case`: of the call that the token is for."""
        super().__init__(StartFields)
        self.purpose = Purpose(case)
        self.typed = Typed()

    def prepare(self) -> None:
        """See `Stages`: fill in what is known."""
        self.typed = first(self.session, self.purpose)
        self.session.postman = self.typed

    def place(self) -> str:
        """See `Stages`."""
        return self.wizard.place_line(self.purpose.case)

    @property
    def signing(self) -> Signing:
        """What was typed of the app client."""
        return self.typed.where

    @signing.setter
    def signing(self, value: Signing) -> None:
        self.typed.at(value)

    def case(self) -> "Case | None":
        """Return the case of the call that the token is for, None without one. It is not made. Raises BadInput."""
        if self.purpose.case is not None:
            return replace(self.purpose.case, replay=False)
        if not self.typed.url:
            return None
        given = Given(Call(self.typed.method, self.typed.url), region=self.typed.where.region)
        return replace(given.case(self.session.clock()), replay=False)

    def look(self) -> None:
        """Open the checklist; what cannot be read of the call is said here."""
        from cogwizard.ui.postman.walk import Walk

        try:
            case = self.case()
        except BadInput as error:
            self.panel.tell(self.session.texts.message(error.key, error.params))
            self.query_one("#line-url").focus()
            return
        self.app.push_screen(Walk(self.typed, case))

    def lint(self) -> None:
        """Open the check of a collection."""
        from cogwizard.ui.postman.lint import Lint

        self.app.push_screen(Lint(self.typed, self.purpose.case))


class StartFields(ClientFields):
    """The app client, and the call."""

    DEFAULT_CSS = """
    StartFields #call { margin-top: 1; }
    """

    @property
    def start(self) -> Start:
        """The page."""
        return cast(Start, self.screen)

    def compose(self) -> ComposeResult:
        """See `Widget`."""
        yield Prose(self.say("question start"), classes="heading")
        yield Prose(self.say("about start"), classes="muted")
        yield Prose("", classes="gap")
        yield from self.lines()
        case = self.start.purpose.case
        if case is not None and case.call_given:
            shown = scrub(f"{case.call.method} {show_url(case.call.url)}", 300)
            yield Prose(self.say("for call", call=shown), id="call")
        else:
            yield Prose(self.say("about call"), classes="gap muted")
            for name in _CALL:
                value = getattr(self.start.typed, name)
                line = NameLine(value, id=f"line-{name}", restrict=_URL, select_on_focus=False)
                yield Entry(name, self.say(f"field {name}"), line, self.say("refused"))
        yield from self.end(Button(Content(self.say("check collection")), id="lint"))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keep what is typed of the call."""
        name = (event.input.id or "").removeprefix("line-")
        if name in _CALL:
            setattr(self.start.typed, name, event.value.strip())
            self.tell("")

    @property
    def presses(self) -> "Mapping[str, Callable[[], object]]":
        """See `ClientFields`."""
        return {**super().presses, "lint": self.start.lint}

    def go_on(self) -> None:
        """See `ClientFields`."""
        typed = self.start.typed
        if typed.url and not is_method(typed.method):
            self.tell(self.page.session.texts.screen("call", "bad method"))
            self.query_one("#line-method").focus()
            return
        super().go_on()
        if typed.where.user_pool_id and not typed.where.client_id:
            self.list_clients()
