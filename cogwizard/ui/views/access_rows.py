"""What the access screen says, as rows of text: whose eyes look, and how far each read is. No widget, no read."""

import re
import time
from collections.abc import Callable, Iterator, Sequence

from cogwizard.aws.setup import Setup, SsoSession
from cogwizard.background import ReadState
from cogwizard.model.case import Case
from cogwizard.model.inert import inert, mask_accounts
from cogwizard.model.read import Absent, Read, Unread
from cogwizard.model.read_web import CallerIdentity
from cogwizard.report.page import Mend
from cogwizard.ui.widgets.facts import Fact

Say = Callable[..., str]
# botocore's names of how credentials came about, for which there is a text.
_METHODS = frozenset(
    {
        "env",
        "shared-credentials-file",
        "config-file",
        "assume-role",
        "assume-role-with-web-identity",
        "sso",
        "login",
        "custom-process",
        "iam-role",
        "container-role",
    }
)
_IDENTITY = re.compile(
    r"arn:[^:]*:(?P<service>iam|sts)::\d*:(?P<kind>assumed-role|federated-user|user|root)(?:/(?P<name>.+))?"
)


def identity(arn: str, say: Say) -> str:
    """Return who a caller's ARN is, without account and session: `role Reader`, `user me`."""
    found = _IDENTITY.fullmatch(arn)
    if found is None:
        return mask_accounts(inert(arn, 300))
    name = found["name"] or ""
    # assumed-role/ROLE/SESSION; a user may have a path: user/team/me.
    name = name.partition("/")[0] if found["kind"] == "assumed-role" else name.rpartition("/")[2]
    return say(f"who {found['kind']}", who=mask_accounts(inert(name, 200)))


def who_rows(
    case: Case, setup: Setup | None, sandbox: bool, now: float, say: Say, is_looking: bool = False
) -> Iterator[Fact]:
    """Yield (what, value, where it comes from); `setup` is None while it is looked at, and where it cannot be told."""
    caller = next((value for value in case.facts.values() if isinstance(value, CallerIdentity)), None)
    unknown = say("not known yet")
    source = "sts:GetCallerIdentity"
    account = f"..{inert(caller.account[-4:])}" if caller else unknown
    yield Fact("pass" if caller else "", (say("account"), account, source))
    yield Fact("", (say("who"), identity(caller.arn, say) if caller else unknown, source))
    if setup is None:
        text = say("looking") if is_looking else say("cannot be told")
        yield Fact("reading" if is_looking else "unknown", (say("set-up"), text, ""))
        return
    yield Fact("", (say("profile"), setup.profile or say("no profile"), say(f"from {setup.profile_from}")))
    origin = "url" if case.target.region else "sandbox" if sandbox else setup.region_from
    yield Fact("", (say("region"), setup.region or unknown, say(f"from {origin}")))
    yield from _credentials(setup, sandbox, say)
    if setup.sso is not None:
        yield from _session(setup, setup.sso, caller is not None, now, say)
    urls = "\n".join(dict.fromkeys(item.url for item in setup.endpoints))
    if urls:
        changed = any(item.overridden for item in setup.endpoints)
        whose = "sandbox" if sandbox else "override" if changed else "aws"
        yield Fact("warn" if whose == "override" else "", (say("endpoints"), urls, say(f"from {whose}")))
    if setup.proxy:
        yield Fact("", (say("proxy"), setup.proxy, say("from proxy")))
    if setup.ca_bundle:
        yield Fact("", (say("ca bundle"), setup.ca_bundle, say("from ca bundle")))


def _credentials(setup: Setup, sandbox: bool, say: Say) -> Iterator[Fact]:
    if sandbox:
        yield Fact("", (say("credentials"), say("sandbox keys"), say("from sandbox")))
        return
    how = setup.credentials
    if how in ("none", "failed", "unasked"):
        verdict = "" if how == "unasked" else "warn"
        yield Fact(verdict, (say("credentials"), say(f"how {how}"), setup.trouble))
        if how != "unasked":
            yield _command(setup, say)
        return
    shown = say(f"how {how}") if how in _METHODS else inert(how, 60)
    yield Fact("", (say("credentials"), shown, say("key id", id=setup.key_id) if setup.key_id else ""))


def _command(setup: Setup, say: Say) -> Fact:
    return Fact("", (say("command"), setup.sign_in or say("new keys"), say("then retry")))


def sign_in(case: Case, setup: Setup | None, now: float, say: Say) -> Mend | None:
    """Return how to get credentials that AWS takes, None where no read failed for want of them.

    Without a form where no command is known (yet), or none helps.
    """
    if not any(isinstance(value, Unread) and value.reason == "credentials" for value in case.facts.values()):
        return None
    if setup is None:
        return Mend(say("no credentials"), ())
    how = {"none": "credentials none", "failed": "credentials failed"}.get(setup.credentials, "credentials refused")
    if setup.sso is not None and setup.sso.ended(now):
        how = "sso missing"
    if setup.sign_in is None:
        return Mend(f"{say(how)}\n{say('new keys')}", ())
    return Mend(f"{say(how)}\n{say('sign in')}", (("cli", setup.sign_in),))


def _session(setup: Setup, session: SsoSession, works: bool, now: float, say: Say) -> Iterator[Fact]:
    name = f"{session.name} ({session.host})" if session.name else session.host
    if session.expires_at is None:
        yield Fact("warn", (say("sso"), say("sso none"), name))
    elif not session.ended(now):
        yield Fact("pass", (say("sso"), say("sso lives", until=moment(session.expires_at, now)), name))
    elif session.renews and works:
        yield Fact("pass", (say("sso"), say("sso renewed"), name))
    else:
        yield Fact("warn", (say("sso"), say("sso ended", at=moment(session.expires_at, now)), name))
    if session.ended(now) and not (session.renews and works) and setup.credentials not in ("none", "failed"):
        yield _command(setup, say)


def moment(seconds: float, now: float) -> str:
    """Return a local time of day; with the date unless it is today's."""
    then, today = time.localtime(seconds), time.localtime(now)
    return time.strftime("%H:%M" if then[:3] == today[:3] else "%Y-%m-%d %H:%M", then)


# -- the reads -------------------------------------------------------------------------------------------------------


def read_rows(reads: Sequence[ReadState], case: Case, clock: float, say: Say) -> Iterator[Fact]:
    """Yield (read, state, seconds, permission) of each read: those of this run as they began, then what was kept.

    Opened where the permission is what is missing. `clock` is the monotonic one.
    """
    for state in reads:
        seconds = (clock if state.ended is None else state.ended) - state.began
        yield _read(state.read, state.value, f"{max(0.0, seconds):.1f}", say)
    begun = {state.read for state in reads}
    for read, value in case.facts.items():
        if read not in begun:
            yield _read(read, value, "-", say)


def _read(read: Read, value: object, seconds: str, say: Say) -> Fact:
    permission = mask_accounts(inert(read.permission or "")) or say("no permission")
    if isinstance(value, Unread):
        verdict = "skipped" if value.reason in ("not-asked", "withheld") else "unknown"
        return Fact(
            verdict, (read.operation, say(f"state {value.reason}"), seconds, permission), value.reason == "denied"
        )
    state = "reading" if value is None else "absent" if isinstance(value, Absent) else "ok"
    verdict = {"reading": "reading", "absent": "skipped", "ok": "pass"}[state]
    return Fact(verdict, (read.operation, say(f"state {state}"), seconds, permission))


def summary(reads: Sequence[ReadState], clock: float, say: Say) -> str:
    """Return how the reads of this run went, and which was the slowest; "" before the first."""
    if not reads:
        return ""
    ended = [state for state in reads if state.ended is not None]
    failed = sum(isinstance(state.value, Unread) for state in ended)
    slowest = max(reads, key=lambda state: (clock if state.ended is None else state.ended) - state.began)
    seconds = (clock if slowest.ended is None else slowest.ended) - slowest.began
    return say(
        "summary",
        all=len(reads),
        running=len(reads) - len(ended),
        failed=failed,
        read=slowest.read.operation,
        seconds=f"{max(0.0, seconds):.1f}",
    )
