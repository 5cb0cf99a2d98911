"""The reads of CloudWatch Logs, and of the role that API Gateway writes them with. As `apigateway`."""

import time
from collections.abc import Callable
from typing import Any

from cogwizard.aws.fields import expect, required, tables, text
from cogwizard.model import read_logs as reads
from cogwizard.model.inert import scrub
from cogwizard.model.log import Account, LogLine, LogLines
from cogwizard.model.read import Read

_MOST_PAGES = 50  # many of them may be empty, while there is more to come [D: FilterLogEvents]
_MOST_LINES = 200
_LONGEST = 8192  # characters of a line; an access log's format may be 3 KB long
_SECONDS = 20.0  # a search that takes longer is ended; what was found counts


def get_account(client: Any, _read: reads.GetAccount) -> Account:
    """Return API Gateway's settings of the account."""
    return Account(text(client.get_account(), "cloudwatchRoleArn"))


def read_log(client: Any, read: reads.LogRead) -> LogLines:
    """Return the lines that hold the read's term. They are inert and hold no token."""
    found: list[LogLine] = []
    arguments: dict[str, Any] = {
        "logGroupName": read.group,
        "filterPattern": '"' + read.term.replace("\\", "\\\\").replace('"', '\\"') + '"',
        "startTime": read.start * 1000,
        "endTime": read.end * 1000,
        "limit": _MOST_LINES,
    }
    seen: set[str] = set()
    began = time.monotonic()
    for _ in range(_MOST_PAGES):
        page = client.filter_log_events(**arguments)
        for event in tables(page, "events"):
            moment = expect(event.get("timestamp"), int, "timestamp") / 1000
            found.append(LogLine(moment, scrub(required(event, "message").strip(), _LONGEST)))
        token = text(page, "nextToken")
        if token is None:
            return LogLines(_sorted(found), len(found) <= _MOST_LINES)
        if token in seen or len(found) >= _MOST_LINES or time.monotonic() - began > _SECONDS:
            break
        seen.add(token)
        arguments["nextToken"] = token
    return LogLines(_sorted(found), complete=False)


def _sorted(lines: list[LogLine]) -> tuple[LogLine, ...]:
    # By time alone: what was written in one millisecond stays in AWS's order.
    return tuple(sorted(lines, key=lambda line: line.time)[:_MOST_LINES])


READERS: dict[type[Read], Callable[[Any, Any], Any]] = {
    reads.GetAccount: get_account,
    reads.ReadExecutionLog: read_log,
    reads.ReadAccessLog: read_log,
}
