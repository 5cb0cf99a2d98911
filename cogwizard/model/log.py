"""What API Gateway writes about a call: whether it does, where to, and the lines that were found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

# `execution`: what API Gateway did, line by line; `access`: one line a call, in the stage's own format.
LogKind = Literal["execution", "access"]


@dataclass(frozen=True)
class LogSettings:
    """What the execution log holds of a method: `level` is OFF, ERROR or INFO; `data_trace`: headers and bodies too."""

    level: str = "OFF"
    data_trace: bool = False


@dataclass(frozen=True)
class AccessLog:
    """Where a stage's access log goes, and the format of its lines, `$context` variables in any text."""

    destination: str
    format: str = ""

    @property
    def group(self) -> str | None:
        """The log group's name; None for another destination (Firehose: that one cannot be read here)."""
        return self.destination.partition(":log-group:")[2].removesuffix(":*") or None


@dataclass(frozen=True)
class Account:
    """API Gateway's settings of an account in a region. Without `log_role` it writes to no log group (9.1 [D])."""

    log_role: str | None = None


@dataclass(frozen=True)
class LogLine:
    """One event: its time in Unix seconds, and its text, made inert and without tokens by the reader."""

    time: float
    text: str = field(repr=False)


@dataclass(frozen=True)
class LogLines:
    """What a search found, in order. `complete` is False where it was ended before all was searched."""

    lines: tuple[LogLine, ...] = ()
    complete: bool = True


def settings_of(settings: Mapping[str, LogSettings], path: str, verb: str) -> LogSettings:
    """Return what is logged of a method, by GetStage's methodSettings: its own setting, else that of all (`*/*`).

    A key is `{path}/{verb}`, the slashes of the path as `~1` [D: MethodSettings]; with or without the first one.
    """
    for key, found in settings.items():
        where, _, name = key.rpartition("/")
        if name == verb and where.replace("~1", "/").strip("/") == path.strip("/"):
            return found
    return settings.get("*/*", LogSettings())


def execution_group(rest_api_id: str, stage: str) -> str:
    """Return the name of the execution log's group (9.1 [D])."""
    return f"API-Gateway-Execution-Logs_{rest_api_id}/{stage}"
