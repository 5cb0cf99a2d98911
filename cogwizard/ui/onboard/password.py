"""Changing the password of the walk-through's user, as that user. The one of before is known."""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from cogwizard.ui.signin.password import ChangePassword

_UNANSWERED = ("unreachable", "malformed", "failed")

if TYPE_CHECKING:
    from cogwizard.ui.onboard.build import Build


class NewPassword(ChangePassword):
    """Asks for the new one alone, twice."""

    fields: ClassVar[tuple[str, ...]] = ("new", "repeated")

    def __init__(self, build: "Build") -> None:
        """Take the walk-through, in which the user is signed in. Raises ValueError where nobody is."""
        login = build.walk.shown.login
        if login is None:
            raise ValueError("nobody is signed in")
        super().__init__(login)
        self._build = build

    def about(self) -> str:
        """See `ChangePassword`."""
        return self.session.texts.screen("walkthrough", "change about")

    def sends(self, *passwords: str) -> Callable[[], bool]:
        """See `ChangePassword`."""
        walk = self._build.walk
        return lambda: walk.change_password(passwords[0])

    def _outcome(self, value: object) -> str:
        """See `ChangePassword`: where no answer came, it may have been changed all the same."""
        login = self._build.walk.shown.login
        if value is False and login is not None and login.refusal is not None and login.refusal.reason in _UNANSWERED:
            return self.session.texts.screen("walkthrough", "change unknown")
        return super()._outcome(value)
