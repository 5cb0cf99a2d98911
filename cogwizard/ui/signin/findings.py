"""What a refusal means, shown as on every step's screen; and a flow that is off, which was not tried."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.containers import HorizontalGroup
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button

from cogwizard.report import page
from cogwizard.ui.signin.panel import Panel
from cogwizard.ui.views.sheet import problem_widgets
from cogwizard.ui.widgets.facts import Fact, Facts
from cogwizard.ui.widgets.prose import MARKS, Prose

if TYPE_CHECKING:
    from cogwizard.model.attempt import Attempt
    from cogwizard.model.finding import Finding
    from cogwizard.text import Texts

_STYLES = {"fail": "cause", "next": "warn", "warn": "warn", "unknown": "unknown"}
_LOCKING = ("wrong-credentials", "attempts-exceeded")
_STEP = "signin"


def page_of(attempt: "Attempt", findings: "list[Finding]", texts: "Texts") -> page.Page:
    """Return the page of a sign-in: all its findings, whichever of its two steps they belong to."""
    from cogwizard.report import signin

    document = signin.build(attempt, findings, texts)
    document["findings"] = [{**item, "step": _STEP} for item in document["findings"]]
    return page.build(document, _STEP, texts)


class Findings(Panel):
    """One answer, its proof, the reason, the remedy."""

    stop: ClassVar[int] = 2
    DEFAULT_CSS = """
    Findings HorizontalGroup { height: auto; margin-top: 1; }
    """

    def __init__(self, attempt: "Attempt", findings: "list[Finding]") -> None:
        """Take the facts and what was judged of them."""
        super().__init__()
        self._attempt, self._findings = attempt, findings
        self._page: page.Page | None = None

    def compose(self) -> ComposeResult:
        """See `Widget`."""
        texts = self.page.session.texts
        found = self._page = page_of(self._attempt, self._findings, texts)
        was_tried = self._attempt.refusal is not None
        yield Prose(self.say("question refused" if was_tried else "question off"), classes="heading")
        style = _STYLES.get(found.verdict, "")
        yield Prose(f"{MARKS[found.verdict]} {found.answer}", indent=2, classes=f"gap {style}", id="answer")
        yield Prose(self.say("not again" if was_tried else "not tried"), classes="gap muted")
        head = [self.label(key) for key in ("what", "expected", "actual", "source")]
        rows = [Fact(row.verdict, (row.label, row.expected, row.actual, row.source)) for row in found.rows]
        wrong = [row for row in rows if row.verdict != "pass"]
        if wrong:
            yield Prose(self._step_say("evidence"), classes="heading")
            yield Facts(head, wrong, id="evidence")
        codes = [problem.code for problem in found.problems if problem.is_cause]
        if any(code in _LOCKING for code in codes):
            yield Prose(self.say("lock-out"), classes="gap")
        for problem in found.problems:
            yield from problem_widgets(problem, texts, with_summary=problem.summary != found.answer)
        yield from self._unchecked(found)
        held = [row for row in rows if row.verdict == "pass"]
        if held:
            yield Prose(self._step_say("held"), classes="heading")
            yield Facts(head, held, id="held")
        yield HorizontalGroup(Button(Content(self.say("back to form" if was_tried else "other flow")), id="back"))

    def _unchecked(self, found: page.Page) -> Iterator[Widget]:
        if found.unchecked:
            yield Prose(self._step_say("not checked"), classes="heading")
        for text in found.unchecked:
            yield Prose(f"? {text}", indent=2)

    def _step_say(self, key: str) -> str:
        return self.page.session.texts.screen("steps", key)

    def begin(self) -> None:
        """See `Panel`: the answer is read first, from the top."""
        self.query_one("#back").focus(scroll_visible=False)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Go back."""
        event.stop()
        self.proceed()

    def go_on(self) -> None:
        """Go back to the form, or to the list of flows."""
        self.page.action_leave()

    @property
    def codes(self) -> tuple[str, ...]:
        """See `Panel`."""
        return tuple(problem.code for problem in self._page.problems) if self._page else ()

    def copyable_page(self) -> str | None:
        """See `Panel`: the first remedy that can be run, else the answer."""
        if self._page is None:
            return None
        forms = [form for problem in self._page.problems for mend in problem.mends for form in mend.forms]
        return next((text for form, text in forms if form == "cli"), self._page.answer)
