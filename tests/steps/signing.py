"""Facts of sign-ins for the tests of their judgement: an app client, a user, a pool, an attempt."""

from dataclasses import replace
from typing import Any

from cogwizard.model.attempt import Attempt, Refusal
from cogwizard.model.client import AppClient, PoolUser
from cogwizard.model.finding import Finding
from cogwizard.model.pool import PasswordPolicy, Pool
from cogwizard.model.read import Absent, Unread
from cogwizard.model.read_cognito import AdminGetUser, DescribeUserPool, DescribeUserPoolClient
from cogwizard.model.tokens import Tokens

REGION, POOL_ID, CLIENT_ID = "eu-west-1", "eu-west-1_AbCdEf123", "1example23456789abcdefghij"
CALLBACK = "http://localhost:9876/callback"
CLIENT = AppClient(
    CLIENT_ID,
    POOL_ID,
    explicit_flows=("ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"),
    oauth_enabled=True,
    grants=("code",),
    scopes=("openid", "orders/read"),
    callback_urls=(CALLBACK,),
)
CONFIDENTIAL = replace(CLIENT, secret="canary-client-secret")
MACHINE = replace(CONFIDENTIAL, grants=("client_credentials",), scopes=("orders/read",), callback_urls=())
USER = PoolUser("alice", "CONFIRMED", True)
POOL = Pool(POOL_ID, domain="orders-pool", password_policy=PasswordPolicy(12, ("upper", "number")))
CLIENT_READ = DescribeUserPoolClient(REGION, POOL_ID, CLIENT_ID)
USER_READ = AdminGetUser(REGION, POOL_ID, "canary-user-name")
POOL_READ = DescribeUserPool(REGION, POOL_ID)
NO_CLIENT = Absent(CLIENT_READ, "ResourceNotFoundException")
NO_USER = Absent(USER_READ, "UserNotFoundException")
DENIED_CLIENT = Unread(CLIENT_READ, "denied", "AccessDeniedException")
DENIED_USER = Unread(USER_READ, "denied", "AccessDeniedException")
DENIED_POOL = Unread(POOL_READ, "denied", "AccessDeniedException")
TOKENS = Tokens("canary-id-token", "canary-access-token", "canary-refresh-token", 3600, 1.0)
FULL = {"client": CLIENT, "pool": POOL, "user": USER}


def attempt(flow: Any = "password", **facts: Any) -> Attempt:
    """Return an attempt by `flow` at the pool above; nothing is known but what `facts` give."""
    given = {"user_pool_id": POOL_ID, "username": "canary-user-name", **facts}
    if flow in ("browser", "implicit"):
        given = {"redirect_uri": CALLBACK, **given}
    return Attempt(flow, REGION, CLIENT_ID, **given)


def refused(kind: str, message: str = "", flow: Any = "password", **facts: Any) -> Attempt:
    """Return an attempt that an operation of cognito-idp refused."""
    operation = facts.pop("operation", "AdminInitiateAuth" if flow == "admin" else "InitiateAuth")
    return attempt(flow, refusal=Refusal(operation, kind, message, 400), **facts)


def refused_at(endpoint: str, error: str, message: str = "", flow: Any = "browser", **facts: Any) -> Attempt:
    """Return an attempt that `authorize` or `token` refused; `status` as OAuth has it unless given."""
    return attempt(flow, refusal=Refusal(endpoint, error, message, facts.pop("status", 400)), **facts)


def fails(findings: list[Finding]) -> list[tuple[str, str]]:
    """Return (code, variant) of what failed, in order."""
    return [(item.code, item.variant) for item in findings if item.verdict == "fail"]


def verdicts(findings: list[Finding]) -> dict[str, str]:
    """Return the verdict of each code; a code is judged once."""
    assert len({item.code for item in findings}) == len(findings)
    return {item.code: item.verdict for item in findings}
