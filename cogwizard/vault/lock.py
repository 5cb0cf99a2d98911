"""One writer at a time: within the process, and among all that write to the same user's keyring."""

import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

_PAUSE = 0.01  # seconds between two attempts
_within = threading.Lock()


def lock_file() -> Path:
    """Return the file that processes lock; it holds nothing."""
    from platformdirs import user_state_path

    return user_state_path("cogwizard", appauthor=False) / "vault.lock"


@contextlib.contextmanager
def writing(path: Path, is_unwanted: Callable[[], bool]) -> Iterator[None]:
    """Wait until nobody else writes, and keep others waiting. Raises TimeoutError once `is_unwanted()`.

    The system frees the lock of a process that dies. Where no such file can be made, only this process is kept in
    order: that two wrote at once is then found out by reading back.
    """

    def wait(got: Callable[[], bool]) -> None:
        while not got():
            if is_unwanted():
                raise TimeoutError
            time.sleep(_PAUSE)

    wait(lambda: _within.acquire(blocking=False))
    try:
        descriptor = _opened(path)
        if descriptor is None:
            yield
            return
        try:
            wait(lambda: _taken(descriptor))
            yield
        finally:
            os.close(descriptor)
    finally:
        _within.release()


def _opened(path: Path) -> int | None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
    except OSError:
        return None


def _taken(descriptor: int) -> bool:
    """Try once. A file system that knows no locks counts as taken."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return True
    return True
