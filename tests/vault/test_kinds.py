"""Secrets of several parts: what is read, and what is refused without being repeated."""

import json

import pytest

from cogwizard.model.tokens import Tokens
from cogwizard.vault.kinds import AwsKeys, BadValue, Kind, pack_keys, pack_tokens, read_keys, read_tokens, tidy

SECRET = "c4nary-s3cret"


@pytest.mark.parametrize(
    "document",
    [
        {"id_token": "i", "access_token": "a", "refresh_token": "r", "expires_in": 3600, "token_type": "Bearer"},
        {"IdToken": "i", "AccessToken": "a", "RefreshToken": "r", "ExpiresIn": 3600, "TokenType": "Bearer"},
        {"AuthenticationResult": {"IdToken": "i", "AccessToken": "a", "RefreshToken": "r", "ExpiresIn": 3600}},
    ],
)
def test_tokens_as_others_write_them(document: object) -> None:
    text = json.dumps(document)
    assert read_tokens(text) == Tokens("i", "a", "r", 3600)
    assert read_tokens(tidy("tokens", text)) == Tokens("i", "a", "r", 3600)
    assert "Bearer" not in tidy("tokens", text)


@pytest.mark.parametrize("tokens", [Tokens("i"), Tokens(refresh_token="r", expires_in=5, obtained_at=1.5)])
def test_tokens_there_and_back(tokens: Tokens) -> None:
    assert read_tokens(pack_tokens(tokens)) == tokens


@pytest.mark.parametrize(
    "document",
    [
        {"aws_access_key_id": "id", "aws_secret_access_key": "se", "aws_session_token": "to"},
        {"Version": 1, "AccessKeyId": "id", "SecretAccessKey": "se", "SessionToken": "to"},
        {"Credentials": {"AccessKeyId": "id", "SecretAccessKey": "se", "SessionToken": "to", "Expiration": "x"}},
    ],
)
def test_keys_as_others_write_them(document: object) -> None:
    assert read_keys(json.dumps(document)) == AwsKeys("id", "se", "to")
    assert read_keys(tidy("aws-keys", json.dumps(document))) == AwsKeys("id", "se", "to")


@pytest.mark.parametrize("keys", [AwsKeys("id", "se"), AwsKeys("id", "se", "to")])
def test_keys_there_and_back(keys: AwsKeys) -> None:
    assert read_keys(pack_keys(keys)) == keys
    assert "se" not in repr(keys)


@pytest.mark.parametrize("kind", ["tokens", "aws-keys"])
@pytest.mark.parametrize(
    "text",
    [
        *["", SECRET, "[]", "{}", "null", "[" * 100_000, f'"{SECRET}"', '{"id_token": 5}', '{"id_token": {}}'],
        f'{{"id_token": "i", "expires_in": "{SECRET}"}}',
        f'{{"aws_access_key_id": "{SECRET}"}}',
        f'{{"aws_access_key_id": "a", "aws_secret_access_key": "{SECRET}\\n"}}',
        f'{{"aws_access_key_id": "a b", "aws_secret_access_key": "{SECRET}"}}',
        f'{{"aws_access_key_id": "é", "aws_secret_access_key": "{SECRET}"}}',
    ],
)
def test_what_is_none_is_refused_and_not_repeated(kind: Kind, text: str) -> None:
    with pytest.raises(BadValue) as refused:
        tidy(kind, text)
    assert refused.value.key == f"bad-{kind}"
    assert SECRET not in str(refused.value) + repr(refused.value.params)
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


@pytest.mark.parametrize("kind", ["password", "token", "client-secret", "refresh-token"])
def test_a_single_secret_stays_as_it_is(kind: Kind) -> None:
    assert tidy(kind, f" {SECRET}\n") == f" {SECRET}\n"
