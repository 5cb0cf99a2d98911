"""The last screen: a fault is made on purpose, the call fails, the cause is looked for, and mended."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.containers import VerticalGroup
from textual.widget import Widget
from textual.widgets import OptionList

from cogwizard.model.answer import Answer
from cogwizard.model.inert import scrub
from cogwizard.onboarding.faults import BY_NAME, FAULTS
from cogwizard.ui.ask import Ask
from cogwizard.ui.onboard.build import Build
from cogwizard.ui.onboard.proofs import ProofView, answered
from cogwizard.ui.onboard.told import told_failure
from cogwizard.ui.postman.choices import Chooser
from cogwizard.ui.widgets.facts import Fact
from cogwizard.ui.widgets.prose import Prose

if TYPE_CHECKING:
    from cogwizard.onboarding.faults import Fault
    from cogwizard.ui.onboard.walk import Walk

_OK = 200


class BreakView(ProofView):
    """The faults, the one that is made, and what the call answers."""

    jobs: ClassVar[tuple[str, ...]] = ("breaking", "mending", "calling")

    def results(self) -> Iterable[Widget]:
        """See `OnboardView`."""
        yield from super().results()
        yield Chooser(id="faults")
        yield Prose(self.words("pick fault"), classes="muted")
        yield Prose(id="about", classes="gap")

    async def show_middle(self, build: Build) -> None:
        """See `OnboardView`."""
        await super().show_middle(build)
        fault = self._fault(build)
        rows = [(each.name, self.teach(f"fault {each.name}")) for each in FAULTS]
        self.query_one(Chooser).put(rows, fault.name if fault else None)
        about = self.query_one("#about", Prose)
        about.text = self.teach(f"fault about {fault.name}") if fault else ""
        about.display = fault is not None

    def outcome_widgets(self, error: Exception, build: Build) -> Iterable[Widget]:
        """See `OnboardView`: a change that was refused says which permission it needs."""
        from cogwizard.onboarding.run import NotMade

        if not isinstance(error, NotMade):
            return super().outcome_widgets(error, build)
        said = told_failure(error, self.session.texts, build.walk.values)
        return [VerticalGroup(*(Prose(text, indent=2, classes=f"gap {style}") for style, text in said))]

    @staticmethod
    def _fault(build: Build) -> "Fault | None":
        """Return the fault that is made. Of one that an earlier process made the journal knows."""
        return build.breaker().fault

    @classmethod
    def verdict(cls, build: Build, _step: str) -> str:
        """See `OnboardView`."""
        if build.is_busy and build.words in ("breaking", "mending"):
            return "reading"
        if cls._fault(build) is not None:
            return "warn"
        if not build.has_mended:
            return "waiting"
        status = cls._status(build)
        return "unknown" if status is None else "pass" if status == _OK else "fail"

    @staticmethod
    def _status(build: Build) -> int | None:
        answer = build.broken[1] if build.broken else None
        return answer.status if isinstance(answer, Answer) else None

    def answer(self, build: Build) -> str:
        """See `OnboardView`."""
        verdict = self.verdict(build, self.step)
        if verdict == "warn":
            status = self._status(build)
            return self.words("answer broken not yet" if status == _OK else "answer broken")
        return super().answer(build)

    def proof(self, build: Build) -> list[Fact]:
        """See `OnboardView`."""
        if build.broken is None:
            return []
        call, answer = build.broken
        rows = [Fact("", (self.words("fact call"), scrub(f"{call.method} {call.url}", 300)))]
        return rows + answered(self.words("fact answer"), answer, _OK)

    def verb(self, build: Build) -> str:
        """See `OnboardView`."""
        return "choose fault" if self._is_whole(build) else "call again"

    def _is_whole(self, build: Build) -> bool:
        """Whether no fault is made, and the one of before is known to be mended."""
        return self._fault(build) is None and self.verdict(build, self.step) not in ("fail", "unknown")

    def enter(self, build: Build) -> bool:
        """See `OnboardView`: to the list; where a fault is made, call again."""
        if not self.can_begin(build):
            self.walk.notify(self.words("not built"))
        elif self._is_whole(build):
            self.query_one(Chooser).focus(scroll_visible=False)
        else:
            self.run(self.walk, build)
        return True

    def run(self, walk: "Walk", build: Build) -> None:
        """See `ProofView`."""
        walk.with_password(build.call_again)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Make a fault; what changes something in AWS is asked for first."""
        event.stop()
        walk, name = self.walk, event.option.id or ""  # the view may be another one when the answer comes
        build = walk.build
        if not self.can_begin(build):
            self.walk.notify(self.words("not built"))
            return
        fault = BY_NAME[name]

        def make() -> None:
            for view in walk.query(BreakView):
                view.focus(scroll_visible=False)
                view.scroll_home(animate=False)
            walk.agreed(lambda: walk.with_password(lambda: build.break_it(name)))

        if not fault.breaks:
            make()
            return
        calls = "\n".join(f"- {write.action}" for write in fault.breaks)

        def say(key: str) -> str:
            return walk.say(key, fault=walk.session.texts.screen("onboard", f"fault {name}"), calls=calls)

        def answer(yes: bool | None) -> None:
            if yes:
                make()

        def ask() -> None:
            if walk.is_current:
                question = Ask(lambda: say("break ask"), lambda: say("break yes"), lambda: say("break no"))
                walk.app.push_screen(question, answer)

        walk.call_next(ask)  # the page outlives its views, and hears the answer
