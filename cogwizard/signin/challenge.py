"""What a challenge asks, and of what its answer is made (research 7.3 [D])."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from cogwizard.model.inert import inert, scrub

# Of each challenge that is a code: the member that takes it.
_CODES = {
    "SMS_MFA": "SMS_MFA_CODE",
    "SOFTWARE_TOKEN_MFA": "SOFTWARE_TOKEN_MFA_CODE",
    "SMS_OTP": "SMS_OTP_CODE",
    "EMAIL_OTP": "EMAIL_OTP_CODE",
}
# What one can choose of, and answer here. WEB_AUTHN needs a browser's authenticator.
_MFA_CHOICES = ("SOFTWARE_TOKEN_MFA", "SMS_MFA", "EMAIL_OTP")
_FIRST_FACTORS = ("PASSWORD_SRP", "PASSWORD", "EMAIL_OTP", "SMS_OTP")
NEEDS_PASSWORD = ("PASSWORD", "PASSWORD_SRP")
_ATTRIBUTE = "userAttributes."
_MOST_ATTRIBUTES = 50  # that are asked for: a pool has not many more, and a screen has to show them
_LONGEST = 10_000  # characters of JSON that are looked at
CODE = "code"


@dataclass(frozen=True)
class Field:
    """One thing to ask: `name` is the member that takes it, `secret` hides what is typed.

    `choices` are all that it can be, empty for anything.
    """

    name: str
    secret: bool = False
    choices: tuple[str, ...] = ()

    @property
    def is_password(self) -> bool:
        """Whether it is a password, the present one or a new one."""
        return self.name in ("PASSWORD", "NEW_PASSWORD")

    @property
    def attribute(self) -> str | None:
        """The user attribute that it sets, or None."""
        return self.name.removeprefix(_ATTRIBUTE) if self.name.startswith(_ATTRIBUTE) else None


@dataclass(frozen=True)
class Challenge:
    """A further step of a sign-in. `asks` is empty where it cannot be answered here.

    `sent_to`: where a code went, as AWS masks it; `said`: what the pool's own code says with its question, scrubbed;
    `key`: an authenticator app's new key (Base32), a secret, with which the code is to be made.
    """

    name: str
    asks: tuple[Field, ...]
    sent_to: str = ""
    said: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    key: str | None = field(default=None, repr=False)

    def key_uri(self, issuer: str, username: str) -> str:
        """Return the address that authenticator apps read from a QR code: `otpauth://totp/...`. Holds the key.

        The issuer stands in the label alone: each character makes the picture larger, and a terminal is small.
        """
        return f"otpauth://totp/{quote(f'{issuer[:20]}:{username[:40]}', safe='@:')}?secret={self.key}"


def read_challenge(answer: Mapping[str, Any]) -> Challenge:
    """Return what an answer with a ChallengeName asks. Takes any answer, raises nothing."""
    name = inert(str(answer.get("ChallengeName") or ""), 80)
    parameters = texts_of(answer.get("ChallengeParameters"))
    if name in _CODES:
        return Challenge(name, (Field(_CODES[name], secret=True),), sent_to=_destination(parameters))
    if name == "NEW_PASSWORD_REQUIRED":
        wanted = [_plain(item) for item in _list(parameters.get("requiredAttributes"))]
        names = [item for item in dict.fromkeys(wanted) if item][:_MOST_ATTRIBUTES]
        asks = (Field("NEW_PASSWORD", secret=True), *(Field(f"{_ATTRIBUTE}{item}") for item in names))
        return Challenge(name, asks)
    if name == "SELECT_MFA_TYPE":
        return Challenge(name, _choice(_list(parameters.get("MFAS_CAN_CHOOSE")), _MFA_CHOICES))
    if name == "SELECT_CHALLENGE":
        offered = answer.get("AvailableChallenges")
        return Challenge(name, _choice(offered if isinstance(offered, list) else [], _FIRST_FACTORS))
    if name == "PASSWORD":
        return Challenge(name, (Field("PASSWORD", secret=True),))
    if name == "MFA_SETUP":
        ways = _list(parameters.get("MFAS_CAN_SETUP"))
        able = not ways or "SOFTWARE_TOKEN_MFA" in ways
        return Challenge(name, (Field(CODE, secret=True),) if able else ())
    if name == "CUSTOM_CHALLENGE":
        # What the pool's function says is in these parameters; which names it uses is its own affair.
        said = [(scrub(key, 80), scrub(value, 300)) for key, value in parameters.items() if key not in _NOT_SAID]
        return Challenge(name, (Field("ANSWER", secret=True),), said=tuple(said[:10]))
    return Challenge(name, ())


_NOT_SAID = {"USERNAME", "USER_ID_FOR_SRP"}


def texts_of(value: object) -> dict[str, str]:
    """Return the members of a map that are strings; empty for anything else."""
    if not isinstance(value, Mapping):
        return {}
    return {str(key): item for key, item in value.items() if isinstance(item, str)}


def _choice(offered: list[Any], able: tuple[str, ...]) -> tuple[Field, ...]:
    choices = tuple(item for item in able if item in offered)
    return (Field("ANSWER", choices=choices),) if choices else ()


def _list(text: str | None) -> list[Any]:
    """Return a list that stands in a parameter as JSON; empty when there is none."""
    try:
        value = json.loads(text) if text and len(text) <= _LONGEST else []
    except (ValueError, RecursionError):
        return []
    return value if isinstance(value, list) else []


def _plain(item: object) -> str:
    """Return an attribute's name, "" for what cannot be one: it stands in a prompt."""
    name = item.removeprefix(_ATTRIBUTE) if isinstance(item, str) else ""
    return name if name == inert(name, 100) else ""


def _destination(parameters: Mapping[str, str]) -> str:
    return scrub(parameters.get("CODE_DELIVERY_DESTINATION", ""), 100)
