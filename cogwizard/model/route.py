"""Which method of an API a path and a verb reach."""

from dataclasses import dataclass
from difflib import get_close_matches
from urllib.parse import unquote

from cogwizard.model.api import Method, Methods

ANY = "ANY"


@dataclass(frozen=True)
class Route:
    """A matched method. `verb` is "ANY" where the resource has only that."""

    resource: str
    verb: str
    method: Method


@dataclass(frozen=True)
class NoRoute:
    """No method matches. `resource` matched the path but has not the verb, only `verbs`; "" when no resource matched.

    `nearest` is the resource that looks most like the path; "" when none does. `elsewhere`: a less specific resource
    would take the verb, and AWS does not document whether it is asked then.
    """

    resource: str = ""
    verbs: tuple[str, ...] = ()
    nearest: str = ""
    elsewhere: bool = False


def match(methods: Methods, path: str, verb: str) -> Route | NoRoute:
    """Return the method that `path` ("/..." after the stage) and `verb` reach.

    Literal segments win over `{name}`, which win over the greedy `{name+}`; `{proxy+}` does not cover its parent
    (research 1.11, cases 45 and 51). A trailing slash is not significant.
    """
    wanted = _segments(path)
    found = sorted((rank, resource) for resource in methods if (rank := _rank(_segments(resource), wanted)) is not None)
    if not found:
        near = get_close_matches(path, list(methods), n=1, cutoff=0.6)
        return NoRoute(nearest=near[0] if near else "")
    for place, (_, resource) in enumerate(found):
        verbs = methods[resource]
        hit = verb.upper() if verb.upper() in verbs else ANY if ANY in verbs else None
        if hit and place == 0:
            return Route(resource, hit, verbs[hit])
        if hit:
            return NoRoute(found[0][1], tuple(sorted(methods[found[0][1]])), elsewhere=True)
    return NoRoute(found[0][1], tuple(sorted(methods[found[0][1]])))


def _segments(path: str) -> list[str]:
    return [part for part in path.strip("/").split("/") if part] if path.strip("/") else []


def _rank(template: list[str], wanted: list[str]) -> tuple[int, ...] | None:
    """Return a sort key, smaller for the more specific template, or None where it does not match."""
    key: list[int] = []
    for at, part in enumerate(template):
        if part.startswith("{") and part.endswith("+}"):
            return (*key, 2) if len(wanted) > at and at == len(template) - 1 else None
        if at >= len(wanted):
            return None
        if part.startswith("{") and part.endswith("}"):
            key.append(1)
        elif part in (wanted[at], unquote(wanted[at])):
            key.append(0)
        else:
            return None
    return tuple(key) if len(wanted) == len(template) else None
