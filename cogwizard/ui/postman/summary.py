"""The last screen of the checklist: the whole set-up at a glance, the causes in order, and what to do with it."""

from collections.abc import Iterable, Iterator
from typing import ClassVar

from textual.containers import ItemGrid, VerticalGroup
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button

from cogwizard.report import verdict
from cogwizard.report.text import answer_line, headline
from cogwizard.ui.postman.known import Known, rows_of
from cogwizard.ui.postman.view import LineView
from cogwizard.ui.views.sheet import problem_widgets
from cogwizard.ui.widgets.facts import Fact, Facts
from cogwizard.ui.widgets.prose import MARKS, Prose
from cogwizard.ui.widgets.value import Value

_OUTCOMES = {"fault": ("fail", "cause"), "healthy": ("pass", ""), "inconclusive": ("unknown", "unknown")}
_BUTTONS = ("probe", "export", "save", "start over")


class SummaryView(LineView):
    """All fields with their values, what stops the sign-in or the call, and what is not known."""

    has_findings: ClassVar[bool] = False
    DEFAULT_CSS = """
    SummaryView #summary-buttons { grid-gutter: 0 2; margin: 1 0; }
    """

    def __init__(self, step: str) -> None:
        """Take the step's id."""
        super().__init__(step)
        self._drawn: tuple[object, ...] = ()

    def extra(self) -> Iterable[Widget]:
        """See `Sheet`."""
        yield Prose(id="trouble", indent=2, classes="gap warn")
        yield Value(id="command", classes="inset")
        yield VerticalGroup(id="brief")
        buttons = (Button(Content(self.words(f"button {name}")), id=name.replace(" ", "-")) for name in _BUTTONS)
        yield ItemGrid(*buttons, id="summary-buttons", min_column_width=26)
        yield Facts([self.words("field"), self.label("value")], id="fields", column=1)
        yield Prose(id="asked", classes="gap")
        yield VerticalGroup(id="causes")
        yield VerticalGroup(id="rest")

    async def show(self, known: Known) -> None:
        """Show what is known at this moment."""
        self._known = known
        report, texts = known.report, self.session.texts
        for name, text in (("trouble", f"! {known.error}" if known.error else ""), ("command", known.command)):
            said = self.query_one(f"#{name}", Prose)
            said.text, said.display = text, bool(text)
        answer = self.query_one("#answer", Prose)
        if report is None:
            answer.text = self.say("answer reading" if known.running else "answer waiting")
            return
        early = known.running and not report["causes"]
        mark, style = _OUTCOMES[report["outcome"]]
        answer.text = self.say("answer reading") if early else f"{MARKS[mark]} {headline(report, texts)}"
        answer.set_classes(f"gap {'' if early else style}")
        empty = self.words("stays empty")
        fields = [Fact(mark, (field, shown or empty)) for mark, field, shown in rows_of(known, self.words("not known"))]
        self.query_one("#fields", Facts).put(fields)
        self.query_one("#asked", Prose).text = "" if early else answer_line(report, texts)
        causes = verdict.causes(report, texts)
        blocks = () if early else tuple(block for block in verdict.blocks(report, texts) if block.title)
        if (causes, blocks) != self._drawn:
            self._drawn = (causes, blocks)
            await self._fill("#brief", self._brief(causes))
            await self._fill("#causes", self._causes(causes))
            await self._fill("#rest", self._rest(blocks))

    def _brief(self, causes: tuple[verdict.Cause, ...]) -> Iterator[Widget]:
        """Yield the causes in order; a single one is named above."""
        if len(causes) < 2:
            return
        for number, cause in enumerate(causes, 1):
            kind = "cause gap" if number == 1 else "warn"
            yield Prose(f"{number} {cause.problem.code}: {cause.problem.title}", indent=2, classes=kind)

    def _causes(self, causes: tuple[verdict.Cause, ...]) -> Iterator[Widget]:
        head = [self.label(key) for key in ("what", "expected", "actual", "source")]
        for cause in causes:
            proof = [Facts(head, [Fact("", row) for row in cause.rows])] if cause.rows else ()
            yield from problem_widgets(cause.problem, self.session.texts, proof=proof)

    def _rest(self, blocks: tuple[verdict.Block, ...]) -> Iterator[Widget]:
        for block in blocks:
            yield Prose(self.session.texts.screen("verdict", block.title), classes="heading")
            mark = f"{MARKS[block.verdict]} " if block.verdict else ""
            yield from (Prose(f"{mark}{line}", indent=len(mark)) for line in block.lines)

    @property
    def codes(self) -> tuple[str, ...]:
        """See `Sheet`: the causes."""
        return tuple(self._known.report["causes"]) if self._known and self._known.report else ()

    def copyable_page(self) -> str | None:
        """See `Sheet`: all fields with their values, secrets by their fingerprints; without credentials the command
        that gets them."""
        if self._known is None or self._known.report is None:
            return None
        if self._known.command:
            return self._known.command
        return "\n".join(f"{field}\t{shown}" for _, field, shown in rows_of(self._known, "")) or None

    async def on_button_pressed(self, event: Button.Pressed) -> None:
        """Do what the button says."""
        event.stop()
        walk = self.walk
        match event.button.id:
            case "probe":
                walk.action_probe_endpoints()
            case "export":
                walk.action_export()
            case "save":
                walk.action_save()
            case _:
                walk.typed.forget()
                walk.wizard.call_later(walk.wizard.pop_screen)
