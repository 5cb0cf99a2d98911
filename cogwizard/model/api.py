"""A REST API as drafted or as deployed: one type for both views."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

View = Literal["deployed", "draft"]


@dataclass(frozen=True)
class Authorizer:
    """An authorizer. `type` is AWS's: COGNITO_USER_POOLS, TOKEN, REQUEST, JWT; "" when not known.

    `identity_source` is AWS's expression, e.g. `method.request.header.Authorization`.
    """

    name: str
    type: str
    id: str | None = None
    provider_arns: tuple[str, ...] = ()
    identity_source: str | None = None
    validation_expression: str | None = None


@dataclass(frozen=True)
class Method:
    """What one method asks for. `authorization_type` is NONE, COGNITO_USER_POOLS, AWS_IAM, CUSTOM or JWT.

    `authorizer` is the authorizer's id (draft) or name (deployed: GetExport joins by name); None when there is none.
    `resource_id` is API Gateway's id of the resource, which only the draft tells.
    """

    authorization_type: str
    authorizer: str | None = None
    scopes: tuple[str, ...] = ()
    api_key_required: bool = False
    resource_id: str | None = field(default=None, compare=False)


Methods = Mapping[str, Mapping[str, Method]]  # path template -> upper-case verb or "ANY" -> method


@dataclass(frozen=True)
class ApiSettings:
    """What GetRestApi says beside resources: the settings of the working copy."""

    name: str = ""
    endpoint_types: tuple[str, ...] = ()
    endpoint_disabled: bool = False
    api_key_source: str = "HEADER"
    policy: str | None = None


@dataclass(frozen=True)
class ApiSummary:
    """An API as the list of the region's APIs names it."""

    id: str
    name: str = ""
    endpoint_types: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stage:
    """A stage as it is live. `variables` resolve `${stageVariables.X}` in an authorizer's ARNs.

    `updated`: when the stage was last changed, in Unix seconds; its deployment is not younger.
    """

    name: str
    deployment_id: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    web_acl_arn: str | None = None
    canary_percent: float = 0.0
    updated: float | None = field(default=None, compare=False)


@dataclass(frozen=True)
class GatewayResponse:
    """A customized gateway response: AWS's response type and the status it answers with, None for the default."""

    type: str
    status: int | None = None


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
