"""Secrets kept in the OS keyring, under names that the user sees; in memory, with the reason, where that cannot be."""

from functools import cache

from cogwizard.vault.kinds import KINDS, Kind
from cogwizard.vault.outcome import BadName, Entry, Forgotten, Held, Listing, Saved, State, Trouble
from cogwizard.vault.store import Vault

__all__ = [
    "KINDS",
    "BadName",
    "Entry",
    "Forgotten",
    "Held",
    "Kind",
    "Listing",
    "Saved",
    "State",
    "Trouble",
    "Vault",
    "shared",
]


@cache
def shared() -> Vault:
    """Return the process's one vault: what it holds in memory is the same for all."""
    return Vault()
