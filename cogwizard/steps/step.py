"""What a step is, and the few words in which all steps say what they found."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from cogwizard.gateway import Reading, before, gate_of, read_answer
from cogwizard.model.case import Case
from cogwizard.model.finding import Evidence, Finding, Verdict
from cogwizard.model.read import Read
from cogwizard.model.route import NoRoute, Route
from cogwizard.model.view import Hole
from cogwizard.steps.blocked import told_by_web_acl
from cogwizard.steps.logged import narrowed


class Step(Protocol):
    """One screen of the guide. `id` names the screen, the text and the JSON; `codes` are all that it can raise."""

    @property
    def id(self) -> str: ...

    @property
    def codes(self) -> tuple[str, ...]: ...

    def wants(self, case: Case) -> Iterable[Read | None]:
        """Return what the step would still like to know, given what is known. Asked again after each fact.

        None stands for a read that cannot be named yet (no API, no token).
        """
        ...

    def judge(self, case: Case) -> Iterable[Finding]:
        """Return one finding for each check, judged in the case's view. Pure: same case, same findings."""
        ...


@dataclass(frozen=True)
class Say:
    """Makes the findings of one step."""

    step: str

    def _finding(
        self,
        code: str,
        verdict: Verdict,
        variant: str,
        params: Mapping[str, object],
        evidence: Iterable[Evidence],
        because: Iterable[Read] = (),
    ) -> Finding:
        texts = {key: str(value) for key, value in params.items()}
        return Finding(code, self.step, verdict, variant, texts, tuple(evidence), tuple(because))

    def passed(self, code: str, *evidence: Evidence, variant: str = "pass", **params: object) -> Finding:
        """The check held."""
        return self._finding(code, "pass", variant, params, evidence)

    def failed(self, code: str, *evidence: Evidence, variant: str = "fail", **params: object) -> Finding:
        """The check says that the call is stopped here."""
        return self._finding(code, "fail", variant, params, evidence)

    def warned(self, code: str, *evidence: Evidence, variant: str = "warn", **params: object) -> Finding:
        """Worth knowing, but it does not stop this call."""
        return self._finding(code, "warn", variant, params, evidence)

    def unknown(
        self,
        code: str,
        *evidence: Evidence,
        variant: str = "unread",
        because: Iterable[Read] = (),
        **params: str | int,
    ) -> Finding:
        """Not known: could not be read (`because` names the reads), was not given, or AWS does not document it."""
        return self._finding(code, "unknown", variant, params, evidence, because)

    def skipped(self, code: str, variant: str, **params: object) -> Finding:
        """Does not apply; the variant says why."""
        return self._finding(code, "skipped", variant, params, ())

    def all_skipped(self, codes: Iterable[str], variant: str, **params: object) -> list[Finding]:
        """Several checks that do not apply for the same reason."""
        return [self.skipped(code, variant, **params) for code in codes]

    def all_unknown(self, codes: Iterable[str], hole: Hole, case: Case, **params: str | int) -> list[Finding]:
        """Several checks that wait for the same facts."""
        return [self.not_read(code, hole.because, case, **params) for code in codes]

    def not_read(self, code: str, because: Iterable[Read | None], case: Case, **params: str | int) -> Finding:
        """Unknown because of reads that gave nothing, were not made, or could not even be named."""
        reads = tuple(read for read in because if read is not None)
        variant = "offline" if case.offline else "unread" if reads else "no-api"
        names = ", ".join(dict.fromkeys(read.action for read in reads))
        return self.unknown(code, variant=variant, because=reads, actions=names, **params)


def some(names: Iterable[str], most: int = 20) -> str:
    """Return names for people, the first `most` of them: an API may have thousands."""
    listed = list(names)
    more = f", ... ({len(listed)})" if len(listed) > most else ""
    return ", ".join(listed[:most]) + more


def guarded(case: Case, say: Say, codes: tuple[str, ...], *, own: bool = False) -> list[Finding] | None:
    """Return findings for `codes` when no Cognito authorizer is known to guard the method, else None.

    `own`: the checks look at what was sent alone. They are judged without the method too, unless the answer says that
    it was not the authorizer that refused: what is wrong with a token is then wrong for every Cognito authorizer.
    """
    if isinstance(case.route, Hole):
        seen = reading(case)
        if own and (seen is None or "token-malformed" in seen.codes or seen.proves == "token-expired"):
            return None
        return say.all_unknown(codes, case.route, case)
    if isinstance(case.route, NoRoute):
        return say.all_skipped(codes, "no-method")
    kind = case.route.method.authorization_type
    if kind == "NONE":
        return say.all_skipped(codes, "open-method")
    if kind != "COGNITO_USER_POOLS" or is_other_authorizer(case):
        return say.all_skipped(codes, "other-authorization", type=kind)
    return None


def no_token(case: Case, say: Say, code: str) -> Finding:
    """Return the finding for a check that has no token: not known without the request, else without a meaning."""
    if not case.call_given:
        return say.unknown(code, variant="no-request")
    return say.unknown(code, variant="stripped") if is_left_out(case) else say.skipped(code, "no-token")


def is_left_out(case: Case) -> bool:
    """Whether what the call lacks may only lack in its recording: the answer is not that of a call of ours."""
    return case.headers_left_out and (case.observed is None or case.observed.received_at is None)


def is_other_authorizer(case: Case) -> bool:
    """Whether the method's authorizer is known and is no Cognito one."""
    authorizer = case.authorizer
    return (
        authorizer is not None
        and not isinstance(authorizer, Hole)
        and authorizer.type not in ("", "COGNITO_USER_POOLS")
        and isinstance(case.route, Route)
    )


def reading(case: Case) -> Reading | None:
    """Return what the observed answer says, with what was logged of it and what the web ACL answers; None when nothing
    was observed."""
    return told_by_web_acl(narrowed(read_answer(case.observed), case), case) if case.observed else None


def proves(case: Case, code: str) -> bool:
    """Whether the observed answer by itself proves `code`."""
    seen = reading(case)
    return seen is not None and seen.proves == code


def passed_gate(case: Case, code: str) -> bool:
    """Whether the observed answer comes from a gate after that of `code`: the call got past it."""
    seen = reading(case)
    if seen is None or not seen.gates:
        return False
    return gate_of(code) in before(seen.gates[0])
