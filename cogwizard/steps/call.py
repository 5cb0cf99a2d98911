"""The failing call: which API, stage and method it reaches, and who answered it."""

from collections.abc import Iterable, Iterator

from cogwizard.model.case import Case
from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.place import find_mapping, mappings, unread_mappings
from cogwizard.model.read import Read
from cogwizard.model.read_api import GetExport, GetGatewayResponses, GetResources, GetRestApi, GetStages
from cogwizard.model.route import NoRoute, Route, match
from cogwizard.model.view import Hole
from cogwizard.steps import endpoint, front, http_api, refusal
from cogwizard.steps.step import Say, reading, some


class CallStep:
    """Resolves the URL and replays the call."""

    id = "call"
    codes = (
        *endpoint.CODES,
        http_api.CODE,
        "wrong-stage",
        "route-not-matched",
        *refusal.CODES,
        front.FRONT,
    )

    def wants(self, case: Case) -> Iterable[Read | None]:
        """The custom domain and its mappings, the API's settings and stages, its methods, and the replay."""
        yield from endpoint.wants(case)
        yield from http_api.wants(case)
        for kind in (GetRestApi, GetStages, GetExport, GetResources, GetGatewayResponses):
            yield case.api_read(kind)
        yield case.replay_read
        yield from refusal.reads(case)
        yield front.direct_read(case)

    def judge(self, case: Case) -> Iterator[Finding]:
        """See `Step`."""
        say = Say(self.id)
        yield from endpoint.judge(case, say)
        yield http_api.judge(case, say)
        stage = self._stage(case, say)
        yield stage
        yield refusal.web_acl(case, say, stage)
        yield self._route(case, say)
        yield from refusal.answered(case, say)
        yield refusal.throttled(case, say, stage)
        yield front.judge_front(case, say)

    def _stage(self, case: Case, say: Say) -> Finding:
        code, name = "wrong-stage", case.place.stage or ""
        export, stages = case.api_read(GetExport), case.stages
        if case.stage_exists:
            source = "GetStages" if case.stage else "GetExport"
            return say.passed(code, Evidence("stage", name, name, source), stage=name)
        if stages is not None and not stages:
            return say.skipped(code, "masked", by="never-deployed")
        if stages is None:
            if case.absent(export) and (case.settings or case.draft_methods is not None):
                evidence = Evidence("stage", name, "does not exist", "GetExport")
                return say.failed(code, evidence, stage=name or "-", stages="?")
            return say.not_read(code, (case.api_read(GetStages), export), case)
        existing = some(stage.name for stage in stages)
        evidence = Evidence("stage", existing, name or "none in the URL", "GetStages")
        if case.target.form == "custom-domain" and name and find_mapping(mappings(case), case.target.path):
            host = case.target.host
            return say.failed(code, evidence, variant="fail-mapping", stage=name, stages=existing, host=host)
        variant = "fail-missing" if not name or _is_first_segment(case) else "fail"
        return say.failed(code, evidence, variant=variant, stage=name or "-", stages=existing)

    def _route(self, case: Case, say: Say) -> Finding:
        code, route = "route-not-matched", case.route
        method, path = case.call.method, case.place.path
        if isinstance(route, Hole):
            seen = reading(case)
            if seen and seen.error_type and code in seen.codes:
                return say.unknown(code, variant="proven", because=route.because, error_type=seen.error_type)
            return say.not_read(code, route.because, case)
        is_gone = case.stage_exists is False or case.absent(case.api_read(GetExport))
        if is_gone and (not case.place.stage or _is_first_segment(case)):
            return say.skipped(code, "masked", by="wrong-stage")
        source = "GetResources" if case.view == "draft" or case.api.assumed else "GetExport"
        stage = case.place.stage or "-"
        if isinstance(route, Route):
            evidence = Evidence("method", f"{method} {path}", f"{route.verb} {route.resource}", source)
            return say.passed(code, evidence, method=method, resource=route.resource)
        seen = reading(case)
        if route.elsewhere and not (seen and code in seen.codes):
            return say.unknown(code, variant="elsewhere", method=method, resource=route.resource)
        if unread := unread_mappings(case):
            return say.not_read(code, unread, case)  # what a base path leaves of the URL's path is not known
        if route.resource:
            verbs = some(route.verbs) or "none"
            evidence = Evidence("method", method, f"{verbs} ({route.resource})", source)
            return say.failed(code, evidence, variant="fail-verb", method=method, resource=route.resource, verbs=verbs)
        repeated = _without_stage(case)
        if repeated is not None:
            evidence = Evidence("resource", repeated, path, source)
            start = case.target.path.removesuffix(path) if case.target.form == "custom-domain" else f"/{stage}"
            right = f"{case.target.host}{start}{repeated}"
            return say.failed(code, evidence, variant="stage-repeated", stage=stage, right=right)
        nearest = route.nearest
        evidence = Evidence("resource", path, f"none; nearest {nearest}" if nearest else "none", source)
        if nearest:
            return say.failed(code, evidence, variant="nearest", method=method, path=path, stage=stage, nearest=nearest)
        return say.failed(code, evidence, method=method, path=path, stage=stage)


def _is_first_segment(case: Case) -> bool:
    """Whether what stands for the stage is a resource of the API: the URL lacks its stage (F16)."""
    methods = case.draft_methods
    if methods is None or not case.place.stage:
        return False
    return not isinstance(match(methods, f"/{case.place.stage}{case.place.path}", case.call.method), NoRoute)


def _without_stage(case: Case) -> str | None:
    """Return the path without the stage's name at its begin, where it stands there a second time (F18 [R])."""
    name, _, rest = case.place.path.lstrip("/").partition("/")
    if not name or name != case.place.stage or isinstance(case.api.methods, Hole):
        return None
    path = f"/{rest}"
    return path if isinstance(match(case.api.methods, path, case.call.method), Route) else None
