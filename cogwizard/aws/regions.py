"""The regions that have API Gateway, and where its APIs live. From botocore's own tables: no settings, no network."""

from functools import cache
from typing import Any

# The partitions of every AWS account first: the others stand behind walls of their own.
_FIRST = ("aws", "aws-cn", "aws-us-gov")


@cache
def _tables() -> Any:
    from botocore.loaders import Loader
    from botocore.regions import EndpointResolver

    return EndpointResolver(Loader().load_data("endpoints"))


def regions() -> tuple[str, ...]:
    """Return the regions that have API Gateway, by partition, in the order of the alphabet."""
    partitions = sorted(_tables().get_available_partitions(), key=lambda name: (name not in _FIRST, name))
    return tuple(
        region for name in partitions for region in sorted(_tables().get_available_endpoints("apigateway", name))
    )


def dns_suffix(region: str) -> str:
    """Return what the hosts of a region end in: `amazonaws.com`, also for a region that botocore does not know."""
    from botocore.exceptions import UnknownRegionError

    try:
        partition = _tables().get_partition_for_region(region)
    except UnknownRegionError:
        partition = "aws"
    return str(_tables().get_partition_dns_suffix(partition))
