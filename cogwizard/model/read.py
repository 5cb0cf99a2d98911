"""Reads as data: what a step would like to know. No other thing can be asked of AWS by a step.

A read names its operation, its arguments, the IAM permission that it needs, and nothing else; `aws` and `web` run it.
The reads themselves stand beside this module: `read_api`, `read_cognito`, `read_web`; `reads` lists them all.
"""

from dataclasses import dataclass, fields
from typing import ClassVar, Literal


def partition_of(region: str | None) -> str:
    """Return the ARN partition of a region: aws, aws-cn or aws-us-gov (research 6.2)."""
    if region and region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region and region.startswith("us-gov-") else "aws"


def suffix_of(partition: str) -> str:
    """Return what AWS's host names end with in an ARN partition (research 6.2 [E])."""
    return "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com"


@dataclass(frozen=True)
class Read:
    """Something to know. `service` is botocore's name, or "web" for a read that needs no AWS credentials.

    `iam` is the IAM action and `resource` the ARN it is needed on, with the fields of the read (and `partition`) in
    braces; None where no permission is needed.
    """

    service: ClassVar[str] = "web"
    operation: ClassVar[str] = ""
    iam: ClassVar[str | None] = None
    resource: ClassVar[str] = "*"

    @property
    def action(self) -> str:
        """The operation as people name it: `apigateway:GetExport`, or `web:Replay`."""
        return f"{self.service}:{self.operation}"

    @property
    def permission(self) -> str | None:
        """The IAM permission, `action on ARN`, or None where none is needed."""
        if self.iam is None:
            return None
        values = {item.name: getattr(self, item.name) or "*" for item in fields(self) if item.repr}
        return f"{self.iam} on {self.resource.format(partition=partition_of(values.get('region')), **values)}"


Reason = Literal["denied", "credentials", "unreachable", "throttled", "failed", "malformed", "not-asked", "withheld"]


@dataclass(frozen=True)
class Absent:
    """AWS answered that the thing does not exist: a fact, not a failure. `error` is AWS's error type."""

    read: Read
    error: str
    message: str = ""


@dataclass(frozen=True)
class Unread:
    """A read that gave no fact. `error` is AWS's error type or ours; `detail` is scrubbed and safe to show.

    `withheld`: we did not ask on purpose (no consent, an endpoint override, a variable that we were not given).
    """

    read: Read
    reason: Reason
    error: str
    detail: str = ""
