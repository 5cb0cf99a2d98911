"""The walk-through's build by plain boto3 calls, one method per write, against a running sandbox."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError
from sandbox_kit import REGION, Got, aws, http

from cogwizard.model.function import HANDLER, RUNTIME, package
from cogwizard.sandbox import Sandbox

NAME = "hello"
ACCOUNT = "123456789012"
RUN = {"cogwizard:run": "20261121-ab12"}
PASSWORD = "Canary-Passw0rd!"
TEMPORARY = "Canary-Temp0rary!"
BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/{NAME}"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{NAME}"
GROUP = f"/aws/lambda/{NAME}"
URI = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{FUNCTION}/invocations"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
EMAIL = [{"Name": "email", "Value": "hanako@example.com"}, {"Name": "email_verified", "Value": "true"}]
SCHEMA = [{"Name": "email", "AttributeDataType": "String", "Required": True, "Mutable": True}]


class Build:
    """boto3 clients of a sandbox, and the ids of what was made."""

    def __init__(self, sandbox: Sandbox) -> None:
        names = ("iam", "lambda", "logs", "cognito-idp", "apigateway")
        self.sandbox = sandbox
        self.iam, self.functions, self.logs, self.cognito, self.gateway = (aws(sandbox, name) for name in names)
        self.pool_id = self.client_id = self.api_id = self.root_id = self.authorizer_id = ""

    def function(self) -> None:
        """Make role, policy, log group and function."""
        tags = [{"Key": key, "Value": value} for key, value in RUN.items()]
        self.iam.create_role(RoleName=NAME, AssumeRolePolicyDocument=json.dumps(TRUST), Tags=tags)
        self.iam.attach_role_policy(RoleName=NAME, PolicyArn=BASIC)
        self.logs.create_log_group(logGroupName=GROUP, tags=RUN)
        self.create_function()

    def create_function(self, **changes: Any) -> Any:
        """Make the function; `changes` replace parameters."""
        asked = {"FunctionName": NAME, "Runtime": RUNTIME, "Role": ROLE, "Handler": HANDLER, "Tags": RUN}
        return self.functions.create_function(**{**asked, "Code": {"ZipFile": package()}, **changes})

    def pool(self) -> None:
        """Make pool and app client, let the client take passwords."""
        made = self.cognito.create_user_pool(
            PoolName=NAME, Schema=SCHEMA, UsernameConfiguration={"CaseSensitive": False}, UserPoolTags=RUN
        )
        self.pool_id = made["UserPool"]["Id"]
        self.client_id = self.client("web")

    def client(self, name: str, *, secret: bool = False) -> str:
        """Make an app client that takes passwords. Return its id."""
        flows = ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
        made = self.cognito.create_user_pool_client(
            UserPoolId=self.pool_id, ClientName=name, GenerateSecret=secret, ExplicitAuthFlows=flows
        )["UserPoolClient"]
        described = self.cognito.describe_user_pool_client(UserPoolId=self.pool_id, ClientId=made["ClientId"])
        kept = {key: value for key, value in described["UserPoolClient"].items() if key not in _NOT_SENT}
        kept["ExplicitAuthFlows"] = [*kept["ExplicitAuthFlows"], "ALLOW_USER_PASSWORD_AUTH"]
        self.cognito.update_user_pool_client(**kept)
        return str(made["ClientId"])

    def user(self) -> None:
        """Make the user, and give a permanent password."""
        self.cognito.admin_create_user(
            UserPoolId=self.pool_id,
            Username="hanako",
            UserAttributes=EMAIL,
            TemporaryPassword=TEMPORARY,
            MessageAction="SUPPRESS",
        )
        self.cognito.admin_set_user_password(
            UserPoolId=self.pool_id, Username="hanako", Password=PASSWORD, Permanent=True
        )

    def api(self) -> None:
        """Make the API and its method, let it call the function, protect it, deploy it."""
        made = self.gateway.create_rest_api(name=NAME, endpointConfiguration={"types": ["REGIONAL"]}, tags=RUN)
        self.api_id, self.root_id = made["id"], made["rootResourceId"]
        self.gateway.put_method(**self.method, authorizationType="NONE")
        self.gateway.put_integration(**self.method, type="AWS_PROXY", integrationHttpMethod="POST", uri=URI)
        self.permit()
        self.authorizer_id = self.gateway.create_authorizer(
            restApiId=self.api_id,
            name="CognitoAuth",
            type="COGNITO_USER_POOLS",
            providerARNs=[self.pool_arn],
            identitySource="method.request.header.Authorization",
        )["id"]
        self.patch(
            ("replace", "/authorizationType", "COGNITO_USER_POOLS"), ("replace", "/authorizerId", self.authorizer_id)
        )
        self.deploy()

    def permit(self, source: str = "*/POST/") -> None:
        """Let API Gateway call the function, for the part of the API's ARN that `source` is."""
        self.functions.add_permission(
            FunctionName=NAME,
            StatementId="gateway",
            Action="lambda:InvokeFunction",
            Principal="apigateway.amazonaws.com",
            SourceArn=f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{self.api_id}/{source}",
        )

    def patch(self, *operations: tuple[str, str, str]) -> Any:
        """Update the method by (op, path, value)."""
        asked = [{"op": op, "path": path, "value": value} for op, path, value in operations]
        return self.gateway.update_method(**self.method, patchOperations=asked)

    def deploy(self) -> str:
        """Deploy to the stage test. Return the deployment's id."""
        return str(self.gateway.create_deployment(restApiId=self.api_id, stageName="test")["id"])

    def everything(self) -> None:
        """Make all of it."""
        self.function()
        self.pool()
        self.user()
        self.api()

    def teardown(self) -> None:
        """Delete all of it."""
        self.gateway.delete_rest_api(restApiId=self.api_id)
        self.cognito.delete_user_pool(UserPoolId=self.pool_id)
        self.functions.delete_function(FunctionName=NAME)
        self.logs.delete_log_group(logGroupName=GROUP)
        self.iam.detach_role_policy(RoleName=NAME, PolicyArn=BASIC)
        self.iam.delete_role(RoleName=NAME)

    @property
    def method(self) -> dict[str, str]:
        """The parameters that name the method."""
        return {"restApiId": self.api_id, "resourceId": self.root_id, "httpMethod": "POST"}

    @property
    def pool_arn(self) -> str:
        """The pool's ARN."""
        return f"arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/{self.pool_id}"

    def tokens(self, **changes: str) -> dict[str, str]:
        """Sign in; `changes` are AuthParameters. Return AuthenticationResult."""
        asked = {"USERNAME": "hanako", "PASSWORD": PASSWORD, **changes}
        answer = self.cognito.initiate_auth(
            ClientId=self.client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=asked
        )
        return dict(answer["AuthenticationResult"])

    def call(self, token: str | None = None, path: str = "/", **options: Any) -> Got:
        """Call the deployed API with POST."""
        headers: Mapping[str, str] = {} if token is None else {"Authorization": token}
        url = self.sandbox.invoke_url(self.api_id, "test", path)
        return http(url, headers, options.pop("verb", "POST"), options.pop("body", b"{}"))


_NOT_SENT = ("ClientSecret", "LastModifiedDate", "CreationDate")


def error(call: Callable[..., Any], **params: Any) -> tuple[str, int, str]:
    """Return type, status and text of the error that a call ends with. Fails where it has none."""
    with pytest.raises(ClientError) as caught:
        call(**params)
    answer: Any = caught.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Message"]
