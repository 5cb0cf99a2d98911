"""`diagnose` at AWS's own emulator, which serves HTTPS on loopback with an authority of its own and checks signatures.

    COGWIZARD_AWS_EMULATOR=https://127.0.0.1:9297 COGWIZARD_AWS_EMULATOR_CA=FILE \
        pytest tests/contract/test_aws_emulator.py

FILE is what its AWS_CA_BUNDLE has to name (tests drop that variable). COGWIZARD_AWS_EMULATOR_KEYS=ID:SECRET where it
does not take any keys. Without the first variable only the sandbox answers, over TLS and with signatures checked: it
shows that the tests themselves hold.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from peer_diagnose import FORMS, REGION, WRONG, Form, Shop, diagnose, open_shop, point
from peer_world import isolate

from cogwizard.sandbox import Sandbox, World
from cogwizard.sandbox.certificates import Authority

EMULATOR = os.environ.get("COGWIZARD_AWS_EMULATOR")
CA = os.environ.get("COGWIZARD_AWS_EMULATOR_CA")
KEYS = os.environ.get("COGWIZARD_AWS_EMULATOR_KEYS", "test:test").partition(":")[::2]


@pytest.fixture(scope="module", params=["sandbox", "aws-emulator"])
def shop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        isolate(patch, home)
        if request.param == "aws-emulator":
            if not EMULATOR:
                pytest.skip("set COGWIZARD_AWS_EMULATOR to the endpoint of AWS Emulator")
            if CA:
                patch.setenv("AWS_CA_BUNDLE", CA)
            yield from opened(patch, EMULATOR)
            return
        authority = Authority()
        ca = home / "ca.pem"
        ca.write_bytes(authority.pem)
        patch.setenv("AWS_CA_BUNDLE", str(ca))
        with Sandbox(World(region=REGION), tls=authority.context(), keys=KEYS) as sandbox:
            yield from opened(patch, sandbox.url)


def opened(patch: pytest.MonkeyPatch, url: str) -> Iterator[Shop]:
    patch.setenv("AWS_ACCESS_KEY_ID", KEYS[0])
    patch.setenv("AWS_SECRET_ACCESS_KEY", KEYS[1])
    point(patch, url.rstrip("/"))
    yield open_shop(url.rstrip("/"))


@pytest.mark.parametrize("form", FORMS)
def test_a_good_call_in_each_form_of_the_url(
    form: Form, shop: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = diagnose(shop.given(None, form), monkeypatch, capsys)
    assert (run.code, run.causes, run.status) == (0, (), 200)
    assert run.verdict("not-protected") == "pass"


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_is_named(
    wrong: str, shop: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = diagnose(shop.given(wrong), monkeypatch, capsys)
    assert (run.code, run.causes) == (1, WRONG[wrong])
    assert run.status in (401, 403)


def test_without_its_authority_nothing_is_believed(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    other = tmp_path / "other.pem"
    other.write_bytes(Authority().pem)
    monkeypatch.setenv("AWS_CA_BUNDLE", str(other))
    run = diagnose(shop.given(None), monkeypatch, capsys)
    assert (run.code, run.causes, run.status) == (3, (), None)
    assert run.verdict("aws-unreachable") == "unknown"
