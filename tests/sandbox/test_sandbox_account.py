"""Refreshing, revoking and using tokens at the sandbox; accounts; what is recorded; many callers at once."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError
from sandbox_kit import http
from signin_kit import (
    ALL_FLOWS,
    PASSWORD,
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
from cogwizard.sandbox import mint, refresh_token
from cogwizard.sandbox.users import masked

NEW = "N3w-passw0rd!"
INVALID = not_authorized("Invalid Refresh Token")
REVOKED = not_authorized("Access Token has been revoked")


def _refresh(desk: Desk, token: str, **more: str) -> dict[str, Any]:
    return desk.start("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=token, **more)


def test_a_refresh_token_gives_fresh_tokens(desk: Desk) -> None:
    first = desk.tokens()
    desk.world.clock_offset += 1800
    for flow in ("REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"):
        result = desk.start(flow, REFRESH_TOKEN=first["RefreshToken"])["AuthenticationResult"]
        assert "RefreshToken" not in result
        old, new = (read_token(tokens["AccessToken"]).claims for tokens in (first, result))
        assert new["iat"] == old["iat"] + 1800
        assert {name for name in old if old[name] != new[name]} == {"iat", "exp", "jti", "event_id"}
    assert desk.admin_start("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=first["RefreshToken"])["AuthenticationResult"]


def test_refresh_tokens_that_are_not_taken(desk: Desk) -> None:
    token = desk.tokens()["RefreshToken"]
    other = desk.pool.add_client("other", ExplicitAuthFlows=ALL_FLOWS)
    assert refused(desk.start, "REFRESH_TOKEN_AUTH", client=other, REFRESH_TOKEN=token) == INVALID
    assert refused(_refresh, desk, refresh_token(desk.pool, desk.client)) == INVALID
    assert refused(_refresh, desk, "x") == INVALID
    desk.world.clock_offset += 30 * 86400 - 1
    assert _refresh(desk, token)
    desk.world.clock_offset += 1
    assert refused(_refresh, desk, token) == not_authorized("Refresh Token has expired")
    desk.client.settings |= {"RefreshTokenValidity": 60, "TokenValidityUnits": {"RefreshToken": "minutes"}}
    token = desk.tokens()["RefreshToken"]
    desk.user.enabled = False
    assert refused(_refresh, desk, token) == not_authorized("Refresh Token has been revoked")
    desk.user.enabled = True
    desk.world.clock_offset += 3600
    assert refused(_refresh, desk, token) == not_authorized("Refresh Token has expired")


def test_refreshing_is_hashed_over_the_real_name(desk: Desk) -> None:
    desk.client.secret = SECRET
    alias = "hanako@example.com"
    given = {"USERNAME": alias, "PASSWORD": PASSWORD, "SECRET_HASH": secret_hash(desk.client, alias)}
    token = desk.tokens(**given)["RefreshToken"]
    missing = not_authorized(f"Client {desk.client.id} is configured with secret but SECRET_HASH was not received")
    wrong = not_authorized(f"Unable to verify secret hash for client {desk.client.id}")
    assert refused(_refresh, desk, token) == missing
    assert refused(_refresh, desk, token, USERNAME=alias, SECRET_HASH=given["SECRET_HASH"]) == wrong
    for name in ("hanako", desk.user.sub):
        assert _refresh(desk, token, SECRET_HASH=secret_hash(desk.client, name))["AuthenticationResult"]


def test_a_tracked_device_is_named_when_refreshing(desk: Desk) -> None:
    desk.pool.settings["DeviceConfiguration"] = {"ChallengeRequiredOnNewDevice": True}
    result = desk.tokens()
    device = result["NewDeviceMetadata"]["DeviceKey"]
    assert refused(_refresh, desk, result["RefreshToken"]) == INVALID
    assert _refresh(desk, result["RefreshToken"], DEVICE_KEY=device)["AuthenticationResult"]
    assert read_token(result["AccessToken"]).claims["device_key"] == device


def test_refresh_tokens_rotate(desk: Desk) -> None:
    desk.client.settings["RefreshTokenRotation"] = {"Feature": "ENABLED", "RetryGracePeriodSeconds": 10}
    first = desk.tokens()["RefreshToken"]
    off = invalid("REFRESH_TOKEN_AUTH flow not enabled for this client")
    assert refused(_refresh, desk, first) == off

    def exchange(token: str) -> str:
        answer = desk.public.get_tokens_from_refresh_token(ClientId=desk.client.id, RefreshToken=token)
        return str(answer["AuthenticationResult"]["RefreshToken"])

    second = exchange(first)
    assert second != first
    desk.world.clock_offset += 9
    assert exchange(first) not in (first, second)
    desk.world.clock_offset += 1
    assert refused(exchange, first)[0] == "RefreshTokenReuseException"
    desk.world.clock_offset += 30 * 86400 - 11
    third = exchange(second)
    desk.world.clock_offset += 1
    assert refused(exchange, third) == not_authorized("Refresh Token has expired")


def test_a_plain_secret_goes_with_get_tokens(desk: Desk) -> None:
    token = desk.tokens()["RefreshToken"]
    asked = {"ClientId": desk.client.id, "RefreshToken": token}
    call = desk.public.get_tokens_from_refresh_token
    assert "RefreshToken" not in call(**asked)["AuthenticationResult"]
    assert refused(call, **asked, ClientSecret=SECRET)[0] == "NotAuthorizedException"
    desk.client.secret, desk.client.second_secret = SECRET, SECOND
    missing = not_authorized(f"Client {desk.client.id} is configured for secret but secret was not received")
    assert refused(call, **asked) == missing
    assert refused(call, **asked, ClientSecret="x" * 30)[0] == "NotAuthorizedException"
    for secret in (SECRET, SECOND):
        assert call(**asked, ClientSecret=secret)["AuthenticationResult"]["IdToken"]


def test_revoking_a_token(desk: Desk) -> None:
    result, other = desk.tokens(), desk.tokens()
    revoke = desk.public.revoke_token
    asked = {"ClientId": desk.client.id, "Token": result["RefreshToken"]}
    assert refused(revoke, **{**asked, "Token": result["AccessToken"]})[0] == "UnsupportedTokenTypeException"
    assert refused(revoke, **asked, ClientSecret=SECRET)[0] == "UnauthorizedException"
    stranger = desk.pool.add_client("stranger").id
    for client_id in ("unknown", stranger):
        assert refused(revoke, **{**asked, "ClientId": client_id})[0] == "UnauthorizedException"
    desk.client.settings["EnableTokenRevocation"] = False
    assert refused(revoke, **asked)[0] == "UnsupportedOperationException"
    desk.client.settings["EnableTokenRevocation"] = True
    assert desk.public.get_user(AccessToken=result["AccessToken"])["Username"] == "hanako"
    for _ in range(2):
        revoke(**asked)
    assert refused(_refresh, desk, result["RefreshToken"]) == not_authorized("Refresh Token has been revoked")
    assert refused(desk.public.get_user, AccessToken=result["AccessToken"]) == REVOKED
    assert desk.public.get_user(AccessToken=other["AccessToken"])
    assert _refresh(desk, other["RefreshToken"])


@pytest.mark.parametrize("by", ["user", "administrator"])
def test_signing_out_everywhere(desk: Desk, by: str) -> None:
    sessions = [desk.tokens(), desk.tokens()]
    desk.client.settings["EnableTokenRevocation"] = False
    sessions.append(desk.tokens())
    assert "origin_jti" not in read_token(sessions[-1]["AccessToken"]).claims
    if by == "user":
        desk.public.global_sign_out(AccessToken=sessions[0]["AccessToken"])
    else:
        desk.signed.admin_user_global_sign_out(UserPoolId=desk.pool.id, Username="hanako")
    for result in sessions:
        assert refused(desk.public.get_user, AccessToken=result["AccessToken"]) == REVOKED
        assert refused(_refresh, desk, result["RefreshToken"]) == not_authorized("Refresh Token has been revoked")
    desk.client.settings["EnableTokenRevocation"] = True
    assert desk.public.get_user(AccessToken=desk.tokens()["AccessToken"])


def test_access_tokens_that_are_not_taken(desk: Desk) -> None:
    get_user, now = desk.public.get_user, desk.world.now()
    other_pool = desk.world.add_pool("other")
    foreign = mint(other_pool, other_pool.add_client("web"), "access", issued_at=now)
    result = desk.tokens()
    bad = not_authorized("Invalid Access Token")
    for token in (result["IdToken"], result["AccessToken"][:-8] + "AAAAAAAA", "a.b.c", "nothing", "e30.e30.e30"):
        assert refused(get_user, AccessToken=token) == bad
    assert refused(get_user, AccessToken=foreign) == ("UserNotFoundException", "User does not exist.")
    narrow = mint(desk.pool, desk.client, "access", scopes=["openid"], issued_at=now)
    assert refused(get_user, AccessToken=narrow) == not_authorized("Access Token does not have required scopes")
    old = mint(desk.pool, desk.client, "access", issued_at=now - 3600)
    assert refused(get_user, AccessToken=old) == not_authorized("Access Token has expired")
    minted = mint(desk.pool, desk.client, "access", issued_at=now)
    assert get_user(AccessToken=minted)["Username"] == "hanako"
    desk.user.enabled = False
    assert refused(get_user, AccessToken=minted) == not_authorized("User is disabled.")
    del desk.pool.clients[desk.client.id]
    assert refused(get_user, AccessToken=minted) == bad


def test_a_user_as_seen_by_both_sides(desk: Desk) -> None:
    desk.user.mfa, desk.user.preferred_mfa = ["SMS_MFA"], "SMS_MFA"
    own = desk.public.get_user(AccessToken=desk.tokens()["AccessToken"])
    seen = desk.signed.admin_get_user(UserPoolId=desk.pool.id, Username="hanako@example.com")
    assert {each["Name"]: each["Value"] for each in own["UserAttributes"]} == {
        "sub": desk.user.sub,
        "email": "hanako@example.com",
        "email_verified": "true",
    }
    for name in ("Username", "UserAttributes", "UserMFASettingList", "PreferredMfaSetting"):
        assert own[name] == seen[name]
    assert (seen["Enabled"], seen["UserStatus"]) == (True, "CONFIRMED")
    missing = ("UserNotFoundException", "User does not exist.")
    assert refused(desk.signed.admin_get_user, UserPoolId=desk.pool.id, Username="nobody") == missing


def test_changing_a_password(desk: Desk) -> None:
    asked = {"AccessToken": desk.tokens()["AccessToken"], "PreviousPassword": PASSWORD, "ProposedPassword": NEW}
    change = desk.public.change_password
    assert refused(change, **{**asked, "PreviousPassword": "wrong"}) == WRONG
    assert refused(change, **{**asked, "ProposedPassword": "short"})[0] == "InvalidPasswordException"
    change(**asked)
    assert desk.tokens(USERNAME="hanako", PASSWORD=NEW)


def test_an_administrator_sets_a_password(desk: Desk) -> None:
    setter, asked = desk.signed.admin_set_user_password, {"UserPoolId": desk.pool.id, "Username": "hanako"}
    setter(**asked, Password=NEW)
    assert desk.start(USERNAME="hanako", PASSWORD=NEW)["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    setter(**asked, Password=NEW, Permanent=True)
    assert desk.tokens(USERNAME="hanako", PASSWORD=NEW)
    assert refused(setter, **asked, Password="short")[0] == "InvalidPasswordException"


def test_a_forgotten_password(desk: Desk) -> None:
    forgot, confirm = desk.public.forgot_password, desk.public.confirm_forgot_password
    asked = {"ClientId": desk.client.id, "Username": "hanako"}
    desk.user.status = "RESET_REQUIRED"
    sent = forgot(**asked)["CodeDeliveryDetails"]
    assert sent == {"Destination": "h***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email"}
    code = desk.world.outbox[-1].code
    mismatch = ("CodeMismatchException", "Invalid verification code provided, please try again.")
    assert refused(confirm, **asked, ConfirmationCode="wrong", Password=NEW) == mismatch
    confirm(**asked, ConfirmationCode=code, Password=NEW)
    assert desk.tokens(USERNAME="hanako", PASSWORD=NEW)
    expired = ("ExpiredCodeException", "Invalid code provided, please request a code again.")
    assert refused(confirm, **asked, ConfirmationCode=code, Password=NEW) == expired
    for _ in range(4):
        forgot(**asked)
    limit = ("LimitExceededException", "Attempt limit exceeded, please try after some time.")
    assert refused(forgot, **asked) == limit
    desk.world.clock_offset += 3601
    assert refused(confirm, **asked, ConfirmationCode=desk.world.outbox[-1].code, Password=NEW) == expired
    assert forgot(**asked)


def test_passwords_that_cannot_be_reset(desk: Desk) -> None:
    forgot, asked = desk.public.forgot_password, {"ClientId": desk.client.id, "Username": "hanako"}
    desk.user.status = "FORCE_CHANGE_PASSWORD"
    assert refused(forgot, **asked) == not_authorized("User password cannot be reset in the current state.")
    desk.user.status, desk.user.attributes = "CONFIRMED", {}
    assert refused(forgot, **asked)[0] == "InvalidParameterException"
    desk.user.enabled = False
    assert refused(forgot, **asked) == not_authorized("User is disabled.")
    unknown = {**asked, "Username": "nobody@example.com"}
    assert refused(forgot, **unknown) == ("UserNotFoundException", "User does not exist.")
    desk.client.settings["PreventUserExistenceErrors"] = "ENABLED"
    assert forgot(**unknown)["CodeDeliveryDetails"]["Destination"] == "n***@e***"
    assert desk.world.outbox == []
    desk.client.secret = SECRET
    assert "SECRET_HASH was not received" in refused(forgot, **unknown)[1]


def test_addresses_are_masked() -> None:
    shown = [masked(address) for address in ("ab@cd.example", "+819012345678", "nobody")]
    assert shown == ["a***@c***", "+********5678", "n***@***"]


def test_nothing_that_is_recorded_or_shown_holds_a_secret(desk: Desk) -> None:
    """Every member that can hold a secret gets a canary; so do members that the operation does not have."""
    canary = "canary-7f3a9c21d4"
    desk.client.secret, desk.client.second_secret = f"{canary}-client", f"{canary}-client-two"
    desk.user.password, desk.user.totp_secret = f"{canary}-password", f"{canary}-app"
    desk.pool.custom_challenge = ("Which colour?", f"{canary}-answer")
    operations = [key[1] for key in _operations() if key[0] == "cognito-idp"]
    members = ("AuthParameters", "ChallengeResponses", "ClientMetadata")
    for operation in operations:
        body: dict[str, Any] = {name: canary * 2 for name in _members(desk, operation)} | {"MyOwn": canary}
        body |= {name: {"PASSWORD": canary, canary: canary} for name in members if name in body}
        target = {"X-Amz-Target": f"AWSCognitoIdentityProviderService.{operation}"}
        answer = http(desk.sandbox.url, target, "POST", json.dumps(body).encode())
        assert answer.status == 400
    assert [name for _, name, _ in desk.sandbox.requests] == operations
    recorded = [
        {name: value for name, value in shown.items() if name not in _NAMES} for _, _, shown in desk.sandbox.requests
    ]
    assert canary not in repr(recorded)
    desk.client.secret = desk.client.second_secret = None
    desk.pool.settings["MfaConfiguration"] = "OPTIONAL"
    desk.user.mfa = ["EMAIL_OTP"]
    desk.start(USERNAME="hanako", PASSWORD=f"{canary}-password")
    assert desk.world.outbox[-1].code not in repr(desk.world)
    assert canary not in repr(desk.world)
    assert canary not in repr(list(desk.world.issued.sessions.values()))


# What names a pool, a page or a choice is recorded as it came.
_NAMES = {"UserPoolId", "AuthFlow", "ChallengeName", "FriendlyDeviceName", "NextToken", "MaxResults", "Permanent"}
_NAMES |= {"RevokeAssociatedSessions", "DeviceKey"}


def _operations() -> list[tuple[str, str]]:
    from cogwizard.sandbox import account, challenges, signin

    return [*signin.OPERATIONS, *challenges.OPERATIONS, *account.OPERATIONS]


def _members(desk: Desk, operation: str) -> list[str]:
    return list(desk.public.meta.service_model.operation_model(operation).input_shape.members)


def test_many_callers_at_once(desk: Desk) -> None:
    desk.user.status = "FORCE_CHANGE_PASSWORD"
    asked = desk.start()

    def answer(number: int) -> str:
        try:
            desk.respond(asked, NEW_PASSWORD=f"{NEW}{number}")
        except ClientError as error:
            return str(error.response["Error"]["Message"])
        return "tokens"

    with ThreadPoolExecutor(8) as pool:
        told = Counter(pool.map(answer, range(16)))
    assert told == {"tokens": 1, "Invalid session for the user, session can only be used once.": 15}
    desk.user.password = PASSWORD

    def guess(_: int) -> str:
        return refused(desk.start, USERNAME="hanako", PASSWORD="wrong")[1]

    with ThreadPoolExecutor(8) as pool:
        told = Counter(pool.map(guess, range(16)))
    assert told == {WRONG[1]: 5, "Password attempts exceeded": 11}


def test_rotation_gives_one_successor_to_many_callers(desk: Desk) -> None:
    desk.client.settings["RefreshTokenRotation"] = {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}
    token = desk.tokens()["RefreshToken"]

    def exchange(_: int) -> str:
        try:
            answer = desk.public.get_tokens_from_refresh_token(ClientId=desk.client.id, RefreshToken=token)
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return "tokens" if answer["AuthenticationResult"]["RefreshToken"] != token else "same"

    with ThreadPoolExecutor(8) as pool:
        told = Counter(pool.map(exchange, range(12)))
    assert told == {"tokens": 1, "RefreshTokenReuseException": 11}
