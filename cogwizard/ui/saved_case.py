"""A saved case in the wizard: its guide, which can be looked at, and reads and calls nothing."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from textual.binding import Binding, BindingType

from cogwizard.files import NotRead, read_text
from cogwizard.intake.errors import BadInput
from cogwizard.intake.recognise import Recognised
from cogwizard.judgement import judge
from cogwizard.model.case import Case
from cogwizard.model.read import Read
from cogwizard.model.saved import Saved
from cogwizard.report import document
from cogwizard.saved.file import LARGEST, from_text
from cogwizard.steps.times import moment
from cogwizard.ui.journey import Journey
from cogwizard.ui.recording import expanded
from cogwizard.ui.views import VIEWS
from cogwizard.ui.views.called import CalledView
from cogwizard.ui.views.logs import LogsView
from cogwizard.ui.views.step import Seen, StepView
from cogwizard.ui.views.verdict import VerdictView
from cogwizard.ui.widgets.topline import TopLine


def look(found: Recognised, text: str) -> Recognised:
    """Return what was recognised with the case that it holds, or with what is wrong with it. Blocks."""
    try:
        saved = from_text(read_text(expanded(found.path), LARGEST) if found.path else text)
    except NotRead as error:
        return replace(found, problem=(error.key, {name: str(value) for name, value in error.params.items()}))
    except BadInput as error:
        return replace(found, problem=(error.key, error.params))
    return replace(found, saved=saved)


class SavedVerdictView(VerdictView):
    """The verdict of a saved case, whose call is not made again."""

    def can_be_made(self, seen: Seen) -> bool:
        """See `VerdictView`."""
        return False


# What has something to be typed or pressed on its screen shows here what all show.
_VIEWS: dict[str, type[StepView]] = {
    "call": CalledView,
    **{name: VIEWS[name] for name in ("authorizer", "deployment", "token")},
    "verdict": SavedVerdictView,
}


class SavedJourney(Journey):
    """The guide's steps for a saved case, judged as it was saved."""

    # Keys that would read or call still say that nothing is; the footer does not name them.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key, action, show=False)
        for key, action in (
            ("a", "replay"),
            ("x", "variants"),
            ("r", "again"),
            ("R", "all_again"),
            ("g", "get_token"),
            ("t", "give_token"),
            ("m", "postman"),
        )
    ]

    def __init__(self, saved: Saved) -> None:
        """Take the case; it is judged when the screen is shown."""
        super().__init__()
        self.saved = saved
        self.seen = Seen(saved.case)

    async def begin(self) -> None:
        """Judge."""
        judgement = await asyncio.to_thread(judge, self.saved.case, self.guide.steps)
        self.seen = Seen(judgement.case, judgement)
        await self.update()

    async def update(self) -> None:
        """See `Guided`."""
        if self.seen.judgement is not None and self.seen.report is None:
            report = document.build(self.seen.judgement, self.session.texts)
            self.seen = replace(self.seen, report=report)
        await self.show()

    def new_view(self, step: str) -> StepView:
        """See `Guided`."""
        if step == "logs" and self.saved.case.logs:
            return LogsView(step)
        return _VIEWS.get(step, StepView)(step)

    def progress(self) -> str:
        """See `Guided`: whose findings these are."""
        return self.say("saved", when=moment(self.saved.case.now), version=self.saved.written_by)

    def frame(self, top: TopLine) -> None:
        """See `Guided`: nobody's AWS is read."""
        super().frame(top)
        top.place = self.say("saved place")

    # -- what would read or call -------------------------------------------------------------------------------------

    def _say_so(self) -> None:
        self.notify(self.say("saved only"))

    async def gather(self, case: Case) -> None:
        """Nothing is read."""
        self._say_so()

    async def reread(self, reads: Iterable[Read]) -> None:
        """Nothing is read."""
        self._say_so()

    async def action_again(self) -> None:
        """Nothing is read."""
        self._say_so()

    async def action_all_again(self) -> None:
        """Nothing is read."""
        self._say_so()

    async def action_replay(self) -> None:
        """Nothing is called."""
        self._say_so()

    def action_variants(self) -> None:
        """Nothing is called."""
        self._say_so()

    async def read_logs(self) -> None:
        """Nothing is read."""
        self._say_so()

    def action_give_token(self) -> None:
        """Nothing would be found out with it."""
        self._say_so()

    def action_get_token(self) -> None:
        """Nothing would be found out with it."""
        self._say_so()

    def action_postman(self) -> None:
        """The checklist reads."""
        self._say_so()
