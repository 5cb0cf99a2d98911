"""The wizard in a real terminal (tmux): started, pasted into, resized, left. Nothing here is simulated but the user."""

import json
import os
import pty
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from cogwizard.sandbox.environment import environment
from cogwizard.sandbox.scenarios import SCENARIOS, serve
from cogwizard.text import Texts
from cogwizard.ui.guide import TROUBLESHOOTING

PATIENCE = 60.0  # seconds: a slow machine is no defect
SCENARIO = "token-expired"
CANARY = "c4nary-k3y-that-nobody-may-see"
EN, JA = Texts("en"), Texts("ja")


class Pane:
    """A terminal with one program in it. `seen`: whatever stood on it when it was looked at."""

    def __init__(self, tmux: str, folder: Path, size: tuple[int, int], command: str, variables: dict[str, str]) -> None:
        """Start a shell command; `variables` are added to a small environment with a home in `folder`."""
        self._tmux = (tmux, "-u", "-f", os.devnull, "-S", str(folder / "tmux"))
        self._env = {
            "HOME": str(folder),
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "SHELL": "/bin/sh",
            "TERM": "xterm-256color",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            **variables,
        }
        self.seen: list[str] = []
        self.tmux("new-session", "-d", "-x", str(size[0]), "-y", str(size[1]), command)

    def tmux(self, *words: str, given: str | None = None) -> str:
        """Run a command of tmux and return what it says."""
        done = subprocess.run(
            (*self._tmux, *words), env=self._env, input=given, capture_output=True, encoding="utf-8", timeout=PATIENCE
        )
        assert done.returncode == 0, (words, done.stderr)
        return done.stdout

    def screen(self) -> str:
        """Return what stands on the screen."""
        self.seen.append(self.tmux("capture-pane", "-p"))
        return self.seen[-1]

    def state(self, name: str) -> str:
        """Return a variable of tmux about the terminal."""
        return self.tmux("display-message", "-p", f"#{{{name}}}").strip()

    def press(self, *keys: str) -> None:
        """Press keys, by tmux's names."""
        self.tmux("send-keys", *keys)

    def paste(self, text: str) -> None:
        """Paste as a terminal does: between brackets, when the program asked for them."""
        self.tmux("load-buffer", "-b", "paste", "-", given=text)
        self.tmux("paste-buffer", "-p", "-d", "-b", "paste")

    def until(self, condition: Callable[[str], object], what: str) -> str:
        """Return the screen once a condition holds for it. Fails with the screen when that never comes."""
        end = time.monotonic() + PATIENCE
        while not condition(shown := self.screen()):
            assert time.monotonic() < end, f"never: {what}\n{shown}"
            time.sleep(0.05)
        return shown

    def shows(self, text: str) -> str:
        """Return the screen once a text stands on it."""
        return self.until(lambda shown: text in shown, text)

    def program(self) -> int:
        """Return the process that the pane's shell waits for."""
        listed = subprocess.run(("ps", "-A", "-o", "ppid=,pid="), capture_output=True, encoding="utf-8", check=True)
        pairs = [line.split() for line in listed.stdout.splitlines()]
        [found] = [int(pid) for parent, pid in pairs if parent == self.state("pane_pid")]
        return found

    def resize(self, columns: int, lines: int) -> None:
        """Change the size of the terminal."""
        self.tmux("resize-window", "-x", str(columns), "-y", str(lines))


@pytest.fixture
def open_pane(needs: Callable[[str], str], tmp_path: Path) -> Iterator[Callable[..., Pane]]:
    """Return a function that runs `cogwizard` with some arguments in a terminal of 80x24, and then a shell that tells
    its exit code and the terminal's settings."""
    panes: list[Pane] = []
    tmux = needs("tmux")

    def start(*arguments: str, **variables: str) -> Pane:
        command = shlex.join([sys.executable, "-m", "cogwizard", *arguments])
        panes.append(Pane(tmux, tmp_path, (80, 24), f'{command}; echo "ended: $?"; stty -a; exec sleep 600', variables))
        return panes[-1]

    yield start
    for pane in panes:
        pane.tmux("kill-server")


def beginning(step: str, texts: Texts) -> str:
    """Return as much of a step's question as stands in its first line at any width."""
    return texts.screen("steps", f"question {step}")[:20].rstrip()


def curl(url: str, headers: list[tuple[str, str]]) -> str:
    """Return a curl command of 8 KB, on lines of their own as browsers copy it."""
    filler = [(f"x-note-{number}", f"{number} " + "harmless words " * 24) for number in range(21)]
    words = [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in [*filler, ("x-api-key", CANARY), *headers]]
    return " \\\n  ".join([f"curl -i {shlex.quote(url)}", *words])


def assert_hidden(token: str, places: list[str]) -> None:
    """Neither the canary nor twelve characters of a token stand anywhere, however lines are broken."""
    parts = {token[at : at + 12] for at in range(0, len(token) - 12, 3)} | {CANARY}
    for place in places:
        flat = "".join(place.split())
        assert not [part for part in parts if part in place or part in flat]


def test_a_whole_journey_by_keyboard(open_pane: Callable[..., Pane], tmp_path: Path) -> None:
    """Paste 8 KB, find out why, walk all steps, resize, look for help, change the language, leave."""
    with serve([SCENARIO]) as served:
        call = served.case(SCENARIOS[SCENARIO], time.time()).call
        token = dict(call.headers)["Authorization"].removeprefix("Bearer ")
        pasted = curl(call.url, list(call.headers))
        assert len(pasted) > 8000
        pane = open_pane(**environment(served.url))
        pane.shows(EN.screen("home", "sentence")[:40])
        assert pane.state("alternate_on") == "1"

        pane.paste(pasted)
        pane.shows(EN.screen("home", "go curl"))
        masked = pane.shows("[ID token ")  # the last line, at the cursor
        assert "[secret " in masked
        pane.press("F5")
        pane.shows(EN.title(SCENARIO))
        for step in TROUBLESHOOTING.screens[1:]:
            pane.press("n")
            pane.shows(beginning(step, EN))
        verdict = pane.shows(SCENARIO)
        assert "SANDBOX" not in verdict  # it is read as any AWS account is

        for columns, lines in ((120, 40), (60, 20), (80, 24)):
            pane.resize(columns, lines)
            shown = pane.until(partial(_fills, columns, lines), f"{columns}x{lines}")
            assert beginning("verdict", EN) in shown

        pane.press("C-p")
        pane.shows(EN.screen("keys", "palette"))
        pane.press("Escape")
        pane.until(lambda shown: EN.screen("keys", "palette") not in shown, "the palette closed")
        pane.press("F1")
        pane.shows(EN.screen("help", "screen"))
        pane.press("F1")
        pane.until(lambda shown: EN.screen("help", "screen") not in shown, "the help closed")
        pane.press("C-l")
        pane.shows(beginning("verdict", JA)[:8])
        pane.press("C-l")
        pane.shows(beginning("verdict", EN))

        pane.press("C-q")
        pane.shows(EN.screen("save", "leave").partition("\n")[0])
        pane.press("y")
        ended = pane.shows("ended:")

    assert "ended: 0" in ended
    assert_restored(pane)
    state = [path.read_text("utf-8") for path in tmp_path.rglob("*") if path.is_file()]
    assert any(call.url.split("/")[-3] in text for text in state)  # which API was looked at is remembered
    assert_hidden(token, [*pane.seen, *state])


def _fills(columns: int, lines: int, shown: str) -> bool:
    """Whether the screen is drawn for a size: the last line is the footer's, and nothing is wider."""
    rows = shown.split("\n")[:lines]
    return len(rows) == lines and EN.screen("keys", "help") in rows[-1] and max(map(len, rows)) <= columns


def assert_restored(pane: Pane) -> None:
    """The terminal is as it was: the shell's screen, with echo, a cursor, and no reports of the mouse."""
    settings = pane.shows("icanon").split()
    assert "echo" in settings
    assert "icanon" in settings
    assert pane.state("alternate_on") == "0"
    assert pane.state("mouse_any_flag") == "0"
    assert pane.state("cursor_flag") == "1"


def test_the_demo_opens_its_scenario(open_pane: Callable[..., Pane]) -> None:
    """`cogwizard demo NAME`: its own sandbox, the mark of it, the verdict; left without a question."""
    pane = open_pane("demo", SCENARIO)
    pane.shows(EN.title(SCENARIO))
    pane.press("v")
    shown = pane.shows(SCENARIO)
    assert EN.screen("keys", "sandbox mark") in shown
    pane.press("C-q")
    assert "ended: 0" in pane.shows("ended:")
    assert_restored(pane)


@pytest.mark.parametrize("sent", ["SIGTERM", "SIGHUP"])
@pytest.mark.parametrize("arguments", [(), ("demo", SCENARIO)])
def test_ended_by_the_system(
    open_pane: Callable[..., Pane], tmp_path: Path, arguments: tuple[str, ...], sent: str
) -> None:
    """The terminal is given back, and what is to be remembered is saved."""
    pane = open_pane(*arguments)
    pane.shows(EN.title(SCENARIO) if arguments else EN.screen("home", "sentence")[:40])
    assert pane.state("alternate_on") == pane.state("mouse_any_flag") == "1"
    pane.press("C-l")
    pane.shows(JA.screen("keys", "help"))
    os.kill(pane.program(), getattr(signal, sent))
    assert "ended: 0" in pane.shows("ended:")
    assert_restored(pane)
    assert remembers(tmp_path, "ja")


def test_the_terminal_is_closed(open_pane: Callable[..., Pane], tmp_path: Path) -> None:
    """With its window gone the program saves and ends: it waits for no terminal that takes nothing any more."""
    pane = open_pane()
    pane.shows(EN.screen("home", "sentence")[:40])
    pane.press("C-l")
    pane.shows(JA.screen("keys", "help"))
    program, window = pane.program(), pane.state("pane_id")
    pane.tmux("new-session", "-d", "sleep 600")  # the server goes on
    pane.tmux("kill-pane", "-t", window)
    end = time.monotonic() + PATIENCE
    while _runs(program):
        assert time.monotonic() < end, "it runs on"
        time.sleep(0.05)
    assert remembers(tmp_path, "ja")


def remembers(folder: Path, language: str) -> bool:
    """Whether a file says that the wizard was left in a language."""
    files = [path.read_text("utf-8") for path in folder.rglob("*.json") if path.is_file()]
    return any(json.loads(text).get("language") == language for text in files)


def _runs(program: int) -> bool:
    """Whether a process has not ended; one that only waits to be asked how has."""
    listed = subprocess.run(("ps", "-o", "stat=", "-p", str(program)), capture_output=True, encoding="utf-8")
    return listed.stdout.strip()[:1] not in ("", "Z")


def test_without_a_keyboard_it_says_so() -> None:
    """Standard input is no terminal, though the output is one."""
    ours, theirs = pty.openpty()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "cogwizard"],
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            timeout=PATIENCE,
        )
    finally:
        os.close(theirs)
        os.close(ours)
    assert done.returncode == 2
    assert done.stderr == f"cogwizard: {EN.message('no-terminal', {})}\n"
