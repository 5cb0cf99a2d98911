"""What is read of Cognito user pools."""

from dataclasses import dataclass, field
from typing import ClassVar

from cogwizard.model.read import Read


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
