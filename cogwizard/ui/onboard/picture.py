"""The first screen: who talks to whom, and the whole plan, which is agreed to here."""

from collections.abc import Iterable

from textual.containers import VerticalGroup
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from cogwizard.model.inert import scrub
from cogwizard.onboarding.plan import Notice
from cogwizard.report.wrap import width
from cogwizard.ui.onboard.build import Build
from cogwizard.ui.onboard.view import OnboardView
from cogwizard.ui.widgets.facts import Fact, Facts
from cogwizard.ui.widgets.prose import Prose

_PICTURES = 8
_STYLES = {"stops": ("cause", "✗"), "note": ("warn", "!"), "unknown": ("unknown", "?")}


class Drawing(Widget):
    """Lines of a drawing, as they are."""

    DEFAULT_CSS = "Drawing { height: auto; width: 1fr; margin-top: 1; color: $accent; }"

    def __init__(self, text: str) -> None:
        """Take the drawing; it is never read as markup."""
        super().__init__()
        self._text = text

    def render(self) -> Content:
        """See `Widget`."""
        return Content(self._text)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """See `Widget`."""
        return self._text.count("\n") + 1

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """See `Widget`."""
        return max(width(line) for line in self._text.split("\n"))


class PictureView(OnboardView):
    """The eight steps, what is put right in them, and the plan: calls, what stands in the way, permissions, costs."""

    def middle(self) -> Iterable[Widget]:
        """See `OnboardView`."""
        yield Drawing(self.words("drawing"))
        yield VerticalGroup(
            *(Prose(f"{at} {self.teach(f'picture {at}')}", indent=2) for at in range(1, _PICTURES + 1)), classes="gap"
        )
        yield Prose(self.teach("picture corrected"), classes="gap")
        yield Prose(self.words("plan"), classes="heading")
        yield Prose(id="where")
        yield VerticalGroup(id="notices")
        yield Facts([self.words("head what"), self.words("head call")], id="plan", column=1)
        yield Prose(self.words("costs"), classes="heading")
        yield Prose(self.teach("costs"))
        yield Prose(self.words("permissions"), classes="heading")
        yield Facts([self.words("head action"), self.words("head resource")], id="permissions", column=0)

    async def show_middle(self, build: Build) -> None:
        """See `OnboardView`."""
        plan = build.plan
        self.query_one("#where", Prose).text = self.words("where", place=self.walk.place(), name=plan.choices.name)
        rows = [
            Fact("pass" if build.state(write.id).kind == "done" else "", (self.made(write.id, build), write.action))
            for write in plan.writes
        ]
        self.put_facts("#plan", rows)
        needed = [Fact("", (action, scrub(resource, 300))) for action, resource in plan.permissions()]
        self.put_facts("#permissions", needed)
        await self.fill("#notices", plan.notices, [self._notice(notice) for notice in plan.notices])

    def made(self, write: str, build: Build) -> str:
        """Return what a write makes, in words."""
        return self.teach(f"makes {write}", **build.plan.values)

    def _notice(self, notice: Notice) -> Prose:
        style, mark = _STYLES[notice.kind]
        params = {name: scrub(value, 2000) for name, value in notice.params.items()}
        if "permissions" in params:
            params["permissions"] = params["permissions"].replace("; ", ";\n")
        return Prose(f"{mark} {self.teach(f'notice {notice.key}', **params)}", indent=2, classes=f"gap {style}")

    @classmethod
    def verdict(cls, build: Build, _step: str) -> str:
        """See `OnboardView`."""
        if build.consent is not None or build.walk.is_begun:
            return "pass"
        return "fail" if build.plan.is_stopped else "waiting"

    def answer(self, build: Build) -> str:
        """See `OnboardView`."""
        if build.consent is None and build.walk.is_begun:
            return self.words("answer picture begun")
        return self.words(f"answer picture {self.verdict(build, self.step)}")

    def verb(self, build: Build) -> str:
        """See `OnboardView`."""
        return "next screen" if build.consent is not None else "agree"

    def enter(self, build: Build) -> bool:
        """See `OnboardView`: ask for the consent, then go on."""
        if build.consent is not None:
            return False
        walk = self.walk  # the view may be another one, in another language, when the answer comes
        walk.agreed(lambda: walk.call_next(walk.action_step, 1))
        return True
