"""API Gateway v2's reads, a function per type: `(client, read) -> facts`. They raise as those of `apigateway`."""

from collections.abc import Callable, Iterator
from typing import Any

from cogwizard.aws.fields import Malformed, flag, required, table, tables, text, texts
from cogwizard.model import read_http as reads
from cogwizard.model.http_api import HttpApi, HttpAuthorizer, HttpRoute
from cogwizard.model.place import Mapping
from cogwizard.model.read import Read

_PAGE = "500"  # the model has the number as text
_MOST_PAGES = 1000


def pages(operation: Callable[..., Any], **arguments: Any) -> Iterator[dict[str, Any]]:
    """Yield the items of all pages of a list. Raises Malformed when a token repeats: it would never end."""
    seen: set[str] = set()
    following: str | None = None
    for _ in range(_MOST_PAGES):
        page = operation(MaxResults=_PAGE, **arguments, **({"NextToken": following} if following else {}))
        if page.get("Items") is None:
            raise Malformed("items is missing")
        yield from tables(page, "Items")
        following = text(page, "NextToken")
        if following is None:
            return
        if following in seen:
            break
        seen.add(following)
    raise Malformed("the list does not end: its token repeats")


def get_api(client: Any, read: reads.GetApi) -> HttpApi:
    """Return an HTTP or WebSocket API."""
    answer = client.get_api(ApiId=read.api_id)
    return HttpApi(
        id=required(answer, "ApiId"),
        protocol=required(answer, "ProtocolType"),
        name=text(answer, "Name") or "",
        endpoint_disabled=flag(answer, "DisableExecuteApiEndpoint") or False,
    )


def get_stages(client: Any, read: reads.GetHttpStages) -> tuple[str, ...]:
    """Return the names of the stages."""
    return tuple(required(item, "StageName") for item in pages(client.get_stages, ApiId=read.api_id))


def get_routes(client: Any, read: reads.GetRoutes) -> tuple[HttpRoute, ...]:
    """Return the routes."""
    return tuple(
        HttpRoute(
            key=required(item, "RouteKey"),
            authorization_type=text(item, "AuthorizationType") or "NONE",
            authorizer_id=text(item, "AuthorizerId"),
            scopes=texts(item, "AuthorizationScopes"),
        )
        for item in pages(client.get_routes, ApiId=read.api_id)
    )


def get_authorizers(client: Any, read: reads.GetHttpAuthorizers) -> tuple[HttpAuthorizer, ...]:
    """Return the authorizers."""
    return tuple(
        HttpAuthorizer(
            id=required(item, "AuthorizerId"),
            name=text(item, "Name") or "",
            type=required(item, "AuthorizerType"),
            issuer=text(table(item, "JwtConfiguration"), "Issuer") or "",
            audience=texts(table(item, "JwtConfiguration"), "Audience"),
            identity_sources=texts(item, "IdentitySource"),
        )
        for item in pages(client.get_authorizers, ApiId=read.api_id)
    )


def get_api_mappings(client: Any, read: reads.GetApiMappings) -> tuple[Mapping, ...]:
    """Return (base path, API id, stage) of each mapping; the empty base path under v1's name for it.

    v1 makes mappings without a stage, which the URL then names: "".
    """
    return tuple(
        (text(item, "ApiMappingKey") or "(none)", required(item, "ApiId"), text(item, "Stage") or "")
        for item in pages(client.get_api_mappings, DomainName=read.domain_name)
    )


READERS: dict[type[Read], Callable[[Any, Any], Any]] = {
    reads.GetApi: get_api,
    reads.GetHttpStages: get_stages,
    reads.GetRoutes: get_routes,
    reads.GetHttpAuthorizers: get_authorizers,
    reads.GetApiMappings: get_api_mappings,
}
