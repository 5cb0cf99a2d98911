"""The reading code against MiniStack 1.5.33, which lives in a virtual environment of its own (it pins botocore).

    python -m venv DIR && DIR/bin/pip install ministack==1.5.33 cryptography
    COGWIZARD_MINISTACK=DIR/bin/ministack pytest tests/contract/test_ministack.py

What it lacks is written down, so that a gap which closes is noticed.
"""

import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from peer_build import build
from peer_diagnose import FORMS, WRONG, Form, Shop, diagnose, open_shop, point
from peer_world import DOMAIN, POLICY, REGION, Peer, isolate, seed, update_expression

from cogwizard.login import Login
from cogwizard.model.answer import Answer
from cogwizard.model.api import ApiSettings, ApiSummary, Authorizer, Export, GatewayResponse, Method, Stage
from cogwizard.model.build import FirstPassword
from cogwizard.model.call import Call
from cogwizard.model.domain import ResourceServer, UserPoolDomain
from cogwizard.model.pool import Pool
from cogwizard.model.read import Absent, Read, Unread
from cogwizard.model.read_api import (
    GetAuthorizers,
    GetBasePathMappings,
    GetDeployment,
    GetDomainNames,
    GetExport,
    GetGatewayResponses,
    GetResources,
    GetRestApi,
    GetRestApis,
    GetStages,
    GetUsagePlans,
    TestInvokeAuthorizer,
)
from cogwizard.model.read_cognito import (
    DescribeManagedLoginBrandingByClient,
    DescribeUserPool,
    DescribeUserPoolDomain,
    ListResourceServers,
)
from cogwizard.model.read_http import GetApi
from cogwizard.model.read_web import CallerIdentity, GetCallerIdentity, GetKeys, Replay
from cogwizard.onboarding.first_call import claims_of, greets
from cogwizard.ports import Ports
from cogwizard.signin.order import Order, username_of
from cogwizard.signin.probe import probe_authorize, probe_token
from cogwizard.signin.redirect import Code, read_redirect
from tests.signin.login_kit import browse

PROGRAM = os.environ.get("COGWIZARD_MINISTACK")
if not PROGRAM and os.environ.get("CI") != "true":
    pytest.skip("set COGWIZARD_MINISTACK to the path of MiniStack's executable", allow_module_level=True)


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    assert PROGRAM, "set COGWIZARD_MINISTACK to the path of MiniStack's executable"
    home = tmp_path_factory.mktemp("home")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(home),
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
    }
    with pytest.MonkeyPatch.context() as patch, (home / "log").open("wb") as log:
        isolate(patch, home)
        process = subprocess.Popen([PROGRAM], env=environment, cwd=home, stdout=log, stderr=log)
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(url, process)
            yield seed(url)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for _ in range(200):
        assert process.poll() is None, "MiniStack ended"
        try:
            opener.open(f"{url}/_ministack/health", timeout=2).close()
            return
        except urllib.error.HTTPError as error:
            error.close()
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail("MiniStack does not answer")


def test_settings_with_the_escaped_policy_decoded(peer: Peer) -> None:
    raw = peer.clients.client("apigateway", REGION).get_rest_api(restApiId=peer.api)["policy"]
    assert raw == POLICY.replace('"', '\\"')
    assert peer.run(GetRestApi(REGION, peer.api)) == ApiSettings("shop", ("REGIONAL",), policy=POLICY)


def test_list_of_apis(peer: Peer) -> None:
    expected = ApiSummary(peer.api, "shop", ("REGIONAL",))
    assert expected in peer.run(GetRestApis(REGION))
    assert peer.run(GetRestApis("us-east-2")) == ()


def test_stages(peer: Peer) -> None:
    assert peer.run(GetStages(REGION, peer.api)) == (Stage("v1", peer.deployment, {"pool": "x"}),)


def test_resources(peer: Peer) -> None:
    methods = peer.run(GetResources(REGION, peer.api))
    assert methods == {
        "/orders": {
            "GET": Method("COGNITO_USER_POOLS", peer.authorizer, ("rs/read",)),
            "ANY": Method("NONE", api_key_required=True),
        }
    }
    assert methods["/orders"]["GET"].resource_id == peer.resource


def test_authorizers(peer: Peer) -> None:
    update_expression(peer)
    source = "method.request.header.X-Auth"
    expected = Authorizer("Pools", "COGNITO_USER_POOLS", peer.authorizer, (peer.pool_arn,), source, "^updated$")
    assert peer.run(GetAuthorizers(REGION, peer.api)) == (expected,)


def test_only_customized_gateway_responses(peer: Peer) -> None:
    assert peer.run(GetGatewayResponses(REGION, peer.api)) == (GatewayResponse("THROTTLED", 420),)


def test_domains_and_plans(peer: Peer) -> None:
    (domain,) = peer.run(GetDomainNames(REGION))
    assert (domain.name, domain.truststore) == (DOMAIN, None)
    mappings = peer.run(GetBasePathMappings(REGION, DOMAIN))
    assert set(mappings) == {("shop", peer.api, "v1"), ("(none)", peer.api, "v1")}
    assert [plan.stages for plan in peer.run(GetUsagePlans(REGION))] == [((peer.api, "v1"),)]


def test_pool_and_caller(peer: Peer) -> None:
    pool = peer.run(DescribeUserPool(REGION, peer.pool))
    assert isinstance(pool, Pool)
    assert (pool.id, pool.name, pool.domain) == (peer.pool, "customers", "customers")
    assert isinstance(peer.run(GetCallerIdentity(REGION)), CallerIdentity)


def test_a_domain_and_its_resource_servers(peer: Peer) -> None:
    cognito = peer.clients.client("cognito-idp", REGION)
    pool = cognito.create_user_pool(PoolName="scopes")["UserPool"]["Id"]
    told = [{"ScopeName": name, "ScopeDescription": name} for name in ("read", "write")]
    cognito.create_resource_server(UserPoolId=pool, Identifier="shop", Name="Shop", Scopes=told)
    expected = (ResourceServer("shop", "Shop", ("shop/read", "shop/write")),)
    assert peer.run(ListResourceServers(REGION, pool)) == expected
    assert peer.run(ListResourceServers(REGION, peer.pool)) == ()
    assert peer.run(DescribeUserPoolDomain(REGION, "customers")) == UserPoolDomain("customers", peer.pool)
    cognito.create_user_pool_domain(Domain="styled", UserPoolId=pool, ManagedLoginVersion=2)
    assert peer.run(DescribeUserPoolDomain(REGION, "styled")) == UserPoolDomain("styled", pool, True)
    none = DescribeUserPoolDomain(REGION, "none")
    assert peer.run(none) == Absent(none, "DomainNotFound")


def test_keys_belong_to_their_pool(peer: Peer) -> None:
    other = peer.clients.client("cognito-idp", REGION).create_user_pool(PoolName="other")["UserPool"]["Id"]
    one, two = (peer.run(GetKeys("", REGION, pool)) for pool in (peer.pool, other))
    assert one
    assert two
    assert not {key.kid for key in one} & {key.kid for key in two}


@pytest.mark.parametrize(
    "read",
    [
        GetApi(REGION, "none"),
        GetRestApi(REGION, "none"),
        GetStages(REGION, "none"),
        GetResources(REGION, "none"),
        GetAuthorizers(REGION, "none"),
        GetExport(REGION, "none", "v1"),
        GetDeployment(REGION, "none", "d"),
        GetBasePathMappings(REGION, "none.example.org"),
        DescribeUserPool(REGION, f"{REGION}_none"),
        GetKeys("", REGION, f"{REGION}_none"),
    ],
)
def test_what_is_not_there_is_absent(read: Read, peer: Peer) -> None:
    assert isinstance(peer.run(read), Absent)


@pytest.mark.parametrize(
    ("path", "status", "error"),
    [("orders", 401, "UnauthorizedException"), ("none", 403, "MissingAuthenticationTokenException")],
)
def test_replay(path: str, status: int, error: str, peer: Peer) -> None:
    url = f"{peer.url}/restapis/{peer.api}/v1/_user_request_/{path}"
    value = peer.run(Replay(Call("GET", url, (("X-Auth", "no-token"),))))
    assert isinstance(value, Answer)
    assert (value.status, (value.header("x-amzn-errortype") or "").split(":")[0]) == (status, error)
    assert value.date is not None


# -- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shop(peer: Peer) -> Iterator[Shop]:
    with pytest.MonkeyPatch.context() as patch:
        point(patch, peer.url)
        yield open_shop(peer.url)


@pytest.mark.parametrize("form", FORMS)
def test_a_call_in_each_form_of_the_url(
    form: Form, shop: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    good = diagnose(shop.given(None, form), monkeypatch, capsys)
    assert (good.code, good.causes, good.status) == (0, (), 200)
    bare = diagnose(shop.given("no header", form), monkeypatch, capsys)
    assert (bare.code, bare.causes, bare.status) == (1, ("header-not-sent",), 401)


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_is_named(
    wrong: str, shop: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its export names no authorizer, and the answer is one's: the draft's is taken, and that is said."""
    run = diagnose(shop.given(wrong), monkeypatch, capsys)
    assert (run.code, run.causes, run.status) == (1, WRONG[wrong], 403 if wrong.startswith("wrong") else 401)
    assert (run.verdict("changes-not-deployed") == "unknown") == (run.status == 401)


@pytest.mark.parametrize("wrong", ["foreign token", "no header"])
def test_a_call_that_is_not_made_is_not_found_healthy(
    wrong: str, shop: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = diagnose(shop.given(wrong), monkeypatch, capsys, "--no-call")
    assert (run.code, run.causes, run.status) == (1, WRONG[wrong], None)


# MiniStack's gaps (research on emulators, 2.1): each of these fails when it closes one.


def test_gap_a_call_that_gets_through_seems_to_need_no_token(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert diagnose(shop.given(None), monkeypatch, capsys).verdict("not-protected") == "warn"


def test_gap_export_has_no_cognito_authorizers(peer: Peer) -> None:
    export = peer.run(GetExport(REGION, peer.api, "v1"))
    assert isinstance(export, Export)
    assert export.authorizers == ()
    assert export.methods == {"/orders": {"GET": Method("NONE"), "ANY": Method("NONE", api_key_required=True)}}


def test_gap_deployment_summary_has_no_types(peer: Peer) -> None:
    value = peer.run(GetDeployment(REGION, peer.api, peer.deployment))
    assert isinstance(value, Unread)
    assert (value.reason, value.detail) == ("malformed", "authorizationType is missing")


def test_gap_authorizers_cannot_be_tested(peer: Peer) -> None:
    value = peer.run(TestInvokeAuthorizer(REGION, peer.api, peer.authorizer, "X-Auth", "token"))
    assert isinstance(value, Absent)


def test_gap_login_pages_have_no_style(peer: Peer) -> None:
    value = peer.run(DescribeManagedLoginBrandingByClient(REGION, peer.pool, "none"))
    assert isinstance(value, Unread)
    assert (value.reason, value.error) == ("failed", "InvalidAction")


# -- signing in --------------------------------------------------------------------------------------------------------

PASSWORD, NEW = "Canary-Passw0rd-1", "Canary-Changed-3"
CALLBACK = "http://localhost:9876/callback"
_FLOWS = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH"]
_CLIENT = {
    "ExplicitAuthFlows": [*_FLOWS, "ALLOW_REFRESH_TOKEN_AUTH"],
    "AllowedOAuthFlowsUserPoolClient": True,
    "AllowedOAuthFlows": ["code"],
    "AllowedOAuthScopes": ["openid", "email"],
    "CallbackURLs": [CALLBACK],
    "SupportedIdentityProviders": ["COGNITO"],
}


@pytest.fixture(scope="module")
def web(peer: Peer) -> str:
    """An app client with all flows, and the user hanako. Its id."""
    cognito = peer.clients.client("cognito-idp", REGION)
    cognito.admin_create_user(UserPoolId=peer.pool, Username="hanako", MessageAction="SUPPRESS")
    who = {"UserPoolId": peer.pool, "Username": "hanako"}
    cognito.admin_set_user_password(**who, Password=PASSWORD, Permanent=True)
    made = cognito.create_user_pool_client(UserPoolId=peer.pool, ClientName="web", **_CLIENT)["UserPoolClient"]
    return str(made["ClientId"])


def sign_in(peer: Peer, client_id: str, flow: str, username: str | None = "hanako") -> Login:
    """Return a sign-in at MiniStack, its facts read."""
    order = Order(flow, client_id, peer.pool, username=username)  # type: ignore[arg-type]
    login = Login(Ports(peer.clients.settings), order)
    login.look()
    assert login.client is not None
    return login


@pytest.mark.parametrize("flow", ["password", "srp", "admin"])
def test_signed_in_and_refreshed(peer: Peer, web: str, flow: str) -> None:
    """MiniStack's SRP verifier was written by others: it takes our proof, and refuses that of another password."""
    login = sign_in(peer, web, flow)
    assert login.start(PASSWORD), login.refusal
    tokens = login.tokens
    assert tokens is not None
    assert username_of(tokens) == "hanako"
    again = sign_in(peer, web, "refresh", username=None)
    assert again.refresh(tokens), again.refusal
    wrong = sign_in(peer, web, flow)
    assert not wrong.start("Canary-Wrong-9")
    assert [item.code for item in wrong.findings() if item.verdict == "fail"] == ["wrong-credentials"]


def test_a_first_password_is_changed(peer: Peer, web: str) -> None:
    cognito = peer.clients.client("cognito-idp", REGION)
    cognito.admin_create_user(
        UserPoolId=peer.pool, Username="taro", TemporaryPassword=PASSWORD, MessageAction="SUPPRESS"
    )
    login = sign_in(peer, web, "srp", "taro")
    assert login.start(PASSWORD), login.refusal
    assert login.challenge is not None
    assert login.challenge.name == "NEW_PASSWORD_REQUIRED"
    assert login.answer({"NEW_PASSWORD": NEW}), login.refusal
    assert login.tokens is not None


def test_a_code_is_redeemed(peer: Peer, web: str) -> None:
    login = sign_in(peer, web, "browser")
    request = login.authorize()
    assert request is not None
    assert request.redirect_uri == CALLBACK
    found = read_redirect(browse(request.url), request, time.time())
    assert isinstance(found, Code)
    assert login.finish(found), login.refusal
    assert login.tokens is not None
    assert login.tokens.id_token


def test_a_set_up_is_probed(peer: Peer, web: str) -> None:
    """Where MiniStack's words are its own, the status is AWS's."""

    def refused(redirect_uri: str = CALLBACK, scope: str = "openid", client_id: str = web) -> tuple[int, str] | None:
        address = f"{peer.url}/oauth2/authorize"
        grant = "authorization_code_with_pkce"
        found = probe_authorize(peer.clients, address, client_id, redirect_uri, [scope], grant)
        return (found.status, found.error) if found else None

    assert refused() is None
    assert refused(scope="phone") == (302, "invalid_request")
    assert refused(redirect_uri=f"{CALLBACK}/") == (400, "invalid_request")
    assert refused(client_id="none") == (400, "invalid_client")
    assert probe_token(peer.clients, f"{peer.url}/oauth2/token", web, CALLBACK, basic=False) is None


def test_gap_the_code_is_looked_at_before_the_client(peer: Peer) -> None:
    assert probe_token(peer.clients, f"{peer.url}/oauth2/token", "none", CALLBACK, basic=True) is None


@pytest.mark.parametrize("way", ["admin", "user"])
def test_the_walkthroughs_writes(peer: Peer, way: FirstPassword, tmp_path: Path) -> None:
    """It takes all of them, and answers 401 and 200: nothing of this server is ours."""
    built = build(peer.url, tmp_path, way)
    assert built.refused == {}
    assert built.statuses() == (401, 200)
    assert isinstance(built.walk.shown.answer, Answer)
    assert greets(built.walk.shown.answer)
    assert claims_of(built.walk.shown.answer)["aud"] == built.walk.values["client_id"]
    assert built.walk.sign_in_with_secret().tokens
    removed = {item.write.id: item.state for item in built.walk.remove() if item.state != "removing"}
    assert set(removed.values()) == {"gone"}
