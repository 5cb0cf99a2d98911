"""The words of the reports: headline and predictions."""

from typing import Any

import pytest

from cogwizard.report import document, markdown, text
from cogwizard.text import LANGUAGES, Texts
from tests.scenarios.runner import result

THROUGH = {"status": None, "gate": "backend", "cause": None}


def report(name: str, lang: str = "en") -> dict[str, Any]:
    """Return the report of a scenario."""
    return document.build(result(name), Texts(lang))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["token-expired", "api-key-required", "stacked-three", "wrong-stage"])
def test_gates_have_names_in_the_reader_s_language(name: str, lang: str) -> None:
    """Headline and predictions name the gate as the picture does."""
    made, texts = report(name, lang), Texts(lang)
    gate = texts.label(f"gate {made['predicted']['deployed']['gate']}")
    assert gate in text.headline(made, texts)
    assert gate in text.prediction(texts, made["predicted"]["deployed"])


def test_a_cause_at_no_gate_names_none() -> None:
    """What the browser or another service refuses is no stop at a gate of API Gateway."""
    made = {"causes": ["cors-hides-401"], "observed": {"gate": "backend"}, "predicted": {"deployed": THROUGH}}
    assert text.stopped_at(made) is None
    assert text.headline(made, Texts("en")).startswith("The call fails: ")
    assert text.stopped_at({**made, "causes": ["backend-answered"]}) == "backend"


def test_fixes_are_predicted_where_there_are_some() -> None:
    """A call that works has nothing to fix, in the text and in the Markdown."""
    texts = Texts("en")
    for render in (text.render, markdown.render):
        assert "after all fixes" not in render(report("healthy-bearer"), texts)
        assert "after all fixes" in render(report("token-expired"), texts)
