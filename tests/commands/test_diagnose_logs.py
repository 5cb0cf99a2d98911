"""`diagnose --logs`: logs are read when asked for, by the ids of the answer; the report shows their lines."""

import http.client
import json
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from cogwizard.cli import main
from cogwizard.sandbox.environment import REGION
from cogwizard.sandbox.scenarios import SCENARIOS, serve
from cogwizard.sandbox.scenarios.scenario import Served

NAME = "logs-key-refused"


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch, aws_keys: None) -> Iterator[Served]:
    monkeypatch.setenv("AWS_REGION", REGION)
    with serve([NAME]) as running:
        yield running


def diagnose(served: Served, *extra: str) -> int:
    call = served.case(SCENARIOS[NAME], time.time()).call
    headers = [part for key, value in call.headers for part in ("-H", f"{key}: {value}")]
    return main(["diagnose", call.url, "--endpoint-url", served.url, *headers, *extra])


def asked(served: Served) -> list[str]:
    return [name for service, name, _ in served.sandbox.requests if service == "logs"]


def test_logs_are_read_when_asked_for(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    assert diagnose(served, "--format", "json") == 3
    assert "logs" not in json.loads(capsys.readouterr().out)
    assert asked(served) == []
    assert diagnose(served, "--format", "json", "--logs") == 1
    found = json.loads(capsys.readouterr().out)
    assert found["causes"] == ["api-key-required"]
    log = found["logs"]["execution"]
    assert (log["state"], log["level"], log["complete"]) == ("found", "INFO", True)
    assert log["lines"][-1]["code"] == "api-key-required"
    assert log["lines"][-1]["time"].endswith("Z")
    assert found["logs"]["access"]["state"] == "off"
    assert asked(served) == ["FilterLogEvents"]


def test_an_answer_that_was_given_is_looked_for(
    served: Served, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The call is not made again: its lines are found by the ids that the answer bears."""
    call = served.case(SCENARIOS[NAME], time.time()).call
    url = urlsplit(call.url)
    connection = http.client.HTTPConnection(url.netloc, timeout=5)
    connection.request("GET", url.path, headers=dict(call.headers))
    got = connection.getresponse()
    headers = "".join(f"{name}: {value}\r\n" for name, value in got.getheaders())
    pasted = tmp_path / "answer.txt"
    pasted.write_text(f"HTTP/1.1 {got.status} Forbidden\r\n{headers}\r\n{got.read().decode()}")
    connection.close()
    assert diagnose(served, "--response", str(pasted), "--logs") == 1
    text = capsys.readouterr().out
    assert "execution log: on; lines of this call: 5 (level INFO)" in text
    assert got.headers["x-amzn-RequestId"] in text
    assert "[the API key was refused, or none was sent]" in text
    assert sum(name == "Invoke" for _, name, _ in served.sandbox.requests) == 1


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_what_is_late_is_said(served: Served, capsys: pytest.CaptureFixture[str], form: str) -> None:
    served.sandbox.world.log_delay = 1000
    assert diagnose(served, "--logs", "--format", form) == 3
    text = capsys.readouterr().out
    assert "no line of this call was found" in text
    assert "Lines appear 10 to 60 seconds after a call" in text


def test_policy_with_logs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy"]) == 0
    assert "FilterLogEvents" not in capsys.readouterr().out
    assert main(["policy", "--logs", "--rest-api-id", "a1b2c3d4e5"]) == 0
    assert ":log-group:API-Gateway-Execution-Logs_a1b2c3d4e5/*:*" in capsys.readouterr().out
