"""Keyrings for tests: in memory, and as bad as real ones can be."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from cogwizard.vault.backends import Backend, Choose, Ring

WINDOWS = 1200  # characters of an entry, as the vault counts on Windows


def chosen(ring: Ring, longest: int = 1024 * 1024, name: str = "Test Keyring") -> Choose:
    """Return what chooses this keyring, for `Vault(...)`."""
    return lambda: Backend("test", name, "tests.Ring", "usable", longest=longest, ring=ring)


class WindowsError(Exception):
    """As pywintypes.error: no error of keyring, its text from C."""

    def __init__(self) -> None:
        super().__init__(1783, "CredWrite", "The stub received bad data")
        self.winerror, self.funcname = 1783, "CredWrite"


@dataclass
class MemoryRing:
    """A keyring that works. `held`: the secrets by service; `limit`: bytes of UTF-16, as on Windows.

    `before` is called before each operation with its name and the service; what it raises, the operation raises.
    """

    held: dict[str, str] = field(default_factory=dict)
    limit: int | None = None
    before: Callable[[str, str], None] = lambda _operation, _service: None
    calls: list[tuple[str, str]] = field(default_factory=list)

    def get_password(self, service: str, username: str) -> str | None:
        """Return the secret."""
        self._begin("get", service, username)
        return self.held.get(service)

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep the secret."""
        self._begin("set", service, username)
        if self.limit is not None and len(password.encode("utf-16-le")) > self.limit:
            raise WindowsError
        self.held[service] = password

    def delete_password(self, service: str, username: str) -> None:
        """Remove the secret; raise for one that is not there, as real ones do."""
        self._begin("delete", service, username)
        if service not in self.held:
            raise RuntimeError("no such password")
        del self.held[service]

    def _begin(self, operation: str, service: str, username: str) -> None:
        assert username == "cogwizard"
        self.calls.append((operation, service))
        self.before(operation, service)


class Gate:
    """Something to hang at: `wait` returns once `open` was called, `reached` is set when somebody waits."""

    def __init__(self) -> None:
        """Closed at first."""
        self.reached = threading.Event()
        self._opened = threading.Event()

    def wait(self) -> None:
        """Hang until it is opened."""
        self.reached.set()
        assert self._opened.wait(60)

    def open(self) -> None:
        """Let all pass."""
        self._opened.set()
