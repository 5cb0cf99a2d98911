"""What API Gateway logged of this call: which logs there are, what may be read of them, what their lines say.

No step of its own judges by them: a line narrows down what the answer says (`narrowed`), and stands as evidence beside
the cause that it proves.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal

from cogwizard.gateway import Reading, gate_of, read_answer
from cogwizard.intake.logline import LogReading, read_access, read_execution
from cogwizard.intake.mask import told
from cogwizard.model.case import Case
from cogwizard.model.finding import Evidence, Finding, Verdict
from cogwizard.model.log import LogKind, LogLines, LogSettings, execution_group, settings_of
from cogwizard.model.read_logs import GetAccount, LogRead, ReadAccessLog, ReadExecutionLog
from cogwizard.model.route import Route
from cogwizard.model.view import Hole

# unread: whether it is on is not known; elsewhere: it goes where it cannot be read; no-id: nothing to look for;
# offered: it could be read, and nobody said so; absent: on, but its group does not exist.
State = Literal["unread", "off", "elsewhere", "no-id", "offered", "reading", "failed", "absent", "empty", "found"]
# What a state is beside the verdicts of findings; the others do not apply.
VERDICTS: dict[State, Verdict] = {"found": "pass", "failed": "unknown", "unread": "unknown"}
_BEFORE, _AFTER = 60, 300  # seconds round the answer: lines bear the time of the call, clocks differ
_UNDATED = 3600
_ID = re.compile(r"[\w+/=:.-]{8,128}", re.ASCII)
_SOURCES: dict[LogKind, str] = {"execution": "the execution log", "access": "the access log"}
_LONGEST = 1024  # characters of a line that are shown: where API Gateway itself cuts them (9.1 [D])


@dataclass(frozen=True)
class Line:
    """A line as it may be shown, and what it says. `time` in Unix seconds."""

    time: float
    text: str
    reading: LogReading | None = None


@dataclass(frozen=True)
class Log:
    """One of a stage's two logs. `settings` are the execution log's; `name` is its group, or another destination."""

    kind: LogKind
    state: State
    name: str = ""
    settings: LogSettings = field(default_factory=LogSettings)
    read: LogRead | None = None
    lines: tuple[Line, ...] = ()
    complete: bool = True


def account_read(case: Case) -> GetAccount | None:
    """Return the read that tells whether API Gateway may write logs at all."""
    return GetAccount(case.api_region) if case.logs and case.api_region and case.stage else None


def request_ids(case: Case) -> tuple[str | None, str | None]:
    """Return the answer's request id and extended request id (9.3 [D]): what lines of this call are found by."""
    return _id(case, "x-amzn-requestid"), _id(case, "x-amz-apigw-id")


def _id(case: Case, header: str) -> str | None:
    value = (case.observed.header(header) or "").strip() if case.observed else ""
    return value if _ID.fullmatch(value) else None


def logs(case: Case) -> tuple[Log, Log]:
    """Return the execution log and the access log of the stage that the call names."""
    return _execution(case), _access(case)


def verdict(case: Case) -> Verdict:
    """Return what stands for the logs beside the verdicts of other steps: they have no finding of their own."""
    found = {VERDICTS.get(log.state, "skipped") for log in logs(case)}
    return "pass" if "pass" in found else "unknown" if "unknown" in found else "skipped"


def _execution(case: Case) -> Log:
    place, region, stage = case.place, case.api_region, case.stage
    if stage is None or not place.rest_api_id or not region:
        return Log("execution", "unread")
    name = execution_group(place.rest_api_id, stage.name)
    settings = _settings(case)
    if settings.level == "OFF":
        return Log("execution", "off", name, settings)
    # Each line begins with the request id; the extended one stands in a single line (9.1).
    rid, extended = request_ids(case)
    term = rid or extended
    if term is None:
        return Log("execution", "no-id", name, settings)
    read = ReadExecutionLog(region, term, *_window(case), place.rest_api_id, stage.name)
    return _read(case, Log("execution", "offered", name, settings, read))


def _settings(case: Case) -> LogSettings:
    """What is logged of the method; where the method is not known, the most that is logged of any."""
    found = case.stage.log_settings if case.stage else {}
    route = case.seen_as("deployed").route
    if isinstance(route, Route):
        return settings_of(found, route.resource, route.verb)
    if isinstance(route, Hole):
        return next((each for each in found.values() if each.level != "OFF"), LogSettings())
    return settings_of(found, "", "*")


def _access(case: Case) -> Log:
    region, stage = case.api_region, case.stage
    if stage is None or not region:
        return Log("access", "unread")
    if stage.access_log is None:
        return Log("access", "off")
    group = stage.access_log.group
    if group is None:
        return Log("access", "elsewhere", stage.access_log.destination)
    # A caller may choose the request id, but not the extended one: that is looked for where the format has it (9.3).
    rid, extended = request_ids(case)
    has_extended = "$context.extendedRequestId" in stage.access_log.format
    term = (extended if has_extended else None) or rid
    if term is None:
        return Log("access", "no-id", group)
    return _read(case, Log("access", "offered", group, read=ReadAccessLog(region, term, *_window(case), group)))


def _window(case: Case) -> tuple[int, int]:
    answer = case.observed
    date = (answer.date or answer.received_at) if answer else None
    if date is None:
        return int(case.now) - _UNDATED, int(case.now) + _AFTER
    return int(date) - _BEFORE, int(date) + _AFTER


def _read(case: Case, log: Log) -> Log:
    if not case.logs:
        return log
    if case.unread(log.read) or case.absent(log.read):
        return replace(log, state="absent" if case.absent(log.read) else "failed")
    found = case.known(log.read, LogLines)
    if found is None:
        return replace(log, state="reading")
    format_ = case.stage.access_log.format if case.stage and case.stage.access_log else ""
    lines = _lines(found, None if log.kind == "execution" else format_)
    return replace(log, state="found" if lines else "empty", lines=lines, complete=found.complete)


@lru_cache(maxsize=8)
def _lines(found: LogLines, format_: str | None) -> tuple[Line, ...]:
    """Return lines as they may be shown; `format_` is the access log's, None for the execution log."""
    return tuple(
        Line(
            line.time,
            told(line.text, _LONGEST),
            read_execution(line.text) if format_ is None else read_access(line.text, format_),
        )
        for line in found.lines
    )


def narrowed(seen: Reading, case: Case) -> Reading:
    """Return what the answer says, with what the log says of it: causes that share a fingerprint are told apart."""
    found = _believed(seen, case)
    if found is None or found[1].gate is None:
        return seen
    gate, code = found[1].gate, found[1].code
    codes = (code,) if code else tuple(each for each in seen.codes if gate_of(each) == gate)
    return replace(seen, gates=(gate,), codes=codes)


def confirmed(finding: Finding, case: Case) -> Finding:
    """Return a finding with the line that proves its code, if there is one: it settles what the rest left open."""
    if not case.logs or case.observed is None or finding.verdict not in ("fail", "unknown"):
        return finding
    found = _believed(read_answer(case.observed), case)
    if found is None or found[1].code != finding.code:
        return finding
    proof = Evidence("log line", "no refusal", found[0].text, _SOURCES[found[2]])
    if finding.verdict == "unknown":
        finding = replace(finding, verdict="fail", variant="logged", because=())
    return replace(finding, evidence=(*finding.evidence, proof))


def _believed(seen: Reading, case: Case) -> tuple[Line, LogReading, LogKind] | None:
    """Return the line that tells most of what stopped the call.

    It is believed only where the answer leaves it open: a caller may have given its call another one's id (9.3).
    """
    if not case.logs:
        return None
    told_of = [
        (line, line.reading, log.kind)
        for log in logs(case)
        for line in log.lines
        if line.reading
        if line.reading.gate in seen.gates and (line.reading.code is None or line.reading.code in seen.codes)
    ]
    return min(told_of, key=lambda item: item[1].code is None, default=None)


def reads(case: Case) -> Iterator[LogRead | GetAccount | None]:
    """Yield what is to be read of logs, once the user agreed."""
    if case.logs:
        yield account_read(case)
        for log in logs(case):
            yield log.read
