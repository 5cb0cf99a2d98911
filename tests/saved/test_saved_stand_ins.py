"""What stands for a token or a header's value has all that is judged of it, and nothing that can be used."""

import random

import pytest

from cogwizard.model.authorization import read_value
from cogwizard.model.inert import fingerprint
from cogwizard.model.token import Token, read_token
from cogwizard.saved.stand_in import for_secret, for_token, for_value
from tests.properties.mutations import encode, token

WHOLE = token()
HEAD, PAYLOAD, SIGNATURE = WHOLE.split(".")
JWE = encode(b'{"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}') + "." + ".".join(encode(b"k" * 40) for _ in range(4))
FORMS = [
    "{}",
    "Bearer {}",
    "bearer  {}",
    "Bearer\t{}",
    "Bearer: {}",
    "Bearer Bearer {}",
    "JWT {}",
    "mysecretscheme {}",
    "Basic {}",
    "Authorization: Bearer {}",
    '"{}"',
    "'Bearer {}'",
    " {} ",
    '{{"id_token":"{}","refresh_token":"x"}}',
]
TOKENS = [
    WHOLE,
    JWE,
    JWE[:200],
    f"{HEAD}.{PAYLOAD}",
    f"{HEAD}.{PAYLOAD}.",
    f"{HEAD}.{PAYLOAD}.A",
    f"{WHOLE}==",
    f"{HEAD}.{encode(b'[1,2]')}.{SIGNATURE}",
    f"{encode(b'[]' * 20)}.{PAYLOAD}.{SIGNATURE}",
    f"{HEAD}.{PAYLOAD[:-1]}.{SIGNATURE}",
    f"{PAYLOAD}.{HEAD}.{SIGNATURE}",
    f"{WHOLE}.{WHOLE}",
    "7d1c9a5e-0f0b-4f0e-9a53-2f4f1d1c9a5e",
    "short",
    "a.b.c",
    "",
    "eyJ" + "x" * 100_001,
]
WORDS = [
    "undefined",
    "${MY_TOKEN}",
    "{{id_token}}",
    "<my secret>",
    "%NAME%",
    "$(cat token)",
    "$TOKEN",
    "null",
    "Bearer",
]


def shape(found: Token | None) -> object:
    """Return what is judged of a token, but for what its claims say."""
    if found is None:
        return None
    judged = {name: found.claims.get(name) for name in ("iss", "aud", "exp", "iat", "token_use", "scope", "client_id")}
    flaw = (found.flaw, found.flaw_part, found.flaw_at, found.flaw_char)
    return found.kind, flaw, found.parts, found.padded, len(found.text), judged, found.header.get("kid")


def plain(text: str) -> str:
    return text


def mutated() -> list[str]:
    chance = random.Random(1)
    found = []
    for char in [*"%!*#@~+/=,;:&?\"' \n\t\r", "\u200b", "é", "あ", "{", "."]:
        places = [chance.randrange(3, len(WHOLE)) for _ in range(6)]
        found += [WHOLE[:at] + char + WHOLE[at:] for at in places]
    return found + [WHOLE[: chance.randrange(3, len(WHOLE))] for _ in range(60)]


VALUES = [*TOKENS, *mutated()]


@pytest.mark.parametrize("value", VALUES, ids=map(str, range(len(VALUES))))  # tokens differ from process to process
def test_a_token_keeps_what_is_judged(value: str) -> None:
    shown = for_token(value, plain)
    assert shape(read_token(shown)) == shape(read_token(value))
    if value.count(".") >= 2 and len(value.rpartition(".")[2]) > 40 and "=" not in value:
        assert fingerprint(shown) == fingerprint(value) or read_token(value).flaw == "character"
        assert SIGNATURE[:30] not in shown


@pytest.mark.parametrize("form", FORMS)
def test_a_header_keeps_what_spoils_it(form: str) -> None:
    for text in (*TOKENS[:12], *mutated()[::7]):
        value = form.format(text)
        before, after = read_value(value), read_value(for_value(value, plain))
        assert (after.kind, after.scheme, after.flaws) == (before.kind, before.scheme, before.flaws), value[:200]
        found = [read_token(item.token) if item.token else None for item in (before, after)]
        assert shape(found[1]) == shape(found[0]), value[:200]


@pytest.mark.parametrize("form", ["{}", "Bearer {}", '"{}"'])
@pytest.mark.parametrize("word", WORDS)
def test_a_placeholder_is_still_one(form: str, word: str) -> None:
    before = read_value(form.format(word))
    assert read_value(for_value(form.format(word), plain)) == before


def test_aws_signature_keeps_where_it_is_for() -> None:
    value = (
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261121/eu-west-1/execute-api/aws4_request, Signature=ab12"
    )
    shown = for_value(value, plain)
    assert read_value(shown).kind == "sigv4"
    assert "/20261121/eu-west-1/execute-api/aws4_request" in shown
    assert "AKIA" not in shown
    assert "ab12" not in shown.replace(fingerprint(value), "")


def test_a_stand_in_is_shown_as_its_secret_was() -> None:
    assert fingerprint(for_secret("a secret")) == fingerprint("a secret")
    assert for_secret("") == ""
    assert for_secret(for_secret("a secret")) == for_secret("a secret")
    assert read_token(for_token(WHOLE, plain)).label == read_token(WHOLE).label
