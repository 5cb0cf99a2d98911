"""The second half: an app client with a secret, refused without SECRET_HASH, and then with it."""

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.widget import Widget

from cogwizard.model.answer import Answer
from cogwizard.model.inert import fingerprint, inert, scrub
from cogwizard.report.commands import sign_in_of
from cogwizard.ui.onboard.build import WRITES, Build
from cogwizard.ui.onboard.proofs import ProofView, answered, token_rows
from cogwizard.ui.onboard.view import known_before, verdict_of
from cogwizard.ui.widgets.facts import Fact, Facts
from cogwizard.ui.widgets.prose import Prose

if TYPE_CHECKING:
    from cogwizard.login import Login
    from cogwizard.model.write import Write
    from cogwizard.ui.onboard.walk import Walk

_HASH_STEPS = 4
# What Cognito says where SECRET_HASH is missing (research 7.2 [R]); emulators have words of their own for it.
_NO_HASH = re.compile(r"secret.?hash", re.IGNORECASE)


def lacks_hash(refused: tuple[str, str]) -> bool:
    """Whether a sign-in (error type and text) was refused for its missing SECRET_HASH, and for nothing else."""
    error, message = refused
    return error == "NotAuthorizedException" and _NO_HASH.search(message) is not None


class SecretView(ProofView):
    """In order: the refusal, the hash step by step, the tokens, the answer."""

    jobs: ClassVar[tuple[str, ...]] = ("second half",)
    does: ClassVar[str] = "make and try"

    def results(self) -> Iterable[Widget]:
        """See `OnboardView`."""
        yield Prose(self.teach("refused without hash"), classes="gap", id="lacks")
        yield Prose(id="without", classes="inset without")
        yield Prose(self.words("hash"), classes="heading hash")
        for number in range(1, _HASH_STEPS + 1):
            yield Prose(f"{number} {self.teach(f'hash {number}')}", indent=2, classes="hash")
        yield Facts([self.label("what"), self.label("value")], id="hash", column=1)
        yield from super().results()

    def forms(self, writes: "Sequence[Write]", build: Build) -> tuple[tuple[str, str], ...]:
        """See `OnboardView`: behind what makes the app client the sign-in with SECRET_HASH."""
        made = dict(super().forms(writes, build))
        signing_in = sign_in_of(known_before(writes, build), "secret_client_id", has_secret=True)
        return tuple({**made, "cli": f"{made['cli']}\n{signing_in}"}.items())

    def login(self, build: Build) -> "Login | None":
        """See `ProofView`."""
        return build.walk.shown.secret_login or build.walk.shown.login

    def run(self, walk: "Walk", build: Build) -> None:
        """See `ProofView`."""
        walk.agreed(build.second_half)

    @classmethod
    def verdict(cls, build: Build, step: str) -> str:
        """See `OnboardView`."""
        from cogwizard.onboarding.first_call import greets

        if build.is_busy and build.words == "second half":
            return "reading"
        if not build.is_made(step):
            return verdict_of([build.state(write) for write in WRITES[step]])
        shown = build.walk.shown
        if shown.refused is None:
            return "waiting"
        if not lacks_hash(shown.refused) and shown.refused[0] not in ("", "NotAuthorizedException"):
            return "unknown"  # no answer, or too many calls: whether it is refused was not seen
        if shown.secret_login is None or shown.secret_login.tokens is None or not lacks_hash(shown.refused):
            return "fail"
        if not isinstance(shown.secret_answer, Answer):
            return "unknown"
        return "pass" if greets(shown.secret_answer) else "fail"

    async def show_middle(self, build: Build) -> None:
        """See `OnboardView`."""
        await super().show_middle(build)
        refused = build.walk.shown.refused
        steps = build.walk.hash_steps() if "secret_client_id" in build.walk.values else None
        self.query_one("#without", Prose).text = scrub(": ".join(refused), 600) if refused else ""
        self.query_one("#without", Prose).display = bool(refused and refused[0])
        self.query_one("#lacks", Prose).display = refused is not None and lacks_hash(refused)
        rows = []
        if steps is not None:
            rows = [
                Fact("", (self.words("hash message"), inert(steps.message, 300))),
                Fact("", (self.words("hash key"), fingerprint(steps.secret))),
                Fact("", (self.words("hash value"), fingerprint(steps.value))),
            ]
        self.put_facts("#hash", rows)
        for part in self.query(".hash"):
            part.display = refused is not None

    def proof(self, build: Build) -> list[Fact]:
        """See `OnboardView`."""
        shown, texts = build.walk.shown, self.session.texts
        rows = [*super().proof(build), *token_rows(shown.secret_login, texts)]
        return rows + answered(self.words("fact with token"), shown.secret_answer, 200)
