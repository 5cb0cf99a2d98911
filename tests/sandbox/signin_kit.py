"""What the tests of signing in share: a world whose clock stands still, one running sandbox, a client's side of it."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cogwizard.sandbox import Client, Pool, Sandbox, User, World

REGION = "ap-northeast-1"
PASSWORD = "Corr3ct-horse!"
SECRET = "kf83hslw9w4hf7a2kd01msldp3s8fj2ks93kd8s1"
SECOND = "zz83hslw9w4hf7a2kd01msldp3s8fj2ks93kd8zz"
FLOWS = ["USER_PASSWORD_AUTH", "USER_SRP_AUTH", "ADMIN_USER_PASSWORD_AUTH", "USER_AUTH", "CUSTOM_AUTH"]
ALL_FLOWS = [f"ALLOW_{name}" for name in [*FLOWS, "REFRESH_TOKEN_AUTH"]]


@dataclass
class StillWorld(World):
    """A world in which time passes only by `clock_offset`."""

    def now(self) -> float:
        return 1795000000.0 + self.clock_offset


class Desk:
    """One pool with the user hanako, and the boto3 clients of a running sandbox, unsigned and signed."""

    def __init__(self, sandbox: Sandbox, public: Any, signed: Any) -> None:
        self.sandbox, self.public, self.signed = sandbox, public, signed
        self.world = sandbox.world = StillWorld()
        sandbox.requests.clear()
        sandbox.denied.clear()
        self.pool: Pool = self.world.add_pool("shop", settings={"AliasAttributes": ["email"]})
        self.client: Client = self.pool.add_client("web", ExplicitAuthFlows=ALL_FLOWS)
        self.user: User = self.pool.add_user("hanako", PASSWORD)

    def start(self, flow: str = "USER_PASSWORD_AUTH", /, **given: Any) -> dict[str, Any]:
        """InitiateAuth, by hanako and her password unless other parameters are given; at `client`, else `web`."""
        client_id = given.pop("client", self.client).id
        asked = given or {"USERNAME": "hanako", "PASSWORD": PASSWORD}
        return dict(self.public.initiate_auth(AuthFlow=flow, ClientId=client_id, AuthParameters=asked))

    def admin_start(self, flow: str = "ADMIN_USER_PASSWORD_AUTH", /, **given: str) -> dict[str, Any]:
        """AdminInitiateAuth, likewise."""
        asked = given or {"USERNAME": "hanako", "PASSWORD": PASSWORD}
        ids = {"UserPoolId": self.pool.id, "ClientId": self.client.id}
        return dict(self.signed.admin_initiate_auth(AuthFlow=flow, AuthParameters=asked, **ids))

    def respond(self, asked: Mapping[str, Any], challenge: str | None = None, /, **answers: Any) -> dict[str, Any]:
        """Answer a challenge as hanako, with its own session; at `client`, else `web`."""
        client_id = answers.pop("client", self.client).id
        extra = {"Session": asked["Session"]} if "Session" in asked else {}
        return dict(
            self.public.respond_to_auth_challenge(
                ClientId=client_id,
                ChallengeName=challenge or asked["ChallengeName"],
                ChallengeResponses={"USERNAME": "hanako", **answers},
                **extra,
            )
        )

    def tokens(self, **given: str) -> dict[str, Any]:
        """Sign hanako in and return the AuthenticationResult."""
        return dict(self.start(**given)["AuthenticationResult"])


def refused(call: Callable[..., Any], *given: Any, **named: Any) -> tuple[str, str]:
    """Return type and text of the error that a call ends with. Fails where it has none, or not status 400."""
    with pytest.raises(ClientError) as caught:
        call(*given, **named)
    response = caught.value.response
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 400
    return response["Error"]["Code"], response["Error"]["Message"]


def not_authorized(text: str) -> tuple[str, str]:
    return "NotAuthorizedException", text


def invalid(text: str) -> tuple[str, str]:
    return "InvalidParameterException", text


WRONG = not_authorized("Incorrect username or password.")


def secret_hash(client: Client, name: str, secret: str = SECRET) -> str:
    mac = hmac.new(secret.encode(), (name + client.id).encode(), hashlib.sha256)
    return base64.b64encode(mac.digest()).decode()
