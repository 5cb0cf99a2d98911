"""Postman's OAuth 2.0 tab judged against the real app client: one step for each line of the checklist."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Protocol

from cogwizard.model.attempt import Attempt
from cogwizard.model.client import AppClient
from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.postman import FIELDS, FLOWS, Setup
from cogwizard.model.read import Absent, Read, Unread
from cogwizard.steps.postman_values import callback_of, grant_of, scopes_of
from cogwizard.steps.step import Say

CLIENT = "DescribeUserPoolClient"
# In the order in which a sign-in meets them, then the call: see `steps.oauth.stages`. AWS documents no order.
ORDER = (
    "domain-missing",
    "auth-url-wrong",
    "client-id-mismatch",
    "redirect-mismatch",
    "oauth-not-enabled",
    "grant-not-enabled",
    "scope-not-allowed",
    "login-page-unavailable",
    "token-url-wrong",
    "token-endpoint-405",
    "token-request-malformed",
    "client-secret-not-sent",
    "client-secret-superfluous",
    "client-credentials-refused",
    "pkce-mismatch",
    "openid-scope-missing",
    "header-not-sent",
    "header-name-mismatch",
    "header-placeholder",
    "sigv4-header",
    "header-malformed",
    "token-expired",
    "access-token-where-id-token-expected",
    "id-token-where-access-token-expected",
    "id-token-not-selected",
    "scope-not-in-token",
)
# What rests on kind of token, scopes and header of the called method.
_OF_NEEDS = (
    "openid-scope-missing",
    "header-name-mismatch",
    "id-token-where-access-token-expected",
    "id-token-not-selected",
    "scope-not-in-token",
)


class PostmanStep(Protocol):
    """One line of the checklist. `keys`: the fields in Postman that it is about; `codes`: all that it can raise."""

    @property
    def id(self) -> str: ...

    @property
    def codes(self) -> tuple[str, ...]: ...

    @property
    def keys(self) -> tuple[str, ...]: ...

    def wants(self, setup: Setup, /) -> Iterable[Read | None]:
        """Return what the step would still like to know, as `Step.wants`."""
        ...

    def has(self, setup: Setup, /) -> Iterable[Evidence]:
        """Return what the pool has: `actual` is the value, `source` where it was read; nothing that is not known."""
        ...

    def judge(self, setup: Setup, /) -> Iterable[Finding]:
        """Return one finding for each check. Pure: same set-up, same findings."""
        ...


def attempt_of(setup: Setup) -> Attempt:
    """Return the sign-in that Postman would make, as far as its facts go."""
    flow = FLOWS.get(grant_of(setup), "browser")
    return Attempt(
        flow=flow,
        region=setup.pool_region or "",
        client_id=setup.asked_client or "",
        user_pool_id=setup.pool_id,
        client=setup.client,
        pool=setup.pool,
        scopes=scopes_of(setup),
        redirect_uri=callback_of(setup) or None if flow != "client-credentials" else None,
        wanted=setup.needs.kind,
        wanted_scopes=setup.needs.scopes,
    )


def known_client(setup: Setup, say: Say, codes: Iterable[str]) -> AppClient | list[Finding]:
    """Return the app client, or what is to be said of `codes` without it."""
    client = setup.client
    if isinstance(client, AppClient):
        return client
    if isinstance(client, Absent):
        return say.all_skipped(codes, "masked", by="client-id-mismatch")
    return [not_known(setup, say, code, client) for code in codes]


def not_known(setup: Setup, say: Say, code: str, value: Unread | None) -> Finding:
    """Return that a check waits for a read that gave nothing, or that could not even be named."""
    if isinstance(value, Unread):
        return say.unknown(code, variant="unread", because=(value.read,), actions=value.read.action)
    return say.unknown(code, variant="offline" if setup.offline else "not-named")


def no_needs(setup: Setup, say: Say, code: str) -> Finding:
    """Return that a check waits for what the called method wants, and why that is not known."""
    needs = setup.needs
    if needs.because:
        return say.unknown(code, variant="unread", because=needs.because, actions=_actions(setup))
    if needs.url is None:
        return say.unknown(code, variant="no-call")
    return say.unknown(code, variant="offline" if setup.offline else "not-guarded")


def as_deployed(setup: Setup, item: Finding) -> Finding:
    """Return a finding as it is worth where only the draft of the called method could be read: the draft may be newer
    than what the stage serves."""
    if not setup.needs.assumed or item.code not in _OF_NEEDS:
        return item
    because, params = setup.needs.because, {"actions": _actions(setup)}
    return replace(item, verdict="unknown", variant="unread", params=params, because=because)


def _actions(setup: Setup) -> str:
    return ", ".join(dict.fromkeys(read.action for read in setup.needs.because))


def variables(setup: Setup, say: Say, code: str, key: str) -> Finding | None:
    """Return that a field cannot be judged because of a variable that nothing fills, else None."""
    names = setup.open.get(key)
    return say.unknown(code, variant="variable", variables=", ".join(names), field=FIELDS[key]) if names else None


def as_step(findings: Iterable[Finding], step: str) -> Iterator[Finding]:
    """Yield findings as those of a step."""
    for item in findings:
        yield replace(item, step=step)
