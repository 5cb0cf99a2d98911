"""Signing in by API, judged: which check of Cognito refused, by the error's type, its text, and what was read.

The rules are those of the research, sections 7.1 to 7.6 ([D] documented, [R] reported, [R*] common knowledge without a
source). The texts stand in one table, `cogwizard.intake.errortable`.
"""

from collections.abc import Callable
from dataclasses import replace

from cogwizard.intake.errortext import codes_of
from cogwizard.model.attempt import AUTH_FLOWS, Attempt, Refusal
from cogwizard.model.client import AppClient, PoolUser
from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.inert import inert
from cogwizard.model.pool import PasswordPolicy, Pool, home_region
from cogwizard.model.read import Absent
from cogwizard.steps.ruling import Ruling, Stages, blame, settle
from cogwizard.steps.signin_facts import (
    BY_STATUS,
    CLIENT,
    SAY,
    SECRET,
    STATES,
    TEMPORARY,
    client_facts,
    flow_evidence,
    status_evidence,
    user_facts,
)

_CHALLENGE = ("session-expired", "mfa-code-wrong", "password-policy")
_UNANSWERED = "challenge-not-completed"


def stages(attempt: Attempt) -> Stages:
    """Return the checks of this flow in Cognito's order: firewall, app client, secret and flow, user, challenges.

    A challenge comes only after the password was accepted [D]; that an unknown client is refused first, then a secret,
    then a flow that is off, follows from the texts of 7.2 [R].
    """
    first = (("waf-block",), CLIENT, (*SECRET, "auth-flow-not-enabled"))
    if attempt.flow == "refresh":
        return (*first, ("token-revoked", "refresh-token-invalid", "user-disabled", "trigger-refused"))
    users = ("wrong-credentials", "attempts-exceeded", *STATES, "trigger-refused")
    return (*first, users, _CHALLENGE, (_UNANSWERED,))


def judge(attempt: Attempt) -> list[Finding]:
    """Return one finding for each check of a sign-in by API. Pure; raises nothing."""
    order = stages(attempt)
    facts = {**client_facts(attempt), **user_facts(attempt)}
    refusal = attempt.refusal
    if refusal is not None and refusal.reason is None:
        codes = codes_of(refusal.error, refusal.message, "cognito-error") or ()
        cause = _cause(attempt, refusal, codes[0]) if codes else None
        if cause is not None:
            facts |= _beside(cause, codes[0])
        ruling = Ruling(facts, cause)
    elif refusal is None and attempt.challenge:
        seen = Evidence("challenge", "tokens", attempt.challenge, "ChallengeName")
        cause = SAY.failed(_UNANSWERED, seen, variant="proven", message=inert(attempt.challenge, 80))
        ruling = Ruling(facts | {code: SAY.skipped(code, "no-challenge") for code in _CHALLENGE}, cause)
    elif refusal is None and attempt.tokens:
        facts |= {code: SAY.skipped(code, "no-challenge") for code in _CHALLENGE}
        ruling = Ruling(facts, reached=len(order))
    else:
        ruling = Ruling(facts)
    return settle(attempt, SAY, order, ruling)


# -- what was answered ---------------------------------------------------------------------------------------------


def _cause(attempt: Attempt, refusal: Refusal, code: str) -> Finding | None:
    if code == "throttled":  # a quota of the account [D]: group *us*, see `cogwizard.steps.attempt`
        return None
    rule = _RULES.get(code)
    if rule is not None:
        return rule(attempt, refusal)
    return _plain(code, refusal)


def _plain(code: str, refusal: Refusal, variant: str | None = None, *more: Evidence) -> Finding:
    return blame(SAY, code, refusal, variant, *more)


def _secret(attempt: Attempt, refusal: Refusal) -> Finding:
    """7.2 [R] LAC-26, AMP-277: one text for a wrong secret, a wrong user name in the hash, and, formerly, no hash."""
    missing, wrong, superfluous = SECRET
    if not attempt.secret_sent:
        return _plain(missing, refusal, "proven")
    if isinstance(attempt.client, AppClient) and not attempt.client.has_secret:
        return _plain(superfluous, refusal, "proven")
    if attempt.secret_known is False:
        seen = Evidence("client secret", "that of the app client", "another one", "DescribeUserPoolClient")
        return _plain(wrong, refusal, "other-secret", seen)
    if attempt.secret_known:
        # 7.1 [R*]: the hash holds the user name that Cognito knows; when refreshing, no alias [R].
        seen = Evidence("client secret", "that of the app client", "the same", "DescribeUserPoolClient")
        return _plain(wrong, refusal, "refresh-name" if attempt.flow == "refresh" else "other-name", seen)
    return _plain(wrong, refusal)


def _flow(attempt: Attempt, refusal: Refusal) -> Finding:
    code = "auth-flow-not-enabled"
    if "method not supported" in refusal.message.lower():  # [V] MOTO-4836
        return _plain(code, refusal, "admin-call")
    client = attempt.client
    if not isinstance(client, AppClient):
        return _plain(code, refusal)
    if attempt.flow == "refresh" and client.rotates_refresh_tokens:
        seen = Evidence("refresh token rotation", "disabled", "enabled", "DescribeUserPoolClient")
        return _plain(code, refusal, "rotation", seen)
    is_on = client.flow_for(AUTH_FLOWS[attempt.flow]) is not None if attempt.flow in AUTH_FLOWS else False
    return _plain(code, refusal, "other-client" if is_on else None, flow_evidence(attempt, client))


def _client(attempt: Attempt, refusal: Refusal) -> Finding:
    """7.2 [R]: a wrong client id or a wrong region. A pool's id begins with its region [D]."""
    home = home_region(attempt.user_pool_id)
    if home and home != attempt.region:
        seen = Evidence("region", inert(home, 60), inert(attempt.region, 60), "the user pool's id")
        return _plain(CLIENT[0], refusal, "other-region", seen)
    seen = Evidence("region", "that of the user pool", inert(attempt.region, 60), "the request")
    return _plain(CLIENT[0], refusal, None, seen)


def _pool(attempt: Attempt, refusal: Refusal) -> Finding:
    seen = Evidence("user pool", "exists", "does not exist", refusal.operation)
    found = _plain("pool-not-found", refusal, "signin", seen)
    place = {"pool": inert(attempt.user_pool_id or "?", 120), "region": inert(attempt.region, 60)}
    return replace(found, params={**found.params, **place})


def _credentials(attempt: Attempt, refusal: Refusal) -> Finding:
    """7.2 [R] AMP-9399: unknown users and other states may be answered like a wrong password."""
    code, user = "wrong-credentials", attempt.user
    if isinstance(user, Absent) or refusal.error == "UserNotFoundException":  # [D] BOTO
        source = "AdminGetUser" if isinstance(user, Absent) else refusal.operation
        return _plain(code, refusal, "no-user", Evidence("user", "exists", "does not exist", source))
    if not isinstance(user, PoolUser):
        return _plain(code, refusal)
    hidden = None if user.enabled else "user-disabled"
    hidden = hidden or BY_STATUS.get(user.status)
    if hidden:
        fact = user_facts(attempt)[hidden]
        return _plain(hidden, refusal, "hidden", *fact.evidence)
    if user.status == "EXTERNAL_PROVIDER":  # [R*]: such a user signs in at the identity provider
        return _plain(code, refusal, "federated", status_evidence(user))
    if user.status == TEMPORARY:
        return _plain(code, refusal, "temporary", status_evidence(user))
    return _plain(code, refusal, "password", status_evidence(user))


def _code(_attempt: Attempt, refusal: Refusal) -> Finding:
    used = "already been used" in refusal.message.lower()  # [R]: a code of an authenticator app counts once
    return _plain("mfa-code-wrong", refusal, "used" if used else None)


def _session(attempt: Attempt, refusal: Refusal) -> Finding:
    if "only be used once" in refusal.message.lower():  # [R]
        return _plain("session-expired", refusal, "used")
    if not isinstance(attempt.client, AppClient):
        return _plain("session-expired", refusal)
    minutes = f"{attempt.client.session_minutes} min"
    seen = Evidence("session", minutes, "over", "AuthSessionValidity, DescribeUserPoolClient")
    return _plain("session-expired", refusal, None, seen)


def _policy(attempt: Attempt, refusal: Refusal) -> Finding:
    if refusal.error == "PasswordHistoryPolicyViolationException":  # [D]
        return _plain("password-policy", refusal, "history")
    policy = attempt.pool.password_policy if isinstance(attempt.pool, Pool) else None
    if policy is None:
        return _plain("password-policy", refusal)
    seen = Evidence("password policy", policy_words(policy), "refused", "DescribeUserPool")
    return _plain("password-policy", refusal, None, seen)


def policy_words(policy: PasswordPolicy) -> str:
    """Return a password policy as a cell of evidence: `at least 8 characters, one upper, one number`."""
    return ", ".join([f"at least {policy.length} characters", *(f"one {kind}" for kind in policy.kinds)])


def _refresh(_attempt: Attempt, refusal: Refusal) -> Finding:
    code, text = "refresh-token-invalid", refusal.message.lower()
    if refusal.error == "RefreshTokenReuseException":  # 6.3 [D]
        return _plain(code, refusal, "reused")
    if "expired" in text:  # [R*]
        return _plain(code, refusal, "expired")
    return _plain(code, refusal)


_RULES: dict[str, Callable[[Attempt, Refusal], Finding]] = {
    "secret-hash-wrong": _secret,
    "auth-flow-not-enabled": _flow,
    "client-not-found": _client,
    "pool-not-found": _pool,
    "wrong-credentials": _credentials,
    "mfa-code-wrong": _code,
    "session-expired": _session,
    "password-policy": _policy,
    "refresh-token-invalid": _refresh,
    "waf-block": lambda _attempt, refusal: _plain("waf-block", refusal, "signin"),  # [D] BOTO
}


def _beside(cause: Finding, read: str) -> dict[str, Finding]:
    """Return what the answer says of the checks beside its cause. `read`: the code that its text alone stands for."""
    beside: dict[str, Finding] = {}
    if cause.code in _CHALLENGE:
        beside = {code: SAY.skipped(code, "masked", by=cause.code) for code in _CHALLENGE if code != cause.code}
    if read == "wrong-credentials":
        if cause.code != read:
            beside[read] = SAY.unknown(read, variant="hidden", by=cause.code)
        elif cause.variant != "no-user":
            # JSSDK-4642 [R]: a lock may be answered with the text of a wrong password.
            beside["attempts-exceeded"] = SAY.unknown("attempts-exceeded", variant="may-hide")
    if cause.code in ("secret-hash-missing", "secret-hash-superfluous"):
        beside |= {code: SAY.skipped(code, "masked", by=cause.code) for code in SECRET if code != cause.code}
    return beside
