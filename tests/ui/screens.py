"""Every screen of the wizard, opened one after the other, for what holds on all of them."""

import unicodedata
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from textual.screen import Screen

from cogwizard.intake.recognise import recognise
from cogwizard.joining import Join
from cogwizard.model.build import Choices
from cogwizard.model.team import Team
from cogwizard.onboarding.walkthrough import Walkthrough
from cogwizard.report import document, postman
from cogwizard.steps import checklist
from cogwizard.ui.add_entry import AddEntry
from cogwizard.ui.ask import Ask
from cogwizard.ui.errortext import ErrorText
from cogwizard.ui.explain import Explain
from cogwizard.ui.from_vault import FromVault
from cogwizard.ui.give_token import GiveToken
from cogwizard.ui.guide import TROUBLESHOOTING
from cogwizard.ui.guided import Guided
from cogwizard.ui.help import Help
from cogwizard.ui.home import Home
from cogwizard.ui.inspect import Inspect
from cogwizard.ui.join.signin import JoinSignIn
from cogwizard.ui.join.start import JoinStart
from cogwizard.ui.join.state import Typed as JoinTyped
from cogwizard.ui.join.walk import JoinWalk
from cogwizard.ui.journey import Journey
from cogwizard.ui.keep import Keep
from cogwizard.ui.onboard.build import Build
from cogwizard.ui.onboard.describe import Describe
from cogwizard.ui.onboard.removal import TearDown
from cogwizard.ui.onboard.start import Start as OnboardStart
from cogwizard.ui.onboard.walk import Walk as OnboardWalk
from cogwizard.ui.pick import Pick
from cogwizard.ui.postman.export import ExportFiles
from cogwizard.ui.postman.known import Known
from cogwizard.ui.postman.lint import Lint
from cogwizard.ui.postman.start import Start
from cogwizard.ui.postman.state import Typed
from cogwizard.ui.postman.walk import Walk
from cogwizard.ui.profiles import ChooseProfile
from cogwizard.ui.sandbox import SandboxList
from cogwizard.ui.save import Save
from cogwizard.ui.secret_hash import SecretHash
from cogwizard.ui.show_policy import ShowPolicy
from cogwizard.ui.signin.page import SignIn
from cogwizard.ui.signin.state import Purpose
from cogwizard.ui.vault import VaultPage
from cogwizard.ui.widgets.footer import Footer
from tests.ui.driver import Driver

Opener = Callable[[Journey], Screen[Any]]


def _save(journey: Journey) -> Screen[Any]:
    judgement = journey.seen.judgement
    assert judgement is not None
    return Save(lambda texts: document.build(judgement, texts))


def _export(journey: Journey) -> Screen[Any]:
    case, setup = journey.seen.case, Typed().setup
    report = postman.build(setup, checklist.judge(setup), journey.session.texts)
    return ExportFiles(Known(setup, report), case.call, Typed())


def _build(journey: Journey) -> Build:
    walk = Walkthrough(journey.session.ports, Choices(), where=Path("/nonexistent"))
    walk.prepare()
    return Build(walk, journey.wizard.monotonic)


_TEAM = Team("eu-west-1", "a1b2c3d4e5", "prod", "eu-west-1_AbCdEf123", "4p3a2b1c", (("GET", "/items"),))


# Those that open over a journey. What opens at the start is Home and the list of the sandbox.
OVER: dict[str, Opener] = {
    "explain": lambda _: Explain("token-expired"),
    "help": lambda journey: Help.of(journey),
    "save": _save,
    "ask": lambda _: Ask(lambda: "Really?", lambda: "Yes", lambda: "No"),
    "give token": lambda _: GiveToken(),
    "profiles": lambda _: ChooseProfile(),
    "policy": lambda _: ShowPolicy("ap-northeast-1", "a1b2c3d4e5"),
    "pick": lambda _: Pick(),
    "vault": lambda _: VaultPage(),
    "vault entry": lambda _: FromVault(("client-secret",)),
    "keep": lambda _: Keep("client-secret", "canary-kept", {"client_id": "x"}),
    "add entry": lambda _: AddEntry(),
    "secret hash": lambda _: SecretHash(),
    "error text": lambda _: ErrorText(recognise('{"message":"Unauthorized"}')),
    "sign in": lambda journey: SignIn(Purpose(journey.seen.case)),
    "postman start": lambda journey: Start(journey.seen.case),
    "postman": lambda journey: Walk(Typed(), journey.seen.case),
    "postman export": _export,
    "postman lint": lambda _: Lint(Typed()),
    "onboard start": lambda _: OnboardStart(),
    "onboard": lambda journey: OnboardWalk(_build(journey)),
    "join start": lambda _: JoinStart(),
    "join": lambda _: JoinWalk(JoinTyped(method="GET", path="/items"), _TEAM),
    "join sign in": lambda journey: JoinSignIn(Join(journey.session.ports, _TEAM), agreed=False),
    "describe": lambda _: Describe(_TEAM),
    "tear down": lambda journey: TearDown(_build(journey)),
    "inspect": lambda journey: Inspect(journey.session.given.token or _pasted(journey)),
}


def _pasted(journey: Journey) -> str:
    call = journey.session.given.call
    return dict(call.headers).get("Authorization", "") if call else ""


MARKS = set("✓✗")  # neutral by Unicode, and one cell in every terminal


def doubtful(text: str) -> set[str]:
    """Return the names of the characters of two cells in the terminals of Japan and of one elsewhere, and of emoji."""
    return {
        f"U+{ord(char):04X} {unicodedata.name(char, '?')}"
        for char in set(text) - MARKS
        if unicodedata.east_asian_width(char) == "A" or unicodedata.category(char) == "So"
    }


async def each(wizard: Driver, *, steps: bool = True) -> AsyncIterator[str]:
    """Yield the name of each screen while it is shown; begins at a scenario's verdict (see `driver.drive`)."""
    journey = await wizard.judged()
    for at, step in enumerate(TROUBLESHOOTING.screens if steps else TROUBLESHOOTING.screens[:1]):
        await journey.action_step(at)
        await wizard.pilot.pause()
        yield f"step {step}"
    for name, opener in OVER.items():
        await wizard.app.push_screen(opener(journey))
        await wizard.pilot.pause(0.05)
        opened = wizard.app.screen
        if isinstance(opened, Guided):
            await wizard.until(lambda: opened._is_open and opened.focused, name)  # noqa: B023
        if isinstance(opened, JoinWalk):
            await wizard.until(lambda: opened.known.report and not opened.is_reading, name)  # noqa: B023
        yield name
        await back_to(wizard, journey)
    below = {type(screen) for screen in wizard.app.screen_stack}
    for kind in (kind for kind in (SandboxList, Home) if kind in below):
        while not isinstance(wizard.app.screen, kind):
            await wizard.app.pop_screen()
        await wizard.pilot.pause(0.05)
        yield kind.__name__


async def back_to(wizard: Driver, screen: Screen[Any]) -> None:
    """Close what was opened over a screen."""
    while wizard.app.screen is not screen:
        await wizard.app.pop_screen()
    await wizard.pilot.pause()


def footer_keys(wizard: Driver) -> list[str]:
    """Return the keys of the footer with their names, as they stand."""
    return [f"{key} {name}".strip() for _, key, name in wizard.app.screen.query_one(Footer)._keys()]
