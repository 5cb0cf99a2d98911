"""The users of a pool, and what was sent to them."""

from dataclasses import dataclass, field
from typing import Literal

# Research 7.5 [D]; `enabled` is a separate switch.
UserStatus = Literal[
    "CONFIRMED",
    "UNCONFIRMED",
    "FORCE_CHANGE_PASSWORD",
    "RESET_REQUIRED",
    "EXTERNAL_PROVIDER",
    "ARCHIVED",
    "COMPROMISED",
    "UNKNOWN",
]
Mfa = Literal["SMS_MFA", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP"]


@dataclass
class User:
    """A user of a pool.

    `password` None: signs in elsewhere (a federated profile). `attributes` as AWS names them, all but `sub`. `mfa`: the
    second factors that are set up (UserMFASettingList), asked for where the pool's MfaConfiguration is ON or OPTIONAL;
    `totp_secret`: base32, of SOFTWARE_TOKEN_MFA. `password_set_at`: Unix seconds, None: just now; a temporary password
    ages from then on. The last three are the sandbox's own count: failures in a row, until when (Unix seconds) no
    password is looked at, and the time step of the last code of an authenticator app that was taken.
    """

    username: str
    sub: str
    password: str | None = field(default=None, repr=False)
    status: UserStatus = "CONFIRMED"
    enabled: bool = True
    attributes: dict[str, str] = field(default_factory=dict)
    groups: list[str] = field(default_factory=list)
    mfa: list[Mfa] = field(default_factory=list)
    preferred_mfa: Mfa | None = None
    totp_secret: str | None = field(default=None, repr=False)
    password_set_at: float | None = None
    failures: int = 0
    locked_until: float = 0.0
    totp_step: int = -1

    def reaches(self, attribute: Literal["email", "phone_number"]) -> bool:
        """Whether this address is there and verified."""
        return attribute in self.attributes and self.attributes.get(f"{attribute}_verified") == "true"


@dataclass(frozen=True)
class Message:
    """What a user was sent: the code in an e-mail or a text message. `destination` is the whole address."""

    pool_id: str
    username: str
    medium: Literal["EMAIL", "SMS"]
    destination: str
    code: str = field(repr=False)
