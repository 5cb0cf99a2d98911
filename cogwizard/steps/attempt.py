"""A sign-in judged as a whole: the checks of its flow, what kept us from asking, what its tokens can never do."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from cogwizard.intake.errortext import codes_of
from cogwizard.model.attempt import GRANTS, Attempt, Refusal
from cogwizard.model.client import AppClient
from cogwizard.model.code import CODES
from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.inert import inert
from cogwizard.model.read import Reason, Unread, partition_of
from cogwizard.steps import oauth, signin
from cogwizard.steps.access import certificate_variant
from cogwizard.steps.oauth_facts import SAY as OAUTH
from cogwizard.steps.offers import scopes_of
from cogwizard.steps.ruling import answer_evidence, listed, message_of
from cogwizard.steps.signin_facts import SAY as SIGNIN
from cogwizard.steps.step import Say

Outcome = Literal["fault", "healthy", "inconclusive"]
_UNEXPLAINED = "answer-not-explained"
_SCOPE = "scope-not-in-token"
_ENDPOINTS = ("authorize", "token")
_BY_REASON: dict[Reason, str] = {
    "denied": "permission-missing",
    "credentials": "aws-credentials",
    "unreachable": "aws-unreachable",
    "malformed": "aws-unreachable",
    "not-asked": "aws-unreachable",
    "withheld": "aws-unreachable",
    "throttled": "throttled",
}

_KEPT = {"withheld": "withheld", "not-asked": "no-domain"}


def is_oauth(attempt: Attempt) -> bool:
    """Whether the sign-in goes to the OAuth endpoints: a refresh may go either way, its refusal says which."""
    if attempt.refusal is not None:
        return attempt.refusal.operation in _ENDPOINTS
    return attempt.flow in GRANTS


def judge(attempt: Attempt) -> list[Finding]:
    """Return one finding for each check, the fails in the order of causes. Pure; raises nothing.

    A sign-in that was not tried (no tokens, no challenge, no refusal) is judged from the facts alone.
    """
    say = OAUTH if is_oauth(attempt) else SIGNIN
    found = (oauth.judge if is_oauth(attempt) else signin.judge)(attempt)
    found += can_give(attempt, say)
    found += _ours(attempt, say, found)
    unexplained = list(_unexplained(attempt, say, found))
    if unexplained:
        # What is wrong here would stop the next try; what stopped this one is none of it, and no cause.
        found = [replace(item, verdict="warn") if item.verdict == "fail" else item for item in found]
    return found + unexplained


def outcome(attempt: Attempt, findings: list[Finding]) -> Outcome:
    """Return `fault` with a cause, `healthy` only where tokens came, else `inconclusive`."""
    if any(item.verdict == "fail" and item.explained_by is None for item in findings):
        return "fault"
    return "healthy" if attempt.tokens is not None and attempt.refusal is None else "inconclusive"


def reads(attempt: Attempt) -> tuple[Unread, ...]:
    """Return the reads beside the sign-in that gave nothing."""
    return tuple(item for item in (attempt.client, attempt.pool, attempt.user) if isinstance(item, Unread))


# -- what the tokens can never be used for ---------------------------------------------------------------------------


def can_give(attempt: Attempt, say: Say) -> Iterator[Finding]:
    """6.1 [D] KC-SCOPES: a warning, because the sign-in works; what the token then holds is judged as a token."""
    wanted = attempt.wanted_scopes
    if attempt.wanted != "access-token" or not wanted:
        return
    if attempt.flow == "refresh":
        yield say.skipped(_SCOPE, "as-before")
        return
    client = attempt.client if isinstance(attempt.client, AppClient) else None
    can = scopes_of(attempt.flow, client, attempt.scopes)
    if can is None:
        because = (attempt.client.read,) if isinstance(attempt.client, Unread) else ()
        yield say.unknown(
            _SCOPE,
            variant="unread" if because else "not-said",
            because=because,
            actions="cognito-idp:DescribeUserPoolClient",
        )
        return
    seen = Evidence("scope", listed(wanted), listed(can), f"the method's scopes, the {attempt.flow} flow")
    shared = [scope for scope in can if scope in wanted]
    if shared:
        yield say.passed(_SCOPE, seen, variant="can-give", scope=shared[0])
    else:
        variant = "oauth-never" if attempt.flow in GRANTS else "api-never"
        yield say.warned(_SCOPE, seen, variant=variant, wanted=listed(wanted), can=listed(can))


# -- what kept us from asking ----------------------------------------------------------------------------------------


def _ours(attempt: Attempt, say: Say, found: list[Finding]) -> Iterator[Finding]:
    """Codes of the group *us*, never a cause: what refused the sign-in before Cognito did, else what was not read."""
    refusal = attempt.refusal
    own = _our_code(attempt)
    no_domain = any(item.code == "domain-missing" and item.verdict == "fail" for item in found)
    if own is not None and refusal is not None and not (own == "aws-unreachable" and no_domain):
        yield _kept(attempt, refusal, say, own)
    if attempt.tokens is not None and refusal is None:
        return  # the tokens answer what the reads would have
    for code in ("permission-missing", "aws-credentials", "aws-unreachable", "throttled"):
        failed = [item for item in reads(attempt) if _BY_REASON.get(item.reason, "aws-unreachable") == code]
        if failed and code != own:
            yield _unread(say, code, failed)


def _our_code(attempt: Attempt) -> str | None:
    refusal = attempt.refusal
    if refusal is None:
        return None
    if refusal.reason is not None:
        return _BY_REASON.get(refusal.reason)
    codes = codes_of(refusal.error, refusal.message, "cognito-error") if not is_oauth(attempt) else ()
    is_quota = codes is not None and "throttled" in codes[:1]
    return "throttled" if is_quota or refusal.status == 429 else None


def _kept(attempt: Attempt, refusal: Refusal, say: Say, code: str) -> Finding:
    region, pool = inert(attempt.region, 60), inert(attempt.user_pool_id or "*", 120)
    arn = f"arn:{partition_of(attempt.region)}:cognito-idp:{region}:*:userpool/{pool}"
    action = refusal.operation if refusal.operation in _ENDPOINTS else f"cognito-idp:{refusal.operation}"
    return say.unknown(
        code,
        answer_evidence(refusal),
        variant=_KEPT.get(refusal.reason or "") or certificate_variant(refusal.error) or "signin",
        message=message_of(refusal),
        reason=message_of(refusal),
        action=action,
        host=action,
        permissions=f"cognito-idp:{refusal.operation} on {arn}",
    )


def _unread(say: Say, code: str, failed: list[Unread]) -> Finding:
    seen = [
        Evidence(
            "read",
            item.read.action,
            f"{item.error}: {item.detail}" if item.detail else item.error,
            item.read.permission or "no permission needed",
        )
        for item in failed
    ]
    first = failed[0]
    withheld = all(item.reason in ("withheld", "not-asked") for item in failed)
    return say.unknown(
        code,
        *seen,
        variant="withheld" if withheld else certificate_variant(first.error) or "unknown",
        permissions="; ".join(item.read.permission or item.read.action for item in failed),
        actions=", ".join(item.read.action for item in failed),
        host=first.read.action,
        error=first.detail or first.error,
        reason=first.detail or first.error,
    )


def _unexplained(attempt: Attempt, say: Say, found: list[Finding]) -> Iterator[Finding]:
    """A refusal that the table does not know, or that could come from several causes, is never silent."""
    refusal = attempt.refusal
    if refusal is None or _our_code(attempt) is not None:
        return
    possible = [item.code for item in found if item.verdict == "unknown" and item.variant == "possible"]
    if possible:
        codes = ", ".join(possible)
        yield say.unknown(
            _UNEXPLAINED, answer_evidence(refusal), variant="several", message=message_of(refusal), codes=codes
        )
    elif not any(_explains(item, refusal.operation) for item in found):
        yield say.unknown(_UNEXPLAINED, answer_evidence(refusal), variant="signin", message=message_of(refusal))


def _explains(item: Finding, operation: str) -> bool:
    """Whether a finding is the cause that the answer itself names: the answer is then among its proofs."""
    answered = any(row.label == "answer" and row.source == operation for row in item.evidence)
    return item.verdict == "fail" and answered and CODES[item.code].group != "us"
