"""The browser's checks where witnesses differ, are missing, or say less than they seem to."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from cogwizard.judgement import Judgement, judge
from cogwizard.model.answer import Answer
from cogwizard.model.api import Export, GatewayResponse, Integration, IntegrationResponse, Method
from cogwizard.model.case import Case
from cogwizard.model.read import Unread
from cogwizard.model.read_api import GetExport, GetGatewayResponses, GetResources
from cogwizard.model.read_web import Preflight, Replay
from cogwizard.sandbox.scenarios.scenario import PAGE
from cogwizard.steps import TROUBLESHOOT
from cogwizard.steps.browser import BrowserStep
from cogwizard.steps.preflight import preflight_read, question
from tests.scenarios.runner import result

ALLOW = (
    ("Access-Control-Allow-Origin", PAGE),
    ("Access-Control-Allow-Headers", "authorization"),
    ("x-amz-apigw-id", "x="),
)
FORBIDDEN = Answer(403, (("x-amzn-ErrorType", "ForbiddenException"),), '{"message":"Forbidden"}')
NO_ROUTE = Answer(403, (("x-amzn-ErrorType", "MissingAuthenticationTokenException"),))
UNAUTHORIZED = Answer(401, (("x-amzn-ErrorType", "UnauthorizedException"),), '{"message":"Unauthorized"}')
MOCKED = (("Access-Control-Allow-Origin", f"'{PAGE}'"), ("Access-Control-Allow-Headers", "'Authorization'"))


def told(case: Case) -> dict[str, tuple[str, str]]:
    """The browser's findings: code -> verdict and variant."""
    return {
        item.code: (item.verdict, item.variant) for item in judge(case, TROUBLESHOOT).findings if item.step == "browser"
    }


def with_answer(case: Case, answer: object, kind: type = Preflight) -> Case:
    """The case with another fact for the read of a type."""
    return replace(case, facts={read: answer if isinstance(read, kind) else fact for read, fact in case.facts.items()})


def without(case: Case, *kinds: type) -> Case:
    return replace(
        case,
        facts={
            read: Unread(read, "denied", "AccessDenied") if isinstance(read, kinds) else fact
            for read, fact in case.facts.items()
        },
    )


def without_probe(case: Case) -> Case:
    return replace(case, facts={read: fact for read, fact in case.facts.items() if not isinstance(read, Preflight)})


def deployed(case: Case, **changes: Any) -> Case:
    export = next(fact for fact in case.facts.values() if isinstance(fact, Export))
    return with_answer(case, replace(export, **changes), GetExport)


def options(case: Case, integration: Integration | None) -> Case:
    """The case with another integration behind OPTIONS in both views, and no answer of it."""
    method = Method("NONE", integration=integration)

    def changed(methods: Mapping[str, Mapping[str, Method]]) -> dict[str, dict[str, Method]]:
        return {path: {**verbs, "OPTIONS": method} for path, verbs in methods.items()}

    export = next(fact for fact in case.facts.values() if isinstance(fact, Export))
    drafted = next(fact for read, fact in case.facts.items() if isinstance(read, GetResources))
    assert isinstance(drafted, Mapping)
    case = deployed(without_probe(case), methods=changed(export.methods))
    return with_answer(case, changed(drafted), GetResources)


def mock(template: str | None, *responses: IntegrationResponse) -> Integration:
    return Integration("MOCK", template, responses or (IntegrationResponse(200, None, MOCKED),))


def test_an_answer_counts_before_the_configuration() -> None:
    case = result("preflight-missing").case
    assert told(with_answer(case, Answer(204, ALLOW)))["preflight-missing"] == ("pass", "differs")
    guarded = result("preflight-needs-no-auth").case
    assert told(with_answer(guarded, Answer(204, ALLOW)))["preflight-needs-no-auth"] == ("pass", "differs")
    good = result("healthy-browser").case
    assert told(with_answer(good, UNAUTHORIZED))["preflight-needs-no-auth"] == ("fail", "proven")
    assert told(with_answer(good, NO_ROUTE))["preflight-missing"] == ("fail", "proven")


def test_what_shares_an_answer_is_told_apart_by_the_configuration_alone() -> None:
    """Without it, 403 Missing Authentication Token is a missing OPTIONS, or one with AWS_IAM."""
    bare = without(result("preflight-missing").case, GetExport, GetResources)
    found = told(bare)
    assert found["preflight-missing"] == found["preflight-needs-no-auth"] == ("unknown", "possible")
    case = with_answer(result("healthy-browser").case, FORBIDDEN)
    assert told(case)["preflight-broken"] == ("fail", "status")  # a web ACL, say: the call itself got through
    assert set(told(with_answer(case, FORBIDDEN, Replay)).values()) >= {("skipped", "refused-before")}
    assert told(result("preflight-needs-no-auth-key").case)["preflight-needs-no-auth"] == ("fail", "fail")


def test_a_recorded_call_had_its_preflight_in_order() -> None:
    case = without_probe(result("cors-header-not-allowed-wildcard").case)
    wild = Answer(200, (ALLOW[0], ("Access-Control-Allow-Headers", "*")))
    assert told(replace(case, preflight=wild))["cors-header-not-allowed"][0] == "fail"
    recorded = replace(case, preflight=wild, answer=Answer(200, ALLOW), replay=False)
    assert told(recorded)["cors-header-not-allowed"] == ("warn", "wildcard")


@pytest.mark.parametrize(
    ("integration", "broken", "origin"),
    [
        (mock('{"statusCode": 200}'), ("pass", "pass"), ("pass", "pass")),
        (mock(None), ("pass", "pass"), ("pass", "pass")),  # the default response [D]
        (mock("{}"), ("fail", "template"), ("skipped", "masked")),
        (
            mock('{"statusCode": 404}', IntegrationResponse(404, None, MOCKED)),
            ("fail", "status"),
            ("skipped", "masked"),
        ),
        (
            mock(
                '{"statusCode": 200}',
                IntegrationResponse(200, "4.."),
            ),
            ("fail", "template"),
            ("skipped", "masked"),
        ),
        (mock('{"statusCode": 200}', IntegrationResponse(200, "2.+", MOCKED)), ("pass", "pass"), ("pass", "pass")),
        (
            mock('{"statusCode": 200}', IntegrationResponse(200, "(?<=x)")),
            ("unknown", "backend"),
            ("unknown", "backend"),
        ),
        (mock('#if($a) {"statusCode": 200} #else {"statusCode": 403} #end'), ("unknown", "backend"), None),
        (mock('{"statusCode": $status}'), ("unknown", "backend"), None),
        (mock('{"statusCode": 200}', IntegrationResponse(200)), ("fail", "no-origin"), ("skipped", "masked")),
        (
            mock(
                '{"statusCode": 200}', IntegrationResponse(200, None, (("access-control-allow-origin", "context.x"),))
            ),
            ("pass", "pass"),
            ("unknown", "computed"),
        ),
        (Integration("AWS_PROXY"), ("unknown", "backend"), ("unknown", "backend")),
        (None, ("unknown", "backend"), ("unknown", "backend")),
    ],
)
def test_a_mock_is_computed_as_far_as_it_is_documented(
    integration: Integration | None, broken: tuple[str, str], origin: tuple[str, str] | None
) -> None:
    found = told(options(result("healthy-browser").case, integration))
    assert found["preflight-broken"] == broken
    assert origin is None or found["cors-origin-mismatch"] == origin
    assert found["preflight-missing"] == found["preflight-needs-no-auth"] == ("pass", "pass")


def mended(name: str, *responses: GatewayResponse) -> Judgement:
    return judge(with_answer(result(name).case, responses, GetGatewayResponses), TROUBLESHOOT)


def test_headers_that_are_not_deployed_yet() -> None:
    fixed = (("Access-Control-Allow-Origin", f"'{PAGE}'"),)
    own = mended("cors-hides-401", GatewayResponse("UNAUTHORIZED", None, fixed))
    assert own.causes == ("token-expired", "changes-not-deployed")
    # Whether a DEFAULT_4XX covers the authorizer's 401 is contradicted by reports: nothing is promised.
    default = mended("cors-hides-401", GatewayResponse("DEFAULT_4XX", None, fixed))
    assert default.causes == ("token-expired", "cors-hides-401")


def test_without_an_answer_the_gateway_responses_warn() -> None:
    case = replace(result("cors-hides-401").case, replay=False)
    fixed = (("Access-Control-Allow-Origin", "'*'"),)
    assert told(case)["cors-hides-401"] == ("warn", "foreseen")
    default = deployed(case, responses=(GatewayResponse("DEFAULT_4XX", None, fixed),))
    assert told(default)["cors-hides-401"] == ("warn", "default-only")
    own = deployed(case, responses=(GatewayResponse("UNAUTHORIZED", None, fixed),))
    assert told(own)["cors-hides-401"] == ("pass", "pass")
    assert told(without(case, GetExport, GetGatewayResponses))["cors-hides-401"] == ("unknown", "unread")


def test_an_answer_without_its_headers_says_nothing_of_them() -> None:
    case = replace(result("cors-hides-401").case, answer=Answer(401, (), '{"message":"Unauthorized"}'))
    assert told(case)["cors-hides-401"] == ("unknown", "no-headers")
    case = replace(case, answer=Answer(200, (), "{}"))
    assert told(case)["cors-headers-missing"] == ("unknown", "no-headers")


def test_a_refusal_that_names_another_page_is_hidden_too() -> None:
    other = Answer(401, (*UNAUTHORIZED.headers, ("access-control-allow-origin", "https://other.example")))
    found = told(with_answer(result("cors-hides-401").case, other, Replay))
    assert found["cors-hides-401"] == ("fail", "other-origin")
    assert found["cors-origin-mismatch"][0] == "pass"


def test_a_failing_backend_is_hidden_like_a_refusal() -> None:
    broken = Answer(502, (("x-amzn-ErrorType", "InternalServerErrorException"),), '{"message":"Internal server error"}')
    assert told(with_answer(result("healthy-browser").case, broken, Replay))["cors-hides-401"] == ("fail", "fail")


def test_a_hidden_refusal_is_no_explanation_of_it() -> None:
    """CORS is never the cause of a refusal: what refused is still open."""
    judged = judge(with_answer(result("healthy-browser").case, UNAUTHORIZED, Replay), TROUBLESHOOT)
    assert judged.causes == ("cors-hides-401",)
    assert [item.verdict for item in judged.findings if item.code == "answer-not-explained"] == ["unknown"]


def test_nothing_is_asked_without_leave() -> None:
    case = replace(without_probe(result("healthy-browser").case), facts={})
    assert preflight_read(case) is not None
    for unasked in (
        replace(case, probe=False),
        replace(case, browser=False),
        replace(case, offline=True),
        replace(case, preflight=Answer(200)),
        replace(case, origin=None, call=replace(case.call, headers=())),
    ):
        assert preflight_read(unasked) is None


def test_the_probe_holds_no_token() -> None:
    case = result("cors-hides-401").case
    read = preflight_read(case)
    assert read is not None
    assert not read.call.values("authorization")
    assert "eyJ" not in repr(read.call.headers)
    assert read.call.values("access-control-request-headers") == ["authorization"]


def test_a_recording_without_headers_asks_for_the_tokens() -> None:
    """Which header that is the authorizer tells: until then nothing is asked."""
    case = replace(result("healthy-browser").case, headers_left_out=True)
    case = replace(case, call=replace(case.call, headers=(("Origin", PAGE),)))
    waiting = replace(case, facts={})
    assert question(waiting) is None
    assert preflight_read(waiting) is None
    asked = question(case)
    assert asked is not None
    assert asked.headers == ("authorization",)


def test_an_unknown_page_leaves_the_origin_open() -> None:
    case = result("healthy-browser").case
    case = replace(without_probe(case), origin=None, call=replace(case.call, headers=case.call.headers[:1]))
    assert told(case)["cors-origin-mismatch"] == ("unknown", "no-origin")
    assert judge(case, TROUBLESHOOT).outcome == "inconclusive"


def test_a_probe_that_failed_is_no_pass() -> None:
    case = without(result("healthy-browser").case, Preflight)
    judged = judge(case, TROUBLESHOOT)
    assert judged.outcome == "inconclusive"
    assert [item.hides for item in judged.unread] == [
        ("preflight-broken", "cors-header-not-allowed", "cors-origin-mismatch")
    ]


@pytest.mark.parametrize("name", ["preflight-needs-no-auth", "preflight-missing", "cors-hides-401"])
def test_no_browser_is_refused_for_a_browsers_sake(name: str) -> None:
    """The same call by curl: worth knowing at most, and only where CORS was set up at all."""
    case = replace(without_probe(result(name).case), browser=False)
    judged = judge(case, TROUBLESHOOT)
    assert not set(judged.causes) & set(BrowserStep.codes)
    verdicts = {item.verdict for item in judged.findings if item.step == "browser"}
    assert verdicts <= {"warn", "skipped", "pass"}
    machine = replace(case, origin=None, call=replace(case.call, headers=case.call.headers[:1]))
    machine = deployed(machine, responses=())
    if name != "cors-hides-401":  # there an OPTIONS method says that pages call
        assert {item.variant for item in judge(machine, TROUBLESHOOT).findings if item.step == "browser"} == {
            "not-a-browser"
        }


def test_offline_a_pasted_answer_proves_what_it_can() -> None:
    case = replace(result("cors-hides-401").case, offline=True, facts={}, answer=UNAUTHORIZED, replay=False)
    found = told(case)
    assert found["cors-hides-401"] == ("fail", "fail")
    assert found["preflight-missing"] == ("unknown", "offline")
