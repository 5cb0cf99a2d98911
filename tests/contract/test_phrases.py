"""Evidence in the reader's language: every phrase of the steps is known, and nothing else is reworded."""

import ast
import re
import time
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, cast, get_args

import pytest

from cogwizard.model.authorization import FlawKind, HeaderFlaw
from cogwizard.model.policy import Effect
from cogwizard.model.token import PART_NAMES, Flaw, Kind
from cogwizard.report import document, page
from cogwizard.sandbox.scenarios import SCENARIOS
from cogwizard.steps import TROUBLESHOOT
from cogwizard.steps.header import _describe
from cogwizard.steps.times import span
from cogwizard.text import LANGUAGES, Texts
from cogwizard.text.phrases import Phrases
from tests.scenarios.runner import result

# Each kind of flaw of a header that breaks it, with what it tells of itself.
HEADER_FLAWS = [
    ("quote", '"', ""),
    ("space", "", ""),
    ("line-break", "", ""),
    ("invisible", "U+200B", ""),
    ("double-scheme", "", "Bearer"),
    ("foreign-scheme", "", "JWT"),
    ("colon", ":", "Bearer"),
    ("header-name", "Authorization", ""),
    ("json", "", ""),
]
ENGLISH, JAPANESE = Texts("en"), Texts("ja")
TABLE: dict[str, str] = tomllib.loads(files("cogwizard.text").joinpath("ja", "ui.toml").read_text("utf-8"))["phrase"]
# What the steps write that is a value or a name, the same in every language: of fields, types, forms and AWS's texts.
VALUES = {
    "access",
    "id",
    "identityValidationExpression",
    "Bearer TOKEN",
    "The incoming token has expired",
    "openid",
    "code",
    "client_credentials",
    "arn:aws:cognito-idp:REGION:ACCOUNT:userpool/POOL_ID",
    "https://cognito-idp.REGION.amazonaws.com/POOL_ID",
}
VALUE_PATTERNS = re.compile(
    r"clientStatus \d+|[a-z]+:[A-Z]\w+|https://\S+|[A-Z][A-Za-z]+(?:, [A-Z][A-Za-z]+)*|[A-Z0-9_]+"
    r"|(not-given|not-sendable|[A-Z]\w+): .*"  # an error by name with what it says
    r"|\([0-9a-f-]{36}\) .*",  # a line of the execution log
    re.DOTALL,
)


def modules() -> Iterator[ast.Module]:
    """Yield the syntax of the modules that write evidence or words for it."""
    root = Path(str(files("cogwizard")))
    packages = (path for name in ("steps", "model", "judgement") for path in root.glob(f"{name}/*.py"))
    for path in (*packages, root / "prediction.py"):
        yield ast.parse(path.read_text("utf-8"))


@cache
def literals() -> frozenset[str]:
    """Return every string that stands in those modules, also the fixed parts of formatted ones."""
    nodes = (node for module in modules() for node in ast.walk(module))
    return frozenset(node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))


def told(node: ast.expr) -> Iterator[str]:
    """Yield the strings that an expression may be, as far as they are written out."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from told(node.body)
        yield from told(node.orelse)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from told(value)


def written() -> Iterator[str]:
    """Yield every text that the steps write out as a cell of evidence, directly or through a name."""
    for module in modules():
        for function in (node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)):
            names = {
                target.id: node.value
                for node in ast.walk(function)
                if isinstance(node, ast.Assign)
                for target in node.targets
                if isinstance(target, ast.Name)
            }
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Evidence":
                    for argument in call.args[1:]:
                        yield from told(argument)
                        if isinstance(argument, ast.Name) and argument.id in names:
                            yield from told(names[argument.id])


def cells() -> Iterator[tuple[str, str, str]]:
    """Yield (code, column, text) of all evidence of all scenarios."""
    for name in SCENARIOS:
        for item in document.build(result(name), ENGLISH)["findings"]:
            for evidence in item["evidence"]:
                for column in ("expected", "actual", "source"):
                    yield item["code"], column, evidence[column]


def is_value(text: str) -> bool:
    """Whether a text has no word of prose: names, numbers and the values of fields."""
    return text in VALUES or bool(VALUE_PATTERNS.fullmatch(text)) or not re.search(r"[a-z]{2}", text)


def test_what_the_steps_write_is_known() -> None:
    """A cell that stands in the code as it is has a phrase, or is a value."""
    found = set(written())
    assert "one of the API" in found
    assert "the local clock" in literals()
    assert {text for text in found if not is_value(text) and JAPANESE.phrase(text) == text} == set()


def formatted() -> Iterator[str]:
    """Yield the fixed parts of the formatted strings of the steps."""
    for module in modules():
        for node in ast.walk(module):
            if isinstance(node, ast.JoinedStr):
                yield from (str(part.value) for part in node.values if isinstance(part, ast.Constant))


def test_what_the_scenarios_show_is_known() -> None:
    """No cell keeps words of prose that stand in the code: what is left in English came from outside."""
    prose = {text.strip(" ,;()") for text in literals()}
    prose = {text for text in prose if re.search(r"[a-z]{2}.* |^(none|empty|yes|no|set|exists|refused)$", text)}
    prose |= {found for text in formatted() for found in re.findall(r"(?<![\w-])[a-z]{2,}(?![\w-])", text)}
    word = re.compile("|".join(rf"(?<![^ (]){re.escape(text)}(?![^ ),;])" for text in sorted(prose)))
    shown = (JAPANESE.phrase(cell).split(", ") for _, _, cell in cells())
    left = {part for parts in shown for part in parts if part.isascii() and not is_value(part) and word.search(part)}
    assert left == set()


FLAWS = [_describe(HeaderFlaw(cast(Any, kind), 8, sign, scheme)) for kind, sign, scheme in HEADER_FLAWS]
EFFECTS = [f"{effect} {by}".strip() for effect in get_args(Effect)[:4] for by in ("OfficeOnly", "statement 2")]
TOKENS = [f"{flaw} {part}" for flaw in ("base64", "json", "not-object") for part in PART_NAMES[:2]]
SPANS = [span(seconds) for seconds in (0, 59, 61, 3600, 3659, 86400, 90000, 86460, 86401, 5000, 10**9)]
KINDS = [f"{kind} 0a1b2c3d, {count} parts" for kind in get_args(Kind) if kind != "opaque" for count in (1, 3)]
OTHERS = [
    "asked for",
    "silent",
    "unknown",
    "unreadable",
    "parts",
    "too-long",
    "signature signature",
    "assumed: nothing was read",
    "none (/orders)",
    "apigateway:GET on arn:aws:apigateway:eu-west-1::/restapis/a1/stages",
    "401 token-expired (authorizer)",
    "at least 12 characters, one upper, one lower, one number, one symbol",
    "the method's scopes, the client-credentials flow",
    "403 ForbiddenException (endpoint/stage/waf/api-key)",
    "? lambda-authorizer (authorizer)",
]


@pytest.mark.parametrize("cell", [*FLAWS, *EFFECTS, *TOKENS, *SPANS, *KINDS, *OTHERS])
def test_what_is_put_together_is_known(cell: str) -> None:
    """Every kind of flaw, effect, token and length of time has its phrase, also where no scenario shows it."""
    shown = JAPANESE.phrase(cell)
    assert shown != cell
    assert not re.search(
        r"(?<![\w-])(at|parts|on|statement|min|h|authorizer|header|payload|id-token)(?![\w-])", shown
    ), shown


def test_sentences_hold_no_phrase_in_english() -> None:
    """A length of time, a prediction or "none" within a Japanese sentence is Japanese."""
    for name in SCENARIOS:
        for item in document.build(result(name), JAPANESE)["findings"]:
            if item["code"] != "algorithm-not-allowed":  # "none" is an algorithm
                said = item["summary"]
                assert not re.search(r"\d (d|h|min|s)\b|種類: [a-z]", said), said
                assert not re.search(r"\b(none|not known|let through)\b", said), said


def test_every_phrase_is_one_of_the_steps() -> None:
    """What a phrase fixes stands in the code: a reworded cell leaves no dead translation behind."""
    whole = "\0".join(literals())
    dead = set()
    for key in TABLE:
        kind, _, word = key.partition(" ")
        pieces = [word] if kind in ("gate", "part", "kind") else re.split(r"\{\w+\}", key)
        # A kind of flaw and where it is are put together: each word by itself then.
        words = [piece.strip(" ,;:()") for piece in pieces]
        if any(text not in whole and not all(part in whole for part in text.split()) for text in words if text):
            dead.add(key)
    assert dead == set()


@pytest.mark.parametrize("key", [key for key in TABLE if "{" in key])
def test_a_phrase_keeps_its_foreign_parts(key: str) -> None:
    """The Japanese holds what the English holds, each part once."""
    parts = re.findall(r"\{\w+\}", key)
    assert sorted(re.findall(r"\{\w+\}", TABLE[key])) == sorted(parts)
    assert len(set(parts)) == len(parts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_english_and_the_report_keep_the_cells(language: str) -> None:
    """Evidence is free of language in the report: only screens translate it."""
    reports = [document.build(result("wrong-pool"), Texts(lang))["findings"] for lang in ("en", language)]
    first, second = ([cell["actual"] for item in found for cell in item["evidence"]] for found in reports)
    assert first == second
    assert {ENGLISH.phrase(text) == text for _, _, text in cells()} == {True}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "prod",
        "orders/read, orders/write",
        "none of your business",
        "after work",
        "before 2026",
        "{moment}",
        "after {moment}",
        "{0.__class__}",
        "x does not exist, really",
        "two words does not exist",
        "header a b",
        "eyJhbGciOiJub25lIn0",
        "AccessDeniedException: none, exists, the request",
        "[red]none[/red]",
        "\x1b[31mnone",
        "none\nnone",
        ", ".join(["none"] * 1000),
        "a" * 100_000 + " does not exist",
    ],
)
def test_what_is_no_phrase_stays(text: str) -> None:
    """Foreign text is not reworded, and its braces are nobody's placeholders."""
    assert JAPANESE.phrase(text) == text


@pytest.mark.parametrize("name", ["{0}", "{count}", "{name.__class__}", "%s", "\\g<0>"])
def test_a_foreign_part_is_put_in_as_it_is(name: str) -> None:
    """A name is never a format of its own."""
    assert JAPANESE.phrase(f"{name} not set") == f"{name} が未設定"


def test_every_kind_of_flaw_is_looked_at() -> None:
    """The list above is that of the model, without what breaks nothing."""
    assert {kind for kind, *_ in HEADER_FLAWS} == set(get_args(FlawKind)) - {"edges", "bearer-case"}
    assert set(get_args(Flaw)) == {"base64", "json", "not-object", "parts", "too-long", "signature", "character"}


def test_no_cell_is_slow() -> None:
    """Long runs of what a part may hold cost no more than their length."""
    phrases = Phrases(TABLE)
    hostile = [unit * (2900 // len(unit)) for unit in ("a", "a... (", "/", "1 ", "header ", ", ", "a-z/", "quote x ")]
    began = time.process_time()
    for text in hostile:
        phrases.translate(text)
    assert time.process_time() - began < 0.5


def test_what_was_sent_is_shown_letter_by_letter() -> None:
    """ "none" is an algorithm, and a placeholder, when it was sent; elsewhere it is ours."""
    evidence = {"label": "x", "expected": "a token", "actual": "none", "source": "the request"}
    assert page.cells("header-placeholder", evidence, JAPANESE) == ("x", "トークン", "none", "リクエスト")
    assert page.cells("algorithm-not-allowed", evidence, JAPANESE)[2] == "none"
    assert page.cells("scope-not-in-token", evidence, JAPANESE)[2] == "なし"


def test_the_pages_of_a_step_are_translated() -> None:
    """The tables of the wizard hold the phrases; names and values stay."""
    report = document.build(result("wrong-pool"), JAPANESE)
    rows = [row for step in TROUBLESHOOT for row in page.build(report, step.id, JAPANESE).rows]
    assert any(row.expected == "API のオーソライザー" for row in rows)
    assert any("iss クレーム" in row.source for row in rows)
    assert not any("the " in row.source for row in rows)
