"""Lines that fit a terminal, in English and in Japanese."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogwizard.report.document import build
from cogwizard.report.text import render
from cogwizard.report.wrap import pad, width, wrap
from cogwizard.text import Texts
from tests.scenarios.runner import result


@pytest.mark.parametrize(
    ("text", "cells", "lines"),
    [
        ("one two three", 8, ["one two", "three"]),
        ("one two", None, ["one two"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        ("abcd efg", 4, ["abcd", "efg"]),
        ("ユーザープールです。", 12, ["ユーザープー", "ルです。"]),
        ("あいうえお。", 10, ["あいうえ", "お。"]),
        ("これは「発行者」です", 8, ["これは", "「発行", "者」です"]),
        ("これは ID トークンです", 12, ["これは ID", "トークンです"]),
    ],
)
def test_wrap(text: str, cells: int | None, lines: list[str]) -> None:
    assert wrap(text, cells) == lines


@given(st.text(alphabet="ab 。、「」あいうー,.()", max_size=80), st.integers(4, 40))
def test_nothing_is_lost_and_lines_fit(text: str, cells: int) -> None:
    lines = wrap(text, cells)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    if len(lines) > 1:
        assert all(width(line) <= cells for line in lines)


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("name", ["stacked-three", "changes-not-deployed", "permission-missing"])
def test_prose_fits_eighty_columns(name: str, lang: str) -> None:
    """Every sentence is there, and none runs over the edge; tables and commands stay as they are."""
    report = build(result(name), Texts(lang))
    lines = render(report, Texts(lang), columns=80, verbose=True).splitlines()
    whole = "".join("".join(lines).split())
    for finding in report["findings"]:
        assert "".join(finding["summary"].split()) in whole
    start = next(at for at, line in enumerate(lines) if line == Texts(lang).label("checks"))
    assert all(width(line) <= 80 for line in lines[start:])


def test_pad() -> None:
    assert pad("あ", 4) == "あ  "
