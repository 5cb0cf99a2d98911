"""The report of joining (interface, section 3): members as in every report, the file, what to ask an administrator."""

import shlex
from collections.abc import Sequence
from typing import Protocol

from cogwizard.gateway import read_answer
from cogwizard.intake.mask import told
from cogwizard.judgement import Judgement
from cogwizard.model.finding import Finding
from cogwizard.model.inert import inert
from cogwizard.model.join import Joining
from cogwizard.model.read import Unread
from cogwizard.model.route import Route
from cogwizard.model.team import FORMS, Team
from cogwizard.report.document import SCHEMA, Document, show_finding, show_unread
from cogwizard.report.document import known_ids as ids_of_call
from cogwizard.report.redaction import show_url
from cogwizard.report.signin import known_ids as ids_of_attempt
from cogwizard.steps import JOIN, join_list
from cogwizard.steps.join import JoinStep
from cogwizard.text import Texts

# What somebody who joins cannot mend alone, and what of it is a matter of one variant only.
ASKED = (
    "wrong-credentials",
    "user-disabled",
    "user-not-confirmed",
    "password-reset-required",
    "temporary-password-expired",
    "auth-flow-not-enabled",
    "client-not-found",
    "pool-not-found",
    "permission-missing",
    "aws-credentials",
    "wrong-stage",
    "never-deployed",
    "route-not-matched",
    "authorizer-not-attached",
    "changes-not-deployed",
    "wrong-pool",
    "api-key-required",
)
_VARIANTS = {"wrong-credentials": ("no-user",), "aws-credentials": ("other-account", "other-account-pool")}
_OF_US = ("permission-missing", "aws-credentials")  # never a cause
_WORST = ("fail", "warn", "unknown", "pass", "skipped")
_ORDER = ("name", "rest_api_id", "stage", "region", "user_pool_id", "client_id", "docs")


class Joined(Protocol):
    """What is reported: `joining.Join` as it stands."""

    @property
    def joining(self) -> Joining: ...

    @property
    def judgement(self) -> Judgement | None: ...

    @property
    def is_through(self) -> bool: ...

    def findings(self) -> Sequence[Finding]: ...


def build(join: Joined, texts: Texts) -> Document:
    """Return the report as JSON-ready data; holds no secret and no active character."""
    joining, judgement, findings = join.joining, join.judgement, join.findings()
    ids = known_ids(joining, judgement)
    unread = [*join_list.reads(joining), *_more_unread(joining, judgement)]
    return {
        "schema": SCHEMA,
        "outcome": join_list.outcome(findings, done=join.is_through),
        "causes": join_list.causes(findings, judgement.causes if judgement else ()),
        "request": _request(joining),
        "observed": _observed(joining),
        "predicted": {"deployed": None, "draft": None, "after_fixes": None},
        "findings": [show_finding(item, texts, ids) for item in findings],
        "unread": show_unread(unread, findings),
        "team": shown_team(joining.team),
        "steps": [_step(step, joining, findings, texts) for step in JOIN],
        "ask": [
            {"code": item.code, "text": text}
            for item in findings
            if (text := admin_sentence(item, joining.team, texts, joining.username))
        ],
    }


def shown_team(team: Team) -> Document:
    """Return what the file says, as JSON-ready data."""
    routes = [f"{method} {path}" for method, path in team.routes]
    return {**{key: getattr(team, key) for key in FORMS}, "name": inert(team.name, 200), "routes": routes}


def file_lines(team: Team, texts: Texts) -> list[tuple[str, str]]:
    """Return what the file names, as label and value: to be shown before anything is read."""
    values = {key: inert(getattr(team, key) or "", 400) for key in _ORDER}
    values["routes"] = ", ".join(f"{method} {path}" for method, path in team.routes)
    return [(texts.screen("join", f"field {key}"), value) for key, value in values.items() if value]


def admin_sentence(finding: Finding, team: Team, texts: Texts, username: str | None = None) -> str | None:
    """Return what to send to the administrator, with the file's ids; None for what one can mend alone."""
    if finding.code not in ASKED or finding.explained_by is not None:
        return None
    if finding.verdict != ("unknown" if finding.code in _OF_US else "fail"):
        return None
    if finding.variant not in _VARIANTS.get(finding.code, (finding.variant,)):
        return None
    # The AWS CLI takes a dash for an option and "://" for a file or an address to load, quoted or not.
    is_plain = username and not username.startswith("-") and "://" not in username
    name = inert(username, 128) if username and is_plain else ""
    where = [finding.params.get("method"), finding.params.get("resource") or finding.params.get("path")]
    return texts.screen(
        "join",
        f"ask {finding.code}",
        **{key: getattr(team, key) for key in ("region", "pool_region", "rest_api_id", "user_pool_id", "client_id")},
        stage="<STAGE>" if team.stage.startswith("-") else team.stage,
        username=shlex.quote(name) if name else "<USERNAME>",
        permissions=told(finding.params.get("permissions", "")),
        route=inert(" ".join(filter(None, where)), 400) or "?",
    )


def known_ids(joining: Joining, judgement: Judgement | None = None) -> dict[str, str | None]:
    """Return what the commands of the remedies are filled with; what is not safe in a command stays a placeholder."""
    team, route = joining.team, joining.case.route
    call = ids_of_call(judgement.case if judgement else joining.case)
    attempt = ids_of_attempt(joining.attempt) if joining.attempt else {}
    return {
        **call,
        **{key: value for key, value in attempt.items() if value},
        "region": team.region,
        "rest_api_id": team.rest_api_id,
        "stage": team.stage,
        "user_pool_id": team.user_pool_id,
        "client_id": team.client_id,
        "resource_path": route.resource if isinstance(route, Route) else None,
    }


def _more_unread(joining: Joining, judgement: Judgement | None) -> list[Unread]:
    """Return what the diagnosis could not read beside what was read before it."""
    found = [item.unread for item in judgement.unread] if judgement else []
    return [item for item in found if item.read not in joining.facts]


def _request(joining: Joining) -> Document:
    case, team = joining.case, joining.team
    is_named = joining.called is not None
    return {
        "method": told(case.call.method, 20),
        "url": show_url(case.call.url) if is_named else None,
        "headers": [],
        "rest_api_id": team.rest_api_id,
        "stage": team.stage,
        "resource": told(case.route.resource) if is_named and isinstance(case.route, Route) else None,
        "region": team.region,
        "user_pool_id": team.user_pool_id,
        "client_id": team.client_id,
        "tried": joining.attempt is not None,
    }


def _observed(joining: Joining) -> Document | None:
    answer = joining.answer
    if answer is None or isinstance(answer, Unread):
        return None
    seen = read_answer(answer)
    return {
        "status": answer.status,
        "error_type": told(seen.error_type, 120) if seen.error_type else None,
        "message": told(seen.message, 500) if seen.message is not None else None,
        "gate": seen.gates[0] if len(seen.gates) == 1 else "unknown",
    }


def _step(step: JoinStep, joining: Joining, findings: Sequence[Finding], texts: Texts) -> Document:
    verdicts = {item.verdict for item in findings if item.step == step.id}
    return {
        "step": step.id,
        "title": texts.label(f"step {step.id}"),
        "verdict": next((verdict for verdict in _WORST if verdict in verdicts), None),
        "what": texts.screen("join", f"what {step.id}"),
        "has": [
            {"label": texts.label(row.label), "value": row.actual, "source": row.source} for row in step.has(joining)
        ],
    }
