"""An export as files: Postman's collection v2.1 and environment here, the other forms beside.

Every choice about the collection is from postman-oauth.md, 4.2, and was run there [run].
"""

import json
import uuid
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from cogwizard.intake.errors import BadInput
from cogwizard.intake.mask import mask
from cogwizard.intake.url import read_url
from cogwizard.model.postman import DEFAULTS, FIELDS
from cogwizard.postman import bruno, forms, posting
from cogwizard.postman.export import (
    FORMS,
    Export,
    Form,
    Sendable,
    plain_headers,
    sendable,
    without_params,
    without_variables,
)

__all__ = ["FORMS", "Export", "Form", "files"]

_SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
_TEXT_KEYS = ("grant_type", "authUrl", "accessTokenUrl", "redirect_uri", "clientId", "scope", "client_authentication")
_WITH_REFRESH = ("authorization_code", "authorization_code_with_pkce")  # 5.4: the other grants give no refresh token
_PASSED = [
    'pm.test("API Gateway let the call through", function () {',
    "    pm.expect(pm.response.code).to.not.be.oneOf([401, 403]);",
    "});",
]
_SKIPPED = [
    'if (!pm.variables.get("refresh_token")) {',
    '    console.log("The variable refresh_token is empty: nothing to refresh.");',
    "    pm.execution.skipRequest();",
    "}",
]
_STORED = [
    'pm.test("The token endpoint gave tokens", function () {',
    "    pm.response.to.have.status(200);",
    "});",
    "if (pm.response.code === 200) {",
    "    const given = pm.response.json();",
    '    ["id_token", "access_token", "refresh_token"].forEach(function (name) {',
    "        if (given[name]) {",
    "            pm.environment.set(name, given[name]);",
    "        }",
    "    });",
    "}",
]


def files(export: Export, wanted: Sequence[Form] = ("postman",)) -> dict[str, str]:
    """Return the files of an export: name -> text, to be written as UTF-8; the same for the same export, byte for byte.

    No file holds a token, password or client secret. Names are plain ASCII and no paths. Raises BadInput as `sendable`.
    """
    call = sendable(export)
    made: dict[str, str] = {}
    for form in wanted:
        if form == "postman":
            made[f"{call.file}.postman_collection.json"] = _json(_collection(export, call))
            made[f"{call.file}.postman_environment.json"] = _json(_environment(export, call))
        elif form == "bruno":
            made |= bruno.files(export, call)
        elif form == "posting":
            made[f"{call.file}.posting.yaml"] = posting.text(call)
        else:
            suffix, text = forms.TEXTS[form]
            made[f"{call.file}{suffix}"] = text(call)
    return made


def _json(value: Any) -> str:
    # ASCII: no character of a foreign name can act on whoever looks at the file.
    return json.dumps(value, indent=2) + "\n"


def _id(export: Export, call: Sendable, part: str) -> str:
    about = json.dumps([call.name, call.method, call.url, export.block.get("clientId", ""), part])
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"cogwizard:{about}"))


def _collection(export: Export, call: Sendable) -> dict[str, Any]:
    auth, open_fields = _oauth2(export, call)
    headers, notes = plain_headers(call)
    body = without_variables(call.body, call.body_is) if call.body is not None else None
    if body is None and call.body is not None:
        notes.append("The body was left out: Postman would read its double braces as a variable.")
    notes += [f"{FIELDS[key]} was left empty: it holds a secret, or braces of a variable." for key in open_fields]
    request: dict[str, Any] = {"method": call.method, "header": _pairs(headers), "url": _url(call.url)}
    if body is not None:
        request["body"] = {"mode": "raw", "raw": body}
        if call.body_is == "json":
            request["body"]["options"] = {"raw": {"language": "json"}}
    variable = f"{{{{{call.token.lower()}}}}}"
    if call.in_authorization:
        bearer = {"type": "bearer", "bearer": [_field("token", variable)]}
        calls = [
            (f"{call.name} (OAuth 2.0 tab)", request),
            (f"{call.name} ({call.sent_token})", {"auth": bearer, **request}),
        ]
    else:
        key = [_field("key", call.header), _field("value", variable), _field("in", "header")]
        calls = [(f"{call.name} ({call.sent_token})", {"auth": {"type": "apikey", "apikey": key}, **request})]
    items = [
        {"id": _id(export, call, name), "name": name, "event": [_event("test", _PASSED)], "request": about}
        for name, about in calls
    ]
    if refresh := _refresh(export, call):
        items.append(refresh)
    return {
        "info": {
            "_postman_id": _id(export, call, "collection"),
            "name": call.name,
            "description": _description(call, notes),
            "schema": _SCHEMA,
        },
        "auth": auth,
        "item": items,
    }


def _oauth2(export: Export, call: Sendable) -> tuple[dict[str, Any], list[str]]:
    """Return the collection's auth block, and the keys whose values it cannot hold."""
    given = {key: export.block.get(key) or DEFAULTS.get(key, "") for key in _TEXT_KEYS}
    given["client_authentication"] = export.client_authentication
    open_fields = [key for key, value in given.items() if "{{" in value or mask(value, lone_word="none").secrets]
    fields = [_field(key, "" if key in open_fields else value) for key, value in given.items()]
    fields += [
        {"key": "useBrowser", "value": export.block.get("useBrowser") == "true", "type": "boolean"},
        _field("clientSecret", "{{client_secret}}" if export.sends_secret else ""),
        # Bruno and Insomnia read what is left out in ways of their own (4.2 [src]).
        _field("challengeAlgorithm", "S256"),
        _field("addTokenTo", "header"),
        _field("headerPrefix", "Bearer"),
        _field("tokenName", "cogwizard"),
        _field("accessToken", f"{{{{{call.token.lower()}}}}}"),
    ]
    return {"type": "oauth2", "oauth2": fields}, open_fields


def _refresh(export: Export, call: Sendable) -> dict[str, Any] | None:
    url = export.block.get("accessTokenUrl") or ""
    client_id = export.block.get("clientId") or ""
    if call.grant not in _WITH_REFRESH or not url or "{{" in url + client_id:
        return None
    try:
        read_url(url)
    except BadInput:
        return None
    form = {"grant_type": "refresh_token", "client_id": client_id}
    if export.has_secret:
        form["client_secret"] = "{{client_secret}}"
    form["refresh_token"] = "{{refresh_token}}"
    name = "Refresh the tokens"
    return {
        "id": _id(export, call, name),
        "name": name,
        "event": [_event("prerequest", _SKIPPED), _event("test", _STORED)],
        "request": {
            "auth": {"type": "noauth"},
            "method": "POST",
            # 405 without this type (6.6 [V]); Postman would set it, other readers of the file might not.
            "header": _pairs((("Content-Type", "application/x-www-form-urlencoded"),)),
            "body": {"mode": "urlencoded", "urlencoded": [{"type": "text", **_pair(*pair)} for pair in form.items()]},
            "url": _url(url),
        },
    }


def _url(url: str) -> dict[str, Any]:
    parts = urlsplit(without_params(url))
    host = parts.netloc
    port = ""
    if not host.endswith("]") and ":" in host:
        host, _, port = host.rpartition(":")
    made: dict[str, Any] = {"raw": parts.geturl(), "protocol": parts.scheme}
    made["host"] = [host] if host.startswith("[") else host.split(".")
    if port:
        made["port"] = port
    made["path"] = parts.path.removeprefix("/").split("/") if parts.path not in ("", "/") else [""]
    if parts.query:
        pairs = [item.partition("=") for item in parts.query.split("&")]
        made["query"] = [{"key": key, "value": value if equals else None} for key, equals, value in pairs]
    return made


def _environment(export: Export, call: Sendable) -> dict[str, Any]:
    names = ["access_token"] if call.grant == "client_credentials" else ["id_token", "access_token"]
    if call.grant in _WITH_REFRESH:
        names.append("refresh_token")
    if export.sends_secret:
        names.append("client_secret")
    if call.token.lower() not in names:
        names.insert(0, call.token.lower())
    return {
        "id": _id(export, call, "environment"),
        "name": call.name,
        "values": [{"key": name, "value": "", "type": "secret", "enabled": True} for name in names],
        "_postman_variable_scope": "environment",
    }


def _description(call: Sendable, notes: list[str]) -> str:
    name, variable = call.sent_token, call.token.lower()
    if call.token_known:
        parts = [f"The method reads the {name} from the header {call.header}."]
    else:
        parts = [f"Which token the method reads is not known; the {name} is sent in the header {call.header}."]
    if not call.in_authorization:
        parts.append(
            "OAuth 2.0 in Postman can only send Authorization, so the call takes the token from the variable"
            f" {variable}: get new tokens on the collection's Authorization tab, copy the {name} into the variable."
        )
    elif call.token == "ID_TOKEN":
        parts.append(
            "After each Get New Access Token, Postman falls back to the access token: on the collection's Authorization"
            ' tab set "Use Token Type" to "ID token" again, each time (it is shown only where an ID token came, which'
            f" the scope openid asks for). The second call does not depend on it: it sends the variable {variable}."
        )
    else:
        parts.append(
            "That is what Postman sends after Get New Access Token. The second call sends the variable access_token."
        )
    parts.append(
        "Newman and the Postman CLI never sign in: they send what the environment holds. Fill in its blank variables"
        f" as current values, which are not shared. The token is also what this prints: {call.login}"
    )
    return "\n\n".join([*parts, *call.notes, *notes])


def _field(key: str, value: str) -> dict[str, Any]:
    return {"key": key, "value": value, "type": "string"}


def _pair(key: str, value: str) -> dict[str, str]:
    return {"key": key, "value": value}


def _pairs(pairs: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [_pair(key, value) for key, value in pairs]


def _event(listen: str, lines: list[str]) -> dict[str, Any]:
    return {"listen": listen, "script": {"type": "text/javascript", "exec": lines}}
