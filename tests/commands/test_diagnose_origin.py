"""`diagnose --origin` and a pasted OPTIONS call, from the arguments to the report."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from cogwizard.aws.exchange import Headers, Reply, Url
from cogwizard.aws.exchange import exchange as web_exchange
from cogwizard.cli import main
from cogwizard.sandbox.environment import REGION
from cogwizard.sandbox.scenarios import SCENARIOS, serve
from cogwizard.sandbox.scenarios.scenario import PAGE, Served

Sent = list[tuple[str, dict[str, str]]]


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch, aws_keys: None) -> Iterator[Served]:
    monkeypatch.setenv("AWS_REGION", REGION)
    with serve(["healthy-bearer", "preflight-needs-no-auth-pasted"]) as running:
        token = running.case(SCENARIOS["healthy-bearer"], time.time()).call.values("authorization")[0]
        monkeypatch.setenv("TOKEN", token.removeprefix("Bearer "))
        yield running


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """The calls of the API that are made, by verb and headers; not the reads of keys."""
    made: Sent = []

    def exchange(method: str, url: Url, headers: Headers, *rest: object, **more: object) -> Reply:
        if "jwks.json" not in url.target:
            made.append((method, {name.decode().lower(): value.decode() for name, value in headers}))
        return web_exchange(method, url, headers, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("cogwizard.web.exchange", exchange)
    return made


def diagnose(served: Served, capsys: pytest.CaptureFixture[str], name: str, *more: str) -> tuple[int, dict[str, Any]]:
    url = served.case(SCENARIOS[name], time.time()).call.url
    code = main(["diagnose", url, "--endpoint-url", served.url, "--format", "json", *more])
    return code, json.loads(capsys.readouterr().out)


def test_a_page_is_judged_with_its_preflight(served: Served, sent: Sent, capsys: pytest.CaptureFixture[str]) -> None:
    """The origin goes with the call, and the slash at its end is taken off."""
    page = ("--token", "env:TOKEN", "--origin", f"{PAGE}/")
    code, report = diagnose(served, capsys, "healthy-bearer", *page)
    assert (code, report["causes"]) == (1, ["preflight-missing", "cors-headers-missing"])
    made = dict(sent)
    assert sorted(made) == ["GET", "OPTIONS"]
    assert made["GET"]["origin"] == made["OPTIONS"]["origin"] == PAGE
    assert made["OPTIONS"]["access-control-request-headers"] == "authorization"
    assert "authorization" not in made["OPTIONS"]


def test_nothing_is_sent_without_leave(served: Served, sent: Sent, capsys: pytest.CaptureFixture[str]) -> None:
    page = ("--token", "env:TOKEN", "--origin", PAGE, "--no-call")
    code, report = diagnose(served, capsys, "healthy-bearer", *page)
    assert (code, report["causes"], sent) == (1, ["preflight-missing"], [])


def test_the_preflight_of_a_call_that_is_not_made(
    served: Served, sent: Sent, capsys: pytest.CaptureFixture[str]
) -> None:
    """A POST may change data, its preflight does not."""
    page = ("-X", "POST", "--token", "env:TOKEN", "--origin", PAGE)
    _, report = diagnose(served, capsys, "healthy-bearer", *page)
    assert [verb for verb, _ in sent] == ["OPTIONS"]
    assert report["observed"] is None


@pytest.mark.parametrize("origin", ["app.example.com", "", "https://", "file:///x", "https://a b"])
def test_what_is_no_origin(served: Served, capsys: pytest.CaptureFixture[str], origin: str) -> None:
    assert main(["diagnose", "https://a.example/x", "--origin", origin]) == 2
    assert "--origin https://app.example.com" in capsys.readouterr().err


def test_a_preflight_as_the_call(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is said of a token that no preflight carries, and the answer is foreseen and explained."""
    code, report = diagnose(served, capsys, "preflight-needs-no-auth-pasted", "-X", "OPTIONS")
    assert (code, report["causes"]) == (1, ["preflight-needs-no-auth"])
    assert report["observed"]["gate"] == report["predicted"]["deployed"]["gate"] == "authorizer"
    assert report["predicted"]["deployed"]["cause"] == "preflight-needs-no-auth"
    verdicts = {item["code"]: item["verdict"] for item in report["findings"]}
    assert verdicts["header-not-sent"] == verdicts["token-expired"] == "skipped"
    assert not {"unknown", "fail"} & {v for code, v in verdicts.items() if code != "preflight-needs-no-auth"}
