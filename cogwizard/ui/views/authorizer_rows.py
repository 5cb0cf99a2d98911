"""What the authorizer screen says, as rows of text: pools beside the issuer, the settings in both views, the test."""

from collections.abc import Callable, Iterator

from cogwizard.model.api import Authorizer
from cogwizard.model.case import Case
from cogwizard.model.inert import inert, scrub
from cogwizard.model.pool import Issuer, Pool, read_arn, resolve, stage_variables_in
from cogwizard.model.read import Absent, Unread
from cogwizard.model.read_api import AuthorizerTest, TestInvokeAuthorizer
from cogwizard.model.read_cognito import DescribeUserPool
from cogwizard.model.route import NoRoute
from cogwizard.model.view import Hole
from cogwizard.steps.authorizer import mode_test
from cogwizard.steps.pools import MOST_POOLS
from cogwizard.ui.widgets.facts import Fact

Say = Callable[..., str]
_LONGEST_LOG = 4000  # characters of the test's log that are shown


def pool_rows(case: Case, wrong: bool, say: Say) -> Iterator[Fact]:
    """Yield (user pool, its ARN as configured, the token's issuer, do they match) for the authorizer as deployed.

    `wrong`: that no pool matches is a cause of this call's failure.
    """
    authorizer, issuer = case.authorizer, case.issuer
    if not isinstance(authorizer, Authorizer):
        return
    shown_issuer = issuer_text(case, say)
    arns = [_filled(case, text) for text in authorizer.provider_arns]
    ids = [arn.pool_id if (arn := read_arn(text)) else None for text in arns]
    matched = issuer is not None and issuer.pool_id in ids
    listed = list(zip(authorizer.provider_arns, arns, ids, strict=True))
    # The token's own pool is shown even where it is the 999th.
    listed.sort(key=lambda item: issuer is None or item[2] != issuer.pool_id)
    for text, filled, pool_id in listed[:MOST_POOLS]:
        configured = scrub(text, 300)
        if filled != text:
            configured += f"\n={scrub(filled, 300)}"
        unset = [name for name in stage_variables_in(filled)]
        if unset:
            where = say("variable unset", variable=inert(unset[0], 100), stage=inert(case.place.stage or "-", 100))
            yield Fact("warn", (say("not known"), configured, shown_issuer, where))
        elif pool_id is None:
            yield Fact("warn", (say("no pool"), configured, shown_issuer, say("no arn")))
        else:
            verdict, word = _match(pool_id, issuer, matched, wrong)
            yield Fact(verdict, (_pool_name(case, filled, pool_id), configured, shown_issuer, say(word)))
    if len(listed) > MOST_POOLS:
        yield Fact("", (say("more pools", count=len(listed) - MOST_POOLS), "", "", ""))


def _filled(case: Case, text: str) -> str:
    return resolve(text, {name: value for name, value in (case.stage.variables if case.stage else {}).items() if value})


def _match(pool_id: str, issuer: Issuer | None, matched: bool, wrong: bool) -> tuple[str, str]:
    if issuer is None:
        return "", "nothing to compare"
    if pool_id == issuer.pool_id:
        return "pass", "match"
    # One match is enough: beside it another pool is no fault.
    return ("skipped" if matched else "fail" if wrong else "warn"), "no match"


def _pool_name(case: Case, arn: str, pool_id: str) -> str:
    found = read_arn(arn)
    read = DescribeUserPool(found.region, pool_id) if found else None
    pool = case.known(read, Pool)
    name = f"{pool_id}\n{scrub(pool.name, 120)}" if pool and pool.name else pool_id
    return f"{name}\n({found.region})" if found and not pool_id.startswith(f"{found.region}_") else name


def issuer_text(case: Case, say: Say) -> str:
    """Return the token's issuer as it is compared: the pool's id, and the region where that is another one."""
    token, issuer = case.token, case.issuer
    if token is None:
        return say("no token")
    if issuer is None:
        return scrub(token.text_claim("iss") or "", 200) or say("no issuer")
    return f"{issuer.pool_id}\n({issuer.region})" if issuer.is_replica else issuer.pool_id


def setting_rows(deployed: Case, draft: Case, say: Say, label: Say) -> Iterator[Fact]:
    """Yield (what, as deployed, in the draft) of the method's authorizer; `!` marks what differs."""
    live, drafted = _settings(deployed, say), _settings(draft, say)
    if deployed.stage_exists is False:
        live = [say("not deployed")] * len(live)
    elif deployed.api.assumed:
        live = [say("not known")] * len(live)
    for name, left, right in zip(
        ("authorizer", "authorizer type", "identity source", "token validation"), live, drafted, strict=True
    ):
        differs = left != right and not {say("not known"), say("not deployed")}.intersection((left, right))
        yield Fact("warn" if differs else "", (label(name), left, right))


def _settings(case: Case, say: Say) -> list[str]:
    authorizer = case.authorizer
    if not isinstance(authorizer, Authorizer):
        if isinstance(authorizer, Hole):
            text = say("no method") if isinstance(case.route, NoRoute) else say("not known")
        else:
            text = say("none")
        return [text] * 4
    values = (authorizer.name, authorizer.type, authorizer.identity_source, authorizer.validation_expression)
    return [scrub(value, 300) if value else say("none") for value in values]


# -- the test mode ---------------------------------------------------------------------------------------------------


def why_not(case: Case) -> str:
    """Return the key of the reason why the test mode cannot be run with this call, "" when it can."""
    if mode_test(case) is not None:
        return ""
    draft = case.seen_as("draft")
    token, authorizer = draft.token, draft.authorizer
    if case.offline:
        return "not offline"
    if token is None:
        return "not without token"
    if token.kind != "id-token":
        return "not access token" if token.kind == "access-token" else "not id token"
    if token.flaw or draft.issuer is None:
        return "not of Cognito"
    if isinstance(authorizer, Hole) or draft.stages is None:
        return "not known yet"
    if authorizer is None or authorizer.type != "COGNITO_USER_POOLS":
        return "not without authorizer"
    return "not without header"


def was_sent(value: object) -> bool:
    """Return whether API Gateway got the token: `value` is what the test's read gave, None before."""
    if isinstance(value, Unread):
        return value.reason in ("denied", "throttled", "malformed")
    return isinstance(value, AuthorizerTest | Absent)


def test_result(read: TestInvokeAuthorizer, value: object, running: bool, say: Say) -> tuple[str, str, str]:
    """Return (verdict, sentence, log) of a run of the test mode."""
    if isinstance(value, AuthorizerTest):
        verdict = "pass" if value.accepted else "warn"
        sentence = say("accepted" if value.accepted else "refused", status=value.client_status)
        return verdict, sentence, _log(value.log, read.value)
    if running:
        return "reading", say("test runs"), ""
    if isinstance(value, Unread):
        sentence = say("test unread", error=inert(value.error, 120), detail=inert(value.detail, 600))
        if value.reason == "denied":
            sentence += f" {say('test permission', permission=scrub(read.permission or ''))}"
        return "unknown", sentence, ""
    if isinstance(value, Absent):
        return "unknown", say("test absent"), ""
    return "", say("test not run"), ""


def _log(log: str, token: str) -> str:
    """Return the log with its lines kept and everything secret taken out."""
    shown = scrub(log.replace(token, "[token]"), _LONGEST_LOG)
    return shown.replace("\\x0d", "").replace("\\x0a", "\n").strip("\n")
