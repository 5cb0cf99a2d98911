"""RespondToAuthChallenge and AdminRespondToAuthChallenge, and setting up an authenticator app (research 7.3)."""

import hmac
from collections.abc import Mapping
from typing import Any

from cogwizard.sandbox.clients import check_secret_hash, enter, expect_secret_hash, find_client, refuse_by_web_acl
from cogwizard.sandbox.cognito import find_pool
from cogwizard.sandbox.conversation import (
    Handler,
    Turn,
    ask_code,
    ask_custom,
    ask_mfa_setup,
    ask_srp,
    custom_challenge,
    finish,
    go_on,
    locked,
    need,
    required_attributes,
    taken,
)
from cogwizard.sandbox.grants import access_token_owner
from cogwizard.sandbox.issued import Session
from cogwizard.sandbox.people import User
from cogwizard.sandbox.protocol import AwsError, Context, Operation
from cogwizard.sandbox.signin import choose, first_factors
from cogwizard.sandbox.totp import make_secret, matching_step
from cogwizard.sandbox.userpool import Client, Pool
from cogwizard.sandbox.users import check_password, find_user, judge, set_password, wrong_credentials
from cogwizard.sandbox.world import World

_TRIES = 3  # of a custom challenge, as AWS's example triggers count


@locked
def _respond(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    world, pool, client = enter(context, params)
    return _answer(world, pool, client, params)


@locked
def _admin_respond(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    pool = find_pool(context, params["UserPoolId"])
    return _answer(context.world, pool, find_client(pool, params["ClientId"]), params)


def _answer(world: World, pool: Pool, client: Client, params: Mapping[str, Any]) -> dict[str, Any]:
    challenge, given = params["ChallengeName"], params.get("ChallengeResponses", {})
    if challenge not in _CHALLENGES:
        text = "Value at 'challengeName' failed to satisfy constraint: Member must satisfy enum value set: "
        text += f"[{', '.join(_CHALLENGES)}]"
        raise AwsError("InvalidParameterException", f"1 validation error detected: {text}")
    expect_secret_hash(client, given.get("SECRET_HASH"))
    username = need(given, "USERNAME")
    # Without a Session the secret block names the sign-in: InitiateAuth gives none with USER_SRP_AUTH.
    key = params.get("Session")
    if not key and challenge == "PASSWORD_VERIFIER":
        key = need(given, "PASSWORD_CLAIM_SECRET_BLOCK")
    session = taken(world, pool, client, need({"Session": key or ""}, "Session"), challenge)
    user = pool.users.get(session.username) if session.username is not None else None
    # Over the name that the service returned (7.1 [R°]).
    returned = user.username if user else str(session.data.get("name"))
    check_secret_hash(client, given.get("SECRET_HASH"), [returned])
    if username != returned and (user is None or find_user(pool, username) is not user):
        raise AwsError("NotAuthorizedException", "Invalid session for the user.")
    turn = Turn(world, pool, client, user, given, session)
    answer = _CHALLENGES[challenge](turn)
    session.used = True
    return answer


def _data(turn: Turn) -> dict[str, Any]:
    return turn.session.data if turn.session else {}


def _close(turn: Turn) -> None:
    """A password is judged once for a session, right or wrong."""
    if turn.session:
        turn.session.used = True


def _password_verifier(turn: Turn) -> dict[str, Any]:
    block, signature = turn.need("PASSWORD_CLAIM_SECRET_BLOCK"), turn.need("PASSWORD_CLAIM_SIGNATURE")
    timestamp, exchange = turn.need("TIMESTAMP"), _data(turn)["exchange"]
    proven = exchange.proves(signature, block, timestamp, turn.world.now())
    _close(turn)
    judge(turn.world, turn.pool, turn.client, turn.who, lambda: bool(proven))
    return ask_custom(turn) if _data(turn)["custom"] else go_on(turn)


def _new_password(turn: Turn) -> dict[str, Any]:
    password, user = turn.need("NEW_PASSWORD"), turn.who
    prefix = "userAttributes."
    told = {name.removeprefix(prefix): text for name, text in turn.given.items() if name.startswith(prefix)}
    for name in required_attributes(turn.pool):
        if user.attributes.get(name) and name in told:
            raise AwsError("NotAuthorizedException", f"Cannot modify an already provided {name}")  # [R]
        if not user.attributes.get(name) and not told.get(name):
            raise AwsError("InvalidParameterException", f"Invalid attributes given, {name} is missing")  # [R]
    set_password(turn.world, turn.pool, user, password)
    user.attributes |= told
    return go_on(turn)


def _sent_code(turn: Turn) -> dict[str, Any]:
    """A code that was sent. A wrong one leaves the session open; EMAIL_OTP's text is recorded [V], the others' [R°]."""
    challenge = turn.session.challenge if turn.session else ""
    code, given = _data(turn)["code"], turn.need(f"{challenge}_CODE")
    if code is None or not hmac.compare_digest(code.encode(), given.encode()):
        raise AwsError("CodeMismatchException", "Invalid code or auth state for the user.")
    return finish(turn)


def _app_code(turn: Turn) -> dict[str, Any]:
    _take_app_code(turn.world, turn.who, turn.who.totp_secret, turn.need("SOFTWARE_TOKEN_MFA_CODE"))
    return finish(turn)


def _take_app_code(world: World, user: User, secret: str | None, code: str) -> None:
    step = matching_step(secret, code, world.now()) if secret else None
    if step is None:
        raise AwsError("CodeMismatchException", "Invalid code received for user")
    if step <= user.totp_step:
        raise AwsError("ExpiredCodeException", "Your software token has already been used once.")
    user.totp_step = step


def _select_mfa(turn: Turn) -> dict[str, Any]:
    answer = turn.need("ANSWER")
    if answer not in turn.who.mfa:
        raise AwsError("InvalidParameterException", "Invalid challenge answer.")  # [U]
    return ask_code(turn, answer)


def _mfa_setup(turn: Turn) -> dict[str, Any]:
    secret, user = _data(turn).get("verified"), turn.who
    if secret is None:
        raise AwsError("InvalidParameterException", "User has not verified software token mfa")  # [R°]
    user.totp_secret, user.preferred_mfa = secret, "SOFTWARE_TOKEN_MFA"
    user.mfa = [*(kind for kind in user.mfa if kind != "SOFTWARE_TOKEN_MFA"), "SOFTWARE_TOKEN_MFA"]
    return finish(turn)


def _select_challenge(turn: Turn) -> dict[str, Any]:
    answer = turn.need("ANSWER")
    if answer not in first_factors(turn.pool, turn.user):
        raise AwsError("InvalidParameterException", "Invalid challenge answer.")  # [U]
    if answer == "PASSWORD":
        turn.need("PASSWORD")
        _close(turn)
    if answer == "PASSWORD_SRP":
        turn.need("SRP_A")
    return choose(turn, answer)


def _password(turn: Turn) -> dict[str, Any]:
    password = turn.need("PASSWORD")
    _close(turn)
    check_password(turn.world, turn.pool, turn.client, turn.who.username, password)
    return go_on(turn)


def _password_srp(turn: Turn) -> dict[str, Any]:
    return ask_srp(turn, turn.need("SRP_A"))


def _custom(turn: Turn) -> dict[str, Any]:
    """A wrong answer is asked again, three times in all; a right one gives the tokens."""
    given, (_, expected) = turn.need("ANSWER"), custom_challenge(turn.pool)
    _close(turn)
    if hmac.compare_digest(given.encode(), expected.encode()):
        return finish(turn)
    failures = _data(turn).get("failures", 0) + 1
    if failures >= _TRIES:
        raise wrong_credentials()
    return ask_custom(turn, failures)


@locked
def _associate(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    world, secret = context.world, make_secret()
    if token := params.get("AccessToken"):
        pool, user, _ = access_token_owner(world, token)
        refuse_by_web_acl(world, pool)
        world.issued.associated[pool.id, user.username] = secret
        return {"SecretCode": secret}
    turn = _setting_up(world, params)
    answer = ask_mfa_setup(turn, secret=secret)
    _close(turn)
    return {"SecretCode": secret, "Session": answer["Session"]}


@locked
def _verify(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    world, code = context.world, params["UserCode"]
    if token := params.get("AccessToken"):
        pool, user, _ = access_token_owner(world, token)
        refuse_by_web_acl(world, pool)
        secret = world.issued.associated.get((pool.id, user.username))
        _verify_app(world, user, secret, code)
        user.totp_secret = secret
        return {"Status": "SUCCESS"}
    turn = _setting_up(world, params)
    secret = _data(turn).get("secret")
    _verify_app(world, turn.who, secret, code)
    answer = ask_mfa_setup(turn, verified=secret)
    _close(turn)
    return {"Status": "SUCCESS", "Session": answer["Session"]}


def _verify_app(world: World, user: User, secret: str | None, code: str) -> None:
    try:
        _take_app_code(world, user, secret, code)
    except AwsError as error:
        if error.type != "CodeMismatchException":
            raise
        text = "Code mismatch and fail enable Software Token MFA"  # [R]
        raise AwsError("EnableSoftwareTokenMFAException", text) from None


def _setting_up(world: World, params: Mapping[str, Any]) -> Turn:
    """Return the MFA_SETUP that a Session of AssociateSoftwareToken or VerifySoftwareToken belongs to."""
    key = need({"Session": params.get("Session") or ""}, "Session")
    found: Session | None = world.issued.sessions.get(key)
    pool = world.pools.get(found.pool_id) if found else None
    if not found or not pool or not pool.exists or found.client_id not in pool.clients:
        raise AwsError("NotAuthorizedException", "Invalid session for the user.")
    refuse_by_web_acl(world, pool)
    client = pool.clients[found.client_id]
    session = taken(world, pool, client, key, "MFA_SETUP")
    return Turn(world, pool, client, pool.users.get(session.username or ""), {}, session)


_CHALLENGES: dict[str, Handler] = {
    "PASSWORD_VERIFIER": _password_verifier,
    "NEW_PASSWORD_REQUIRED": _new_password,
    "SMS_MFA": _sent_code,
    "SMS_OTP": _sent_code,
    "EMAIL_OTP": _sent_code,
    "SOFTWARE_TOKEN_MFA": _app_code,
    "SELECT_MFA_TYPE": _select_mfa,
    "MFA_SETUP": _mfa_setup,
    "SELECT_CHALLENGE": _select_challenge,
    "PASSWORD": _password,
    "PASSWORD_SRP": _password_srp,
    "CUSTOM_CHALLENGE": _custom,
}

OPERATIONS: dict[tuple[str, str], Operation] = {
    ("cognito-idp", "RespondToAuthChallenge"): _respond,
    ("cognito-idp", "AdminRespondToAuthChallenge"): _admin_respond,
    ("cognito-idp", "AssociateSoftwareToken"): _associate,
    ("cognito-idp", "VerifySoftwareToken"): _verify,
}
