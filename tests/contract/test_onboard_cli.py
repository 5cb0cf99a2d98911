"""The walk-through's commands run by the real AWS CLI: they end in the same world as the walk-through itself.

COGWIZARD_AWS=DIR/bin/aws pytest tests/contract/test_onboard_cli.py
"""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cogwizard.model.build import Choices, FirstPassword
from cogwizard.onboarding.walkthrough import Walkthrough
from cogwizard.report.commands import authorizer_test_of, script, sign_in_of, undo_of
from cogwizard.sandbox import Sandbox, World
from cogwizard.sandbox.state import state
from tests.onboarding.place_kit import made, place

Needs = Callable[[str], str]
# Notes the arguments that it is called with, as others on the machine may see them, and does the same.
_NOTED = """#!/bin/sh
printf '%s\\n' "$@" >> '{log}'
exec '{program}' "$@"
"""


class Shell:
    """bash with the AWS CLI and jq, in an empty folder, with nothing of the user's environment."""

    def __init__(self, needs: Needs, folder: Path) -> None:
        self.bash, self.home, self.log, self._programs = needs("bash"), folder / "home", folder / "log", folder / "bin"
        self.home.mkdir()
        self._programs.mkdir()
        for name in ("aws", "jq", "python3"):
            program = self._programs / name
            program.write_text(_NOTED.format(log=self.log, program=needs(name)), "utf-8")
            program.chmod(0o755)

    def run(self, text: str, sandbox: Sandbox, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Run a script against a sandbox."""
        given = {
            "PATH": f"{self._programs}:/usr/bin:/bin",
            "HOME": str(self.home),
            "TMPDIR": str(self.home),
            "LANG": "C.UTF-8",
            "AWS_ENDPOINT_URL": sandbox.url,
            "AWS_ACCESS_KEY_ID": "sandbox",
            "AWS_SECRET_ACCESS_KEY": "sandbox",
            "AWS_EC2_METADATA_DISABLED": "true",
            **environment,
        }
        options: dict[str, Any] = {"capture_output": True, "encoding": "utf-8", "timeout": 110}
        return subprocess.run([self.bash], input=text, env=given, cwd=self.home, **options)


def compared(world: World) -> Any:
    """Return what the account holds, ids by the order in which they were made; without the bytes of the ZIP file, the
    client secret that Cognito made up, and the time of day."""
    held = state(world)
    (pool,), (api,), (function,) = (held[kind].values() for kind in ("pools", "apis", "functions"))
    del function["package_sha256"], function["size"]
    for client in pool["clients"].values():
        client["secret"] = bool(client["secret"])
    for user in pool["users"].values():
        user["password_set_at"] = bool(user["password_set_at"])
    ids = [pool["id"], *pool["clients"], api["id"], *(item["id"] for item in api["draft"]["authorizers"])]
    shown = json.dumps(held, default=str)
    for number, name in enumerate((*ids, *api["deployments"])):
        shown = shown.replace(name, f"id-{number}")
    return json.loads(shown)


def ids_of(world: World) -> dict[str, str]:
    """Return the ids of a world that proving and undoing need, by name."""
    (pool,), (api,) = world.pools.values(), world.apis.values()
    clients = {client.name.rpartition("-")[2]: client.id for client in pool.clients.values()}
    return {
        "pool_id": pool.id,
        "client_id": clients["spa"],
        "secret_client_id": clients["web"],
        "api_id": api.id,
        "authorizer_id": api.draft.authorizers[0]["id"],
    }


# The longer way alone: starting the AWS CLI some sixty times takes a core half a minute.
@pytest.mark.parametrize("first_password", ["user"])
def test_the_commands_end_in_the_same_world(first_password: FirstPassword, needs: Needs, tmp_path: Path) -> None:
    """And those that undo it in an empty one. No secret is told, or stands in the arguments of a program."""
    shell = Shell(needs, tmp_path)
    with place(tmp_path / "journals") as found:
        walk: Walkthrough = found.begun(Choices(first_password=first_password))
        made(walk)
        expected = compared(found.world)
        assert walk.plan is not None
        plan, hidden = walk.plan, walk.hidden
    passwords = {"PASSWORD": hidden.password, "TEMPORARY_PASSWORD": str(hidden.temporary)}
    with Sandbox(World()) as sandbox:
        done = shell.run(script(plan.writes, plan.values), sandbox, **passwords)
        assert (done.returncode, done.stderr) == (0, "")
        assert compared(sandbox.world) == expected
        (pool,) = sandbox.world.pools.values()
        seen = done.stdout + shell.log.read_text("utf-8")
        assert "create-user-pool-client" in seen
        secrets = [*passwords.values(), *(client.secret for client in pool.clients.values() if client.secret)]
        assert [len(secrets), *(secret for secret in secrets if secret in seen)] == [3]
        assert "eyJ" not in seen
        assert list(shell.home.iterdir()) == []

        known = {**plan.values, **ids_of(sandbox.world)}
        with_secret = sign_in_of(known, "secret_client_id", has_secret=True)
        proving = [sign_in_of(known), authorizer_test_of(known), with_secret, authorizer_test_of(known)]
        proven = shell.run("\n".join(["set -euo pipefail", *proving]), sandbox, PASSWORD=hidden.password)
        assert (proven.returncode, proven.stderr, proven.stdout.split()) == (0, "", ["0", "0"])
        seen = shell.log.read_text("utf-8")
        assert [secret for secret in (*secrets, "eyJ") if secret in seen] == []
        undoing = [undo_of(write, known) or "" for write in reversed(plan.writes) if write.inside is None]
        gone = shell.run("\n".join(["set -eu", *undoing]), sandbox)
        assert (gone.returncode, gone.stderr) == (0, "")
        assert state(sandbox.world) == state(World())
