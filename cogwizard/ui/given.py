"""What the user gave about the failing call, as it was typed: it survives going back and forth."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the home screen has a `Given`, and is painted before a call can be read
    from cogwizard.intake.har import Recording
    from cogwizard.model.call import Call
    from cogwizard.model.case import Case
    from cogwizard.model.tokens import Tokens
    from cogwizard.signin.order import Order


@dataclass
class Given:
    """The failing call. `call` is what was pasted, None when there is only an answer; the rest is typed beside it.

    `token` goes into the header that the authorizer reads; `other_token` is only shown beside it. Both are secrets.
    `response`: what `curl -i` printed. `origin`: of the page that calls; `browser`: a page calls, whatever its origin.
    `headers_left_out`: the call is known by its URL alone, from a browser's message.
    `replay`: None as the method allows, else what the user said. `logs`: the user
    said that CloudWatch Logs be read. `replaced`: the response that a replay took the place of; another one, pasted
    later, counts again. `typed`: what stands in the fields of the call's screen and was not taken over yet.
    `recording`: the browser's recording that the call comes from. `signed_in`: the tokens of the sign-in here that
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
    origin: str = ""
    browser: bool = False
    headers_left_out: bool = False
    replay: bool | None = None
    logs: bool = False
    replaced: str = field(default="", repr=False)
    typed: dict[str, str] = field(default_factory=dict, repr=False, compare=False)
    recording: "Recording | None" = field(default=None, repr=False)
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
        from cogwizard.model.cors import origin_of

        call, api, stage = self.call, self.rest_api_id.strip() or None, self.stage.strip() or None
        target = read_url(call.url, api, stage) if call else Target("execute-api", "", "/", api, stage)
        # Made again without the token that nobody named, a call would be refused for that.
        lacks, may = self.headers_left_out and not self.token, call is not None and call.method.upper() in SAFE_METHODS
        origin = origin_of(self.origin)
        if call is not None and origin:
            call = call.with_header("Origin", origin)
        answer = read_response(self.response) if self.response.strip() and self.response != self.replaced else None
        case = Case(
            call or Call("GET", ""),
            target,
            now,
            region=self.region.strip() or None,
            answer=answer,
            given_token=self.token or None,
            source_ip=self.source_ip.strip() or None,
            browser=self.browser or bool(origin),
            headers_left_out=lacks,
            origin=origin,
            # Unasked, a call that may change data is not made again; its preflight changes nothing.
            probe=call is not None and (self.replay is not False or not may),
            replay=call is not None and (may and not lacks if self.replay is None else self.replay),
            call_given=call is not None,
            logs=self.logs,
        )
        if self.recording is None:
            return case
        from cogwizard.intake.har_case import recorded_case

        return recorded_case(case, self.recording, asked=self.replay is True)
