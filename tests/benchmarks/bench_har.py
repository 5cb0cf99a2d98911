"""A browser's recording of 100 MB: time and memory of reading it bit by bit, against `json.load` of all of it.

Half of it are bodies of some MB, half are small entries with many headers. Memory is the largest resident set of a
process that does nothing else, less that of one that only imports.

python -m tests.benchmarks.bench_har [RUNS] [MB]
"""

import json
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.stopwatch import alternate, run, show
from tests.intake.recordings import chrome, data, har, sent

_PEAK = (
    "import resource; peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
    "print(peak * (1 if sys.platform == 'darwin' else 1024))"
)
_LOAD = "import sys, json; from cogwizard.intake.har import read_har\nfile = open(sys.argv[1], 'rb')\n"
TASKS = {
    "json.load": f"{_LOAD}json.load(file)\n{_PEAK}",
    "read_har": f"{_LOAD}found = read_har(file); assert found.entry.status == 401\n{_PEAK}",
}


def write(path: Path, size: int) -> None:
    """Write a recording of about `size` bytes whose last failing call stands in the middle."""
    small = json.dumps(chrome(headers=sent(**{f"x_{number}": "v" * 40 for number in range(20)}), status=200), indent=1)
    large = json.dumps(chrome(status=200, body='{"id": "\\u00e9", "name": "日本"}\n' * 80_000), indent=1)
    failing = json.dumps(chrome(headers=sent(authorization="Bearer x")))
    half = [small] * (size // 4 // len(small)) + [large] * (size // 4 // len(large))
    head, _, tail = data(har(["HERE"])).decode().partition('"HERE"')
    path.write_text(head + ",\n".join([*half, failing, *half]) + tail, "utf-8")


def main(runs: int = 5, megabytes: int = 100) -> None:
    """Print the medians, and the memory that each takes for a byte of the file."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "large.har")
        write(file, megabytes * 1_000_000)
        size = file.stat().st_size
        peaks: dict[str, int] = {}

        def measured(name: str) -> None:
            peaks[name] = int(run((sys.executable, "-c", TASKS[name], str(file))))

        show(alternate({name: lambda name=name: measured(name) for name in TASKS}, runs))  # type: ignore[misc]
        idle = int(run((sys.executable, "-c", _LOAD + _PEAK, str(file))))
    print(f"file: {size / 1e6:.0f} MB")
    for name, peak in peaks.items():
        print(f"{name}: {(peak - idle) / 1e6:.1f} MB more than an idle process, {(peak - idle) / size:.3f} of the file")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
