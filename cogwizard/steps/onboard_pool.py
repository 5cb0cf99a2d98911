"""Walk-through: the user pool. Seed: sign-in by user name alone, e-mail required, a name of one's own."""

from cogwizard.model.write import Undo, Write
from cogwizard.steps.onboard import POOL_ARN, TAGS, OnboardStep

POOL = Write(
    "pool",
    "cognito-idp",
    "CreateUserPool",
    {
        "PoolName": "{name}",
        "Schema": [{"Name": "email", "AttributeDataType": "String", "Required": True, "Mutable": True}],
        "UsernameConfiguration": {"CaseSensitive": False},
        # Nobody who finds the pool's id may sign up by themselves.
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True},
        "DeletionProtection": "INACTIVE",
        "UserPoolTags": TAGS,
    },
    "cognito-idp:CreateUserPool",
    "*",
    gives={"pool_id": ("UserPool", "Id")},
    undo=Undo("DeleteUserPool", {"UserPoolId": "{pool_id}"}, "cognito-idp:DeleteUserPool"),
    also=(f"cognito-idp:TagResource on {POOL_ARN}",),
)

STEP = OnboardStep("onboard_pool", (POOL,))
