"""Tables and remedies at narrow widths: what is whole stays whole, and what is copied is the original."""

import pytest

from cogwizard.report.page import Mend
from cogwizard.report.wrap import width
from cogwizard.ui.widgets.facts import Fact, Facts
from cogwizard.ui.widgets.mend import MendBox

HEAD = ("field", "deployed", "draft")
ARN = "arn:aws:cognito-idp:ap-northeast-1:********9012:userpool/ap-northeast-1_cIjslEgFt"
SHORT = [Fact("pass", ("authorization type", "COGNITO_USER_POOLS", "NONE")), Fact("", ("scopes", "none", "none"))]
LONG = Fact("warn", ("user pools", ARN, "none"))


def lines(table: Facts, cells: int) -> list[str]:
    """Return what a table draws in so many cells."""
    return ["".join(text for text, _ in line).rstrip() for line in table._layout(cells)[1]]


@pytest.mark.parametrize("cells", range(30, 100, 7))
def test_labels_and_identifiers_are_not_broken(cells: int) -> None:
    """At any width that can hold them; no line is wider than the table."""
    shown = lines(Facts(HEAD, [*SHORT, LONG]), cells)
    text = "\n".join(shown)
    assert [word for word in ("authorization type", "COGNITO_USER_POOLS", "user pools") if word not in text] == []
    assert max(map(width, shown)) <= cells


def test_a_row_whose_words_do_not_fit_stands_alone() -> None:
    """The others keep their columns; the order of the rows stays."""
    shown = lines(Facts(HEAD, [LONG, *SHORT]), 60)
    assert shown[0] == "  field               deployed            draft"
    assert shown[1] == "! user pools"
    assert shown[-2:] == [
        "✓ authorization type  COGNITO_USER_POOLS  NONE",
        "  scopes              none                none",
    ]
    pieces = [line.strip() for line in shown[3:-3]]
    assert "".join(pieces) == ARN
    assert len(pieces) == 2


def test_a_table_most_of_whose_rows_do_not_fit_has_no_columns() -> None:
    """One look for the table: all stand under each other, each cell with its column's name."""
    shown = lines(Facts(HEAD, [LONG, LONG, SHORT[0]]), 60)
    assert shown[-3:] == ["✓ authorization type", "    deployed  COGNITO_USER_POOLS", "    draft     NONE"]


def test_a_short_table_has_a_line_for_each_row() -> None:
    """Where all fits, nothing is wrapped, in Japanese too."""
    assert lines(Facts(("項目", "値"), [Fact("", ("スコープ", "なし")), Fact("fail", ("タイプ", "NONE"))]), 30) == [
        "  項目      値",
        "  スコープ  なし",
        "✗ タイプ    NONE",
    ]


def test_wrapped_code_keeps_its_indentation() -> None:
    """What follows of a line stands further right than it; `c` copies the code as it was written."""
    code = 'resource "x" "y" {\n    identity_source = "method.request.header.Authorization" # and more words\n}'
    box = MendBox(Mend("Mend", (("terraform", code),)), {"terraform": "Terraform"})
    assert box._body(50) == [
        'resource "x" "y" {',
        "    identity_source =",
        '      "method.request.header.Authorization" #',
        "      and more words",
        "}",
    ]
    assert box.copyable == code
    assert all(width(line) <= 18 for line in box._body(20))
