"""An HTTP API of the sandbox (API Gateway v2). What is changed applies at once: its stages deploy by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cogwizard.sandbox.shapes import make_id

DEFAULT = "$default"  # the route, and the stage, that take what no other takes


@dataclass
class HttpApi:
    """An HTTP API, or a WebSocket API by `protocol`. `routes` and `authorizers` are in the shapes of apigatewayv2.

    `answers`: route key -> status and body of the backend; `stages`: their names, each deployed automatically.
    """

    id: str
    name: str
    protocol: str = "HTTP"
    endpoint_disabled: bool = False
    stages: list[str] = field(default_factory=lambda: [DEFAULT])
    routes: dict[str, dict[str, Any]] = field(default_factory=dict)
    authorizers: list[dict[str, Any]] = field(default_factory=list)
    answers: dict[str, tuple[int, str]] = field(default_factory=dict)

    def guard(self, name: str, issuer: str, *audience: str, source: str = "$request.header.Authorization") -> None:
        """Add a JWT authorizer."""
        self.authorizers.append(
            {
                "AuthorizerId": make_id("http authorizer", name, length=6),
                "AuthorizerType": "JWT",
                "IdentitySource": [source],
                "JwtConfiguration": {"Issuer": issuer, "Audience": list(audience)},
                "Name": name,
            }
        )

    def add(
        self,
        key: str,
        authorizer: str | None = None,
        *,
        scopes: Sequence[str] = (),
        answer: tuple[int, str] = (200, ""),
    ) -> None:
        """Add a route, behind the JWT authorizer of this name where one is given."""
        route: dict[str, Any] = {"RouteId": make_id("route", self.id, key, length=7), "RouteKey": key}
        route |= {"AuthorizationType": "JWT" if authorizer else "NONE", "ApiKeyRequired": False}
        if authorizer:
            route["AuthorizerId"] = make_id("http authorizer", authorizer, length=6)
            route["AuthorizationScopes"] = list(scopes)
        self.routes[key], self.answers[key] = route, answer
