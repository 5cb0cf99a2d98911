"""Walk-through: the user. Seed: made by an administrator, so that the first password is a temporary one."""

from cogwizard.model.write import Write
from cogwizard.steps.onboard import POOL_ARN, OnboardStep

USER = Write(
    "user",
    "cognito-idp",
    "AdminCreateUser",
    {
        "UserPoolId": "{pool_id}",
        "Username": "{username}",
        "UserAttributes": [
            {"Name": "email", "Value": "{email}"},
            {"Name": "email_verified", "Value": "true"},
        ],
        "TemporaryPassword": "{temporary_password}",
        "MessageAction": "SUPPRESS",  # the address may be somebody's
    },
    "cognito-idp:AdminCreateUser",
    POOL_ARN,
    inside="pool",
)

STEP = OnboardStep("onboard_user", (USER,))
