"""The journal of a run: what was about to be done is on the disk before it is done. Never a secret, no account number.

One line of JSON each, written through to the disk. A line that a crash cut off counts as not written.
"""

import json
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Literal

from cogwizard.model.build import BadChoice, Choices
from cogwizard.model.inert import fingerprint
from cogwizard.steps import ONBOARD

State = Literal["intended", "done", "refused", "undone"]
SCHEMA = "cogwizard/onboard-journal@1"
_STATES = ("intended", "done", "refused", "undone")
_WRITE = re.compile(r"[\w:-]{1,100}", re.ASCII)
# What writes give. Nothing else may come from the file: it would take the place of what was agreed to.
GIVEN = frozenset(name for step in ONBOARD for write in step.writes for name in write.gives)
_ID = re.compile(r"[\w+-]{1,128}", re.ASCII)  # of these one becomes a part of a host name: no dot, no slash
_LONGEST = 1_000_000  # bytes


class JournalError(Exception):
    """A journal that cannot be used. `key` names the sentence: `journal-busy`, `-unreadable`, `-unwritable`."""

    def __init__(self, key: str, path: Path) -> None:
        """Take the sentence and the file."""
        super().__init__(key)
        self.key = key
        self.path = path


@dataclass(frozen=True)
class Header:
    """Whose run it is. `account` is a fingerprint of the account and of `host`, the host of an endpoint override."""

    run: str
    region: str
    account: str
    host: str
    choices: Choices


def folder() -> Path:
    """Return where journals are kept."""
    from platformdirs import user_state_path

    return user_state_path("cogwizard", appauthor=False) / "onboard"


def is_id(text: str) -> bool:
    """Whether a text has the form of an id that AWS gives; no other one is kept."""
    return _ID.fullmatch(text) is not None


def name_of(choices: Choices, region: str, account: str, host: str) -> str:
    """Return the file name of the one run of a name, in an account's region, at an endpoint."""
    return f"{choices.name}.{region}.{fingerprint(f'{account} {host}')}.jsonl"


class Journal:
    """A run's journal, open for this process alone. `states`: by the id of a write; `values`: what the writes gave.

    `unsure`: writes that were sent again because no answer came, so that there may be two of what they make.
    """

    def __init__(self, path: Path, header: Header) -> None:
        """Open the journal at `path`, or begin it with `header`. Raises JournalError."""
        self.path = path
        self.states: dict[str, State] = {}
        self.values: dict[str, str] = {}
        self.unsure: set[str] = set()
        self._gave: dict[str, dict[str, str]] = {}
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file: IO[bytes] = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+b", 0)
        except OSError:
            raise JournalError("journal-unwritable", path) from None
        if not _lock(self._file.fileno()) or not self._is_there():
            self._file.close()
            raise JournalError("journal-busy", path)
        try:
            self.header = self._read() or self._begin(header)
        except JournalError:
            self._file.close()
            raise

    def close(self) -> None:
        """Let others have it."""
        self._file.close()

    def intend(self, write: str) -> None:
        """Note that a write is about to be sent. Raises JournalError."""
        self._put({"write": write, "state": "intended"})

    def note(self, write: str, state: State, values: Mapping[str, str] | None = None) -> None:
        """Note what became of it. Raises JournalError."""
        self._put({"write": write, "state": state, **({"values": dict(values)} if values else {})})

    def remove(self) -> None:
        """Forget the run: nothing of it is left. Raises JournalError."""
        if sys.platform == "win32":
            self.close()  # no file goes away there that is open
        try:
            self.path.unlink(missing_ok=True)
        except OSError:
            raise JournalError("journal-unwritable", self.path) from None
        finally:
            self.close()

    # -- the file ------------------------------------------------------------------------------------------------

    def _is_there(self) -> bool:
        """Whether the file that was opened is the one that has the name: another process may have removed it since."""
        try:
            return os.path.samestat(os.fstat(self._file.fileno()), self.path.stat())
        except OSError:
            return False

    def _begin(self, header: Header) -> Header:
        self._line({"schema": SCHEMA, **asdict(header)})
        return header

    def _put(self, entry: dict[str, Any]) -> None:
        self._check(entry)  # first: a line that is not believed would make the whole journal unreadable
        self._line(entry)
        self._take(entry)

    def _line(self, entry: Mapping[str, Any]) -> None:
        line = json.dumps(entry, ensure_ascii=True).encode() + b"\n"
        try:
            if self._file.write(line) != len(line):  # of a disk that is full
                raise OSError
            os.fsync(self._file.fileno())
        except OSError:
            raise JournalError("journal-unwritable", self.path) from None

    def _check(self, entry: Mapping[str, Any]) -> None:
        write, state, values = entry.get("write"), entry.get("state"), entry.get("values", {})
        known = isinstance(write, str) and _WRITE.fullmatch(write) and state in _STATES and isinstance(values, dict)
        if not known or not all(
            name in GIVEN and isinstance(item, str) and is_id(item) for name, item in values.items()
        ):
            raise JournalError("journal-unreadable", self.path)

    def _take(self, entry: Mapping[str, Any]) -> None:
        self._check(entry)
        write, state = entry["write"], entry["state"]
        if state == "intended" and self.states.get(write) == "intended":
            self.unsure.add(write)
        if state == "undone":
            self.unsure.discard(write)
            for name in self._gave.pop(write, {}):
                self.values.pop(name, None)
        self.states[write] = state
        self._gave.setdefault(write, {}).update(entry.get("values", {}))
        self.values |= entry.get("values", {})

    def _read(self) -> Header | None:
        """Return the header of a journal that is there, None of one that is empty; take its entries."""
        try:
            data = self._file.read(_LONGEST + 1)
        except OSError:
            raise JournalError("journal-unreadable", self.path) from None
        whole, _, cut = data.rpartition(b"\n")
        if cut:
            self._file.truncate(len(data) - len(cut))  # what follows must not continue half a line
        lines = whole.splitlines()
        if not lines:
            return None
        try:
            if len(data) > _LONGEST:
                raise ValueError("too long")
            first, *entries = [json.loads(line) for line in lines]
            header = _header(first)
            for entry in entries:
                self._take(entry)
        except (ValueError, TypeError, AttributeError, RecursionError, BadChoice):
            raise JournalError("journal-unreadable", self.path) from None
        return header


def _header(first: Mapping[str, Any]) -> Header:
    texts = {name: first[name] for name in ("run", "region", "account", "host") if isinstance(first.get(name), str)}
    if first.get("schema") != SCHEMA or len(texts) != 4 or not re.fullmatch(r"[0-9a-f]{8}", texts["run"]):
        raise ValueError("no header")
    choices = Choices(**first["choices"])
    choices.check()
    return Header(**texts, choices=choices)


def _lock(descriptor: int) -> bool:
    """Take the file for this process; the system frees it when the process dies, however."""
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(descriptor, 1 << 30, os.SEEK_SET)  # beyond what is read: a lock there forbids nobody to look
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            os.lseek(descriptor, 0, os.SEEK_SET)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return True  # a file system that knows no locks
    return True
