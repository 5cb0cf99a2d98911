"""The call's way through the gates, from reports."""

from dataclasses import replace
from typing import Any, get_args

import pytest

from cogwizard.gateway import GATES, gate_of
from cogwizard.judgement import judge
from cogwizard.model.answer import Answer
from cogwizard.model.case import Case
from cogwizard.model.read import Read, Reason, Unread
from cogwizard.model.read_api import GetStages
from cogwizard.report import document
from cogwizard.report.gates import chain, nothing_at
from cogwizard.steps import TROUBLESHOOT
from cogwizard.text import Texts
from tests.scenarios.runner import result

Document = dict[str, Any]
# A check of each gate before the backend.
CHECKS = (
    "execute-api-disabled",
    "wrong-stage",
    "waf-block",
    "route-not-matched",
    "authorizer-not-attached",
    "resource-policy-deny",
    "api-key-required",
)


def report(
    causes: tuple[str, ...] = (),
    seen: str | None = None,
    predicted: str = "unknown",
    outcome: str = "fault",
    looked: tuple[str, ...] = CHECKS,
    **verdicts: str,
) -> Document:
    """Return the part of a report that the chain reads.

    `verdicts`: code (with underscores) -> its verdict. `looked`: codes that held.
    """
    explained = "changes-not-deployed" if "changes-not-deployed" in causes else None
    verdicts = {**dict.fromkeys(looked, "pass"), **verdicts}
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
    "nobody looked at the web ACL": (
        report((), None, "backend", "inconclusive", tuple(code for code in CHECKS if code != "waf-block")),
        "hh?hhhh?",
    ),
    "nobody looked at the web ACL, and the answer came from behind it": (
        report((), "route", "unknown", "inconclusive", looked=()),
        "PPPX----",
    ),
    "nobody looked at anything": (report((), None, "unknown", "inconclusive", looked=()), "????????"),
    "a check that does not apply says nothing of its gate": (
        report((), None, "unknown", "inconclusive", ("wrong-stage",), waf_block="skipped", api_key_required="warn"),
        "?h??????",
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


def drawn(case: Case) -> str:
    """Return the picture of a case in letters."""
    report = document.build(judge(case, TROUBLESHOOT), Texts("en"))
    return "".join(LETTERS[gate.state] for gate in chain(report, nothing_at(case)))


def not_called(name: str = "healthy-raw-token") -> Case:
    """Return a scenario's case as it is where its call was not made."""
    case = replace(result(name).case, replay=False, answer=None)
    assert case.observed is None
    return case


def test_each_check_of_the_table_is_of_its_own_gate() -> None:
    assert [gate_of(code) for code in CHECKS] == [gate for gate in GATES if gate != "backend"]


@pytest.mark.parametrize("reason", [*get_args(Reason), None])
def test_nothing_holds_where_nothing_was_read(reason: Reason | None) -> None:
    """No gate would pass the call because nobody could look at it; only an answer says that it got past one."""
    case = not_called()
    assert drawn(case) == "hhhhhhhh"
    blind = replace(case, facts={read: Unread(read, reason, "Error") for read in case.facts} if reason else {})
    assert drawn(blind) == "????????"
    refused = Answer(401, (("x-amzn-ErrorType", "UnauthorizedException"),), '{"message":"Unauthorized"}')
    assert drawn(replace(blind, answer=refused))[:5] == "PPPPX"
    assert drawn(replace(blind, offline=True)) == "????????"


def test_a_web_acl_is_not_known_until_the_call_is_made() -> None:
    """The rules of a web ACL are not read: only a call that got past it shows that it lets it through."""
    assert drawn(not_called("web-acl-not-called")) == "hh?hhhh?"
    through = Answer(200, (("x-amzn-RequestId", "a"),), "{}")
    assert drawn(replace(not_called("web-acl-not-called"), answer=through)) == "PPPPPPPP"


def test_only_a_stage_that_was_read_has_no_web_acl() -> None:
    """A GetStages that was denied leaves the gate open, though the stage is known by its export: its web ACL, its
    canary and its limits."""
    case = not_called()
    denied: dict[Read, object] = {
        read: Unread(read, "denied", "Error") for read in case.facts if isinstance(read, GetStages)
    }
    assert drawn(replace(case, facts={**case.facts, **denied})) == "hh?h?h??"


def ends(name: str) -> tuple[str, str]:
    """Return the first and the last of a scenario's gates, in capitals where the call stops."""
    judgement = result(name)
    gates = chain(document.build(judgement, Texts("en")), nothing_at(judgement.case))
    shown = [gate.id.upper() if gate.state == "stopped" else gate.id for gate in gates]
    return shown[0], shown[-1]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("preflight-missing", ("PREFLIGHT", "backend")),
        ("preflight-missing-stacked", ("PREFLIGHT", "backend")),
        ("preflight-missing-not-deployed", ("PREFLIGHT", "backend")),
        ("preflight-needs-no-auth-pasted", ("endpoint", "backend")),
        ("cors-headers-missing", ("endpoint", "BROWSER")),
        ("cors-hides-401", ("endpoint", "backend")),
        ("healthy-browser", ("endpoint", "backend")),
    ],
)
def test_where_a_page_is_stopped(name: str, expected: tuple[str, str]) -> None:
    """Before the call or behind it; an OPTIONS call that was given is its own preflight."""
    assert ends(name) == expected
