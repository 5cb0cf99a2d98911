"""The whole program against an AWS behind a private authority, with nothing but the usual variables."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cogwizard.aws.session import Settings
from cogwizard.cli import main
from cogwizard.sandbox import Sandbox, World
from cogwizard.sandbox.certificates import Authority
from cogwizard.sandbox.environment import KEYS, environment
from cogwizard.sandbox.scenarios import SCENARIOS, serve
from cogwizard.sandbox.scenarios.scenario import Served
from cogwizard.text import Texts
from cogwizard.ui.home import Home
from cogwizard.ui.session import Session
from tests.signin.login_kit import PASSWORD, SECRET, Bench
from tests.ui.driver import Driver, drive

NAMES = ("healthy-bearer", "token-expired", "changes-not-deployed", "signature-invalid")


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="module")
def served(authority: Authority) -> Iterator[Served]:
    """Scenarios in a sandbox that takes signed requests only."""
    with serve(NAMES, tls=authority.context(), keys=KEYS) as running:
        yield running


@pytest.fixture
def trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, own_home: None) -> Path:
    ca = tmp_path / "ca.pem"
    ca.write_bytes(authority.pem)
    monkeypatch.setenv("AWS_CA_BUNDLE", str(ca))
    return ca


@pytest.fixture
def pointed(served: Served, monkeypatch: pytest.MonkeyPatch, own_home: None) -> Served:
    for name, value in environment(served.url).items():
        monkeypatch.setenv(name, value)
    return served


def words(served: Served, name: str, *more: str) -> list[str]:
    call = served.case(SCENARIOS[name], time.time()).call
    headers = [part for key, value in call.headers for part in ("-H", f"{key}: {value}")]
    return ["diagnose", call.url, "-X", call.method, *headers, "--format", "json", *more]


def report(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_the_same_causes_as_over_http(
    name: str, pointed: Served, trusted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Keys and replay over TLS too; each call of AWS's APIs is signed, and nothing unsigned goes to one."""
    pointed.sandbox.requests.clear()
    expected = SCENARIOS[name]
    assert main(words(pointed, name)) == (0 if expected.outcome == "healthy" else 1)
    found = report(capsys)
    assert (found["causes"], found["outcome"]) == (list(expected.causes), expected.outcome)
    assert found["unread"] == []
    assert found["observed"]["status"] == (200 if expected.outcome == "healthy" else 401)
    asked = {operation for _, operation, _ in pointed.sandbox.requests}
    assert {"GetExport", "GetKeys", "Invoke"} <= asked


def test_in_a_process_of_its_own(pointed: Served, trusted: Path) -> None:
    command = [sys.executable, "-m", "cogwizard", *words(pointed, "token-expired")]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 1, ran.stderr
    assert json.loads(ran.stdout)["causes"] == ["token-expired"]


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_without_the_authority_nothing_is_fine_and_it_says_what_to_do(
    lang: str, pointed: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words(pointed, "healthy-bearer", "--lang", lang)) == 3
    found = report(capsys)
    assert (found["outcome"], found["causes"], found["observed"]) == ("inconclusive", [], None)
    assert {item["error"] for item in found["unread"]} == {"CertificateAuthorityUnknown"}
    told = next(item for item in found["findings"] if item["code"] == "aws-unreachable")
    assert told["verdict"] == "unknown"
    assert "AWS_CA_BUNDLE" in told["summary"]
    assert [fix["cli"].split("=")[0] for fix in told["fixes"]] == ["export AWS_CA_BUNDLE"]


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_bundle_that_is_none_is_bad_usage(
    lang: str, pointed: Served, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = str(tmp_path / "missing.pem")
    monkeypatch.setenv("AWS_CA_BUNDLE", missing)
    assert main([*words(pointed, "healthy-bearer"), "--lang", lang]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert missing in captured.err
    assert "AWS_CA_BUNDLE" in captured.err


# -- signing in ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def running(authority: Authority) -> Iterator[Sandbox]:
    with Sandbox(World(), tls=authority.context(), keys=KEYS) as sandbox:
        yield sandbox


@pytest.fixture
def bench(running: Sandbox, monkeypatch: pytest.MonkeyPatch, own_home: None) -> Bench:
    made = Bench(running)
    for name, value in environment(running.url).items():
        monkeypatch.setenv(name, value)
    return made


def logged_in(bench: Bench, flow: str, client: str, *more: str) -> int:
    ids = ["--user-pool-id", bench.pool.id, "--client-id", client]
    return main(["login", flow, *ids, "--print", "access", *more])


@pytest.mark.parametrize("flow", ["password", "srp", "admin", "client-credentials"])
def test_tokens_over_tls(
    flow: str, bench: Bench, trusted: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Signed where AWS wants it (admin), unsigned elsewhere; the token endpoint by the same policy."""
    monkeypatch.setenv("GIVEN", SECRET if flow == "client-credentials" else PASSWORD)
    if flow == "client-credentials":
        grant = {"AllowedOAuthFlows": ["client_credentials"], "AllowedOAuthScopes": ["shop/read"]}
        client = bench.client("machine", secret=SECRET, **grant).id
        code = logged_in(bench, flow, client, "--client-secret", "env:GIVEN", "--scope", "shop/read")
    else:
        code = logged_in(bench, flow, bench.web.id, "--username", "hanako", "--password", "env:GIVEN")
    captured = capsys.readouterr()
    assert (code, captured.out.count(".")) == (0, 2), captured.err


def test_a_code_over_tls(bench: Bench, trusted: Path) -> None:
    from cogwizard.ports import Ports

    bench.ports = Ports(Settings(region=bench.pool.region, timeout=30))
    login = bench.login("browser", username=None)
    assert bench.brought(login), login.refusal
    assert login.tokens is not None
    assert login.tokens.id_token


@pytest.mark.parametrize("flow", ["password", "client-credentials"])
def test_no_password_and_no_secret_is_sent_to_whom_nobody_vouches_for(
    flow: str, bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GIVEN", PASSWORD)
    who = ["--username", "hanako", "--password", "env:GIVEN"]
    if flow == "client-credentials":
        who = ["--client-secret", "env:GIVEN", "--domain", bench.sandbox.url]
    assert logged_in(bench, flow, bench.web.id, *who) == 3
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "AWS_CA_BUNDLE" in captured.err
    assert PASSWORD not in captured.err
    assert bench.sandbox.requests == []


# -- the wizard ------------------------------------------------------------------------------------------------------


def test_the_wizard_from_home_to_verdict(pointed: Served, trusted: Path) -> None:
    call = pointed.case(SCENARIOS["token-expired"], time.time()).call
    lines = [f"curl '{call.url}'", *(f"-H '{name}: {value}'" for name, value in call.headers)]

    async def script(wizard: Driver) -> None:
        await wizard.until(lambda: isinstance(wizard.app.screen, Home), "home")
        await wizard.paste(" ".join(lines))
        await wizard.press("f5")
        journey = await wizard.judged()
        assert journey.run_now is not None
        assert journey.run_now.judgement is not None
        assert journey.run_now.judgement.causes == ("token-expired",)

    drive(script, session=Session(Texts("en"), Settings(timeout=10.0)))
