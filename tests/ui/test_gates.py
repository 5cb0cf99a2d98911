"""The picture of the gates."""

import pytest

from cogwizard.report.gates import Gate
from cogwizard.report.wrap import width
from cogwizard.text import Texts
from cogwizard.ui.widgets.gates import WORDS, Gates

STOPPED = (
    Gate("endpoint", "passed"),
    Gate("stage", "passed", "prod"),
    Gate("waf", "passed", "none"),
    Gate("route", "passed", "/customers/{customerId}/orders/{orderId}"),
    Gate("authorizer", "stopped", "Pool"),
    Gate("policy", "open"),
    Gate("api-key", "next"),
    Gate("backend", "ahead"),
)


def drawn(lang: str, cells: int) -> list[str]:
    """Return the picture in a language, at a width, line by line."""
    texts = Texts(lang)
    picture = Gates({key: texts.screen("verdict", key) for key in WORDS})
    picture.set_reactive(Gates.gates, STOPPED)
    return ["".join(text for text, _ in line).rstrip() for line in picture._lines(cells)]


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("cells", [16, 24, 39, 40, 52, 80, 92, 200])
def test_the_picture_fits_and_loses_nothing(lang: str, cells: int) -> None:
    """At any width no line is longer than that, and all gates are named with what is known of them."""
    lines = drawn(lang, cells)
    assert max(width(line) for line in lines) <= cells
    words = "".join(lines).replace(" ", "")
    texts = Texts(lang)
    for gate in STOPPED:
        name = texts.screen("verdict", f"gate {gate.id}").replace(" ", "")
        assert (name.upper() if gate.state == "stopped" else name) in words
    assert words.count("✗") == words.count("?") == words.count("!") == 1


def test_a_wide_picture_is_one_row() -> None:
    """With room for all, names stand in one line, and what is known of each below it."""
    names, notes, *_ = drawn("en", 200)
    assert names.startswith("client -- endpoint -- stage")
    assert "AUTHORIZER" in names
    assert names.index("AUTHORIZER") == notes.index("✗ stopped here")
    assert names.index("API key") == notes.index("! next")


def test_a_narrow_picture_is_a_column() -> None:
    """Without room for a row each gate has a line."""
    lines = drawn("en", 30)
    assert "✗ AUTHORIZER: stopped here" in lines
    assert "- backend: not reached" in lines
