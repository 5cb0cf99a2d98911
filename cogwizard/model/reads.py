"""All reads: from these the read-only policy of `cogwizard policy` is generated."""

from cogwizard.model.read import Read
from cogwizard.model.read_api import (
    GetAuthorizers,
    GetBasePathMappings,
    GetDeployment,
    GetDomainNames,
    GetExport,
    GetGatewayResponses,
    GetResources,
    GetRestApi,
    GetRestApis,
    GetStages,
    GetUsagePlans,
    TestInvokeAuthorizer,
)
from cogwizard.model.read_cognito import (
    AdminGetUser,
    DescribeManagedLoginBrandingByClient,
    DescribeUserPool,
    DescribeUserPoolClient,
    DescribeUserPoolDomain,
    ListResourceServers,
    ListUserPoolClients,
    ListUserPools,
)
from cogwizard.model.read_web import DirectCall, GetCallerIdentity, GetKeys, Preflight, Replay

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
    Preflight,
    DirectCall,
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
