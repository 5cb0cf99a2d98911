"""Copying: which way is taken where, and what is said of it."""

import os
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cogwizard.text import Texts
from cogwizard.ui.clipboard import Ways, copy_in_background, copy_natively, ways_here
from tests.ui.driver import Driver, drive

WIDE = "aws x --名前 'é' " + "\\\n" * 3


class Tool:
    """Stands for the system's clipboard tool: takes the text, or refuses it."""

    def __init__(self, works: bool = True) -> None:
        """Take whether it works."""
        self.works, self.taken = works, ""

    def __call__(self, text: str) -> bool:
        """Take the text."""
        self.taken = text if self.works else ""
        return self.works


def said(wizard: Driver) -> list[str]:
    """Return what the notification says that is shown; at most one is."""
    return [note.message for note in wizard.app._notifications]


async def copied(wizard: Driver, text: str, ways: Ways, *, to_file: bool = True) -> str:
    """Copy, and return what is said of it."""
    wizard.app.clear_toasts()
    copy_in_background(wizard.app, text, ways, to_file=to_file)
    await wizard.until(lambda: said(wizard), "said")
    (found,) = said(wizard)
    return found


def sent(wizard: Driver, taken: list[str]) -> None:
    """Have what is sent to the terminal put into `taken`."""
    wizard.app.send_to_terminal = taken.append  # type: ignore[method-assign, assignment]


def say(key: str, **params: object) -> str:
    """Return a text of the clipboard in English."""
    return Texts("en").screen("clipboard", key, **params)


def test_the_systems_tool_first(tmp_path: Path) -> None:
    """At the user's own machine: the tool, and nothing else."""
    tool, terminal = Tool(), list[str]()

    async def script(wizard: Driver) -> None:
        sent(wizard, terminal)
        assert await copied(wizard, WIDE, Ways(tool, folder=tmp_path)) == say("copied")

    drive(script)
    assert (tool.taken, terminal, list(tmp_path.iterdir())) == (WIDE, [], [])


def test_the_terminal_next_then_a_file(tmp_path: Path) -> None:
    """The terminal gives no answer, so the same text once more goes into a file; another text is sent again."""
    terminal = list[str]()
    ways = Ways(Tool(works=False), folder=tmp_path)

    async def script(wizard: Driver) -> None:
        sent(wizard, terminal)
        assert await copied(wizard, WIDE, ways) == say("sent")
        assert await copied(wizard, WIDE, ways) == say("in a file", path=str(next(tmp_path.iterdir())))
        assert await copied(wizard, "other", ways) == say("sent")

    drive(script)
    assert terminal == [WIDE, "other"]
    (file,) = tmp_path.iterdir()
    assert file.read_text("utf-8") == WIDE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_over_ssh_the_tool_is_not_asked(tmp_path: Path) -> None:
    """It would copy into the clipboard of the wrong machine."""
    tool, terminal = Tool(), list[str]()

    async def script(wizard: Driver) -> None:
        sent(wizard, terminal)
        await copied(wizard, WIDE, Ways(tool, is_remote=True, folder=tmp_path))
        await copied(wizard, WIDE, Ways(tool, is_remote=True, folder=tmp_path))

    drive(script)
    assert (tool.taken, terminal, len(list(tmp_path.iterdir()))) == ("", [WIDE], 1)


def test_what_terminals_drop_is_not_sent(tmp_path: Path) -> None:
    """Too long a text, and a terminal that is known not to take any, go into a file at once."""
    terminal = list[str]()
    refused = Tool(works=False)

    async def script(wizard: Driver) -> None:
        sent(wizard, terminal)
        await copied(wizard, "x" * 80_000, Ways(refused, folder=tmp_path))
        await copied(wizard, "short", Ways(refused, has_osc52=False, folder=tmp_path))

    drive(script)
    assert terminal == []
    assert sorted(file.stat().st_size for file in tmp_path.iterdir()) == [5, 80_000]


def test_what_was_marked_never_goes_into_a_file(tmp_path: Path) -> None:
    """A user may mark a secret of their own; and where no way is left, that is said."""
    ways = Ways(Tool(works=False), folder=tmp_path)

    async def script(wizard: Driver) -> None:
        sent(wizard, [])
        for _ in range(2):
            assert await copied(wizard, "secret", ways, to_file=False) == say("sent only")
        gone = Ways(Tool(works=False), has_osc52=False, folder=tmp_path)
        assert await copied(wizard, "secret", gone, to_file=False) == say("not copied")
        gone = Ways(Tool(works=False), has_osc52=False, folder=tmp_path / "none")
        assert await copied(wizard, "text", gone) == say("not copied")

    drive(script)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("environment", "is_remote", "has_osc52"),
    [
        ({}, False, True),
        ({"SSH_CONNECTION": "10.0.0.1 22"}, True, True),
        ({"SSH_TTY": "/dev/pts/0", "TERM_PROGRAM": "iTerm.app"}, True, True),
        ({"TERM_PROGRAM": "Apple_Terminal"}, False, False),
    ],
)
def test_the_ways_are_those_of_the_terminal(environment: dict[str, str], is_remote: bool, has_osc52: bool) -> None:
    """By the variables that ssh and the terminals set; a pilot has nobody's clipboard."""
    ways = ways_here(environment)
    assert (ways.is_remote, ways.has_osc52, ways.native) == (is_remote, has_osc52, copy_natively)
    assert not ways_here(environment, headless=True).native("x")


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return a function that makes a shell script the clipboard tool of this system (xclip)."""

    def make(script: str) -> None:
        for name in ("xclip", "xsel", "wl-copy"):
            (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
            (tmp_path / name).chmod(0o700)
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
        monkeypatch.setenv("DISPLAY", ":99")

    return make


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="pyperclip looks for other tools elsewhere")
def test_the_tool_gets_the_text(tool: Callable[[str], None], tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """All of it, and what the tool prints is not seen; a tool that fails is one that there is not."""
    tool(f'cat > "{tmp_path}/taken"; echo noise; echo noise >&2')
    assert copy_natively(WIDE)
    assert (tmp_path / "taken").read_text("utf-8") == WIDE
    assert capfd.readouterr() == ("", "")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="pyperclip looks for other tools elsewhere")
def test_a_tool_that_hangs_is_ended(tool: Callable[[str], None], tmp_path: Path) -> None:
    """At its deadline, with what it started."""
    tool(f'echo $$ > "{tmp_path}/pid"; exec sleep 60')
    began = time.monotonic()
    assert not copy_natively("x", deadline=1.0)
    assert time.monotonic() - began < 20
    if (tmp_path / "pid").exists():  # it was reached before the deadline
        pid = int((tmp_path / "pid").read_text())
        for _ in range(200):
            status = Path(f"/proc/{pid}/stat")
            if not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "Z":
                break
            time.sleep(0.05)
        else:
            pytest.fail("the tool still runs")


def test_without_a_tool_nothing_is_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    """No display, no tool; and a Python that cannot be started again."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    if sys.platform.startswith("linux"):
        monkeypatch.setenv("PATH", "")
        assert not copy_natively("x")
    monkeypatch.setattr(sys, "executable", "/nonexistent")
    assert not copy_natively("x")


def test_copying_from_a_screen_says_so() -> None:
    """c copies what has the focus, ctrl+c what is marked; ctrl+v in a field gives the latter again."""

    async def script(wizard: Driver) -> None:
        journey = await wizard.judged()
        wizard.app.action_explain("token-expired")
        await wizard.pilot.pause()
        await wizard.press("c")
        await wizard.until(lambda: said(wizard), "said")
        assert said(wizard) == [say("sent")]
        await wizard.until(lambda: wizard.app.clipboard.startswith("token-expired: "), "sent")
        wizard.app.copy_to_clipboard("marked")
        assert wizard.app.clipboard == "marked"
        await wizard.until(lambda: said(wizard) == [say("sent only")], "said in place of the other")
        assert journey.is_attached

    drive(script, scenario="token-expired")
