"""What the checklist knows at one moment, and its pages as data. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cogwizard.background import ReadState
from cogwizard.model.postman import Setup
from cogwizard.model.read import Unread
from cogwizard.report import page
from cogwizard.report.text import headline
from cogwizard.steps import POSTMAN
from cogwizard.steps.postman_values import app_of, callback_of
from cogwizard.text import Texts
from cogwizard.ui.listing import sentences, sign_in_command

APP = "postman_app"
END = "postman_end"
SCREENS = (*(step.id for step in POSTMAN), END)
_OUTCOMES = {"fault": "fail", "healthy": "pass", "inconclusive": "unknown"}


@dataclass(frozen=True, eq=False)
class Known:
    """`report`: see `report.postman.build`, None before anything was judged. `error`: why nothing could be read, in
    words; `command` gets credentials, "" where they are not what is missing."""

    setup: Setup
    report: page.Document | None = None
    running: bool = False
    reads: tuple[ReadState, ...] = field(default=(), repr=False)
    error: str | None = None
    command: str = ""

    def line(self, step: str) -> dict[str, Any]:
        """Return the checklist's line of a step. Raises KeyError before anything was judged."""
        lines = (self.report or {})["checklist"]
        return next(dict(line) for line in lines if line["step"] == step)


def trouble(known: Known, error: Exception | None, texts: Texts) -> tuple[str | None, str]:
    """Return why nothing could be read, in words, and the command that gets credentials; None and "" where it could.

    `error`: what ended the reading. While something is read, nothing is said of credentials yet.
    """
    lost = [
        value for value in known.setup.facts.values() if isinstance(value, Unread) and value.reason == "credentials"
    ]
    if error is not None and not hasattr(error, "key"):
        return texts.screen("postman", "crashed", error=type(error).__name__), ""
    cause = error or next(iter(lost if not known.running else ()), None)
    return (" ".join(sentences(cause, texts, {})), sign_in_command(cause)) if cause is not None else (None, "")


def page_of(known: Known, step: str, texts: Texts) -> page.Page:
    """Return what a step found. Which Postman is used is the user's to say: there is nothing to judge."""
    report = known.report or {}
    found = page.build(report, step, texts, reading=known.running)
    if step != APP:
        return found
    app, setup = app_of(known.setup), known.setup
    key = "answer app" if setup.app else "answer app guessed"
    words = {"app": texts.screen("postman", f"app {app}"), "url": callback_of(setup)}
    return page.Page(step, "pass" if setup.app else "skipped", texts.screen("postman", key, **words))


def verdicts(known: Known, texts: Texts) -> list[str]:
    """Return the verdict of each screen for the rail; "reading" while something that it wants is read."""
    if known.report is None:
        return ["reading" if known.running else "waiting"] * len(SCREENS)
    running = {state.read for state in known.reads if state.ended is None}
    found = []
    for step in POSTMAN:
        waits = known.running and not running.isdisjoint(read for read in step.wants(known.setup) if read)
        found.append("reading" if waits else page_of(known, step.id, texts).verdict)
    return [*found, "reading" if known.running else _OUTCOMES[known.report["outcome"]]]


def progress(known: Known, texts: Texts, now: float, *, stopped: bool) -> str:
    """Return the line that says what is read and what takes long, then what came of it. `now`: the monotonic clock."""
    if known.error:
        return known.error
    if known.report is None and not known.running:
        return ""
    if not known.running:
        answer = headline(known.report, texts) if known.report else ""
        return texts.screen("journey", "cancelled" if stopped else "done", answer=answer)
    running = [state for state in known.reads if state.ended is None]
    counts = {"done": len(known.reads) - len(running), "all": len(known.reads)}
    if not running:
        return texts.screen("journey", "reading", **counts)
    seconds = f"{now - running[0].began:.1f}"
    return texts.screen("journey", "slowest", action=running[0].read.action, seconds=seconds, **counts)


def rows_of(known: Known, unknown: str) -> Sequence[tuple[str, str, str]]:
    """Return (verdict, field, value) of all fields, as the report has them; `unknown` stands for what nobody knows."""
    return [
        (line["verdict"], entry["field"], unknown if entry["value"] is None else entry["value"])
        for line in (known.report or {"checklist": []})["checklist"]
        for entry in line["entries"]
    ]
