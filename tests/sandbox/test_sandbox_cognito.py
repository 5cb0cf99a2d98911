"""Pools, their keys and the tokens that they mint."""

import json
from typing import Any

import jwt
import pytest
from botocore.exceptions import ClientError
from sandbox_kit import Shop, aws, http

from cogwizard.model.token import read_token
from cogwizard.sandbox import Sandbox, World, mint, refresh_token, tampered


def test_a_pool_and_its_clients() -> None:
    shop = Shop()
    shop.pool.settings["Domain"] = "shop"
    confidential = shop.pool.add_client("machine", secret="s3cret" * 9, ExplicitAuthFlows=[])
    with Sandbox(shop.world) as sandbox:
        client = aws(sandbox, "cognito-idp")
        pool = client.describe_user_pool(UserPoolId=shop.pool.id)["UserPool"]
        listed = client.list_user_pools(MaxResults=60)["UserPools"]
        clients = client.list_user_pool_clients(UserPoolId=shop.pool.id)["UserPoolClients"]
        public, private = (
            client.describe_user_pool_client(UserPoolId=shop.pool.id, ClientId=each.id)["UserPoolClient"]
            for each in (shop.client, confidential)
        )
    assert (pool["Id"], pool["Name"], pool["Domain"], pool["Arn"]) == (shop.pool.id, "shop", "shop", shop.pool.arn)
    assert pool["IssuerConfiguration"] == {"Type": "ORIGINAL"}
    assert [each["Id"] for each in listed] == [shop.pool.id]
    assert {each["ClientName"] for each in clients} == {"web", "machine"}
    assert public["AllowedOAuthScopes"] == ["openid", "shop/read"]
    assert "ALLOW_USER_SRP_AUTH" in public["ExplicitAuthFlows"]
    assert "ClientSecret" not in public
    assert (private["ClientSecret"], private["ExplicitAuthFlows"]) == ("s3cret" * 9, [])
    assert "s3cret" not in repr(shop.world)


def test_lists_come_in_pages() -> None:
    world = World()
    pools = [world.add_pool(f"p{number}") for number in range(5)]
    for number in range(3):
        pools[0].add_client(f"c{number}")
    with Sandbox(world) as sandbox:
        client = aws(sandbox, "cognito-idp")
        first = client.list_user_pools(MaxResults=2)
        pages = client.get_paginator("list_user_pools").paginate(PaginationConfig={"PageSize": 2})
        names = [each["Name"] for page in pages for each in page["UserPools"]]
        clients = client.get_paginator("list_user_pool_clients").paginate(
            UserPoolId=pools[0].id, PaginationConfig={"PageSize": 2}
        )
        assert [len(page["UserPoolClients"]) for page in clients] == [2, 1]
        with pytest.raises(ClientError, match="InvalidParameterException"):
            client.list_user_pools(MaxResults=61)
    assert len(first["UserPools"]) == 2
    assert names == ["p0", "p1", "p2", "p3", "p4"]


@pytest.mark.parametrize("kind", ["unknown", "deleted", "other-account", "other-region"])
def test_a_pool_that_is_not_here_does_not_exist(kind: str) -> None:
    world = World()
    changes: dict[str, dict[str, Any]] = {
        "deleted": {"exists": False},
        "other-account": {"account_id": "999999999999"},
        "other-region": {"region": "us-east-1"},
    }
    pool = world.add_pool("shop", **changes.get(kind, {}))
    wanted = "ap-northeast-1_nothing00" if kind == "unknown" else pool.id
    with Sandbox(world) as sandbox, pytest.raises(ClientError) as caught:
        aws(sandbox, "cognito-idp").describe_user_pool(UserPoolId=wanted)
    assert caught.value.response["Error"] == {
        "Code": "ResourceNotFoundException",
        "Message": f"User pool {wanted} does not exist.",
    }


def test_an_unknown_client_does_not_exist() -> None:
    shop = Shop()
    with Sandbox(shop.world) as sandbox, pytest.raises(ClientError, match="User pool client abc does not exist"):
        aws(sandbox, "cognito-idp").describe_user_pool_client(UserPoolId=shop.pool.id, ClientId="abc")


def test_who_we_are() -> None:
    with Sandbox(World(account_id="210987654321")) as sandbox:
        answer = aws(sandbox, "sts").get_caller_identity()
    assert (answer["Account"], answer["Arn"]) == ("210987654321", "arn:aws:iam::210987654321:user/sandbox")


def test_every_pool_has_two_keys_of_its_own_and_they_verify() -> None:
    shop = Shop()
    other = shop.world.add_pool("other")
    with Sandbox(shop.world) as sandbox:
        keys = {
            pool.id: http(f"{sandbox.url}/{pool.id}/.well-known/jwks.json").json["keys"] for pool in (shop.pool, other)
        }
        again = http(f"{sandbox.url}/{shop.pool.id}/.well-known/jwks.json").json["keys"]
    kids = [each["kid"] for found in keys.values() for each in found]
    assert len(set(kids)) == len({each["n"] for found in keys.values() for each in found}) == 4
    assert again == keys[shop.pool.id]
    by_kid = {each["kid"]: jwt.PyJWK(each) for each in keys[shop.pool.id]}
    used = []
    for token in (shop.id_token(), shop.access_token()):
        header = jwt.get_unverified_header(token)
        used.append(header["kid"])
        assert set(header) == {"kid", "alg"}
        jwt.decode(token, by_kid[header["kid"]].key, algorithms=["RS256"], options={"verify_aud": False})
        with pytest.raises(jwt.InvalidSignatureError):
            jwt.decode(tampered(token), by_kid[header["kid"]].key, algorithms=["RS256"])
    assert len(set(used)) == 2


def test_the_keys_of_a_pool_that_is_gone() -> None:
    world = World()
    gone = world.add_pool("gone", exists=False)
    with Sandbox(world) as sandbox:
        for pool_id in (gone.id, "ap-northeast-1_nothing00"):
            answer = http(f"{sandbox.url}/{pool_id}/.well-known/jwks.json")
            assert (answer.status, answer.json) == (404, {"message": f"User pool {pool_id} does not exist."})
        assert http(f"{sandbox.url}/{gone.id}/.well-known/other").status == 404


def test_the_discovery_document() -> None:
    shop = Shop()
    shop.pool.issuer_type = "UPDATED"
    shop.pool.settings["Domain"] = "shop"
    with Sandbox(shop.world) as sandbox:
        found = http(f"{sandbox.url}/{shop.pool.id}/.well-known/openid-configuration").json
    assert found["issuer"] == f"https://issuer-cognito-idp.ap-northeast-1.amazonaws.com/{shop.pool.id}"
    assert found["token_endpoint"] == "https://shop.auth.ap-northeast-1.amazoncognito.com/oauth2/token"


def _claims(token: str) -> dict[str, Any]:
    return dict(read_token(token).claims)


def test_the_claims_are_cognitos() -> None:
    shop = Shop()
    identity, access = _claims(shop.id_token(issued_at=1000.9)), _claims(shop.access_token(issued_at=1000.9))
    assert set(identity) == {
        *("sub", "email", "email_verified", "iss", "cognito:username", "origin_jti", "aud", "event_id", "token_use"),
        *("auth_time", "exp", "iat", "jti"),
    }
    assert set(access) == {
        *("sub", "iss", "version", "client_id", "origin_jti", "event_id", "token_use", "scope", "auth_time", "exp"),
        *("iat", "jti", "username"),
    }
    assert (identity["aud"], identity["token_use"], identity["iss"]) == (shop.client.id, "id", shop.pool.issuer)
    assert (access["client_id"], access["token_use"], access["version"]) == (shop.client.id, "access", 2)
    assert access["scope"] == "aws.cognito.signin.user.admin"
    assert identity["sub"] == access["sub"]
    assert (identity["iat"], identity["exp"]) == (1000, 4600)


def test_claims_header_lifetime_and_scopes_can_be_set() -> None:
    shop = Shop()
    token = shop.access_token("openid", "shop/read", claims={"username": None, "aud": "x"}, lifetime=300, issued_at=0)
    claims = _claims(token)
    assert (claims["scope"], claims["aud"], claims["exp"]) == ("openid shop/read", "x", 300)
    assert "username" not in claims
    assert "event_id" not in claims
    assert read_token(shop.id_token(header={"alg": "none", "kid": None})).header == {"alg": "none"}
    assert shop.id_token(header={"alg": "none"}).endswith(".")


def test_a_token_of_the_client_credentials_grant_names_no_user() -> None:
    shop = Shop()
    claims = _claims(shop.access_token("shop/read", user=None))
    assert claims["sub"] == claims["client_id"] == shop.client.id
    assert "username" not in claims
    with pytest.raises(ValueError, match="client_credentials"):
        mint(shop.pool, shop.client, "id", issued_at=0, user=None)


def test_a_refresh_token_is_a_jwe_of_five_parts() -> None:
    shop = Shop()
    token = refresh_token(shop.pool, shop.client)
    assert len(token.split(".")) == 5
    assert token == refresh_token(shop.pool, shop.client)
    assert read_token(token).kind == "refresh-token"
    assert token.startswith("eyJjdHkiOiJKV1QiLCJlbmMiOiJBMjU2R0NNIiwiYWxnIjoiUlNBLU9BRVAifQ.")


def test_ids_are_the_same_in_every_run() -> None:
    assert Shop().pool.id == Shop().pool.id != World().add_pool("other").id
    assert json.dumps(list(Shop().world.apis)) == json.dumps(list(Shop().world.apis))
    assert Shop().api.stages["prod"]["deploymentId"] == Shop().api.stages["prod"]["deploymentId"]
    china = World(region="cn-north-1").add_pool("shop")
    assert china.arn.startswith("arn:aws-cn:cognito-idp:cn-north-1:123456789012:userpool/cn-north-1_")
    assert china.issuer == f"https://cognito-idp.cn-north-1.amazonaws.com.cn/{china.id}"
