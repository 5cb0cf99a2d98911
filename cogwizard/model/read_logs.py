"""What is read of API Gateway's logs, only when the user agreed to it."""

from dataclasses import dataclass
from typing import ClassVar

from cogwizard.model.log import execution_group
from cogwizard.model.read import Read


@dataclass(frozen=True)
class GetAccount(Read):
    """-> Account: whether API Gateway has a role to write logs with."""

    service: ClassVar[str] = "apigateway"
    operation: ClassVar[str] = "GetAccount"
    iam: ClassVar[str | None] = "apigateway:GET"
    resource: ClassVar[str] = "arn:{partition}:apigateway:{region}::/account"
    region: str


@dataclass(frozen=True)
class _LogRead(Read):
    """-> LogLines: the lines that hold `term` as it is, between `start` and `end` (Unix seconds)."""

    service: ClassVar[str] = "logs"
    operation: ClassVar[str] = "FilterLogEvents"
    iam: ClassVar[str | None] = "logs:FilterLogEvents"
    region: str
    term: str
    start: int
    end: int

    @property
    def group(self) -> str:
        """The log group's name."""
        raise NotImplementedError


@dataclass(frozen=True)
class ReadExecutionLog(_LogRead):
    """-> LogLines of what API Gateway did with a call."""

    resource: ClassVar[str] = (
        "arn:{partition}:logs:{region}:*:log-group:API-Gateway-Execution-Logs_{rest_api_id}/{stage}:*"
    )
    rest_api_id: str
    stage: str

    @property
    def group(self) -> str:
        """See `_LogRead`."""
        return execution_group(self.rest_api_id, self.stage)


@dataclass(frozen=True)
class ReadAccessLog(_LogRead):
    """-> LogLines: the line of a call in the stage's own format."""

    resource: ClassVar[str] = "arn:{partition}:logs:{region}:*:log-group:{log_group}:*"
    log_group: str

    @property
    def group(self) -> str:
        """See `_LogRead`."""
        return self.log_group


LogRead = ReadExecutionLog | ReadAccessLog
