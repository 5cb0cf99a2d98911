"""A bench for each test, one sandbox for all."""

from collections.abc import Iterator

import pytest

from cogwizard.sandbox import Sandbox, World
from tests.signin.login_kit import Bench


@pytest.fixture(scope="session")
def running() -> Iterator[Sandbox]:
    """One server for all tests of signing in."""
    with Sandbox(World()) as sandbox:
        yield sandbox


@pytest.fixture
def bench(running: Sandbox) -> Bench:
    """A world of its own for each test."""
    return Bench(running)
