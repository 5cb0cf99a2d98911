"""logs: groups, their tags and retention; and the group that Lambda makes by itself."""

from build_kit import BASIC, GROUP, NAME, RUN, Build, error
from sandbox_kit import aws

from cogwizard.sandbox import Sandbox, World, state


def test_a_log_group_comes_and_goes() -> None:
    with Sandbox(World()) as sandbox:
        logs = Build(sandbox).logs
        assert logs.describe_log_groups()["logGroups"] == []
        logs.create_log_group(logGroupName=GROUP, tags=RUN)
        logs.create_log_group(logGroupName="/other")
        again = error(logs.create_log_group, logGroupName=GROUP)
        assert again == ("ResourceAlreadyExistsException", 400, "The specified log group already exists")
        found = logs.describe_log_groups(logGroupNamePrefix="/aws/lambda/")["logGroups"]
        assert [each["logGroupName"] for each in found] == [GROUP]
        assert found[0]["arn"] == found[0]["logGroupArn"] + ":*"
        assert "retentionInDays" not in found[0]
        assert logs.list_tags_for_resource(resourceArn=found[0]["logGroupArn"])["tags"] == RUN
        logs.put_retention_policy(logGroupName=GROUP, retentionInDays=7)
        assert logs.describe_log_groups(logGroupNamePrefix=GROUP)["logGroups"][0]["retentionInDays"] == 7
        pages = logs.get_paginator("describe_log_groups").paginate(PaginationConfig={"PageSize": 1})
        assert [each["logGroupName"] for page in pages for each in page["logGroups"]] == [GROUP, "/other"]
        logs.delete_log_group(logGroupName=GROUP)
        logs.delete_log_group(logGroupName="/other")
        assert state(sandbox.world) == state(World())


def test_what_logs_refuses() -> None:
    with Sandbox(World()) as sandbox:
        logs = Build(sandbox).logs
        gone = ("ResourceNotFoundException", 400, "The specified log group does not exist.")
        assert error(logs.delete_log_group, logGroupName=GROUP) == gone
        assert error(logs.put_retention_policy, logGroupName=GROUP, retentionInDays=7) == gone
        arn = f"arn:aws:logs:ap-northeast-1:123456789012:log-group:{GROUP}"
        assert error(logs.list_tags_for_resource, resourceArn=arn) == gone
        logs.create_log_group(logGroupName=GROUP)
        bad = ("InvalidParameterException", 400)
        assert error(logs.put_retention_policy, logGroupName=GROUP, retentionInDays=8)[:2] == bad
        for name in ("a b", "x" * 513, "日本"):
            assert error(logs.create_log_group, logGroupName=name)[:2] == bad
        elsewhere = aws(sandbox, "logs", "us-east-1")
        assert elsewhere.describe_log_groups()["logGroups"] == []
        assert error(elsewhere.delete_log_group, logGroupName=GROUP) == gone


def test_a_call_makes_the_group_again_where_the_role_may() -> None:
    with Sandbox(World()) as sandbox:
        build = Build(sandbox)
        build.function()
        build.logs.delete_log_group(logGroupName=GROUP)
        build.functions.invoke(FunctionName=NAME, Payload=b"{}")
        assert GROUP in sandbox.world.log_groups
        build.logs.delete_log_group(logGroupName=GROUP)
        build.iam.detach_role_policy(RoleName=NAME, PolicyArn=BASIC)
        build.functions.invoke(FunctionName=NAME, Payload=b"{}")
        assert sandbox.world.log_groups == {}
