"""A Lambda function runs: the walk-through's own source, and nothing else. Who may call it."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from cogwizard.model.function import HANDLER, SOURCE
from cogwizard.sandbox.logs import log_group
from cogwizard.sandbox.policy import like
from cogwizard.sandbox.things import Function
from cogwizard.sandbox.world import World

_WRITES_LOGS = ":iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"


class Crashed(Exception):
    """The function ended with an error."""


def is_pending(function: Function) -> bool:
    """Whether a function cannot be called yet; every look brings it nearer (`World.function_delay`)."""
    if function.looks <= 0:
        return False
    function.looks -= 1
    return True


def run(world: World, function: Function, event: object) -> Any:
    """Return what a function answers to an event. Raises Crashed.

    Uploaded code is never run: whoever reaches loopback could have uploaded it. Where its role may, the function writes
    into its log group, which Lambda makes if need be [D: the guide on Lambda's logs].
    """
    role = next((role for role in list(world.roles.values()) if role.arn == function.role), None)
    if role and any(policy.endswith(_WRITES_LOGS) for policy in role.attached):
        log_group(world, f"/aws/lambda/{function.name}")
    runtime = str(function.settings.get("Runtime", ""))
    if not function.is_ours or function.settings.get("Handler") != HANDLER or not runtime.startswith("python"):
        raise Crashed
    try:
        return _handler()(event, None)
    except Exception:
        raise Crashed from None


@cache
def _handler() -> Any:
    made: dict[str, Any] = {}
    exec(compile(SOURCE, "lambda_function.py", "exec"), made)  # noqa: S102  our own constant
    return made[HANDLER.rpartition(".")[2]]


def may_invoke(function: Function, service: str, source_arn: str, account: str) -> bool:
    """Whether the function's policy lets a service call it for a source. ArnLike compares the six parts of an ARN."""
    return any(_allows(statement, service, source_arn, account) for statement in list(function.permissions.values()))


def _allows(statement: Mapping[str, Any], service: str, source_arn: str, account: str) -> bool:
    condition = statement.get("Condition", {})
    arn = condition.get("ArnLike", {}).get("AWS:SourceArn")
    return (
        statement["Principal"] in ({"Service": service}, {"AWS": "*"})
        and like(statement["Action"], "lambda:InvokeFunction", ignore_case=True)
        and condition.get("StringEquals", {}).get("AWS:SourceAccount", account) == account
        and (arn is None or _arn_like(arn, source_arn))
    )


def _arn_like(pattern: str, arn: str) -> bool:
    wanted, parts = pattern.split(":", 5), arn.split(":", 5)
    return len(wanted) == len(parts) and all(like(want, part) for want, part in zip(wanted, parts, strict=True))
