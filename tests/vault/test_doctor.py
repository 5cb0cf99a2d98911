"""What the doctor finds, and what it tells apart."""

import pytest
from keyring.errors import KeyringLocked

from cogwizard.vault import Trouble, doctor
from cogwizard.vault.doctor import examine, surroundings
from cogwizard.vault.worker import Worker
from tests.vault.rings import Gate, MemoryRing, chosen


@pytest.mark.parametrize(
    ("system", "environ", "release", "place"),
    [
        ("win32", {}, "10", "windows"),
        ("darwin", {}, "23.1", "macos"),
        ("darwin", {"SSH_CONNECTION": "a b"}, "23.1", "macos-ssh"),
        ("linux", {"DISPLAY": ":0"}, "6.1", "linux-desktop"),
        ("linux", {"WAYLAND_DISPLAY": "w"}, "6.1", "linux-desktop"),
        ("linux", {}, "6.1", "linux-headless"),
        ("linux", {"SSH_TTY": "/dev/pts/0", "DISPLAY": "localhost:10.0"}, "6.1", "linux-ssh"),
        ("linux", {"WSL_DISTRO_NAME": "Debian", "DISPLAY": ":0"}, "6.1", "wsl"),
        ("linux", {}, "5.15.90.1-Microsoft-standard-WSL2", "wsl"),
        ("freebsd14", {}, "14", "other"),
    ],
)
def test_places_are_told_apart(system: str, environ: dict[str, str], release: str, place: str) -> None:
    assert surroundings(system, environ, release) == place


def test_the_probe_leaves_nothing() -> None:
    ring = MemoryRing()
    assert examine(probe=True, choose=chosen(ring)).probe == "ok"
    assert any(operation == "set" for operation, _ in ring.calls)
    assert ring.held == {}


def test_without_being_asked_nothing_is_tried() -> None:
    ring = MemoryRing()
    found = examine(choose=chosen(ring))
    assert (found.usable, found.probe, ring.calls) == (True, None, [])


def test_a_probe_that_fails_says_why() -> None:
    def locked(*_: str) -> None:
        raise KeyringLocked

    found = examine(probe=True, choose=chosen(MemoryRing(before=locked)))
    assert found.probe == Trouble("locked", "KeyringLocked")
    assert not found.usable


def test_a_plugin_that_hangs_takes_nothing_from_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate()
    examine(worker=Worker(60.0))  # what is loaded for the first time may take longer than the deadline below
    monkeypatch.setattr(doctor, "others", gate.wait)
    found = examine(worker=Worker(0.5), choose=lambda: Trouble("none"))
    assert [item.id for item in found.backends] == ["secret-service", "kwallet", "macos", "windows"]
    gate.open()
