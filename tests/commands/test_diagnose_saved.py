"""`diagnose --save` and `--from`: a colleague without an account gets the same findings."""

import json
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cogwizard.cli import main
from cogwizard.sandbox.environment import REGION
from cogwizard.sandbox.scenarios import SCENARIOS, serve
from cogwizard.text import Texts

URL = "https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/prod/orders"
ANSWER = 'HTTP/2 401\nx-amzn-errortype: UnauthorizedException\n\n{"message":"The incoming token has expired"}'


def offline(tmp_path: Path, *extra: str) -> int:
    """Judge a pasted answer without AWS."""
    response = tmp_path / "answer.txt"
    response.write_text(ANSWER)
    return main(["diagnose", URL, "--offline", "--response", str(response), "--format", "json", *extra])


def without(report: str) -> object:
    """Return a report without its commands: they hold account numbers, which a saved case has not."""
    found = json.loads(report)
    for item in found["findings"]:
        item["fixes"] = []
    return found


def test_the_same_report_without_account_and_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], aws_keys: None
) -> None:
    monkeypatch.setenv("AWS_REGION", REGION)
    path = tmp_path / "shared.json"
    with serve(["changes-not-deployed"]) as served:
        call = served.case(SCENARIOS["changes-not-deployed"], time.time()).call
        headers = [part for name, value in call.headers for part in ("-H", f"{name}: {value}")]
        options = ["--endpoint-url", served.url, "--format", "json", "--save", str(path)]
        assert main(["diagnose", call.url, *headers, *options]) == 1
    before = capsys.readouterr()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert Texts().message("case-saved", {"path": str(path)}) in before.err
    assert "123456789012" not in path.read_text()
    # Another program, which has nothing of ours and is refused every socket.
    code = f"""
import sys
def refuse(event, _):
    if event.startswith("socket."):
        raise RuntimeError("a saved case reached for the network")
sys.addaudithook(refuse)
from cogwizard.cli import main
code = main(["diagnose", "--from", {str(path)!r}, "--format", "json"])
assert not {{"boto3", "keyring", "textual"}} & set(sys.modules), "loaded for nothing"
sys.exit(code)
"""
    env = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, encoding="utf-8", timeout=60, check=False
    )
    assert done.returncode == 1, done.stderr
    assert without(done.stdout) == without(before.out)
    assert "cogwizard" in done.stderr
    assert "UTC" in done.stderr


def test_a_file_that_is_there_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "case.json"
    path.write_text("mine")
    assert offline(tmp_path, "--save", str(path)) == 2
    assert Texts().message("case-exists", {"path": str(path)}) in capsys.readouterr().err
    assert path.read_text() == "mine"
    assert offline(tmp_path, "--save", str(path), "--force") == 1
    capsys.readouterr()
    assert main(["diagnose", "--from", str(path), "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out)["causes"] == ["header-not-sent", "token-expired"]


def test_an_empty_file_is_written_over(tmp_path: Path) -> None:
    """As `mktemp` makes it."""
    path = tmp_path / "case.json"
    path.touch()
    assert offline(tmp_path, "--save", str(path)) == 1
    assert path.stat().st_size > 100


@pytest.mark.parametrize("place", ["none/case.json", "~nobody-of-this-name/case.json"])
def test_a_place_that_cannot_be_written(place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The report is there all the same."""
    assert offline(tmp_path, "--save", place if place[0] == "~" else str(tmp_path / place)) == 2
    said = capsys.readouterr()
    assert json.loads(said.out)["causes"] == ["header-not-sent", "token-expired"]
    assert place.partition("/")[0] in said.err


@pytest.mark.parametrize(
    "extra",
    [
        [URL],
        ["-X", "GET"],
        ["-H", "a: b"],
        ["--curl", "x"],
        ["--har", "x"],
        ["--response", "x"],
        ["--token", "env:X"],
        ["--source-ip", "10.0.0.1"],
        ["--rest-api-id", "a"],
        ["--stage", "a"],
        ["--offline"],
        ["--call"],
        ["--no-call"],
        ["--logs"],
        ["--origin", "https://app.example.com"],
        ["--save", "y"],
    ],
    ids=str,
)
def test_a_saved_case_stands_alone(extra: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diagnose", "--from", "case.json", *extra]) == 2
    assert Texts().message("from-alone", {}) in capsys.readouterr().err


@pytest.mark.parametrize(("text", "key"), [("", "case-empty"), ("{", "case-not-json"), ("{}", "case-no-case")])
def test_bad_input_is_said_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, key: str
) -> None:
    path = tmp_path / "case.json"
    path.write_text(text)
    assert main(["diagnose", "--from", str(path)]) == 2
    assert Texts().message(key, {}) in capsys.readouterr().err


def test_standard_output_is_for_the_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert offline(tmp_path, "--save", "-") == 2
    assert Texts().message("save-stdout", {}) in capsys.readouterr().err
