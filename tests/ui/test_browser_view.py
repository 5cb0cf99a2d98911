"""The browser's screen: the page's way beside curl's, and the origin that is typed there."""

import pytest

from cogwizard.ui.views.browser import BrowserView
from cogwizard.ui.widgets.facts import Facts
from cogwizard.ui.widgets.field import Field
from tests.ui.driver import Driver, drive
from tests.ui.said import said

BROWSER = "9"


@pytest.mark.parametrize(
    ("scenario", "lang", "size", "words"),
    [
        (
            "cors-hides-401",
            "en",
            (80, 24),
            ("OPTIONS (GET, with authorization)", "sends GET", "401 UnauthorizedException", "a CORS error"),
        ),
        ("preflight-missing", "ja", (120, 40), ("403 MissingAuthenticationTokenException", "中止し", "CORS エラー")),
        ("preflight-needs-no-auth-pasted", "en", (80, 24), ("A preflight was given", "401 UnauthorizedException")),
    ],
)
def test_both_ways(scenario: str, lang: str, size: tuple[int, int], words: tuple[str, ...]) -> None:
    async def script(wizard: Driver) -> None:
        journey = await wizard.judged()
        await wizard.press(BROWSER)
        assert isinstance(journey.view, BrowserView)
        text = said(journey.view)
        assert [word for word in words if word not in text] == []

    drive(script, scenario=scenario, lang=lang, size=size)


def test_an_origin_that_is_typed_makes_it_a_pages_call() -> None:
    """What is no origin is said beside the field and takes nothing away."""

    async def script(wizard: Driver) -> None:
        journey = await wizard.judged()
        assert journey.seen.judgement is not None
        assert journey.seen.judgement.outcome == "healthy"
        await wizard.press(BROWSER)
        assert not journey.query_one("#ways", Facts)._facts
        field = journey.query_one("#field-origin", Field)
        field.line.focus()
        field.line.value = "app.example.com"
        await wizard.press("enter")
        await wizard.until(lambda: "This is no origin" in field.wrong)
        field.line.value = "https://app.example.com"
        await wizard.press("enter")
        await wizard.until(lambda: journey.session.given.origin == "https://app.example.com")
        await wizard.until(lambda: journey.seen.judgement is not None and bool(journey.seen.judgement.causes))
        assert journey.seen.judgement.causes == ("preflight-missing", "cors-headers-missing")
        assert "A page calls, of the origin https://app.example.com" in said(journey.view)

    drive(script, scenario="healthy-bearer", size=(120, 40))
