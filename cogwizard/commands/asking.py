"""What a command asks on a terminal: prompts go to standard error, secrets are typed without echo."""

import contextlib
import getpass
import os
import sys
import warnings
from collections.abc import Iterator

from cogwizard.commands.output import UsageError

_LONGEST = 200_000  # bytes of one answer
_ERASE, _KILL, _END = (b"\x7f", b"\x08"), b"\x15", b"\x04"


def can_ask() -> bool:
    """Whether somebody can type an answer."""
    return sys.stdin is not None and sys.stdin.isatty()


def ask(prompt: str) -> str:
    """Return a line that is typed, without blanks at its ends. Raises UsageError where nobody types."""
    if not can_ask():
        raise UsageError("nobody-to-ask")
    _say(f"{prompt}: ")
    line = sys.stdin.readline()
    if not line:
        raise UsageError("nobody-to-ask")
    return line.strip()


def ask_secret(prompt: str) -> str:
    """Return what is typed or pasted without echo, as it is. Raises UsageError where nobody types, or it would be seen.

    Not by lines of the terminal where that can be helped: those end after 4,095 characters without a word, and two
    tokens in an address are longer.
    """
    if not can_ask():
        raise UsageError("nobody-to-ask")
    if sys.platform == "win32":
        return _getpass(prompt)  # it reads key by key there
    with _quiet():
        _say(f"{prompt}: ")
        typed = _typed()
    _say("\n")
    return typed.decode("utf-8", "surrogateescape")


def _say(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


def _getpass(prompt: str) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            return getpass.getpass(f"{prompt}: ", sys.stderr)
        except getpass.GetPassWarning:
            raise UsageError("vault-echo") from None
        except EOFError:
            raise UsageError("nobody-to-ask") from None


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Switch off echo and lines of the terminal; ctrl+c still interrupts. Restored whatever happens."""
    import termios

    file = sys.stdin.fileno()
    try:
        before, quiet = termios.tcgetattr(file), termios.tcgetattr(file)
        quiet[3] &= ~(termios.ECHO | termios.ICANON)
        quiet[6][termios.VMIN], quiet[6][termios.VTIME] = 1, 0
        termios.tcsetattr(file, termios.TCSADRAIN, quiet)
    except termios.error:
        raise UsageError("vault-echo") from None
    try:
        yield
    finally:
        termios.tcsetattr(file, termios.TCSADRAIN, before)


def _typed() -> bytes:
    """Return the bytes up to the end of the line, one by one: what is typed ahead belongs to the next question."""
    typed = b""
    while True:
        byte = os.read(sys.stdin.fileno(), 1)
        if byte in (b"\n", b"\r"):
            return typed
        if byte == b"" or (byte == _END and not typed):
            raise UsageError("nobody-to-ask")
        if byte in _ERASE:
            typed = typed.decode("utf-8", "surrogateescape")[:-1].encode("utf-8", "surrogateescape")
        elif byte == _KILL:
            typed = b""
        elif byte != _END:
            typed += byte
        if len(typed) > _LONGEST:
            raise UsageError("line-too-long", most=_LONGEST)


def confirm(question: str) -> bool:
    """Return whether somebody says yes; nobody to ask is no."""
    return can_ask() and ask(f"{question} [y/N]").lower() in ("y", "yes", "はい")
