"""The report of a Postman set-up (interface, section 3): members as in every report, and the checklist line by line."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from cogwizard.intake.mask import told
from cogwizard.model.attempt import GRANTS as OAUTH_GRANTS
from cogwizard.model.attempt import Refusal
from cogwizard.model.client import AppClient, is_secret, shown_id
from cogwizard.model.collection import Collection
from cogwizard.model.finding import Finding
from cogwizard.model.inert import fingerprint, scrub
from cogwizard.model.postman import CALLBACKS, FIELDS, FLOWS, Entry, Setup
from cogwizard.model.read import Unread
from cogwizard.report.document import SCHEMA, Document, show_finding, show_unread
from cogwizard.report.redaction import show_url
from cogwizard.steps import POSTMAN
from cogwizard.steps.checklist import causes, outcome, reads
from cogwizard.steps.oauth_facts import is_open
from cogwizard.steps.postman import PostmanStep
from cogwizard.steps.postman_app import PostmanAppStep
from cogwizard.steps.postman_values import app_of, callback_of, entries, grant_of, scopes_of
from cogwizard.text import Texts

_WORST = ("fail", "warn", "unknown", "pass", "skipped")


def build(setup: Setup, findings: Sequence[Finding], texts: Texts) -> Document:
    """Return the report of a checklist as JSON-ready data; holds no secret and no active character."""
    return {
        **envelope(setup, findings, texts),
        "checklist": [_line(step, setup, findings, texts) for step in POSTMAN],
    }


def envelope(
    setup: Setup, findings: Sequence[Finding], texts: Texts, unread: Iterable[Unread] | None = None
) -> Document:
    """Return the members that every report has. `unread`: the reads that gave nothing, where there are several
    set-ups."""
    ids = known_ids(setup)
    return {
        "schema": SCHEMA,
        "outcome": outcome(findings, offline=setup.offline),
        "causes": causes(findings),
        "request": _request(setup),
        "observed": None,
        "predicted": {"deployed": None, "draft": None, "after_fixes": None},
        "findings": [show_finding(item, texts, ids) for item in findings],
        "unread": show_unread(reads(setup) if unread is None else unread, findings),
    }


def build_file(
    setup: Setup, findings: Sequence[Finding], unread: Iterable[Unread], collection: Collection, texts: Texts
) -> Document:
    """Return the report of a file as JSON-ready data; holds no secret and no active character."""
    shown = envelope(setup, findings, texts, unread)
    if not any(auth.type == "oauth2" for auth in collection.auths):
        shown["request"] |= {"grant_type": None, "postman": None}  # no tab says so
    return {
        **shown,
        "collection": {
            "name": told(collection.name, 200),
            "version": collection.version,
            "requests": len(collection.requests) + collection.requests_left_out,
            "left_out": collection.requests_left_out,
            "auths": len(collection.auths),
        },
    }


def known_ids(setup: Setup) -> dict[str, str | None]:
    """Return what the commands of the remedies are filled with; what is not safe in a command stays a placeholder."""
    client = setup.client if isinstance(setup.client, AppClient) else None
    refused = [scope for scope in scopes_of(setup) if client is None or scope not in client.scopes]
    sent = callback_of(setup)
    # Postman's own three go in together: which Postman is used changes from one colleague to the next.
    is_own = not sent or sent in CALLBACKS.values()
    return {
        "region": setup.pool_region,
        "user_pool_id": setup.pool_id,
        "client_id": None if is_secret(setup.asked_client or "") else setup.asked_client,
        "scope": next((scope for scope in (*refused, *setup.needs.scopes) if _is_plain(scope)), None),
        "redirect_uris": None if is_own or not is_open(sent) else json.dumps([sent]),
        "grant": OAUTH_GRANTS[FLOWS[grant]] if (grant := grant_of(setup)) in FLOWS else None,
        "identity_header": setup.needs.header,
        "url": setup.needs.url,
        "method": setup.needs.method,
    }


def _is_plain(text: str) -> bool:
    return scrub(text) == text and not is_secret(text)


def shown_value(entry: Entry) -> str | None:
    """Return an entry's value as it may be shown: a secret as its kind and fingerprint."""
    if entry.value is None:
        return None
    if entry.is_secret:
        return f"secret {fingerprint(entry.value)}"
    words = (entry.shown or "").split(" ")
    return told(" ".join(shown_id(word) if is_secret(word) else word for word in words), 1000)


def _line(step: PostmanStep, setup: Setup, findings: Sequence[Finding], texts: Texts) -> dict[str, Any]:
    verdicts = {item.verdict for item in findings if item.step == step.id}
    title = texts.label(f"step {step.id}")
    if step.id == PostmanAppStep.id:  # no field of the tab says it
        title = f"{title}: {texts.screen('postman', f'app {app_of(setup)}')}"
    return {
        "step": step.id,
        "title": title,
        "verdict": next((verdict for verdict in _WORST if verdict in verdicts), "pass"),
        "place": texts.screen("postman", f"place {step.id}"),
        "entries": [
            {"key": item.key, "field": FIELDS[item.key], "value": shown_value(item), "secret": item.is_secret}
            for item in entries(setup, step.keys)
            if item.key in FIELDS
        ],
        "has": [
            {"label": texts.label(row.label), "value": row.actual, "source": row.source} for row in step.has(setup)
        ],
        "note": texts.screen("postman", f"note {step.id}"),
    }


def _request(setup: Setup) -> Document:
    return {
        "method": told(setup.needs.method, 20),
        "url": show_url(setup.needs.url) if setup.needs.url else None,
        "headers": [],
        "rest_api_id": None,
        "stage": None,
        "resource": None,
        "region": told(setup.pool_region, 60) if setup.pool_region else None,
        "user_pool_id": told(setup.pool_id, 120) if setup.pool_id else None,
        "client_id": shown_id(setup.asked_client) if setup.asked_client else None,
        "postman": app_of(setup),
        "grant_type": told(grant_of(setup), 60),
        "wanted": setup.needs.kind,
        "probed": {name: _answer(refusal) for name, refusal in setup.answers.items()},
    }


def _answer(refusal: Refusal | None) -> str:
    """Return what an endpoint answered, "taken" where it took the request; a 405 has no text at all (6.6 [V])."""
    return "taken" if refusal is None else told(refusal.error, 120) or f"HTTP {refusal.status}"
