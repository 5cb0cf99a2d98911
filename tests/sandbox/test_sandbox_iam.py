"""iam over the query protocol: roles, managed policies, errors; who is asked at one address."""

import json
from typing import Any

import pytest
from build_kit import ACCOUNT, BASIC, NAME, ROLE, TRUST, Build, error
from sandbox_kit import aws, http

from cogwizard.sandbox import Sandbox, World, state
from cogwizard.sandbox.policy import like
from cogwizard.sandbox.wire import read_form, write_xml


def test_a_role_with_tags_and_a_policy() -> None:
    with Sandbox(World()) as sandbox:
        iam = Build(sandbox).iam
        tags = [{"Key": "cogwizard:run", "Value": "r1"}, {"Key": "odd", "Value": "<a> & 'b'"}]
        made = iam.create_role(
            RoleName=NAME, AssumeRolePolicyDocument=json.dumps(TRUST), Description="for <you> & me", Tags=tags
        )["Role"]
        assert (made["Arn"], made["Path"], made["MaxSessionDuration"]) == (ROLE, "/", 3600)
        assert made["RoleId"].startswith("AROA")
        found = iam.get_role(RoleName=NAME)["Role"]
        assert found == made
        assert (found["AssumeRolePolicyDocument"], found["Tags"]) == (TRUST, tags)
        assert found["CreateDate"].year == 2026
        assert iam.list_attached_role_policies(RoleName=NAME)["AttachedPolicies"] == []
        for _ in range(2):  # attaching again changes nothing
            iam.attach_role_policy(RoleName=NAME, PolicyArn=BASIC)
        attached = iam.list_attached_role_policies(RoleName=NAME)
        assert attached["AttachedPolicies"] == [{"PolicyName": "AWSLambdaBasicExecutionRole", "PolicyArn": BASIC}]
        assert attached["IsTruncated"] is False
        text = "Cannot delete entity, must detach all policies first."
        assert error(iam.delete_role, RoleName=NAME) == ("DeleteConflict", 409, text)
        iam.detach_role_policy(RoleName=NAME, PolicyArn=BASIC)
        iam.delete_role(RoleName=NAME)
        assert state(sandbox.world) == state(World())


def test_what_iam_refuses() -> None:
    with Sandbox(World()) as sandbox:
        iam = Build(sandbox).iam
        good = json.dumps(TRUST)
        iam.create_role(RoleName=NAME, AssumeRolePolicyDocument=good)
        again = error(iam.create_role, RoleName=NAME.upper(), AssumeRolePolicyDocument=good)
        assert again == ("EntityAlreadyExists", 409, "Role with name HELLO already exists.")
        for call in (iam.get_role, iam.delete_role, iam.list_attached_role_policies):
            gone = error(call, RoleName="nobody")
            assert gone == ("NoSuchEntity", 404, "The role with name nobody cannot be found.")
        assert error(iam.attach_role_policy, RoleName="nobody", PolicyArn=BASIC)[:2] == ("NoSuchEntity", 404)
        own = f"arn:aws:iam::{ACCOUNT}:policy/mine"
        assert error(iam.attach_role_policy, RoleName=NAME, PolicyArn=own)[:2] == ("NoSuchEntity", 404)
        assert error(iam.detach_role_policy, RoleName=NAME, PolicyArn=BASIC)[:2] == ("NoSuchEntity", 404)
        for name in ("a b", "x" * 65, "a/b"):
            assert error(iam.create_role, RoleName=name, AssumeRolePolicyDocument=good)[:2] == ("ValidationError", 400)


@pytest.mark.parametrize(
    "document",
    [
        "{",
        "[" * 5000,
        "[]",
        '"text"',
        "{}",
        '{"Statement": []}',
        '{"Statement": [1]}',
        '{"Statement": {"Effect": "Allow", "Principal": {"Service": "x"}, "Action": "a", "Resource": "*"}}',
        '{"Statement": {"Effect": "allow", "Principal": {"Service": "x"}, "Action": "a"}}',
        '{"Statement": {"Effect": "Allow", "Action": "a"}}',
    ],
)
def test_a_trust_policy_that_is_none(document: str) -> None:
    with Sandbox(World()) as sandbox:
        found = error(Build(sandbox).iam.create_role, RoleName=NAME, AssumeRolePolicyDocument=document)
        assert found[:2] == ("MalformedPolicyDocument", 400)
        assert sandbox.world.roles == {}


def test_iam_knows_no_region_and_does_not_hide_sts() -> None:
    with Sandbox(World()) as sandbox:
        for region in ("us-east-1", "ap-northeast-1", "eu-west-1"):
            assert error(aws(sandbox, "iam", region).get_role, RoleName=NAME)[0] == "NoSuchEntity"
            assert aws(sandbox, "sts", region).get_caller_identity()["Account"] == ACCOUNT
        body = b"Action=GetCallerIdentity&Version=2011-06-15"
        unsigned = http(sandbox.url, {"Content-Type": "application/x-www-form-urlencoded"}, "POST", body)
        assert unsigned.status == 200


def test_a_denied_write_has_the_query_protocols_type() -> None:
    with Sandbox(World()) as sandbox:
        iam = Build(sandbox).iam
        sandbox.denied["CreateRole", NAME] = "AccessDeniedException"
        refused = error(iam.create_role, RoleName=NAME, AssumeRolePolicyDocument=json.dumps(TRUST))
        assert refused[:2] == ("AccessDenied", 403)
        assert sandbox.world.roles == {}
        iam.create_role(RoleName="other", AssumeRolePolicyDocument=json.dumps(TRUST))


def _shape(name: str) -> Any:
    from cogwizard.sandbox.protocol import load_service

    return load_service("iam").model.operation_model(name)


def test_nested_parameters_are_read() -> None:
    form = {
        "RoleName": "r",
        "MaxSessionDuration": "7200",
        "Tags.member.1.Key": "a",
        "Tags.member.1.Value": "",
        "Tags.member.2.Key": "b",
        "Tags.member.2.Value": "2",
        "Tags.member.4.Key": "after a gap",
        "Bogus": "kept, so that it is refused",
    }
    found = read_form(_shape("CreateRole").input_shape, form)
    assert found["Tags"] == [{"Key": "a", "Value": ""}, {"Key": "b", "Value": "2"}]
    assert (found["RoleName"], found["MaxSessionDuration"]) == ("r", 7200)
    assert (found["Bogus"], found["Tags.member.4.Key"]) == (form["Bogus"], "after a gap")


def test_many_parameters_are_read_in_the_end() -> None:
    """Whoever reaches loopback may send a form: each further item must not look through all of it again."""
    form = {f"Tags.member.{number}.{name}": "x" for number in range(1, 20_001) for name in ("Key", "Value")}
    assert len(read_form(_shape("CreateRole").input_shape, form)["Tags"]) == 20_000
    assert read_form(_shape("CreateRole").input_shape, {"Tags." * 10_000: "x"})["Tags." * 10_000] == "x"


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("*a" * 30 + "b", "a" * 80, False),
        ("*a" * 30, "a" * 80, True),
        ("a?c*", "abc", True),
        ("a?c", "ac", False),
        ("*", "", True),
        ("", "", True),
        ("", "a", False),
        ("**b", "aab", True),
        ("a.c", "abc", False),
        ("*b", "a\nb", True),
        ("[a]*", "[a]b", True),
    ],
)
def test_wildcards_fit_or_not_whatever_the_pattern(pattern: str, text: str, fits: bool) -> None:
    assert like(pattern, text) == fits
    assert like(pattern.upper(), text, ignore_case=True) == fits


def test_xml_holds_no_character_that_it_cannot() -> None:
    shape = _shape("ListAttachedRolePolicies").output_shape
    value = {"AttachedPolicies": [{"PolicyName": "a\x00\x1b<&>"}], "IsTruncated": True}
    assert write_xml(shape, value, "Result") == (
        "<Result><AttachedPolicies><member><PolicyName>a\ufffd\ufffd&lt;&amp;&gt;</PolicyName></member>"
        "</AttachedPolicies><IsTruncated>true</IsTruncated></Result>"
    )
