"""What may be loaded when: start-up is a budget, and the judgement runs without AWS and without a terminal."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import cogwizard

PACKAGE = Path(cogwizard.__file__).parent
WITHOUT_AWS = ("textual", "boto3", "botocore")
LIGHT = (*WITHOUT_AWS, "jwt", "keyring", "urllib3", "cryptography")
PURE = ("model", "gateway", "intake", "steps", "report", "text", "prediction", "judgement", "diagnosis")


def module_names() -> list[str]:
    """Return every module of the package by its dotted name."""
    found = []
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return sorted(found)


MODULES = module_names()


def clean_python(code: str, **variables: str) -> str:
    """Run code in an interpreter that sees neither the user's site nor PYTHON* variables; return its output."""
    code = f"import sys; sys.path.insert(0, {str(PACKAGE.parent)!r})\n{code}"
    done = subprocess.run(
        [sys.executable, "-I", "-c", code],
        env={**os.environ, **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def run_command(*arguments: str, **variables: str) -> tuple[int, set[str]]:
    """Run a command of `cogwizard`; return its exit code and the distributions' top-level modules that it loaded."""
    code = f"""
import json
from cogwizard.cli import main
try:
    code = int(main({list(arguments)!r}))
except SystemExit as end:
    code = end.code or 0
print()
print(json.dumps([code, sorted({{name.partition('.')[0] for name in sys.modules}})]))
"""
    status, loaded = json.loads(clean_python(code, **variables).splitlines()[-1])
    assert "cogwizard" in loaded
    return status, set(loaded)


def unsigned_token() -> str:
    issuer = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Abc123"
    parts = ({"alg": "RS256", "kid": "k"}, {"iss": issuer, "token_use": "id", "exp": 4_000_000_000})
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*encoded, "c2lnbmF0dXJl"])


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        ["explain", "token-expired"],
        ["explain", "--list"],
        ["policy"],
        ["diagnose", "--help"],
        ["demo", "--help"],
    ],
    ids=" ".join,
)
def test_offline_commands_load_nothing_heavy(arguments: list[str]) -> None:
    status, loaded = run_command(*arguments)
    assert status == 0
    assert not loaded & set(LIGHT)


def test_token_is_read_without_aws() -> None:
    status, loaded = run_command("token", "env:TOKEN", TOKEN=unsigned_token())
    assert status == 3  # nothing stands out, and it was not verified
    assert not loaded & set(WITHOUT_AWS)


def test_the_home_screen_appears_before_anything_heavy_is_loaded() -> None:
    """Up to the first paint; what is loaded behind it is left out."""
    code = """
import asyncio, json
import cogwizard.commands.wizard
import cogwizard.ui.warm
from cogwizard.aws.session import Settings
from cogwizard.text import Texts
from cogwizard.ui.app import CogwizardApp
from cogwizard.ui.home import Home
from cogwizard.ui.session import Session

cogwizard.ui.warm.warm = lambda *_, **__: None

async def main():
    app = CogwizardApp(Session(Texts(), Settings()))
    async with app.run_test() as pilot:
        await pilot.pause()
        assert isinstance(app.screen, Home)
        return sorted(sys.modules)

print(json.dumps(asyncio.run(main())))
"""
    loaded = set(json.loads(clean_python(code)))
    assert "textual" in loaded
    assert not loaded & {"boto3", "botocore", "jwt", "keyring", "urllib3", "cryptography"}
    later = ("background", "diagnosis", "judgement", "model.case", "ports", "prediction", "sandbox", "steps", "web")
    assert not loaded & {f"cogwizard.{name}" for name in later}


def failing_imports(modules: list[str], before: str) -> dict[str, str]:
    """Import each module in an interpreter that has loaded nothing of ours; return what was raised, by module.

    `before` is run once, in front of all: each module is imported in a fork of that interpreter.
    """
    code = f"""
import json, os, traceback
{before}
assert not any(name.partition('.')[0] == 'cogwizard' for name in sys.modules)
failed = {{}}
for module in {modules!r}:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            __import__(module)
        except BaseException:
            os.write(writer, traceback.format_exc()[-4000:].encode())
        os._exit(0)
    os.close(writer)
    with open(reader) as told:
        error = told.read()
    ended = os.waitpid(child, 0)[1]
    if error or ended:
        failed[module] = error or f'ended: {{ended}}'
print(json.dumps(failed))
"""
    found: dict[str, str] = json.loads(clean_python(code).splitlines()[-1])
    return found


def test_judgement_needs_neither_aws_nor_a_terminal() -> None:
    blocked = ("textual", "boto3", "botocore", "keyring")
    pure = [name for name in MODULES if "." in name and name.split(".")[1] in PURE]
    assert failing_imports(pure, f"for name in {blocked!r}: sys.modules[name] = None") == {}


def test_every_module_imports_alone() -> None:
    """What others wrote is loaded before, which is what takes the time: none of it imports anything of ours."""
    others = "import boto3, botocore.session, cryptography.x509, jwt, keyring, textual.app, textual.widgets"
    assert failing_imports(MODULES, others) == {}


def test_a_failing_import_is_told() -> None:
    assert "blocked" not in failing_imports(["json"], "")
    assert (
        "ModuleNotFoundError"
        in failing_imports(["cogwizard.ui.app"], "sys.modules['textual'] = None")["cogwizard.ui.app"]
    )


def test_every_part_that_must_be_pure_is_there() -> None:
    assert {name.split(".")[1] for name in MODULES if "." in name} >= set(PURE)
