"""What is read without a permission: who we are, a pool's public keys, the call itself."""

from dataclasses import dataclass
from typing import ClassVar

from cogwizard.model.call import Call
from cogwizard.model.read import Read


@dataclass(frozen=True)
class GetCallerIdentity(Read):
    """-> CallerIdentity. Needs no permission."""

    service: ClassVar[str] = "sts"
    operation: ClassVar[str] = "GetCallerIdentity"
    region: str


@dataclass(frozen=True)
class CallerIdentity:
    """Who we are at AWS."""

    account: str
    arn: str


@dataclass(frozen=True)
class GetKeys(Read):
    """-> tuple[Jwk, ...]: a pool's public keys. `issuer` is a Cognito issuer; an endpoint override takes its place."""

    operation: ClassVar[str] = "GetKeys"
    issuer: str
    region: str
    user_pool_id: str


@dataclass(frozen=True)
class Replay(Read):
    """-> Answer: the call, made again as it was given."""

    operation: ClassVar[str] = "Replay"
    call: Call


@dataclass(frozen=True)
class Preflight(Read):
    """-> Answer: what a browser asks before the call: OPTIONS with an origin, without token, key or cookie."""

    operation: ClassVar[str] = "Preflight"
    call: Call


@dataclass(frozen=True)
class DirectCall(Read):
    """-> Answer: the same call at API Gateway's own address, where the URL is a front's (a CDN, a proxy).

    `call` names that address: `https://{api}.execute-api...`. An endpoint override takes the place of its host.
    """

    operation: ClassVar[str] = "DirectCall"
    call: Call
    region: str
