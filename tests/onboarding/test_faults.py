"""Break it: each fault gives its 401, the diagnosis finds it, and mending brings the 200 back."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cogwizard.commands.diagnose import diagnose
from cogwizard.judgement import Judgement
from cogwizard.model.answer import Answer
from cogwizard.model.call import Call
from cogwizard.model.read_web import Replay
from cogwizard.onboarding.faults import FAULTS, Breaking, Fault
from cogwizard.onboarding.plan import Consent
from cogwizard.onboarding.run import NotAgreed
from cogwizard.onboarding.walkthrough import Walkthrough
from cogwizard.sandbox import World
from cogwizard.sandbox.state import state
from cogwizard.ui.given import Given
from tests.onboarding.place_kit import Killed, Mortal, Place, made, place

CHANGING = [fault for fault in FAULTS if fault.breaks]


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Place]:
    with place(tmp_path) as found:
        yield found


def built(here: Place) -> Walkthrough:
    walk = here.begun()
    made(walk)
    walk.sign_in()
    return walk


def status(walk: Walkthrough, call: Call) -> int:
    found = walk.ports.answer(Replay(call))
    assert isinstance(found, Answer)
    return found.status


def found(walk: Walkthrough, call: Call) -> Judgement:
    case = Given(call, region=walk.region, replay=True).case(time.time())
    return diagnose(case, walk.ports.settings)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_the_wizard_finds_it_and_it_can_be_mended(here: Place, fault: Fault) -> None:
    walk = built(here)
    breaking = Breaking(walk)
    breaking.apply(fault.name, breaking.consent(fault.name))
    assert status(walk, breaking.call()) == 401
    judgement = found(walk, breaking.call())
    assert (judgement.outcome, judgement.causes[0]) == ("fault", fault.code)
    breaking.mend()
    assert status(walk, breaking.call()) == 200
    assert found(walk, breaking.call()).outcome == "healthy"


def test_one_fault_after_the_other(here: Place) -> None:
    walk = built(here)
    breaking = Breaking(walk)
    for fault in [*FAULTS, *reversed(FAULTS)]:
        breaking.apply(fault.name, breaking.consent(fault.name))
        assert status(walk, breaking.call()) == 401
    breaking.mend()
    assert status(walk, breaking.call()) == 200


@pytest.mark.parametrize("fault", CHANGING, ids=lambda fault: fault.name)
def test_nothing_changes_without_a_consent(here: Place, fault: Fault) -> None:
    walk = built(here)
    before = state(here.world)
    breaking = Breaking(walk)
    others = [breaking.consent(other.name) for other in FAULTS if other is not fault]
    for consent in [Consent(""), *others]:
        with pytest.raises(NotAgreed):
            breaking.apply(fault.name, consent)
    assert state(here.world) == before


@pytest.mark.parametrize("at", [1, 2, 3])
@pytest.mark.parametrize("sent", [False, True])
@pytest.mark.parametrize("fault", CHANGING, ids=lambda fault: fault.name)
def test_a_fault_that_was_made_in_part_is_mended(here: Place, fault: Fault, at: int, sent: bool) -> None:
    if at > len(fault.breaks):
        return  # it has not so many calls
    walk = built(here)
    assert walk.run
    walk.run.calls = Mortal(walk.calls, at, sent=sent)
    breaking = Breaking(walk)
    with pytest.raises(Killed):
        breaking.apply(fault.name, breaking.consent(fault.name))
    walk.close()
    again = here.begun()
    list(again.renew_password())
    again.sign_in()
    rest = Breaking(again)
    assert rest.fault is fault
    rest.mend()
    assert Breaking(again).fault is None
    assert status(again, rest.call()) == 200
    list(again.remove())
    assert state(here.world) == state(World())
