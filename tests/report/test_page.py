"""The page of a step: the answer first, the cause before the rest, never "nothing wrong" where it could not look."""

import re

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
    """A check that deploying would mend is shown as worth knowing; a cause after the first one is the next."""
    found = pages("stacked-expired-not-deployed")
    assert (found["token"].verdict, found["deployment"].verdict) == ("fail", "next")
    scopes = found["scopes"]
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
    assert re.search(r"apigateway:GET( on |（)arn:aws:apigateway:", said)
    assert found.answer == texts.screen("steps", "answer unknown", unknown=1, **{"pass": 2, "skipped": 0})


def test_what_was_judged_by_the_draft_alone_is_not_known() -> None:
    """Without the export, checks that held for the draft say nothing of the stage, unless an answer got past them."""
    texts = Texts("en")
    steps = ("authorizer", "scopes", "header", "policy")
    report = document.build(result("permission-missing"), texts)
    assert report["outcome"] != "healthy"
    assert {page.build(report, step, texts).verdict for step in steps} == {"unknown"}
    assert "judged by the draft" in page.build(report, "scopes", texts).answer
    passed = document.build(refusing(result("healthy-bearer"), "apigateway:GetExport"), texts)
    assert passed["observed"]["gate"] == "backend"
    assert {page.build(passed, step, texts).verdict for step in steps} == {"pass"}


def test_nothing_is_called_unknown_while_it_is_read() -> None:
    """More facts are on their way: reading, not unknown."""
    texts = Texts("en")
    report = document.build(result("permission-missing"), texts)
    found = page.build(report, "deployment", texts, reading=True)
    assert (found.verdict, found.unchecked) == ("reading", ())
    expired = document.build(result("token-expired"), texts)
    assert page.build(expired, "token", texts, reading=True).verdict == "fail"


def test_a_clock_alone_is_no_pass() -> None:
    """Where there is no token to judge, that this machine's clock is right does not make the step one that held."""
    assert pages("header-placeholder")["token"].verdict == "skipped"


def test_a_permission_is_named_for_a_denied_read_only() -> None:
    """Who has no credentials needs to sign in, not a permission."""
    texts = Texts("en")
    report = document.build(refusing(result("healthy-bearer"), "apigateway:GetExport"), texts)
    report["unread"] = [{**item, "error": "NoCredentialsError", "reason": "credentials"} for item in report["unread"]]
    assert not any("it needs" in text for text in page.build(report, "deployment", texts).unchecked)


def test_no_row_stands_on_both_sides() -> None:
    """What failed is not told again among what held."""
    for step, found in pages("stacked-three").items():
        rows = [(row.label, row.expected, row.actual) for row in found.rows]
        assert len(rows) == len(set(rows)), step


def test_console_paths_say_what_they_mean_here() -> None:
    """The API, the stage and the method by their names."""
    problem = pages("stacked-expired-not-deployed")["deployment"].problems[0]
    console = dict(problem.mends[0].forms)["console"]
    report = document.build(result("stacked-expired-not-deployed"), Texts("en"))
    assert report["request"]["rest_api_id"] in console
    assert "GET /orders" in console
