"""A resource policy, judged for one call of a caller that is no IAM principal, as Cognito's users are not.

Three values throughout: a condition is met (True), is not (False), or is not known (None). What the document or AWS
leaves open never becomes "allow" or "deny". Rules: research 3.1 to 3.3 and the IAM guide's policy elements [D].
"""

import ipaddress
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import eq, ge, gt, le, lt
from typing import Any, Literal
from urllib.parse import unquote

from cogwizard.model.inert import inert
from cogwizard.model.read import partition_of

Effect = Literal["allow", "deny", "silent", "unknown", "unreadable"]
Truth = bool | None

# AWS's limit is 8,192 bytes (research 3.2 [D]); escaping and indenting do not make ten times that.
LONGEST = 100_000

_VARIABLE = "${"  # IAM's policy variables, `${aws:username}`: not resolved here
_NUMBER = re.compile(r"-?\d{1,300}(?:\.\d{1,300})?", re.ASCII)
# Present for signed calls only (research 3.2, AG-CONDK [D]). IAM's own guide has "anonymous" as the value of some of
# them; that differs only under Null and ...IfExists.
_SIGNED_ONLY = re.compile(
    r"aws:(?:tokenissuetime|multifactorauth(?:present|age)|userid|username"
    r"|principal(?:account|arn|orgid|orgpaths|type|tag/.*))",
    re.DOTALL,
)


@dataclass(frozen=True)
class PolicyCall:
    """The call that is judged.

    `path` begins with "/" and stands after the stage, as it was sent. `now` is Unix seconds. `user_agent` and `referer`
    are header values, "" for a header that was not sent. None means not known. `source_ip` is the address that API
    Gateway sees. `private`: the API has a private endpoint.
    """

    region: str
    account: str | None = field(repr=False)
    rest_api_id: str
    stage: str
    method: str
    path: str = field(repr=False)
    now: float | None = None
    source_ip: str | None = field(default=None, repr=False)
    user_agent: str | None = field(default=None, repr=False)
    referer: str | None = field(default=None, repr=False)
    secure_transport: bool = True
    private: bool = False


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


class _Unreadable(ValueError):
    """The document is no policy."""


@dataclass(frozen=True)
class _Fact:
    """What a condition key holds for this call: its value if known, and whether it is there (None: not known)."""

    value: str | float | bool | None = None
    present: Truth = None


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
    except (ValueError, RecursionError):  # _Unreadable and JSONDecodeError are ValueErrors; so is a number too long
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
        raise _Unreadable
    try:
        policy = json.loads(document)
    except ValueError:
        policy = json.loads(f'"{document}"')  # GetRestApi often escapes the quotes (research 3.3 [R])
    if isinstance(policy, str):
        policy = json.loads(policy)
    statements = _listed(_members(policy).get("statement"))
    if statements == [None]:
        raise _Unreadable
    return statements


def _judge(item: object, place: int, call: PolicyCall) -> _Judged:
    statement = _members(item)
    if statement.get("effect") not in ("Allow", "Deny"):
        raise _Unreadable
    sid = statement.get("sid")
    name = inert(sid, 100) if isinstance(sid, str) and sid else f"statement {place}"
    keys: list[str] = []
    allows = statement["effect"] == "Allow"
    principal = _principal(statement)
    resource = _either(statement, "resource", lambda pattern: _is_resource(pattern, call))
    scope = (
        _either(statement, "action", lambda pattern: _like(pattern.lower(), "execute-api:invoke")),
        resource,
        _conditions(statement.get("condition"), call, keys),
    )
    if resource is None:
        keys.insert(0, "Resource")
    if principal is None:
        keys.insert(0, "NotPrincipal")
    barred = principal is False and _all(scope) is True
    return _Judged(name, allows, _all((principal, *scope)), barred, tuple(keys))


def _members(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _Unreadable
    return {key.lower(): member for key, member in value.items()}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _texts(value: object) -> list[str]:
    texts = _listed(value)
    if not all(isinstance(text, str) for text in texts):
        raise _Unreadable
    return texts


def _all(truths: Iterable[Truth]) -> Truth:
    truths = list(truths)
    return False if False in truths else None if None in truths else True


def _any(truths: Iterable[Truth]) -> Truth:
    return _not(_all(_not(truth) for truth in truths))


def _not(truth: Truth) -> Truth:
    return None if truth is None else not truth


def _like(pattern: str, text: str) -> bool:
    """Match IAM's wildcards, `*` and `?`. Atomic groups take each part at its first place, so nothing backtracks."""
    parts = ["".join("." if char == "?" else re.escape(char) for char in part) for part in pattern.split("*")]
    if len(parts) == 1:
        return re.fullmatch(parts[0], text, re.DOTALL) is not None
    middle = "".join(f"(?>.*?{part})" for part in parts[1:-1] if part)
    return re.fullmatch(f"{parts[0]}{middle}.*{parts[-1]}", text, re.DOTALL) is not None


def _arn_like(pattern: str, arn: str) -> bool:
    """Match ARNs part by part; a pattern that ends early goes on with wildcards (IAM guide [D])."""
    patterns, parts = pattern.split(":", 5), arn.split(":", 5)
    patterns += ["*"] * (6 - len(patterns))
    return len(parts) == 6 and all(map(_like, patterns, parts))


def _either(statement: Mapping[str, Any], name: str, matches: Callable[[str], Truth]) -> Truth:
    """Judge `Action` or `NotAction`, `Resource` or `NotResource`: one of the two is there."""
    positive, negative = statement.get(name), statement.get(f"not{name}")
    if (positive is None) == (negative is None):
        raise _Unreadable
    if positive is not None:
        return _any(matches(pattern) for pattern in _texts(positive))
    return _not(_any(matches(pattern) for pattern in _texts(negative)))


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
        return _like(pattern.removeprefix("execute-api:"), method)
    if pattern.startswith("execute-api:"):
        pattern = f"arn:*:{pattern}"
    parts = pattern.split(":", 5)
    if call.account is None and len(parts) == 6:
        parts[4] = "*"
    arn = f"arn:{partition_of(call.region)}:execute-api:{call.region}:{call.account or ''}:{call.rest_api_id}{method}"
    return parts[0] == "arn" and _arn_like(":".join(parts), arn)


def _conditions(value: object, call: PolicyCall, keys: list[str]) -> Truth:
    """Judge a Condition block: all of its operators and keys have to hold. Adds the names of unknown ones to `keys`."""
    truths: list[Truth] = []
    for operator, block in _members({} if value is None else value).items():
        if not isinstance(block, dict):
            raise _Unreadable
        for key, wanted in block.items():
            values = [_text(item) for item in _listed(wanted)]
            truths.append(_condition(operator, _fact(key.lower(), call), values))
            if truths[-1] is None:
                keys.append(inert(key, 100))
    return _all(truths)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise _Unreadable


def _fact(key: str, call: PolicyCall) -> _Fact:
    """Say what a condition key (in lower case) holds (research 3.2, AG-CONDK [D])."""
    absent = _Fact(present=False)
    address = _Fact(call.source_ip, present=True)
    facts = {
        # A private API sees the endpoint's private address here, the caller's in aws:VpcSourceIp.
        "aws:sourceip": _Fact(present=True) if call.private else address,
        "aws:vpcsourceip": address if call.private else absent,
        "aws:sourcevpc": _Fact(present=True) if call.private else absent,
        "aws:sourcevpce": _Fact(present=True) if call.private else absent,
        "aws:currenttime": _Fact(call.now, present=True),
        "aws:epochtime": _Fact(call.now, present=True),
        "aws:securetransport": _Fact(call.secure_transport, present=True),
        "aws:useragent": _header(call.user_agent),
        "aws:referer": _header(call.referer),
    }
    return absent if _SIGNED_ONLY.fullmatch(key) else facts.get(key, _Fact())


def _header(value: str | None) -> _Fact:
    return _Fact(value or None, present=None if value is None else value != "")


def _condition(operator: str, fact: _Fact, values: list[str]) -> Truth:
    """Judge one operator (in lower case) on one key: one of `values` has to match, or none if it is negated."""
    if operator == "null":
        wanted = [{"true": False, "false": True}.get(value.lower()) for value in values]
        return None if fact.present is None or None in wanted else fact.present in wanted
    name = operator.removesuffix("ifexists")
    positive = _NEGATED.get(name, name)
    compare = _COMPARE.get(positive)
    if compare is None:
        return None  # ForAnyValue, ForAllValues, BinaryEquals, and what IAM does not know
    if fact.present is False:
        return True if name != operator else name in _NEGATED
    if fact.value is None:
        return None
    truth = _any(compare(value, fact.value) for value in values)
    return _not(truth) if name in _NEGATED else truth


_Compare = Callable[[str, str | float | bool], Truth]


def _on_text(compare: Callable[[str, str], bool]) -> _Compare:
    def judge(value: str, actual: str | float | bool) -> Truth:
        return compare(value, actual) if isinstance(actual, str) and _VARIABLE not in value else None

    return judge


def _on_time(compare: Callable[[float, float], bool], read: Callable[[str], float | None]) -> _Compare:
    def judge(value: str, actual: str | float | bool) -> Truth:
        wanted = read(value)
        if wanted is None or isinstance(actual, str | bool):
            return None
        return compare(actual, wanted)

    return judge


def _bool(value: str, actual: str | float | bool) -> Truth:
    wanted = {"true": True, "false": False}.get(value.lower())
    return wanted == actual if wanted is not None and isinstance(actual, bool) else None


def _in_network(value: str, actual: str | float | bool) -> Truth:
    try:
        network = ipaddress.ip_network(value, strict=False)
        address = ipaddress.ip_address(actual if isinstance(actual, str) else "")
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address) in network


def _number(text: str) -> float | None:
    return float(text) if _NUMBER.fullmatch(text) else None


def _date(text: str) -> float | None:
    """Read Unix seconds or an ISO 8601 date (UTC where it names no offset)."""
    if len(text) == 4:  # a year, or Unix seconds in 1970
        return None
    number = _number(text)
    if number is not None:
        return number
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


_NEGATED = {
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequalsignorecase",
    "stringnotlike": "stringlike",
    "arnnotequals": "arnequals",
    "arnnotlike": "arnlike",
    "notipaddress": "ipaddress",
    "datenotequals": "dateequals",
    "numericnotequals": "numericequals",
}
_ORDERS = {"equals": eq, "lessthan": lt, "lessthanequals": le, "greaterthan": gt, "greaterthanequals": ge}
_COMPARE: dict[str, _Compare] = {
    "stringequals": _on_text(eq),
    "stringequalsignorecase": _on_text(lambda value, actual: value.lower() == actual.lower()),
    "stringlike": _on_text(_like),
    "arnequals": _on_text(_arn_like),
    "arnlike": _on_text(_arn_like),
    "ipaddress": _in_network,
    "bool": _bool,
    **{f"date{name}": _on_time(compare, _date) for name, compare in _ORDERS.items()},
    **{f"numeric{name}": _on_time(compare, _number) for name, compare in _ORDERS.items()},
}
