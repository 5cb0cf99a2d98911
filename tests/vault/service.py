"""A real Secret Service: gnome-keyring under a private D-Bus, in a directory of its own, without a screen."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

NAME = "org.freedesktop.secrets"
PROMPTER = "org.gnome.keyring.SystemPrompter"
# The daemon takes the password with its line end: who leaves it out has another password (research, emulators 7).
PASSWORD = b"password of the private keyring\n"
_BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir={place}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>
"""
_PATIENCE = 20.0  # seconds for a program to be ready; a slow machine is no defect


class PrivateService:
    """The bus runs from the beginning; the keyring's daemon between `unlock` and `kill`."""

    def __init__(self, place: Path, bus_program: str, daemon_program: str) -> None:
        """Start a bus that can start no service by itself. `place` is an empty directory with a short path."""
        self.place = place
        self._daemon_program = daemon_program
        self._daemon: subprocess.Popen[bytes] | None = None
        (place / "bus.conf").write_text(_BUS.format(place=place), encoding="utf-8")
        self.environ = {"PATH": os.environ["PATH"], "HOME": str(place), "LC_ALL": "C.UTF-8"} | {
            f"XDG_{name}": str(place / name.lower())
            for name in ("RUNTIME_DIR", "DATA_HOME", "CONFIG_HOME", "CACHE_HOME", "STATE_HOME")
        }
        for name in ("runtime_dir", "data_home"):
            (place / name).mkdir(mode=0o700)
        self._bus = subprocess.Popen(
            [bus_program, f"--config-file={place / 'bus.conf'}", "--nofork", "--nopidfile", "--print-address=1"],
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self._bus.stdout is not None
        self.address = self._bus.stdout.readline().decode().strip()
        assert self.address.startswith("unix:")
        self.environ["DBUS_SESSION_BUS_ADDRESS"] = self.address

    def unlock(self) -> None:
        """Start the daemon, its keyring open, and wait until it is there."""
        self._start([self._daemon_program, "--foreground", "--unlock", "--components=secrets"], PASSWORD)
        wait_until(lambda: self._is_locked() is False)  # it has a name before it has a keyring

    def start_locked(self) -> None:
        """Start the daemon with a keyring that was made before and is closed."""
        self._start([self._daemon_program, "--foreground", "--start", "--components=secrets"], b"")
        wait_until(lambda: self._is_locked() is True)

    def _start(self, command: list[str], fed: bytes) -> None:
        self._daemon = subprocess.Popen(
            command,
            env=self.environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        assert self._daemon.stdin is not None
        self._daemon.stdin.write(fed)
        self._daemon.stdin.close()
        wait_until(self.is_there)

    def _is_locked(self) -> bool | None:
        import secretstorage

        with self.connection() as bus:
            try:
                return bool(secretstorage.Collection(bus).is_locked())
            except secretstorage.ItemNotFoundException:
                return None

    def is_there(self) -> bool:
        """Whether somebody on the bus is the Secret Service."""
        with self.connection() as bus:
            return bool(_bus_call(bus, "NameHasOwner", "s", (NAME,)) == (True,))

    def lock(self) -> None:
        """Close the keyring."""
        import secretstorage

        with self.connection() as bus:
            collection = secretstorage.Collection(bus)
            collection.lock()
            assert collection.is_locked()

    def kill(self) -> None:
        """End the daemon as a crash would."""
        if self._daemon:
            self._daemon.kill()
            self._daemon.wait()
            self._daemon = None

    def halt(self) -> None:
        """Let the daemon hang."""
        assert self._daemon is not None
        self._daemon.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        assert self._daemon is not None
        self._daemon.send_signal(signal.SIGCONT)

    @contextlib.contextmanager
    def silent_prompter(self) -> Iterator[None]:
        """Be the program that asks for the keyring's password, and never answer."""
        with self.connection() as bus:
            assert _bus_call(bus, "RequestName", "su", (PROMPTER, 0)) == (1,)
            yield

    @contextlib.contextmanager
    def connection(self) -> Iterator[Any]:
        """Connect to the bus."""
        from jeepney.io.blocking import open_dbus_connection  # type: ignore[import-untyped]

        bus = open_dbus_connection(self.address)
        try:
            yield bus
        finally:
            bus.close()

    def close(self) -> None:
        """End both programs."""
        if self._daemon:
            with contextlib.suppress(ProcessLookupError):
                self.resume()
        self.kill()
        self._bus.kill()
        self._bus.wait()
        assert self._bus.stdout is not None
        self._bus.stdout.close()


def _bus_call(bus: Any, method: str, signature: str, body: tuple[Any, ...]) -> Any:
    from jeepney import DBusAddress, new_method_call  # type: ignore[import-untyped]

    address = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
    return bus.send_and_get_reply(new_method_call(address, method, signature, body)).body


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait for something that will be so. Fails when it is not in time."""
    end = time.monotonic() + _PATIENCE
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)
