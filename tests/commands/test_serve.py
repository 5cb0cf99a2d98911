"""`cogwizard demo --serve`, used as a person would: the printed environment, the AWS CLI, the printed curl commands."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

SCENARIOS = ["token-expired", "healthy-bearer", "route-not-matched", "shell-variable"]


@pytest.fixture
def printed(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """The lines that the running sandbox has printed; a parameter is one more option."""
    command = [sys.executable, "-m", "cogwizard", "demo", "--serve", *getattr(request, "param", ()), *SCENARIOS]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout
        lines: list[str] = []
        while len([line for line in lines if line.startswith("curl ")]) < len(SCENARIOS):
            line = server.stdout.readline()
            assert line, "the sandbox ended"
            lines.append(line.rstrip("\n"))
        yield lines
        server.send_signal(signal.SIGINT)  # so that it takes away what it has written


def environment(lines: list[str]) -> dict[str, str]:
    exported = dict(re.findall(r"^export (\w+)=(\S+)$", "\n".join(lines), re.M))
    return {**os.environ, **exported, "AWS_PAGER": "", "no_proxy": "*"}


@pytest.mark.parametrize("printed", [(), ("--tls",)], ids=["http", "https"], indirect=True)
def test_curl_answers_as_the_scenario_says(printed: list[str], needs: Callable[[str], str]) -> None:
    needs("curl")
    status = {}
    for at, line in enumerate(printed):
        if line.startswith("# ") and at + 1 < len(printed) and printed[at + 1].startswith("curl "):
            name = line[2:].split(":")[0]
            done = subprocess.run(
                ["bash", "-c", printed[at + 1]], capture_output=True, text=True, env=environment(printed), check=True
            )
            status[name] = done.stdout.split()[1]
    assert status == {
        "token-expired": "401",
        "healthy-bearer": "200",
        "route-not-matched": "403",
        "shell-variable": "401",
    }


def test_the_aws_cli_reads_it(printed: list[str], needs: Callable[[str], str]) -> None:
    aws = needs("aws")

    def run(*arguments: str) -> object:
        done = subprocess.run(
            [aws, *arguments, "--output", "json"], capture_output=True, text=True, env=environment(printed), check=True
        )
        return json.loads(done.stdout)

    apis = run("apigateway", "get-rest-apis")
    assert sorted(item["name"] for item in apis["items"]) == sorted(SCENARIOS)  # type: ignore[index]
    api = apis["items"][0]["id"]  # type: ignore[index]
    assert run("apigateway", "get-authorizers", "--rest-api-id", api)["items"][0]["type"] == "COGNITO_USER_POOLS"  # type: ignore[index]
    pools = run("cognito-idp", "list-user-pools", "--max-results", "5")
    assert pools["UserPools"][0]["Name"] == "shop"  # type: ignore[index]
    assert run("sts", "get-caller-identity")["Account"] == "123456789012"  # type: ignore[index]


@pytest.mark.parametrize("printed", [("--tls",)], indirect=True)
def test_diagnose_finds_it_with_the_printed_environment(printed: list[str]) -> None:
    """Over HTTPS: the printed authority is trusted for reads, keys and the call alike."""
    at = next(at for at, line in enumerate(printed) if line.startswith("# token-expired"))
    assert "curl -i" in printed[at + 1]
    assert "https://127.0.0.1" in printed[at + 1]
    done = subprocess.run(
        [sys.executable, "-m", "cogwizard", "diagnose", "--curl", "-", "--format", "json"],
        input=printed[at + 1],
        capture_output=True,
        text=True,
        env=environment(printed),
        check=False,
    )
    assert json.loads(done.stdout)["causes"] == ["token-expired"]
    assert done.returncode == 1
