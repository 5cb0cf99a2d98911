"""The access screen: whose eyes look, what they may see, and the way out of a set-up that cannot be used."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input, OptionList

from cogwizard.aws.session import Settings
from cogwizard.aws.setup import Setup, SsoSession
from cogwizard.model.read import Unread
from cogwizard.model.read_web import CallerIdentity, GetCallerIdentity
from cogwizard.sandbox.scenarios import SCENARIOS, serve
from cogwizard.sandbox.scenarios.scenario import Served
from cogwizard.text import Texts
from cogwizard.ui.journey import Journey
from cogwizard.ui.profiles import ChooseProfile
from cogwizard.ui.session import Session
from cogwizard.ui.show_policy import ShowPolicy
from cogwizard.ui.views.access_rows import identity, sign_in, who_rows
from cogwizard.ui.widgets.facts import Facts
from cogwizard.ui.widgets.mend import MendBox
from tests.ui.driver import Driver, drive
from tests.ui.said import said

NOW = 1_800_000_000.0
SCENARIO = "header-not-sent"  # without a token: no issuer tells a region


def say(key: str, **params: object) -> str:
    return Texts("en").screen("access", key, **params)


@pytest.fixture
def served() -> Iterator[Served]:
    """Serve a scenario to a user who has keys in the environment, and no region."""
    with serve([SCENARIO]) as found:
        yield found


def session_of(served: Served, **settings: Any) -> Session:
    """Return a session that reads the sandbox as if it were the user's AWS."""
    session = Session(Texts("en"), Settings(endpoint_url=served.url, timeout=5.0, **settings))
    session.given.call = served.case(SCENARIOS[SCENARIO], time.time()).call
    return session


@pytest.mark.parametrize(
    ("lang", "size", "words"),
    [
        ("en", (110, 50), ("..9012", "user sandbox", "? GetExport | denied", "/exports/*", "Slowest: ")),
        ("ja", (80, 60), ("..9012", "ユーザー sandbox", "? GetExport | 拒否", "最も遅い読み取り")),
    ],
)
def test_every_read_is_shown_with_its_state(lang: str, size: tuple[int, int], words: tuple[str, ...]) -> None:
    """Account, role, region and each read of the run with the permission that it needs."""

    async def script(wizard: Driver) -> None:
        journey = await wizard.judged()
        await wizard.press("2")
        await wizard.until(lambda: Texts(lang).screen("access", "sandbox keys") in said(journey.view), "the set-up")
        text = said(journey.view)
        assert [word for word in words if word not in text] == []
        assert "123456789012" not in text

    drive(script, scenario="permission-missing", lang=lang, size=size)


def test_the_policy_is_shown_and_copied_whole() -> None:
    """Narrowed to the API that the call goes to; the sandbox has no other profile to choose."""

    async def script(wizard: Driver) -> None:
        journey = await wizard.judged()
        await wizard.press("2", "i")
        screen = wizard.app.screen
        assert isinstance(screen, ShowPolicy)
        assert '"Version": "2012-10-17"' in wizard.text()
        policy = json.loads(screen.copyable() or "")
        resources = [text for statement in policy["Statement"] for text in statement["Resource"]]
        assert any(f"/restapis/{journey.seen.case.place.rest_api_id}/" in text for text in resources)
        await wizard.press("escape", "o")
        assert isinstance(wizard.app.screen, Journey)

    drive(script, scenario="permission-missing", size=(80, 24))


@pytest.mark.usefixtures("own_home", "aws_keys")
def test_a_region_that_nobody_named_is_typed_here(served: Served) -> None:
    """The journey shows the access step with the sentence; what is typed is read in, and begins again."""

    async def script(wizard: Driver) -> None:
        wizard.app.action_troubleshoot()
        await wizard.until(lambda: "It is not known which AWS region" in wizard.text(), "the sentence")
        journey = wizard.app.screen
        assert isinstance(journey, Journey)
        await wizard.until(lambda: isinstance(journey.focused, Input), "a field to type in")
        await wizard.press(*"no region", "enter")
        await wizard.until(lambda: "is not the name of an AWS region" in wizard.text(), "a wrong name")
        field = journey.query_one("#region", Input)
        field.value = served.sandbox.world.region
        await wizard.press("enter")
        await wizard.until(lambda: journey.seen.report and not journey.seen.running, "a verdict")
        assert journey.seen.report
        assert journey.seen.report["causes"] == ["header-not-sent"]
        assert not journey.query_one("#region").display

    drive(script, session=session_of(served), size=(80, 24))


@pytest.mark.usefixtures("own_home", "aws_keys")
def test_a_remembered_profile_that_is_gone_locks_nobody_out(served: Served) -> None:
    """It is forgotten, the default is used, and the screen says so."""
    session = session_of(served, profile="gone", region=served.sandbox.world.region)
    session.remembered = replace(session.remembered, profile="gone")
    session.profile_is_remembered = True

    async def script(wizard: Driver) -> None:
        wizard.app.action_troubleshoot()
        await wizard.until(lambda: isinstance(wizard.app.screen, Journey), "the journey")
        journey = wizard.app.screen
        assert isinstance(journey, Journey)
        await wizard.until(lambda: journey.seen.report and not journey.seen.running, "a verdict")
        await wizard.press("2")
        assert "The profile gone, remembered from the last time, no longer exists" in wizard.text()

    drive(script, session=session)
    assert (session.settings.profile, session.remembered.profile) == (None, None)


@pytest.mark.usefixtures("own_home")
def test_a_profile_that_was_asked_for_is_not_replaced(served: Served, tmp_path: Path) -> None:
    """Another account would be read. The sentence is shown; another profile is chosen here and remembered."""
    keys = "aws_access_key_id = testing\naws_secret_access_key = testing\n"
    region = f"region = {served.sandbox.world.region}\n"
    (tmp_path / "config").write_text(f"[profile a]\n{keys}{region}[profile b]\n{keys}{region}", encoding="utf-8")
    session = session_of(served, profile="gone")

    async def script(wizard: Driver) -> None:
        wizard.app.action_troubleshoot()
        await wizard.until(lambda: "There is no AWS profile named gone" in wizard.text(), "the sentence")
        journey = wizard.app.screen
        assert isinstance(journey, Journey)
        await wizard.press("r")
        await wizard.until(lambda: journey.run_now and journey.run_now.done, "the second try")
        assert "There is no AWS profile named gone" in wizard.text()
        await wizard.press("o")
        screen = wizard.app.screen
        assert isinstance(screen, ChooseProfile)
        await wizard.until(lambda: screen.query_one(OptionList).option_count == 2, "the profiles")
        await wizard.press("b", "enter")
        await wizard.until(lambda: journey.seen.report and not journey.seen.running, "a verdict")
        assert "There is no AWS profile named" not in wizard.text()

    drive(script, session=session)
    assert (session.settings.profile, session.remembered.profile) == ("b", "b")


SSO = """
[profile dev]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = Reader
[sso-session corp]
sso_region = eu-west-1
sso_start_url = https://corp.awsapps.com/start
"""


@pytest.mark.usefixtures("own_home")
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_who_is_not_signed_in_reads_the_command_first(served: Served, tmp_path: Path, lang: str) -> None:
    """Right below the answer stands what is missing, with the exact command; `c` copies it. No permission is named."""
    (tmp_path / "config").write_text(SSO, encoding="utf-8")
    session = session_of(served, profile="dev", region=served.sandbox.world.region)
    session.texts = Texts(lang)
    command = "aws sso login --profile dev"

    async def script(wizard: Driver) -> None:
        wizard.app.action_troubleshoot()
        journey = await wizard.judged()
        await wizard.press("2")
        await wizard.until(lambda: journey.view.query("#sign-in MendBox") and command in wizard.text(), "the command")
        lines = wizard.text().split("\n")
        at = next(number for number, line in enumerate(lines) if command in line)
        assert at < 14
        assert Texts(lang).screen("access", "sso missing") in journey.view.query_one(MendBox)._mend.title
        assert journey.copyable() == command
        await wizard.press("c")
        assert wizard.app.clipboard == command
        assert journey.view.query_one("#reads", Facts)._facts
        assert [fact for fact in journey.view.query_one("#reads", Facts)._facts if fact.opened] == []

    drive(script, session=session, size=(80, 24), lang=lang)


@pytest.mark.parametrize(
    ("credentials", "command", "words"),
    [
        ("none", "aws configure", "No AWS credentials were found.\nRun this command"),
        ("failed", "aws login", "The AWS credentials cannot be had"),
        ("shared-credentials-file", "aws configure", "AWS does not accept these credentials"),
        ("env", None, "Set new AWS_ACCESS_KEY_ID"),
    ],
)
def test_what_is_said_of_missing_credentials(served: Served, credentials: str, command: str | None, words: str) -> None:
    """What there is of them, and the way out; nothing where no read failed for want of them."""
    case = served.case(SCENARIOS[SCENARIO], NOW)
    setup = Setup("dev", "option", "eu-west-1", "profile", credentials, sign_in=command)
    assert sign_in(case, setup, NOW, say) is None
    read = GetCallerIdentity("eu-west-1")
    case = case.with_fact(read, Unread(read, "credentials", "ExpiredToken"))
    mend = sign_in(case, setup, NOW, say)
    assert mend is not None
    assert words in mend.title
    assert mend.forms == ((("cli", command),) if command else ())
    before = sign_in(case, None, NOW, say)
    assert before is not None
    assert (before.title, before.forms) == (say("no credentials"), ())


def test_a_read_takes_one_line_and_the_permission_is_shown_where_it_matters() -> None:
    """Below a denied read, and below the one that has the cursor; there `c` copies it."""

    async def script(wizard: Driver) -> None:
        journey = await wizard.judged()
        await wizard.press("2")
        table = journey.view.query_one("#reads", Facts)
        operations = [fact.cells[0] for fact in table._facts]
        lines = str(table.render()).split("\n")
        firsts = {line.split()[1]: line.split()[2] for line in lines if line[:1] in ("✓", "?")}
        assert firsts == {name: "denied" if name == "GetExport" else "ok" for name in operations}
        assert sum("permission " in line for line in lines) == 1
        table.focus()
        await wizard.press(*["down"] * operations.index("GetStages"))
        assert sum("permission " in line for line in str(table.render()).split("\n")) == 2
        assert table.size.height == len(str(table.render()).split("\n"))
        await wizard.press("c")
        assert wizard.app.clipboard.startswith("apigateway:GET on arn:aws:apigateway:")
        assert wizard.app.clipboard.endswith("/stages")
        journey.set_focus(journey.view)
        await wizard.pilot.pause()
        lines = str(table.render()).split("\n")
        await wizard.pilot.click(table, offset=(3, next(at for at, line in enumerate(lines) if "GetResources" in line)))
        await wizard.press("c")
        assert wizard.app.clipboard.endswith("/resources")

    drive(script, scenario="permission-missing-with-summary", size=(80, 70))


@pytest.mark.parametrize(
    ("arn", "shown"),
    [
        ("arn:aws:sts::123456789012:assumed-role/Reader/me@example.com", "role Reader"),
        ("arn:aws:iam::123456789012:user/team/me", "user me"),
        ("arn:aws-cn:iam::123456789012:root", "root user of the account"),
        ("arn:aws:sts::123456789012:federated-user/me", "federated user me"),
        ("arn:aws:iam::123456789012:other/\x1b[2J", "arn:aws:iam::********9012:other/\\x1b[2J"),
    ],
)
def test_who_reads(arn: str, shown: str) -> None:
    assert identity(arn, say) == shown


@pytest.mark.parametrize(
    ("expires_at", "renews", "works", "state", "command"),
    [
        (NOW + 60, False, True, "lives until", False),
        (NOW - 60, False, False, "ended at", True),
        (NOW - 60, True, True, "is renewed by itself", False),
        (NOW - 60, True, False, "ended at", True),
        (None, False, False, "nobody has signed in", True),
    ],
)
def test_an_sso_session(
    served: Served, expires_at: float | None, renews: bool, works: bool, state: str, command: bool
) -> None:
    """The exact command stands there when one has to sign in, and only then."""
    case = served.case(SCENARIOS[SCENARIO], NOW)
    if works:
        case = case.with_fact(GetCallerIdentity("eu-west-1"), CallerIdentity("123456789012", "arn:aws:iam::1:user/x"))
    session = SsoSession("corp", "corp.awsapps.com", expires_at, renews)
    setup = Setup("dev", "option", "eu-west-1", "profile", "sso", sign_in="aws sso login --profile dev", sso=session)
    cells = [fact.cells for fact in who_rows(case, setup, sandbox=False, now=NOW, say=say)]
    assert [text for name, text, _ in cells if name == "SSO session" and text.startswith(state)]
    assert ("aws sso login --profile dev" in [text for _, text, _ in cells]) is command
