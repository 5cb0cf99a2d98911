"""The planner: what is asked, in how many rounds, and what a crash of a read becomes."""

import heapq
import itertools
import threading
from collections.abc import Callable
from dataclasses import replace

from cogwizard.diagnosis import Plan, gather
from cogwizard.judgement import judge
from cogwizard.model.api import DomainName
from cogwizard.model.case import Case
from cogwizard.model.read import Absent, Read, Unread
from cogwizard.model.read_api import GetBasePathMappings, GetDomainNames
from cogwizard.model.read_http import GetApiMappings
from cogwizard.model.read_web import GetKeys, Replay
from cogwizard.steps import TROUBLESHOOT
from tests.scenarios.runner import result


def _bare(name: str) -> tuple[Case, Callable[[Read], object]]:
    """A scenario's case without its facts, and what answers its reads."""
    whole = result(name).case
    return replace(whole, facts={}), lambda read: whole.facts[read]


def _rounds(case: Case, answer: Callable[[Read], object]) -> dict[Read, int]:
    """Run the plan on a virtual clock on which each read takes one tick; return when each read ended."""
    plan = Plan(case, TROUBLESHOOT)
    ended: dict[Read, int] = {}
    ticket = itertools.count()
    running: list[tuple[int, int, Read]] = []
    now = 0
    while True:
        for read in plan.wanted():
            heapq.heappush(running, (now + 1, next(ticket), read))
        if not running:
            return ended
        now, _, read = heapq.heappop(running)
        ended[read] = now
        plan.put(read, answer(read))


def test_two_rounds_with_the_replay_among_the_first() -> None:
    ended = _rounds(*_bare("wrong-pool"))
    assert max(ended.values()) == 2
    assert {read.operation: tick for read, tick in ended.items()}["Replay"] == 1
    assert {tick for read, tick in ended.items() if isinstance(read, Replay)} == {1}


def test_given_token_waits_for_the_header_and_is_sent_once() -> None:
    ended = _rounds(*_bare("healthy-custom-header-given-token"))
    assert [tick for read, tick in ended.items() if isinstance(read, Replay)] == [2]


def test_given_token_for_an_open_method_is_sent_too() -> None:
    """No authorizer says which header it goes into, and the answer says whether the method is open indeed."""
    case, answer = _bare("healthy-open-method-beside")
    call = replace(case.call, url=case.call.url.replace("/orders", "/health"), headers=())
    case = replace(case, call=call, target=replace(case.target, path="/health"), given_token="token")
    sent: list[list[str]] = []

    def run(read: Read) -> object:
        if not isinstance(read, Replay):
            return answer(read) if read in known else Unread(read, "failed", "NotRecorded")
        sent.append(read.call.values("Authorization"))
        return result("healthy-open-method-beside").case.observed

    known = result("healthy-open-method-beside").case.facts
    judgement = judge(gather(case, TROUBLESHOOT, run), TROUBLESHOOT)
    assert sent == [["token"]]
    assert judgement.outcome == "healthy"


def test_no_read_twice() -> None:
    asked: list[Read] = []
    case, answer = _bare("stacked-three")

    def run(read: Read) -> object:
        asked.append(read)
        return answer(read)

    gather(case, TROUBLESHOOT, run)
    assert len(asked) == len(set(asked))
    assert len({(read.operation, *(v for k, v in vars(read).items())) for read in asked}) == len(asked)


def test_custom_domain_adds_two_rounds() -> None:
    case, answer = _bare("healthy-raw-token")
    api, stage = case.target.rest_api_id, case.target.stage
    target = replace(
        case.target, form="custom-domain", host="api.example.com", rest_api_id=None, stage=None, path="/v1/orders"
    )

    def run(read: Read) -> object:
        if isinstance(read, GetDomainNames):
            return (DomainName("other.example.com"), DomainName("api.example.com"))
        if isinstance(read, GetBasePathMappings):
            return (("v1", api, stage), ("(none)", "zzz", "prod"))
        if isinstance(read, GetApiMappings):
            return (("v1/customers", "zzz", "prod"),)
        return (
            answer(read)
            if not isinstance(read, Replay)
            else next(iter(result("healthy-raw-token").case.facts.values()))
        )

    ended = _rounds(replace(case, target=target), run)
    assert max(ended.values()) <= 4
    done = gather(replace(case, target=target), TROUBLESHOOT, run)
    assert (done.place.rest_api_id, done.place.stage, done.place.path) == (api, stage, "/orders")


def test_offline_reads_nothing() -> None:
    case, _ = _bare("wrong-pool")
    assert Plan(replace(case, offline=True), TROUBLESHOOT).wanted() == []


def test_a_crashing_read_is_unread() -> None:
    case, answer = _bare("wrong-pool")

    def run(read: Read) -> object:
        if isinstance(read, GetKeys):
            raise ZeroDivisionError("a secret text")
        return answer(read)

    done = gather(case, TROUBLESHOOT, run)
    broken = [value for value in done.facts.values() if isinstance(value, Unread)]
    assert {item.error for item in broken} == {"ZeroDivisionError"}
    assert "secret" not in repr(broken)


def test_absent_is_a_fact() -> None:
    case = result("pool-not-found").case
    assert any(isinstance(value, Absent) for value in case.facts.values())


def test_a_read_that_hangs_is_given_up() -> None:
    case, answer = _bare("wrong-pool")
    never = threading.Event()

    def run(read: Read) -> object:
        if isinstance(read, GetKeys):
            never.wait()
        return answer(read)

    done = gather(case, TROUBLESHOOT, run, patience=0.3)
    never.set()
    hung = [value for value in done.facts.values() if isinstance(value, Unread)]
    assert hung
    assert {item.error for item in hung} == {"TimedOut"}
    assert judge(done, TROUBLESHOOT).outcome != "healthy"
