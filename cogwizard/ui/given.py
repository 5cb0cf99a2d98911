"""What the user gave about the failing call, as it was typed: it survives going back and forth."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the home screen has a `Given`, and is painted before a call can be read
    from cogwizard.model.call import Call
    from cogwizard.model.case import Case
    from cogwizard.model.tokens import Tokens
    from cogwizard.signin.order import Order


@dataclass
class Given:
    """The failing call. `call` is what was pasted, None when there is only an answer; the rest is typed beside it.

    `token` goes into the header that the authorizer reads; `other_token` is only shown beside it. Both are secrets.
    `response`: what `curl -i` printed. `replay`: None as the method allows, else what the user said. `replaced`: the
    response that a replay took the place of; another one, pasted later, counts again. `typed`: what stands
    in the fields of the call's screen and was not taken over yet. `signed_in`: the tokens of the sign-in here that
    `token` came by, with the refresh token; `order`: by what it was, see `login.order_of`.
    """

    call: "Call | None" = None
    token: str = field(default="", repr=False)
    other_token: str = field(default="", repr=False)
    response: str = field(default="", repr=False)
    rest_api_id: str = ""
    stage: str = ""
    region: str = ""
    source_ip: str = ""
    replay: bool | None = None
    replaced: str = field(default="", repr=False)
    typed: dict[str, str] = field(default_factory=dict, repr=False, compare=False)
    signed_in: "Tokens | None" = field(default=None, repr=False, compare=False)
    order: "Order | None" = field(default=None, repr=False, compare=False)

    def take(
        self, token: str, other: str = "", signed_in: "Tokens | None" = None, order: "Order | None" = None
    ) -> None:
        """Send another token; one of a sign-in comes with all that it gave."""
        self.token, self.other_token, self.signed_in, self.order = token, other, signed_in, order

    def case(self, now: float) -> "Case":
        """Return the case; `now` in Unix seconds. Raises BadInput for a URL or an answer that cannot be read."""
        from cogwizard.intake.response import read_response
        from cogwizard.intake.url import read_url
        from cogwizard.model.call import SAFE_METHODS, Call, Target
        from cogwizard.model.case import Case

        call, api, stage = self.call, self.rest_api_id.strip() or None, self.stage.strip() or None
        target = read_url(call.url, api, stage) if call else Target("execute-api", "", "/", api, stage)
        answer = read_response(self.response) if self.response.strip() and self.response != self.replaced else None
        return Case(
            call or Call("GET", ""),
            target,
            now,
            region=self.region.strip() or None,
            answer=answer,
            given_token=self.token or None,
            source_ip=self.source_ip.strip() or None,
            replay=call is not None and (call.method.upper() in SAFE_METHODS if self.replay is None else self.replay),
            call_given=call is not None,
        )
