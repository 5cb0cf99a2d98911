"""How long the home screen takes to appear: against a Textual app that shows one line, started the same way.

Both run in a terminal of 80x24; the clock stops when a known text has been painted. The budget is 1.3 times.

python -m tests.benchmarks.bench_wizard_paint [RUNS]
"""

import os
import sys
import tempfile
from functools import partial
from pathlib import Path

from cogwizard.text import Texts
from tests.benchmarks.stopwatch import COGWIZARD, alternate, show
from tests.benchmarks.terminal import Terminal

HOME = Texts("en").screen("home", "sentence")[:30]
BARE = """
from textual.app import App
from textual.widgets import Static

class Bare(App):
    def compose(self):
        yield Static("painted")

Bare().run()
"""


def painted(command: tuple[str, ...], text: str, env: dict[str, str]) -> None:
    """Run a program in a terminal until it has painted a text."""
    with Terminal(command, env) as terminal:
        terminal.until(text.encode())


def main(runs: int = 15) -> None:
    """Print both medians and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder, "bare.py")
        bare.write_text(BARE, "utf-8")
        env = {"HOME": folder, "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TERM": "xterm-256color"}
        tasks = {
            "a bare Textual app": partial(painted, (sys.executable, str(bare)), "painted", env),
            "cogwizard": partial(painted, COGWIZARD, HOME, env),
        }
        show(alternate(tasks, runs))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
