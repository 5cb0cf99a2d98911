"""The reads of CloudWatch Logs against stubbed answers: pages, bounds, hostile lines; and a stage's log settings."""

from typing import Any

import pytest
from botocore.stub import Stubber

from cogwizard.aws import logs
from cogwizard.aws.reader import AwsReader
from cogwizard.aws.session import Clients, Settings
from cogwizard.model.log import AccessLog, Account, LogLines, LogSettings
from cogwizard.model.read import Absent, Read, Unread
from cogwizard.model.read_api import GetStages
from cogwizard.model.read_logs import GetAccount, ReadAccessLog, ReadExecutionLog

R, RID = "eu-west-1", "528f3782-6bf1-4105-afdc-25510ef9e521"
READ = ReadExecutionLog(R, RID, 1000, 1360, "abc123", "prod")
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJl"
pytestmark = pytest.mark.usefixtures("own_home", "aws_keys")


class Stubbed:
    """A reader whose clients answer what the test says."""

    def __init__(self, service: str) -> None:
        clients = Clients(Settings())
        self.reader, self.stub = AwsReader(clients), Stubber(clients.client(service, R))
        self.stub.activate()

    def run(self, read: Read) -> Any:
        value = self.reader.run(read)
        self.stub.assert_no_pending_responses()
        return value


@pytest.fixture
def world() -> Stubbed:
    return Stubbed("logs")


def asked(token: str | None = None, pattern: str = f'"{RID}"') -> dict[str, Any]:
    found: dict[str, Any] = {
        "logGroupName": "API-Gateway-Execution-Logs_abc123/prod",
        "filterPattern": pattern,
        "startTime": 1_000_000,
        "endTime": 1_360_000,
        "limit": 200,
    }
    return {**found, "nextToken": token} if token else found


def event(text: str, moment: int = 1_060_000) -> dict[str, Any]:
    return {"message": text, "timestamp": moment, "logStreamName": "x", "eventId": "1"}


def test_lines_of_all_pages_in_order_of_time(world: Stubbed) -> None:
    """A page may be empty with more to come."""
    world.stub.add_response("filter_log_events", {"events": [], "nextToken": "a"}, asked())
    world.stub.add_response("filter_log_events", {"nextToken": "b"}, asked("a"))
    later = [event("third", 1_060_002), event("first\n"), event("second")]
    world.stub.add_response("filter_log_events", {"events": later}, asked("b"))
    found = world.run(READ)
    assert [line.text for line in found.lines] == ["first", "second", "third"]
    assert found.lines[0].time == 1060.0
    assert found.complete


def test_a_search_that_does_not_end_is_ended(world: Stubbed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "_MOST_PAGES", 3)
    for token in (None, "1", "2"):
        answer = {"events": [event(f"after {token}")], "nextToken": str(int(token or 0) + 1)}
        world.stub.add_response("filter_log_events", answer, asked(token))
    found = world.run(READ)
    assert (len(found.lines), found.complete) == (3, False)


def test_a_search_that_takes_too_long_is_ended(world: Stubbed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "_SECONDS", -1.0)
    world.stub.add_response("filter_log_events", {"events": [event("one")], "nextToken": "a"}, asked())
    found = world.run(READ)
    assert (len(found.lines), found.complete) == (1, False)


def test_a_token_that_repeats_ends_it(world: Stubbed) -> None:
    for token in (None, "same"):
        world.stub.add_response("filter_log_events", {"events": [], "nextToken": "same"}, asked(token))
    assert world.run(READ) == LogLines((), complete=False)


def test_no_more_lines_than_the_bound(world: Stubbed) -> None:
    events = [event(f"line {number}") for number in range(250)]
    world.stub.add_response("filter_log_events", {"events": events}, asked())
    found = world.run(READ)
    assert (len(found.lines), found.complete) == (200, False)


def test_hostile_lines_are_made_harmless(world: Stubbed) -> None:
    """A line may hold a token where data tracing is on, and whatever a caller has sent."""
    text = f"\x1b[2J\u202eAuthorization={JWT}, account 123456789012, body {JWT}" + "x" * 100_000
    world.stub.add_response("filter_log_events", {"events": [event(text)]}, asked())
    found = world.run(READ)
    line = found.lines[0].text
    assert "eyJ" not in line
    assert "123456789012" not in line
    assert line.isprintable()
    assert len(line) < 9000
    assert "account" not in repr(found)


def test_a_hostile_id_stays_one_term(world: Stubbed) -> None:
    read = ReadExecutionLog(R, 'a" ?x "\\', 1000, 1360, "abc123", "prod")
    world.stub.add_response("filter_log_events", {}, asked(pattern='"a\\" ?x \\"\\\\"'))
    assert world.run(read) == LogLines()


def test_a_group_that_is_not_there_is_absent(world: Stubbed) -> None:
    world.stub.add_client_error("filter_log_events", "ResourceNotFoundException", "The specified log group ...")
    assert isinstance(world.run(READ), Absent)


@pytest.mark.parametrize(
    ("error", "reason"), [("AccessDeniedException", "denied"), ("ThrottlingException", "throttled")]
)
def test_a_refusal_is_unread(error: str, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    world = Stubbed("logs")
    world.stub.add_client_error("filter_log_events", error, "no", http_status_code=400)
    value = world.run(ReadAccessLog(R, RID, 1000, 1360, "/apigateway/shop"))
    assert isinstance(value, Unread)
    assert value.reason == reason


def test_the_role() -> None:
    world = Stubbed("apigateway")
    for answer, role in (({"cloudwatchRoleArn": "arn:aws:iam::1:role/x"}, "arn:aws:iam::1:role/x"), ({}, None)):
        world.stub.add_response("get_account", answer, {})
        assert world.run(GetAccount(R)) == Account(role)


def test_what_a_stage_logs() -> None:
    world = Stubbed("apigateway")
    format_ = "$context.requestId"
    stage = {
        "stageName": "prod",
        "methodSettings": {"*/*": {"loggingLevel": "INFO", "dataTraceEnabled": True}, "~1/GET": {}},
        "accessLogSettings": {"destinationArn": "arn:aws:logs:eu-west-1:1:log-group:shop:*", "format": format_},
    }
    world.stub.add_response("get_stages", {"item": [stage]}, {"restApiId": "abc123"})
    expected = AccessLog("arn:aws:logs:eu-west-1:1:log-group:shop:*", format_)
    settings = {"*/*": LogSettings("INFO", True), "~1/GET": LogSettings()}
    (found,) = world.run(GetStages(R, "abc123"))
    assert (found.log_settings, found.access_log) == (settings, expected)
    assert expected.group == "shop"
