"""keyring's own Windows backend, on a Credential Manager of ours: its limit, and how it moves entries about."""

import importlib
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from cogwizard.vault import Held, Vault
from cogwizard.vault.backends import KNOWN
from tests.vault.rings import chosen

LIMIT = 5 * 512  # bytes: CRED_MAX_CREDENTIAL_BLOB_SIZE (research, emulators 7)
BACKEND = "keyring.backends.Windows"


class Error(Exception):
    """pywintypes.error."""

    def __init__(self, winerror: int, funcname: str, strerror: str) -> None:
        super().__init__(winerror, funcname, strerror)
        self.winerror, self.funcname, self.strerror = winerror, funcname, strerror


class CredentialManager(ModuleType):
    """win32cred: names of targets do not differ in case; a secret is UTF-16 and has at most 2,560 bytes."""

    CRED_TYPE_GENERIC = 1
    CRED_PERSIST_ENTERPRISE = 3

    def __init__(self) -> None:
        """Empty at first."""
        super().__init__("win32cred")
        self.held: dict[str, dict[str, Any]] = {}

    def CredWrite(self, credential: dict[str, Any], _flags: int) -> None:
        """Keep a credential."""
        blob = credential["CredentialBlob"].encode("utf-16-le")
        if len(blob) > LIMIT:
            raise Error(1783, "CredWrite", "The stub received bad data")
        self.held[credential["TargetName"].lower()] = {**credential, "CredentialBlob": blob}

    def CredRead(self, Type: int, TargetName: str) -> dict[str, Any]:
        """Return a credential."""
        if TargetName.lower() not in self.held:
            raise Error(1168, "CredRead", "Element not found")
        return self.held[TargetName.lower()]

    def CredDelete(self, Type: int, TargetName: str) -> None:
        """Remove a credential."""
        if TargetName.lower() not in self.held:
            raise Error(1168, "CredDelete", "Element not found")
        del self.held[TargetName.lower()]


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Any, CredentialManager]]:
    """Load the backend as on Windows; return one, and what it writes to."""
    manager, types = CredentialManager(), ModuleType("pywintypes")
    types.error = Error  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "win32cred", manager)
    monkeypatch.setitem(sys.modules, "pywintypes", types)
    monkeypatch.delitem(sys.modules, BACKEND, raising=False)
    module = importlib.import_module(BACKEND)
    from keyring.backend import KeyringBackend

    yield module.WinVaultKeyring(), manager
    KeyringBackend._classes.discard(module.WinVaultKeyring)
    sys.modules.pop(BACKEND, None)


def test_the_list_knows_the_limit(windows: tuple[Any, CredentialManager]) -> None:
    """What is counted on fits, with room to spare; what the platform refuses does not."""
    ring, _ = windows
    [known] = [known for known in KNOWN if known.id == "windows"]
    assert known.place == f"{BACKEND}.{type(ring).__name__}"
    ring.set_password("x", "cogwizard", "x" * known.longest)
    with pytest.raises(Error):
        ring.set_password("x", "cogwizard", "x" * 1281)


@pytest.mark.parametrize("size", [1, 800, 900, 1280, 1281, 2000, 65_536])
def test_values_of_any_length(windows: tuple[Any, CredentialManager], size: int) -> None:
    ring, manager = windows
    vault = Vault(chosen(ring, 1200))
    for value in ("漢" * size, "x" * size):  # the second takes the place of the first
        assert vault.save("Name", "token", value).stored
        vault.save("other", "password", "1")
        found = Vault(chosen(ring, 1200)).read("name")
        assert isinstance(found, Held)
        assert found.value == value
    vault.forget("name")
    assert [target for target in manager.held if "name" in target] == []


def test_nothing_of_a_removed_value_stays(windows: tuple[Any, CredentialManager]) -> None:
    """The backend keeps the former secret under another target when one is overwritten: that goes too."""
    ring, manager = windows
    vault = Vault(chosen(ring, 1200))
    for value in ("first", "second", "x" * 5000, "third"):
        vault.save("a", "password", value)
    assert vault.forget("a").removed
    assert {target for target in manager.held if "index" not in target} == set()
