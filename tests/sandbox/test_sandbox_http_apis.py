"""HTTP APIs of the sandbox, and custom domains of several levels: through real boto3, and called."""

import pytest
from sandbox_kit import Shop, aws, http

from cogwizard.sandbox import Sandbox

ISSUER = "https://cognito-idp.ap-northeast-1.amazonaws.com"


def test_reads_of_an_http_api() -> None:
    shop = Shop()
    api = shop.world.add_http_api("shop")
    api.guard("Jwt", f"{ISSUER}/{shop.pool.id}", shop.client.id)
    for number in range(30):
        api.add(f"GET /{number}", "Jwt", scopes=["shop/read"])
    with Sandbox(shop.world) as sandbox:
        client = aws(sandbox, "apigatewayv2")
        told = client.get_api(ApiId=api.id)
        first = client.get_routes(ApiId=api.id)
        rest = client.get_routes(ApiId=api.id, NextToken=first["NextToken"], MaxResults="500")
        authorizers = client.get_authorizers(ApiId=api.id)["Items"]
        stages = client.get_stages(ApiId=api.id)["Items"]
        with pytest.raises(client.exceptions.NotFoundException):
            client.get_api(ApiId=shop.api.id)
    assert (told["ProtocolType"], told["Name"]) == ("HTTP", "shop")
    assert (len(first["Items"]), len(rest["Items"])) == (25, 5)
    assert first["Items"][0]["AuthorizationScopes"] == ["shop/read"]
    assert authorizers[0]["JwtConfiguration"] == {"Issuer": f"{ISSUER}/{shop.pool.id}", "Audience": [shop.client.id]}
    assert [stage["StageName"] for stage in stages] == ["$default"]


def test_a_jwt_authorizer_judges() -> None:
    shop = Shop()
    api = shop.world.add_http_api("shop")
    api.stages.append("v1")
    api.guard("Jwt", f"{ISSUER}/{shop.pool.id}", shop.client.id)
    api.guard("Other", f"{ISSUER}/{shop.pool.id}", "another")
    api.guard("Gone", f"{ISSUER}/ap-northeast-1_none", "another")
    api.add("GET /orders/{id}", "Jwt", scopes=["shop/read"])
    api.add("GET /me", "Jwt")
    api.add("GET /other", "Other")
    api.add("GET /gone", "Gone")
    api.add("ANY /open/{proxy+}", answer=(401, '{"mine":1}'))
    with Sandbox(shop.world) as sandbox:

        def call(path: str, token: str | None = None) -> tuple[int, str]:
            headers = {"Host": f"{api.id}.execute-api.localhost"} | ({"Authorization": token} if token else {})
            got = http(f"{sandbox.url}{path}", headers=headers)
            assert got.headers["apigw-requestid"]
            assert got.headers["x-amzn-errortype"] is None
            return got.status, got.headers["www-authenticate"] or got.text

        access, bad = shop.access_token("shop/read"), 'Bearer scope="" error="invalid_token" error_description='
        assert call("/orders/7", f"Bearer {access}") == call("/v1/orders/7", access) == (200, '{"ok":true}')
        assert call("/me", shop.id_token())[0] == 200
        assert call("/orders/7") == (401, "Bearer")
        assert call("/orders/7", shop.access_token("openid")) == (403, '{"message": "Forbidden"}')
        assert call("/me", "x") == (401, f'{bad}"token contains an invalid number of segments"')
        expired = shop.access_token("shop/read", issued_at=shop.world.now() - 7200)
        assert call("/me", expired) == (401, f'{bad}"the token has expired"')
        assert call("/other", access) == (401, f'{bad}"the token does not have a valid audience"')
        assert call("/gone", access) == (401, f'{bad}"the token does not have a valid issuer"')
        assert call("/open/a/b") == (401, '{"mine":1}')
        assert call("/nowhere") == call("/orders") == (404, '{"message": "Not Found"}')
        api.endpoint_disabled = True
        assert call("/me")[0] == 403


def test_base_paths_of_several_levels_are_v2s() -> None:
    shop = Shop()
    api = shop.world.add_http_api("shop")
    api.add("GET /orders")
    mappings = (("shop", shop.api.id, "prod"), ("shop/v1", shop.api.id, "test"), ("(none)", api.id, "$default"))
    shop.world.add_domain("shop.localhost", *mappings)
    shop.world.add_domain("*.shop.localhost", ("(none)", shop.api.id, "prod"))
    trusted = {"truststoreUri": "s3://b/k"}
    shop.world.add_domain("tls.localhost", ("(none)", shop.api.id, "prod"), mutualTlsAuthentication=trusted)
    with Sandbox(shop.world) as sandbox:
        first = aws(sandbox, "apigateway").get_base_path_mappings(domainName="shop.localhost")["items"]
        second = aws(sandbox, "apigatewayv2").get_api_mappings(DomainName="shop.localhost")["Items"]

        def call(host: str, path: str) -> int:
            headers = {"Host": host, "Authorization": shop.id_token()}
            return http(f"{sandbox.url}{path}", headers=headers).status

        assert call("shop.localhost", "/shop/orders") == 200
        assert call("shop.localhost", "/shop/v1/orders") == 403  # no stage test
        assert call("shop.localhost", "/orders") == 200
        assert call("a.shop.localhost", "/orders") == 200
        assert call("tls.localhost", "/orders") == 403
    assert [each["basePath"] for each in first] == ["shop"]
    assert [each["ApiMappingKey"] for each in second] == ["shop", "shop/v1", ""]
