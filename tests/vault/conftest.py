"""What the tests of the vault share: a lock file of their own, and a real Secret Service of their own."""

import gc
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cogwizard.vault import lock
from tests.vault.service import PrivateService, wait_until


@pytest.fixture(autouse=True)
def _own_lock(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep tests that run side by side out of each other's way."""
    monkeypatch.setattr(lock, "lock_file", lambda: tmp_path / "state" / "vault.lock")


@pytest.fixture
def service(needs: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> Iterator[PrivateService]:
    """Give a test, and the programs that it starts, a private bus; the keyring's daemon is started by the test."""
    programs = needs("dbus-daemon"), needs("gnome-keyring-daemon")
    place = Path(tempfile.mkdtemp(prefix="cw-"))  # a socket's path may have 100 characters
    running = None
    try:
        running = PrivateService(place, *programs)
        monkeypatch.delenv("PYTHON_KEYRING_BACKEND")
        for name, value in running.environ.items():
            monkeypatch.setenv(name, value)
        yield running
    finally:
        if running:
            running.close()
            # The bus is gone, so calls that hang come back. What keyring's backend leaves open when a keyring is locked
            # is collected here, where the warning about it is expected.
            wait_until(lambda: not any(thread.name == "keyring" for thread in threading.enumerate()))
            gc.collect()
        shutil.rmtree(place, ignore_errors=True)
