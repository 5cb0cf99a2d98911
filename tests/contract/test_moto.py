"""The reading code against moto's server. What moto lacks is written down, so that a gap which closes is noticed."""

import json
import shlex
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer
from peer_build import build
from peer_diagnose import FORMS, WRONG, Form, Shop, diagnose, open_shop, point
from peer_world import DOMAIN, POLICY, REGION, Peer, isolate, seed, update_expression

from cogwizard.intake.logline import read_access
from cogwizard.model.api import ApiSettings, ApiSummary, Authorizer, Export, GatewayResponse, Method, Stage
from cogwizard.model.build import FirstPassword
from cogwizard.model.domain import ResourceServer, UserPoolDomain
from cogwizard.model.log import Account, LogSettings
from cogwizard.model.pool import Jwk, Pool
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
from cogwizard.model.read_logs import GetAccount, ReadExecutionLog
from cogwizard.model.read_web import CallerIdentity, GetCallerIdentity, GetKeys
from cogwizard.text import Texts


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    with pytest.MonkeyPatch.context() as patch:
        isolate(patch, tmp_path_factory.mktemp("home"))
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
        host, port = server.get_host_and_port()
        url = f"http://{host}:{port}"
        # moto's world outlives its server, and in another order of tests this fixture is set up more than once.
        urllib.request.urlopen(urllib.request.Request(f"{url}/moto-api/reset", method="POST")).close()
        try:
            yield seed(url)
        finally:
            server.stop()


def test_settings(peer: Peer) -> None:
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


def test_authorizers_after_an_update(peer: Peer) -> None:
    update_expression(peer)
    source = "method.request.header.X-Auth"
    expected = Authorizer("Pools", "COGNITO_USER_POOLS", peer.authorizer, (peer.pool_arn,), source, "^updated$")
    assert peer.run(GetAuthorizers(REGION, peer.api)) == (expected,)


def test_customized_gateway_responses(peer: Peer) -> None:
    assert peer.run(GetGatewayResponses(REGION, peer.api)) == (GatewayResponse("THROTTLED", 420),)


def test_domains_and_plans(peer: Peer) -> None:
    (domain,) = peer.run(GetDomainNames(REGION))
    assert (domain.name, domain.truststore) == (DOMAIN, None)
    mappings = peer.run(GetBasePathMappings(REGION, DOMAIN))
    assert set(mappings) == {("shop", peer.api, "v1"), ("(none)", peer.api, "v1")}
    assert [plan.stages for plan in peer.run(GetUsagePlans(REGION))] == [((peer.api, "v1"),)]


def test_pool(peer: Peer) -> None:
    pool = peer.run(DescribeUserPool(REGION, peer.pool))
    assert isinstance(pool, Pool)
    assert (pool.id, pool.name, pool.domain, pool.mfa) == (peer.pool, "customers", "customers", "OFF")
    assert pool.password_policy is not None
    assert pool.password_policy.length == 8


def test_a_domain_and_its_resource_servers(peer: Peer) -> None:
    cognito = peer.clients.client("cognito-idp", REGION)
    pool = cognito.create_user_pool(PoolName="scopes")["UserPool"]["Id"]
    told = [{"ScopeName": name, "ScopeDescription": name} for name in ("read", "write")]
    cognito.create_resource_server(UserPoolId=pool, Identifier="shop", Name="Shop", Scopes=told)
    expected = (ResourceServer("shop", "Shop", ("shop/read", "shop/write")),)
    assert peer.run(ListResourceServers(REGION, pool)) == expected
    assert peer.run(ListResourceServers(REGION, peer.pool)) == ()
    assert peer.run(DescribeUserPoolDomain(REGION, "customers")) == UserPoolDomain("customers", peer.pool)
    none = DescribeUserPoolDomain(REGION, "none")
    assert peer.run(none) == Absent(none, "DomainNotFound")


def test_keys(peer: Peer) -> None:
    keys = peer.run(GetKeys("", REGION, peer.pool))
    assert keys
    assert all(isinstance(key, Jwk) and key.kid and key.n and key.e for key in keys)


def test_caller(peer: Peer) -> None:
    identity = peer.run(GetCallerIdentity(REGION))
    assert isinstance(identity, CallerIdentity)
    assert identity.account == "123456789012"


@pytest.mark.parametrize(
    "read",
    [
        GetApi(REGION, "none"),
        GetRestApi(REGION, "none"),
        GetStages(REGION, "none"),
        GetResources(REGION, "none"),
        GetAuthorizers(REGION, "none"),
        GetGatewayResponses(REGION, "none"),
        GetBasePathMappings(REGION, "none.example.org"),
        DescribeUserPool(REGION, f"{REGION}_none"),
    ],
)
def test_what_is_not_there_is_absent(read: Read, peer: Peer) -> None:
    value = peer.run(read)
    assert isinstance(value, Absent)
    assert value.error in ("NotFoundException", "ResourceNotFoundException")


@pytest.fixture(scope="module")
def shop(peer: Peer) -> Iterator[Shop]:
    with pytest.MonkeyPatch.context() as patch:
        point(patch, peer.url)
        yield open_shop(peer.url)


@pytest.mark.parametrize("wrong", [name for name in WRONG if name != "no header"])
def test_what_is_wrong_is_named(
    wrong: str, shop: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Calls reach no API here: an answer that is none of API Gateway's takes no cause away."""
    run = diagnose(shop.given(wrong), monkeypatch, capsys)
    assert (run.code, run.causes) == (1, WRONG[wrong])


def test_logging_switched_on_as_the_screen_says(peer: Peer) -> None:
    """The remedies' own patch operations, then what a stage says of its logs."""
    ids = {"region": REGION, "rest_api_id": peer.api, "stage": "v1", "account_id": "123456789012"}
    commands = [Texts("en").log_commands(name, ids)["cli"].split("\n")[-1] for name in ("execution", "access")]
    gateway = peer.clients.client("apigateway", REGION)
    gateway.create_stage(restApiId=peer.api, stageName="logged", deploymentId=peer.deployment)
    for command in commands:
        words = shlex.split(command)
        given = words[words.index("--patch-operations") + 1 :]
        patches = json.loads(given[0]) if given[0].startswith("[") else [_shorthand(each) for each in given]
        gateway.update_stage(restApiId=peer.api, stageName="logged", patchOperations=patches)
    stage = next(each for each in peer.run(GetStages(REGION, peer.api)) if each.name == "logged")
    gateway.delete_stage(restApiId=peer.api, stageName="logged")
    assert stage.log_settings == {"*/*": LogSettings("INFO")}
    assert stage.access_log.group == f"/apigateway/{peer.api}/v1"
    assert "\n" not in stage.access_log.format
    line = stage.access_log.format.replace("$context.error.responseType", "INVALID_API_KEY")
    assert read_access(line, stage.access_log.format) == read_access("INVALID_API_KEY", "$context.error.responseType")


def _shorthand(text: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in text.split(","))


def test_log_lines(peer: Peer) -> None:
    """moto finds a quoted term; a group that is not there is absent."""
    logs, now = peer.clients.client("logs", REGION), int(time.time())
    read = ReadExecutionLog(REGION, "rid-1", now - 60, now + 300, peer.api, "v1")
    assert isinstance(peer.run(read), Absent)
    logs.create_log_group(logGroupName=read.group)
    logs.create_log_stream(logGroupName=read.group, logStreamName="x")
    texts = [
        "(rid-1) Starting authorizer: x",
        "(rid-2) Unauthorized request: rid-2",
        "(rid-1) Unauthorized request: rid-1",
    ]
    events = [{"timestamp": now * 1000 + at, "message": text} for at, text in enumerate(texts)]
    logs.put_log_events(logGroupName=read.group, logStreamName="x", logEvents=events)
    assert [line.text for line in peer.run(read).lines] == [texts[0], texts[2]]
    assert peer.run(replace(read, start=now - 900, end=now - 600)).lines == ()
    logs.delete_log_group(logGroupName=read.group)
    assert isinstance(peer.run(GetAccount(REGION)), Account)


# moto's gaps (research on emulators, 1): each of these fails when moto closes it.


@pytest.mark.parametrize("form", FORMS)
def test_gap_deployed_apis_cannot_be_called(
    form: Form, shop: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """moto answers 500 to a token, 404 without one: neither is taken for a healthy API."""
    good = diagnose(shop.given(None, form), monkeypatch, capsys)
    assert (good.code, good.causes, good.status) == (3, (), 500)
    bare = diagnose(shop.given("no header", form), monkeypatch, capsys)
    assert (bare.code, bare.causes, bare.status) == (3, (), 404)


def test_gap_expression_is_dropped_when_created(peer: Peer) -> None:
    gateway = peer.clients.client("apigateway", REGION)
    api = gateway.create_rest_api(name="gap")["id"]
    gateway.create_authorizer(
        restApiId=api,
        name="a",
        type="COGNITO_USER_POOLS",
        providerARNs=[peer.pool_arn],
        identitySource="method.request.header.A",
        identityValidationExpression="^x$",
    )
    assert peer.run(GetAuthorizers(REGION, api))[0].validation_expression is None


def test_gap_export_has_upper_case_verbs_and_no_authorizers(peer: Peer) -> None:
    value = peer.run(GetExport(REGION, peer.api, "v1"))
    assert isinstance(value, Unread)
    assert (value.reason, value.error) == ("malformed", "MalformedExport")


def test_gap_export_of_an_unknown_stage_succeeds(peer: Peer) -> None:
    value = peer.run(GetExport(REGION, peer.api, "none"))
    assert not isinstance(value, Absent | Export)


def test_gap_deployment_has_no_summary(peer: Peer) -> None:
    value = peer.run(GetDeployment(REGION, peer.api, peer.deployment))
    assert (value.reason, value.detail) == ("malformed", "apiSummary is missing")


def test_gap_authorizers_cannot_be_tested(peer: Peer) -> None:
    value = peer.run(TestInvokeAuthorizer(REGION, peer.api, peer.authorizer, "X-Auth", "token"))
    assert (value.reason, value.error) == ("failed", "500")


def test_gap_a_pool_that_does_not_exist_has_the_keys_of_all(peer: Peer) -> None:
    one, other = (peer.run(GetKeys("", REGION, pool)) for pool in (peer.pool, f"{REGION}_none"))
    assert one == other


def test_gap_login_pages_have_no_style(peer: Peer) -> None:
    # moto's 500 stays one: no waiting for another answer.
    events, name = peer.clients.client("cognito-idp", REGION).meta.events, "cognito-identity-provider"
    events.unregister(f"needs-retry.{name}", unique_id=f"retry-config-{name}")
    value = peer.run(DescribeManagedLoginBrandingByClient(REGION, peer.pool, "none"))
    assert isinstance(value, Unread)
    assert (value.reason, value.error) == ("failed", "500")


@pytest.mark.parametrize("way", ["admin", "user"])
def test_the_walkthroughs_writes(peer: Peer, way: FirstPassword, tmp_path: Path) -> None:
    """Gaps: moto attaches no policy of AWS's unless it is told to load them, and has no UpdateMethod."""
    built = build(peer.url, tmp_path, way)
    assert set(built.refused) == {"role-policy", "attach"}
    assert built.walk.sign_in().tokens
    assert built.walk.sign_in_with_secret().tokens
    removed = {item.write.id: item.state for item in built.walk.remove() if item.state != "removing"}
    assert removed.pop("role-policy") == "absent"
    assert set(removed.values()) == {"gone"}
