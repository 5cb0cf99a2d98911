"""The browser's screen: what a page asks and gets, beside what curl would see of the same call."""

import asyncio
from collections.abc import Iterable, Iterator

from textual.app import ComposeResult
from textual.containers import VerticalGroup
from textual.widget import Widget
from textual.widgets import Button, Input

from cogwizard.gateway import BEFORE_THE_CALL, read_answer
from cogwizard.model.answer import Answer
from cogwizard.model.case import Case
from cogwizard.model.inert import scrub
from cogwizard.steps.preflight import (
    answered,
    configured,
    is_asked,
    is_preflight,
    is_same_origin,
    page_origin,
    question,
)
from cogwizard.ui.edit import taken
from cogwizard.ui.views.step import Seen, StepView
from cogwizard.ui.widgets.facts import Fact, Facts
from cogwizard.ui.widgets.field import Field
from cogwizard.ui.widgets.prose import Prose

_SOURCE = "the answer's headers"


class BrowserView(StepView):
    """Adds the two ways of the call, side by side, and the field for the page's origin."""

    DEFAULT_CSS = """
    BrowserView #browser-form { margin-top: 1; }
    BrowserView Button { margin-left: 17; }
    """

    def words(self, key: str, **params: object) -> str:
        """Return a text of `screens/browser.toml`."""
        return self.journey.session.texts.screen("browser", key, **params)

    def extra(self) -> Iterable[Widget]:
        """See `StepView`."""
        yield Prose("", id="browser-what", classes="heading")
        yield Facts([self.words(key) for key in ("moment", "browser", "curl")], id="ways", column=1)

    def compose(self) -> ComposeResult:
        """See `Widget`."""
        yield from super().compose()
        given = self.journey.session.given
        typed = given.typed.get("origin", given.origin)
        yield VerticalGroup(
            Prose(self.words("about origin")),
            Field("origin", self.words("origin"), typed, self.words("refused")),
            Button(self.words("judge"), id="take-origin"),
            id="browser-form",
        )

    # -- drawing -----------------------------------------------------------------------------------------------------

    async def show_extra(self, seen: Seen) -> None:
        """See `StepView`."""
        case = seen.case.seen_as("deployed")
        kind = "preflight" if is_preflight(case) else "page" if case.browser else "nobody"
        origin = page_origin(case)
        text = self.words(f"from {kind}", origin=scrub(origin, 200) if origin else self.words("unknown origin"))
        self.query_one("#browser-what", Prose).text = text
        self.query_one("#ways", Facts).put(list(self._ways(seen, case)) if kind != "nobody" else [])

    def _ways(self, seen: Seen, case: Case) -> Iterator[Fact]:
        findings = (seen.report or {}).get("findings", ())
        # Of the origin there is one check for both answers: what the second one fails at stops no call.
        of_answer = {
            item["code"]
            for item in findings
            if item["step"] == self.step and any(row["source"] == _SOURCE for row in item["evidence"])
        }
        verdicts = {item["code"]: item["verdict"] for item in findings}
        asked, found = question(case), answered(case)
        asks = asked is not None and (is_preflight(case) or (is_asked(asked) and not is_same_origin(case)))
        stopped = asks and any(verdicts.get(code) == "fail" and code not in of_answer for code in BEFORE_THE_CALL)
        hidden = any(verdicts.get(code) == "fail" for code in of_answer)
        if is_preflight(case):
            yield Fact("", (self.words("asks"), "OPTIONS", "OPTIONS"))
        elif asks and asked is not None:
            headers = self.words("with headers", headers=scrub(", ".join(asked.headers), 300)) if asked.headers else ""
            yield Fact("", (self.words("asks"), f"OPTIONS ({asked.method}{headers})", self.words("asks nothing")))
        else:
            yield Fact("", (self.words("asks"), self.words("asks nothing"), self.words("asks nothing")))
        if asks:
            yield Fact("fail" if stopped else "", (self.words("is told"), self._told(case, found), "-"))
        if is_preflight(case):
            return
        sends = self.words("sends", method=scrub(case.call.method, 40))
        yield Fact("", (self.words("then"), self.words("sends nothing") if stopped else sends, sends))
        answer = _line(case.observed) if case.observed else self.words("no answer")
        yield Fact("", (self.words("answer"), "-" if stopped else answer, answer))
        sees = self.words("sees error") if stopped or hidden else answer
        yield Fact("fail" if stopped or hidden else "", (self.words("sees"), sees, answer))

    def _told(self, case: Case, found: tuple[Answer, str] | None) -> str:
        if found is not None:
            return _line(found[0])
        config = configured(case)
        if config.answer is not None:
            return self.words("as configured", status=config.answer.status)
        return self.words(f"state {config.state}")

    # -- typing ------------------------------------------------------------------------------------------------------

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keep what is typed."""
        given = self.journey.session.given
        if event.value == given.origin:
            given.typed.pop("origin", None)
        else:
            given.typed["origin"] = event.value
        self.query_one("#field-origin", Field).wrong = ""

    async def on_input_submitted(self) -> None:
        """Judge with what is typed."""
        await self._judge()

    async def on_button_pressed(self, event: Button.Pressed) -> None:
        """Judge with what is typed."""
        if event.button.id == "take-origin":
            event.stop()
            await self._judge()

    async def _judge(self) -> None:
        session = self.journey.session
        given = session.given
        typed = {"origin": given.typed["origin"]} if "origin" in given.typed else {}
        new, wrong = await asyncio.to_thread(taken, given, typed, session.texts)
        self.query_one("#field-origin", Field).wrong = wrong.get("origin", "")
        if wrong or session.given is not given or new == given:
            return
        new.typed = {name: text for name, text in given.typed.items() if name != "origin"}
        session.given = new
        await self.journey.begin()


def _line(answer: Answer) -> str:
    return scrub(f"{answer.status} {read_answer(answer).error_type or ''}".strip(), 200)
