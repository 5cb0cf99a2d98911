"""User pools: their ARNs, their issuers and their keys."""

import re
from dataclasses import dataclass

# Anything looser would let a token or a URL choose among all hosts of AWS, e.g. a bucket of S3.
REGION = r"[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}"
POOL_ID = rf"{REGION}_[0-9A-Za-z]{{1,55}}"
# Issuer forms: research 1.8, ORIGINAL and UPDATED [D]; China's suffix [E].
_ISSUER = re.compile(
    rf"https://(?P<updated>issuer-)?cognito-idp\.(?P<region>{REGION})\.amazonaws\.com(?P<china>\.cn)?/"
    rf"(?P<pool>{POOL_ID})"
)
_ARN = re.compile(
    rf"arn:(?P<partition>aws[a-z-]*):cognito-idp:(?P<region>{REGION}):(?P<account>\d{{12}}):userpool/"
    rf"(?P<pool>{POOL_ID})"
)
_VARIABLE = re.compile(r"\$\{stageVariables\.([A-Za-z0-9_]+)\}")


@dataclass(frozen=True)
class Issuer:
    """A token's `iss`, taken apart. `region` is the issuer's; a replica's differs from the pool id's prefix."""

    url: str
    region: str
    pool_id: str
    updated: bool = False

    @property
    def is_replica(self) -> bool:
        """Whether the token was issued by a replica: the region of `iss` is not that of the pool's id (1.8 [R])."""
        return not self.updated and not self.pool_id.startswith(f"{self.region}_")


@dataclass(frozen=True)
class PoolArn:
    """`arn:{partition}:cognito-idp:{region}:{account}:userpool/{pool id}`."""

    text: str
    partition: str
    region: str
    account: str
    pool_id: str


@dataclass(frozen=True)
class PasswordPolicy:
    """What a new password must hold: `length` characters, one of each of `kinds` (upper, lower, number, symbol)."""

    length: int = 8
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pool:
    """What DescribeUserPool says. `domain` is the prefix of an Amazon Cognito domain. `mfa`: OFF, ON or OPTIONAL.

    `has_scope_trigger`: a pre token generation trigger of version 2 or 3 may add and suppress scopes (6.1 [D]).
    """

    id: str
    name: str = ""
    domain: str | None = None
    custom_domain: str | None = None
    password_policy: PasswordPolicy | None = None
    mfa: str = ""
    has_scope_trigger: bool = False

    @property
    def has_domain(self) -> bool:
        """Whether it has OAuth endpoints and login pages (research 6.4 [D])."""
        return bool(self.domain or self.custom_domain)


@dataclass(frozen=True)
class Jwk:
    """A public RSA key of a pool: `n` and `e` as base64url, as the pool publishes them."""

    kid: str
    n: str
    e: str


def home_region(pool_id: str | None) -> str | None:
    """Return the region that a pool's id begins with [D: BOTO], None for what is no id."""
    return pool_id.partition("_")[0] if pool_id and re.fullmatch(POOL_ID, pool_id) else None


def read_issuer(iss: str) -> Issuer | None:
    """Return the issuer if `iss` has a form that Cognito uses (research 1.8), else None: it is hostile until then."""
    found = _ISSUER.fullmatch(iss)
    if not found or bool(found["china"]) != found["region"].startswith("cn-"):
        return None
    return Issuer(iss, found["region"], found["pool"], bool(found["updated"]))


def read_arn(text: str) -> PoolArn | None:
    """Return a user pool's ARN taken apart, or None when `text` has not its form."""
    found = _ARN.fullmatch(text)
    return PoolArn(text, found["partition"], found["region"], found["account"], found["pool"]) if found else None


def stage_variables_in(text: str) -> tuple[str, ...]:
    """Return the names of the stage variables that an ARN uses."""
    return tuple(_VARIABLE.findall(text))


def resolve(text: str, variables: dict[str, str]) -> str:
    """Return the ARN with its stage variables filled in; unset ones stay as they are."""
    return _VARIABLE.sub(lambda found: variables.get(found[1], found[0]), text)
