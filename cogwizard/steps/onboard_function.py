"""Walk-through: the Lambda function that answers, with its execution role. Seed: "Test Lambda"."""

import json

from cogwizard.model.function import HANDLER, RUNTIME
from cogwizard.model.write import Package, Undo, Write
from cogwizard.steps.onboard import FUNCTION_ARN, ROLE_ARN, TAGS, OnboardStep

_BASIC = "arn:{partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
_LOG_GROUP = "arn:{partition}:logs:{region}:{account}:log-group:/aws/lambda/{name}"


def _braces(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


_TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}

ROLE = Write(
    "role",
    "iam",
    "CreateRole",
    {
        "RoleName": "{role_name}",
        "AssumeRolePolicyDocument": _braces(json.dumps(_TRUST)),
        "Description": "Execution role of the function {name}",
        "Tags": [{"Key": key, "Value": value} for key, value in TAGS.items()],
    },
    "iam:CreateRole",
    ROLE_ARN,
    undo=Undo("DeleteRole", {"RoleName": "{role_name}"}, "iam:DeleteRole"),
    also=(f"iam:TagRole on {ROLE_ARN}",),
)
ROLE_POLICY = Write(
    "role-policy",
    "iam",
    "AttachRolePolicy",
    {"RoleName": "{role_name}", "PolicyArn": _BASIC},
    "iam:AttachRolePolicy",
    ROLE_ARN,
    undo=Undo("DetachRolePolicy", {"RoleName": "{role_name}", "PolicyArn": _BASIC}, "iam:DetachRolePolicy"),
)
# Lambda would make it at the first call, without a tag, and nothing would take it away again.
LOG_GROUP = Write(
    "log-group",
    "logs",
    "CreateLogGroup",
    {"logGroupName": "/aws/lambda/{name}", "tags": TAGS},
    "logs:CreateLogGroup",
    _LOG_GROUP,
    undo=Undo("DeleteLogGroup", {"logGroupName": "/aws/lambda/{name}"}, "logs:DeleteLogGroup"),
    also=(f"logs:TagResource on {_LOG_GROUP}",),
)
FUNCTION = Write(
    "function",
    "lambda",
    "CreateFunction",
    {
        "FunctionName": "{name}",
        "Runtime": RUNTIME,
        "Role": ROLE_ARN,
        "Handler": HANDLER,
        "Code": {"ZipFile": Package()},
        "Description": "Answers Hello from Lambda!",
        "Tags": TAGS,
    },
    "lambda:CreateFunction",
    FUNCTION_ARN,
    undo=Undo("DeleteFunction", {"FunctionName": "{name}"}, "lambda:DeleteFunction"),
    also=(f"lambda:TagResource on {FUNCTION_ARN}", f"iam:PassRole on {ROLE_ARN}"),
    # IAM is eventually consistent: Lambda does not know a role that was made a moment ago [D: the guide on roles].
    until=("InvalidParameterValueException", "cannot be assumed by Lambda"),
)

STEP = OnboardStep("onboard_function", (ROLE, ROLE_POLICY, LOG_GROUP, FUNCTION))
