"""Walk-through: the app client. Seed: "Define your application", four types; a single-page one has no secret."""

from collections.abc import Mapping
from typing import Any

from cogwizard.model.write import Write
from cogwizard.steps.onboard import POOL_ARN, OnboardStep

# What each type of application sets. The console adds the login pages' members, which this build does not use.
# Source: the seed, and research 7.6 [D].
APP_TYPES: Mapping[str, Mapping[str, Any]] = {
    "web": {"GenerateSecret": True, "AllowedOAuthFlows": ["code"], "RefreshTokenValidity": 5},
    "spa": {"GenerateSecret": False, "AllowedOAuthFlows": ["code"], "RefreshTokenValidity": 5},
    "mobile": {"GenerateSecret": False, "AllowedOAuthFlows": ["code"], "RefreshTokenValidity": 30},
    "machine": {"GenerateSecret": True, "AllowedOAuthFlows": ["client_credentials"]},
}


def new_client(id: str, name: str, gives: str, app_type: str) -> Write:
    """Return the write that makes an app client of a type; `gives` is the name that its id gets."""
    settings = APP_TYPES[app_type]
    return Write(
        id,
        "cognito-idp",
        "CreateUserPoolClient",
        {
            "UserPoolId": "{pool_id}",
            "ClientName": f"{{{name}}}",
            "GenerateSecret": settings["GenerateSecret"],
            "RefreshTokenValidity": settings["RefreshTokenValidity"],
            "TokenValidityUnits": {"RefreshToken": "days"},
            "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
            "PreventUserExistenceErrors": "ENABLED",
            "EnableTokenRevocation": True,
        },
        "cognito-idp:CreateUserPoolClient",
        POOL_ARN,
        gives={gives: ("UserPoolClient", "ClientId")},
        inside="pool",
    )


STEP = OnboardStep("onboard_client", (new_client("client", "client_name", "client_id", "spa"),))
