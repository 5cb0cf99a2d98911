"""A program in a terminal of its own, as a benchmark watches it: what it has painted, in bytes."""

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType


class Terminal:
    """Runs a program in a terminal of 80x24. It is killed at the end: what is timed ends before."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str]) -> None:
        """Take the program's words and its environment."""
        self._command, self._env = command, env
        self._painted = b""

    def __enter__(self) -> "Terminal":
        """Start it."""
        size = struct.pack("HHHH", 24, 80, 0, 0)
        self.pid, self._file = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, size)
            os.execve(self._command[0], list(self._command), dict(self._env))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Kill it."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._file)

    def send(self, data: bytes) -> None:
        """Type or paste."""
        while data:
            data = data[os.write(self._file, data) :]

    def drain(self, until: Callable[[], bool], seconds: float = 300.0) -> None:
        """Read what is painted until a condition holds. Raises RuntimeError when it never does."""
        end = time.monotonic() + seconds
        while not until():
            if time.monotonic() > end or not self._read(0.05):
                raise RuntimeError(f"the program ended; at last {self._painted[-1500:]!r}")

    def _read(self, seconds: float) -> bool:
        """Read what is there, waiting for it at most so long; whether the program still runs."""
        if select.select([self._file], [], [], seconds)[0]:
            try:
                self._painted += os.read(self._file, 65536)
            except OSError:  # Linux: the other end is closed
                return False
        return True

    def until(self, text: bytes, seconds: float = 60.0) -> None:
        """Return as soon as a text has been painted since the last call. Raises RuntimeError when it never is."""
        end = time.monotonic() + seconds
        while text not in self._painted:
            left = end - time.monotonic()
            if left < 0 or not self._read(left):
                raise RuntimeError(f"never painted: {text!r}; at last {self._painted[-1500:]!r}")
        self._painted = self._painted.partition(text)[2]
