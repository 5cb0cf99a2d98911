"""How commands speak: data on standard output, narration on standard error, one exit code everywhere."""

import contextlib
import json
import os
import re
import sys
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from cogwizard.files import NotRead, read_text
from cogwizard.model.inert import scrub
from cogwizard.text import Texts

if TYPE_CHECKING:
    from cogwizard.vault import Held, Kind, Vault
    from cogwizard.vault.kinds import Secret


class Exit(IntEnum):
    """Exit codes (interface, section 1)."""

    OK = 0
    FAULT = 1
    USAGE = 2
    INCONCLUSIVE = 3
    INTERRUPTED = 130

    @classmethod
    def of(cls, outcome: str) -> "Exit":
        """Return the code of a report's outcome."""
        return {"fault": cls.FAULT, "healthy": cls.OK, "inconclusive": cls.INCONCLUSIVE}[outcome]


class UsageError(Exception):
    """Something that the user gave cannot be used. `key` names a text of the catalogue, `params` fill it."""

    def __init__(self, key: str, **params: object) -> None:
        super().__init__(key)
        self.key = key
        self.params = params


def colour_wanted(no_color: bool, stream: TextIO) -> bool:
    """Whether to colour: on a terminal, unless --no-color, NO_COLOR or TERM=dumb says no."""
    return stream.isatty() and not no_color and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def prepare_streams() -> None:
    """Make standard streams safe to use: closed ones go nowhere, a character that one cannot show is escaped."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def put(text: str, stream: TextIO | None = None) -> None:
    """Write data to standard output, or to `stream` where that is standard error.

    A reader that went away (`| head`) is no error: the exit code stays the verdict's. Raises UsageError when it cannot
    be written.
    """
    try:
        to = stream or sys.stdout
        to.write(text if text.endswith("\n") else f"{text}\n")
        to.flush()
    except OSError as error:
        if stream is None:
            sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
        if isinstance(error, BrokenPipeError):
            return
        raise UsageError("output-failed", error=error.strerror or type(error).__name__) from None


def put_json(document: Any) -> None:
    """Write JSON to standard output."""
    put(json.dumps(document, ensure_ascii=False, indent=2))


def say(text: str) -> None:
    """Write narration to standard error."""
    sys.stderr.write(f"{text}\n")


def complain(texts: Texts, key: str, **params: object) -> None:
    """Write an error sentence of the catalogue to standard error."""
    say(f"cogwizard: {texts.message(key, params)}")


class Log:
    """A log of what was done, each line scrubbed; no file, no log. The file is readable by its owner only."""

    def __init__(self, path: str | None) -> None:
        self._path = path
        if path:
            try:
                os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
            except OSError as error:
                raise UsageError("log-unwritable", path=path, error=error.strerror or type(error).__name__) from None

    def line(self, text: str) -> None:
        """Write one line. A log that can no longer be written stops nothing."""
        if self._path:
            with contextlib.suppress(OSError), Path(self._path).open("a", encoding="utf-8") as file:
                file.write(scrub(text) + "\n")


def read_file(path: str, limit_mib: int = 64) -> str:
    """Return a text file's content, as `files.read_text`. Raises UsageError."""
    try:
        return read_text(path, limit_mib)
    except NotRead as error:
        raise UsageError(error.key, **error.params) from None


def vault() -> "Vault":
    """Return the process's vault; on a terminal it says when the keyring waits for its prompt, and waits too."""
    from cogwizard.vault import shared

    found = shared()
    if sys.stderr.isatty():
        found.on_wait = lambda: complain(_texts, "vault-waiting", backend=found.backend or _texts.vault("keyring"))
    return found


_texts = Texts()  # of what is said while nobody passes texts on


def speak(texts: Texts) -> None:
    """Take the language of what is said while a secret is fetched."""
    global _texts
    _texts = texts


def held_in_vault(name: str) -> "Held":
    """Return an entry of the vault with its value. Raises UsageError when it cannot be had, BadName."""
    from cogwizard.vault import Trouble

    found = vault().read(name)
    if isinstance(found, Trouble):
        backend = found.backend or _texts.vault("keyring")
        raise UsageError(f"vault-{found.state}", backend=backend, detail=found.detail)
    return found


def _vault_secret(source: str, kinds: "tuple[Secret, ...]") -> str:
    from cogwizard.vault.outcome import PARTS, split

    if not kinds:
        raise UsageError("source-no-vault")
    name, asked = split(source)
    held = held_in_vault(name)
    if held.entry.kind != "tokens":
        if asked:
            raise UsageError("vault-not-tokens")
        check_kind(held.entry.kind, kinds)
        return held.value
    wanted = [each for each, kind in PARTS.items() if kind in kinds]
    if not wanted:
        check_kind("tokens", kinds)
    part = asked or wanted[0]
    check_kind(PARTS[part], kinds)
    found = held.token(part)
    if not found:
        raise UsageError("vault-no-part")
    return found


def check_kind(kind: "Kind", wanted: "tuple[Kind, ...]") -> None:
    """Raises UsageError for a kind of secret that is not wanted: it would be sent to where it does not belong."""
    if kind not in wanted:
        raise UsageError("vault-wrong-kind", kind=kind, wanted=", ".join(wanted))


def read_secret(source: str, *, kinds: "tuple[Secret, ...]") -> str:
    """Return a secret from `-`, `@FILE`, `env:NAME` or `vault:NAME` (interface, SRC) without its line end.

    `kinds`: what is wanted. An entry of the vault of another kind is refused; without kinds, each entry is. Of an entry
    of the kind `tokens` those may be had whose own kind is wanted: the one that `vault:NAME.access` names, else the
    first of ID, access and refresh token. Raises UsageError, BadName.
    """
    if source == "-":
        value = read_file("-", 1)
    elif source.startswith("@"):
        value = read_file(source[1:], 1)
    elif source.startswith("env:"):
        name = source[4:]
        if name not in os.environ:
            shown = name if re.fullmatch(r"[A-Z_][A-Z0-9_]{0,40}", name) else "?"  # not a secret that was put there
            raise UsageError("source-env", name=shown)
        value = os.environ[name]
    elif source.startswith("vault:"):
        value = _vault_secret(source.removeprefix("vault:"), kinds)
    else:
        # What stands there may be the secret itself: it is not repeated.
        raise UsageError("source-form")
    value = value.rstrip("\r\n")
    if not value.strip():
        raise UsageError("source-empty", source=source)
    return value
