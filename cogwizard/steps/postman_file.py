"""A collection of Postman judged as a file: all its OAuth 2.0 blocks together, its requests, its secrets. Pure.

Rules: postman-oauth.md 4.5. One block by itself is judged by `steps.checklist.judge`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from cogwizard.intake.mask import told
from cogwizard.model.collection import Auth, Collection, FoundSecret
from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.postman import Setup
from cogwizard.steps.postman import ORDER, as_deployed
from cogwizard.steps.postman_requests import SAY, SECRET, Placed, brings_header, judge_requests
from cogwizard.steps.step import some
from cogwizard.steps.times import moment

_MOST = 20  # cells of evidence of one finding
_SENT, _NAME, _PLACEHOLDER = "header-not-sent", "header-name-mismatch", "header-placeholder"
# What is not known may hide a cause, a warning never does.
_RANK = {"skipped": 0, "pass": 1, "warn": 2, "unknown": 3, "fail": 4}
_MOST_BLOCKS = 50  # OAuth 2.0 blocks that are judged: each may be for another app client, with reads of its own
_LABELS = {"client secret": "client secret", "password": "secret", "AWS key": "secret", "secret": "secret"}


def setups(collection: Collection, setup: Setup) -> list[tuple[Auth, Setup]]:
    """Return the OAuth 2.0 blocks of a collection, each with the set-up that it is: what is entered, what is open.

    What stands in a variable without a value is open as well: exports keep secrets out so. At most 50:
    `judge_file` tells of those left out.
    """
    return [(auth, _setup(collection, setup, auth)) for auth in _blocks(collection)[:_MOST_BLOCKS]]


def _blocks(collection: Collection) -> list[Auth]:
    return [auth for auth in collection.auths if auth.type == "oauth2"]


def _setup(collection: Collection, setup: Setup, auth: Auth) -> Setup:
    entered = dict(auth.values)
    if "accessToken" in auth.open and not collection.has_environment:
        entered["accessToken"] = ""  # an environment that was not given may hold it
    return replace(setup, entered=entered, open={**auth.open, **auth.blank}, in_file=True)


def judge_file(collection: Collection, judged: Sequence[tuple[Auth, Sequence[Finding]]], setup: Setup) -> list[Finding]:
    """Return one finding for each check of the whole file, in the order of the checklist; raises nothing.

    `judged`: the blocks of `setups`, each with its own findings. Of several findings for one check the worst counts,
    with the proofs of all that are as bad, and of the warnings behind what is not known, each with its place.
    """
    found: dict[str, list[Placed]] = {}
    for item in _all(collection, judged, setup):
        found.setdefault(item.finding.code, []).append(item)
    order = [code for code in ORDER if code in found] + [code for code in found if code not in ORDER]
    return [_merged(found[code]) for code in order]


def _all(collection: Collection, judged: Sequence[tuple[Auth, Sequence[Finding]]], setup: Setup) -> Iterator[Placed]:
    for auth, findings in judged:
        brings_own = brings_header(collection, setup, auth)
        for item in findings:
            if not (brings_own and item.code == _NAME):
                yield Placed(item, auth.place)
        if "accessToken" in auth.open and not collection.has_environment:
            names = some(told(name, 80) for name in auth.open["accessToken"])
            yield Placed(SAY.unknown(_PLACEHOLDER, variant="no-environment", variables=names), auth.place)
    for placed in judge_requests(collection, setup):
        yield replace(placed, finding=as_deployed(setup, placed.finding))
    yield from _variables(collection)
    if left_out := len(_blocks(collection)) - len(judged) + collection.requests_left_out:
        yield Placed(SAY.unknown(_SENT, variant="left-out", count=left_out), "")
    yield Placed(_secrets(collection, setup.now), "")


def _merged(items: list[Placed]) -> Finding:
    worst = max(_RANK[item.finding.verdict] for item in items)
    chosen = [item for item in items if _RANK[item.finding.verdict] == worst]
    behind = [item for item in items if item.finding.verdict == "warn"] if worst == _RANK["unknown"] else []
    shown = (*chosen[: 10 * _MOST], *behind[:_MOST])
    # A dictionary keeps the first of equal cells, and their order.
    cells = {_placed(cell, item.place): None for item in shown for cell in item.finding.evidence}
    because = tuple(dict.fromkeys(read for item in chosen for read in item.finding.because))
    return replace(chosen[0].finding, evidence=tuple(cells)[:_MOST], because=because)


def _placed(cell: Evidence, place: str) -> Evidence:
    if not place:
        return cell
    where = told(place, 240)
    return replace(cell, source=f"{cell.source}, {where}" if cell.source else where)


def _variables(collection: Collection) -> Iterator[Placed]:
    """P15: a variable that is switched off, and one that needs itself."""
    if collection.disabled:
        names = some(told(name, 80) for name in collection.disabled)
        seen = Evidence("variable", "enabled", "disabled", names)
        yield Placed(SAY.warned(_PLACEHOLDER, seen, variant="disabled", variables=names), "environment")
    if collection.cyclic:
        names = some(told(name, 80) for name in collection.cyclic)
        seen = Evidence("variable", "set", f"{names} not set", "")
        yield Placed(SAY.warned(_PLACEHOLDER, seen, variant="cyclic", variables=names), "collection")


def _secrets(collection: Collection, now: float) -> Finding:
    """P20: what still counts is told, with its end; a token whose end is past is no secret any more."""
    live = [item for item in collection.secrets if item.expires is None or item.expires > now]
    if not live:
        expired = len(collection.secrets)
        return SAY.passed(SECRET, variant="expired", count=expired) if expired else SAY.passed(SECRET)
    cells = [_secret(item) for item in live[:_MOST]]
    if len(live) == 1:
        return SAY.warned(SECRET, *cells)
    return SAY.warned(SECRET, *cells, variant="several", count=len(live))


def _secret(item: FoundSecret) -> Evidence:
    ends = f", until {moment(item.expires)}" if item.expires is not None else ""
    places = f"{told(item.field, 120)}, {told(item.place, 240)}"
    times = f", {item.times} times" if item.times > 1 else ""
    return Evidence(_LABELS.get(item.kind, "token"), "a variable", f"{item.label}{ends}", f"{places}{times}")
