"""The authorizer screen: its pools beside the token's issuer, its settings, and API Gateway's own test of it."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Button

from cogwizard.model.case import Case
from cogwizard.model.read_api import TestInvokeAuthorizer
from cogwizard.steps.authorizer import mode_test
from cogwizard.ui.views.authorizer_rows import pool_rows, setting_rows, test_result, was_sent, why_not
from cogwizard.ui.views.step import Seen, StepView
from cogwizard.ui.widgets.facts import Facts
from cogwizard.ui.widgets.prose import MARKS, Prose


class AuthorizerView(StepView):
    """Pools against issuer, the authorizer as deployed and as drafted, and the test mode, which can be run again."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("t", "test_mode", "test mode")]

    def words(self, key: str, **params: object) -> str:
        """Return a text of `screens/authorizer.toml`."""
        return self.journey.session.texts.screen("authorizer", key, **params)

    def extra(self) -> Iterable[Widget]:
        """See `StepView`."""
        yield Prose(self.words("pools"), classes="heading pools")
        yield Facts([self.words(key) for key in ("pool", "configured", "issuer", "match?")], id="pools", column=1)
        yield Prose(self.words("settings"), classes="heading")
        yield Facts([self.words(key) for key in ("what", "deployed", "draft")], id="settings", column=1)
        yield Prose("", id="assumed", classes="unknown")
        yield Prose(self.words("test mode"), classes="heading")
        yield Prose(self.words("about test"), classes="muted")
        yield Prose("", id="consent", classes="muted")
        yield Button(self.words("run test"), id="run-test", classes="gap")
        yield Prose("", id="test-result", classes="gap")
        yield Prose("", id="test-log", classes="inset muted")

    async def show_extra(self, seen: Seen) -> None:
        """See `StepView`."""
        deployed, draft = seen.case.seen_as("deployed"), seen.case.seen_as("draft")
        wrong = "wrong-pool" in (seen.report or {}).get("causes", ())
        pools = list(pool_rows(deployed, wrong, self.words))
        self.query_one("#pools", Facts).put(pools)
        self.query_one("#pools").display = self.query_one(".pools").display = bool(pools)
        self.query_one("#settings", Facts).put(list(setting_rows(deployed, draft, self.words, self.label)))
        note = ""
        if deployed.stage_exists is False:
            note = f"! {self.words('nothing deployed')}"
        elif deployed.api.assumed and not seen.running:
            note = f"? {self.words('assumed')}"
        self.query_one("#assumed", Prose).text = note
        self._show_test(seen)

    def _show_test(self, seen: Seen) -> None:
        case = seen.case
        read, reason = mode_test(case), why_not(case)
        button, result = self.query_one("#run-test", Button), self.query_one("#test-result", Prose)
        consent, log = self.query_one("#consent", Prose), self.query_one("#test-log", Prose)
        button.disabled = read is None or seen.running
        if read is None:
            if reason == "not known yet" and seen.running:
                reason = "still reading"
            result.text, log.text, consent.text = f"- {self.words(reason)}", "", ""
            result.set_classes("gap")
            button.label = self.words("run test")
            return
        value = case.facts.get(read)
        sent = was_sent(value)
        button.label = self.words("run again" if sent else "run test")
        to = self._destination(case)
        consent.text = self.words(f"sent{to}" if sent else f"consent{to}", region=read.region)
        verdict, sentence, shown_log = test_result(read, value, self._is_running(seen, read), self.words)
        result.text, log.text = f"{MARKS[verdict]} {sentence}" if verdict else sentence, shown_log
        result.set_classes(f"gap {verdict if verdict in ('warn', 'unknown') else ''}")

    def _destination(self, case: Case) -> str:
        if self.journey.session.sandbox:
            return " sandbox"
        return " override" if case.emulated else ""

    @staticmethod
    def _is_running(seen: Seen, read: TestInvokeAuthorizer) -> bool:
        return any(state.read == read and state.ended is None for state in seen.reads)

    async def on_button_pressed(self, event: Button.Pressed) -> None:
        """Run the test."""
        event.stop()
        await self.action_test_mode()

    async def action_test_mode(self) -> None:
        """Run the test mode again; where that cannot be, the screen says why."""
        seen = self.journey.seen
        read = mode_test(seen.case)
        if seen.running:
            return
        if read is None:
            self.query_one("#test-result").scroll_visible(animate=False)
            self.notify(self.words(why_not(seen.case)))
            return
        await self.journey.reread({read})
