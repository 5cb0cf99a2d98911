"""Joining: the user. Seed: an administrator makes it, so that its first password is a temporary one."""

from collections.abc import Iterable, Iterator

from cogwizard.model.attempt import Attempt
from cogwizard.model.client import PoolUser
from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.inert import inert
from cogwizard.model.join import Joining
from cogwizard.model.read import Absent, Read
from cogwizard.steps.join import not_read
from cogwizard.steps.postman import as_step
from cogwizard.steps.signin_facts import STATES, TEMPORARY, status_evidence, user_facts
from cogwizard.steps.step import Say

_CHALLENGE = "challenge-not-completed"


class JoinUserStep:
    """There, enabled, CONFIRMED, and with a password of one's own (research 7.5 [D])."""

    id = "join_user"
    codes = ("wrong-credentials", *STATES, _CHALLENGE)

    def wants(self, joining: Joining) -> Iterable[Read | None]:
        """The user's state."""
        return (joining.user_read,)

    def has(self, joining: Joining) -> Iterator[Evidence]:
        """The user by name and status."""
        if isinstance(joining.user, PoolUser):
            yield Evidence("user", "", inert(joining.user.username, 120), "AdminGetUser")
            yield Evidence("user status", "", inert(joining.user.status, 60), "AdminGetUser")

    def judge(self, joining: Joining) -> Iterator[Finding]:
        """See `JoinStep`."""
        say, user, team = Say(self.id), joining.user, joining.team
        if joining.user_read is None:
            yield from (say.unknown(code, variant="no-username") for code in self.codes)
            return
        if user is None:
            yield from not_read(say, self.codes, (joining.user_read,), joining)
            return
        attempt = Attempt("srp", team.pool_region, team.client_id, team.user_pool_id, joining.username, user=user)
        yield from as_step(user_facts(attempt).values(), self.id)
        yield self._challenge(joining, say)

    def _challenge(self, joining: Joining, say: Say) -> Finding:
        user = joining.user
        if isinstance(user, Absent):
            return say.skipped(_CHALLENGE, "masked", by="wrong-credentials")
        if not isinstance(user, PoolUser):
            return not_read(say, (_CHALLENGE,), (joining.user_read,), joining)[0]
        if user.status == TEMPORARY:
            return say.warned(_CHALLENGE, status_evidence(user), variant="temporary")
        return say.passed(_CHALLENGE, status_evidence(user), variant="none")
