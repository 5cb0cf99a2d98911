"""Whether the user's browser can be opened from here, and opening it without anything happening in our terminal."""

import ipaddress
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import PurePath
from typing import Literal

Obstacle = Literal["ssh", "wsl", "no-display"]

_DEADLINE = 10.0  # seconds; a browser that was started itself, and not handed the address, goes on running
_TEXT_BROWSERS = frozenset({"www-browser", "links", "links2", "elinks", "lynx", "w3m", "browsh", "carbonyl"})
# A process of its own: what a browser prints goes nowhere. The address comes on standard input.
_OPEN = "import sys, webbrowser; sys.exit(0 if webbrowser.open(sys.stdin.read()) else 1)"


def why_not(environment: Mapping[str, str] | None = None, platform: str | None = None) -> Obstacle | None:
    """Return why no browser can be opened where the user sees it, None where one can. Starts and reads nothing else.

    `platform` is as in `sys.platform`. "ssh": the user sits at another machine, whatever display there is. "wsl": the
    browser is Windows' own, and may not reach a listener in here. "no-display": there is no desktop; Python's
    webbrowser would then start lynx, w3m or links inside our terminal (postman-oauth.md 5.1 [src]).
    """
    env = os.environ if environment is None else environment
    system = sys.platform if platform is None else platform
    if env.get("SSH_CONNECTION") or env.get("SSH_CLIENT") or env.get("SSH_TTY"):
        return "ssh"
    if system in ("darwin", "win32", "cygwin"):
        return None
    if env.get("WSL_DISTRO_NAME") or env.get("WSL_INTEROP"):
        return "wsl"
    return None if env.get("DISPLAY") or env.get("WAYLAND_DISPLAY") else "no-display"


def open_browser(url: str, environment: Mapping[str, str] | None = None) -> bool:
    """Open a graphical browser at an address of http or https; may block for some seconds. Returns whether one took it.

    False where `why_not` names an obstacle. The address appears in the browser's arguments, which other users of the
    machine may read: an authorize URL holds state and code challenge, with which nothing can be had without the
    verifier. Nothing else may be opened with it: no token, no code.
    """
    env = os.environ if environment is None else environment
    if not url.startswith(("https://", "http://")) or why_not(env):
        return False
    command = [sys.executable, "-P", "-c", _OPEN]  # -P: a webbrowser.py in the working directory is not the library
    quiet = subprocess.DEVNULL
    try:
        # A session of its own has no terminal that a browser in BROWSER could draw on.
        child = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet, env=_for_child(env), start_new_session=True
        )
    except (OSError, ValueError):
        return False
    try:
        child.communicate(url.encode(), _DEADLINE)
    except subprocess.TimeoutExpired:
        threading.Thread(target=child.wait, daemon=True, name="browser").start()  # else it stays a zombie
        return True
    return child.returncode == 0


def tunnel_command(port: int, environment: Mapping[str, str] | None = None) -> str:
    """Return the command by which a browser at the other end of an SSH connection reaches the listener here.

    The host is the address that the connection came to; HOST where the environment does not say it.
    """
    env = os.environ if environment is None else environment
    words = env.get("SSH_CONNECTION", "").split()  # client address, client port, server address, server port
    try:
        host = str(ipaddress.ip_address(words[2]))
    except (IndexError, ValueError):
        host = "HOST"
    return f"ssh -L {port}:localhost:{port} {host}"


def _for_child(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without AWS's keys, and without what makes Python's webbrowser take a text browser."""
    kept = {name: value for name, value in environment.items() if not name.startswith("AWS_") and name != "TERM"}
    commands = [command.split() for command in kept.get("BROWSER", "").split(os.pathsep)]
    if any(PurePath(words[0]).name in _TEXT_BROWSERS for words in commands if words):
        del kept["BROWSER"]
    return kept
