"""Every screen of the wizard, opened one after the other, for what holds on all of them."""

from collections.abc import AsyncIterator, Callable
from typing import Any

from textual.screen import Screen

from cogwizard.intake.recognise import recognise
from cogwizard.ui.add_entry import AddEntry
from cogwizard.ui.ask import Ask
from cogwizard.ui.errortext import ErrorText
from cogwizard.ui.explain import Explain
from cogwizard.ui.from_vault import FromVault
from cogwizard.ui.give_token import GiveToken
from cogwizard.ui.guide import TROUBLESHOOTING
from cogwizard.ui.help import Help
from cogwizard.ui.home import Home
from cogwizard.ui.inspect import Inspect
from cogwizard.ui.journey import Journey
from cogwizard.ui.keep import Keep
from cogwizard.ui.pick import Pick
from cogwizard.ui.profiles import ChooseProfile
from cogwizard.ui.sandbox import SandboxList
from cogwizard.ui.save import Save
from cogwizard.ui.secret_hash import SecretHash
from cogwizard.ui.show_policy import ShowPolicy
from cogwizard.ui.signin.page import SignIn
from cogwizard.ui.signin.state import Purpose
from cogwizard.ui.vault import VaultPage
from tests.ui.driver import Driver

Opener = Callable[[Journey], Screen[Any]]


def _save(journey: Journey) -> Screen[Any]:
    assert journey.seen.judgement is not None
    return Save(journey.seen.judgement)


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
    "inspect": lambda journey: Inspect(journey.session.given.token or _pasted(journey)),
}


def _pasted(journey: Journey) -> str:
    call = journey.session.given.call
    return dict(call.headers).get("Authorization", "") if call else ""


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
