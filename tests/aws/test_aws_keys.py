"""Keys that were given, as the sandbox's are: whatever the user's own AWS set-up says, nothing of it is used."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from botocore.session import Session

from cogwizard.aws.hosts import environ_proxies
from cogwizard.aws.reader import AwsReader
from cogwizard.aws.session import Clients, Settings
from cogwizard.aws.setup import SERVICES, Setup, describe_setup
from cogwizard.model.read import Read, Unread
from cogwizard.model.read_api import GetAuthorizers
from cogwizard.model.read_cognito import DescribeUserPool
from cogwizard.model.read_web import GetCallerIdentity

CANARY = "c4nary"
REGION = "eu-west-1"
READS = (GetAuthorizers(REGION, "a1"), DescribeUserPool(REGION, f"{REGION}_x"), GetCallerIdentity(REGION))
WHO = """<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::123456789012:user/x</Arn><UserId>x</UserId><Account>123456789012</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>"""


@dataclass
class Recorder:
    """A server on loopback: its address, and the headers of each request that reached it."""

    url: str
    asked: list[dict[str, str]] = field(default_factory=list)


@contextmanager
def recorder() -> Iterator[Recorder]:
    """Serve an AWS in which there is nothing."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            found.asked.append({name.lower(): value for name, value in self.headers.items()})
            asked = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = WHO.encode() if b"GetCallerIdentity" in asked else b"{}"
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_CONNECT = answer

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Recorder(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def theirs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Recorder]:
    """Set up the user's AWS so that each variable and each file leads astray; return where they lead."""
    files = tmp_path / ".aws"  # where they are looked for, and where the variables say
    files.mkdir()
    with recorder() as astray:
        ran = f"sh -c 'touch {tmp_path}/ran'"
        (files / "config").write_text(
            f"[default]\nregion = us-west-2\nendpoint_url = {astray.url}\nca_bundle = /{CANARY}.pem\n"
            f"credential_process = {ran}\nservices = s\nuse_fips_endpoint = true\ndefaults_mode = {CANARY}\n"
            f"[services s]\nsts =\n  endpoint_url = {astray.url}\napi_gateway =\n  endpoint_url = {astray.url}\n",
            encoding="utf-8",
        )
        (files / "credentials").write_text(
            f"[default]\naws_access_key_id = AKIA{CANARY}\naws_secret_access_key = {CANARY}\n", encoding="utf-8"
        )
        # Each variable that botocore's session knows, also those that a later botocore adds: a value that none takes.
        for _, names, _, _ in Session.SESSION_VARIABLES.values():
            for name in [names] if isinstance(names, str) else names or []:
                monkeypatch.setenv(name, CANARY)
        for name in ("AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT", "AWS_CSM_ENABLED"):
            monkeypatch.setenv(name, "true")
        for name in ("AWS_CSM_PORT", "AWS_METADATA_SERVICE_TIMEOUT", "AWS_METADATA_SERVICE_NUM_ATTEMPTS"):
            monkeypatch.setenv(name, "9")
        for service in ("", "_API_GATEWAY", "_COGNITO_IDENTITY_PROVIDER", "_STS"):
            monkeypatch.setenv(f"AWS_ENDPOINT_URL{service}", astray.url)
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
            monkeypatch.setenv(name, astray.url)
        for name in ("CONTAINER_CREDENTIALS_FULL_URI", "EC2_METADATA_SERVICE_ENDPOINT"):
            monkeypatch.setenv(f"AWS_{name}", astray.url)
        monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "false")
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "false")
        for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN", "REGION", "ROLE_ARN", "ACCOUNT_ID"):
            monkeypatch.setenv(f"AWS_{name}", f"AKIA{CANARY}")
        monkeypatch.setenv("AWS_WEB_IDENTITY_TOKEN_FILE", str(files / "config"))
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", f"/{CANARY}.pem")
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setenv("AWS_CONFIG_FILE", str(files / "config"))
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(files / "credentials"))
        yield astray
        assert not (tmp_path / "ran").exists()


def settings(url: str | None) -> Settings:
    """Return the set-up under test; a profile that was remembered is none of it."""
    return Settings(profile="ghost", region=REGION, endpoint_url=url, timeout=5.0, keys=("own-id", "own-secret"))


@pytest.mark.parametrize("read", READS)
def test_the_keys_sign_and_nothing_of_the_users_is_sent(theirs: Recorder, read: Read) -> None:
    """Each service's read reaches the endpoint that was named, directly, with these keys and no header of theirs."""
    before = dict(os.environ)
    with recorder() as ours:
        value = AwsReader(Clients(settings(ours.url))).run(read)
    assert not isinstance(value, Unread) or value.reason == "malformed", value
    [asked] = ours.asked
    assert asked["authorization"].startswith("AWS4-HMAC-SHA256 Credential=own-id/")
    assert f"/{REGION}/" in asked["authorization"]
    assert "x-amz-security-token" not in asked
    assert not [name for name, text in asked.items() if CANARY in text]
    assert theirs.asked == []
    assert dict(os.environ) == before


def test_the_clients_know_nothing_of_the_users(theirs: Recorder) -> None:
    with recorder() as ours:
        clients = Clients(settings(ours.url))
        clients.check()
        for service in SERVICES:
            meta = clients.client(service, REGION).meta
            assert meta.endpoint_url == clients.endpoint(service, REGION) == ours.url
            assert meta.region_name == REGION
            assert meta.config.retries == {"mode": "adaptive", "total_max_attempts": 4}
            assert not meta.config.use_fips_endpoint
            assert not meta.config.use_dualstack_endpoint
            assert meta.config.proxies == {}
    assert clients.profile() == (None, {"profiles": {}})
    assert clients.default_region() == REGION
    assert CANARY not in clients.ca_bundle()
    found = clients.credentials(REGION)
    assert (found.access_key, found.secret_key, found.token) == ("own-id", "own-secret", None)
    assert theirs.asked == []


def test_without_an_endpoint_it_is_awss_own(theirs: Recorder) -> None:
    clients = Clients(settings(None))
    for service in SERVICES:
        assert clients.endpoint(service, REGION) == f"https://{service}.{REGION}.amazonaws.com"
        assert not clients.overridden(service, REGION)


def test_without_a_region_there_is_none(theirs: Recorder) -> None:
    assert Clients(Settings(keys=("own-id", "own-secret"))).default_region() is None


def test_the_set_up_is_described(theirs: Recorder) -> None:
    with recorder() as ours:
        found = describe_setup(Clients(settings(ours.url)), REGION)
    assert [endpoint.url for endpoint in found.endpoints] == [ours.url] * len(SERVICES)
    assert all(endpoint.overridden for endpoint in found.endpoints)
    assert found == Setup(None, "none", REGION, "option", "explicit", endpoints=found.endpoints)


def test_the_keys_are_not_shown() -> None:
    assert "own-secret" not in repr(settings(None))


def test_no_proxy_leads_to_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert environ_proxies("http://localhost:5/x") == {}
    assert environ_proxies("http://[::1]:5") == {}
    assert environ_proxies("http://example.org")["http"] == "http://127.0.0.1:9"
