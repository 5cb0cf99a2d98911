"""One sign-in with all that is known about it: the app client is read first, every refusal becomes facts to judge.

The same for `cogwizard login` and the wizard. Blocking: the wizard calls it from threads, one at a time.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NoReturn
from urllib.parse import urlsplit

from cogwizard.aws.session import SetupError
from cogwizard.aws.signin import Refused, SignInCalls
from cogwizard.model.attempt import GRANTS, Attempt, Known, Refusal
from cogwizard.model.client import AppClient
from cogwizard.model.finding import Finding
from cogwizard.model.pool import Pool
from cogwizard.model.read import Absent, Read, Unread
from cogwizard.model.read_cognito import AdminGetUser, DescribeUserPool, DescribeUserPoolClient
from cogwizard.model.tokens import Tokens
from cogwizard.ports import Ports
from cogwizard.signin import cognito
from cogwizard.signin.callback import PROPOSED, listenable
from cogwizard.signin.challenge import Challenge
from cogwizard.signin.domain import base_url_for
from cogwizard.signin.oauth import AuthorizeRequest, TokenEndpoint, authorize_request
from cogwizard.signin.order import Order, expect_text, is_url, region_of, username_of
from cogwizard.signin.redirect import Code
from cogwizard.steps.attempt import judge
from cogwizard.steps.offers import Offer, offers

_WRONG_ANSWER = frozenset(
    {"CodeMismatchException", "ExpiredCodeException", "EnableSoftwareTokenMFAException", "InvalidPasswordException"}
)


class Login:
    """A sign-in. What it does gives True where it went well; then `tokens` or `challenge` is new, else `refusal`.

    Nothing that was refused is tried again by itself.
    """

    def __init__(
        self,
        ports: Ports,
        order: Order,
        clock: Callable[[], float] = time.time,
        log: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Take the order; nothing is read or sent. `log` takes a line about each read and each result.

        Raises SetupError for ids that are none (`bad-pool-id`, `bad-client-id`, `bad-domain`), and without a region.
        """
        self.ports, self.order, self._clock, self._log = ports, order, clock, log
        ports.clients.check()
        self.region = region_of(order, ports.clients.default_region())
        if (order.domain or "").lower().startswith("http://") and not self.is_elsewhere:
            raise SetupError("bad-domain", {})  # a client secret would go in clear
        self.facts = Known()
        self.tokens: Tokens | None = None
        self.challenge: Challenge | None = None
        self.refusal: Refusal | None = None
        self.request: AuthorizeRequest | None = None
        self._calls = SignInCalls(ports.clients, self.region)
        self._conversation: cognito.Conversation | None = None
        self._sent_secret = False
        self._is_redeeming = False

    @property
    def is_elsewhere(self) -> bool:
        """Whether an endpoint override sends the sign-in to another host than AWS's. Raises SetupError."""
        return self.ports.clients.overridden("cognito-idp", self.region)

    @property
    def host(self) -> str:
        """The endpoint to which user name and password go, without user information. Raises SetupError."""
        parts = urlsplit(self.ports.clients.endpoint("cognito-idp", self.region))
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"

    # -- what is known -------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Read the app client and its pool, side by side. Without the pool's id there is nothing to read."""
        pool_id = self.order.user_pool_id
        if pool_id:
            self._read(
                client=DescribeUserPoolClient(self.region, pool_id, self.order.client_id),
                pool=DescribeUserPool(self.region, pool_id),
            )

    def confirm(self) -> None:
        """Read the user's state after a refusal, where a user is known."""
        order = self.order
        # A user of that name in another pool than the app client's proves nothing.
        is_own_pool = self.client is not None or order.flow == "admin"
        if self.refusal and is_own_pool and order.user_pool_id and order.username and self.facts.user is None:
            read = AdminGetUser(self.region, order.user_pool_id, order.username)
            self._read(user=read)
            found = self.facts.user
            if isinstance(found, Absent) and found.error != "UserNotFoundException":
                # It is the pool that is not there.
                self.facts = replace(self.facts, user=Unread(read, "failed", found.error))

    def _read(self, **reads: Read) -> None:
        """Read members of `Known`, side by side."""
        found = self.ports.answers(list(reads.values()))
        values = {name: found[read] for name, read in reads.items()}
        self.facts = replace(self.facts, **values)  # type: ignore[arg-type]
        for read, value in found.items():
            self._log(f"{read.action} {value.error if isinstance(value, Absent | Unread) else 'ok'}")

    @property
    def client(self) -> AppClient | None:
        """The app client, where it could be read."""
        return self.facts.client if isinstance(self.facts.client, AppClient) else None

    @property
    def secret(self) -> str | None:
        """The client secret in use: the one that was given, else the app client's own."""
        if self.order.secret is not None:
            return self.order.secret
        return self.client.secret if self.client else None

    @property
    def attempt(self) -> Attempt:
        """All that is known, to be judged."""
        order, client = self.order, self.client
        known = None
        if order.secret is not None and client is not None and client.secret is not None:
            known = order.secret == client.secret
        return Attempt(
            flow=order.flow,
            region=self.region,
            client_id=order.client_id,
            user_pool_id=order.user_pool_id,
            username=order.username,
            client=self.facts.client,
            pool=self.facts.pool,
            user=self.facts.user,
            secret_sent=self._sent_secret,
            secret_known=known,
            scopes=order.scopes,
            redirect_uri=self.request.redirect_uri if self.request else order.redirect_uri,
            refusal=self.refusal,
            challenge=self.challenge.name if self.challenge else None,
            tokens=self.tokens,
            wanted=order.wanted,
            wanted_scopes=order.wanted_scopes,
        )

    def findings(self) -> list[Finding]:
        """Return what is to be said of the sign-in as it stands."""
        return judge(self.attempt)

    def offers(self, has_refresh_token: bool = False) -> tuple[Offer, ...]:
        """Return the flows, which of them are open, and which one leads to the token that is wanted."""
        attempt = self.attempt
        return offers(attempt.client, attempt.pool, attempt.wanted, attempt.wanted_scopes, has_refresh_token)

    # -- by the API ----------------------------------------------------------------------------------------------

    def start(self, password: str) -> bool:
        """Sign in with a password, by `password`, `srp` or `admin`.

        Raises SetupError for a password that is no text, ValueError for another flow, or without the pool it needs.
        """
        expect_text(password)
        self._conversation = cognito.Conversation(
            self._calls.call,
            self.order.client_id,
            self.order.username or "",
            user_pool_id=self.order.user_pool_id,
            secret=self.secret,
            clock=self._clock,
        )
        conversation = self._conversation
        return self._do(lambda: conversation.start(self.order.flow, password, self.client))

    def answer(self, answers: Mapping[str, str]) -> bool:
        """Answer the challenge: `Field.name` -> what was typed.

        Raises ValueError when there is none, KeyError when an answer is missing.
        """
        if self._conversation is None:
            raise ValueError("no sign-in has begun")
        conversation = self._conversation
        return self._do(lambda: conversation.answer(answers))

    def refresh(self, tokens: Tokens) -> bool:
        """Get new tokens by the refresh token among `tokens`. Raises ValueError when there is none."""
        held = tokens.refresh_token
        if held is None:
            raise ValueError("there is no refresh token")
        client = self.client
        rotates = client.rotates_refresh_tokens if client else False
        if client and not rotates and not client.allows("REFRESH_TOKEN_AUTH") and self._redeems:
            return self._do(lambda: tokens.refreshed(self._endpoint().refresh(held)))
        name = username_of(tokens) or self.order.username
        arguments = {"secret": self.secret, "username": name, "rotates": rotates, "now": self._clock()}
        return self._do(lambda: cognito.refresh(self._calls.call, self.order.client_id, held, **arguments))  # type: ignore[arg-type]

    @property
    def can_refresh(self) -> bool:
        """Whether nothing that was read stands against a refresh. Raises SetupError."""
        client = self.client
        if client is None or client.rotates_refresh_tokens or client.allows("REFRESH_TOKEN_AUTH"):
            return True
        return self._redeems

    @property
    def _redeems(self) -> bool:
        """Whether the pool's domain refreshes for this app client.

        Who signed in by a code can always refresh there; who did by the API can where no devices are remembered [D: the
        guide on the token endpoint].
        """
        return self.client is not None and self.client.oauth_enabled and self.domain is not None

    def change_password(self, old: str, new: str) -> bool:
        """Change the password of the signed-in user. Raises ValueError without an access token."""
        token = self.tokens.access_token if self.tokens else None
        if token is None:
            raise ValueError("nobody is signed in")
        tokens = self.tokens

        def change() -> Tokens | None:
            cognito.change_password(self._calls.call, token, old, new)
            return tokens

        return self._do(change)

    @property
    def may_answer_again(self) -> bool:
        """Whether the refusal was about the answer alone, so that the same challenge takes another one (7.2 [R])."""
        return self.challenge is not None and self.refusal is not None and self.refusal.error in _WRONG_ANSWER

    # -- by the pool's domain ------------------------------------------------------------------------------------

    @property
    def domain(self) -> str | None:
        """The base URL of the pool's domain, None where none is known. Raises SetupError."""
        given, pool = self.order.domain, self.facts.pool
        if given:
            return given if "://" in given else f"https://{given}"
        return base_url_for(self.ports.clients, pool, self.region) if isinstance(pool, Pool) else None

    @property
    def endpoint(self) -> str | None:
        """The address of the domain that the flow goes to, None for a flow of the API, or without a domain."""
        base = self.domain if self.order.flow in GRANTS else None
        path = "token" if self.order.flow == "client-credentials" or self._is_redeeming else "authorize"
        return f"{base}/oauth2/{path}" if base else None

    @property
    def redirect_uri(self) -> str:
        """The callback URL to send: the one that was asked for, one that can be listened on, the first, a proposal."""
        registered = self.client.callback_urls if self.client else ()
        usable = [url for url in registered if is_url(url)]
        return self.order.redirect_uri or listenable(usable) or next(iter(usable), PROPOSED)

    def authorize(self) -> AuthorizeRequest | None:
        """Return what the browser is to open, for `browser` and `implicit`; None without a domain. Sends nothing."""
        base = self.domain
        if base is None:
            return None
        self.request = authorize_request(
            base,
            self.order.client_id,
            self.redirect_uri,
            self.order.scopes,
            implicit=GRANTS.get(self.order.flow) == "implicit",
            login_hint=self.order.username,
        )
        return self.request

    def finish(self, answer: Code | Tokens | Refusal) -> bool:
        """Take what the browser brought back; a code is redeemed. Raises ValueError before `authorize`."""
        request = self.request
        if request is None:
            raise ValueError("nothing was asked")
        if isinstance(answer, Refusal):
            return self._do(lambda: _refuse(answer))
        if isinstance(answer, Tokens):
            return self._do(lambda: answer)
        self._is_redeeming = True
        return self._do(lambda: self._endpoint().redeem(request, answer.value))

    def client_credentials(self) -> bool:
        """Get an access token for the app client itself. AWS bills it: the user has been told."""
        return self._do(lambda: self._endpoint().client_credentials(self.order.scopes))

    def _endpoint(self) -> TokenEndpoint:
        base = self.domain
        if base is None:
            _refuse(Refusal("token", "no-domain", "", 0, "not-asked"))
        return TokenEndpoint(base, self.ports.clients, self.order.client_id, self.secret)

    # -- what came back ------------------------------------------------------------------------------------------

    def _do(self, work: Callable[[], Tokens | Challenge | None]) -> bool:
        self._sent_secret, self.refusal = self.secret is not None, None
        try:
            result = work()
        except Refused as error:
            self.refusal = error.refusal
            self._log(f"{self.order.flow}: {error.refusal.operation} {error.refusal.status} {error.refusal.error}")
            return False
        self._log(f"{self.order.flow}: {result.name if isinstance(result, Challenge) else 'tokens'}")
        if isinstance(result, Challenge):
            self.challenge = result
        else:
            self.tokens, self.challenge = result, None
        return True


def _refuse(refusal: Refusal) -> NoReturn:
    raise Refused(refusal)
