"""The Postman checklist judged as a whole: every line, what the endpoints answered to a probe, the order of causes."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from cogwizard.model.attempt import Refusal
from cogwizard.model.client import AppClient
from cogwizard.model.finding import Finding
from cogwizard.model.postman import Endpoint, Setup
from cogwizard.model.read import Unread
from cogwizard.steps import POSTMAN, attempt
from cogwizard.steps.postman import ORDER, PostmanStep, as_deployed, attempt_of
from cogwizard.steps.postman_values import grant_of, signs_in, value
from cogwizard.steps.ruling import answer_evidence
from cogwizard.steps.step import Say

Outcome = Literal["fault", "healthy", "inconclusive"]
PROBE = "postman_probe"
_OF_THE_CALL = ("postman_token", "postman_header")
# What an endpoint has looked at when it takes a request (research 6.5, 6.6 [D]); not the page behind its redirect.
_TAKEN: dict[Endpoint, tuple[str, ...]] = {
    "authorize": (
        "domain-missing",
        "auth-url-wrong",
        "client-id-mismatch",
        "redirect-mismatch",
        "oauth-not-enabled",
        "grant-not-enabled",
        "scope-not-allowed",
    ),
    "token": ("token-url-wrong", "token-endpoint-405", "token-request-malformed"),
}


def judge(setup: Setup) -> list[Finding]:
    """Return one finding for each check, in the order of the checklist. Pure; raises nothing."""
    found = [as_deployed(setup, finding) for step in POSTMAN for finding in _judged(step, setup)]
    for endpoint in setup.answers:
        found = _with_answer(setup, endpoint, found)
    return found


def _judged(step: PostmanStep, setup: Setup) -> Iterable[Finding]:
    if step.id in _OF_THE_CALL or signs_in(setup):
        return step.judge(setup)
    return Say(step.id).all_skipped(step.codes, "no-sign-in")


def causes(findings: Iterable[Finding]) -> list[str]:
    """Return the codes that would stop sign-in or call, in the order in which they would."""
    fails = {item.code for item in findings if item.verdict == "fail" and item.explained_by is None}
    return sorted(fails, key=lambda code: (ORDER.index(code) if code in ORDER else -1, code))


def outcome(findings: Iterable[Finding], *, offline: bool = False) -> Outcome:
    """Return `fault` with a cause, `inconclusive` where something that could hide one is not known."""
    found = list(findings)
    if causes(found):
        return "fault"
    return "inconclusive" if offline or any(item.verdict == "unknown" for item in found) else "healthy"


def reads(setup: Setup) -> tuple[Unread, ...]:
    """Return the reads that gave nothing."""
    return tuple(value for value in setup.facts.values() if isinstance(value, Unread))


def _with_answer(setup: Setup, endpoint: Endpoint, found: list[Finding]) -> list[Finding]:
    """Put what an endpoint answered in the place of what was only read, or not known."""
    refusal = setup.answers[endpoint]
    if refusal is None or (endpoint == "token" and _is_expected(setup, refusal)):
        return [_taken(item) if item.code in _TAKEN[endpoint] else item for item in found]
    basic = endpoint == "token" and value(setup, "client_authentication") == "header"
    tried = replace(attempt_of(setup), refusal=refusal, secret_sent=basic)
    # What the answer proves, and what kept us from asking; of the rest the checklist's own findings speak.
    said = [item for item in attempt.judge(tried) if answer_evidence(refusal) in item.evidence]
    step_of = {code: step.id for step in POSTMAN for code in step.codes}
    mine = {item.code: replace(item, step=step_of.get(item.code, PROBE)) for item in said}
    return [mine.pop(item.code, item) for item in found] + list(mine.values())


def _is_expected(setup: Setup, refusal: Refusal) -> bool:
    """Whether an answer is what a probe without a secret gets from a client that is in order (research 6.6 [D])."""
    if refusal.reason is not None:
        return False
    has_secret = isinstance(setup.client, AppClient) and setup.client.has_secret
    is_machine = grant_of(setup) == "client_credentials"
    return (has_secret and refusal.error == "invalid_client") or (is_machine and refusal.error == "unauthorized_client")


def _taken(item: Finding) -> Finding:
    """Return what a check is worth once the endpoint has taken the request."""
    is_open = item.verdict == "unknown" or item.variant == "not-probed"
    return replace(item, verdict="pass", variant="probed", params={}, because=()) if is_open else item
