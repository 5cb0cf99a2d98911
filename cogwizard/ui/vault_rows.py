"""What the vault's screens show, as rows of text. No widget, no keyring, no value of an entry."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from cogwizard.model.inert import inert
from cogwizard.report.wrap import width, wrap
from cogwizard.text import Texts
from cogwizard.ui.choices import Row, rows
from cogwizard.ui.widgets.facts import Fact

if TYPE_CHECKING:
    from cogwizard.vault import Entry, Forgotten, Listing, Trouble
    from cogwizard.vault.doctor import Doctor

Say = Callable[..., str]
_WAITING = 1.5  # seconds after which a keyring that has not answered may be showing a prompt
_OF_THE_PAGE = ("none", "refused", "locked")  # the commands' sentences name the command that tells more
_ORDER = ("username", "client_id", "user_pool_id", "region", "scopes")


def entry_rows(entries: "Sequence[Entry]", now: float, say: Say, cells: int) -> tuple[Row, ...]:
    """Return the entries, in the order in which they come; `now` in Unix seconds.

    What they belong to stands on a line of its own where `cells` are not enough for it beside the name.
    """
    heads = [(entry.name, say(f"kind {entry.kind}"), "") for entry in entries]
    names, abouts = [entry.name for entry in entries], [_about(entry, now, say) for entry in entries]
    if not entries:
        return ()
    beside = rows([(*head[:2], about) for head, about in zip(heads, abouts, strict=True)], names, names)
    if max(width(row.text) for row in beside) <= cells:
        return beside
    short = rows(heads, names, names)
    below = ["\n".join(f"    {line}" for line in wrap(about, cells - 4)) for about in abouts]
    return tuple(
        replace(row, text=f"{row.text}\n{under}" if about else row.text)
        for row, under, about in zip(short, below, abouts, strict=True)
    )


def _about(entry: "Entry", now: float, say: Say) -> str:
    """Return what an entry belongs to, when it ends, and whether it is kept at all."""
    facts = [inert(entry.about[name], 80) for name in _ORDER if entry.about.get(name)]
    end = entry.about.get("expires_at", "")
    if end.isascii() and end.isdigit() and len(end) < 12:
        at = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(int(end)))
        facts.append(say("lives" if int(end) > now else "ended", at=at))
    if entry.in_memory:
        facts.insert(0, say("in memory"))
    return ", ".join(facts)


def doctor_rows(found: "Doctor", texts: Texts) -> list[Fact]:
    """Return each keyring with what was found of it; the one in use has the mark of what holds."""
    shown = []
    for item in found.backends:
        reason = texts.vault(f"reason {item.reason}") + (f" ({inert(item.detail, 200)})" if item.detail else "")
        shown.append(Fact("pass" if item.usable else "skipped", (inert(item.name, 100), reason)))
    return shown


def listing_text(listing: "Listing", texts: Texts) -> str:
    """Return the sentences above the entries: which keyring is used, or what is wrong with it."""
    trouble = listing.trouble
    if trouble is None:
        empty = "" if listing.entries else f" {texts.vault('nothing')}"
        return texts.vault("uses", backend=listing.backend or texts.vault("keyring")) + empty
    # Of a keyring whose list alone is damaged all else can be used.
    below = "" if trouble.state == "list-damaged" else f"\n{texts.screen('vault', 'memory only')}"
    return f"! {trouble_text(trouble, texts)}{below}"


def forgotten_text(done: "Forgotten", texts: Texts) -> str:
    """Return what came of removing an entry."""
    name = inert(done.name, 80)
    if done.trouble:
        return f"! {texts.screen('vault', 'may be there', name=name)} {trouble_text(done.trouble, texts)}"
    anew = f" {texts.vault('list begun anew')}" if done.list_begun_anew else ""
    return texts.screen("vault", "forgotten", name=name) + anew


def trouble_text(trouble: "Trouble", texts: Texts) -> str:
    """Return the sentence about why a keyring did not do it. The vault's page tells more of each keyring."""
    if trouble.state in _OF_THE_PAGE:
        name = trouble.backend or texts.vault("keyring")
        return texts.screen("vault", f"state {trouble.state}", backend=name, detail=trouble.detail)
    return texts.keyring_trouble(trouble.state, trouble.backend, trouble.detail)


def waiting(key: str, seconds: float, backend: str | None, texts: Texts) -> str:
    """Return what is said while a keyring works: `key` of `screens/vault.toml`, later that it may show a prompt."""
    if seconds < _WAITING:
        return texts.screen("vault", key)
    name = backend or texts.vault("keyring")
    return texts.screen("vault", "waiting", backend=name, seconds=f"{seconds:.0f}")
