"""Where the walk-through begins: its fields, the sandbox to practise in, a run of before, what stands in the way."""

from pathlib import Path

import pytest
from textual.widget import Widget
from textual.widgets import Button, Input

from cogwizard.aws.session import Settings
from cogwizard.model.call import Call
from cogwizard.text import LANGUAGES, Texts
from cogwizard.ui.given import Given
from cogwizard.ui.home import Home
from cogwizard.ui.onboard.build import DEPLOY
from cogwizard.ui.onboard.fields import Begun, StartFields
from cogwizard.ui.onboard.removal import TearDown
from cogwizard.ui.onboard.start import Start
from cogwizard.ui.sandbox import SandboxList
from cogwizard.ui.session import Session
from cogwizard.ui.widgets.secret import SecretLine
from tests.ui.driver import Driver, drive
from tests.ui.onboard_kit import account, at_start, at_walk
from tests.ui.said import said

_TAKEN = {
    "role": "cogwizard-hello-role",
    "log-group": "/aws/lambda/cogwizard-hello",
    "function": "cogwizard-hello",
}
_CHOSEN = {"stage": "test", "username": "hanako", "email": "hanako@example.com"}


def _in_sight(page: Start, widget: Widget) -> bool:
    return widget.region.intersection(page.query_one(StartFields).region).height >= 1


async def at_begun(wizard: Driver) -> Start:
    """Wait for the page of a run of before."""
    await wizard.until(lambda: wizard.app.screen.query(Begun), "a run of before")
    return await at_start(wizard)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_can_be_used_at_every_size(lang: str, size: tuple[int, int]) -> None:
    """Question, first field and the button that has the focus are on the screen, or come into it by tab."""

    async def script(wizard: Driver) -> None:
        await wizard.app.action_onboard()
        page = await at_start(wizard)
        assert isinstance(page.focused, Button)
        assert page.focused.id == "go"
        for widget in list(page.focus_chain):
            widget.focus()
            await wizard.until(lambda: _in_sight(page, widget), str(widget.id))  # noqa: B023
            assert widget.region.right <= size[0], widget

    drive(script, lang=lang, size=size)


@pytest.mark.parametrize(
    ("name", "typed"),
    [("name", "-x"), ("name", "a b"), ("stage", "te/st"), ("username", "a b"), ("email", "nobody")],
)
def test_what_aws_would_not_take(name: str, typed: str, tmp_path: Path) -> None:
    """The sentence stands in the page, the focus in the field, and what was typed stays, in another language too."""
    with account(tmp_path) as place:

        async def script(wizard: Driver) -> None:
            await wizard.app.action_onboard()
            page = await at_start(wizard)
            page.query_one(f"#line-{name}", Input).value = typed
            page.query_one("#line-password", SecretLine).value = "Canary-Passw0rd-3"
            await wizard.pilot.pause()
            await wizard.press("f5")
            assert page.session.texts.message(f"choice-{name}", {}) in said(page)
            assert page.focused is page.query_one(f"#line-{name}")
            await wizard.press("ctrl+l")
            await at_start(wizard)
            assert page.query_one(f"#line-{name}", Input).value == typed
            assert page.query_one("#line-password", SecretLine).value == "Canary-Passw0rd-3"
            assert "Canary" not in wizard.text()
            assert place.sandbox.requests == []

        drive(script, session=place.session(), size=(80, 24))


def test_the_choices_are_those_of_the_run(tmp_path: Path) -> None:
    """What was typed and chosen is built: names, the user's way to the password, and the password itself."""
    with account(tmp_path) as place:

        async def script(wizard: Driver) -> None:
            await wizard.app.action_onboard()
            page = await at_start(wizard)
            for name, text in {"name": "crew", "stage": "dev", "username": "taro", "email": "taro@example.org"}.items():
                page.query_one(f"#line-{name}", Input).value = text
            page.query_one("#line-password").focus()
            await wizard.press(*"Canary-Passw0rd-4")
            page.query_one("#way").focus()
            await wizard.press("enter")
            await wizard.press("f5")
            walk = await at_walk(wizard)
            await wizard.press("a", "y")
            await wizard.until(lambda: walk.build.is_made(DEPLOY), "all is made")
            pool = next(iter(place.world.pools.values()))
            assert (pool.name, pool.users["taro"].password) == ("crew", "Canary-Passw0rd-4")
            assert "AdminSetUserPassword" not in place.writes()
            assert list(next(iter(place.world.apis.values())).stages) == ["dev"]
            assert not any(line.value for line in page.query(SecretLine))

        drive(script, session=place.session(), size=(80, 24))


def test_practising_puts_the_users_own_aside() -> None:
    """In the sandbox there is no account of theirs; what they gave is theirs again behind it, once it is left."""

    async def script(wizard: Driver) -> None:
        session = wizard.app.session
        given = session.given = Given(Call("GET", "https://example.com/"))
        settings = session.settings
        await wizard.app.action_onboard()
        page = await at_start(wizard)
        page.query_one("#line-name", Input).value = "mine"
        await wizard.press("f6")
        await at_start(wizard)
        assert "SANDBOX" in wizard.text()
        assert session.is_practice
        assert session.given is not given
        assert page.query_one("#line-name", Input).value == "mine"
        folder = session.journals
        assert folder is not None
        await wizard.press("tab", "enter")  # in my AWS account
        await wizard.until(lambda: session.sandbox is None, "their own")
        page = await at_start(wizard)
        assert (session.given, session.settings, session.journals) == (given, settings, None)
        assert "SANDBOX" not in wizard.text()
        assert not folder.exists()
        await wizard.press("f6", "f6")
        await at_start(wizard)
        await wizard.press("escape")
        await wizard.until(lambda: isinstance(wizard.app.screen, Home), "home")
        assert session.sandbox is None

    drive(script, size=(80, 24), session=Session(Texts("en"), Settings(timeout=5.0)))


def test_from_another_sandbox() -> None:
    """A scenario is left for it; and the list of the sandbox leaves what was built, which is not served any more."""

    async def script(wizard: Driver) -> None:
        await wizard.judged()
        await wizard.app.run_action("onboard", wizard.app)
        await at_start(wizard)
        assert wizard.app.session.sandbox is None
        assert len(wizard.app.screen_stack) == 2
        await wizard.press("f6")
        await at_start(wizard)
        await wizard.press("enter")
        walk = await at_walk(wizard)
        await wizard.app.run_action("onboard", wizard.app)
        await wizard.pilot.pause()
        assert wizard.app.screen is walk
        wizard.app.action_open_sandbox()
        await wizard.until(lambda: isinstance(wizard.app.screen, SandboxList), "the list")
        assert not walk.is_attached
        assert wizard.app.session.sandbox is None

    drive(script, size=(80, 24), scenario="token-expired")


def test_a_run_of_before(tmp_path: Path) -> None:
    """It is said how far it is; it goes on with its own choices, whatever is typed; or it is taken away, once asked."""
    with account(tmp_path) as place:
        before = place.state()
        session = place.session()
        place.built(session, "onboard_pool").walk.close()

        async def script(wizard: Driver) -> None:
            await wizard.app.action_onboard()
            page = await at_start(wizard)
            page.query_one("#line-stage", Input).value = "other"
            await wizard.press("f5")
            page = await at_begun(wizard)
            assert "5" in said(page)
            assert page.session.texts.screen("walkthrough", "begun with", **_CHOSEN) in said(page)
            await wizard.press("tab", "enter")
            await wizard.until(lambda: isinstance(wizard.app.screen, TearDown), "what goes")
            await wizard.press("escape")
            await at_begun(wizard)
            assert place.state() != before
            await wizard.press("enter")
            await wizard.until(lambda: isinstance(wizard.app.screen, TearDown), "what goes")
            await wizard.press("right", "enter")
            dialog = wizard.app.screen
            gone = dialog.session.texts.screen("onboard", "all gone")  # type: ignore[attr-defined]
            await wizard.until(lambda: gone in said(dialog), "all is gone")
            await wizard.press("enter")
            await wizard.until(lambda: wizard.app.screen.query(StartFields), "the first page")
            assert place.state() == before
            await at_start(wizard)
            await wizard.press("f5")
            assert not (await at_walk(wizard)).build.walk.is_begun

        drive(script, session=place.session(), size=(80, 24))


def test_what_stands_in_the_way(tmp_path: Path) -> None:
    """A name that is taken: said on the first screen; nothing can be agreed to, and nothing is made."""
    with account(tmp_path) as place:
        place.built(place.session(), "onboard_function").walk.close()
        for journal in tmp_path.iterdir():
            journal.unlink()  # it is somebody else's by that
        made = place.writes()

        async def script(wizard: Driver) -> None:
            await wizard.app.action_onboard()
            await at_start(wizard)
            await wizard.press("enter")
            page = await at_walk(wizard)
            for thing, name in _TAKEN.items():
                assert page.session.texts.screen("onboard", f"notice taken {thing}", name=name) in said(page.view)
            assert page.verdicts()[0] == "fail"
            for key in ("enter", "a"):
                await wizard.press(key)
                assert wizard.app.screen is page
            assert place.writes() == made

        drive(script, session=place.session(), size=(80, 24))


def test_no_credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said in the page, and what was typed stays."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    with account(tmp_path) as place:

        async def script(wizard: Driver) -> None:
            await wizard.app.action_onboard()
            page = await at_start(wizard)
            page.query_one("#line-name", Input).value = "crew"
            await wizard.press("f5")
            wanted = page.session.texts.screen("pick", "trouble no credentials", action="", error="").split()[0]
            await wizard.until(lambda: wanted in said(page) and page.is_ready, "why not")
            assert any(wrong.display for wrong in page.query("#wrong"))
            assert page.query_one("#line-name", Input).value == "crew"

        drive(script, session=place.session(keys=None), size=(80, 24))
