"""Texts of any length in a keyring whose entries may be short: written whole or not at all, and read back.

A text stands in one entry, behind a head that tells its length and its hash; a longer one in numbered parts, to which
the head points. There are two sets of parts, `a` and `b`: the head points to one, the next text goes into the other,
and the head is written last. Whenever a write is interrupted, the head points to a whole text, the former or the newer.
Parts are written from the first to the last and removed from the last to the first: what an interrupted write left is
found by counting. Each entry has a service name of its own: Windows' backend moves entries that share one.
"""

import base64
import contextlib
import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from cogwizard.vault.backends import Backend, Ring
from cogwizard.vault.outcome import Trouble
from cogwizard.vault.worker import Job, VaultError

USER = "cogwizard"
_HEAD = re.compile(r"cogwizard/1 ([ab-]) (\d{1,6}) (\d{1,9}) ([0-9a-f]{64}) ?([A-Za-z0-9_=-]*)")
_HEAD_LENGTH = 100
_MOST = 10_000  # parts: the longest value there can be, 1 MiB of controls written as JSON and Base64, takes 7,000


@dataclass(frozen=True)
class _Head:
    """Where a text is: in parts of the set `slot`, or in `text` with the slot "-"."""

    slot: str
    count: int
    length: int
    digest: str = field(repr=False)
    text: str = field(default="", repr=False)  # the secret, though in Base64

    def __str__(self) -> str:
        return f"cogwizard/1 {self.slot} {self.count} {self.length} {self.digest} {self.text}".rstrip()


def _read_head(raw: str | None) -> _Head | None:
    """Return a head, None for what is none; others can write to the keyring too. No part is empty."""
    found = _HEAD.fullmatch(raw or "")
    head = _Head(found[1], int(found[2]), int(found[3]), found[4], found[5]) if found else None
    return head if head and head.count <= min(head.length, _MOST) else None


class Records:
    """The entries of one backend within one piece of work. All methods raise VaultError.

    After a failure `undo` brings back what was before; after success `clean` removes what is no longer pointed to.
    """

    def __init__(self, backend: Backend, job: Job) -> None:
        """Take a backend that is usable."""
        assert backend.ring is not None  # noqa: S101
        self._ring: Ring = backend.ring
        self._longest = backend.longest
        self._job = job
        self._undo: list[Callable[[], object]] = []
        self._clean: list[Callable[[], object]] = []

    def read(self, service: str) -> str | None:
        """Return a text, None when there is none. `damaged`: its parts do not belong together."""
        raw = self._get(service)
        if raw is None:
            return None
        head = _read_head(raw)
        if head is None:
            raise VaultError(Trouble("damaged"))
        text = head.text if head.slot == "-" else "".join(self._parts(service, head))
        try:
            if len(text) == head.length and hashlib.sha256(text.encode()).hexdigest() == head.digest:
                return base64.urlsafe_b64decode(text).decode("utf-8", "surrogatepass")
        except ValueError:  # no Base64, or not of UTF-8
            pass
        raise VaultError(Trouble("damaged"))

    def write(self, service: str, value: str) -> None:
        """Write a text and read it back. `lost`: what is read is another; `too-small`: it is the beginning only."""
        former = self._get(service)
        # ASCII: what counts is the number of UTF-16 units, and no backend may change a character.
        text = base64.urlsafe_b64encode(value.encode("utf-8", "surrogatepass")).decode()
        digest = hashlib.sha256(text.encode()).hexdigest()
        slot = "-" if _HEAD_LENGTH + len(text) <= self._longest else "b" if _slot(former) == "a" else "a"
        pieces = [] if slot == "-" else _pieces(text, self._longest)
        if len(pieces) > _MOST:
            raise VaultError(Trouble("too-small"))
        head = _Head(slot, len(pieces), len(text), digest, "" if pieces else text)
        if pieces:
            self._undo.append(lambda: self._remove_parts(service, slot))
        for number, piece in enumerate(pieces, 1):
            self._set(_part(service, slot, number), piece)
        self._undo.append(lambda: self._restore(service, former))
        self._set(service, str(head))
        if pieces and not self._holds(service, value):  # each part was read back; this is their sum
            raise VaultError(Trouble("lost"))
        for each in ("a", "b"):
            first = len(pieces) + 1 if each == slot else 1
            self._clean.append(partial(self._remove_parts, service, each, first, _count(former, each)))

    def remove(self, service: str) -> bool:
        """Remove a text and all parts, also those of an interrupted write; return whether there was anything."""
        former = self._get(service)
        removed = [self._delete(service)]
        removed += [self._remove_parts(service, slot, known=_count(former, slot)) for slot in ("a", "b")]
        return any(removed)

    def undo(self) -> None:
        """Bring back what was before, as far as the keyring lets us."""
        self._job.undo()
        for step in reversed(self._undo):
            with contextlib.suppress(VaultError):
                step()
        self._undo, self._clean = [], []

    def clean(self) -> None:
        """Remove the parts that nothing points to, as far as the keyring lets us."""
        for step in self._clean:
            with contextlib.suppress(VaultError):
                step()
        self._undo, self._clean = [], []

    def _parts(self, service: str, head: _Head) -> Iterator[str]:
        for number in range(1, head.count + 1):
            part = self._get(_part(service, head.slot, number))
            if part is None:
                raise VaultError(Trouble("damaged"))
            yield part

    def _restore(self, service: str, former: str | None) -> None:
        if former is None:
            self._delete(service)
        else:
            self._job.call(self._ring.set_password, service, USER, former)

    def _holds(self, service: str, value: str) -> bool:
        try:
            return self.read(service) == value
        except VaultError as refusal:
            if refusal.trouble.state == "damaged":
                return False
            raise

    def _remove_parts(self, service: str, slot: str, first: int = 1, known: int = 0) -> bool:
        """Remove the parts from number `first` on; return whether there were any. `known`: how many there should be."""
        last = max(first - 1, known)
        while last < _MOST and self._get(_part(service, slot, last + 1)) is not None:
            last += 1
        return any([self._delete(_part(service, slot, number)) for number in range(last, first - 1, -1)])

    def _get(self, service: str) -> str | None:
        value = self._job.call(self._ring.get_password, service, USER)
        if value is not None and not isinstance(value, str):
            raise VaultError(Trouble("failed", type(value).__name__))
        return value

    def _set(self, service: str, value: str) -> None:
        self._job.call(self._ring.set_password, service, USER, value)
        kept = self._get(service)
        if kept != value:
            is_cut = kept and value.startswith(kept)
            raise VaultError(Trouble("too-small" if is_cut else "lost"))

    def _delete(self, service: str) -> bool:
        if self._get(service) is None:
            return False  # backends raise for what is not there
        try:
            self._job.call(self._ring.delete_password, service, USER)
        except VaultError:
            if self._get(service) is not None:
                raise
        return True


def _part(service: str, slot: str, number: int) -> str:
    return f"{service}/{slot}/{number}"


def _slot(raw: str | None) -> str:
    """Return the set of parts that a head points to; one that cannot be read points to none."""
    head = _read_head(raw)
    return head.slot if head else "-"


def _count(raw: str | None, slot: str) -> int:
    """Return how many parts of a set a head points to."""
    head = _read_head(raw)
    return head.count if head and head.slot == slot else 0


def _pieces(text: str, longest: int) -> list[str]:
    return [text[start : start + longest] for start in range(0, len(text), longest)]
