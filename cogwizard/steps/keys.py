"""The API key: does the method ask for one, was one sent, and does any key open the stage?"""

from collections.abc import Iterable, Iterator

from cogwizard.model.case import Case
from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.read import Read
from cogwizard.model.read_api import GetApiKeys, GetUsagePlans
from cogwizard.model.route import NoRoute, Route
from cogwizard.model.usage import ApiKey, UsagePlan
from cogwizard.model.view import Hole
from cogwizard.steps.step import Say, passed_gate, reading

KEY = "api-key-required"
_MOST_KEYS = 10  # each costs a call; API Gateway grants 10 a second for the whole account (4.3 [D])


def plans_read(case: Case) -> GetUsagePlans | None:
    """Return the read of the region's usage plans."""
    return GetUsagePlans(case.api_region) if case.api_region else None


def covering(case: Case) -> list[UsagePlan]:
    """Return the usage plans that open the stage, as far as they are known."""
    place, plans = case.place, case.known(plans_read(case), tuple) or ()
    return [plan for plan in plans if plan.covers(place.rest_api_id, place.stage)]


def key_reads(case: Case) -> Iterator[Read | None]:
    """Yield the usage plans where the method asks for a key and one was sent; then the keys, unless one opened it.

    Which plans a key belongs to is asked key by key: the list of a plan's keys may hold their values.
    """
    if not (isinstance(case.route, Route) and case.route.method.api_key_required and _sent(case)):
        return
    yield plans_read(case)
    waiting = case.replay_read is not None and case.replay_read not in case.facts
    if waiting or passed_gate(case, KEY) or _is_counted(case):
        return
    if not covering(case) or case.api.api_key_source == "AUTHORIZER":
        return
    yield _keys_read(case)
    yield from (GetUsagePlans(case.api_region or "", key.id) for key in _few_keys(case) or ())


def _keys_read(case: Case) -> GetApiKeys | None:
    return GetApiKeys(case.api_region) if case.api_region else None


def _few_keys(case: Case) -> tuple[ApiKey, ...] | None:
    """The region's API keys; None where they are not known, or too many to ask about each."""
    keys = case.known(_keys_read(case), tuple)
    return keys if keys is not None and len(keys) <= _MOST_KEYS else None


def _is_counted(case: Case) -> bool:
    """Whether the answer is that of a usage plan's quota (F25 [V]): then the key that was sent is one of the plan's."""
    seen = reading(case)
    return seen is not None and seen.error_type == "LimitExceededException"


def _sent(case: Case) -> bool:
    return any(value.strip() for value in case.call.values("x-api-key"))


def judge_key(case: Case, say: Say) -> Finding:
    """Judge whether an API key stops the call. Whether the key that was sent is one of the plan's is not compared."""
    if isinstance(case.route, Hole):
        return say.not_read(KEY, case.route.because, case)
    if isinstance(case.route, NoRoute):
        return say.skipped(KEY, "no-method")
    source = "GetResources (draft)" if case.view == "draft" or case.api.assumed else "GetExport (deployed)"
    if not case.route.method.api_key_required:
        return say.passed(KEY, Evidence("API key", "not asked for", "not asked for", source))
    if case.api.api_key_source == "AUTHORIZER":
        evidence = Evidence("API key source", "HEADER", "AUTHORIZER", source)
        return say.unknown(KEY, evidence, variant="key-from-authorizer")
    if not _sent(case):
        evidence = Evidence("API key", "sent in x-api-key", "not sent", f"the request, {source}")
        return say.failed(KEY, evidence, header="x-api-key")
    if _is_counted(case):
        return say.passed(KEY, variant="counted")
    if case.known(plans_read(case), tuple) is None:
        return say.not_read(KEY, (plans_read(case),), case)
    stage = case.place.stage or "-"
    if not covering(case):
        evidence = Evidence("usage plan", f"one that covers stage {stage}", "none", "GetUsagePlans")
        return say.failed(KEY, evidence, variant="fail-no-plan", stage=stage)
    return _opened(case, say, stage)


def _opened(case: Case, say: Say, stage: str) -> Finding:
    """Whether any key opens the stage."""
    names = ", ".join(plan.name or plan.id for plan in covering(case)[:3])
    read, keys = _keys_read(case), _few_keys(case)
    if keys is None:
        return say.unknown(KEY, variant="key-not-checked", because=_unread(case, [read]), stage=stage)
    plans = {key: GetUsagePlans(case.api_region or "", key.id) for key in keys}
    if missing := _unread(case, plans.values()):
        return say.unknown(KEY, variant="key-not-checked", because=missing, stage=stage)
    place = case.place
    opening = [
        key
        for key, read in plans.items()
        if any(plan.covers(place.rest_api_id, place.stage) for plan in case.known(read, tuple) or ())
    ]
    if not opening:
        evidence = Evidence("API key", "at least one", "none", "GetUsagePlans, GetApiKeys")
        return say.failed(KEY, evidence, variant="fail-no-key", stage=stage, plans=names)
    if not any(key.enabled for key in opening):
        evidence = Evidence("API key", "enabled", "disabled", "GetApiKeys")
        return say.failed(KEY, evidence, variant="fail-disabled", stage=stage, plans=names)
    return say.unknown(KEY, variant="key-not-compared", stage=stage, plans=names)


def _unread(case: Case, reads: Iterable[Read | None]) -> tuple[Read, ...]:
    """Those of the reads that gave nothing, or were not made."""
    return tuple(read for read in reads if read is not None and case.known(read, tuple) is None)
