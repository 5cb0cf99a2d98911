"""Before a call is made again: a token of a sign-in that has run out is refreshed, and that is said."""

import contextlib
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Button

from cogwizard.model.token import read_token
from cogwizard.report import page
from cogwizard.ui.base import Box, Dialog
from cogwizard.ui.views.sheet import problem_widgets
from cogwizard.ui.widgets.footer import Footer
from cogwizard.ui.widgets.prose import Prose

if TYPE_CHECKING:
    from cogwizard.login import Login
    from cogwizard.model.attempt import Attempt
    from cogwizard.model.finding import Finding
    from cogwizard.model.tokens import Tokens
    from cogwizard.ui.given import Given
    from cogwizard.ui.journey import Journey

GoOn = Callable[[], Awaitable[None]]
_LONG = 10  # seconds: more than a few words are to be read


async def refreshed(journey: "Journey", go_on: GoOn) -> None:
    """Go on with a token that lives: refresh it first where it has run out and can be. Waits for nothing itself.

    Only a token of a sign-in in here is refreshed. A refusal is shown; then it goes on with the old one.
    """
    from cogwizard.renewal import is_due

    session, given = journey.session, journey.session.given
    tokens, order = given.signed_in, given.order
    if tokens is None or not is_due(given.token, tokens, session.clock()):
        await go_on()
        return
    if journey.is_refreshing:
        return  # a refresh token may be good for one use: it is sent once
    journey.is_refreshing = True
    texts, wizard = session.texts, journey.wizard
    journey.notify(texts.screen("refresh", "refreshing"), markup=False, timeout=_LONG)
    ports, clock = session.ports, session.clock

    # In the app's loop: whoever left the screen meanwhile must not lose the new tokens, which may be the only ones.
    async def ended(outcome: "Login | Exception | None") -> None:
        journey.is_refreshing = False
        for held in (session.given, session.own[0]):  # the sandbox may have been opened meanwhile
            if held.signed_in is tokens:
                await _take(journey, held, tokens, outcome, go_on)
                return

    def work() -> None:
        from cogwizard.renewal import renew

        try:
            outcome: Login | Exception | None = renew(ports, tokens, order, clock)
        except Exception as error:  # the screen tells it; a thread has nobody else to tell
            outcome = error
        with contextlib.suppress(RuntimeError):  # the app was left meanwhile
            wizard.call_from_thread(wizard.call_later, ended, outcome)

    threading.Thread(target=work, daemon=True, name="refresh").start()


async def _take(
    journey: "Journey", given: "Given", before: "Tokens", outcome: "Login | Exception | None", go_on: GoOn
) -> None:
    """Put the new tokens into what was given, or tell why there are none; then go on, unless the screen was left or
    something else is read now."""
    from cogwizard.renewal import same_of

    texts, is_in_force = journey.session.texts, given is journey.session.given
    is_open = journey in journey.wizard.screen_stack
    after = None if outcome is None or isinstance(outcome, Exception) else outcome.tokens
    if after is not None:
        token, other = same_of(given.token, before, after), same_of(given.other_token, before, after)
        given.take(token, other, after, given.order)
        shown = read_token(token)
        until = time.strftime("%H:%M:%S UTC", time.gmtime(shown.time_claim("exp") or after.expires_at))
        text = texts.screen("refresh", "refreshed", token=shown.label, until=until)
        journey.wizard.notify(text, markup=False, timeout=_LONG)
        if is_open:
            journey.seen = replace(journey.seen, case=replace(journey.seen.case, given_token=token))
        if is_open and is_in_force:
            await go_on()
        return
    if not (is_open and is_in_force):
        return
    if outcome is None or isinstance(outcome, Exception):
        key = "unknown client" if outcome is None else "crashed"
        text = texts.screen("refresh", key, **({"error": type(outcome).__name__} if outcome else {}))
        journey.notify(text, markup=False, severity="warning", timeout=_LONG)
        await go_on()
        return

    async def closed(_: bool | None) -> None:
        await go_on()

    journey.app.push_screen(NotRefreshed(outcome.attempt, outcome.findings()), closed)


class NotRefreshed(Dialog[bool]):
    """The findings of a refused refresh. However it is closed, it goes on with the old token."""

    texts_name = "refresh"
    help_key: ClassVar[str] = "not refreshed"
    DEFAULT_CSS = """
    NotRefreshed #ways { margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "explain", "explain"),
        Binding("c", "copy_value", "copy"),
    ]

    def __init__(self, attempt: "Attempt", findings: "list[Finding]") -> None:
        """Take the facts, and what was judged of them."""
        super().__init__()
        self._attempt, self._findings = attempt, findings

    def _page(self) -> page.Page:
        from cogwizard.ui.signin.findings import page_of

        return page_of(self._attempt, self._findings, self.session.texts)

    def compose(self) -> ComposeResult:
        """See `Screen`."""
        found = self._page()
        with Box(classes="dialog wide", id="not-refreshed"):
            yield Prose(self.say("title"), classes="heading")
            if not found.problems:
                yield Prose(f"? {found.answer}", indent=2, classes="gap unknown")
            for problem in found.problems:
                yield from problem_widgets(problem, self.session.texts)
            for text in found.unchecked:
                yield Prose(f"? {text}", indent=2)
            yield Prose(self.say("old stays"), classes="gap")
            yield Horizontal(Button(self.say("go on"), id="go-on", variant="primary"), id="ways")
        yield Footer()

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes that it is about, the most important first."""
        return tuple(problem.code for problem in self._page().problems)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done."""
        return bool(self.codes) if action == "explain" else super().check_action(action, parameters)

    def action_explain(self) -> None:
        """Explain the first finding."""
        self.wizard.action_explain(self.codes[0])

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Go on."""
        event.stop()
        self.dismiss(True)

    def copyable(self) -> str | None:
        """See `Speaking`."""
        found = self._page()
        forms = [form for problem in found.problems for mend in problem.mends for form in mend.forms]
        return next((text for form, text in forms if form == "cli"), found.answer)
