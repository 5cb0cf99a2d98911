"""What each read of a diagnosis gives: by this a fact is written and read back."""

from collections.abc import Mapping
from typing import Any

from cogwizard.model import read_api, read_cognito, read_http, read_logs, read_waf, read_web
from cogwizard.model.answer import Answer
from cogwizard.model.api import (
    ApiSettings,
    ApiSummary,
    Authorizer,
    DomainName,
    Export,
    GatewayResponse,
    Methods,
    Stage,
)
from cogwizard.model.firewall import WebAcl
from cogwizard.model.http_api import HttpApi, HttpAuthorizer, HttpRoute
from cogwizard.model.log import Account, LogLines
from cogwizard.model.pool import Jwk, Pool
from cogwizard.model.read import Read
from cogwizard.model.usage import ApiKey, UsagePlan

_Mappings = tuple[tuple[str, str, str], ...]
GIVES: Mapping[type[Read], Any] = {
    read_api.GetRestApis: tuple[ApiSummary, ...],
    read_api.GetRestApi: ApiSettings,
    read_api.GetStages: tuple[Stage, ...],
    read_api.GetResources: Methods,
    read_api.GetAuthorizers: tuple[Authorizer, ...],
    read_api.GetGatewayResponses: tuple[GatewayResponse, ...],
    read_api.GetExport: Export,
    read_api.GetDeployment: Methods,
    read_api.TestInvokeAuthorizer: read_api.AuthorizerTest,
    read_api.GetUsagePlans: tuple[UsagePlan, ...],
    read_api.GetApiKeys: tuple[ApiKey, ...],
    read_api.GetDomainNames: tuple[DomainName, ...],
    read_api.GetBasePathMappings: _Mappings,
    read_http.GetApiMappings: _Mappings,
    read_http.GetApi: HttpApi,
    read_http.GetHttpStages: tuple[str, ...],
    read_http.GetRoutes: tuple[HttpRoute, ...],
    read_http.GetHttpAuthorizers: tuple[HttpAuthorizer, ...],
    read_waf.GetWebAcl: WebAcl,
    read_logs.GetAccount: Account,
    read_logs.ReadExecutionLog: LogLines,
    read_logs.ReadAccessLog: LogLines,
    read_cognito.DescribeUserPool: Pool,
    read_web.GetCallerIdentity: read_web.CallerIdentity,
    read_web.GetKeys: tuple[Jwk, ...],
    read_web.Replay: Answer,
    read_web.Preflight: Answer,
    read_web.DirectCall: Answer,
}
NAMES: Mapping[str, type[Read]] = {kind.__name__: kind for kind in GIVES}
