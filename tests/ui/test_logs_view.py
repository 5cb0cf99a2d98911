"""The logs screen: what is read and what it costs comes first; then the lines; and how logging is switched on."""

from cogwizard.ui.views.logs import LogsView
from cogwizard.ui.widgets.facts import Facts
from tests.ui.driver import Driver, drive
from tests.ui.said import said


async def _logs(wizard: Driver) -> LogsView:
    journey = await wizard.judged()
    await journey.action_step(journey.steps.index("logs"))
    await wizard.pilot.pause()
    view = journey.view
    assert isinstance(view, LogsView)
    return view


def test_lines_are_read_when_the_user_says_so() -> None:
    async def script(wizard: Driver) -> None:
        view = await _logs(wizard)
        sandbox = view.session.sandbox
        assert sandbox is not None
        text = said(view)
        assert "AWS's price list has no charge for FilterLogEvents" in text
        assert "l reads the lines" in text
        assert not [name for _, name, _ in sandbox.sandbox.requests if name == "FilterLogEvents"]
        at = view.journey.steps.index("logs")
        assert view.journey.verdicts()[at] == "skipped"
        calls = sum(name == "Invoke" for _, name, _ in sandbox.sandbox.requests)
        await wizard.press("l")
        journey = await wizard.judged()
        assert journey.seen.judgement is not None
        assert journey.seen.judgement.causes == ("api-key-required",)
        assert journey.verdicts()[at] == "pass"
        text = said(view)
        assert "The log says what stopped this call" in text
        assert "AWS's price list" not in text
        lines = view.query_one("#log-lines", Facts)._facts
        assert [fact.cells[2] for fact in lines][-1] == "the API key was refused, or none was sent"
        assert view.codes == ("api-key-required",)
        assert "not authorized because" in (view.copyable_page() or "")
        assert sum(name == "Invoke" for _, name, _ in sandbox.sandbox.requests) == calls
        await wizard.press("R")
        await wizard.judged()
        assert sum(name == "FilterLogEvents" for _, name, _ in sandbox.sandbox.requests) == 2

    drive(script, scenario="logs-key-refused", size=(110, 60))


def test_how_logging_is_switched_on() -> None:
    async def script(wizard: Driver) -> None:
        view = await _logs(wizard)
        text = said(view)
        assert "ログは無効です" in text
        assert "$context.error.responseType" in text
        assert not view.query_one("#read-logs").display
        await wizard.press("l")
        api = view.journey.seen.case.place.rest_api_id
        forms = [dict(box._mend.forms) for box in view.query("MendBox")]  # type: ignore[attr-defined]
        assert [form["cli"].split()[1] for form in forms] == ["iam", "apigateway", "logs"]
        assert f"--rest-api-id {api} --stage-name prod" in forms[1]["cli"]
        assert '\\"responseType\\":\\"$context.error.responseType\\"' in forms[2]["cli"]

    drive(script, scenario="logs-off", lang="ja", size=(80, 24))


def test_lines_that_come_late_are_looked_for_again() -> None:
    async def script(wizard: Driver) -> None:
        view = await _logs(wizard)
        await wizard.press("l")
        await wizard.judged()
        assert "No line of this call was found" in said(view)
        assert "proves nothing" in said(view)
        sandbox = view.session.sandbox
        assert sandbox is not None
        for group in sandbox.sandbox.world.log_groups.values():
            for event in group.events:
                event.looks = 0
        await wizard.press("r")
        journey = await wizard.judged()
        assert "The log says what stopped this call" in said(view)
        assert journey.seen.judgement is not None
        assert journey.seen.judgement.causes == ("api-key-required",)

    drive(script, scenario="logs-late", size=(110, 40))
