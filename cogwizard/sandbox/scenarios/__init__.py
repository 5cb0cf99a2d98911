"""The scenarios: broken APIs, healthy ones, and ones that cannot be judged. A new one goes into its group's module."""

import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from cogwizard.sandbox import Sandbox, World
from cogwizard.sandbox.scenarios.browser import BROWSER
from cogwizard.sandbox.scenarios.calls import CALLS
from cogwizard.sandbox.scenarios.configuration import CONFIGURATION
from cogwizard.sandbox.scenarios.endpoints import ENDPOINTS
from cogwizard.sandbox.scenarios.fronts import FRONTS
from cogwizard.sandbox.scenarios.headers import HEADERS
from cogwizard.sandbox.scenarios.healthy import HEALTHY
from cogwizard.sandbox.scenarios.logs import LOGS
from cogwizard.sandbox.scenarios.scenario import Scenario, Served, Setting, prepare
from cogwizard.sandbox.scenarios.stacked import STACKED
from cogwizard.sandbox.scenarios.tokens import TOKENS
from cogwizard.sandbox.scenarios.unread import UNREAD

SCENARIOS: dict[str, Scenario] = {
    scenario.name: scenario
    for scenario in (
        *CALLS,
        *HEADERS,
        *TOKENS,
        *CONFIGURATION,
        *STACKED,
        *HEALTHY,
        *UNREAD,
        *BROWSER,
        *FRONTS,
        *ENDPOINTS,
        *LOGS,
    )
}


@contextmanager
def serve(
    names: Sequence[str], *, port: int = 0, tls: ssl.SSLContext | None = None, keys: tuple[str, str] | None = None
) -> Iterator[Served]:
    """Serve scenarios by name in one sandbox on loopback; `tls`, `keys` as there. Raises OSError for a taken port."""
    world = World()
    settings = {name: prepare(world, SCENARIOS[name]) for name in names}
    with Sandbox(world, port=port, tls=tls, keys=keys) as sandbox:
        for setting in settings.values():
            for operation, error in setting.denied.items():
                sandbox.denied[operation, _about(operation, setting)] = error
        yield Served(sandbox, settings)


def _about(operation: str, setting: Setting) -> str:
    """Return what an operation is about that is refused for this scenario: its API, but for what is not of one."""
    if operation == "GetKeys":
        # The keys of a pool are everybody's: they are refused for the pool that only this scenario uses.
        return next(pool.id for pool in setting.world.pools.values() if pool.name == "foreign")
    if operation == "FilterLogEvents":
        return f"API-Gateway-Execution-Logs_{setting.api.id}/{setting.stage}"
    return setting.api.id
