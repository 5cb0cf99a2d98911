"""The second half: an app client with a secret, refused without SECRET_HASH, and then with it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.widget import Widget

from cogwizard.model.answer import Answer
from cogwizard.model.inert import fingerprint, inert, scrub
from cogwizard.ui.onboard.build import WRITES, Build
from cogwizard.ui.onboard.proofs import ProofView, answered, token_rows
from cogwizard.ui.onboard.view import verdict_of
from cogwizard.ui.widgets.facts import Fact, Facts
from cogwizard.ui.widgets.prose import Prose

if TYPE_CHECKING:
    from cogwizard.login import Login

_HASH_STEPS = 4


class SecretView(ProofView):
    """In order: the refusal, the hash step by step, the tokens, the answer."""

    jobs: ClassVar[tuple[str, ...]] = ("second half",)
    does: ClassVar[str] = "make and try"

    def results(self) -> Iterable[Widget]:
        """See `OnboardView`."""
        yield Prose(self.teach("refused without hash"), classes="gap without")
        yield Prose(id="without", classes="inset without")
        yield Prose(self.words("hash"), classes="heading hash")
        for number in range(1, _HASH_STEPS + 1):
            yield Prose(f"{number} {self.teach(f'hash {number}')}", indent=2, classes="hash")
        yield Facts([self.label("what"), self.label("value")], id="hash", column=1)
        yield from super().results()

    def login(self, build: Build) -> "Login | None":
        """See `ProofView`."""
        return build.walk.shown.secret_login or build.walk.shown.login

    def run(self, build: Build) -> None:
        """See `ProofView`."""
        self.walk.agreed(build.second_half)

    @classmethod
    def verdict(cls, build: Build, step: str) -> str:
        """See `OnboardView`."""
        from cogwizard.onboarding.first_call import greets

        if build.is_busy and build.words == "second half":
            return "reading"
        made = verdict_of([build.state(write) for write in WRITES[step]])
        if made != "pass":
            return made
        shown = build.walk.shown
        if shown.refused is None:
            return "waiting"
        if shown.secret_login is None or shown.secret_login.tokens is None or not shown.refused[0]:
            return "fail"
        if not isinstance(shown.secret_answer, Answer):
            return "unknown"
        return "pass" if greets(shown.secret_answer) else "fail"

    async def show_middle(self, build: Build) -> None:
        """See `OnboardView`."""
        await super().show_middle(build)
        refused, steps = build.walk.shown.refused, build.walk.hash_steps()
        self.query_one("#without", Prose).text = scrub(": ".join(refused), 600) if refused else ""
        for part in self.query(".without"):
            part.display = refused is not None
        rows = []
        if steps is not None:
            rows = [
                Fact("", (self.words("hash message"), inert(steps.message, 300))),
                Fact("", (self.words("hash key"), f"secret {fingerprint(steps.secret)}")),
                Fact("", ("SECRET_HASH", f"secret {fingerprint(steps.value)}")),
            ]
        self.put_facts("#hash", rows)
        for part in self.query(".hash"):
            part.display = refused is not None

    def proof(self, build: Build) -> list[Fact]:
        """See `OnboardView`."""
        shown, texts = build.walk.shown, self.session.texts
        rows = [*super().proof(build), *token_rows(shown.secret_login, texts)]
        return rows + answered(self.words("fact with token"), shown.secret_answer, 200)
