"""The page of a step: the answer first, the cause before the rest, never "nothing wrong" where it could not look."""

import pytest

from cogwizard.report import document, page
from cogwizard.steps import TROUBLESHOOT
from cogwizard.text import LANGUAGES, Texts
from tests.scenarios.runner import refusing, result

STEPS = [step.id for step in TROUBLESHOOT]


def pages(name: str, lang: str = "en") -> dict[str, page.Page]:
    """Return all pages of a scenario, by step."""
    texts = Texts(lang)
    report = document.build(result(name), texts)
    return {step: page.build(report, step, texts) for step in STEPS}


def test_the_step_of_the_cause_fails_and_no_other() -> None:
    """Red is for a cause alone."""
    found = pages("token-expired")
    assert [step for step in STEPS if found[step].verdict == "fail"] == ["token"]
    first = found["token"].problems[0]
    assert (first.code, first.is_cause) == ("token-expired", True)
    assert found["token"].answer == first.summary
    assert found["token"].rows[0].verdict == "fail"
    assert any(form == "cli" for mend in first.mends for form, _ in mend.forms)


def test_what_another_cause_stands_for_is_no_cause() -> None:
    """A check that deploying would mend is shown as worth knowing."""
    scopes = pages("stacked-expired-not-deployed")["scopes"]
    assert scopes.verdict == "warn"
    assert not scopes.problems[0].is_cause


def test_a_healthy_call_has_no_problem() -> None:
    """Every step says in words that nothing is wrong, or that it does not apply."""
    for step, found in pages("healthy-bearer").items():
        assert found.verdict in ("pass", "skipped"), step
        assert not found.problems
        assert not found.unchecked
        assert found.answer


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_denied_read_is_named_with_its_permission(lang: str) -> None:
    """The page says what is not known, which codes that leaves open, and what it needs."""
    texts = Texts(lang)
    report = document.build(refusing(result("healthy-bearer"), "apigateway:GetExport"), texts)
    found = page.build(report, "deployment", texts)
    assert found.verdict == "unknown"
    said = " ".join(found.unchecked)
    assert "changes-not-deployed" in said
    assert "apigateway:GET on arn:aws:apigateway:" in said
    assert found.answer == texts.screen("steps", "answer unknown", unknown=1, **{"pass": 1, "skipped": 0})
