"""The catalogue held against the codes, the scenarios and itself: both languages whole, every command fillable."""

import ast
import re
import string
import tomllib
import unicodedata
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore import xform_name
from botocore.exceptions import UnknownServiceError

from cogwizard.model.code import CODES
from cogwizard.report.wrap import width
from cogwizard.sandbox.scenarios import SCENARIOS
from cogwizard.text import LANGUAGES, fill

GROUPS = sorted({code.group for code in CODES.values()})
SCREENS = sorted(
    f"screens/{path.name.removesuffix('.toml')}" for path in files("cogwizard.text").joinpath("en", "screens").iterdir()
)
FILES = [*GROUPS, "aws", "intake", "scenarios", "ui", "vault", *SCREENS]
PROSE = {"title", "means", "why", "proof", "limits", "confused_with", "summary", "fix"}
# The tables whose texts go through str.format; in all others a brace is a brace.
FILLED = {"summary", "label", "reason", "messages", "phrase"}
PLACEHOLDERS = set(
    re.findall(
        r"\w+",
        """region rest_api_id stage method resource_path resource_id authorizer_id authorizer_name deployment_id
        user_pool_id client_id pool_arn identity_header scope url account_id auth_flows auth_flow_list redirect_uris
        grant""",
    )
)
COMMANDS = {"cli", "terraform", "sam", "cdk"}
# The same in every language.
NAMES = {"API", "AWS CLI", "Terraform", "SAM", "CDK", "ID", "API ID", "URL", "JSON", "Markdown", "Canary", "SSO"} | {
    "OK",
    "SECRET_HASH",
    "cogwizard",
    "SRP",
    "IAM ID",
    "IAM Identity Center",
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
}
# What is put before or between others: blanks at its ends are meant.
PIECES = {("screens/home", key) for key in ("gap", "and")}
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
# A word that is neither a variable, a blank to fill in, printf's %s, a source, the next option nor jq's own expression.
LITERAL = r"(?![\"']?(?:[$<{@\\-]|%s|file:///dev/stdin|env:|vault:))[\"']?[^\s\"']"
SECRET_IN_ARGV = re.compile(
    rf"--(?:[a-z]+-)*(?:password|secret|secret-hash|token|auth-parameters|challenge-responses)[ =]+{LITERAL}"
    rf"|\b(?:PASSWORD|NEW_PASSWORD|SECRET_HASH|REFRESH_TOKEN|client_secret|refresh_token|password)={LITERAL}"
    r"|(?i:Authorization|{identity_header}|x-api-key|x-amz-security-token): *"
    rf"(?:Bearer +{LITERAL}|(?!Bearer\b){LITERAL})"
    r"|\beyJ[A-Za-z0-9_-]{8}",
)
# Options of every AWS CLI command, and commands that the CLI adds to what the services' models describe.
GLOBAL_OPTIONS = {"region", "query", "output", "profile", "cli-input-json", "no-cli-pager"}
CLI_ONLY = {("sso", "login"), ("configure", "list-profiles")}
SERVICES = {"s3api": "s3"}  # names that the CLI gave a service


def load(folder: str, name: str) -> dict[str, Any]:
    return tomllib.loads(files("cogwizard.text").joinpath(folder, f"{name}.toml").read_text("utf-8"))


def present(folder: str) -> set[str]:
    found = Path(str(files("cogwizard.text").joinpath(folder)))
    return {str(path.relative_to(found).with_suffix("").as_posix()) for path in found.rglob("*") if path.is_file()}


def leaves(table: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, value in table.items():
        if isinstance(value, dict):
            if not value:
                yield (*path, key), None  # an empty table counts when languages are compared
            yield from leaves(value, (*path, key))
        else:
            yield (*path, key), value


def texts(folder: str, name: str) -> Iterator[tuple[tuple[str, ...], str]]:
    for path, value in leaves(load(folder, name)):
        for item in value if isinstance(value, list) else [value] * (value is not None):
            assert isinstance(item, str), f"{folder}/{name} {path} is no text"
            yield path, item


def fields(text: str) -> set[str]:
    """The placeholders of a text that is filled. Raises ValueError for a brace that stands alone."""
    found = set()
    for _, name, specification, conversion in string.Formatter().parse(text):
        if name is not None:
            assert re.fullmatch(r"[a-z_]+", name), f"{{{name}}} is no plain placeholder: {text}"
            assert not specification, text
            assert not conversion, text
            found.add(name)
    return found


def is_filled(name: str, path: tuple[str, ...]) -> bool:
    return name in SCREENS or bool(FILLED & set(path))


def placeholders(name: str, path: tuple[str, ...], text: str) -> set[str]:
    return fields(text) if is_filled(name, path) else set(re.findall(r"\{([a-z_+]+)\}", text))


def commands() -> Iterator[tuple[str, str, str, str]]:
    for group in GROUPS:
        if group in present("common"):
            for code, entry in load("common", group).items():
                for fix, kinds in entry.get("fix", {}).items():
                    for kind, command in kinds.items():
                        if kind != "variants":
                            yield code, fix, kind, command
    for name, kinds in load("common", "logs").items():
        yield from (("logs", name, kind, command) for kind, command in kinds.items())


def test_files_are_those_of_the_codes_and_the_interface() -> None:
    assert {language: present(language) for language in LANGUAGES} == {language: set(FILES) for language in LANGUAGES}
    assert present("common") == {*GROUPS, "logs", "onboard"}  # test_onboard_texts holds the walk-through's snippets


@pytest.mark.parametrize("name", FILES)
def test_languages_have_the_same_keys(name: str) -> None:
    english, japanese = (dict(leaves(load(language, name))) for language in ("en", "ja"))
    # The keys of these are the English (see test_phrases).
    japanese = {path: text for path, text in japanese.items() if (name, path[0]) != ("ui", "phrase")}
    assert english.keys() ^ japanese.keys() == set()
    # The order of remedies and of lists is the order on the screen.
    assert list(english) == list(japanese)


@pytest.mark.parametrize("name", FILES)
def test_languages_have_the_same_placeholders(name: str) -> None:
    japanese = dict(texts("ja", name))
    differ = {
        path: (text, japanese.get(path, ""))
        for path, text in texts("en", name)
        if placeholders(name, path, text) != placeholders(name, path, japanese.get(path, ""))
    }
    assert differ == {}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_unfilled_texts_have_no_placeholder(language: str, name: str) -> None:
    """What is not filled shows its braces to the reader."""
    wrong = [
        path
        for path, text in texts(language, name)
        if not is_filled(name, path) and PLACEHOLDERS & placeholders(name, path, text)
    ]
    assert wrong == []


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("folder", [*LANGUAGES, "common"])
def test_characters_have_one_width_everywhere(folder: str, name: str) -> None:
    if folder == "common" and name not in GROUPS:
        return
    wrong = {
        (".".join(path), f"U+{ord(char):04X}")
        for path, text in texts(folder, name)
        for char in text
        if unicodedata.east_asian_width(char) == "A"
        or unicodedata.category(char) in ("So", "Cf", "Cn", "Co", "Cs")
        or (unicodedata.category(char) == "Cc" and not ((folder == "common" or name in SCREENS) and char == "\n"))
    }
    assert wrong == set()


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty(language: str, name: str) -> None:
    found = [(path, text) for path, text in texts(language, name) if (name, *path) not in PIECES]
    empty = [path for path, text in found if not text.strip() and path[-1] != "limits"]
    untrimmed = [path for path, text in found if text != text.strip()]
    assert (empty, untrimmed) == ([], [])


@pytest.mark.parametrize("name", FILES)
def test_each_language_is_itself(name: str) -> None:
    other = ("language",) if name == "screens/keys" else None  # the other language is called by its own name
    assert [path for path, text in texts("en", name) if JAPANESE.search(text) and path != other] == []
    foreign = {
        path: text
        for path, text in texts("ja", name)
        if not JAPANESE.search(text) and path != other and words(text) - NAMES
    }
    assert foreign == {}


def words(text: str) -> set[str]:
    """Return the runs of Latin words in a text, its placeholders left out."""
    return {found.strip() for found in re.findall(r"[A-Za-z][A-Za-z_ ]*", re.sub(r"\{\w+\}", "", text))}


def sources() -> Iterator[ast.AST]:
    """Yield the syntax of every module of the program."""
    for path in Path(str(files("cogwizard"))).rglob("*.py"):
        yield from ast.walk(ast.parse(path.read_text("utf-8")))


def test_every_text_of_a_screen_is_used() -> None:
    """A key stands in the code as it is, or is made there of a fixed part and a name; "help x" is that of an action."""
    literals, patterns, actions = set(), set(), set()
    for node in sources():
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            literals.add(node.value)
        elif isinstance(node, ast.JoinedStr):
            parts = [part.value if isinstance(part, ast.Constant) else None for part in node.values]
            if sum(len(part) for part in parts if isinstance(part, str)) >= 2:
                patterns.add("".join(re.escape(part) if isinstance(part, str) else ".+" for part in parts))
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            actions.add(f"help {node.name.removeprefix('action_')}")
    pattern = re.compile("|".join(sorted(patterns)))
    dead = {
        (name, path[0])
        for name in SCREENS
        for path, _ in texts("en", name)
        if path[0] not in literals and not (name == "screens/keys" and path[0] in actions)
        if not (name != "screens/keys" and pattern.fullmatch(path[0]))
    }
    assert dead == set()


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_prose_holds_the_codes_of_its_group(language: str, group: str) -> None:
    prose = load(language, group)
    assert set(prose) == {code.name for code in CODES.values() if code.group == group}
    for code, entry in prose.items():
        assert PROSE - {"fix"} <= set(entry) <= PROSE, code
        assert entry["summary"], code
        for fix, remedy in entry.get("fix", {}).items():
            assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", fix), (code, fix)
            assert {"title"} <= set(remedy) <= {"title", "console"}, (code, fix)


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_fit_on_a_line(language: str, group: str) -> None:
    titles = {path: text for path, text in texts(language, group) if path[-1] == "title"}
    assert {path: len(text) for path, text in titles.items() if len(text) > 80} == {}
    assert [path for path, text in titles.items() if text.endswith((".", "。"))] == []


@pytest.mark.parametrize("group", GROUPS)
def test_common_names_what_exists(group: str) -> None:
    prose = load("en", group)
    for code, entry in load("common", group).items():
        assert CODES[code].group == group
        assert set(entry) <= {"confused", "references", "fix"}, code
        assert set(entry.get("confused", ())) <= CODES.keys() - {code}, code
        for address in entry.get("references", ()):
            assert re.fullmatch(r"https://[^\s<>\"]+", address), address
        for fix, kinds in entry.get("fix", {}).items():
            assert prose[code]["fix"][fix]["title"], (code, fix)
            assert set(kinds) <= COMMANDS | {"variants"}, (code, fix)
            assert set(kinds.get("variants", ())) <= set(prose[code]["summary"]), (code, fix)


def test_commands_can_be_filled() -> None:
    seen = 0
    for *where, command in commands():
        seen += 1
        assert command.strip(), where
        assert fields(command) <= PLACEHOLDERS, where
        filled = fill(command, dict.fromkeys(PLACEHOLDERS, "known"))
        # A placeholder in doubled braces would stay as it is; `${name}` is the snippet's own.
        assert not PLACEHOLDERS & set(re.findall(r"(?<!\$)\{(\w+)\}", filled)), where
        depth = 0
        for char in re.sub(r"[^{}]", "", filled):
            depth += 1 if char == "{" else -1
            assert depth >= 0, where
        assert depth == 0, where
    assert seen


def test_no_command_holds_a_secret_in_its_arguments() -> None:
    found = [(where, match[0]) for *where, command in commands() if (match := SECRET_IN_ARGV.search(command))]
    assert found == []


@pytest.mark.parametrize(
    "command",
    [
        "aws x --password hunter2",
        "aws x --password 'hunter2'",
        "aws x --proposed-password=hunter2",
        "aws x --auth-parameters USERNAME=a,PASSWORD=b",
        'curl -d "client_secret=abc" u',
        'curl -H "Authorization: Bearer abc" u',
        "curl -H 'Authorization: eyJhbGciOiJub25lIn0' u",
        "curl -H 'Authorization: Bearer eyJhbGciOiJub25lIn0' u",
        'curl -H "{identity_header}: abc" u',
        "aws x --client-secret abc --generate-secret",
    ],
)
def test_a_secret_in_the_arguments_would_be_seen(command: str) -> None:
    assert SECRET_IN_ARGV.search(command)


@pytest.mark.parametrize(
    "command",
    [
        'aws x --password "$PASSWORD"',
        "aws x --auth-parameters file:///dev/stdin",
        "aws x --generate-secret --name y",
        'curl -H "Authorization: Bearer $TOKEN" u',
        "cogwizard diagnose --token env:TOKEN",
    ],
)
def test_a_secret_from_the_environment_is_fine(command: str) -> None:
    assert not SECRET_IN_ARGV.search(command)


def test_commands_of_the_aws_cli_exist() -> None:
    """Commands and options against the services' own models, which the AWS CLI is made from."""
    session = botocore.session.get_session()
    wrong = []
    for *where, command in commands():
        plain = re.sub(r"\\\n", " ", re.sub(r"'[^']*'", "''", command))
        plain = re.sub(r'"\$\((?:(?!\baws )[^)])*\)"', '""', plain)  # another command's output as an argument
        for service, operation, rest in re.findall(r"\baws ([a-z0-9-]+) ([a-z0-9-]+)([^\n|;&)]*)", plain):
            if where[-1] != "cli" or (service, operation) in CLI_ONLY:
                continue
            try:
                model = session.get_service_model(SERVICES.get(service, service))
            except UnknownServiceError:
                wrong.append((*where, service))
                continue
            names = {xform_name(name, "-"): name for name in model.operation_names}
            if operation not in names:
                wrong.append((*where, f"{service} {operation}"))
                continue
            shape = model.operation_model(names[operation]).input_shape
            members = {xform_name(member, "-") for member in shape.members} if shape else set()
            known = members | {f"no-{member}" for member in members} | GLOBAL_OPTIONS
            wrong += [(*where, f"--{name}") for name in re.findall(r" --([a-z0-9-]+)", rest) if name not in known]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_scenario_has_a_symptom(language: str) -> None:
    catalogue = load(language, "scenarios")
    assert set(catalogue) == {"symptom"}
    symptoms = catalogue["symptom"]
    assert set(symptoms) == set(SCENARIOS)
    assert {name: width(text) for name, text in symptoms.items() if width(text) > 90} == {}
    assert len(set(symptoms.values())) == len(symptoms)
    # What is seen never names what is to be found.
    assert [name for name, text in symptoms.items() if any(code in text for code in SCENARIOS[name].causes)] == []
