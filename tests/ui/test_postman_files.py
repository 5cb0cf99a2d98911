"""Exporting the set-up and checking a collection in the wizard: what is written, asked first, and said."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input

from cogwizard.ui.ask import Ask
from cogwizard.ui.postman.export import ExportFiles
from cogwizard.ui.postman.lint import Lint
from cogwizard.ui.postman.walk import Walk
from tests.ui.driver import Driver, drive
from tests.ui.postman_kit import at_start, judged, opened
from tests.ui.said import said
from tests.ui.signin_kit import SECRET, Account, account, leaks

POSTMAN = "https://oauth.pstmn.io/v1/callback"


def collection(place: Account, **changes: Any) -> str:
    """Return a collection whose OAuth 2.0 tab fits an account; `changes`: by Postman's keys."""
    block = {
        "grant_type": "authorization_code_with_pkce",
        "authUrl": f"{place.sandbox.url}/oauth2/authorize",
        "accessTokenUrl": f"{place.sandbox.url}/oauth2/token",
        "redirect_uri": place.callback,
        "clientId": place.client.id,
        "clientSecret": "",
        "client_authentication": "body",
        "scope": "openid",
        "addTokenTo": "header",
        "headerPrefix": "Bearer",
        **changes,
    }
    fields = [{"key": key, "value": value, "type": "string"} for key, value in block.items()]
    info = {
        "name": "orders",
        "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
    }
    call = {"method": "GET", "url": "https://a1b2c3d4e5.execute-api.ap-northeast-1.amazonaws.com/prod/orders"}
    item = [{"name": "List", "request": call}]
    return json.dumps({"info": info, "auth": {"type": "oauth2", "oauth2": fields}, "item": item})


async def at_lint(wizard: Driver) -> Lint:
    """Open the page of the check from the first page, with real keys."""
    wizard.app.action_postman()
    await at_start(wizard)
    wizard.app.screen.query_one("#lint").focus()
    await wizard.press("enter")
    await wizard.until(lambda: isinstance(wizard.app.screen, Lint) and wizard.app.screen.focused, "the page")
    assert isinstance(wizard.app.screen, Lint)
    return wizard.app.screen


async def checked(wizard: Driver, page: Lint) -> str:
    """Press F5, and return what the page says then."""
    await wizard.press("f5")
    await wizard.until(lambda: page.asking.seconds is None and page.query("#found > *, #answer"), "the check")
    await wizard.pilot.pause()
    return said(page)


def test_a_collection_that_fits_and_one_that_does_not(tmp_path: Path) -> None:
    """With AWS and without; a secret in the file is found and not shown; what was typed stays, in each language."""
    with account() as place:
        good, bad = tmp_path / "good.json", tmp_path / "bad.json"
        good.write_text(collection(place))
        bad.write_text(collection(place, redirect_uri=POSTMAN + "/", clientSecret=SECRET))

        async def script(wizard: Driver) -> None:
            page = await at_lint(wizard)
            await wizard.paste(str(good))
            text = await checked(wizard, page)
            assert page._page is not None
            assert [item.code for item in page._page.problems if item.is_cause] == []
            assert str(good) == page.query_one("#line-collection", Input).value
            await wizard.press("ctrl+u", *"bad")
            page.query_one("#line-collection", Input).value = str(bad)
            await wizard.pilot.pause()
            text = await checked(wizard, page)
            codes = [item.code for item in page._page.problems]
            assert {"redirect-mismatch", "client-secret-superfluous", "secret-in-file"} <= set(codes)
            assert POSTMAN + "/" in text
            assert leaks(wizard, SECRET) == []
            await wizard.press("f2")
            await checked(wizard, page)
            offline = {item.code for item in page._page.problems}
            assert "secret-in-file" in offline
            assert "redirect-mismatch" not in offline  # nobody knows what is registered
            await wizard.press("ctrl+l")
            await wizard.until(lambda: not page.is_stale, "Japanese")
            await wizard.until(lambda: page.session.texts.title("secret-in-file") in said(page), "the findings")
            assert page.query_one("#line-collection", Input).value == str(bad)
            page.query_one("#found").focus()
            page.set_focus(None)
            await wizard.press("e")
            await wizard.until(lambda: wizard.app.screen is not page, "the page of the code")

        drive(script, session=place.session(), size=(80, 24))


@pytest.mark.parametrize(
    ("make", "key"),
    [
        (lambda folder: folder / "none.json", "file-unreadable"),
        (lambda folder: _written(folder / "api.json", '{"openapi": "3.0.0", "paths": {}}'), "postman-openapi"),
        (lambda folder: _v3(folder / "v3"), "postman-v3"),
    ],
)
def test_a_file_that_is_no_collection(tmp_path: Path, make: Any, key: str) -> None:
    """The page says so, and what was typed stays."""
    path = make(tmp_path)
    with account() as place:

        async def script(wizard: Driver) -> None:
            page = await at_lint(wizard)
            await wizard.press("f5")
            assert page.say("lint no path") in said(page)
            await wizard.paste(str(path))
            await checked(wizard, page)
            await wizard.until(lambda: page._error is not None, "the error")
            assert getattr(page._error, "key", None) == key
            params = getattr(page._error, "params", {})
            assert page.session.texts.message(key, params) in said(page)
            assert page.query_one("#line-collection", Input).value == str(path)

        drive(script, session=place.session(), size=(80, 24))


def _written(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def _v3(path: Path) -> Path:
    path.mkdir()
    (path / "List.request.yaml").write_text("$kind: http-request\n")
    return path


def test_an_export_is_written_for_the_owner_alone(tmp_path: Path) -> None:
    """A directory that is not there is said in the dialog; files that are there are asked about once; no secret in any
    of them; then it says where they are, and how they are imported."""

    async def script(wizard: Driver) -> None:
        await wizard.judged()
        await wizard.press("m")
        await at_start(wizard)
        await wizard.press("f5")
        await judged(wizard)
        await wizard.press("x")
        dialog = wizard.app.screen
        assert isinstance(dialog, ExportFiles)
        await wizard.until(lambda: dialog._made, "the names")
        await wizard.press("tab", "enter")  # curl too
        name = next(name for name in dialog._files if name.endswith("postman_collection.json"))
        assert name in "".join(said(dialog).split())
        assert len(dialog._files) == 3
        line = dialog.query_one("#line-folder", Input)
        line.value = str(tmp_path / "none")
        await wizard.pilot.pause()
        await wizard.press("ctrl+s")
        await wizard.until(lambda: dialog._problem(), "the problem")
        await wizard.press("ctrl+l")
        await wizard.until(lambda: not dialog.is_stale and dialog._problem() in said(dialog), "the same in Japanese")
        line = dialog.query_one("#line-folder", Input)
        assert line.value == str(tmp_path / "none")
        assert line.value in dialog._problem()
        line.value = str(tmp_path)
        await wizard.pilot.pause()
        (tmp_path / name).write_text("mine")
        for answer in ("n", "y"):
            await wizard.press("ctrl+s")
            await wizard.until(lambda: isinstance(wizard.app.screen, Ask), "the question")
            assert (tmp_path / name).read_text() == "mine"
            assert len(list(tmp_path.iterdir())) == 1
            await wizard.press(answer)
        await wizard.until(lambda: dialog._written and not dialog.drawing.locked(), "the files")
        assert {path.name for path in tmp_path.iterdir()} == set(dialog._files)
        assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}
        assert json.loads((tmp_path / name).read_text())["auth"]["type"] == "oauth2"
        assert "eyJ" not in "".join(path.read_text() for path in tmp_path.iterdir())
        await wizard.until(lambda: str(tmp_path / name) in said(dialog), "where they are")
        assert dialog.say("import postman") in said(dialog)
        assert dialog.say("import curl") in said(dialog)
        await wizard.press("escape")
        assert isinstance(wizard.app.screen, Walk)

    drive(script, scenario="token-expired", size=(80, 24))


def test_without_a_call_nothing_is_exported() -> None:
    """That is said; a report can be saved all the same, without the client secret."""
    with account(secret=SECRET) as place:

        async def script(wizard: Driver) -> None:
            page = await opened(wizard)
            await wizard.press("x")
            assert wizard.app.screen is page
            assert [note.message for note in wizard.app._notifications] == [page.say("export no call")]
            await wizard.press("s")
            await wizard.until(lambda: "postman" in wizard.app.screen.query_one("#path", Input).value, "the report")
            await wizard.until(lambda: place.client.id in str(wizard.app.screen.query_one("#preview").text), "it")  # type: ignore[attr-defined]
            assert leaks(wizard, SECRET) == []

        drive(script, session=place.session(), size=(80, 24))
