"""Checklist: header prefix and header name. Guide: "you are using the authorization header correctly"."""

from collections.abc import Iterable, Iterator

from cogwizard.model.authorization import read_value
from cogwizard.model.case import Sent
from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.postman import FIELDS, Setup
from cogwizard.model.read import Read
from cogwizard.steps.header import value_findings
from cogwizard.steps.postman import no_needs, variables
from cogwizard.steps.postman_values import value
from cogwizard.steps.step import Say

_SENT, _NAME, _PLACEHOLDER, _FORM = "header-not-sent", "header-name-mismatch", "header-placeholder", "header-malformed"
_AUTHORIZATION = "Authorization"
_STAND_IN = "TOKEN"  # where the token itself is not there: what stands before it is judged


class PostmanHeaderStep:
    """postman-oauth.md 4.1 [run]: what the four keys of the signer make of a token."""

    id = "postman_header"
    codes = (_SENT, _NAME, _PLACEHOLDER, _FORM)
    keys = ("addTokenTo", "headerPrefix")

    def wants(self, _setup: Setup, /) -> Iterable[Read | None]:
        """Nothing of the pool: the authorizer decides."""
        return ()

    def has(self, setup: Setup) -> Iterator[Evidence]:
        """The header that the authorizer reads."""
        if setup.needs.header:
            yield Evidence("header", "", setup.needs.header, "the authorizer's identity source")

    def judge(self, setup: Setup) -> Iterator[Finding]:
        """See `PostmanStep`."""
        say = Say(self.id)
        sent = _sent(setup, say)
        yield sent
        yield _name(setup, say)
        if sent.verdict == "fail":
            yield from say.all_skipped((_PLACEHOLDER, _FORM), "masked", by=_SENT)
        else:
            yield from _value(setup, say)


def _sent(setup: Setup, say: Say) -> Finding:
    open_ = variables(setup, say, _SENT, "addTokenTo")
    if open_:
        return open_
    where, kind = value(setup, "addTokenTo") or "header", (value(setup, "tokenType") or "").strip().lower()
    if where != "header":
        seen = Evidence("header", _AUTHORIZATION, where, FIELDS["addTokenTo"])
        return say.failed(_SENT, seen, variant="query" if where == "queryParams" else "no-place", header=_AUTHORIZATION)
    if kind == "mac":
        return say.failed(_SENT, Evidence("header", _AUTHORIZATION, "none", FIELDS["tokenType"]), variant="mac")
    is_held = "accessToken" in setup.open or setup.entered.get("accessToken", "").strip()
    if setup.in_file and not is_held:
        # The app asks for a token; Newman, the Postman CLI and monitors do not (0.1 [run]).
        return say.warned(
            _SENT, Evidence("token", "a token", "none", FIELDS["accessToken"]), variant="no-token-in-file"
        )
    return say.passed(_SENT, variant="in-header", header=_AUTHORIZATION)


def _name(setup: Setup, say: Say) -> Finding:
    name = setup.needs.header
    if name is None:
        return no_needs(setup, say, _NAME)
    seen = Evidence("header", name, _AUTHORIZATION, "the authorizer's identity source")
    if name.lower() == _AUTHORIZATION.lower():
        return say.passed(_NAME, seen, header=name)
    return say.failed(_NAME, seen, variant="postman", header=name)


def _value(setup: Setup, say: Say) -> Iterator[Finding]:
    prefix, token = (value(setup, "headerPrefix") or "").strip(), value(setup, "accessToken") or ""
    is_open = "accessToken" in setup.open and "{{" not in token
    sent = f"{prefix} {token if token.strip() and not is_open else _STAND_IN}".strip()
    for found in value_findings(say, Sent(_AUTHORIZATION, read_value(sent))):
        if found.code in (_PLACEHOLDER, _FORM):
            yield found
