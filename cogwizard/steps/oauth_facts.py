"""What pool and app client say of a sign-in at the OAuth endpoints, whatever was answered: pure findings, by code."""

from difflib import SequenceMatcher

from cogwizard.intake.url import redact_url
from cogwizard.model.attempt import GRANTS, Attempt
from cogwizard.model.client import AppClient, is_secret, shown_id
from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.inert import inert
from cogwizard.model.pool import Pool
from cogwizard.model.read import Absent, Unread
from cogwizard.steps.ruling import is_tried, listed, unread_findings
from cogwizard.steps.step import Say

SAY = Say("oauth")
SECRETS = ("client-secret-not-sent", "client-secret-superfluous")
_OF_CLIENT = (
    "client-id-mismatch",
    "redirect-mismatch",
    "oauth-not-enabled",
    "grant-not-enabled",
    "scope-not-allowed",
    *SECRETS,
    "client-credentials-refused",
)
_CLIENT = "DescribeUserPoolClient"
_LONGEST = 200  # characters of a callback URL in a sentence


def pool_facts(attempt: Attempt) -> dict[str, Finding]:
    """Return what DescribeUserPool says: without a domain there are no OAuth endpoints (research 6.4 [D])."""
    pool, code = attempt.pool, "domain-missing"
    if isinstance(pool, Unread):
        return unread_findings(SAY, (code,), pool)
    if not isinstance(pool, Pool):
        return {}
    held = [inert(name, 120) for name in (pool.domain, pool.custom_domain) if name]
    seen = Evidence("domain", "at least one", ", ".join(held) or "none", "DescribeUserPool")
    return {code: (SAY.passed if held else SAY.failed)(code, seen)}


def client_facts(attempt: Attempt) -> dict[str, Finding]:
    """Return what DescribeUserPoolClient says of the request, by code; nothing where nobody asked."""
    client = attempt.client
    if isinstance(client, Unread):
        return {**unread_findings(SAY, _OF_CLIENT, client), **_sent(attempt)}
    if isinstance(client, Absent):
        code = "client-id-mismatch"
        known = {"client": shown_id(attempt.client_id), "pool": inert(attempt.user_pool_id or "?", 120)}
        seen = Evidence("app client", "exists", "does not exist", _CLIENT)
        rest = {name: SAY.skipped(name, "masked", by=code) for name in _OF_CLIENT if name != code}
        return {code: SAY.failed(code, seen, variant="not-in-pool", **known), **rest}
    if client is None:
        return _sent(attempt)
    return {
        "client-id-mismatch": SAY.passed("client-id-mismatch", Evidence("app client", "exists", "exists", _CLIENT)),
        **(_secret(attempt, client) if is_tried(attempt) else {}),
        **grants(attempt, client),
        "redirect-mismatch": redirect(attempt, client),
        "scope-not-allowed": scopes(attempt, client),
    }


def _sent(attempt: Attempt) -> dict[str, Finding]:
    """Return what is known of the secret without the app client: what was sent is not missing, and the reverse."""
    missing, superfluous = SECRETS
    if attempt.flow == "implicit" or not is_tried(attempt):
        return {}
    if attempt.secret_sent:
        return {missing: SAY.passed(missing)}
    refused = "client-credentials-refused"
    return {superfluous: SAY.passed(superfluous), refused: SAY.skipped(refused, "not-sent")}


def _secret(attempt: Attempt, client: AppClient) -> dict[str, Finding]:
    """6.4 and 6.6 [D]: a confidential client sends its secret with each token request, a public one never."""
    if attempt.flow == "implicit":
        return {}
    missing, superfluous = SECRETS
    held = "set" if client.has_secret else "none"
    seen = Evidence("client secret", held, "sent" if attempt.secret_sent else "not sent", _CLIENT)
    is_missing = client.has_secret and not attempt.secret_sent
    is_superfluous = attempt.secret_sent and not client.has_secret
    found = {
        missing: (SAY.failed if is_missing else SAY.passed)(missing, seen),
        superfluous: (SAY.failed if is_superfluous else SAY.passed)(superfluous, seen),
    }
    if not client.has_secret:
        found["client-credentials-refused"] = SAY.skipped("client-credentials-refused", "public-client")
    return found


def grants(attempt: Attempt, client: AppClient) -> dict[str, Finding]:
    """6.5, 6.6 [D]: unless AllowedOAuthFlowsUserPoolClient is true no grant counts. Refreshing needs no grant."""
    switch, listed_code = "oauth-not-enabled", "grant-not-enabled"
    state = "enabled" if client.oauth_enabled else "disabled"
    seen = Evidence("OAuth", "enabled", state, f"AllowedOAuthFlowsUserPoolClient, {_CLIENT}")
    found = {switch: (SAY.passed if client.oauth_enabled else SAY.failed)(switch, seen)}
    grant = GRANTS.get(attempt.flow)
    if grant is None:
        return found
    held = Evidence("grants", grant, listed(client.grants), f"AllowedOAuthFlows, {_CLIENT}")
    if grant in client.grants:
        found[listed_code] = SAY.passed(listed_code, held)
    else:
        # 7.4 [D]: client credentials exclude the other grants on the same app client.
        variant = "machine" if grant == "client_credentials" and client.grants else "fail"
        found[listed_code] = SAY.failed(listed_code, held, variant=variant)
    return found


def redirect(attempt: Attempt, client: AppClient) -> Finding:
    """Compare the callback URL with those registered, character by character (6.4 [D])."""
    code, sent = "redirect-mismatch", attempt.redirect_uri
    source = f"CallbackURLs, {_CLIENT}"
    if sent is None:
        return SAY.unknown(code, variant="not-tried")
    if sent in client.callback_urls:
        return SAY.passed(code, Evidence("callback URL", shown_url(sent), shown_url(sent), source))
    if not client.callback_urls:
        return SAY.failed(code, Evidence("callback URL", "none", shown_url(sent), source), variant="none-registered")
    nearest = max(client.callback_urls, key=lambda url: _likeness(url, sent))
    at = _shared(nearest, sent)
    known = {"sent": shown_url(sent), "registered": shown_url(nearest), "place": str(at + 1)}
    seen = Evidence("callback URL", known["registered"], known["sent"], source)
    if at == len(nearest):
        return SAY.failed(code, seen, variant="too-long", rest=_rest(sent, at), **known)
    if at == len(sent):
        return SAY.failed(code, seen, variant="too-short", rest=_rest(nearest, at), **known)
    return SAY.failed(code, seen, variant="differs", mine=inert(sent[at]), theirs=inert(nearest[at]), **known)


def shown_url(url: str) -> str:
    """Return an address that somebody entered as it may be shown: a pasted one may bring a code, tokens, a password."""
    if is_secret(url):
        return shown_id(url)
    return inert(url if is_open(url) else redact_url(url), _LONGEST)


def is_open(url: str) -> bool:
    """Whether an address holds nothing that may not be shown; blanks at its ends count, for they are sent."""
    return redact_url(url) == inert(url.strip(" \t\r\n"), len(url))


def _rest(url: str, at: int) -> str:
    return inert(url[at:], 80) if is_open(url) else "..."


def _likeness(one: str, other: str) -> float:
    """Return how alike two URLs are, from 0 to 1."""
    return SequenceMatcher(None, one[:_LONGEST], other[:_LONGEST], autojunk=False).ratio()


def _shared(one: str, other: str) -> int:
    """Return how many characters two texts begin with in common."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, pair in pairs if pair[0] != pair[1]), min(len(one), len(other)))


def scopes(attempt: Attempt, client: AppClient) -> Finding:
    """Compare the scopes that were asked for with those of the app client (6.5 [D], 6.6 [R])."""
    code = "scope-not-allowed"
    machine = attempt.flow == "client-credentials"
    refused = [scope for scope in attempt.scopes if scope not in client.scopes]
    source = f"AllowedOAuthScopes, {_CLIENT}"
    if refused:
        seen = Evidence("scopes", listed(client.scopes), listed(attempt.scopes), source)
        return SAY.failed(code, seen, variant="named", scopes=listed(refused))
    plain = [scope for scope in attempt.scopes if "/" not in scope]
    if machine and plain:  # 6.1 [D]: client credentials give custom scopes only; the refusal itself is reported
        custom = [scope for scope in client.scopes if "/" in scope]
        seen = Evidence("scopes", listed(custom), listed(attempt.scopes), source)
        return SAY.failed(code, seen, variant="machine", scopes=listed(plain))
    return SAY.passed(code, Evidence("scopes", listed(client.scopes), listed(attempt.scopes), source))
