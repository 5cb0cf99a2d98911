"""Writes as data: what a step of the walk-through would like to make. Only `onboarding` runs one, after a consent.

Texts hold what is not known yet as `{name}`: what the user chose, and what an earlier write answered.
"""

import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

# Names that stand for a secret: never kept, never shown, filled in for the call alone.
SECRETS = ("password", "temporary_password")


@dataclass(frozen=True)
class Package:
    """Stands for the bytes of the Lambda function's ZIP file."""


@dataclass(frozen=True)
class Undo:
    """What takes a thing away again. `iam` is the IAM action; it is needed on the same ARN as the write."""

    operation: str
    params: Mapping[str, Any]
    iam: str


@dataclass(frozen=True)
class Write:
    """One call that makes or changes something.

    `service` and `operation` as botocore names them, `params` as AWS names them. `iam` is the IAM action, `resource`
    the ARN it is needed on, `also` further permissions ("action on ARN"). `gives`: name -> path of members in the
    answer. `inside`: the id of the write whose thing holds this one's, which goes with it; else `undo` takes it away.
    `adds_flows`: the sign-in flows that are added to an app client, of which everything else is kept. `until`: error
    type and a part of its text that passes by itself. `is_change`: it changes a thing and makes none.
    """

    id: str
    service: str
    operation: str
    params: Mapping[str, Any]
    iam: str
    resource: str
    gives: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    inside: str | None = None
    undo: Undo | None = None
    also: tuple[str, ...] = ()
    adds_flows: tuple[str, ...] = ()
    until: tuple[str, str] | None = None
    is_change: bool = False

    @property
    def action(self) -> str:
        """The operation as people name it: `lambda:CreateFunction`."""
        return f"{self.service}:{self.operation}"

    @property
    def permissions(self) -> tuple[tuple[str, str], ...]:
        """IAM actions and the ARNs (with `{name}`) that they are needed on, that of undoing it too."""
        needed = [(self.iam, self.resource)]
        needed += [(action, resource) for action, _, resource in (text.partition(" on ") for text in self.also)]
        if self.undo:
            needed.append((self.undo.iam, self.resource))
        return tuple(dict.fromkeys(needed))

    def names(self) -> set[str]:
        """Return the names that its parameters wait for."""
        return set(_names(self.params))


def _names(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield from (name for _, name, _, _ in string.Formatter().parse(value) if name)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _names(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _names(item)


def fill(value: Any, values: Mapping[str, str], package: bytes = b"") -> Any:
    """Return parameters with every `{name}` filled in. Raises KeyError for one that is not known."""
    if isinstance(value, str):
        return value.format_map(values)
    if isinstance(value, Package):
        return package
    if isinstance(value, Mapping):
        return {name: fill(item, values, package) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [fill(item, values, package) for item in value]
    return value


class _Starred(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "*"


def starred(text: str, values: Mapping[str, str]) -> str:
    """Return a text, such as an ARN, with every `{name}` filled in, and `*` for one that is not known."""
    return text.format_map(_Starred(values))


def picked(write: Write, answer: Mapping[str, Any]) -> dict[str, str]:
    """Return what an answer gives, by name. Raises LookupError for an answer without it."""
    found = {}
    for name, path in write.gives.items():
        value: Any = answer
        for member in path:
            value = value[member] if isinstance(value, Mapping) else None
        if not isinstance(value, str) or not value:
            raise LookupError(name)
        found[name] = value
    return found
