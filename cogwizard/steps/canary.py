"""A canary: a share of the stage's calls goes to another deployment (research 4.2, 7 [D]: intermittent 401s).

Its deployment cannot be exported: only the summary of its methods, and its stage variables, can be compared.
"""

import re
from collections.abc import Iterable, Mapping
from typing import cast

from cogwizard.model.api import Authorizer, Methods, Stage
from cogwizard.model.case import Case
from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.read import Read
from cogwizard.model.read_api import GetDeployment, GetStages
from cogwizard.model.route import NoRoute, Route, match
from cogwizard.model.view import Hole
from cogwizard.steps.step import Say

CANARY = "canary-differs"
_VARIABLE = re.compile(r"\$\{stageVariables\.(\w+)\}")
_SOURCE = "GetDeployment of the canary"


def wants(case: Case) -> Iterable[Read | None]:
    """The summary of the canary's deployment, where the stage has a canary that takes calls."""
    yield _read(case)


def judge(case: Case, say: Say) -> Finding:
    """Return the finding `canary-differs`, judged against what is deployed, whichever view is judged."""
    case = case.seen_as("deployed")
    stage, read = case.stage, _read(case)
    if stage is None:
        if case.stages is None:
            return say.not_read(CANARY, (case.api_read(GetStages),), case)
        return say.skipped(CANARY, "masked", by="wrong-stage" if case.stages else "never-deployed")
    if not _is_on(stage):
        return say.passed(CANARY, stage=stage.name)
    percent = f"{stage.canary_percent:g}"
    summary = cast("Methods | None", case.known(read, Mapping))
    if read is not None and summary is None:
        return say.not_read(CANARY, (read,), case)
    if isinstance(case.route, Hole):
        return say.not_read(CANARY, case.route.because, case)
    differ = [*_of_method(case, summary), *_of_variables(case, stage)]
    if differ:
        return say.warned(CANARY, *differ, stage=stage.name, percent=percent)
    if read is not None and isinstance(case.route, Route) and case.route.method.authorizer:
        return say.unknown(CANARY, variant="summary", stage=stage.name, percent=percent)
    return say.passed(CANARY, variant="same", stage=stage.name, percent=percent)


def _is_on(stage: Stage) -> bool:
    other = stage.canary_deployment_id not in (None, stage.deployment_id)
    return stage.canary_percent > 0 and (other or bool(stage.canary_variables))


def _read(case: Case) -> GetDeployment | None:
    stage, api, region = case.stage, case.place.rest_api_id, case.api_region
    if stage is None or not _is_on(stage) or not api or not region:
        return None
    if stage.canary_deployment_id is None or stage.canary_deployment_id == stage.deployment_id:
        return None
    return GetDeployment(region, api, stage.canary_deployment_id)


def _of_method(case: Case, summary: Methods | None) -> list[Evidence]:
    """Compare what a summary holds: which method takes the call, its authorization type, its key."""
    if summary is None:
        return []
    found, route = match(summary, case.place.path, case.call.method), case.route
    if isinstance(found, NoRoute) or not isinstance(route, Route):
        if isinstance(found, NoRoute) and isinstance(route, NoRoute):
            return []
        return [Evidence("method", _named(route), _named(found), _SOURCE)]
    rows = (
        ("method", _named(route), _named(found)),
        ("authorization type", route.method.authorization_type, found.method.authorization_type),
        ("API key", _key(route), _key(found)),
    )
    return [Evidence(label, live, canary, _SOURCE) for label, live, canary in rows if live != canary]


def _named(route: Route | NoRoute | Hole) -> str:
    return f"{route.verb} {route.resource}" if isinstance(route, Route) else "none"


def _key(route: Route) -> str:
    return "asked for" if route.method.api_key_required else "not asked for"


def _of_variables(case: Case, stage: Stage) -> list[Evidence]:
    """Compare the stage variables that the authorizer's ARNs hold."""
    authorizer = case.authorizer
    if not isinstance(authorizer, Authorizer):
        return []
    used = dict.fromkeys(name for arn in authorizer.provider_arns for name in _VARIABLE.findall(arn))
    pairs = [(name, stage.variables.get(name, "none"), stage.canary_variables.get(name)) for name in used]
    return [
        Evidence("stage variable", f"{name}: {live}", f"{name}: {canary}", "GetStages")
        for name, live, canary in pairs
        if canary is not None and canary != live
    ]
