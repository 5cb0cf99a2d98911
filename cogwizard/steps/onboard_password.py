"""Walk-through: the first lasting password. Seed: set by the administrator, or by the user in answer to a challenge."""

from cogwizard.model.write import Write
from cogwizard.steps.onboard import POOL_ARN, OnboardStep

PASSWORD = Write(
    "password",
    "cognito-idp",
    "AdminSetUserPassword",
    {"UserPoolId": "{pool_id}", "Username": "{username}", "Password": "{password}", "Permanent": True},
    "cognito-idp:AdminSetUserPassword",
    POOL_ARN,
    inside="user",
    is_change=True,
)
# In place of it: the user answers. The parameter is USERNAME; the seed's first listing has it as Username.
CHALLENGE = Write(
    "password",
    "cognito-idp",
    "RespondToAuthChallenge",
    {
        "ClientId": "{client_id}",
        "ChallengeName": "NEW_PASSWORD_REQUIRED",
        "ChallengeResponses": {"USERNAME": "{username}", "NEW_PASSWORD": "{password}"},
    },
    "cognito-idp:AdminSetUserPassword",  # where a run is resumed, the temporary password is not known any more
    POOL_ARN,
    inside="user",
    is_change=True,
)

STEP = OnboardStep("onboard_password", (PASSWORD,))
