"""The lists of the account that a call is picked from: how each is read, and what is said when it cannot be."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from cogwizard.model.read import Absent, GetResources, GetRestApis, GetStages, Read, Unread
from cogwizard.report.page import FORMS, Mend
from cogwizard.text import Texts
from cogwizard.ui import choices
from cogwizard.ui.choices import Row
from cogwizard.ui.remembered import Remembered
from cogwizard.ui.session import describe

if TYPE_CHECKING:
    from cogwizard.ui.session import Session

_TOLD = ("denied", "credentials", "throttled", "unreachable")


def lister(session: "Session", stage: str, ids: Mapping[str, str], clock: Callable[[], float]) -> Callable[[], object]:
    """Return what makes the rows of "region", "api", "stage" or "method", below what was picked (`ids`, by stage).

    It is run in a thread. It returns rows, Absent or Unread; raises SetupError. `clock` is monotonic.
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
        return value if isinstance(value, Absent | Unread) else rows(value)

    return work


def _regions(session: "Session", remembered: str | None) -> tuple[Row, ...]:
    from cogwizard.aws.regions import regions

    clients = session.ports.clients
    clients.check()
    return choices.region_rows(regions(), (clients.default_region(), remembered))


def sentences(trouble: object, texts: Texts, names: Mapping[str, str]) -> list[str]:
    """Return why there is no list: `trouble` is Absent, Unread or what was raised. `names`: what was picked."""
    if isinstance(trouble, Unread):
        read, reason = trouble.read, trouble.reason if trouble.reason in _TOLD else "failed"
        said = [texts.screen("pick", f"trouble {reason}", action=read.action, error=trouble.error)]
        if reason == "denied" and read.permission:
            said.append(texts.screen("pick", "permission", permission=read.permission))
        return [*said, trouble.detail] if trouble.detail else said
    if isinstance(trouble, Absent):
        return [texts.screen("pick", "trouble absent", **names)]
    key, params = getattr(trouble, "key", None), getattr(trouble, "params", None)
    if isinstance(key, str) and isinstance(params, dict):
        return [texts.message(key, params)]
    return [texts.screen("pick", "trouble crashed", error=type(trouble).__name__)]


def never_deployed(texts: Texts, region: str, rest_api_id: str) -> list[Mend]:
    """Return how an API gets its first stage."""
    mends = []
    for fix in texts.fixes("never-deployed", {"region": region, "rest_api_id": rest_api_id}):
        forms = [(form, getattr(fix, form)) for form in FORMS]
        mends.append(Mend(fix.title, tuple((form, text) for form, text in forms if text)))
    return mends
