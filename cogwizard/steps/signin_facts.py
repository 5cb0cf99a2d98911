"""What app client and user say of a sign-in by API, whatever was answered: pure findings, by code (research 7 [D])."""

from cogwizard.model.attempt import AUTH_FLOWS, Attempt
from cogwizard.model.client import ALLOWED_BY, AppClient, PoolUser
from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.inert import inert
from cogwizard.model.read import Absent, Unread
from cogwizard.steps.ruling import is_tried, listed, unread_findings
from cogwizard.steps.step import Say

SAY = Say("signin")
CLIENT = ("client-not-found",)
SECRET = ("secret-hash-missing", "secret-hash-wrong", "secret-hash-superfluous")
STATES = ("user-disabled", "user-not-confirmed", "password-reset-required", "temporary-password-expired")
# 7.5 [D]: what a status of AdminGetUser means for a sign-in with a password.
BY_STATUS = {"UNCONFIRMED": "user-not-confirmed", "RESET_REQUIRED": "password-reset-required"}
TEMPORARY = "FORCE_CHANGE_PASSWORD"


def client_facts(attempt: Attempt) -> dict[str, Finding]:
    """Return what DescribeUserPoolClient says of app client, secret and flow, by code; nothing where nobody asked."""
    client = attempt.client
    if isinstance(client, Unread):
        return {**unread_findings(SAY, (*CLIENT, *SECRET, "auth-flow-not-enabled"), client), **_sent(attempt)}
    if isinstance(client, Absent):
        seen = Evidence("app client", "exists", "does not exist", "DescribeUserPoolClient")
        client_id, pool = inert(attempt.client_id, 120), inert(attempt.user_pool_id or "?", 120)
        if attempt.flow == "admin":  # the only flow that names the pool as well
            return {CLIENT[0]: SAY.failed(CLIENT[0], seen, variant="not-in-pool", client=client_id, pool=pool)}
        return {CLIENT[0]: SAY.unknown(CLIENT[0], seen, variant="other-pool", client=client_id, pool=pool)}
    if client is None:
        return _sent(attempt)
    seen = Evidence("app client", "exists", "exists", "DescribeUserPoolClient")
    return {
        CLIENT[0]: SAY.passed(CLIENT[0], seen),
        **(_secret_facts(attempt, client) if is_tried(attempt) else {}),
        "auth-flow-not-enabled": _flow_fact(attempt, client),
    }


def _sent(attempt: Attempt) -> dict[str, Finding]:
    """Return what is known of the secret without the app client: what was sent is not missing, and the reverse."""
    missing, wrong, superfluous = SECRET
    if not is_tried(attempt):
        return {}
    if attempt.secret_sent:
        return {missing: SAY.passed(missing)}
    return {superfluous: SAY.passed(superfluous), wrong: SAY.skipped(wrong, "not-sent")}


def _secret_facts(attempt: Attempt, client: AppClient) -> dict[str, Finding]:
    missing, wrong, superfluous = SECRET
    held = "set" if client.has_secret else "none"
    seen = Evidence("client secret", held, "sent" if attempt.secret_sent else "not sent", "DescribeUserPoolClient")
    if not client.has_secret:
        return {
            missing: SAY.passed(missing, seen),
            wrong: SAY.skipped(wrong, "public-client"),
            superfluous: (SAY.failed if attempt.secret_sent else SAY.passed)(superfluous, seen),
        }
    if not attempt.secret_sent:
        return {
            missing: SAY.failed(missing, seen),
            wrong: SAY.skipped(wrong, "masked", by=missing),
            superfluous: SAY.passed(superfluous, seen),
        }
    return {missing: SAY.passed(missing, seen), superfluous: SAY.passed(superfluous, seen)}


def _flow_fact(attempt: Attempt, client: AppClient) -> Finding:
    name = AUTH_FLOWS.get(attempt.flow, "")
    code = "auth-flow-not-enabled"
    if attempt.flow == "refresh" and client.rotates_refresh_tokens:
        # 6.3 [D]: with rotation on, GetTokensFromRefreshToken takes the place of REFRESH_TOKEN_AUTH.
        return SAY.passed(code, Evidence("refresh token rotation", "enabled", "enabled", "DescribeUserPoolClient"))
    is_on = name in ALLOWED_BY and client.flow_for(name) is not None
    return (SAY.passed if is_on else SAY.failed)(code, flow_evidence(attempt, client))


def flow_evidence(attempt: Attempt, client: AppClient) -> Evidence:
    """Return what ExplicitAuthFlows must hold for the flow of an attempt, and what it holds."""
    wanted = next(iter(ALLOWED_BY.get(AUTH_FLOWS.get(attempt.flow, ""), ())), attempt.flow)
    held = "not set" if client.explicit_flows is None else listed(client.explicit_flows)
    return Evidence("authentication flows", wanted, held, "ExplicitAuthFlows, DescribeUserPoolClient")


def user_facts(attempt: Attempt) -> dict[str, Finding]:
    """Return what AdminGetUser says of the user, by code; nothing where nobody asked."""
    user, tokens = attempt.user, attempt.tokens
    if isinstance(user, Unread):
        codes = ("user-disabled",) if attempt.flow == "refresh" else ("wrong-credentials", *STATES)
        return unread_findings(SAY, codes, user)
    if isinstance(user, Absent) and not tokens:
        seen = Evidence("user", "exists", "does not exist", "AdminGetUser")
        return {
            "wrong-credentials": SAY.failed("wrong-credentials", seen, variant="no-user"),
            **{code: SAY.skipped(code, "masked", by="wrong-credentials") for code in STATES},
        }
    if not isinstance(user, PoolUser):
        return {}
    switch = Evidence("user", "enabled", "enabled" if user.enabled else "disabled", "AdminGetUser")
    facts = {"user-disabled": (SAY.passed if user.enabled else SAY.failed)("user-disabled", switch)}
    for status, code in BY_STATUS.items():
        seen = status_evidence(user)
        facts[code] = (SAY.failed if user.status == status else SAY.passed)(code, seen)
    if user.status != TEMPORARY:
        facts["temporary-password-expired"] = SAY.passed("temporary-password-expired", status_evidence(user))
    return facts


def status_evidence(user: PoolUser) -> Evidence:
    """Return the status of a user."""
    return Evidence("user status", "CONFIRMED", inert(user.status, 60), "AdminGetUser")
