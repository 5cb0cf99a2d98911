"""The challenges of a sign-in at the sandbox (research 7.3): what each asks, takes and refuses."""

import base64
import json
from typing import Any

import pytest
from signin_kit import PASSWORD, SECRET, WRONG, Desk, invalid, not_authorized, refused, secret_hash
from test_sandbox_srp import Person

from cogwizard.sandbox import srp
from cogwizard.sandbox.totp import make_secret, matching_step, totp

NEW = "N3w-passw0rd!"
APP = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
USED = not_authorized("Invalid session for the user, session can only be used once.")
MISMATCH = ("CodeMismatchException", "Invalid code or auth state for the user.")


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_codes_of_an_authenticator_app(at: int, code: str) -> None:
    secret = base64.b32encode(b"12345678901234567890").decode()
    assert totp(secret, at, digits=8) == code
    assert totp(secret.lower(), at) == code[2:]
    assert matching_step(secret, code[2:], at) == at // 30
    assert [matching_step(secret, code[2:], at + drift) for drift in (30, -30)] == [at // 30, at // 30]
    assert matching_step(secret, code[2:], at + 90) is None
    assert matching_step(secret, "ß" * 6, at) is None


def test_secrets_of_an_authenticator_app() -> None:
    assert make_secret() != make_secret()
    assert len(totp(make_secret(), 0)) == 6
    with pytest.raises(ValueError, match="base32"):
        totp("not base32!", 0)


def _temporary(desk: Desk) -> dict[str, Any]:
    desk.user.status = "FORCE_CHANGE_PASSWORD"
    return desk.start()


def test_a_new_password_is_required(desk: Desk) -> None:
    asked = _temporary(desk)
    parameters = asked["ChallengeParameters"]
    assert asked["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    assert parameters["USER_ID_FOR_SRP"] == "hanako"
    assert json.loads(parameters["requiredAttributes"]) == []
    assert json.loads(parameters["userAttributes"])["email"] == "hanako@example.com"
    assert refused(desk.respond, asked) == invalid("Missing required parameter NEW_PASSWORD")
    assert desk.respond(asked, NEW_PASSWORD=NEW)["AuthenticationResult"]["IdToken"]
    assert refused(desk.respond, asked, NEW_PASSWORD=NEW) == USED
    assert desk.user.status == "CONFIRMED"
    assert refused(desk.start) == WRONG
    assert desk.tokens(USERNAME="hanako", PASSWORD=NEW)


def test_required_attributes(desk: Desk) -> None:
    schema = [{"Name": name, "Required": True} for name in ("sub", "email", "name")]
    desk.pool.settings["SchemaAttributes"] = [*schema, {"Name": "nickname", "Required": False}]
    asked = _temporary(desk)
    assert json.loads(asked["ChallengeParameters"]["requiredAttributes"]) == ["userAttributes.name"]
    assert refused(desk.respond, asked, NEW_PASSWORD=NEW) == invalid("Invalid attributes given, name is missing")
    given = {"NEW_PASSWORD": NEW, "userAttributes.name": "Hanako"}
    taken = not_authorized("Cannot modify an already provided email")
    assert refused(desk.respond, asked, **given, **{"userAttributes.email": "h@example.com"}) == taken
    assert desk.respond(asked, **given)["AuthenticationResult"]
    assert desk.user.attributes["name"] == "Hanako"


@pytest.mark.parametrize(
    ("password", "rule"),
    [
        ("Sh0rt-1", "Password not long enough"),
        ("n3w-passw0rd!", "Password must have uppercase characters"),
        ("N3W-PASSW0RD!", "Password must have lowercase characters"),
        ("New-password!", "Password must have numeric characters"),
        ("N3wpassw0rdx", "Password must have symbol characters"),
    ],
)
def test_the_password_policy(desk: Desk, password: str, rule: str) -> None:
    asked = _temporary(desk)
    refusal = ("InvalidPasswordException", f"Password did not conform with policy: {rule}")
    assert refused(desk.respond, asked, NEW_PASSWORD=password) == refusal
    names = ("RequireUppercase", "RequireLowercase", "RequireNumbers", "RequireSymbols")
    lax = {"MinimumLength": 6, **dict.fromkeys(names, False)}
    desk.pool.settings["Policies"] = {"PasswordPolicy": lax}
    assert desk.respond(asked, NEW_PASSWORD=password)["AuthenticationResult"]


def test_sessions_expire(desk: Desk) -> None:
    desk.client.settings["AuthSessionValidity"] = 5
    asked = _temporary(desk)
    desk.world.clock_offset += 299
    assert refused(desk.respond, asked, NEW_PASSWORD="x")[0] == "InvalidPasswordException"
    desk.world.clock_offset += 1
    expired = not_authorized("Invalid session for the user, session is expired.")
    assert refused(desk.respond, asked, NEW_PASSWORD=NEW) == expired
    del desk.client.settings["AuthSessionValidity"]
    asked = desk.start()
    desk.world.clock_offset += 181
    assert refused(desk.respond, asked, NEW_PASSWORD=NEW) == expired


def test_sessions_of_others(desk: Desk) -> None:
    asked = _temporary(desk)
    other = desk.pool.add_client("other")
    desk.pool.add_user("jiro", PASSWORD)
    invalid_session = not_authorized("Invalid session for the user.")
    assert refused(desk.respond, asked, client=other, NEW_PASSWORD=NEW) == invalid_session
    assert refused(desk.respond, asked, "SMS_MFA", SMS_MFA_CODE="123456") == invalid_session
    assert refused(desk.respond, asked, USERNAME="jiro", NEW_PASSWORD=NEW) == invalid_session
    assert refused(desk.respond, {**asked, "Session": "x" * 40}, NEW_PASSWORD=NEW) == invalid_session
    assert refused(desk.respond, asked, USERNAME="", NEW_PASSWORD=NEW) == invalid("Missing required parameter USERNAME")
    without = {"ChallengeName": asked["ChallengeName"]}
    assert refused(desk.respond, without, NEW_PASSWORD=NEW) == invalid("Missing required parameter Session")
    kind, text = refused(desk.respond, asked, "NO_CHALLENGE")
    assert (kind, "'challengeName'" in text) == ("InvalidParameterException", True)
    assert desk.respond(asked, NEW_PASSWORD=NEW)["AuthenticationResult"]


def test_a_challenge_is_hashed_over_the_name_that_was_returned(desk: Desk) -> None:
    desk.client.secret = SECRET
    desk.user.status = "FORCE_CHANGE_PASSWORD"
    alias = "hanako@example.com"
    alias_hash = secret_hash(desk.client, alias)
    asked = desk.start(USERNAME=alias, PASSWORD=PASSWORD, SECRET_HASH=alias_hash)
    given = {"NEW_PASSWORD": NEW}
    missing = not_authorized(f"Client {desk.client.id} is configured with secret but SECRET_HASH was not received")
    wrong = not_authorized(f"Unable to verify secret hash for client {desk.client.id}")
    assert refused(desk.respond, asked, **given) == missing
    assert refused(desk.respond, asked, **given, USERNAME=alias, SECRET_HASH=alias_hash) == wrong
    right = secret_hash(desk.client, asked["ChallengeParameters"]["USER_ID_FOR_SRP"])
    assert desk.respond(asked, **given, SECRET_HASH=right)["AuthenticationResult"]


@pytest.mark.parametrize(("kind", "medium", "digits"), [("SMS_MFA", "SMS", 6), ("EMAIL_OTP", "EMAIL", 8)])
def test_codes_that_are_sent(desk: Desk, kind: str, medium: str, digits: int) -> None:
    desk.user.attributes |= {"phone_number": "+819012345678", "phone_number_verified": "true"}
    desk.pool.settings["MfaConfiguration"] = "OPTIONAL"
    desk.user.mfa = [kind]  # type: ignore[list-item]
    asked = desk.start()
    shown = asked["ChallengeParameters"]
    sent = desk.world.outbox[-1]
    assert (asked["ChallengeName"], shown["CODE_DELIVERY_DELIVERY_MEDIUM"]) == (kind, medium)
    assert shown["CODE_DELIVERY_DESTINATION"] == ("+********5678" if medium == "SMS" else "h***@e***")
    assert (sent.username, sent.medium, len(sent.code)) == ("hanako", medium, digits)
    assert sent.code not in repr(sent)
    wrong = "0" * digits if sent.code != "0" * digits else "1" * digits
    for _ in range(3):
        assert refused(desk.respond, asked, **{f"{kind}_CODE": wrong}) == MISMATCH
    assert refused(desk.respond, asked) == invalid(f"Missing required parameter {kind}_CODE")
    assert desk.respond(asked, **{f"{kind}_CODE": sent.code})["AuthenticationResult"]
    assert refused(desk.respond, asked, **{f"{kind}_CODE": sent.code}) == USED


def test_an_authenticator_app(desk: Desk) -> None:
    desk.pool.settings["MfaConfiguration"] = "ON"
    desk.user.mfa, desk.user.totp_secret = ["SOFTWARE_TOKEN_MFA"], APP
    asked = desk.start()
    assert asked["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    stale = totp(APP, desk.world.now() - 300)
    wrong = ("CodeMismatchException", "Invalid code received for user")
    assert refused(desk.respond, asked, SOFTWARE_TOKEN_MFA_CODE=stale) == wrong
    code = totp(APP, desk.world.now())
    assert desk.respond(asked, SOFTWARE_TOKEN_MFA_CODE=code)["AuthenticationResult"]
    again = desk.start()
    replayed = ("ExpiredCodeException", "Your software token has already been used once.")
    assert refused(desk.respond, again, SOFTWARE_TOKEN_MFA_CODE=code) == replayed
    desk.world.clock_offset += 30
    following = totp(APP, desk.world.now())
    assert desk.respond(again, SOFTWARE_TOKEN_MFA_CODE=following)["AuthenticationResult"]


def test_a_second_factor_is_chosen(desk: Desk) -> None:
    desk.user.attributes["phone_number"] = "+819012345678"
    desk.user.mfa, desk.user.totp_secret = ["SMS_MFA", "SOFTWARE_TOKEN_MFA"], APP
    assert desk.tokens()
    desk.pool.settings["MfaConfiguration"] = "OPTIONAL"
    asked = desk.start()
    assert asked["ChallengeName"] == "SELECT_MFA_TYPE"
    assert json.loads(asked["ChallengeParameters"]["MFAS_CAN_CHOOSE"]) == desk.user.mfa
    assert refused(desk.respond, asked, ANSWER="EMAIL_OTP")[0] == "InvalidParameterException"
    chosen = desk.respond(asked, ANSWER="SMS_MFA")
    assert desk.respond(chosen, SMS_MFA_CODE=desk.world.outbox[-1].code)["AuthenticationResult"]
    desk.user.preferred_mfa = "SOFTWARE_TOKEN_MFA"
    assert desk.start()["ChallengeName"] == "SOFTWARE_TOKEN_MFA"


def test_an_authenticator_app_is_set_up(desk: Desk) -> None:
    desk.pool.settings["MfaConfiguration"] = "ON"
    asked = desk.start()
    assert asked["ChallengeName"] == "MFA_SETUP"
    assert json.loads(asked["ChallengeParameters"]["MFAS_CAN_SETUP"]) == ["SOFTWARE_TOKEN_MFA"]
    unverified = invalid("User has not verified software token mfa")
    assert refused(desk.respond, asked) == unverified
    made = desk.public.associate_software_token(Session=asked["Session"])
    assert refused(desk.respond, {**asked, "Session": made["Session"]}) == unverified
    assert refused(desk.public.associate_software_token, Session=asked["Session"]) == USED
    mismatch = ("EnableSoftwareTokenMFAException", "Code mismatch and fail enable Software Token MFA")
    stale, code = (totp(made["SecretCode"], desk.world.now() - age) for age in (900, 0))
    verify = desk.public.verify_software_token
    assert refused(verify, Session=made["Session"], UserCode=stale) == mismatch
    verified = verify(Session=made["Session"], UserCode=code)
    assert verified["Status"] == "SUCCESS"
    done = desk.respond({**asked, "Session": verified["Session"]})
    assert done["AuthenticationResult"]["AccessToken"]
    asked = desk.start()
    assert asked["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    desk.world.clock_offset += 30
    code = totp(made["SecretCode"], desk.world.now())
    assert desk.respond(asked, SOFTWARE_TOKEN_MFA_CODE=code)["AuthenticationResult"]


def test_an_authenticator_app_is_set_up_later(desk: Desk) -> None:
    token = desk.tokens()["AccessToken"]
    secret = desk.public.associate_software_token(AccessToken=token)["SecretCode"]
    code = totp(secret, desk.world.now())
    assert desk.public.verify_software_token(AccessToken=token, UserCode=code)["Status"] == "SUCCESS"
    assert desk.user.totp_secret == secret
    assert refused(desk.public.associate_software_token) == invalid("Missing required parameter Session")


def _choices(desk: Desk, *allowed: str) -> None:
    desk.pool.settings["Policies"] = {"SignInPolicy": {"AllowedFirstAuthFactors": list(allowed)}}


def test_a_first_factor_is_chosen(desk: Desk) -> None:
    _choices(desk, "PASSWORD", "EMAIL_OTP", "SMS_OTP")
    asked = desk.start("USER_AUTH", USERNAME="hanako")
    assert asked["ChallengeName"] == "SELECT_CHALLENGE"
    assert asked["AvailableChallenges"] == ["PASSWORD_SRP", "PASSWORD", "EMAIL_OTP"]
    assert refused(desk.respond, asked, ANSWER="SMS_OTP")[0] == "InvalidParameterException"
    assert refused(desk.respond, asked, ANSWER="PASSWORD") == invalid("Missing required parameter PASSWORD")
    assert desk.respond(asked, ANSWER="PASSWORD", PASSWORD=PASSWORD)["AuthenticationResult"]
    asked = desk.start("USER_AUTH", USERNAME="hanako")
    assert refused(desk.respond, asked, ANSWER="PASSWORD", PASSWORD="wrong") == WRONG
    assert refused(desk.respond, asked, ANSWER="PASSWORD", PASSWORD=PASSWORD) == USED
    asked = desk.start("USER_AUTH", USERNAME="hanako")
    chosen = desk.respond(asked, ANSWER="EMAIL_OTP")
    assert chosen["ChallengeName"] == "EMAIL_OTP"
    assert desk.respond(chosen, EMAIL_OTP_CODE=desk.world.outbox[-1].code)["AuthenticationResult"]


def test_a_first_factor_by_text_message(desk: Desk) -> None:
    _choices(desk, "PASSWORD", "SMS_OTP")
    desk.user.attributes |= {"phone_number": "+819012345678", "phone_number_verified": "true"}
    asked = desk.start("USER_AUTH", USERNAME="hanako", PREFERRED_CHALLENGE="SMS_OTP")
    assert (asked["ChallengeName"], asked["AvailableChallenges"]) == ("SMS_OTP", ["SMS_OTP"])
    assert desk.respond(asked, SMS_OTP_CODE=desk.world.outbox[-1].code)["AuthenticationResult"]
    desk.user.status = "FORCE_CHANGE_PASSWORD"
    asked = desk.start("USER_AUTH", USERNAME="hanako", PREFERRED_CHALLENGE="SMS_OTP")
    assert (asked["ChallengeName"], asked["AvailableChallenges"]) == ("SELECT_CHALLENGE", ["PASSWORD_SRP", "PASSWORD"])


def test_a_preferred_password(desk: Desk) -> None:
    preferred = {"USERNAME": "hanako", "PREFERRED_CHALLENGE": "PASSWORD"}
    assert desk.start("USER_AUTH", **preferred, PASSWORD=PASSWORD)["AuthenticationResult"]
    assert refused(desk.start, "USER_AUTH", **preferred, PASSWORD="wrong") == WRONG
    asked = desk.start("USER_AUTH", **preferred)
    assert asked["ChallengeName"] == "PASSWORD"
    assert desk.respond(asked, PASSWORD=PASSWORD)["AuthenticationResult"]


def test_a_preferred_password_by_srp(desk: Desk) -> None:
    person = Person()
    at_once = {"USERNAME": "hanako", "PREFERRED_CHALLENGE": "PASSWORD_SRP", "SRP_A": person.srp_a}
    later = desk.start("USER_AUTH", USERNAME="hanako", PREFERRED_CHALLENGE="PASSWORD_SRP")
    chosen = desk.respond(desk.start("USER_AUTH", USERNAME="hanako"), ANSWER="PASSWORD_SRP", SRP_A=person.srp_a)
    assert later["ChallengeName"] == "PASSWORD_SRP"
    for asked in (desk.start("USER_AUTH", **at_once), desk.respond(later, SRP_A=person.srp_a), chosen):
        assert (asked["ChallengeName"], "Session" in asked) == ("PASSWORD_VERIFIER", True)
        when = srp.written(int(desk.world.now()))
        answers = person.answers(desk.pool.id, asked["ChallengeParameters"], PASSWORD, when)
        assert desk.respond(asked, **answers)["AuthenticationResult"]


def test_a_choice_for_a_user_who_does_not_exist(desk: Desk) -> None:
    _choices(desk, "PASSWORD", "EMAIL_OTP")
    unknown = {"USERNAME": "nobody@example.com"}
    assert refused(desk.start, "USER_AUTH", **unknown) == ("UserNotFoundException", "User does not exist.")
    desk.client.settings["PreventUserExistenceErrors"] = "ENABLED"
    asked = desk.start("USER_AUTH", **unknown)
    assert asked["AvailableChallenges"] == ["PASSWORD_SRP", "PASSWORD", "EMAIL_OTP"]
    assert refused(desk.respond, asked, **unknown, ANSWER="PASSWORD", PASSWORD=PASSWORD) == WRONG
    asked = desk.start("USER_AUTH", **unknown, PREFERRED_CHALLENGE="EMAIL_OTP")
    assert asked["ChallengeParameters"]["CODE_DELIVERY_DESTINATION"] == "n***@e***"
    assert refused(desk.respond, asked, **unknown, EMAIL_OTP_CODE="12345678") == MISMATCH
    assert desk.world.outbox == []


def test_a_custom_challenge(desk: Desk) -> None:
    unset = invalid("Custom auth lambda trigger is not configured for the user pool.")
    assert refused(desk.start, "CUSTOM_AUTH", USERNAME="hanako") == unset
    desk.pool.custom_challenge = ("Which colour?", "teal")
    asked = desk.start("CUSTOM_AUTH", USERNAME="hanako")
    assert asked["ChallengeParameters"] == {"USERNAME": "hanako", "question": "Which colour?"}
    assert desk.respond(asked, ANSWER="teal")["AuthenticationResult"]
    asked = desk.start("CUSTOM_AUTH", USERNAME="hanako")
    for _ in range(2):
        asked = desk.respond(asked, ANSWER="red")
        assert asked["ChallengeName"] == "CUSTOM_CHALLENGE"
    assert refused(desk.respond, asked, ANSWER="red") == WRONG
    desk.pool.triggers = {"PreAuthentication": "closed"}
    closed = ("UserLambdaValidationException", "PreAuthentication failed with error closed.")
    assert refused(desk.start, "CUSTOM_AUTH", USERNAME="hanako") == closed
    desk.user.enabled = False
    assert refused(desk.start, "CUSTOM_AUTH", USERNAME="hanako") == not_authorized("User is disabled.")


def test_a_custom_challenge_after_the_password(desk: Desk) -> None:
    desk.pool.custom_challenge = ("Which colour?", "teal")
    person = Person()
    asked = desk.start("CUSTOM_AUTH", USERNAME="hanako", CHALLENGE_NAME="SRP_A", SRP_A=person.srp_a)
    when = srp.written(int(desk.world.now()))
    asked = desk.respond(asked, **person.answers(desk.pool.id, asked["ChallengeParameters"], PASSWORD, when))
    assert asked["ChallengeName"] == "CUSTOM_CHALLENGE"
    assert desk.respond(asked, ANSWER="teal")["AuthenticationResult"]
