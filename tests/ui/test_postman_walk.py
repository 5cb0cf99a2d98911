"""The Postman checklist with real keys on the sandbox: every line, the choices, what is copied, what is not known."""

import pytest
from textual.widgets import Input

from cogwizard.text import LANGUAGES, Texts
from cogwizard.ui.home import Home
from cogwizard.ui.postman.known import SCREENS
from cogwizard.ui.postman.start import Start
from cogwizard.ui.postman.walk import Walk
from cogwizard.ui.signin.choose import Choose
from tests.ui.driver import Driver, drive
from tests.ui.postman_kit import at_start, causes, copies, entries, judged, opened, picked, walk
from tests.ui.said import said
from tests.ui.screens import doubtful
from tests.ui.signin_kit import SECRET, account, leaks

POSTMAN = "https://oauth.pstmn.io/v1/callback"


def test_the_whole_walk_by_keys() -> None:
    """From the first screen through every line to the end, the language changed on the way; no secret is ever seen."""
    texts = {name: Texts(name) for name in LANGUAGES}
    with account(secret=SECRET) as place:

        async def script(wizard: Driver) -> None:
            await wizard.press("escape", "3")
            await at_start(wizard)
            assert place.client.id in wizard.text()
            await wizard.press("f5")
            page = await judged(wizard)
            asked = len(place.sandbox.requests)
            spoken = "en"
            for number, step in enumerate(SCREENS):
                question = texts[spoken].screen("postman", f"question {step}")
                assert "".join(question.split())[:20] in "".join(wizard.text().split()), step
                assert leaks(wizard, SECRET) == [], step
                assert doubtful(wizard.text()) == doubtful(""), step
                if number == 5:
                    await wizard.press("ctrl+l")
                    spoken = "ja"
                    await wizard.until(lambda: page.known.report is not None and not page.is_stale, "the language")
                    assert "secret " in entries(wizard)["clientSecret"]
                await wizard.press("n")
            assert page.here == SCREENS[-1]
            assert texts[spoken].label("outcome inconclusive postman")[:20] in said(page.view)
            assert len(place.sandbox.requests) == asked  # walking reads nothing
            await wizard.press("p", "0")
            assert page.here == "postman_header"
            await wizard.press("escape")
            await at_start(wizard)
            await wizard.press("escape")
            assert isinstance(wizard.app.screen, Home)

        app = drive(script, session=place.session(), size=(80, 24))
        assert app.session.remembered.client_id == place.client.id


def test_from_a_journey() -> None:
    """`m` takes the call along: its pool and app client stand there, the line of the token says which one it wants."""

    async def script(wizard: Driver) -> None:
        await wizard.judged()
        pool = next(iter(wizard.app.session.sandbox.settings.values())).pool  # type: ignore[union-attr]
        await wizard.press("m")
        await at_start(wizard)
        assert [pool.id, next(iter(pool.clients))] == [
            wizard.app.screen.query_one(f"#line-{name}", Input).value for name in ("user_pool_id", "client_id")
        ]
        await wizard.press("f5")
        page = await judged(wizard)
        assert page.known.setup.needs.kind == "id-token"
        assert "SANDBOX" in wizard.text()
        await wizard.press("9")
        assert entries(wizard) == {"useTokenType": "ID token"}
        await wizard.press("e")
        await wizard.until(lambda: "id-token-not-selected" in wizard.text(), "the page of the code")

    app = drive(script, scenario="token-expired", size=(80, 24))
    assert app.session.postman is None  # the sandbox's is not the user's
    assert app.session.remembered.user_pool_id is None


def test_choices_are_judged_at_once() -> None:
    """Which Postman, its callback URL, the grant, the scopes: each changes what is said, and nothing is read for it."""
    with account(CallbackURLs=[POSTMAN, "https://app.example.com/"]) as place:

        async def script(wizard: Driver) -> None:
            page = await opened(wizard)
            asked = len(place.sandbox.requests)
            await wizard.press("1")
            await picked(wizard, 2)
            assert causes(wizard) == ["redirect-mismatch"]  # the web's own is not registered
            assert page.verdicts()[2] == "fail"
            await picked(wizard, 1)
            await wizard.press("3")
            assert entries(wizard)["redirect_uri"] == POSTMAN
            await wizard.press("tab", "x", "enter")
            assert entries(wizard)["redirect_uri"] == f"{POSTMAN}x"
            assert causes(wizard) == ["redirect-mismatch"]
            await wizard.press("tab")
            await picked(wizard, 1)
            assert entries(wizard)["redirect_uri"] == "https://app.example.com/"
            assert causes(wizard) == []
            await wizard.press("2")
            await picked(wizard, 3)
            assert causes(wizard)[0] == "grant-not-enabled"
            await picked(wizard, 2)
            assert causes(wizard) == []
            await wizard.press("7", "tab", *"crew/no", "enter")
            assert "scope-not-allowed" in causes(wizard)
            await wizard.press("tab", "tab", "enter")
            assert causes(wizard) == []
            assert entries(wizard) == {"scope": "openid"}
            await wizard.press("v")
            assert "https://app.example.com/" in said(page.view)
            assert len(place.sandbox.requests) == asked
            await wizard.press("escape")
            await at_start(wizard)
            await wizard.press("f5")
            await judged(wizard)
            assert page is not walk(wizard)
            await wizard.press("3")
            assert entries(wizard)["redirect_uri"] == "https://app.example.com/"  # what was chosen is kept

        drive(script, session=place.session(), size=(80, 24))


def test_what_is_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    """The value to enter; a client secret only where the user went to it, and never into a file."""
    taken: list[tuple[str, bool]] = []
    monkeypatch.setattr("cogwizard.ui.clipboard.copy_in_background", copies(taken))
    with account(secret=SECRET) as place:

        async def script(wizard: Driver) -> None:
            await opened(wizard)
            await wizard.press("5", "c")
            assert taken == [(place.client.id, True)]
            taken.clear()
            await wizard.press("6", "c")
            assert taken == []
            await wizard.press("tab", "c")
            assert taken == [(SECRET, False)]
            await wizard.press("tab", "c")
            assert taken[1:] == [("Send as Basic Auth header", True)]
            await wizard.press("v", "c")
            assert "Client Secret\tsecret " in taken[2][0]
            assert leaks(wizard, SECRET) == []

        drive(script, session=place.session(), size=(80, 24))


def test_what_may_not_be_read() -> None:
    """It is unknown, with the permission for it; read again with the permission, it is known."""
    with account() as place:
        place.sandbox.denied["DescribeUserPoolClient"] = "AccessDeniedException"

        async def script(wizard: Driver) -> None:
            page = await opened(wizard)
            await wizard.press("2")
            assert page.verdicts()[1] == "unknown"
            assert "cognito-idp:DescribeUserPoolClient" in said(page.view)
            assert "arn:aws:cognito-idp:" in said(page.view)
            place.sandbox.denied.clear()
            await wizard.press("r")
            await judged(wizard)
            assert page.verdicts()[1] == "pass"

        drive(script, session=place.session(), size=(80, 24))


def test_escape_stops_a_read_that_hangs() -> None:
    """And the page says that not all is known; the next escape leads back."""
    with account() as place:
        place.sandbox.denied["DescribeUserPool"] = "hang"

        async def script(wizard: Driver) -> None:
            wizard.app.action_postman()
            await at_start(wizard)
            await wizard.press("f5")
            await wizard.until(lambda: isinstance(wizard.app.screen, Walk) and wizard.app.screen.reading, "the reads")
            page = walk(wizard)
            await wizard.until(lambda: page.known.report is not None, "the first facts")
            await wizard.press("escape")
            await wizard.until(lambda: not page.known.running, "it stopped")
            assert page.verdicts()[3] == "unknown"
            page._ended = 0.0
            await wizard.press("escape")
            await at_start(wizard)

        drive(script, session=place.session(), size=(80, 24))


def test_the_endpoints_are_asked_only_with_consent() -> None:
    """The question names the host; no sends nothing; yes sends no secret, and what comes back is judged."""
    with account(secret=SECRET) as place:

        def asked() -> int:
            return sum(service == "cognito-domain" for service, _, _ in place.sandbox.requests)

        async def script(wizard: Driver) -> None:
            page = await opened(wizard)
            for answer in ("n", "y"):
                await wizard.press("b")
                await wizard.until(lambda: wizard.app.screen is not page, "the question")
                assert place.sandbox.url.removeprefix("http://") in "".join(wizard.text().split())
                assert asked() == 0
                await wizard.press(answer)
            await wizard.until(lambda: page.known.setup.answers, "the answers")
            assert asked() == 2
            assert page.known.setup.answers["authorize"] is None
            assert SECRET not in str(place.sandbox.requests)
            await wizard.press("v")
            assert "invalid_client" in said(page.view)
            await wizard.press("1")
            await picked(wizard, 0)
            assert page.known.setup.answers == {}  # of another set-up

        drive(script, session=place.session(), size=(80, 24))


def test_hurried_keys() -> None:
    """Presses before a page is drawn do no harm, and nothing that was typed is lost."""
    with account() as place:

        async def script(wizard: Driver) -> None:
            wizard.app.action_postman()
            await wizard.pilot.press("f5", "f5", "n", "v", "x", "b", "1", "ctrl+l", "ctrl+l")
            # A key that came late enough has asked something, which is not answered.
            while not isinstance(wizard.app.screen, Start | Walk):
                await wizard.press("escape")
            if isinstance(wizard.app.screen, Start):
                await at_start(wizard)
                await wizard.press("f5")
            await judged(wizard)
            await wizard.press("7", "tab")
            await wizard.pilot.press(*" crew/read", "ctrl+l", "enter", "v", "n", "p", "7")
            await wizard.until(lambda: entries(wizard) == {"scope": "openid crew/read"}, "what was typed")
            assert wizard.app.session.texts.lang == "ja"
            assert wizard.app.session.postman is not None
            assert wizard.app.session.postman.entered == {"scope": "openid crew/read"}

        drive(script, session=place.session(), size=(60, 20))


def test_the_first_page_says_what_is_missing() -> None:
    """No app client, no method, a URL that is none of API Gateway's, a token in the wrong line."""
    with account() as place:

        async def script(wizard: Driver) -> None:
            wizard.app.action_postman()
            page = await at_start(wizard)
            page.query_one("#line-client_id", Input).value = ""
            await wizard.pilot.pause()
            await wizard.press("f5")
            await wizard.until(lambda: isinstance(wizard.app.screen, Choose), "the list of the pool's app clients")
            await wizard.until(lambda: "web" in wizard.text(), "the app client")
            await wizard.press("escape")
            await at_start(wizard)
            assert page.session.texts.screen("signin", "need client")[:30] in said(page)
            await wizard.press(*place.client.id)
            page.query_one("#line-url", Input).focus()
            await wizard.press(*"not-a-url", "enter")
            await wizard.until(lambda: page.is_ready, "taken")
            wrong = [prose for prose in page.query("#wrong") if prose.display]
            assert wrong, wizard.text()
            page.query_one("#line-url", Input).value = ""
            await wizard.paste("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln")
            assert page.query_one("#line-url", Input).value == ""
            await wizard.press("f5")
            await judged(wizard)

        drive(script, session=place.session(), size=(80, 24))
