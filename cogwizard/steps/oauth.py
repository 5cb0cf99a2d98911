"""Signing in at the OAuth endpoints, judged: by OAuth's error word, its text, and what pool and app client show.

The rules are those of the research, sections 6.4 to 6.6 ([D] documented, [V] recorded, [R] reported, [U] not known).
One word stands for several causes there; without the app client's facts it decides nothing.
"""

from dataclasses import replace

from cogwizard.intake.errortext import codes_of
from cogwizard.model.attempt import Attempt, Refusal
from cogwizard.model.client import AppClient
from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.read import Absent
from cogwizard.steps.oauth_facts import SAY, SECRETS, client_facts, pool_facts
from cogwizard.steps.ruling import Ruling, Stages, answer_evidence, blame, listed, message_of, settle

_DOMAIN = ("domain-missing",)
_ASKED = ("auth-url-wrong", "client-id-mismatch")
_AUTHORIZE = (
    "redirect-mismatch",
    "oauth-not-enabled",
    "grant-not-enabled",
    "scope-not-allowed",
    "login-page-unavailable",
)
_FORM = ("token-endpoint-405", "token-request-malformed")
_CREDENTIALS = (*SECRETS, "client-credentials-refused")
_OPENID = "openid-scope-missing"
# What the words that decide nothing may come from, in the order of the table; the facts choose.
_BY_WORD: dict[tuple[str, str], tuple[str, ...]] = {
    ("authorize", "unauthorized_client"): ("oauth-not-enabled", "grant-not-enabled"),  # 6.5 [D]
    # 6.6 [D]; a redirect_uri that is not the one of the authorize request [R] SO-50264679
    ("token", "unauthorized_client"): ("oauth-not-enabled", "grant-not-enabled", "redirect-mismatch"),
    ("token", "invalid_client"): ("client-id-mismatch", *_CREDENTIALS),  # 6.6 [D]
}


def stages(attempt: Attempt) -> Stages:
    """Return the checks of this flow in the order of the endpoints: domain, authorize, token request, code, openid.

    That a token request is refused by its form first, then by its client, then by what it asks for, is common sense:
    AWS documents no order.
    """
    if attempt.flow in ("browser", "implicit"):
        ends: Stages = (_FORM, _CREDENTIALS, ("code-invalid", "pkce-mismatch")) if attempt.flow == "browser" else ()
        return (_DOMAIN, _ASKED, _AUTHORIZE, *ends, (_OPENID,))
    client: Stages = (_DOMAIN, _FORM, ("client-id-mismatch", *_CREDENTIALS))
    if attempt.flow == "refresh":
        return (*client, ("oauth-not-enabled", "refresh-token-invalid", "token-revoked"))
    return (*client, ("oauth-not-enabled", "grant-not-enabled", "scope-not-allowed"), (_OPENID,))


def judge(attempt: Attempt) -> list[Finding]:
    """Return one finding for each check of a sign-in at the endpoints of the pool's domain. Pure; raises nothing."""
    order = stages(attempt)
    facts = {**pool_facts(attempt), **client_facts(attempt), **openid(attempt)}
    refusal = attempt.refusal
    if refusal is None:
        # The tokens prove all but openid: an ID token may be wanted, and none have come.
        last = len(order) - (_OPENID in order[-1])
        return settle(attempt, SAY, order, Ruling(facts, reached=last if attempt.tokens else None))
    if refusal.reason is not None:
        return settle(attempt, SAY, order, Ruling(facts))
    cause, possible = _cause(attempt, refusal, facts)
    return settle(attempt, SAY, order, Ruling(facts, cause, possible, reached=1))


def _cause(attempt: Attempt, refusal: Refusal, facts: dict[str, Finding]) -> tuple[Finding | None, tuple[str, ...]]:
    """Return the cause, or what it could be where nothing tells."""
    if refusal.status == 405:  # [V] AUTHJS-52
        return blame(SAY, "token-endpoint-405", refusal), ()
    if refusal.status == 403 and not refusal.error and "login pages" not in refusal.message.lower():
        return None, ("waf-block",)  # [U]: what AWS WAF answers here is not known
    endpoint = "token" if refusal.operation == "token" else "authorize"
    candidates = _BY_WORD.get((endpoint, refusal.error.lower()))
    codes = codes_of(refusal.error, refusal.message, "oauth-error") or ()
    if candidates and not (codes and codes[0] in ("oauth-not-enabled", "client-credentials-refused")):
        return _among(attempt, refusal, facts, candidates)
    if refusal.error.lower() == "invalid_grant":
        return _grant(attempt, refusal, facts, codes), ()
    if codes:
        return _named(attempt, refusal, facts, codes, endpoint), ()
    # 6.5 [U]: the page for an unknown app client has no known wording; the facts may tell.
    fact = (
        next((facts[code] for code in (*_ASKED, *_AUTHORIZE) if _fails(facts, code)), None)
        if endpoint == "authorize"
        else None
    )
    return (_proven(refusal, fact) if fact else None), ()


def _fails(facts: dict[str, Finding], code: str) -> bool:
    return code in facts and facts[code].verdict == "fail"


def _proven(refusal: Refusal, fact: Finding) -> Finding:
    """Return the fact as the cause, in its own words and with the answer as its first proof."""
    params = {**fact.params, "message": message_of(refusal)}
    return replace(fact, params=params, evidence=(answer_evidence(refusal), *fact.evidence))


def _among(
    attempt: Attempt, refusal: Refusal, facts: dict[str, Finding], candidates: tuple[str, ...]
) -> tuple[Finding | None, tuple[str, ...]]:
    proven = next((facts[code] for code in candidates if _fails(facts, code)), None)
    if proven is not None:
        return _proven(refusal, proven), ()
    if "client-credentials-refused" in candidates:
        return _credentials(attempt, refusal)
    if isinstance(attempt.client, AppClient):
        return None, ()  # all that could explain it is in order
    return None, tuple(code for code in candidates if any(code in stage for stage in stages(attempt)))


def _credentials(attempt: Attempt, refusal: Refusal) -> tuple[Finding | None, tuple[str, ...]]:
    code = "client-credentials-refused"
    client = attempt.client
    if isinstance(client, AppClient):
        if not client.has_secret:
            return None, ()
        if attempt.secret_known is False:
            seen = Evidence("client secret", "that of the app client", "another one", "DescribeUserPoolClient")
            return blame(SAY, code, refusal, "other-secret", seen), ()
        return blame(SAY, code, refusal), ()
    if "invalid_client_secret" in refusal.message.lower():
        # The description that was seen where a secret was missing or wrong [R]: the app client is there, and has one.
        return blame(SAY, code if attempt.secret_sent else "client-secret-not-sent", refusal), ()
    if attempt.secret_sent:
        return None, (code, "client-secret-superfluous", "client-id-mismatch")
    return None, ("client-secret-not-sent", "client-id-mismatch")


def _grant(attempt: Attempt, refusal: Refusal, facts: dict[str, Finding], codes: tuple[str, ...]) -> Finding | None:
    """6.6 [D]: a code that is used or older than 5 minutes, a refresh token that counts no longer, a wrong verifier."""
    if attempt.flow == "refresh":
        text = refusal.message.lower()
        return blame(SAY, "token-revoked" if "revoked" in text else "refresh-token-invalid", refusal)
    if _fails(facts, "oauth-not-enabled"):  # [R]
        return _proven(refusal, facts["oauth-not-enabled"])
    if attempt.flow != "browser":
        return None
    if codes and codes[0] == "pkce-mismatch":
        return blame(SAY, "pkce-mismatch", refusal)
    client = attempt.client
    if isinstance(client, AppClient) and not client.scopes:
        seen = Evidence("scopes", "at least one", "none", "AllowedOAuthScopes, DescribeUserPoolClient")
        return blame(SAY, "code-invalid", refusal, "no-scope", seen)
    return blame(SAY, "code-invalid", refusal)


def _named(
    attempt: Attempt, refusal: Refusal, facts: dict[str, Finding], codes: tuple[str, ...], endpoint: str
) -> Finding | None:
    code = codes[0]
    if code == "token-request-malformed" and endpoint == "authorize":
        code = "auth-url-wrong"
    if _fails(facts, code):
        return _proven(refusal, facts[code])
    known = isinstance(attempt.client, AppClient | Absent)
    if code in ("oauth-not-enabled", "redirect-mismatch") and known:
        # The text of one is reported for the other (letter case, trailing slash); what was read decides.
        for other in ("oauth-not-enabled", "redirect-mismatch", "grant-not-enabled"):
            if _fails(facts, other):
                return _proven(refusal, facts[other])
    if code in ("token-expired", "http-api", "throttled"):
        return None  # answers of other endpoints
    return blame(SAY, code, refusal)


def openid(attempt: Attempt) -> dict[str, Finding]:
    """Whether an ID token can come, where one is wanted: only with openid (6.1, 6.6 [D]), never for a machine [D]."""
    code, tokens = _OPENID, attempt.tokens
    if attempt.wanted != "id-token":
        return {code: SAY.skipped(code, "no-id-token-wanted")}
    if tokens is not None and tokens.id_token:
        return {code: SAY.passed(code)}
    if attempt.flow == "client-credentials":
        seen = Evidence("grants", "code", "client_credentials", "the request")
        return {code: SAY.failed(code, seen, variant="machine")}
    client = attempt.client
    asked = attempt.scopes or (client.scopes if isinstance(client, AppClient) else ())
    source = "the request" if attempt.scopes else "AllowedOAuthScopes, DescribeUserPoolClient"
    seen = Evidence("scopes", "openid", listed(asked), source)
    if tokens is not None or (asked and "openid" not in asked):
        return {code: SAY.failed(code, seen)}
    return {code: SAY.passed(code, seen)} if asked else {}
