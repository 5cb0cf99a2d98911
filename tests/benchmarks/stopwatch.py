"""Times of whole processes, as a person waits for them. No verdict: medians of one run, and their ratios."""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence

COGWIZARD = (sys.executable, "-m", "cogwizard")


def run(command: Sequence[str], *, expect: int = 0, stdin: str = "", env: Mapping[str, str] | None = None) -> str:
    """Run a program and return its standard output. Raises RuntimeError when it ends with another code than `expect`:
    the time of something that failed is no measurement."""
    done = subprocess.run(command, input=stdin, env=env, capture_output=True, encoding="utf-8", timeout=300)
    if done.returncode != expect:
        raise RuntimeError(f"{command[:6]} ended with {done.returncode}, not {expect}: {done.stderr[-500:]}")
    return done.stdout


def alternate(tasks: Mapping[str, Callable[[], object]], runs: int) -> dict[str, list[float]]:
    """Return the seconds of each task, by name. The tasks take turns, so that a slow minute slows them all; one round
    before the first is not counted."""
    times: dict[str, list[float]] = {name: [] for name in tasks}
    for turn in range(runs + 1):
        for name, task in tasks.items():
            began = time.perf_counter()
            task()
            if turn:
                times[name].append(time.perf_counter() - began)
    return times


def show(times: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """Print each median with its spread and its ratio to the first; return the medians in seconds."""
    medians = {name: statistics.median(found) for name, found in times.items()}
    base = next(iter(medians.values()))
    width = max(map(len, times))
    print(f"{'':{width}}  {'median':>9}  {'least':>9}  {'most':>9}  ratio")
    for name, found in times.items():
        cells = "  ".join(f"{seconds * 1000:6.0f} ms" for seconds in (medians[name], min(found), max(found)))
        print(f"{name:{width}}  {cells}  {medians[name] / base:5.2f}")
    return medians
