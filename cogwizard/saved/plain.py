"""Texts without what is a secret by its form, and with other numbers for accounts: the same in all of a case."""

import json
import re
from collections.abc import Mapping

from cogwizard.intake.mask import mask
from cogwizard.intake.url import redact_url
from cogwizard.model.inert import AWS_KEY, STAND_IN

_LONGEST_BODY = 16_000  # characters of a refusal: many times what API Gateway, a web ACL or a CDN says
_PLAIN = re.compile(r"[A-Za-z0-9_./-]{0,11}")  # too short for anything that has to go
_ADDRESS = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_SOMEBODY = "somebody@example.com"
_ACCOUNT = re.compile(r"(?<!\d)(?<![0-9A-Fa-f]{4}-)(?:\d{12}|(?<![\w-])\d{4}-\d{4}-\d{4}(?![\w-]))(?!\d)")
_NO_ACCOUNT = re.compile(r"0{4}[0-9]{8}")
_SHOWN = re.compile(r"(?:(?:id-|access-|refresh-)?token|secret) ([0-9a-f]{8})")


class Plain:
    """Redacts the texts of one case. `echoes`: secret of the call -> what stands for it where others repeat it."""

    def __init__(self) -> None:
        """Nothing was redacted yet."""
        self.echoes: Mapping[str, str] = {}
        self._accounts: dict[str, str] = {}
        self._told: dict[str, str] = {}

    def text(self, text: str) -> str:
        """Return a text without tokens, keys, passwords, mail addresses and account numbers."""
        if _PLAIN.fullmatch(text):
            return text
        if text not in self._told:
            self._told[text] = self.configured(mask(text, lone_word="none").shown)
        return self._told[text]

    def configured(self, text: str) -> str:
        """Return a template of AWS: where the form of a secret is meant, a variable stands."""
        shown = AWS_KEY.sub("secret", _ADDRESS.sub(_SOMEBODY, text))
        return _ACCOUNT.sub(lambda found: self._account(found[0]), shown)

    def foreign(self, text: str) -> str:
        """Return what others wrote, without the secrets of the call that it may repeat."""
        shown = self.text(text)
        for secret, name in self.echoes.items():
            shown = shown.replace(secret, name)
        return shown

    def body(self, body: str) -> str:
        """Return a refusal's text; JSON stays JSON, of which the texts are kept."""
        try:
            members = json.loads(body)
        except (ValueError, RecursionError):
            return self.foreign(body[:_LONGEST_BODY])
        if not isinstance(members, dict):
            return ""
        kept = {self.text(name): self.foreign(held) for name, held in members.items() if isinstance(held, str)}
        return json.dumps({name: held[:_LONGEST_BODY] for name, held in kept.items()})

    def url(self, url: str) -> str:
        """Return a URL without user info, its secrets by what stands for them: it is shown as it was."""
        return self.text(_SHOWN.sub(rf"{STAND_IN}\1", redact_url(url)))

    def _account(self, number: str) -> str:
        """Return another number for an account: the same for the same, with its last four digits, none of AWS's."""
        digits = number.replace("-", "")
        if _NO_ACCOUNT.fullmatch(digits):
            return number
        if digits not in self._accounts:
            taken = set(self._accounts.values())
            names = (f"0000{at:04d}{digits[-4:]}" for at in range(10_000))
            self._accounts[digits] = next((name for name in names if name not in taken), f"00000000{digits[-4:]}")
        shown = self._accounts[digits]
        return f"{shown[:4]}-{shown[4:8]}-{shown[8:]}" if "-" in number else shown
