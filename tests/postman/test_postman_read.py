"""Reading collections: both formats, inheritance, variables, what a request sends, and all that is no collection."""

import json
from typing import Any

import pytest

from cogwizard.intake.errors import BadInput
from cogwizard.model.collection import Collection
from cogwizard.model.inert import fingerprint
from cogwizard.postman import read as reader
from cogwizard.postman.document import is_v3_directory
from cogwizard.postman.read import read_collection
from cogwizard.postman.secrets import under
from cogwizard.text import LANGUAGES, Texts
from tests.postman.collection_kit import (
    API,
    CANARY,
    V20,
    V21,
    auth,
    auth20,
    collection,
    environment,
    folder,
    jwt,
    oauth2,
    refresh_token,
    request,
    variables,
)


def read(text: str, given: str | None = None) -> Collection:
    return read_collection(text, given)


def first(collection_: Collection) -> Any:
    return collection_.requests[0]


# -- form --------------------------------------------------------------------------------------------------------------


def test_both_formats_give_the_same_block() -> None:
    newer = read(collection(request(auth=auth("oauth2", **oauth2()))))
    older = read(collection(request(auth=auth20("oauth2", **oauth2())), schema=V20))
    assert (newer.version, older.version) == ("2.1", "2.0")
    assert dict(newer.auths[0].values) == dict(older.auths[0].values)
    assert newer.auths[0].values["useBrowser"] == "true"
    assert newer.auths[0].open == {"accessToken": ("cognito_token",)}


def test_the_last_of_two_attributes_counts_and_disabled_is_ignored() -> None:
    """postman-oauth.md 1.1 [run]."""
    block = {
        "type": "bearer",
        "bearer": [{"key": "token", "value": "one"}, {"key": "token", "value": "two", "disabled": True}],
    }
    assert read(collection(request(auth=block))).auths[0].values == {"token": "two"}


@pytest.mark.parametrize("own", [None, {"type": "inherit"}, {"type": None}, {}, "text", 5, []])
def test_what_is_no_block_inherits(own: object) -> None:
    found = read(collection(folder("F", request(auth=own), auth=own), auth=auth("bearer", token="abc")))
    assert first(found).auth.type == "bearer"
    assert first(found).auth.place == "collection"


def test_the_nearest_block_counts() -> None:
    found = read(
        collection(
            request("top"),
            folder("F", request("in"), request("own", auth={"type": "noauth"}), auth=auth("basic", username="u")),
            auth=auth("bearer", token="abc"),
        )
    )
    sent = {item.place: (item.auth.type, item.auth.place) for item in found.requests if item.auth}
    assert sent == {
        "top": ("bearer", "collection"),
        "F / in": ("basic", "F"),
        "F / own": ("noauth", "F / own"),
    }


def test_equal_blocks_are_one() -> None:
    items = [request(str(number), auth=auth("bearer", token="{{t}}")) for number in range(5)]
    found = read(collection(*items, request("other", auth=auth("bearer", token="x"))))
    assert [item.place for item in found.auths] == ["0", "other"]
    assert all(item.auth == found.auths[0] for item in found.requests[:5])


def test_the_collections_own_block_is_there_though_nobody_uses_it() -> None:
    found = read(collection(request(auth=auth("bearer", token="x")), auth=auth("oauth2", **oauth2())))
    assert [item.type for item in found.auths] == ["oauth2", "bearer"]


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("https://a.b/c", "https://a.b/c"),
        ({"raw": "https://a.b/c?d=e", "host": ["x"]}, "https://a.b/c?d=e"),
        (
            {"protocol": "https", "host": ["a", "b"], "path": ["c", {"value": "d"}], "port": "8443"},
            "https://a.b:8443/c/d",
        ),
        (
            {"host": "{{base}}", "path": "/c", "query": [{"key": "q", "value": "1"}, {"key": "r", "disabled": True}]},
            "{{base}}/c?q=1",
        ),
        ({"path": ["c"]}, "c"),
        (None, ""),
        (["https://a.b"], ""),
        (7, "7"),
    ],
)
def test_urls(url: object, text: str) -> None:
    assert first(read(collection(request(url=url)))).url == text


def test_headers_of_all_forms() -> None:
    listed = [{"key": "A", "value": "1"}, {"key": "B", "value": "2", "disabled": True}, "C: 3", None, {"key": ""}, 4]
    assert first(read(collection(request(header=listed)))).headers == (("A", "1"), ("C", "3"))
    assert first(read(collection(request(header="A: 1\nB: 2:3")))).headers == (("A", "1"), ("B", "2:3"))


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (None, ""),
        (
            {"mode": "urlencoded", "urlencoded": [{"key": "a", "value": "b"}]},
            "application/x-www-form-urlencoded",
        ),
        ({"mode": "raw", "raw": "{}", "options": {"raw": {"language": "json"}}}, "application/json"),
        ({"mode": "raw", "raw": "x"}, "text/plain"),
        ({"mode": "raw", "raw": ""}, ""),
        ({"mode": "formdata"}, "multipart/form-data"),
        ({"mode": "raw", "raw": "x", "disabled": True}, ""),
        ({"mode": 5}, ""),
        ("text", ""),
    ],
)
def test_bodies(body: object, kind: str) -> None:
    assert first(read(collection(request(body=body)))).content_type == kind


def test_a_header_says_the_content_type() -> None:
    found = first(read(collection(request(header={"content-Type": "x/y"}, body={"mode": "urlencoded"}))))
    assert found.content_type == "x/y"


def test_a_request_may_be_its_url_alone() -> None:
    found = read(collection({"name": "n", "request": API}))
    assert (first(found).method, first(found).url) == ("GET", API)


# -- variables ---------------------------------------------------------------------------------------------------------


def test_the_environment_goes_before_folder_and_collection() -> None:
    items = folder("F", request(url="{{a}}/{{b}}/{{c}}/{{d}}"), variable=variables(b="folder", c="folder"))
    text = collection(items, variable=variables(a="c", b="c", c="c", d="{{c}}"))
    assert first(read(text, environment(c="env"))).url == "c/folder/env/env"
    # Globals go last.
    assert first(read(text, environment(c="globals", scope="globals"))).url == "c/folder/folder/folder"


def test_what_nothing_fills_is_open_and_what_has_no_value_is_blank() -> None:
    block = auth("oauth2", clientId="{{id}}", clientSecret="{{secret}}", scope="openid {{nope}}", state="{{$guid}}")
    given = environment(id="abc", secret="")
    found = read(collection(request(auth=block)), given).auths[0]
    assert found.values == {"clientId": "abc", "clientSecret": "", "scope": "openid {{nope}}", "state": ""}
    assert found.open == {"scope": ("nope",)}
    assert found.blank == {"clientSecret": ("secret",), "state": ("$guid",)}


@pytest.mark.parametrize("value", ["{{vault:token}}", "{{ vault:token }}", "{{set_by_script}}"])
def test_the_vault_and_scripts_are_blank(value: str) -> None:
    script = {"listen": "test", "script": {"exec": ["const x = 1;", "pm.environment.set('set_by_script', x)"]}}
    found = read(collection(request(header={"Authorization": f"Bearer {value}"}), folder("F", event=[script])))
    assert first(found).headers == (("Authorization", "Bearer "),)
    assert list(first(found).blank) == ["authorization"]
    assert not first(found).open


def test_variables_that_need_themselves() -> None:
    text = collection(
        request(url="{{a}}/{{c}}/{{d}}"),
        variable=variables(a="{{b}}", b="x{{a}}", c="{{c}}", d="{{e}}", e="end", f="{{f}}"),
    )
    found = read(text)
    assert first(found).url == "{{a}}/{{c}}/end"
    assert found.cyclic == ("a", "c")  # f is not used
    assert first(found).open == {"": ("a", "c")}


def test_values_that_double_do_not_grow_without_end() -> None:
    doubling = {f"v{number}": f"{{{{v{number + 1}}}}}{{{{v{number + 1}}}}}" for number in range(200)}
    found = read(collection(request(url="{{v0}}"), variable=variables(**doubling, v200="0123456789")))
    assert len(first(found).url) <= 200_000


def test_a_disabled_variable_of_the_environment_is_used_and_named() -> None:
    """1.3 [run]: Newman and the Postman CLI use it, the app does not. `disabled` counts in both."""
    off = {"key": "t", "value": "abc", "enabled": False}
    gone = {"key": "u", "value": "abc", "disabled": True}
    nested = {"key": "n", "value": "{{t}}", "enabled": True}
    idle = {"key": "idle", "value": "abc", "enabled": False}
    found = read(collection(request(url="{{n}}{{u}}")), environment(off, gone, nested, idle))
    assert first(found).url == "abc{{u}}"
    assert found.disabled == ("t",)
    again = read(collection(request(url="{{t}}")), environment(off, t="on"))
    assert (first(again).url, again.disabled) == ("on", ())


@pytest.mark.parametrize("values", [None, 5, [5, None, "x", {}, {"key": 5}, {"key": "a"}, {"key": "b", "value": []}]])
def test_variables_of_any_form(values: object) -> None:
    given = json.dumps({"name": "x", "values": values if isinstance(values, list) else []})
    found = read(json.dumps({"info": {"schema": V21}, "item": [request(url="{{a}}")], "variable": values}), given)
    assert first(found).url in ("", "{{a}}")


# -- what is no collection ---------------------------------------------------------------------------------------------

V1 = {"id": "1", "name": "x", "order": [], "requests": [{"url": "x"}]}
WRONG = {
    "postman-empty": ["", " \n", "\ufeff"],
    "postman-not-json": ["{", "hello", "name: x", '{"info": {}} trailing', "[1,]"],
    "postman-no-collection": [
        "[]",
        "5",
        "null",
        '"x"',
        "{}",
        '{"info": {}}',
        '{"info": 5, "item": []}',
        '{"requests": []}',
    ],
    "postman-is-environment": [environment(a="b")],
    "postman-openapi": [
        '{"openapi": "3.0.1", "info": {}}',
        '{"swagger": "2.0"}',
        "openapi: 3.0.1\ninfo: {}",
        "swagger: '2.0'",
    ],
    "postman-har": ['{"log": {"entries": []}}'],
    "postman-insomnia": ['{"_type": "export", "__export_format": 4}', "type: collection.insomnia.rest/5.0\nname: x"],
    "postman-bruno": ['{"name": "x", "version": "1", "uid": "u", "items": []}', "meta {\n  name: x\n}"],
    "postman-dump": ['{"version": 1, "collections": [], "environments": []}'],
    "postman-v1": [json.dumps(V1), '{"info": {"schema": "https://schema.getpostman.com/json/collection/v1.0.0/"}}'],
    "postman-v3": ["$kind: collection\nname: x", '{"$kind": "collection"}', "name: x\n$kind: http-request\n"],
}


@pytest.mark.parametrize(("key", "text"), [(key, text) for key, texts in WRONG.items() for text in texts])
def test_what_is_no_collection_is_told_apart(key: str, text: str) -> None:
    with pytest.raises(BadInput) as error:
        read(text)
    assert error.value.key == key
    for lang in LANGUAGES:
        assert Texts(lang).message(key, error.value.params)


WRONG_ENVIRONMENTS = {
    "postman-env-empty": [""],
    "postman-env-not-json": ["A=b", "{"],
    "postman-env-is-collection": [collection()],
    "postman-env-foreign": [
        '{"dev": {"url": "x"}}',
        "[]",
        "5",
        '{"values": 5}',
        '{"_type": "environment", "data": {}}',
    ],
    "postman-openapi": ['{"openapi": "3.0.1"}', "swagger: '2.0'"],
    "postman-har": ['{"log": {"entries": []}}'],
}


@pytest.mark.parametrize(("key", "text"), [(key, text) for key, texts in WRONG_ENVIRONMENTS.items() for text in texts])
def test_what_is_no_environment_is_told_apart(key: str, text: str) -> None:
    with pytest.raises(BadInput) as error:
        read(collection(), text)
    assert error.value.key == key
    for lang in LANGUAGES:
        assert Texts(lang).message(key, error.value.params)


def test_what_postmans_api_hands_out_is_taken() -> None:
    wrapped = json.dumps({"collection": json.loads(collection())})
    found = read(wrapped, json.dumps({"environment": json.loads(environment(a="b"))}))
    assert (found.name, found.has_environment) == ("Orders", True)


def test_v3_is_a_directory(tmp_path: Any) -> None:
    assert not is_v3_directory(tmp_path)
    assert not is_v3_directory(tmp_path / "gone")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "List.request.yaml").write_text("$kind: http-request\n")
    assert is_v3_directory(tmp_path / "a")
    (tmp_path / ".resources").mkdir()
    (tmp_path / ".resources" / "definition.yaml").write_text("$kind: collection\n")
    assert is_v3_directory(tmp_path)
    assert not is_v3_directory(tmp_path / "a" / "List.request.yaml")


# -- large and deep ----------------------------------------------------------------------------------------------------


def nested(levels: int, inside: str) -> str:
    opening, closing = '{"name":"f","item":[' * levels, "]}" * levels
    return (
        f'{{"info":{{"name":"x","schema":"{V21}"}},"item":[{opening}{inside}{closing}],"a":[1,{{}},[],null,"\\u00e9"]}}'
    )


def test_ten_thousand_folders_in_each_other() -> None:
    found = read(nested(10_000, json.dumps(request(auth=auth("bearer", token="{{t}}")))))
    assert first(found).auth.open == {"token": ("t",)}
    assert len(first(found).place) < 300


@pytest.mark.parametrize("inside", ["{", "{]", '{"a"}', '{"a":1,}', "nope", '"', "{5:1}", "]", '{"a":1}}'])
def test_deep_and_broken_is_no_json(inside: str) -> None:
    with pytest.raises(BadInput) as error:
        read(nested(2_000, inside))
    assert error.value.key == "postman-not-json"


def test_too_deep_is_said() -> None:
    with pytest.raises(BadInput) as error:
        read("[" * 300_000)
    assert error.value.key == "postman-too-deep"


def test_fifty_megabytes_are_read() -> None:
    saved = {"name": "ok", "body": json.dumps([{"id": 1, "text": "lorem ipsum"}] * 12_500)}
    items = [{**request(str(number)), "response": [saved]} for number in range(100)]
    text = collection(*items)
    assert len(text) > 50_000_000
    assert len(read(text).requests) == 100


def test_what_is_beyond_the_limit_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cogwizard.postman.read._MOST", 10)
    found = read(collection(*(request(str(number)) for number in range(25))))
    assert (len(found.requests), found.requests_left_out) == (10, 15)


# -- secrets -----------------------------------------------------------------------------------------------------------

AWS_ID = "AKIA" + "QQQQWWWWEEEERRRR"
PEM = "-----BEGIN PRIVATE KEY-----\n" + "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcw" * 4 + "\n-----END PRIVATE KEY-----"
FOUND = {
    "client secret": (request(auth=auth("oauth2", clientSecret=CANARY)), "client secret", "auth.oauth2.clientSecret"),
    "client secret, v2.0": (
        request(auth=auth20("oauth2", clientSecret=CANARY)),
        "client secret",
        "auth.oauth2.clientSecret",
    ),
    "password of another grant": (request(auth=auth("oauth2", password=CANARY)), "password", "auth.oauth2.password"),
    "access token": (request(auth=auth("oauth2", accessToken=jwt())), "access-token", "auth.oauth2.accessToken"),
    "opaque access token": (request(auth=auth("oauth2", accessToken=CANARY)), "token", "auth.oauth2.accessToken"),
    "ID token": (request(auth=auth("bearer", token=jwt("id"))), "id-token", "auth.bearer.token"),
    "bearer twice": (request(auth=auth("bearer", token=f"Bearer {jwt('id')}")), "id-token", "auth.bearer.token"),
    "opaque bearer": (request(auth=auth("bearer", token=CANARY)), "token", "auth.bearer.token"),
    "basic": (request(auth=auth("basic", username="u", password=CANARY)), "password", "auth.basic.password"),
    "API key": (request(auth=auth("apikey", key="X-Foo", value=CANARY)), "secret", "auth.apikey.value"),
    "API key, v2.0": (request(auth=auth20("apikey", key="X-Foo", value=CANARY)), "secret", "auth.apikey.X-Foo"),
    "AWS secret key": (
        request(auth=auth("awsv4", accessKey="{{k}}", secretKey=CANARY)),
        "AWS key",
        "auth.awsv4.secretKey",
    ),
    "AWS key": (request(auth=auth("awsv4", accessKey=AWS_ID)), "AWS key", "auth.awsv4.accessKey"),
    "header": (request(header={"Authorization": f"Bearer {jwt()}"}), "access-token", "request.header.Authorization"),
    "basic header": (
        request(header={"Authorization": "Basic dXNlcjpwYXNzd29yZDE="}),
        "password",
        "request.header.Authorization",
    ),
    "x-api-key": (request(header={"x-api-key": CANARY}), "secret", "request.header.x-api-key"),
    "cookie": (request(header={"Cookie": f"session={CANARY}"}), "secret", "request.header.Cookie"),
    "disabled header": (
        request(header=[{"key": "Authorization", "value": jwt(), "disabled": True}]),
        "access-token",
        "request.header.Authorization",
    ),
    "form": (
        request(body={"mode": "urlencoded", "urlencoded": [{"key": "client_secret", "value": CANARY}]}),
        "client secret",
        "request.body.urlencoded.client_secret",
    ),
    "refresh token": (
        request(body={"mode": "urlencoded", "urlencoded": [{"key": "refresh_token", "value": refresh_token()}]}),
        "refresh-token",
        "request.body.urlencoded.refresh_token",
    ),
    "JSON body": (
        request(body={"mode": "raw", "raw": json.dumps({"PASSWORD": CANARY})}),
        "password",
        "request.body.raw",
    ),
    "raw form": (
        request(body={"mode": "raw", "raw": f"a=b&client_secret={CANARY}"}),
        "client secret",
        "request.body.raw",
    ),
    "URL": (request(url=f"{API}/orders?access_token={CANARY}"), "token", "request.url"),
    "request parameters": (
        request(
            auth={
                "type": "oauth2",
                "oauth2": [{"key": "tokenRequestParams", "value": [{"key": "client_secret", "value": CANARY}]}],
            }
        ),
        "client secret",
        "auth.oauth2.tokenRequestParams.client_secret",
    ),
    "saved response": (
        {**request(), "response": [{"body": json.dumps({"id_token": jwt("id")})}]},
        "id-token",
        "response.body",
    ),
    "description": ({**request(), "description": f"Use {jwt('id')} for now."}, "id-token", "description"),
    "script": (
        {**request(), "event": [{"script": {"exec": [f'pm.environment.set("client_secret", "{CANARY}");']}}]},
        "client secret",
        "event.script.exec",
    ),
    "private key": (request(auth=auth("jwt", privateKey=PEM)), "secret", "auth.jwt.privateKey"),
    "collection variable": (folder("F", variable=variables(db_password=CANARY)), "password", "variable.db_password"),
}
# Names that are no secret's, values that are none.
HARMLESS = {
    "variables": request(
        auth=auth("oauth2", clientSecret="{{client_secret}}", accessToken="{{vault:t}}", password=""),
        header={"Authorization": "Bearer {{token}}", "x-api-key": "{{key}}", "Cookie": ""},
    ),
    "placeholders": folder(
        "F",
        *(
            request(auth=auth("oauth2", clientSecret=value, password=value, accessToken=value))
            for value in (
                "<your secret>",
                "xxx",
                "XXXXXXXX",
                "****",
                "your-client-secret",
                "YOUR_TOKEN_HERE",
                "string",
                "secret",
                "changeme",
                "<client secret>",
                "[redacted]",
                "${SECRET}",
                "$SECRET",
                "undefined",
                "null",
                "client_secret",
                "PLACEHOLDER",
                "...",
                "%SECRET%",
                "\u2022\u2022\u2022\u2022",
            )
        ),
    ),
    "client id": request(
        auth=auth("oauth2", clientId="1example23456789abcdefghij", tokenName="My token", tokenType="Bearer")
    ),
    "urls": request(
        auth=auth("oauth2", accessTokenUrl="https://x/oauth2/token", refreshTokenUrl="https://x/oauth2/token")
    ),
    "ids": {
        **request(),
        "id": "8d0f6a1e-3c8e-4a55-9a67-1f2e3d4c5b6a",
        "_postman_id": "8d0f6a1e-3c8e-4a55-9a67-1f2e3d4c5b6a",
    },
    "key set": {
        **request(),
        "response": [{"body": json.dumps({"keys": [{"kid": "k", "kty": "RSA", "e": "AQAB", "n": "x" * 342}]})}],
    },
    "example": {
        **request(),
        "response": [{"body": json.dumps({"access_token": "2YotnFZFEjr1zCsicMWpAA", "password": "hunter2x"})}],
    },
    "cut token": request(header={"Authorization": "Bearer eyJraWQiOiJrIiwiYWxnIjoiUlMyNTYifQ.eyJzdWI..."}),
    "unsigned": request(auth=auth("bearer", token="eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4IiwiZXhwIjo5OTk5OTk5OTk5fQ.")),
    "jwt.io": {**request(), "description": f"A token looks like {jwt(None, None)}."},
    "AWS example": request(header={"x-note": "AKIAIOSFODNN7EXAMPLE"}),
    "empty Basic": request(header={"Authorization": "Basic MWV4YW1wbGUyMzQ1Njo="}),
    "names": folder(
        "F",
        variable=variables(
            token_url="x1y2z3w4",
            client_secret_name="prod/cognito",
            token_expires_in="3600",
            password_policy="strict-one",
            token_type="Bearer",
            max_tokens="4096",
            secret_arn="arn:aws:secretsmanager:eu-west-1:1:secret:x",
            csrfToken="a1b2c3d4",
            token_endpoint_auth_method="client_secret_basic",
            nextToken="AAAAxx11",
            has_secret="true",
            author="Alice B",
        ),
    ),
}


@pytest.mark.parametrize("name", FOUND)
def test_a_secret_is_found_once_where_it_stands_and_never_told(name: str) -> None:
    item, kind, field = FOUND[name]
    text = collection(item)
    found = read(text)
    assert [(secret.kind, secret.field.removeprefix("request.")) for secret in found.secrets] == [
        (kind, field.removeprefix("request."))
    ]
    assert found.secrets[0].place in ("List", "F")
    for hidden in (CANARY, jwt(), jwt("id"), AWS_ID, refresh_token()):
        assert hidden not in repr(found)


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_no_secret_is_not_found(name: str) -> None:
    assert read(collection(HARMLESS[name])).secrets == ()


def test_a_secret_is_in_no_repr() -> None:
    (seen,) = under("client_secret", "c4nary-c4nary-c4nary")
    assert "c4nary" not in repr(seen)


def test_a_secret_at_many_places_is_one() -> None:
    items = [request(str(number), auth=auth("bearer", token=jwt())) for number in range(7)]
    found = read(collection(*items), environment(id_token=jwt())).secrets
    assert [(item.place, item.times) for item in found] == [("0", 8)]


@pytest.mark.parametrize(
    ("entry", "kind"),
    [
        ({"key": "anything", "value": CANARY, "type": "secret"}, "secret"),
        ({"key": "USER_PASSWORD", "value": CANARY}, "password"),
        ({"key": "client-secret", "value": CANARY}, "client secret"),
        ({"key": "token_dev", "value": CANARY}, "token"),
        ({"key": "x", "value": jwt()}, "access-token"),
        ({"key": "id_token", "value": ""}, None),
        ({"key": "id_token", "value": "", "type": "secret"}, None),
        ({"key": "base_url", "value": "https://a.b", "type": "secret"}, None),
        ({"key": "client_id", "value": "1example23456789abcdefghij"}, None),
    ],
)
def test_secrets_of_an_environment(entry: dict[str, Any], kind: str | None) -> None:
    found = read(collection(), environment(entry)).secrets
    assert [(item.kind, item.place) for item in found] == ([(kind, "environment")] if kind else [])


def test_a_token_says_when_it_ends() -> None:
    found = read(collection(request(auth=auth("bearer", token=jwt(expires=1_700_000_000))))).secrets
    assert found[0].expires == 1_700_000_000
    assert found[0].label.startswith("access-token ")


def test_a_long_run_that_is_no_token_is_looked_at_once() -> None:
    # Where each "eyJ" begins another attempt, this takes hours.
    text = collection(request(body={"mode": "raw", "raw": "eyJ" * 1_000_000}), auth=auth("bearer", token="{{t}}"))
    assert read_collection(text).secrets == ()


def test_blanks_without_an_end_are_looked_at_once() -> None:
    text = collection(request(header={"x-token": " " * 3_000_000 + "."}))
    assert read_collection(text).secrets == ()


def test_a_scheme_counts_in_front_alone() -> None:
    held = read_collection(collection(request(header={"x-token": "abc token d3f4-canary"})))
    assert [item.label for item in held.secrets] == [f"token {fingerprint('abc token d3f4-canary')}"]


def test_variables_of_more_folders_than_anybody_has_are_those_around(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_MOST_VARIABLES", 4)
    folders = [
        folder(str(number), request(url="{{a}}"), variable=variables(a=f"https://{number}.example.com"))
        for number in range(4)
    ]
    held = read_collection(collection(*folders, variable=variables(a="https://all.example.com")))
    assert [item.url for item in held.requests] == [
        "https://0.example.com",
        "https://1.example.com",
        "https://all.example.com",
        "https://all.example.com",
    ]


def test_what_grows_without_measure_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_MOST_TEXT", 2000)
    items = [request(str(number), "https://example.com/{{long}}") for number in range(5)]
    blocks = [request(str(number), auth=auth("bearer", token=f"{{{{long}}}}{number}")) for number in range(5)]
    for held in (items, blocks):
        found = read_collection(collection(*held, variable=variables(long="x" * 900)))
        assert (len(found.requests), found.requests_left_out) == (3, 2)
