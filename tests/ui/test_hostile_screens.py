"""Hostile names and texts on every step's screen: shown as they are, never as markup, never to the terminal."""

import time
import unicodedata
from dataclasses import replace
from typing import cast

import pytest

from cogwizard.ports import Ports
from cogwizard.report.wrap import width
from cogwizard.ui.guide import TROUBLESHOOTING
from tests.report.test_hostile import HOSTILE, PLACES
from tests.ui.driver import Driver, Known, drive

MARKUP = "[bold red]owned[/] [@click=app.quit]here[/] [link=//evil.example]there[/] [/] [x"
MIXED = " ".join([MARKUP, *(HOSTILE[name] for name in ("ansi", "bidi", "nul", "format", "lines")), "日本語テキスト"])
# Screens that show of the call what no finding holds. Of the others those whose findings hold the text; all of them for
# each eighth place.
ALWAYS = {"call", "token", "verdict"}
_ACTIVE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def check(text: str, columns: int, where: str) -> None:
    """No control or format character, no line that is wider than the screen."""
    active = {char for char in set(text) - {"\n"} if unicodedata.category(char) in _ACTIVE}
    assert not active, (where, active)
    assert max(map(width, text.split("\n"))) <= columns, where


NAMES = list(PLACES)
THIRDS = [NAMES[start::3] for start in range(3)]


@pytest.mark.parametrize(
    ("hostile", "size", "places"),
    [*((MIXED, (80, 24), third) for third in THIRDS), (HOSTILE["long"], (60, 20), NAMES[::8])],
    ids=["mixed 1", "mixed 2", "mixed 3", "long"],
)
def test_no_name_acts_on_any_screen(hostile: str, size: tuple[int, int], places: list[str]) -> None:
    """Every place that foreign text comes from, on every step, each judged from the facts of that place."""

    async def script(wizard: Driver) -> None:
        journey = await wizard.judged()
        wizard.app.session._ports = cast(Ports, Known())
        shown = ""
        for place in places:
            await journey.gather(replace(PLACES[place](hostile), now=time.time()))
            await wizard.judged()
            told = {item["step"] for item in (journey.seen.report or {})["findings"] if "[link=" in str(item)}
            for at, step in enumerate(TROUBLESHOOTING.screens):
                if hostile is MIXED and step not in told | ALWAYS and places.index(place) % 8:
                    continue
                await journey.action_step(at)
                await wizard.pilot.pause()
                text = wizard.text()
                check(text, size[0], f"{place}, {step}")
                shown += text
        if hostile is MIXED:
            assert "[bold red]owned[/]" in shown.replace("\n", "")
            assert "\\x1b" in shown

    drive(script, size=size, scenario="token-expired")
