"""An export for Bruno: `bruno.json` and requests beside it; secrets come from the environment of the process.

Bruno's file can say which token is sent (`token_source`). The app does so; the CLI sends nothing for an authorization
code (postman-oauth.md, 4.4 [run]), so there is a request with a bearer token too.
"""

import json
import re

from cogwizard.intake.mask import mask
from cogwizard.postman.export import Export, Sendable, left_out, plain_headers, without_params, without_variables

_QUOTES = "'''"  # begins a text of several lines
_GRANTS = {
    "authorization_code_with_pkce": "authorization_code",
    "authorization_code": "authorization_code",
    "implicit": "implicit",
    "client_credentials": "client_credentials",
}


def files(export: Export, call: Sendable) -> dict[str, str]:
    """Return the files of a Bruno collection: name -> text. They belong into one folder, which Bruno opens."""
    about = {"version": "1", "name": call.name, "type": "collection", "ignore": ["node_modules", ".git"]}
    made = {"bruno.json": json.dumps(about, indent=2) + "\n"}
    made[f"{call.file}.bru"] = _request(call, call.sent_token, 1, *_token_auth(call))
    grant = _GRANTS.get(call.grant)
    if grant and call.in_authorization:
        made[f"{call.file}-oauth2.bru"] = _request(call, "OAuth 2.0", 2, "oauth2", _oauth2(export, call, grant))
    return made


def _token_auth(call: Sendable) -> tuple[str, str]:
    """Return the mode of authorization and its block, with the token of the environment, and what is expected."""
    token = f"{{{{process.env.{call.token}}}}}"
    expected = _block("assert", [("res.status", "notIn 401, 403")])
    if call.in_authorization:
        return "bearer", _block("auth:bearer", [("token", token)]) + "\n" + expected
    pairs = [("key", call.header), ("value", token), ("placement", "header")]
    return "apikey", _block("auth:apikey", pairs) + "\n" + expected


def _oauth2(export: Export, call: Sendable, grant: str) -> str:
    with_code = grant == "authorization_code"
    pairs = [("grant_type", grant)]
    if grant != "client_credentials":
        pairs += [
            ("callback_url", _given(export, "redirect_uri")),
            ("authorization_url", _given(export, "authUrl")),
        ]
    if grant != "implicit":
        pairs += [("access_token_url", _given(export, "accessTokenUrl")), ("refresh_token_url", "")]
    pairs.append(("client_id", _given(export, "clientId")))
    if grant != "implicit":
        pairs.append(("client_secret", "{{process.env.CLIENT_SECRET}}" if export.sends_secret else ""))
    pairs.append(("scope", _given(export, "scope")))
    if grant != "client_credentials":
        pairs.append(("state", ""))
    if with_code:
        pairs.append(("pkce", str(call.grant == "authorization_code_with_pkce").lower()))
    if grant != "implicit":
        pairs.append(
            ("credentials_placement", "body" if export.client_authentication == "body" else "basic_auth_header")
        )
    pairs += [
        ("credentials_id", "credentials"),
        ("token_source", "id_token" if call.token == "ID_TOKEN" else "access_token"),
        ("token_placement", "header"),
        ("token_header_prefix", "Bearer"),
        ("auto_fetch_token", "true"),
    ]
    if grant != "implicit":
        pairs.append(("auto_refresh_token", str(with_code).lower()))
    return _block("auth:oauth2", pairs)


def _given(export: Export, key: str) -> str:
    """Return a value of the tab as it stands in a block of pairs, "" where it would be more than itself."""
    value = export.block.get(key) or ""
    plain = value.isascii() and value.isprintable() and not value.startswith(_QUOTES) and "{{" not in value
    return value if plain and not mask(value, lone_word="none").secrets else ""


def _request(call: Sendable, kind: str, number: int, auth: str, auth_block: str) -> str:
    headers, notes = plain_headers(call)
    notes += [left_out(name) for name, value in headers if value.startswith(_QUOTES)]
    headers = tuple((name, value) for name, value in headers if not value.startswith(_QUOTES))
    body = without_variables(call.body, call.body_is) if call.body is not None else None
    if call.body_is != "json" and any("json" in value for name, value in headers if name.lower() == "content-type"):
        body = None  # Bruno makes a JSON string of what is no JSON [run]
    if body is None and call.body is not None:
        notes.append("The body was left out: Bruno would change it.")
    mode = "none" if body is None else "json" if call.body_is == "json" else "text"
    name = re.sub(r"'{2,}", "'", call.name).lstrip("[' ")
    parts = [
        _block("meta", [("name", f"{name} ({kind})"), ("type", "http"), ("seq", str(number))]),
        _block(call.method.lower(), [("url", without_params(call.url)), ("body", mode), ("auth", auth)]),
    ]
    if headers:
        parts.append(_block("headers", list(headers)))
    parts.append(auth_block)
    if body is not None:
        parts.append(_text_block(f"body:{mode}", body))
    parts.append(_text_block("docs", "\n".join([f"The token is what this prints: {call.login}", *call.notes, *notes])))
    return "\n".join(parts)


def _block(name: str, pairs: list[tuple[str, str]]) -> str:
    return "\n".join([f"{name} {{", *(f"  {key}: {value}".rstrip() for key, value in pairs), "}", ""])


def _text_block(name: str, text: str) -> str:
    # Indented, no line of the text can be the brace that ends the block.
    lines = re.split(r"\r\n|\r|\n", text)
    return "\n".join([f"{name} {{", *(f"  {line}" for line in lines), "}", ""])
