"""GetExport's document: both formats, every kind of scheme, and any bytes."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cogwizard
from cogwizard.aws.export import MalformedExport, decode_policy, read_export
from cogwizard.model.api import Authorizer, Export, Method

AUTHTYPE = "x-amazon-apigateway-authtype"
ARN = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_Abc123"
POOL_SCHEME: dict[str, Any] = {
    "type": "apiKey",
    "name": "X-Auth",
    "in": "header",
    "x-amazon-apigateway-authtype": "cognito_user_pools",
    "x-amazon-apigateway-authorizer": {
        "type": "cognito_user_pools",
        "providerARNs": [ARN],
        "identityValidationExpression": "^client$",
    },
}
KEY_SCHEME = {"type": "apiKey", "name": "x-api-key", "in": "header"}


def document(paths: Any, schemes: Any = None, *, swagger: bool = False, **more: Any) -> bytes:
    if swagger:
        root = {"swagger": "2.0", "securityDefinitions": schemes or {}}
    else:
        root = {"openapi": "3.0.1", "components": {"securitySchemes": schemes or {}}}
    return json.dumps({**root, "paths": paths, **more}).encode()


def one(operations: Any, schemes: Any, **more: Any) -> tuple[Method, Export]:
    operation = {} if operations is None else {"security": operations}
    export = read_export(document({"/a": {"get": operation}}, schemes, **more))
    return export.methods["/a"]["GET"], export


@pytest.mark.parametrize("swagger", [False, True])
def test_cognito_authorizer_with_scopes_and_key(swagger: bool) -> None:
    schemes = {"Pools": POOL_SCHEME, "api_key": KEY_SCHEME}
    method, export = one([{"Pools": ["rs/read", "rs/write"], "api_key": []}], schemes, swagger=swagger)
    assert method == Method("COGNITO_USER_POOLS", "Pools", ("rs/read", "rs/write"), True)
    assert export.authorizers == (
        Authorizer("Pools", "COGNITO_USER_POOLS", None, (ARN,), "method.request.header.X-Auth", "^client$"),
    )
    assert export.with_authorizers
    assert export.uncertain == ()


def test_requirements_in_separate_entries_are_merged() -> None:
    method, export = one([{"Pools": ["a"]}, {"api_key": []}], {"Pools": POOL_SCHEME, "api_key": KEY_SCHEME})
    assert method == Method("COGNITO_USER_POOLS", "Pools", ("a",), True)
    assert export.uncertain == ()


def test_any_method_and_other_keys_of_a_path() -> None:
    paths = {"/{proxy+}": {"x-amazon-apigateway-any-method": {}, "parameters": [], "x-other": 1, "delete": {}}}
    assert read_export(document(paths)).methods == {"/{proxy+}": {"ANY": Method("NONE"), "DELETE": Method("NONE")}}


def test_export_without_extensions_names_the_authorizer_only() -> None:
    scheme = {key: POOL_SCHEME[key] for key in POOL_SCHEME if key != "x-amazon-apigateway-authorizer"}
    method, export = one([{"Pools": ["s"]}], {"Pools": scheme})
    assert method == Method("COGNITO_USER_POOLS", "Pools", ("s",))
    assert not export.with_authorizers
    assert export.authorizers[0].provider_arns == ()


@pytest.mark.parametrize(
    ("scheme", "asks", "kind", "source"),
    [
        ({"x-amazon-apigateway-authtype": "Cognito_User_Pools"}, "COGNITO_USER_POOLS", "COGNITO_USER_POOLS", "A"),
        ({"x-amazon-apigateway-authorizer": {"type": "COGNITO_USER_POOLS"}}, *["COGNITO_USER_POOLS"] * 2, "A"),
        ({"x-amazon-apigateway-authtype": "custom"}, "CUSTOM", "", "A"),
        ({AUTHTYPE: "CUSTOM", "x-amazon-apigateway-authorizer": {"type": "token"}}, "CUSTOM", "TOKEN", "A"),
        ({AUTHTYPE: "oauth2", "x-amazon-apigateway-authorizer": {"type": "Request"}}, "CUSTOM", "REQUEST", "A"),
        ({"x-amazon-apigateway-authorizer": {"type": "jwt"}}, "JWT", "JWT", "A"),
        ({"x-amazon-apigateway-authtype": "custom", "name": "Unused"}, "CUSTOM", "", None),
        ({"x-amazon-apigateway-authtype": "custom", "in": "query"}, "CUSTOM", "", None),
    ],
)  # fmt: skip
def test_kinds_of_authorizer(scheme: dict[str, Any], asks: str, kind: str, source: str | None) -> None:
    full = {"type": "apiKey", "name": "A", "in": "header", **scheme}
    method, export = one([{"auth": []}], {"auth": full})
    assert (method.authorization_type, method.authorizer) == (asks, "auth")
    expected = f"method.request.header.{source}" if source else None
    assert (export.authorizers[0].type, export.authorizers[0].identity_source) == (kind, expected)


def test_identity_source_of_the_extension_wins() -> None:
    extension = {"type": "request", "identitySource": "method.request.header.B"}
    _, export = one([], {"r": {**KEY_SCHEME, "x-amazon-apigateway-authorizer": extension}})
    assert export.authorizers[0].identity_source == "method.request.header.B"


def test_x_api_key_header_of_a_lambda_authorizer_is_no_api_key() -> None:
    method, _ = one([{"a": []}], {"a": {**KEY_SCHEME, "x-amazon-apigateway-authtype": "custom"}})
    assert method == Method("CUSTOM", "a")


def test_api_key_scheme_of_any_name_and_case() -> None:
    method, export = one([{"mine": []}], {"mine": {"type": "apiKey", "name": "X-API-Key", "in": "header"}})
    assert method == Method("NONE", api_key_required=True)
    assert export.uncertain == ()


@pytest.mark.parametrize("scheme", [{"x-amazon-apigateway-authtype": "awsSigv4"}, {}])
def test_sigv4(scheme: dict[str, Any]) -> None:
    method, export = one(
        [{"sigv4": []}], {"sigv4": {"type": "apiKey", "name": "Authorization", "in": "header", **scheme}}
    )
    assert method == Method("AWS_IAM")
    assert export.authorizers == ()


@pytest.mark.parametrize("security", [[], None])
def test_root_security_leaves_only_silent_operations_uncertain(security: Any) -> None:
    method, export = one(security, {"Pools": POOL_SCHEME}, security=[{"Pools": []}])
    assert method.authorization_type == "NONE"
    assert export.uncertain == (() if security == [] else (("/a", "GET"),))


@pytest.mark.parametrize(
    "security", [[{"unknown": []}], [{"bearer": []}], [{"Pools": []}, {"Other": []}], [{"Pools": [], "sigv4": []}]]
)
def test_unknown_or_contradicting_schemes_are_uncertain(security: Any) -> None:
    schemes = {"Pools": POOL_SCHEME, "Other": POOL_SCHEME, "bearer": {"type": "http", "scheme": "bearer"}}
    assert one(security, schemes)[1].uncertain == (("/a", "GET"),)


@pytest.mark.parametrize("place", ["root", "servers"])
def test_settings_of_the_api(place: str) -> None:
    endpoints = {"x-amazon-apigateway-endpoint-configuration": {"disableExecuteApiEndpoint": True}}
    more: dict[str, Any] = endpoints if place == "root" else {"servers": [{"url": "https://x"}, endpoints]}
    more["x-amazon-apigateway-policy"] = {"Version": "2012-10-17", "Statement": []}
    more["x-amazon-apigateway-api-key-source"] = "authorizer"
    more["x-amazon-apigateway-gateway-responses"] = {"UNAUTHORIZED": {"statusCode": 403}, "DEFAULT_5XX": {}}
    export = read_export(document({}, **more))
    assert export.endpoint_disabled is True
    assert json.loads(export.policy or "") == {"Version": "2012-10-17", "Statement": []}
    assert export.api_key_source == "AUTHORIZER"
    assert [item.type for item in export.responses] == ["UNAUTHORIZED", "DEFAULT_5XX"]


def test_settings_that_are_not_there_are_unknown() -> None:
    export = read_export(document({}))
    assert (export.endpoint_disabled, export.policy, export.api_key_source) == (None, None, None)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"openapi: 3.0.1",
        b"[]",
        b"null",
        b"{}",
        b"[" * 100_000,
        b'{"swagger":"2.0"}',
        b'{"openapi":"3.0.1","paths":' + b"9" * 10_000 + b"}",
        document([]),
        document({"/a": {"GET": {}}}),
        document({"/a": {"any": {}}}),
        document({"/" + "a" * 500: 5}),
        document({"/a": []}),
        document({"/a": {"get": 1}}),
        document({"/a": {"get": {"security": {}}}}),
        document({"/a": {"get": {"security": ["x"]}}}),
        document({"/a": {"get": {"security": [{"p": "s"}]}}}, {"p": POOL_SCHEME}),
        document({"/a": {"get": {"security": [{"p": [1]}]}}}, {"p": POOL_SCHEME}),
        document({}, {"p": 1}),
        document({}, [1]),
        document({}, {"p": {**POOL_SCHEME, "name": 5}}),
        document({}, security=5),
        document({}, components=5),
        document({}, {"p": {"x-amazon-apigateway-authorizer": {"type": "jwt", "providerARNs": "x"}}}),
        document({}, None, swagger=False, **{"x-amazon-apigateway-policy": 5}),
        document({}, None, swagger=False, **{"x-amazon-apigateway-gateway-responses": []}),
        document({}, servers=[{"x-amazon-apigateway-endpoint-configuration": {"disableExecuteApiEndpoint": "yes"}}]),
    ],
)
def test_what_is_no_export(data: bytes) -> None:
    with pytest.raises(MalformedExport) as caught:
        read_export(data)
    assert caught.value.__cause__ is None
    assert len(str(caught.value)) < 200


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def _either(valid: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return valid | valid | JSON


SCHEMES = st.dictionaries(
    st.sampled_from(["p", "sigv4", "api_key"]),
    _either(
        st.fixed_dictionaries(
            {},
            optional={
                "type": _either(st.just("apiKey")),
                "name": _either(st.sampled_from(["Authorization", "x-api-key"])),
                "in": _either(st.just("header")),
                "x-amazon-apigateway-authtype": _either(st.sampled_from(["cognito_user_pools", "custom", "awsSigv4"])),
                "x-amazon-apigateway-authorizer": _either(
                    st.fixed_dictionaries({}, optional={"type": _either(st.just("token")), "providerARNs": JSON})
                ),
            },
        )
    ),
    max_size=3,
)
SECURITY = st.lists(
    st.dictionaries(st.sampled_from(["p", "q", "sigv4"]), _either(st.lists(st.text(max_size=3))), max_size=2)
)
PATHS = st.dictionaries(
    st.text(max_size=3),
    _either(
        st.dictionaries(
            st.sampled_from(["get", "x-amazon-apigateway-any-method", "x-a", "GET"]),
            _either(st.fixed_dictionaries({}, optional={"security": _either(SECURITY)})),
            max_size=2,
        )
    ),
    max_size=2,
)
DOCUMENTS = st.fixed_dictionaries(
    {"paths": _either(PATHS)},
    optional={
        "openapi": JSON,
        "swagger": JSON,
        "components": _either(st.fixed_dictionaries({"securitySchemes": _either(SCHEMES)})),
        "securityDefinitions": _either(SCHEMES),
        "security": _either(SECURITY),
        "servers": JSON,
        "x-amazon-apigateway-policy": JSON,
        "x-amazon-apigateway-endpoint-configuration": JSON,
        "x-amazon-apigateway-gateway-responses": JSON,
    },
)


@settings(derandomize=True, deadline=None, max_examples=400)
@given(st.binary(max_size=60) | (DOCUMENTS | JSON).map(lambda value: json.dumps(value).encode()))
def test_any_bytes_give_an_export_or_the_one_error(data: bytes) -> None:
    try:
        export = read_export(data)
    except MalformedExport:
        return
    kinds = {"NONE", "COGNITO_USER_POOLS", "AWS_IAM", "CUSTOM", "JWT"}
    names = {authorizer.name for authorizer in export.authorizers}
    for path, verbs in export.methods.items():
        for verb, method in verbs.items():
            assert verb in ("GET", "ANY")
            assert method.authorization_type in kinds
            assert method.authorizer is None or method.authorizer in names
            assert method.authorizer or method.authorization_type in ("NONE", "AWS_IAM"), path
    assert all(verb in export.methods[path] for path, verb in export.uncertain)


PLAIN = '{"Version":"2012-10-17","Statement":[{"Resource":"arn:aws:execute-api:*:*:*/*"}]}'


@pytest.mark.parametrize(
    "given_policy", [PLAIN, PLAIN.replace('"', '\\"'), PLAIN.replace('"', '\\"').replace("/", "\\/"), json.dumps(PLAIN)]
)
def test_policy_is_decoded_to_plain_json(given_policy: str) -> None:
    assert json.loads(decode_policy(given_policy)) == json.loads(PLAIN)


@pytest.mark.parametrize("text", ["", "no json", '{\\"a', "[" * 50_000])
def test_policy_that_is_no_json_stays_as_it_is(text: str) -> None:
    assert decode_policy(text) == text


def test_export_needs_neither_boto3_nor_urllib3() -> None:
    code = (
        "import sys, cogwizard.aws.export\n"
        "assert not {'boto3', 'botocore', 'urllib3'} & set(sys.modules)\n"
        "import cogwizard.aws.reader, cogwizard.web\n"
        "assert not {'boto3', 'botocore', 'urllib3'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(cogwizard.__file__).parent.parent)
