"""The tokens that a sign-in gave."""

import re
from dataclasses import dataclass, field, replace

from cogwizard.model.token import Token, read_token

TOKEN = re.compile(r"[\x21-\x7e]+")  # what tokens are made of (RFC 6749, A.12 and A.17)


@dataclass(frozen=True)
class Tokens:
    """ID, access and refresh token as far as they were issued; all are secrets.

    `expires_in`: seconds that ID and access token live, from `obtained_at` (Unix seconds).
    """

    id_token: str | None = field(default=None, repr=False)
    access_token: str | None = field(default=None, repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    expires_in: int = 0
    obtained_at: float = 0.0

    @property
    def expires_at(self) -> float:
        """When they run out, in Unix seconds: the first of their own `exp` claims, else what the answer promised."""
        ends = [read_token(text).time_claim("exp") for text in (self.id_token, self.access_token) if text]
        return min((end for end in ends if end is not None), default=self.obtained_at + self.expires_in)

    def of(self, kind: str) -> Token | None:
        """Return the `id-token` or `access-token`, taken apart, or None."""
        text = {"id-token": self.id_token, "access-token": self.access_token}.get(kind)
        return read_token(text) if text else None

    def refreshed(self, newer: "Tokens") -> "Tokens":
        """Return `newer` with what it lacks taken from these: a refresh gives a new refresh token only with rotation
        (research 6.3 [D])."""
        return replace(newer, refresh_token=newer.refresh_token or self.refresh_token)
