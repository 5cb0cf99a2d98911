"""Where a call goes, judged on facts that no sandbox can play: addresses, TLS, routing rules, private names."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from cogwizard.intake.url import read_url
from cogwizard.judgement import Judgement, judge
from cogwizard.model.answer import Answer
from cogwizard.model.api import ApiSettings, DomainName, Stage
from cogwizard.model.call import Call
from cogwizard.model.case import Case
from cogwizard.model.finding import Finding
from cogwizard.model.place import domain_of, find_mapping
from cogwizard.model.read import Read, Unread
from cogwizard.model.read_api import GetBasePathMappings, GetDomainNames
from cogwizard.model.read_http import GetApiMappings
from cogwizard.model.read_web import Replay
from cogwizard.steps import TROUBLESHOOT
from tests.scenarios.runner import result

FORBIDDEN = (("x-amzn-ErrorType", "ForbiddenException"),)
BODY = '{"message":"Forbidden"}'


def finding(judgement: Judgement, code: str) -> Finding:
    return next(item for item in judgement.findings if item.code == code)


def verdict(judgement: Judgement, code: str) -> tuple[str, str]:
    item = finding(judgement, code)
    return item.verdict, item.variant


def changed(
    name: str, change: Callable[[Read, object], object] = lambda _, value: value, **fields: object
) -> Judgement:
    case = result(name).case
    facts = {read: change(read, value) for read, value in case.facts.items()}
    return judge(replace(case, facts=facts, **fields), TROUBLESHOOT)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("peer", "expected"),
    [
        ("10.0.3.17", ("fail", "fail-from-vpc")),
        ("172.31.9.1", ("fail", "fail-from-vpc")),
        ("100.64.0.9", ("fail", "fail-from-vpc")),
        ("fd00::17", ("fail", "fail-from-vpc")),
        ("18.65.2.1", ("pass", "pass")),
        ("127.0.0.1", ("pass", "pass")),
        ("2600:1f18::1", ("pass", "pass")),
        (None, ("unknown", "from-vpc")),
        ("no address", ("pass", "pass")),
    ],
)
def test_the_address_tells_where_a_public_name_leads(peer: str | None, expected: tuple[str, str]) -> None:
    judgement = changed("private-endpoint-from-vpc", answer=Answer(403, FORBIDDEN, BODY, peer=peer))
    assert verdict(judgement, "private-endpoint") == expected
    assert (judgement.causes == ("private-endpoint",)) is (expected[0] == "fail")


def test_another_forbidden_is_not_blamed_on_the_network() -> None:
    def with_acl(_: Read, value: object) -> object:
        if isinstance(value, tuple) and value and isinstance(value[0], Stage):
            return tuple(replace(item, web_acl_arn="arn:aws:wafv2:x:1:regional/webacl/a/b") for item in value)
        return value

    judgement = changed("private-endpoint-from-vpc", with_acl)
    assert verdict(judgement, "private-endpoint") == ("pass", "pass")
    assert judgement.outcome == "inconclusive"


def private(read: Read, value: object, replayed: object = None) -> object:
    if isinstance(value, ApiSettings):
        return replace(value, endpoint_types=("PRIVATE",))
    return replayed if replayed is not None and isinstance(read, Replay) else value


def test_a_private_name_that_does_not_resolve() -> None:
    case = result("private-endpoint").case
    assert case.replay_read is not None
    gone = Unread(case.replay_read, "unreachable", "NameResolutionError", "no such name")
    judgement = changed("private-endpoint", partial(private, replayed=gone))
    assert judgement.causes == ("private-endpoint",)
    assert verdict(judgement, "private-endpoint") == ("fail", "fail-unreachable")
    assert verdict(judgement, "aws-unreachable")[0] == "unknown"


def test_a_private_api_that_was_reached_from_inside() -> None:
    """Through its VPC endpoint a wrong stage answers the same: that is told by the stage."""
    answer = Answer(403, FORBIDDEN, BODY, peer="10.0.3.17")
    assert verdict(changed("wrong-stage", private, answer=answer), "private-endpoint") == ("pass", "inside")
    assert changed("wrong-stage", private, answer=answer).causes == ("wrong-stage",)
    pasted = replace(answer, peer=None)
    assert verdict(changed("wrong-stage", private, answer=pasted), "private-endpoint") == ("unknown", "not-told")
    assert changed("wrong-stage", private, answer=pasted).causes == ("wrong-stage",)


def test_a_vpc_endpoint_is_told_the_api_by_a_header() -> None:
    case = result("private-endpoint-unnamed").case
    for header in (("x-apigw-api-id", "abc123"), ("Host", "abc123.execute-api.eu-west-1.amazonaws.com")):
        named = replace(case, call=replace(case.call, headers=(*case.call.headers, header)))
        assert named.place.rest_api_id == "abc123"
        assert verdict(judge(named, TROUBLESHOOT), "private-endpoint")[0] == "unknown"
    hostile = replace(case, call=replace(case.call, headers=(("x-apigw-api-id", "../../secrets"),)))
    assert hostile.place.rest_api_id is None


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        ("TlsFailed", ("fail", "fail")),
        ("ConnectionResetError", ("fail", "fail")),
        ("NameResolutionError", ("unknown", "not-called")),
        ("CertificateAuthorityUnknown", ("unknown", "not-called")),
    ],
)
def test_how_a_handshake_ends(error: str, expected: tuple[str, str]) -> None:
    def ended(read: Read, value: object) -> object:
        return Unread(read, "unreachable", error) if isinstance(read, Replay) else value

    judgement = changed("mutual-tls", ended)
    assert verdict(judgement, "mutual-tls") == expected
    assert judgement.outcome == ("fault" if expected[0] == "fail" else "inconclusive")


def test_a_certificate_that_was_given_is_no_missing_one() -> None:
    case = result("mutual-tls").case
    given = replace(case, call=replace(case.call, client_certificate=True), answer=case.observed)
    judgement = judge(given, TROUBLESHOOT)
    assert verdict(judgement, "mutual-tls") == ("unknown", "given")
    assert judgement.outcome == "inconclusive"
    assert verdict(judge(replace(case, browser=True), TROUBLESHOOT), "mutual-tls") == ("unknown", "given")


def domains(**fields: str) -> Callable[[Read, object], object]:
    def change(read: Read, value: object) -> object:
        if isinstance(read, GetDomainNames) and isinstance(value, tuple):
            return tuple(replace(item, **fields) for item in value)
        return value

    return change


@pytest.mark.parametrize("mode", ["ROUTING_RULE_ONLY", "ROUTING_RULE_THEN_BASE_PATH_MAPPING"])
def test_routing_rules_may_lead_elsewhere(mode: str) -> None:
    judgement = changed("custom-domain-several-levels", domains(routing_mode=mode), answer=Answer(403, FORBIDDEN, BODY))
    assert verdict(judgement, "custom-domain-mapping") == ("unknown", "routing-rules")
    assert judgement.case.place.rest_api_id is None
    assert judgement.outcome == "inconclusive"


def test_a_mapping_that_may_be_unread_is_never_missing() -> None:
    def denied(read: Read, value: object) -> object:
        return Unread(read, "denied", "AccessDeniedException") if isinstance(read, GetApiMappings) else value

    judgement = changed("custom-domain-mapping", denied)
    assert verdict(judgement, "custom-domain-mapping")[0] == "unknown"
    assert judgement.causes == ()


def test_the_list_without_longer_base_paths_leads_nowhere_by_itself() -> None:
    def partial(read: Read, value: object) -> object:
        if isinstance(read, GetBasePathMappings):
            return (("shop", case.place.rest_api_id, "gone"),)  # what the list of one level has of "shop/v1"
        return Unread(read, "denied", "AccessDeniedException") if isinstance(read, GetApiMappings) else value

    case = result("custom-domain-several-levels").case
    judgement = changed("custom-domain-several-levels", partial, answer=Answer(403, FORBIDDEN, BODY))
    assert judgement.case.place.rest_api_id is None
    assert (judgement.causes, judgement.outcome) == ((), "inconclusive")


def test_no_method_is_missing_while_the_base_path_is_not_known() -> None:
    def denied(read: Read, value: object) -> object:
        return Unread(read, "denied", "AccessDeniedException") if isinstance(read, GetDomainNames) else value

    case = result("custom-domain-several-levels").case
    target = replace(case.target, rest_api_id=case.place.rest_api_id, stage=case.place.stage)
    judgement = changed("custom-domain-several-levels", denied, target=target, replay=False)
    assert verdict(judgement, "route-not-matched") == ("unknown", "unread")
    assert judgement.outcome == "inconclusive"


def test_another_api_was_named_than_the_mapping_has() -> None:
    case = result("custom-domain-several-levels").case
    named = replace(case, target=replace(case.target, rest_api_id="zzzzzzzzzz"))
    assert named.place.rest_api_id == "zzzzzzzzzz"
    assert verdict(judge(named, TROUBLESHOOT), "custom-domain-mapping") == ("warn", "elsewhere")
    same = replace(case, target=replace(case.target, rest_api_id=case.place.rest_api_id))
    assert same.place == case.place
    assert verdict(judge(same, TROUBLESHOOT), "custom-domain-mapping") == ("pass", "pass")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/shop/v1/orders", ("shop/v1", "/orders")),
        ("/shop/v1", ("shop/v1", "/")),
        ("/shop/v10/orders", ("shop", "/v10/orders")),
        ("/shopping", ("(none)", "/shopping")),
        ("/", ("(none)", "/")),
    ],
)
def test_the_longest_base_path_wins(path: str, expected: tuple[str, str]) -> None:
    found = find_mapping((("(none)", "a", "p"), ("shop", "b", "p"), ("shop/v1", "c", "p")), path)
    assert found is not None
    assert (found[0][0], found[1]) == expected


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("api.example.com", "api.example.com"),
        ("API.example.com", "api.example.com"),
        ("shop.example.com", "*.example.com"),
        ("a.shop.example.com", None),
        ("example.com", None),
    ],
)
def test_a_wildcard_is_one_label(host: str, expected: str | None) -> None:
    url = f"https://{host}/orders"
    case = Case(Call("GET", url), replace(read_url(url), host=host), 0.0, region="eu-west-1")
    names = (DomainName("*.example.com"), DomainName("api.example.com"))
    found = domain_of(case.with_fact(GetDomainNames("eu-west-1"), names))
    assert (found.name if found else None) == expected
