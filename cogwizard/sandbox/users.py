"""Users: finding one, judging a password with Cognito's lock-out, setting a password, sending codes."""

import hmac
import secrets
from collections.abc import Callable
from typing import Any, Literal

from cogwizard.sandbox.clients import hides_unknown_users
from cogwizard.sandbox.people import Message, User
from cogwizard.sandbox.protocol import AwsError
from cogwizard.sandbox.userpool import Client, Pool
from cogwizard.sandbox.world import World

# Research 7.2, CG-FLOW [D]: 1 s after five failures, doubling with each further one.
_FREE_FAILURES = 5
_LONGEST_LOCK_S = 900
_SYMBOLS = frozenset("^$*.[]{}()?-\"!@#%&/\\,><':;|_~`+= ")
_POLICY: dict[str, Any] = {  # of a pool that was made without one
    "MinimumLength": 8,
    "RequireUppercase": True,
    "RequireLowercase": True,
    "RequireNumbers": True,
    "RequireSymbols": True,
    "TemporaryPasswordValidityDays": 7,
}


def wrong_credentials() -> AwsError:
    """The error for a wrong password, and for more where a client hides unknown users (7.2 [R])."""
    return AwsError("NotAuthorizedException", "Incorrect username or password.")


def find_user(pool: Pool, name: str) -> User | None:
    """Return the user with this username, `sub`, or verified e-mail address or number, None when there is none.

    Addresses are names only where the pool says so (UsernameAttributes, unverified too [R°]; AliasAttributes); an
    e-mail's case is ignored, that of a username where CaseSensitive is false ([D]: BOTO).
    """
    if name in pool.users:
        return pool.users[name]
    instead = pool.settings.get("UsernameAttributes", ())
    aliases = {*instead, *pool.settings.get("AliasAttributes", ())}
    any_case = pool.settings.get("UsernameConfiguration", {}).get("CaseSensitive") is False
    for user in pool.users.values():
        told = user.attributes
        if (
            name == user.sub
            or any(told.get(kind, "").lower() == name.lower() for kind in instead)
            or (any_case and name.lower() == user.username.lower())
            or ("email" in aliases and user.reaches("email") and told["email"].lower() == name.lower())
            or ("phone_number" in aliases and user.reaches("phone_number") and told["phone_number"] == name)
            or ("preferred_username" in aliases and told.get("preferred_username") == name)
        ):
            return user
    return None


def known_user(pool: Pool, client: Client, name: str) -> User:
    """Return the user. Raises UserNotFoundException, or NotAuthorizedException where the client hides it."""
    if user := find_user(pool, name):
        return user
    if hides_unknown_users(client):
        raise wrong_credentials()
    raise AwsError("UserNotFoundException", "User does not exist.")


def check_password(world: World, pool: Pool, client: Client, username: str, password: str) -> User:
    """Return the user whose password this is; one in FORCE_CHANGE_PASSWORD too, who has to set another.

    Raises AwsError as a sign-in with USER_PASSWORD_AUTH does (research 7.2). Counts failures.
    """
    with world.issued.lock:
        user = known_user(pool, client, username)
        judge(world, pool, client, user, lambda: is_password(user, password))
        return user


def is_password(user: User, password: str) -> bool:
    """Whether this is the user's password."""
    return user.password is not None and hmac.compare_digest(user.password.encode(), password.encode())


def judge(world: World, pool: Pool, client: Client, user: User, proves: Callable[[], bool]) -> None:
    """Judge a proof of the password: state of the user, triggers, lock-out, then the proof. Counts failures.

    A client that hides unknown users tells of the user's state only whoever has the password ([R] AMP-9399), any other
    client tells everybody ([R] JSSDK-4608). Raises AwsError (research 7.2).
    """
    hidden = hides_unknown_users(client)
    if not hidden:
        refuse_state(user)
        run_trigger(pool, "PreAuthentication")
    if world.now() < user.locked_until:
        raise AwsError("NotAuthorizedException", "Password attempts exceeded")
    if not proves():
        user.failures += 1
        if user.failures >= _FREE_FAILURES:
            pause = min(2 ** min(user.failures - _FREE_FAILURES, 20), _LONGEST_LOCK_S)
            user.locked_until = world.now() + pause
        raise wrong_credentials()
    user.failures = 0
    if hidden:
        refuse_state(user)
        run_trigger(pool, "PreAuthentication")
    if user.status == "FORCE_CHANGE_PASSWORD" and user.password_set_at is not None:
        validity = password_policy(pool)["TemporaryPasswordValidityDays"] * 86400
        if world.now() > user.password_set_at + validity:
            text = "Temporary password has expired and must be reset by an administrator."
            raise AwsError("NotAuthorizedException", text)


def refuse_state(user: User) -> None:
    """Raise AwsError for a user who must not sign in: disabled, UNCONFIRMED, RESET_REQUIRED (7.2 [R])."""
    if not user.enabled:
        raise AwsError("NotAuthorizedException", "User is disabled.")
    if user.status == "UNCONFIRMED":
        raise AwsError("UserNotConfirmedException", "User is not confirmed.")
    if user.status == "RESET_REQUIRED":
        raise AwsError("PasswordResetRequiredException", "Password reset required for the user")


def run_trigger(pool: Pool, trigger: str) -> None:
    """Raise UserLambdaValidationException where the pool's trigger refuses (7.2 [D], text [R])."""
    if trigger in pool.triggers:
        raise AwsError("UserLambdaValidationException", f"{trigger} failed with error {pool.triggers[trigger]}.")


def password_policy(pool: Pool) -> dict[str, Any]:
    """Return the pool's password policy in AWS's members, with AWS's defaults."""
    given: dict[str, Any] = pool.settings.get("Policies", {}).get("PasswordPolicy", {})
    return _POLICY | given


def set_password(world: World, pool: Pool, user: User, password: str, *, permanent: bool = True) -> None:
    """Set a password: the user becomes CONFIRMED, or FORCE_CHANGE_PASSWORD when it is temporary (7.5 [D]).

    Raises InvalidPasswordException where it does not conform with the pool's policy (7.2 [R°]).
    """
    policy = password_policy(pool)
    rules = (
        (len(password) >= policy["MinimumLength"], "Password not long enough"),
        (not policy["RequireUppercase"] or any("A" <= c <= "Z" for c in password), "uppercase"),
        (not policy["RequireLowercase"] or any("a" <= c <= "z" for c in password), "lowercase"),
        (not policy["RequireNumbers"] or any("0" <= c <= "9" for c in password), "numeric"),
        (not policy["RequireSymbols"] or bool(_SYMBOLS & set(password.strip(" "))), "symbol"),
    )
    for holds, what in rules:
        if not holds:
            rule = what if " " in what else f"Password must have {what} characters"
            raise AwsError("InvalidPasswordException", f"Password did not conform with policy: {rule}")
    with world.issued.lock:
        user.password, user.password_set_at = password, world.now()
        user.status = "CONFIRMED" if permanent else "FORCE_CHANGE_PASSWORD"
        user.failures, user.locked_until = 0, 0.0


def send_code(world: World, pool: Pool, user: User, medium: Literal["EMAIL", "SMS"], *, digits: int = 6) -> str:
    """Send the user a code (into `World.outbox`) and return it.

    Raises InvalidParameterException where the user has no such address (text not documented [U]).
    """
    attribute = "email" if medium == "EMAIL" else "phone_number"
    if attribute not in user.attributes:
        raise AwsError("InvalidParameterException", f"User has no {attribute} to which a code can be sent.")
    code = f"{secrets.randbelow(10**digits):0{digits}d}"
    world.outbox.append(Message(pool.id, user.username, medium, user.attributes[attribute], code))
    return code


def masked(address: str) -> str:
    """Return an address as a challenge shows it: `h***@e***` ([V], recorded from USER_AUTH), `+*******1234`."""
    if address.startswith("+"):
        return f"+{'*' * (len(address) - 5)}{address[-4:]}"
    local, _, host = address.partition("@")
    return f"{local[:1]}***@{host[:1]}***"
