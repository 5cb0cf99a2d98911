"""Draft against deployed: what deploying would mend, and what is told of it (interface, section 3)."""

from dataclasses import replace

from cogwizard.gateway import gate_of
from cogwizard.judgement.order import fails, is_browsers
from cogwizard.model.case import Case
from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.route import Route
from cogwizard.steps.canary import CANARY

CHANGES = "changes-not-deployed"
# A check that the draft makes pointless (a method without authorization) does not fail there; one that is masked or
# has nothing to judge tells nothing.
_NOT_FAILING = {"open-method", "other-authorization"}
# Warnings that are blamed for want of another cause: that the draft's is not (it may be read in part) mends nothing.
_BLAMED = {"issuer-updated", CANARY}


def mended_by_deploying(live: list[Finding], draft: list[Finding]) -> set[str]:
    """Return the codes that fail for the deployed API and are known not to fail for the draft."""
    verdicts = {item.code: item for item in draft}
    mended = set()
    for item in live:
        twin = verdicts.get(item.code)
        if twin is None or gate_of(item.code) == "backend":
            continue
        if twin.verdict == "warn" and item.code in _BLAMED:
            continue
        if twin.verdict in ("pass", "warn") or (twin.verdict == "skipped" and twin.variant in _NOT_FAILING):
            mended.add(item.code)
    return mended


def causes_of(live: list[Finding], drafted: list[Finding], mended: set[str]) -> list[str]:
    """Return the causes in order.

    Those before the first that deploying mends, `changes-not-deployed` for all such, and what would stop the call then.
    """
    codes = [item.code for item in live]
    if not mended:
        return list(dict.fromkeys(codes))
    first = next(place for place, code in enumerate(codes) if code in mended)
    earlier = codes[:first]
    # Once the draft is deployed the call meets it from the start: all that fails there comes after.
    later = [item.code for item in drafted if item.code not in earlier and item.code != CHANGES]
    return list(dict.fromkeys([*earlier, CHANGES, *later]))


def merge(
    case: Case, deployed: list[Finding], drafted: list[Finding], mended: set[str], causes: list[str]
) -> list[Finding]:
    """One entry for each check: the deployed view's, but for what fails in the draft only."""
    only_draft = {item.code: item for item in drafted}
    merged: list[Finding] = []
    for item in deployed:
        twin = only_draft.get(item.code)
        if item.code in mended and item.verdict == "fail":
            merged.append(replace(item, explained_by=CHANGES))
        elif item.code == CHANGES and mended:
            merged.append(_undeployed(case, item, deployed, mended))
        elif item.verdict != "fail" and twin is not None and not item.explained_by:
            # Not failing as deployed: the draft's failure is yet to come.
            merged.append(twin if item.code in causes else replace(twin, verdict="warn"))
        else:
            merged.append(item)
    return merged


def _undeployed(case: Case, item: Finding, deployed: list[Finding], mended: set[str]) -> Finding:
    first = next(finding for finding in fails(deployed) if finding.code in mended)
    draft = case.seen_as("draft")
    params = {
        **item.params,
        "stage": item.params.get("stage") or (case.place.stage or "-"),
        "method": case.call.method,
        "path": case.place.path,
    }
    if first.code == "route-not-matched" and isinstance(draft.route, Route):
        evidence = item.evidence or (Evidence("method", draft.route.resource, "none", "draft, deployed"),)
        return replace(item, verdict="fail", variant="missing", params=params, evidence=evidence)
    if item.evidence and not is_browsers(first.code):
        return replace(item, verdict="fail", variant="fail", params=params)
    return replace(
        item, verdict="fail", variant="other", params={**params, "code": first.code}, evidence=first.evidence
    )
