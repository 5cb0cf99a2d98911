"""Who answered: the backend, or a gate that an authorizer's configuration says nothing about."""

import re
from collections.abc import Iterable, Iterator

from cogwizard.gateway import Reading
from cogwizard.model.answer import Answer
from cogwizard.model.api import Authorizer
from cogwizard.model.case import Case
from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.firewall import WebAcl
from cogwizard.model.read import Read, Unread
from cogwizard.model.read_api import GetStages
from cogwizard.model.route import NoRoute, Route
from cogwizard.model.usage import Limit, limit_of
from cogwizard.model.view import Hole
from cogwizard.steps.blocked import web_acl_read
from cogwizard.steps.keys import covering, plans_read
from cogwizard.steps.step import Say, is_other_authorizer, passed_gate, proves, reading

WEB_ACL, THROTTLED, FAILED = "waf-block", "throttled-by-gateway", "authorizer-error"
ROLE, BACKEND = "identity-pool-role-denied", "backend-answered"
CODES = (BACKEND, WEB_ACL, FAILED, ROLE, THROTTLED)
_SIGNER = re.compile(
    r"User: arn:[a-z-]+:(?:sts|iam)::[^:\s]*:(?:assumed-role/(?P<role>[^/\s]+)/(?P<session>\S+)|(?P<other>\S+))"
)
_POOL_SESSION = "CognitoIdentityCredentials"  # the session name of an identity pool's credentials (case 67 [R])
_FUNCTION = re.compile(r":function:(?P<name>[^/]+?)(?:/invocations)?$")


def reads(case: Case) -> Iterable[Read | None]:
    """The web ACL where the answer may be its own, the usage plans where a limit was reached."""
    yield web_acl_read(case)
    if proves(case, THROTTLED):
        yield plans_read(case)


def web_acl(case: Case, say: Say, stage: Finding) -> Finding:
    """Judge the gate by the answer, else by whether a web ACL stands there that may stop a call.

    Which requests its rules match is not judged. `stage`: the finding about the stage.
    """
    seen, read = reading(case), web_acl_read(case)
    acl = case.known(read, WebAcl)
    if seen is not None and case.observed is not None:
        if (found := acl.author(case.observed) if acl else None) and acl:
            said = f"{found.status}, {found.rule or 'default action'}"
            evidence = Evidence("web ACL", "lets the call through", said, "GetWebACL, the answer")
            return say.failed(WEB_ACL, evidence, variant="custom", name=acl.name, status=found.status)
        if seen.proves == WEB_ACL:
            message = seen.error_type or str(case.observed.status)
            return say.failed(WEB_ACL, error_type(case.observed, seen), variant="proven", message=message)
        if _is_filtered(case, seen):
            evidence = Evidence(
                "answer", "WAF_FILTERED", str(case.observed.status), "the gateway responses, the answer"
            )
            return say.failed(WEB_ACL, evidence, variant="filtered", status=case.observed.status)
        if case.unread(read) and not seen.error_type:
            return say.not_read(WEB_ACL, (read,), case)
    if passed_gate(case, WEB_ACL):
        return say.passed(WEB_ACL, variant="answered")
    if stage.verdict == "fail":
        return say.skipped(WEB_ACL, "masked", by=stage.code)
    if stage.variant == "masked":
        return say.skipped(WEB_ACL, "masked", by=stage.params["by"])
    if case.stage is None:
        return say.not_read(WEB_ACL, (case.api_read(GetStages),), case)
    arn = case.stage.web_acl_arn
    if arn is None:
        return say.passed(WEB_ACL, Evidence("web ACL", "none", "none", "GetStages"), stage=case.stage.name)
    name = arn.rpartition("webacl/")[2].partition("/")[0] or arn  # `.../webacl/{name}/{id}`
    if acl is not None and not acl.blocks:
        evidence = Evidence("web ACL", "lets the call through", name, "GetWebACL")
        return say.passed(WEB_ACL, evidence, variant="no-block", stage=case.stage.name, name=name)
    evidence = Evidence("web ACL", "lets the call through", name, "GetStages")
    variant = "not-called" if case.observed is None else "not-told"
    because = (read,) if read is not None and case.unread(read) else ()
    return say.unknown(WEB_ACL, evidence, variant=variant, because=because, stage=case.stage.name, name=name)


def _is_filtered(case: Case, seen: Reading) -> bool:
    """Whether the answer's status is one that this API gives to blocked calls alone (2.1 [D])."""
    if case.observed is None or "waf" not in seen.gates or case.observed.status == 403:
        return False
    statuses = {item.type: item.status for item in case.api.responses}
    others = [status for kind, status in statuses.items() if kind != "WAF_FILTERED"]
    return statuses.get("WAF_FILTERED") == case.observed.status and case.observed.status not in others


def answered(case: Case, say: Say) -> Iterator[Finding]:
    """Yield whether the backend answered, and what the answer says of authorizer, role and limits."""
    yield _backend(case, say)
    for finding in (_failed(case, say), _role(case, say)):
        if finding is not None:
            yield finding


def _backend(case: Case, say: Say) -> Finding:
    seen = reading(case)
    if seen is None or case.observed is None:
        # Not replayed because nobody asked for it is no hole: what the backend answers is not predicted anyway.
        result = case.facts.get(case.replay_read) if case.replay_read else None
        tried = case.offline or (isinstance(result, Unread) and result.reason != "withheld")
        return say.not_read(BACKEND, (case.replay_read,), case) if tried else say.skipped(BACKEND, "no-answer")
    evidence = error_type(case.observed, seen)
    if seen.proves == BACKEND:
        if case.unread(read := web_acl_read(case)):  # a custom response of its rules looks the same (blocked)
            return say.not_read(BACKEND, (read,), case)
        return say.failed(BACKEND, evidence, status=case.observed.status)
    return say.passed(BACKEND, *_not_the_backend(seen, case.observed.status, evidence))


def error_type(answer: Answer, seen: Reading) -> Evidence:
    """Return what the answer says of the gate that refused."""
    found = f"{answer.status} {(seen.error_type or 'without x-amzn-ErrorType')}"
    return Evidence("answer", "x-amzn-ErrorType of API Gateway", found, "the answer's headers")


def _not_the_backend(seen: Reading, status: int, typed: Evidence) -> Iterator[Evidence]:
    """What shows that no backend refused: the error type, else what API Gateway says, else that it is no refusal."""
    if seen.error_type:
        if seen.proves not in CODES:  # there it stands against the call
            yield typed
    elif seen.gates == ("backend",):
        yield Evidence("answer", "no refusal by the backend", str(status), "the answer's status")
    elif seen.codes:
        yield Evidence("answer", "an answer of API Gateway", f"{status}, told by its text", "the answer's body")


def _failed(case: Case, say: Say) -> Finding | None:
    """`authorizer-error`: the answer alone proves it; the configuration tells whose fault it may be (F6 [R])."""
    seen = reading(case)
    if seen is None or case.observed is None or seen.proves != FAILED:
        return None
    typed = error_type(case.observed, seen)
    message = seen.error_type or str(case.observed.status)
    if isinstance(case.route, Route):
        kind = case.route.method.authorization_type
        if kind == "COGNITO_USER_POOLS" and case.authorizer is None:
            return say.skipped(FAILED, "masked", by="authorizer-not-attached")
        deployed = case.seen_as("deployed").route
        if case.view == "draft" and isinstance(deployed, Route) and kind != deployed.method.authorization_type:
            return say.skipped(FAILED, "other-authorization", type=kind)
        if kind == "CUSTOM" or is_other_authorizer(case):
            name, function = _invoked(case)
            invoked = Evidence("Lambda function", "a usable answer", function, "the authorizer's URI")
            return say.failed(FAILED, typed, invoked, variant="lambda", authorizer=name, function=function)
        if kind == "COGNITO_USER_POOLS" and isinstance(case.authorizer, Authorizer):
            return say.failed(FAILED, typed, variant="cognito", authorizer=case.authorizer.name, message=message)
    elif case.view == "draft":
        because = case.route.because if isinstance(case.route, Hole) else ()
        return say.not_read(FAILED, because, case) if because else say.skipped(FAILED, "no-method")
    return say.failed(FAILED, typed, variant="proven", message=message)


def _invoked(case: Case) -> tuple[str, str]:
    """Return the names of the method's Lambda authorizer and of its function, "?" for what is not known."""
    authorizer = case.authorizer if isinstance(case.authorizer, Authorizer) else None
    found = _FUNCTION.search(authorizer.uri or "") if authorizer else None
    return (authorizer.name if authorizer else "?"), (found["name"] if found else "?")


def _role(case: Case, say: Say) -> Finding | None:
    """`identity-pool-role-denied`: the message names who signed; only the session's name tells an identity pool."""
    seen = reading(case)
    if seen is None or case.observed is None or seen.proves != ROLE:
        return None
    if case.view == "draft":
        # Deploying mends it where the draft asks for no signature any more.
        if isinstance(case.route, Hole):
            return say.not_read(ROLE, case.route.because, case)
        if isinstance(case.route, NoRoute):
            return say.skipped(ROLE, "no-method")
        if case.route.method.authorization_type != "AWS_IAM":
            return say.skipped(ROLE, "other-authorization", type=case.route.method.authorization_type)
    signer = _SIGNER.search(seen.message or "")
    role = (signer["role"] if signer else None) or ""
    named = role or (signer["other"] if signer else "") or "?"
    evidence = Evidence("IAM role", "allowed execute-api:Invoke", named, "the answer's body")
    if not role:
        return say.failed(ROLE, evidence, variant="other-principal", principal=named)
    if signer and signer["session"].startswith(_POOL_SESSION):
        return say.failed(ROLE, evidence, variant="pool-role", role=role)
    return say.failed(ROLE, evidence, variant="other-role", role=role, session=signer["session"] if signer else "?")


def throttled(case: Case, say: Say, stage: Finding) -> Finding:
    """`throttled-by-gateway`: told by the answer, or by a limit that lets nothing through. `stage`: as in `web_acl`."""
    seen, limit = reading(case), _limit(case)
    if seen is not None and case.observed is not None and seen.proves == THROTTLED:
        quota = seen.error_type == "LimitExceededException"  # F25 [V]; F24 for a rate
        known = [Evidence("throttle", "not reached", str(limit), "GetStages")] if limit and str(limit) != "-" else []
        for plan in covering(case)[:3]:
            held = f"{plan.quota or '-'}/{plan.period or '-'}" if quota else str(plan.limit)
            known.append(Evidence("usage plan", "not reached", f"{plan.name or plan.id}: {held}", "GetUsagePlans"))
        typed = error_type(case.observed, seen)
        return say.failed(THROTTLED, typed, *known, variant="quota" if quota else "rate", stage=case.place.stage or "-")
    if passed_gate(case, THROTTLED):
        return say.passed(THROTTLED)
    if stage.verdict == "fail" or stage.variant == "masked":
        by = stage.params["by"] if stage.variant == "masked" else stage.code
        return say.skipped(THROTTLED, "masked", by=by)
    if case.stage is None:
        return say.not_read(THROTTLED, (case.api_read(GetStages),), case)
    if limit is not None and limit.refuses_all:
        evidence = Evidence("throttle", "more than 0", str(limit), "GetStages")
        return say.failed(THROTTLED, evidence, variant="zero", stage=case.stage.name)
    if limit is None and any(each.refuses_all for each in case.stage.limits.values()):
        # Some method lets nothing through: whether it is the one that is called is not known, or none is.
        if isinstance(case.route, Hole):
            return say.not_read(THROTTLED, case.route.because, case)
        return say.skipped(THROTTLED, "no-method")
    return say.passed(THROTTLED, variant="limit")


def _limit(case: Case) -> Limit | None:
    """The throttle of the method on its stage, None where one of them is not known."""
    if case.stage is None or not isinstance(case.route, Route):
        return None
    return limit_of(case.stage.limits, case.route.resource, case.route.verb)
