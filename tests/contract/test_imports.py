"""What may be loaded when: start-up is a budget, and the judgement runs without AWS and without a terminal."""

import ast
import base64
import json
import os
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
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


def imports_of(module: str) -> set[str]:
    """Return the modules of ours that a module imports when it is imported: not in a function, not for types alone."""
    path = PACKAGE.parent.joinpath(*module.split("."))
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    found: set[str] = set()
    open_nodes: list[ast.AST] = [ast.parse(path.read_text("utf-8"))]
    while open_nodes:
        node = open_nodes.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            open_nodes += node.orelse
            continue
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative imports hide what is imported"
            names = {f"{node.module}.{name.name}" for name in node.names}
            found |= names if names <= set(MODULES) else {*names, str(node.module)}
        open_nodes += ast.iter_child_nodes(node)
    return (found & set(MODULES)) - {module}


def test_no_module_waits_for_itself() -> None:
    """Without a circle every module can be the first that is imported."""
    TopologicalSorter({module: imports_of(module) for module in MODULES}).prepare()


def test_circles_are_found() -> None:
    """The measure of the other test is right, for imports that are met and for those that are not."""
    assert "cogwizard.model.read" in imports_of("cogwizard.model.read_api")
    assert "cogwizard.judgement.order" in imports_of("cogwizard.judgement")
    assert "cogwizard.ports" not in imports_of("cogwizard.commands.diagnose")  # in a function
    assert "cogwizard.model.case" not in imports_of("cogwizard.model.view")  # for types alone
    with pytest.raises(CycleError):
        TopologicalSorter({"a": {"b"}, "b": {"a"}}).prepare()


def test_every_module_can_be_imported() -> None:
    clean_python("".join(f"import {module}\n" for module in MODULES))


def test_judgement_needs_neither_aws_nor_a_terminal() -> None:
    blocked = ("textual", "boto3", "botocore", "keyring")
    pure = [name for name in MODULES if "." in name and name.split(".")[1] in PURE]
    assert len(pure) > 100
    clean_python(f"for name in {blocked!r}: sys.modules[name] = None\n" + "".join(f"import {name}\n" for name in pure))


def test_every_part_that_must_be_pure_is_there() -> None:
    assert {name.split(".")[1] for name in MODULES if "." in name} >= set(PURE)
