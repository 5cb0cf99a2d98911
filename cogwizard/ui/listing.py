"""The lists of the account that a call is picked from: how each is read, and what is said when it cannot be."""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from cogwizard.model.read import Absent, Read, Unread
from cogwizard.model.read_api import GetResources, GetRestApis, GetStages
from cogwizard.report.page import FORMS, Mend
from cogwizard.text import Texts
from cogwizard.ui import choices
from cogwizard.ui.choices import Listed, Row
from cogwizard.ui.remembered import Remembered
from cogwizard.ui.session import describe

if TYPE_CHECKING:
    from cogwizard.ui.session import Session

_TOLD = ("denied", "credentials", "throttled", "unreachable")
# AWS's codes for credentials that were sent, and that it does not take. Any other error: none could be had to send.
_REFUSED = re.compile(
    r"ExpiredToken.*|InvalidClientTokenId|UnrecognizedClientException|InvalidSignature.*|SignatureDoesNotMatch"
    r"|IncompleteSignature|RequestExpired|RequestTimeTooSkewed|TokenRefreshRequired"
)
_COMMAND = re.compile(r"(?P<before>.*?)\s*\bRun: (?P<command>\S.*)")


def lister(session: "Session", stage: str, ids: Mapping[str, str], clock: Callable[[], float]) -> Callable[[], object]:
    """Return what makes the rows of "region", "api", "stage" or "method", below what was picked (`ids`, by stage).

    It is run in a thread. It returns Listed, Absent or Unread; raises SetupError. `clock` is monotonic.
    """
    texts, remembered = session.texts, Remembered() if session.sandbox else session.remembered
    if stage == "region":
        return lambda: _regions(session, remembered.region)
    region, api = ids["region"], ids.get("api", "")
    wanted: dict[str, tuple[Read, Callable[[Any], tuple[Row, ...]]]] = {
        "api": (GetRestApis(region), lambda apis: choices.api_rows(apis, remembered.rest_api_id)),
        "stage": (
            GetStages(region, api),
            lambda stages: choices.stage_rows(
                stages, remembered.stage, lambda id: texts.screen("pick", "deployment", id=id)
            ),
        ),
        "method": (GetResources(region, api), choices.method_rows),
    }
    read, rows = wanted[stage]

    def work() -> object:
        began = clock()
        value = session.ports.answer(read)
        session.log(describe(read, value, clock() - began))
        return value if isinstance(value, Absent | Unread) else Listed(rows(value), f"about {stage}")

    return work


def _regions(session: "Session", remembered: str | None) -> Listed:
    from cogwizard.aws.regions import regions

    clients = session.ports.clients
    clients.check()
    default = clients.default_region()
    about = "about region" if default else "about region remembered" if remembered else "about region none"
    return Listed(choices.region_rows(regions(), (default, remembered)), about)


def sentences(trouble: object, texts: Texts, names: Mapping[str, str]) -> list[str]:
    """Return why there is no list: `trouble` is Absent, Unread or what was raised. `names`: what was picked."""
    if isinstance(trouble, Unread):
        read = trouble.read
        reason: str = trouble.reason if trouble.reason in _TOLD else "failed"
        if reason == "credentials" and not _REFUSED.fullmatch(trouble.error):
            reason = "no credentials" if trouble.error == "NoCredentialsError" else "credentials not had"
        said = [texts.screen("pick", f"trouble {reason}", action=read.action, error=trouble.error)]
        if reason == "denied" and read.permission:
            said.append(texts.screen("pick", "permission", permission=read.permission))
        detail, command = _sign_in(trouble)
        return [*said, *filter(None, (detail, texts.screen("pick", "sign in") if command else ""))]
    if isinstance(trouble, Absent):
        return [texts.screen("pick", "trouble absent", **names)]
    key, params = getattr(trouble, "key", None), getattr(trouble, "params", None)
    if isinstance(key, str) and isinstance(params, dict):
        return [texts.message(key, params)]
    return [texts.screen("pick", "trouble crashed", error=type(trouble).__name__)]


def sign_in_command(trouble: object) -> str:
    """Return the command that gets working credentials, "" where the trouble names none."""
    return _sign_in(trouble)[1] if isinstance(trouble, Unread) else ""


def _sign_in(trouble: Unread) -> tuple[str, str]:
    found = _COMMAND.fullmatch(trouble.detail) if trouble.reason == "credentials" else None
    return (found["before"], found["command"]) if found else (trouble.detail, "")


def never_deployed(texts: Texts, region: str, rest_api_id: str) -> list[Mend]:
    """Return how an API gets its first stage."""
    mends = []
    for fix in texts.fixes("never-deployed", {"region": region, "rest_api_id": rest_api_id}):
        forms = [(form, getattr(fix, form)) for form in FORMS]
        mends.append(Mend(fix.title, tuple((form, text) for form, text in forms if text)))
    return mends
