"""Who reads, and what could not be read: the failures of our own reads as findings."""

from collections.abc import Iterable, Iterator

from cogwizard.model.case import Case
from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.read import Absent, Read, Unread
from cogwizard.model.read_api import GetRestApi
from cogwizard.model.read_web import GetCallerIdentity
from cogwizard.steps.http_api import is_http
from cogwizard.steps.step import Say

# How the server's certificate was refused (`aws.tls`), by the variant that says what to do.
_CERTIFICATES = {
    "CertificateAuthorityUnknown": "authority-unknown",
    "CertificateRefused": "authority-unknown",
    "CertificateSelfSigned": "self-signed",
    "CertificateExpired": "certificate-expired",
    "CertificateNotYetValid": "certificate-early",
    "CertificateForAnotherHost": "another-host",
}


def certificate_variant(error: str) -> str | None:
    """Return the variant of `aws-unreachable` for a read's error; None where no certificate was refused."""
    return _CERTIFICATES.get(error)


class AccessStep:
    """Codes of the group "us": never a cause, and never silence."""

    id = "access"
    codes = ("permission-missing", "aws-credentials", "aws-unreachable", "throttled")

    def wants(self, case: Case) -> Iterable[Read | None]:
        """Whose credentials these are."""
        region = case.api_region
        yield GetCallerIdentity(region) if region else None

    def judge(self, case: Case) -> Iterator[Finding]:
        """See `Step`."""
        say = Say(self.id)
        if case.offline:
            yield from (say.not_read(code, (), case) for code in self.codes)
            return
        failed = [value for value in case.facts.values() if isinstance(value, Unread)]
        yield _denied(say, [item for item in failed if item.reason == "denied"])
        yield _credentials(case, say, [item for item in failed if item.reason == "credentials"])
        yield _unreachable(
            say, [item for item in failed if item.reason in ("unreachable", "failed", "malformed", "withheld")]
        )
        throttled = [item for item in failed if item.reason == "throttled"]
        if throttled:
            actions = ", ".join(item.read.action for item in throttled)
            yield say.unknown("throttled", *map(_evidence, throttled), variant="unknown", actions=actions)
        else:
            yield say.passed("throttled")


def _evidence(item: Unread) -> Evidence:
    shown = f"{item.error}: {item.detail}" if item.detail else item.error
    return Evidence("read", item.read.action, shown, (item.read.permission or "no permission needed"))


def _denied(say: Say, denied: list[Unread]) -> Finding:
    if not denied:
        return say.passed("permission-missing")
    permissions = "; ".join((item.read.permission or item.read.action) for item in denied)
    return say.unknown("permission-missing", *map(_evidence, denied), variant="unknown", permissions=permissions)


def _credentials(case: Case, say: Say, failed: list[Unread]) -> Finding:
    code = "aws-credentials"
    account = f"********{case.account[-4:]}" if case.account else "?"
    if failed:
        error = failed[0].detail or failed[0].error
        return say.unknown(code, *map(_evidence, failed), variant="unknown", error=error)
    api = case.api_read(GetRestApi)
    if api is not None and isinstance(case.facts.get(api), Absent) and not is_http(case):
        evidence = Evidence("API", api.rest_api_id, "does not exist", "GetRestApi")
        return say.unknown(
            code,
            evidence,
            variant="other-account",
            because=(api,),
            rest_api_id=api.rest_api_id,
            region=api.region,
            account=account,
        )
    return say.passed(code, account=account)


def _unreachable(say: Say, failed: list[Unread]) -> Finding:
    code = "aws-unreachable"
    hard = [item for item in failed if item.reason != "withheld"]
    if hard:
        # A certificate that is refused says what to do; what else failed may follow from it.
        first = next((item for item in hard if certificate_variant(item.error)), hard[0])
        variant, error = certificate_variant(first.error) or "unknown", first.detail or first.error
        return say.unknown(code, *map(_evidence, hard), variant=variant, host=first.read.action, error=error)
    if failed:
        reason = failed[0].detail or failed[0].error
        return say.unknown(code, *map(_evidence, failed), variant="withheld", reason=reason)
    return say.passed(code)
