"""The set-up in force: where profile, region, credentials and endpoints come from. Nothing secret is told."""

import hashlib
import json
from pathlib import Path

import pytest

from cogwizard.aws.session import Clients, Settings, SetupError
from cogwizard.aws.setup import Setup, describe_setup, profile_names

pytestmark = pytest.mark.usefixtures("own_home")
REGION = "eu-west-1"
KEY, SECRET = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
SSO = "[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1\n"
SSO_PROFILE = "[profile dev]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Reader\n"


def configured(tmp_path: Path, text: str) -> None:
    (tmp_path / "config").write_text(text, encoding="utf-8")


def signed_in(tmp_path: Path, key: str, expires_at: object, **more: str) -> None:
    """Write the cached token of a session, as the AWS CLI does."""
    folder = tmp_path / ".aws" / "sso" / "cache"
    folder.mkdir(parents=True)
    name = hashlib.sha1(key.encode(), usedforsecurity=False).hexdigest()
    token = {"accessToken": "aoaSecretToken", "expiresAt": expires_at, **more}
    (folder / f"{name}.json").write_text(json.dumps(token), encoding="utf-8")


def described(where: str | None = REGION, **settings: str) -> Setup:
    return describe_setup(Clients(Settings(**settings)), where)  # type: ignore[arg-type]


def test_keys_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    found = described()
    assert (found.credentials, found.key_id) == ("env", "****MPLE")
    assert (found.profile, found.profile_from) == (None, "none")
    assert found.sign_in is None
    assert KEY not in repr(found)
    assert SECRET not in repr(found)


def test_a_profile_with_keys(tmp_path: Path) -> None:
    configured(
        tmp_path, f"[profile a]\naws_access_key_id = {KEY}\naws_secret_access_key = {SECRET}\nregion = eu-west-1\n"
    )
    found = described(profile="a")
    assert (found.profile, found.profile_from) == ("a", "option")
    assert (found.region, found.region_from) == (REGION, "profile")
    assert (found.credentials, found.key_id) == ("config-file", "****MPLE")
    assert found.sign_in == "aws configure --profile a"
    assert SECRET not in repr(found)


def test_a_session_that_lives(tmp_path: Path) -> None:
    configured(tmp_path, SSO + SSO_PROFILE)
    signed_in(tmp_path, "corp", "2030-01-02T03:04:05Z", refreshToken="aorSecret")
    found = described(profile="dev")
    assert found.credentials == "sso"
    assert found.key_id is None
    assert found.sign_in == "aws sso login --profile dev"
    assert found.sso is not None
    assert (found.sso.name, found.sso.host, found.sso.renews) == ("corp", "corp.awsapps.com", True)
    assert found.sso.expires_at == 1893553445
    assert not found.sso.ended(1893553444)
    assert found.sso.ended(1893553445)
    assert "Secret" not in repr(found)


def test_the_session_of_the_profile_that_a_role_is_assumed_with(tmp_path: Path) -> None:
    role = "[profile role]\nrole_arn = arn:aws:iam::123456789012:role/R\nsource_profile = dev\n"
    configured(tmp_path, SSO + SSO_PROFILE + role)
    found = described(profile="role")
    assert found.credentials == "assume-role"
    assert found.sso is not None
    assert found.sso.ended(0.0)
    assert found.sign_in == "aws sso login --profile dev"


def test_a_session_of_the_old_form(tmp_path: Path) -> None:
    """The older AWS CLI wrote the start URL into the profile, and "UTC" behind the moment."""
    url = "https://old.awsapps.com/start"
    configured(tmp_path, f"[profile old]\nsso_start_url = {url}\nsso_region = eu-west-1\n")
    signed_in(tmp_path, url, "2030-01-02T03:04:05UTC")
    found = described(None, profile="old")
    assert found.sso is not None
    assert (found.sso.name, found.sso.host, found.sso.expires_at) == (None, "old.awsapps.com", 1893553445)
    assert found.credentials == "unasked"


@pytest.mark.parametrize("moment", [None, 17, "", "tomorrow", ["2030-01-02T03:04:05Z"]])
def test_a_token_file_that_says_no_moment(tmp_path: Path, moment: object) -> None:
    configured(tmp_path, SSO + SSO_PROFILE)
    signed_in(tmp_path, "corp", moment)
    found = described(None, profile="dev").sso
    assert found is not None
    assert found.ended(0.0)


@pytest.mark.parametrize("text", ["", "[]", "not json", "[" * 100_000])
def test_a_token_file_that_is_none(tmp_path: Path, text: str) -> None:
    configured(tmp_path, SSO + SSO_PROFILE)
    signed_in(tmp_path, "corp", "2030-01-02T03:04:05Z")
    next((tmp_path / ".aws" / "sso" / "cache").iterdir()).write_text(text, encoding="utf-8")
    found = described(None, profile="dev").sso
    assert found is not None
    assert found.expires_at is None


def test_no_credentials() -> None:
    found = described()
    assert (found.credentials, found.key_id, found.trouble) == ("none", None, "")
    assert found.sign_in == "aws configure"


def test_a_program_that_fails_is_told_without_what_it_printed(tmp_path: Path) -> None:
    configured(tmp_path, f"[default]\ncredential_process = sh -c 'echo {SECRET}'\n")
    found = described()
    assert found.credentials == "failed"
    assert "credential_process" in found.trouble
    assert SECRET not in repr(found)


def test_a_key_without_its_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    found = described()
    assert found.credentials == "failed"
    assert "aws_secret_access_key" in found.trouble.lower()


def test_where_the_region_comes_from(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As botocore and the AWS CLI choose it, the strongest last."""
    assert described(None).region_from == "none"
    assert described("us-east-1").region_from == "call"
    configured(tmp_path, "[default]\nregion = eu-west-1\n")
    assert described("eu-west-1").region_from == "profile"
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-2")
    assert described("eu-west-2").region_from == "AWS_DEFAULT_REGION"
    monkeypatch.setenv("AWS_REGION", "eu-west-3")
    assert described("eu-west-3").region_from == "AWS_REGION"
    assert described("eu-north-1", region="eu-north-1").region_from == "option"
    assert described("us-east-1", region="eu-north-1").region_from == "call"


def test_where_the_profile_comes_from(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    configured(tmp_path, "[default]\n[profile a]\n[profile b]\n")
    assert (described(None).profile, described(None).profile_from) == ("default", "none")
    monkeypatch.setenv("AWS_PROFILE", "a")
    assert (described(None).profile, described(None).profile_from) == ("a", "AWS_PROFILE")
    assert (described(None, profile="b").profile, described(None, profile="b").profile_from) == ("b", "option")


def test_endpoints_without_their_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    assert {(item.service, item.overridden) for item in described().endpoints} == {
        ("apigateway", False),
        ("cognito-idp", False),
        ("sts", False),
    }
    found = described(endpoint_url="http://me:hunter2@127.0.0.1:4566/x")
    assert {item.url for item in found.endpoints} == {"http://127.0.0.1:4566/x"}
    assert all(item.overridden for item in found.endpoints)
    assert "hunter2" not in repr(found)


def test_proxy_and_ca_bundle(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    plain = described()
    assert (plain.proxy, plain.ca_bundle) == (None, None)
    monkeypatch.setenv("HTTPS_PROXY", "http://me:hunter2@proxy.example:8080")
    bundle = tmp_path / "own.pem"
    import certifi

    bundle.write_bytes(Path(certifi.where()).read_bytes())
    monkeypatch.setenv("AWS_CA_BUNDLE", str(bundle))
    found = described()
    assert (found.proxy, found.ca_bundle) == ("proxy.example", str(bundle))
    assert "hunter2" not in repr(found)


def test_a_profile_that_is_not_there(tmp_path: Path) -> None:
    configured(tmp_path, "[profile b]\n[profile a]\n")
    with pytest.raises(SetupError) as caught:
        described(profile="ghost")
    assert caught.value.key == "no-such-profile"
    assert profile_names() == ("a", "b")


def test_files_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert profile_names() == ()
    configured(tmp_path, "no section\n")
    for ask in (profile_names, lambda: described(None)):
        with pytest.raises(SetupError) as caught:
            ask()
        assert caught.value.key == "broken-config"


def test_names_that_would_act_in_a_terminal(tmp_path: Path) -> None:
    configured(tmp_path, "[profile a\x1b[2J]\nregion = eu-west-1\n")
    assert "\x1b" not in repr(described(None, profile="a\x1b[2J"))
    assert described(None, profile="a\x1b[2J").profile == "a\\x1b[2J"
