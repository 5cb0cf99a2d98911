"""A resource policy, judged for one call of a caller that is no IAM principal, as Cognito's users are not.

Three values throughout: a condition is met (True), is not (False), or is not known (None). What the document or AWS
leaves open never becomes "allow" or "deny". Rules: research 3.1 to 3.3 and the IAM guide's policy elements [D].
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import unquote

from cogwizard.model.condition import (
    PolicyCall,
    Truth,
    Unreadable,
    all_of,
    any_of,
    are_met,
    is_arn_like,
    is_like,
    listed,
    members,
    negated,
)
from cogwizard.model.inert import inert
from cogwizard.model.read import partition_of

Effect = Literal["allow", "deny", "silent", "unknown", "unreadable"]

# AWS's limit is 8,192 bytes (research 3.2 [D]); escaping and indenting do not make ten times that.
LONGEST = 100_000

_VARIABLE = "${"  # IAM's policy variables, `${aws:username}`: not resolved here


@dataclass(frozen=True)
class PolicyVerdict:
    """What a policy says of a call.

    `statement` is the Sid, or "statement N" counted from 1, of the statement that decided, or "" when none did. `keys`:
    the condition keys (or `NotPrincipal`, `Resource`) that are not known, for "unknown". `principal_only`: no Allow
    matches, but `statement` would if its principals were not IAM's.
    """

    effect: Effect
    statement: str = ""
    keys: tuple[str, ...] = ()
    principal_only: bool = False


@dataclass(frozen=True)
class _Judged:
    """One statement: whether it matches, whether it would but for its principals, and which names are not known."""

    name: str
    allows: bool
    truth: Truth
    principal_only: bool
    keys: tuple[str, ...]


def judge_policy(document: str, call: PolicyCall) -> PolicyVerdict:
    """Judge `document`, a policy as GetRestApi or an export gives it, for `call`.

    "deny": a Deny surely matches. "allow": an Allow surely does, and no Deny can. "silent": nothing matches; AWS's page
    contradicts itself on what follows for Cognito (research 3.1 [U]). "unknown": it depends on `keys`. "unreadable":
    no policy, or longer than LONGEST characters. Accepts any string, raises nothing.
    """
    try:
        judged = [_judge(item, place, call) for place, item in enumerate(_statements(document), 1)]
    except (ValueError, RecursionError):  # Unreadable and JSONDecodeError are ValueErrors; so is a number too long
        return PolicyVerdict("unreadable")
    allows = [item for item in judged if item.allows]
    denies = [item for item in judged if not item.allows]
    for item in denies:
        if item.truth is True:
            return PolicyVerdict("deny", item.name)
    sure = next((item for item in allows if item.truth is True), None)
    open_ones = [item for item in (denies if sure else [*denies, *allows]) if item.truth is None]
    if open_ones:
        keys = dict.fromkeys(key for item in open_ones for key in item.keys)
        return PolicyVerdict("unknown", open_ones[0].name, tuple(keys))
    if sure:
        return PolicyVerdict("allow", sure.name)
    barred = next((item for item in allows if item.principal_only), None)
    return PolicyVerdict("silent", barred.name if barred else "", principal_only=barred is not None)


def _statements(document: str) -> list[Any]:
    if len(document) > LONGEST:
        raise Unreadable
    try:
        policy = json.loads(document)
    except ValueError:
        policy = json.loads(f'"{document}"')  # GetRestApi often escapes the quotes (research 3.3 [R])
    if isinstance(policy, str):
        policy = json.loads(policy)
    statements = listed(members(policy).get("statement"))
    if statements == [None]:
        raise Unreadable
    return statements


def _judge(item: object, place: int, call: PolicyCall) -> _Judged:
    statement = members(item)
    if statement.get("effect") not in ("Allow", "Deny"):
        raise Unreadable
    sid = statement.get("sid")
    name = inert(sid, 100) if isinstance(sid, str) and sid else f"statement {place}"
    keys: list[str] = []
    allows = statement["effect"] == "Allow"
    principal = _principal(statement)
    resource = _either(statement, "resource", lambda pattern: _is_resource(pattern, call))
    scope = (
        _either(statement, "action", lambda pattern: is_like(pattern.lower(), "execute-api:invoke")),
        resource,
        are_met(statement.get("condition"), call, keys),
    )
    if resource is None:
        keys.insert(0, "Resource")
    if principal is None:
        keys.insert(0, "NotPrincipal")
    barred = principal is False and all_of(scope) is True
    return _Judged(name, allows, all_of((principal, *scope)), barred, tuple(keys))


def _texts(value: object) -> list[str]:
    texts = listed(value)
    if not all(isinstance(text, str) for text in texts):
        raise Unreadable
    return texts


def _either(statement: Mapping[str, Any], name: str, matches: Callable[[str], Truth]) -> Truth:
    """Judge `Action` or `NotAction`, `Resource` or `NotResource`: one of the two is there."""
    positive, negative = statement.get(name), statement.get(f"not{name}")
    if (positive is None) == (negative is None):
        raise Unreadable
    if positive is not None:
        return any_of(matches(pattern) for pattern in _texts(positive))
    return negated(any_of(matches(pattern) for pattern in _texts(negative)))


def _principal(statement: Mapping[str, Any]) -> Truth:
    """Whether the principals hold a caller that is none of IAM's: `*` or {"AWS": "*"} (research 3.2 [D])."""
    principal = statement.get("principal")
    if statement.get("notprincipal") is not None:
        return None
    if isinstance(principal, dict):
        kinds = {kind: _texts(names) for kind, names in principal.items()}
        return "*" in kinds.get("AWS", [])
    return "*" in _texts(principal)


def _is_resource(pattern: str, call: PolicyCall) -> Truth:
    """Whether a resource, short or as an ARN, is the called method. None where its spelling leaves it open."""
    if _VARIABLE in pattern:
        return None
    # AWS does not say in which of these spellings the path is compared.
    paths = {call.path, unquote(call.path), call.path.rstrip("/") or "/"}
    found = {_is_path(pattern, call, path) for path in paths}
    return found.pop() if len(found) == 1 else None


def _is_path(pattern: str, call: PolicyCall, path: str) -> bool:
    method = f"/{call.stage}/{call.method}{path}"
    if pattern == "*":
        return True
    if pattern.startswith("execute-api:/"):
        return is_like(pattern.removeprefix("execute-api:"), method)
    if pattern.startswith("execute-api:"):
        pattern = f"arn:*:{pattern}"
    parts = pattern.split(":", 5)
    if call.account is None and len(parts) == 6:
        parts[4] = "*"
    arn = f"arn:{partition_of(call.region)}:execute-api:{call.region}:{call.account or ''}:{call.rest_api_id}{method}"
    return parts[0] == "arn" and is_arn_like(":".join(parts), arn)
