"""The walk-through: what a step of it is. Source: the seed "Authentication and authorization with Cognito"."""

from dataclasses import dataclass

from cogwizard.model.build import TAG
from cogwizard.model.write import Write

TAGS = {TAG: "{run}"}
API_ARN = "arn:{partition}:apigateway:{region}::/restapis"
OWN_API_ARN = "arn:{partition}:apigateway:{region}::/restapis/{api_id}"
POOL_ARN = "arn:{partition}:cognito-idp:{region}:{account}:userpool/{pool_id}"
FUNCTION_ARN = "arn:{partition}:lambda:{region}:{account}:function:{name}"
ROLE_ARN = "arn:{partition}:iam::{account}:role/{role_name}"


@dataclass(frozen=True)
class OnboardStep:
    """One screen. `id` names it and its texts; `writes` is what it makes, in order.

    What proves that a write worked is `onboarding.look`'s.
    """

    id: str
    writes: tuple[Write, ...] = ()
