"""The command `diagnose` at an emulator: a shop made with plain boto3 calls, then nothing but the usual variables."""

import base64
import json
import time
from dataclasses import dataclass, field
from typing import Any, Literal

import boto3
import pytest
from botocore.config import Config

from cogwizard.cli import main

REGION = "eu-west-1"
PASSWORD = "Canary-Passw0rd-1"
Form = Literal["restapis", "aws", "host"]
FORMS: tuple[Form, ...] = ("restapis", "aws", "host")
# What is wrong with a call -> its causes, as far as the token, the API and the pools tell them.
WRONG: dict[str, tuple[str, ...]] = {
    "no header": ("header-not-sent",),
    "foreign token": ("wrong-pool",),
    "expired token": ("signature-invalid", "token-expired"),
    "forged token": ("signature-invalid",),
    "wrong path": ("route-not-matched",),
    "wrong stage": ("wrong-stage",),
}


@dataclass
class Shop:
    """An API with GET /orders behind a pool's authorizer, deployed as prod; tokens of its pool and of another one."""

    url: str
    api: str
    token: str = field(repr=False)
    foreign: str = field(repr=False)

    def address(self, form: Form = "restapis", path: str = "orders", stage: str = "prod") -> str:
        """Return the URL of a call in one of the forms that emulators have (interface, section 2)."""
        scheme, _, host = self.url.partition("://")
        return {
            "restapis": f"{self.url}/restapis/{self.api}/{stage}/_user_request_/{path}",
            "aws": f"{self.url}/_aws/execute-api/{self.api}/{stage}/{path}",
            "host": f"{scheme}://{self.api}.execute-api.localhost:{host.rpartition(':')[2]}/{stage}/{path}",
        }[form]

    def given(self, wrong: str | None, form: Form = "restapis") -> tuple[str, str | None]:
        """Return the URL and the token of a call, good or wrong."""
        tokens = {
            "no header": None,
            "foreign token": self.foreign,
            "expired token": changed(self.token, exp=int(time.time()) - 900),
            "forged token": changed(self.token, sub="somebody-else"),
        }
        path = "orderz" if wrong == "wrong path" else "orders"
        stage = "v9" if wrong == "wrong stage" else "prod"
        return self.address(form, path, stage), tokens.get(wrong or "", self.token)


def changed(token: str, **claims: object) -> str:
    """Return a token with other claims and its old signature."""
    head, body, signature = token.split(".")
    told = json.loads(base64.urlsafe_b64decode(f"{body}==")) | claims
    return f"{head}.{base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip('=')}.{signature}"


def point(patch: pytest.MonkeyPatch, url: str) -> None:
    """Set the usual variables for an endpoint; who may sign there is set already."""
    patch.setenv("AWS_ENDPOINT_URL", url)
    patch.setenv("AWS_REGION", REGION)
    patch.setenv("AWS_DEFAULT_REGION", REGION)


def open_shop(url: str) -> Shop:
    """Make the shop with the environment's settings."""
    config = Config(retries={"total_max_attempts": 1}, proxies={})
    session: Any = boto3.Session()
    gateway, cognito = (session.client(name, REGION, config=config) for name in ("apigateway", "cognito-idp"))
    arn, token = _pool(cognito, "shop")
    api = gateway.create_rest_api(name="orders")["id"]
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    source = "method.request.header.Authorization"
    made = gateway.create_authorizer(
        restApiId=api, name="Pool", type="COGNITO_USER_POOLS", providerARNs=[arn], identitySource=source
    )
    resource = gateway.create_resource(restApiId=api, parentId=root, pathPart="orders")["id"]
    where = {"restApiId": api, "resourceId": resource, "httpMethod": "GET"}
    gateway.put_method(**where, authorizationType="COGNITO_USER_POOLS", authorizerId=made["id"])
    gateway.put_integration(**where, type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'})
    gateway.put_method_response(**where, statusCode="200")
    gateway.put_integration_response(**where, statusCode="200", responseTemplates={"application/json": "{}"})
    gateway.create_deployment(restApiId=api, stageName="prod")
    return Shop(url, api, token, _pool(cognito, "other")[1])


def _pool(cognito: Any, name: str) -> tuple[str, str]:
    """Make a pool with an app client and a user; return its ARN and an ID token."""
    pool = cognito.create_user_pool(PoolName=name)["UserPool"]
    flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    made = cognito.create_user_pool_client(UserPoolId=pool["Id"], ClientName="web", ExplicitAuthFlows=flows)
    who = {"UserPoolId": pool["Id"], "Username": "hanako"}
    cognito.admin_create_user(**who, MessageAction="SUPPRESS")
    cognito.admin_set_user_password(**who, Password=PASSWORD, Permanent=True)
    given = {"USERNAME": "hanako", "PASSWORD": PASSWORD}
    client = made["UserPoolClient"]["ClientId"]
    answer = cognito.initiate_auth(ClientId=client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=given)
    return pool["Arn"], answer["AuthenticationResult"]["IdToken"]


@dataclass
class Run:
    """What the command gave: its exit code and its report."""

    code: int
    report: dict[str, Any]

    @property
    def causes(self) -> tuple[str, ...]:
        """The causes in order."""
        return tuple(self.report["causes"])

    @property
    def status(self) -> int | None:
        """The status that the call got, None where it was not made."""
        observed = self.report["observed"]
        return observed["status"] if observed else None

    def verdict(self, code: str) -> str:
        """Return a check's verdict."""
        return next(str(item["verdict"]) for item in self.report["findings"] if item["code"] == code)


def diagnose(
    call: tuple[str, str | None], patch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *more: str
) -> Run:
    """Run the command for a URL and a token. Fails where it crashes or shows the token."""
    url, token = call
    source = ["--token", "env:TOKEN"] if token else []
    patch.setenv("TOKEN", token or "")
    # An emulator's 500 stays one: no waiting for another answer.
    patch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0.0)
    capsys.readouterr()
    code = main(["diagnose", url, *source, "--format", "json", *more])
    told = capsys.readouterr()
    assert "bug in cogwizard" not in told.err
    assert not token or token.rpartition(".")[2] not in told.out + told.err
    return Run(code, json.loads(told.out))
