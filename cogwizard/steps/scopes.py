"""ID or access token, scopes, and the regular expression on `aud`: the token against the method as judged."""

from collections.abc import Iterable, Iterator

from cogwizard.model.api import Authorizer
from cogwizard.model.attempt import SIGN_IN_SCOPE
from cogwizard.model.case import Case
from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.inert import inert
from cogwizard.model.pattern import match
from cogwizard.model.read import Read
from cogwizard.model.read_api import GetAuthorizers, GetExport, GetResources
from cogwizard.model.route import Route
from cogwizard.model.token import Token
from cogwizard.model.view import Hole
from cogwizard.steps.step import Say, guarded, no_token

REGEX = "audience-regex-mismatch"
KINDS = ("access-token-where-id-token-expected", "id-token-where-access-token-expected")
SCOPE = "scope-not-in-token"


class ScopesStep:
    """Guide: "if no scopes are set on the method use an ID token, else an access token"; research 1.1, 1.3 [D]."""

    id = "scopes"
    codes = (REGEX, *KINDS, SCOPE)

    def wants(self, case: Case) -> Iterable[Read | None]:
        """The method and its authorizer, as deployed and as drafted."""
        return (case.api_read(kind) for kind in (GetExport, GetResources, GetAuthorizers))

    def judge(self, case: Case) -> Iterator[Finding]:
        """See `Step`."""
        say = Say(self.id)
        early = guarded(case, say, self.codes)
        if early is not None:
            yield from early
            return
        token, sent = case.token, case.sent
        if sent is not None and sent.unexpanded:
            for code in self.codes:
                yield say.unknown(code, variant="not-given", expression=sent.unexpanded.expression)
        elif token is None:
            yield from (no_token(case, say, code) for code in self.codes)
        elif token.flaw or token.kind in ("opaque", "refresh-token"):
            yield from say.all_skipped(self.codes, "unreadable-token")
        elif not isinstance(case.route, Route):
            yield from say.all_unknown(self.codes, Hole(), case)
        else:
            yield _audience(case, token, say)
            yield from _kind(case, case.route, token, say)


def _audience(case: Case, token: Token, say: Say) -> Finding:
    authorizer = case.authorizer
    if isinstance(authorizer, Hole):
        return say.not_read(REGEX, authorizer.because, case)
    if not isinstance(authorizer, Authorizer):
        return say.skipped(REGEX, "masked", by="authorizer-not-attached")
    expression = authorizer.validation_expression
    if not expression:
        return say.passed(REGEX, variant="none")
    shown = inert(expression, 200)
    audiences = token.audiences
    held = ", ".join(inert(item, 80) for item in audiences) or "none"
    evidence = Evidence("audience", shown, held, "identityValidationExpression, claim aud")
    if not audiences:
        return say.failed(REGEX, evidence, variant="no-aud", expression=shown)
    results = {match(expression, item) for item in audiences}
    if "full" in results:
        return say.passed(REGEX, evidence, expression=shown)
    if "unknown" in results:
        return say.unknown(REGEX, evidence, variant="syntax", expression=shown)
    if "part" in results:
        return say.unknown(REGEX, evidence, variant="unsure", expression=shown, audience=held)
    return say.failed(REGEX, evidence, expression=shown, audience=held)


def _kind(case: Case, route: Route, token: Token, say: Say) -> Iterator[Finding]:
    access_sent, id_sent = KINDS
    scopes = route.method.scopes
    wanted = ", ".join(scope for scope in scopes)
    where = {"method": case.call.method, "resource": route.resource}
    use = inert(str(token.claims.get("token_use", "none")), 40)
    source = "draft" if case.view == "draft" or case.api.assumed else "deployed"
    evidence = Evidence(
        "token kind", "access" if scopes else "id", use, f"claim token_use, the method's scopes ({source})"
    )
    if token.kind == "token":
        yield from (say.unknown(code, evidence, variant="no-kind") for code in KINDS)
        yield say.skipped(SCOPE, "masked", by=KINDS[0])
        return
    # The kind is one fact: it proves the check that fails, and nothing of the other.
    if token.kind == "id-token" and scopes:
        yield say.passed(access_sent)
        yield say.failed(id_sent, evidence, **where, scopes=wanted)
        yield say.skipped(SCOPE, "masked", by=id_sent)
        return
    if token.kind == "access-token" and not scopes:
        yield say.failed(access_sent, evidence, **where)
        yield say.passed(id_sent)
    else:
        yield say.passed(access_sent, evidence)
        yield say.passed(id_sent, evidence)
    if not scopes:
        yield (
            say.passed(SCOPE, variant="none")
            if token.kind == "id-token"
            else say.skipped(SCOPE, "masked", by=access_sent)
        )
        return
    held = " ".join(scope for scope in token.scopes) or "none"
    found = Evidence("scope", wanted, held, f"the method's scopes ({source}), claim scope")
    shared = [scope for scope in token.scopes if scope in scopes]
    if shared:
        yield say.passed(SCOPE, found, scope=shared[0])
    elif token.scopes == (SIGN_IN_SCOPE,):
        yield say.failed(SCOPE, found, variant="signin", wanted=wanted)
    else:
        yield say.failed(SCOPE, found, wanted=wanted, held=held)
