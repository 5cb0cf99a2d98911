"""The report of a sign-in (interface, section 3): members as in every report, null where API Gateway has no part."""

import json
from collections.abc import Sequence

from cogwizard.intake.mask import told
from cogwizard.model.attempt import AUTH_FLOWS, GRANTS, Attempt, Flow
from cogwizard.model.client import ALLOWED_BY, DEFAULT_FLOWS, AppClient
from cogwizard.model.finding import Finding
from cogwizard.model.inert import inert
from cogwizard.model.pool import Pool, home_region
from cogwizard.report.document import SCHEMA, Document, show_finding, show_unread
from cogwizard.report.redaction import show_url
from cogwizard.steps.attempt import is_oauth, outcome, reads
from cogwizard.steps.ruling import is_tried
from cogwizard.text import Texts

_FIRST = {"admin": "AdminInitiateAuth", "browser": "authorize", "implicit": "authorize", "client-credentials": "token"}
_PATHS = {"authorize": "/oauth2/authorize", "token": "/oauth2/token"}
# 7.4 [D]: newer and legacy names never stand in one list.
_NEWER = {
    "USER_PASSWORD_AUTH": ("ALLOW_USER_PASSWORD_AUTH",),
    "ADMIN_NO_SRP_AUTH": ("ALLOW_ADMIN_USER_PASSWORD_AUTH",),
    "CUSTOM_AUTH_FLOW_ONLY": ("ALLOW_CUSTOM_AUTH",),
}


def build(attempt: Attempt, findings: Sequence[Finding], texts: Texts, url: str | None = None) -> Document:
    """Return the report of a sign-in as JSON-ready data; holds no secret and no active character.

    `findings`: those of `steps.attempt.judge`, whose fails stand in the order of causes. `url`: the endpoint that was
    asked, where that is not the pool's own domain.
    """
    ids = known_ids(attempt)
    fails = [item.code for item in findings if item.verdict == "fail" and item.explained_by is None]
    return {
        "schema": SCHEMA,
        "outcome": outcome(attempt, list(findings)),
        "causes": list(dict.fromkeys(fails)),
        "request": _request(attempt, url),
        "observed": _observed(attempt),
        "predicted": {"deployed": None, "draft": None, "after_fixes": None},
        "findings": [show_finding(item, texts, ids) for item in findings],
        "unread": show_unread(reads(attempt), findings),
    }


def known_ids(attempt: Attempt) -> dict[str, str | None]:
    """Return what the commands of the remedies are filled with; what is not safe in a command stays a placeholder."""
    client = attempt.client if isinstance(attempt.client, AppClient) else None
    flows = auth_flows_with(attempt.flow, client)
    shown = json.dumps(flows) if flows else None
    wanted = [scope for scope in (*attempt.wanted_scopes, *attempt.scopes) if not client or scope not in client.scopes]
    return {
        "region": home_region(attempt.user_pool_id) or attempt.region,  # commands run where the pool is
        "user_pool_id": attempt.user_pool_id,
        "client_id": attempt.client_id,
        "scope": next(iter(wanted), None),
        "auth_flows": shown,
        "auth_flow_list": shown,
        "redirect_uris": json.dumps([attempt.redirect_uri]) if attempt.redirect_uri else None,
        "grant": GRANTS.get(attempt.flow),
    }


def auth_flows_with(flow: Flow, client: AppClient | None) -> list[str]:
    """Return the whole list that ExplicitAuthFlows must be set to, so that `flow` is on and nothing goes off.

    Empty where the app client is not known: an update replaces the list (7.4 [D]), and a guess would switch flows off.
    """
    name = AUTH_FLOWS.get(flow)
    if client is None or name is None:
        return []
    held = DEFAULT_FLOWS if not client.explicit_flows else client.explicit_flows
    is_legacy = not any(item.startswith("ALLOW_") for item in held)
    flows = {newer for item in held for newer in _NEWER.get(item, (item,))}
    if is_legacy:  # it allowed these without naming them
        flows |= {ALLOWED_BY[item][0] for item in ("USER_SRP_AUTH", "REFRESH_TOKEN_AUTH") if client.allows(item)}
    return sorted(flows | {ALLOWED_BY[name][0]})


def _request(attempt: Attempt, url: str | None) -> Document:
    operation = attempt.refusal.operation if attempt.refusal else _FIRST.get(attempt.flow, "InitiateAuth")
    operation = inert(operation, 80)
    return {
        "method": "GET" if operation == "authorize" else "POST",
        "url": show_url(url) if url else _url(attempt, operation),
        "headers": [],
        "rest_api_id": None,
        "stage": None,
        "resource": None,
        "region": told(attempt.region, 60),
        "flow": attempt.flow,
        "operation": operation,
        "user_pool_id": told(attempt.user_pool_id, 120) if attempt.user_pool_id else None,
        "client_id": told(attempt.client_id, 120),
        "tried": is_tried(attempt),
    }


def _url(attempt: Attempt, operation: str) -> str:
    """Return the endpoint as AWS has it (6.4 [D]), or the operation of the API."""
    if not is_oauth(attempt):
        return f"cognito-idp:{operation}"
    pool = attempt.pool if isinstance(attempt.pool, Pool) else None
    path = _PATHS.get(operation, "")
    if pool and pool.custom_domain:
        return show_url(f"https://{inert(pool.custom_domain, 200)}{path}")
    if pool and pool.domain:
        return show_url(f"https://{inert(pool.domain, 120)}.auth.{inert(attempt.region, 60)}.amazoncognito.com{path}")
    return path


def _observed(attempt: Attempt) -> Document | None:
    refusal = attempt.refusal
    if refusal is None:
        if not attempt.challenge:
            return None
        return {"status": 200, "error_type": inert(attempt.challenge, 80), "message": None, "gate": None}
    if refusal.reason is not None and not refusal.status:
        return None
    return {
        "status": refusal.status,
        "error_type": told(refusal.error, 120) if refusal.error else None,
        "message": told(refusal.message, 500) if refusal.message else None,
        "gate": None,
    }
