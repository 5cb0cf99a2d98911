"""The read-only IAM policy that the checks need, generated from the reads."""

from typing import Any

from cogwizard.model.read import partition_of
from cogwizard.model.reads import LOG_READS, READS, SIGN_IN_READS


def build(
    region: str | None = None,
    rest_api_id: str | None = None,
    user_pool_id: str | None = None,
    sign_in: bool = False,
    logs: bool = False,
) -> dict[str, Any]:
    """Return the policy as JSON-ready data; what is not given stands as `*`. One statement for each IAM action.

    `sign_in`: with what is read before and after a sign-in, the app client with its secret too. `logs`: with the
    lines that API Gateway logged of a call; the access log may be in a group of any name.
    """
    api = rest_api_id or "*"
    values = {"region": region or "*", "rest_api_id": api, "api_id": api, "user_pool_id": user_pool_id or "*"}
    granted: dict[str, list[str]] = {}
    for read in (*READS, *(SIGN_IN_READS if sign_in else ()), *(LOG_READS if logs else ())):
        if read.iam is None:
            continue
        fields = {"stage": "*", "deployment_id": "*", "domain_name": "*", "log_group": "*", **values}
        resource = read.resource.format(partition=partition_of(region) if region else "*", **fields)
        granted.setdefault(read.iam, []).append(resource)
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Cogwizard" + "".join(part.capitalize() for part in action.replace(":", "-").split("-")),
                "Effect": "Allow",
                "Action": action,
                "Resource": list(dict.fromkeys(resources)),
            }
            for action, resources in granted.items()
        ],
    }
