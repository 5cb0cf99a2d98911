"""Keys that the user keeps in the vault sign the calls; of the user's AWS set-up all else holds."""

from dataclasses import replace
from pathlib import Path

import pytest

from cogwizard.aws.reader import AwsReader
from cogwizard.aws.session import Clients, HeldKeys, Settings, SetupError
from cogwizard.aws.setup import describe_setup
from cogwizard.model.read_web import GetCallerIdentity
from tests.aws.test_aws_keys import recorder

HELD = HeldKeys("vault:work", "ASIAHELDHELDHELD1234", "c4nary-secret", "c4nary-session")


@pytest.fixture(autouse=True)
def _theirs(own_home: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Set up an AWS of the user's own: a region, and keys, in files and in the environment."""
    (tmp_path / "config").write_text("[default]\nregion = eu-west-3\n[profile other]\nregion = eu-west-2\n")
    (tmp_path / "credentials").write_text(
        "[default]\naws_access_key_id = AKIATHEIRS\naws_secret_access_key = x\n"
        "[other]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = x\n"
    )
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAENVIRONMENT")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")


def test_held_keys_sign() -> None:
    with recorder() as server:
        clients = Clients(Settings("vault:work", endpoint_url=server.url, timeout=5.0, held=HELD))
        clients.check()
        assert clients.default_region() == "eu-west-3"
        AwsReader(clients).run(GetCallerIdentity("eu-west-3"))
    [headers] = server.asked
    assert f"Credential={HELD.key_id}/" in headers["authorization"]
    assert headers["x-amz-security-token"] == HELD.session_token


def test_another_profile_that_was_chosen_since_counts() -> None:
    settings = replace(Settings("vault:work", timeout=5.0, held=HELD), profile="other")
    clients = Clients(settings)
    assert clients.default_region() == "eu-west-2"
    assert clients.credentials("eu-west-2").access_key == "AKIAOTHER"


def test_the_set_up_names_the_entry() -> None:
    clients = Clients(Settings("vault:work", timeout=5.0, held=HELD))
    found = describe_setup(clients, "eu-west-3")
    assert (found.profile, found.profile_from, found.credentials) == ("vault:work", "option", "explicit")
    assert (found.region, found.region_from, found.sso) == ("eu-west-3", "profile", None)
    assert found.sign_in == "cogwizard vault set work --kind aws-keys"
    assert clients.sign_in() == "Run: cogwizard vault set work --kind aws-keys"


@pytest.mark.parametrize(("name", "region"), [("other", "eu-west-2"), ("nowhere", "eu-west-3")])
@pytest.mark.parametrize("variable", ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"])
def test_held_keys_need_no_profile(monkeypatch: pytest.MonkeyPatch, variable: str, name: str, region: str) -> None:
    """One that a variable names is used where it is there, and not missed where it is not."""
    monkeypatch.setenv(variable, name)
    with recorder() as server:
        clients = Clients(Settings("vault:work", endpoint_url=server.url, timeout=5.0, held=HELD))
        clients.check()
        assert clients.default_region() == region
        assert describe_setup(clients, region).credentials == "explicit"
        AwsReader(clients).run(GetCallerIdentity(region))
    [headers] = server.asked
    assert f"Credential={HELD.key_id}/" in headers["authorization"]
    with pytest.raises(SetupError) as refused:
        Clients(Settings("nowhere", timeout=5.0, held=HELD)).check()
    assert refused.value.key == "no-such-profile"


def test_held_keys_are_not_shown() -> None:
    shown = repr(Settings("vault:work", held=HELD)) + repr(HELD)
    assert not [text for text in (HELD.key_id, HELD.secret, HELD.session_token or "") if text in shown]
