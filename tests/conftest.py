"""Tests without a home, without the user's environment, without a network beyond loopback; the same in every run."""

import gc
import ipaddress
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

_HOME = tempfile.TemporaryDirectory(prefix="cogwizard-tests-")
_DROPPED_PREFIXES = ("AWS_", "BOTO_", "XDG_", "LC_", "PYTHON_KEYRING_")
_DROPPED_NAMES = {"LANG", "LANGUAGE", "NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "COLUMNS", "LINES", "NETRC"} | {
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "SSLKEYLOGFILE",
}
_LOOKUPS = frozenset(f"socket.{name}" for name in ("getaddrinfo", "gethostbyname", "gethostbyaddr"))
_SENDS = frozenset(f"socket.{name}" for name in ("connect", "sendto", "sendmsg"))
_refused: list[str] = []
if "PYTEST_XDIST_WORKER" not in os.environ:  # pytest-xdist's processes share what the one that began them sets
    os.environ["COGWIZARD_TESTS_SHARED"] = _HOME.name


def _isolate() -> None:
    """Set the environment before any test module is imported: what it reads on import is hermetic too."""
    for name in list(os.environ):
        dropped = name.startswith(_DROPPED_PREFIXES) or name in _DROPPED_NAMES
        if dropped or name.lower().endswith("_proxy"):
            del os.environ[name]
    home = _HOME.name
    os.environ.update(
        {
            "HOME": home,
            "USERPROFILE": home,
            "XDG_CONFIG_HOME": f"{home}/config",
            "XDG_CACHE_HOME": f"{home}/cache",
            "XDG_DATA_HOME": f"{home}/data",
            "XDG_STATE_HOME": f"{home}/state",
            "XDG_RUNTIME_DIR": home,
            "AWS_CONFIG_FILE": f"{home}/aws-config",
            "AWS_SHARED_CREDENTIALS_FILE": f"{home}/aws-credentials",
            "AWS_EC2_METADATA_DISABLED": "true",
            # Nobody's own keyring, on no platform, nor in a program that a test starts.
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={home}/no-bus",
        }
    )


def _is_here(host: object) -> bool:
    """Whether a host is this machine. None and "" are what a server that binds asks for."""
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host or "localhost")
    name = name.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _guard(event: str, args: tuple[Any, ...]) -> None:
    """Refuse what would leave this machine. An audit hook: no way into the network goes round it, TLS or not."""
    if event in _LOOKUPS:
        host = args[0]
    elif event in _SENDS and isinstance(args[1], tuple):  # a path is a Unix socket, None a connected one
        host = args[1][0]
    else:
        return
    if not _is_here(host):
        _refused.append(f"{event} {host!r}")
        raise RuntimeError(f"tests reach no other machine: {event} {host!r}")


_isolate()
sys.addaudithook(_guard)
# No deadline: a slow machine is no defect. Derandomized, no database: a run never depends on the one before.
settings.register_profile("tests", deadline=None, derandomize=True, database=None)
settings.load_profile("tests")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests of screens: each takes seconds, and one at the end would be waited for alone."""
    items.sort(key=lambda item: "ui" not in item.path.parts)


def pytest_collection_finish() -> None:
    """Collect garbage as rarely as the wizard does (`ui/warm.py`): else a third of the screens' tests is that."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(2_000, 20, 20)


def pytest_unconfigure() -> None:
    """Remove the home of this run."""
    _HOME.cleanup()


@pytest.fixture(autouse=True)
def _no_network() -> Iterator[None]:
    """Fail a test that tried to leave this machine, though the code under test may have swallowed the refusal."""
    _refused.clear()
    yield
    assert not _refused, f"the test tried to reach another machine: {_refused}"


@pytest.fixture
def own_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Give a test AWS files of its own, in `tmp_path`: config and credentials."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))


@pytest.fixture
def aws_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give boto3 something to sign with."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")


@pytest.fixture(scope="session")
def needs() -> Callable[[str], str]:
    """Return a function that takes a program's name and returns its path.

    `COGWIZARD_<NAME>` names the program where it is not on the PATH. A program that is not there skips the test, and
    fails it under CI=true: there nothing may be left out unseen.
    """

    def find(program: str) -> str:
        path = shutil.which(os.environ.get(f"COGWIZARD_{program.upper()}", program))
        if path:
            return path
        if os.environ.get("CI") == "true":
            pytest.fail(f"{program} is not installed, and CI=true", pytrace=False)
        pytest.skip(f"{program} is not installed")

    return find
