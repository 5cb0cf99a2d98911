"""`cogwizard postman` as people and scripts use it: on the sandbox, by arguments alone."""

import json
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cogwizard.cli import main
from cogwizard.sandbox.environment import KEYS, REGION
from cogwizard.sandbox.scenarios import SCENARIOS, serve
from cogwizard.text import Texts

SECRET = "canarysecret" * 4
TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJ0b2tlbl91c2UiOiJpZCIsImV4cCI6OTk5OTk5OTk5OX0.c2ln"


class Desk:
    """A healthy API and its app client on a sandbox."""

    def __init__(self, served: Any, capsys: pytest.CaptureFixture[str]) -> None:
        """Take what is served."""
        self.setting = served.settings["healthy-raw-token"]
        self.client, self.pool = self.setting.client, self.setting.pool
        self.url = served.case(SCENARIOS["healthy-raw-token"], time.time()).call.url
        self._common = ["--endpoint-url", served.url, "--region", REGION]
        self._capsys = capsys

    def run(self, *arguments: str, pool: bool = True) -> tuple[int, str, str]:
        """Run `postman` and return exit code, standard output and standard error."""
        given = ["--client-id", self.client.id, "--user-pool-id", self.pool.id] if pool else []
        try:
            code = main(["postman", arguments[0], *self._common, *given, *arguments[1:]])
        except SystemExit as end:
            code = int(str(end.code))
        out, err = self._capsys.readouterr()
        return code, out, err

    def report(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        """Run `postman` with JSON and return exit code and report."""
        code, out, _ = self.run(*arguments, "--format", "json")
        return code, json.loads(out)


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Desk]:
    """Yield a desk, with AWS keys in the environment."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEYS[0])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", KEYS[1])
    with serve(["healthy-raw-token"]) as served:
        yield Desk(served, capsys)


def test_a_checklist_in_order_ends_with_0(desk: Desk) -> None:
    code, report = desk.report("checklist", desk.url)
    assert (code, report["outcome"], report["causes"]) == (0, "healthy", [])
    entries = {entry["key"]: entry["value"] for line in report["checklist"] for entry in line["entries"]}
    assert entries["redirect_uri"] == "http://localhost:9876/callback"
    assert entries["useTokenType"] == "ID token"
    assert report["request"]["wanted"] == "id-token"


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("format", ["text", "json", "markdown"])
def test_no_form_shows_the_secret(desk: Desk, format: str, lang: str) -> None:
    desk.client.secret = SECRET
    code, out, err = desk.run("checklist", desk.url, "--format", format, "--lang", lang, "-v")
    assert code == 0
    assert SECRET not in out + err
    assert "Client Secret" in out


def test_what_was_entered_is_compared(desk: Desk) -> None:
    code, report = desk.report("checklist", desk.url, "--postman", "web", "--scope", "openid phone")
    assert (code, report["causes"]) == (1, ["redirect-mismatch", "scope-not-allowed"])
    callback = next(line for line in report["checklist"] if line["step"] == "postman_callback")
    assert callback["verdict"] == "fail"


def test_the_postman_that_is_assumed_is_named(desk: Desk) -> None:
    assert "Which Postman: Desktop app, pop-up" in desk.run("checklist", desk.url)[1]
    assert "Which Postman: Postman on the web" in desk.run("checklist", desk.url, "--postman", "web")[1]


def test_without_a_call_nobody_knows_which_token(desk: Desk) -> None:
    code, report = desk.report("checklist")
    assert (code, report["outcome"]) == (3, "inconclusive")
    assert "id-token-not-selected" in [item["code"] for item in report["findings"] if item["verdict"] == "unknown"]


def test_a_probe_tells_what_the_endpoints_answer(desk: Desk) -> None:
    assert desk.report("checklist", desk.url)[1]["request"]["probed"] == {}
    code, report = desk.report("checklist", desk.url, "--probe")
    assert (code, report["request"]["probed"]) == (0, {"authorize": "taken", "token": "taken"})
    assert "authorize: request taken, token: request taken" in desk.run("checklist", desk.url, "--probe")[1]
    assert "authorize: 受け付けました" in desk.run("checklist", desk.url, "--probe", "--lang", "ja")[1]


def test_a_probe_tells_an_answer_without_words_by_its_status(desk: Desk) -> None:
    arguments = ("checklist", desk.url, "--probe", "--token-url", f"{desk.url.partition('/_aws')[0]}/oauth2/none")
    answer = desk.report(*arguments)[1]["request"]["probed"]["token"]
    assert answer.startswith("HTTP 4")


def test_a_lint_tells_what_was_looked_at_and_nothing_of_endpoints(desk: Desk, exported: tuple[str, str]) -> None:
    out = desk.run("lint", exported[0], "--offline")[1]
    assert Texts("en").screen("postman", "lint read", requests=3, auths=3) in out
    assert "endpoints" not in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["checklist"], "--client-id"),
        (["checklist", "--client-id", "4p3a"], "--user-pool-id"),
        (["checklist", "--client-id", "a b", "--user-pool-id", "eu-west-1_AbCdEf123"], "client ID"),
        (["checklist", "--client-id", "4p3a", "--user-pool-id", "nonsense"], "user pool ID"),
        (["export", "--client-id", "4p3a", "--user-pool-id", "eu-west-1_AbCdEf123"], "URL"),
        (["lint", "there-is-no-such-file.json"], "there-is-no-such-file.json"),
        (["lint"], "FILE"),
    ],
)
def test_what_is_missing_is_named(desk: Desk, arguments: list[str], said: str) -> None:
    code, _, err = desk.run(*arguments, pool=False)
    assert code == 2
    assert said in err


# -- export --------------------------------------------------------------------------------------------------------


def test_an_export_is_for_its_owner_alone_and_never_written_over_unasked(desk: Desk, tmp_path: Path) -> None:
    desk.client.secret = SECRET
    arguments = ("export", desk.url, "--out", str(tmp_path), "--as", "postman", "--as", "curl")
    code, out, _ = desk.run(*arguments)
    assert code == 0
    paths = [Path(line) for line in out.splitlines()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths} == {0o600}
    assert not [path for path in paths if SECRET in path.read_text()]
    kept = {path: path.read_bytes() for path in paths}
    paths[0].write_text("mine")
    code, out, err = desk.run(*arguments)
    assert (code, out) == (2, "")
    assert "--force" in err
    assert paths[0].read_text() == "mine"
    assert desk.run(*arguments, "--force")[0] == 0
    assert {path: path.read_bytes() for path in paths} == kept, "the same bytes again"


def test_an_export_of_a_set_up_that_fails_says_so(desk: Desk, tmp_path: Path) -> None:
    code, _, err = desk.run("export", desk.url, "--out", str(tmp_path), "--postman", "web")
    assert code == 1
    assert "redirect-mismatch" in err


def test_a_directory_that_is_not_there_is_said(desk: Desk, tmp_path: Path) -> None:
    code, _, err = desk.run("export", desk.url, "--out", str(tmp_path / "none"))
    assert code == 2
    assert "directory" in err


def test_a_pasted_curl_command_is_exported_with_its_body_and_without_its_secrets(desk: Desk, tmp_path: Path) -> None:
    pasted = tmp_path / "call.txt"
    pasted.write_text(f"curl -X POST '{desk.url}' -H 'Authorization: Bearer {TOKEN}' --data '{{\"amount\": 17}}'")
    out = tmp_path / "out"
    out.mkdir()
    desk.run("export", "--curl", str(pasted), "--out", str(out))
    collection = next(path.read_text() for path in out.iterdir() if "collection" in path.name)
    assert "amount" in collection
    assert TOKEN not in collection
    request = json.loads(collection)["item"][0]["request"]
    assert (request["method"], json.loads(request["body"]["raw"])) == ("POST", {"amount": 17})


def test_the_json_of_an_export_names_the_files(desk: Desk, tmp_path: Path) -> None:
    code, report = desk.report("export", desk.url, "--out", str(tmp_path))
    assert code == 0
    assert sorted(report["files"]) == sorted(str(path) for path in tmp_path.iterdir())


# -- lint ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def exported(desk: Desk, tmp_path: Path) -> tuple[str, str]:
    """Return the paths of an exported collection and its environment."""
    desk.run("export", desk.url, "--out", str(tmp_path))
    names = sorted(str(path) for path in tmp_path.iterdir())
    return names[0], names[1]


def test_an_export_lints_clean(desk: Desk, exported: tuple[str, str]) -> None:
    before = [Path(path).read_bytes() for path in exported]
    for more in ([], ["--offline"]):
        code, report = desk.report("lint", exported[0], "--environment", exported[1], "--url", desk.url, *more)
        assert (code, report["causes"]) == (3, []), "which token is sent stands in no file"
        assert [item["code"] for item in report["findings"] if item["verdict"] == "warn"] == []
    assert [Path(path).read_bytes() for path in exported] == before


def test_a_broken_file_is_compared_with_the_app_client(desk: Desk, exported: tuple[str, str]) -> None:
    path = Path(exported[0])
    path.write_text(path.read_text().replace("localhost:9876/callback", "localhost:9876/callback/"))
    code, report = desk.report("lint", exported[0], "--environment", exported[1])
    assert (code, report["causes"]) == (1, ["redirect-mismatch"])
    assert report["collection"]["version"] == "2.1"


def test_what_nobody_named_has_no_remedy(desk: Desk, exported: tuple[str, str]) -> None:
    code, out, _ = desk.run("lint", exported[0], "--environment", exported[1], "--format", "json", pool=False)
    found = {item["code"]: item for item in json.loads(out)["findings"]}
    assert code == 3
    for name in ("redirect-mismatch", "scope-not-in-token"):  # no app client, no call
        assert (found[name]["verdict"], found[name]["fixes"]) == ("unknown", [])


def test_a_token_in_a_file_is_a_finding_and_never_shown(desk: Desk, exported: tuple[str, str]) -> None:
    path = Path(exported[1])
    environment = json.loads(path.read_text())
    for item in environment["values"]:
        if item["key"] == "id_token":
            item["value"] = TOKEN
    path.write_text(json.dumps(environment))
    for format in ("text", "json", "markdown"):
        code, out, err = desk.run("lint", exported[0], "--environment", exported[1], "--offline", "--format", format)
        assert code == 3
        assert TOKEN not in out + err
        assert "secret-in-file" in out


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "empty"),
        ("not json", "JSON"),
        ('{"openapi": "3.0.1", "paths": {}}', "OpenAPI"),
        ("[]", "collection"),
        ('{"id": "x", "name": "dev", "values": [], "_postman_variable_scope": "environment"}', "environment"),
    ],
)
def test_what_is_no_collection_is_said(desk: Desk, tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "lint.json"
    path.write_text(content)
    code, out, err = desk.run("lint", str(path), "--offline")
    assert (code, out) == (2, "")
    assert said in err
    assert path.read_text() == content


def test_a_directory_of_the_newest_format_is_recognised(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / ".resources").mkdir()
    (tmp_path / ".resources" / "definition.yaml").write_text("$kind: collection\n")
    (tmp_path / "List.request.yaml").write_text("$kind: http-request\n")
    code, _, err = desk.run("lint", str(tmp_path), "--offline")
    assert code == 2
    assert "2.1" in err


def test_offline_needs_no_credentials(desk: Desk, exported: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    assert desk.run("lint", exported[0], "--offline", pool=False)[0] == 3
