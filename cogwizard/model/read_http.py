"""What is read of API Gateway v2: HTTP APIs, and the mappings of custom domains that only it knows."""

from dataclasses import dataclass
from typing import ClassVar

from cogwizard.model.read import Read


@dataclass(frozen=True)
class _HttpRead(Read):
    service: ClassVar[str] = "apigatewayv2"
    iam: ClassVar[str | None] = "apigateway:GET"
    region: str
    api_id: str


@dataclass(frozen=True)
class GetApi(_HttpRead):
    """-> HttpApi."""

    operation: ClassVar[str] = "GetApi"
    resource: ClassVar[str] = "arn:{partition}:apigateway:{region}::/apis/{api_id}"


@dataclass(frozen=True)
class GetHttpStages(_HttpRead):
    """-> tuple[str, ...]: the names of the stages."""

    operation: ClassVar[str] = "GetStages"
    resource: ClassVar[str] = "arn:{partition}:apigateway:{region}::/apis/{api_id}/stages"


@dataclass(frozen=True)
class GetRoutes(_HttpRead):
    """-> tuple[HttpRoute, ...]."""

    operation: ClassVar[str] = "GetRoutes"
    resource: ClassVar[str] = "arn:{partition}:apigateway:{region}::/apis/{api_id}/routes"


@dataclass(frozen=True)
class GetHttpAuthorizers(_HttpRead):
    """-> tuple[HttpAuthorizer, ...]."""

    operation: ClassVar[str] = "GetAuthorizers"
    resource: ClassVar[str] = "arn:{partition}:apigateway:{region}::/apis/{api_id}/authorizers"


@dataclass(frozen=True)
class GetApiMappings(Read):
    """-> tuple[tuple[base_path, api_id, stage], ...], as GetBasePathMappings: those of several levels too."""

    service: ClassVar[str] = "apigatewayv2"
    operation: ClassVar[str] = "GetApiMappings"
    iam: ClassVar[str | None] = "apigateway:GET"
    resource: ClassVar[str] = "arn:{partition}:apigateway:{region}::/domainnames/{domain_name}/apimappings"
    region: str
    domain_name: str
