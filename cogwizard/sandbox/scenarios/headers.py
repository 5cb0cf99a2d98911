"""The header that carries the token."""

from collections.abc import Callable

from cogwizard.model.call import Unexpanded
from cogwizard.sandbox.scenarios.scenario import Scenario, Setting


def _sending(template: str) -> Callable[[Setting], None]:
    """Return a builder that sends `template` with `{token}` filled in."""

    def build(s: Setting) -> None:
        s.standard()
        s.send(template.replace("{token}", s.token()))

    return build


def _not_sent(s: Setting) -> None:
    s.standard()
    s.send("application/json", "Accept")


def _name(s: Setting) -> None:
    s.guard(header="X-Id-Token")
    s.protect()
    s.deploy()
    s.send(f"Bearer {s.token()}")


def _expression(s: Setting) -> None:
    s.guard(header="method.request.header.Authorization")
    s.protect()
    s.deploy()
    s.send(s.token())


def _line_break(s: Setting) -> None:
    s.standard()
    token = s.token()
    s.send(f"Bearer {token[:80]}\n{token[80:]}")


def _variable(s: Setting) -> None:
    s.standard()
    s.send("Bearer $TOKEN")
    s.unexpanded = (Unexpanded("Authorization", "$TOKEN"),)


SIGV4 = (
    "AWS4-HMAC-SHA256 Credential=ASIAEXAMPLE/20261121/ap-northeast-1/execute-api/aws4_request, "
    "SignedHeaders=host;x-amz-date, Signature=0000000000000000000000000000000000000000000000000000000000000000"
)

HEADERS = (
    Scenario("header-not-sent", _not_sent, ("header-not-sent",)),
    Scenario("header-not-sent-only-bearer", _sending("Bearer "), ("header-not-sent",)),
    Scenario("header-name-mismatch", _name, ("header-name-mismatch",)),
    Scenario("header-name-mismatch-expression", _expression, ("header-name-mismatch",)),
    Scenario("header-malformed-quotes", _sending('"{token}"'), ("header-malformed",)),
    Scenario("header-malformed-double-bearer", _sending("Bearer Bearer {token}"), ("header-malformed",)),
    Scenario("header-malformed-foreign-scheme", _sending("JWT {token}"), ("header-malformed",)),
    Scenario("header-malformed-space", _sending("Bearer  {token}"), ("header-malformed",)),
    Scenario("header-malformed-invisible", _sending("Bearer \u00ad{token}"), ("header-malformed",)),
    Scenario("header-malformed-json", _sending('{"id_token": "{token}"}'), ("header-malformed",)),
    Scenario("header-malformed-line-break", _line_break, ("header-malformed",)),
    Scenario(
        "header-malformed-bearer-case",
        _sending("bearer {token}"),
        unknowns=("header-malformed", "answer-not-explained"),
        outcome="inconclusive",
    ),
    Scenario("header-placeholder", _sending("Bearer undefined"), ("header-placeholder",)),
    Scenario("header-placeholder-postman", _sending("Bearer {{id_token}}"), ("header-placeholder",)),
    Scenario("sigv4-header", _sending(SIGV4), ("sigv4-header",)),
    Scenario("shell-variable", _variable, unknowns=("token-expired", "header-malformed"), outcome="inconclusive"),
)
