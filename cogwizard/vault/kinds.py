"""What an entry of the vault is, and how secrets of several parts are written as one text."""

import json
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, get_args

from cogwizard.model.tokens import Tokens

Kind = Literal["client-secret", "password", "refresh-token", "tokens", "aws-keys", "token"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Secret = Literal["client-secret", "password", "refresh-token", "token"]  # the kinds whose value is one text
# Facts beside a secret, none of them secret: `expires_at` in Unix seconds, `scopes` separated by blanks.
ABOUT = ("client_id", "user_pool_id", "username", "region", "expires_at", "scopes")

# What others write: the OAuth token endpoint, and Cognito's AuthenticationResult.
_TOKENS = {
    "id_token": ("id_token", "IdToken"),
    "access_token": ("access_token", "AccessToken"),
    "refresh_token": ("refresh_token", "RefreshToken"),
    "expires_in": ("expires_in", "ExpiresIn"),
    "obtained_at": ("obtained_at",),
}
# Likewise: the names of the AWS CLI's files, and those of STS and of a credential_process.
_KEYS = {
    "key_id": ("aws_access_key_id", "AccessKeyId"),
    "secret": ("aws_secret_access_key", "SecretAccessKey"),
    "session_token": ("aws_session_token", "SessionToken"),
}


class BadValue(ValueError):
    """A secret does not have the form of its kind. `key` names a text of the catalogue; the secret is not repeated."""

    def __init__(self, kind: Kind) -> None:
        super().__init__(f"bad-{kind}")
        self.key = f"bad-{kind}"
        self.params: dict[str, object] = {}


@dataclass(frozen=True)
class AwsKeys:
    """AWS keys: the id, the secret, and for temporary ones the session token."""

    key_id: str = field(repr=False)
    secret: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)


def pack_tokens(tokens: Tokens) -> str:
    """Return tokens as the text of an entry of the kind `tokens`."""
    return json.dumps({name: value for name, value in asdict(tokens).items() if value})


def pack_keys(keys: AwsKeys) -> str:
    """Return AWS keys as the text of an entry of the kind `aws-keys`."""
    return json.dumps({names[0]: value for name, names in _KEYS.items() if (value := getattr(keys, name))})


def read_tokens(text: str) -> Tokens:
    """Return the tokens of such a text, of a token endpoint's answer or of an AuthenticationResult. Raises BadValue."""
    found = _members(text, "AuthenticationResult", "tokens")
    values: dict[str, Any] = {}
    for item in fields(Tokens):
        value = next((found[name] for name in _TOKENS.get(item.name, ()) if found.get(name)), None)
        wanted = str if item.name.endswith("_token") else (int, float)
        if value is not None and (not isinstance(value, wanted) or isinstance(value, bool)):
            raise BadValue("tokens")
        if value is not None:
            values[item.name] = value
    if not {"id_token", "access_token", "refresh_token"} & values.keys():
        raise BadValue("tokens")
    return Tokens(**values)


def read_keys(text: str) -> AwsKeys:
    """Return the keys of such a text, of an STS answer or of a credential_process. Raises BadValue."""
    found = _members(text, "Credentials", "aws-keys")
    values = {}
    for item, names in _KEYS.items():
        value = next((found[name] for name in names if found.get(name)), None)
        if value is None and item == "session_token":
            continue
        # These go into HTTP headers: a blank or a line break is no part of them.
        if not isinstance(value, str) or not value.isascii() or not value.isprintable() or " " in value:
            raise BadValue("aws-keys")
        values[item] = value
    return AwsKeys(**values)


def tidy(kind: Kind, text: str) -> str:
    """Return a value as it is kept: of `tokens` and `aws-keys` only the members known here. Raises BadValue."""
    if kind == "tokens":
        return pack_tokens(read_tokens(text))
    return pack_keys(read_keys(text)) if kind == "aws-keys" else text


def _members(text: str, inner: str, kind: Kind) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise BadValue(kind) from None
    if isinstance(found, dict) and isinstance(found.get(inner), dict):
        found = found[inner]
    if not isinstance(found, dict):
        raise BadValue(kind)
    return found
