"""Joining: the keyring. Without one tokens and secrets are not kept from one command to the next."""

from collections.abc import Iterable, Iterator

from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.join import Joining
from cogwizard.model.read import Read
from cogwizard.steps.step import Say

_CODE = "keyring-unavailable"
_DOCTOR = "cogwizard vault doctor"
_STATES = ("none", "refused", "locked", "hanging")  # those that have a sentence of their own


class JoinKeyringStep:
    """Worth knowing, never what stops a call: a password can be typed each time."""

    id = "join_keyring"
    codes = (_CODE,)

    def wants(self, _joining: Joining, /) -> Iterable[Read | None]:
        """Nothing of AWS: the vault's doctor looks."""
        return ()

    def has(self, joining: Joining) -> Iterator[Evidence]:
        """The keyring in use."""
        if joining.keyring and joining.keyring.usable:
            yield Evidence("keyring", "", joining.keyring.backend, _DOCTOR)

    def judge(self, joining: Joining) -> Iterator[Finding]:
        """See `JoinStep`."""
        say, keyring = Say(self.id), joining.keyring
        if keyring is None:
            yield say.skipped(_CODE, "not-looked")
            return
        if keyring.usable:
            seen = Evidence("keyring", "usable", keyring.backend, _DOCTOR)
            yield say.passed(_CODE, seen, backend=keyring.backend)
            return
        seen = Evidence("keyring", "usable", keyring.backend or "none", _DOCTOR)
        variant = keyring.state if keyring.state in _STATES else "warn"
        yield say.warned(_CODE, seen, variant=variant, detail=keyring.detail or "?")
