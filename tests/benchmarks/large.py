"""A large account, served from another process: 600 APIs, one of them with 300 resources, and a call to it.

python -m tests.benchmarks.large
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from cogwizard.sandbox import Sandbox, World, authorizer, method, mint
from cogwizard.sandbox.environment import environment

APIS, RESOURCES = 600, 300


def build() -> tuple[World, str, str]:
    """Return a world with the account, the path of a call, and a token that has expired."""
    world = World()
    pool = world.add_pool("shop")
    client = pool.add_client("web")
    for number in range(APIS - 1):
        world.add_api(f"small-{number}").deploy("prod")
    api = world.add_api("large")
    api.draft.authorizers.append(authorizer("Pool", pool.arn))
    for number in range(RESOURCES - 1):  # the root is one too
        guarded = {verb: method("COGNITO_USER_POOLS", "Pool") for verb in ("GET", "POST", "DELETE")}
        api.draft.add(f"/thing-{number}", OPTIONS=method(), **guarded)
    api.deploy("prod")
    path = f"/_aws/execute-api/{api.id}/prod/thing-{RESOURCES // 2}"
    return world, path, mint(pool, client, issued_at=world.now() - 7200)


@contextmanager
def served() -> Iterator[tuple[dict[str, str], str]]:
    """Serve it; yield the environment for AWS's tools, and the failing curl command."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    plain |= {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    process = subprocess.Popen(
        (sys.executable, "-m", "tests.benchmarks.large"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        assert process.stdout
        found = json.loads(process.stdout.readline())
        yield plain | environment(found["url"]), found["curl"]
    finally:
        process.terminate()
        process.wait()


def main() -> None:
    """Serve until told to end."""
    world, path, token = build()
    with Sandbox(world) as sandbox:
        curl = f"curl -i '{sandbox.url}{path}' -H 'Authorization: Bearer {token}'"
        print(json.dumps({"url": sandbox.url, "curl": curl}), flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
