"""The token itself: can it be read, who issued it, who signed it, and is it in time?"""

from collections.abc import Iterable, Iterator

from cogwizard.model.case import Case
from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.inert import fingerprint, inert
from cogwizard.model.pool import Pool
from cogwizard.model.read import Read
from cogwizard.model.read_cognito import DescribeUserPool
from cogwizard.model.token import Token
from cogwizard.steps.signature import is_signed_by
from cogwizard.steps.step import Say, guarded, no_token, proves
from cogwizard.steps.times import judge_skew, judge_times

FORM = ("opaque-token-sent", "refresh-token-sent", "token-malformed")
ISSUER = ("issuer-not-cognito", "issuer-updated")
SIGNATURE = ("algorithm-not-allowed", "signing-key-unknown", "signature-invalid")
TIMES = ("token-expired", "token-not-yet-valid", "clock-skew")


class TokenStep:
    """AWS's guide, second section: expiry, issuer, the string itself; and the signature."""

    id = "token"
    codes = (*FORM, *ISSUER, *SIGNATURE, *TIMES)

    def wants(self, case: Case) -> Iterable[Read | None]:
        """The issuer's keys."""
        yield case.keys_read

    def judge(self, case: Case) -> Iterator[Finding]:
        """See `Step`."""
        say = Say(self.id)
        early = guarded(case, say, self.codes, own=True)
        if early is not None:
            yield from early
            return
        token, sent = case.token, case.sent
        if token is None:
            checks = self.codes[:-1]
            if sent is not None and sent.unexpanded:
                for code in checks:
                    yield _expired_anyway(case, say, code) or say.unknown(
                        code, variant="not-given", expression=sent.unexpanded.expression
                    )
            else:
                for code in checks:
                    yield _expired_anyway(case, say, code) or no_token(case, say, code)
            yield judge_skew(case, say)
            return
        yield from _form(token, say)
        if token.flaw or token.kind in ("opaque", "refresh-token"):
            yield from say.all_skipped((*ISSUER, *SIGNATURE), "unreadable-token")
            for code in TIMES[:2]:
                yield _expired_anyway(case, say, code) or say.skipped(code, "unreadable-token")
            yield judge_skew(case, say)
            return
        yield from _issuer(case, token, say)
        yield from _signature(case, token, say)
        yield from judge_times(case, token, say)


def _expired_anyway(case: Case, say: Say, code: str) -> Finding | None:
    """API Gateway's own word that the token has expired, for a token that we cannot read or were not given."""
    if code != "token-expired" or not proves(case, code):
        return None
    evidence = Evidence("expiry", "in the future", "The incoming token has expired", "the answer's body")
    return say.failed(code, evidence, variant="proven")


def _form(token: Token, say: Say) -> Iterator[Finding]:
    opaque, refresh, malformed = FORM
    evidence = Evidence("token", "a JWT of three parts", f"{token.label}, {token.parts} parts", "the request")
    if token.kind == "opaque":
        yield say.failed(opaque, evidence, length=len(token.text))
        yield from say.all_skipped(FORM[1:], "masked", by=opaque)
        return
    yield say.passed(opaque)
    if token.kind == "refresh-token":
        yield say.failed(refresh, evidence)
        yield say.skipped(malformed, "masked", by=refresh)
        return
    yield say.passed(refresh)
    if token.flaw is None and token.padded:
        yield say.unknown(malformed, evidence, variant="padding")
        return
    if token.flaw is None:
        yield say.passed(malformed, evidence, kind=token.kind)
        return
    at = f" at character {token.flaw_at} ({token.flaw_char})" if token.flaw == "character" else ""
    found = Evidence("token", "a JWT of three parts", f"{token.flaw} {token.flaw_part}{at}".strip(), "the request")
    yield say.failed(
        malformed,
        found,
        variant="json" if token.flaw == "not-object" else token.flaw,
        parts=token.parts,
        part=token.flaw_part,
        position=token.flaw_at,
        character=token.flaw_char,
    )


def _issuer(case: Case, token: Token, say: Say) -> Iterator[Finding]:
    cognito, updated = ISSUER
    iss = token.claims.get("iss")
    if case.issuer is None:
        shown = inert(str(iss), 200) if iss is not None else "none"
        evidence = Evidence("issuer", "https://cognito-idp.REGION.amazonaws.com/POOL_ID", shown, "claim iss")
        if iss is None:
            yield say.failed(cognito, evidence, variant="missing")
        else:
            yield say.failed(cognito, evidence, issuer=shown)
        yield say.skipped(updated, "masked", by=cognito)
        return
    url = case.issuer.url
    evidence = Evidence("issuer", "https://cognito-idp.REGION.amazonaws.com/POOL_ID", url, "claim iss")
    if case.issuer.updated:
        yield say.passed(cognito, issuer=url)
        # A warning; `diagnosis` makes it the cause where nothing else explains the 401 (research 1.8 [R]).
        yield say.warned(updated, evidence, issuer=url)
    else:
        yield say.passed(cognito, evidence, issuer=url)
        yield say.passed(updated, issuer=url)


def _signature(case: Case, token: Token, say: Say) -> Iterator[Finding]:
    algorithm, unknown_key, invalid = SIGNATURE
    name = token.header.get("alg")
    shown = inert(str(name), 40) if name is not None else "none"
    evidence = Evidence("algorithm", "RS256", shown, "the token's header")
    if name != "RS256":
        yield say.failed(algorithm, evidence, algorithm=shown)
        yield from say.all_skipped(SIGNATURE[1:], "masked", by=algorithm)
        return
    yield say.passed(algorithm, evidence)
    if case.issuer is None:
        yield from say.all_skipped(SIGNATURE[1:], "masked", by="issuer-not-cognito")
        return
    pool = case.known(DescribeUserPool(case.issuer.region, case.issuer.pool_id), Pool)
    if case.absent(case.keys_read) and pool is not None:
        yield from (say.not_read(code, (case.keys_read,), case) for code in SIGNATURE[1:])
        return
    if case.absent(case.keys_read):
        yield from say.all_skipped(SIGNATURE[1:], "no-pool", pool=case.issuer.pool_id)
        return
    if case.keys is None:
        yield from (say.not_read(code, (case.keys_read,), case) for code in SIGNATURE[1:])
        return
    kid = token.header.get("kid")
    kid_shown = inert(kid, 60) if isinstance(kid, str) else "none"
    key = next((item for item in case.keys if item.kid == kid), None)
    held = ", ".join(inert(item.kid, 24) for item in case.keys[:4]) or "none"
    key_evidence = Evidence("key id", held, kid_shown, f"{case.issuer.url}/.well-known/jwks.json")
    if key is None:
        yield say.failed(
            unknown_key, key_evidence, variant="fail" if isinstance(kid, str) else "missing", kid=kid_shown
        )
        yield say.skipped(invalid, "masked", by=unknown_key)
        return
    yield say.passed(unknown_key, key_evidence, kid=kid_shown)
    signed = is_signed_by(token, key)
    if signed is not None:
        signed = case.signatures.get(fingerprint(token.text), signed)
    result = Evidence("signature", "made by the key", "yes" if signed else "no", "RS256 over header and payload")
    if signed is None:
        yield say.unknown(invalid, variant="bad-key", kid=kid_shown)
    elif signed:
        yield say.passed(invalid, result, kid=kid_shown)
    else:
        yield say.failed(invalid, result, kid=kid_shown)
