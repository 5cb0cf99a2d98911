"""The report as the interface defines it (section 3): the one document that every renderer reads."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from cogwizard.intake.mask import told
from cogwizard.intake.url import redact_url
from cogwizard.judgement import Judgement
from cogwizard.model.api import Authorizer
from cogwizard.model.case import Case
from cogwizard.model.finding import Finding
from cogwizard.model.inert import inert
from cogwizard.model.pool import PoolArn, read_arn
from cogwizard.model.read import Unread, partition_of
from cogwizard.model.route import Route
from cogwizard.report import logs
from cogwizard.report.redaction import hide_echo, show_headers, show_method, show_url, shown_call
from cogwizard.text import Texts

SCHEMA = "cogwizard/report@1"
Document = dict[str, Any]
# Unknown for want of a look: nothing says that there is anything to mend.
_NOT_LOOKED_AT = ("unread", "not-said", "not-tried", "not-named", "no-call", "not-guarded")


def build(judgement: Judgement, texts: Texts) -> Document:
    """Return the report of a judgement as JSON-ready data. Holds no secret and no active character."""
    case = judgement.case
    ids = known_ids(case)
    found = logs.build(case)
    return {
        "schema": SCHEMA,
        "outcome": judgement.outcome,
        "causes": list(judgement.causes),
        "request": _request(case),
        "observed": _observed(judgement),
        "predicted": asdict(judgement.predicted),
        "findings": [show_finding(item, texts, ids) for item in judgement.findings],
        "unread": [
            {
                "action": hidden.unread.read.action,
                "permission": _permission(hidden.unread.read.permission or "", case) or None,
                "error": inert(hidden.unread.error, 120),
                "reason": hidden.unread.reason,
                "hides": list(hidden.hides),
            }
            for hidden in judgement.unread
        ],
        **({"logs": found} if found else {}),
    }


def _request(case: Case) -> Document:
    call, place = shown_call(case), case.place
    route = case.seen_as("deployed").route
    if not isinstance(route, Route):
        route = case.seen_as("draft").route
    return {
        "method": show_method(call.method),
        "url": show_url(call.url),
        "headers": show_headers(call, _identity(case)),
        "rest_api_id": told(place.rest_api_id, 200) if place.rest_api_id else None,
        "stage": told(place.stage, 200) if place.stage else None,
        "resource": told(route.resource) if isinstance(route, Route) else None,
        "region": told(region, 60) if (region := case.api_region) else None,
    }


def _permission(text: str, case: Case) -> str:
    """Return the ARN of a read as it may be shown: API and stage are what was pasted."""
    for name in filter(None, (case.place.stage, case.place.rest_api_id)):
        if (shown := told(name, 200)) != name:
            text = text.replace(name, shown)
    return told(text)


def _identity(case: Case) -> str:
    return case.seen_as("deployed").identity_header or case.seen_as("draft").identity_header or ""


def _observed(judgement: Judgement) -> Document | None:
    case = judgement.case
    answer, reading = case.observed, judgement.reading
    if answer is None or reading is None:
        return None
    return {
        "status": answer.status,
        "error_type": told(reading.error_type, 120) if reading.error_type else None,
        "message": hide_echo(reading.message, shown_call(case), _identity(case))
        if reading.message is not None
        else None,
        "gate": judgement.observed_gate,
    }


def show_finding(finding: Finding, texts: Texts, ids: Mapping[str, str | None]) -> Document:
    """Return a finding as it stands in the report; `ids` fill the commands of its remedies (`known_ids`)."""
    is_open = finding.verdict == "unknown" and finding.variant not in _NOT_LOOKED_AT
    mends = finding.verdict in ("fail", "warn") or is_open
    return {
        "code": finding.code,
        "step": finding.step,
        "verdict": finding.verdict,
        "explained_by": finding.explained_by,
        "title": texts.title(finding.code),
        "summary": texts.summary(finding),
        "evidence": [
            {
                "label": texts.label(item.label),
                "expected": item.expected,
                "actual": item.actual,
                "source": item.source,
            }
            for item in finding.evidence
        ],
        "fixes": [asdict(fix) for fix in texts.fixes(finding.code, ids, finding.variant)] if mends else [],
    }


def show_unread(unread: Iterable[Unread], findings: Iterable[Finding]) -> list[Document]:
    """Return the reads that gave nothing as they stand in the report, each with the codes that wait for it."""
    waiting = [item for item in findings if item.verdict == "unknown"]
    return [
        {
            "action": item.read.action,
            "permission": told(item.read.permission) if item.read.permission else None,
            "error": inert(item.error, 120),
            "reason": item.reason,
            "hides": [finding.code for finding in waiting if item.read in finding.because],
        }
        for item in unread
    ]


def known_ids(case: Case) -> dict[str, str | None]:
    """Return the real ids that commands are filled with. Account numbers are whole here: the commands must run."""
    draft, deployed = case.seen_as("draft"), case.seen_as("deployed")
    route = draft.route if isinstance(draft.route, Route) else deployed.route
    authorizer = draft.authorizer if isinstance(draft.authorizer, Authorizer) else deployed.authorizer
    if not isinstance(authorizer, Authorizer):
        authorizer = None
    token, issuer = case.token, case.issuer
    arns = [arn for text in (authorizer.provider_arns if authorizer else ()) if (arn := read_arn(text))]
    account = case.account
    client = (token.audiences[:1] or (token.text_claim("client_id"),))[0] if token else None
    url = redact_url(case.call.url)
    scopes = route.method.scopes if isinstance(route, Route) else ()
    return {
        "region": case.api_region,
        "rest_api_id": _unless_secret(case.place.rest_api_id),
        "stage": _unless_secret(case.place.stage),
        "method": route.verb if isinstance(route, Route) else case.call.method,
        "resource_path": route.resource if isinstance(route, Route) else None,
        "resource_id": route.method.resource_id if isinstance(route, Route) else None,
        "authorizer_id": authorizer.id if authorizer else None,
        "authorizer_name": authorizer.name if authorizer else None,
        "deployment_id": case.stage.deployment_id if case.stage else None,
        "user_pool_id": issuer.pool_id if issuer else arns[0].pool_id if arns else None,
        "client_id": client,
        "pool_arn": _pool_arn(case, arns, account),
        "identity_header": deployed.identity_header or draft.identity_header,
        "scope": next(iter(scopes or (token.scopes if token else ())), None),
        "url": url if url == case.call.url else None,
        "account_id": account,
    }


def _unless_secret(name: str | None) -> str | None:
    """Return a name from a pasted address for a command, unless it is a token that stands in its place."""
    return name if name and told(name, 200) == name else None


def _pool_arn(case: Case, arns: list[PoolArn], account: str | None) -> str | None:
    """The ARN of the token's pool: the authorizer's own if it names it, else in this account; without a token the
    authorizer's first."""
    issuer = case.issuer
    if issuer is None:
        return arns[0].text if arns else None
    for arn in arns:
        if arn.pool_id == issuer.pool_id:
            return arn.text
    if account is None:
        return None
    return f"arn:{partition_of(issuer.region)}:cognito-idp:{issuer.region}:{account}:userpool/{issuer.pool_id}"
