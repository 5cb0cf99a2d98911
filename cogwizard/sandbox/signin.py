"""InitiateAuth and AdminInitiateAuth: where a sign-in starts (research 7.1, 7.2)."""

from collections.abc import Mapping
from typing import Any

from cogwizard.sandbox.clients import (
    allows_flow,
    check_secret_hash,
    enter,
    expect_secret_hash,
    find_client,
    hides_unknown_users,
)
from cogwizard.sandbox.cognito import find_pool
from cogwizard.sandbox.conversation import (
    Handler,
    Turn,
    ask,
    ask_code,
    ask_custom,
    ask_srp,
    custom_challenge,
    go_on,
    locked,
    result,
)
from cogwizard.sandbox.grants import redeem, refreshed
from cogwizard.sandbox.people import User
from cogwizard.sandbox.protocol import AwsError, Context, Operation
from cogwizard.sandbox.userpool import Client, Pool
from cogwizard.sandbox.users import check_password, find_user, known_user, refuse_state, run_trigger

_SPELLINGS = {"REFRESH_TOKEN": "REFRESH_TOKEN_AUTH", "ADMIN_NO_SRP_AUTH": "ADMIN_USER_PASSWORD_AUTH"}
_ADMIN_ONLY = ("ADMIN_USER_PASSWORD_AUTH",)
_PUBLIC_ONLY = ("USER_PASSWORD_AUTH",)


@locked
def _initiate_auth(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    world, pool, client = enter(context, params)
    flow = _flow(params)
    if flow in _ADMIN_ONLY:
        raise AwsError("InvalidParameterException", "Initiate Auth method not supported.")  # [V] MOTO-4836
    turn = Turn(world, pool, client, None, params.get("AuthParameters", {}))
    off = "is not enabled for the client." if flow == "USER_SRP_AUTH" else "flow not enabled for this client"
    return _start(turn, flow, f"{flow} {off}")  # [R]; of the flows besides password and SRP the text is [U]


@locked
def _admin_initiate_auth(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    pool = find_pool(context, params["UserPoolId"])
    client = find_client(pool, params["ClientId"])
    flow = _flow(params)
    if flow in _PUBLIC_ONLY:
        raise AwsError("InvalidParameterException", "Initiate Auth method not supported.")  # [U] for this operation
    turn = Turn(context.world, pool, client, None, params.get("AuthParameters", {}))
    return _start(turn, flow, "Auth flow not enabled for this client")


def _flow(params: Mapping[str, Any]) -> str:
    flow = _SPELLINGS.get(params["AuthFlow"], params["AuthFlow"])
    if flow not in _FLOWS:
        text = "Value at 'authFlow' failed to satisfy constraint: Member must satisfy enum value set: "
        text += f"[{', '.join([*_FLOWS, *_SPELLINGS])}]"
        raise AwsError("InvalidParameterException", f"1 validation error detected: {text}")
    return str(flow)


def _start(turn: Turn, flow: str, off: str) -> dict[str, Any]:
    hashed = turn.given.get("SECRET_HASH")
    name = turn.given.get("USERNAME")
    if name and flow != "REFRESH_TOKEN_AUTH":
        check_secret_hash(turn.client, hashed, [name])
    else:
        expect_secret_hash(turn.client, hashed)
    if not allows_flow(turn.client, flow):
        raise AwsError("InvalidParameterException", off)
    return _FLOWS[flow](turn)


def _password(turn: Turn) -> dict[str, Any]:
    username, password = turn.need("USERNAME"), turn.need("PASSWORD")
    turn.user = check_password(turn.world, turn.pool, turn.client, username, password)
    return go_on(turn)


def _srp(turn: Turn) -> dict[str, Any]:
    username, srp_a = turn.need("USERNAME"), turn.need("SRP_A")
    turn.user = _user_or_nobody(turn.pool, turn.client, username)
    return ask_srp(turn, srp_a, session=False)


def _user_or_nobody(pool: Pool, client: Client, username: str) -> User | None:
    return find_user(pool, username) if hides_unknown_users(client) else known_user(pool, client, username)


def _custom(turn: Turn) -> dict[str, Any]:
    username = turn.need("USERNAME")
    custom_challenge(turn.pool)
    turn.user = known_user(turn.pool, turn.client, username)
    if turn.given.get("CHALLENGE_NAME") == "SRP_A":
        return ask_srp(turn, turn.need("SRP_A"), custom=True)
    return ask_custom(turn)


def _choice(turn: Turn) -> dict[str, Any]:
    """USER_AUTH: the preferred first factor at once where it is to be had, else a choice."""
    username, wanted = turn.need("USERNAME"), turn.given.get("PREFERRED_CHALLENGE")
    turn.user = _user_or_nobody(turn.pool, turn.client, username)
    factors = first_factors(turn.pool, turn.user)
    if wanted not in factors:
        name = turn.user.username if turn.user else username
        asked = ask(turn, "SELECT_CHALLENGE", {}, name=name)
        return {**asked, "AvailableChallenges": factors}
    answer = choose(turn, wanted)
    return {**answer, "AvailableChallenges": [wanted]} if "ChallengeName" in answer else answer


def first_factors(pool: Pool, user: User | None) -> list[str]:
    """Return how a user may begin USER_AUTH, by the pool's SignInPolicy. One-time codes: CONFIRMED users only [V]."""
    allowed = pool.settings.get("Policies", {}).get("SignInPolicy", {}).get("AllowedFirstAuthFactors", ["PASSWORD"])
    found = ["PASSWORD_SRP", "PASSWORD"] if "PASSWORD" in allowed else []
    confirmed = user is None or user.status == "CONFIRMED"
    if "EMAIL_OTP" in allowed and confirmed and (user is None or user.reaches("email")):
        found.append("EMAIL_OTP")
    if "SMS_OTP" in allowed and confirmed and (user is None or user.reaches("phone_number")):
        found.append("SMS_OTP")
    return found


def choose(turn: Turn, factor: str) -> dict[str, Any]:
    """Go on with a first factor of USER_AUTH; what it needs and was not sent yet is asked for."""
    if factor == "PASSWORD" and turn.given.get("PASSWORD"):
        return _password(turn)
    if factor == "PASSWORD_SRP" and turn.given.get("SRP_A"):
        return ask_srp(turn, turn.need("SRP_A"))
    if factor in ("PASSWORD", "PASSWORD_SRP"):
        return ask(turn, factor, {}, name=turn.user.username if turn.user else turn.given["USERNAME"])
    if turn.user:
        refuse_state(turn.user)
        run_trigger(turn.pool, "PreAuthentication")
    return ask_code(turn, factor)


def _refresh(turn: Turn) -> dict[str, Any]:
    token, device = turn.need("REFRESH_TOKEN"), turn.given.get("DEVICE_KEY")
    _, user = refreshed(turn.world, turn.pool, turn.client, token, device_key=device)
    # Over the real username or the sub, not an alias (7.1 [R]).
    check_secret_hash(turn.client, turn.given.get("SECRET_HASH"), [user.username, user.sub])
    return result(redeem(turn.world, turn.pool, turn.client, token, device_key=device))


_FLOWS: dict[str, Handler] = {
    "USER_PASSWORD_AUTH": _password,
    "ADMIN_USER_PASSWORD_AUTH": _password,
    "USER_SRP_AUTH": _srp,
    "USER_AUTH": _choice,
    "CUSTOM_AUTH": _custom,
    "REFRESH_TOKEN_AUTH": _refresh,
}

OPERATIONS: dict[tuple[str, str], Operation] = {
    ("cognito-idp", "InitiateAuth"): _initiate_auth,
    ("cognito-idp", "AdminInitiateAuth"): _admin_initiate_auth,
}
