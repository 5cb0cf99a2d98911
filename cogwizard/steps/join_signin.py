"""Joining: the sign-in, and what came of it."""

from collections.abc import Iterable, Iterator

from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.inert import inert
from cogwizard.model.join import Joining
from cogwizard.model.read import Read
from cogwizard.steps.attempt import judge
from cogwizard.steps.postman import as_step


class JoinSigninStep:
    """Judged as every sign-in is (`steps.attempt`); until it is tried there is nothing to say."""

    id = "join_signin"
    codes: tuple[str, ...] = ()

    def wants(self, _joining: Joining, /) -> Iterable[Read | None]:
        """Nothing: the steps before read what it rests on."""
        return ()

    def has(self, joining: Joining) -> Iterator[Evidence]:
        """What Cognito gave."""
        attempt = joining.attempt
        if attempt is None:
            return
        if attempt.challenge and not attempt.tokens:
            yield Evidence("challenge", "", inert(attempt.challenge, 80), attempt.flow)
        for kind in ("id-token", "access-token"):
            if token := attempt.tokens.of(kind) if attempt.tokens else None:
                yield Evidence("token", "", token.label, attempt.flow)

    def judge(self, joining: Joining) -> Iterator[Finding]:
        """See `JoinStep`."""
        if joining.attempt is not None:
            yield from as_step(judge(joining.attempt), self.id)
