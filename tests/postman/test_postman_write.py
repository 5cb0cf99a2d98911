"""Postman's collection and environment: what stands in them, and what never does."""

import contextlib
import json
import re
import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogwizard.aws.session import Clients, Settings
from cogwizard.intake.errors import BadInput
from cogwizard.model.postman import Needs
from cogwizard.postman.write import FORMS, Export, files
from cogwizard.sandbox import Sandbox, World, authorizer, method
from cogwizard.signin.oauth import TokenEndpoint, authorize_request
from cogwizard.signin.redirect import Code, read_redirect
from tests.signin.login_kit import browse

BASE = "https://shop.auth.eu-west-1.amazoncognito.com"
URL = "https://abc123.execute-api.eu-west-1.amazonaws.com/prod/orders"
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJlLWNhbmFyeQ"
BLOCK = {
    "grant_type": "authorization_code_with_pkce",
    "authUrl": f"{BASE}/oauth2/authorize",
    "accessTokenUrl": f"{BASE}/oauth2/token",
    "redirect_uri": "https://oauth.pstmn.io/v1/callback",
    "useBrowser": "true",
    "clientId": "4abcdefghijklmnopqrstuvwxy",
    "clientSecret": "canary-client-secret",
    "accessToken": JWT,
    "password": "canary-password",
    "client_authentication": "body",
    "scope": "openid",
}
PLAIN = Export(
    "orders-api GET /orders",
    "GET",
    URL,
    (("Accept", "application/json"),),
    block=BLOCK,
    needs=Needs("id-token", header="Authorization"),
    region="eu-west-1",
    user_pool_id="eu-west-1_AbCdEf123",
)


def read(export: Export) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the collection and the environment."""
    made = files(export)
    collection, environment = sorted(made)
    assert collection.endswith(".postman_collection.json")
    assert environment.endswith(".postman_environment.json")
    return json.loads(made[collection]), json.loads(made[environment])


def pairs(auth: dict[str, Any]) -> dict[str, Any]:
    """Return the attributes of an auth block."""
    return {item["key"]: item["value"] for item in auth[auth["type"]]}


def test_the_tab_with_every_key() -> None:
    collection, environment = read(PLAIN)
    assert collection["auth"]["type"] == "oauth2"
    assert pairs(collection["auth"]) == {
        "grant_type": "authorization_code_with_pkce",
        "authUrl": f"{BASE}/oauth2/authorize",
        "accessTokenUrl": f"{BASE}/oauth2/token",
        "redirect_uri": "https://oauth.pstmn.io/v1/callback",
        "clientId": "4abcdefghijklmnopqrstuvwxy",
        "scope": "openid",
        "client_authentication": "body",
        "useBrowser": True,
        "clientSecret": "",
        "challengeAlgorithm": "S256",
        "addTokenTo": "header",
        "headerPrefix": "Bearer",
        "tokenName": "cogwizard",
        "accessToken": "{{id_token}}",
    }
    assert environment["_postman_variable_scope"] == "environment"
    secret = {"value": "", "type": "secret", "enabled": True}
    assert environment["values"] == [
        {"key": "id_token", **secret},
        {"key": "access_token", **secret},
        {"key": "refresh_token", **secret},
    ]


def test_the_calls() -> None:
    collection, _ = read(PLAIN)
    first, second, refresh = collection["item"]
    assert "auth" not in first["request"]  # the collection's
    assert second["request"].pop("auth") == {
        "type": "bearer",
        "bearer": [{"key": "token", "value": "{{id_token}}", "type": "string"}],
    }
    assert first["request"] == second["request"]
    assert first["request"] == {
        "method": "GET",
        "header": [{"key": "Accept", "value": "application/json"}],
        "url": {
            "raw": URL,
            "protocol": "https",
            "host": ["abc123", "execute-api", "eu-west-1", "amazonaws", "com"],
            "path": ["prod", "orders"],
        },
    }
    form = {item["key"]: item["value"] for item in refresh["request"]["body"]["urlencoded"]}
    assert form == {
        "grant_type": "refresh_token",
        "client_id": "4abcdefghijklmnopqrstuvwxy",
        "refresh_token": "{{refresh_token}}",
    }
    assert refresh["request"]["auth"] == {"type": "noauth"}
    assert refresh["request"]["url"]["raw"] == f"{BASE}/oauth2/token"


def test_a_client_with_a_secret_and_an_access_token() -> None:
    block = {key: value for key, value in BLOCK.items() if key != "client_authentication"}
    needs = Needs("access-token", ("shop/read",), "Authorization")
    collection, environment = read(replace(PLAIN, block=block, has_secret=True, needs=needs))
    tab = pairs(collection["auth"])
    assert tab["clientSecret"] == "{{client_secret}}"
    assert tab["client_authentication"] == "header"
    assert tab["accessToken"] == "{{access_token}}"
    assert pairs(collection["item"][1]["request"]["auth"]) == {"token": "{{access_token}}"}
    form = {item["key"]: item["value"] for item in collection["item"][2]["request"]["body"]["urlencoded"]}
    assert form["client_secret"] == "{{client_secret}}"
    assert "client_secret" in [item["key"] for item in environment["values"]]
    assert "falls back" not in collection["info"]["description"]


def test_another_header_needs_another_type() -> None:
    collection, _ = read(replace(PLAIN, needs=Needs("id-token", header="X-Id-Token")))
    only, refresh = collection["item"]
    assert only["request"]["auth"]["type"] == "apikey"
    assert pairs(only["request"]["auth"]) == {"key": "X-Id-Token", "value": "{{id_token}}", "in": "header"}
    assert collection["auth"]["type"] == "oauth2"  # to get tokens with
    assert "can only send Authorization" in collection["info"]["description"]
    assert refresh["name"] == "Refresh the tokens"


@pytest.mark.parametrize(
    ("grant", "names"),
    [
        ("implicit", ["id_token", "access_token"]),
        ("client_credentials", ["access_token", "client_secret"]),
        ("password_credentials", ["id_token", "access_token", "client_secret"]),
    ],
)
def test_grants_without_a_refresh_token(grant: str, names: list[str]) -> None:
    export = replace(PLAIN, block={**BLOCK, "grant_type": grant}, has_secret=True, needs=Needs())
    collection, environment = read(export)
    assert [item["name"] for item in collection["item"] if "Refresh" in item["name"]] == []
    assert [item["key"] for item in environment["values"]] == names
    assert "is not known" in collection["info"]["description"]


@pytest.mark.parametrize("url", ["", "http://[", "{{base}}/oauth2/token", "https://x y/", "file:///etc/passwd"])
def test_no_refresh_without_an_address(url: str) -> None:
    collection, _ = read(replace(PLAIN, block={**BLOCK, "accessTokenUrl": url}))
    assert len(collection["item"]) == 2


def test_what_the_description_says() -> None:
    collection, _ = read(PLAIN)
    told = collection["info"]["description"]
    assert "reads the ID token from the header Authorization" in told
    assert 'set "Use Token Type" to "ID token" again, each time' in told
    assert told.endswith(
        "cogwizard login browser --region eu-west-1 --user-pool-id eu-west-1_AbCdEf123"
        " --client-id 4abcdefghijklmnopqrstuvwxy --print id"
    )
    hostile = {**BLOCK, "clientId": "x; rm -rf ~\n"}
    collection, _ = read(replace(PLAIN, block=hostile, user_pool_id="$(id)", region="a b"))
    assert collection["info"]["description"].endswith("cogwizard login browser --print id")


def test_the_same_bytes_each_time() -> None:
    assert files(PLAIN, FORMS) == files(replace(PLAIN, block=dict(reversed(BLOCK.items()))), FORMS)
    one, other = (read(each)[0] for each in (PLAIN, replace(PLAIN, method="DELETE")))
    ids = [[made["info"]["_postman_id"], *(item["id"] for item in made["item"])] for made in (one, other)]
    assert len({*ids[0], *ids[1]}) == 8


def test_no_secret_in_any_file() -> None:
    headers = (("Authorization", f"Bearer {JWT}"), ("X-Api-Key", "canary-api-key"), ("X-T", JWT), ("Accept", "*/*"))
    url = (
        f"https://user:canary-user@abc123.execute-api.eu-west-1.amazonaws.com/prod/{JWT}?access_token=canary-query&a=1"
    )
    body = json.dumps({"password": "canary-body", "token": JWT, "kept": "visible"})
    block = {**BLOCK, "authUrl": f"{BASE}/?token={JWT}", "redirect_uri": "https://u:canary-uri@x.example/"}
    export = replace(PLAIN, method="POST", url=url, headers=headers, body=body, block=block, has_secret=True)
    made = files(export, FORMS)
    for name, text in made.items():
        assert not re.search("canary|eyJ", text), (name, re.search(".*(?:canary|eyJ).*", text))
        assert ("a=1" in text) == (name != "bruno.json" and "environment" not in name)
    assert "canary" not in repr(export)
    (collection,) = (json.loads(text) for name, text in made.items() if "collection" in name)
    assert json.loads(collection["item"][0]["request"]["body"]["raw"])["kept"] == "visible"
    told = collection["info"]["description"]
    assert "The header X-Api-Key was left out" in told
    assert "Secrets in the address were replaced" in told
    assert "Auth URL was left empty" in told


@pytest.mark.parametrize("text", ["{{id_token}}", "a{{{{vault:x}}}}b", "{{{x}}}"])
def test_no_foreign_variable(text: str) -> None:
    ours = {"{{id_token}}", "{{access_token}}", "{{refresh_token}}", "{{client_secret}}"}
    block = {**BLOCK, "scope": text, "clientId": text, "redirect_uri": text}
    for body in (json.dumps({"a": text}), f"a={text}", f"plain {text}"):
        headers = (("X-A", text), ("Accept", "*/*"))
        collection, _ = read(
            replace(PLAIN, method="POST", url=f"{URL}/{text}?{text}", headers=headers, body=body, block=block)
        )
        found = set(
            re.findall(
                r"\{\{[^{}]*\}\}",
                json.dumps({**collection, "info": None, "item": [{**item, "name": ""} for item in collection["item"]]}),
            )
        )
        assert found <= ours
        first = collection["item"][0]["request"]
        assert first["header"][0] == {"key": "Accept", "value": "*/*"}
        if body.startswith("{"):
            assert json.loads(first["body"]["raw"]) == {"a": text}
        else:
            assert ("body" in first) == body.startswith("a=")
        assert pairs(collection["auth"])["scope"] == ""


@pytest.mark.parametrize(
    ("url", "host", "path", "query"),
    [
        ("http://127.0.0.1:4566/a", ["127", "0", "0", "1"], ["a"], None),
        ("http://[::1]:4566", ["[::1]"], [""], None),
        ("HTTPS://Api.Example.org", ["Api", "Example", "org"], [""], None),
        ("https://api.example.org?a", ["api", "example", "org"], [""], [{"key": "a", "value": None}]),
        ("https://api.example.org/a%2Fb//c/?x=%26&y=", ["api", "example", "org"], ["a%2Fb", "", "c", ""],
         [{"key": "x", "value": "%26"}, {"key": "y", "value": ""}]),
        ("https://bücher.example/注文/:id/100%#part", ["xn--bcher-kva", "example"],
             ["%E6%B3%A8%E6%96%87", "%3Aid", "100%25"], None),
    ],
)  # fmt: skip
def test_addresses(url: str, host: list[str], path: list[str], query: Any) -> None:
    made = read(replace(PLAIN, url=url))[0]["item"][0]["request"]["url"]
    assert (made["host"], made["path"], made.get("query")) == (host, path, query)
    assert made.get("port") == ("4566" if "4566" in url else None)
    assert made["raw"].isascii()


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"method": "ANY"}, "export-method"),
        ({"method": "GET\nX"}, "export-method"),
        ({"url": "{{base}}/orders"}, "url-no-scheme"),
        ({"url": "https://api.example.org/a b"}, "url-character"),
        ({"url": f"https://{'ü' * 70}.example/"}, "url-host"),
    ],
)
def test_what_cannot_be_exported(changes: dict[str, str], key: str) -> None:
    with pytest.raises(BadInput) as caught:
        files(replace(PLAIN, **changes), FORMS)  # type: ignore[arg-type]
    assert caught.value.key == key


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("Orders API: GET /orders/{id}", "orders-api-get-orders-id."),
        ("../../etc/passwd\0", "etc-passwd-x00."),
        ("", "api."),
        ("注文", "api."),
        ("NUL", "api-nul."),
        ("a" * 500, "a" * 60 + "."),
        ("-rf ~", "rf."),
    ],
)
def test_names_of_files(name: str, start: str) -> None:
    assert all(made.startswith(start) for made in files(replace(PLAIN, name=name)))


_TEXT = st.text(max_size=40) | st.sampled_from(["{{x}}", "'''", "\ud800", "\0", "$(id)", "a\nb", JWT])
_BODIES = _TEXT | st.recursive(_TEXT, lambda inner: st.lists(inner) | st.dictionaries(_TEXT, inner)).map(json.dumps)


@settings(max_examples=50)
@given(
    _TEXT,
    _TEXT,
    st.lists(st.tuples(_TEXT, _TEXT), max_size=3),
    _BODIES,
    st.dictionaries(st.sampled_from(sorted(BLOCK)), _TEXT),
    _TEXT,
)
def test_any_text(
    name: str, path: str, headers: list[tuple[str, str]], body: str, block: dict[str, str], header: str
) -> None:
    """Whatever the names and values are, there are files for all forms, or a clear refusal of the address."""
    export = Export(name, "POST", f"{URL}/{path}", tuple(headers), body, block, True, Needs(header=header), name, path)
    made: dict[str, str] = {}
    with contextlib.suppress(BadInput):  # of the address
        made = files(export, FORMS)
    for file, text in made.items():
        assert re.fullmatch(r"[a-z0-9][a-z0-9._-]*", file)
        text.encode("utf-8")
        assert JWT not in text
    assert all(json.loads(text) for file, text in made.items() if file.endswith(".json"))


def test_the_exported_settings_get_a_token_that_the_api_takes() -> None:
    """The code grant with PKCE through the pool's pages, by nothing but what stands in the collection."""
    import urllib.request

    world = World()
    pool = world.add_pool("shop", settings={"Domain": "shop"})
    pool.add_user("hanako", "Canary-Passw0rd-1")
    client = pool.add_client(
        "web",
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid"],
        CallbackURLs=[BLOCK["redirect_uri"]],
    )
    api = world.add_api("orders")
    api.draft.authorizers.append(authorizer("Pool", pool.arn))
    api.draft.add("/orders", GET=method("COGNITO_USER_POOLS", "Pool"))
    api.deploy("prod")
    with Sandbox(world) as sandbox:
        base = sandbox.url
        block = {
            **BLOCK,
            "clientId": client.id,
            "authUrl": f"{base}/oauth2/authorize",
            "accessTokenUrl": f"{base}/oauth2/token",
        }
        collection, _ = read(replace(PLAIN, url=sandbox.invoke_url(api.id, "prod", "/orders"), block=block))
        tab = pairs(collection["auth"])
        asked = authorize_request(
            tab["authUrl"].removesuffix("/oauth2/authorize"), tab["clientId"], tab["redirect_uri"], tab["scope"].split()
        )
        found = read_redirect(browse(asked.url), asked, time.time())
        assert isinstance(found, Code)
        clients = Clients(Settings(endpoint_url=base, region=pool.region, timeout=30))
        endpoint = TokenEndpoint(tab["accessTokenUrl"].removesuffix("/oauth2/token"), clients, tab["clientId"], None)
        tokens = endpoint.redeem(asked, found.value)
        url = collection["item"][0]["request"]["url"]["raw"]
        headers = {"Authorization": f"{tab['headerPrefix']} {tokens.id_token}"}
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(urllib.request.Request(url, headers=headers), timeout=30) as answer:
            assert answer.status == 200
