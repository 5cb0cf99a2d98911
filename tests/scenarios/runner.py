"""Runs a scenario the real way: sandbox, boto3, HTTP, judgement."""

import os
import pickle
import time
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from cogwizard.aws.session import Settings
from cogwizard.commands.diagnose import diagnose
from cogwizard.diagnosis import Plan
from cogwizard.judgement import Judgement, judge
from cogwizard.model.read import Unread
from cogwizard.sandbox.environment import KEYS, REGION
from cogwizard.sandbox.scenarios import SCENARIOS, serve
from cogwizard.steps import TROUBLESHOOT


def run(name: str, denied: Mapping[str, str] | None = None) -> Judgement:
    """Diagnose a scenario, with operations refused beside those that it refuses itself."""
    with serve([name]) as served:
        served.sandbox.denied.update(denied or {})
        case = served.case(SCENARIOS[name], time.time())
        return diagnose(case, Settings(None, REGION, served.url, 5.0, KEYS))


@cache
def result(name: str) -> Judgement:
    """The scenario's judgement, run once for all tests that look at it, in whichever process."""
    kept = Path(os.environ["COGWIZARD_TESTS_SHARED"], f"{name}.pickle")
    try:
        judgement: Judgement = pickle.loads(kept.read_bytes())
    except FileNotFoundError:
        judgement = run(name)
        written = kept.with_suffix(f".{os.getpid()}")
        written.write_bytes(pickle.dumps(judgement))
        written.replace(kept)
    return judgement


def refusing(judgement: Judgement, action: str) -> Judgement:
    """Judge the same case again with every read of `action` denied: what depends on the fact is gone with it."""
    facts = judgement.case.facts
    plan = Plan(replace(judgement.case, facts={}), TROUBLESHOOT)
    while reads := plan.wanted():
        for read in reads:
            denied = Unread(read, "denied", "AccessDeniedException")
            plan.put(read, denied if read.action == action else facts.get(read, Unread(read, "failed", "not recorded")))
    return judge(plan.case, TROUBLESHOOT)
