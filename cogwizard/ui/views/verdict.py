"""The verdict: the call's way through the gates, the causes with their remedies, and what nobody knows."""

from collections.abc import Iterable, Iterator
from typing import ClassVar

from textual.containers import ItemGrid, VerticalGroup
from textual.widget import Widget
from textual.widgets import Button

from cogwizard.model.inert import inert
from cogwizard.report import page, verdict
from cogwizard.report.gates import chain, nothing_at
from cogwizard.report.redaction import shown_call
from cogwizard.report.text import headline
from cogwizard.ui.views.step import Seen, StepView
from cogwizard.ui.widgets.facts import Fact, Facts
from cogwizard.ui.widgets.gates import Gates, words
from cogwizard.ui.widgets.mend import MendBox
from cogwizard.ui.widgets.prose import MARKS, Prose, wrapped

_OUTCOMES = {"fault": ("fail", "cause"), "healthy": ("pass", ""), "inconclusive": ("unknown", "unknown")}
_BUTTONS = ("replay", "variants", "save", "save case", "start over")
_LOW = 32  # lines of a terminal; below it a cause is told in one line
_MORE = " ..."


class Brief(Prose):
    """A paragraph of which a low terminal shows the first line; all of it stands further below."""

    def _lines(self, cells: int) -> list[str]:
        lines = super()._lines(cells)
        if len(lines) < 2 or self.app.size.height >= _LOW:
            return lines
        return [wrapped(self.text, cells - len(_MORE))[0] + _MORE]


class VerdictView(StepView):
    """The last screen of the journey: headline, gates, causes in order, predictions, and what could hide a cause."""

    has_findings: ClassVar[bool] = False
    DEFAULT_CSS = """
    #gates { margin-top: 1; }
    #causes MendBox { margin-bottom: 1; }
    .of-cause { padding-left: 2; }
    #verdict-buttons { grid-gutter: 0 2; margin: 1 0; }
    """

    def __init__(self, step: str) -> None:
        """Take the step's id."""
        super().__init__(step)
        self._seen: Seen | None = None
        self._drawn: dict[str, object] = {}

    def words(self, key: str, **params: object) -> str:
        """Return a text of `screens/verdict.toml`."""
        return self.journey.session.texts.screen("verdict", key, **params)

    def extra(self) -> Iterable[Widget]:
        """See `StepView`."""
        yield Prose("", id="provisional", classes="unknown")
        yield Gates(words(self.journey.session.texts), id="gates")
        yield VerticalGroup(id="brief")
        yield VerticalGroup(id="said")
        buttons = (Button(self.words(name), id=name.replace(" ", "-")) for name in _BUTTONS)
        yield ItemGrid(*buttons, id="verdict-buttons", min_column_width=26)
        yield VerticalGroup(id="causes")
        yield VerticalGroup(id="blocks")

    # -- drawing -----------------------------------------------------------------------------------------------------

    async def show_extra(self, seen: Seen) -> None:
        """See `StepView`. A part is drawn again only when what it says has changed: the user may be reading it."""
        self._seen = seen
        report, texts = seen.report, self.journey.session.texts
        self.query_one("#provisional", Prose).text = self.words("reading") if seen.running and report else ""
        answer = self.query_one("#answer", Prose)
        if report is None:
            answer.text = seen.error or (self.say("answer reading") if seen.running else self.words("nothing yet"))
            return
        mark, style = _OUTCOMES[report["outcome"]]
        # A headline is given for what is known so far; while reading, an all-clear would be one too early.
        early = seen.running and not report["causes"]
        answer.text = self.say("answer reading") if early else f"{MARKS[mark]} {verdict.headline(report, texts)}"
        answer.set_classes(f"gap {'' if early else style}")
        if not early:
            self.query_one("#question", Prose).text = verdict.question(report, texts)
        self.query_one("#replay").display = self.can_be_made(seen)
        self.query_one("#variants").display = self.can_be_made(seen) and seen.case.call.is_safe
        self.query_one(Gates).gates = chain(report, nothing_at(seen.case))
        causes = verdict.causes(report, texts)
        if self._is_new("causes", causes):
            await self._fill("#brief", self._brief(causes))
            await self._fill("#causes", self._causes(causes))
        blocks = () if early else (*self._not_made(seen), *verdict.blocks(report, texts))
        if self._is_new("blocks", blocks):
            await self._fill("#said", self._blocks(block for block in blocks if not block.title))
            await self._fill("#blocks", self._blocks(block for block in blocks if block.title))

    def can_be_made(self, seen: Seen) -> bool:
        """Whether the call is known in full, with the token that was given for it."""
        return seen.case.call_given and not shown_call(seen.case).unexpanded

    def _not_made(self, seen: Seen) -> Iterator[verdict.Block]:
        """Why there is no answer, or no request, where nobody has said that the call be made."""
        case = seen.case
        if not case.call_given:
            yield verdict.Block("", "unknown", (self.words("no request"),))
        elif case.observed is None and not case.replay and self.can_be_made(seen):
            key = "not called safe" if case.call.is_safe else "not called"
            yield verdict.Block("", "unknown", (self.words(key, method=inert(case.call.method, 40)),))

    def _is_new(self, part: str, data: object) -> bool:
        if self._drawn.get(part) == data:
            return False
        self._drawn[part] = data
        return True

    def _brief(self, causes: tuple[verdict.Cause, ...]) -> Iterator[Widget]:
        """The causes at a glance; what proves and mends each stands below. The first stopped the call."""
        for number, cause in enumerate(causes, 1):
            problem = cause.problem
            kind = "cause gap" if number == 1 else "warn"
            yield Brief(f"{number} {problem.code}: {problem.title}", indent=2, classes=kind)

    def _causes(self, causes: tuple[verdict.Cause, ...]) -> Iterator[Widget]:
        if causes:
            yield Prose(self.words("causes"), classes="heading")
        head = [self.label(key) for key in ("what", "expected", "actual", "source")]
        names = {form: self.label(form) for form in page.FORMS}
        for number, cause in enumerate(causes, 1):
            problem = cause.problem
            kind = "cause" if number == 1 else "warn"
            yield Prose(f"{number} {problem.code}: {problem.title}", indent=2, classes=f"gap {kind}")
            yield Prose(problem.summary, classes="of-cause")
            if cause.rows:
                yield Facts(head, [Fact("", row) for row in cause.rows])
            if problem.mends:
                yield Prose(self.say("mend"), classes="heading")
            for mend in problem.mends:
                yield MendBox(mend, names)

    def _blocks(self, blocks: Iterable[verdict.Block]) -> Iterator[Widget]:
        for block in blocks:
            if block.title:
                yield Prose(self.words(block.title), classes="heading")
            for at, line in enumerate(block.lines):
                mark = f"{MARKS[block.verdict]} " if block.verdict else ""
                yield Prose(f"{mark}{line}", indent=len(mark), classes="" if block.title or at else "gap")

    # -- what the keys do --------------------------------------------------------------------------------------------

    @property
    def codes(self) -> tuple[str, ...]:
        """The causes: `e` explains the first."""
        report = self._seen.report if self._seen else None
        return tuple(report["causes"]) if report else ()

    def copyable_page(self) -> str | None:
        """Return the first cause's remedy that can be run, else the headline."""
        report, texts = (self._seen.report if self._seen else None), self.journey.session.texts
        if report is None:
            return None
        first = verdict.causes(report, texts)[:1]
        commands = [
            text for cause in first for mend in cause.problem.mends for form, text in mend.forms if form == "cli"
        ]
        return commands[0] if commands else headline(report, texts)

    async def on_button_pressed(self, event: Button.Pressed) -> None:
        """Do what the button says."""
        event.stop()
        if event.button.id == "replay":
            await self.journey.action_replay()
        elif event.button.id == "variants":
            self.journey.action_variants()
        elif event.button.id == "save":
            self.journey.action_save()
        elif event.button.id == "save-case":
            self.journey.action_save("case")
        else:
            # The sandbox starts over with its list: leaving it is another wish.
            wizard = self.journey.wizard
            wizard.call_later(wizard.pop_screen if wizard.session.sandbox else wizard.action_home)
