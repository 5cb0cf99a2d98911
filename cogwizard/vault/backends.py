"""Which keyrings are there, and which one may be used: those of a short list, by their exact class, and never a chain.

A plaintext backend writes secrets where everybody reads them, the null backend forgets them and says yes, and a chain
reads from one backend what it wrote to another (research, emulators 7). `keyring`'s own choice is never used.
"""

import configparser
import logging
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Literal, Protocol

from cogwizard.model.inert import inert, scrub
from cogwizard.vault.outcome import Trouble

# `not-named`: the user's setting names another one. The last four are never used.
Reason = Literal[
    "usable", "wrong-platform", "not-installed", "no-bus", "no-service", "not-named", "unusable",
    "null", "plain-text", "chain", "not-listed",
]  # fmt: skip
VARIABLE = "PYTHON_KEYRING_BACKEND"
_WHOLE = 1024 * 1024  # characters that go into one entry where no limit is known
_WINDOWS = 1200  # ... and on Windows, whose limit is 2,560 bytes of UTF-16


class Ring(Protocol):
    """What is used of a backend."""

    def get_password(self, service: str, username: str) -> str | None:
        """Return the secret, None when there is none."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep the secret."""

    def delete_password(self, service: str, username: str) -> None:
        """Remove the secret."""


@dataclass(frozen=True)
class Known:
    """A backend of the list: `id` for programs, `name` for people, its module and class, and where it can be."""

    id: str
    name: str
    module: str
    cls: str
    platforms: tuple[str, ...]
    longest: int = _WHOLE

    @property
    def place(self) -> str:
        """The class as PYTHON_KEYRING_BACKEND names it."""
        return f"{self.module}.{self.cls}"


_DESKTOPS = ("linux", "freebsd", "openbsd", "netbsd")
KNOWN = (
    Known("secret-service", "Secret Service", "keyring.backends.SecretService", "Keyring", _DESKTOPS),
    Known("kwallet", "KWallet", "keyring.backends.kwallet", "DBusKeyring", _DESKTOPS),
    Known("macos", "macOS Keychain", "keyring.backends.macOS", "Keyring", ("darwin",)),
    Known("windows", "Windows Credential Manager", "keyring.backends.Windows", "WinVaultKeyring", ("win32",), _WINDOWS),
)


@dataclass(frozen=True)
class Backend:
    """A backend and whether it may be used. `detail`: what it says itself, inert. `ring` where it is usable."""

    id: str
    name: str
    place: str
    reason: Reason
    detail: str = ""
    longest: int = _WHOLE
    priority: float = 0.0
    ring: Ring | None = field(default=None, repr=False, compare=False)

    @property
    def usable(self) -> bool:
        """Whether it may be used."""
        return self.reason == "usable"


@dataclass(frozen=True)
class Setting:
    """The backend that the user's own setting names, and where: the variable, or the file of `keyring --disable`."""

    source: str
    place: str


def choose() -> Backend | Trouble:
    """Return the backend to use, or why there is none. May take long, and raises what plugins raise."""
    setting = named()
    if setting and setting.place not in [known.place for known in KNOWN]:
        return Trouble("refused", inert(setting.place, 200))
    usable = [found for known in KNOWN if (found := look(known, setting)).usable]
    return max(usable, key=lambda found: found.priority, default=Trouble("none"))


def named() -> Setting | None:
    """Return the backend that the user's setting names. It is never more than a choice among those of the list."""
    if place := os.environ.get(VARIABLE):
        return Setting(VARIABLE, place)
    try:
        from keyring.util.platform_ import config_root

        path = config_root() / "keyringrc.cfg"
        file = configparser.RawConfigParser()
        file.read(path, encoding="utf-8")
        place = file.get("backend", "default-keyring", fallback="").strip()
    except Exception:  # no home, no file, not its syntax: no setting
        return None
    return Setting(str(path), place) if place else None


def look(known: Known, setting: Setting | None = None) -> Backend:
    """Return whether a backend of the list can be used here. Whatever it raises is a reason."""

    def found(reason: Reason, detail: str = "", priority: float = 0.0, ring: Ring | None = None) -> Backend:
        return Backend(known.id, known.name, known.place, reason, detail, known.longest, priority, ring)

    if not sys.platform.startswith(known.platforms):
        return found("wrong-platform")
    if setting and setting.place != known.place:
        return found("not-named", inert(setting.place, 200))
    try:
        _hush()
        cls = getattr(import_module(known.module), known.cls)
        priority = float(cls.priority)
        return found("usable", "", priority, cls())
    except Exception as error:
        return found(_reason(known, error), scrub(f"{type(error).__name__}: {error}", 200))


def _reason(known: Known, error: Exception) -> Reason:
    text = str(error)
    if isinstance(error, ImportError) or any(word in text for word in ("required", "not installed", "Requires")):
        return "not-installed"
    if sys.platform.startswith(_DESKTOPS) and isinstance(error, OSError):
        return "no-bus"
    if "DBUS_SESSION_BUS_ADDRESS" in text or "Unable to autolaunch" in text or "Unable to initialize" in text:
        return "no-bus"
    return "no-service" if known.platforms is _DESKTOPS and "neither running nor" in text else "unusable"


def others() -> list[Backend]:
    """Return the backends of this installation that are not on the list, each with the reason why it is not used.

    Loads all plugins of `keyring`, which run code of their own.
    """
    _hush()
    from keyring.backend import get_all_keyring

    listed = {known.place for known in KNOWN}
    setting = named()
    found = {_place(ring) for ring in get_all_keyring()} | ({setting.place} if setting else set())
    # Those that keyring itself brings mean something only when they are chosen, and a chain of one is none.
    own = {"keyring.backends.fail.Keyring", "keyring.backends.null.Keyring"} - ({setting.place} if setting else set())
    if len([place for place in found - own if _unlisted(place) not in ("null", "chain")]) < 2:
        own.add("keyring.backends.chainer.ChainerBackend")
    places = sorted(found - listed - own)
    return [Backend("", inert(place.rpartition(".")[2], 100), inert(place, 200), _unlisted(place)) for place in places]


def _place(ring: Any) -> str:
    return f"{type(ring).__module__}.{type(ring).__qualname__}"


def _unlisted(place: str) -> Reason:
    if place == "keyring.backends.null.Keyring":
        return "null"
    if place.startswith("keyring.backends.chainer."):
        return "chain"
    return "plain-text" if "plaintext" in place.lower() else "not-listed"


def _hush() -> None:
    """Keep keyring from printing: a plugin that cannot be loaded would put its traceback over the screen."""
    log = logging.getLogger("keyring")
    if not log.handlers:
        log.addHandler(logging.NullHandler())


Choose = Callable[[], Backend | Trouble]
