"""How long a command takes to start: against an interpreter that does nothing, and one that loads what a CLI needs.

python -m tests.benchmarks.bench_startup [RUNS]
"""

import sys
from functools import partial
from importlib.util import find_spec

from tests.benchmarks.stopwatch import COGWIZARD, alternate, run, show


def main(runs: int = 15) -> None:
    """Print the medians of the commands that must start at once."""
    python = sys.executable
    commands = {
        "python -c pass": (python, "-c", "pass"),
        "python -c 'import argparse, tomllib'": (python, "-c", "import argparse, tomllib"),
        "cogwizard --help": (*COGWIZARD, "--help"),
        "cogwizard explain token-expired": (*COGWIZARD, "explain", "token-expired"),
        "cogwizard explain --list": (*COGWIZARD, "explain", "--list"),
        "cogwizard policy": (*COGWIZARD, "policy"),
    }
    for module in ("click", "boto3"):
        if find_spec(module):
            commands[f"python -c 'import {module}'"] = (python, "-c", f"import {module}")
    show(alternate({name: partial(run, command) for name, command in commands.items()}, runs))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
