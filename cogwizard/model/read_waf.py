"""What is read of AWS WAF."""

from dataclasses import dataclass
from typing import ClassVar

from cogwizard.model.read import Read


@dataclass(frozen=True)
class GetWebAcl(Read):
    """-> WebAcl: the web ACL of a stage. `arn` is that of AWS WAF, not of the classic one before it."""

    service: ClassVar[str] = "wafv2"
    operation: ClassVar[str] = "GetWebACL"
    iam: ClassVar[str | None] = "wafv2:GetWebACL"
    resource: ClassVar[str] = "arn:{partition}:wafv2:{region}:*:regional/webacl/*/*"
    region: str
    arn: str
