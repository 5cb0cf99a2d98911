"""`diagnose --token vault:NAME`: tokens that ran out are refreshed before the call is made, and kept in their place."""

import json
import time
from collections.abc import Iterator

import pytest

from cogwizard import vault as package
from cogwizard.cli import main
from cogwizard.model.tokens import Tokens
from cogwizard.sandbox.environment import REGION
from cogwizard.sandbox.grants import issue
from cogwizard.sandbox.scenarios import SCENARIOS, serve
from cogwizard.sandbox.scenarios.scenario import Served
from cogwizard.vault import Held, Vault
from cogwizard.vault.kinds import pack_tokens
from tests.vault.rings import MemoryRing, chosen

SCENARIO = "healthy-bearer"
ABOUT = {"username": "hanako", "expires_at": "1"}


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch, aws_keys: None) -> Iterator[Served]:
    monkeypatch.setenv("AWS_REGION", REGION)
    with serve([SCENARIO]) as running:
        yield running


@pytest.fixture
def vault(monkeypatch: pytest.MonkeyPatch) -> Vault:
    made = Vault(chosen(MemoryRing()))
    monkeypatch.setattr(package, "shared", lambda: made)
    return made


def tokens_of(served: Served, age: float, refresh_token: str | None = None) -> Tokens:
    setting = served.settings[SCENARIO]
    user = next(iter(setting.pool.users.values()))
    made = issue(setting.world, setting.pool, setting.client, user)
    return Tokens(setting.token(age=age), setting.token("access", age=age), refresh_token or made["refresh_token"])


def held(vault: Vault) -> Held:
    found = vault.read("me")
    assert isinstance(found, Held)
    return found


def diagnose(served: Served, *extra: str) -> int:
    call = served.case(SCENARIOS[SCENARIO], time.time()).call
    return main(["diagnose", call.url, "--endpoint-url", served.url, "--format", "json", *extra])


def refreshes(served: Served) -> int:
    return sum(operation == "InitiateAuth" for _, operation, *_ in served.sandbox.requests)


@pytest.mark.parametrize("source", ["vault:me", "vault:ME.id"])
def test_it_is_refreshed_sent_and_kept(
    served: Served, vault: Vault, source: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = tokens_of(served, 4000)
    vault.save("me", "tokens", pack_tokens(before), ABOUT)
    assert diagnose(served, "--token", source) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["outcome"] == "healthy"
    assert "was refreshed: id-token" in said.err
    after = held(vault)
    assert after.tokens().id_token != before.id_token
    assert after.tokens().refresh_token == before.refresh_token
    assert after.entry.about["username"] == "hanako"
    assert int(after.entry.about["expires_at"]) > time.time()
    for token in (before.id_token, before.refresh_token, after.tokens().id_token):
        assert str(token) not in said.out + said.err
    assert diagnose(served, "--token", source) == 0
    assert "refreshed" not in capsys.readouterr().err
    assert refreshes(served) == 1


def test_a_refusal_is_told_and_the_old_token_is_judged(
    served: Served, vault: Vault, capsys: pytest.CaptureFixture[str]
) -> None:
    before = tokens_of(served, 4000, "canary-refresh")
    vault.save("me", "tokens", pack_tokens(before), ABOUT)
    assert diagnose(served, "--token", "vault:me") == 1
    said = capsys.readouterr()
    assert json.loads(said.out)["causes"] == ["token-expired"]
    assert "was not refreshed" in said.err
    assert "refresh-token-invalid" in said.err
    assert "canary-refresh" not in said.out + said.err
    assert held(vault).tokens() == before


def test_what_is_only_looked_at_or_given_otherwise_stays(
    served: Served, vault: Vault, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The token that ran out may be the very cause that is to be found."""
    before = tokens_of(served, 4000)
    vault.save("me", "tokens", pack_tokens(before), ABOUT)
    vault.save("lone", "token", before.id_token or "")
    monkeypatch.setenv("TOKEN", before.id_token or "")
    for options in (["vault:me", "--no-call"], ["env:TOKEN"], ["vault:lone"]):
        diagnose(served, "--token", *options)
        assert "token-expired" in capsys.readouterr().out
    assert refreshes(served) == 0
    assert held(vault).tokens() == before


def test_a_keyring_that_keeps_nothing_is_told(
    served: Served, vault: Vault, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The call is made with the new token all the same."""
    vault.save("me", "tokens", pack_tokens(tokens_of(served, 4000)), ABOUT)

    def locked(operation: str, _service: str) -> None:
        if operation == "set":
            raise PermissionError

    ring = vault._backend.ring if vault._backend else None
    monkeypatch.setattr(ring, "before", locked)
    assert diagnose(served, "--token", "vault:me") == 0
    assert "me is not stored anywhere" in capsys.readouterr().err
