"""What a signed-in user may do, what an administrator sees of users, and refreshing and revoking tokens."""

import hmac
from collections.abc import Mapping
from typing import Any

from cogwizard.sandbox.clients import (
    check_secret,
    check_secret_hash,
    enter,
    hides_unknown_users,
    knows_secret,
    refuse_by_web_acl,
    secrets_of,
    setting,
)
from cogwizard.sandbox.cognito import find_pool
from cogwizard.sandbox.conversation import locked, result
from cogwizard.sandbox.grants import access_token_owner, redeem, revoke, sign_out
from cogwizard.sandbox.people import User
from cogwizard.sandbox.protocol import AwsError, Context, Operation
from cogwizard.sandbox.restapi import CREATED
from cogwizard.sandbox.userpool import Pool
from cogwizard.sandbox.users import (
    find_user,
    is_password,
    known_user,
    masked,
    send_code,
    set_password,
    wrong_credentials,
)

_RESETS_AN_HOUR = 5
_RESET_CODE_S = 3600


def _signed_in(context: Context, params: Mapping[str, Any]) -> tuple[Pool, User]:
    pool, user, _ = access_token_owner(context.world, params["AccessToken"])
    refuse_by_web_acl(context.world, pool)
    return pool, user


def _described(user: User) -> dict[str, Any]:
    attributes = {"sub": user.sub, **user.attributes}
    found: dict[str, Any] = {
        "Username": user.username,
        "UserAttributes": [{"Name": name, "Value": value} for name, value in attributes.items()],
    }
    if user.mfa:
        found["UserMFASettingList"] = list(user.mfa)
    if user.preferred_mfa:
        found["PreferredMfaSetting"] = user.preferred_mfa
    return found


@locked
def _get_user(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    return _described(_signed_in(context, params)[1])


@locked
def _change_password(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    pool, user = _signed_in(context, params)
    if not is_password(user, params.get("PreviousPassword", "")):
        raise wrong_credentials()
    set_password(context.world, pool, user, params["ProposedPassword"])
    return {}


@locked
def _global_sign_out(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    pool, user = _signed_in(context, params)
    sign_out(context.world, pool, user)
    return {}


@locked
def _get_tokens(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    """GetTokensFromRefreshToken: takes the plain secret, and gives a new refresh token where they rotate (6.3 [D])."""
    world, pool, client = enter(context, params)
    check_secret(client, params.get("ClientSecret"))
    tokens = redeem(world, pool, client, params["RefreshToken"], device_key=params.get("DeviceKey"))
    return {"AuthenticationResult": result(tokens)["AuthenticationResult"]}


@locked
def _revoke_token(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    """RevokeToken. Its error types are the model's [D], its texts are not documented [U]."""
    try:
        world, _, client = enter(context, params)
    except AwsError as error:
        if error.type != "ResourceNotFoundException":
            raise
        raise AwsError("UnauthorizedException", "Invalid client.") from None
    given = params.get("ClientSecret")
    if bool(given) != bool(secrets_of(client)) or (given and not knows_secret(client, given)):
        raise AwsError("UnauthorizedException", "Invalid client.")
    if not setting(client, "EnableTokenRevocation"):
        raise AwsError("UnsupportedOperationException", "Token revocation is not enabled for this client.")
    token = params["Token"]
    if token.count(".") == 2:  # an ID or access token
        raise AwsError("UnsupportedTokenTypeException", "Unsupported token type.")
    grant = world.issued.refresh.get(token)
    if grant and grant.client_id != client.id:
        raise AwsError("UnauthorizedException", "Invalid client.")
    revoke(world, token)
    return {}


@locked
def _forgot_password(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    world, pool, client = enter(context, params)
    name = params["Username"]
    check_secret_hash(client, params.get("SecretHash"), [name])
    user = find_user(pool, name) if hides_unknown_users(client) else known_user(pool, client, name)
    if user is None:
        return {"CodeDeliveryDetails": _delivery(name)}
    if not user.enabled:
        raise AwsError("NotAuthorizedException", "User is disabled.")
    if user.status not in ("CONFIRMED", "RESET_REQUIRED", "UNCONFIRMED"):  # 7.5 [R] AMP-2955, text [R]
        raise AwsError("NotAuthorizedException", "User password cannot be reset in the current state.")
    if user.status == "UNCONFIRMED" or not user.reaches("email"):
        text = "Cannot reset password for the user as there is no registered/verified email or phone_number"
        raise AwsError("InvalidParameterException", text)
    key, now = (pool.id, user.username), world.now()
    sent = [when for when in world.issued.resets.get(key, []) if when > now - 3600]
    if len(sent) >= _RESETS_AN_HOUR:
        raise AwsError("LimitExceededException", "Attempt limit exceeded, please try after some time.")
    world.issued.resets[key] = [*sent, now]
    world.issued.reset_codes[key] = (send_code(world, pool, user, "EMAIL"), now + _RESET_CODE_S)
    return {"CodeDeliveryDetails": _delivery(user.attributes["email"])}


def _delivery(address: str) -> dict[str, str]:
    return {"Destination": masked(address), "DeliveryMedium": "EMAIL", "AttributeName": "email"}


@locked
def _confirm_forgot_password(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    world, pool, client = enter(context, params)
    name, given = params["Username"], params["ConfirmationCode"]
    check_secret_hash(client, params.get("SecretHash"), [name])
    user = find_user(pool, name) if hides_unknown_users(client) else known_user(pool, client, name)
    code, until = world.issued.reset_codes.get((pool.id, user.username), (None, 0.0)) if user else (None, 0.0)
    if user is None or code is None or world.now() >= until:
        raise AwsError("ExpiredCodeException", "Invalid code provided, please request a code again.")  # [R]
    if not hmac.compare_digest(code.encode(), given.encode()):
        raise AwsError("CodeMismatchException", "Invalid verification code provided, please try again.")
    set_password(world, pool, user, params["Password"])
    del world.issued.reset_codes[pool.id, user.username]
    return {}


def _administered(context: Context, params: Mapping[str, Any]) -> tuple[Pool, User]:
    pool = find_pool(context, params["UserPoolId"])
    user = find_user(pool, params["Username"])
    if not user:
        raise AwsError("UserNotFoundException", "User does not exist.")
    return pool, user


@locked
def _admin_get_user(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    _, user = _administered(context, params)
    dates = {"UserCreateDate": CREATED, "UserLastModifiedDate": user.password_set_at or CREATED}
    return {**_described(user), **dates, "Enabled": user.enabled, "UserStatus": user.status}


@locked
def _admin_set_user_password(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    pool, user = _administered(context, params)
    set_password(context.world, pool, user, params["Password"], permanent=params.get("Permanent", False))
    return {}


@locked
def _admin_user_global_sign_out(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    sign_out(context.world, *_administered(context, params))
    return {}


OPERATIONS: dict[tuple[str, str], Operation] = {
    ("cognito-idp", "GetUser"): _get_user,
    ("cognito-idp", "ChangePassword"): _change_password,
    ("cognito-idp", "GlobalSignOut"): _global_sign_out,
    ("cognito-idp", "GetTokensFromRefreshToken"): _get_tokens,
    ("cognito-idp", "RevokeToken"): _revoke_token,
    ("cognito-idp", "ForgotPassword"): _forgot_password,
    ("cognito-idp", "ConfirmForgotPassword"): _confirm_forgot_password,
    ("cognito-idp", "AdminGetUser"): _admin_get_user,
    ("cognito-idp", "AdminSetUserPassword"): _admin_set_user_password,
    ("cognito-idp", "AdminUserGlobalSignOut"): _admin_user_global_sign_out,
}
