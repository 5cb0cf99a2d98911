"""One running sandbox for all tests of signing in: each test gives it a world of its own."""

from collections.abc import Iterator
from typing import Any

import pytest
from signin_kit import REGION, Desk

from cogwizard.sandbox import Sandbox, World


@pytest.fixture(scope="session")
def running() -> Iterator[tuple[Sandbox, Any, Any]]:
    """Give the sandbox, a boto3 client that does not sign, and one that does."""
    import boto3
    from botocore import UNSIGNED
    from botocore.config import Config

    common: dict[str, Any] = {
        "proxies": {},
        "retries": {"total_max_attempts": 1},
        "connect_timeout": 5,
        "read_timeout": 20,
    }
    session: Any = boto3.Session("sandbox", "sandbox", region_name=REGION)
    with Sandbox(World()) as sandbox:
        public, signed = (
            session.client("cognito-idp", endpoint_url=sandbox.url, config=Config(signature_version=version, **common))
            for version in (UNSIGNED, None)
        )
        yield sandbox, public, signed


@pytest.fixture
def desk(running: tuple[Sandbox, Any, Any]) -> Desk:
    """Give a fresh world with one pool, one client and one user."""
    return Desk(*running)
