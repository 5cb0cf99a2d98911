"""What stands before and beside the authorizer: what proves it, and what only looks like a proof."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from cogwizard.gateway import read_answer
from cogwizard.judgement import Judgement, judge
from cogwizard.model.answer import Answer
from cogwizard.model.api import DomainName, Stage
from cogwizard.model.case import Case
from cogwizard.model.finding import Finding
from cogwizard.model.firewall import BlockResponse, WebAcl
from cogwizard.model.read import Read, Unread
from cogwizard.model.read_api import GetApiKeys, GetDomainNames, GetExport, GetResources, GetUsagePlans
from cogwizard.model.read_waf import GetWebAcl
from cogwizard.model.read_web import DirectCall, Replay
from cogwizard.model.usage import ApiKey, Limit, limit_of
from cogwizard.steps import TROUBLESHOOT
from cogwizard.steps.front import direct_read, direct_url
from cogwizard.steps.keys import key_reads
from tests.scenarios.runner import result

FRONT = "proxy-strips-authorization"
UNAUTHORIZED = (("x-amzn-ErrorType", "UnauthorizedException"),)
FORBIDDEN = (("x-amzn-ErrorType", "ForbiddenException"),)


def changed(
    name: str, change: Callable[[Read, object], object] = lambda _, value: value, **fields: object
) -> Judgement:
    """Judge a scenario's facts with some of them changed."""
    case = result(name).case
    facts = {read: change(read, value) for read, value in case.facts.items()}
    return judge(replace(case, facts=facts, **fields), TROUBLESHOOT)  # type: ignore[arg-type]


def found(judgement: Judgement, code: str) -> Finding:
    return next(item for item in judgement.findings if item.code == code)


def directly(answer: object) -> Callable[[Read, object], object]:
    return lambda read, value: answer if isinstance(read, DirectCall) else value


# -- a front ---------------------------------------------------------------------------------------------------------


def test_another_text_is_another_answer() -> None:
    """API Gateway read the token of the direct call to its expiry, and not that of the call by the front."""
    expired = Answer(401, UNAUTHORIZED, '{"message":"The incoming token has expired"}')
    finding = found(changed(FRONT, directly(expired)), FRONT)
    assert (finding.verdict, finding.variant) == ("unknown", "other-refusal")


def test_the_direct_call_is_the_same_call_at_api_gateway() -> None:
    case = result(FRONT).case
    case = replace(
        case,
        call=replace(
            case.call,
            url=f"{case.call.url}?a=%20b",
            headers=(*case.call.headers, ("Cookie", "s=1"), ("Host", "front"), ("x-a", "b")),
        ),
        facts={**case.facts},
    )
    assert (
        direct_url(case)
        == f"https://{case.place.rest_api_id}.execute-api.{case.region}.amazonaws.com/prod/orders?a=%20b"
    )
    refused = next(value for read, value in case.facts.items() if isinstance(read, Replay))
    case = replace(case, facts={**case.facts, case.replay_read: refused})  # type: ignore[dict-item]
    read = direct_read(case)
    assert read is not None
    # What belongs to the front's host stays with it.
    assert [name.lower() for name, _ in read.call.headers] == ["authorization", "x-a"]
    assert case.call.values("authorization") == read.call.values("authorization")


def test_no_second_call_where_the_first_was_not_to_be_made() -> None:
    case = result(FRONT).case
    assert direct_read(case) is not None
    for fields in ({"replay": False}, {"offline": True}, {"call": replace(case.call, method="POST")}):
        assert direct_read(replace(case, **fields)) is None
    # An answer that was pasted may be of another time, and of another token.
    pasted = replace(case, answer=case.observed)
    assert direct_read(pasted) is None
    assert found(judge(pasted, TROUBLESHOOT), FRONT).variant == "not-compared"


@pytest.mark.parametrize(
    ("direct", "verdict", "variant"),
    [
        (Answer(401, UNAUTHORIZED, '{"message":"Unauthorized"}'), "pass", "same"),
        (Answer(403, (("x-amz-apigw-id", "a="),), "{}"), "fail", "fail"),  # the backend's own refusal
        (Answer(403, (("x-amzn-ErrorType", "MissingAuthenticationTokenException"),)), "unknown", "other-path"),
        (Answer(403, FORBIDDEN, '{"message":"Forbidden"}'), "unknown", "other-refusal"),
        (Answer(302, (("location", "/login"),)), "unknown", "other-refusal"),
    ],
)
def test_only_a_call_that_passes_without_the_front_proves_it(direct: Answer, verdict: str, variant: str) -> None:
    judgement = changed(FRONT, directly(direct))
    item = found(judgement, FRONT)
    assert (item.verdict, item.variant) == (verdict, variant)
    assert judgement.causes == ((FRONT,) if verdict == "fail" else ())
    assert judgement.outcome != "healthy"


def test_an_unread_direct_call_is_no_verdict() -> None:
    case = result(FRONT).case
    read = direct_read(case)
    assert read is not None
    judgement = changed(FRONT, directly(Unread(read, "unreachable", "TimedOut")))
    item = found(judgement, FRONT)
    assert (item.verdict, item.because) == ("unknown", (read,))
    assert judgement.outcome == "inconclusive"


def test_a_custom_domain_of_our_own_is_no_front_unless_something_stands_before_it() -> None:
    """CloudFront's marks alone prove nothing, but then it is worth a comparison."""

    def ours(read: Read, value: object) -> object:
        return (DomainName("127.0.0.1"),) if isinstance(read, GetDomainNames) else value

    def unmarked(read: Read, value: object) -> object:
        if isinstance(read, Replay) and isinstance(value, Answer):
            return replace(value, headers=tuple(item for item in value.headers if "-cf-" not in item[0].lower()))
        return ours(read, value)

    assert found(changed(FRONT, unmarked), FRONT).variant == "no-front"
    assert found(changed(FRONT, ours), FRONT).verdict == "fail"


def test_what_api_gateway_saw_is_not_the_fronts() -> None:
    assert found(result("front-token-expired"), FRONT).variant == "other-answer"
    assert found(result("front-access-token"), FRONT).variant == "same"
    assert found(result("token-expired"), FRONT).verdict == "skipped"


# -- a web ACL -------------------------------------------------------------------------------------------------------


def test_a_custom_response_is_told_by_all_that_was_configured() -> None:
    answer = Answer(403, (("X-Why", "blocked"), ("x-amzn-requestid", "1")), ' {"a":1}\n')
    assert BlockResponse("r", 403, '{"a":1}').is_answer(answer)
    assert BlockResponse("r", 403, "", (("x-why", "blocked"),)).is_answer(answer)
    for other in (
        BlockResponse("r", 403),  # a status alone is anybody's
        BlockResponse("r", 404, '{"a":1}'),
        BlockResponse("r", 403, '{"a":2}'),
        BlockResponse("r", 403, '{"a":1}', (("x-why", "other"),)),
    ):
        assert not other.is_answer(answer)


def test_a_backends_refusal_behind_a_web_acl_stays_the_backends() -> None:
    """Without the web ACL's settings nobody can tell: then the finding says which read is missing."""
    assert result("web-acl-and-backend-answered").causes == ("backend-answered",)

    def unread(read: Read, value: object) -> object:
        return Unread(read, "denied", "AccessDeniedException") if isinstance(read, GetWebAcl) else value

    judgement = changed("waf-block", unread)
    item = found(judgement, "waf-block")
    assert (item.verdict, [type(read) for read in item.because]) == ("unknown", [GetWebAcl])
    assert "waf-block" in next(hidden.hides for hidden in judgement.unread)


def test_a_web_acl_that_cannot_block_is_not_suspected() -> None:
    assert found(result("web-acl-that-counts"), "waf-block").variant == "no-block"
    judgement = changed(
        "web-acl-that-counts", lambda read, value: WebAcl("w") if isinstance(read, GetWebAcl) else value
    )
    assert found(judgement, "waf-block").verdict == "unknown"


def test_a_status_of_its_own_tells_a_filtered_call_only_where_nothing_else_has_it() -> None:
    assert found(result("waf-block-filtered"), "waf-block").variant == "filtered"
    plain = Answer(403, FORBIDDEN, '{"message":"Forbidden"}')
    judgement = changed("waf-block-filtered", lambda read, value: plain if isinstance(read, Replay) else value)
    assert found(judgement, "waf-block").verdict == "unknown"


# -- limits, authorizers, roles --------------------------------------------------------------------------------------


def test_the_limits_are_told_beside_the_answer() -> None:
    rate, quota = (found(result(f"throttled-by-gateway{end}"), "throttled-by-gateway") for end in ("", "-quota"))
    assert (rate.variant, quota.variant) == ("rate", "quota")
    assert [row.actual.rpartition(": ")[2] for row in rate.evidence[1:]] == ["rate 1, burst 2"]
    assert [row.actual.rpartition(": ")[2] for row in quota.evidence[1:]] == ["100/DAY"]


def test_a_quota_that_was_reached_tells_that_the_key_is_one_of_the_plan() -> None:
    judgement = result("throttled-by-gateway-quota")
    key = found(judgement, "api-key-required")
    assert (key.verdict, key.variant) == ("pass", "counted")
    assert not any(isinstance(read, GetApiKeys) for read in judgement.case.facts)
    assert judgement.predicted.after_fixes.gate == "backend"


def test_a_methods_own_limit_goes_before_that_of_all() -> None:
    settings = {"*/*": Limit(5, 5), "~1orders~1{id}/GET": Limit(0, 0), "orders/PUT": Limit(1.5)}
    assert limit_of(settings, "/orders/{id}", "GET").refuses_all
    assert limit_of(settings, "/orders", "PUT") == Limit(1.5)
    assert limit_of(settings, "/orders", "GET") == Limit(5, 5)
    assert limit_of({}, "/", "GET") == Limit()
    assert str(Limit(1.5)) == "rate 1.5"
    # Zero of the one lets the other's share through.
    assert not Limit(0, 5).refuses_all


def test_a_failed_lambda_authorizer_is_named_with_its_function() -> None:
    item = found(result("authorizer-error"), "authorizer-error")
    assert item.params["function"] == "authorizer-error-guard"
    assert found(result("authorizer-error"), "lambda-authorizer").verdict == "warn"


def message(who: str, end: str = "") -> Answer:
    text = f'{{"Message":"User: {who} is not authorized to perform: execute-api:Invoke on resource: arn:x{end}"}}'
    return Answer(403, (("x-amzn-ErrorType", "AccessDeniedException"),), text)


@pytest.mark.parametrize(
    ("who", "variant", "shown"),
    [
        (
            "arn:aws:sts::123456789012:assumed-role/Cognito_xAuth_Role/CognitoIdentityCredentials",
            "pool-role",
            "Cognito_xAuth_Role",
        ),
        ("arn:aws:sts::123456789012:assumed-role/ci/build-17", "other-role", "ci"),
        ("arn:aws-cn:iam::123456789012:user/hanako", "other-principal", "user/hanako"),
        ("arn:aws:sts::123456789012:federated-user/x", "other-principal", "federated-user/x"),
    ],
)
def test_who_signed_is_named_as_what_it_is(who: str, variant: str, shown: str) -> None:
    case = replace(result("method-is-aws-iam").case, answer=message(who))
    item = found(judge(case, TROUBLESHOOT), "identity-pool-role-denied")
    assert (item.verdict, item.variant) == ("fail", variant)
    assert shown in item.params.values()
    assert "123456789012" not in str(item)


def test_a_resource_policy_may_deny_a_role_too() -> None:
    who = "arn:aws:sts::1:assumed-role/r/s"
    assert read_answer(message(who)).proves == "identity-pool-role-denied"
    denied = read_answer(message(who, " with an explicit deny in a resource-based policy"))
    assert (denied.gates, denied.proves) == (("policy",), "resource-policy-deny")


def test_a_pasted_429_without_headers_proves_nothing() -> None:
    bare = read_answer(Answer(429, (), '{"message":"Limit Exceeded"}'))
    assert (bare.gates, bare.proves) == (("api-key",), None)
    assert read_answer(Answer(429, (("server", "nginx"),), '{"message":"Limit Exceeded"}')).gates == ("front",)
    challenge = read_answer(Answer(405, (("x-amzn-waf-action", "captcha"),)))
    assert (challenge.gates, challenge.proves) == (("waf",), "waf-block")


# -- API keys --------------------------------------------------------------------------------------------------------


def test_keys_are_asked_for_only_where_they_can_matter() -> None:
    assert not any(isinstance(read, GetApiKeys) for read in result("healthy-api-key").case.facts)
    assert not any(isinstance(read, GetApiKeys) for read in result("api-key-required-no-plan").case.facts)
    assert any(isinstance(read, GetApiKeys) for read in result("api-key-not-compared").case.facts)


def test_too_many_keys_are_not_asked_about() -> None:
    case = result("api-key-required-no-key").case
    keys = tuple(ApiKey(f"k{number}") for number in range(11))
    facts = {read: keys if isinstance(read, GetApiKeys) else value for read, value in case.facts.items()}
    case = replace(case, facts=facts)
    assert not any(isinstance(read, GetUsagePlans) and read.key_id for read in key_reads(case))
    assert found(judge(case, TROUBLESHOOT), "api-key-required").verdict == "unknown"


def test_a_denied_list_of_keys_is_no_verdict() -> None:
    def unread(read: Read, value: object) -> object:
        return Unread(read, "denied", "AccessDeniedException") if isinstance(read, GetApiKeys) else value

    for name in ("api-key-required-no-key", "api-key-required-disabled"):
        judgement = changed(name, unread)
        item = found(judgement, "api-key-required")
        assert (item.verdict, item.variant) == ("unknown", "key-not-checked")
        assert judgement.outcome == "inconclusive"
    assert found(result("api-key-required-disabled"), "api-key-required").variant == "fail-disabled"
    assert found(result("api-key-required-no-key"), "api-key-required").variant == "fail-no-key"


def test_a_zero_limit_stops_a_call_that_nobody_made() -> None:
    case: Case = result("throttled-by-gateway-zero").case
    assert found(judge(case, TROUBLESHOOT), "throttled-by-gateway").variant == "zero"
    stages = tuple(replace(stage, limits={}) for stage in case.stages or () if isinstance(stage, Stage))
    read = next(read for read, value in case.facts.items() if value == case.stages)
    assert found(judge(case.with_fact(read, stages), TROUBLESHOOT), "throttled-by-gateway").verdict == "pass"


def test_a_zero_limit_of_a_method_that_could_not_be_read_is_not_known() -> None:
    def unread(read: Read, value: object) -> object:
        return Unread(read, "denied", "AccessDenied") if isinstance(read, GetExport | GetResources) else value

    item = found(changed("throttled-by-gateway-zero", unread), "throttled-by-gateway")
    assert (item.verdict, item.variant) == ("unknown", "unread")
