"""What the wizard takes of memory after a full run: against a bare Textual app that has made the same boto3 clients.

Both run in a terminal of 80x24, the sandbox in another process. What is held at the end is the kernel's figure; the
most that was ever held stands beside it. The budget is 1.6 times.

python -m tests.benchmarks.bench_wizard_memory [RUNS]
"""

import asyncio
import json
import resource
import statistics
import sys
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from tests.benchmarks.bench_diagnose import SCENARIO, served
from tests.benchmarks.terminal import Terminal

CLIENTS = ("apigateway", "cognito-idp", "sts")
SETTLED = 1.0  # seconds


def held() -> tuple[float, float]:
    """Return the megabytes that this process holds, and the most that it ever held."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024)
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() / 1024 / 1024, most


def bare() -> Any:
    """Return a bare app, and what it does: make the clients."""
    from textual.app import App, ComposeResult
    from textual.widgets import Static

    class Bare(App[None]):
        def compose(self) -> ComposeResult:
            yield Static("painted")

    def clients() -> list[Any]:
        import boto3

        session: Any = boto3.Session()
        return [session.client(name) for name in CLIENTS]

    async def run() -> list[Any]:
        return await asyncio.to_thread(clients)

    return Bare(), run


def wizard(curl: str) -> Any:
    """Return the wizard, and what it does: the whole journey, each step looked at."""
    from cogwizard.aws.session import Settings
    from cogwizard.intake.curl import read_curl
    from cogwizard.text import Texts
    from cogwizard.ui.app import CogwizardApp
    from cogwizard.ui.session import Session

    app = CogwizardApp(Session(Texts("en"), Settings()))

    async def run() -> None:
        from cogwizard.ui.guide import TROUBLESHOOTING
        from cogwizard.ui.journey import Journey

        await asyncio.sleep(SETTLED)
        app.session.given.call = read_curl(curl)[0]
        app.action_troubleshoot()
        while not (isinstance(app.screen, Journey) and app.screen.seen.report and not app.screen.seen.running):
            await asyncio.sleep(0.05)
        for _ in TROUBLESHOOTING.screens:
            app.simulate_key("n")
            await asyncio.sleep(0.2)
        if app.screen.seen.report["causes"] != [SCENARIO]:
            raise RuntimeError("not judged")

    return app, run


def inside(kind: str, curl: str, result: Path) -> None:
    """Be one of both, and write what it holds in the end."""
    app, run = wizard(curl) if kind == "wizard" else bare()

    async def script(_: object) -> None:
        work: Coroutine[Any, Any, Any] = run()
        kept = await work
        await asyncio.sleep(SETTLED)
        draft = result.with_suffix(".draft")
        draft.write_text(json.dumps(held()), "utf-8")
        draft.rename(result)
        del kept

    app.run(auto_pilot=script)


def main(runs: int = 3) -> None:
    """Print both medians and their ratio, held and most."""
    if not Path("/proc/self/statm").exists():
        print("skipped: this system does not tell what a process holds")
        return
    found: dict[str, list[tuple[float, float]]] = {"bare": [], "wizard": []}
    with served(SCENARIO) as (env, curl), tempfile.TemporaryDirectory() as folder:
        call = Path(folder, "call")
        call.write_text(curl, "utf-8")
        for run in range(runs):
            for kind, values in found.items():
                result = Path(folder, f"{kind}-{run}.json")
                command = ("-m", "tests.benchmarks.bench_wizard_memory", "inside", kind, str(call), str(result))
                settings = {**env, "HOME": folder, "TERM": "xterm-256color"}
                with Terminal((sys.executable, *command), settings) as terminal:
                    terminal.drain(result.exists)
                values.append(json.loads(result.read_text("utf-8")))
    names = {"bare": "bare Textual app, boto3's clients", "wizard": "the wizard after a journey"}
    for at, what in enumerate(("held", "most")):
        medians = {kind: statistics.median(pair[at] for pair in values) for kind, values in found.items()}
        for kind, megabytes in medians.items():
            print(f"{what}  {names[kind]:34} {megabytes:6.1f} MB  {megabytes / medians['bare']:.2f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["inside"]:
        inside(sys.argv[2], Path(sys.argv[3]).read_text("utf-8"), Path(sys.argv[4]))
    else:
        main(*map(int, sys.argv[1:2]))
