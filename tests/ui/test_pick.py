"""Picking a call from the account's lists: what is read, filtered, refused, and what comes out."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import pytest

from cogwizard.aws.regions import dns_suffix, regions
from cogwizard.aws.session import Settings, SetupError
from cogwizard.model.api import ApiSummary, Method, Stage
from cogwizard.model.read import Read, Unread
from cogwizard.model.read_api import GetResources, GetRestApis, GetStages
from cogwizard.ports import Ports
from cogwizard.sandbox import Sandbox, World, method
from cogwizard.sandbox.environment import KEYS, REGION
from cogwizard.text import Texts
from cogwizard.ui.choices import SHOWN, api_rows, filled, invoke_url, matching, placeholders
from cogwizard.ui.give_token import GiveToken
from cogwizard.ui.home import Home
from cogwizard.ui.journey import Journey
from cogwizard.ui.pick import Pick
from cogwizard.ui.remembered import Remembered
from cogwizard.ui.session import Session
from cogwizard.ui.widgets.filtered import Filter, Filtered, Rows
from tests.intake.test_mask import ID
from tests.ui.driver import Driver, drive

METHODS = {
    "/orders": {"GET": Method("COGNITO_USER_POOLS", "a", ("orders/read",))},
    "/orders/{id}": {"ANY": Method("COGNITO_USER_POOLS", "a")},
}


class FakeClients:
    """A set-up with a default region; its endpoints are AWS's own."""

    problem: Exception | None = None

    def check(self) -> None:
        """Raise what is wrong with the set-up."""
        if self.problem:
            raise self.problem

    def default_region(self) -> str:
        """Return the profile's."""
        return "eu-west-1"

    def overridden(self, service: str, region: str) -> bool:
        """No override is in force."""
        return False


class FakePorts:
    """An account: `answers` by the type of the read, a value or what makes it."""

    patience = 30.0

    def __init__(self, **answers: Any) -> None:
        self.clients = FakeClients()
        self.asked: list[Read] = []
        self.answers: dict[str, Any] = {
            "GetRestApis": (ApiSummary("a1b2c3", "orders", ("REGIONAL",)), ApiSummary("d4e5f6", "billing", ("EDGE",))),
            "GetStages": (Stage("prod", "dep1"), Stage("dev", "dep2")),
            "GetResources": METHODS,
            **answers,
        }

    def answer(self, read: Read) -> object:
        """Return what the account has."""
        self.asked.append(read)
        value = self.answers.get(read.operation)
        if callable(value):
            value = value(read)
        return value if value is not None else Unread(read, "failed", "NotHere")


def account(ports: FakePorts, remembered: Remembered | None = None) -> Session:
    session = Session(Texts("en"), Settings(), remembered)
    session._ports = cast(Ports, ports)
    return session


def pick(wizard: Driver) -> Pick:
    assert isinstance(wizard.app.screen, Pick), wizard.app.screen
    return wizard.app.screen


async def opened(wizard: Driver) -> None:
    wizard.app.action_pick()
    await wizard.pilot.pause()
    await listed(wizard, "region")


async def listed(wizard: Driver, stage: str) -> Pick:
    screen = pick(wizard)
    await wizard.until(lambda: screen.picking.at == stage and screen.asking.seconds is None, stage)
    return screen


async def down_to(wizard: Driver, stage: str) -> Pick:
    await opened(wizard)
    for name in ("api", "stage", "method"):
        await wizard.press("enter")
        await listed(wizard, name)
        if name == stage:
            break
    return pick(wizard)


def test_a_call_is_picked_with_enter_alone() -> None:
    """The default region, then what was remembered, stands first; the token is asked for; the journey begins."""
    ports = FakePorts()

    async def script(wizard: Driver) -> None:
        screen = await down_to(wizard, "method")
        assert [row.id for row in screen.rows] == ["GET /orders", "ANY /orders/{id}"]
        assert "COGNITO_USER_POOLS orders/read" in wizard.text()
        await wizard.press("enter")
        await wizard.until(lambda: isinstance(wizard.app.screen, GiveToken), "the question for a token")
        await wizard.press("escape")
        assert pick(wizard).picking.at == "method"  # nothing is lost
        await wizard.press("enter")
        await wizard.until(lambda: isinstance(wizard.app.screen, GiveToken), "the question for a token")
        wizard.app.screen.dismiss(False)
        await wizard.until(lambda: isinstance(wizard.app.screen, Journey), "the journey")

    session = account(ports, Remembered(region="us-east-2", rest_api_id="d4e5f6", stage="prod"))
    app = drive(script, session=session)
    call = app.session.given.call
    assert call is not None
    assert (call.method, call.url) == ("GET", "https://d4e5f6.execute-api.eu-west-1.amazonaws.com/prod/orders")
    assert app.session.given.region == "eu-west-1"
    assert ports.asked[:3] == [
        GetRestApis("eu-west-1"),
        GetStages("eu-west-1", "d4e5f6"),
        GetResources("eu-west-1", "d4e5f6"),
    ]


def test_any_and_a_path_with_a_variable() -> None:
    """ANY asks for the verb, a variable for its value; a kept placeholder is refused; a given token is kept."""

    async def script(wizard: Driver) -> None:
        wizard.app.session.given.token = "given-before"
        screen = await down_to(wizard, "method")
        await wizard.press(*"any", "enter")
        await listed(wizard, "verb")
        await wizard.press("down", "enter")
        await listed(wizard, "values")
        await wizard.press("enter")
        assert "Give {id} the value" in wizard.text()
        await wizard.press(*"{id}", "enter")
        assert "Give {id} the value" in wizard.text()
        assert wizard.app.screen is screen
        await wizard.press("backspace", "backspace", "backspace", "backspace", *"a/b c", "enter")
        await wizard.until(lambda: isinstance(wizard.app.screen, Journey), "the journey")
        wizard.app.pop_screen()
        await wizard.pilot.pause()
        assert pick(wizard).picking.values == {"id": "a/b c"}
        for stage in ("verb", "method", "stage", "api", "region"):
            await wizard.press("escape")
            assert (await listed(wizard, stage)).picking.at == stage
        await wizard.press("escape")
        assert isinstance(wizard.app.screen, Home)

    given = drive(script, session=account(FakePorts())).session.given
    assert given.token == "given-before"
    assert given.call is not None
    assert (given.call.method, given.call.url) == (
        "POST",
        "https://d4e5f6.execute-api.eu-west-1.amazonaws.com/dev/orders/a%2Fb%20c",
    )


def test_thousands_of_apis_are_filtered_while_typing() -> None:
    """200 of 5,000 are drawn, the rest is counted: a key press draws no more, however many there are."""
    apis = tuple(ApiSummary(f"api{number:07}", f"service-{number} 日本語", ("REGIONAL",)) for number in range(5000))

    async def script(wizard: Driver) -> None:
        screen = await down_to(wizard, "api")
        assert "200 of 5,000 are shown" in wizard.text()
        filtered = screen.query_one(Filtered)
        assert len(filtered.shown) == 200
        await wizard.press(*"ICE-49 api")
        assert "111 of 5,000. Up and down choose" in wizard.text()
        assert len(filtered.shown) == 111
        await wizard.press(*"0004999", "enter")
        assert screen.picking.picked["api"].name == "service-4999 日本語"
        await listed(wizard, "stage")
        await wizard.press("escape")
        assert (await listed(wizard, "api")).picking.typed["api"] == "ICE-49 api0004999"
        await wizard.press("x")
        assert "Nothing in this list of 5,000 matches: ICE-49 api0004999x" in wizard.text()
        await wizard.press("enter")  # nothing to pick
        assert pick(wizard).picking.at == "api"

    drive(script, session=account(FakePorts(GetRestApis=apis)))


def denied(read: Read) -> Unread:
    return Unread(read, "denied", "AccessDeniedException", "User is not authorized")


@pytest.mark.parametrize(
    ("reason", "error", "said"),
    [
        ("denied", "X", "apigateway:GET on arn:aws:apigateway:eu-west-1::/restapis"),
        ("credentials", "ExpiredTokenException", "AWS does not accept the credentials (ExpiredTokenException)."),
        ("credentials", "SSOTokenLoadError", "The AWS credentials cannot be had"),
        ("throttled", "X", "limits the rate of requests"),
        ("unreachable", "X", "AWS cannot be reached (X)."),
        ("malformed", "X", "apigateway:GetRestApis failed (X)."),
    ],
)
def test_a_list_that_cannot_be_read(reason: Any, error: str, said: str) -> None:
    """It is said why, with the permission; ctrl+r tries again, and then it may be there."""
    calls = []

    def apis(read: Read) -> object:
        calls.append(read)
        return Unread(read, reason, error, "[b]detail[/]") if len(calls) == 1 else (ApiSummary("a1", "orders"),)

    ports = FakePorts(GetRestApis=apis)

    async def script(wizard: Driver) -> None:
        await down_to(wizard, "api")
        text = wizard.text()
        assert said in text
        assert "[b]detail[/]" in text
        wizard.app.session.renew = lambda: None  # type: ignore[method-assign]
        await wizard.press("ctrl+r")
        screen = await listed(wizard, "api")
        assert [row.id for row in screen.rows] == ["a1"]
        assert "[b]detail" not in wizard.text()

    drive(script, session=account(ports))


def test_a_set_up_that_cannot_be_used() -> None:
    """The sentence of the catalogue is shown, and the URL can be pasted instead."""
    ports = FakePorts()
    ports.clients.problem = SetupError("no-such-profile", {"profile": "ghost", "profiles": "acme"})

    async def script(wizard: Driver) -> None:
        wizard.app.action_pick()
        await wizard.pilot.pause()
        await listed(wizard, "region")
        assert "There is no AWS profile named ghost" in wizard.text()
        await wizard.press("tab", "tab", "enter")
        await wizard.until(lambda: isinstance(wizard.app.screen, Home), "home")

    drive(script, session=account(ports))


def chosen_from(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Let the user's AWS files have these profiles, and each account be the same fake one."""
    monkeypatch.setattr("cogwizard.aws.setup.profile_names", lambda: names)
    monkeypatch.setattr("cogwizard.ports.Ports", lambda settings: FakePorts())


def test_without_credentials_the_way_to_them_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """That there are none, the command, which c copies; o chooses another profile, and the lists are its."""
    chosen_from(monkeypatch, "acme")
    detail = "Unable to locate credentials. Run: aws sso login --profile ghost"
    ports = FakePorts(GetRestApis=lambda read: Unread(read, "credentials", "NoCredentialsError", detail))
    taken: list[str] = []

    async def script(wizard: Driver) -> None:
        wizard.app.copy = taken.append  # type: ignore[method-assign, assignment]
        await down_to(wizard, "api")
        text = wizard.text()
        assert "There are no AWS credentials here" in text
        assert "does not accept" not in text
        assert "aws sso login --profile ghost" in text
        assert "Run:" not in text
        await wizard.press("c", "o")
        await wizard.until(lambda: "acme" in wizard.text(), "the profiles")
        await wizard.press("enter")
        await wizard.until(lambda: isinstance(wizard.app.screen, Pick), "back")
        await listed(wizard, "region")
        await wizard.press("enter")
        assert [row.name for row in (await listed(wizard, "api")).rows] == ["billing", "orders"]

    app = drive(script, size=(80, 24), session=account(ports))
    assert taken == ["aws sso login --profile ghost"]
    assert app.session.settings.profile == "acme"


def test_a_remembered_profile_that_is_gone_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """The default one reads, and it is said."""
    chosen_from(monkeypatch)
    ports = FakePorts()
    ports.clients.problem = SetupError("no-such-profile", {"profile": "ghost", "profiles": ""})
    session = Session(Texts("en"), Settings(profile="ghost"), Remembered(profile="ghost"))
    session._ports, session.profile_is_remembered = cast(Ports, ports), True

    async def script(wizard: Driver) -> None:
        wizard.app.action_pick()
        await wizard.until(lambda: isinstance(wizard.app.screen, Pick) and bool(wizard.app.screen.rows), "regions")
        assert "The profile ghost, remembered from the last time, no longer exists" in wizard.text()

    assert drive(script, session=session).session.settings.profile is None


class Nowhere(FakeClients):
    """A set-up that names no region."""

    def default_region(self) -> str:
        """Return none."""
        return ""


@pytest.mark.parametrize(
    ("remembered", "said"),
    [
        (Remembered(), "Nothing names a default region. The region stands"),
        (Remembered(region="eu-west-3"), "The region of the call that you looked at last stands first"),
    ],
)
def test_what_stands_first_is_told(remembered: Remembered, said: str) -> None:
    """No default region is claimed where there is none."""
    ports = FakePorts()
    ports.clients = Nowhere()

    async def script(wizard: Driver) -> None:
        await opened(wizard)
        assert said in wizard.text()
        assert "Your default region" not in wizard.text()
        assert pick(wizard).rows[0].id == (remembered.region or "af-south-1")

    drive(script, session=account(ports, remembered))


def test_a_filter_that_matches_nothing_has_ways_on() -> None:
    """It is said what was typed and what else can be; the button shows all again, and the filter is empty."""

    async def script(wizard: Driver) -> None:
        await down_to(wizard, "api")
        await wizard.press(*"[b]zz")
        text = " ".join(wizard.text().split())
        assert "Nothing in this list of 2 matches: [b]zz" in text
        assert "esc goes back a step" in text
        await wizard.press("down", "enter")
        assert "2 of 2." in wizard.text()
        assert wizard.app.screen.query_one(Filter).value == ""

    drive(script, size=(80, 24), session=account(FakePorts()))


def test_what_is_typed_in_the_list_filters_it() -> None:
    """Letters that are keys elsewhere too; the caret stands behind them, also when one comes back to the list."""

    async def script(wizard: Driver) -> None:
        screen = await down_to(wizard, "method")
        filter = screen.query_one(Filter)
        await wizard.press("tab")
        assert isinstance(wizard.app.focused, Rows)
        await wizard.press("o", "r", "x")
        assert screen.picking.typed["method"] == filter.value == "orx"
        await wizard.press("tab", "shift+tab")
        await wizard.press("backspace", "d", "e")
        assert filter.value == "orde"
        await wizard.press("escape")
        await listed(wizard, "stage")
        await wizard.press("enter")
        await listed(wizard, "method")
        await wizard.press("r")
        assert filter.value == "order"
        await wizard.press("tab")
        await wizard.paste("s/")
        assert filter.value == "orders/"
        assert [row.id for row in screen.query_one(Filtered).shown] == ["GET /orders", "ANY /orders/{id}"]

    drive(script, session=account(FakePorts()))


def test_a_filter_takes_no_token() -> None:
    """Nor does a value of the path: what is pasted there is not shown, and it is said why."""

    async def script(wizard: Driver) -> None:
        screen = await down_to(wizard, "method")
        await wizard.paste(ID)
        assert screen.query_one(Filter).value == ""
        assert "Not taken: this narrows the list" in wizard.text()
        await wizard.pilot.pause(0.3)  # longer than a look at the clock
        assert "Not taken: this narrows the list" in wizard.text()
        await wizard.press(*"any", "enter", "enter")
        await listed(wizard, "values")
        await wizard.paste(ID)
        assert screen.picking.values == {}
        assert "Not taken: a part of a path" in wizard.text()
        assert ID[-20:] not in wizard.text()

    drive(script, session=account(FakePorts()))


def test_picking_goes_on_where_it_was_left() -> None:
    """In the list that was open, with the filter and what was chosen; with another profile it begins anew."""

    async def script(wizard: Driver) -> None:
        await down_to(wizard, "stage")
        await wizard.press(*"ro")
        await wizard.app.action_home()
        wizard.app.action_pick()
        await wizard.until(lambda: isinstance(wizard.app.screen, Pick), "the screen")
        screen = await listed(wizard, "stage")
        assert screen.query_one(Filter).value == "ro"
        assert [row.id for row in screen.query_one(Filtered).shown] == ["prod"]
        assert "✓ API billing" in wizard.text()
        await wizard.app.action_home()
        wizard.app.session.use(Settings(profile="other"))
        wizard.app.session._ports = cast(Ports, FakePorts())
        wizard.app.action_pick()
        await wizard.until(lambda: isinstance(wizard.app.screen, Pick), "the screen")
        assert (await listed(wizard, "region")).picking.picked == {}

    drive(script, session=account(FakePorts()))


def test_help_says_how_a_list_is_narrowed() -> None:
    """In the filter and in the list."""

    async def script(wizard: Driver) -> None:
        await opened(wizard)
        for _ in range(2):
            await wizard.press("f1")
            assert "A list that is narrowed by typing" in wizard.text()
            await wizard.press("escape", "tab")

    drive(script, session=account(FakePorts()))


@pytest.mark.parametrize(
    ("empty", "value", "said"),
    [
        ("api", {"GetRestApis": ()}, "There is no REST API in eu-west-1"),
        ("stage", {"GetStages": ()}, "billing has no stage: it was never deployed"),
        ("method", {"GetResources": {}}, "billing has no methods yet"),
    ],
)
def test_nothing_to_pick(empty: str, value: dict[str, Any], said: str) -> None:
    """An empty list says what that means; a missing stage how it is made, with the real id."""

    async def script(wizard: Driver) -> None:
        await down_to(wizard, empty)
        assert said in wizard.text()
        if empty == "stage":
            await wizard.press("shift+tab")  # to the remedy
            await wizard.press("right")
            assert "--rest-api-id d4e5f6" in wizard.text()

    drive(script, session=account(FakePorts(**value)))


def test_nobody_waits_for_a_slow_list() -> None:
    """While it is read, the seconds are shown; escape goes back, and what arrives then is dropped."""
    go = threading.Event()

    def slow(read: Read) -> object:
        go.wait(30)
        return (ApiSummary("late", "late"),)

    async def script(wizard: Driver) -> None:
        await opened(wizard)
        await wizard.press("enter")
        await wizard.until(lambda: "Reading the APIs of eu-west-1: " in wizard.text(), "progress")
        await wizard.press("escape")
        screen = await listed(wizard, "region")
        go.set()
        await wizard.until(lambda: "pick" not in {thread.name for thread in threading.enumerate()}, "the thread's end")
        assert screen.picking.at == "region"
        assert screen.rows[0].id == "eu-west-1"
        assert "late" not in wizard.text()

    drive(script, session=account(FakePorts(GetRestApis=slow)))


def test_names_from_aws_are_only_text() -> None:
    """Markup and escapes in a name are shown as they are; a long name does not hide the rest."""
    hostile = "[bold red]x[/] \x1b[2J\u202e " + "n" * 5000
    apis = (ApiSummary("a1", hostile), ApiSummary("b2", "plain"))

    async def script(wizard: Driver) -> None:
        screen = await down_to(wizard, "api")
        text = wizard.text()
        assert "[bold red]x[/] \\x1b[2J\\u202e" in text
        assert "plain" in text
        await wizard.press("enter")
        await listed(wizard, "stage")
        assert "\x1b" not in wizard.text()
        assert screen.picking.picked["api"].id == "a1"

    drive(script, size=(80, 24), session=account(FakePorts(GetRestApis=apis)))


def test_language_is_switched_in_the_middle() -> None:
    """Everything is said again in Japanese; list, filter and picks stay."""

    async def script(wizard: Driver) -> None:
        screen = await down_to(wizard, "stage")
        await wizard.press(*"pro", "ctrl+l")
        await wizard.until(lambda: "どのステージを呼び出していますか" in wizard.text(), "Japanese")
        await listed(wizard, "stage")
        text = wizard.text()
        assert "prod  デプロイ dep1" in text
        assert "dep2" not in text
        assert "✓ API billing" in text
        assert screen.picking.picked["api"].id == "d4e5f6"

    drive(script, session=account(FakePorts()))


@contextmanager
def emulator() -> Iterator[str]:
    world = World()
    api = world.add_api("orders")
    api.draft.add("/orders", GET=method())
    api.deploy("prod")
    with Sandbox(world) as sandbox:
        yield sandbox.url


def test_the_sandbox_is_picked_from_like_any_account() -> None:
    """The real reads against a server; the URL is the emulator's, and the call goes there."""
    with emulator() as url:

        async def script(wizard: Driver) -> None:
            wizard.app.session.given.token = "x"
            await down_to(wizard, "method")
            await wizard.press("enter")
            journey = await wizard.judged()
            assert journey.seen.report is not None
            assert journey.seen.report["observed"]["status"] == 200

        given = drive(script, session=Session(Texts("en"), Settings(None, REGION, url, 5.0, KEYS))).session.given
    assert given.call is not None
    assert given.call.url.startswith(f"{url}/_aws/execute-api/")
    assert given.call.url.endswith("/prod/orders")


class Elsewhere(FakeClients):
    """An endpoint override with a path."""

    def overridden(self, service: str, region: str) -> bool:
        """One is in force."""
        return True

    def endpoint(self, service: str, region: str) -> str:
        """Return it."""
        return "http://localhost:4566/"


@pytest.mark.parametrize(
    ("region", "url"),
    [
        ("ap-northeast-1", "https://abc.execute-api.ap-northeast-1.amazonaws.com/v1/x"),
        ("cn-north-1", "https://abc.execute-api.cn-north-1.amazonaws.com.cn/v1/x"),
        ("us-gov-west-1", "https://abc.execute-api.us-gov-west-1.amazonaws.com/v1/x"),
        ("xx-new-1", "https://abc.execute-api.xx-new-1.amazonaws.com/v1/x"),
    ],
)
def test_url_of_a_call(region: str, url: str) -> None:
    """The suffix is the partition's; with an override the host is the emulator's."""
    ports = FakePorts()
    assert invoke_url(cast(Ports, ports), region, "abc", "v1", "/x") == url
    ports.clients = Elsewhere()
    assert (
        invoke_url(cast(Ports, ports), region, "abc", "v1", "/x") == "http://localhost:4566/_aws/execute-api/abc/v1/x"
    )


def test_regions_and_suffixes_are_botocores() -> None:
    """Every region is there once, AWS's own partition first."""
    found = regions()
    assert found[0] == "af-south-1"
    assert {"ap-northeast-1", "us-east-1", "cn-north-1", "us-gov-west-1"} <= set(found)
    assert len(found) == len(set(found))
    assert found.index("us-west-2") < found.index("cn-north-1")
    assert dns_suffix("cn-northwest-1") == "amazonaws.com.cn"


def test_a_path_is_filled() -> None:
    """One segment is encoded whole, a greedy variable keeps its slashes."""
    assert placeholders("/a/{id}/{proxy+}") == ["id", "proxy+"]
    assert filled("/a/{id}/{proxy+}", {"id": "1/2?é", "proxy+": "/x/y z"}) == "/a/1%2F2%3F%C3%A9/x/y%20z"
    assert placeholders("/a") == []


def test_filter_takes_every_word_in_any_case() -> None:
    """Words may stand in any column; the remembered API stands first."""
    rows = api_rows([ApiSummary("b2", "Zeta", ("EDGE",)), ApiSummary("a1", "alpha", ("REGIONAL",))], "b2")
    assert [row.id for row in rows] == ["b2", "a1"]
    assert [row.id for row in matching(rows, "ALPHA reg")] == ["a1"]
    assert [row.id for row in matching(rows, " ")] == ["b2", "a1"]
    assert matching(rows, "alpha edge") == []
    assert SHOWN >= 100
