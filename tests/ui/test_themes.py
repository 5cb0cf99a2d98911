"""The themes: every text can be read on every ground, and nothing is told by colour alone."""

from collections.abc import Iterator

import pytest
from textual.app import ComposeResult
from textual.color import Color
from textual.strip import Strip
from textual.theme import Theme
from textual.widget import Widget
from textual.widgets import Button, Input, OptionList, TextArea

from cogwizard.report.page import Mend
from cogwizard.ui.base import Page
from cogwizard.ui.themes import CONTRAST, THEMES
from cogwizard.ui.widgets.facts import Fact, Facts
from cogwizard.ui.widgets.mend import MendBox
from tests.ui.driver import Driver, drive

TEXTS = (
    "foreground",
    "foreground-muted",
    "primary",
    "accent",
    "secondary",
    "success",
    "warning",
    "error",
    "footer-key-foreground",
)
GROUNDS = ("background", "surface", "panel")
# What is marked in a field, and the cursor of a list: the colours swapped.
OTHERS = (("foreground", "input-selection-background"), ("background", "foreground"))


def luminance(color: Color) -> float:
    """Return the relative luminance of WCAG 2.2."""
    parts = [value / 255 for value in color.rgb]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Color, other: Color) -> float:
    """Return the contrast of two colours, 1 to 21, as WCAG 2.2 measures it."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_that_of_wcag() -> None:
    """Known pairs: the measure of the other tests is right."""
    assert contrast(Color.parse("#000000"), Color.parse("#ffffff")) == pytest.approx(21)
    assert contrast(Color.parse("#777777"), Color.parse("#ffffff")) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_text_can_be_read_on_every_ground(theme: Theme) -> None:
    """AA (4.5) everywhere, AAA (7) in the theme that is named after it."""
    colors = {name: Color.parse(value) for name, value in resolved(theme)}
    least = 7.0 if theme is CONTRAST else 4.5
    pairs = [(text, ground) for text in TEXTS for ground in GROUNDS]
    poor = {
        (text, ground): round(contrast(colors[text], colors[ground]), 2)
        for text, ground in (*pairs, *OTHERS)
        if contrast(colors[text], colors[ground]) < least
    }
    assert poor == {}


def resolved(theme: Theme) -> Iterator[tuple[str, str]]:
    """Yield the names of a theme with their colours, those that are none ("auto 87%", "bold") left out."""
    wanted = {*TEXTS, *GROUNDS, *(name for pair in OTHERS for name in pair)}
    for name, value in theme.to_color_system().generate().items():
        if name in wanted:
            yield name, value


def test_red_is_told_from_the_other_marks() -> None:
    """The colour of a cause is no other's: it would not stand out."""
    for theme in THEMES:
        others = {theme.primary, theme.secondary, theme.accent, theme.foreground, theme.success, theme.warning}
        assert theme.error not in others, theme.name


class Everything(Page):
    """A screen with one of each widget that can have the focus."""

    texts_name = "sandbox"

    def compose(self) -> ComposeResult:
        """See `Screen`."""
        yield Button("press", id="button")
        yield Button("press", variant="primary", id="primary")
        yield Input("typed", id="input", select_on_focus=False)
        yield Input(placeholder="to be typed", id="empty")
        yield TextArea("one\ntwo", id="text")
        yield TextArea("", id="no-text")
        yield OptionList("one", "two", id="list")
        yield Facts(["a", "b", "c"], [Fact("fail", ("x", "y", "z"))], id="facts")
        yield Facts(["a", "b", "c"], [Fact("", ("x", "y", ""))], id="facts-gap")
        yield MendBox(Mend("mend", (("cli", "aws x"), ("sam", "y"))), {"cli": "CLI", "sam": "SAM"}, id="mend")
        yield MendBox(Mend("mend", ()), {}, id="no-forms")


def styled(wizard: Driver, widget: Widget) -> list[tuple[str, tuple[bool, bool, bool]]]:
    """Return what is drawn in a widget's region: the text, and its bold, reverse and underline. No colour."""
    strips: list[Strip] = wizard.app.screen._compositor.render_strips()
    found = []
    for strip in strips[widget.region.y : widget.region.bottom]:
        for segment in strip.crop(widget.region.x, widget.region.right):
            style = segment.style
            marks = (bool(style and style.bold), bool(style and style.reverse), bool(style and style.underline))
            if segment.text.strip() or any(marks):
                found.append((segment.text, marks))
    return found


@pytest.mark.parametrize("no_color", [False, True])
def test_focus_is_seen_without_colour(no_color: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """What has the focus differs from what has not by bold, reverse or underline, in all that can have it."""
    if no_color:
        monkeypatch.setenv("NO_COLOR", "1")

    async def script(wizard: Driver) -> None:
        assert wizard.app.no_color is no_color
        await wizard.app.push_screen(Everything())
        await wizard.pilot.pause()
        wizard.freeze()
        screen = wizard.app.screen
        for widget in screen.query("#text, #no-text"):
            widget.styles.height = 4
        for widget in screen.focus_chain:
            screen.set_focus(None)
            await wizard.pilot.pause()
            without = styled(wizard, widget)
            widget.focus()
            await wizard.pilot.pause()
            assert screen.focused is widget
            assert styled(wizard, widget) != without, widget.id

    drive(script, size=(80, 40))


def test_no_colour_is_left_without_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    """With NO_COLOR every cell is grey, in every theme."""
    monkeypatch.setenv("NO_COLOR", "1")

    async def script(wizard: Driver) -> None:
        await wizard.app.push_screen(Everything())
        for _ in THEMES:
            await wizard.press("ctrl+t")
            for strip in wizard.app.screen._compositor.render_strips():
                for segment in strip:
                    for color in (segment.style.color, segment.style.bgcolor) if segment.style else ():
                        if color is not None and color.triplet is not None:
                            assert len(set(color.triplet)) == 1, segment

    drive(script)


def test_theme_goes_round_and_is_remembered() -> None:
    """ctrl+t shows each theme in turn; the one that is shown last is remembered."""

    async def script(wizard: Driver) -> None:
        seen = []
        for _ in THEMES:
            await wizard.press("ctrl+t")
            seen.append(wizard.app.theme)
            assert wizard.app.session.remembered.theme == wizard.app.theme
        assert sorted(seen) == sorted(theme.name for theme in THEMES)

    drive(script)
