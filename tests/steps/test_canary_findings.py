"""A canary against what is deployed: its methods by their summary, its variables by the authorizer's ARNs."""

from dataclasses import replace

import pytest

from cogwizard.judgement import Judgement, judge
from cogwizard.model.answer import Answer
from cogwizard.model.api import Method, Methods, Stage
from cogwizard.model.read_api import GetDeployment, GetStages
from cogwizard.steps import TROUBLESHOOT
from tests.scenarios.runner import result

SAME: Methods = {"/orders": {"GET": Method("COGNITO_USER_POOLS")}}


def canary(
    name: str, summary: Methods | None, percent: float = 25.0, answer: Answer | None = None, **fields: object
) -> Judgement:
    """Judge a scenario whose stage has a canary with these methods; None: the canary has no deployment of its own."""
    case = result(name).case
    stages, api = case.api_read(GetStages), case.place.rest_api_id
    assert stages is not None
    assert api is not None
    old = case.known(stages, tuple) or ()
    made = [self_canary(item, summary, percent, fields) for item in old]
    facts = {**case.facts, stages: tuple(made)}
    if summary is not None:
        facts[GetDeployment(stages.region, api, "canary")] = summary
    return judge(replace(case, facts=facts, answer=answer or case.answer), TROUBLESHOOT)


def self_canary(stage: Stage, summary: Methods | None, percent: float, fields: dict[str, object]) -> Stage:
    own = stage.deployment_id if summary is None else "canary"
    return replace(stage, canary_percent=percent, canary_deployment_id=own, **fields)  # type: ignore[arg-type]


def verdict(judgement: Judgement) -> tuple[str, str]:
    return next((item.verdict, item.variant) for item in judgement.findings if item.code == "canary-differs")


@pytest.mark.parametrize(
    ("summary", "expected"),
    [
        (SAME, ("unknown", "summary")),
        ({"/orders": {"GET": Method("NONE")}}, ("warn", "warn")),
        ({"/orders": {"GET": Method("COGNITO_USER_POOLS", api_key_required=True)}}, ("warn", "warn")),
        ({"/orders": {"ANY": Method("COGNITO_USER_POOLS")}}, ("warn", "warn")),
        ({"/other": {"GET": Method("COGNITO_USER_POOLS")}}, ("warn", "warn")),
        (None, ("pass", "pass")),
    ],
)
def test_what_a_summary_tells(summary: Methods | None, expected: tuple[str, str]) -> None:
    judgement = canary("healthy-raw-token", summary)
    assert verdict(judgement) == expected
    assert judgement.outcome == "healthy"  # the call got through
    assert verdict(canary("healthy-raw-token", summary, percent=0.0)) == ("pass", "pass")


@pytest.mark.parametrize(
    ("summary", "answer"),
    [
        (
            {"/other": {"GET": Method("NONE")}},
            (403, "MissingAuthenticationTokenException", "Missing Authentication Token"),
        ),
        (
            {"/orders": {"GET": Method("COGNITO_USER_POOLS", api_key_required=True)}},
            (403, "ForbiddenException", "Forbidden"),
        ),
        ({"/orders": {"GET": Method("CUSTOM")}}, (401, "UnauthorizedException", "Unauthorized")),
    ],
)
def test_an_answer_that_only_the_canary_gives(summary: Methods, answer: tuple[int, str, str]) -> None:
    status, error, message = answer
    seen = Answer(status, (("x-amzn-ErrorType", error),), f'{{"message":"{message}"}}', peer="18.65.2.1")
    assert canary("healthy-raw-token", summary, answer=seen).causes == ("canary-differs",)
    assert canary("healthy-raw-token", SAME, answer=seen).outcome == "inconclusive"


def test_variables_of_the_canary_name_other_pools() -> None:
    name = "healthy-stage-variable"
    judgement = canary(name, None, canary_variables={"pool": "ap-northeast-1_Other", "unused": "x"})
    assert verdict(judgement) == ("warn", "warn")
    rows = [row for item in judgement.findings if item.code == "canary-differs" for row in item.evidence]
    assert [row.actual for row in rows] == ["pool: ap-northeast-1_Other"]
    held = next(stage.variables["pool"] for stage in judgement.case.stages or ())
    assert verdict(canary(name, None, canary_variables={"pool": held})) == ("pass", "same")
