"""What is picked, stage after stage: region, API, stage, method, of ANY the verb, the values of the path."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cogwizard.ui import choices
from cogwizard.ui.choices import Row

if TYPE_CHECKING:
    from cogwizard.aws.session import Settings

STAGES = ("region", "api", "stage", "method", "verb", "values")
CRUMBS = STAGES[:4]  # those that are read, and have a crumb: verb and values belong to the method
_ABOVE = {"api": ("region",), "stage": ("region", "api"), "method": ("region", "api")}  # what a list hangs on


@dataclass
class Picking:
    """Outlives the screen, as long as the same account is read: `settings` says with what it was.

    `at` is the open stage, `typed` the filter of each list, `values` those of the path's variables.
    """

    settings: "Settings"
    at: str = "region"
    picked: dict[str, Row] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict, repr=False)

    def pick(self, row: Row) -> str | None:
        """Pick a row of the open stage; return the stage that follows, None when the call is complete."""
        at = STAGES.index(self.at)
        if self.picked.get(self.at) != row:
            for stage in STAGES[at:]:
                self.picked.pop(stage, None)
                if stage != self.at:
                    self.typed.pop(stage, None)
            self.picked[self.at] = row
        following = STAGES[at + 1]
        if self.at == "method" and not row.id.startswith("ANY "):
            self.picked.pop("verb", None)
            following = "values"
        return None if following == "values" and not choices.placeholders(self.path) else following

    @property
    def before(self) -> str | None:
        """The stage to go back to, None at the first."""
        at = STAGES.index(self.at)
        if self.at == "values" and "verb" not in self.picked:
            return "method"
        return STAGES[at - 1] if at else None

    def key(self, stage: str) -> tuple[str, ...]:
        """Return what a stage's list is kept by: what it hangs on."""
        return (stage, *(self.picked[name].id for name in _ABOVE.get(stage, ())))

    @property
    def ids(self) -> dict[str, str]:
        """What was picked, by stage."""
        return {name: row.id for name, row in self.picked.items()}

    @property
    def names(self) -> dict[str, str]:
        """What was picked, as it is shown."""
        return {name: row.name for name, row in self.picked.items() if name in CRUMBS}

    def crumb(self, stage: str) -> str:
        """Return what was picked at a stage that lies behind, "" elsewhere."""
        is_behind = STAGES.index(stage) < STAGES.index(self.at)
        return self.picked[stage].name if is_behind and stage in self.picked else ""

    @property
    def path(self) -> str:
        """The path of the method, with its variables."""
        return self.picked["method"].id.partition(" ")[2]

    @property
    def filled_path(self) -> str:
        """The path with the values."""
        return choices.filled(self.path, self.values)

    @property
    def method(self) -> str:
        """The verb of the call."""
        return self.picked["verb" if "verb" in self.picked else "method"].id.partition(" ")[0]
