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

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from cogwizard.sandbox.httpapi import HttpApi
from cogwizard.sandbox.issued import Issued
from cogwizard.sandbox.people import Message
from cogwizard.sandbox.restapi import Api
from cogwizard.sandbox.shapes import LOWER, MIXED, make_id
from cogwizard.sandbox.things import ApiKey, Front, Function, LogGroup, Role, UsagePlan, WebAcl
from cogwizard.sandbox.userpool import Pool

# What a Lambda authorizer does: allow; deny (F4); silent: no statement matches (F5); unauthorized: throws exactly
# "Unauthorized" (F3); error: crashes or cannot be invoked (F6).
LambdaOutcome = Literal["allow", "deny", "silent", "unauthorized", "error"]


class ScenarioError(Exception):
    """A world that the sandbox cannot serve: an answer without AWS's shape, a policy that it cannot judge."""


@dataclass
class World:
    """One AWS account in one region, as far as a call to a REST API needs it.

    `base_path_mappings`: domain name -> mappings, `domain_names`: domain name -> GetDomainName's shape;
    `clock_offset`: seconds by which the sandbox's clock is ahead of this machine's; `functions`: Lambda function ->
    what it does as an authorizer; `web_acls` by ARN; `fronts`: what stands before APIs, by name; `source_ip`: the
    address from which AWS sees every call come; `signed_calls`: how a call with a SigV4 signature of `signer` fares;
    `outbox`: the codes that were sent; `issued`: sessions and refresh tokens.

    `roles`, `lambda_functions` and `log_groups` by name. What AWS does only after a while: `role_delay`: how many times
    CreateFunction is refused for a role that was just made (IAM is eventually consistent); `function_delay`: for how
    many looks a function is Pending; `delete_api_delay`: how many times each DeleteRestApi is refused (research 4.3
    [D]: 1 per 30 s). `forbidden`: the IAM actions that a simulation of the caller's policies denies. `made`: how many
    ids calls have used up.

    `log_role`: the role with which API Gateway writes logs; `log_delay`: for how many searches a line is not found yet;
    `empty_log_pages`: how many pages of a search come before the first with lines.
    """

    account_id: str = "123456789012"
    region: str = "ap-northeast-1"
    pools: dict[str, Pool] = field(default_factory=dict)
    apis: dict[str, Api] = field(default_factory=dict)
    http_apis: dict[str, HttpApi] = field(default_factory=dict)
    usage_plans: list[UsagePlan] = field(default_factory=list)
    api_keys: list[ApiKey] = field(default_factory=list)
    domain_names: dict[str, dict[str, Any]] = field(default_factory=dict)
    base_path_mappings: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    clock_offset: float = 0.0
    functions: dict[str, LambdaOutcome] = field(default_factory=dict)
    web_acls: dict[str, WebAcl] = field(default_factory=dict)
    fronts: dict[str, Front] = field(default_factory=dict)
    source_ip: str = "203.0.113.10"
    signed_calls: Literal["invalid", "role-denied", "allow"] = "invalid"
    signer: str = "assumed-role/authenticated-role/CognitoIdentityCredentials"
    outbox: list[Message] = field(default_factory=list)
    issued: Issued = field(default_factory=Issued, repr=False)
    roles: dict[str, Role] = field(default_factory=dict)
    lambda_functions: dict[str, Function] = field(default_factory=dict)
    log_groups: dict[str, LogGroup] = field(default_factory=dict)
    role_delay: int = 0
    function_delay: int = 0
    delete_api_delay: int = 0
    forbidden: set[str] = field(default_factory=set)
    log_role: str | None = None
    log_delay: int = 0
    empty_log_pages: int = 0
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

    def add_http_api(self, name: str, *, protocol: str = "HTTP") -> HttpApi:
        """Add an HTTP API, or a WebSocket API, without routes."""
        made = HttpApi(make_id("http api", name, length=10), name, protocol)
        self.http_apis[made.id] = made
        return made

    def add_key(self, name: str, *stages: tuple[str, str], enabled: bool = True) -> ApiKey:
        """Add an API key and a usage plan that opens `stages`, pairs of (API id, stage name), to it."""
        value = make_id("key value", name, length=40, alphabet=MIXED)
        made = ApiKey(make_id("key", name, length=10), name, value, enabled)
        self.api_keys.append(made)
        self.usage_plans.append(UsagePlan(make_id("plan", name, length=6), f"{name} plan", list(stages), [made.id]))
        return made

    def add_web_acl(self, name: str, **settings: Any) -> str:
        """Add a web ACL for a stage; `settings` as `WebAcl`. Return its ARN."""
        digits = make_id("web acl", name, length=12, alphabet="0123456789abcdef")
        arn = f"arn:aws:wafv2:{self.region}:{self.account_id}:regional/webacl/{name}/5d0c7f9e-0000-4000-8000-{digits}"
        self.web_acls[arn] = WebAcl(name, **settings)
        return arn

    def add_domain(self, name: str, *mappings: tuple[str, str, str], **settings: Any) -> None:
        """Add a custom domain name with mappings, triples of (base path or "(none)", API id, stage name).

        `settings`: further members of DomainName, as AWS names them (`mutualTlsAuthentication` ...).
        """
        self.domain_names[name] = {
            "domainName": name,
            "regionalDomainName": f"d-{make_id('domain', name, length=10)}.execute-api.{self.region}.amazonaws.com",
            "endpointConfiguration": {"types": ["REGIONAL"]},
            "domainNameStatus": "AVAILABLE",
            "securityPolicy": "TLS_1_2",
            **settings,
        }
        self.base_path_mappings[name] = [
            {"basePath": base, "restApiId": api, "stage": stage} for base, api, stage in mappings
        ]
