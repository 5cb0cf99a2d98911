"""The grid: each scenario's causes, exactly and in order; no cause where nothing is wrong; never a false "healthy"."""

import pytest

from cogwizard.gateway import gate_of, order
from cogwizard.judgement.answered import UNEXPLAINED
from cogwizard.model.code import CODES
from cogwizard.model.reads import KEY_READS, LOG_READS, READS
from cogwizard.report.document import build
from cogwizard.sandbox.scenarios import SCENARIOS
from cogwizard.steps import TROUBLESHOOT
from cogwizard.text import Texts
from tests.scenarios.runner import refusing, result, run

NAMES = list(SCENARIOS)
# Made by the wizard alone, to pick an API.
LISTS = {"apigateway:GetRestApis"}
JUDGED = [*sorted({code for step in TROUBLESHOOT for code in step.codes}), UNEXPLAINED]


@pytest.mark.parametrize("name", NAMES)
def test_scenario(name: str) -> None:
    scenario, judgement = SCENARIOS[name], result(name)
    assert judgement.causes == scenario.causes
    assert judgement.outcome == scenario.outcome
    found = {(item.code, item.verdict) for item in judgement.findings}
    assert {(code, "warn") for code in scenario.warns} <= found
    assert {(code, "unknown") for code in scenario.unknowns} <= found


@pytest.mark.parametrize("name", NAMES)
def test_first_cause_explains_the_answer(name: str) -> None:
    judgement = result(name)
    # What only a browser minds stands beside the answer; an OPTIONS call alone is refused for it.
    explained = [item.code for item in judgement.findings if item.explained_by]
    causes = [explained[0] if code == "changes-not-deployed" else code for code in judgement.causes]
    causes = [code for code in causes if CODES[code].group != "browser"]
    if causes and judgement.case.observed and judgement.observed_gate not in ("unknown", "front"):
        assert gate_of(causes[0]) == judgement.observed_gate
        assert not any(item.code == "answer-not-explained" and item.verdict == "unknown" for item in judgement.findings)
    if causes and judgement.case.observed and judgement.predicted.deployed.status:
        assert judgement.predicted.deployed.status == judgement.case.observed.status


@pytest.mark.parametrize("name", NAMES)
def test_causes_are_in_gateway_order(name: str) -> None:
    causes = [code for code in result(name).causes if code != "changes-not-deployed"]
    assert causes == sorted(causes, key=order)


@pytest.mark.parametrize("code", JUDGED)
def test_each_judged_code_has_a_scenario_in_its_class(code: str) -> None:
    place = {"cause": "causes", "warning": "warns", "unknown": "unknowns"}[CODES[code].kind]
    assert any(code in getattr(scenario, place) for scenario in SCENARIOS.values())


@pytest.mark.parametrize("name", NAMES)
def test_denied_read_is_never_healthy_by_itself(name: str) -> None:
    """A read that is denied may hide a cause; only an answer that got through says that nothing stopped the call.

    Each kind of read that the scenario makes is denied in turn.
    """
    whole = result(name)
    for action in sorted({read.action for read in whole.case.facts}):
        judgement = refusing(whole, action)
        if whole.outcome != "healthy":
            assert judgement.outcome != "healthy", action
        if judgement.outcome == "healthy" and any(item.hides for item in judgement.unread):
            assert judgement.observed_gate == "backend", action
        for hidden in judgement.unread:
            for code in hidden.hides:
                assert any(item.code == code and item.verdict == "unknown" for item in judgement.findings), action


def test_each_kind_of_read_is_denied_somewhere() -> None:
    """Those that only the wizard's lists make are not a diagnosis's."""
    made = {read.action for name in NAMES for read in result(name).case.facts}
    assert {f"{read.service}:{read.operation}" for read in (*READS, *KEY_READS, *LOG_READS)} - made == LISTS


@pytest.mark.parametrize("operation", ["GetExport", "GetResources", "GetStages", "GetKeys", "GetRestApi", "Invoke"])
@pytest.mark.parametrize("name", ["token-expired", "changes-not-deployed", "backend-answered", "wrong-pool"])
def test_denied_by_the_server(name: str, operation: str) -> None:
    judgement = run(name, {operation: "drop" if operation in ("GetKeys", "Invoke") else "AccessDeniedException"})
    assert judgement.outcome != "healthy"
    assert [item.unread.read.operation for item in judgement.unread] != []


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("name", NAMES)
def test_report_is_complete(name: str, lang: str) -> None:
    """Every finding has its title, summary and labels in both languages, and no braces are left over."""
    report = build(result(name), Texts(lang))
    for finding in report["findings"]:
        assert finding["title"]
        assert finding["summary"]
        assert "{" not in finding["summary"].replace("{proxy+}", "").replace("{{", "").replace("{id", "")
        assert finding["verdict"] in ("pass", "fail", "warn", "unknown", "skipped")
        for item in finding["evidence"]:
            assert set(item) == {"label", "expected", "actual", "source"}
    for code in report["causes"]:
        assert next(item for item in report["findings"] if item["code"] == code)["evidence"]
        assert next(item for item in report["findings"] if item["code"] == code)["fixes"]


def test_no_code_twice() -> None:
    for name in NAMES:
        codes = [item.code for item in result(name).findings]
        assert len(codes) == len(set(codes)), name
