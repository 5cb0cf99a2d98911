"""Collections and environments of Postman for tests: made piece by piece, in the forms of v2.0 and v2.1."""

import base64
import json
from typing import Any

V21 = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
V20 = "https://schema.getpostman.com/json/collection/v2.0.0/collection.json"
API = "https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/prod"
DOMAIN = "https://orders-pool.auth.eu-west-1.amazoncognito.com"
CLIENT_ID = "1example23456789abcdefghij"
NOW = 1_795_000_000.0
CANARY = "Canary-7xQ2-plain-text"


def auth(kind: str, /, **values: Any) -> dict[str, Any]:
    """Return an auth block in the form of v2.1, a list of attributes."""
    typed = [
        {"key": key, "value": value, "type": "boolean" if isinstance(value, bool) else "string"}
        for key, value in values.items()
    ]
    return {"type": kind, kind: typed} if kind != "noauth" else {"type": "noauth"}


def auth20(kind: str, /, **values: Any) -> dict[str, Any]:
    """Return an auth block in the form of v2.0, an object."""
    return {"type": kind, kind: values}


def oauth2(**changes: Any) -> dict[str, Any]:
    """Return the values of an OAuth 2.0 tab that is right for a public client; None leaves a key out."""
    values = {
        "grant_type": "authorization_code_with_pkce",
        "authUrl": f"{DOMAIN}/oauth2/authorize",
        "accessTokenUrl": f"{DOMAIN}/oauth2/token",
        "redirect_uri": "https://oauth.pstmn.io/v1/callback",
        "useBrowser": True,
        "clientId": CLIENT_ID,
        "clientSecret": "",
        "client_authentication": "body",
        "challengeAlgorithm": "S256",
        "scope": "openid orders/read",
        "addTokenTo": "header",
        "headerPrefix": "Bearer",
        "accessToken": "{{cognito_token}}",
        **changes,
    }
    return {key: value for key, value in values.items() if value is not None}


def request(name: str = "List", /, url: Any = f"{API}/orders", method: str = "GET", **members: Any) -> dict[str, Any]:
    """Return an item with a request; `members` go into the request (`auth`, `header`, `body`)."""
    if isinstance(members.get("header"), dict):
        members["header"] = [{"key": key, "value": value} for key, value in members["header"].items()]
    return {"name": name, "request": {"method": method, "url": url, **members}}


def folder(name: str, /, *items: Any, **members: Any) -> dict[str, Any]:
    """Return a folder."""
    return {"name": name, "item": list(items), **members}


def collection(*items: Any, schema: str = V21, **members: Any) -> str:
    """Return a collection as text; without items it has one request."""
    held = list(items) or [request()]
    return json.dumps({"info": {"name": "Orders", "schema": schema}, "item": held, **members})


def variables(**values: Any) -> list[dict[str, Any]]:
    """Return a list of variables."""
    return [{"key": key, "value": value} for key, value in values.items()]


def environment(*entries: dict[str, Any], scope: str = "environment", **values: Any) -> str:
    """Return an environment as text; `entries` are written as they are."""
    named = [{"key": key, "value": value, "type": "default", "enabled": True} for key, value in values.items()]
    return json.dumps({"name": "Dev", "values": [*entries, *named], "_postman_variable_scope": scope})


def jwt(use: str | None = "access", expires: float | None = NOW + 3600, **claims: Any) -> str:
    """Return a token that has the form of Cognito's; nobody signed it."""
    body = {"sub": CANARY, **claims}
    body |= {"token_use": use} if use else {}
    body |= {"exp": int(expires)} if expires is not None else {}
    parts = [{"kid": "k", "alg": "RS256"}, body]
    return ".".join([*(_part(json.dumps(part).encode()) for part in parts), _part(b"signature " * 25)])


def refresh_token() -> str:
    """Return a token that has the form of Cognito's refresh tokens, a JWE of five parts."""
    header = _part(b'{"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}')
    return ".".join([header, *(_part(f"{CANARY} {part}".encode() * 4) for part in range(4))])


def _part(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
