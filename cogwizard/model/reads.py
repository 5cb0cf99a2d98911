"""All reads: from these the read-only policy of `cogwizard policy` is generated."""

from cogwizard.model.read import Read
from cogwizard.model.read_api import (
    GetApiKeys,
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
from cogwizard.model.read_http import GetApi, GetApiMappings, GetHttpAuthorizers, GetHttpStages, GetRoutes
from cogwizard.model.read_logs import GetAccount, ReadAccessLog, ReadExecutionLog
from cogwizard.model.read_waf import GetWebAcl
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
    GetApiMappings,
    GetApi,
    GetHttpStages,
    GetRoutes,
    GetHttpAuthorizers,
    GetWebAcl,
    DescribeUserPool,
    GetCallerIdentity,
    GetKeys,
    Replay,
    Preflight,
    DirectCall,
)
# What a diagnosis reads where the user agreed to it: lines that may hold what nobody meant to show.
LOG_READS: tuple[type[Read], ...] = (GetAccount, ReadExecutionLog, ReadAccessLog)
# What a diagnosis asks for and the policy does not grant: who may list API keys may have their values listed too.
KEY_READS: tuple[type[Read], ...] = (GetApiKeys,)
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
