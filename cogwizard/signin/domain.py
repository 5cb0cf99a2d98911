"""Where a user pool's login pages and OAuth endpoints are, as the AWS set-up has it."""

from typing import TYPE_CHECKING

from cogwizard.model.domain import base_url
from cogwizard.model.pool import Pool

if TYPE_CHECKING:
    from cogwizard.aws.session import Clients


def base_url_for(clients: "Clients", pool: Pool, region: str) -> str | None:
    """Return the base URL of a pool's domain as the set-up has it. No network call. Raises as `Clients.endpoint`."""
    return base_url(pool, region, override_of(clients, region))


def override_of(clients: "Clients", region: str) -> str | None:
    """Return the endpoint of cognito-idp where one other than AWS's is in force. Raises as `Clients.endpoint`."""
    return clients.endpoint("cognito-idp", region) if clients.overridden("cognito-idp", region) else None
