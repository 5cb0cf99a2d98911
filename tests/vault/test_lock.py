"""One writer at a time, and nobody waits who is no longer wanted."""

import subprocess
import sys
from pathlib import Path

import pytest

import cogwizard
from cogwizard.vault.lock import writing

HERE = Path(cogwizard.__file__).parent.parent


def never() -> bool:
    return False


def test_a_writer_that_is_unwanted_stops_waiting(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with writing(path, never), pytest.raises(TimeoutError), writing(path, lambda: True):
        pytest.fail("two write at once")
    with writing(path, never):
        pass


def test_another_process_is_kept_out_until_this_one_ends(tmp_path: Path) -> None:
    """However it ends: the lock of a killed process is free."""
    code = f"""
import sys, threading; sys.path.insert(0, {str(HERE)!r})
from pathlib import Path
from cogwizard.vault.lock import writing
with writing(Path(sys.argv[1]), lambda: False):
    print("here", flush=True)
    threading.Event().wait()
"""
    path = tmp_path / "lock"
    with subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "here\n"
        with pytest.raises(TimeoutError), writing(path, lambda: True):
            pytest.fail("two write at once")
        other.kill()
    with writing(path, never):
        pass
