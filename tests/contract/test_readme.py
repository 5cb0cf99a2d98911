"""README.md: its generated parts are current, and what it tells to run can be run."""

import argparse
import re
import shlex
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from cogwizard.arguments import parser
from cogwizard.commands.output import UsageError, read_secret
from cogwizard.vault.outcome import key_of
from tests import readme
from tests.screenshots import PUBLIC, SHOTS

TEXT = readme.README.read_text("utf-8")
ROOT = readme.README.parent
FIRST = "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/cogwizard demo"
DEVELOP = "python3 -m venv .venv && .venv/bin/pip install -e '.[dev]' && .venv/bin/pytest -n auto"


def blocks(kind: str) -> list[str]:
    """Return the content of the code blocks of a kind."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", TEXT, re.S | re.M)


def command_lines() -> list[str]:
    """Return every line of a shell block, and every code span that calls cogwizard; comments left out."""
    lines = [line for block in blocks("sh") for line in block.splitlines() if not line.startswith("#")]
    spans = [span for span in re.findall(r"(?<!`)`([^`\n]+)`(?!`)", TEXT) if span.startswith("cogwizard ")]
    return list(dict.fromkeys(line for line in lines + spans if line))


def calls(line: str) -> list[list[str]]:
    """Return the arguments of each call of cogwizard in a line of shell."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|&;<>")
    lexer.whitespace_split = True
    found: list[list[str]] = []
    at_start, taking = True, False
    for word in lexer:
        if word in ("|", "&&", "||", ";"):
            at_start, taking = True, False
        elif at_start:
            taking = word.rpartition("/")[2] == "cogwizard"
            if taking:
                found.append([])
            at_start = False
        elif taking:
            found[-1].append(word)
    return found


CALLS = [(line, arguments) for line in command_lines() for arguments in calls(line)]


def test_every_part_is_there() -> None:
    assert sorted(readme.names(TEXT)) == sorted(readme.PARTS)


def test_generated_parts_are_current() -> None:
    assert readme.generate(TEXT) == TEXT, "run: python -m tests.readme"


@pytest.mark.parametrize("name", sorted(readme.PARTS))
def test_a_stale_part_is_noticed(name: str) -> None:
    start = TEXT.index(f"<!-- generated: {name} -->\n") + len(f"<!-- generated: {name} -->\n")
    stale = f"{TEXT[:start]}stale\n{TEXT[TEXT.index('<!-- end -->', start) :]}"
    assert readme.masked(readme.generate(stale)) == readme.masked(TEXT)


def test_every_picture_is_shown_in_its_language() -> None:
    """The English ones before the Japanese section, the Japanese ones in it; each with words for who cannot see it."""
    english, japanese = (
        re.findall(r"!\[([^\]]+)\]\((screenshots/[^)]+)\)", part) for part in TEXT.split("\n## 日本語\n")
    )
    for lang, shown in (("en", english), ("ja", japanese)):
        made = {path.as_posix() for path in (shot.path for shot in SHOTS) if path.is_relative_to(PUBLIC / lang)}
        assert {path for _, path in shown} == made
        assert TEXT.count(f"screenshots/{lang}/") == len(shown)


def test_the_two_commands_of_a_fresh_clone() -> None:
    shell = "\n".join(blocks("sh")).splitlines()
    assert shell.count(FIRST) == 1
    assert shell.count(DEVELOP) == 1
    assert (ROOT / "LICENSE").is_file()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert "dev" in project["optional-dependencies"]
    assert "cogwizard" in project["scripts"]


def test_commands_are_found() -> None:
    """The search must not come back empty, or all that follows is green for nothing."""
    commands = {parser().parse_args(arguments).command for _, arguments in CALLS}
    assert commands == {
        None,
        "diagnose",
        "explain",
        "login",
        "vault",
        "onboard",
        "token",
        "policy",
        "demo",
        "postman",
    }  # None: the wizard
    assert len(CALLS) >= 15


@pytest.mark.parametrize(("line", "arguments"), CALLS, ids=[line for line, _ in CALLS])
def test_command_parses(line: str, arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    options = parser().parse_args(arguments)
    assert callable(import_module(f"cogwizard.commands.{options.command or 'wizard'}").run)
    monkeypatch.setenv("TOKEN", "a.b.c")
    for name in ("token", "source"):
        source = getattr(options, name, None)
        if source and source.startswith("vault:"):
            key_of(source.removeprefix("vault:"))  # a name that could be one
        elif source:
            assert read_secret(source, kinds=("token",)) == "a.b.c"


def test_what_does_not_parse_is_noticed() -> None:
    (arguments,) = calls("curl x | .venv/bin/cogwizard diagnose --no-such-option | jq .")
    with pytest.raises(SystemExit):
        parser().parse_args(arguments)
    with pytest.raises(UsageError):
        read_secret("eyJhbGciOi", kinds=("token",))


def with_subcommands(command: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """Yield a command and those below it."""
    yield command
    for action in command._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                yield from with_subcommands(below)


@pytest.mark.parametrize("span", sorted(set(re.findall(r"(?<=[`(])-{1,2}[a-z][a-z-]*", TEXT))))
def test_option_exists(span: str) -> None:
    assert any(span in each._option_string_actions for each in with_subcommands(parser()))


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:cogwizard|tests|\.ci)/[\w/.]+)`", TEXT))))
def test_path_exists(path: str) -> None:
    assert (ROOT / Path(path)).exists()
