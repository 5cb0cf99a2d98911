"""Draft against deployed, for exactly this method (guide: "the API is deployed"; research 4)."""

from collections.abc import Iterable, Iterator

from cogwizard.model.api import Authorizer, Export
from cogwizard.model.case import Case
from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.read import Read
from cogwizard.model.read_api import GetAuthorizers, GetDeployment, GetExport, GetResources, GetStages
from cogwizard.model.route import Route
from cogwizard.model.view import Hole, is_bare
from cogwizard.steps import canary
from cogwizard.steps.step import Say, some

CHANGES, NEVER = "changes-not-deployed", "never-deployed"


class DeploymentStep:
    """Says what differs; whether the difference is the cause is decided where both views have been judged."""

    id = "deployment"
    codes = (NEVER, CHANGES, canary.CANARY)

    def wants(self, case: Case) -> Iterable[Read | None]:
        """Stages, the stage's export, the draft; the deployment's summary where there is no export."""
        for kind in (GetStages, GetExport, GetResources, GetAuthorizers):
            yield case.api_read(kind)
        if _export_missing(case):
            yield case.api_read(GetDeployment)
        yield from canary.wants(case)

    def judge(self, case: Case) -> Iterator[Finding]:
        """See `Step`."""
        say = Say(self.id)
        if case.stages is None and not case.stage_exists:
            yield say.not_read(NEVER, (case.api_read(GetStages),), case)
        elif case.stages == ():
            yield say.failed(NEVER, Evidence("stage", "at least one", "none", "GetStages"))
        else:
            names = some(stage.name for stage in case.stages or ()) or (case.place.stage or "")
            yield say.passed(NEVER, Evidence("stage", "at least one", names, "GetStages"), stages=names)
        yield _changes(case.seen_as("deployed"), case.seen_as("draft"), say)
        yield canary.judge(case, say)


def _export_missing(case: Case) -> bool:
    """Whether there is no export although the stage exists (an export may fail on a model, research 4.1)."""
    export = case.api_read(GetExport)
    return case.unread(export) or (case.absent(export) and case.stage is not None)


def _changes(deployed: Case, draft: Case, say: Say) -> Finding:
    export = deployed.api_read(GetExport)
    stage = deployed.place.stage or "-"
    if deployed.offline or export is None:
        return say.not_read(CHANGES, (export,), deployed)
    if deployed.stages == () or (deployed.absent(export) and not _export_missing(deployed)):
        return say.skipped(CHANGES, "masked", by=NEVER if deployed.stages == () else "wrong-stage")
    known = deployed.known(export, Export)
    if known is None:
        summarized = deployed.known(deployed.api_read(GetDeployment), object) if _export_missing(deployed) else None
        differ = differences(deployed, draft) if summarized is not None else []
        if not differ:
            variant = "summary" if summarized is not None and not isinstance(deployed.route, Hole) else "unread"
            if variant == "summary":
                return say.unknown(CHANGES, variant=variant, because=(export,))
            return say.not_read(CHANGES, (export,), deployed)
    else:
        if isinstance(deployed.route, Hole) or isinstance(draft.route, Hole) or isinstance(draft.authorizer, Hole):
            holes = [item for item in (deployed.route, draft.route, draft.authorizer) if isinstance(item, Hole)]
            because = [read for hole in holes for read in hole.because]
            if because:
                return say.not_read(CHANGES, because, deployed)
        if not known.with_authorizers:
            return say.unknown(CHANGES, variant="summary", because=(export,))
        if is_bare(deployed, known):
            return say.unknown(CHANGES, variant="bare", because=(export,))
        differ = differences(deployed, draft)
    if differ:
        return say.warned(CHANGES, *differ, **_params(deployed, draft, differ), stage=stage)
    return say.passed(CHANGES, stage=stage)


def _params(deployed: Case, draft: Case, differ: list[Evidence]) -> dict[str, str]:
    route = draft.route if isinstance(draft.route, Route) else deployed.route
    resource = route.resource if isinstance(route, Route) else deployed.place.path
    return {
        "method": deployed.call.method,
        "resource": resource,
        "path": deployed.place.path,
        "fields": ", ".join(evidence.label for evidence in differ),
    }


def differences(deployed: Case, draft: Case) -> list[Evidence]:
    """Return what differs between the views for the called method: expected is the draft, actual what is deployed."""
    drafted, live = fields(draft), fields(deployed)
    return [
        Evidence(label, drafted.get(label, "none"), live.get(label, "none"), "draft, deployed")
        for label in dict.fromkeys((*drafted, *live))
        if drafted.get(label, "none") != live.get(label, "none")
    ]


def fields(case: Case) -> dict[str, str]:
    """Return what the view says of the called method, by label; nothing where the method is not known."""
    route = case.route
    if not isinstance(route, Route):
        return {}
    method = route.method
    found = {
        "method": f"{route.verb} {route.resource}",
        "authorization type": method.authorization_type,
        "scopes": " ".join(sorted(scope for scope in method.scopes)) or "none",
        "API key": "asked for" if method.api_key_required else "not asked for",
    }
    authorizer = case.authorizer
    if isinstance(authorizer, Authorizer):
        found |= {
            "authorizer": authorizer.name,
            "identity source": (authorizer.identity_source or "none").lower(),
            "user pools": " ".join(sorted(arn for arn in authorizer.provider_arns)) or "none",
            "token validation": (authorizer.validation_expression or "none"),
        }
    return found
