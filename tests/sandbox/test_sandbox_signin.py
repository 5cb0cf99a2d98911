"""Starting a sign-in at the sandbox: each refusal of research 7.2 with its type and text, the lock-out, the clients."""

from typing import Any

import jwt
import pytest
from botocore.exceptions import ClientError
from sandbox_kit import http
from signin_kit import (
    ALL_FLOWS,
    PASSWORD,
    REGION,
    SECOND,
    SECRET,
    WRONG,
    Desk,
    invalid,
    not_authorized,
    refused,
    secret_hash,
)

from cogwizard.model.token import read_token
from cogwizard.sandbox.things import WebAcl


def test_a_password_gives_tokens_that_verify(desk: Desk) -> None:
    desk.user.groups = ["buyers"]
    desk.user.attributes["custom:shop"] = "7"
    got = desk.start()
    result = got["AuthenticationResult"]
    assert got["ChallengeParameters"] == {}
    assert (result["ExpiresIn"], result["TokenType"]) == (3600, "Bearer")
    assert result["RefreshToken"].count(".") == 4
    keys = jwt.PyJWKSet.from_dict(http(f"{desk.sandbox.url}/{desk.pool.id}/.well-known/jwks.json").json)
    claims = {}
    for name in ("IdToken", "AccessToken"):
        key = keys[jwt.get_unverified_header(result[name])["kid"]]
        options: Any = {"verify_aud": False, "verify_exp": False, "verify_iat": False}
        claims[name] = jwt.decode(result[name], key, algorithms=["RS256"], options=options, issuer=desk.pool.issuer)
    identity, access = claims["IdToken"], claims["AccessToken"]
    assert identity["cognito:username"] == access["username"] == "hanako"
    assert identity["sub"] == access["sub"] == desk.user.sub
    assert identity["cognito:groups"] == access["cognito:groups"] == ["buyers"]
    assert (identity["email"], identity["email_verified"]) == ("hanako@example.com", True)
    assert identity["custom:shop"] == "7"
    assert access["scope"] == "aws.cognito.signin.user.admin"
    assert identity["origin_jti"] == access["origin_jti"]
    assert identity["jti"] != access["jti"]
    assert identity["auth_time"] == int(desk.world.now())


def test_an_alias_signs_in_where_the_pool_has_one(desk: Desk) -> None:
    token = read_token(desk.tokens(USERNAME="Hanako@example.com", PASSWORD=PASSWORD)["AccessToken"])
    assert token.claims["username"] == "hanako"
    assert desk.tokens(USERNAME=desk.user.sub, PASSWORD=PASSWORD)
    desk.user.attributes["email_verified"] = "false"
    unknown = ("UserNotFoundException", "User does not exist.")
    assert refused(desk.start, USERNAME="hanako@example.com", PASSWORD=PASSWORD) == unknown
    desk.user.attributes["email_verified"] = "true"
    desk.pool.settings["AliasAttributes"] = []
    assert refused(desk.start, USERNAME="hanako@example.com", PASSWORD=PASSWORD) == unknown


def test_who_does_not_exist(desk: Desk) -> None:
    given = {"USERNAME": "nobody", "PASSWORD": PASSWORD}
    assert refused(desk.start, **given) == ("UserNotFoundException", "User does not exist.")
    desk.client.settings["PreventUserExistenceErrors"] = "ENABLED"
    assert refused(desk.start, **given) == WRONG


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"enabled": False}, not_authorized("User is disabled.")),
        ({"status": "UNCONFIRMED"}, ("UserNotConfirmedException", "User is not confirmed.")),
        (
            {"status": "RESET_REQUIRED"},
            ("PasswordResetRequiredException", "Password reset required for the user"),
        ),
    ],
)
@pytest.mark.parametrize("hides", ["ENABLED", "LEGACY"])
def test_states_that_refuse(desk: Desk, changes: dict[str, object], expected: tuple[str, str], hides: str) -> None:
    desk.client.settings["PreventUserExistenceErrors"] = hides
    for name, value in changes.items():
        setattr(desk.user, name, value)
    assert refused(desk.start) == expected
    wrong = refused(desk.start, USERNAME="hanako", PASSWORD="wrong")
    assert wrong == (WRONG if hides == "ENABLED" else expected)


def test_a_temporary_password_expires(desk: Desk) -> None:
    desk.user.status, desk.user.password_set_at = "FORCE_CHANGE_PASSWORD", desk.world.now() - 6.9 * 86400
    assert desk.start()["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    desk.user.password_set_at -= 0.2 * 86400
    expired = not_authorized("Temporary password has expired and must be reset by an administrator.")
    assert refused(desk.start) == expired
    desk.pool.settings["Policies"] = {"PasswordPolicy": {"TemporaryPasswordValidityDays": 8}}
    assert desk.start()["ChallengeName"] == "NEW_PASSWORD_REQUIRED"


def test_the_lock_out_doubles_and_is_not_prolonged(desk: Desk) -> None:
    wrong = {"USERNAME": "hanako", "PASSWORD": "wrong"}
    exceeded = not_authorized("Password attempts exceeded")
    for _ in range(5):
        assert refused(desk.start, **wrong) == WRONG
    for length in (1, 2, 4, 8):
        desk.world.clock_offset += length - 0.1
        assert refused(desk.start) == exceeded
        assert refused(desk.start, **wrong) == exceeded
        desk.world.clock_offset += 0.2
        assert refused(desk.start, **wrong) == WRONG
    desk.world.clock_offset += 16.1
    assert desk.tokens()
    assert refused(desk.start, **wrong) == WRONG
    assert desk.tokens()


def test_the_lock_out_ends_after_fifteen_minutes(desk: Desk) -> None:
    desk.user.failures = 60
    assert refused(desk.start, USERNAME="hanako", PASSWORD="wrong") == WRONG
    desk.world.clock_offset += 899
    assert refused(desk.start) == not_authorized("Password attempts exceeded")
    desk.world.clock_offset += 2
    assert desk.tokens()


def test_secret_hashes(desk: Desk) -> None:
    client = desk.pool.add_client("server", secret=SECRET, second_secret=SECOND, ExplicitAuthFlows=ALL_FLOWS)
    given = {"USERNAME": "hanako", "PASSWORD": PASSWORD}
    missing = not_authorized(f"Client {client.id} is configured with secret but SECRET_HASH was not received")
    wrong = not_authorized(f"Unable to verify secret hash for client {client.id}")
    surplus = not_authorized(f"Client {desk.client.id} is not configured for secret but secret hash was received")
    assert refused(desk.start, client=client, **given) == missing
    assert refused(desk.start, client=client, **given, SECRET_HASH="") == missing
    for secret in (SECRET, SECOND):
        assert "AuthenticationResult" in desk.start(
            client=client, **given, SECRET_HASH=secret_hash(client, "hanako", secret)
        )
    for bad in (
        secret_hash(client, "hanako", "another"),
        secret_hash(client, "jiro"),
        secret_hash(desk.client, "hanako"),
        "ß",
    ):
        assert refused(desk.start, client=client, **given, SECRET_HASH=bad) == wrong
    assert refused(desk.start, **given, SECRET_HASH=secret_hash(client, "hanako")) == surplus
    # An alias is hashed as it is typed.
    alias = {"USERNAME": "hanako@example.com", "PASSWORD": PASSWORD}
    assert desk.start(client=client, **alias, SECRET_HASH=secret_hash(client, "hanako@example.com"))
    assert refused(desk.start, client=client, **alias, SECRET_HASH=secret_hash(client, "hanako")) == wrong
    # Before the flow, and before the password.
    client.settings["ExplicitAuthFlows"] = ["ALLOW_REFRESH_TOKEN_AUTH"]
    assert refused(desk.start, client=client, USERNAME="hanako", PASSWORD="wrong", SECRET_HASH="x") == wrong


@pytest.mark.parametrize(
    ("flow", "text"),
    [
        ("USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH flow not enabled for this client"),
        ("USER_SRP_AUTH", "USER_SRP_AUTH is not enabled for the client."),
        ("USER_AUTH", "USER_AUTH flow not enabled for this client"),
        ("CUSTOM_AUTH", "CUSTOM_AUTH flow not enabled for this client"),
        ("REFRESH_TOKEN_AUTH", "REFRESH_TOKEN_AUTH flow not enabled for this client"),
    ],
)
def test_flows_that_are_off(desk: Desk, flow: str, text: str) -> None:
    desk.client.settings["ExplicitAuthFlows"] = [name for name in ALL_FLOWS if name != f"ALLOW_{flow}"]
    assert refused(desk.start, flow, USERNAME="nobody") == invalid(text)
    if flow != "USER_PASSWORD_AUTH":
        assert refused(desk.admin_start, flow, USERNAME="x") == invalid("Auth flow not enabled for this client")


def test_the_flows_of_administrators(desk: Desk) -> None:
    for flow in ("ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"):
        assert desk.admin_start(flow)["AuthenticationResult"]["IdToken"]
        assert refused(desk.start, flow) == invalid("Initiate Auth method not supported.")
    assert refused(desk.admin_start, "USER_PASSWORD_AUTH")[0] == "InvalidParameterException"
    desk.client.settings["ExplicitAuthFlows"] = ["ALLOW_USER_PASSWORD_AUTH"]
    assert refused(desk.admin_start) == invalid("Auth flow not enabled for this client")


@pytest.mark.parametrize(
    ("named", "on"),
    [
        (None, {"USER_SRP_AUTH", "CUSTOM_AUTH", "REFRESH_TOKEN_AUTH"}),
        ([], {"USER_SRP_AUTH", "CUSTOM_AUTH", "REFRESH_TOKEN_AUTH"}),
        (["USER_PASSWORD_AUTH"], {"USER_PASSWORD_AUTH", "USER_SRP_AUTH", "CUSTOM_AUTH", "REFRESH_TOKEN_AUTH"}),
        (["CUSTOM_AUTH_FLOW_ONLY"], {"CUSTOM_AUTH", "REFRESH_TOKEN_AUTH"}),
    ],
)
def test_which_flows_a_list_allows(desk: Desk, named: list[str] | None, on: set[str]) -> None:
    del desk.client.settings["ExplicitAuthFlows"]
    if named is not None:
        desk.client.settings["ExplicitAuthFlows"] = named
    flows = ("USER_PASSWORD_AUTH", "USER_SRP_AUTH", "USER_AUTH", "CUSTOM_AUTH", "REFRESH_TOKEN_AUTH")
    off = {flow for flow in flows if "not enabled" in refused(desk.start, flow, UNKNOWN="x")[1]}
    assert set(flows) - off == on


@pytest.mark.parametrize(
    ("flow", "given", "missing"),
    [
        ("USER_PASSWORD_AUTH", {"PASSWORD": "x"}, "USERNAME"),
        ("USER_PASSWORD_AUTH", {"USERNAME": "hanako"}, "PASSWORD"),
        ("USER_SRP_AUTH", {"USERNAME": "hanako"}, "SRP_A"),
        ("USER_AUTH", {"PREFERRED_CHALLENGE": "PASSWORD"}, "USERNAME"),
        ("REFRESH_TOKEN_AUTH", {"USERNAME": "hanako"}, "REFRESH_TOKEN"),
    ],
)
def test_parameters_that_are_missing(desk: Desk, flow: str, given: dict[str, str], missing: str) -> None:
    assert refused(desk.start, flow, **given) == invalid(f"Missing required parameter {missing}")


def test_clients_that_are_not_there(desk: Desk) -> None:
    other = desk.world.add_pool("gone", exists=False).add_client("web", ExplicitAuthFlows=ALL_FLOWS)
    for client_id in ("6ph57qfck44f8d4jgf47if0s11", other.id):
        missing = ("ResourceNotFoundException", f"User pool client {client_id} does not exist.")
        given = {"AuthFlow": "USER_PASSWORD_AUTH", "ClientId": client_id, "AuthParameters": {"USERNAME": "x"}}
        assert refused(desk.public.initiate_auth, **given) == missing
        assert refused(desk.signed.admin_initiate_auth, UserPoolId=desk.pool.id, **given) == missing
    kind, text = refused(desk.public.initiate_auth, AuthFlow="USER_PASSWORD_AUTH", ClientId="not an id")
    assert kind == "InvalidParameterException"
    assert text.startswith("1 validation error detected: Value 'not an id' at 'clientId' failed to satisfy constraint")
    kind, text = refused(desk.public.initiate_auth, AuthFlow="PASSWORD", ClientId=desk.client.id)
    assert kind == "InvalidParameterException"
    assert text.startswith("1 validation error detected: Value at 'authFlow' failed to satisfy constraint")


def test_triggers_refuse(desk: Desk) -> None:
    for trigger in ("PreAuthentication", "PostAuthentication", "PreTokenGeneration"):
        desk.pool.triggers = {trigger: "closed on Sundays"}
        text = f"{trigger} failed with error closed on Sundays."
        assert refused(desk.start) == ("UserLambdaValidationException", text)


def test_a_web_acl_on_the_pool_blocks(desk: Desk) -> None:
    desk.pool.web_acl = f"arn:aws:wafv2:{REGION}:123456789012:regional/webacl/pool/1"
    desk.world.web_acls[desk.pool.web_acl] = WebAcl("pool", blocks=True)
    with pytest.raises(ClientError, match=r"ForbiddenException.*Request not allowed due to WAF block") as caught:
        desk.start()
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    desk.world.web_acls[desk.pool.web_acl] = WebAcl("pool", blocks=False)
    assert desk.tokens()


def test_operations_can_be_denied_by_client(desk: Desk) -> None:
    desk.sandbox.denied["InitiateAuth", desk.client.id] = "TooManyRequestsException"
    assert refused(desk.start) == ("TooManyRequestsException", "Rate exceeded")
    other = desk.pool.add_client("other", ExplicitAuthFlows=ALL_FLOWS)
    assert desk.start(client=other, USERNAME="hanako", PASSWORD=PASSWORD)
    desk.sandbox.denied = {"AdminInitiateAuth": "NotAuthorizedException"}
    assert refused(desk.admin_start)[0] == "NotAuthorizedException"


def test_lifetimes_have_the_clients_units(desk: Desk) -> None:
    desk.client.settings |= {
        "AccessTokenValidity": 10,
        "IdTokenValidity": 2,
        "TokenValidityUnits": {"AccessToken": "minutes"},
    }
    result = desk.tokens()
    lifetimes = []
    for name in ("AccessToken", "IdToken"):
        claims = read_token(result[name]).claims
        lifetimes.append(claims["exp"] - claims["iat"])
    assert (result["ExpiresIn"], *lifetimes) == (600, 600, 7200)
