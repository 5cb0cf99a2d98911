"""What is read of API Gateway."""

from dataclasses import dataclass, field
from typing import ClassVar

from cogwizard.model.read import Read


@dataclass(frozen=True)
class _ApiRead(Read):
    service: ClassVar[str] = "apigateway"
    iam: ClassVar[str | None] = "apigateway:GET"
    region: str
    rest_api_id: str


@dataclass(frozen=True)
class GetRestApis(Read):
    """-> tuple[ApiSummary, ...]: the region's APIs. No step wants it: the wizard's list of APIs does."""

    service: ClassVar[str] = "apigateway"
    operation: ClassVar[str] = "GetRestApis"
    iam: ClassVar[str | None] = "apigateway:GET"
    resource: ClassVar[str] = "arn:{partition}:apigateway:{region}::/restapis"
    region: str


@dataclass(frozen=True)
class GetRestApi(_ApiRead):
    """-> ApiSettings."""

    operation: ClassVar[str] = "GetRestApi"
    resource: ClassVar[str] = "arn:{partition}:apigateway:{region}::/restapis/{rest_api_id}"


@dataclass(frozen=True)
class GetStages(_ApiRead):
    """-> tuple[Stage, ...]."""

    operation: ClassVar[str] = "GetStages"
    resource: ClassVar[str] = "arn:{partition}:apigateway:{region}::/restapis/{rest_api_id}/stages"


@dataclass(frozen=True)
class GetResources(_ApiRead):
    """-> Methods of the working copy, authorizers by id."""

    operation: ClassVar[str] = "GetResources"
    resource: ClassVar[str] = "arn:{partition}:apigateway:{region}::/restapis/{rest_api_id}/resources"


@dataclass(frozen=True)
class GetAuthorizers(_ApiRead):
    """-> tuple[Authorizer, ...] of the working copy."""

    operation: ClassVar[str] = "GetAuthorizers"
    resource: ClassVar[str] = "arn:{partition}:apigateway:{region}::/restapis/{rest_api_id}/authorizers"


@dataclass(frozen=True)
class GetGatewayResponses(_ApiRead):
    """-> tuple[GatewayResponse, ...]: the customized ones only."""

    operation: ClassVar[str] = "GetGatewayResponses"
    resource: ClassVar[str] = "arn:{partition}:apigateway:{region}::/restapis/{rest_api_id}/gatewayresponses"


@dataclass(frozen=True)
class GetExport(_ApiRead):
    """-> Export: the stage as deployed."""

    operation: ClassVar[str] = "GetExport"
    resource: ClassVar[str] = "arn:{partition}:apigateway:{region}::/restapis/{rest_api_id}/stages/{stage}/exports/*"
    stage: str


@dataclass(frozen=True)
class GetDeployment(_ApiRead):
    """-> Methods of the snapshot (embed=apisummary): type and key flag only, no authorizer, no scopes."""

    operation: ClassVar[str] = "GetDeployment"
    resource: ClassVar[str] = "arn:{partition}:apigateway:{region}::/restapis/{rest_api_id}/deployments/*"
    deployment_id: str


@dataclass(frozen=True)
class TestInvokeAuthorizer(_ApiRead):
    """-> AuthorizerTest. Sends an ID token to API Gateway's own endpoint, tests the working copy (research 1.9)."""

    __test__: ClassVar[bool] = False  # not a test class, whatever pytest thinks of its name
    operation: ClassVar[str] = "TestInvokeAuthorizer"
    iam: ClassVar[str | None] = "apigateway:POST"
    resource: ClassVar[str] = "arn:{partition}:apigateway:{region}::/restapis/{rest_api_id}/authorizers/*"
    authorizer_id: str
    header: str
    value: str = field(repr=False)
    stage_variables: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class GetUsagePlans(Read):
    """-> tuple[UsagePlan, ...]: all, or those of the key with the id `key_id`. Reveals no key's value."""

    service: ClassVar[str] = "apigateway"
    operation: ClassVar[str] = "GetUsagePlans"
    iam: ClassVar[str | None] = "apigateway:GET"
    resource: ClassVar[str] = "arn:{partition}:apigateway:{region}::/usageplans"
    region: str
    key_id: str | None = None


@dataclass(frozen=True)
class GetApiKeys(Read):
    """-> tuple[ApiKey, ...]: the region's keys, without their values."""

    service: ClassVar[str] = "apigateway"
    operation: ClassVar[str] = "GetApiKeys"
    iam: ClassVar[str | None] = "apigateway:GET"
    resource: ClassVar[str] = "arn:{partition}:apigateway:{region}::/apikeys"
    region: str


@dataclass(frozen=True)
class GetDomainNames(Read):
    """-> tuple[DomainName, ...]: the custom domain names of the region."""

    service: ClassVar[str] = "apigateway"
    operation: ClassVar[str] = "GetDomainNames"
    iam: ClassVar[str | None] = "apigateway:GET"
    resource: ClassVar[str] = "arn:{partition}:apigateway:{region}::/domainnames"
    region: str


@dataclass(frozen=True)
class GetBasePathMappings(Read):
    """-> tuple[tuple[base_path, rest_api_id, stage], ...]; "(none)" is AWS's name for the empty base path."""

    service: ClassVar[str] = "apigateway"
    operation: ClassVar[str] = "GetBasePathMappings"
    iam: ClassVar[str | None] = "apigateway:GET"
    resource: ClassVar[str] = "arn:{partition}:apigateway:{region}::/domainnames/{domain_name}/*"
    region: str
    domain_name: str
    domain_name_id: str | None = None  # of a private domain name


@dataclass(frozen=True)
class AuthorizerTest:
    """TestInvokeAuthorizer's answer. Success is `client_status` 0 (the model says so; 200 is taken as well)."""

    __test__: ClassVar[bool] = False
    client_status: int
    log: str = field(default="", repr=False)

    @property
    def accepted(self) -> bool:
        """Whether the authorizer took the token."""
        return self.client_status in (0, 200)
