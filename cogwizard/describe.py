"""A working set-up described for others: what is deployed becomes the `Team` of a `cogwizard.toml`. It only reads."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from cogwizard.diagnosis import Progress, gather
from cogwizard.intake.errors import BadInput
from cogwizard.intake.team import write_team
from cogwizard.intake.url import read_url
from cogwizard.model.api import Authorizer, Export
from cogwizard.model.call import Call, Target
from cogwizard.model.case import Case
from cogwizard.model.client import AppClient
from cogwizard.model.inert import scrub
from cogwizard.model.pool import home_region
from cogwizard.model.read import Absent, Read, Unread
from cogwizard.model.read_api import GetExport
from cogwizard.model.read_cognito import DescribeUserPoolClient, ListUserPoolClients
from cogwizard.model.team import METHODS, MOST_ROUTES, PATH, Route, Team
from cogwizard.model.view import Hole
from cogwizard.ports import Ports
from cogwizard.steps import TROUBLESHOOT
from cogwizard.steps.pools import MOST_POOLS, pools_of
from cogwizard.steps.step import some

_STEPS = tuple(step for step in TROUBLESHOOT if step.id in ("call", "authorizer", "deployment"))
Tell = Callable[[Progress[Case]], None]


class NotDescribed(Exception):
    """Why there is no file. `key` of a sentence of `screens/join.toml`, `params` fill it: inert, nothing secret."""

    def __init__(self, key: str, /, **params: str) -> None:
        """Take the key, and what fills the sentence."""
        super().__init__(key)
        self.key = key
        self.params = {name: scrub(value, 600) for name, value in params.items()}


@dataclass(frozen=True)
class Described:
    """A team, and what was decided on the way: keys of `screens/join.toml` with what fills them."""

    team: Team
    notes: tuple[tuple[str, Mapping[str, str]], ...] = ()


def describe(
    ports: Ports,
    *,
    url: str | None = None,
    rest_api_id: str | None = None,
    stage: str | None = None,
    region: str | None = None,
    user_pool_id: str | None = None,
    client_id: str | None = None,
    name: str | None = None,
    docs: str | None = None,
    tell: Tell = lambda _: None,
) -> Described:
    """Return what `cogwizard.toml` is to say of an API: named by a URL of it, or by its id and stage.

    Where several user pools or app clients could be meant, it is asked for `--user-pool-id` or `--client-id`. Raises
    NotDescribed, BadInput for a URL that cannot be read and for what the file may not hold, SetupError.
    """
    case = _case(url, rest_api_id, stage, region)
    case = gather(ports.place(case), _STEPS, ports.answer, tell, ports.patience)
    place = case.place
    if not place.rest_api_id or not place.stage:
        raise NotDescribed("describe no api")
    guarded = _guarded(case)
    notes: list[tuple[str, Mapping[str, str]]] = []
    pool = _pool(ports, guarded, user_pool_id, client_id)
    if user_pool_id is None and len(guarded) > 1:
        notes.append(("described pool", {"pool": pool, "pools": some(guarded)}))
    if client_id is None:
        client_id, shown = _only_client(ports, pool)
        notes.append(("described client", {"client": shown}))
    else:
        notes += _known_client(ports, pool, client_id)
    routes = tuple(route for route in guarded[pool] if route[0] in METHODS and PATH.fullmatch(route[1]))[:MOST_ROUTES]
    if len(routes) < len(guarded[pool]):
        notes.append(("described fewer routes", {"count": str(len(guarded[pool]) - len(routes))}))
    region = case.api_region or ""
    team = Team(region, place.rest_api_id, place.stage, pool, client_id, routes, docs, name or "")
    write_team(team)
    return Described(team if name else _named(team, case), tuple(notes))


def team_of(values: Mapping[str, str]) -> Team:
    """Return the team of what a walk-through made, from its journal's values by name.

    `region`, `api_id`, `stage`, `pool_id`, `client_id`, `name`. Raises KeyError before they are there, BadInput for
    values that such a file may not hold.
    """
    region, api, stage, pool, client = (values[key] for key in ("region", "api_id", "stage", "pool_id", "client_id"))
    team = Team(region, api, stage, pool, client, (("POST", "/"),), name=values.get("name", ""))
    write_team(team)
    return team


def _case(url: str | None, rest_api_id: str | None, stage: str | None, region: str | None) -> Case:
    if url is not None:
        return Case(Call("GET", url), read_url(url, rest_api_id, stage), time.time(), region=region)
    if not rest_api_id or not stage:
        raise NotDescribed("describe no api")
    target = Target("execute-api", "", "/", rest_api_id, stage, region)
    return Case(Call("GET", "https://./"), target, time.time(), region=region)


def _guarded(case: Case) -> dict[str, list[Route]]:
    """Return the routes of the stage that a Cognito authorizer guards, by the id of each pool that it trusts."""
    read = case.api_read(GetExport)
    if case.known(read, Export) is None:
        raise _unread(case.facts.get(read) if read else None, case.place.stage or "?")
    methods, authorizers = case.api.methods, case.api.authorizers
    hole = next((item for item in (methods, authorizers) if isinstance(item, Hole)), None)
    if isinstance(methods, Hole) or isinstance(authorizers, Hole):
        raise _unread(next((case.facts.get(item) for item in hole.because), None) if hole else None, "?")
    by_name = {item.name: item for item in authorizers.values()}
    found: dict[str, list[Route]] = {}
    for path, verbs in sorted(methods.items()):
        for verb, method in sorted(verbs.items()):
            if method.authorization_type == "COGNITO_USER_POOLS":
                for pool in _trusted(case, by_name.get(method.authorizer or "")):
                    found.setdefault(pool, []).append((verb, path))
    if not found:
        raise NotDescribed("describe not guarded", stage=case.place.stage or "?")
    return found


def _trusted(case: Case, authorizer: Authorizer | None) -> list[str]:
    return list(dict.fromkeys(arn.pool_id for arn in pools_of(case, authorizer).arns)) if authorizer else []


def _pool(ports: Ports, guarded: Mapping[str, list[Route]], wanted: str | None, client_id: str | None) -> str:
    """Return the pool: the one that was asked for, the only one, or the one that has the app client."""
    if wanted is not None:
        if wanted not in guarded:
            raise NotDescribed("describe other pool", pool=wanted, pools=some(guarded))
        return wanted
    if len(guarded) == 1:
        return next(iter(guarded))
    if client_id is not None:
        reads: list[Read] = [_client_read(pool, client_id) for pool in list(guarded)[:MOST_POOLS]]
        owners = [item.user_pool_id for item in ports.answers(reads).values() if isinstance(item, AppClient)]
        if len(owners) == 1:
            return owners[0]
    raise NotDescribed("describe pools", pools=some(guarded))


def _only_client(ports: Ports, pool: str) -> tuple[str, str]:
    """Return the id of a pool's only app client, and how it is shown."""
    read = ListUserPoolClients(home_region(pool) or "", pool)
    found = ports.answer(read)
    if not isinstance(found, tuple):
        raise NotDescribed("describe clients not read", pool=pool, error=_error(found))
    shown = [f"{client} ({name})" for client, name in found]
    if len(found) != 1:
        raise NotDescribed("describe clients" if found else "describe no clients", pool=pool, clients=some(shown))
    return found[0][0], shown[0]


def _known_client(ports: Ports, pool: str, client_id: str) -> Iterable[tuple[str, Mapping[str, str]]]:
    found = ports.answer(_client_read(pool, client_id))
    if isinstance(found, Absent):
        raise NotDescribed("describe no client", pool=pool, client=client_id)
    if isinstance(found, Unread):
        yield "described client not read", {"client": client_id, "error": _error(found)}


def _client_read(pool: str, client_id: str) -> DescribeUserPoolClient:
    return DescribeUserPoolClient(home_region(pool) or "", pool, client_id)


def _unread(found: object, stage: str) -> NotDescribed:
    if isinstance(found, Absent):
        return NotDescribed("describe no stage", stage=stage)
    permission = found.read.permission if isinstance(found, Unread) else None
    return NotDescribed("describe not read", error=_error(found), permission=permission or "-")


def _error(found: object) -> str:
    return found.error if isinstance(found, Absent | Unread) else "?"


def _named(team: Team, case: Case) -> Team:
    """Return the team with the API's own name, where the file may hold it."""
    made = replace(team, name=case.settings.name.strip() if case.settings else "")
    try:
        write_team(made)
    except BadInput:
        return team
    return made
