"""The screens that show that it works: the sign-in with the authorizer's test, and the first call."""

import shlex
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.containers import VerticalGroup
from textual.widget import Widget

from cogwizard.model.answer import Answer
from cogwizard.model.inert import inert, scrub
from cogwizard.model.read import Unread
from cogwizard.model.read_api import AuthorizerTest
from cogwizard.model.token import read_token
from cogwizard.report.commands import authorizer_test_of, sign_in_of
from cogwizard.ui.onboard.build import Build
from cogwizard.ui.onboard.told import outcome_of
from cogwizard.ui.onboard.view import OnboardView
from cogwizard.ui.views.sheet import problem_widgets
from cogwizard.ui.widgets.facts import Fact, Facts
from cogwizard.ui.widgets.prose import MARKS, Prose
from cogwizard.ui.widgets.value import Value

if TYPE_CHECKING:
    from cogwizard.login import Login
    from cogwizard.model.write import Write
    from cogwizard.report.page import Page
    from cogwizard.text import Texts
    from cogwizard.ui.onboard.walk import Walk

_LONGEST = 2000  # characters of an answer that are shown


def token_rows(login: "Login | None", texts: "Texts") -> list[Fact]:
    """Return the tokens of a sign-in by kind and fingerprint."""
    tokens = login.tokens if login else None
    if tokens is None:
        return []
    found = [text for text in (tokens.id_token, tokens.access_token, tokens.refresh_token) if text]
    name = texts.screen("walkthrough", "fact token")
    return [Fact("pass", (name, texts.phrase(read_token(text).label))) for text in found]


def answered(name: str, answer: "Answer | Unread | None", wanted: int) -> list[Fact]:
    """Return what a call answered; `wanted`: the status that it is to have."""
    if answer is None:
        return []
    if isinstance(answer, Unread):
        return [Fact("unknown", (name, scrub(f"{answer.error} {answer.detail}".strip(), 300)))]
    from cogwizard.onboarding.first_call import GREETING, greets

    shown = GREETING if greets(answer) else scrub(answer.body, _LONGEST)
    return [Fact("pass" if answer.status == wanted else "fail", (name, f"{answer.status} {shown}"))]


class Refused(VerticalGroup):
    """What a sign-in that was refused means, as every sign-in's findings."""

    def __init__(self, login: "Login", texts: "Texts") -> None:
        """Take the sign-in."""
        super().__init__()
        self.page, self._texts = page_of_login(login, texts), texts

    def compose(self) -> Iterator[Widget]:
        """See `Widget`."""
        yield Prose(f"{MARKS[self.page.verdict]} {self.page.answer}", indent=2, classes="gap cause")
        for problem in self.page.problems:
            yield from problem_widgets(problem, self._texts, with_summary=problem.summary != self.page.answer)
        for text in self.page.unchecked:
            yield Prose(f"? {text}", indent=2)


def page_of_login(login: "Login", texts: "Texts") -> "Page":
    """Return the page of a sign-in."""
    from cogwizard.ui.signin.findings import page_of

    return page_of(login.attempt, login.findings(), texts)


class ProofView(OnboardView):
    """A screen that shows what it did. `jobs`: the `Build.words` of what is done on it; `does`: its key's name."""

    jobs: ClassVar[tuple[str, ...]] = ()
    does: ClassVar[str] = ""

    def __init__(self, step: str) -> None:
        """Take the step's id."""
        super().__init__(step)
        self._codes: tuple[str, ...] = ()

    def results(self) -> Iterable[Widget]:
        """See `OnboardView`."""
        yield VerticalGroup(id="outcome")
        yield from super().results()

    @property
    def codes(self) -> tuple[str, ...]:
        """See `Sheet`."""
        return self._codes

    def outcome_widgets(self, error: Exception, _build: Build) -> Iterable[Widget]:
        """Yield what is to be said of an error; of a write that was not made the table says it."""
        from cogwizard.onboarding.run import NotMade

        return () if isinstance(error, NotMade) else outcome_of(error, self.session.texts)

    def login(self, build: Build) -> "Login | None":
        """Return the sign-in that the screen is about."""
        return build.walk.shown.login

    async def show_middle(self, build: Build) -> None:
        """See `OnboardView`."""
        login, texts = self.login(build), self.session.texts
        widgets: list[Widget] = []
        refusal = login.refusal if login is not None and login.tokens is None and not build.is_busy else None
        error = build.error if build.words in self.jobs else None
        self._codes = ()
        if login is not None and refusal is not None:
            found = Refused(login, texts)
            self._codes = tuple(problem.code for problem in found.page.problems)
            widgets.append(found)
        elif error is not None:
            widgets += self.outcome_widgets(error, build)
        await self.fill("#outcome", (refusal, error), widgets)

    def can_begin(self, build: Build) -> bool:
        """Whether all is made that the screen rests on."""
        from cogwizard.ui.onboard.build import DEPLOY, STEPS

        return all(build.is_made(step) for step in STEPS[: STEPS.index(DEPLOY) + 1])

    def is_proven(self, build: Build) -> bool:
        """Whether it has shown what it is there to show."""
        return self.verdict(build, self.step) == "pass"

    @abstractmethod
    def run(self, walk: "Walk", build: Build) -> None:
        """Do what the screen is there for. Of the view only its class counts: it may not be shown any more."""

    def verb(self, build: Build) -> str:
        """See `OnboardView`."""
        return "next screen" if self.is_proven(build) else self.does

    def enter(self, build: Build) -> bool:
        """See `OnboardView`."""
        if self.is_proven(build):
            return False
        if self.can_begin(build):
            walk = self.walk
            walk.with_password(lambda: self.run(walk, build))
        else:
            self.walk.notify(self.words("not built"))
        return True

    def answer(self, build: Build) -> str:
        """See `OnboardView`."""
        verdict = self.verdict(build, self.step)
        if verdict == "waiting" and not self.can_begin(build):
            return self.words("not built")
        return self.words(f"answer {self.step} {verdict}")


class TokenView(ProofView):
    """The three tokens, and what API Gateway's own test of the authorizer says."""

    jobs: ClassVar[tuple[str, ...]] = ("testing",)
    does: ClassVar[str] = "sign in and test"

    def run(self, _walk: "Walk", build: Build) -> None:
        """See `ProofView`."""
        build.test()

    @classmethod
    def verdict(cls, build: Build, _step: str) -> str:
        """See `OnboardView`."""
        shown = build.walk.shown
        if shown.login is None or (build.is_busy and build.words == "testing"):
            return "reading" if build.is_busy and build.words == "testing" else "waiting"
        if shown.login.tokens is None:
            return "fail"
        if isinstance(shown.test, AuthorizerTest):
            return "pass" if shown.test.accepted else "fail"
        return "unknown" if isinstance(shown.test, Unread) else "waiting"

    def forms(self, _writes: "Sequence[Write]", build: Build) -> tuple[tuple[str, str], ...]:
        """See `OnboardView`: the sign-in and the test."""
        values = build.walk.values
        return (("cli", f"{sign_in_of(values)}\n{authorizer_test_of(values)}"),)

    def proof(self, build: Build) -> list[Fact]:
        """See `OnboardView`."""
        shown, texts = build.walk.shown, self.session.texts
        rows = token_rows(shown.login, texts)
        name = self.words("fact test")
        if isinstance(shown.test, AuthorizerTest):
            kind = "pass" if shown.test.accepted else "fail"
            rows.append(Fact(kind, (name, self.words(f"test {kind}", status=shown.test.client_status))))
        elif isinstance(shown.test, Unread):
            rows.append(Fact("unknown", (name, scrub(f"{shown.test.error} {shown.test.detail}".strip(), 300))))
        return rows


class CallView(ProofView):
    """Both calls, the claims that arrived in the function, and the command to call with."""

    jobs: ClassVar[tuple[str, ...]] = ("calling",)
    does: ClassVar[str] = "call api"

    def results(self) -> Iterable[Widget]:
        """See `OnboardView`."""
        yield from super().results()
        yield Prose(self.words("claims"), classes="heading claims")
        yield Facts([self.words("head claim"), self.label("value")], id="claims", column=1)

    def middle(self) -> Iterable[Widget]:
        """See `OnboardView`."""
        yield Prose(self.words("command"), classes="heading command")
        yield Value("", classes="inset command", id="command")
        yield Prose(self.words("about command"), classes="muted command")

    def run(self, _walk: "Walk", build: Build) -> None:
        """See `ProofView`."""
        build.call()

    @classmethod
    def verdict(cls, build: Build, _step: str) -> str:
        """See `OnboardView`."""
        from cogwizard.onboarding.first_call import greets

        shown = build.walk.shown
        if build.is_busy and build.words == "calling":
            return "reading"
        if shown.login is not None and shown.login.tokens is None:
            return "fail"
        if shown.answer is None:
            return "waiting"
        if isinstance(shown.answer, Unread):
            return "unknown"
        refused = shown.without_token
        return "pass" if greets(shown.answer) and isinstance(refused, Answer) and refused.status == 401 else "fail"

    def proof(self, build: Build) -> list[Fact]:
        """See `OnboardView`."""
        shown = build.walk.shown
        return [
            *answered(self.words("fact without token"), shown.without_token, 401),
            *answered(self.words("fact with token"), shown.answer, 200),
        ]

    async def show_middle(self, build: Build) -> None:
        """See `OnboardView`."""
        from cogwizard.onboarding.first_call import claims_of

        await super().show_middle(build)
        answer = build.walk.shown.answer
        claims = claims_of(answer) if isinstance(answer, Answer) else {}
        rows = [Fact("", (inert(name, 80), scrub(value, 300))) for name, value in claims.items()]
        self.put_facts("#claims", rows)
        command = curl(build) if "api_id" in build.walk.values else ""
        self.query_one("#command", Value).text = command
        for part in self.query(".command"):
            part.display = bool(command)
        for part in self.query(".claims"):
            part.display = bool(rows)

    def copyable_page(self) -> str | None:
        """See `Sheet`: the command."""
        return self.query_one("#command", Value).text or super().copyable_page()


def curl(build: Build) -> str:
    """Return the call as a command; its token comes out of the environment."""
    return f'curl -i -X POST -H "Authorization: Bearer $TOKEN" {shlex.quote(inert(build.walk.url, 500))}'
