"""Clients: what boto3 is given, where it goes, and what is wrong with a set-up."""

import shutil
import threading
import tomllib
from pathlib import Path
from string import Formatter

import certifi
import pytest

import cogwizard
from cogwizard.aws.hosts import is_aws_host, is_loopback
from cogwizard.aws.session import Clients, Settings, SetupError

TEXTS = Path(cogwizard.__file__).parent / "text"


pytestmark = pytest.mark.usefixtures("own_home")


def profiles(tmp_path: Path, text: str) -> None:
    (tmp_path / "config").write_text(text, encoding="utf-8")


def test_client_is_made_once_and_with_our_policy() -> None:
    clients = Clients(Settings(timeout=3.0))
    client = clients.client("apigateway", "eu-west-1")
    assert clients.client("apigateway", "eu-west-1") is client
    assert clients.client("apigateway", "eu-west-2") is not client
    config = client.meta.config
    assert config.retries["mode"] == "adaptive"
    assert config.retries["total_max_attempts"] == 4
    assert (config.connect_timeout, config.read_timeout, config.max_pool_connections) == (3.0, 3.0, 20)
    assert config.user_agent_extra == f"cogwizard/{cogwizard.__version__}"
    assert config.proxies is None


def test_many_threads_get_one_client() -> None:
    clients = Clients(Settings())
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(clients.client("sts", "us-east-1"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len({id(client) for client in found}) == 1


@pytest.mark.parametrize(
    ("region", "url"),
    [
        ("eu-west-1", "https://cognito-idp.eu-west-1.amazonaws.com"),
        ("cn-north-1", "https://cognito-idp.cn-north-1.amazonaws.com.cn"),
        ("us-gov-west-1", "https://cognito-idp.us-gov-west-1.amazonaws.com"),
        ("eu-isoe-west-1", "https://cognito-idp.eu-isoe-west-1.cloud.adc-e.uk"),
    ],
)
def test_endpoint_of_every_partition_is_aws(region: str, url: str) -> None:
    clients = Clients(Settings())
    assert clients.endpoint("cognito-idp", region) == url
    assert not clients.overridden("cognito-idp", region)


def test_endpoint_does_not_touch_credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    profiles(tmp_path, f"[default]\ncredential_process = sh -c 'touch {ran}'\n")
    Clients(Settings()).endpoint("apigateway", "eu-west-1")
    assert not ran.exists()


def test_overrides_in_boto3s_order(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    profiles(tmp_path, "[default]\nendpoint_url = http://127.0.0.1:1\n")
    assert Clients(Settings()).endpoint("apigateway", "eu-west-1") == "http://127.0.0.1:1"
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:2")
    assert Clients(Settings()).endpoint("apigateway", "eu-west-1") == "http://127.0.0.1:2"
    monkeypatch.setenv("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", "http://127.0.0.1:3")
    clients = Clients(Settings())
    assert clients.endpoint("cognito-idp", "eu-west-1") == "http://127.0.0.1:3"
    assert clients.endpoint("apigateway", "eu-west-1") == "http://127.0.0.1:2"
    clients = Clients(Settings(endpoint_url="http://localhost:4"))
    assert clients.endpoint("cognito-idp", "eu-west-1") == "http://localhost:4"
    assert clients.overridden("cognito-idp", "eu-west-1")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "aws.localhost"])
def test_loopback_never_goes_through_a_proxy(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    client = Clients(Settings(endpoint_url=f"http://{host}:5")).client("sts", "us-east-1")
    assert client.meta.config.proxies == {}
    assert client._endpoint.http_session._proxy_config.proxy_url_for(f"http://{host}:5") is None


def test_a_real_endpoint_goes_through_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    client = Clients(Settings()).client("sts", "us-east-1")
    assert client._endpoint.http_session._proxy_config.proxy_url_for("https://sts.us-east-1.amazonaws.com")


def test_default_region(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert Clients(Settings()).default_region() is None
    profiles(tmp_path, "[default]\nregion = eu-west-1\n[profile b]\nregion = eu-west-2\n")
    assert Clients(Settings()).default_region() == "eu-west-1"
    assert Clients(Settings(profile="b")).default_region() == "eu-west-2"
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-3")
    assert Clients(Settings()).default_region() == "eu-west-3"
    assert Clients(Settings(region="us-east-1")).default_region() == "us-east-1"


@pytest.mark.parametrize("by_environment", [False, True])
def test_unknown_profile_names_those_that_exist(
    by_environment: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    profiles(tmp_path, "[profile b]\n[profile a]\n")
    if by_environment:
        monkeypatch.setenv("AWS_PROFILE", "ghost")
    with pytest.raises(SetupError) as caught:
        Clients(Settings(profile=None if by_environment else "ghost")).check()
    assert caught.value.key == "no-such-profile"
    assert caught.value.params == {"profile": "ghost", "profiles": "a, b"}


@pytest.mark.parametrize("data", [b"no section", b"[a\n", b"\xff\xfe\x00[default]"])
def test_broken_config_file_is_named(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "config").write_bytes(data)
    with pytest.raises(SetupError) as caught:
        Clients(Settings()).check()
    assert (caught.value.key, caught.value.params) == ("broken-config", {"path": str(tmp_path / "config")})


@pytest.mark.parametrize("region", ["us east 1", "eu-west-1\n", "-x", "us_east_1", "12", "é", "a" * 64])
def test_region_that_is_no_region(region: str) -> None:
    with pytest.raises(SetupError) as caught:
        Clients(Settings(region=region)).check()
    assert (caught.value.key, caught.value.params) == ("invalid-region", {"region": region})


@pytest.mark.parametrize("url", ["", "localhost:5", "ftp://x", "http://", "http://u:secret@[::1", "http://h:99999"])
def test_endpoint_that_is_no_url_is_not_shown(url: str) -> None:
    settings = Settings(region="eu-west-1", endpoint_url=url)
    with pytest.raises(SetupError) as caught:
        Clients(settings).check()
    assert caught.value.key == "invalid-endpoint"
    assert "secret" not in f"{caught.value} {settings}"


def test_a_good_set_up_passes_without_boto3s_credentials(tmp_path: Path) -> None:
    profiles(tmp_path, "[profile sso]\nregion = eu-west-1\nsso_start_url = https://x\n")
    Clients(Settings(profile="sso", endpoint_url="http://127.0.0.1:5")).check()


def test_ca_bundle_in_botocores_order(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert Clients(Settings()).ca_bundle().endswith(".pem")
    requests, profile, aws = (str(tmp_path / f"{name}.pem") for name in ("requests", "profile", "aws"))
    for path in (requests, profile, aws):
        shutil.copy(certifi.where(), path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", requests)
    assert Clients(Settings()).ca_bundle() == requests
    profiles(tmp_path, f"[default]\nca_bundle = {profile}\n")
    assert Clients(Settings()).ca_bundle() == profile
    monkeypatch.setenv("AWS_CA_BUNDLE", aws)
    assert Clients(Settings()).ca_bundle() == aws
    monkeypatch.setenv("AWS_CA_BUNDLE", " ")
    with pytest.raises(SetupError) as caught:
        Clients(Settings()).check()
    assert caught.value.key == "empty-ca-bundle"


@pytest.mark.parametrize(
    ("config", "profile", "command"),
    [
        ("", None, "aws configure"),
        ("[profile x]\n", "x", "aws configure --profile x"),
        ("[profile x]\nsso_session = s\n", "x", "aws sso login --profile x"),
        ("[default]\nsso_start_url = s\n", None, "aws sso login"),
        ("[profile x]\nlogin_session = s\n", "x", "aws login --profile x"),
        ("[profile x]\nsource_profile = y\n[profile y]\nsso_session = s\n", "x", "aws sso login --profile y"),
        ("[profile x]\nsource_profile = y\n[profile y]\nsource_profile = x\n", "x", "aws configure --profile x"),
        ('[profile "a b"]\nsso_session = s\n', "a b", "aws sso login --profile 'a b'"),
    ],
)
def test_sign_in_names_the_exact_command(config: str, profile: str | None, command: str, tmp_path: Path) -> None:
    profiles(tmp_path, config)
    assert Clients(Settings(profile=profile)).sign_in() == f"Run: {command}"


def test_sign_in_with_keys_in_the_environment_or_no_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Clients(Settings(profile="ghost")).sign_in() == "Run: aws configure"
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLEEXAMPLE00")
    assert "AWS_SESSION_TOKEN" in Clients(Settings()).sign_in()


def test_hosts() -> None:
    assert is_aws_host("abc.execute-api.eu-west-1.AMAZONAWS.com.")
    assert is_aws_host("x.execute-api.cn-north-1.amazonaws.com.cn")
    assert not is_aws_host("amazonaws.com.example.org")
    assert not is_aws_host("notamazonaws.com")
    assert not is_aws_host("")
    assert is_loopback("127.9.9.9")
    assert is_loopback("API.localhost.")
    assert not is_loopback("localhost.example.org")
    assert not is_loopback("10.0.0.1")


def test_every_message_has_its_text_in_both_languages() -> None:
    english, japanese = (
        tomllib.loads((TEXTS / language / "aws.toml").read_text(encoding="utf-8"))["messages"]
        for language in ("en", "ja")
    )
    keys = {"no-such-profile", "broken-config", "invalid-region", "invalid-endpoint", "empty-ca-bundle"}
    keys |= {f"ca-bundle-{fault}" for fault in ("missing", "directory", "unreadable", "empty", "no-certificate")}
    keys |= {"bad-pool-id", "bad-client-id", "bad-domain", "bad-redirect-uri", "not-text"}  # of a sign-in (login.py)
    assert set(english) == set(japanese) == keys
    for key in keys:
        fields = [{name for _, name, _, _ in Formatter().parse(text[key]) if name} for text in (english, japanese)]
        assert fields[0] == fields[1]
