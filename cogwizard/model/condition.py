"""The conditions of a policy statement, judged for one call. Three values: met, not met, not known (None).

Rules: research 3.2 and the IAM guide's policy elements [D].
"""

import ipaddress
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import eq, ge, gt, le, lt
from typing import Any

from cogwizard.model.inert import inert

Truth = bool | None
_VARIABLE = "${"  # IAM's policy variables, `${aws:username}`: not resolved here
_NUMBER = re.compile(r"-?\d{1,300}(?:\.\d{1,300})?", re.ASCII)

# Present for signed calls only (research 3.2, AG-CONDK [D]). IAM's own guide has "anonymous" as the value of some of
# them; that differs only under Null and ...IfExists.
_SIGNED_ONLY = re.compile(
    r"aws:(?:tokenissuetime|multifactorauth(?:present|age)|userid|username"
    r"|principal(?:account|arn|orgid|orgpaths|type|tag/.*))",
    re.DOTALL,
)


class Unreadable(ValueError):
    """The document is no policy."""


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
class _Fact:
    """What a condition key holds for this call: its value if known, and whether it is there (None: not known)."""

    value: str | float | bool | None = None
    present: Truth = None


def all_of(truths: Iterable[Truth]) -> Truth:
    """Return whether all hold: one False decides, else one None."""
    truths = list(truths)
    return False if False in truths else None if None in truths else True


def any_of(truths: Iterable[Truth]) -> Truth:
    """Return whether one holds: one True decides, else one None."""
    return negated(all_of(negated(truth) for truth in truths))


def negated(truth: Truth) -> Truth:
    """Return the opposite; what is not known stays so."""
    return None if truth is None else not truth


def is_like(pattern: str, text: str) -> bool:
    """Match IAM's wildcards, `*` and `?`. Atomic groups take each part at its first place, so nothing backtracks."""
    parts = ["".join("." if char == "?" else re.escape(char) for char in part) for part in pattern.split("*")]
    if len(parts) == 1:
        return re.fullmatch(parts[0], text, re.DOTALL) is not None
    middle = "".join(f"(?>.*?{part})" for part in parts[1:-1] if part)
    return re.fullmatch(f"{parts[0]}{middle}.*{parts[-1]}", text, re.DOTALL) is not None


def is_arn_like(pattern: str, arn: str) -> bool:
    """Match ARNs part by part; a pattern that ends early goes on with wildcards (IAM guide [D])."""
    patterns, parts = pattern.split(":", 5), arn.split(":", 5)
    patterns += ["*"] * (6 - len(patterns))
    return len(parts) == 6 and all(map(is_like, patterns, parts))


def members(value: object) -> dict[str, Any]:
    """Return an object's members by lower-case name. Raises Unreadable."""
    if not isinstance(value, dict):
        raise Unreadable
    return {key.lower(): member for key, member in value.items()}


def listed(value: Any) -> list[Any]:
    """Return a list; a single value is a list of one, as in IAM's documents."""
    return value if isinstance(value, list) else [value]


def are_met(value: object, call: PolicyCall, keys: list[str]) -> Truth:
    """Judge a Condition block: all of its operators and keys have to hold. Adds the names of unknown ones to `keys`."""
    truths: list[Truth] = []
    for operator, block in members({} if value is None else value).items():
        if not isinstance(block, dict):
            raise Unreadable
        for key, wanted in block.items():
            values = [_text(item) for item in listed(wanted)]
            truths.append(_condition(operator, _fact(key.lower(), call), values))
            if truths[-1] is None:
                keys.append(inert(key, 100))
    return all_of(truths)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise Unreadable


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
    truth = any_of(compare(value, fact.value) for value in values)
    return negated(truth) if name in _NEGATED else truth


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
    "stringlike": _on_text(is_like),
    "arnequals": _on_text(is_arn_like),
    "arnlike": _on_text(is_arn_like),
    "ipaddress": _in_network,
    "bool": _bool,
    **{f"date{name}": _on_time(compare, _date) for name, compare in _ORDERS.items()},
    **{f"numeric{name}": _on_time(compare, _number) for name, compare in _ORDERS.items()},
}
