"""Leaving the wizard: at once, unless what the user gave and what was found of it would be lost."""

from typing import TYPE_CHECKING

from cogwizard.ui.ask import Ask

if TYPE_CHECKING:
    from cogwizard.ui.app import CogwizardApp
    from cogwizard.ui.session import Session


class AskToLeave(Ask):
    """The question; asked once: who presses the key again means it."""


def would_lose(session: "Session") -> bool:
    """Whether there is something of the user's own that no saved report holds. A call of the sandbox is nobody's."""
    given, saved = session.own
    has_something = given.call is not None or bool(given.token or given.other_token or given.response.strip())
    return has_something and saved != given


async def leave(app: "CogwizardApp") -> None:
    """Quit, or ask whether to."""
    if isinstance(app.screen, AskToLeave) or not would_lose(app.session):
        app.exit(0)
        return

    def say(key: str) -> str:
        return app.session.texts.screen("save", key)

    def answered(yes: bool | None) -> None:
        if yes:
            app.exit(0)

    app.push_screen(AskToLeave(lambda: say("leave"), lambda: say("leave yes"), lambda: say("leave no")), answered)
