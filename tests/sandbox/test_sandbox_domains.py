"""What cognito-idp tells of a pool's domain, its resource servers and the style of a client's pages."""

import re
from typing import Any

import pytest
from botocore.exceptions import ClientError
from sandbox_kit import Shop, aws

from cogwizard.aws.reader import AwsReader
from cogwizard.aws.session import Clients, Settings
from cogwizard.model.domain import Branding, ResourceServer, UserPoolDomain
from cogwizard.model.read import Absent, Unread
from cogwizard.model.read_cognito import (
    DescribeManagedLoginBrandingByClient,
    DescribeUserPoolDomain,
    ListResourceServers,
)
from cogwizard.sandbox import Sandbox, World
from cogwizard.sandbox.environment import KEYS


def described(sandbox: Sandbox, domain: str) -> dict[str, Any]:
    return dict(aws(sandbox, "cognito-idp").describe_user_pool_domain(Domain=domain)["DomainDescription"])


def test_both_domains_of_a_pool() -> None:
    shop = Shop()
    shop.pool.settings |= {"Domain": "shop", "CustomDomain": "login.example.com"}
    with Sandbox(shop.world) as sandbox:
        prefix, custom = (described(sandbox, name) for name in ("shop", "login.example.com"))
    assert (prefix["UserPoolId"], prefix["Domain"], prefix["Status"]) == (shop.pool.id, "shop", "ACTIVE")
    assert (prefix["AWSAccountId"], prefix["ManagedLoginVersion"]) == (shop.world.account_id, 1)
    assert (custom["UserPoolId"], custom["Domain"]) == (shop.pool.id, "login.example.com")
    assert custom["CustomDomainConfig"]["CertificateArn"].startswith("arn:aws:acm:us-east-1:123456789012:certificate/")
    assert "CustomDomainConfig" not in prefix
    assert custom["CloudFrontDistribution"] != prefix["CloudFrontDistribution"]


@pytest.mark.parametrize("kind", ["unknown", "deleted", "other-account", "other-region", "no-domain"])
def test_a_domain_that_is_not_here_is_described_as_nothing(kind: str) -> None:
    world = World()
    changes: dict[str, dict[str, Any]] = {
        "deleted": {"exists": False},
        "other-account": {"account_id": "999999999999"},
        "other-region": {"region": "us-east-1"},
    }
    pool = world.add_pool("shop", **changes.get(kind, {}))
    if kind != "no-domain":
        pool.settings["Domain"] = "shop"
    with Sandbox(world) as sandbox:
        answer = aws(sandbox, "cognito-idp").describe_user_pool_domain(Domain="none" if kind == "unknown" else "shop")
    assert answer["DomainDescription"] == {}
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200


@pytest.mark.parametrize("name", ["Shop", "-shop", "shop-", "a b", "shop/login", "https://shop"])
def test_what_cannot_be_a_domain(name: str) -> None:
    with Sandbox(World()) as sandbox, pytest.raises(ClientError) as caught:
        described(sandbox, name)
    assert caught.value.response["Error"]["Code"] == "InvalidParameterException"


def test_managed_login_is_where_a_style_is_missing() -> None:
    shop = Shop()
    shop.pool.settings["Domain"] = "shop"
    bare = shop.pool.add_client("bare")
    with Sandbox(shop.world) as sandbox:
        client = aws(sandbox, "cognito-idp")
        assert described(sandbox, "shop")["ManagedLoginVersion"] == 1
        bare.branded = False
        assert described(sandbox, "shop")["ManagedLoginVersion"] == 2
        style, again = (
            client.describe_managed_login_branding_by_client(UserPoolId=shop.pool.id, ClientId=shop.client.id)[
                "ManagedLoginBranding"
            ]
            for _ in range(2)
        )
        errors = []
        for pool_id, client_id in ((shop.pool.id, bare.id), (shop.pool.id, "nobody"), ("ap-northeast-1_no", bare.id)):
            with pytest.raises(ClientError) as caught:
                client.describe_managed_login_branding_by_client(UserPoolId=pool_id, ClientId=client_id)
            errors.append(caught.value.response["Error"]["Code"])
    pattern = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"  # BOTO's
    assert re.fullmatch(pattern, style["ManagedLoginBrandingId"])
    assert (style["UserPoolId"], style) == (shop.pool.id, again)
    assert errors == ["ResourceNotFoundException"] * 3


def test_resource_servers() -> None:
    """The scopes of the app clients are there: AWS lets no app client have others."""
    shop = Shop()
    pool = shop.pool
    pool.add_client(
        "machine", AllowedOAuthScopes=["shop/write", "shop/read", "https://api.example.com/v1/all", "phone"]
    )
    pool.add_resource_server("shop", "delete", "read")
    pool.add_resource_server("idle", name="Nobody's")
    with Sandbox(shop.world) as sandbox:
        client = aws(sandbox, "cognito-idp")
        found = client.list_resource_servers(UserPoolId=pool.id, MaxResults=50)["ResourceServers"]
        pages = client.get_paginator("list_resource_servers").paginate(
            UserPoolId=pool.id, PaginationConfig={"PageSize": 2}
        )
        assert [len(page["ResourceServers"]) for page in pages] == [2, 1]
        with pytest.raises(ClientError, match="InvalidParameterException"):
            client.list_resource_servers(UserPoolId=pool.id, MaxResults=51)
        with pytest.raises(ClientError, match="ResourceNotFoundException"):
            client.list_resource_servers(UserPoolId="ap-northeast-1_nothing00")
    assert [(each["UserPoolId"], each["Identifier"], each["Name"]) for each in found] == [
        (pool.id, "shop", "shop"),
        (pool.id, "https://api.example.com/v1", "https://api.example.com/v1"),
        (pool.id, "idle", "Nobody's"),
    ]
    assert [[scope["ScopeName"] for scope in each["Scopes"]] for each in found] == [
        ["read", "write", "delete"],
        ["all"],
        [],
    ]
    assert all(scope["ScopeDescription"] for each in found for scope in each["Scopes"])


def test_as_our_own_reads_have_it() -> None:
    shop = Shop()
    region, pool = shop.pool.region, shop.pool
    pool.settings["Domain"] = "shop"
    bare = pool.add_client("bare")
    bare.branded = False
    for number in range(60):
        pool.add_resource_server(f"s{number:02}", "x")
    with Sandbox(shop.world) as sandbox:
        reader = AwsReader(Clients(Settings(endpoint_url=sandbox.url, keys=KEYS, timeout=30)))
        none = DescribeUserPoolDomain(region, "none")
        missing = DescribeManagedLoginBrandingByClient(region, pool.id, bare.id)
        assert reader.run(DescribeUserPoolDomain(region, "shop")) == UserPoolDomain("shop", pool.id, True)
        assert reader.run(none) == Absent(none, "DomainNotFound")
        servers = reader.run(ListResourceServers(region, pool.id))
        style = reader.run(DescribeManagedLoginBrandingByClient(region, pool.id, shop.client.id))
        gone = reader.run(missing)
        sandbox.denied["ListResourceServers"] = "AccessDeniedException"
        denied = reader.run(ListResourceServers(region, pool.id))
    assert servers == (
        ResourceServer("shop", "shop", ("shop/read",)),
        *(ResourceServer(f"s{number:02}", f"s{number:02}", (f"s{number:02}/x",)) for number in range(60)),
    )
    assert isinstance(style, Branding)
    assert isinstance(gone, Absent)
    assert (gone.read, gone.error) == (missing, "ResourceNotFoundException")
    assert isinstance(denied, Unread)
    assert denied.reason == "denied"
