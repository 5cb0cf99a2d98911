"""The screens on which one of several ways was chosen: the type of application, and who sets the password."""

from collections.abc import Iterable

from textual.widget import Widget

from cogwizard.steps.onboard_client import APP_TYPES
from cogwizard.ui.onboard.build import Build
from cogwizard.ui.onboard.view import OnboardView
from cogwizard.ui.widgets.facts import Fact, Facts
from cogwizard.ui.widgets.prose import MARKS, Prose

_OURS = "spa"


class ClientView(OnboardView):
    """The four types of application, and what each sets."""

    def middle(self) -> Iterable[Widget]:
        """See `OnboardView`."""
        for name in APP_TYPES:
            mark = MARKS["pass"] if name == _OURS else "-"
            yield Prose(f"{mark} {self.teach(f'app {name}')}", indent=2, classes="gap")
        yield Prose(self.teach("app sets"), classes="heading")
        members = dict.fromkeys(member for settings in APP_TYPES.values() for member in settings)
        rows = [
            Fact("", (member, *(_shown(settings.get(member)) for settings in APP_TYPES.values()))) for member in members
        ]
        yield Facts([self.words("head member"), *(self.words(f"type {name}") for name in APP_TYPES)], rows, id="types")


def _shown(value: object) -> str:
    """Return a member's value as JSON and the AWS CLI have it; "-" where the type does not set it."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


class PasswordView(OnboardView):
    """Which of the two ways was chosen."""

    def middle(self) -> Iterable[Widget]:
        """See `OnboardView`."""
        yield Prose(id="way", classes="gap")

    async def show_middle(self, build: Build) -> None:
        """See `OnboardView`."""
        self.query_one("#way", Prose).text = self.words(f"way {build.plan.choices.first_password}")
