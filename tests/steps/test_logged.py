"""What is read of logs and when, what a line settles, and that none settles anything the answer does not leave open."""

import pytest

from cogwizard.gateway import read_answer
from cogwizard.judgement import judge
from cogwizard.model.answer import Answer
from cogwizard.model.api import Stage
from cogwizard.model.call import Call, Target
from cogwizard.model.case import Case
from cogwizard.model.log import AccessLog, Account, LogLine, LogLines, LogSettings, settings_of
from cogwizard.model.read import Absent, Read, Unread
from cogwizard.model.read_api import GetStages
from cogwizard.model.read_logs import GetAccount, ReadAccessLog, ReadExecutionLog
from cogwizard.steps import TROUBLESHOOT
from cogwizard.steps.logged import Log, logs, narrowed, request_ids, verdict
from cogwizard.steps.logs import LogsStep

R, API, NOW = "eu-west-1", "abc123", 1_768_564_082.0
RID, EXTENDED = "528f3782-6bf1-4105-afdc-25510ef9e521", "528f37826bf1410="
IDS = (("x-amzn-RequestId", RID), ("x-amz-apigw-id", EXTENDED))
FORBIDDEN = Answer(403, (*IDS, ("x-amzn-ErrorType", "ForbiddenException")), '{"message":"Forbidden"}', NOW)
GROUP = "arn:aws:logs:eu-west-1:123456789012:log-group:/apigateway/shop:*"
ON = {"*/*": LogSettings("INFO")}
EXECUTION = ReadExecutionLog(R, RID, int(NOW) - 60, int(NOW) + 300, API, "prod")
KEY_LINE = f"({RID}) API Key  not authorized because method 'GET /orders' requires API Key"


def case(stage: Stage | None = None, answer: Answer | None = FORBIDDEN, *, logs: bool = True, **lines: object) -> Case:
    """A case whose stage is known; `lines`: what the execution log gave."""
    target = Target("execute-api", f"{API}.execute-api.{R}.amazonaws.com", "/orders", API, "prod", R)
    stages = (stage or Stage("prod", log_settings=ON),)
    facts: dict[Read, object] = {GetStages(R, API): stages}
    if lines:
        facts[EXECUTION] = lines["found"]
    call = Call("GET", f"https://{target.host}/prod/orders")
    return Case(call, target, NOW, region=R, answer=answer, facts=facts, logs=logs)


def found(*texts: str) -> LogLines:
    return LogLines(tuple(LogLine(NOW, text) for text in texts))


def states(of: Case) -> tuple[str, str]:
    execution, access = logs(of)
    return execution.state, access.state


def test_nothing_is_read_until_the_user_agrees() -> None:
    assert list(LogsStep().wants(case(logs=False))) == []
    assert states(case(logs=False)) == ("offered", "off")
    assert list(LogsStep().wants(case())) == [GetAccount(R), EXECUTION, None]


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        (Stage("prod"), ("off", "off")),
        (Stage("other"), ("unread", "unread")),
        (Stage("prod", log_settings={"*/*": LogSettings("ERROR")}), ("reading", "off")),
        (Stage("prod", access_log=AccessLog(GROUP, "$context.requestId")), ("off", "reading")),
        (Stage("prod", access_log=AccessLog("arn:aws:firehose:eu-west-1:1:deliverystream/x")), ("off", "elsewhere")),
    ],
)
def test_what_a_stage_logs(stage: Stage, expected: tuple[str, str]) -> None:
    assert states(case(stage)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Unread(EXECUTION, "denied", "AccessDeniedException"), "failed"),
        (Absent(EXECUTION, "ResourceNotFoundException"), "absent"),
        (LogLines(), "empty"),
        (found(KEY_LINE), "found"),
    ],
)
def test_what_a_search_gave(value: object, expected: str) -> None:
    assert states(case(found=value))[0] == expected


def test_which_id_is_looked_for() -> None:
    """The extended id cannot be chosen by a caller, but it stands in one line of the execution log alone."""
    format_ = "$context.extendedRequestId $context.status"
    stage = Stage("prod", log_settings=ON, access_log=AccessLog(GROUP, format_))
    execution, access = (log.read for log in logs(case(stage)))
    assert execution == EXECUTION
    assert access == ReadAccessLog(R, EXTENDED, int(NOW) - 60, int(NOW) + 300, "/apigateway/shop")
    plain = Stage("prod", access_log=AccessLog(GROUP, "$context.requestId"))
    read = logs(case(plain))[1].read
    assert read is not None
    assert read.term == RID


@pytest.mark.parametrize(
    "answer",
    [
        None,
        Answer(403, (), '{"message":"Forbidden"}', NOW),
        Answer(403, (("x-amzn-RequestId", 'a" ?b\n'),), "", NOW),
        Answer(403, (("x-amzn-RequestId", "x" * 5000),), "", NOW),
    ],
)
def test_without_an_id_nothing_is_looked_for(answer: Answer | None) -> None:
    assert request_ids(case(answer=answer)) == (None, None)
    assert states(case(answer=answer))[0] == "no-id"
    assert [read for read in LogsStep().wants(case(answer=answer)) if read] == [GetAccount(R)]


def test_without_a_date_the_last_hour_is_searched() -> None:
    read = logs(case(answer=Answer(403, IDS)))[0].read
    assert read is not None
    assert (read.start, read.end) == (int(NOW) - 3600, int(NOW) + 300)


@pytest.mark.parametrize(
    ("key", "level"),
    [("~1orders~1{id}/GET", "INFO"), ("orders~1{id}/GET", "INFO"), ("~1orders/GET", "ERROR"), ("*/*", "INFO")],
)
def test_the_methods_own_setting_comes_first(key: str, level: str) -> None:
    settings = {"*/*": LogSettings("ERROR"), key: LogSettings("INFO")}
    assert settings_of(settings, "/orders/{id}", "GET").level == level


@pytest.mark.parametrize(
    ("line", "gates", "codes"),
    [
        (KEY_LINE, ("api-key",), ("api-key-required",)),
        ("Access denied. Reason: Could not find issuer for certificate", ("endpoint",), ("mutual-tls",)),
        (f"({RID}) Starting authorizer: x for request: {RID}", None, None),
        (f"({RID}) The incoming token has expired", None, None),  # what the answer is not, no line makes of it
        (f"({RID}) Unauthorized request: {RID}", None, None),
    ],
)
def test_a_line_tells_apart_what_the_answer_leaves_open(
    line: str, gates: tuple[str, ...] | None, codes: tuple[str, ...] | None
) -> None:
    seen = read_answer(FORBIDDEN)
    reading = narrowed(seen, case(found=found(line)))
    assert (reading.gates, reading.codes) == (gates or seen.gates, codes or seen.codes)
    assert narrowed(seen, case(logs=False, found=found(line))) == seen


def test_a_line_makes_a_cause_of_what_could_not_be_read() -> None:
    judged = judge(case(found=found(KEY_LINE)), TROUBLESHOOT)
    finding = next(item for item in judged.findings if item.code == "api-key-required")
    assert judged.causes == ("api-key-required",)
    assert (finding.verdict, finding.variant, judged.observed_gate) == ("fail", "logged", "api-key")
    assert "not authorized because" in finding.evidence[-1].actual
    assert finding.because == ()


def test_no_line_makes_no_cause() -> None:
    without = judge(case(logs=False), TROUBLESHOOT)
    for value in (LogLines(), Unread(EXECUTION, "denied", "AccessDeniedException")):
        judged = judge(case(found=value), TROUBLESHOOT)
        assert (judged.causes, judged.outcome) == (without.causes, without.outcome)


def test_lines_are_shown_without_secrets() -> None:
    line = found(f'({RID}) Method request body: password=canary-hunter2&code=1, {{"refresh_token":"canary-refresh"}}')
    shown = logs(case(found=line))[0].lines[0].text
    assert "canary" not in shown
    assert RID in shown
    assert "canary" not in repr(case(found=line))


def test_a_hostile_line_moves_no_cursor_and_is_cut() -> None:
    line = logs(case(found=found("\x1b[2J\u202eAPI Key " + "x" * 50_000)))[0].lines[0]
    assert line.text.isprintable()
    assert len(line.text) < 1100
    assert line.reading is None


def test_an_account_without_a_role_is_no_cause() -> None:
    with_role = case(found=LogLines()).with_fact(GetAccount(R), Account(None))
    assert judge(with_role, TROUBLESHOOT).causes == ()
    assert Log("execution", "off").settings == LogSettings()


def test_a_log_that_could_not_be_read_is_not_said_to_be_beside_the_point() -> None:
    assert verdict(case(found=found(KEY_LINE))) == "pass"
    assert verdict(case(found=Unread(EXECUTION, "denied", "AccessDeniedException"))) == "unknown"
    assert verdict(case(Stage("prod"))) == "skipped"
    assert verdict(case(logs=False)) == "skipped"
