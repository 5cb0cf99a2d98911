"""No token, key, cookie, password, name or account number is in a saved case: not as it was, not encoded."""

import base64
import json
import re
from dataclasses import replace
from urllib.parse import quote, unquote

import pytest

from cogwizard.judgement import judge
from cogwizard.model.answer import Answer
from cogwizard.model.api import ApiSettings, Stage
from cogwizard.model.call import Call
from cogwizard.model.case import Case
from cogwizard.model.read import Unread
from cogwizard.model.read_api import GetStages
from cogwizard.model.read_api import TestInvokeAuthorizer as InvokeAuthorizer
from cogwizard.model.read_web import CallerIdentity, GetCallerIdentity, Replay
from cogwizard.saved.file import from_text
from cogwizard.saved.keep import Kept, keep
from cogwizard.steps import TROUBLESHOOT
from tests.properties.mutations import ACCOUNT, API, HOST, PLAIN, POOL, diagnose, taken_apart, token

OTHER_ACCOUNT = "987654321098"
SECRETS = {
    "api key": "k3yOfTheGateway0123456789abcdefghij",
    "cookie": "c00kieOfTheSession",
    "password": "Tr0ub4dor&3",
    "body": "whatWasSentInTheBody",
    "variable": "s3cretOfAStageVariable",
    "query": "s3cretOfTheQuery",
    "user info": "s3cretOfTheUserInfo",
    "session": "hanako.yamada",
    "mail": "hanako.yamada@example.co.jp",
    "answered": "whatTheBackendAnswered",
    "key id": "AKIAIOSFODNN7EXAMPLE",
}
CLAIMS = {"email": SECRETS["mail"], "name": "Hanako Yamada", "phone_number": "+815012345678", "custom:id": "E-004711"}


def case(value: str, **more: str) -> Case:
    """Return a case with a secret in every place where one can stand, all facts known."""
    found = diagnose(PLAIN, value).case
    headers = (
        *found.call.headers,
        ("x-api-key", SECRETS["api key"]),
        ("Cookie", f"session={SECRETS['cookie']}"),
        ("X-Password", SECRETS["password"]),
        ("X-User", SECRETS["mail"]),
    )
    url = f"https://me:{SECRETS['user info']}@{HOST}/prod/orders?api_key={SECRETS['query']}&token={value}"
    call = Call("GET", url, headers, SECRETS["body"].encode())
    stages = (Stage("prod", "dep1", {"secret": SECRETS["variable"]}, f"arn:aws:wafv2:::{OTHER_ACCOUNT}:webacl"),)
    policy = json.dumps(
        {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": f"arn:aws:::{ACCOUNT}:*"}]}
    )
    echo = json.dumps({"message": "Unauthorized", "you": f"{value} {SECRETS['api key']} {SECRETS['mail']}"})
    answer = Answer(401, (("x-amzn-ErrorType", "UnauthorizedException"), ("Set-Cookie", SECRETS["cookie"])), echo)
    region = POOL.region
    facts = {
        **found.facts,
        GetStages(region, API): stages,
        GetCallerIdentity(region): CallerIdentity(
            ACCOUNT, f"arn:aws:sts::{ACCOUNT}:assumed-role/Admin/{SECRETS['session']}"
        ),
        Replay(call): Answer(200, (("set-cookie", SECRETS["cookie"]),), SECRETS["answered"]),
        InvokeAuthorizer(region, API, "abc123", "Authorization", value, (("secret", SECRETS["variable"]),)): Unread(
            InvokeAuthorizer(region, API, "abc123", "Authorization", value),
            "failed",
            "Error",
            f"{value} {SECRETS['key id']} {ACCOUNT}",
        ),
    }
    facts = {
        read: replace(fact, policy=policy) if isinstance(fact, ApiSettings) else fact for read, fact in facts.items()
    }
    return replace(found, call=call, answer=answer, facts=facts, **more)  # type: ignore[arg-type]


def kept(found: Case) -> Kept:
    return keep(judge(found, TROUBLESHOOT), TROUBLESHOOT)


def unfolded(text: str) -> str:
    """Return a text with all that stands in it encoded: base64, also in pieces, and percent signs."""
    found = [text, unquote(text)]
    for piece in re.findall(r"[A-Za-z0-9+/_=-]{8,}", text):
        plain = piece.replace("-", "+").replace("_", "/").rstrip("=")
        for start in range(4):
            part = plain[start:]
            data = base64.b64decode(part + "=" * (-len(part) % 4)) if len(part) % 4 != 1 else b""
            found.append(data.decode("utf-8", "replace"))
    return "\n".join(found)


VALUES = ["{}", "Bearer {}", '"{}"', "Bearer  {}", "{}!", "{}x", "Token {}", '{{"id_token":"{}","refresh_token":"r"}}']


@pytest.mark.parametrize("form", VALUES)
@pytest.mark.parametrize("given", [False, True])
def test_no_secret_is_saved(form: str, given: bool) -> None:
    whole = token(claims=CLAIMS)
    value = form.format(whole)
    found = case(value, given_token=value) if given else case(value)
    saved = kept(found)
    text = unfolded(saved.text)
    _, payload, signature = whole.split(".")
    for part in (payload, signature, *(signature[at : at + 24] for at in range(0, len(signature) - 24, 24))):
        assert part not in text
    # The first bytes of a payload are names; from there on nothing of 24 characters is left.
    assert not any(payload[at : at + 24] in text for at in range(0, len(payload) - 24, 24))
    for name, secret in {**SECRETS, **CLAIMS}.items():
        assert secret not in text, name
        assert quote(secret, safe="") not in text, name
    for account in (ACCOUNT, OTHER_ACCOUNT):
        assert account not in text
    _, claims = taken_apart(whole)
    for name in ("sub", "jti", "event_id", "origin_jti", "cognito:username"):
        if len(str(claims.get(name, ""))) > 3:
            assert str(claims[name]) not in text, name


def test_what_is_left_can_be_judged_and_compared() -> None:
    whole = token(claims=CLAIMS)
    found = case(f"Bearer {whole}")
    saved = kept(found)
    assert saved.differences == ()
    again = from_text(saved.text).case
    assert again.token is not None
    assert found.token is not None
    assert again.token.label == found.token.label
    assert {name: again.token.claims[name] for name in ("iss", "aud", "exp", "token_use")} == {
        name: found.token.claims[name] for name in ("iss", "aud", "exp", "token_use")
    }
    assert again.account is not None
    assert again.account[-4:] == ACCOUNT[-4:]
    accounts = set(re.findall(r"(?<!\d)\d{12}(?!\d)", saved.text))
    assert {item[-4:] for item in accounts} >= {ACCOUNT[-4:], OTHER_ACCOUNT[-4:]}
    assert again.call.body is None


@pytest.mark.parametrize("value", ["Basic aGFuYWtvOlRyMHViNGRvciYz", "Tr0ub4dor&3", "hunter2 Tr0ub4dor&3"])
def test_a_password_in_place_of_a_token(value: str) -> None:
    saved = kept(diagnose(PLAIN, value).case)
    assert saved.differences == ()
    text = unfolded(saved.text)
    for secret in ("aGFuYWtvOlRyMHViNGRvciYz", "Tr0ub4dor", "hunter2"):
        assert secret not in text


def test_two_accounts_with_the_same_end_stay_two() -> None:
    found = diagnose(PLAIN, token()).case
    answer = Answer(403, (("x-amzn-ErrorType", "AccessDeniedException"),), '{"message":"123456789012 555556789012"}')
    text = kept(replace(found, answer=answer)).text
    assert len({item for item in re.findall(r"0000\d{4}9012", text)}) == 2
