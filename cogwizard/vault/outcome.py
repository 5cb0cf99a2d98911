"""What the vault answers: each way in which a keyring says no is a state of its own; nothing here is an exception."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from cogwizard.model.tokens import Tokens
from cogwizard.vault.kinds import AwsKeys, Kind, Secret, read_keys, read_tokens

# `none`: no keyring is there. `refused`: the one that the user's setting names is not on our list. `locked`: it was not
# unlocked. `hanging`: no answer yet, it may be waiting for an answer to its prompt. `busy`: another cogwizard writes.
# `missing`: no such entry. `damaged`: what stands there is no entry of this name. `list-damaged`: the values may be
# whole, but not all their names are known. `too-small`: it cannot hold the value. `lost`: it said yes and kept nothing.
# `failed`: anything else.
State = Literal[
    "none", "refused", "locked", "hanging", "busy",
    "missing", "damaged", "list-damaged", "too-small", "lost", "failed",
]  # fmt: skip

# A name stands in commands (vault:NAME), in JSON and in the names of three keyrings, which treat letters beyond ASCII
# each in its own way: macOS knows two spellings of "é". What begins as a token or an access key does is none.
_NAME = re.compile(r"(?!eyJ|AKIA|ASIA)[A-Za-z0-9](?:[A-Za-z0-9._@+-]{0,62}[A-Za-z0-9])?")
Part = Literal["id", "access", "refresh"]
# vault:NAME.access is one token of several; each with the kind of an entry that holds it alone.
PARTS: dict[Part, Secret] = {"id": "token", "access": "token", "refresh": "refresh-token"}


class BadName(ValueError):
    """This cannot be the name of an entry. `key` names a text of the catalogue. The name is not repeated."""

    def __init__(self) -> None:
        super().__init__("bad-name")
        self.key = "bad-name"
        self.params: dict[str, object] = {}


def key_of(name: str) -> str:
    """Return what tells names apart: Windows makes no difference between upper and lower case. Raises BadName."""
    key = name.lower()
    if not _NAME.fullmatch(name) or key.endswith(tuple(f".{part}" for part in PARTS)):
        raise BadName
    return key


def split(source: str) -> tuple[str, Part | None]:
    """Return name and part of `NAME` or `NAME.access`."""
    name, dot, last = source.rpartition(".")
    part = next((part for part in PARTS if part == last.lower()), None)
    return (name, part) if dot and part else (source, None)


@dataclass(frozen=True)
class Trouble:
    """Why the keyring did not do it. `detail`: the kind of error in a word or two, inert; `backend`: a name or None."""

    state: State
    detail: str = ""
    backend: str | None = None


@dataclass(frozen=True)
class Entry:
    """An entry without its value. `about`: what it belongs to (`kinds.ABOUT`), nothing of it secret.

    `in_memory`: it is not in the keyring, and gone when the process ends.
    """

    name: str
    kind: Kind
    about: Mapping[str, str] = field(default_factory=dict)
    in_memory: bool = False


@dataclass(frozen=True)
class Held:
    """An entry with its value, which is secret."""

    entry: Entry
    value: str = field(repr=False)

    def tokens(self) -> Tokens:
        """Return the tokens of an entry of the kind `tokens`. Raises BadValue."""
        return read_tokens(self.value)

    def token(self, part: Part) -> str | None:
        """Return one of the tokens, None when it is not there. Raises BadValue."""
        tokens = self.tokens()
        return {"id": tokens.id_token, "access": tokens.access_token, "refresh": tokens.refresh_token}[part]

    def keys(self) -> AwsKeys:
        """Return the keys of an entry of the kind `aws-keys`. Raises BadValue."""
        return read_keys(self.value)


@dataclass(frozen=True)
class Saved:
    """What became of a value: in the keyring `backend`, written and read back; or in memory only, and why.

    `list_begun_anew`: the list of the names was damaged; entries of before are read by name still, but may be listed no
    more.
    """

    entry: Entry
    backend: str | None = None
    trouble: Trouble | None = None
    list_begun_anew: bool = False

    @property
    def stored(self) -> bool:
        """Whether it is in the keyring."""
        return self.trouble is None


@dataclass(frozen=True)
class Listing:
    """The entries by name; with `trouble` only those in memory, because the keyring could not be looked at.

    With `list-damaged` those that could be told are there too.
    """

    entries: tuple[Entry, ...]
    backend: str | None = None
    trouble: Trouble | None = None


@dataclass(frozen=True)
class Forgotten:
    """What `forget` did. `removed`: there was something, in the keyring or in memory.

    With `trouble` the keyring may hold it still. `list_begun_anew`: as of `Saved`.
    """

    name: str
    removed: bool
    trouble: Trouble | None = None
    list_begun_anew: bool = False
