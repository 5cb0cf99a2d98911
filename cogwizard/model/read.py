"""Reads as data: what a step would like to know. No other thing can be asked of AWS by a step.

A read names its operation, its arguments, the IAM permission that it needs, and nothing else; `aws` and `web` run it.
The read-only policy of `cogwizard policy` is generated from these types.
"""

from dataclasses import dataclass, field, fields
from typing import ClassVar, Literal

from cogwizard.model.call import Call


def partition_of(region: str | None) -> str:
    """Return the ARN partition of a region: aws, aws-cn or aws-us-gov (research 6.2)."""
    if region and region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region and region.startswith("us-gov-") else "aws"


def suffix_of(partition: str) -> str:
    """Return what AWS's host names end with in an ARN partition (research 6.2 [E])."""
    return "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com"


@dataclass(frozen=True)
class Read:
    """Something to know. `service` is botocore's name, or "web" for a read that needs no AWS credentials.

    `iam` is the IAM action and `resource` the ARN it is needed on, with the fields of the read (and `partition`) in
    braces; None where no permission is needed.
    """

    service: ClassVar[str] = "web"
    operation: ClassVar[str] = ""
    iam: ClassVar[str | None] = None
    resource: ClassVar[str] = "*"

    @property
    def action(self) -> str:
        """The operation as people name it: `apigateway:GetExport`, or `web:Replay`."""
        return f"{self.service}:{self.operation}"

    @property
    def permission(self) -> str | None:
        """The IAM permission, `action on ARN`, or None where none is needed."""
        if self.iam is None:
            return None
        values = {item.name: getattr(self, item.name) or "*" for item in fields(self) if item.repr}
        return f"{self.iam} on {self.resource.format(partition=partition_of(values.get('region')), **values)}"


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
    """-> tuple[tuple[rest_api_id, stage], ...]: which stages any usage plan covers. Reveals no key."""

    service: ClassVar[str] = "apigateway"
    operation: ClassVar[str] = "GetUsagePlans"
    iam: ClassVar[str | None] = "apigateway:GET"
    resource: ClassVar[str] = "arn:{partition}:apigateway:{region}::/usageplans"
    region: str


@dataclass(frozen=True)
class GetDomainNames(Read):
    """-> tuple[str, ...]: the custom domain names of the region."""

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


@dataclass(frozen=True)
class DescribeUserPool(Read):
    """-> Pool."""

    service: ClassVar[str] = "cognito-idp"
    operation: ClassVar[str] = "DescribeUserPool"
    iam: ClassVar[str | None] = "cognito-idp:DescribeUserPool"
    resource: ClassVar[str] = "arn:{partition}:cognito-idp:{region}:*:userpool/{user_pool_id}"
    region: str
    user_pool_id: str


@dataclass(frozen=True)
class DescribeUserPoolClient(Read):
    """-> AppClient. The answer holds the client secret."""

    service: ClassVar[str] = "cognito-idp"
    operation: ClassVar[str] = "DescribeUserPoolClient"
    iam: ClassVar[str | None] = "cognito-idp:DescribeUserPoolClient"
    resource: ClassVar[str] = "arn:{partition}:cognito-idp:{region}:*:userpool/{user_pool_id}"
    region: str
    user_pool_id: str
    client_id: str


@dataclass(frozen=True)
class AdminGetUser(Read):
    """-> PoolUser."""

    service: ClassVar[str] = "cognito-idp"
    operation: ClassVar[str] = "AdminGetUser"
    iam: ClassVar[str | None] = "cognito-idp:AdminGetUser"
    resource: ClassVar[str] = "arn:{partition}:cognito-idp:{region}:*:userpool/{user_pool_id}"
    region: str
    user_pool_id: str
    username: str = field(repr=False)


@dataclass(frozen=True)
class ListUserPools(Read):
    """-> tuple[(pool id, name), ...] of the region. No step wants it: the wizard's list of pools does."""

    service: ClassVar[str] = "cognito-idp"
    operation: ClassVar[str] = "ListUserPools"
    iam: ClassVar[str | None] = "cognito-idp:ListUserPools"
    region: str


@dataclass(frozen=True)
class ListUserPoolClients(Read):
    """-> tuple[(client id, name), ...] of a pool. No step wants it: the wizard's list of app clients does."""

    service: ClassVar[str] = "cognito-idp"
    operation: ClassVar[str] = "ListUserPoolClients"
    iam: ClassVar[str | None] = "cognito-idp:ListUserPoolClients"
    resource: ClassVar[str] = "arn:{partition}:cognito-idp:{region}:*:userpool/{user_pool_id}"
    region: str
    user_pool_id: str


@dataclass(frozen=True)
class DescribeUserPoolDomain(Read):
    """-> UserPoolDomain: whose pool a domain is. `domain` is a prefix, or the whole name of a custom domain."""

    service: ClassVar[str] = "cognito-idp"
    operation: ClassVar[str] = "DescribeUserPoolDomain"
    iam: ClassVar[str | None] = "cognito-idp:DescribeUserPoolDomain"
    region: str
    domain: str


@dataclass(frozen=True)
class ListResourceServers(Read):
    """-> tuple[ResourceServer, ...]: the custom scopes of a pool."""

    service: ClassVar[str] = "cognito-idp"
    operation: ClassVar[str] = "ListResourceServers"
    iam: ClassVar[str | None] = "cognito-idp:ListResourceServers"
    resource: ClassVar[str] = "arn:{partition}:cognito-idp:{region}:*:userpool/{user_pool_id}"
    region: str
    user_pool_id: str


@dataclass(frozen=True)
class DescribeManagedLoginBrandingByClient(Read):
    """-> Branding: the style of an app client's login pages."""

    service: ClassVar[str] = "cognito-idp"
    operation: ClassVar[str] = "DescribeManagedLoginBrandingByClient"
    iam: ClassVar[str | None] = "cognito-idp:DescribeManagedLoginBrandingByClient"
    resource: ClassVar[str] = "arn:{partition}:cognito-idp:{region}:*:userpool/{user_pool_id}"
    region: str
    user_pool_id: str
    client_id: str


@dataclass(frozen=True)
class GetCallerIdentity(Read):
    """-> CallerIdentity. Needs no permission."""

    service: ClassVar[str] = "sts"
    operation: ClassVar[str] = "GetCallerIdentity"
    region: str


@dataclass(frozen=True)
class GetKeys(Read):
    """-> tuple[Jwk, ...]: a pool's public keys. `issuer` is a Cognito issuer; an endpoint override takes its place."""

    operation: ClassVar[str] = "GetKeys"
    issuer: str
    region: str
    user_pool_id: str


@dataclass(frozen=True)
class Replay(Read):
    """-> Answer: the call, made again as it was given."""

    operation: ClassVar[str] = "Replay"
    call: Call


@dataclass(frozen=True)
class CallerIdentity:
    """Who we are at AWS."""

    account: str
    arn: str


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


Reason = Literal["denied", "credentials", "unreachable", "throttled", "failed", "malformed", "not-asked", "withheld"]


@dataclass(frozen=True)
class Absent:
    """AWS answered that the thing does not exist: a fact, not a failure. `error` is AWS's error type."""

    read: Read
    error: str
    message: str = ""


@dataclass(frozen=True)
class Unread:
    """A read that gave no fact. `error` is AWS's error type or ours; `detail` is scrubbed and safe to show.

    `withheld`: we did not ask on purpose (no consent, an endpoint override, a variable that we were not given).
    """

    read: Read
    reason: Reason
    error: str
    detail: str = ""


READS: tuple[type[Read], ...] = (
    GetRestApis,
    GetRestApi,
    GetStages,
    GetResources,
    GetAuthorizers,
    GetGatewayResponses,
    GetExport,
    GetDeployment,
    TestInvokeAuthorizer,
    GetUsagePlans,
    GetDomainNames,
    GetBasePathMappings,
    DescribeUserPool,
    GetCallerIdentity,
    GetKeys,
    Replay,
)
# What signing in and the Postman checklist read, and no diagnosis: an app client is shown with its secret.
SIGN_IN_READS: tuple[type[Read], ...] = (
    DescribeUserPoolClient,
    AdminGetUser,
    ListUserPools,
    ListUserPoolClients,
    DescribeUserPoolDomain,
    ListResourceServers,
    DescribeManagedLoginBrandingByClient,
)
