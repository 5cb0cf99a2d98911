"""Who may call how often: usage plans, API keys without their values, and the limits of a stage's methods."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    """A throttle: requests a second, and how many at once. None: not set here, so that a wider limit holds."""

    rate: float | None = None
    burst: int | None = None

    @property
    def refuses_all(self) -> bool:
        """Whether it lets no call through."""
        return self.rate == 0 and self.burst == 0

    def __str__(self) -> str:
        """The limit for people, e.g. `rate 10, burst 20`; a dash where nothing is set."""
        parts = [
            f"{name} {value:g}" for name, value in (("rate", self.rate), ("burst", self.burst)) if value is not None
        ]
        return ", ".join(parts) or "-"


@dataclass(frozen=True)
class UsagePlan:
    """A usage plan: the (API id, stage) pairs that it opens, its throttle, and its quota for each `period`."""

    id: str
    stages: tuple[tuple[str, str], ...] = ()
    name: str = ""
    limit: Limit = Limit()
    quota: int | None = None
    period: str = ""

    def covers(self, rest_api_id: str | None, stage: str | None) -> bool:
        """Whether a key of this plan opens the stage."""
        return (rest_api_id, stage) in self.stages


@dataclass(frozen=True)
class ApiKey:
    """An API key as it is listed. Its value is a secret, and is not read."""

    id: str
    enabled: bool = True


def limit_of(settings: Mapping[str, Limit], path: str, verb: str) -> Limit:
    """Return the throttle of a method, by GetStage's methodSettings: its own setting, else that of all (`*/*`).

    A key is `{path}/{verb}`, the slashes of the path as `~1` [D: MethodSettings]; with or without the first one.
    """
    for key, found in settings.items():
        where, _, name = key.rpartition("/")
        if name == verb and where.replace("~1", "/").strip("/") == path.strip("/"):
            return found
    return settings.get("*/*", Limit())
