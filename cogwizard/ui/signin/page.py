"""Get a token: which app client, which flow, what it asks, and the tokens. Each stage is a panel of its own."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from cogwizard.model.inert import inert
from cogwizard.model.read import Unread
from cogwizard.ui.signin.browser import Arrived, Browse, Waiting
from cogwizard.ui.signin.challenge import Challenged
from cogwizard.ui.signin.findings import Findings
from cogwizard.ui.signin.flows import Flows
from cogwizard.ui.signin.form import Form
from cogwizard.ui.signin.panel import Panel
from cogwizard.ui.signin.result import Result
from cogwizard.ui.signin.stages import Make, Stages
from cogwizard.ui.signin.state import Purpose, Signing, begin
from cogwizard.ui.signin.talk import Talk
from cogwizard.ui.signin.where import Where
from cogwizard.ui.widgets.crumbs import Crumb, crumbs

if TYPE_CHECKING:
    from cogwizard.login import Login
    from cogwizard.model.attempt import Attempt, Flow, Refusal
    from cogwizard.model.tokens import Tokens
    from cogwizard.signin.redirect import Code
    from cogwizard.steps.offers import Offer
    from cogwizard.ui.signin.password import ChangePassword

_STOPS = ("where", "flow", "sign in", "tokens")


class SignIn(Stages):
    """Gives True when a token was put into the session, False for a call without one, None when it is left.

    All that is sent is sent in threads, once; who leaves does not wait, and a late answer is dropped.
    """

    texts_name = "signin"
    help_key: ClassVar[str] = "sign in"

    def __init__(self, purpose: Purpose | None = None) -> None:
        """Take what the token is for."""
        super().__init__(Where)
        self.purpose = purpose or Purpose()
        self._signing = Signing()  # its own: the session has another one while the sandbox is read
        self._login: Login | None = None
        self._waiting: Waiting | None = None
        self.changing: ChangePassword | None = None  # the last one that was opened

    # -- what the panels ask for -------------------------------------------------------------------------------------

    @property
    def signing(self) -> Signing:
        """What was typed."""
        return self._signing

    @signing.setter
    def signing(self, value: Signing) -> None:
        self._signing = value
        if self.is_at_home:
            self.session.signing = value

    @property
    def is_sandbox(self) -> bool:
        """Whether a sandbox is read here, and not the user's AWS."""
        return self._sandbox is not None

    @property
    def is_scenario(self) -> bool:
        """Whether a scenario of the sandbox is read here, in which a user is known."""
        return self.is_sandbox and not self.session.is_practice

    @property
    def login(self) -> "Login":
        """The sign-in as it stands; raises RuntimeError before the app client was looked up."""
        if self._login is None:
            raise RuntimeError("no app client was looked up")
        return self._login

    @property
    def held_refresh_token(self) -> "Tokens | None":
        """Tokens of this app client among which there is a refresh token."""
        signing, given = self.signing, self.session.given
        for tokens, order in ((signing.tokens, signing.order), (given.signed_in, given.order)):
            if tokens and tokens.refresh_token and order and order.client_id == self.login.order.client_id:
                return tokens
        return None

    @property
    def can_change_password(self) -> bool:
        """Whether the tokens that are shown are those of the sign-in as it stands."""
        return self._login is not None and self._login.tokens is not None and self._login.tokens is self.signing.tokens

    def attempt_of(self, flow: "Flow") -> "Attempt":
        """Return the facts as they are before a flow is tried."""
        return replace(self.login.attempt, flow=flow, refusal=None, challenge=None, tokens=None)

    def listed(self, names: Iterable[str]) -> str:
        """Return names in a row."""
        return ("、" if self.session.texts.lang == "ja" else ", ").join(names)

    def about_tokens(self) -> Mapping[str, str]:
        """Return to what the tokens belong, for the vault."""
        order, tokens = self.signing.order, self.signing.tokens
        found = {"expires_at": str(int(tokens.expires_at)) if tokens else ""}
        if order:
            found |= {"client_id": order.client_id, "user_pool_id": order.user_pool_id or ""}
            found |= {"region": order.region or "", "username": order.username or ""}
        return {name: text for name, text in found.items() if text}

    # -- what stages ask for -----------------------------------------------------------------------------------------

    def prepare(self) -> None:
        """See `Stages`: fill in what is known."""
        remembered = replace(self.session.remembered, user_pool_id=None) if self.is_sandbox else None
        self.signing = begin(self.session.signing, self.purpose, remembered or self.session.remembered)

    def place(self) -> str:
        """See `Stages`."""
        return self.wizard.place_line(self.purpose.case)

    def stops(self, panel: Panel) -> tuple[Crumb, ...]:
        """See `Stages`."""
        client, flow = self._login.client if self._login else None, self.signing.flow
        name = inert((client.name if client else "") or self.signing.client_id, 80)
        picked = [name, self.say(f"short {flow}") if flow else ""][: panel.stop]
        return crumbs([self.say(f"stop {stop}") for stop in _STOPS], picked)

    def entered(self, panel: Panel) -> None:
        """See `Stages`: only the browser's stage listens."""
        if self._waiting is not None and not isinstance(panel, Browse):
            self._waiting.close()
            self._waiting = None

    def abandoned(self, panel: Panel) -> bool:
        """See `Stages`: what was sent may count, so that a challenge or a code cannot be answered again."""
        if self._waiting is not None:
            self._waiting.close()
        return isinstance(panel, Challenged | Browse)

    def on_unmount(self) -> None:
        """Listen no more."""
        if self._waiting is not None:
            self._waiting.close()

    def action_copy_value(self) -> None:
        """See `Speaking`. The key of an authenticator app never goes into a file."""
        if isinstance(self.panel, Challenged) and self.panel.challenge.key:
            from cogwizard.ui.clipboard import copy_in_background

            copy_in_background(self.wizard, self.panel.challenge.key, to_file=False)
        else:
            super().action_copy_value()

    # -- sending ------------------------------------------------------------------------------------------------------

    @property
    def talk(self) -> Talk:
        """What sends."""
        return Talk(self)

    def look(self) -> None:
        """Read the app client and its pool."""
        facts = self._login.facts if self._login else None
        if facts and not self.is_sandbox and (isinstance(facts.client, Unread) or isinstance(facts.pool, Unread)):
            self.session.renew()  # the user may have signed in to AWS meanwhile
        self.ask(self.talk.look(), "looking", self._looked)

    async def _looked(self, login: "Login") -> None:
        self._login = login
        order = login.order  # what was typed meanwhile was not looked up
        self.signing = self.signing.at(order.user_pool_id or "", order.region or "", order.client_id)
        await self.show(Flows, Where)

    def choose(self, offer: "Offer") -> None:
        """Go on with a flow; one that is off is explained, not tried."""
        if self.is_busy:
            return
        if offer.flow != self.signing.flow:
            self.signing.scopes = ""  # another flow can ask for others
        if offer.state == "off":
            self._explain(self.attempt_of(offer.flow))
        elif offer.flow in ("srp", "admin") and not self.login.order.user_pool_id:
            self._note = "needs pool"
            self._tick()
        elif offer.flow == "refresh" and self.held_refresh_token:
            self.signing.flow = offer.flow
            self.talk.send("refresh", {})
        else:
            self.signing.flow = offer.flow
            self.go_to(lambda: Form(offer.flow), Where, Flows)

    def _explain(self, attempt: "Attempt") -> None:
        from cogwizard.steps.attempt import judge

        found = judge(attempt)
        self.go_to(lambda: Findings(attempt, found), Where, Flows)

    def send(self, flow: "Flow", secrets: Mapping[str, str]) -> None:
        """Sign in with what the form holds; `secrets` by field."""
        if not self.is_busy:
            self.talk.send(flow, secrets)

    def answer(self, answers: dict[str, str]) -> None:
        """Answer the challenge."""
        self.talk.answer(answers)

    def finish(self, answer: "Code | Tokens | Refusal") -> None:
        """Take what the browser brought back."""
        self.talk.finish(answer)

    # -- what came back ----------------------------------------------------------------------------------------------

    @property
    def _before(self) -> tuple[Make, ...]:
        """Where `escape` leads from what came of the chosen flow."""
        flow = self.signing.flow or "password"
        return (Where, Flows) if flow == "refresh" and self.held_refresh_token else (Where, Flows, lambda: Form(flow))

    async def ended(self, outcome: "tuple[Login, bool]") -> None:
        """Show what came of an attempt: tokens, a challenge, or a refusal, which is never tried again by itself."""
        login, done = outcome
        self._login = login
        if done and login.tokens is not None:
            tokens, attempt, found = login.tokens, login.attempt, login.findings()
            self.signing.tokens, self.signing.order = tokens, login.order
            if not self.is_sandbox:
                self.session.remembered = replace(
                    self.session.remembered,
                    user_pool_id=login.order.user_pool_id,
                    client_id=login.order.client_id,
                )
            await self.show(lambda: Result(tokens, (attempt, found)), *self._before)
        elif done and login.challenge is not None:
            challenge = login.challenge
            await self.show(lambda: Challenged(challenge), *self._before)
        else:
            attempt, found = login.attempt, login.findings()
            await self.show(lambda: Findings(attempt, found), *self._before)

    async def browse(self, opened: "tuple[Login, Waiting]") -> None:
        """Show the address to open; without a domain, why there is none."""
        login, waiting = opened
        self._login = login
        request = login.request
        if request is None:
            await self.ended((login, False))
        else:
            await self.show(lambda: Browse(request, waiting), *self._before)

    def wait_with(self, waiting: Waiting) -> None:
        """Close what listens when the page is left, or the stage."""
        if self._waiting is not None:
            self._waiting.close()
        self._waiting = waiting

    def on_arrived(self, message: Arrived) -> None:
        """The browser came back, or is waited for no longer."""
        if self._waiting is None or message.listener is not self._waiting.listener:
            return
        if message.answer is not None and not self.is_busy:
            self.finish(message.answer)
        elif message.answer is None and isinstance(self.panel, Browse):
            self.panel.no_longer()

    def show_last(self) -> None:
        """Show the tokens of the last sign-in again."""
        tokens = self.signing.tokens
        if tokens and not self.is_busy:
            self.go_to(lambda: Result(tokens), Where)

    def use(self, tokens: "Tokens", token: str, other: str = "") -> None:
        """Put one of the tokens that are shown into the session, with all that came with it, and leave."""
        from cogwizard.signin.order import order_of

        order = self.signing.order if tokens is self.signing.tokens else None
        self.session.given.take(token, other, tokens, order_of(tokens, order))
        self.leave(True)

    def paste_instead(self) -> None:
        """Take a token that the user has."""
        from cogwizard.ui.give_token import GiveToken

        def given(answer: bool | None) -> None:
            if answer is not None:
                self.leave(answer)

        self.app.push_screen(GiveToken(self.purpose.wants.kind), given)
