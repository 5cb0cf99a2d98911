"""Resource policies: AWS's published patterns, every operator, what is not known, and any text at all."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogwizard.model.condition import PolicyCall
from cogwizard.model.policy import LONGEST, PolicyVerdict, judge_policy

ARN = "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5"
NOON = 1_767_268_800.0  # 2026-01-01T12:00:00Z
CALL = PolicyCall(
    region="us-east-1",
    account="123456789012",
    rest_api_id="a1b2c3d4e5",
    stage="prod",
    method="GET",
    path="/orders/42",
    now=NOON,
    source_ip="203.0.113.7",
    user_agent="curl/8.5.0",
    referer="",
)
PRIVATE = replace(CALL, private=True)
BLANK = PolicyCall("us-east-1", None, "a1b2c3d4e5", "prod", "GET", "/orders/42")

ALLOW_ALL = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}
ADDRESSES = ["192.0.2.0/24", "198.51.100.0/24"]


def statement(effect: str = "Allow", condition: object = None, **members: object) -> dict[str, Any]:
    made: dict[str, Any] = {**ALLOW_ALL, "Effect": effect, **members}
    if condition is not None:
        made["Condition"] = condition
    return {name: value for name, value in made.items() if value is not None}


def policy(*statements: object) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def judged(condition: object, call: PolicyCall = CALL) -> str:
    """What an Allow under `condition` comes to: "allow" where it holds, "silent" where not, or "unknown"."""
    return judge_policy(policy(statement(condition=condition)), call).effect


# AWS's published examples (research 3.2, AG-RPEX [D])


@pytest.mark.parametrize(
    ("source_ip", "verdict"),
    [
        ("192.0.2.9", PolicyVerdict("deny", "statement 2")),
        ("203.0.113.7", PolicyVerdict("allow", "statement 1")),
        (None, PolicyVerdict("unknown", "statement 2", ("aws:SourceIp",))),
    ],
)
def test_deny_addresses(source_ip: str | None, verdict: PolicyVerdict) -> None:
    document = policy(ALLOW_ALL, statement("Deny", {"IpAddress": {"aws:SourceIp": ADDRESSES}}))
    assert judge_policy(document, replace(CALL, source_ip=source_ip)) == verdict


@pytest.mark.parametrize(
    ("source_ip", "effect"), [("192.0.2.9", "allow"), ("198.51.100.1", "allow"), ("203.0.113.7", "deny")]
)
def test_deny_all_but_addresses(source_ip: str, effect: str) -> None:
    document = policy(ALLOW_ALL, statement("Deny", {"NotIpAddress": {"aws:SourceIp": ADDRESSES}}))
    assert judge_policy(document, replace(CALL, source_ip=source_ip)).effect == effect


@pytest.mark.parametrize(("source_ip", "effect"), [("192.0.2.9", "allow"), ("203.0.113.7", "silent")])
def test_allow_addresses_only(source_ip: str, effect: str) -> None:
    document = policy(statement(condition={"IpAddress": {"aws:SourceIp": ADDRESSES}}))
    assert judge_policy(document, replace(CALL, source_ip=source_ip)).effect == effect


@pytest.mark.parametrize(
    ("call", "effect"),
    [(replace(PRIVATE, source_ip="192.0.2.9"), "deny"), (PRIVATE, "allow"), (CALL, "allow"), (BLANK, "allow")],
)
def test_deny_addresses_of_a_private_api(call: PolicyCall, effect: str) -> None:
    document = policy(ALLOW_ALL, statement("Deny", {"IpAddress": {"aws:VpcSourceIp": ADDRESSES}}))
    assert judge_policy(document, call).effect == effect


@pytest.mark.parametrize("key", ["aws:SourceVpc", "aws:SourceVpce"])
def test_one_vpc_or_endpoint_only(key: str) -> None:
    document = policy(ALLOW_ALL, statement("Deny", {"StringNotEquals": {key: "vpce-1a2b3c4d"}}, Sid="OnlyOurs"))
    assert judge_policy(document, PRIVATE) == PolicyVerdict("unknown", "OnlyOurs", (key,))
    assert judge_policy(document, CALL) == PolicyVerdict("deny", "OnlyOurs")  # a public API has no such key


def test_roles_of_another_account_leave_cognito_callers_out() -> None:
    document = policy(
        statement(Principal={"AWS": ["arn:aws:iam::111122223333:role/developer", "111122223333"]}, Sid="Roles")
    )
    assert judge_policy(document, CALL) == PolicyVerdict("silent", "Roles", principal_only=True)


# How statements come together


ALLOWS = statement(Sid="A")
MAYBE_ALLOWS = statement(condition={"StringEquals": {"aws:SourceArn": "x"}}, Sid="MA")
NEVER_ALLOWS = statement(Action="execute-api:ManageConnections", Sid="NA")
DENIES = statement("Deny", Sid="D")
MAYBE_DENIES = statement("Deny", {"StringEquals": {"aws:RequestedRegion": "x"}}, Sid="MD")
NEVER_DENIES = statement("Deny", Resource="execute-api:/test/*", Sid="ND")


@pytest.mark.parametrize(
    ("statements", "verdict"),
    [
        ([], PolicyVerdict("silent")),
        ([NEVER_ALLOWS, NEVER_DENIES], PolicyVerdict("silent")),
        ([ALLOWS, NEVER_DENIES], PolicyVerdict("allow", "A")),
        ([NEVER_ALLOWS, ALLOWS], PolicyVerdict("allow", "A")),
        ([MAYBE_ALLOWS, ALLOWS], PolicyVerdict("allow", "A")),
        ([MAYBE_ALLOWS], PolicyVerdict("unknown", "MA", ("aws:SourceArn",))),
        ([ALLOWS, DENIES], PolicyVerdict("deny", "D")),
        ([MAYBE_ALLOWS, MAYBE_DENIES, DENIES], PolicyVerdict("deny", "D")),
        ([DENIES], PolicyVerdict("deny", "D")),
        ([ALLOWS, MAYBE_DENIES], PolicyVerdict("unknown", "MD", ("aws:RequestedRegion",))),
        ([ALLOWS, MAYBE_ALLOWS, MAYBE_DENIES], PolicyVerdict("unknown", "MD", ("aws:RequestedRegion",))),
        ([MAYBE_ALLOWS, MAYBE_DENIES], PolicyVerdict("unknown", "MD", ("aws:RequestedRegion", "aws:SourceArn"))),
        ([MAYBE_DENIES], PolicyVerdict("unknown", "MD", ("aws:RequestedRegion",))),
    ],
)
def test_statements_together(statements: list[object], verdict: PolicyVerdict) -> None:
    assert judge_policy(policy(*statements), CALL) == verdict


def test_a_condition_that_fails_hides_one_that_is_not_known() -> None:
    assert judged({"Bool": {"aws:SecureTransport": "false"}, "StringEquals": {"aws:Other": "x"}}) == "silent"
    assert judged({"Bool": {"aws:SecureTransport": "true"}, "StringEquals": {"aws:Other": "x"}}) == "unknown"


def test_all_keys_of_an_operator_have_to_hold() -> None:
    both = {"aws:UserAgent": "curl/8.5.0", "aws:SourceIp": "203.0.113.7"}
    assert judged({"StringEquals": both}) == "allow"
    assert judged({"StringEquals": {**both, "aws:UserAgent": "x"}}) == "silent"


# Scope


@pytest.mark.parametrize(
    ("resource", "effect"),
    [
        ("*", "allow"),
        ("execute-api:/*", "allow"),
        ("execute-api:/prod/*", "allow"),
        ("execute-api:/prod/GET/*", "allow"),
        ("execute-api:/prod/GET/orders/42", "allow"),
        ("execute-api:/prod/*/orders/*", "allow"),
        ("execute-api:/pro?/G?T/orders/4?", "allow"),
        ("execute-api:/*/GET/*/42", "allow"),
        ("execute-api:*", "allow"),
        ("execute-api:us-east-1:123456789012:a1b2c3d4e5/*", "allow"),
        ("execute-api:us-east-1:*:*/prod/GET/orders/42", "allow"),
        (f"{ARN}/*", "allow"),
        (f"{ARN}/prod/GET/orders/42", "allow"),
        (f"{ARN}/*/*/orders/*", "allow"),
        ("arn:aws:execute-api:us-east-1:123456789012:*", "allow"),
        ("arn:aws:execute-api", "allow"),
        ("arn:aws:execute-api:*:*:*", "allow"),
        (["execute-api:/test/*", "execute-api:/prod/*"], "allow"),
        ("execute-api:/test/*", "silent"),
        ("execute-api:/prod/POST/*", "silent"),
        ("execute-api:/prod/GET/orders", "silent"),
        ("execute-api:/prod/GET/orders/{id}", "silent"),
        ("execute-api:/PROD/*", "silent"),
        ("execute-api:/", "silent"),
        ("execute-api:eu-west-1:*:*", "silent"),
        (ARN, "silent"),
        (f"{ARN}/prod/GET/orders", "silent"),
        ("arn:aws:execute-api:us-east-1:999999999999:a1b2c3d4e5/*", "silent"),
        ("arn:aws:execute-api:us-east-1:123456789012:other/*", "silent"),
        ("arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/*", "silent"),
        ("arn:aws-cn:execute-api:us-east-1:123456789012:a1b2c3d4e5/*", "silent"),
        ("arn:aws:s3:::bucket/*", "silent"),
        ("arn:*", "allow"),
        ("arn:*:a1b2c3d4e5/*", "silent"),  # a wildcard stays within its part of an ARN
        ("execute-api:/${aws:username}/*", "unknown"),
        ([], "silent"),
    ],
)
def test_resource(resource: object, effect: str) -> None:
    assert judge_policy(policy(statement(Resource=resource)), CALL).effect == effect
    opposite = {"allow": "silent", "silent": "allow", "unknown": "unknown"}[effect]
    assert judge_policy(policy(statement(Resource=None, NotResource=resource)), CALL).effect == opposite


@pytest.mark.parametrize(
    ("resource", "path", "effect"),
    [
        ("execute-api:/prod/GET/", "/", "allow"),
        ("execute-api:/prod/GET/a b", "/a%20b", "unknown"),
        ("execute-api:/prod/GET/*", "/a%20b", "allow"),
        ("execute-api:/prod/GET/orders", "/orders/", "unknown"),
        ("execute-api:/prod/GET/orders*", "/orders/", "allow"),
        ("execute-api:/prod/GET/a:b", "/a:b", "allow"),
        (f"{ARN}/prod/GET/a:b", "/a:b", "allow"),
    ],
)
def test_spelling_of_the_path(resource: str, path: str, effect: str) -> None:
    verdict = judge_policy(policy(statement(Resource=resource)), replace(CALL, path=path))
    assert (verdict.effect, verdict.keys) == (effect, ("Resource",) if effect == "unknown" else ())


@pytest.mark.parametrize("region", ["cn-north-1", "us-gov-west-1"])
def test_other_partitions(region: str) -> None:
    partition = "aws-cn" if region.startswith("cn") else "aws-us-gov"
    document = policy(statement(Resource=f"arn:{partition}:execute-api:{region}:123456789012:a1b2c3d4e5/*"))
    assert judge_policy(document, replace(CALL, region=region)).effect == "allow"
    assert judge_policy(document, CALL).effect == "silent"


def test_an_account_that_is_not_known_or_masked_fits() -> None:
    assert judge_policy(policy(statement(Resource=f"{ARN}/*")), BLANK).effect == "allow"
    assert judge_policy(policy(statement(Resource=f"{ARN}/test/*")), BLANK).effect == "silent"
    masked = f"{ARN}/*".replace("123456789012", "********9012")
    for account in (None, "123456789012", "********9012"):
        assert judge_policy(policy(statement(Resource=masked)), replace(CALL, account=account)).effect == "allow"


@pytest.mark.parametrize(
    ("action", "effect"),
    [
        ("execute-api:Invoke", "allow"),
        ("EXECUTE-API:invoke", "allow"),
        ("execute-api:*", "allow"),
        ("execute-api:Inv?ke", "allow"),
        ("*", "allow"),
        (["execute-api:InvalidateCache", "execute-api:Invoke"], "allow"),
        ("execute-api:InvalidateCache", "silent"),
        ("execute-api", "silent"),
        ("s3:*", "silent"),
    ],
)
def test_action(action: object, effect: str) -> None:
    assert judge_policy(policy(statement(Action=action)), CALL).effect == effect
    opposite = {"allow": "silent", "silent": "allow"}[effect]
    assert judge_policy(policy(statement(Action=None, NotAction=action)), CALL).effect == opposite


@pytest.mark.parametrize(
    ("principal", "verdict"),
    [
        ("*", PolicyVerdict("allow", "statement 1")),
        ({"AWS": "*"}, PolicyVerdict("allow", "statement 1")),
        ({"AWS": ["111122223333", "*"]}, PolicyVerdict("allow", "statement 1")),
        (["*"], PolicyVerdict("allow", "statement 1")),
        ({"AWS": "arn:aws:iam::111122223333:root"}, PolicyVerdict("silent", "statement 1", principal_only=True)),
        ({"Service": "apigateway.amazonaws.com"}, PolicyVerdict("silent", "statement 1", principal_only=True)),
        ("arn:aws:iam::111122223333:root", PolicyVerdict("silent", "statement 1", principal_only=True)),
    ],
)
def test_principal(principal: object, verdict: PolicyVerdict) -> None:
    assert judge_policy(policy(statement(Principal=principal)), CALL) == verdict


def test_not_principal_is_not_known() -> None:
    document = policy(statement(Principal=None, NotPrincipal={"AWS": "111122223333"}))
    assert judge_policy(document, CALL) == PolicyVerdict("unknown", "statement 1", ("NotPrincipal",))


def test_principal_only_needs_everything_else_to_match() -> None:
    roles = {"AWS": "arn:aws:iam::111122223333:root"}
    elsewhere = statement(Principal=roles, Resource="execute-api:/test/*")
    organisation = statement(Principal=roles, condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}})
    assert judge_policy(policy(elsewhere, organisation), CALL) == PolicyVerdict("silent")
    assert judge_policy(policy(ALLOW_ALL, statement(Principal=roles)), CALL) == PolicyVerdict("allow", "statement 1")
    assert judge_policy(policy(statement("Deny", Principal=roles)), CALL) == PolicyVerdict("silent")


# Conditions


@pytest.mark.parametrize(
    ("operator", "key", "value", "holds"),
    [
        ("StringEquals", "aws:UserAgent", "curl/8.5.0", True),
        ("StringEquals", "aws:UserAgent", "curl/*", False),
        ("StringEquals", "aws:UserAgent", ["x", "curl/8.5.0"], True),
        ("StringEqualsIgnoreCase", "aws:UserAgent", "CURL/8.5.0", True),
        ("StringEquals", "aws:UserAgent", "CURL/8.5.0", False),
        ("StringLike", "aws:UserAgent", "curl/?.5.*", True),
        ("StringLike", "aws:UserAgent", "CURL*", False),
        ("StringLike", "aws:UserAgent", ["x*", "*8*"], True),
        ("StringLike", "aws:UserAgent", "${aws:username}", None),
        ("StringEquals", "aws:SourceIp", "203.0.113.7", True),
        ("StringEquals", "aws:CurrentTime", "2026", None),
        ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/*", False),
        ("ArnEquals", "aws:PrincipalArn", "arn:aws:iam::*:role/*", False),
        ("ArnLike", "aws:SourceArn", "arn:aws:iam::*:role/*", None),
        ("Bool", "aws:SecureTransport", "true", True),
        ("Bool", "aws:SecureTransport", True, True),
        ("Bool", "aws:SecureTransport", "False", False),
        ("Bool", "aws:SecureTransport", "yes", None),
        ("Bool", "aws:MultiFactorAuthPresent", "false", False),
        ("IpAddress", "aws:SourceIp", "203.0.113.0/24", True),
        ("IpAddress", "aws:SourceIp", "203.0.113.9/24", True),
        ("IpAddress", "aws:SourceIp", "203.0.113.7", True),
        ("IpAddress", "aws:SourceIp", "203.0.113.8", False),
        ("IpAddress", "aws:SourceIp", "0.0.0.0/0", True),
        ("IpAddress", "aws:SourceIp", "::/0", False),
        ("IpAddress", "aws:SourceIp", ["2001:db8::/32", "203.0.113.0/24"], True),
        ("IpAddress", "aws:SourceIp", "office", None),
        ("IpAddress", "aws:SourceIp", ["office", "203.0.113.0/24"], True),
        ("IpAddress", "aws:UserAgent", "203.0.113.0/24", None),
        ("DateLessThan", "aws:CurrentTime", "2026-01-01T12:00:01Z", True),
        ("DateLessThan", "aws:CurrentTime", "2026-01-01T12:00:00Z", False),
        ("DateLessThanEquals", "aws:CurrentTime", "2026-01-01T12:00:00Z", True),
        ("DateGreaterThan", "aws:CurrentTime", "2026-01-01", True),
        ("DateGreaterThan", "aws:CurrentTime", "2026-01-01T21:30:00+09:00", False),
        ("DateGreaterThanEquals", "aws:CurrentTime", "2026-01-01T21:00:00+09:00", True),
        ("DateEquals", "aws:EpochTime", "1767268800", True),
        ("DateEquals", "aws:EpochTime", 1767268800, True),
        ("DateGreaterThan", "aws:CurrentTime", "tomorrow", None),
        ("DateGreaterThan", "aws:CurrentTime", "2026", None),
        ("DateGreaterThan", "aws:CurrentTime", "0001-01-01T00:00:00+14:00", True),
        ("DateGreaterThan", "aws:SourceIp", "2026-01-01", None),
        ("NumericLessThan", "aws:EpochTime", "1767268801", True),
        ("NumericLessThan", "aws:EpochTime", "1_767_268_801", None),
        ("NumericLessThanEquals", "aws:EpochTime", 1767268799, False),
        ("NumericGreaterThan", "aws:EpochTime", "1767268799.5", True),
        ("NumericGreaterThanEquals", "aws:EpochTime", "nan", None),
        ("NumericEquals", "aws:EpochTime", "1767268800", True),
        ("Null", "aws:Referer", "true", True),
        ("Null", "aws:Referer", "false", False),
        ("Null", "aws:UserAgent", "true", False),
        ("Null", "aws:UserAgent", False, True),
        ("Null", "aws:PrincipalOrgID", "true", True),
        ("Null", "aws:SourceVpce", "false", False),
        ("Null", "aws:SourceArn", "true", None),
        ("Null", "aws:UserAgent", "perhaps", None),
        ("ForAnyValue:StringEquals", "aws:UserAgent", "curl/8.5.0", None),
        ("ForAllValues:StringLike", "aws:UserAgent", "*", None),
        ("BinaryEquals", "aws:UserAgent", "eA==", None),
        ("NullIfExists", "aws:UserAgent", "true", None),
        ("StringMatches", "aws:UserAgent", "x", None),
        ("StringEquals", "aws:UserAgent", [], False),
        ("stringequals", "AWS:USERAGENT", "curl/8.5.0", True),
        ("STRINGLIKEIFEXISTS", "aws:useragent", "curl/*", True),
        ("StringLikeIfExists", "aws:UserAgent", "x", False),
        ("StringLikeIfExists", "aws:SourceArn", "x", None),
        ("StringEqualsIfExists", "aws:PrincipalOrgID", "o-1", True),
        ("StringEquals", "aws:PrincipalOrgID", "o-1", False),
        ("StringEquals", "aws:PrincipalTag/team", "x", False),
        ("StringLike", "aws:userid", "*", False),
        ("StringLike", "aws:username", "*", False),
        ("StringLike", "aws:PrincipalAccount", "*", False),
        ("StringLike", "aws:Referer", "*", False),
        ("StringEquals", "aws:SourceVpce", "vpce-1", False),
        ("IpAddress", "aws:VpcSourceIp", "0.0.0.0/0", False),
        ("StringEquals", "cognito-identity.amazonaws.com:aud", "x", None),
    ],
)
def test_condition(operator: str, key: str, value: object, holds: bool | None) -> None:
    expected = {True: "allow", False: "silent", None: "unknown"}[holds]
    verdict = judge_policy(policy(statement(condition={operator: {key: value}})), CALL)
    assert (verdict.effect, verdict.keys) == (expected, (key,) if holds is None else ())


@pytest.mark.parametrize(
    ("positive", "negative", "key", "values"),
    [
        ("StringEquals", "StringNotEquals", "aws:UserAgent", ["curl/8.5.0", "x", "curl/*"]),
        ("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "aws:UserAgent", ["CURL/8.5.0", "x"]),
        ("StringLike", "StringNotLike", "aws:UserAgent", ["curl/*", "x*", "${x}"]),
        ("StringLike", "StringNotLike", "aws:PrincipalArn", ["*"]),
        ("ArnEquals", "ArnNotEquals", "aws:PrincipalArn", ["*"]),
        ("ArnLike", "ArnNotLike", "aws:PrincipalArn", ["*"]),
        ("ArnLike", "ArnNotLike", "aws:SourceArn", ["*"]),
        ("IpAddress", "NotIpAddress", "aws:SourceIp", ["203.0.113.0/24", "192.0.2.0/24", "x", "2001:db8::/32"]),
        ("IpAddress", "NotIpAddress", "aws:VpcSourceIp", ["0.0.0.0/0"]),
        ("DateEquals", "DateNotEquals", "aws:CurrentTime", ["2026-01-01T12:00:00Z", "2026-01-01", "x"]),
        ("NumericEquals", "NumericNotEquals", "aws:EpochTime", ["1767268800", "1", "x"]),
    ],
)
def test_negated_operators_are_the_opposite(positive: str, negative: str, key: str, values: list[str]) -> None:
    opposite = {"allow": "silent", "silent": "allow", "unknown": "unknown"}
    for wanted in (*values, values):
        assert judged({negative: {key: wanted}}) == opposite[judged({positive: {key: wanted}})]


@pytest.mark.parametrize("operator", ["StringEqualsIfExists", "StringNotEqualsIfExists", "IpAddressIfExists"])
def test_if_exists_holds_for_an_absent_key(operator: str) -> None:
    assert judged({operator: {"aws:SourceVpce": "192.0.2.0/24"}}) == "allow"
    assert judged({operator: {"aws:SourceVpce": "192.0.2.0/24"}}, PRIVATE) == "unknown"


@pytest.mark.parametrize(
    ("source_ip", "network", "effect"),
    [
        ("2001:db8::1", "2001:DB8::/32", "allow"),
        ("2001:db8::1", "2001:db8::1", "allow"),
        ("2001:db8::1", "2001:db9::/32", "silent"),
        ("2001:db8::1", "0.0.0.0/0", "silent"),
        ("::ffff:192.0.2.1", "192.0.2.0/24", "allow"),
        ("localhost", "0.0.0.0/0", "unknown"),
        ("", "0.0.0.0/0", "unknown"),
    ],
)
def test_addresses(source_ip: str, network: str, effect: str) -> None:
    call = replace(CALL, source_ip=source_ip)
    assert judged({"IpAddress": {"aws:SourceIp": network}}, call) == effect


@pytest.mark.parametrize(
    "key", ["aws:SourceIp", "aws:CurrentTime", "aws:EpochTime", "aws:UserAgent", "aws:Referer", "aws:Other"]
)
@pytest.mark.parametrize(
    ("operator", "value"),
    [
        ("IpAddress", "0.0.0.0/0"),
        ("StringNotEquals", "x"),
        ("StringLikeIfExists", "*"),
        ("DateGreaterThan", "2020-01-01"),
        ("NumericLessThan", "5"),
        ("Bool", "true"),
    ],
)
def test_what_is_not_known_stays_so(key: str, operator: str, value: str) -> None:
    assert judged({operator: {key: value}}, BLANK) == "unknown"


@pytest.mark.parametrize("key", ["aws:SourceIp", "aws:SourceVpc", "aws:SourceVpce"])
def test_a_private_api_has_these_keys_with_values_not_known(key: str) -> None:
    assert judged({"Null": {key: "false"}}, PRIVATE) == "allow"
    assert judged({"StringEquals": {key: "x"}}, PRIVATE) == "unknown"


# The document


def test_escaped_and_wrapped_documents() -> None:
    document = policy(statement(Sid='"quoted"'))
    escaped = json.dumps(document)
    for text in (document, escaped, escaped[1:-1], f"\n {document} "):
        assert judge_policy(text, CALL) == PolicyVerdict("allow", '"quoted"')


def test_a_single_statement_and_any_case_of_element_names() -> None:
    assert judge_policy(json.dumps({"Statement": ALLOW_ALL}), CALL).effect == "allow"
    lower = {name.lower(): value for name, value in ALLOW_ALL.items()}
    assert judge_policy(json.dumps({"statement": lower}), CALL).effect == "allow"


def test_foreign_names_are_made_inert() -> None:
    hostile = "a\u202e\x1b[2J\n"
    verdict = judge_policy(policy(statement(Sid=hostile, condition={"Bool": {hostile: "true"}})), CALL)
    assert verdict.statement.isprintable()
    assert all(key.isprintable() for key in verdict.keys)
    assert len(judge_policy(policy(statement(Sid="s" * 5000)), CALL).statement) < 200


@pytest.mark.parametrize(
    "document",
    [
        "",
        " ",
        "null",
        "[]",
        "{}",
        "1",
        '"x"',
        '"null"',
        "\ud800",
        "\\",
        '{"Statement": null}',
        '{"Statement": "x"}',
        '{"Statement": [1]}',
        '{"Statement": [null]}',
        '{"Statement": {}}',
        "[" * 90_000,
        '{"Statement":' * 6_000,
        '{"Statement": ' + "9" * 5_000 + "}",
        policy(*[ALLOW_ALL] * 10_000),
        " " * LONGEST + policy(ALLOW_ALL),
        "x" * 1_000_000,
    ],
)
def test_what_is_no_policy_is_unreadable(document: str) -> None:
    assert judge_policy(document, CALL) == PolicyVerdict("unreadable")


@pytest.mark.parametrize(
    "members",
    [
        {"Effect": "allow"},
        {"Effect": ["Allow"]},
        {"Effect": None},
        {"Principal": None},
        {"Principal": 1},
        {"Principal": {"AWS": 1}},
        {"Principal": {"AWS": {"*": "*"}}},
        {"Action": None},
        {"Action": 1},
        {"Action": {"x": "y"}},
        {"NotAction": "s3:*"},
        {"Resource": None},
        {"Resource": [["*"]]},
        {"NotResource": "execute-api:/*"},
        {"Condition": []},
        {"Condition": "x"},
        {"Condition": {"Bool": "x"}},
        {"Condition": {"Bool": {"aws:SecureTransport": None}}},
        {"Condition": {"Bool": {"aws:SecureTransport": {"x": 1}}}},
        {"Condition": {"Bool": {"aws:SecureTransport": [["true"]]}}},
    ],
)
def test_wrong_members_are_unreadable(members: dict[str, Any]) -> None:
    assert judge_policy(policy(ALLOW_ALL, statement(**members)), CALL) == PolicyVerdict("unreadable")


def test_huge_numbers_are_values_like_others() -> None:
    for number in ("1e999", "-1e999", "NaN", "9" * 4000, "0." + "1" * 4000):
        document = policy(statement(condition={"NumericLessThan": {"aws:EpochTime": "#"}})).replace('"#"', number)
        assert judge_policy(document, CALL).effect in ("allow", "silent", "unknown")


def test_wildcards_do_not_backtrack() -> None:
    call = replace(CALL, user_agent="a" * 2_000)
    assert judged({"StringLike": {"aws:UserAgent": "*a" * 500 + "b"}}, call) == "silent"
    assert judged({"StringLike": {"aws:UserAgent": "*a?" * 500 + "*"}}, call) == "allow"
    assert judged({"StringLike": {"aws:UserAgent": "*" * 5_000}}, call) == "allow"


def test_repr_shows_nothing_of_the_caller() -> None:
    shown = repr(replace(CALL, path="/secret", referer="https://example.com/?code=secret"))
    for hidden in ("123456789012", "secret", "203.0.113.7", "curl"):
        assert hidden not in shown


EFFECTS = ("allow", "deny", "silent", "unknown", "unreadable")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
OPERATORS = ("StringLike", "StringNotEquals", "IpAddress", "NotIpAddressIfExists", "DateLessThan", "Bool", "Null")
KEYS = ("aws:SourceIp", "aws:CurrentTime", "aws:SecureTransport", "aws:UserAgent", "aws:PrincipalArn", "x")
VALUES = st.sampled_from(["*", "true", "203.0.113.0/24", "2026-01-01", "execute-api:/*", "execute-api:Invoke"]) | JSON


@given(st.text())
def test_any_text_gets_a_verdict(document: str) -> None:
    assert judge_policy(document, CALL).effect in EFFECTS


@given(JSON, JSON)
def test_any_json_gets_a_verdict(value: object, inner: object) -> None:
    assert judge_policy(json.dumps(value), CALL).effect in EFFECTS
    assert judge_policy(json.dumps({"Statement": inner}), CALL).effect in EFFECTS


@given(
    st.lists(
        st.fixed_dictionaries(
            {"Effect": st.sampled_from(["Allow", "Deny"])},
            optional={
                "Sid": st.text(max_size=5),
                "Principal": VALUES,
                "NotPrincipal": VALUES,
                "Action": VALUES,
                "NotAction": VALUES,
                "Resource": VALUES,
                "Condition": st.dictionaries(
                    st.sampled_from(OPERATORS), st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=2), max_size=2
                ),
            },
        ),
        max_size=3,
    )
)
def test_any_statements_get_a_verdict(statements: list[object]) -> None:
    assert judge_policy(policy(*statements), CALL).effect in EFFECTS


CONDITIONS = st.fixed_dictionaries(
    {},
    optional={
        "IpAddress": st.fixed_dictionaries({"aws:SourceIp": st.sampled_from(["203.0.113.0/24", "192.0.2.0/24"])}),
        "StringNotLike": st.fixed_dictionaries({"aws:UserAgent": st.sampled_from(["curl*", "x"])}),
        "DateLessThan": st.fixed_dictionaries({"aws:CurrentTime": st.sampled_from(["2020-01-01", "2030-01-01"])}),
        "Null": st.fixed_dictionaries({"aws:Referer": st.sampled_from(["true", "false"])}),
    },
)
STATEMENTS = st.lists(
    st.builds(
        lambda effect, condition, resource: statement(effect, condition, Resource=resource),
        st.sampled_from(["Allow", "Deny"]),
        CONDITIONS,
        st.sampled_from(["execute-api:/*", "execute-api:/test/*", f"{ARN}/prod/*"]),
    ),
    max_size=4,
)


@given(STATEMENTS, st.sets(st.sampled_from(["now", "source_ip", "user_agent", "referer"])))
def test_knowing_less_never_turns_a_verdict_round(statements: list[object], forgotten: set[str]) -> None:
    """With a fact withheld the verdict is the same or "unknown": never another one."""
    full = judge_policy(policy(*statements), CALL).effect
    unknowing: dict[str, Any] = dict.fromkeys(forgotten)
    assert full in ("allow", "deny", "silent")
    assert judge_policy(policy(*statements), replace(CALL, **unknowing)).effect in (full, "unknown")


@given(STATEMENTS)
def test_order_of_statements_does_not_matter(statements: list[object]) -> None:
    effect = judge_policy(policy(*statements), CALL).effect
    assert judge_policy(policy(*reversed(statements)), CALL).effect == effect
    assert judge_policy(policy(*statements, statement("Deny")), CALL).effect == "deny"
