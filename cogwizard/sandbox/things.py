"""What an account holds besides pools and APIs: API keys, usage plans, roles, Lambda functions, log groups."""

from collections.abc import Mapping
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
    """A usage plan: which keys (ids) open which (API id, stage). `exhausted`: every call answers 429.

    `settings`: further members of UsagePlan, as AWS names them (`throttle`, `quota`).
    """

    id: str
    name: str
    stages: list[tuple[str, str]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    exhausted: Literal["rate", "quota"] | None = None
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass
class WebAcl:
    """A web ACL with one rule. `blocks`: it stops every call; `can_block`: what its settings say.

    `response`: its custom response, as (status, headers, body); `challenges`: it answers with a script instead.
    """

    name: str
    blocks: bool = False
    can_block: bool = True
    response: tuple[int, Mapping[str, str], str] | None = None
    challenges: bool = False


@dataclass
class Front:
    """A CDN or proxy before a stage.

    `drops`: headers that it does not hand on, in lower case; `hands_host_on`: it sends its own host's name; `refuses`:
    it answers 403 itself; `origin_path`: what it puts before the path; `origin_host`: the custom domain that it calls,
    "" for API Gateway's own address.
    """

    rest_api_id: str
    stage: str
    drops: tuple[str, ...] = ()
    hands_host_on: bool = False
    refuses: bool = False
    origin_path: str = ""
    origin_host: str = ""


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
class LogEvent:
    """A line; `time` in Unix milliseconds. `looks`: for how many searches it is not found yet (`World.log_delay`)."""

    time: int
    text: str = field(repr=False)
    looks: int = 0


@dataclass
class LogGroup:
    """A group of CloudWatch Logs; `arn` without the `:*` at its end."""

    name: str
    arn: str
    retention: int | None = None
    tags: dict[str, str] = field(default_factory=dict)
    events: list[LogEvent] = field(default_factory=list, repr=False)
