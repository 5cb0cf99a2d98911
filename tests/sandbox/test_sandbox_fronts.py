"""What stands before an API of the sandbox: fronts at an address of their own, web ACLs, limits, keys."""

import urllib.parse
from typing import Any

import pytest
from sandbox_kit import Got, Shop, aws, http

from cogwizard.sandbox import Sandbox
from cogwizard.sandbox.things import Front

FORBIDDEN = (403, "ForbiddenException", {"message": "Forbidden"})
UNAUTHORIZED = (401, "UnauthorizedException", {"message": "Unauthorized"})


def by_front(shop: Shop, **settings: Any) -> Got:
    """Return what GET /orders with a good token is answered by a front."""
    shop.world.fronts["cdn"] = Front(shop.api.id, "prod", **settings)
    with Sandbox(shop.world) as sandbox:
        assert urllib.parse.urlsplit(sandbox.front_url("cdn")).port != urllib.parse.urlsplit(sandbox.url).port
        return http(f"{sandbox.front_url('cdn')}/orders", {"Authorization": shop.id_token()})


def test_a_front_hands_on_and_leaves_its_marks() -> None:
    got = by_front(Shop())
    assert got.status == 200
    assert got.headers["X-Amz-Cf-Id"]
    assert got.headers["x-amzn-RequestId"]


@pytest.mark.parametrize(
    ("settings", "refusal"),
    [({"drops": ("authorization",)}, UNAUTHORIZED), ({"hands_host_on": True}, FORBIDDEN)],
)
def test_a_front_that_spoils_the_call(settings: dict[str, Any], refusal: tuple[object, ...]) -> None:
    assert by_front(Shop(), **settings).refusal == refusal


def test_a_fronts_own_refusal_has_no_mark_of_aws_apis() -> None:
    got = by_front(Shop(), refuses=True)
    assert (got.status, got.headers["Server"]) == (403, "CloudFront")
    assert "The request could not be satisfied" in got.text
    assert not [name for name in got.headers if name.lower().startswith("x-amzn")]


def test_a_web_acls_own_answer_wins_over_a_gateway_response() -> None:
    shop = Shop()
    shop.api.draft.respond("WAF_FILTERED", status=406)
    body = '{"error":"no"}'
    arn = shop.world.add_web_acl("w", blocks=True, response=(418, {"X-Why": "rule"}, body))
    shop.api.deploy("prod", webAclArn=arn)
    with Sandbox(shop.world) as sandbox:
        got = http(sandbox.invoke_url(shop.api.id, "prod", "/orders"))
        assert (got.status, got.headers["X-Why"], got.text) == (418, "rule", body)
        assert got.headers["x-amzn-ErrorType"] is None
        shop.world.web_acls[arn].response = None
        assert http(sandbox.invoke_url(shop.api.id, "prod", "/orders")).status == 406


def test_a_limit_of_zero_refuses_one_method() -> None:
    shop = Shop()
    none = {"throttlingRateLimit": 0.0, "throttlingBurstLimit": 0}
    shop.api.deploy("prod", methodSettings={"~1public/GET": none})
    with Sandbox(shop.world) as sandbox:
        got = http(sandbox.invoke_url(shop.api.id, "prod", "/public"))
        assert got.refusal == (429, "TooManyRequestsException", {"message": "Too Many Requests"})
        assert http(sandbox.invoke_url(shop.api.id, "prod", "/orders")).refusal == UNAUTHORIZED


def test_keys_are_listed_without_their_values_unless_asked() -> None:
    shop = Shop()
    key = shop.world.add_key("one", (shop.api.id, "prod"), enabled=False)
    with Sandbox(shop.world) as sandbox:
        client = aws(sandbox, "apigateway")
        (listed,) = client.get_api_keys()["items"]
        assert (listed["id"], listed["enabled"], "value" in listed) == (key.id, False, False)
        assert client.get_api_keys(includeValues=True)["items"][0]["value"] == key.value
        assert len(client.get_usage_plans(keyId=key.id)["items"]) == 1
        assert client.get_usage_plans(keyId="other")["items"] == []
