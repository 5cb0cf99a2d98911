"""Ways to credentials that would ask a person, or never end."""

import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from cogwizard.aws.reader import AwsReader
from cogwizard.aws.session import Clients, Settings
from cogwizard.model.read_api import GetStages
from cogwizard.model.read_web import GetCallerIdentity

R = "eu-west-1"
NOBODY = "http://127.0.0.1:1"
KEYS = '{"Version": 1, "AccessKeyId": "a", "SecretAccessKey": "s"}'


pytestmark = pytest.mark.usefixtures("own_home")


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0.0)


def run(tmp_path: Path, config: str, timeout: float = 5.0) -> Any:
    (tmp_path / "config").write_text(config)
    return AwsReader(Clients(Settings("p", R, NOBODY, timeout))).run(GetStages(R, "abc123"))


def program(tmp_path: Path, code: str) -> str:
    """Return a command that runs Python code."""
    (tmp_path / "program.py").write_text(code)
    return f"{sys.executable} {tmp_path / 'program.py'}"


def gone(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state == "Z"


ROLE = "role_arn = arn:aws:iam::123456789012:role/r\nmfa_serial = arn:aws:iam::123456789012:mfa/me\n"


@pytest.mark.parametrize(
    "config",
    [
        f"[profile p]\nsource_profile = s\n{ROLE}[profile s]\naws_access_key_id = a\naws_secret_access_key = b\n",
        f"[profile p]\nsource_profile = q\nrole_arn = arn:aws:iam::123456789012:role/q\n"
        f"[profile q]\nsource_profile = s\n{ROLE}[profile s]\naws_access_key_id = a\naws_secret_access_key = b\n",
    ],
)
def test_nobody_is_asked_for_an_mfa_code(
    config: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("getpass.getpass", lambda *_: pytest.fail("asked"))
    value = run(tmp_path, config)
    assert (value.reason, value.error) == ("credentials", "MfaCodeNeeded")
    assert "aws sts get-session-token" in value.detail
    assert "mfa_serial" in value.detail
    assert "12345678" not in repr(value)
    assert capfd.readouterr() == ("", "")


def test_a_program_that_gives_credentials(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code = f"import sys\nprint('CANARY', file=sys.stderr)\nassert sys.stdin.read() == ''\nprint({KEYS!r})\n"
    value = run(tmp_path, f"[profile p]\ncredential_process = {program(tmp_path, code)}\n")
    assert (value.reason, value.error) == ("unreachable", "EndpointConnectionError")
    assert capfd.readouterr() == ("", "")


HANGS = """import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
with open({path!r}, "a") as file:
    print(os.getpid(), child.pid, file=file)
time.sleep(600)
"""


@pytest.mark.parametrize("source", [False, True])
def test_a_program_that_hangs_is_ended_once_with_its_children(
    source: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cogwizard.aws.credentials.PATIENCE", 1.5)
    pids = tmp_path / "pids"
    name = "s" if source else "p"
    config = f"[profile {name}]\n"
    config += f"credential_process = {program(tmp_path, HANGS.format(path=str(pids)))}\n"
    if source:
        config += "[profile p]\nsource_profile = s\nrole_arn = arn:aws:iam::123456789012:role/r\n"
    (tmp_path / "config").write_text(config)
    reader = AwsReader(Clients(Settings("p", R, NOBODY, 1.5)))
    start = time.monotonic()
    for read in (GetStages(R, "abc123"), GetCallerIdentity(R)):
        value = reader.run(read)
        assert (value.reason, value.error) == ("credentials", "CredentialProcessFailed")
        assert f"the profile {name} gave no answer within 1.5 seconds" in value.detail
    assert time.monotonic() - start < 6.0
    lines = pids.read_text().splitlines()
    assert len(lines) == 1
    assert all(gone(int(pid)) for pid in lines[0].split())


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("print('CANARY no json')", "CredentialProcessFailed"),
        ("import sys; sys.stdout.buffer.write(b'\\xff')", "CredentialProcessFailed"),
        ("print('[]')", "CredentialProcessFailed"),
        ("import sys; sys.stderr.buffer.write(b'\\xff no'); sys.exit(1)", "CredentialRetrievalError"),
        ("print('{\"Version\": 2}')", "CredentialRetrievalError"),
    ],
)
def test_a_program_that_fails(code: str, error: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    value = run(tmp_path, f"[profile p]\ncredential_process = {program(tmp_path, code)}\n")
    assert (value.reason, value.error) == ("credentials", error)
    assert "CANARY" not in value.detail
    assert capfd.readouterr() == ("", "")


def test_a_program_that_is_not_there(tmp_path: Path) -> None:
    value = run(tmp_path, f"[profile p]\ncredential_process = {tmp_path / 'ghost'}\n")
    assert (value.reason, value.error) == ("credentials", "CredentialProcessFailed")
    assert "profile p cannot be started" in value.detail


def test_ctrl_c_leaves_no_program_behind(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    config = f"[profile p]\ncredential_process = {program(tmp_path, HANGS.format(path=str(pids)))}\n"
    (tmp_path / "config").write_text(config)
    code = (
        "import signal, threading, time\n"
        # A shell that started the tests in the background may have had it ignored.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from cogwizard.aws.reader import AwsReader\n"
        "from cogwizard.aws.session import Clients, Settings\n"
        "from cogwizard.model.read_api import GetStages\n"
        f"reader = AwsReader(Clients(Settings('p', {R!r}, {NOBODY!r}, 300)))\n"
        f"threading.Thread(target=reader.run, args=(GetStages({R!r}, 'a'),), daemon=True).start()\n"
        "time.sleep(300)\n"
    )
    run = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while not (pids.exists() and pids.read_text().endswith("\n")) and time.monotonic() < deadline:
            time.sleep(0.05)
        run.send_signal(signal.SIGINT)
        run.wait(60)  # far less than what would end by itself, far more than a slow machine needs
    finally:
        run.kill()
        run.wait()
    assert all(gone(int(pid)) for pid in pids.read_text().split())
