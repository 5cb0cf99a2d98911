"""The screen of one step. A step with something of its own to show has a class of its own beside this module."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.app import ComposeResult
from textual.containers import VerticalGroup, VerticalScroll
from textual.widget import Widget

from cogwizard.background import ReadState
from cogwizard.judgement import Judgement
from cogwizard.model.case import Case
from cogwizard.report import page
from cogwizard.text import Texts
from cogwizard.ui.widgets.facts import Fact, Facts
from cogwizard.ui.widgets.mend import MendBox
from cogwizard.ui.widgets.prose import MARKS, Prose

if TYPE_CHECKING:
    from cogwizard.ui.journey import Journey


@dataclass(frozen=True, eq=False)
class Seen:
    """What is known at this moment of a run.

    `report` is the document of `judgement` in the user's language; both are None before the first facts. `error`: why
    nothing could be read at all, in words; `trouble` is the key of that text where it is the AWS set-up.
    """

    case: Case
    judgement: Judgement | None = None
    report: dict[str, Any] | None = None
    running: bool = False
    reads: tuple[ReadState, ...] = field(default=(), repr=False)
    error: str | None = None
    trouble: str | None = None


class StepView(VerticalScroll, can_focus=True):
    """Question, answer, what the step has of its own, evidence, reason, remedy, and what could not be checked."""

    # Whether the step has findings of its own, with evidence and remedies.
    has_findings: ClassVar[bool] = True

    def __init__(self, step: str) -> None:
        """Take the step's id."""
        super().__init__(id=f"view-{step}")
        self.step = step
        self._page: page.Page | None = None

    @property
    def journey(self) -> "Journey":
        """The screen that this view belongs to."""
        return cast("Journey", self.screen)

    def say(self, key: str, **params: object) -> str:
        """Return a text of `screens/steps.toml`."""
        return self.journey.session.texts.screen("steps", key, **params)

    def label(self, key: str, **params: object) -> str:
        """Return a label that the reports have too."""
        return self.journey.session.texts.label(key, **params)

    # -- what a step with something of its own writes ----------------------------------------------------------------

    def extra(self) -> Iterable[Widget]:
        """Return the widgets that stand between answer and evidence. They live as long as the view."""
        return ()

    async def show_extra(self, seen: Seen) -> None:
        """Update what `extra` returned."""

    # -- the same for all --------------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """See `Widget`."""
        yield Prose(self.say(f"question {self.step}"), classes="heading", id="question")
        yield Prose(self.say("answer waiting"), id="answer", classes="gap")
        yield from self.extra()
        if self.has_findings:
            yield Prose(self.say("evidence"), classes="heading evidence")
            yield Facts([self.label(key) for key in ("what", "expected", "actual", "source")], id="evidence")
            yield Prose(self.say("why"), classes="heading")
            yield Prose(self.say(f"matters {self.step}"))
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

    async def show(self, seen: Seen) -> None:
        """Show what is known now. Nothing is drawn again that did not change."""
        await self.show_extra(seen)
        if seen.report is None or not self.has_findings:
            return
        found = page.build(seen.report, self.step, self.journey.session.texts, reading=seen.running)
        if found != self._page:
            self._page = found
            await self._show_page(found)

    async def _show_page(self, found: page.Page) -> None:
        answer = self.query_one("#answer", Prose)
        answer.text = f"{MARKS[found.verdict]} {found.answer}"
        answer.set_classes(
            f"gap {({'fail': 'cause', 'next': 'warn', 'warn': 'warn', 'unknown': 'unknown'}).get(found.verdict, '')}"
        )
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
        texts = self.journey.session.texts
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


def problem_widgets(problem: page.Problem, texts: Texts, *, with_summary: bool = True) -> Iterator[Widget]:
    """Yield the widgets of a finding that failed or is worth knowing: what, why, and how to mend it.

    `with_summary` is False where the answer above says it already.
    """
    kind = "cause" if problem.verdict == "fail" else "warn"
    yield Prose(f"{MARKS[problem.verdict]} {problem.code}: {problem.title}", indent=2, classes=f"gap {kind}")
    if with_summary:
        yield Prose(problem.summary, classes="inset")
    if problem.why:
        yield Prose(problem.why, classes="inset muted")
    if problem.mends:
        yield Prose(texts.screen("steps", "mend"), classes="heading")
    names = {form: texts.label(form) for form in page.FORMS}
    for mend in problem.mends:
        yield MendBox(mend, names)
