"""Runs a scenario the real way: sandbox, boto3, HTTP, judgement."""

import os
import pickle
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from cogwizard.aws.session import Settings
from cogwizard.commands.diagnose import diagnose
from cogwizard.judgement import Judgement
from cogwizard.model.read import Read, Unread
from cogwizard.sandbox.environment import KEYS, REGION
from cogwizard.sandbox.scenarios import SCENARIOS, serve


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
    from cogwizard.diagnosis import gather
    from cogwizard.judgement import judge
    from cogwizard.steps import TROUBLESHOOT

    facts = judgement.case.facts
    bare = judgement.case.__class__(
        **{**{key: getattr(judgement.case, key) for key in judgement.case.__dataclass_fields__}, "facts": {}}
    )

    def replayed(read: Read) -> object:
        if read.action == action:
            return Unread(read, "denied", "AccessDeniedException")
        return facts.get(read, Unread(read, "failed", "not recorded"))

    return judge(gather(bare, TROUBLESHOOT, replayed), TROUBLESHOOT)
