"""What the sign-in page sends, each in a thread and once: it makes the order, and says what takes the answer."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from cogwizard.ui.ask import Ask
from cogwizard.ui.signin.browser import Waiting
from cogwizard.ui.signin.challenge import Challenged

if TYPE_CHECKING:
    from cogwizard.login import Login
    from cogwizard.model.attempt import Flow, Refusal
    from cogwizard.model.tokens import Tokens
    from cogwizard.signin.order import Order
    from cogwizard.signin.redirect import Code
    from cogwizard.ui.signin.page import SignIn

Act = Callable[["Login"], bool]


class Talk:
    """Speaks for one page. A `Login` is used by one thread: who begins anew gets another with the same facts."""

    def __init__(self, page: "SignIn") -> None:
        """Take the page."""
        self._page = page

    def _order(self, flow: "Flow", secret: str | None = None, *, is_new: bool = False) -> "Order":
        """`is_new`: of the app client that was typed, not of the one that was looked up."""
        from cogwizard.model.attempt import GRANTS
        from cogwizard.signin.order import Order

        signing, purpose, known = self._page.signing, self._page.purpose, None if is_new else self._page.login.order
        return Order(
            flow,
            known.client_id if known else signing.client_id,
            known.user_pool_id if known else signing.user_pool_id or None,
            known.region if known else signing.region or None,
            None if flow in GRANTS else signing.username or None,
            secret or None,
            tuple(signing.scopes.split()) if flow in GRANTS else (),
            signing.redirect_uri or None,
            signing.domain or None,
            purpose.wants.kind,
            purpose.scopes,
        )

    def _fresh(self, order: "Order") -> Callable[[], "Login"]:
        from cogwizard.login import Login
        from cogwizard.model.attempt import Known

        session, known = self._page.session, self._page._login
        facts = replace(known.facts, user=None) if known else Known()

        def make() -> "Login":
            login = Login(session.ports, order, session.clock)
            login.facts = facts
            return login

        return make

    def look(self) -> Callable[[], "Login"]:
        """Return what reads the app client and its pool; to be run in a thread. Raises SetupError there."""
        from cogwizard.model.attempt import Known

        # What was typed for a flow is not looked at yet: a wrong domain is no reason not to read.
        order = replace(self._order("password", is_new=True), domain=None, redirect_uri=None, scopes=(), username=None)
        make = self._fresh(order)

        def work() -> "Login":
            login = make()
            login.facts = Known()  # it may be another app client's
            login.look()
            return login

        return work

    def send(self, flow: "Flow", secrets: Mapping[str, str]) -> None:
        """Begin a sign-in; `secrets` by field."""
        from cogwizard.model.attempt import GRANTS
        from cogwizard.model.tokens import Tokens

        order = self._order(flow, secrets.get("secret"))
        if flow == "client-credentials":
            self._ask_price(order)
        elif flow in GRANTS:
            self._browse(order)
        elif flow == "refresh":
            tokens = self._page.held_refresh_token or Tokens(refresh_token=secrets.get("refresh", "").strip())
            self._try(order, lambda login: login.refresh(tokens))
        else:
            password = secrets["password"]
            self._try(order, lambda login: login.start(password))

    def _try(self, order: "Order", act: Act) -> None:
        page, make = self._page, self._fresh(order)

        def work() -> "tuple[Login, bool]":
            login = make()
            done = act(login)
            if not done:
                login.confirm()
            return login, done

        page.ask(work, "signing in", page.ended)

    def _ask_price(self, order: "Order") -> None:
        page = self._page

        def answered(yes: bool | None) -> None:
            if yes and page.is_attached:
                self._try(order, lambda login: login.client_credentials())

        page.app.push_screen(
            Ask(lambda: page.say("ask price"), lambda: page.say("price yes"), lambda: page.say("price no")), answered
        )

    def _browse(self, order: "Order") -> None:
        page, make = self._page, self._fresh(order)
        waiting = Waiting(page.session.texts)

        def work() -> "tuple[Login, Waiting]":
            login = make()
            request = login.authorize()
            if request is not None:
                waiting.open(request)
            return login, waiting

        page.wait_with(waiting)
        page.ask(work, "preparing", page.browse)

    def answer(self, answers: dict[str, str]) -> None:
        """Answer the challenge. One that was answered wrong may be answered again, where Cognito lets it."""
        page, login = self._page, self._page.login
        challenge = login.challenge
        typed = {ask.name: answers[ask.name] for ask in challenge.asks if ask.attribute} if challenge else {}

        def work() -> "tuple[Login, bool]":
            done = login.answer(answers)
            if not done and not login.may_answer_again:
                login.confirm()
            return login, done

        async def ended(outcome: "tuple[Login, bool]") -> None:
            if outcome[1] or challenge is None or not login.may_answer_again:
                await page.ended(outcome)
            else:
                await page.show(lambda: Challenged(challenge, self._why(login), typed), *page._before)

        page.ask(work, "signing in", ended)

    def _why(self, login: "Login") -> str:
        texts = self._page.session.texts
        fails = [texts.summary(item) for item in login.findings() if item.verdict == "fail"]
        refusal = login.refusal
        return fails[0] if fails else (refusal.message or refusal.error) if refusal else ""

    def finish(self, answer: "Code | Tokens | Refusal") -> None:
        """Take what the browser brought back; a code is redeemed."""
        page, login = self._page, self._page.login

        def work() -> "tuple[Login, bool]":
            return login, login.finish(answer)

        page.ask(work, "redeeming", page.ended)
