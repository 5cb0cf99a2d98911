"""Tokens kept in the vault, and what is said of it."""

from collections.abc import Mapping

from cogwizard.commands.output import say, vault
from cogwizard.model.tokens import Tokens
from cogwizard.text import Texts


def keep(name: str, tokens: Tokens, about: Mapping[str, str], texts: Texts) -> bool:
    """Keep tokens under a name, in place of former ones, and say to standard error what happened.

    `about`: what may be shown beside them (`vault.outcome.ABOUT`); their end is added. Returns whether they are stored.
    Raises BadName.
    """
    from cogwizard.vault.kinds import pack_tokens

    facts = {**about, "expires_at": str(int(tokens.expires_at))}
    saved = vault().save(name, "tokens", pack_tokens(tokens), {key: text for key, text in facts.items() if text})
    if saved.stored:
        say(f"cogwizard: {texts.vault('stored', name=name, kind='tokens', backend=saved.backend)}")
    else:
        say(f"cogwizard: {texts.vault('not stored', name=name)}")
    if saved.trouble:
        say(f"cogwizard: {texts.keyring_trouble(saved.trouble.state, saved.trouble.backend, saved.trouble.detail)}")
    if saved.list_begun_anew:
        say(f"cogwizard: {texts.vault('list begun anew')}")
    return saved.stored
