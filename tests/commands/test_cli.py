"""The command line: exit codes, sources, bad input in one sentence, JSON's shape."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cogwizard import __version__
from cogwizard.cli import main
from cogwizard.model.code import CODES
from cogwizard.sandbox.environment import REGION
from cogwizard.sandbox.scenarios import SCENARIOS, serve
from cogwizard.sandbox.scenarios.scenario import Served

URL = "https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/prod/orders"
TOKEN_EXPIRED = 'HTTP/2 401\nx-amzn-errortype: UnauthorizedException\n\n{"message":"The incoming token has expired"}'


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch, aws_keys: None) -> Iterator[Served]:
    monkeypatch.setenv("AWS_REGION", REGION)
    names = ["token-expired", "healthy-bearer", "healthy-not-replayed", "answer-not-explained", "healthy-custom-header"]
    with serve(names) as running:
        yield running


def diagnose(served: Served, name: str, *extra: str) -> int:
    call = served.case(SCENARIOS[name], time.time()).call
    headers = [part for key, value in call.headers for part in ("-H", f"{key}: {value}")]
    options = ["-X", call.method, "--endpoint-url", served.url, *headers, "--format", "json", *extra]
    return main(["diagnose", call.url, *options])


def report(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    out = capsys.readouterr().out
    found: dict[str, object] = json.loads(out)
    return found


def test_exit_codes(served: Served, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert diagnose(served, "token-expired") == 1
    assert report(capsys)["causes"] == ["token-expired"]
    assert diagnose(served, "healthy-bearer") == 0
    assert report(capsys)["outcome"] == "healthy"
    pasted = tmp_path / "answer.txt"
    pasted.write_text(
        'HTTP/1.1 401 Unauthorized\r\nx-amzn-ErrorType: UnauthorizedException\r\n\r\n{"message":"Unauthorized"}'
    )
    assert diagnose(served, "answer-not-explained", "--response", str(pasted)) == 3
    assert report(capsys)["outcome"] == "inconclusive"


def test_report_shape(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    diagnose(served, "token-expired")
    found = report(capsys)
    assert list(found) == ["schema", "outcome", "causes", "request", "observed", "predicted", "findings", "unread"]
    assert found["schema"] == "cogwizard/report@1"
    assert set(found["request"]) == {"method", "url", "headers", "rest_api_id", "stage", "resource", "region"}  # type: ignore[call-overload]
    assert found["observed"] == {
        "status": 401,
        "error_type": "UnauthorizedException",
        "message": "The incoming token has expired",
        "gate": "authorizer",
    }
    assert found["predicted"] == {
        "deployed": {"status": 401, "gate": "authorizer", "cause": "token-expired"},
        "draft": {"status": 401, "gate": "authorizer", "cause": "token-expired"},
        "after_fixes": {"status": None, "gate": "backend", "cause": None},
    }
    finding = next(item for item in found["findings"] if item["code"] == "token-expired")  # type: ignore[attr-defined]
    assert set(finding) == {"code", "step", "verdict", "explained_by", "title", "summary", "evidence", "fixes"}
    assert set(finding["fixes"][0]) == {"title", "console", "cli", "terraform", "sam", "cdk"}
    [[name, value]] = found["request"]["headers"]  # type: ignore[index]
    assert name == "authorization"
    assert value.startswith("Bearer id-token ")


def test_only_texts_follow_the_language(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    diagnose(served, "token-expired", "--lang", "en")
    english = report(capsys)
    diagnose(served, "token-expired", "--lang", "ja")
    japanese = report(capsys)
    assert english["causes"] == japanese["causes"]
    assert english["predicted"] == japanese["predicted"]
    one, two = (
        next(item for item in found["findings"] if item["code"] == "token-expired")  # type: ignore[attr-defined]
        for found in (english, japanese)
    )
    assert one["title"] != two["title"]
    assert next(item["actual"] for item in one["evidence"]).count("UTC") == 1
    assert one["fixes"][0]["cli"] == two["fixes"][0]["cli"]


def test_unsafe_methods_are_not_replayed_unasked(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    assert diagnose(served, "healthy-not-replayed") == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["observed"] is None
    assert "--call" in captured.err
    assert not [item for item in served.sandbox.requests if item[1] == "Invoke"]
    assert diagnose(served, "healthy-not-replayed", "--call") == 0
    assert report(capsys)["observed"]["status"] == 200  # type: ignore[index]


def test_given_token_goes_into_the_authorizers_header(
    served: Served, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    call = served.case(SCENARIOS["healthy-custom-header"], time.time()).call
    monkeypatch.setenv("TOKEN", call.headers[0][1])
    assert main(["diagnose", call.url, "--endpoint-url", served.url, "--token", "env:TOKEN", "--format", "json"]) == 0
    found = report(capsys)
    assert [name for name, _ in found["request"]["headers"]] == ["x-id-token"]  # type: ignore[index]


def test_given_token_fills_a_shell_variable(
    served: Served, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    call = served.case(SCENARIOS["healthy-bearer"], time.time()).call
    pasted = tmp_path / "curl.txt"
    pasted.write_text(f'curl "{call.url}" -H "Authorization: Bearer $TOKEN"')
    arguments = ["diagnose", "--curl", str(pasted), "--endpoint-url", served.url, "--format", "json"]
    assert main(arguments) == 3
    assert "env:TOKEN" in capsys.readouterr().out
    monkeypatch.setenv("TOKEN", call.headers[0][1].removeprefix("Bearer "))
    assert main([*arguments, "--token", "env:TOKEN"]) == 0


def test_offline(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    pasted = tmp_path / "answer.txt"
    pasted.write_text(TOKEN_EXPIRED)
    assert main(["diagnose", "--response", str(pasted), "--offline", "--format", "json"]) == 1
    assert report(capsys)["causes"] == ["token-expired"]
    pasted.write_text("HTTP/2 200\nx-amz-apigw-id: a=\n\n{}")
    assert (
        main(["diagnose", URL, "-H", "Authorization: x", "--response", str(pasted), "--offline", "--format", "json"])
        == 3
    )
    found = report(capsys)
    assert (found["outcome"], found["causes"]) == ("inconclusive", [])


def test_the_tokens_region_serves_where_none_is_set(
    served: Served, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    assert diagnose(served, "healthy-bearer") == 0
    assert report(capsys)["request"]["region"] == "ap-northeast-1"  # type: ignore[index]


def test_a_variable_in_single_quotes_is_a_placeholder(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    pasted = tmp_path / "curl.txt"
    pasted.write_text(f"curl '{URL}' -H 'Authorization: Bearer $TOKEN'")
    assert main(["diagnose", "--curl", str(pasted), "--offline", "--format", "json"]) == 1
    assert report(capsys)["causes"] == ["header-placeholder"]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["diagnose"],
        ["diagnose", "no-url"],
        ["diagnose", URL, "--token", "eyJhbGciOiJub25lIn0.e30.x"],
        ["diagnose", URL, "--token", "@/does/not/exist"],
        ["diagnose", URL, "--token", "env:NOT_SET"],
        ["diagnose", URL, "--token", "vault:work"],
        ["diagnose", URL, "--curl", "-"],
        ["diagnose", "--curl", "/does/not/exist"],
        ["diagnose", URL, "-H", "no colon"],
        ["diagnose", URL, "--source-ip", "999.1.1.1"],
        ["diagnose", URL, "--profile", "nobody"],
        ["diagnose", URL, "--endpoint-url", "nowhere"],
        ["diagnose", "https://api.example.com/orders"],
        ["diagnose", URL, "--timeout", "0"],
        ["diagnose", URL, "--log", "/does/not/exist/log"],
        ["explain", "no-such-code"],
        ["token", "@/does/not/exist"],
        ["demo", "no-such-scenario"],
        ["demo", "--serve", "--port", "99999999", "token-expired"],
    ],
)
def test_bad_input_is_one_sentence(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    for lang in ("en", "ja"):
        assert main([*arguments, "--lang", lang]) == 2
        captured = capsys.readouterr()
        assert captured.out == ""
        lines = captured.err.strip().splitlines()
        assert len(lines) == 1
        assert lines[0].startswith("cogwizard: ")
        assert "Traceback" not in captured.err
        assert "eyJ" not in captured.err


def test_unknown_arguments_are_not_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["diagnose", URL, "--password", "hunter2"])
    assert stopped.value.code == 2
    assert "hunter2" not in capsys.readouterr().err


def test_a_crash_is_told_without_its_text(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> int:
        raise RuntimeError("a secret text")

    monkeypatch.setattr("cogwizard.commands.policy.run", crash)
    assert main(["policy"]) == 3
    captured = capsys.readouterr()
    assert "RuntimeError" in captured.err
    assert "secret text" not in captured.err


def test_interrupted(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("cogwizard.commands.policy.run", interrupt)
    assert main(["policy"]) == 130


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"cogwizard {__version__}\n"


@pytest.mark.parametrize("command", ["diagnose", "explain", "token", "policy", "demo"])
def test_help_shows_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([command, "-h"])
    assert f"Example:\n  cogwizard {command}" in capsys.readouterr().out


@pytest.mark.parametrize("format_", ["text", "json", "markdown"])
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_every_code_has_a_page(format_: str, lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    for code in CODES:
        assert main(["explain", code, "--lang", lang, "--format", format_]) == 0
        out = capsys.readouterr().out
        assert code in out
        if format_ == "json":
            page = json.loads(out)
            assert page["schema"] == "cogwizard/explain@1"
            assert page["means"]
            assert page["why"]
            assert page["proof"]


def test_all_codes_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "--list"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(CODES)
    assert main(["explain", "--list", "--format", "json"]) == 0
    assert [row["code"] for row in json.loads(capsys.readouterr().out)["codes"]] == list(CODES)


def test_explain_reads_an_error_text(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def explain(text: str) -> int:
        paste = tmp_path / "paste"
        paste.write_text(text)
        with paste.open() as stdin:
            monkeypatch.setattr("sys.stdin", stdin)
            return main(["explain", "-", "--format", "json"])

    assert explain('{"message":"The incoming token has expired"}') == 0
    assert json.loads(capsys.readouterr().out)["codes"][0] == "token-expired"
    assert explain("the weather is fine") == 3
    assert json.loads(capsys.readouterr().out)["codes"] == []


def test_token_is_never_called_valid(
    served: Served, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOD", served.case(SCENARIOS["healthy-bearer"], time.time()).call.headers[0][1])
    monkeypatch.setenv("OLD", served.case(SCENARIOS["token-expired"], time.time()).call.headers[0][1])
    assert main(["token", "env:GOOD", "--format", "json"]) == 3
    page = json.loads(capsys.readouterr().out)
    assert page["verified"] is False
    assert page["claims"]["token_use"] == "id"
    assert main(["token", "env:OLD", "--format", "json"]) == 1
    assert [item["code"] for item in json.loads(capsys.readouterr().out)["stands_out"]] == ["token-expired"]
    for format_ in ("text", "markdown"):
        assert main(["token", "env:GOOD", "--format", format_, "--lang", "ja"]) == 3
        assert "token_use" in capsys.readouterr().out.replace("\\", "")


def test_demo_uses_nothing_of_the_users(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULTS_MODE", "AWS_CA_BUNDLE"):
        monkeypatch.setenv(name, "ghost")
    assert main(["demo", "wrong-pool", "--format", "json"]) == 1
    assert report(capsys)["causes"] == ["wrong-pool"]


def test_demo(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--list", "--format", "json"]) == 0
    assert [item["name"] for item in json.loads(capsys.readouterr().out)["scenarios"]] == list(SCENARIOS)
    assert main(["demo", "wrong-pool", "-v"]) == 1
    captured = capsys.readouterr()
    assert "1 wrong-pool" in captured.out
    assert "apigateway:GetExport" in captured.err


def test_log_holds_the_reads_and_is_private(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "log"
    assert main(["demo", "wrong-pool", "--log", str(log)]) == 1
    assert "web:GetKeys" in log.read_text()
    assert log.stat().st_mode & 0o077 == 0


def test_markdown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "wrong-pool", "--format", "markdown"]) == 1
    out = capsys.readouterr().out
    assert out.startswith("# ")
    assert "## 1. `wrong-pool`" in out
    assert "```sh\naws apigateway update-authorizer" in out


PASTED = "curl https://x/ -H 'Authorization: Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.c2ln'"


@pytest.mark.parametrize(
    "arguments",
    [
        ["diagnose", "--curl", PASTED],
        ["diagnose", "--response", PASTED],
        ["diagnose", URL, "--token", f"@{PASTED}"],
        ["diagnose", URL, "--token", "env:eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.c2ln"],
        ["diagnose", URL, "--token", ""],
        ["diagnose", "--curl", ""],
        ["diagnose", URL, "--profile", PASTED],
        ["explain", PASTED],
        ["demo", PASTED],
    ],
)
def test_a_paste_in_the_wrong_place_is_not_repeated(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert "eyJ" not in capsys.readouterr().err


def test_the_exit_code_outlives_a_reader_that_went_away() -> None:
    """`cogwizard demo | head -1` in a script with pipefail still says that a cause was found."""
    script = "import sys\nfrom cogwizard.__main__ import main\nsys.exit(main())"
    with subprocess.Popen(
        [sys.executable, "-c", script, "demo"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as run:
        assert run.stdout
        assert run.stderr
        run.stdout.close()
        narration = run.stderr.read()
        assert run.wait(60) == 1
    assert narration == b""


def test_closed_output_is_no_crash() -> None:
    script = "import sys\nsys.stdout = sys.stderr = None\nfrom cogwizard.__main__ import main\nsys.exit(main())"
    assert subprocess.run([sys.executable, "-c", script, "explain", "token-expired"], check=False).returncode == 0
