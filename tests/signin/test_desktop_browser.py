"""Opening a browser: where it may be, and that nothing of it reaches our terminal, our keys or a text browser."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cogwizard.signin import browser
from cogwizard.signin.browser import open_browser, tunnel_command, why_not

unix = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="the desktop's own browser would open")
URL = "https://shop.auth.eu-west-1.amazoncognito.com/oauth2/authorize?state=a&code_challenge=b%20c"


@pytest.mark.parametrize(
    ("environment", "platform", "expected"),
    [
        ({"DISPLAY": ":0"}, "linux", None),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", None),
        ({}, "linux", "no-display"),
        ({"DISPLAY": ""}, "linux", "no-display"),
        ({"TERM": "xterm", "BROWSER": "lynx"}, "linux", "no-display"),
        ({}, "freebsd14", "no-display"),
        ({}, "darwin", None),
        ({}, "win32", None),
        ({"DISPLAY": ":10.0", "SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22"}, "linux", "ssh"),
        ({"SSH_TTY": "/dev/ttys001"}, "darwin", "ssh"),
        ({"SSH_CLIENT": "192.0.2.1 50000 22"}, "win32", "ssh"),
        ({"WSL_DISTRO_NAME": "Ubuntu", "DISPLAY": ":0"}, "linux", "wsl"),
        ({"WSL_INTEROP": "/run/WSL/8_interop"}, "linux", "wsl"),
    ],
)
def test_why_not(environment: dict[str, str], platform: str, expected: str | None) -> None:
    assert why_not(environment, platform) == expected


def test_the_environment_is_that_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22")
    assert why_not() == "ssh"
    assert not open_browser(URL)
    assert tunnel_command(9876) == "ssh -L 9876:localhost:9876 192.0.2.2"


@pytest.mark.parametrize(
    ("connection", "host"),
    [
        ("192.0.2.1 50000 192.0.2.2 22", "192.0.2.2"),
        ("2001:db8::1 50000 2001:db8::2 22", "2001:db8::2"),
        ("", "HOST"),
        ("a b", "HOST"),
        ("192.0.2.1 50000 -oProxyCommand=x 22", "HOST"),
    ],
)
def test_tunnel_command(connection: str, host: str) -> None:
    assert tunnel_command(3000, {"SSH_CONNECTION": connection}) == f"ssh -L 3000:localhost:3000 {host}"


@pytest.fixture
def desktop(tmp_path: Path) -> dict[str, str]:
    """Return a desktop on which BROWSER names a program that writes down what it was given, and prints."""
    program, seen = tmp_path / "firefox-like", tmp_path / "seen"
    program.write_text(
        f"#!{sys.executable}\n"
        "import json, os, sys\n"
        f"json.dump([sys.argv[1:], dict(os.environ), os.getsid(0)], open({str(seen)!r} + '.new', 'w'))\n"
        f"os.rename({str(seen)!r} + '.new', {str(seen)!r})\n"
        "print('on the terminal'); print('on the terminal', file=sys.stderr)\n"
    )
    program.chmod(0o755)
    return {
        "DISPLAY": ":0",
        "TERM": "xterm",
        "BROWSER": str(program),
        "PATH": os.defpath,
        "AWS_SECRET_ACCESS_KEY": "c4nary",
        "HOME": str(tmp_path),
    }


@unix
def test_the_browser_gets_the_address_and_nothing_of_ours(
    desktop: dict[str, str], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert open_browser(URL, desktop)
    arguments, environment, session = json.loads((tmp_path / "seen").read_text())
    assert arguments == [URL]
    assert environment["DISPLAY"] == ":0"
    assert not {"AWS_SECRET_ACCESS_KEY", "TERM"} & environment.keys()
    assert "c4nary" not in environment.values()
    assert session != os.getsid(0)  # a session of its own has no terminal
    assert capfd.readouterr() == ("", "")


@unix
def test_a_browser_that_refuses_is_told(desktop: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "firefox-like").write_text("#!/bin/sh\nexit 1\n")
    assert not open_browser(URL, {**desktop, "PATH": str(tmp_path)})


@unix
def test_a_browser_that_goes_on_running_is_not_waited_for(
    desktop: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the browser itself, in the foreground of BROWSER: it is left alone, and reaped when it ends."""
    (tmp_path / "firefox-like").write_text("#!/bin/sh\nread line < go\n")
    os.mkfifo(tmp_path / "go")
    started: list[subprocess.Popen[bytes]] = []

    class Watched(subprocess.Popen[bytes]):
        def __init__(self, *args: object, **more: object) -> None:
            super().__init__(*args, **more, cwd=tmp_path)  # type: ignore[call-overload]
            started.append(self)

    monkeypatch.setattr(subprocess, "Popen", Watched)
    monkeypatch.setattr(browser, "_DEADLINE", 0.1)
    assert open_browser(URL, desktop)
    assert started[0].poll() is None
    with (tmp_path / "go").open("w") as go:  # waits until it is read
        go.write("\n")
    assert started[0].wait(60) == 0


@pytest.mark.parametrize("command", ["lynx", "/usr/bin/w3m", "links %s", "firefox:elinks"])
def test_a_text_browser_of_the_environment_is_not_taken(command: str) -> None:
    assert "BROWSER" not in browser._for_child({"BROWSER": command, "TERM": "xterm"})


@pytest.mark.parametrize("command", ["firefox", "/opt/lynx/firefox %s", "code-helper"])
def test_another_browser_of_the_environment_is_taken(command: str) -> None:
    assert browser._for_child({"BROWSER": command})["BROWSER"] == command


@unix
def test_with_a_terminal_only_text_browsers_are_not_found(tmp_path: Path) -> None:
    """The child has no TERM: Python's webbrowser then looks for no text browser, though one is on the PATH."""
    for name in ("www-browser", "links", "elinks", "lynx", "w3m"):
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\n")
        path.chmod(0o755)
    assert not open_browser(URL, {"DISPLAY": ":0", "TERM": "xterm", "PATH": str(tmp_path), "HOME": str(tmp_path)})
    assert not (tmp_path / "started").exists()


@pytest.mark.parametrize("url", ["", "file:///etc/passwd", "javascript:alert(1)", "-remote", "ssh://host"])
def test_only_web_addresses_are_opened(desktop: dict[str, str], tmp_path: Path, url: str) -> None:
    assert not open_browser(url, desktop)
    assert not (tmp_path / "seen").exists()


@unix
def test_a_python_that_cannot_be_started(desktop: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert not open_browser(URL, desktop)
