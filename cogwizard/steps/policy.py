"""The 403s that look alike: the resource policy and the API key."""

from collections.abc import Iterable, Iterator

from cogwizard.model.case import Case
from cogwizard.model.condition import PolicyCall
from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.policy import PolicyVerdict, judge_policy
from cogwizard.model.read import Read
from cogwizard.model.read_api import GetRestApi
from cogwizard.model.view import Hole
from cogwizard.steps.keys import KEY, judge_key, key_reads
from cogwizard.steps.step import Say, proves

POLICY = "resource-policy-deny"
_ADDRESS = {"aws:sourceip"}


class PolicyStep:
    """Guide: "check that the resource policy is not blocking the request"; research 3."""

    id = "policy"
    codes = (POLICY, KEY)

    def wants(self, case: Case) -> Iterable[Read | None]:
        """The policy, and what tells whether a key that was sent opens the stage."""
        yield case.api_read(GetRestApi)
        for view in (case.seen_as("deployed"), case.seen_as("draft")):
            yield from key_reads(view)

    def judge(self, case: Case) -> Iterator[Finding]:
        """See `Step`."""
        say = Say(self.id)
        yield _policy(case, say)
        yield judge_key(case, say)


def _policy(case: Case, say: Say) -> Finding:
    policy = case.api.policy
    if proves(case, POLICY) and case.view == "deployed":
        verdict = _verdict(case, policy) if isinstance(policy, str) else None
        by = verdict.statement if verdict and verdict.effect == "deny" else ""
        evidence = Evidence("policy", "an allow", (by or "refused"), "the answer's body, resource policy")
        return say.failed(POLICY, evidence, variant="proven", message="User: anonymous is not authorized")
    if isinstance(policy, Hole):
        return say.not_read(POLICY, policy.because, case)
    drafted = case.settings.policy if case.settings else None
    if policy is None and drafted is not None and case.view == "deployed":
        # Whether every export carries the policy is not known (research 3.3 [U]): the draft's stands in, and only for
        # a verdict that both readings share.
        verdict = _verdict(case, drafted)
        if verdict.effect == "allow":
            return say.passed(POLICY, variant="pass", statement=verdict.statement)
        return say.unknown(POLICY, variant="maybe-deployed")
    if policy is None:
        return say.passed(POLICY, variant="none")
    return _weigh(case, say, _verdict(case, policy))


def _weigh(case: Case, say: Say, verdict: PolicyVerdict) -> Finding:
    source = "GetRestApi (draft)" if case.view == "draft" or case.api.assumed else "GetExport (deployed)"
    statement = verdict.statement
    evidence = Evidence("policy", "an allow, no deny", f"{verdict.effect} {statement}".strip(), source)
    match verdict.effect:
        case "allow":
            return say.passed(POLICY, evidence, statement=statement)
        case "deny":
            return say.failed(POLICY, evidence, statement=statement)
        case "silent" if verdict.principal_only:
            return say.failed(POLICY, evidence, variant="fail-principal", statement=statement)
        case "silent":
            return say.unknown(POLICY, evidence, variant="silent")
        case "unreadable":
            return say.unknown(POLICY, evidence, variant="unreadable")
    keys = {key.lower() for key in verdict.keys}
    if keys and keys <= _ADDRESS:
        return say.unknown(POLICY, evidence, variant="address")
    return say.unknown(POLICY, evidence, variant="keys", keys=", ".join(key for key in verdict.keys))


def _verdict(case: Case, document: str) -> PolicyVerdict:
    place = case.place
    agent, referer = case.call.values("user-agent"), case.call.values("referer")
    return judge_policy(
        document,
        PolicyCall(
            region=case.api_region or "",
            account=case.account,
            rest_api_id=place.rest_api_id or "",
            stage=place.stage or "",
            method=case.call.method,
            path=place.path,
            now=case.clock,
            source_ip=case.source_ip,
            user_agent=agent[0] if agent else None,
            referer=referer[0] if referer else None,
            secure_transport=case.call.url.lower().startswith("https:"),
            private=bool(case.settings and "PRIVATE" in case.settings.endpoint_types),
        ),
    )
