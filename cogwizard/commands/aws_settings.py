"""The AWS set-up that the common options name."""

import argparse

from cogwizard.aws.session import HeldKeys, Settings
from cogwizard.commands.output import check_kind, held_in_vault

VAULT = "vault:"


def settings_of(options: argparse.Namespace, profile: str | None) -> Settings:
    """Return the settings with this profile; `vault:NAME` signs with the keys of an entry of the vault.

    Raises UsageError and BadName for an entry that cannot be had.
    """
    held = None
    if profile and profile.startswith(VAULT):
        entry = held_in_vault(profile.removeprefix(VAULT))
        check_kind(entry.entry.kind, ("aws-keys",))
        keys = entry.keys()
        held = HeldKeys(profile, keys.key_id, keys.secret, keys.session_token)
    return Settings(profile, options.region, options.endpoint_url, options.timeout, held=held)
