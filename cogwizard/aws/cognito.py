"""Cognito's reads: `(client, read) -> facts`. They raise what boto3 raises, or Malformed."""

from collections.abc import Callable
from typing import Any

from cogwizard.aws.fields import required, table, text
from cogwizard.model.pool import Pool
from cogwizard.model.read import DescribeUserPool, Read


def describe_user_pool(client: Any, read: DescribeUserPool) -> Pool:
    """Return what is known of a pool."""
    answer = table(client.describe_user_pool(UserPoolId=read.user_pool_id), "UserPool")
    return Pool(
        id=required(answer, "Id"),
        name=text(answer, "Name") or "",
        domain=text(answer, "Domain"),
        custom_domain=text(answer, "CustomDomain"),
    )


READERS: dict[type[Read], Callable[[Any, Any], Any]] = {DescribeUserPool: describe_user_pool}
