"""What is to be built in the walk-through: what the user chose, and the names that everything gets from it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from cogwizard.model.read import partition_of, suffix_of

FirstPassword = Literal["admin", "user"]
TAG = "cogwizard:run"  # the tag by which everything is known as a run's own
# What all services take in a name: Lambda's and IAM's are the narrowest (64 characters, less our endings) [D: BOTO].
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_STAGE = re.compile(r"[A-Za-z0-9_-]{1,128}")
_USERNAME = re.compile(r"[\w.@+-]{1,128}")
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+", re.ASCII)
_CHECKS = {"name": _NAME, "stage": _STAGE, "username": _USERNAME, "email": _EMAIL}


class BadChoice(Exception):
    """A choice that AWS would not take. `key` names the field, and the sentence `choice-{key}`."""

    def __init__(self, key: str) -> None:
        """Take the field."""
        super().__init__(key)
        self.key = key


@dataclass(frozen=True)
class Choices:
    """What the user chose.

    `name` begins the name of everything; `first_password`: whether the administrator sets a lasting password, or the
    user answers the challenge NEW_PASSWORD_REQUIRED (seed, "Changing the first password").
    """

    name: str = "cogwizard-hello"
    stage: str = "test"
    username: str = "hanako"
    email: str = "hanako@example.com"
    first_password: FirstPassword = "admin"

    def check(self) -> None:
        """Raise BadChoice for what AWS would not take."""
        for key, pattern in _CHECKS.items():
            if not pattern.fullmatch(getattr(self, key)):
                raise BadChoice(key)
        if self.first_password not in ("admin", "user"):
            raise BadChoice("first_password")

    def values(self, run: str, region: str, account: str) -> dict[str, str]:
        """Return what writes are filled in with before the first of them was made."""
        partition, name = partition_of(region), self.name
        return {
            "run": run,
            "region": region,
            "account": account,
            "partition": partition,
            "suffix": suffix_of(partition),
            "stage": self.stage,
            "username": self.username,
            "email": self.email,
            "name": name,
            "role_name": f"{name}-role",
            "client_name": f"{name}-spa",
            "secret_client_name": f"{name}-web",
            "authorizer_name": f"{name}-authorizer",
        }


def url_of(values: Mapping[str, str]) -> str | None:
    """Return the address of the API on AWS, None before it is there."""
    if "api_id" not in values:
        return None
    return f"https://{values['api_id']}.execute-api.{values['region']}.{values['suffix']}/{values['stage']}/"
