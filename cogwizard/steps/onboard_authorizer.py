"""Walk-through: the Cognito authorizer, token source Authorization, and the method that asks for it."""

from cogwizard.model.write import Write
from cogwizard.steps.onboard import OWN_API_ARN, POOL_ARN, OnboardStep
from cogwizard.steps.onboard_api import METHOD_ARN, OF_METHOD

AUTHORIZER = Write(
    "authorizer",
    "apigateway",
    "CreateAuthorizer",
    {
        "restApiId": "{api_id}",
        "name": "{authorizer_name}",
        "type": "COGNITO_USER_POOLS",
        "providerARNs": [POOL_ARN],
        "identitySource": "method.request.header.Authorization",
    },
    "apigateway:POST",
    OWN_API_ARN + "/authorizers",
    gives={"authorizer_id": ("id",)},
    inside="api",
)
ATTACH = Write(
    "attach",
    "apigateway",
    "UpdateMethod",
    {
        **OF_METHOD,
        "patchOperations": [
            {"op": "replace", "path": "/authorizationType", "value": "COGNITO_USER_POOLS"},
            {"op": "replace", "path": "/authorizerId", "value": "{authorizer_id}"},
        ],
    },
    "apigateway:PATCH",
    METHOD_ARN,
    inside="method",
    is_change=True,
)

STEP = OnboardStep("onboard_authorizer", (AUTHORIZER, ATTACH))
