"""Files of the user: read with a limit, written for their owner alone, never over another unasked."""

import os
import re
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


class NotRead(Exception):
    """Why a file was not read: `key` of a sentence (`file-unreadable`, `file-too-large`), `params` fill it."""

    def __init__(self, key: str, **params: object) -> None:
        """Take the key, and what fills the sentence."""
        super().__init__(key)
        self.key = key
        self.params = params


class NotWritten(Exception):
    """Why a file was not written: `key` of `screens/save.toml`."""

    def __init__(self, key: str, path: str = "") -> None:
        """Take the key and the file."""
        super().__init__(key)
        self.key = key
        self.path = path


def read_text(path: str, limit_mib: int = 64) -> str:
    """Return a text file's content; "-" is standard input. Bytes that are no UTF-8 are replaced. Raises NotRead."""
    limit = limit_mib * 1024 * 1024
    try:
        if path == "-" and sys.stdin is None:
            raise NotRead("file-unreadable", path="-", error="closed")
        if path == "-":
            data = sys.stdin.buffer.read(limit + 1)
        else:
            with Path(path).open("rb") as file:
                data = file.read(limit + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise NotRead("file-unreadable", path=path, error=reason) from None
    if len(data) > limit:
        raise NotRead("file-too-large", path=path, limit=limit_mib)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    return data.decode("utf-8-sig", "replace")


@contextmanager
def opened(path: str) -> Iterator[BinaryIO]:
    """Open a file for reading it bit by bit; "-" is standard input. Raises NotRead, also for what fails while reading.

    A pipe that nobody writes to is an empty file: nothing waits for it.
    """
    try:
        if path == "-":
            if sys.stdin is None:
                raise NotRead("file-unreadable", path="-", error="closed")
            yield sys.stdin.buffer
            return
        with open(path, "rb", opener=_without_waiting) as file:
            if hasattr(os, "set_blocking"):
                os.set_blocking(file.fileno(), True)
            yield file
    except (OSError, ValueError) as error:
        if isinstance(error, ValueError) and type(error) not in (ValueError, UnicodeEncodeError):
            raise  # what the reader found, not the file
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise NotRead("file-unreadable", path=path, error=reason) from None


def numbered(source: str) -> tuple[str, int | None]:
    """Return path and number of `FILE#N`; a file whose name looks like that is a file."""
    found = re.fullmatch(r"(?P<path>.+)#(?P<number>[0-9]{1,9})", source, re.DOTALL)
    if found is None or os.path.lexists(source):
        return source, None
    return found["path"], int(found["number"])


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def is_taken(name: str) -> bool:
    """Whether writing that file would lose something: an empty one holds nothing. Raises nothing: see `write`."""
    try:
        path = Path(name).expanduser()
        return os.path.lexists(path) and not (path.is_file() and not path.is_symlink() and path.stat().st_size == 0)
    except (OSError, ValueError, RuntimeError):
        return False


def write(name: str, text: str, *, over: bool = False) -> Path:
    """Write a file for its owner alone and return where it is. `over`: a file that is there may be replaced.

    Raises NotWritten: `exists` for a file that is there, else why it cannot be.
    """
    try:
        path = Path(name).expanduser().absolute()
        if path.is_dir() or name.endswith(("/", os.sep)):
            raise NotWritten("directory", name)
        over = over or (path.exists() and not is_taken(name))
        if over and path.exists() and not stat.S_ISREG(path.stat().st_mode):
            raise NotWritten("no file", name)  # a device or a pipe is not for reports
        # A file of the old name keeps its content until all of the new one is written.
        target = path.with_name(f".{path.name[:80]}.{os.getpid()}") if over else path
        _write_new(target, text)
        if over:
            target.replace(path)
    except (FileExistsError, FileNotFoundError, NotADirectoryError, PermissionError, OSError) as error:
        raise NotWritten(_reason(error), name) from None
    except (ValueError, RuntimeError):  # a NUL in the name, "~" of nobody
        raise NotWritten("bad name", name) from None
    return path


def write_all(folder: str, files: dict[str, str], *, over: bool = False) -> list[Path]:
    """Write several files into a folder that is there, each as `write`; return where they are.

    Where one of them is there already, none is written. Raises NotWritten.
    """
    if not over:
        for name in files:
            if os.path.lexists(Path(folder, name)):
                raise NotWritten("exists", str(Path(folder, name)))
    return [write(str(Path(folder, name)), text, over=over) for name, text in files.items()]


def _write_new(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError:
        path.unlink(missing_ok=True)  # a full disk leaves half a report
        raise


def _reason(error: OSError) -> str:
    reasons = {
        FileExistsError: "exists",
        FileNotFoundError: "no directory",
        NotADirectoryError: "no directory",
        PermissionError: "not allowed",
    }
    return reasons.get(type(error), "failed")
