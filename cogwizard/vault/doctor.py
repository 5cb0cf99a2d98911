"""What stands between the user and a keyring: each backend with its reason, the one in use, and how to get one."""

import os
import platform
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from cogwizard.vault.backends import KNOWN, Backend, Choose, Setting, choose, look, named, others
from cogwizard.vault.outcome import Trouble
from cogwizard.vault.record import Records
from cogwizard.vault.store import DEADLINE
from cogwizard.vault.worker import Job, VaultError, Worker

Place = Literal["windows", "macos", "macos-ssh", "wsl", "linux-ssh", "linux-desktop", "linux-headless", "other"]
PROBE = "cogwizard/probe"


@dataclass(frozen=True)
class Doctor:
    """What was found. `chosen`: the backend in use, or why there is none. Nothing in it is secret.

    `probe`: None when it was not asked for, "ok", or what went wrong when a throw-away entry was written, read and
    removed. Only that shows a keyring that is locked.
    """

    place: Place
    chosen: Backend | Trouble
    backends: tuple[Backend, ...] = ()
    setting: Setting | None = None
    probe: Trouble | Literal["ok"] | None = None

    @property
    def usable(self) -> bool:
        """Whether secrets can be kept, as far as was looked."""
        return isinstance(self.chosen, Backend) and not isinstance(self.probe, Trouble)


def examine(probe: bool = False, worker: Worker | None = None, choose: Choose = choose) -> Doctor:
    """Look at all backends; with `probe` also try the chosen one."""
    worker = worker or Worker(DEADLINE)
    chosen = worker.run(lambda job: job.call(choose))
    backends: list[Backend] = []
    for which in (_listed, others):  # one after the other: a plugin that hangs takes nothing from our own list
        found = worker.run(lambda job, which=which: job.call(which))  # type: ignore[misc]
        backends += [] if isinstance(found, Trouble) else found
    setting = worker.run(lambda job: (job.call(named),))
    tried = None
    if probe and isinstance(chosen, Backend):
        tried = worker.run(lambda job: _probe(chosen, job))
    return Doctor(surroundings(), chosen, tuple(backends), None if isinstance(setting, Trouble) else setting[0], tried)


def surroundings(
    system: str = sys.platform, environ: Mapping[str, str] | None = None, release: str | None = None
) -> Place:
    """Return the kind of place this is: what helps is different in each."""
    env = os.environ if environ is None else environ
    is_remote = any(env.get(name) for name in ("SSH_CONNECTION", "SSH_TTY"))
    if system == "win32":
        return "windows"
    if system == "darwin":
        return "macos-ssh" if is_remote else "macos"
    if not system.startswith("linux"):
        return "other"
    if env.get("WSL_DISTRO_NAME") or "microsoft" in (platform.release() if release is None else release).lower():
        return "wsl"
    if is_remote:
        return "linux-ssh"
    has_desktop = any(env.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    return "linux-desktop" if has_desktop else "linux-headless"


def _listed() -> list[Backend]:
    setting = named()
    return [look(known, setting) for known in KNOWN]


def _probe(chosen: Backend, job: Job) -> Literal["ok"]:
    records = Records(chosen, job)
    name = f"{PROBE}/{secrets.token_hex(4)}"  # two that look at the same time do not meet
    try:
        records.write(name, "probe")
    except VaultError as refusal:
        job.settle(refusal.trouble)
        records.undo()
        raise
    records.remove(name)
    return "ok"
