"""One attempt to get tokens: what was asked of whom, what came back, and what is known of client, pool and user."""

from dataclasses import dataclass, field
from typing import Literal, get_args

from cogwizard.model.client import AppClient, PoolUser
from cogwizard.model.pool import Pool
from cogwizard.model.read import Absent, Reason, Unread
from cogwizard.model.tokens import Tokens

Flow = Literal["password", "srp", "admin", "browser", "implicit", "client-credentials", "refresh"]
Wanted = Literal["id-token", "access-token"]  # the kind of token that a method asks for
FLOWS: tuple[Flow, ...] = get_args(Flow)
PASSWORD_FLOWS: tuple[Flow, ...] = ("password", "srp", "admin")
# How the API names the flows that go through InitiateAuth or AdminInitiateAuth (research 7.1 [D]).
AUTH_FLOWS: dict[Flow, str] = {
    "password": "USER_PASSWORD_AUTH",
    "srp": "USER_SRP_AUTH",
    "admin": "ADMIN_USER_PASSWORD_AUTH",
    "refresh": "REFRESH_TOKEN_AUTH",
}
# The grant that an OAuth flow needs on the app client (6.4 [D]).
GRANTS: dict[Flow, str] = {"browser": "code", "implicit": "implicit", "client-credentials": "client_credentials"}
# All that a sign-in by the API can ever give an access token (6.1 [D] KC-SCOPES).
SIGN_IN_SCOPE = "aws.cognito.signin.user.admin"


@dataclass(frozen=True)
class Refusal:
    """What came back instead of tokens. `message` is foreign text, scrubbed: it may be shown, and holds no secret.

    `operation`: cognito-idp's (`InitiateAuth`, `RespondToAuthChallenge` ...), or `authorize`, `token` for the endpoints
    of the pool's domain. `error`: AWS's error type or OAuth's `error`, "" where there is none (a 405 without a body).
    `status`: HTTP status, 0 when nothing was answered; then `error` and `message` are ours and say why. `reason`: None
    where Cognito itself refused; else why it was not asked, or could not be (IAM, credentials, network, quota).
    """

    operation: str
    error: str
    message: str
    status: int = 400
    reason: Reason | None = None


@dataclass(frozen=True)
class Known:
    """What was read of app client, pool and user; None where nobody asked."""

    client: AppClient | Absent | Unread | None = None
    pool: Pool | Absent | Unread | None = None
    user: PoolUser | Absent | Unread | None = None


@dataclass(frozen=True)
class Attempt:
    """The facts of one sign-in. `client`, `pool` and `user` are None where nobody asked.

    `secret_sent`: whether a SECRET_HASH or client secret went with it; `secret_known`: whether its value is the one
    that DescribeUserPoolClient shows (None: not comparable). `scopes`: those that were asked for. `challenge`: the one
    at which it stopped. `redirect_uri`: as it was sent. `wanted`: the kind of token that the method wants,
    `wanted_scopes` any one of which it asks for.
    """

    flow: Flow
    region: str
    client_id: str
    user_pool_id: str | None = None
    username: str | None = field(default=None, repr=False)
    client: AppClient | Absent | Unread | None = None
    pool: Pool | Absent | Unread | None = None
    user: PoolUser | Absent | Unread | None = None
    secret_sent: bool = False
    secret_known: bool | None = None
    scopes: tuple[str, ...] = ()
    redirect_uri: str | None = None
    refusal: Refusal | None = None
    challenge: str | None = None
    tokens: Tokens | None = field(default=None, repr=False)
    wanted: Wanted | None = None
    wanted_scopes: tuple[str, ...] = ()
