"""Copying: the system's own tool, else the terminal (OSC 52), else a file. Which way was taken is said."""

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cogwizard.ui.app import CogwizardApp

_TO_BE_READ = 8.0  # seconds for what is longer than a word, or tells a path
_DEADLINE = 2.0  # seconds; xclip and wl-copy hang where the display that they are told of does not answer
# Bytes that are sent to a terminal at most: the 100,000 of an escape sequence that xterm takes, before base64. More is
# dropped by terminals without a word.
_LONGEST = 74_994
# A process of its own: a tool that hangs is ended, and what it prints goes nowhere instead of over the screen.
_TOOL = "import sys, pyperclip; pyperclip.copy(sys.stdin.buffer.read().decode())"


@dataclass(frozen=True)
class Ways:
    """What can be done here.

    `native` copies with the system's tool and returns whether it did. `is_remote`: the user sits at another machine,
    whose clipboard this one's tools do not reach. `has_osc52`: the terminal may take text for the clipboard. `folder`:
    where files go, None for the system's directory for them.
    """

    native: Callable[[str], bool]
    is_remote: bool = False
    has_osc52: bool = True
    folder: Path | None = None


def ways_here(environment: Mapping[str, str], *, headless: bool = False) -> Ways:
    """Return the ways of a terminal with these variables. Without a terminal no clipboard is anybody's."""
    return Ways(
        native=(lambda _: False) if headless else copy_natively,
        is_remote=bool(environment.get("SSH_CONNECTION") or environment.get("SSH_TTY")),
        has_osc52=environment.get("TERM_PROGRAM") != "Apple_Terminal",
    )


def copy_natively(text: str, deadline: float = _DEADLINE) -> bool:
    """Copy with pbcopy, clip.exe, wl-copy, xclip or what else pyperclip finds. Returns whether it did, in time."""
    command = [sys.executable, "-P", "-c", _TOOL]  # -P: a pyperclip.py in the working directory is not the library
    quiet = subprocess.DEVNULL
    try:
        tool = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet, start_new_session=True
        )
    except OSError:
        return False
    with tool:
        try:
            tool.communicate(text.encode("utf-8", "replace"), deadline)
        except subprocess.TimeoutExpired:
            _end(tool)
        return tool.returncode == 0


def _end(tool: "subprocess.Popen[bytes]") -> None:
    """End a tool and what it started."""
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            tool.kill()
        else:
            os.killpg(tool.pid, 9)
    tool.wait()


def copy_in_background(
    app: "CogwizardApp", text: str, ways: Ways | None = None, *, to_file: bool = True
) -> threading.Thread:
    """Copy, and tell the user by which way. Returns at once, with the thread that does it.

    The terminal never says whether it took the text. So the same text copied once more goes the next way. `to_file` is
    False for what must not be on a disk: what the user marked in a field of their own.
    """
    chosen = ways or ways_here(os.environ, headless=app.is_headless)
    again = app.sent_to_terminal == text
    app.sent_to_terminal = None
    thread = threading.Thread(target=_copy, args=(app, text, chosen, again, to_file), daemon=True, name="copy")
    thread.start()
    return thread


def _copy(app: "CogwizardApp", text: str, ways: Ways, again: bool, to_file: bool) -> None:
    for way in _order(ways, text, again):
        if way == "native" and ways.native(text):
            return _tell(app, "copied")
        if way == "terminal":
            return _on_screen(app, lambda: _send(app, text, to_file))
    path = _write(text, ways.folder) if to_file else None
    if path is None:
        return _tell(app, "not copied", failed=True)
    return _tell(app, "in a file", path=str(path))


def _order(ways: Ways, text: str, again: bool) -> Iterator[str]:
    if not ways.is_remote:
        yield "native"
    if ways.has_osc52 and not again and len(text.encode("utf-8", "replace")) <= _LONGEST:
        yield "terminal"


def _send(app: "CogwizardApp", text: str, to_file: bool) -> None:
    held = app.clipboard
    app.send_to_terminal(text)
    if not to_file:  # ctrl+v would put it into a field that shows it
        app._clipboard = held
    app.sent_to_terminal = text if to_file else None
    key = "sent" if to_file else "sent only"
    app.notify(app.session.texts.screen("clipboard", key), markup=False, timeout=_TO_BE_READ)


def _write(text: str, folder: Path | None) -> Path | None:
    """Write a file that only its owner can read; its name cannot be foreseen. None when it cannot be written."""
    with contextlib.suppress(OSError):
        descriptor, name = tempfile.mkstemp(".txt", "cogwizard-", folder)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace", newline="") as file:
            file.write(text)
        return Path(name)
    return None


def _tell(app: "CogwizardApp", key: str, *, failed: bool = False, **params: object) -> None:
    def tell() -> None:
        message = app.session.texts.screen("clipboard", key, **params)
        timeout = _TO_BE_READ if failed or params else None
        app.notify(message, markup=False, severity="warning" if failed else "information", timeout=timeout)

    _on_screen(app, tell)


def _on_screen(app: "CogwizardApp", act: Callable[[], None]) -> None:
    with contextlib.suppress(RuntimeError):  # the app was left meanwhile
        app.call_later(act)
