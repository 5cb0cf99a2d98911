"""What can be picked from an account, as rows of text; and the URL that the picks add up to. No widget, no read."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from cogwizard.model.api import ApiSummary, Methods, Stage
from cogwizard.model.inert import inert
from cogwizard.report.wrap import pad, width

if TYPE_CHECKING:
    from cogwizard.ports import Ports

SHOWN = 200  # rows: a longer list is narrowed by typing, not by scrolling, and costs each key press its time
VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
_LONGEST = 120  # characters of a name in a row
_WIDEST = 44  # cells that a column is padded to: a longer name pushes its own row only
_PLACEHOLDER = re.compile(r"\{([^{}/]+)\}")


@dataclass(frozen=True)
class Row:
    """Something to pick: `id` names it, `name` stands in the breadcrumb, `text` in the list, `sought` is filtered."""

    id: str
    name: str
    text: str
    sought: str


@dataclass(frozen=True)
class Listed:
    """A list, and the key of the sentence above it (`screens/pick.toml`)."""

    rows: tuple[Row, ...]
    about: str


def rows(cells: Sequence[tuple[str, ...]], ids: Sequence[str], names: Sequence[str]) -> tuple[Row, ...]:
    """Return rows with their cells under each other; all text is foreign, and made inert."""
    shown = [tuple(inert(cell, _LONGEST) for cell in row) for row in cells]
    columns = max((len(row) for row in shown), default=0)
    widths = [min(_WIDEST, max(width(row[at]) for row in shown)) for at in range(columns - 1)]
    lines = ["  ".join([*map(pad, row, widths), row[-1]]).rstrip(" ") for row in shown]
    return tuple(
        Row(id, inert(name, _LONGEST), line, " ".join(row).lower())
        for id, name, line, row in zip(ids, names, lines, shown, strict=True)
    )


def _first(items: Sequence[str], preferred: Sequence[str | None]) -> list[str]:
    wanted = [item for item in preferred if item]
    return list(dict.fromkeys([*wanted, *items]))


def region_rows(known: Sequence[str], preferred: Sequence[str | None]) -> tuple[Row, ...]:
    """Return the regions, the preferred ones first."""
    names = _first(known, preferred)
    return rows([(name,) for name in names], names, names)


def api_rows(apis: Sequence[ApiSummary], remembered: str | None) -> tuple[Row, ...]:
    """Return the APIs by name, the remembered one first."""
    listed = sorted(apis, key=lambda api: (api.id != remembered, api.name.lower(), api.id))
    cells = [(api.id, api.name, " ".join(api.endpoint_types)) for api in listed]
    return rows(cells, [api.id for api in listed], [api.name or api.id for api in listed])


def stage_rows(stages: Sequence[Stage], remembered: str | None, deployment: Callable[[str], str]) -> tuple[Row, ...]:
    """Return the stages, the remembered one first. `deployment` says in words which deployment it serves."""
    listed = sorted(stages, key=lambda stage: (stage.name != remembered, stage.name))
    cells = [(stage.name, deployment(inert(stage.deployment_id or "-", 40))) for stage in listed]
    names = [stage.name for stage in listed]
    return rows(cells, names, names)


def method_rows(methods: Methods) -> tuple[Row, ...]:
    """Return the methods by path and verb, with what each asks for."""
    listed = [(path, verb, methods[path][verb]) for path in sorted(methods) for verb in sorted(methods[path])]
    cells = [(verb, path, " ".join((found.authorization_type, *found.scopes))) for path, verb, found in listed]
    names = [f"{verb} {path}" for path, verb, _ in listed]
    return rows(cells, names, names)


def verb_rows() -> tuple[Row, ...]:
    """Return the verbs that ANY stands for."""
    return rows([(verb,) for verb in VERBS], VERBS, VERBS)


def matching(found: Sequence[Row], typed: str) -> list[Row]:
    """Return the rows that hold every word that was typed, in any case."""
    words = typed.lower().split()
    return [row for row in found if all(word in row.sought for word in words)] if words else list(found)


def placeholders(path: str) -> list[str]:
    """Return the names of a path's variables: `id`, `proxy+`."""
    return _PLACEHOLDER.findall(path)


def filled(path: str, values: Mapping[str, str]) -> str:
    """Return the path with its variables filled in, percent-encoded; a greedy variable keeps its slashes."""

    def value(found: re.Match[str]) -> str:
        greedy = found[1].endswith("+")
        text = values[found[1]]
        return quote(text.lstrip("/") if greedy else text, safe="/" if greedy else "", errors="replace")

    return _PLACEHOLDER.sub(value, path)


def invoke_url(ports: "Ports", region: str, rest_api_id: str, stage: str, path: str) -> str:
    """Return the URL of a call: API Gateway's own, or the emulator's where an endpoint override is in force.

    Makes no network call; imports boto3. Raises SetupError.
    """
    from cogwizard.aws.regions import dns_suffix

    if ports.clients.overridden("apigateway", region):
        endpoint = ports.clients.endpoint("apigateway", region).rstrip("/")
        return f"{endpoint}/_aws/execute-api/{rest_api_id}/{stage}{path}"
    return f"https://{rest_api_id}.execute-api.{region}.{dns_suffix(region)}/{stage}{path}"
