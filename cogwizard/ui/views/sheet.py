"""The page of one step, whatever guide it belongs to: question, answer, evidence, reason, remedy, what is not known."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.app import ComposeResult
from textual.containers import VerticalGroup, VerticalScroll
from textual.widget import Widget

from cogwizard.report import page
from cogwizard.text import Texts
from cogwizard.ui.widgets.facts import Fact, Facts
from cogwizard.ui.widgets.mend import MendBox
from cogwizard.ui.widgets.prose import MARKS, Prose

if TYPE_CHECKING:
    from cogwizard.ui.base import Speaking
    from cogwizard.ui.session import Session

_STYLES = {"fail": "cause", "next": "warn", "warn": "warn", "unknown": "unknown"}


class Sheet(VerticalScroll, can_focus=True):
    """Question, answer, what the step has of its own, evidence, reason, remedy, and what could not be checked.

    `steps_name`: the file in `text/*/screens` that asks its question.
    """

    steps_name: ClassVar[str] = "steps"
    # Whether the step has findings of its own, with evidence and remedies.
    has_findings: ClassVar[bool] = True

    def __init__(self, step: str) -> None:
        """Take the step's id."""
        super().__init__(id=f"view-{step}")
        self.step = step
        self._page: page.Page | None = None

    @property
    def session(self) -> "Session":
        """What this run knows."""
        return cast("Speaking[Any]", self.screen).session

    def say(self, key: str, **params: object) -> str:
        """Return a text of `screens/steps.toml`."""
        return self.session.texts.screen("steps", key, **params)

    def label(self, key: str, **params: object) -> str:
        """Return a label that the reports have too."""
        return self.session.texts.label(key, **params)

    # -- what a step with something of its own writes ----------------------------------------------------------------

    def extra(self) -> Iterable[Widget]:
        """Return the widgets that stand between answer and evidence. They live as long as the view."""
        return ()

    @property
    def reason(self) -> str:
        """Why the step matters."""
        return self.say(f"matters {self.step}")

    @property
    def reason_heading(self) -> str:
        """What stands above the reason."""
        return self.say("why")

    def page_of(self, report: page.Document, *, reading: bool) -> page.Page:
        """Return what the step found, from a report."""
        return page.build(report, self.step, self.session.texts, reading=reading)

    # -- the same for all --------------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """See `Widget`."""
        texts = self.session.texts
        yield Prose(texts.screen(self.steps_name, f"question {self.step}"), classes="heading", id="question")
        yield Prose(self.say("answer waiting"), id="answer", classes="gap")
        yield from self.extra()
        if self.has_findings:
            yield Prose(self.say("evidence"), classes="heading evidence")
            yield Facts([self.label(key) for key in ("what", "expected", "actual", "source")], id="evidence")
            yield Prose(self.reason_heading, classes="heading")
            yield Prose(self.reason)
            yield VerticalGroup(id="problems")
            yield Prose(self.say("not checked"), classes="heading unchecked")
            yield VerticalGroup(id="unchecked")
            yield Prose(self.say("held"), classes="heading held")
            yield Facts([self.label(key) for key in ("what", "expected", "actual", "source")], id="held")

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Style the view, not all that stands in it, as Textual would: with the focus nothing there looks different."""
        self.app.stylesheet.update_nodes([self])

    def on_mount(self) -> None:
        """Begin without what there is nothing of."""
        if self.has_findings:
            self._toggle(page.Page(self.step, "waiting", ""))

    async def show_report(self, report: page.Document | None, *, reading: bool) -> None:
        """Show what a report says of the step; `reading`: there is more to come. Nothing is drawn again that did not
        change."""
        if report is None or not self.has_findings:
            return
        found = self.page_of(report, reading=reading)
        if found != self._page:
            self._page = found
            await self._show_page(found)

    async def _show_page(self, found: page.Page) -> None:
        answer = self.query_one("#answer", Prose)
        answer.text = f"{MARKS[found.verdict]} {found.answer}"
        answer.set_classes(f"gap {_STYLES.get(found.verdict, '')}")
        rows = [Fact(row.verdict, (row.label, row.expected, row.actual, row.source)) for row in found.rows]
        self.query_one("#evidence", Facts).put([row for row in rows if row.verdict != "pass"])
        self.query_one("#held", Facts).put([row for row in rows if row.verdict == "pass"])
        self._toggle(found)
        await self._fill("#problems", self._problems(found))
        await self._fill("#unchecked", (Prose(f"? {text}", indent=2) for text in found.unchecked))

    def _toggle(self, found: page.Page) -> None:
        held = sum(row.verdict == "pass" for row in found.rows)
        self.query_one("#evidence").display = self.query_one(".evidence").display = held < len(found.rows)
        self.query_one("#held").display = self.query_one(".held").display = held > 0
        self.query_one(".unchecked").display = bool(found.unchecked)

    async def _fill(self, selector: str, widgets: Iterable[Widget]) -> None:
        container = self.query_one(selector, VerticalGroup)
        await container.remove_children()
        await container.mount_all(widgets)

    def _problems(self, found: page.Page) -> Iterator[Widget]:
        texts = self.session.texts
        for problem in found.problems:
            yield from problem_widgets(problem, texts, with_summary=problem.summary != found.answer)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes that this page is about, the most important first: `e` explains the first."""
        return tuple(problem.code for problem in self._page.problems) if self._page else ()

    def copyable_page(self) -> str | None:
        """Return what `c` copies when nothing else has the focus: the first remedy that can be run, or the answer."""
        if self._page is None:
            return None
        forms = [form for problem in self._page.problems for mend in problem.mends for form in mend.forms]
        commands = [text for form, text in forms if form == "cli"]
        return commands[0] if commands else self._page.answer


def problem_widgets(
    problem: page.Problem, texts: Texts, *, with_summary: bool = True, proof: Iterable[Widget] = ()
) -> Iterator[Widget]:
    """Yield the widgets of a finding that failed or is worth knowing: what, why, and how to mend it.

    `with_summary` is False where the answer above says it already; `proof` stands below it.
    """
    kind = "cause" if problem.verdict == "fail" else "warn"
    yield Prose(f"{MARKS[problem.verdict]} {problem.code}: {problem.title}", indent=2, classes=f"gap {kind}")
    if with_summary:
        yield Prose(problem.summary, classes="inset")
    yield from proof
    if problem.why:
        yield Prose(problem.why, classes="inset muted")
    if problem.mends:
        yield Prose(texts.screen("steps", "mend"), classes="heading")
    names = {form: texts.label(form) for form in page.FORMS}
    for mend in problem.mends:
        yield MendBox(mend, names)
