"""Checklist: which Postman. It decides which callback URL is really sent."""

from collections.abc import Iterable

from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.postman import Setup
from cogwizard.model.read import Read


class PostmanAppStep:
    """postman-oauth.md 2: desktop with system browser or pop-up, web, VS Code."""

    id = "postman_app"
    codes: tuple[str, ...] = ()
    keys = ("useBrowser",)

    def wants(self, setup: Setup) -> Iterable[Read | None]:
        """The app client: its callback URLs tell which Postman was meant."""
        yield setup.client_read

    def has(self, _setup: Setup, /) -> Iterable[Evidence]:
        """Nothing: this is the user's to say."""
        return ()

    def judge(self, _setup: Setup, /) -> Iterable[Finding]:
        """Nothing: each Postman works with the callback URL that it uses."""
        return ()
