"""Signing in at the page of a user pool's domain: password, new password, second factor. One form asks one thing."""

import hmac
from collections.abc import Mapping
from dataclasses import replace

from cogwizard.sandbox.clients import setting
from cogwizard.sandbox.domain import Memory, Step
from cogwizard.sandbox.login_pages import code_page, new_password_page, sign_in_page
from cogwizard.sandbox.people import User
from cogwizard.sandbox.protocol import AwsError, Reply
from cogwizard.sandbox.totp import matching_step
from cogwizard.sandbox.userpool import Client, Pool
from cogwizard.sandbox.users import check_password, refuse_state, send_code, set_password
from cogwizard.sandbox.world import World

_WRONG_CODE = "Invalid code received for user"
_SESSION_OVER = "Invalid session for the user, session is expired."
_NO_SET_UP = "The sandbox's page cannot set up a second factor: use the API."


def sign_in(
    world: World, memory: Memory, pool: Pool, client: Client, action: str, form: Mapping[str, str]
) -> Reply | User:
    """Return the user who has answered everything, or the page that asks next.

    `action` is the address of the forms. A form holds `username` and `password`, or the `session` of the page before
    and `new_password` with `userAttributes.{name}`, or `code`. A page that says why an answer will not do has status
    200, and the text of the API where there is one: what AWS's own page answers is not documented [U].
    """
    username = form.get("username", "")
    try:
        if value := form.get("session"):
            step = memory.take_step(value, client.id, world.now())
            user = pool.users.get(step.username) if step else None
            if not step or not user:
                return sign_in_page(action, username, _SESSION_OVER)
            if problem := _take(world, pool, user, step, form):
                return _ask(memory, pool, action, user, step, problem)
            following = _next(world, pool, client, user, done=step.challenge)
        else:
            # Whether the client allows USER_PASSWORD_AUTH matters to InitiateAuth only.
            user = check_password(world, pool, client, username, form.get("password", ""))
            following = _next(world, pool, client, user)
    except AwsError as error:
        return sign_in_page(action, username, error.message)
    return _ask(memory, pool, action, user, following) if following else user


def _next(world: World, pool: Pool, client: Client, user: User, done: str | None = None) -> Step | None:
    """Return what the user has to answer yet, None when nothing is left. `done`: what was answered last."""
    until = world.now() + 60 * int(setting(client, "AuthSessionValidity"))
    step = Step(pool.id, client.id, user.username, "NEW_PASSWORD_REQUIRED", until)
    if user.status == "FORCE_CHANGE_PASSWORD":
        return step
    mfa = pool.settings.get("MfaConfiguration", "OFF")
    if mfa == "OFF" or done not in (None, "NEW_PASSWORD_REQUIRED"):
        return None
    if not user.mfa:
        if mfa == "OPTIONAL":
            return None
        raise AwsError("InvalidParameterException", _NO_SET_UP)
    factor = user.preferred_mfa or user.mfa[0]
    code = None
    if factor != "SOFTWARE_TOKEN_MFA":
        code = send_code(world, pool, user, "SMS" if factor == "SMS_MFA" else "EMAIL")
    return replace(step, challenge=factor, code=code)


def _ask(memory: Memory, pool: Pool, action: str, user: User, step: Step, problem: str | None = None) -> Reply:
    session = memory.add_step(step)
    if step.challenge == "NEW_PASSWORD_REQUIRED":
        return new_password_page(action, session, _missing(pool, user), problem)
    return code_page(action, session, step.challenge, problem)


def _missing(pool: Pool, user: User) -> list[str]:
    schema = pool.settings.get("SchemaAttributes", ())
    required = [each["Name"] for each in schema if each.get("Required") and each["Name"] != "sub"]
    return [name for name in required if name not in user.attributes]


def _take(world: World, pool: Pool, user: User, step: Step, form: Mapping[str, str]) -> str | None:
    """Take the answer to a step. Return None, or why it will not do. Raises AwsError for who must not sign in."""
    refuse_state(user)
    if step.challenge == "NEW_PASSWORD_REQUIRED":
        told = {name: form.get(f"userAttributes.{name}", "") for name in _missing(pool, user)}
        if empty := [name for name, value in told.items() if not value]:
            return f"Missing required attribute {empty[0]}"
        try:
            set_password(world, pool, user, form.get("new_password", ""))
        except AwsError as error:
            return error.message
        user.attributes |= told
        return None
    given = form.get("code", "").strip()
    if step.code is not None:
        return None if hmac.compare_digest(step.code.encode(), given.encode()) else _WRONG_CODE
    with world.issued.lock:
        at = matching_step(user.totp_secret or "", given, world.now())
        if at is None:
            return _WRONG_CODE
        if at <= user.totp_step:
            return "Your software token has already been used once."
        user.totp_step = at
    return None
