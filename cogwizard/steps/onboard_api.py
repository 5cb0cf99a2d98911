"""Walk-through: the REST API, its POST method, and the permission to call the function."""

from cogwizard.model.write import Undo, Write
from cogwizard.steps.onboard import API_ARN, FUNCTION_ARN, OWN_API_ARN, TAGS, OnboardStep

METHOD_ARN = OWN_API_ARN + "/resources/{root_id}/methods/POST"
_INVOKES = "arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions/" + FUNCTION_ARN + "/invocations"
OF_METHOD = {"restApiId": "{api_id}", "resourceId": "{root_id}", "httpMethod": "POST"}

API = Write(
    "api",
    "apigateway",
    "CreateRestApi",
    {"name": "{name}", "endpointConfiguration": {"types": ["REGIONAL"]}, "tags": TAGS},
    "apigateway:POST",
    API_ARN,
    gives={"api_id": ("id",), "root_id": ("rootResourceId",)},
    undo=Undo("DeleteRestApi", {"restApiId": "{api_id}"}, "apigateway:DELETE"),
    also=("apigateway:PUT on arn:{partition}:apigateway:{region}::/tags/*", f"apigateway:DELETE on {OWN_API_ARN}"),
)
METHOD = Write(
    "method",
    "apigateway",
    "PutMethod",
    {**OF_METHOD, "authorizationType": "NONE"},
    "apigateway:PUT",
    METHOD_ARN,
    inside="api",
)
INTEGRATION = Write(
    "integration",
    "apigateway",
    "PutIntegration",
    # Lambda is called with POST, whatever the method is.
    {**OF_METHOD, "type": "AWS_PROXY", "integrationHttpMethod": "POST", "uri": _INVOKES},
    "apigateway:PUT",
    METHOD_ARN + "/integration",
    inside="method",
)
PERMISSION = Write(
    "permission",
    "lambda",
    "AddPermission",
    {
        "FunctionName": "{name}",
        "StatementId": "cogwizard-{run}-{api_id}",
        "Action": "lambda:InvokeFunction",
        "Principal": "apigateway.amazonaws.com",
        "SourceArn": "arn:{partition}:execute-api:{region}:{account}:{api_id}/*/POST/",
    },
    "lambda:AddPermission",
    FUNCTION_ARN,
    inside="function",
)

STEP = OnboardStep("onboard_api", (API, METHOD, INTEGRATION, PERMISSION))
