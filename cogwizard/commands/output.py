"""How commands speak: data on standard output, narration on standard error, one exit code everywhere."""

import contextlib
import json
import os
import re
import sys
from enum import IntEnum
from pathlib import Path
from typing import Any, TextIO

from cogwizard.model.inert import scrub
from cogwizard.text import Texts


class Exit(IntEnum):
    """Exit codes (interface, section 1)."""

    OK = 0
    FAULT = 1
    USAGE = 2
    INCONCLUSIVE = 3
    INTERRUPTED = 130

    @classmethod
    def of(cls, outcome: str) -> "Exit":
        """Return the code of a report's outcome."""
        return {"fault": cls.FAULT, "healthy": cls.OK, "inconclusive": cls.INCONCLUSIVE}[outcome]


class UsageError(Exception):
    """Something that the user gave cannot be used. `key` names a text of the catalogue, `params` fill it."""

    def __init__(self, key: str, **params: object) -> None:
        super().__init__(key)
        self.key = key
        self.params = params


def colour_wanted(no_color: bool, stream: TextIO) -> bool:
    """Whether to colour: on a terminal, unless --no-color, NO_COLOR or TERM=dumb says no."""
    return stream.isatty() and not no_color and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def prepare_streams() -> None:
    """Make standard streams safe to use: closed ones go nowhere, a character that one cannot show is escaped."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def put(text: str) -> None:
    """Write data to standard output. A reader that went away (`| head`) is no error: the exit code stays the verdict's.

    Raises UsageError when it cannot be written.
    """
    try:
        sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    except OSError as error:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
        raise UsageError("output-failed", error=error.strerror or type(error).__name__) from None


def put_json(document: Any) -> None:
    """Write JSON to standard output."""
    put(json.dumps(document, ensure_ascii=False, indent=2))


def say(text: str) -> None:
    """Write narration to standard error."""
    sys.stderr.write(f"{text}\n")


def complain(texts: Texts, key: str, **params: object) -> None:
    """Write an error sentence of the catalogue to standard error."""
    say(f"cogwizard: {texts.message(key, params)}")


class Log:
    """A log of what was done, each line scrubbed; no file, no log. The file is readable by its owner only."""

    def __init__(self, path: str | None) -> None:
        self._path = path
        if path:
            try:
                os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
            except OSError as error:
                raise UsageError("log-unwritable", path=path, error=error.strerror or type(error).__name__) from None

    def line(self, text: str) -> None:
        """Write one line. A log that can no longer be written stops nothing."""
        if self._path:
            with contextlib.suppress(OSError), Path(self._path).open("a", encoding="utf-8") as file:
                file.write(scrub(text) + "\n")


def read_file(path: str, limit_mib: int = 64) -> str:
    """Return a text file's content; "-" is standard input. Bytes that are no UTF-8 are replaced. Raises UsageError."""
    limit = limit_mib * 1024 * 1024
    try:
        if path == "-" and sys.stdin is None:
            raise UsageError("file-unreadable", path="-", error="closed")
        if path == "-":
            data = sys.stdin.buffer.read(limit + 1)
        else:
            with Path(path).open("rb") as file:
                data = file.read(limit + 1)
    except OSError as error:
        raise UsageError("file-unreadable", path=path, error=error.strerror or type(error).__name__) from None
    if len(data) > limit:
        raise UsageError("file-too-large", path=path, limit=limit_mib)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    return data.decode("utf-8-sig", "replace")


def read_secret(source: str) -> str:
    """Return a secret from `-`, `@FILE` or `env:NAME` (interface, SRC) without its line end. Raises UsageError."""
    if source == "-":
        value = read_file("-", 1)
    elif source.startswith("@"):
        value = read_file(source[1:], 1)
    elif source.startswith("env:"):
        name = source[4:]
        if name not in os.environ:
            shown = name if re.fullmatch(r"[A-Z_][A-Z0-9_]{0,40}", name) else "?"  # not a secret that was put there
            raise UsageError("source-env", name=shown)
        value = os.environ[name]
    elif source.startswith("vault:"):
        raise UsageError("source-vault")
    else:
        # What stands there may be the secret itself: it is not repeated.
        raise UsageError("source-form")
    value = value.rstrip("\r\n")
    if not value.strip():
        raise UsageError("source-empty", source=source)
    return value
