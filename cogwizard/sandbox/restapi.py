"""A REST API of the sandbox, as drafted and as deployed."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cogwizard.sandbox.shapes import make_id

# When the seeded things were made (2026-01-15T09:00:00Z); each deployment is an hour later than the one before.
CREATED = 1768467600


@dataclass
class Config:
    """What a deployment freezes: everything that judges a call.

    `resources`: path -> verb (or ANY) -> method; `gateway_responses`: the customized ones, by response type;
    `endpoint_disabled` and `api_key_source` take effect with a deployment too (the guide on updating an API).
    """

    resources: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    authorizers: list[dict[str, Any]] = field(default_factory=list)
    policy: str | None = None
    gateway_responses: dict[str, dict[str, Any]] = field(default_factory=dict)
    endpoint_disabled: bool = False
    api_key_source: str = "HEADER"

    def add(self, path: str, **verbs: dict[str, Any]) -> None:
        """Add methods to the resource `path`: `add("/orders/{id}", GET=method(...), ANY=method(...))`."""
        self.resources.setdefault(path, {}).update(verbs)

    def respond(
        self,
        response_type: str,
        *,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
        body: str | None = None,
    ) -> None:
        """Customize a gateway response, e.g. UNAUTHORIZED; `body` is a template that may use $context.error.*."""
        made: dict[str, Any] = {"responseType": response_type, "defaultResponse": False}
        if status is not None:
            made["statusCode"] = str(status)
        made["responseParameters"] = {
            f"gatewayresponse.header.{key}": f"'{val}'" for key, val in (headers or {}).items()
        }
        made["responseTemplates"] = {"application/json": body or '{"message":$context.error.messageString}'}
        self.gateway_responses[response_type] = made

    def authorizer(self, wanted: str | None) -> dict[str, Any] | None:
        """Return the authorizer with this id, or None."""
        return next((found for found in self.authorizers if found["id"] == wanted), None)


@dataclass
class Api:
    """A REST API. `stages` are in the shape of GetStage and apply at once; the rest of a change needs `deploy`.

    `settings`: further members of RestApi, as AWS names them (`tags` ...); `descriptions`: of deployments, by their id.
    """

    id: str
    name: str
    draft: Config = field(default_factory=Config)
    deployments: dict[str, Config] = field(default_factory=dict)
    stages: dict[str, dict[str, Any]] = field(default_factory=dict)
    endpoint_types: list[str] = field(default_factory=lambda: ["REGIONAL"])
    settings: dict[str, Any] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    canary_share: dict[str, float] = field(default_factory=dict, repr=False)  # the invoker's count, by stage
    refusals_left: int | None = None  # of DeleteRestApi (`World.delete_api_delay`), None before the first

    def deploy(self, stage: str, *, variables: Mapping[str, str] | None = None, **settings: Any) -> str:
        """Freeze the draft and point `stage` to it (made when it is new). Return the deployment's id.

        `variables` replace the stage's variables; `settings` as AWS names them, e.g. `webAclArn="arn:..."`.
        """
        made = self.freeze()
        when = self.created(made)
        live = self.stages.setdefault(stage, {"stageName": stage, "createdDate": when})
        live |= {"deploymentId": made, "lastUpdatedDate": when, **settings}
        if variables is not None:
            live["variables"] = dict(variables)
        return made

    def deploy_canary(self, stage: str, percent: float, *, variables: Mapping[str, str] | None = None) -> str:
        """Freeze the draft as the canary of `stage`, for `percent` of its calls. Return the deployment's id."""
        made = self.freeze()
        canary = {"percentTraffic": percent, "deploymentId": made, "stageVariableOverrides": dict(variables or {})}
        self.stages[stage]["canarySettings"] = {**canary, "useStageCache": False}
        return made

    def created(self, deployment_id: str) -> int:
        """Return when a deployment was made, in Unix seconds."""
        return CREATED + 3600 * (list(self.deployments).index(deployment_id) + 1)

    def freeze(self) -> str:
        """Make a deployment of the draft, to which no stage points. Return its id."""
        made = make_id("deployment", self.id, str(len(self.deployments)), length=6)
        self.deployments[made] = copy.deepcopy(self.draft)
        return made
