"""Making the failing call again. What may change data is made once for each time that the user says so."""

from dataclasses import replace
from typing import TYPE_CHECKING

from cogwizard.model.case import Case
from cogwizard.model.inert import inert
from cogwizard.model.read_web import Replay
from cogwizard.report.redaction import show_url
from cogwizard.ui.ask import Ask
from cogwizard.ui.refresh import refreshed

if TYPE_CHECKING:
    from cogwizard.ui.journey import Journey

_LONGEST = 300  # characters of a URL in the question


async def replay(journey: "Journey") -> None:
    """Make the call again and judge its answer, in place of one that was pasted. Asks first where data may change."""
    texts, case = journey.session.texts, journey.seen.case
    if not case.call_given:
        journey.notify(texts.screen("verdict", "nothing to replay"))
        return
    if case.call.is_safe:
        given = journey.session.given
        given.replay, given.replaced = True, given.response
        await _make(journey)
        return
    # A method is hostile text too; a URL is shown without its secrets.
    params = {"method": inert(case.call.method, 40), "url": inert(show_url(case.call.url), _LONGEST)}

    async def answered(yes: bool | None) -> None:
        if yes:
            await _make(journey)

    def say(key: str) -> str:
        return journey.session.texts.screen("verdict", key, **params)

    journey.app.push_screen(Ask(lambda: say("ask"), lambda: say("ask yes"), lambda: say("ask no")), answered)


async def _make(journey: "Journey") -> None:
    await refreshed(journey, lambda: _send(journey))


async def _send(journey: "Journey") -> None:
    case = journey.seen.case
    facts = {read: value for read, value in case.facts.items() if not isinstance(read, Replay)}
    await journey.gather(replace(case, answer=None, replay=True, facts=facts, now=journey.session.clock()))


def once(case: Case) -> Case:
    """Return the case with the answer of a call that may change data as one that was seen: reading again for another
    reason does not make the call again."""
    return case if case.call.is_safe or not case.replay else replace(case, answer=case.observed, replay=False)
