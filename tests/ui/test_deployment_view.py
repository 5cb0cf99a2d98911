"""The deployment screen: both views of the method line by line, the stage, and what could not be read."""

import pytest

from cogwizard.ui.widgets.facts import Facts
from tests.ui.driver import Driver, drive
from tests.ui.said import said


@pytest.mark.parametrize(
    ("scenario", "lang", "differing", "words"),
    [
        (
            "changes-not-deployed",
            "en",
            ["scopes"],
            ("orders/read", "differ for this method (1", "GetExport was readable"),
        ),
        ("changes-not-deployed", "ja", ["スコープ"], ("異なります（1 項目", "GetExport を取得しました")),
        ("changes-not-deployed-pool", "en", ["user pools"], ("********9012:userpool/",)),
        ("wrong-pool", "en", [], ("are the same for this method", "last changed", "canary")),
        ("permission-missing", "en", [], ("not known", "GetExport was not readable (AccessDenied", "stays hidden")),
        ("permission-missing-with-summary", "en", [], ("The deployment's summary told", "not known")),
        ("aws-credentials", "en", [], ("GetExport was not readable (Expired", "without valid credentials: see Access")),
        ("never-deployed", "en", [], ("Nothing is deployed to this stage", "the API has no such stage")),
        ("wrong-stage", "en", [], ("the API has no such stage", "its stages", "prod")),
    ],
)
def test_both_views(scenario: str, lang: str, differing: list[str], words: tuple[str, ...]) -> None:
    """All fields stand there; those that differ are marked with a sign, not by colour alone."""

    async def script(wizard: Driver) -> None:
        journey = await wizard.judged()
        await wizard.press("4")
        text = said(journey.view)
        assert [word for word in words if word not in text] == []
        assert "123456789012" not in text
        rows = journey.query_one("#fields", Facts)._facts
        assert [row.cells[0] for row in rows if row.verdict == "warn"] == differing
        assert len(rows) >= 3
        assert wizard.text().count(" ! ") >= len(differing)

    drive(script, scenario=scenario, lang=lang, size=(120, 80))


def test_a_method_that_is_not_deployed_yet() -> None:
    """Each line of the draft is new; the deployed column says that there is no such method."""

    async def script(wizard: Driver) -> None:
        journey = await wizard.judged()
        await wizard.press("4")
        rows = journey.query_one("#fields", Facts)._facts
        assert rows[0].cells == ("method", "no such method", "GET /invoices")
        assert {row.verdict for row in rows} == {"warn"}

    drive(script, scenario="changes-not-deployed-method", size=(80, 24))
