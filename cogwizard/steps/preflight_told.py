"""A preflight that was given as the call: what refuses it is told as what it means to the browser that asks.

API Gateway judges OPTIONS as any other method, so the same checks name the gate and foresee the answer. Their words
would mislead: nothing is wrong with the token of a call that never carries one (interface, section 2).
"""

from collections.abc import Sequence

from cogwizard.gateway import BEFORE_THE_CALL, gate_of
from cogwizard.model.finding import Finding

_STEPS = ("authorizer", "token", "scopes", "header")
_ROUTE, _MISSING = "route-not-matched", "preflight-missing"


def as_preflight(findings: Sequence[Finding]) -> tuple[tuple[Finding, ...], frozenset[str], str | None]:
    """Return the findings with the checks of a token skipped, their codes, and the code that tells it instead."""
    refused = [item.code for item in findings if item.verdict == "fail" and item.code in BEFORE_THE_CALL]
    told = frozenset(item.code for item in findings if _is_told(item, refused))
    shown = tuple(
        Finding(item.code, item.step, "skipped", "is-preflight", view=item.view) if item.code in told else item
        for item in findings
    )
    return shown, told, next(iter(refused), None)


def _is_told(item: Finding, refused: list[str]) -> bool:
    if item.code == _ROUTE:
        return item.verdict == "fail" and _MISSING in refused
    return item.step in _STEPS or item.code == "api-key-required" or gate_of(item.code) == "authorizer"
