"""What was logged of the call, for a report: only where the user agreed that it be read."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from cogwizard.model.case import Case
from cogwizard.model.inert import inert, scrub
from cogwizard.model.read import Unread
from cogwizard.steps.logged import Log, logs, request_ids
from cogwizard.text import Texts

Document = dict[str, Any]


def build(case: Case) -> Document | None:
    """Return the member `logs` of a report as JSON-ready data, None where nothing was to be read."""
    if not case.logs:
        return None
    request_id, extended = request_ids(case)
    return {
        "request_id": request_id,
        "extended_request_id": extended,
        **{log.kind: build_log(log, case) for log in logs(case)},
    }


def build_log(log: Log, case: Case) -> Document:
    """Return one of the logs as it stands in a report."""
    return {
        "state": log.state,
        "name": scrub(log.name, 600) or None,
        "level": log.settings.level if log.kind == "execution" else None,
        "error": error(log, case) or None,
        "complete": log.complete,
        "lines": [
            {
                "time": moment(line.time),
                "text": line.text,
                "says": line.reading.says if line.reading else None,
                "code": line.reading.code if line.reading else None,
            }
            for line in log.lines
        ],
    }


def error(log: Log, case: Case) -> str:
    """Return why a log could not be read, "" where it could."""
    value = case.facts.get(log.read) if log.read else None
    return inert(f"{value.error} {value.detail}".strip(), 300) if isinstance(value, Unread) else ""


def moment(seconds: float) -> str:
    """Return a time as `2026-01-16T11:48:02.000Z`; "-" for what is no time."""
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    except (OverflowError, OSError, ValueError):
        return "-"


def time_of_day(moment: str) -> str:
    """Return the time of day of a time."""
    return moment.partition("T")[2].rstrip("Z") or moment


def state_of(log: Document, texts: Texts) -> str:
    """Return a log's state in words."""
    params = {"count": len(log["lines"]), "error": log["error"] or "?"}
    said = texts.screen("logs", f"is {log['state']}", **params)
    if log["level"] and log["state"] not in ("unread", "off"):
        return texts.screen("logs", "at level", state=said, level=log["level"])
    return said


def sentences(report: Document, texts: Texts) -> Iterator[str]:
    """Yield what a report says of the logs: the state of each, its lines below it."""
    found = report.get("logs") or {}
    for kind in ("execution", "access"):
        if kind not in found:
            continue
        log = found[kind]
        yield f"{texts.screen('logs', kind)}: {state_of(log, texts)}"
        for line in log["lines"]:
            says = f"  [{texts.screen('logs', 'says ' + line['says'])}]" if line["says"] else ""
            yield f"  {time_of_day(line['time'])}  {line['text']}{says}"
        if not log["complete"]:
            yield f"  {texts.screen('logs', 'incomplete')}"
        if log["state"] == "empty":
            yield f"  {texts.screen('logs', 'weak')}"
