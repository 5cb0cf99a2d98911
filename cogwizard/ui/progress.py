"""How far a run is: the verdict of each step for the rail, and the line below it. Pure."""

from cogwizard.background import Run
from cogwizard.model.read import Unread
from cogwizard.report import page
from cogwizard.report.text import headline
from cogwizard.steps.logged import verdict as verdict_of_logs
from cogwizard.text import Texts
from cogwizard.ui.guide import Guide
from cogwizard.ui.views.step import Seen


def verdicts(guide: Guide, seen: Seen, texts: Texts) -> list[str]:
    """Return a verdict for each screen of a guide; while something that a step wants is being read, it is
    "reading"."""
    if seen.trouble:
        return ["warn" if screen == "access" else "waiting" for screen in guide.screens]
    if seen.report is None:
        return ["reading" if seen.running else "waiting"] * len(guide.screens)
    running = {state.read for state in seen.reads if state.ended is None}
    found = []
    for step in guide.steps:
        waits = seen.running and not running.isdisjoint(read for read in step.wants(seen.case) if read)
        verdict = "reading" if waits else page.build(seen.report, step.id, texts, reading=seen.running).verdict
        if verdict == "skipped" and step.id == "logs":
            verdict = verdict_of_logs(seen.case)
        found.append(verdict)
    if not guide.end:
        return found
    outcome = {"fault": "fail", "healthy": "pass", "inconclusive": "unknown"}[seen.report["outcome"]]
    return [*found, "reading" if seen.running else outcome]


def no_credentials(seen: Seen) -> str | None:
    """Return what to do when AWS was not read for want of credentials: nothing else matters then. None else."""
    findings = seen.report["findings"] if seen.report else ()
    lost = any(isinstance(value, Unread) and value.reason == "credentials" for value in seen.case.facts.values())
    return next((item["summary"] for item in findings if lost and item["code"] == "aws-credentials"), None)


def progress(run: Run | None, seen: Seen, texts: Texts, now: float) -> str:
    """Return the line that says what is read and what takes long, then what came of it. `now`: the monotonic clock."""
    if seen.error:
        return seen.error
    if run is None:
        return ""
    if run.done:
        answer = no_credentials(seen) or (headline(seen.report, texts) if seen.report else "")
        return texts.screen("journey", "cancelled" if run.cancelled else "done", answer=answer)
    if run.cancelled:
        return texts.screen("journey", "cancelling")
    running = run.running()
    counts = {"done": len(run.reads) - len(running), "all": len(run.reads)}
    if not running:
        return texts.screen("journey", "reading", **counts)
    slow = running[0]
    seconds = f"{now - slow.began:.1f}"
    return texts.screen("journey", "slowest", action=slow.read.action, seconds=seconds, **counts)
