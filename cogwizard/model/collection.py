"""A Postman collection as it was read: which auth block each request is sent with, its variables filled in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

SecretKind = Literal[
    "id-token", "access-token", "refresh-token", "token", "client secret", "password", "AWS key", "secret"
]
# A key or header's name -> the variables in its value.
Names = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Auth:
    """One auth block. `type`: Postman's ("oauth2", "bearer", "apikey", "noauth", "basic" ...).

    `values`: by Postman's keys, as text, variables filled in; what nothing fills stays `{{name}}`, and its key is in
    `open` with the names. `blank`: keys with variables that are there without a value: secrets are kept out of exports
    so; a variable of the vault, of Postman's own (`$guid`) or one that a script sets counts as such. `place`: where the
    block stands, as Postman's sidebar has it: "collection", or the path "Orders / List"; of several that are equal, the
    first.
    """

    type: str
    place: str
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    open: Names = field(default_factory=dict)
    blank: Names = field(default_factory=dict)


@dataclass(frozen=True)
class CollectionRequest:
    """One request. `place` as in `Auth`; `auth`: what it is sent with, inherited or its own.

    `url` with variables filled in. `headers`: (name, value) of those that are not disabled, likewise. `open` and
    `blank` as in `Auth`, by names of headers in lower case; "" stands for the URL. `content_type`: what the body
    is sent as, "" without a body and a header that says it.
    """

    place: str
    method: str
    url: str = field(repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    auth: Auth | None = None
    content_type: str = ""
    open: Names = field(default_factory=dict)
    blank: Names = field(default_factory=dict)


@dataclass(frozen=True)
class FoundSecret:
    """A secret in plain text: `place` and `field` say where first, `label` what ("id-token 3f9ac210"), never the value.

    `place` as in `Auth`, or "environment". `field`: the members that lead there ("auth.clientSecret"). `expires`: Unix
    seconds, None where it says none. `times`: at how many places it stands.
    """

    place: str
    field: str
    kind: SecretKind
    label: str
    expires: float | None = None
    times: int = 1


@dataclass(frozen=True)
class Collection:
    """A whole collection. `version`: "2.0" or "2.1". `auths`: its own block, then those that requests are sent with,
    each one once.

    `has_environment`: whether an environment or globals were given; without, they may hold what nothing fills.
    `disabled`: variables of the environment that are used and switched off: the app skips them, Newman and the Postman
    CLI use them (1.3 [run]). `cyclic`: variables that are used and need themselves. `requests_left_out`: how many were
    not looked at.
    """

    name: str
    version: str
    auths: tuple[Auth, ...] = ()
    requests: tuple[CollectionRequest, ...] = ()
    secrets: tuple[FoundSecret, ...] = ()
    has_environment: bool = False
    disabled: tuple[str, ...] = ()
    cyclic: tuple[str, ...] = ()
    requests_left_out: int = 0
