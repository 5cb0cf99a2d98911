"""A REST API as drafted or as deployed: one type for both views."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from cogwizard.model.log import AccessLog, LogSettings
from cogwizard.model.usage import Limit

View = Literal["deployed", "draft"]


@dataclass(frozen=True)
class Authorizer:
    """An authorizer. `type` is AWS's: COGNITO_USER_POOLS, TOKEN, REQUEST, JWT; "" when not known.

    `identity_source` is AWS's expression, e.g. `method.request.header.Authorization`. `uri`: what API
    Gateway invokes, of a Lambda authorizer.
    """

    name: str
    type: str
    id: str | None = None
    provider_arns: tuple[str, ...] = ()
    identity_source: str | None = None
    validation_expression: str | None = None
    uri: str | None = None


@dataclass(frozen=True)
class IntegrationResponse:
    """What an integration makes of an answer. `pattern` chooses it, None for the default one.

    `headers`: the mapped ones that CORS is about, name and AWS's value: `'text'` in quotes, else an expression.
    """

    status: int
    pattern: str | None = None
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Integration:
    """What stands behind a method. `type` is AWS's: MOCK, AWS, AWS_PROXY, HTTP, HTTP_PROXY.

    `template`: a mock's request template for JSON, None where it has none.
    """

    type: str
    template: str | None = None
    responses: tuple[IntegrationResponse, ...] = ()


@dataclass(frozen=True)
class Method:
    """What one method asks for. `authorization_type` is NONE, COGNITO_USER_POOLS, AWS_IAM, CUSTOM or JWT.

    `authorizer` is the authorizer's id (draft) or name (deployed: GetExport joins by name); None when there is none.
    `resource_id` is API Gateway's id of the resource, which only the draft tells. `integration`: None where it is not
    told, or not in a form that is known.
    """

    authorization_type: str
    authorizer: str | None = None
    scopes: tuple[str, ...] = ()
    api_key_required: bool = False
    resource_id: str | None = field(default=None, compare=False)
    integration: Integration | None = field(default=None, compare=False)


Methods = Mapping[str, Mapping[str, Method]]  # path template -> upper-case verb or "ANY" -> method


@dataclass(frozen=True)
class ApiSettings:
    """What GetRestApi says beside resources: the settings of the working copy."""

    name: str = ""
    endpoint_types: tuple[str, ...] = ()
    endpoint_disabled: bool = False
    api_key_source: str = "HEADER"
    policy: str | None = None
    vpc_endpoint_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class ApiSummary:
    """An API as the list of the region's APIs names it."""

    id: str
    name: str = ""
    endpoint_types: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stage:
    """A stage as it is live. `variables` resolve `${stageVariables.X}` in an authorizer's ARNs.

    `updated`: when the stage was last changed, in Unix seconds; its deployment is not younger. `log_settings`: what the
    execution log holds, by AWS's key (see `log.settings_of`). `canary_variables` take the place of `variables` of the
    same name in the canary, which gets `canary_percent` of the calls. `limits`: the throttles (see `usage.limit_of`).
    """

    name: str
    deployment_id: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    web_acl_arn: str | None = None
    canary_percent: float = 0.0
    updated: float | None = field(default=None, compare=False)
    log_settings: Mapping[str, LogSettings] = field(default_factory=dict)
    access_log: AccessLog | None = None
    canary_deployment_id: str | None = None
    canary_variables: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, Limit] = field(default_factory=dict)


@dataclass(frozen=True)
class DomainName:
    """A custom domain name. `id` is needed to read the mappings of a private one.

    `truststore`: where the certificates lie that mutual TLS trusts, None where the domain asks for none.
    `routing_mode`: AWS's; with one that begins with ROUTING_RULE a call may be led past the mappings.
    """

    name: str
    endpoint_types: tuple[str, ...] = ()
    id: str | None = None
    truststore: str | None = None
    routing_mode: str = "BASE_PATH_MAPPING_ONLY"


@dataclass(frozen=True)
class GatewayResponse:
    """A customized gateway response: AWS's response type and the status it answers with, None for the default.

    `headers`: those that it adds, name and AWS's value: `'text'` in quotes, else an expression.
    """

    type: str
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Export:
    """What GetExport says of a stage's deployment (oas30, extensions `apigateway,authorizers`).

    `with_authorizers` is False when the extensions were refused: then authorizers carry a name and a type only.
    `endpoint_disabled` and `api_key_source` are None when the export does not carry them.
    `uncertain` holds (path, verb) pairs whose authorization the export leaves open (a root-level `security`).
    """

    methods: Methods
    authorizers: tuple[Authorizer, ...] = ()
    policy: str | None = None
    with_authorizers: bool = True
    endpoint_disabled: bool | None = None
    api_key_source: str | None = None
    responses: tuple[GatewayResponse, ...] = ()
    uncertain: tuple[tuple[str, str], ...] = ()
