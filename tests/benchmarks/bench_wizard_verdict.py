"""From a pasted call to the verdict: in the wizard against `cogwizard diagnose` on the same call.

The sandbox runs in a process of its own, the wizard in a terminal of 80x24 that is at its home screen already, as it
is when somebody pastes. Both clocks stop at the verdict: the wizard's when its text has been painted. The budget is
1.5 times.

python -m tests.benchmarks.bench_wizard_verdict [RUNS]
"""

import sys
import tempfile
import time

from cogwizard.text import Texts
from tests.benchmarks.bench_diagnose import SCENARIO, served
from tests.benchmarks.bench_wizard_paint import HOME
from tests.benchmarks.stopwatch import COGWIZARD, run, show
from tests.benchmarks.terminal import Terminal

PAUSE = 2.0  # seconds a person needs to find what they copied; the wizard loads meanwhile


def headless(curl: str, env: dict[str, str]) -> float:
    """Return how long `diagnose` takes, in seconds."""
    began = time.perf_counter()
    shown = run((*COGWIZARD, "diagnose", "--curl", "-"), expect=1, stdin=curl, env=env)
    if SCENARIO not in shown:
        raise RuntimeError("not judged")
    return time.perf_counter() - began


def pasted(curl: str, env: dict[str, str]) -> float:
    """Return how long it takes from the paste, with F5 behind it, to the verdict's words, in seconds."""
    texts = Texts("en")
    recognised = texts.screen("home", "curl", method="GET", path="", carries="").partition(" GET")[0]
    verdict = texts.title(SCENARIO)
    with Terminal(COGWIZARD, env) as terminal:
        terminal.until(HOME.encode())
        time.sleep(PAUSE)
        began = time.perf_counter()
        terminal.send(b"\x1b[200~" + curl.encode() + b"\x1b[201~")
        terminal.until(recognised.encode())
        terminal.send(b"\x1b[15~")  # F5
        terminal.until(verdict.encode())
        return time.perf_counter() - began


def main(runs: int = 5) -> None:
    """Print both medians and their ratio."""
    times: dict[str, list[float]] = {"cogwizard diagnose": [], "pasted into the wizard": []}
    with served(SCENARIO) as (env, curl), tempfile.TemporaryDirectory() as folder:
        env |= {"HOME": folder, "LANG": "C.UTF-8", "TERM": "xterm-256color"}
        for turn in range(runs + 1):
            found = headless(curl, env), pasted(curl, env)
            for name, seconds in zip(times, found, strict=True):
                if turn:
                    times[name].append(seconds)
    show(times)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
