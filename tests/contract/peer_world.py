"""One small world for emulators that others wrote: made with plain boto3 calls, read with our reading code."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cogwizard.aws.reader import AwsReader
from cogwizard.aws.session import Clients, Settings
from cogwizard.model.read import Read
from cogwizard.web import WebReader

REGION = "eu-west-1"
POLICY = '{"Version":"2012-10-17","Statement":[]}'
DOMAIN = "api.example.org"


@dataclass
class Peer:
    """An emulator with one API (`/orders`: GET for a pool's access tokens, ANY open with a key), deployed as v1."""

    url: str
    clients: Clients
    api: str = ""
    resource: str = ""
    authorizer: str = ""
    deployment: str = ""
    pool: str = ""
    pool_arn: str = ""

    def run(self, read: Read) -> Any:
        """Return what our code reads."""
        if read.service == "web":
            return WebReader(self.clients.settings, self.clients).run(read)
        return AwsReader(self.clients).run(read)


def isolate(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """Leave nothing of this machine's AWS set-up, proxies and home, and put dummy credentials in."""
    import os

    for name in list(os.environ):
        if name.startswith("AWS_") or name.lower().endswith("_proxy") or name == "REQUESTS_CA_BUNDLE":
            patch.delenv(name)
    patch.setenv("HOME", str(folder))
    patch.setenv("AWS_CONFIG_FILE", str(folder / "config"))
    patch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(folder / "credentials"))
    patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    patch.setenv("AWS_ACCESS_KEY_ID", "testing")
    patch.setenv("AWS_SECRET_ACCESS_KEY", "testing")


def seed(url: str) -> Peer:
    """Make the world at an endpoint and return it."""
    peer = Peer(url, Clients(Settings(endpoint_url=url)))
    gateway, cognito = (peer.clients.client(service, REGION) for service in ("apigateway", "cognito-idp"))
    # An emulator's 500 stays one: no waiting for another answer.
    gateway.meta.events.unregister("needs-retry.api-gateway", unique_id="retry-config-api-gateway")
    pool = cognito.create_user_pool(PoolName="customers")["UserPool"]
    cognito.create_user_pool_domain(Domain="customers", UserPoolId=pool["Id"])
    peer.pool, peer.pool_arn = pool["Id"], pool["Arn"]
    types = {"types": ["REGIONAL"]}
    peer.api = gateway.create_rest_api(name="shop", endpointConfiguration=types, policy=POLICY)["id"]
    peer.authorizer = gateway.create_authorizer(
        restApiId=peer.api,
        name="Pools",
        type="COGNITO_USER_POOLS",
        providerARNs=[peer.pool_arn],
        identitySource="method.request.header.X-Auth",
        identityValidationExpression="^created$",
    )["id"]
    root = gateway.get_resources(restApiId=peer.api)["items"][0]["id"]
    peer.resource = gateway.create_resource(restApiId=peer.api, parentId=root, pathPart="orders")["id"]
    where = {"restApiId": peer.api, "resourceId": peer.resource}
    gateway.put_method(
        **where,
        httpMethod="GET",
        authorizationType="COGNITO_USER_POOLS",
        authorizerId=peer.authorizer,
        authorizationScopes=["rs/read"],
    )
    gateway.put_method(**where, httpMethod="ANY", authorizationType="NONE", apiKeyRequired=True)
    templates = {"application/json": '{"statusCode": 200}'}
    for verb in ("GET", "ANY"):
        gateway.put_integration(**where, httpMethod=verb, type="MOCK", requestTemplates=templates)
    gateway.put_gateway_response(restApiId=peer.api, responseType="THROTTLED", statusCode="420")
    peer.deployment = gateway.create_deployment(restApiId=peer.api, stageName="v1", variables={"pool": "x"})["id"]
    gateway.create_domain_name(domainName=DOMAIN, endpointConfiguration=types)
    gateway.create_base_path_mapping(domainName=DOMAIN, restApiId=peer.api, stage="v1", basePath="shop")
    gateway.create_base_path_mapping(domainName=DOMAIN, restApiId=peer.api, stage="v1")
    gateway.create_usage_plan(name="plan", apiStages=[{"apiId": peer.api, "stage": "v1"}])
    return peer


def update_expression(peer: Peer) -> None:
    """Set the authorizer's validation expression by an update."""
    operations = [{"op": "replace", "path": "/identityValidationExpression", "value": "^updated$"}]
    gateway = peer.clients.client("apigateway", REGION)
    gateway.update_authorizer(restApiId=peer.api, authorizerId=peer.authorizer, patchOperations=operations)
