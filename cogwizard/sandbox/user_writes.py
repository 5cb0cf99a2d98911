"""cognito-idp: an administrator makes and deletes users."""

import re
import secrets
import string
from collections.abc import Mapping
from typing import Any, Literal

from cogwizard.sandbox.cognito import find_pool
from cogwizard.sandbox.conversation import required_attributes
from cogwizard.sandbox.grants import forget
from cogwizard.sandbox.people import Message, User
from cogwizard.sandbox.protocol import AwsError, Context, Operation
from cogwizard.sandbox.restapi import CREATED
from cogwizard.sandbox.userpool import Pool, user_sub
from cogwizard.sandbox.users import find_user, password_policy, set_password
from cogwizard.sandbox.world import World

_KINDS = (string.ascii_uppercase, string.ascii_lowercase, string.digits, "!#$%&*+-=?@^_")


def _admin_create_user(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    world, pool = context.world, find_pool(context, params["UserPoolId"])
    name = params["Username"]
    user = find_user(pool, name)
    again = params.get("MessageAction") == "RESEND"
    if again:
        if user is None:
            raise AwsError("UserNotFoundException", "User does not exist.")
        if user.status != "FORCE_CHANGE_PASSWORD":  # type [D: BOTO], text [R°]
            text = "Resend not possible. user status is not FORCE_CHANGE_PASSWORD"
            raise AwsError("UnsupportedUserStateException", text)
    elif user is not None:
        raise AwsError("UsernameExistsException", "User account already exists")
    else:
        user = _new_user(world, pool, name, params)
    password = params.get("TemporaryPassword") or _generated(pool)
    set_password(world, pool, user, password, permanent=False)
    pool.users[user.username] = user
    if params.get("MessageAction") != "SUPPRESS":
        _send(world, pool, user, password, params)
    return {"User": _described(user)}


def _new_user(world: World, pool: Pool, name: str, params: Mapping[str, Any]) -> User:
    attributes = {each["Name"]: each.get("Value", "") for each in params.get("UserAttributes", ())}
    # Not from the name alone: a user who is deleted and made again is somebody else.
    sub = user_sub(pool, f"{name}/{world.fresh_id('user', pool.id, name, length=12)}")
    username = name
    if kinds := pool.settings.get("UsernameAttributes"):
        # Such a pool makes the name itself: the user's sub (CG-ATTR [D]).
        kind = "email" if "@" in name else "phone_number"
        if kind not in kinds:  # text [R°]
            raise _invalid(
                f"Username should be {' or '.join(kinds).replace('_', ' ')}.".replace("be email", "be an email")
            )
        attributes, username = {kind: name, **attributes}, sub
    _check(pool, attributes)
    return User(username, sub, None, attributes=attributes)


def _invalid(text: str) -> AwsError:
    return AwsError("InvalidParameterException", text)


def _check(pool: Pool, attributes: Mapping[str, str]) -> None:
    """Raise InvalidParameterException for attributes that do not fit the pool. Type [D: BOTO], texts [R°]."""
    start = "Attributes did not conform to the schema: "
    if missing := [name for name in required_attributes(pool) if not attributes.get(name)]:
        raise _invalid(start + "\n".join(f"{name}: The attribute is required" for name in missing))
    known = {each["Name"] for each in pool.settings.get("SchemaAttributes", ())}
    for name, value in attributes.items():
        if known and name not in known:
            raise _invalid(f"{start}Type for attribute {{{name}}} could not be determined")
        if name == "sub":
            raise _invalid("Cannot modify the non-mutable attribute sub")
        if name == "email" and not re.fullmatch(r"[^@\s]+@[^@\s]+", value):
            raise _invalid("Invalid email address format.")
        if name == "phone_number" and not re.fullmatch(r"\+\d{4,15}", value, re.ASCII):
            raise _invalid("Invalid phone number format.")


def _generated(pool: Pool) -> str:
    """Return a password that fits the pool's policy."""
    length = max(int(password_policy(pool)["MinimumLength"]), 8)
    return "".join(secrets.choice(_KINDS[at % len(_KINDS)]) for at in range(length))


def _send(world: World, pool: Pool, user: User, password: str, params: Mapping[str, Any]) -> None:
    """Send the temporary password. AWS's default medium is SMS [D: BOTO]; one without a number gets an e-mail [U]."""
    media: tuple[tuple[Literal["SMS", "EMAIL"], str], ...] = (("SMS", "phone_number"), ("EMAIL", "email"))
    wanted = params.get("DesiredDeliveryMediums") or ["SMS", "EMAIL"]
    for medium, attribute in media:
        if medium in wanted and user.attributes.get(attribute):
            world.outbox.append(Message(pool.id, user.username, medium, user.attributes[attribute], password))
            return


def _described(user: User) -> dict[str, Any]:
    attributes = {"sub": user.sub, **user.attributes}
    return {
        "Username": user.username,
        "Attributes": [{"Name": name, "Value": value} for name, value in attributes.items()],
        "UserCreateDate": CREATED,
        "UserLastModifiedDate": user.password_set_at or CREATED,
        "Enabled": user.enabled,
        "UserStatus": user.status,
    }


def _admin_delete_user(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    pool = find_pool(context, params["UserPoolId"])
    user = find_user(pool, params["Username"])
    if user is None:
        raise AwsError("UserNotFoundException", "User does not exist.")
    del pool.users[user.username]
    forget(context.world, pool, username=user.username)
    return {}


OPERATIONS: dict[tuple[str, str], Operation] = {
    ("cognito-idp", "AdminCreateUser"): _admin_create_user,
    ("cognito-idp", "AdminDeleteUser"): _admin_delete_user,
}
