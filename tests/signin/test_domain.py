"""Where a pool's OAuth endpoints live: partitions, custom domains, an endpoint override, hostile names."""

import pytest

from cogwizard.aws.session import Clients, Settings
from cogwizard.model.domain import base_url
from cogwizard.model.pool import Pool
from cogwizard.signin.domain import base_url_for

pytestmark = pytest.mark.usefixtures("own_home")
PREFIX, CUSTOM = Pool("eu-west-1_Abc", domain="shop"), Pool("eu-west-1_Abc", custom_domain="login.example.com")


@pytest.mark.parametrize(
    ("pool", "region", "expected"),
    [
        (PREFIX, "eu-west-1", "https://shop.auth.eu-west-1.amazoncognito.com"),
        (PREFIX, "us-gov-west-1", "https://shop.auth-fips.us-gov-west-1.amazoncognito.com"),
        (PREFIX, "cn-north-1", None),
        (CUSTOM, "eu-west-1", "https://login.example.com"),
        (
            Pool("p", domain="shop", custom_domain="login.example.com"),
            "eu-west-1",
            "https://shop.auth.eu-west-1.amazoncognito.com",
        ),
        (Pool("p"), "eu-west-1", None),
        (Pool("p", domain=""), "eu-west-1", None),
    ],
)
def test_base_url(pool: Pool, region: str, expected: str | None) -> None:
    assert base_url(pool, region) == expected


@pytest.mark.parametrize(
    "name", ["evil.example/", "a@evil.example", "a.b", "-a", "a#", "A", "a\n", "a:1", "a" * 64, "ä"]
)
def test_a_prefix_that_is_none_becomes_no_host(name: str) -> None:
    assert base_url(Pool("p", domain=name), "eu-west-1") is None


@pytest.mark.parametrize(
    "name", ["localhost", "a@b.c", "login.example.com/x", "login.example.com:8443", "a b.c", "x.y\n", "[::1]"]
)
def test_a_custom_domain_that_is_none_becomes_no_host(name: str) -> None:
    assert base_url(Pool("p", custom_domain=name), "eu-west-1") is None


@pytest.mark.parametrize("region", ["evil.example/x", "eu-west-1.evil", "", "eu-west-1\n"])
def test_a_region_that_is_none_becomes_no_host(region: str) -> None:
    assert base_url(PREFIX, region) is None


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        ("http://127.0.0.1:4566", "http://127.0.0.1:4566"),
        ("http://127.0.0.1:4566/", "http://127.0.0.1:4566"),
        ("http://localhost:4566/base/", "http://localhost:4566/base"),
        ("http://user:c4nary@localhost:4566", "http://localhost:4566"),
    ],
)
def test_an_override_serves_the_endpoints_itself(override: str, expected: str) -> None:
    assert base_url(PREFIX, "eu-west-1", override) == expected
    assert base_url(CUSTOM, "eu-west-1", override) == expected
    assert base_url(Pool("p"), "eu-west-1", override) is None


def test_the_set_up_says_whether_an_override_holds() -> None:
    assert (
        base_url_for(Clients(Settings(endpoint_url="http://127.0.0.1:9")), PREFIX, "eu-west-1") == "http://127.0.0.1:9"
    )
    assert base_url_for(Clients(Settings()), PREFIX, "eu-west-1") == "https://shop.auth.eu-west-1.amazoncognito.com"
