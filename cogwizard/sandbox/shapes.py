"""Ids, and methods and authorizers in AWS's own shapes: the words in which a scenario describes its API."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

Backend = tuple[int, Mapping[str, str], str]

LOWER = "abcdefghijklmnopqrstuvwxyz0123456789"
MIXED = LOWER + LOWER[:26].upper()


def make_id(*names: str, length: int, alphabet: str = LOWER) -> str:
    """Return an id of `length` characters that depends on `names` only."""
    number = int.from_bytes(hashlib.sha256("\0".join(names).encode()).digest(), "big")
    chars = []
    for _ in range(length):
        number, place = divmod(number, len(alphabet))
        chars.append(alphabet[place])
    return "".join(chars)


def authorizer_id(name: str) -> str:
    """Return the id that `authorizer(name)` gets; methods refer to it."""
    return make_id("authorizer", name, length=6)


def partition_of(region: str) -> tuple[str, str]:
    """Return the ARN partition and the DNS suffix of a region."""
    if region.startswith("cn-"):
        return "aws-cn", "amazonaws.com.cn"
    return ("aws-us-gov" if region.startswith("us-gov-") else "aws"), "amazonaws.com"


def method(
    auth: str = "NONE",
    authorizer: str | None = None,
    *,
    scopes: Sequence[str] = (),
    api_key: bool = False,
    backend: Backend = (200, {}, '{"ok":true}'),
    integration: str = "MOCK",
) -> dict[str, Any]:
    """Return a method in the shape of GetMethod.

    `auth`: NONE, COGNITO_USER_POOLS, CUSTOM or AWS_IAM; `authorizer`: the NAME of an authorizer (it need not exist);
    `backend`: the status, headers and body with which the backend answers; `integration`: MOCK, or HTTP_PROXY for one
    of which the configuration says nothing.
    """
    status, headers, body = backend
    code = str(status)
    made: dict[str, Any] = {"authorizationType": auth, "apiKeyRequired": api_key}
    if authorizer is not None:
        made["authorizerId"] = authorizer_id(authorizer)
    if scopes:
        made["authorizationScopes"] = list(scopes)
    made["methodIntegration"] = {
        "type": integration,
        "requestTemplates": {"application/json": json.dumps({"statusCode": status})},
        "passthroughBehavior": "WHEN_NO_MATCH",
        "timeoutInMillis": 29000,
        "integrationResponses": {
            code: {
                "statusCode": code,
                "responseParameters": {
                    f"method.response.header.{name}": f"'{value}'" for name, value in headers.items()
                },
                "responseTemplates": {"application/json": body},
            }
        },
    }
    made["methodResponses"] = {code: {"statusCode": code}}
    return made


def authorizer(
    name: str,
    *provider_arns: str,
    header: str = "Authorization",
    regex: str | None = None,
    ttl: int | None = None,
    identity_source: str | None = None,
) -> dict[str, Any]:
    """Return a COGNITO_USER_POOLS authorizer in the shape of GetAuthorizer.

    `header`: the name of the header with the token; `identity_source` replaces the whole expression;
    `regex`: identityValidationExpression, matched against `aud`; `ttl` in seconds.
    """
    made: dict[str, Any] = {
        "id": authorizer_id(name),
        "name": name,
        "type": "COGNITO_USER_POOLS",
        "providerARNs": list(provider_arns),
        "authType": "cognito_user_pools",
        "identitySource": identity_source or f"method.request.header.{header}",
    }
    if regex is not None:
        made["identityValidationExpression"] = regex
    if ttl is not None:
        made["authorizerResultTtlInSeconds"] = ttl
    return made


def lambda_authorizer(
    name: str, function: str = "authorize", *, type: str = "TOKEN", header: str = "Authorization"
) -> dict[str, Any]:
    """Return a Lambda authorizer (`type` TOKEN or REQUEST). What `function` does: `World.functions`."""
    arn = f"arn:aws:lambda:ap-northeast-1:123456789012:function:{function}"
    return {
        "id": authorizer_id(name),
        "name": name,
        "type": type,
        "authType": "custom",
        "authorizerUri": f"arn:aws:apigateway:ap-northeast-1:lambda:path/2015-03-31/functions/{arn}/invocations",
        "identitySource": f"method.request.header.{header}",
        "authorizerResultTtlInSeconds": 300,
    }


def preflight(
    origin: str = "*",
    headers: str = "Content-Type,Authorization",
    methods: str = "GET,POST,OPTIONS",
    template: str = '{"statusCode": 200}',
) -> dict[str, Any]:
    """Return an OPTIONS method as the console's "Enable CORS" makes it; `template`: the mock's request template."""
    answer = {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Headers": headers,
        "Access-Control-Allow-Methods": methods,
    }
    made = method(backend=(200, answer, ""))
    made["methodIntegration"]["requestTemplates"] = {"application/json": template}
    return made
