"""What GetExport says of a deployment: OpenAPI 3 or Swagger 2 with API Gateway's extensions, read into an `Export`.

Sources: research 4.1 (security schemes [V], extensions [D]) and 1.11 (root-level `security`: AWS's page and a recorded
import contradict each other). Pure: standard library and model only.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from cogwizard.aws.fields import Malformed, expect, flag, table, tables, text, texts
from cogwizard.aws.integration import read_integration, response_headers
from cogwizard.model.api import Authorizer, Export, GatewayResponse, Method

_VERBS = {verb: verb.upper() for verb in ("get", "put", "post", "delete", "options", "head", "patch")}
_VERBS["x-amazon-apigateway-any-method"] = "ANY"
_NO_VERBS = frozenset({"$ref", "summary", "description", "servers", "parameters", "trace"})
_AUTHTYPE = "x-amazon-apigateway-authtype"
_EXTENSION = "x-amazon-apigateway-authorizer"
_ENDPOINTS = "x-amazon-apigateway-endpoint-configuration"


class MalformedExport(Malformed):
    """The document is no export that can be relied on."""


@dataclass(frozen=True)
class _Scheme:
    """A security scheme. `asks` is the method's authorization type, "API_KEY" for a key, "" when it is not known."""

    asks: str
    authorizer: Authorizer | None = None
    extended: bool = True


def read_export(document: bytes) -> Export:
    """Read an exported API definition (JSON, Swagger 2 or OpenAPI 3). Raises MalformedExport on anything else.

    `with_authorizers` is False when an authorizer came without its extension: its pools are then not known.
    """
    try:
        return _export(json.loads(document))
    except MalformedExport:
        raise
    except (ValueError, RecursionError) as error:
        # JSONDecodeError and UnicodeDecodeError keep the whole document as an attribute: cut the chain.
        reason = str(error) if isinstance(error, Malformed) else "it is no JSON"
        raise MalformedExport(f"the export cannot be read: {reason}") from None


def _export(document: object) -> Export:
    root: dict[str, Any] = expect(document, dict, "the document")
    if "swagger" in root:
        definitions = table(root, "securityDefinitions")
    elif "openapi" in root:
        definitions = table(table(root, "components"), "securitySchemes")
    else:
        raise MalformedExport("the document is neither Swagger nor OpenAPI")
    # Without its paths a document would say that the API has no method at all.
    expect(root.get("paths"), dict, "paths")
    schemes = {name: _scheme(name, expect(value, dict, name)) for name, value in definitions.items()}
    methods, uncertain = _methods(root, schemes)
    key_source = text(root, "x-amazon-apigateway-api-key-source")
    return Export(
        methods=methods,
        authorizers=tuple(scheme.authorizer for scheme in schemes.values() if scheme.authorizer),
        policy=_policy(root.get("x-amazon-apigateway-policy")),
        with_authorizers=all(scheme.extended for scheme in schemes.values()),
        endpoint_disabled=_endpoint_disabled(root),
        api_key_source=key_source.upper() if key_source else None,
        responses=tuple(
            GatewayResponse(kind, _status(expect(item, dict, kind).get("statusCode")), response_headers(item))
            for kind, item in table(root, "x-amazon-apigateway-gateway-responses").items()
        ),
        uncertain=uncertain,
    )


def _scheme(name: str, source: Mapping[str, Any]) -> _Scheme:
    extension = table(source, _EXTENSION)
    authtype = (text(source, _AUTHTYPE) or "").lower()
    # The extension's type decides; authtype is free text to AWS ("without functional impact") [D: botocore].
    kind = (text(extension, "type") or authtype).lower()
    header = text(source, "name") if (text(source, "in") or "").lower() == "header" else None
    if authtype == "awssigv4" or (name == "sigv4" and not kind):
        return _Scheme("AWS_IAM")
    if not kind:
        is_key = (text(source, "type") or "").lower() == "apikey" and (header or "").lower() == "x-api-key"
        return _Scheme("API_KEY" if is_key else "")
    if kind == "cognito_user_pools":
        asks, kind = "COGNITO_USER_POOLS", "COGNITO_USER_POOLS"
    elif kind == "jwt":
        asks, kind = "JWT", "JWT"
    else:
        # Only the extension tells a TOKEN authorizer from a REQUEST one; authtype says just "custom".
        asks, kind = "CUSTOM", kind.upper() if text(extension, "type") else ""
    authorizer = Authorizer(
        name=name,
        type=kind,
        provider_arns=texts(extension, "providerARNs"),
        identity_source=text(extension, "identitySource") or _header_source(header),
        validation_expression=text(extension, "identityValidationExpression"),
        uri=text(extension, "authorizerUri"),
    )
    return _Scheme(asks, authorizer, extended=bool(extension))


def _header_source(header: str | None) -> str | None:
    # "Unused" is the name that AWS gives to the scheme of a REQUEST authorizer: no header is meant [D: AG-EXT].
    return f"method.request.header.{header}" if header and header != "Unused" else None


def _methods(
    root: Mapping[str, Any], schemes: Mapping[str, _Scheme]
) -> tuple[dict[str, dict[str, Method]], tuple[tuple[str, str], ...]]:
    inherited = bool(tables(root, "security"))
    methods: dict[str, dict[str, Method]] = {}
    uncertain: list[tuple[str, str]] = []
    for path, item in table(root, "paths").items():
        for key, operation in expect(item, dict, f"paths.{path}").items():
            if (key.startswith("x-") and key not in _VERBS) or key in _NO_VERBS:
                continue
            # A verb that is not understood would be a method that is silently missing.
            verb = _VERBS.get(key) or _unknown(key, path)
            operation = expect(operation, dict, f"paths.{path}.{key}")
            method, certain = _method(operation, schemes)
            methods.setdefault(path, {})[verb] = method
            if not certain or (inherited and operation.get("security") is None):
                uncertain.append((path, verb))
    return methods, tuple(uncertain)


def _unknown(key: str, path: str) -> NoReturn:
    raise MalformedExport(f"paths.{path} has an unknown key {key}"[:150])


def _method(operation: Mapping[str, Any], schemes: Mapping[str, _Scheme]) -> tuple[Method, bool]:
    """Return the method and whether its authorization is certain: every scheme known, and one authorizer at most."""
    asks, authorizer, key_required, certain = "NONE", None, False, True
    scopes: list[str] = []
    for requirement in tables(operation, "security"):
        for name in requirement:
            scheme = schemes.get(name, _Scheme({"sigv4": "AWS_IAM", "api_key": "API_KEY"}.get(name, "")))
            if scheme.asks == "API_KEY":
                key_required = True
                continue
            if scheme.asks == "" or asks not in ("NONE", scheme.asks) or authorizer not in (None, name):
                certain = False
                continue
            asks = scheme.asks
            authorizer = name if scheme.authorizer else None
            scopes += [scope for scope in texts(requirement, name) if scope not in scopes]
    integration = read_integration(operation.get("x-amazon-apigateway-integration"), "responses")
    return Method(asks, authorizer, tuple(scopes), key_required, integration=integration), certain


def _policy(value: object) -> str | None:
    if value is None:
        return None
    return value if isinstance(value, str) else json.dumps(expect(value, dict, "x-amazon-apigateway-policy"))


def _endpoint_disabled(root: Mapping[str, Any]) -> bool | None:
    # Swagger carries the extension at the root, OpenAPI 3 in `servers` [D: AG-EXT].
    for source in (root, *tables(root, "servers")):
        value = flag(table(source, _ENDPOINTS), "disableExecuteApiEndpoint")
        if value is not None:
            return value
    return None


def decode_policy(policy: str) -> str:
    """Return the plain JSON text of a policy as GetRestApi gives it: often backslash-escaped (research 3.3 [R]).

    Text that is no JSON either way is returned as it is: the step that judges it says so.
    """
    for candidate in (policy, f'"{policy}"'):
        try:
            value = json.loads(candidate)
            if isinstance(value, str):
                json.loads(value)
                return value
            return policy
        except (ValueError, RecursionError):
            continue
    return policy


def _status(value: object) -> int | None:
    """A customized response's status, which AWS writes as a number or as text; None for the default's."""
    shown = str(value)
    return int(shown) if isinstance(value, int | str) and re.fullmatch(r"[1-5]\d\d", shown) else None
