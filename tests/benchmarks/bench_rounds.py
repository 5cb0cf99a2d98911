"""Rounds, not calls: a diagnosis of an API of 300 resources where each call takes 80 ms longer.

A proxy on loopback delays every call to the sandbox. Start-up is the same diagnosis without the delay; what is left of
the difference is the number of calls that waited for one another. The budget is four: (start-up + 4 x 80 ms).

python -m tests.benchmarks.bench_rounds [RUNS]
"""

import http.client
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from cogwizard.sandbox import Sandbox, World, authorizer, method, mint
from cogwizard.sandbox.environment import environment
from tests.benchmarks.stopwatch import COGWIZARD, alternate, run, show

RESOURCES = 300
DELAY = 0.080  # seconds
ROUNDS = 4


@contextmanager
def delayed(url: str, seconds: float) -> Iterator[str]:
    """Serve `url` again, each call `seconds` later; yield the address."""
    host = urlsplit(url).netloc

    class Proxy(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            time.sleep(seconds)
            behind = http.client.HTTPConnection(host, timeout=30)
            behind.request(self.command, self.path, body, dict(self.headers.items()))
            answer = behind.getresponse()
            self.send_response_only(answer.status)
            for name, value in answer.getheaders():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.read())
            self.wfile.flush()
            behind.close()

        do_POST = do_GET

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is printed."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Proxy) as server:
        server.daemon_threads, server.block_on_close = True, False
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()


def build() -> tuple[World, str, str]:
    """Return a world with one large API, the path of a call to it, and a token that has expired."""
    world = World()
    pool = world.add_pool("shop")
    client = pool.add_client("web")
    api = world.add_api("large")
    api.draft.authorizers.append(authorizer("Pool", pool.arn))
    for number in range(RESOURCES - 1):  # the root is one too
        api.draft.add(f"/thing-{number}", GET=method("COGNITO_USER_POOLS", "Pool"))
    api.deploy("prod")
    path = f"/_aws/execute-api/{api.id}/prod/thing-{RESOURCES // 2}"
    return world, path, mint(pool, client, issued_at=world.now() - 7200)


def main(runs: int = 7) -> None:
    """Print both medians, the rounds between them, and the ratio to the budget."""
    world, path, token = build()
    plain = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    plain |= {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}

    def diagnose(url: str) -> None:
        curl = f"curl -i '{url}{path}' -H 'Authorization: Bearer {token}'"
        shown = run((*COGWIZARD, "diagnose", "--curl", "-"), expect=1, stdin=curl, env={**plain, **environment(url)})
        assert "token-expired" in shown

    slow = f"diagnose, {DELAY * 1000:.0f} ms a call"
    with Sandbox(world) as sandbox, delayed(sandbox.url, 0.0) as near, delayed(sandbox.url, DELAY) as far:
        medians = show(alternate({"start-up": lambda: diagnose(near), slow: lambda: diagnose(far)}, runs))
        calls = len(sandbox.requests) // (2 * (runs + 1))
    start_up, whole = medians["start-up"], medians[slow]
    print(f"calls: {calls}; waited for one another: {(whole - start_up) / DELAY:.1f}")
    print(f"ratio to start-up + {ROUNDS} x {DELAY * 1000:.0f} ms: {whole / (start_up + ROUNDS * DELAY):.2f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
