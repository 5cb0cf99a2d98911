"""Joining an API with real keys on the sandbox: to a 200, with what is missing, by a file that nobody should trust."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from textual.widgets import Button, Input

from cogwizard.intake.errors import BadInput
from cogwizard.sandbox import authorizer
from cogwizard.text import Texts
from cogwizard.ui.ask import Ask
from cogwizard.ui.home import Home
from cogwizard.ui.join.start import JoinStart
from cogwizard.ui.join.walk import JoinWalk
from cogwizard.ui.onboard.start import Start
from cogwizard.ui.postman.export import ExportFiles
from cogwizard.ui.signin.challenge import Challenged
from cogwizard.ui.signin.form import Form
from tests.test_joining import NEW, PASSWORD, TEMPORARY, answered
from tests.ui.driver import Driver, drive
from tests.ui.join_kit import at_stage, at_start, idle, leaked, named, opened, place, signed_in, walk_of
from tests.ui.postman_kit import copies
from tests.ui.said import said
from tests.ui.screens import doubtful

USER, CLIENT, SIGN_IN, CALL, EXPORT = "3", "4", "5", "6", "7"


async def asked(wizard: Driver) -> str:
    """Wait for a question, and return it without its line breaks."""
    await wizard.until(lambda: isinstance(wizard.app.screen, Ask) and wizard.app.screen.focused, "the question")
    return "".join(said(wizard.app.screen).split())


def test_from_the_first_page_to_a_200_and_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By keys alone, the file found in the current folder, the language changed on every screen; no secret is seen."""
    with place(tmp_path) as desk:
        monkeypatch.chdir(tmp_path)

        async def spoken_otherwise(wizard: Driver) -> None:
            assert leaked(wizard, PASSWORD) == []
            assert doubtful(wizard.text()) == doubtful("")
            await wizard.press("ctrl+l")
            assert leaked(wizard, PASSWORD) == []

        async def script(wizard: Driver) -> None:
            await wizard.app.action_onboard()
            await wizard.until(lambda: isinstance(wizard.app.screen, Start) and wizard.app.screen.team_file, "the file")
            await wizard.press("f7")
            await at_start(wizard)
            assert desk.desk.sandbox.requests == []
            assert desk.desk.api.id in wizard.text()
            await wizard.press(*"hanako")
            await spoken_otherwise(wizard)
            start = await at_start(wizard)
            assert start.query_one("#line-username", Input).value == "hanako"
            await wizard.press("f5")
            page = await idle(wizard)
            await spoken_otherwise(wizard)
            await idle(wizard)
            await wizard.press("enter", "enter", "enter", "enter", "enter")
            await at_stage(wizard, Form)
            await wizard.paste(PASSWORD)
            await wizard.press("ctrl+l")
            await at_stage(wizard, Form)
            assert PASSWORD not in wizard.text()
            await wizard.press("enter")
            await idle(wizard)
            assert page.verdicts()[:1] + page.verdicts()[2:5] == ["pass"] * 4
            await wizard.press("enter")
            await spoken_otherwise(wizard)
            await idle(wizard)
            await wizard.press("enter")
            await idle(wizard)
            assert page.typed.join is not None
            assert answered(page.typed.join) == 200
            await wizard.press("enter", "enter")
            await wizard.until(lambda: isinstance(wizard.app.screen, ExportFiles), "the export")
            await wizard.until(lambda: ".json" in wizard.text(), "the names")
            await wizard.press("ctrl+s")
            await wizard.until(lambda: wizard.app.screen.query("#written"), "written")
            await wizard.press("escape")
            await idle(wizard)
            assert page.verdicts() == ["pass", "warn", "pass", "pass", "pass", "pass", "pass", "pass"]
            await spoken_otherwise(wizard)
            await idle(wizard)
            await wizard.press("v")
            assert page.session.texts.screen("join_page", "answer joined") in said(page.view)

        drive(script, session=desk.session(), size=(80, 24))
        made = sorted(path.name.rpartition(".postman_")[2] for path in tmp_path.glob("*.json"))
        assert made == ["collection.json", "environment.json"]


def test_a_missing_user_becomes_a_sentence_for_the_administrator(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is copied with one key, all together on the last screen; once it is mended, reading again is enough."""
    taken: list[tuple[str, bool]] = []
    monkeypatch.setattr("cogwizard.ui.clipboard.copy_in_background", copies(taken))
    with place(tmp_path) as desk:
        desk.desk.pool.users.clear()
        desk.desk.web.settings["ExplicitAuthFlows"] = ["ALLOW_CUSTOM_AUTH"]

        async def script(wizard: Driver) -> None:
            page = await opened(wizard, tmp_path / "cogwizard.toml")
            await wizard.press(USER, "c", CLIENT, "c", "v", "c")
            user, client, both = (text for text, _ in taken)
            assert "admin-create-user" in user
            assert "--username hanako" in user
            assert "ALLOW_USER_SRP_AUTH" in client
            assert both == f"{user}\n\n{client}"
            text = said(page.view)
            assert text.index("wrong-credentials") < text.index("auth-flow-not-enabled")
            assert page.verdicts()[2:4] == ["fail", "next"]
            desk.desk.pool.add_user("hanako", PASSWORD)
            desk.desk.web.settings["ExplicitAuthFlows"] = ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
            await wizard.press("R")
            await idle(wizard)
            assert page.verdicts()[2:4] == ["pass", "pass"]
            await wizard.press("c")
            assert "admin-create-user" not in taken[-1][0]

        drive(script, session=desk.session(), size=(80, 24))


HOSTILE = {
    "team-endpoint": 'endpoint_url = "http://192.0.2.1/"\n',
    "team-command": 'command = "curl http://192.0.2.1/"\n',
    "team-profile": 'profile = "admin"\n',
    "team-secret": 'client_secret = "canary-of-the-file-0123456789"\n',
    "team-character": 'name = "orders\u202e"\n',
    "team-bad-user-pool-id": "",
    "team-not-toml": "[[[",
}


@pytest.mark.parametrize("key", HOSTILE)
def test_a_hostile_file_changes_nothing_and_is_said(key: str, tmp_path: Path) -> None:
    """Its sentence stands in the page, in another language too; nothing is sent, and what was typed stays."""
    with place(tmp_path) as desk:
        path = desk.write()
        text = HOSTILE[key] + path.read_text("utf-8")
        path.write_text(text if HOSTILE[key] else text.replace(desk.desk.pool.id, "../x"), encoding="utf-8")

        async def script(wizard: Driver) -> None:
            await wizard.app.action_join()
            page = await at_start(wizard)
            page.query_one("#line-file", Input).value = str(path)
            page.query_one("#line-username", Input).value = "hanako"
            await wizard.pilot.pause()
            for presses in (("f5",), ("ctrl+l",), ("f5",)):
                await wizard.press(*presses)
                await at_start(wizard)
                await wizard.until(lambda: page.query_one("#wrong").display, "the sentence")
                error = page.trouble
                assert isinstance(error, BadInput)
                assert error.key == key
                assert page.session.texts.message(error.key, error.params) in said(page)
                assert not page.query("#named")
                assert leaked(wizard, "canary-of-the-file-0123456789") == []
                assert "\u202e" not in wizard.text()
            values = [page.query_one(f"#line-{name}", Input).value for name in ("file", "username")]
            assert values == [str(path), "hanako"]
            assert desk.desk.sandbox.requests == []

        drive(script, session=desk.session(), size=(80, 24))


def test_without_a_file_it_is_said_how_to_get_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """None in the current folder; a folder and a pipe are no files; the one that is named then is read."""
    import os

    (tmp_path / "away").mkdir()
    with place(tmp_path / "away") as desk:
        monkeypatch.chdir(tmp_path)
        os.mkfifo(tmp_path / "pipe")

        async def script(wizard: Driver) -> None:
            await wizard.app.action_join()
            page = await at_start(wizard)
            await wizard.until(lambda: page.has_looked, "it was looked for")
            assert page.session.texts.screen("join_page", "no file") in said(page)
            for name in ("away", "pipe", "none\x00", "~nobody-at-all/x"):
                page.query_one("#line-file", Input).value = name
                await wizard.pilot.pause()
                await wizard.press("f5")
                await at_start(wizard)
                assert page.query_one("#wrong").display, name
            page.query_one("#line-file", Input).value = "away/cogwizard.toml"
            await wizard.pilot.pause()
            await wizard.press("f5")
            await at_start(wizard)
            assert desk.desk.api.id in said(page)
            assert not page.query_one("#wrong").display
            page.query_one("#line-file", Input).value = "away/other.toml"
            await wizard.pilot.pause()
            assert not page.query("#named")  # what one file names is not what another does
            await wizard.press("f5")
            assert isinstance(wizard.app.screen, JoinStart)

        drive(script, session=desk.session(), size=(60, 20))


def test_another_accounts_pool_is_asked_about_before_a_password(tmp_path: Path) -> None:
    """The question comes first, no is the answer that has the focus, and sends nothing."""
    with place(tmp_path) as desk:
        desk.desk.pool.account_id = "210987654321"
        desk.desk.api.draft.authorizers[0] = authorizer("Pool", desk.desk.pool.arn)
        desk.desk.api.deploy("prod")

        async def script(wizard: Driver) -> None:
            page = await opened(wizard, tmp_path / "cogwizard.toml")
            await wizard.press(SIGN_IN)
            before = len(desk.desk.sandbox.requests)
            for lang in ("en", "ja"):
                await wizard.press("enter")
                question = Texts(lang).screen("join", "doubt pool")
                assert "".join(question.split()) in await asked(wizard)
                if lang == "en":
                    await wizard.press("ctrl+l")
                    assert "".join(Texts("ja").screen("join", "doubt pool").split()) in await asked(wizard)
                focused = wizard.app.screen.focused
                assert isinstance(focused, Button)
                assert focused.id == "no"
                await wizard.press("enter")
                await idle(wizard)
            assert len(desk.desk.sandbox.requests) == before
            await wizard.press("enter")
            await asked(wizard)
            await wizard.press("y")
            await at_stage(wizard, Form)
            await wizard.press("escape")
            await idle(wizard)
            assert not page.known.is_signed_in
            assert len(desk.desk.sandbox.requests) == before

        drive(script, session=desk.session(), size=(80, 24))


def test_an_api_of_somebody_else_gets_no_token_unasked(tmp_path: Path) -> None:
    """The token is sent after a yes alone; what may change something is asked for too."""
    with place(tmp_path) as desk:
        desk.desk.sandbox.denied["GetRestApi"] = "AccessDeniedException"

        async def script(wizard: Driver) -> None:
            page = await opened(wizard, tmp_path / "cogwizard.toml")
            await signed_in(wizard, PASSWORD)
            login = page.typed.join.login if page.typed.join else None
            assert login is not None
            assert login.tokens is not None
            token = login.tokens.id_token or "?"
            await wizard.press(CALL)
            page.view.query_one("#line-method", Input).value = "POST"
            await wizard.pilot.pause()
            for answers in (("n",), ("y", "n")):
                await wizard.press("enter")
                for answer in answers:
                    await asked(wizard)
                    await wizard.press(answer)
                await idle(wizard)
                assert token not in repr(desk.desk.sandbox.requests)
            await wizard.press("enter")
            for _ in range(2):
                await asked(wizard)
                await wizard.press("y")
            await idle(wizard)
            assert page.typed.join is not None
            assert answered(page.typed.join) == 200
            assert leaked(wizard, PASSWORD) == []

        drive(script, session=desk.session(), size=(80, 24))


def test_a_temporary_password_is_changed_on_the_way(tmp_path: Path) -> None:
    """A wrong password is told as a finding; the challenge is answered in its place, the language changed meanwhile."""
    with place(tmp_path) as desk:
        desk.desk.user.password, desk.desk.user.status = TEMPORARY, "FORCE_CHANGE_PASSWORD"

        async def script(wizard: Driver) -> None:
            page = await opened(wizard, tmp_path / "cogwizard.toml")
            await signed_in(wizard, PASSWORD)
            assert page.here == "join_signin"
            assert page.verdicts()[4] == "fail"
            await wizard.press("enter")
            await at_stage(wizard, Form)
            await wizard.paste(TEMPORARY)
            await wizard.press("f5")
            await at_stage(wizard, Challenged)
            await wizard.paste(NEW)
            await wizard.press("ctrl+l")
            await at_stage(wizard, Challenged)
            assert leaked(wizard, PASSWORD, TEMPORARY) == []
            await wizard.press("f5")
            await idle(wizard)
            assert page.known.is_signed_in
            assert desk.desk.user.status == "CONFIRMED"
            assert page.verdicts()[4] == "pass"
            assert leaked(wizard, PASSWORD, TEMPORARY, NEW) == []

        drive(script, session=desk.session(), size=(80, 24))


def test_a_refused_call_is_looked_into(tmp_path: Path) -> None:
    """Its causes stand on the screen; `f` opens the journey with this call, starting over leads back."""
    with place(tmp_path) as desk:

        async def script(wizard: Driver) -> None:
            page = await opened(wizard, tmp_path / "cogwizard.toml")
            users = wizard.app.session.given
            await signed_in(wizard, PASSWORD)
            other = desk.desk.world.add_pool("other")
            desk.desk.api.draft.authorizers[0] = authorizer("Pool", other.arn)
            desk.desk.api.deploy("prod")
            await wizard.press(CALL)
            page.view.query_one("#line-path", Input).value = "/orders?token=x"
            await wizard.pilot.pause()
            await wizard.press("enter")
            assert page.typed.join is not None
            assert answered(page.typed.join) is None  # no query, which may hold a secret
            page.view.query_one("#line-path", Input).value = "/orders"
            await wizard.pilot.pause()
            await wizard.press("enter")
            await idle(wizard)
            assert page.verdicts()[5] == "fail"
            assert "wrong-pool" in said(page.view)
            assert "401" in said(page.view)
            await wizard.press("f")
            journey = await wizard.judged()
            assert journey.seen.judgement is not None
            assert journey.seen.judgement.causes == ("wrong-pool",)
            assert leaked(wizard, PASSWORD) == []
            await wizard.app.action_start_over()
            await idle(wizard)
            assert wizard.app.session.given is users

        drive(script, session=desk.session(), size=(80, 24))


def test_what_is_known_outlives_the_page(tmp_path: Path) -> None:
    """Back on the first page and forward again: nothing is read anew, who was signed in still is; another is not."""
    with place(tmp_path) as desk:

        async def script(wizard: Driver) -> None:
            await opened(wizard, tmp_path / "cogwizard.toml")
            page = await signed_in(wizard, PASSWORD)
            await wizard.press(CALL)
            page.view.query_one("#line-path", Input).value = "/scoped"
            await wizard.pilot.pause()
            page._ended = 0.0
            await wizard.press("escape")
            await at_start(wizard)
            before = len(desk.desk.sandbox.requests)
            await wizard.press("f5")
            page = await idle(wizard)
            assert page.known.is_signed_in
            assert len(desk.desk.sandbox.requests) == before
            await wizard.press(CALL)
            assert page.view.query_one("#line-path", Input).value == "/scoped"
            await wizard.press("R")
            await idle(wizard)
            assert page.known.is_signed_in
            page._ended = 0.0
            await wizard.press("escape")
            await at_start(wizard)
            await wizard.press("end", "x", "f5")
            page = await idle(wizard)
            assert not page.known.is_signed_in
            assert page.verdicts()[2] == "fail"

        drive(script, session=desk.session(), size=(80, 24))


def test_escape_stops_a_read_that_hangs(tmp_path: Path) -> None:
    """What is known by then is shown; a sign-in goes on from there, and the late answer does not undo it."""
    with place(tmp_path) as desk:
        desk.desk.sandbox.denied["GetExport"] = "hang"

        async def script(wizard: Driver) -> None:
            await wizard.app.action_join()
            await at_start(wizard)
            await named(wizard, tmp_path / "cogwizard.toml")
            await wizard.press(*"hanako", "f5")
            await wizard.until(
                lambda: isinstance(wizard.app.screen, JoinWalk) and wizard.app.screen.known.report, "facts"
            )
            page = walk_of(wizard)
            await wizard.until(lambda: page.known.join and page.known.join.joining.owns_pool, "the pool")
            await wizard.press("g")
            assert wizard.app.screen is page  # it is said that something is read
            await wizard.press("escape")
            await idle(wizard)
            await signed_in(wizard, PASSWORD)
            assert page.known.is_signed_in
            await wizard.press(CALL, "enter")
            assert page.doing.is_busy
            await wizard.press("escape")
            desk.desk.sandbox.denied.clear()
            page._ended = 0.0
            await wizard.press("enter")
            await idle(wizard)
            assert page.typed.join is not None
            assert answered(page.typed.join) == 200  # the late answer of the call before is not taken for this one's
            await wizard.press("R")
            await idle(wizard)
            assert page.known.is_signed_in
            assert page.verdicts()[5] == "waiting"

        drive(script, session=desk.session(), size=(80, 24))


def test_hurried_keys(tmp_path: Path) -> None:
    """Presses before a page is drawn do no harm, and nothing that was typed is lost."""
    with place(tmp_path) as desk:

        async def script(wizard: Driver) -> None:
            await wizard.app.action_join()
            await wizard.pilot.press("f5", "f5", "ctrl+l", "f5")
            await at_start(wizard)
            await wizard.paste(str(tmp_path / "cogwizard.toml"))
            await wizard.pilot.press("f5", "enter", "f5", "f5")
            for _ in range(2):  # presses that follow each other at once are one that is held down; slow ones are not
                await wizard.until(lambda: not isinstance(wizard.app.screen, JoinStart) or wizard.app.screen.is_ready)
                await wizard.pilot.pause(0.35)
                if isinstance(wizard.app.screen, JoinStart):
                    await wizard.press("f5")
            await wizard.pilot.press("n", "v", "g", "x", "enter", "6", "enter", "1", "ctrl+l", "ctrl+l")
            # A key that came late enough has opened something.
            while not isinstance(wizard.app.screen, JoinWalk):
                await wizard.press("escape")
            page = await idle(wizard)
            await wizard.press(CALL, "tab")
            line = page.focused
            assert isinstance(line, Input), line
            await wizard.pilot.press("ctrl+u", *"head", "ctrl+l")
            await idle(wizard)
            assert page.typed.method == "head"
            assert page.view.query_one("#line-method", Input).value == "head"

        drive(script, session=desk.session(), size=(60, 20))


def test_it_is_found_in_the_palette_and_gone_back_to(tmp_path: Path) -> None:
    """Opened again it is the same page; a scenario of the sandbox is left for it."""
    with place(tmp_path) as desk:

        async def script(wizard: Driver) -> None:
            await wizard.app.action_join()
            page = await at_start(wizard)
            wizard.app.action_vault()
            await wizard.pilot.pause()
            await wizard.app.action_join()
            await wizard.until(lambda: wizard.app.screen is page, "the page")
            assert sum(isinstance(screen, JoinStart) for screen in wizard.app.screen_stack) == 1
            await wizard.press("escape")
            await wizard.until(lambda: isinstance(wizard.app.screen, Home), "home")

        drive(script, session=desk.session())


def test_a_report_holds_what_is_missing(tmp_path: Path) -> None:
    """It is written as it is shown, without any secret."""
    out = tmp_path / "report.json"
    with place(tmp_path) as desk:
        desk.desk.user.enabled = False

        async def script(wizard: Driver) -> None:
            page = await opened(wizard, tmp_path / "cogwizard.toml")
            await wizard.press("s")
            await wizard.until(lambda: wizard.app.screen is not page and wizard.app.screen.query("#path"), "the dialog")
            await wizard.press("f2")
            wizard.app.screen.query_one("#path", Input).value = str(out)
            await wizard.pilot.pause()
            await wizard.press("ctrl+s")
            await wizard.until(out.exists, "the file")
            await idle(wizard)

        drive(script, session=desk.session(), size=(80, 24))
        found = json.loads(out.read_text("utf-8"))
        assert found["causes"] == ["user-disabled"]
        assert found["team"]["client_id"] == desk.desk.web.id


def test_a_team_without_routes_and_without_a_user_name(tmp_path: Path) -> None:
    """The call is typed, and the user name with the password."""
    with place(tmp_path) as desk:
        path = desk.write(replace(desk.desk.team, routes=()))

        async def script(wizard: Driver) -> None:
            page = await opened(wizard, path, username="")
            assert page.verdicts()[2] == "unknown"
            await wizard.press("g")
            await at_stage(wizard, Form)
            await wizard.press(*"hanako", "tab")
            await wizard.paste(PASSWORD)
            await wizard.press("f5")
            await idle(wizard)
            assert page.known.is_signed_in
            assert page.typed.username == "hanako"
            await wizard.press(CALL, "tab", "tab", *"/orders", "enter")
            await idle(wizard)
            assert page.typed.join is not None
            assert answered(page.typed.join) == 200

        drive(script, session=desk.session(), size=(80, 24))
