"""The world of the sandbox: pools, APIs as drafted and as deployed, keys, domains. Plain data in AWS's own shapes.

A scenario is a short text:

    from cogwizard.sandbox import World, authorizer, method

    world = World()
    pool = world.add_pool("shop")
    web = pool.add_client("web")
    api = world.add_api("orders")
    api.draft.authorizers.append(authorizer("CognitoAuth", pool.arn))
    api.draft.add("/orders", GET=method("COGNITO_USER_POOLS", "CognitoAuth", scopes=["shop/read"]), OPTIONS=method())
    api.deploy("prod")
    api.draft.resources["/orders"]["GET"]["authorizationScopes"] = ["shop/write"]   # changed, not deployed

Ids are derived from names, so that they are the same in every run; those of what a call makes also from a count.
"""

import copy
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from cogwizard.sandbox.issued import Issued
from cogwizard.sandbox.people import Message, User
from cogwizard.sandbox.shapes import LOWER, MIXED, make_id, partition_of
from cogwizard.sandbox.things import ApiKey, Function, LogGroup, Role, UsagePlan

IssuerType = Literal["ORIGINAL", "UPDATED"]
# What a Lambda authorizer does: allow; deny (F4); silent: no statement matches (F5); unauthorized: throws exactly
# "Unauthorized" (F3); error: crashes or cannot be invoked (F6).
LambdaOutcome = Literal["allow", "deny", "silent", "unauthorized", "error"]
# When the seeded things were made (2026-01-15T09:00:00Z); each deployment is an hour later than the one before.
CREATED = 1768467600


class ScenarioError(Exception):
    """A world that the sandbox cannot serve: an answer without AWS's shape, a policy that it cannot judge."""


@dataclass
class Client:
    """An app client. `settings` are further members of UserPoolClientType, as AWS names them.

    `second_secret`: one that was added for rotation; it holds as the first does (research 7.6 [D]). `branded` False:
    managed login without a branding style for this client, so that its pages are unavailable (6.4 [D]).
    """

    id: str
    name: str
    secret: str | None = field(default=None, repr=False)
    settings: dict[str, Any] = field(default_factory=dict)
    second_secret: str | None = field(default=None, repr=False)
    branded: bool = True


@dataclass
class Pool:
    """A user pool. `exists=False`: it was deleted, tokens of it may still be around.

    `region` is where it issues (a replica's differs from its id's prefix); `settings`: members of UserPoolType;
    `triggers`: a Lambda trigger (PreAuthentication, PostAuthentication, PreTokenGeneration) -> the text with which it
    refuses; `custom_challenge`: question and answer of CUSTOM_AUTH, None without such triggers; `web_acl`: the ARN of
    the web ACL before it (`World.web_acls`); `resource_servers`: identifier -> ResourceServerType.
    """

    id: str
    name: str
    region: str
    account_id: str = "123456789012"
    clients: dict[str, Client] = field(default_factory=dict)
    issuer_type: IssuerType = "ORIGINAL"
    exists: bool = True
    settings: dict[str, Any] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    triggers: dict[str, str] = field(default_factory=dict)
    custom_challenge: tuple[str, str] | None = field(default=None, repr=False)
    web_acl: str | None = None
    resource_servers: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def arn(self) -> str:
        """The ARN as an authorizer's providerARNs hold it."""
        return f"arn:{partition_of(self.region)[0]}:cognito-idp:{self.region}:{self.account_id}:userpool/{self.id}"

    @property
    def issuer(self) -> str:
        """The `iss` of its tokens (research 1.8)."""
        host = "issuer-cognito-idp" if self.issuer_type == "UPDATED" else "cognito-idp"
        return f"https://{host}.{self.region}.{partition_of(self.region)[1]}/{self.id}"

    def add_client(
        self, name: str, *, secret: str | None = None, second_secret: str | None = None, **settings: Any
    ) -> Client:
        """Add an app client; `settings` as AWS names them, e.g. `AllowedOAuthScopes=["openid"]`.

        `secret`: 24 to 64 characters, as AWS makes them; None for a public client. Its custom scopes are added to the
        pool's resource servers: AWS takes none that is not there (ScopeDoesNotExistException [D: BOTO]).
        """
        client = Client(make_id("client", self.id, name, length=26), name, secret, settings, second_secret)
        self.clients[client.id] = client
        for scope in settings.get("AllowedOAuthScopes") or ():
            identifier, _, custom = scope.rpartition("/")
            if identifier:
                self.add_resource_server(identifier, custom)
        return client

    def add_resource_server(self, identifier: str, *scopes: str, name: str | None = None) -> None:
        """Add a resource server, or further scopes to the one that is there; `scopes` without their `identifier/`."""
        made = {"Identifier": identifier, "Name": name or identifier, "Scopes": []}
        held = self.resource_servers.setdefault(identifier, made)["Scopes"]
        known = {scope["ScopeName"] for scope in held}
        held += [{"ScopeName": scope, "ScopeDescription": scope} for scope in scopes if scope not in known]

    def add_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        """Add a user who is CONFIRMED and has a verified e-mail address; `fields` are further fields of User.

        Tokens can be minted for a name that was never added; only signing in and Cognito's own operations need users.
        """
        address = username if "@" in username else f"{username}@example.com"
        told = {"email": address, "email_verified": "true"}
        made = User(username, user_sub(self, username), password, **{"attributes": told, **fields})
        self.users[username] = made
        return made


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


@dataclass
class World:
    """One AWS account in one region, as far as a call to a REST API needs it.

    `base_path_mappings`: domain name -> mappings, `domain_names`: domain name -> GetDomainName's shape;
    `clock_offset`: seconds by which the sandbox's clock is ahead of this machine's; `functions`: Lambda function ->
    what it does as an authorizer; `web_acls`: web ACL's ARN -> whether it blocks; `source_ip`: the address from which
    AWS sees every call come; `signed_calls`: how a call with a SigV4 signature fares; `outbox`: the codes that were
    sent; `issued`: sessions and refresh tokens.

    `roles`, `lambda_functions` and `log_groups` by name. What AWS does only after a while: `role_delay`: how many times
    CreateFunction is refused for a role that was just made (IAM is eventually consistent); `function_delay`: for how
    many looks a function is Pending; `delete_api_delay`: how many times each DeleteRestApi is refused (research 4.3
    [D]: 1 per 30 s). `forbidden`: the IAM actions that a simulation of the caller's policies denies. `made`: how many
    ids calls have used up.
    """

    account_id: str = "123456789012"
    region: str = "ap-northeast-1"
    pools: dict[str, Pool] = field(default_factory=dict)
    apis: dict[str, Api] = field(default_factory=dict)
    usage_plans: list[UsagePlan] = field(default_factory=list)
    api_keys: list[ApiKey] = field(default_factory=list)
    domain_names: dict[str, dict[str, Any]] = field(default_factory=dict)
    base_path_mappings: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    clock_offset: float = 0.0
    functions: dict[str, LambdaOutcome] = field(default_factory=dict)
    web_acls: dict[str, bool] = field(default_factory=dict)
    source_ip: str = "203.0.113.10"
    signed_calls: Literal["invalid", "role-denied", "allow"] = "invalid"
    outbox: list[Message] = field(default_factory=list)
    issued: Issued = field(default_factory=Issued, repr=False)
    roles: dict[str, Role] = field(default_factory=dict)
    lambda_functions: dict[str, Function] = field(default_factory=dict)
    log_groups: dict[str, LogGroup] = field(default_factory=dict)
    role_delay: int = 0
    function_delay: int = 0
    delete_api_delay: int = 0
    forbidden: set[str] = field(default_factory=set)
    made: int = 0

    def now(self) -> float:
        """The time in this world, in Unix seconds."""
        return time.time() + self.clock_offset

    def fresh_id(self, *names: str, length: int, alphabet: str = LOWER) -> str:
        """Return an id that no other thing has: for what a call makes."""
        self.made += 1
        return make_id(*names, "made by a call", str(self.made), length=length, alphabet=alphabet)

    def add_pool(self, name: str, *, region: str | None = None, **fields: Any) -> Pool:
        """Add a user pool; `fields` are further fields of Pool, e.g. `issuer_type="UPDATED"`."""
        where = region or self.region
        made = Pool(
            f"{where}_{make_id('pool', where, name, length=9, alphabet=MIXED)}",
            name,
            where,
            **{"account_id": self.account_id, **fields},
        )
        self.pools[made.id] = made
        return made

    def add_api(self, name: str, *, endpoint_types: Sequence[str] = ("REGIONAL",)) -> Api:
        """Add a REST API with an empty draft and no stage."""
        made = Api(make_id("api", name, length=10), name, endpoint_types=list(endpoint_types))
        self.apis[made.id] = made
        return made

    def add_key(self, name: str, *stages: tuple[str, str], enabled: bool = True) -> ApiKey:
        """Add an API key and a usage plan that opens `stages`, pairs of (API id, stage name), to it."""
        value = make_id("key value", name, length=40, alphabet=MIXED)
        made = ApiKey(make_id("key", name, length=10), name, value, enabled)
        self.api_keys.append(made)
        self.usage_plans.append(UsagePlan(make_id("plan", name, length=6), f"{name} plan", list(stages), [made.id]))
        return made

    def add_domain(self, name: str, *mappings: tuple[str, str, str]) -> None:
        """Add a custom domain name with mappings, triples of (base path or "(none)", API id, stage name)."""
        self.domain_names[name] = {
            "domainName": name,
            "regionalDomainName": f"d-{make_id('domain', name, length=10)}.execute-api.{self.region}.amazonaws.com",
            "endpointConfiguration": {"types": ["REGIONAL"]},
            "domainNameStatus": "AVAILABLE",
            "securityPolicy": "TLS_1_2",
        }
        self.base_path_mappings[name] = [
            {"basePath": base, "restApiId": api, "stage": stage} for base, api, stage in mappings
        ]


def user_sub(pool: Pool, username: str) -> str:
    """Return the `sub` of a user: the same in every run."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{pool.id}/{username}"))
