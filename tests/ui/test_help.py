"""F1 and the pages of the codes."""

import pytest
from textual.containers import VerticalScroll
from textual.widgets import OptionList

from cogwizard.model.code import CODES
from cogwizard.text import LANGUAGES, Texts
from cogwizard.ui.explain import Explain
from cogwizard.ui.widgets.facts import Facts
from cogwizard.ui.widgets.mend import MendBox
from cogwizard.ui.widgets.prose import Prose
from tests.ui.driver import Driver, drive


def said(wizard: Driver) -> str:
    """Return the paragraphs of the screen that is on top, and its tables, without what shows behind it."""
    screen = wizard.app.screen
    tables = [cell for table in screen.query(Facts) for fact in table._facts for cell in fact.cells]
    titles = [mend._mend.title for mend in screen.query(MendBox)]
    options = [option.prompt for listed in screen.query(OptionList) for option in listed.options]
    return "\n".join([*(prose.text for prose in screen.query(Prose)), *tables, *titles, *map(str, options)])


def test_help_is_of_what_has_the_focus() -> None:
    """The widget, the step's question, the screen, the keys that act; F1 closes it, and the focus is where it was."""
    texts = Texts("en")

    async def script(wizard: Driver) -> None:
        journey = await wizard.judged()
        await wizard.press("5", "tab")
        focused = journey.focused
        assert isinstance(focused, Facts)
        await wizard.press("f1")
        shown = said(wizard)
        assert texts.screen("help", "widget facts") in shown
        assert texts.screen("steps", "question token") in shown
        assert texts.screen("help", "screen journey") in shown
        assert "Give a token" in shown
        assert "ctrl+t\nTheme" in shown
        await wizard.press("ctrl+l")
        assert Texts("ja").screen("help", "screen journey") in said(wizard)
        await wizard.press("f1")
        assert wizard.app.screen is journey
        await wizard.pilot.pause()
        assert journey.focused is not None
        assert journey.focused.id == focused.id

    drive(script, scenario="token-expired")


def test_a_page_says_all_that_explain_says() -> None:
    """Every section, remedy, neighbour and reference of a code."""
    texts, code = Texts("en"), "token-expired"

    async def script(wizard: Driver) -> None:
        wizard.app.action_explain(code)
        await wizard.pilot.pause()
        shown, entry = said(wizard), texts.entry(code)
        for text in (
            texts.title(code),
            *(entry[name] for name in ("means", "why", "proof", "limits", "confused_with")),
        ):
            assert text in shown
        for fix in texts.fixes(code, {}):
            assert fix.title in shown
        for neighbour in texts.neighbours(code):
            assert f"{neighbour}: {texts.title(neighbour)}" in shown
        for address in texts.references(code):
            assert address in shown

    drive(script)


def test_a_neighbour_opens_its_page() -> None:
    """By enter; escape comes back to the page before."""
    texts = Texts("en")
    neighbour = texts.neighbours("token-expired")[0]

    async def script(wizard: Driver) -> None:
        wizard.app.action_explain("token-expired")
        await wizard.pilot.pause()
        first = wizard.app.screen
        first.query_one("#neighbours", OptionList).focus()
        await wizard.press("enter")
        assert isinstance(wizard.app.screen, Explain)
        assert wizard.app.screen.code == neighbour
        await wizard.press("escape")
        assert wizard.app.screen is first

    drive(script)


def test_a_page_is_copied_as_a_whole_or_by_its_parts() -> None:
    """c copies the page; a remedy or an address, where that has the focus."""
    taken: list[str] = []

    async def script(wizard: Driver) -> None:
        wizard.app.copy = taken.append  # type: ignore[method-assign, assignment]
        wizard.app.action_explain("token-expired")
        await wizard.pilot.pause()
        screen = wizard.app.screen
        await wizard.press("c")
        screen.query(MendBox).first().focus()
        await wizard.press("right", "c")
        screen.query_one("#references").focus()
        await wizard.press("c")

    drive(script)
    page, command, address = taken
    assert page.startswith("token-expired: ")
    assert Texts("en").entry("token-expired")["why"] in page
    assert "aws cognito-idp " in command
    assert address.startswith("https://")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_code_has_a_page(lang: str) -> None:
    """And none is wider than a small terminal."""

    async def script(wizard: Driver) -> None:
        for code in sorted(CODES)[::7]:
            wizard.app.action_explain(code)
            await wizard.pilot.pause()
            assert wizard.text().count(code)
            assert wizard.app.screen.query_one(VerticalScroll).max_scroll_x == 0
            await wizard.press("escape")

    drive(script, size=(80, 24), lang=lang)
