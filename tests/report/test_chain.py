"""The call's way through the gates, from reports."""

from typing import Any

import pytest

from cogwizard.gateway import GATES
from cogwizard.report.gates import chain

Document = dict[str, Any]


def report(
    causes: tuple[str, ...] = (),
    seen: str | None = None,
    predicted: str = "unknown",
    outcome: str = "fault",
    **verdicts: str,
) -> Document:
    """Return the part of a report that the chain reads. `verdicts`: code (with underscores) -> its verdict."""
    explained = "changes-not-deployed" if "changes-not-deployed" in causes else None
    return {
        "outcome": outcome,
        "causes": list(causes),
        "request": {"stage": "prod", "resource": "/orders"},
        "observed": {"gate": seen} if seen else None,
        "predicted": {"deployed": {"gate": predicted}},
        "findings": [
            {
                "code": code.replace("_", "-"),
                "verdict": verdict,
                "evidence": [],
                "explained_by": explained if verdict == "fail" else None,
            }
            for code, verdict in verdicts.items()
        ],
    }


# What the picture says of the gates in order; P passed, h held, X stopped, n next, ? open, - ahead.
LETTERS = {"passed": "P", "held": "h", "stopped": "X", "next": "n", "open": "?", "ahead": "-"}
TABLE = {
    "stopped at the authorizer": (report(("token-expired",), "authorizer", "authorizer"), "PPPPX---"),
    "not called, predicted to be stopped": (report(("token-expired",), None, "authorizer"), "hhhhX---"),
    "let through": (report((), "backend", "backend", "healthy"), "PPPPPPPP"),
    "let through, refused by the backend": (report(("backend-answered",), "backend", "backend"), "PPPPPPPX"),
    "not called, nothing wrong": (report((), None, "backend", "healthy"), "hhhhhhhh"),
    "not called, a policy that could not be read": (
        report((), None, "unknown", "inconclusive", resource_policy_deny="unknown"),
        "hhhhh?h?",
    ),
    "got past a gate that could not be read": (
        report((), "backend", "unknown", "healthy", resource_policy_deny="unknown"),
        "PPPPPPPP",
    ),
    "what is deployed is not known": (
        report((), None, "unknown", "inconclusive", changes_not_deployed="unknown"),
        "hhh????" + "?",
    ),
    "refused, nobody knows why": (report((), "authorizer", "backend", "inconclusive"), "PPPPX---"),
    "an answer that says nothing of gates": (report((), "unknown", "unknown", "inconclusive"), "hhhhhhh?"),
    "a cause, and an answer that says nothing": (report(("token-expired",), "unknown", "authorizer"), "hhhhX---"),
    "another cause at a later gate": (
        report(("token-expired", "api-key-required"), "authorizer", "authorizer"),
        "PPPPX-n-",
    ),
    "another cause at the same gate": (
        report(("token-expired", "scope-not-in-token"), "authorizer", "authorizer"),
        "PPPPX---",
    ),
    "behind the stop something is not known": (
        report(("wrong-stage",), "stage", "stage", resource_policy_deny="unknown"),
        "PX---?--",
    ),
    "changes that are not deployed": (
        report(("changes-not-deployed", "token-expired"), "route", "route", route_not_matched="fail"),
        "PPPXn---",
    ),
    "changes that are not deployed come second": (
        report(("wrong-stage", "changes-not-deployed"), "stage", "stage", wrong_pool="fail"),
        "PX--n---",
    ),
    "an issuer that was not tried": (
        report((), None, "unknown", "inconclusive", issuer_updated="warn"),
        "hhhh?hh?",
    ),
}


@pytest.mark.parametrize("name", TABLE)
def test_the_way_through_the_gates(name: str) -> None:
    """Each report gives its states, and the gates keep their order."""
    document, expected = TABLE[name]
    gates = chain(document)
    assert [gate.id for gate in gates] == list(GATES)
    assert "".join(LETTERS[gate.state] for gate in gates) == expected


def test_something_before_api_gateway_answered() -> None:
    """The front stands before all gates, and is a guess; of the gates behind it the answer proves nothing."""
    first, *gates = chain(report((), "front", "backend", "inconclusive"))
    assert (first.id, first.state) == ("front", "open")
    assert {gate.state for gate in gates[:-1]} == {"held"}
    assert gates[-1].state == "open"


def test_facts_of_the_gates() -> None:
    """Stage and resource are named; what is not there is said to be none."""
    facts = {gate.id: gate.fact for gate in chain(report(), frozenset({"waf", "api-key"}))}
    assert facts["stage"] == "prod"
    assert facts["route"] == "/orders"
    assert facts["waf"] == facts["api-key"] == "none"
    assert facts["policy"] == ""
