"""What an account holds besides pools and APIs: API keys, usage plans, roles, Lambda functions, log groups."""

from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass
class ApiKey:
    """An API key; its value is a secret."""

    id: str
    name: str
    value: str = field(repr=False)
    enabled: bool = True


@dataclass
class UsagePlan:
    """A usage plan: which keys (ids) open which (API id, stage). `exhausted`: every call answers 429."""

    id: str
    name: str
    stages: list[tuple[str, str]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    exhausted: Literal["rate", "quota"] | None = None


@dataclass
class Role:
    """An IAM role. `trust`: its trust policy in JSON; `attached`: ARNs of managed policies.

    `refusals`: how many times Lambda will still not know it (`World.role_delay`).
    """

    name: str
    id: str
    arn: str
    trust: str
    path: str = "/"
    settings: dict[str, Any] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    attached: list[str] = field(default_factory=list)
    refusals: int = 0


@dataclass
class Function:
    """A Lambda function. `settings`: members of FunctionConfiguration; `permissions`: statements by their id.

    `is_ours`: its package is the walk-through's own, the only one that the sandbox runs. `package_sha256` in base64.
    `looks`: for how many looks it is still Pending (`World.function_delay`).
    """

    name: str
    arn: str
    role: str
    size: int
    package_sha256: str
    is_ours: bool
    settings: dict[str, Any] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    permissions: dict[str, dict[str, Any]] = field(default_factory=dict)
    looks: int = 0


@dataclass
class LogGroup:
    """A group of CloudWatch Logs; `arn` without the `:*` at its end."""

    name: str
    arn: str
    retention: int | None = None
    tags: dict[str, str] = field(default_factory=dict)
