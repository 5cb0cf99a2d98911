"""`cogwizard onboard` as people and scripts use it, on an empty sandbox."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cogwizard.cli import main
from cogwizard.sandbox import World
from cogwizard.sandbox.engine import Sandbox
from cogwizard.sandbox.environment import KEYS, REGION
from cogwizard.sandbox.protocol import Reply, Request
from cogwizard.sandbox.state import state

PASSWORD = "Canary-Password-1!"
NOTHING = state(World())


class Desk:
    """An empty sandbox, and a state folder of its own."""

    def __init__(self, sandbox: Sandbox, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> None:
        """Take what serves."""
        self.sandbox, self.world = sandbox, sandbox.world
        self._capsys, self._patch = capsys, patch
        self.arguments = ["--endpoint-url", sandbox.url, "--region", REGION]

    def run(self, *arguments: str, typed: str = "") -> tuple[int, str, str]:
        """Run `onboard` with a line on standard input and return exit code, standard output and standard error."""
        stream = io.TextIOWrapper(io.BytesIO(typed.encode()), encoding="utf-8")
        self._patch.setattr(sys, "stdin", stream)
        try:
            code = main(["onboard", *arguments, *self.arguments])
        except SystemExit as end:
            code = int(str(end.code))
        out, err = self._capsys.readouterr()
        return code, out, err

    def report(self, *arguments: str, typed: str = "") -> tuple[int, dict[str, Any]]:
        """Run `onboard` with JSON and return exit code and document."""
        code, out, err = self.run(*arguments, "--format", "json", typed=typed)
        assert out, err
        return code, json.loads(out)


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Iterator[Desk]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEYS[0])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", KEYS[1])
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "state"))
    with Sandbox(World()) as sandbox:
        yield Desk(sandbox, capsys, monkeypatch)


def test_a_plan_writes_nothing(desk: Desk, tmp_path: Path) -> None:
    code, plan = desk.report("--plan")
    assert (code, plan["notices"]) == (0, [])
    assert [write["state"] for write in plan["writes"]] == ["planned"] * 18
    assert state(desk.world) == NOTHING
    assert not list(tmp_path.rglob("*.jsonl"))


def test_it_ends_in_two_200s_and_is_taken_away(desk: Desk) -> None:
    code, found = desk.report("--apply", "--yes")
    assert (code, found["outcome"]) == (0, "healthy")
    for half in ("first", "second"):
        assert found[half]["answer"]["status"] == 200
        assert found[half]["answer"]["greets"]
        assert found[half]["answer"]["claims"]["cognito:username"] == "hanako"
    assert found["first"]["without_token"]["status"] == 401
    assert found["second"]["refused"][0] == "NotAuthorizedException"
    assert found["second"]["secret_hash"]["text"].startswith("hanako")
    code, gone = desk.report("--teardown", "--yes")
    assert code == 0
    assert {item["state"] for item in gone["removed"]} == {"gone"}
    assert state(desk.world) == NOTHING
    assert desk.run("--teardown", "--yes")[0] == 0


@pytest.mark.parametrize(("typed", "made"), [("yes\n", True), ("はい\n", True), ("no\n", False), ("", False)])
def test_it_asks(desk: Desk, typed: str, made: bool) -> None:
    code, out, err = desk.run("--apply", typed=typed)
    assert (code == 0) == made
    assert (state(desk.world) != NOTHING) == made
    if not made:
        assert code == 2
        assert out == ""
        assert "Nothing was made" in err
    desk.run("--teardown", typed=typed)
    assert state(desk.world) == NOTHING


def test_a_password_on_standard_input_leaves_nobody_to_ask(desk: Desk) -> None:
    assert desk.run("--apply", "--password", "-", typed=f"{PASSWORD}\n")[0] == 2
    assert state(desk.world) == NOTHING
    assert desk.run("--apply", "--yes", "--password", "-", typed=f"{PASSWORD}\n")[0] == 0
    user = next(iter(next(iter(desk.world.pools.values())).users.values()))
    assert user.password == PASSWORD


def test_a_run_that_is_over_is_shown_again(desk: Desk) -> None:
    desk.run("--apply", "--yes")
    before = len(desk.sandbox.requests)
    code, found = desk.report("--apply", "--yes")
    assert (code, found["outcome"]) == (0, "healthy")
    writes = [name for _, name, _ in desk.sandbox.requests[before:] if name.startswith(("Create", "Put", "Update"))]
    assert writes == []
    names = [name for _, name, _ in desk.sandbox.requests[before:]]
    assert names.count("AdminSetUserPassword") == 1  # nobody knows the one of before
    held = state(desk.world)
    assert desk.run("--apply", "--yes", "--password", "env:NONE_SUCH")[0] == 2
    assert state(desk.world) == held


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("format", ["text", "json", "markdown"])
def test_no_form_tells_a_secret(desk: Desk, lang: str, format: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEW", PASSWORD)
    log = Path(os.environ["XDG_STATE_HOME"]).with_name("log")
    told = ""
    for arguments in (["--plan", "-v"], ["--apply", "--yes", "-v"], ["--teardown", "--yes", "-v"]):
        code, out, err = desk.run(
            *arguments, "--password", "env:NEW", "--lang", lang, "--format", format, "--log", str(log)
        )
        assert code in (0, 3), err
        told += out + err
        told += log.read_text() if log.exists() else ""
        if "--apply" in arguments:
            secrets = [c.secret for pool in desk.world.pools.values() for c in pool.clients.values() if c.secret]
            told += "".join(path.read_text() for path in log.parent.rglob("*.jsonl"))
    assert secrets
    for canary in (PASSWORD, *secrets, "eyJ"):
        assert canary not in told
    assert ("何も" in told or "。" in told) == (lang == "ja") or format == "json"


def test_a_refusal_names_the_write_and_its_permission(desk: Desk) -> None:
    desk.sandbox.denied["CreateUserPool"] = "AccessDeniedException"
    code, found = desk.report("--apply", "--yes")
    assert code == 3
    assert found["failed"]["id"] == "pool"
    assert found["failed"]["permission"] == "cognito-idp:CreateUserPool on *"
    desk.sandbox.denied.clear()
    code, found = desk.report("--apply", "--yes")
    assert (code, found["outcome"]) == (0, "healthy")


def test_a_name_that_is_taken_stops_before_anything_is_made(desk: Desk) -> None:
    desk.run("--apply", "--yes")
    for path in Path(os.environ["XDG_STATE_HOME"]).rglob("*.jsonl"):
        path.unlink()
    before = state(desk.world)
    for argument in ("--plan", "--apply"):
        code, plan = desk.report(argument, "--yes")
        assert code == 1
        assert {notice["key"] for notice in plan["notices"] if notice["kind"] == "stops"}
    assert state(desk.world) == before
    code, found = desk.report("--apply", "--yes", "--name", "another")
    assert (code, found["outcome"]) == (0, "healthy")
    desk.run("--teardown", "--yes", "--name", "another")
    assert state(desk.world) == before


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--name", "a b"),
        ("--name", "x" * 41),
        ("--name", "../../etc"),
        ("--stage", "a/b"),
        ("--username", ""),
        ("--username", "x\u202ey"),
        ("--email", "nobody"),
        ("--email", "a@b"),
    ],
)
def test_a_choice_that_aws_would_not_take_is_said(desk: Desk, option: str, value: str) -> None:
    code, _, err = desk.run("--plan", option, value)
    assert code == 2
    assert err.startswith("cogwizard: ")
    assert desk.sandbox.requests == []


def test_without_an_answer_nothing_is_known(desk: Desk) -> None:
    desk.sandbox.denied["GetCallerIdentity"] = "ExpiredTokenException"
    code, out, err = desk.run("--apply", "--yes")
    assert (code, out) == (3, "")
    assert "GetCallerIdentity" in err


def answered(desk: Desk, path: str, change: Callable[[Request, Reply], Reply]) -> None:
    """Let `change` make something else of the answers at addresses that begin with `path`."""
    server: Any = desk.sandbox._server
    real = type(server).answer

    def answer(request: Request) -> Reply:
        reply: Reply = real(server, request)
        return change(request, reply) if request.path.startswith(path) else reply

    server.answer = answer


def test_a_page_with_the_greeting_is_no_200_of_the_function(desk: Desk) -> None:
    page = Reply(200, (("Content-Type", "text/html"),), b"<html>Hello from Lambda!</html>")
    answered(desk, "/_aws/execute-api", lambda request, reply: page if request.header("authorization") else reply)
    code, found = desk.report("--apply", "--yes")
    assert (code, found["outcome"]) == (3, "inconclusive")
    assert found["first"]["without_token"]["status"] == 401
    assert not found["first"]["answer"]["greets"]


def test_a_sign_in_without_an_id_token_is_none(desk: Desk) -> None:
    def change(_: Request, reply: Reply) -> Reply:
        body = json.loads(reply.body) if b"AuthenticationResult" in reply.body else {}
        if not body:
            return reply
        body["AuthenticationResult"].pop("IdToken")
        return Reply(reply.status, reply.headers, json.dumps(body).encode())

    answered(desk, "/", change)
    code, found = desk.report("--apply", "--yes")
    assert (code, found["outcome"]) == (3, "inconclusive")
    assert not found["first"]["signed_in"]


def test_a_denied_write_is_told_as_it_is_coded(desk: Desk) -> None:
    desk.sandbox.denied["CreateUserPool"] = "AccessDeniedException"
    code, found = desk.report("--apply", "--yes")
    assert (code, found["outcome"]) == (3, "inconclusive")


def test_a_new_password_is_said_before_it_is_asked_for(desk: Desk) -> None:
    desk.run("--apply", "--yes")
    asked = len(desk.sandbox.requests)
    _, _, err = desk.run("--apply", typed="no\n")
    assert err.index("a new one is set") < err.index("[y/N]")
    assert "AdminSetUserPassword" not in [name for _, name, _ in desk.sandbox.requests[asked:]]


@pytest.mark.parametrize("operation", ["CreateRole", "CreateUserPool", "AdminCreateUser", "CreateDeployment"])
@pytest.mark.parametrize("happened", [False, True], ids=["not received", "received"])
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_process_that_is_killed_loses_nothing(desk: Desk, operation: str, happened: bool) -> None:
    desk.sandbox.denied[operation] = "stall" if happened else "hang"
    command = [sys.executable, "-m", "cogwizard", "onboard", "--apply", "--yes", *desk.arguments, "--timeout", "30"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 60
        while not any(name == operation for _, name, _ in desk.sandbox.requests):
            assert process.poll() is None
            assert time.monotonic() < end
            time.sleep(0.02)
        time.sleep(0.1)  # what was asked for is done
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    desk.sandbox.denied.clear()
    code, found = desk.report("--apply", "--yes")
    assert (code, found["outcome"]) == (0, "healthy")
    assert len(desk.world.pools) == len(desk.world.apis) == len(desk.world.roles) == 1
    assert desk.run("--teardown", "--yes")[0] == 0
    assert state(desk.world) == NOTHING


def test_another_process_has_the_run(desk: Desk) -> None:
    desk.sandbox.denied["CreateRestApi"] = "hang"
    command = [sys.executable, "-m", "cogwizard", "onboard", "--apply", "--yes", *desk.arguments, "--timeout", "30"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 60
        while not any(name == "CreateRestApi" for _, name, _ in desk.sandbox.requests):
            assert process.poll() is None
            assert time.monotonic() < end
            time.sleep(0.02)
        for action in ("--apply", "--teardown"):
            code, _, err = desk.run(action, "--yes")
            assert code == 2
            assert ".jsonl" in err
    finally:
        process.kill()
        process.wait()


def test_what_was_built_is_joined(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEW", PASSWORD)
    desk.run("--apply", "--yes", "--password", "env:NEW")
    file = str(tmp_path / "cogwizard.toml")
    assert desk.run("--describe", "--out", file)[0] == 0
    check = ("--check", "--file", file, "--username", "hanako", "--password", "env:NEW")
    code, found = desk.report(*check)
    assert (code, found["outcome"]) == (3, "inconclusive")  # a POST is not made unasked
    code, found = desk.report(*check, "--yes")
    assert (code, found["outcome"], found["observed"]["status"]) == (0, "healthy", 200)
