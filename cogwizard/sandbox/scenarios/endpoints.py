"""Where a call goes: custom domains, mutual TLS, private APIs, HTTP APIs, and the canary of a stage."""

from cogwizard.sandbox import lambda_authorizer, method
from cogwizard.sandbox.scenarios.scenario import Scenario, Setting

_FORBIDDEN = 'HTTP/1.1 403 Forbidden\r\nx-amzn-ErrorType: ForbiddenException\r\n\r\n{"message":"Forbidden"}'
_UNAUTHORIZED = 'HTTP/1.1 401 Unauthorized\r\nx-amzn-ErrorType: UnauthorizedException\r\n\r\n{"message":"Unauthorized"}'


def _domain(s: Setting, host: str, path: str, *mappings: tuple[str, str], mutual_tls: bool = False) -> None:
    """Call a custom domain whose mappings, pairs of base path and stage, lead to the API; with a good token."""
    trusted = {"truststoreUri": "s3://shop-certificates/truststore.pem", "truststoreVersion": "1"}
    s.standard()
    s.send(s.token())
    s.host, s.path = host, path
    settings = {"mutualTlsAuthentication": trusted} if mutual_tls else {}
    s.world.add_domain(host, *((base, s.api.id, stage) for base, stage in mappings), **settings)


def _mapping(s: Setting) -> None:
    _domain(s, "unmapped.shop.localhost", "/v2/orders", ("v1", "prod"))


def _no_mapping(s: Setting) -> None:
    _domain(s, "empty.shop.localhost", "/orders")


def _stage_repeated(s: Setting) -> None:
    _domain(s, "repeated.shop.localhost", "/v1/prod/orders", ("v1", "prod"))


def _stage_gone(s: Setting) -> None:
    _domain(s, "moved.shop.localhost", "/v1/orders", ("v1", "live"))


def _several_levels(s: Setting) -> None:
    _domain(s, "levels.shop.localhost", "/shop/v1/orders", ("shop", "test"), ("shop/v1", "prod"))


def _elsewhere(s: Setting) -> None:
    s.standard()
    s.send(s.token())
    s.url, s.pasted = "https://api.shop.example/v1/orders", _FORBIDDEN


def _mutual_tls(s: Setting) -> None:
    _domain(s, "partners.shop.localhost", "/orders", ("(none)", "prod"), mutual_tls=True)


def _mutual_tls_passed(s: Setting) -> None:
    _domain(s, "certified.shop.localhost", "/orders", ("(none)", "prod"), mutual_tls=True)
    s.headers.clear()
    s.send(s.token("access"))
    s.pasted = _UNAUTHORIZED


def _private(s: Setting) -> None:
    s.standard()
    s.api.endpoint_types = ["PRIVATE"]
    s.send(s.token())


def _private_passed(s: Setting) -> None:
    _private(s)
    s.headers.clear()
    s.send(s.token("access"))
    s.pasted = _UNAUTHORIZED


def _from_a_vpc(s: Setting) -> None:
    s.standard()
    s.send(s.token())
    s.url = f"https://{s.api.id}.execute-api.{s.world.region}.amazonaws.com/prod/orders"
    s.pasted = _FORBIDDEN


def _unnamed(s: Setting) -> None:
    s.standard()
    s.send(s.token())
    s.url = f"https://vpce-0a1b2c3d4e5f6a7b8-abcd1234.execute-api.{s.world.region}.vpce.amazonaws.com/prod/orders"
    s.pasted = _FORBIDDEN


def _http(s: Setting, *, audience: str | None = None, scopes: tuple[str, ...] = (), path: str = "/orders") -> None:
    """Call an HTTP API of the scenario's name whose JWT authorizer takes the shared pool's tokens."""
    api = s.world.add_http_api(s.api.name)
    issuer = f"https://cognito-idp.{s.pool.region}.amazonaws.com/{s.pool.id}"
    api.guard("Jwt", issuer, audience or s.client.id)
    api.add("GET /orders", "Jwt", scopes=scopes)
    s.host, s.path = f"{api.id}.execute-api.localhost", path
    s.send(f"Bearer {s.token('access', scopes=['orders/read'])}")


def _http_audience(s: Setting) -> None:
    _http(s, audience="1example23456789abcdefghij")


def _http_scope(s: Setting) -> None:
    _http(s, scopes=("orders/write",))


def _http_route(s: Setting) -> None:
    _http(s, path="/order")


def _http_healthy(s: Setting) -> None:
    _http(s, scopes=("orders/read",))


def _http_behind(s: Setting) -> None:
    """A REST API hands on what an HTTP API behind it answers, with that one's marks."""
    s.standard(backend=(401, {"apigw-requestid": "Jk4LmN0pQr8sTu="}, '{"message":"Unauthorized"}'))
    s.send(s.token())


def _websocket(s: Setting) -> None:
    api = s.world.add_http_api(s.api.name, protocol="WEBSOCKET")
    s.host, s.path = f"{api.id}.execute-api.localhost", "/prod/orders"
    s.send(s.token())


def _canary(s: Setting) -> None:
    """Now and then a call meets a release that was never ended: there a Lambda function judges."""
    s.standard()
    s.api.draft.authorizers.append(lambda_authorizer("Guard", "refuse"))
    s.world.functions["refuse"] = "unauthorized"
    cognito = s.api.draft.resources["/orders"]["GET"]
    s.api.draft.add("/orders", GET=method("CUSTOM", "Guard"))
    s.api.deploy_canary("prod", 10)
    s.api.draft.add("/orders", GET=cognito)
    s.send(s.token())


def _canary_answered(s: Setting) -> None:
    _canary(s)
    s.pasted = _UNAUTHORIZED


def _canary_expired(s: Setting) -> None:
    _canary(s)
    s.headers.clear()
    s.send(s.token(age=7200))


ENDPOINTS = (
    Scenario("custom-domain-mapping", _mapping, ("custom-domain-mapping",)),
    Scenario("custom-domain-mapping-none", _no_mapping, ("custom-domain-mapping",)),
    Scenario("custom-domain-stage-repeated", _stage_repeated, ("route-not-matched",)),
    Scenario("custom-domain-stage-gone", _stage_gone, ("wrong-stage",)),
    Scenario("custom-domain-several-levels", _several_levels, outcome="healthy"),
    Scenario("custom-domain-elsewhere", _elsewhere, unknowns=("custom-domain-mapping",), outcome="inconclusive"),
    Scenario("mutual-tls", _mutual_tls, ("mutual-tls",)),
    Scenario("mutual-tls-passed", _mutual_tls_passed, ("access-token-where-id-token-expected",)),
    Scenario("private-endpoint", _private, ("private-endpoint",)),
    Scenario("private-endpoint-unnamed", _unnamed, ("private-endpoint",)),
    Scenario("private-endpoint-passed", _private_passed, ("access-token-where-id-token-expected",)),
    Scenario("private-endpoint-from-vpc", _from_a_vpc, unknowns=("private-endpoint",), outcome="inconclusive"),
    Scenario("http-api", _http_audience, ("http-api",)),
    Scenario("http-api-scope", _http_scope, ("http-api",)),
    Scenario("http-api-no-route", _http_route, ("http-api",)),
    Scenario("http-api-answers", _http_healthy, warns=("http-api",), outcome="healthy"),
    Scenario("http-api-behind", _http_behind, ("backend-answered",)),
    Scenario("websocket-api", _websocket, unknowns=("http-api",), outcome="inconclusive"),
    Scenario("canary-differs", _canary_answered, ("canary-differs",)),
    Scenario("canary-differs-passed", _canary, warns=("canary-differs",), outcome="healthy"),
    Scenario("canary-differs-expired", _canary_expired, ("token-expired",), warns=("canary-differs",)),
)
