"""From a URL to an API, a stage and a path; from a path to a resource and a method."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from cogwizard.sandbox.protocol import Request
from cogwizard.sandbox.world import World


@dataclass(frozen=True)
class Target:
    """What a URL of execute-api names. `default_endpoint` is False for a custom domain."""

    rest_api_id: str
    stage: str
    path: str
    default_endpoint: bool = True
    mapped: bool = True  # False: a custom domain without a mapping for this path
    mutual_tls: bool = False  # the custom domain asks for a client certificate


def find_target(world: World, request: Request) -> Target | None:
    """Return the API, stage and path that a request calls, or None when it is no call of an API."""
    host = (request.header("host") or "").rpartition("@")[2].split(":")[0].lower()
    if found := re.match(r"([a-z0-9]+)\.execute-api\.", host):
        stage, path = _first(request.path)
        return Target(found[1], stage, path)
    if host in world.domain_names:
        return _mapped(world, host, request.path)
    if (wildcard := f"*.{host.partition('.')[2]}") in world.domain_names:
        return _mapped(world, wildcard, request.path)
    if found := re.fullmatch(r"/_aws/execute-api/([^/]+)(?:/([^/]*)(.*))?", request.path, re.DOTALL):
        return Target(found[1], unquote(found[2] or ""), found[3] or "/")
    if found := re.fullmatch(r"/restapis/([^/]+)/([^/]+)/_user_request_(/.*)?", request.path, re.DOTALL):
        return Target(found[1], unquote(found[2]), found[3] or "/")
    return None


def _first(path: str) -> tuple[str, str]:
    first, slash, rest = path.lstrip("/").partition("/")
    return unquote(first), f"{slash}{rest}" or "/"


def _mapped(world: World, host: str, path: str) -> Target:
    """The longest base path wins, part by part; "(none)" takes what is left."""
    mutual_tls = "mutualTlsAuthentication" in world.domain_names[host]
    mappings = {each["basePath"]: each for each in world.base_path_mappings.get(host, ())}
    parts = path.strip("/").split("/")
    for count in range(len(parts), 0, -1):
        if found := mappings.get(unquote("/".join(parts[:count]))):
            return _target(found, "/" + "/".join(parts[count:]), mutual_tls)
    if found := mappings.get("(none)"):
        return _target(found, path, mutual_tls)
    return Target("", "", path, default_endpoint=False, mapped=False, mutual_tls=mutual_tls)


def _target(mapping: Mapping[str, str], path: str, mutual_tls: bool) -> Target:
    stage, rest = (mapping["stage"], path) if mapping.get("stage") else _first(path)
    return Target(mapping["restApiId"], stage, rest, default_endpoint=False, mutual_tls=mutual_tls)


def match(
    resources: Mapping[str, Mapping[str, Mapping[str, Any]]], verb: str, path: str
) -> tuple[str, Mapping[str, Any]] | None:
    """Return the resource and the method that a path (still encoded) and a verb reach, or None.

    The most specific resource wins, part by part: literal, {param}, {proxy+}. The verb is looked for at that resource
    only, then ANY. A slash at the end is ignored ([R]: AWS routes both forms to one resource).
    """
    parts = [unquote(part) for part in path.strip("/").split("/")] if path.strip("/") else []
    fitting = [(rank, template) for template in resources if (rank := _rank(template, parts)) is not None]
    # A resource without methods of its own (a mere parent) is no match.
    fitting = [each for each in fitting if resources[each[1]]]
    if not fitting:
        return None
    template = min(fitting)[1]
    method = resources[template].get(verb) or resources[template].get("ANY")
    return (template, method) if method else None


def path_parameters(template: str, path: str) -> dict[str, str]:
    """Return the values of `{name}` and `{name+}` in a path (still encoded) that a resource matches."""
    wanted, parts = template.strip("/").split("/"), path.strip("/").split("/")
    found = {}
    for at, want in enumerate(wanted):
        if want.endswith("+}"):
            found[want[1:-2]] = unquote("/".join(parts[at:]))
        elif want.startswith("{") and want.endswith("}"):
            found[want[1:-1]] = unquote(parts[at])
    return found


def _rank(template: str, parts: list[str]) -> tuple[int, ...] | None:
    """Return how specific a matching template is, smaller is more so; None when it does not match."""
    wanted = template.strip("/").split("/") if template != "/" else []
    rank: list[int] = []
    for at, want in enumerate(wanted):
        if want.startswith("{") and want.endswith("+}"):
            return (*rank, 2) if len(parts) > at else None  # {proxy+} needs at least one part: not its parent
        if at >= len(parts):
            return None
        is_parameter = want.startswith("{") and want.endswith("}")
        if not is_parameter and want != parts[at]:
            return None
        rank.append(1 if is_parameter else 0)
    return tuple(rank) if len(wanted) == len(parts) else None
