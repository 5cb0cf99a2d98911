"""The screen of one step: what it is, what is made by which calls, how far that is, what proves it, what goes wrong."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, cast

from textual.containers import VerticalGroup
from textual.widget import Widget

from cogwizard.model.inert import scrub
from cogwizard.report.commands import cli_of
from cogwizard.report.page import Mend
from cogwizard.ui.onboard.build import WRITES, Build, State, up_to
from cogwizard.ui.onboard.told import told_failure
from cogwizard.ui.views.sheet import Sheet
from cogwizard.ui.widgets.facts import Fact, Facts
from cogwizard.ui.widgets.mend import MendBox
from cogwizard.ui.widgets.prose import MARKS, Prose

if TYPE_CHECKING:
    from cogwizard.model.write import Write
    from cogwizard.ui.onboard.walk import Walk

FORMS = ("cli", "terraform", "sam", "cdk")
# How a write stands in the rail and in the tables.
_VERDICTS = {
    "sending": "reading",
    "retrying": "reading",
    "checking": "reading",
    "done": "pass",
    "refused": "fail",
    "lost": "unknown",
    "missing": "warn",
}
_STYLES = {"fail": "cause", "warn": "warn", "unknown": "unknown"}


def _verdict(state: State) -> str:
    """Return the verdict of a write. What the journal has as done counts once it was read back."""
    return "unknown" if state.kind == "done" and state.seen is None else _VERDICTS.get(state.kind, "waiting")


def verdict_of(states: Sequence[State]) -> str:
    """Return the verdict of what consists of these writes: "waiting" while it is not made, "reading" while it is."""
    found = [_verdict(state) for state in states]
    worst = next((verdict for verdict in ("fail", "unknown", "warn", "reading") if verdict in found), None)
    return worst or ("pass" if found and set(found) == {"pass"} else "waiting")


def known_before(writes: "Iterable[Write]", build: Build) -> dict[str, str]:
    """Return all that is known by name but what these writes give: their commands take it from one another."""
    given = {name for write in writes for name in write.gives}
    return {name: value for name, value in build.walk.values.items() if name not in given}


class OnboardView(Sheet):
    """What a step says. One that shows more has a class of its own in `views`."""

    steps_name = "onboard"
    has_findings = False
    DEFAULT_CSS = """
    OnboardView VerticalGroup { height: auto; }
    OnboardView #proof { margin-top: 1; }
    OnboardView OptionList { height: auto; max-height: 12; overflow-x: hidden; scrollbar-gutter: auto; margin-top: 1; }
    """

    def __init__(self, step: str) -> None:
        """Take the step's id."""
        super().__init__(step)
        self._filled: dict[str, object] = {}

    @property
    def walk(self) -> "Walk":
        """The page that it stands on."""
        return cast("Walk", self.screen)

    def words(self, key: str, **params: object) -> str:
        """Return a text of `screens/walkthrough.toml`."""
        return self.session.texts.screen("walkthrough", key, **params)

    def teach(self, key: str, **params: object) -> str:
        """Return a text of `screens/onboard.toml`."""
        return self.session.texts.screen("onboard", key, **params)

    @property
    def reason(self) -> str:
        """See `Sheet`: what the step is, for the help."""
        return self.teach(f"what {self.step}")

    # -- what a step with more writes --------------------------------------------------------------------------------

    def results(self) -> Iterable[Widget]:
        """Return the widgets that stand below the answer: what went wrong, what was read back."""
        yield VerticalGroup(id="refused")
        yield Facts([self.label("what"), self.label("value")], id="proof", column=1)

    def middle(self) -> Iterable[Widget]:
        """Return the widgets that stand between what the step is and what it makes."""
        return ()

    async def show_middle(self, build: Build) -> None:
        """Update what `results` and `middle` returned, as far as a step has its own."""

    @classmethod
    def verdict(cls, build: Build, step: str) -> str:
        """Return the verdict of the step."""
        found = verdict_of([build.state(write) for write in WRITES[step]])
        return "reading" if found == "unknown" and build.is_looking and build.is_made(step) else found

    def answer(self, build: Build) -> str:
        """Return the sentence at the top."""
        verdict = self.verdict(build, self.step)
        if verdict == "waiting":
            before = up_to(self.step) - set(WRITES[self.step])
            left = sum(build.state(write).kind != "done" for write in before)
            return self.words("answer waiting before" if left else "answer waiting", count=left)
        if verdict in ("unknown", "reading") and build.is_made(self.step):
            return self.words("answer unseen")
        return self.words(f"answer {verdict}")

    def verb(self, build: Build) -> str:
        """Return the key of what `enter` does here."""
        return "next screen" if build.is_made(self.step) else "make"

    def enter(self, build: Build) -> bool:
        """Do it. Returns False where it is to go on to the next screen."""
        if build.is_made(self.step):
            return False
        self.walk.agreed(lambda: build.make(up_to(self.step)))
        return True

    # -- the same for all --------------------------------------------------------------------------------------------

    def extra(self) -> Iterable[Widget]:
        """See `Sheet`."""
        yield from self.results()
        yield Prose(self.reason, classes="gap")
        yield from self.middle()
        if WRITES[self.step]:
            yield Prose(self.words("makes"), classes="heading")
            yield Facts([self.words(key) for key in ("head what", "head call", "head state")], id="writes", column=1)
        yield VerticalGroup(id="forms", classes="" if WRITES[self.step] else "gap")
        yield Prose(self.words("proves"), classes="heading")
        yield Prose(self.teach(f"proof {self.step}"))
        yield Prose(self.words("goes wrong"), classes="heading")
        yield Prose(self.teach(f"mistakes {self.step}"))

    def on_mount(self) -> None:
        """Begin without what there is nothing of."""
        for part in self.query("#proof, #writes"):
            part.display = False

    async def show(self, build: Build) -> None:
        """Show what is known at this moment."""
        if self.query("#writes"):
            self._show_writes(build)
            await self._show_refused(build)
        await self._show_forms(build)
        self.put_facts("#proof", self.proof(build))
        await self.show_middle(build)
        verdict, answer = self.verdict(build, self.step), self.query_one("#answer", Prose)
        answer.text = f"{MARKS[verdict]} {self.answer(build)}".strip()
        answer.set_classes(f"gap {_STYLES.get(verdict, '')}")

    def put_facts(self, selector: str, rows: Sequence[Fact]) -> None:
        """Fill a table; without rows it is not displayed."""
        table = self.query_one(selector, Facts)
        table.put(rows)
        table.display = bool(rows)

    async def fill(self, selector: str, key: object, widgets: Iterable[Widget]) -> None:
        """Put widgets into a group, unless they are those of `key` already."""
        if self._filled.get(selector) != key:
            self._filled[selector] = key
            await self._fill(selector, widgets)

    def _show_writes(self, build: Build) -> None:
        rows = []
        for write in build.writes(self.step):
            state = build.state(write.id)
            what = self.teach(f"makes {write.id}", **build.plan.values)
            verdict = "" if state.kind == "waiting" else _verdict(state)
            rows.append(Fact(verdict, (what, write.action, self.words(f"state {state.kind}"))))
        self.put_facts("#writes", rows)

    async def _show_refused(self, build: Build) -> None:
        said: list[tuple[str, str]] = []
        for write in build.writes(self.step):
            state = build.state(write.id)
            if state.failed is not None:
                said += told_failure(state.failed, self.session.texts, build.plan.values)
            for key, detail in state.warnings:
                said.append(("warn", f"! {self.teach(f'warning {key}', detail=scrub(detail, 300))}"))
        widgets = (Prose(text, indent=2, classes=f"gap {style}") for style, text in said)
        await self.fill("#refused", tuple(said), widgets)

    async def _show_forms(self, build: Build) -> None:
        forms = self.forms(build.writes(self.step), build)
        if not forms:
            return
        mend = Mend(self.words("by yourself"), forms)
        names = {form: self.label(form) for form in FORMS}
        if self.query("#forms MendBox") and self._filled.get("#forms") != mend:
            self._filled["#forms"] = mend
            self.query_one(MendBox).put(mend)
        else:
            await self.fill("#forms", mend, [MendBox(mend, names)])

    def forms(self, writes: "Sequence[Write]", build: Build) -> tuple[tuple[str, str], ...]:
        """Return the forms (name, text) of what the step makes."""
        values = known_before(writes, build)
        snippets = self.session.texts.onboard_snippets(self.step, values)
        forms = {"cli": "\n".join(cli_of(write, values) for write in writes), **snippets}
        return tuple((form, forms[form]) for form in FORMS if forms.get(form))

    def proof(self, build: Build) -> list[Fact]:
        """Return what was read back."""
        texts, rows = self.session.texts, []
        for write in build.writes(self.step):
            seen = build.state(write.id).seen
            for label, value in seen.facts if seen else ():
                rows.append(Fact("pass", (texts.label(label), texts.phrase(scrub(value, 300)))))
        return rows

    def copyable_page(self) -> str | None:
        """See `Sheet`: the form that is shown."""
        boxes = list(self.query(MendBox))
        return boxes[0].copyable if boxes else self.query_one("#answer", Prose).text
