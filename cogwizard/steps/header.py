"""The header: is it the one that the authorizer reads, and is its value a bare or a Bearer token?"""

from collections.abc import Iterable, Iterator

from cogwizard.model.authorization import HeaderFlaw
from cogwizard.model.case import Case, Sent
from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.inert import inert
from cogwizard.model.read import Read
from cogwizard.model.read_api import GetAuthorizers
from cogwizard.model.view import Hole
from cogwizard.steps.step import Say, guarded, is_left_out, some

CODES = ("header-not-sent", "header-name-mismatch", "header-placeholder", "sigv4-header", "header-malformed")


class HeaderStep:
    """Guide: "you are using the authorization header correctly"; research 1.2."""

    id = "header"
    codes = CODES

    def wants(self, case: Case) -> Iterable[Read | None]:
        """The authorizer that names the header."""
        yield case.api_read(GetAuthorizers)

    def judge(self, case: Case) -> Iterator[Finding]:
        """See `Step`."""
        say = Say(self.id)
        early = guarded(case, say, self.codes, own=True)
        if early is not None:
            yield from early
            return
        name = case.identity_header
        if name is None and not isinstance(case.authorizer, Hole):
            yield from say.all_skipped(self.codes, "masked", by="authorizer-not-attached")
            return
        yield from _judge(case, say, (name or "Authorization"))


def _judge(case: Case, say: Say, name: str) -> Iterator[Finding]:
    source = "the authorizer's identity source" if case.identity_header else "assumed: nothing was read"
    sent = case.sent
    if isinstance(case.authorizer, Hole) and not case.offline and case.call_given and (sent is None or sent.other):
        # Only the authorizer could tell which header it reads. Offline, Authorization is taken for it.
        yield from say.all_unknown(CODES, case.authorizer, case)
        return
    if sent is None and not case.call_given:
        yield from (say.unknown(code, variant="no-request") for code in CODES)
        return
    if sent is None and is_left_out(case):
        yield from (say.unknown(code, variant="stripped") for code in CODES)
        return
    if sent is None:
        names = some(key for key, _ in case.call.headers) or "none"
        evidence = Evidence("header", name, names, f"the request, {source}")
        yield say.failed(
            "header-not-sent", evidence, variant="fail" if case.identity_header else "assumed", header=name
        )
        yield from say.all_skipped(CODES[1:], "no-token")
        return
    if sent.other:
        yield say.skipped("header-not-sent", "masked", by="header-name-mismatch")
        yield _mismatch(say, name, sent, source)
    elif sent.value.kind == "empty" and not sent.unexpanded:
        evidence = Evidence("header", f"{name} with a token", "empty", "the request")
        yield say.failed("header-not-sent", evidence, variant="fail-empty", header=name)
        yield from say.all_skipped(CODES[1:], "no-token")
        return
    else:
        # One fact, told once: with the header's name where it is known, else alone.
        if isinstance(case.authorizer, Hole) and not case.offline:
            yield say.passed("header-not-sent", Evidence("header", name, sent.header, "the request"), header=name)
            yield say.not_read("header-name-mismatch", case.authorizer.because, case)
        else:
            evidence = Evidence("header", name, sent.header, f"the request, {source}")
            yield say.passed("header-not-sent", header=name)
            yield say.passed("header-name-mismatch", evidence, header=name)
    yield from value_findings(say, sent)


def _mismatch(say: Say, name: str, sent: Sent, source: str) -> Finding:
    evidence = Evidence("header", name, sent.header, f"the request, {source}")
    if name.startswith("method.request."):
        return say.failed("header-name-mismatch", evidence, variant="fail-expression", header=name)
    return say.failed("header-name-mismatch", evidence, header=name, sent=sent.header)


def value_findings(say: Say, sent: Sent) -> Iterator[Finding]:
    """Yield what is to be said of a header's value: no placeholder, no AWS signature, no stray character."""
    if sent.unexpanded:
        expression = sent.unexpanded.expression
        for code in CODES[2:]:
            yield say.unknown(code, variant="not-given", expression=expression)
        return
    value = sent.value
    where = f"header {sent.header}"
    if value.kind == "placeholder":
        shown = inert(value.placeholder, 60)
        yield say.failed("header-placeholder", Evidence("token", "a token", shown, where), placeholder=shown)
        yield from say.all_skipped(CODES[3:], "masked", by="header-placeholder")
        return
    yield say.passed("header-placeholder")
    if value.kind == "sigv4":
        yield say.failed("sigv4-header", Evidence("token", "a token", "AWS4-HMAC-SHA256 ...", where))
        yield say.skipped("header-malformed", "masked", by="sigv4-header")
        return
    yield say.passed("sigv4-header")
    yield _form(say, sent, where)


def _form(say: Say, sent: Sent, where: str) -> Finding:
    """With or without "Bearer" is never a verdict (research 1.2): bare is documented, both are accepted."""
    code, value = "header-malformed", sent.value
    if value.breaking:
        evidence = [Evidence("form", "TOKEN or Bearer TOKEN", _describe(flaw), where) for flaw in value.breaking]
        first = value.breaking[0]
        return say.failed(
            code,
            *evidence,
            variant=first.kind,
            position=first.position,
            character=first.character,
            scheme=first.scheme,
        )
    kinds = {flaw.kind: flaw for flaw in value.flaws}
    if "bearer-case" in kinds:
        scheme = kinds["bearer-case"].scheme
        return say.unknown(code, Evidence("form", "Bearer", scheme, where), variant="bearer-case", scheme=scheme)
    if "edges" in kinds:
        return say.warned(code, Evidence("form", "no space", "white space at the edges", where), variant="edges")
    bearer = value.scheme is not None
    evidence = [Evidence("form", "TOKEN or Bearer TOKEN", "Bearer TOKEN" if bearer else "TOKEN", where)]
    return say.passed(code, *evidence, variant="bearer" if bearer else "bare")


def _describe(flaw: HeaderFlaw) -> str:
    parts = [flaw.kind, (flaw.character or flaw.scheme)]
    if flaw.position:
        parts.append(f"at character {flaw.position}")
    return " ".join(part for part in parts if part)
