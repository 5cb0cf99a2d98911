"""The failing call: which API, stage and method it reaches, and who answered it."""

from collections.abc import Iterable, Iterator

from cogwizard.gateway import Reading
from cogwizard.model.answer import Answer
from cogwizard.model.api import Export
from cogwizard.model.case import Case
from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.read import Read, Unread
from cogwizard.model.read_api import GetExport, GetGatewayResponses, GetResources, GetRestApi, GetStages
from cogwizard.model.route import NoRoute, Route, match
from cogwizard.model.view import Hole
from cogwizard.steps.step import Say, passed_gate, proves, reading, some

# Judged from the answer alone; their configuration is judged elsewhere.
ANSWER_CODES = ("http-api", "authorizer-error", "identity-pool-role-denied", "throttled-by-gateway")
WEB_ACL = "waf-block"


class CallStep:
    """Resolves the URL and replays the call."""

    id = "call"
    codes = (
        "custom-domain-mapping",
        "execute-api-disabled",
        "wrong-stage",
        "route-not-matched",
        "backend-answered",
        WEB_ACL,
        *ANSWER_CODES,
    )

    def wants(self, case: Case) -> Iterable[Read | None]:
        """The custom domain and its mappings, the API's settings and stages, its methods, and the replay."""
        yield case.domain_read
        yield case.mappings_read
        for kind in (GetRestApi, GetStages, GetExport, GetResources, GetGatewayResponses):
            yield case.api_read(kind)
        yield case.replay_read

    def judge(self, case: Case) -> Iterator[Finding]:
        """See `Step`."""
        say = Say(self.id)
        yield self._domain(case, say)
        yield self._endpoint(case, say)
        stage = self._stage(case, say)
        yield stage
        yield self._web_acl(case, say, stage)
        yield self._route(case, say)
        yield from self._answer(case, say)

    def _domain(self, case: Case, say: Say) -> Finding:
        code, host = "custom-domain-mapping", case.target.host
        if case.domain_read is None:
            return say.skipped(code, "other-host")
        if case.place.rest_api_id:
            return say.passed(code, host=host)
        if case.mappings_read is not None and case.known(case.mappings_read, tuple) is not None:
            mappings = case.known(case.mappings_read, tuple) or ()
            shown = some(base for base, *_ in mappings) or "none"
            evidence = Evidence("mapping", case.target.path, shown, "GetBasePathMappings")
            return say.failed(code, evidence, host=host, path=case.target.path, mappings=shown)
        if case.known(case.domain_read, tuple) is not None and case.mappings_read is None:
            return say.unknown(code, variant="unknown", host=host)
        return say.not_read(code, (case.mappings_read or case.domain_read,), case)

    def _endpoint(self, case: Case, say: Say) -> Finding:
        code, disabled = "execute-api-disabled", case.api.endpoint_disabled
        if case.target.form == "custom-domain":
            return say.skipped(code, "other-host")
        if isinstance(disabled, Hole):
            return say.not_read(code, disabled.because, case)
        export = case.known(case.api_read(GetExport), Export)
        exported = case.view == "deployed" and export is not None and export.endpoint_disabled is not None
        source = "GetExport" if exported else "GetRestApi"
        evidence = Evidence("default endpoint", "enabled", "disabled" if disabled else "enabled", source)
        if disabled:
            return say.failed(code, evidence, host=case.target.host)
        return say.passed(code, evidence)

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
        variant = "fail-missing" if not name or _is_first_segment(case) else "fail"
        return say.failed(code, evidence, variant=variant, stage=name or "-", stages=existing)

    def _web_acl(self, case: Case, say: Say, stage: Finding) -> Finding:
        """Judge the gate by the answer, else by whether a web ACL stands there: its rules are not read."""
        seen = reading(case)
        if seen is not None and case.observed is not None and seen.proves == WEB_ACL:
            message = seen.error_type or str(case.observed.status)
            return say.failed(WEB_ACL, _error_type(case.observed, seen), variant="proven", message=message)
        if passed_gate(case, WEB_ACL):
            return say.passed(WEB_ACL, variant="answered")
        if stage.verdict == "fail":
            return say.skipped(WEB_ACL, "masked", by=stage.code)
        if stage.variant == "masked":
            return say.skipped(WEB_ACL, "masked", by=stage.params["by"])
        if case.stage is None:
            return say.not_read(WEB_ACL, (case.api_read(GetStages),), case)
        if case.stage.web_acl_arn is None:
            return say.passed(WEB_ACL, Evidence("web ACL", "none", "none", "GetStages"), stage=case.stage.name)
        name = _acl_name(case.stage.web_acl_arn)
        evidence = Evidence("web ACL", "lets the call through", name, "GetStages")
        variant = "not-called" if case.observed is None else "not-told"
        return say.unknown(WEB_ACL, evidence, variant=variant, stage=case.stage.name, name=name)

    def _route(self, case: Case, say: Say) -> Finding:
        code, route = "route-not-matched", case.route
        method, path = case.call.method, case.place.path
        if isinstance(route, Hole):
            seen = reading(case)
            if seen and seen.error_type and code in seen.codes:
                return say.unknown(code, variant="proven", because=route.because, error_type=seen.error_type)
            return say.not_read(code, route.because, case)
        if not case.stage_exists and case.stages is not None and (not case.place.stage or _is_first_segment(case)):
            return say.skipped(code, "masked", by="wrong-stage")
        source = "GetResources" if case.view == "draft" or case.api.assumed else "GetExport"
        stage = case.place.stage or "-"
        if isinstance(route, Route):
            evidence = Evidence("method", f"{method} {path}", f"{route.verb} {route.resource}", source)
            return say.passed(code, evidence, method=method, resource=route.resource)
        seen = reading(case)
        if route.elsewhere and not (seen and code in seen.codes):
            return say.unknown(code, variant="elsewhere", method=method, resource=route.resource)
        if route.resource:
            verbs = some(route.verbs) or "none"
            evidence = Evidence("method", method, f"{verbs} ({route.resource})", source)
            return say.failed(code, evidence, variant="fail-verb", method=method, resource=route.resource, verbs=verbs)
        nearest = route.nearest
        evidence = Evidence("resource", path, f"none; nearest {nearest}" if nearest else "none", source)
        if nearest:
            return say.failed(code, evidence, variant="nearest", method=method, path=path, stage=stage, nearest=nearest)
        return say.failed(code, evidence, method=method, path=path, stage=stage)

    def _answer(self, case: Case, say: Say) -> Iterator[Finding]:
        seen = reading(case)
        if seen is None or case.observed is None:
            # Not replayed because nobody asked for it is no hole: what the backend answers is not predicted anyway.
            result = case.facts.get(case.replay_read) if case.replay_read else None
            tried = case.offline or (isinstance(result, Unread) and result.reason != "withheld")
            code = "backend-answered"
            yield say.not_read(code, (case.replay_read,), case) if tried else say.skipped(code, "no-answer")
            return
        evidence = _error_type(case.observed, seen)
        if seen.proves == "backend-answered":
            yield say.failed("backend-answered", evidence, status=case.observed.status)
        else:
            yield say.passed("backend-answered", *_not_the_backend(seen, case.observed.status, evidence))
        for code in ANSWER_CODES:
            if code == "authorizer-error" and not isinstance(case.route, Hole):
                continue  # why it answers 500 is in the configuration, judged by `authorizer`
            if proves(case, code):
                message = seen.error_type or str(case.observed.status)
                yield say.failed(code, evidence, variant="proven", message=message)


def _error_type(answer: Answer, seen: Reading) -> Evidence:
    """What the answer says of the gate that refused."""
    found = f"{answer.status} {(seen.error_type or 'without x-amzn-ErrorType')}"
    return Evidence("answer", "x-amzn-ErrorType of API Gateway", found, "the answer's headers")


def _acl_name(arn: str) -> str:
    """Return a web ACL's name as its ARN holds it (`.../webacl/{name}/{id}`), else the ARN."""
    return arn.rpartition("webacl/")[2].partition("/")[0] or arn


def _not_the_backend(seen: Reading, status: int, typed: Evidence) -> Iterator[Evidence]:
    """What shows that no backend refused: the error type, else what API Gateway says, else that it is no refusal."""
    if seen.error_type:
        yield typed
    elif seen.gates == ("backend",):
        yield Evidence("answer", "no refusal by the backend", str(status), "the answer's status")
    elif seen.codes:
        yield Evidence("answer", "an answer of API Gateway", f"{status}, told by its text", "the answer's body")


def _is_first_segment(case: Case) -> bool:
    """Whether what stands for the stage is a resource of the API: the URL lacks its stage (F16)."""
    methods = case.draft_methods
    if methods is None or not case.place.stage:
        return False
    return not isinstance(match(methods, f"/{case.place.stage}{case.place.path}", case.call.method), NoRoute)
