"""A small evaluator of resource policies for the sandbox (research 3.2). It knows what scenarios use, no more."""

import ipaddress
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from cogwizard.sandbox.world import ScenarioError

Effect = Literal["allow", "deny", "neither"]


def evaluate(policy: str, *, api_arn: str, resource: str, context: Mapping[str, str]) -> Effect:
    """Return what a policy says to an anonymous caller of execute-api:Invoke; an explicit deny wins.

    `api_arn`: `arn:...:{account}:{api}`, which completes the short form `execute-api:/...`; `resource`: the ARN called;
    `context`: condition keys by name, such as aws:SourceIp.
    Raises ScenarioError for a policy that this evaluator cannot judge.
    """
    try:
        statements = _list(json.loads(policy)["Statement"])
    except (ValueError, KeyError, TypeError):
        raise ScenarioError("the resource policy is no policy document in JSON") from None
    effects = {
        str(statement.get("Effect")) for statement in statements if _applies(statement, api_arn, resource, context)
    }
    return "deny" if "Deny" in effects else "allow" if "Allow" in effects else "neither"


def _applies(statement: Mapping[str, Any], api_arn: str, resource: str, context: Mapping[str, str]) -> bool:
    if odd := statement.keys() - {"Sid", "Effect", "Principal", "Action", "Resource", "Condition"}:
        raise ScenarioError(f"the sandbox cannot judge a policy with {sorted(odd)}")
    return (
        statement.get("Principal") in ("*", {"AWS": "*"}, {"AWS": ["*"]})
        and any(like(action, "execute-api:Invoke", ignore_case=True) for action in _list(statement["Action"]))
        and any(like(_complete(text, api_arn), resource) for text in _list(statement["Resource"]))
        and all(_holds(name, wanted, context) for name, wanted in statement.get("Condition", {}).items())
    )


def _complete(text: str, api_arn: str) -> str:
    return f"{api_arn}/{text.removeprefix('execute-api:/')}" if text.startswith("execute-api:/") else text


def _holds(operator: str, wanted: Mapping[str, Any], context: Mapping[str, str]) -> bool:
    known = {name.lower(): value for name, value in context.items()}
    return all(_compare(operator, known.get(key.lower()), _list(values)) for key, values in wanted.items())


def _compare(operator: str, actual: str | None, wanted: Sequence[str]) -> bool:
    match operator:
        case "IpAddress":
            return actual is not None and _within(actual, wanted)
        case "NotIpAddress":
            return actual is None or not _within(actual, wanted)
        case "StringEquals":
            return actual in wanted
        case "StringNotEquals":
            return actual not in wanted
    raise ScenarioError(f"the sandbox cannot judge the condition operator {operator}")


def _within(address: str, networks: Iterable[str]) -> bool:
    return any(ipaddress.ip_address(address) in ipaddress.ip_network(network, strict=False) for network in networks)


def like(pattern: str, text: str, *, ignore_case: bool = False) -> bool:
    """Whether a text matches a pattern with AWS's wildcards, `*` and `?`.

    In steps of at most their lengths multiplied: whoever reaches loopback may have sent the pattern, and an expression
    with many `.*` would never end.
    """
    if ignore_case:
        pattern, text = pattern.lower(), text.lower()
    at, place, star, taken = 0, 0, -1, 0
    while place < len(text):
        if at < len(pattern) and pattern[at] == "*":
            star, taken = at, place
            at += 1
        elif at < len(pattern) and pattern[at] in ("?", text[place]):
            at, place = at + 1, place + 1
        elif star >= 0:
            taken += 1
            at, place = star + 1, taken
        else:
            return False
    return not pattern[at:].strip("*")


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
