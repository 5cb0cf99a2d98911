"""How long the interface stands still while a large account is read: as long as a key that is pressed would wait.

The wizard runs in a terminal of 80x24, the account in another process: 600 APIs, one of 300 resources. A ticker in the
wizard's own loop says each 5 ms how late it is; a stall counts once for each tick that it swallowed. Beside it stands
the same wizard with nothing to do. The budget is 50 ms for the 99th percentile.

python -m tests.benchmarks.bench_wizard_stalls [RUNS]
"""

import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.large import served
from tests.benchmarks.terminal import Terminal

TICK = 0.005
PAUSE = 1.5  # seconds: until all is loaded behind the home screen; then again, with nothing to do
GLANCE = 0.15  # seconds from one step to the next


class Ticker:
    """Collects how late the loop is, in seconds, under the name of what is going on; "" collects nothing."""

    def __init__(self) -> None:
        """Nothing is collected yet."""
        self.late: dict[str, list[float]] = {}
        self.now = ""

    async def run(self) -> None:
        """Tick until cancelled."""
        due = time.perf_counter() + TICK
        while True:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            at = time.perf_counter()
            while due <= at:  # each tick that was swallowed waited too
                if self.now:
                    self.late.setdefault(self.now, []).append(at - due)
                due += TICK


async def _until(condition: Callable[[], Any]) -> None:
    end = time.monotonic() + 60
    while not condition():
        if time.monotonic() > end:
            raise RuntimeError("the wizard did not come to an end")
        await asyncio.sleep(0.02)


def inside(result: Path, curl: str) -> None:
    """Be the wizard: do nothing, read the large API, read all APIs; write how late the loop was."""
    from textual.pilot import Pilot

    from cogwizard.aws.session import Settings
    from cogwizard.text import Texts
    from cogwizard.ui.app import CogwizardApp
    from cogwizard.ui.session import Session

    ticker = Ticker()
    app = CogwizardApp(Session(Texts("en"), Settings()))

    async def script(_: Pilot[object]) -> None:
        ticking = asyncio.create_task(ticker.run())
        await asyncio.sleep(PAUSE)
        ticker.now = "nothing to do"
        await asyncio.sleep(PAUSE)
        await _read_call(app, ticker, curl)
        await _read_account(app, ticker)
        ticking.cancel()
        draft = result.with_suffix(".draft")
        draft.write_text(json.dumps(ticker.late), "utf-8")
        draft.rename(result)
        app.exit()

    app.run(auto_pilot=script)


async def _read_call(app: Any, ticker: Ticker, curl: str) -> None:
    from cogwizard.intake.curl import read_curl
    from cogwizard.ui.guide import TROUBLESHOOTING
    from cogwizard.ui.journey import Journey

    app.session.given.call = read_curl(curl)[0]
    ticker.now = "a call is read"
    app.action_troubleshoot()
    await _until(lambda: isinstance(app.screen, Journey) and app.screen.seen.report and not app.screen.seen.running)
    ticker.now = "its steps are walked"
    for _ in TROUBLESHOOTING.screens:
        await asyncio.sleep(GLANCE)
        app.simulate_key("n")
    await asyncio.sleep(GLANCE)
    if app.screen.seen.report["causes"] != ["token-expired"]:
        raise RuntimeError(f"not judged: {app.screen.seen.report['causes']}")
    ticker.now = ""
    app.pop_screen()
    await asyncio.sleep(GLANCE)


async def _read_account(app: Any, ticker: Ticker) -> None:
    ticker.now = "all APIs are read"
    app.action_pick()
    await asyncio.sleep(1)
    ticker.now = ""


def main(runs: int = 5) -> None:
    """Print the 99th percentile of each activity, its median and the longest stall."""
    late: dict[str, list[float]] = {}
    with served() as (env, curl), tempfile.TemporaryDirectory() as folder:
        call = Path(folder, "call")
        call.write_text(curl, "utf-8")
        for run in range(runs):
            result = Path(folder, f"late-{run}.json")
            command = (sys.executable, "-m", "tests.benchmarks.bench_wizard_stalls", "inside", str(result), str(call))
            with Terminal(command, {**env, "HOME": folder, "TERM": "xterm-256color"}) as terminal:
                terminal.drain(result.exists)
            for name, found in json.loads(result.read_text("utf-8")).items():
                late.setdefault(name, []).extend(found)
    print(f"{'':20}  {'99th pc':>9}  {'median':>9}  {'most':>9}  ticks")
    for name, found in late.items():
        values = (statistics.quantiles(found, n=100)[98], statistics.median(found), max(found))
        print(f"{name:20}  {'  '.join(f'{1000 * value:6.1f} ms' for value in values)}  {len(found):5}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["inside"]:
        inside(Path(sys.argv[2]), Path(sys.argv[3]).read_text("utf-8"))
    else:
        main(*map(int, sys.argv[1:2]))
