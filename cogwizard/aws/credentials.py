"""botocore's chain of credentials made silent and finite: no prompt, no program that never ends or outlives us."""

import atexit
import contextlib
import json
import os
import shlex
import signal
import subprocess
import threading
from collections.abc import Callable
from typing import Any


class NoCredentials(Exception):
    """Credentials cannot be had in the way that the profile says. The text is ours, and holds nothing secret."""


class MfaCodeNeeded(NoCredentials):
    """A role can be assumed with an MFA code only."""


class CredentialProcessFailed(NoCredentials):
    """A profile's credential_process gave no credentials."""


# A credential_process may open a browser and wait for a person: longer than a read, but not for ever.
PATIENCE = 30.0
_running: set["_Process"] = set()
_lock = threading.Lock()


def tame(resolver: Any, seconds: float) -> None:
    """Let a botocore credential resolver ask nobody, and give a credential_process `seconds`, but at least `PATIENCE`.

    botocore offers no public way to a prompter or a popen for its own chain: its providers' attributes are set.
    """
    seconds = max(PATIENCE, seconds)
    for provider in resolver.providers:
        if provider.METHOD == "assume-role":
            provider._prompter = _refuse_to_ask
            _tame_source_profiles(provider._profile_provider_builder, seconds)
        _tame_process(provider, seconds)


def _tame_source_profiles(builder: Any, seconds: float) -> None:
    original = builder.providers

    def providers(*args: Any, **more: Any) -> list[Any]:
        found: list[Any] = original(*args, **more)
        for provider in found:
            _tame_process(provider, seconds)
        return found

    builder.providers = providers


def _tame_process(provider: Any, seconds: float) -> None:
    if provider.METHOD == "custom-process":
        provider._popen = _popen(str(provider._profile_name), seconds)


def _refuse_to_ask(_prompt: str) -> str:
    # The prompt names the MFA device, and with it the account.
    raise MfaCodeNeeded(
        "The profile needs an MFA code, and a read asks for none. Sign in first, e.g. with "
        "aws sts get-session-token --serial-number DEVICE --token-code CODE, or use a profile without mfa_serial."
    )


def _popen(profile: str, seconds: float) -> Callable[..., "_Process"]:
    """Return what takes the place of subprocess.Popen for a profile's program."""

    def start(args: list[str], **_: object) -> _Process:
        return _Process(args, profile, seconds)

    return start


class _Process:
    """A credential_process: without our terminal and our standard input, and ended with all its children."""

    def __init__(self, args: list[str], profile: str, seconds: float) -> None:
        self._name = f"The credential_process of the profile {shlex.quote(profile)}"
        self._seconds = seconds
        pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
        try:
            # The profile's own command. Its own session: no terminal to ask on, and it ends with its children.
            self._child = subprocess.Popen(args, stdin=nothing, stdout=pipe, stderr=pipe, start_new_session=True)  # noqa: S603
        except (OSError, ValueError):
            raise CredentialProcessFailed(f"{self._name} cannot be started; correct its command.") from None
        with _lock:
            _running.add(self)

    @property
    def returncode(self) -> int:
        """The exit status."""
        return int(self._child.returncode)

    def communicate(self) -> tuple[bytes, bytes]:
        """Return its output and its errors. Raises CredentialProcessFailed at the deadline, or for no JSON."""
        try:
            output, errors = self._child.communicate(timeout=self._seconds)
        except subprocess.TimeoutExpired:
            raise CredentialProcessFailed(
                f"{self._name} gave no answer within {self._seconds:g} seconds, and was ended. "
                "Run its command by hand: it may wait for an answer to a question."
            ) from None
        finally:
            self.kill()
        if self.returncode == 0:
            try:
                usable = isinstance(json.loads(output.decode("utf-8")), dict)
            except (ValueError, RecursionError):
                usable = False
            if not usable:
                raise CredentialProcessFailed(f"{self._name} printed no JSON object; correct its command.")
        return output, errors.decode("utf-8", "replace").encode()

    def kill(self) -> None:
        """End it and what it started, wherever it is. Raises nothing."""
        with _lock:
            _running.discard(self)
        with contextlib.suppress(OSError):
            if self._child.poll() is None:
                if os.name == "posix":
                    os.killpg(self._child.pid, signal.SIGKILL)
                else:
                    self._child.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._child.wait(1.0)
        for stream in (self._child.stdout, self._child.stderr):
            if stream:
                with contextlib.suppress(OSError, ValueError):
                    stream.close()


@atexit.register
def _end_all() -> None:
    """End the programs that still run: after Ctrl+C nobody waits for them."""
    for process in list(_running):
        process.kill()
