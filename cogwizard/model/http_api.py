"""An HTTP API (API Gateway v2), as far as it must be known to say why it refuses a token (research 2.3, 8)."""

from dataclasses import dataclass

from cogwizard.model.api import Method
from cogwizard.model.route import ANY, Route, match

DEFAULT = "$default"  # the route, and the stage, that take what no other takes


@dataclass(frozen=True)
class HttpApi:
    """What GetApi says. `protocol` is HTTP or WEBSOCKET."""

    id: str
    protocol: str
    name: str = ""
    endpoint_disabled: bool = False


@dataclass(frozen=True)
class HttpRoute:
    """A route. `key` is AWS's: `GET /orders/{id}`, `ANY /{proxy+}`, `$default`; `authorization_type`: NONE, JWT ..."""

    key: str
    authorization_type: str = "NONE"
    authorizer_id: str | None = None
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True)
class HttpAuthorizer:
    """An authorizer. `type` is JWT or REQUEST; `identity_sources` are expressions such as `$request.header.X`."""

    id: str
    name: str
    type: str
    issuer: str = ""
    audience: tuple[str, ...] = ()
    identity_sources: tuple[str, ...] = ()


def split_stage(stages: tuple[str, ...], path: str) -> tuple[str, str] | None:
    """Return the stage that a call reaches and the path after it; `path` is the URL's whole path.

    A stage whose name is the first segment wins, else `$default`; None where there is neither (HTTP APIs, routes [D]).
    """
    first, _, rest = path.lstrip("/").partition("/")
    if first in stages and first != DEFAULT:
        return first, f"/{rest}"
    return (DEFAULT, path) if DEFAULT in stages else None


def find_route(routes: tuple[HttpRoute, ...], method: str, path: str) -> HttpRoute | None:
    """Return the route that takes a call, None where none does.

    The most specific route that takes the verb wins, then `$default` (HTTP APIs, routes [D]): other than with a REST
    API, a resource without the verb stands in nobody's way.
    """
    by_key = {route.key: route for route in routes}
    fitting: dict[str, dict[str, Method]] = {}
    for key in by_key:
        verb, blank, template = key.partition(" ")
        if blank and verb in (method.upper(), ANY):
            fitting.setdefault(template, {})[verb] = Method("")
    found = match(fitting, path, method)
    if isinstance(found, Route):
        return by_key[f"{found.verb} {found.resource}"]
    return by_key.get(DEFAULT)
