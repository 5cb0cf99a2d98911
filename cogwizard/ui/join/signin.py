"""The sign-in of one who joins: user name and password, and what Cognito asks further, as on the sign-in page."""

from copy import copy
from typing import TYPE_CHECKING, ClassVar

from cogwizard.model.attempt import Known
from cogwizard.model.inert import inert
from cogwizard.signin.order import Order
from cogwizard.ui.join.state import as_user
from cogwizard.ui.signin.challenge import Challenged
from cogwizard.ui.signin.form import Form
from cogwizard.ui.signin.panel import Panel
from cogwizard.ui.signin.stages import Stages
from cogwizard.ui.signin.state import Purpose, Signing
from cogwizard.ui.widgets.crumbs import Crumbs
from cogwizard.ui.widgets.topline import TopLine

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cogwizard.joining import Join
    from cogwizard.login import Login
    from cogwizard.model.attempt import Flow


class JoinSignIn(Stages):
    """Gives True when Cognito answered with tokens or a refusal, None when it is left. `join` has what came of it.

    It stands for the sign-in page to the panels of that page: what they ask of `page` is here too.
    """

    texts_name = "signin"
    help_key: ClassVar[str] = "join sign in"
    held_refresh_token = None
    is_scenario = False

    def __init__(self, join: "Join", *, agreed: bool) -> None:
        """`agreed`: the user was told of a pool that is not proven to be their own account's."""
        flow = join.flow
        super().__init__(lambda: Form(flow))
        team = join.joining.team
        self.join, self._agreed = join, agreed
        self.signing = Signing(team.user_pool_id, team.pool_region, team.client_id, join.joining.username or "")
        self.purpose = Purpose()
        self._before: Login | None = None

    @property
    def login(self) -> "Login":
        """The sign-in as it stands; before one was begun, what is known for it."""
        if self.join.login is not None:
            return self.join.login
        if self._before is None:
            from cogwizard.login import Login

            team, joining = self.join.joining.team, self.join.joining
            order = Order(self.join.flow, team.client_id, team.user_pool_id, team.pool_region)
            self._before = Login(self.join.ports, order)
            self._before.facts = Known(joining.client, joining.pool)
        return self._before

    def _frame(self) -> None:
        super()._frame()
        team = self.join.joining.team
        name = inert(team.name or team.rest_api_id, 80)
        self.query_one(TopLine).trail = self.session.texts.screen("join_page", "trail sign in", name=name)
        self.query_one(Crumbs).display = False  # one stage is no way

    def abandoned(self, panel: Panel) -> bool:
        """See `Stages`: what was sent may count, so that a challenge cannot be answered again."""
        return isinstance(panel, Challenged)

    def send(self, _flow: "Flow", secrets: "Mapping[str, str]") -> None:
        """Sign in, once."""
        join, agreed = as_user(self.join, self.signing.username), self._agreed
        password, secret = secrets["password"], secrets.get("secret") or None

        def work() -> "tuple[Join, bool]":
            return join, join.sign_in(password, secret=secret, agreed=agreed)

        self.ask(work, "signing in", self._ended)

    def answer(self, answers: dict[str, str]) -> None:
        """Answer the challenge. One that was answered wrong may be answered again, where Cognito lets it."""
        join, challenge = copy(self.join), self.login.challenge
        typed = {ask.name: answers[ask.name] for ask in challenge.asks if ask.attribute} if challenge else {}

        def work() -> "tuple[Join, bool]":
            return join, join.answer(answers)

        async def ended(outcome: "tuple[Join, bool]") -> None:
            login = outcome[0].login
            if outcome[1] or challenge is None or login is None or not login.may_answer_again:
                await self._ended(outcome)
            else:
                self.join = outcome[0]
                await self.show(lambda: Challenged(challenge, self._why(login), typed), self._form)

        self.ask(work, "signing in", ended)

    def _form(self) -> Form:
        return Form(self.join.flow)

    def _why(self, login: "Login") -> str:
        texts = self.session.texts
        fails = [texts.summary(item) for item in login.findings() if item.verdict == "fail"]
        refusal = login.refusal
        return fails[0] if fails else (refusal.message or refusal.error) if refusal else ""

    async def _ended(self, outcome: "tuple[Join, bool]") -> None:
        self.join, done = outcome
        challenge = self.login.challenge
        if done and challenge is not None:
            await self.show(lambda: Challenged(challenge), self._form)
        else:
            self.leave(True)
