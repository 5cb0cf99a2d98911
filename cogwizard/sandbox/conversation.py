"""A sign-in step by step: a challenge is asked with a session, an answer is taken once, and the next step follows."""

import base64
import json
import secrets
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Literal

from cogwizard.sandbox import srp
from cogwizard.sandbox.clients import setting
from cogwizard.sandbox.grants import issue
from cogwizard.sandbox.issued import Session
from cogwizard.sandbox.people import User
from cogwizard.sandbox.protocol import AwsError, Context, Operation
from cogwizard.sandbox.userpool import Client, Pool
from cogwizard.sandbox.users import masked, refuse_state, run_trigger, send_code
from cogwizard.sandbox.world import World


@dataclass
class Turn:
    """One request of a sign-in: where it is, who signs in (None: a user who does not exist), what was sent.

    `session`: the challenge that is answered, None at the start.
    """

    world: World
    pool: Pool
    client: Client
    user: User | None
    given: Mapping[str, str] = field(repr=False)
    session: Session | None = None

    def need(self, name: str) -> str:
        """Return a parameter. Raises InvalidParameterException (7.2 [R])."""
        return need(self.given, name)

    @property
    def who(self) -> User:
        """The user. Raises NotAuthorizedException for one who does not exist."""
        if self.user is None:
            raise AwsError("NotAuthorizedException", "Incorrect username or password.")
        return self.user


Handler = Callable[[Turn], dict[str, Any]]


def need(given: Mapping[str, str], name: str) -> str:
    """Return a parameter that must be there. Raises InvalidParameterException (7.2 [R])."""
    if not given.get(name):
        raise AwsError("InvalidParameterException", f"Missing required parameter {name}")
    return given[name]


def locked(operation: Operation) -> Operation:
    """Return the operation so that it holds the lock on what was issued from beginning to end."""

    @wraps(operation)
    def held(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
        with context.world.issued.lock:
            return operation(context, params)

    return held


def ask(
    turn: Turn, challenge: str, parameters: Mapping[str, str], *, key: str | None = None, **data: Any
) -> dict[str, Any]:
    """Ask a challenge: an answer with ChallengeName, Session and ChallengeParameters.

    `data` is kept with the session; `key` names it instead of a Session in the answer (PASSWORD_VERIFIER: the secret
    block carries it).
    """
    minutes = setting(turn.client, "AuthSessionValidity")
    session = Session(
        turn.pool.id,
        turn.client.id,
        turn.user.username if turn.user else None,
        challenge,
        turn.world.now() + minutes * 60,
        data,
    )
    name = key or f"AYABe{secrets.token_urlsafe(900)}"
    turn.world.issued.sessions[name] = session
    answer = {"ChallengeName": challenge, "ChallengeParameters": dict(parameters)}
    return answer if key else {**answer, "Session": name}


def taken(world: World, pool: Pool, client: Client, key: str, challenge: str | None) -> Session:
    """Return the session that is being answered. Raises NotAuthorizedException (7.2 [R]; the first text [R°])."""
    session = world.issued.sessions.get(key)
    if not session or (session.pool_id, session.client_id) != (pool.id, client.id):
        raise AwsError("NotAuthorizedException", "Invalid session for the user.")
    if challenge is not None and session.challenge != challenge:
        raise AwsError("NotAuthorizedException", "Invalid session for the user.")
    if session.used:
        raise AwsError("NotAuthorizedException", "Invalid session for the user, session can only be used once.")
    if world.now() >= session.expires_at:
        raise AwsError("NotAuthorizedException", "Invalid session for the user, session is expired.")
    return session


def go_on(turn: Turn) -> dict[str, Any]:
    """What follows a right password: a new one, a second factor, or the tokens."""
    user = turn.who
    if user.status == "FORCE_CHANGE_PASSWORD":
        return _ask_new_password(turn)
    mode = turn.pool.settings.get("MfaConfiguration", "OFF")
    if mode != "OFF" and user.mfa:
        only = user.preferred_mfa or (user.mfa[0] if len(user.mfa) == 1 else None)
        if only:
            return ask_code(turn, only)
        choices = json.dumps(user.mfa)
        return ask(turn, "SELECT_MFA_TYPE", {"MFAS_CAN_CHOOSE": choices, "USER_ID_FOR_SRP": user.username})
    if mode == "ON":
        return ask_mfa_setup(turn)
    return finish(turn)


def finish(turn: Turn) -> dict[str, Any]:
    """Return the tokens, as a sign-in by the API gets them. Raises UserLambdaValidationException of a trigger."""
    run_trigger(turn.pool, "PostAuthentication")
    device = None
    if turn.pool.settings.get("DeviceConfiguration"):
        device = f"{turn.pool.region}_{uuid.uuid4()}"
    made = result(issue(turn.world, turn.pool, turn.client, turn.who, device_key=device))
    if device:
        metadata = {"DeviceKey": device, "DeviceGroupKey": f"-{turn.pool.id[-8:]}"}
        made["AuthenticationResult"]["NewDeviceMetadata"] = metadata
    return made


def result(tokens: Mapping[str, Any]) -> dict[str, Any]:
    """Return tokens in AuthenticationResult's members (7.1 [D])."""
    members = {"AccessToken": "access_token", "IdToken": "id_token", "RefreshToken": "refresh_token"}
    made = {member: tokens[name] for member, name in members.items() if name in tokens}
    made |= {"ExpiresIn": tokens["expires_in"], "TokenType": tokens["token_type"]}
    return {"ChallengeParameters": {}, "AuthenticationResult": made}


def _ask_new_password(turn: Turn) -> dict[str, Any]:
    told = turn.who.attributes
    missing = [f"userAttributes.{name}" for name in required_attributes(turn.pool) if not told.get(name)]
    parameters = {"USER_ID_FOR_SRP": turn.who.username, "requiredAttributes": json.dumps(missing)}
    return ask(turn, "NEW_PASSWORD_REQUIRED", {**parameters, "userAttributes": json.dumps(told)})


def required_attributes(pool: Pool) -> list[str]:
    """Return the attributes that every user of the pool must have (SchemaAttributes), `sub` aside."""
    schema = pool.settings.get("SchemaAttributes", ())
    return [each["Name"] for each in schema if each.get("Required") and each["Name"] != "sub"]


def ask_code(turn: Turn, challenge: str) -> dict[str, Any]:
    """Ask for a code: one that is sent (SMS_MFA, SMS_OTP, EMAIL_OTP), or an authenticator app's.

    Codes have six digits, EMAIL_OTP's eight ([V], recorded by a third party from USER_AUTH).
    """
    user = turn.user
    if challenge == "SOFTWARE_TOKEN_MFA":
        return ask(turn, challenge, {"FRIENDLY_DEVICE_NAME": "phone", "USER_ID_FOR_SRP": turn.who.username})
    medium: Literal["EMAIL", "SMS"] = "EMAIL" if challenge == "EMAIL_OTP" else "SMS"
    if user is None:
        # Played for a name that does not exist: a code that nobody gets.
        code, address, name = None, turn.given["USERNAME"], turn.given["USERNAME"]
    else:
        code = send_code(turn.world, turn.pool, user, medium, digits=8 if medium == "EMAIL" else 6)
        address, name = user.attributes["email" if medium == "EMAIL" else "phone_number"], user.username
    sent = {"CODE_DELIVERY_DELIVERY_MEDIUM": medium, "CODE_DELIVERY_DESTINATION": masked(address)}
    return ask(turn, challenge, {**sent, "USER_ID_FOR_SRP": name}, code=code, name=name)


def ask_mfa_setup(turn: Turn, **data: Any) -> dict[str, Any]:
    """Ask the user to set up a second factor, as a pool with MfaConfiguration ON does."""
    parameters = {"MFAS_CAN_SETUP": '["SOFTWARE_TOKEN_MFA"]', "USER_ID_FOR_SRP": turn.who.username}
    return ask(turn, "MFA_SETUP", parameters, **data)


def ask_srp(turn: Turn, srp_a: str, *, custom: bool = False, session: bool = True) -> dict[str, Any]:
    """Ask for the proof of a password (PASSWORD_VERIFIER). A user who does not exist gets one that nothing answers.

    `custom`: a custom challenge follows; `session` False: the answer has none, as with USER_SRP_AUTH.
    """
    user = turn.user
    user_id = user.username if user else str(uuid.uuid5(uuid.NAMESPACE_OID, turn.pool.id + turn.given["USERNAME"]))
    exchange = srp.begin(turn.pool.id, user_id, user.password if user else None, srp_a)
    block = base64.b64encode(exchange.secret_block).decode()
    parameters = {
        "SALT": f"{exchange.salt:x}",
        "SECRET_BLOCK": block,
        "SRP_B": f"{exchange.b_public:x}",
        "USERNAME": user_id,
        "USER_ID_FOR_SRP": user_id,
    }
    key = None if session else block
    return ask(turn, "PASSWORD_VERIFIER", parameters, key=key, exchange=exchange, custom=custom, name=user_id)


def custom_challenge(pool: Pool) -> tuple[str, str]:
    """Return question and answer of CUSTOM_AUTH. Raises InvalidParameterException without such triggers (text [R])."""
    if pool.custom_challenge is None:
        text = "Custom auth lambda trigger is not configured for the user pool."
        raise AwsError("InvalidParameterException", text)
    return pool.custom_challenge


def ask_custom(turn: Turn, failures: int = 0) -> dict[str, Any]:
    """Ask the question of the pool's custom challenge."""
    refuse_state(turn.who)
    run_trigger(turn.pool, "PreAuthentication")
    parameters = {"USERNAME": turn.who.username, "question": custom_challenge(turn.pool)[0]}
    return ask(turn, "CUSTOM_CHALLENGE", parameters, failures=failures)
