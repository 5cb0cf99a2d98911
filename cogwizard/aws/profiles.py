"""The profiles of the user's AWS files: where one takes its credentials from, and how one signs in for it."""

import shlex
from collections.abc import Mapping
from typing import Any

_LONGEST_CHAIN = 10


def source_profile(name: str, profiles: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the profile that a profile takes its credentials from, at the end of the chain; itself without one."""
    for _ in range(_LONGEST_CHAIN):
        source = profiles.get(name, {}).get("source_profile")
        if not isinstance(source, str) or source == name:
            break
        name = source
    return name


def sign_in_command(name: str, profiles: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the command for a profile, or for the profile that it takes its credentials from."""
    name = source_profile(name, profiles)
    profile = profiles.get(name, {})
    if "sso_session" in profile or "sso_start_url" in profile:
        command = "aws sso login"
    else:
        command = "aws login" if "login_session" in profile else "aws configure"
    return command if name == "default" else f"{command} --profile {shlex.quote(name)}"
