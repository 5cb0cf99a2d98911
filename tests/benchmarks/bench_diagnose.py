"""The whole guide: `cogwizard diagnose` against the same reads made by hand with the AWS CLI and curl.

The sandbox runs in a process of its own. By hand means one command after the other, with no time for reading and
thinking between them, and nothing judged.

python -m tests.benchmarks.bench_diagnose [RUNS]
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.stopwatch import COGWIZARD, alternate, run, show

SCENARIO = "token-expired"
_EXPORT = re.compile(r"export ([A-Z_]+)=(\S+)")


@contextmanager
def served(scenario: str) -> Iterator[tuple[dict[str, str], str]]:
    """Serve a scenario from another process; yield the environment for it and its failing curl command."""
    process = subprocess.Popen(
        (*COGWIZARD, "demo", "--serve", scenario), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, encoding="utf-8"
    )
    try:
        assert process.stdout
        env = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        env |= {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull, "AWS_PAGER": ""}
        for line in process.stdout:
            if found := _EXPORT.match(line):
                env[found[1]] = found[2]
            elif line.startswith("curl "):
                yield env, line.strip()
                return
        raise RuntimeError("the sandbox did not start")
    finally:
        process.terminate()
        process.wait()


def by_hand(aws: str, env: dict[str, str], curl: str, folder: str) -> list[list[str]]:
    """Return the commands that read what `diagnose` reads for this call."""
    words = shlex.split(curl)
    url = next(word for word in words if word.startswith("http"))
    header, token = next(word for word in words if word.lower().startswith("authorization:")).split(": ", 1)
    found = re.search(r"/execute-api/([^/]+)/([^/]+)/", url)
    assert found
    api, stage = found.groups()
    of_api = ["--rest-api-id", api]
    authorizer = json.loads(run([aws, "apigateway", "get-authorizers", *of_api], env=env))["items"][0]
    pool = authorizer["providerARNs"][0].rpartition("/")[2]
    export = ["--stage-name", stage, "--export-type", "oas30", "--parameters", "extensions='apigateway,authorizers'"]
    tested = ["--authorizer-id", authorizer["id"], "--headers", json.dumps({header: token})]
    return [
        [*words, "-s", "--noproxy", "*"],
        [aws, "sts", "get-caller-identity"],
        [aws, "apigateway", "get-rest-api", *of_api],
        [aws, "apigateway", "get-stages", *of_api],
        [aws, "apigateway", "get-resources", *of_api, "--embed", "methods", "--limit", "500"],
        [aws, "apigateway", "get-authorizers", *of_api],
        [aws, "apigateway", "get-export", *of_api, *export, str(Path(folder, "export.json"))],
        [aws, "apigateway", "test-invoke-authorizer", *of_api, *tested],
        [aws, "cognito-idp", "describe-user-pool", "--user-pool-id", pool],
        ["curl", "-s", "--noproxy", "*", f"{env['AWS_ENDPOINT_URL']}/{pool}/.well-known/jwks.json"],
    ]


def main(runs: int = 5) -> None:
    """Print both medians and their ratio."""
    aws = os.environ.get("COGWIZARD_AWS") or shutil.which("aws")
    if not aws or not shutil.which("curl"):
        print(f"skipped: {'curl' if aws else 'the AWS CLI (aws)'} is not installed")
        return
    with served(SCENARIO) as (env, curl), tempfile.TemporaryDirectory() as folder:
        commands = by_hand(aws, env, curl, folder)

        def one_after_the_other() -> None:
            for command in commands:
                run(command, env=env)

        def diagnose() -> None:
            assert SCENARIO in run((*COGWIZARD, "diagnose", "--curl", "-"), expect=1, stdin=curl, env=env)

        tasks = {"cogwizard diagnose": diagnose, f"{len(commands)} commands by hand": one_after_the_other}
        show(alternate(tasks, runs))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
