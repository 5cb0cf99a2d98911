"""The picture of the gates."""

import pytest

from cogwizard.report.gates import Gate
from cogwizard.report.wrap import width
from cogwizard.text import Texts
from cogwizard.ui.widgets.gates import Gates, words

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


def drawn(lang: str, cells: int, gates: tuple[Gate, ...] = STOPPED) -> list[str]:
    """Return the picture in a language, at a width, line by line."""
    picture = Gates(words(Texts(lang)))
    picture.set_reactive(Gates.gates, gates)
    return ["".join(text for text, _ in line).rstrip() for line in picture._lines(cells)]


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("cells", [16, 24, 39, 40, 52, 80, 92, 200])
def test_the_picture_fits_and_loses_nothing(lang: str, cells: int) -> None:
    """At any width no line is longer than that, and all gates are named with what is known of them."""
    lines = drawn(lang, cells)
    assert max(width(line) for line in lines) <= cells
    said = "".join(lines).replace(" ", "")
    texts = Texts(lang)
    for gate in STOPPED:
        name = texts.label(f"gate {gate.id}").replace(" ", "")
        assert (name.upper() if gate.state == "stopped" else name) in said
    assert said.count("✗") == said.count("?") == said.count("!") == 1
    for state in ("stopped", "open", "next"):
        assert texts.screen("verdict", f"state {state}").replace(" ", "") in said.replace("\n", "")


def test_a_wide_picture_is_one_row() -> None:
    """With room for all, names stand in one line, and what is known of each below it."""
    names, notes, *_ = drawn("en", 200)
    assert names.startswith("client -- endpoint -- stage")
    assert "AUTHORIZER" in names
    assert names.index("AUTHORIZER") == notes.index("✗ stopped here")
    assert names.index("API key") == notes.index("! next")


def test_with_less_room_it_is_one_row_still() -> None:
    """Notes go on in the next line, and the client is left out; a long fact takes the row apart."""
    short = tuple(gate if gate.id != "route" else Gate("route", "passed", "/orders") for gate in STOPPED)
    names, *notes = drawn("en", 92, short)
    assert names.startswith("endpoint - stage")
    assert names.endswith("backend")
    assert len(notes) <= 3
    assert notes[0][names.index("AUTHORIZER") :].startswith("✗ stopped here ")


def test_a_small_terminal_has_few_lines_of_it() -> None:
    """Beside the rail of 80 columns: marks, and words where a mark alone does not tell."""
    for lang in ("en", "ja"):
        assert len(drawn(lang, 51)) <= 4
    lines = drawn("en", 51)
    assert lines[0].startswith("✓ endpoint > ✓ stage > ✓ web ACL > ✓ route >")
    assert "✗ AUTHORIZER stopped here >" in lines[1]
    assert "! API key next >" in " ".join(lines)


def test_a_narrow_picture_is_a_column() -> None:
    """Without room for a row each gate has a line."""
    lines = drawn("en", 30)
    assert "✗ AUTHORIZER: stopped here" in lines
    assert "- backend: not reached" in lines
