"""Describing and joining on the sandbox: a file is written, read by another, checked, and ends in a 200."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cogwizard.aws.session import Settings
from cogwizard.describe import NotDescribed, describe, team_of
from cogwizard.intake.errors import BadInput
from cogwizard.intake.team import read_team, write_team
from cogwizard.joining import Join, NotProven
from cogwizard.model.answer import Answer
from cogwizard.model.finding import Finding
from cogwizard.model.reads import READS, SIGN_IN_READS
from cogwizard.model.team import Team
from cogwizard.ports import Ports
from cogwizard.report.join import build
from cogwizard.report.markdown import render as as_markdown
from cogwizard.report.text import render as as_text
from cogwizard.sandbox import Sandbox, User, World, authorizer, method
from cogwizard.sandbox.environment import KEYS
from cogwizard.steps.join_list import causes
from cogwizard.text import LANGUAGES, Texts
from cogwizard.vault.doctor import Doctor
from cogwizard.vault.outcome import Trouble

PASSWORD, TEMPORARY, NEW = "Canary-Passw0rd-1", "Canary-Temp0rary-2", "Canary-Changed-3"
SECRET = "canarysecretone" * 3
SRP = ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
PLAIN = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
READING = {read.operation for read in (*READS, *SIGN_IN_READS)} - {"Replay", "TestInvokeAuthorizer"}


class Desk:
    """An API behind a user pool on a running sandbox; `join` joins it."""

    def __init__(self, sandbox: Sandbox) -> None:
        """Give the sandbox a world of its own."""
        self.sandbox = sandbox
        sandbox.denied.clear()
        sandbox.requests.clear()
        self.world = sandbox.world = World()
        self.pool = self.world.add_pool("shop")
        self.web = self.pool.add_client("web", ExplicitAuthFlows=SRP)
        self.user: User = self.pool.add_user("hanako", PASSWORD)
        self.api = self.world.add_api("orders")
        self.api.draft.authorizers.append(authorizer("Pool", self.pool.arn))
        guarded = method("COGNITO_USER_POOLS", "Pool")
        self.api.draft.add("/orders", GET=guarded, POST=guarded, OPTIONS=method())
        self.api.draft.add(
            "/scoped", GET=method("COGNITO_USER_POOLS", "Pool", scopes=["aws.cognito.signin.user.admin"])
        )
        self.api.deploy("prod")
        self.ports = Ports(Settings(region=self.pool.region, endpoint_url=sandbox.url, timeout=30, keys=KEYS))

    @property
    def team(self) -> Team:
        """What a file says of it."""
        routes = (("GET", "/orders"), ("POST", "/orders"), ("GET", "/scoped"))
        return Team(self.pool.region, self.api.id, "prod", self.pool.id, self.web.id, routes)

    def join(self, team: Team | None = None, username: str | None = "hanako", *, look: bool = True) -> Join:
        """Return one who joins, everything looked at."""
        made = Join(self.ports, team or self.team, username, doctor=lambda: Doctor("other", Trouble("none")))
        if look:
            made.look()
        return made

    def operations(self) -> list[str]:
        """Return what AWS was asked, in order."""
        return [operation for _, operation, _ in self.sandbox.requests]


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    """One server for all tests here."""
    with Sandbox(World()) as sandbox:
        yield sandbox


@pytest.fixture
def desk(running: Sandbox) -> Desk:
    """An API of its own for each test."""
    return Desk(running)


def bad(join: Join) -> list[str]:
    """Return the codes that fail."""
    return causes(join.findings(), join.judgement.causes if join.judgement else ())


def of(join: Join, code: str) -> Finding:
    """Return the finding of a code."""
    return next(item for item in join.findings() if item.code == code)


def answered(join: Join) -> int | None:
    """Return the status of the call, None where none was made."""
    return join.joining.answer.status if isinstance(join.joining.answer, Answer) else None


# -- a healthy one -----------------------------------------------------------------------------------------------------


def test_what_is_described_is_joined_to_a_200(desk: Desk) -> None:
    text = write_team(describe(desk.ports, rest_api_id=desk.api.id, stage="prod").team)
    join = desk.join(read_team(text))
    assert join.outcome() == "inconclusive"  # nobody has signed in and called
    assert join.sign_in(PASSWORD)
    judgement = join.call()
    assert (judgement.outcome, answered(join), join.is_through) == ("healthy", 200, True)
    made = join.export()
    assert sorted(name.rpartition(".postman_")[2] for name in made) == ["collection.json", "environment.json"]
    tokens = join.login.tokens if join.login else None
    assert tokens is not None
    for lang in LANGUAGES:
        report = build(join, Texts(lang))
        shown = [json.dumps(report), as_text(report, Texts(lang)), as_markdown(report, Texts(lang)), repr(join.joining)]
        for hidden in (PASSWORD, tokens.id_token, tokens.access_token, tokens.refresh_token):
            assert hidden
            assert not any(hidden in page for page in (*shown, *made.values()))
        assert (report["outcome"], report["observed"]["status"], report["ask"]) == ("healthy", 200, [])


def test_looking_asks_for_nothing_but_reads(desk: Desk) -> None:
    desk.join()
    asked = desk.operations()
    assert asked
    assert set(asked) <= READING


def test_a_method_with_scopes_gets_the_access_token(desk: Desk) -> None:
    join = desk.join()
    assert join.sign_in(PASSWORD)
    assert join.call("GET", "/scoped").outcome == "healthy"
    assert answered(join) == 200


def test_what_may_change_something_is_called_only_when_asked(desk: Desk) -> None:
    join = desk.join()
    assert join.sign_in(PASSWORD)
    judgement = join.call("post", "/orders")
    assert (judgement.outcome, answered(join), join.is_through) == ("healthy", None, False)
    assert judgement.predicted.deployed.gate == "backend"
    assert join.call("POST", "/orders", asked=True).outcome == "healthy"
    assert answered(join) == 200


def test_a_password_alone_and_a_client_secret_are_no_obstacle(desk: Desk) -> None:
    server = desk.pool.add_client("server", secret=SECRET, ExplicitAuthFlows=PLAIN)
    join = desk.join(replace(desk.team, client_id=server.id))
    assert join.flow == "password"
    assert join.sign_in(PASSWORD)
    assert join.call().outcome == "healthy"
    assert SECRET not in json.dumps(build(join, Texts("en")))


def test_a_temporary_password_is_changed_on_the_way(desk: Desk) -> None:
    desk.user.password, desk.user.status = TEMPORARY, "FORCE_CHANGE_PASSWORD"
    join = desk.join()
    assert of(join, "challenge-not-completed").variant == "temporary"
    assert join.outcome() == "inconclusive"  # nobody has signed in and called
    assert join.sign_in(TEMPORARY)
    assert join.login is not None
    assert join.login.challenge is not None
    assert bad(join) == ["challenge-not-completed"]
    assert join.answer({"NEW_PASSWORD": NEW})
    assert desk.pool.users["hanako"].status == "CONFIRMED"
    assert join.call().outcome == "healthy"
    assert bad(join) == []


# -- what is missing ---------------------------------------------------------------------------------------------------


def _no_user(desk: Desk) -> None:
    desk.pool.users.clear()


def _disabled(desk: Desk) -> None:
    desk.user.enabled = False


def _unconfirmed(desk: Desk) -> None:
    desk.user.status = "UNCONFIRMED"


def _reset(desk: Desk) -> None:
    desk.user.status = "RESET_REQUIRED"


def _no_flow(desk: Desk) -> None:
    desk.web.settings["ExplicitAuthFlows"] = ["ALLOW_CUSTOM_AUTH"]


def _no_client(desk: Desk) -> None:
    desk.pool.clients.clear()


def _no_pool(desk: Desk) -> None:
    desk.pool.exists = False


def _other_pool(desk: Desk) -> None:
    other = desk.world.add_pool("other")
    desk.api.draft.authorizers[0] = authorizer("Pool", other.arn)
    desk.api.deploy("prod")


def _no_stage(desk: Desk) -> None:
    desk.api.deploy("dev")
    del desk.api.stages["prod"]


def _no_route(desk: Desk) -> None:
    del desk.api.draft.resources["/orders"]
    desk.api.deploy("prod")


MISSING = {
    "wrong-credentials": _no_user,
    "user-disabled": _disabled,
    "user-not-confirmed": _unconfirmed,
    "password-reset-required": _reset,
    "auth-flow-not-enabled": _no_flow,
    "client-not-found": _no_client,
    "pool-not-found": _no_pool,
    "wrong-pool": _other_pool,
    "wrong-stage": _no_stage,
    "route-not-matched": _no_route,
}


@pytest.mark.parametrize("code", MISSING)
def test_what_is_missing_is_found_before_a_password_is_typed(desk: Desk, code: str) -> None:
    team = desk.team
    MISSING[code](desk)
    join = desk.join(team)
    assert bad(join)[:1] == [code]
    report = build(join, Texts("en"))
    assert report["outcome"] == "fault"
    assert code in [ask["code"] for ask in report["ask"]]
    assert next(item for item in report["findings"] if item["code"] == code)["fixes"]
    page = as_text(report, Texts("en"))
    assert all(ask["text"] in page for ask in report["ask"])
    assert report["ask"][0]["text"] in as_markdown(report, Texts("en"))


def test_a_wrong_password_is_said_and_not_tried_again(desk: Desk) -> None:
    join = desk.join()
    assert not join.sign_in(NEW)
    assert bad(join) == ["wrong-credentials"]
    assert desk.user.failures == 1


def test_a_refused_call_is_diagnosed(desk: Desk) -> None:
    join = desk.join()
    assert join.sign_in(PASSWORD)
    _other_pool(desk)
    join.call()
    assert (answered(join), bad(join)) == (401, ["wrong-pool"])
    assert of(join, "wrong-pool").step == "join_call"
    assert build(join, Texts("en"))["observed"]["gate"] == "authorizer"


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        ("AdminGetUser", "user-disabled"),
        ("DescribeUserPoolClient", "auth-flow-not-enabled"),
        ("GetExport", "never-deployed"),
    ],
)
def test_what_may_not_be_read_is_unknown_never_passed(desk: Desk, operation: str, code: str) -> None:
    desk.sandbox.denied[operation] = "AccessDeniedException"
    if operation == "GetExport":
        desk.sandbox.denied["GetStages"] = "AccessDeniedException"
    join = desk.join()
    assert (of(join, code).verdict, join.outcome()) == ("unknown", "inconclusive")
    report = build(join, Texts("en"))
    assert [item["action"].rpartition(":")[2] for item in report["unread"] if code in item["hides"]]
    assert "permission-missing" in [ask["code"] for ask in report["ask"]]
    assert join.sign_in(PASSWORD)
    assert join.call().case.observed is not None
    assert (answered(join), join.outcome()) == (200, "healthy")


def test_the_pool_may_be_in_another_region_than_the_api(desk: Desk) -> None:
    pool = desk.world.add_pool("abroad", region="us-east-1")
    client = pool.add_client("web", ExplicitAuthFlows=SRP)
    pool.add_user("hanako", PASSWORD)
    desk.api.draft.authorizers[0]["providerARNs"] = [pool.arn]
    desk.api.deploy("prod")
    team = replace(desk.team, user_pool_id=pool.id, client_id=client.id)
    assert read_team(write_team(team)) == team
    join = desk.join(team)
    assert join.sign_in(PASSWORD)
    join.call()
    assert (join.outcome(), join.is_through) == ("healthy", True)


def test_the_wrong_region_is_found(desk: Desk) -> None:
    team = replace(desk.team, region="us-east-1", user_pool_id="us-east-1_AbCdEf123")
    join = desk.join(team)
    assert "pool-not-found" in bad(join)
    assert of(join, "wrong-credentials").verdict == "unknown"


# -- a file that nobody should trust -----------------------------------------------------------------------------------


def test_another_accounts_pool_gets_no_password_unless_the_user_agreed(desk: Desk) -> None:
    desk.pool.account_id = "210987654321"
    desk.api.draft.authorizers[0] = authorizer("Pool", desk.pool.arn)
    desk.api.deploy("prod")
    join = desk.join()
    assert of(join, "aws-credentials").variant == "other-account-pool"
    assert (bad(join), join.outcome()) == ([], "inconclusive")
    before = len(desk.sandbox.requests)
    with pytest.raises(NotProven) as doubt:
        join.sign_in(PASSWORD)
    assert doubt.value.key == "doubt pool"
    assert len(desk.sandbox.requests) == before
    assert PASSWORD not in repr(desk.sandbox.requests)
    assert join.flow == "srp"
    join.sign_in(PASSWORD, agreed=True)  # by SRP, which sends no password
    assert PASSWORD not in repr(desk.sandbox.requests)


def test_an_api_of_somebody_else_gets_no_token_unless_the_user_agreed(desk: Desk) -> None:
    desk.sandbox.denied["GetRestApi"] = "AccessDeniedException"
    join = desk.join()
    assert join.sign_in(PASSWORD)
    token = join.login.tokens.id_token if join.login and join.login.tokens else None
    assert token
    with pytest.raises(NotProven) as doubt:
        join.call()
    assert doubt.value.key == "doubt api"
    assert token not in repr(desk.sandbox.requests)
    assert join.call(agreed=True).case.observed is not None
    assert answered(join) == 200


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_doubts_have_sentences(lang: str) -> None:
    assert all(Texts(lang).screen("join", key) for key in ("doubt pool", "doubt api"))


def test_nothing_is_done_before_its_turn(desk: Desk) -> None:
    join = desk.join(look=False)
    assert desk.sandbox.requests == []
    with pytest.raises(NotProven):
        join.sign_in(PASSWORD)
    with pytest.raises(ValueError, match="nobody is signed in"):
        join.call()
    with pytest.raises(ValueError, match="no sign-in"):
        join.answer({})
    with pytest.raises(ValueError, match="who signs in"):
        desk.join(username=None).sign_in(PASSWORD)
    with pytest.raises(ValueError, match="no call"):
        desk.join().call("GET", "/orders/{id}")


# -- describing --------------------------------------------------------------------------------------------------------


def test_a_working_set_up_is_described(desk: Desk) -> None:
    found = describe(desk.ports, rest_api_id=desk.api.id, stage="prod", docs="https://wiki.example.com/")
    wanted = replace(desk.team, docs="https://wiki.example.com/", name="orders")
    assert found.team == wanted
    assert [key for key, _ in found.notes] == ["described client"]
    url = desk.sandbox.invoke_url(desk.api.id, "prod", "/orders")
    assert describe(desk.ports, url=url, client_id=desk.web.id).team == replace(wanted, docs=None)
    assert set(desk.operations()) <= READING


def two_pools(desk: Desk) -> Any:
    """Let another authorizer, for another pool, guard a route; return that pool."""
    staff = desk.world.add_pool("staff")
    staff.add_client("desk")
    desk.api.draft.authorizers.append(authorizer("Staff", staff.arn))
    desk.api.draft.add("/staff", GET=method("COGNITO_USER_POOLS", "Staff"))
    desk.api.deploy("prod")
    return staff


def test_several_pools_are_asked_for_or_told_apart_by_the_app_client(desk: Desk) -> None:
    staff = two_pools(desk)
    at: dict[str, Any] = {"rest_api_id": desk.api.id, "stage": "prod"}
    with pytest.raises(NotDescribed) as refused:
        describe(desk.ports, **at)
    assert refused.value.key == "describe pools"
    assert staff.id in refused.value.params["pools"]
    chosen = describe(desk.ports, **at, user_pool_id=staff.id)
    assert (chosen.team.user_pool_id, chosen.team.routes) == (staff.id, (("GET", "/staff"),))
    taken = describe(desk.ports, **at, client_id=desk.web.id)
    assert taken.team.user_pool_id == desk.pool.id
    assert "described pool" in [key for key, _ in taken.notes]


def test_several_app_clients_are_asked_for(desk: Desk) -> None:
    desk.pool.add_client("mobile\x1b[2J")
    with pytest.raises(NotDescribed) as refused:
        describe(desk.ports, rest_api_id=desk.api.id, stage="prod")
    assert refused.value.key == "describe clients"
    for lang in LANGUAGES:
        assert Texts(lang).screen("join", refused.value.key, **refused.value.params).isprintable()


@pytest.mark.parametrize(
    ("denied", "given", "key"),
    [
        ("", {}, "describe no api"),
        ("", {"rest_api_id": "API"}, "describe no api"),
        ("", {"rest_api_id": "API", "stage": "dev"}, "describe no stage"),
        ("", {"rest_api_id": "gone123456", "stage": "prod"}, "describe no stage"),
        ("GetExport", {"rest_api_id": "API", "stage": "prod"}, "describe not read"),
        ("ListUserPoolClients", {"rest_api_id": "API", "stage": "prod"}, "describe clients not read"),
        ("", {"rest_api_id": "API", "stage": "prod", "user_pool_id": "x"}, "describe other pool"),
        ("", {"rest_api_id": "API", "stage": "prod", "client_id": "nobody"}, "describe no client"),
    ],
)
def test_what_cannot_be_described_is_said(desk: Desk, denied: str, given: dict[str, str], key: str) -> None:
    if denied:
        desk.sandbox.denied[denied] = "AccessDeniedException"
    asked = {name: desk.api.id if value == "API" else value for name, value in given.items()}
    with pytest.raises(NotDescribed) as refused:
        describe(desk.ports, **asked)  # type: ignore[arg-type]
    assert refused.value.key == key
    for lang in LANGUAGES:
        assert Texts(lang).screen("join", key, **refused.value.params).isprintable()


def test_an_open_api_is_not_described(desk: Desk) -> None:
    desk.api.draft.resources.clear()
    desk.api.draft.add("/", GET=method())
    desk.api.deploy("prod")
    with pytest.raises(NotDescribed, match="describe not guarded"):
        describe(desk.ports, rest_api_id=desk.api.id, stage="prod")


def test_an_app_client_that_cannot_be_read_is_taken_as_given(desk: Desk) -> None:
    desk.sandbox.denied["DescribeUserPoolClient"] = "AccessDeniedException"
    found = describe(desk.ports, rest_api_id=desk.api.id, stage="prod", client_id=desk.web.id)
    assert (found.team.client_id, found.notes[0][0]) == (desk.web.id, "described client not read")


def test_what_the_file_may_not_hold_is_not_described(desk: Desk) -> None:
    with pytest.raises(BadInput, match="team-bad-docs"):
        describe(desk.ports, rest_api_id=desk.api.id, stage="prod", docs="http://wiki.example.com/")
    desk.api.name = "evil\u202eapi"
    assert describe(desk.ports, rest_api_id=desk.api.id, stage="prod").team.name == ""


def test_a_walk_through_describes_itself() -> None:
    values = {"region": "eu-west-1", "api_id": "a1", "stage": "test", "pool_id": "eu-west-1_Ab", "client_id": "c1"}
    team = team_of({**values, "name": "cogwizard-hello", "account": "123456789012"})
    assert team == Team("eu-west-1", "a1", "test", "eu-west-1_Ab", "c1", (("POST", "/"),), None, "cogwizard-hello")
    assert read_team(write_team(team)) == team
    with pytest.raises(KeyError):
        team_of({"region": "eu-west-1"})


def test_this_machine_is_looked_at_as_it_is(desk: Desk, tmp_path: Path) -> None:
    """Without stand-ins: the programs of the PATH, the keyring of the tests, which is refused."""
    join = Join(desk.ports, desk.team, "hanako", which=lambda name: str(tmp_path) if name == "curl" else None)
    join.look()
    assert join.joining.tools == {"aws": False, "curl": True}
    assert of(join, "keyring-unavailable").variant == "refused"
