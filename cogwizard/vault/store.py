"""The vault: entries by name in the keyring, with a list of their names; in memory where the keyring says no."""

import json
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cogwizard.model.inert import inert
from cogwizard.vault import lock
from cogwizard.vault.backends import Backend, Choose, choose
from cogwizard.vault.kinds import ABOUT, KINDS, BadValue, Kind, tidy
from cogwizard.vault.outcome import BadName, Entry, Forgotten, Held, Listing, Saved, Trouble, key_of
from cogwizard.vault.record import Records
from cogwizard.vault.worker import Job, VaultError, Worker

DEADLINE = 5.0
INDEX = "cogwizard/index"
_LONGEST = 1024 * 1024  # bytes of a value
_TRIES = 3  # to read what another process is just replacing


def service_of(key: str) -> str:
    """Return the service name of an entry in the keyring. A name holds no colon and no slash."""
    return f"cogwizard:{key}"


class Vault:
    """Secrets by name. Safe to use from several threads; each method may block until the deadline passes."""

    def __init__(
        self,
        choose: Choose = choose,
        deadline: float = DEADLINE,
        lock_file: Path | None = None,
    ) -> None:
        """Take how a backend is chosen, and the seconds that a method may take.

        Nothing is imported or asked yet.
        """
        # Called, from the thread that calls a method, at the deadline: the method then waits a minute more, time to
        # answer the keyring's prompt.
        self.on_wait: Callable[[], None] | None = None
        self._choose = choose
        self._worker = Worker(deadline)
        self._lock_file = lock_file
        self._memory: dict[str, Held] = {}
        self._memory_lock = threading.Lock()
        self._backend: Backend | None = None

    @property
    def backend(self) -> str | None:
        """The name of the keyring that was used last, None as long as none was."""
        return self._backend.name if self._backend else None

    def save(self, name: str, kind: Kind, value: str, about: Mapping[str, str] | None = None) -> Saved:
        """Keep a secret, in place of a former one of this name; in memory where the keyring does not.

        `about` holds facts of `kinds.ABOUT`, nothing secret. Raises BadName and BadValue.
        """
        key = key_of(name)
        known = {fact: inert(str(text), 300) for fact, text in (about or {}).items() if fact in ABOUT}
        held = Held(Entry(name, kind, known), tidy(kind, value))
        outcome: bool | Trouble = self._in_keyring(lambda job: self._save(job, key, held))
        with self._memory_lock:
            if isinstance(outcome, Trouble):
                self._memory[key] = Held(replace(held.entry, in_memory=True), held.value)
                return Saved(self._memory[key].entry, None, outcome)
            self._memory.pop(key, None)
        return Saved(held.entry, self.backend, list_begun_anew=outcome)

    def read(self, name: str) -> Held | Trouble:
        """Return a secret: what is in memory is newer than the keyring's. Raises BadName."""
        key = key_of(name)
        with self._memory_lock:
            if key in self._memory:
                return self._memory[key]
        found: Held | Trouble = self._in_keyring(lambda job: self._read(job, key))
        return found

    def forget(self, name: str) -> Forgotten:
        """Remove a secret from memory and from the keyring. Raises BadName."""
        key = key_of(name)
        with self._memory_lock:
            was_in_memory = self._memory.pop(key, None) is not None
        outcome: tuple[bool, bool] | Trouble = self._in_keyring(lambda job: self._forget(job, key))
        if isinstance(outcome, Trouble):
            return Forgotten(name, was_in_memory, outcome)
        was_there, is_begun_anew = outcome
        return Forgotten(name, was_in_memory or was_there, list_begun_anew=is_begun_anew)

    def names(self) -> Listing:
        """Return the entries, in the keyring and in memory, by name."""
        found: _Index | Trouble = self._in_keyring(lambda job: _index(self._records(job)))
        if isinstance(found, Trouble):
            trouble: Trouble | None = found
        else:
            trouble = Trouble("list-damaged", "", self.backend) if found.is_damaged else None
        with self._memory_lock:
            entries = {} if isinstance(found, Trouble) else found.entries
            entries |= {key: held.entry for key, held in self._memory.items()}
        return Listing(tuple(entries[key] for key in sorted(entries)), self.backend, trouble)

    def _in_keyring(self, work: Callable[[Job], Any]) -> Any:
        outcome = self._worker.run(work, self.on_wait)
        return replace(outcome, backend=self.backend) if isinstance(outcome, Trouble) else outcome

    def _records(self, job: Job) -> Records:
        if self._backend is None:
            found = job.call(self._choose)
            if isinstance(found, Trouble):
                raise VaultError(found)
            self._backend = found
        return Records(self._backend, job)

    def _alone(self, job: Job, stack: ExitStack) -> None:
        """Keep other writers out until the stack closes, though that may be long after the caller gave up."""
        held = lock.writing(self._lock_file or lock.lock_file(), lambda: job.given_up)
        job.call(stack.enter_context, held, waits_for="busy")

    def _save(self, job: Job, key: str, held: Held) -> bool:
        """Write an entry; return whether the list was damaged, so that others are listed no more."""
        payload = json.dumps({**_facts(held.entry), "value": held.value}, ensure_ascii=False)
        if len(held.value.encode("utf-8", "surrogatepass")) > _LONGEST:
            raise VaultError(Trouble("too-small", "1 MiB"))
        records = self._records(job)
        with ExitStack() as stack:
            self._alone(job, stack)
            try:
                index = _index(records)
                is_listed = key in index.entries and not index.is_damaged
                changed = index.entries.get(key) != held.entry
                index.entries[key] = held.entry
                if not is_listed:  # first: what an interrupted write leaves can be seen, and forgotten
                    _write_index(records, index)
                records.write(service_of(key), payload)
                if is_listed and changed:
                    _write_index(records, index)
            except VaultError as refusal:
                job.settle(refusal.trouble)
                records.undo()
                raise
            job.settle(index.is_damaged)
            records.clean()
        return index.is_damaged

    def _read(self, job: Job, key: str) -> Held:
        payload = _text(self._records(job), service_of(key))
        if payload is None:
            raise VaultError(Trouble("missing"))
        found = _loads(payload)
        entry = _entry(found)
        # One that calls itself by another's name would be written back in the other's place.
        if found is None or entry is None or key_of(entry.name) != key or not isinstance(found.get("value"), str):
            raise VaultError(Trouble("damaged"))
        try:
            tidy(entry.kind, found["value"])
        except BadValue:
            raise VaultError(Trouble("damaged")) from None
        return Held(entry, found["value"])

    def _forget(self, job: Job, key: str) -> tuple[bool, bool]:
        """Remove an entry; return whether there was one, and whether a damaged list was begun anew."""
        records = self._records(job)
        with ExitStack() as stack:
            self._alone(job, stack)
            was_there = records.remove(service_of(key))
            index = _index(records)
            was_listed = index.entries.pop(key, None) is not None
            if was_listed:  # last: what could not be removed can still be seen
                _write_index(records, index)
            outcome = was_there or was_listed, was_listed and index.is_damaged
            job.settle(outcome)
            records.clean()
        return outcome


def _facts(entry: Entry) -> dict[str, Any]:
    return {"name": entry.name, "kind": entry.kind, "about": dict(entry.about)}


@dataclass
class _Index:
    """The entries by key. `is_damaged`: there may be others, which the list does not tell any more."""

    entries: dict[str, Entry] = field(default_factory=dict)
    is_damaged: bool = False


def _loads(payload: str) -> dict[str, Any] | None:
    try:
        found = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _entry(found: object) -> Entry | None:
    """Return an entry as it was written; None for what is none. Others can write to the keyring too."""
    if not isinstance(found, dict) or found.get("kind") not in KINDS or not isinstance(found.get("about"), dict):
        return None
    name = found.get("name")
    try:
        key_of(name if isinstance(name, str) else "")
    except BadName:
        return None
    about = {fact: inert(text, 300) for fact, text in found["about"].items() if fact in ABOUT and isinstance(text, str)}
    return Entry(found["name"], found["kind"], about)


def _text(records: Records, service: str) -> str | None:
    """Return a text, None when there is none. What another process is just replacing may look damaged."""
    for _ in range(_TRIES - 1):
        try:
            return records.read(service)
        except VaultError as refusal:
            if refusal.trouble.state != "damaged":
                raise
            time.sleep(0.05)
    return records.read(service)


def _index(records: Records) -> _Index:
    """Return the list, with what can be read of a damaged one."""
    try:
        payload = _text(records, INDEX)
    except VaultError as refusal:
        if refusal.trouble.state != "damaged":
            raise
        return _Index(is_damaged=True)
    if payload is None:
        return _Index()
    items = (_loads(payload) or {}).get("entries")
    if not isinstance(items, list):
        return _Index(is_damaged=True)
    entries = [entry for item in items if (entry := _entry(item))]
    return _Index({key_of(entry.name): entry for entry in entries}, len(entries) < len(items))


def _write_index(records: Records, index: _Index) -> None:
    entries = [_facts(entry) for entry in index.entries.values()]
    records.write(INDEX, json.dumps({"entries": entries}, ensure_ascii=False))
