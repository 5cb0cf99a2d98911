"""A crash of the wizard: the terminal is given back, and nothing that the user gave is ever in what is told of it."""

import os
import pty
import re
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cogwizard.ui.crash import Crashed, handle, quiet, report_of
from tests.ui.driver import Driver, drive

CANARY = "canary7d1f"
ROOT = Path(__file__).parents[2]

# The wizard as the command line starts it, with a key that does what a test wants.
PROGRAM = """
import sys, threading, time, warnings, logging, asyncio
from cogwizard.cli import main
from cogwizard.ui.app import CogwizardApp

def act(self):
    secret = "canary" + "7d1f"
    {body}

CogwizardApp.action_next_theme = act
sys.exit(main(sys.argv[1:]))
"""


def run(body: str, *arguments: str, keys: bytes = b"\x14") -> tuple[int, str]:
    """Start the wizard in a terminal, press `keys` (ctrl+t: the body runs) when it has painted.

    Returns its exit code and all that it wrote.
    """
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "PYTHONPATH": str(ROOT), "COLUMNS": "100", "LINES": "30"}
    program = PROGRAM.format(body=body)
    with subprocess.Popen(
        [sys.executable, "-c", program, *arguments], stdin=theirs, stdout=theirs, stderr=theirs, env=environment
    ) as process:
        os.close(theirs)
        written, pressed, end = b"", False, time.monotonic() + 60
        while time.monotonic() < end:
            if not select.select([ours], [], [], 0.1)[0]:
                if process.poll() is not None:
                    break
                continue
            try:
                written += os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            if not pressed and b"ctrl+q" in written:
                pressed = True
                os.write(ours, keys)
        else:
            process.kill()
            pytest.fail(f"the wizard did not end: {written[-2000:]!r}")
        code = process.wait(30)
    os.close(ours)
    return code, written.decode("utf-8", "replace")


def after_the_screen(written: str) -> str:
    """Return what was written after the terminal was given back."""
    assert "\x1b[?1049l" in written, written[-2000:]
    return written.rpartition("\x1b[?1049l")[2]


def test_a_crash_is_told_without_values(tmp_path: Path) -> None:
    """Exit code 3; type, file, line and function; neither the message nor a variable, on the terminal or in the log."""
    log = tmp_path / "log"
    code, written = run("raise ValueError(secret)", "--log", str(log))
    told = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", after_the_screen(written))
    assert code == 3
    assert "cogwizard crashed" in told
    assert "ValueError" in told
    assert re.search(r":\d+ act\b", told)
    assert CANARY not in written
    lines = log.read_text().splitlines()
    assert "crash: ValueError" in lines
    assert any(re.search(r":\d+ act$", line) for line in lines)
    assert CANARY not in log.read_text()


def test_a_worker_that_crashes_is_told_so_too() -> None:
    """Textual wraps the error, with its text, in one of its own."""
    body = "self.run_worker(lambda: int(secret), thread=True)"
    code, written = run(body)
    told = after_the_screen(written)
    assert code == 3
    assert "ValueError" in told
    assert CANARY not in written


NOISE = """
    def noise():
        print(secret); print(secret, file=sys.stderr); warnings.warn(secret)
        logging.getLogger("botocore").warning(secret); logging.error(secret)
        raise RuntimeError(secret)
    thread = threading.Thread(target=noise); thread.start(); thread.join()
    async def fail():
        try:
            await asyncio.sleep(60)
        finally:
            raise RuntimeError(secret)
    self.kept = asyncio.ensure_future(fail()); self.set_timer(0.2, lambda: self.exit(0))
"""


def test_nothing_else_writes_to_the_terminal(tmp_path: Path) -> None:
    """Neither what threads print, warn and log nor what fails there is seen, during the run or after it."""
    log = tmp_path / "log"
    code, written = run(NOISE.strip(), "--log", str(log))
    assert code == 0
    assert CANARY not in written
    assert "Traceback" not in written
    assert "thread: RuntimeError" in log.read_text()
    assert CANARY not in log.read_text()


def test_a_report_names_what_caused_it() -> None:
    """Types and places of an error and of its cause; no messages."""

    def fail() -> None:
        secret = CANARY
        try:
            int(secret)
        except ValueError as error:
            raise KeyError(secret) from error

    with pytest.raises(KeyError) as caught:
        fail()
    report = report_of(caught.value)
    assert [line for line in report.splitlines() if not line.startswith(" ")] == ["KeyError", "ValueError"]
    assert str(ROOT) not in report
    assert CANARY not in report


def test_the_first_crash_is_the_one_that_is_told() -> None:
    """What fails while the app ends is logged only; a pilot gets the error itself."""
    logged: list[str] = []
    shown: list[Exception] = []

    async def script(wizard: Driver) -> None:
        wizard.app.session.log = logged.append
        handle(wizard.app, ValueError(CANARY), shown.append)
        handle(wizard.app, KeyError(CANARY), shown.append)

    with pytest.raises(ValueError, match=CANARY):
        drive(script)
    assert [type(error) for error in shown] == [Crashed]
    assert logged == ["crash: ValueError", "crash: KeyError"]
    assert CANARY not in str(shown[0])


def test_quiet_ends() -> None:
    """Threads and logs are as before, whatever happened."""
    import logging
    import threading

    before = threading.excepthook, list(logging.getLogger().handlers)
    with pytest.raises(ZeroDivisionError), quiet(lambda _: None):
        raise ZeroDivisionError
    assert (threading.excepthook, list(logging.getLogger().handlers)) == before
