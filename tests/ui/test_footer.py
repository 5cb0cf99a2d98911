"""The footer: how to leave first, then what matters most, and a mark where keys are left out."""

from cogwizard.ui.guide import TROUBLESHOOTING
from cogwizard.ui.help import Help
from cogwizard.ui.widgets.facts import Facts
from cogwizard.ui.widgets.footer import Footer
from tests.ui.driver import Driver, drive
from tests.ui.screens import footer_keys


def test_what_matters_most_is_never_left_out() -> None:
    """At 80 columns: the way out, the step's own keys, the next step; copying where a value has the focus."""

    async def script(wizard: Driver) -> None:
        journey = await wizard.judged()
        await journey.action_step(TROUBLESHOOTING.screens.index("access"))
        await wizard.pilot.pause()
        assert footer_keys(wizard)[:5] == ["esc Back", "o Other profile", "i IAM policy", "n Next", "p Previous"]
        await journey.action_step(TROUBLESHOOTING.screens.index("authorizer"))
        await wizard.pilot.pause()
        assert footer_keys(wizard)[:4] == ["esc Back", "t Test mode", "n Next", "p Previous"]
        await journey.action_step(TROUBLESHOOTING.screens.index("token"))
        await wizard.pilot.pause()
        assert footer_keys(wizard)[:3] == ["esc Back", "n Next", "p Previous"]
        journey.set_focus(journey.view.query(Facts).first())
        await wizard.pilot.pause()
        assert footer_keys(wizard)[:3] == ["esc Back", "c Copy", "n Next"]

    drive(script, scenario="token-expired", size=(80, 24))


def test_while_something_is_read_escape_stops_that() -> None:
    """And says so; afterwards it leads back."""

    async def script(wizard: Driver) -> None:
        journey = await wizard.judged()
        assert footer_keys(wizard)[0] == "esc Back"
        assert journey.run_now is not None
        journey.run_now.done = False
        assert footer_keys(wizard)[0] == "esc Stop reading"
        journey.run_now.done = True
        assert footer_keys(wizard)[0] == "esc Back"

    drive(script, scenario="token-expired")


def test_a_click_presses_a_key() -> None:
    """The mark of what is left out opens the help, which has it."""

    async def script(wizard: Driver) -> None:
        journey = await wizard.judged()
        await journey.action_step(0)
        line = wizard.text().split("\n")[-1]
        await wizard.pilot.click(Footer, offset=(line.index("Next"), 0))
        await wizard.until(lambda: journey.at == 1, "the next step")
        line = wizard.text().split("\n")[-1]
        await wizard.pilot.click(Footer, offset=(line.index("..."), 0))
        await wizard.until(lambda: isinstance(wizard.app.screen, Help), "help")

    drive(script, scenario="token-expired", size=(80, 24))
