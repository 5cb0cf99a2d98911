"""Each flow and each challenge against the sandbox, which knows nothing of the code that is tested."""

import json
from collections.abc import Callable, Mapping
from typing import Any, cast

import pytest

from cogwizard.aws.session import SetupError
from cogwizard.login import Login
from cogwizard.model.client import AppClient
from cogwizard.model.token import read_token
from cogwizard.model.tokens import Tokens
from cogwizard.sandbox import Client
from cogwizard.sandbox.totp import totp
from cogwizard.signin.challenge import _CODES, _FIRST_FACTORS, _MFA_CHOICES, Challenge, read_challenge
from cogwizard.signin.cognito import Conversation
from cogwizard.signin.order import Order, order_of
from cogwizard.text import Texts
from tests.signin.login_kit import KEY, NEW, PASSWORD, SECOND, SECRET, TEMPORARY, Bench

DIRECT = ("password", "srp", "admin")
MFA = {"MfaConfiguration": "ON"}


def signed_in(login: Login) -> Tokens:
    """Return the tokens of a sign-in that went well."""
    assert login.refusal is None, login.refusal
    assert login.challenge is None
    assert [item.verdict for item in login.findings() if item.verdict in ("fail", "unknown")] == []
    return cast(Tokens, login.tokens)


def challenged(login: Login, name: str) -> Challenge:
    """Return the challenge at which a sign-in stands."""
    assert login.refusal is None, login.refusal
    assert login.tokens is None
    challenge = cast(Challenge, login.challenge)
    assert challenge.name == name
    return challenge


@pytest.mark.parametrize("flow", DIRECT)
@pytest.mark.parametrize("secrets", [None, (SECRET, None), (SECRET, SECOND)], ids=["public", "secret", "second"])
def test_signed_in(bench: Bench, flow: str, secrets: tuple[str, str | None] | None) -> None:
    options: dict[str, Any] = {} if secrets is None else {"secret": secrets[0], "second_secret": secrets[1]}
    client = bench.client(**options)
    login = bench.login(flow, client, secret=secrets[1] if secrets else None)
    assert login.start(PASSWORD)
    tokens = signed_in(login)
    assert read_token(tokens.id_token or "").text_claim("cognito:username") == "hanako"
    assert read_token(tokens.access_token or "").scopes == ("aws.cognito.signin.user.admin",)
    assert tokens.refresh_token
    assert tokens.expires_at == pytest.approx(bench.world.now() + 3600, abs=30)


@pytest.mark.parametrize("flow", DIRECT)
def test_an_alias_of_a_confidential_client(bench: Bench, flow: str) -> None:
    """The hash of a challenge's answer is over the name that the service returned (7.1 [R*])."""
    bench.user.status, bench.user.password = "FORCE_CHANGE_PASSWORD", TEMPORARY
    login = bench.login(flow, bench.client(secret=SECRET), username="hanako@example.com")
    assert login.start(TEMPORARY)
    challenged(login, "NEW_PASSWORD_REQUIRED")
    assert login.answer({"NEW_PASSWORD": NEW})
    signed_in(login)


def test_without_aws_credentials_or_pool(bench: Bench) -> None:
    """A user of the pool needs no account at AWS: with an app client's id alone a password is enough."""
    login = bench.login("password", user_pool_id=None)
    assert login.client is None
    assert login.start(PASSWORD)
    assert login.tokens is not None
    assert "DescribeUserPoolClient" not in [name for _, name, _ in bench.sandbox.requests]


@pytest.mark.parametrize("flow", DIRECT)
def test_new_password_with_an_attribute(bench: Bench, flow: str) -> None:
    bench.pool.settings["SchemaAttributes"] = [{"Name": "nickname", "AttributeDataType": "String", "Required": True}]
    bench.user.status, bench.user.password = "FORCE_CHANGE_PASSWORD", TEMPORARY
    login = bench.login(flow)
    assert login.start(TEMPORARY)
    challenge = challenged(login, "NEW_PASSWORD_REQUIRED")
    assert [ask.name for ask in challenge.asks] == ["NEW_PASSWORD", "userAttributes.nickname"]
    assert login.answer({"NEW_PASSWORD": NEW, "userAttributes.nickname": "hana"})
    signed_in(login)
    assert (bench.user.status, bench.user.password, bench.user.attributes["nickname"]) == ("CONFIRMED", NEW, "hana")


@pytest.mark.parametrize("flow", DIRECT)
def test_a_wrong_code_can_be_mended(bench: Bench, flow: str) -> None:
    bench.pool.settings |= MFA
    bench.user.mfa, bench.user.totp_secret = ["SOFTWARE_TOKEN_MFA"], KEY
    login = bench.login(flow)
    assert login.start(PASSWORD)
    challenged(login, "SOFTWARE_TOKEN_MFA")
    right = totp(KEY, bench.world.now())
    wrong = f"{(int(right) + 500_000) % 1_000_000:06}"
    assert not login.answer({"SOFTWARE_TOKEN_MFA_CODE": wrong})
    assert login.may_answer_again
    assert login.answer({"SOFTWARE_TOKEN_MFA_CODE": right})
    signed_in(login)


@pytest.mark.parametrize(("way", "name"), [("SMS_MFA", "SMS_MFA_CODE"), ("EMAIL_OTP", "EMAIL_OTP_CODE")])
def test_a_code_that_is_sent(bench: Bench, way: str, name: str) -> None:
    bench.pool.settings |= MFA
    bench.user.mfa = [way]  # type: ignore[list-item]
    bench.user.attributes |= {"phone_number": "+81312345678", "phone_number_verified": "true"}
    login = bench.login("srp")
    assert login.start(PASSWORD)
    challenge = challenged(login, way)
    assert challenge.sent_to
    assert "5678" in challenge.sent_to or "@" in challenge.sent_to
    assert "+8131234" not in challenge.sent_to
    assert login.answer({name: bench.world.outbox[-1].code})
    signed_in(login)


def test_choosing_a_second_factor(bench: Bench) -> None:
    bench.pool.settings |= MFA
    bench.user.mfa, bench.user.totp_secret = ["SMS_MFA", "SOFTWARE_TOKEN_MFA"], KEY
    bench.user.attributes |= {"phone_number": "+81312345678", "phone_number_verified": "true"}
    login = bench.login("srp")
    assert login.start(PASSWORD)
    challenge = challenged(login, "SELECT_MFA_TYPE")
    assert challenge.asks[0].choices == ("SOFTWARE_TOKEN_MFA", "SMS_MFA")
    assert login.answer({"ANSWER": "SMS_MFA"})
    challenged(login, "SMS_MFA")
    assert login.answer({"SMS_MFA_CODE": bench.world.outbox[-1].code})
    signed_in(login)


@pytest.mark.parametrize("flow", DIRECT)
def test_setting_up_an_authenticator_app(bench: Bench, flow: str) -> None:
    bench.pool.settings |= MFA
    login = bench.login(flow, bench.client(secret=SECRET))
    assert login.start(PASSWORD)
    challenge = challenged(login, "MFA_SETUP")
    assert challenge.key
    assert challenge.key not in repr(challenge)
    assert f"secret={challenge.key}" in challenge.key_uri("shop", "hanako")
    assert not login.answer({"code": "000000"})
    assert login.may_answer_again
    assert login.answer({"code": totp(challenge.key, bench.world.now())})
    signed_in(login)
    assert bench.user.totp_secret == challenge.key


@pytest.mark.parametrize("flow", ["password", "srp"])
def test_a_client_that_lets_choose(bench: Bench, flow: str) -> None:
    """ALLOW_USER_AUTH takes the same password under another name (7.1 [D])."""
    login = bench.login(flow, bench.client(ExplicitAuthFlows=["ALLOW_USER_AUTH"], secret=SECRET))
    assert login.start(PASSWORD)
    signed_in(login)


@pytest.mark.parametrize(("flow", "choice"), [("password", "PASSWORD"), ("srp", "PASSWORD_SRP")])
def test_a_server_that_asks_how(flow: str, choice: str) -> None:
    """The password that was given is sent with the choice, and kept no longer than that."""
    sent: list[tuple[str, Mapping[str, Any]]] = []
    result = {"AccessToken": "a", "ExpiresIn": 60}
    asked = {"ChallengeName": "SELECT_CHALLENGE", "Session": "s", "AvailableChallenges": ["EMAIL_OTP", choice]}
    answers: list[dict[str, Any]] = [asked, {"AuthenticationResult": result}]

    def call(operation: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        sent.append((operation, parameters))
        return answers[len(sent) - 1]

    client = AppClient("4p3a", "eu-west-1_AbCdEf123", explicit_flows=("ALLOW_USER_AUTH",))
    talk = Conversation(call, "4p3a", "hanako", user_pool_id=client.user_pool_id)
    challenge = talk.start(flow, PASSWORD, client)  # type: ignore[arg-type]
    assert isinstance(challenge, Challenge)
    assert set(challenge.asks[0].choices) == {"EMAIL_OTP", choice}
    assert isinstance(talk.answer({"ANSWER": choice}), Tokens)
    responses = sent[1][1]["ChallengeResponses"]
    assert (responses.get("PASSWORD") == PASSWORD) is (flow == "password")
    assert bool(responses.get("SRP_A")) is (flow == "srp")
    assert PASSWORD not in repr(vars(talk))


# -- refresh -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rotates", [False, True])
@pytest.mark.parametrize("secret", [None, SECRET])
@pytest.mark.parametrize("held", ["all", "refresh token alone"])
def test_refreshed(bench: Bench, rotates: bool, secret: str | None, held: str) -> None:
    rotation = {"Feature": "ENABLED" if rotates else "DISABLED", "RetryGracePeriodSeconds": 0}
    flows = [flow for flow in bench.web.settings["ExplicitAuthFlows"] if not (rotates and "REFRESH" in flow)]
    client = bench.client(secret=secret, RefreshTokenRotation=rotation, ExplicitAuthFlows=flows)
    first = bench.tokens(client)
    order = order_of(first)
    assert order is not None
    assert (order.client_id, order.user_pool_id, order.username) == (client.id, bench.pool.id, "hanako")
    bench.world.clock_offset = 60
    sent = first if held == "all" else Tokens(refresh_token=first.refresh_token)
    login = bench.login("refresh", client, username=None)
    assert login.refresh(sent)
    second = signed_in(login)
    assert second.id_token not in (None, first.id_token)
    assert second.refresh_token
    assert (second.refresh_token != first.refresh_token) is rotates


def test_refreshed_at_the_domain(bench: Bench) -> None:
    """No flow of the API for it, but a browser signed in: the token endpoint refreshes (6.4 [D])."""
    client = bench.client(secret=SECRET, ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH"])
    first = bench.login("browser", client)
    assert bench.brought(first)
    assert first.tokens is not None
    second = bench.login("refresh", client)
    assert second.can_refresh
    assert second.refresh(first.tokens)
    assert signed_in(second).refresh_token == first.tokens.refresh_token
    off = bench.login("refresh", bench.client("off", ExplicitAuthFlows=[], AllowedOAuthFlowsUserPoolClient=False))
    assert off.can_refresh  # an empty list is AWS's default, which allows it
    flows = ["ALLOW_USER_SRP_AUTH"]
    off = bench.login("refresh", bench.client("off", ExplicitAuthFlows=flows, AllowedOAuthFlowsUserPoolClient=False))
    assert not off.can_refresh


def test_tokens_that_name_nobody_are_not_refreshed() -> None:
    assert order_of(Tokens(id_token="no token", refresh_token="x")) is None


# -- the pool's domain -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("secret", [None, SECRET])
def test_a_code_from_the_browser(bench: Bench, secret: str | None) -> None:
    login = bench.login("browser", bench.client(secret=secret), scopes=("openid", "shop/read"))
    assert login.redirect_uri == "http://localhost:9876/callback"
    assert bench.brought(login)
    tokens = signed_in(login)
    assert set(read_token(tokens.access_token or "").scopes) == {"openid", "shop/read"}
    assert tokens.id_token
    assert tokens.refresh_token


def test_tokens_from_the_fragment(bench: Bench) -> None:
    login = bench.login("implicit")
    assert bench.brought(login)
    assert signed_in(login).refresh_token is None


def test_a_machine(bench: Bench) -> None:
    machine: dict[str, Any] = {"AllowedOAuthFlows": ["client_credentials"], "AllowedOAuthScopes": ["shop/read"]}
    login = bench.login("client-credentials", bench.client(secret=SECRET, **machine), username=None)
    assert login.client_credentials()
    tokens = signed_in(login)
    assert (tokens.id_token, tokens.refresh_token) == (None, None)
    assert read_token(tokens.access_token or "").scopes == ("shop/read",)


# -- changing the password ---------------------------------------------------------------------------------------------


def test_the_password_is_changed(bench: Bench) -> None:
    login = bench.login()
    assert login.start(PASSWORD)
    tokens = login.tokens
    assert login.change_password(PASSWORD, NEW)
    assert (bench.user.password, login.tokens) == (NEW, tokens)
    assert not login.change_password(PASSWORD, "short")
    assert login.tokens is tokens
    assert login.refusal is not None


# -- orders that cannot be ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"user_pool_id": "shop"}, "bad-pool-id"),
        ({"user_pool_id": "eu-west-1_Ab/../x"}, "bad-pool-id"),
        ({"client_id": "a b"}, "bad-client-id"),
        ({"client_id": ""}, "bad-client-id"),
        ({"domain": "no domain"}, "bad-domain"),
        ({"domain": "user@evil.example"}, "bad-domain"),
        ({"region": "eu west"}, "invalid-region"),
    ],
)
def test_ids_that_are_none(bench: Bench, change: dict[str, str], key: str) -> None:
    given = {"client_id": "4p3a", "user_pool_id": bench.pool.id, **change}
    with pytest.raises(SetupError) as caught:
        Login(bench.ports, Order("password", **given))  # type: ignore[arg-type]
    assert caught.value.key == key


def test_nothing_is_done_out_of_order(bench: Bench) -> None:
    login = bench.login()
    acts: list[Callable[[], bool]] = [
        lambda: login.answer({"NEW_PASSWORD": "x"}),
        lambda: login.refresh(Tokens(id_token="x")),
        lambda: login.change_password("a", "b"),
        lambda: login.finish(Tokens(id_token="x")),
    ]
    for act in acts:
        with pytest.raises(ValueError, match=r"\w"):
            act()


def test_a_client_that_has_two_secrets_is_not_tried_twice(bench: Bench) -> None:
    client: Client = bench.client(secret=SECRET, second_secret=SECOND)
    login = bench.login("srp", client, secret="neither" * 6)
    assert not login.start(PASSWORD)
    assert [name for _, name, _ in bench.sandbox.requests].count("InitiateAuth") == 1


# -- what a new challenge needs ----------------------------------------------------------------------------------------

CHALLENGES = [*_CODES, "NEW_PASSWORD_REQUIRED", "SELECT_MFA_TYPE", "SELECT_CHALLENGE", "PASSWORD", "MFA_SETUP"]


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("name", [*CHALLENGES, "CUSTOM_CHALLENGE"])
def test_each_challenge_has_its_texts(name: str, lang: str) -> None:
    """What asks and what can be chosen, in both languages; without them the sign-in would end in a crash."""
    choices = [*_MFA_CHOICES, *_FIRST_FACTORS]
    parameters = {"MFAS_CAN_CHOOSE": json.dumps(choices), "MFAS_CAN_SETUP": '["SOFTWARE_TOKEN_MFA"]'}
    answer = {"ChallengeName": name, "ChallengeParameters": parameters, "AvailableChallenges": choices}
    challenge, texts = read_challenge(answer), Texts(lang)
    assert challenge.asks
    assert texts.screen("signin", f"challenge {name}", to="x")
    for ask in challenge.asks:
        assert texts.screen("signin", f"ask {ask.name}")
        assert all(texts.screen("signin", f"choice {choice}") for choice in ask.choices)
