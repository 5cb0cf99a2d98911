"""The scenarios: broken APIs, healthy ones, and ones that cannot be judged. A new one goes into its group's module."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from cogwizard.sandbox import Sandbox, World
from cogwizard.sandbox.scenarios.calls import CALLS
from cogwizard.sandbox.scenarios.configuration import CONFIGURATION
from cogwizard.sandbox.scenarios.headers import HEADERS
from cogwizard.sandbox.scenarios.healthy import HEALTHY
from cogwizard.sandbox.scenarios.scenario import Scenario, Served, prepare
from cogwizard.sandbox.scenarios.stacked import STACKED
from cogwizard.sandbox.scenarios.tokens import TOKENS
from cogwizard.sandbox.scenarios.unread import UNREAD

SCENARIOS: dict[str, Scenario] = {
    scenario.name: scenario for scenario in (*CALLS, *HEADERS, *TOKENS, *CONFIGURATION, *STACKED, *HEALTHY, *UNREAD)
}


@contextmanager
def serve(names: Sequence[str], *, port: int = 0) -> Iterator[Served]:
    """Serve scenarios by name in one sandbox on loopback. Raises OSError when the port is taken."""
    world = World()
    settings = {name: prepare(world, SCENARIOS[name]) for name in names}
    with Sandbox(world, port=port) as sandbox:
        for setting in settings.values():
            for operation, error in setting.denied.items():
                # The keys of a pool are everybody's: they are refused for the pool that only this scenario uses.
                where = next(
                    (p.id for p in world.pools.values() if p.name == "foreign")
                    if operation == "GetKeys"
                    else iter([setting.api.id])
                )
                sandbox.denied[operation, where] = error
        yield Served(sandbox, settings)
