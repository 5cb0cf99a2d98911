"""The call's way through the gates of API Gateway as data: where it stopped, what it passed, what nobody knows."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from cogwizard.gateway import AFTER_THE_CALL, BEFORE_THE_CALL, GATES, before, gate_of
from cogwizard.model.case import Case
from cogwizard.model.route import Route

Document = dict[str, Any]
# passed: an answer proves it. held: it was looked at, and nothing there would stop the call. stopped: here. next: it
# would be stopped here, once what stops it is mended. open: not known, or not looked at. ahead: not reached.
State = Literal["passed", "held", "stopped", "next", "open", "ahead"]
NONE = "none"
_CHANGES, _ISSUER = "changes-not-deployed", "issuer-updated"
# What the deployed API decides: not known where nobody could read what is deployed.
_DEPLOYED = ("route", "authorizer", "policy", "api-key")


@dataclass(frozen=True)
class Gate:
    """A gate; or what is none of API Gateway's: `front`, a CDN or proxy before all of them, `preflight` and `browser`,
    where a page is stopped. `fact`: what stands there, `none` for nothing, "" if it is not known."""

    id: str
    state: State
    fact: str = ""


def chain(report: Document, nothing: frozenset[str] = frozenset()) -> tuple[Gate, ...]:
    """Return the gates in order, from a report (see `document.build`). `nothing`: gates at which nothing stands."""
    seen = report["observed"]["gate"] if report["observed"] else None
    stop = _stop(report, seen)
    proven = before(seen) if seen in GATES else frozenset()
    later = {_gate_of_cause(code, report) for code in report["causes"][1:]}
    open_gates = set(_open(report))
    held = (nothing | set(_held(report))) - open_gates
    facts = {**_facts(report), **dict.fromkeys(nothing, NONE)}

    def state(gate: str) -> State:
        if gate == "backend":
            return _backend(report, seen, stop)
        if gate == stop:
            return "stopped"
        if stop is not None and gate not in before(stop):
            return "next" if gate in later else "open" if gate in open_gates else "ahead"
        if gate in proven:
            return "passed"
        return "held" if gate in held else "open"

    gates = tuple(Gate(gate, state(gate), facts.get(gate, "")) for gate in GATES)
    # Who answered before API Gateway is not proven: a proxy may also have taken API Gateway's headers away.
    gates = (Gate("front", "open"), *gates) if seen == "front" else gates
    first = _first(report)
    # Beside it stands what the same call meets from elsewhere. An OPTIONS call that was given is itself the preflight.
    if first in BEFORE_THE_CALL and report["request"].get("method") != "OPTIONS":
        return (Gate("preflight", "stopped"), *gates)
    return (*gates, Gate("browser", "stopped")) if first in AFTER_THE_CALL else gates


def nothing_at(case: Case) -> frozenset[str]:
    """Return the gates at which nothing stands that could stop this call."""
    deployed = case.seen_as("deployed")
    route = deployed.route
    found = set()
    if case.stage is not None and case.stage.web_acl_arn is None:
        found.add("waf")
    if deployed.api.policy is None and case.settings is not None and case.settings.policy is None:
        found.add("policy")
    if isinstance(route, Route):
        if not route.method.api_key_required:
            found.add("api-key")
        if route.method.authorization_type == "NONE":
            found.add("authorizer")
    return frozenset(found)


def _stop(report: Document, seen: str | None) -> str | None:
    """The gate that stopped the call: the answer's own where it tells, else that of the first cause."""
    if seen in GATES:
        return None if seen == "backend" else seen
    gate = report["predicted"]["deployed"]["gate"] if report["causes"] else None
    return gate if gate in GATES and gate != "backend" else None


def _backend(report: Document, seen: str | None, stop: str | None) -> State:
    if seen == "backend":
        return "stopped" if "backend-answered" in report["causes"] else "passed"
    if stop is not None:
        return "ahead"
    return "held" if report["outcome"] == "healthy" else "open"


def _first(report: Document) -> str:
    """The first cause's code, "" for none; a change that is not deployed stands for what fails for the lack of it."""
    first = report["causes"][0] if report["causes"] else ""
    explained = (item["code"] for item in report["findings"] if item["explained_by"] == _CHANGES)
    return next(explained, "") if first == _CHANGES else first


def _gate_of_cause(code: str, report: Document) -> str | None:
    """A cause's gate; a change that is not deployed stands for what fails for the lack of it."""
    if code != _CHANGES:
        return gate_of(code)
    gates = {gate_of(item["code"]) for item in report["findings"] if item["explained_by"] == _CHANGES}
    return next((gate for gate in GATES if gate in gates), None)


def _open(report: Document) -> Iterator[str]:
    for item in report["findings"]:
        unseen_issuer = item["code"] == _ISSUER and item["verdict"] == "warn" and report["observed"] is None
        if item["verdict"] != "unknown" and not unseen_issuer:
            continue
        if item["code"] == _CHANGES:
            yield from _DEPLOYED
        elif gate := gate_of(item["code"]):
            yield gate


def _held(report: Document) -> Iterator[str]:
    """The gates that a check found in order: where none did, nobody looked."""
    for item in report["findings"]:
        if item["verdict"] == "pass" and (gate := gate_of(item["code"])):
            yield gate


def _facts(report: Document) -> dict[str, str]:
    request = report["request"]
    facts = {"stage": request["stage"] or "", "route": request["resource"] or ""}
    for item in report["findings"]:
        if item["code"] == "authorizer-not-attached" and item["verdict"] == "pass" and item["evidence"]:
            facts["authorizer"] = item["evidence"][0]["actual"]
    return facts
