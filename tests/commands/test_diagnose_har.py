"""`diagnose --har`, from the file to the report."""

import io
import json
import os
import sys
import time
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest

from cogwizard.cli import main
from cogwizard.sandbox.environment import REGION
from cogwizard.sandbox.scenarios import SCENARIOS, serve
from cogwizard.sandbox.scenarios.scenario import Served
from tests.intake.recordings import Entry, chrome, chrome_preflight, data, har

EXPIRED = '{"message":"The incoming token has expired"}'


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch, aws_keys: None) -> Iterator[Served]:
    monkeypatch.setenv("AWS_REGION", REGION)
    with serve(["token-expired", "healthy-bearer"]) as running:
        yield running


@pytest.fixture
def token(served: Served) -> str:
    return served.case(SCENARIOS["token-expired"], time.time()).call.values("authorization")[0]


def recorded(served: Served, token: str | None, body: str = EXPIRED) -> Entry:
    """Return the entry of the expired token's call."""
    call = served.case(SCENARIOS["token-expired"], time.time()).call
    headers = {"accept": "*/*", **({"authorization": token} if token else {}), "x-session": "c4nary-header"}
    answered = {
        "Date": formatdate(usegmt=True),
        "x-amzn-ErrorType": "UnauthorizedException",
        "set-cookie": "id=c4nary-cookie",
    }
    return chrome(call.method, call.url, headers, answered=answered, body=body)


def diagnose(
    served: Served, capsys: pytest.CaptureFixture[str], path: object, *more: str
) -> tuple[int, dict[str, Any], str]:
    code = main(["diagnose", "--har", str(path), "--endpoint-url", served.url, "--format", "json", *more])
    out, err = capsys.readouterr()
    return code, json.loads(out) if out else {"said": err}, err


def verdicts(report: dict[str, Any]) -> dict[str, str]:
    return {item["code"]: item["verdict"] for item in report["findings"]}


def test_the_recorded_answer_is_judged(
    served: Served, token: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Nothing is called again; what the recording holds of secrets is told nowhere."""
    file = tmp_path / "a recording.har"
    entry = recorded(served, token)
    entry["request"]["postData"] = {"text": '{"password":"c4nary-body"}'}
    file.write_bytes(data(har([chrome(url="https://shop.example.com/", status=200, kind="document"), entry])))
    code, report, said = diagnose(served, capsys, file)
    assert (code, report["causes"]) == (1, ["token-expired"])
    assert report["observed"]["message"] == "The incoming token has expired"
    assert "Entry 2 of 2" in said
    shown = json.dumps(report) + said
    assert "c4nary" not in shown
    assert token.removeprefix("Bearer ") not in shown


def test_a_recording_without_its_headers_leaves_the_header_unknown(
    served: Served, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "shared.har"
    file.write_bytes(data(har([recorded(served, None, '{"message":"Unauthorized"}')])))
    code, report, said = diagnose(served, capsys, file)
    assert (code, report["outcome"], report["causes"]) == (3, "inconclusive", [])
    assert {verdicts(report)[name] for name in ("header-not-sent", "token-expired", "header-malformed")} == {"unknown"}
    assert "--token" in said


def test_the_token_can_be_given_beside_it(
    served: Served, token: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "shared.har"
    file.write_bytes(data(har([recorded(served, None)])))
    monkeypatch.setenv("TOKEN", token.removeprefix("Bearer "))
    code, report, _ = diagnose(served, capsys, file, "--token", "env:TOKEN")
    assert (code, report["causes"]) == (1, ["token-expired"])


def test_a_header_that_the_preflight_does_not_name_was_not_sent(
    served: Served, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    entry = recorded(served, None, '{"message":"Unauthorized"}')
    file = tmp_path / "shared.har"
    file.write_bytes(data(har([entry, chrome_preflight(entry["request"]["url"], names="x-session")])))
    _, report, said = diagnose(served, capsys, file)
    assert "header-not-sent" in report["causes"]
    assert "entry 2" in said


def test_another_entry_and_standard_input(
    served: Served, token: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = data(har([recorded(served, token), recorded(served, None)]))
    file = tmp_path / "two.har"
    file.write_bytes(text)
    code, report, said = diagnose(served, capsys, f"{file}#1")
    assert (code, report["causes"]) == (1, ["token-expired"])
    assert "Entry 1 of 2" in said
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    code, _, said = diagnose(served, capsys, "-")
    assert "Entry 2 of 2" in said


def test_a_file_whose_name_looks_like_a_choice_is_a_file(
    served: Served, token: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "a.har#7"
    file.write_bytes(data(har([recorded(served, token)])))
    assert diagnose(served, capsys, file)[0] == 1


def test_bad_input_is_one_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "page.har"
    page.write_text("<html>")
    paths = [page, tmp_path, tmp_path / "none.har", "\0"]
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.har")
        paths.append(tmp_path / "pipe.har")
    for path in paths:
        assert main(["diagnose", "--har", str(path), "--offline"]) == 2
        out, err = capsys.readouterr()
        assert (out, err.count("\n")) == ("", 1)
        assert err.startswith("cogwizard: ")
    for more in (["--curl", "x"], ["https://example.com"]):
        assert main(["diagnose", "--har", str(page), *more]) == 2
        assert "--har" in capsys.readouterr().err
    assert main(["diagnose", "--har", "-", "--response", "-"]) == 2
    assert "--har" in capsys.readouterr().err
