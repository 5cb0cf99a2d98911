"""Makes the pictures of the wizard from the sandbox: `python -m tests.screenshots`.

`screenshots/{en,ja}` are the README's; `tests/ui/snapshots` holds the look of a few screens. The same bytes each time.
"""

import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from textual.widgets import TextArea

from cogwizard.aws.session import Settings
from cogwizard.sandbox import World, mint
from cogwizard.text import Texts
from cogwizard.ui.journey import Journey
from cogwizard.ui.onboard.build import BREAK, PICTURE, STEPS
from cogwizard.ui.onboard.walk import Walk as OnboardWalk
from cogwizard.ui.postman.lint import Lint
from cogwizard.ui.postman.state import Typed
from cogwizard.ui.postman.walk import Walk
from cogwizard.ui.remembered import Remembered
from cogwizard.ui.session import Session
from tests.ui.driver import Driver, Script, drive
from tests.ui.fixed import NOW, fixed_world
from tests.ui.onboard_kit import at_start, at_walk, idle
from tests.ui.picture import screen_of, svg, text_of
from tests.ui.postman_kit import judged, picked

ROOT = Path(__file__).parents[1]
PUBLIC, SNAPSHOTS = Path("screenshots"), Path("tests/ui/snapshots")
FOLDERS = (PUBLIC, SNAPSHOTS)
WIDE, STANDARD, SMALL = (110, 34), (120, 36), (80, 24)
EXAMPLE_KEY = "6tYq0PzEXAMPLEkEyFORpIcTuReS0nLyAbCdEfGh"
STACKED, UNREADABLE = "stacked-expired-not-deployed", "permission-missing-with-summary"


@dataclass(frozen=True)
class Scene:
    """What the wizard is opened with. Pictures of one scene are taken one after the other."""

    size: tuple[int, int]
    lang: str = "en"
    scenario: str | None = None
    sandbox: bool = False
    no_color: bool = False
    theme: str | None = None


@dataclass(frozen=True)
class Shot:
    """A picture: where it goes, what the wizard is opened with, and what is done until it is taken."""

    path: Path
    scene: Scene
    act: Script


@dataclass(frozen=True)
class Picture:
    """A picture as it is written, the text in it, and the secrets that must not be in it."""

    path: Path
    content: bytes
    text: str
    secrets: tuple[str, ...] = field(repr=False)


def keys(*names: str) -> Script:
    """Return what presses keys."""

    async def act(wizard: Driver) -> None:
        await wizard.press(*names)

    return act


def example_token() -> str:
    """Return a token of a pool that is nobody's."""
    pool = World().add_pool("shop")
    return mint(pool, pool.add_client("web"), issued_at=NOW - 600)


async def nothing(wizard: Driver) -> None:
    """Take the first screen as it is."""


def example_curl() -> str:
    """Return a failing call as it is pasted, with a token and a key in it."""
    return "\n".join(
        [
            "curl 'https://a1b2c3d4e5.execute-api.ap-northeast-1.amazonaws.com/prod/orders?page=2' \\",
            f"  -H 'Authorization: Bearer {example_token()}' \\",
            f"  -H 'x-api-key: {EXAMPLE_KEY}'",
        ]
    )


async def pasted_call(wizard: Driver) -> None:
    """Paste a curl command on the home screen, and wait until it is recognised."""
    await wizard.paste(example_curl())
    await wizard.until(lambda: any(button.display for button in wizard.app.screen.query("#go")), "the pasted call")


async def inspected(wizard: Driver) -> None:
    """Take a token apart."""
    wizard.app.action_inspect(example_token())
    await wizard.until(lambda: "kid" in wizard.text(), "the claims")


async def saving(wizard: Driver) -> None:
    """Ask for a report, and wait for its preview."""
    await wizard.press("v", "s")
    await wizard.until(lambda: any(field.text for field in wizard.app.screen.query("#preview").results(TextArea)))


async def choosing_a_flow(wizard: Driver) -> None:
    """Ask for a token, and wait for the flows of the app client."""
    await wizard.press("g")
    await wizard.until(lambda: wizard.app.screen.query("#pools"), "the app client")
    await wizard.press("f5")
    await wizard.until(lambda: "USER_SRP_AUTH" in wizard.text(), "the flows")


def in_postman(*then: str) -> Script:
    """Return what opens the checklist of Postman's tab, with the desktop app's pop-up chosen, and presses keys."""

    async def act(wizard: Driver) -> None:
        if not isinstance(wizard.app.screen, Walk):
            await wizard.app._back_to(Journey)
            await wizard.press("m")
            await wizard.until(lambda: wizard.app.screen.query("#lint"), "the app client")
            await wizard.press("f5")
            await judged(wizard)
            await wizard.press("1")
            await picked(wizard, 2)
        await wizard.press(*then)

    return act


def in_walk_through(step: str, *then: str) -> Script:
    """Return what opens the walk-through in the sandbox, makes what is up to a step, and presses keys on its screen."""

    async def act(wizard: Driver) -> None:
        if not isinstance(wizard.app.screen, OnboardWalk):
            await wizard.app.action_onboard()
            await at_start(wizard)
            await wizard.press("f6")
            await at_start(wizard)
            await wizard.press("f5")
            await at_walk(wizard)
        page = await idle(wizard)
        await page.action_step(STEPS.index(step))
        for key in then:
            await wizard.press(key)
            if isinstance(wizard.app.screen, OnboardWalk):
                await idle(wizard)

    return act


async def linted(wizard: Driver) -> None:
    """Check a collection with a secret in it, and a challenge that Amazon Cognito does not take."""
    with TemporaryDirectory() as folder, contextlib.chdir(folder):
        Path("orders.json").write_text(example_collection(), "utf-8")
        page = Lint(Typed(offline=True))
        wizard.app.push_screen(page)
        await wizard.until(lambda: page.is_current and page.focused, "the page")
        await wizard.press(*"orders.json", "f5")
        await wizard.until(lambda: page._page is not None, "the findings")


def example_collection() -> str:
    """Return a collection of Postman whose tab is set wrong."""
    block = {
        "grant_type": "authorization_code_with_pkce",
        "authUrl": "https://shop.auth.ap-northeast-1.amazoncognito.com/oauth2/authorize",
        "accessTokenUrl": "https://shop.auth.ap-northeast-1.amazoncognito.com/oauth2/token",
        "challengeAlgorithm": "plain",
        "redirect_uri": "https://oauth.pstmn.io/v1/callback",
        "clientId": "1example23456789",
        "clientSecret": EXAMPLE_KEY,
        "scope": "openid",
    }
    schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
    url = "https://a1b2c3d4e5.execute-api.ap-northeast-1.amazonaws.com/prod/orders"
    return json.dumps(
        {
            "info": {"name": "orders", "schema": schema},
            "auth": {"type": "oauth2", "oauth2": [{"key": key, "value": text} for key, text in block.items()]},
            "item": [{"name": "List", "request": {"method": "GET", "url": url}}],
        }
    )


def _public(lang: str) -> Iterator[Shot]:
    folder = PUBLIC / lang
    journey = Scene(WIDE, lang, STACKED)
    yield Shot(folder / "home.svg", Scene((100, 26), lang), pasted_call)
    yield Shot(folder / "inspect.svg", Scene((110, 48), lang), inspected)
    yield Shot(folder / "sandbox.svg", Scene(WIDE, lang, sandbox=True), nothing)
    yield Shot(folder / "call.svg", journey, keys("1"))
    yield Shot(folder / "token.svg", journey, keys("5"))
    yield Shot(folder / "deployment.svg", journey, keys("4"))
    yield Shot(folder / "verdict.svg", journey, keys("v"))
    yield Shot(folder / "save.svg", journey, saving)
    yield Shot(folder / "postman-line.svg", journey, in_postman("3"))
    yield Shot(folder / "postman.svg", journey, in_postman("v"))
    yield Shot(folder / "lint.svg", journey, linted)
    built = Scene(WIDE, lang)
    yield Shot(folder / "onboard-picture.svg", built, in_walk_through(PICTURE))
    yield Shot(folder / "onboard-authorizer.svg", built, in_walk_through("onboard_authorizer", "enter", "y", "a", "9"))
    yield Shot(folder / "onboard-break.svg", built, in_walk_through(BREAK, "enter", "down", "down", "enter"))
    yield Shot(folder / "signin.svg", Scene((110, 26), lang, "token-expired"), choosing_a_flow)
    yield Shot(folder / "unknown.svg", Scene(WIDE, lang, UNREADABLE), keys("4"))


def _snapshots() -> Iterator[Shot]:
    yield Shot(SNAPSHOTS / "home-80x24.svg", Scene(SMALL), nothing)
    yield Shot(SNAPSHOTS / "token-80x24.svg", Scene(SMALL, scenario=STACKED), keys("5"))
    yield Shot(SNAPSHOTS / "token-120x36.svg", Scene(STANDARD, scenario=STACKED), keys("5"))
    yield Shot(SNAPSHOTS / "verdict-120x36.svg", Scene(STANDARD, scenario=STACKED), keys("v"))
    no_color = Scene(STANDARD, scenario=STACKED, no_color=True)
    yield Shot(SNAPSHOTS / "verdict-no-color-120x36.svg", no_color, keys("v"))
    yield Shot(SNAPSHOTS / "unknown-80x24.svg", Scene(SMALL, scenario=UNREADABLE), keys("4"))
    yield Shot(SNAPSHOTS / "token-ja-80x24.svg", Scene(SMALL, "ja", STACKED), keys("5"))


SHOTS = (*_public("en"), *_public("ja"), *_snapshots())


def scenes() -> dict[Scene, list[Shot]]:
    """Return the pictures by scene, in the order in which they are taken."""
    found: dict[Scene, list[Shot]] = {}
    for shot in SHOTS:
        found.setdefault(shot.scene, []).append(shot)
    return found


def draw(scene: Scene, shots: list[Shot]) -> list[Picture]:
    """Open the wizard once and take these pictures."""
    pictures: list[Picture] = []
    colors = {"NO_COLOR": "1"} if scene.no_color else {}
    with fixed_world(), patch.dict(os.environ, colors):
        session = Session(Texts(scene.lang), Settings(timeout=30.0), Remembered(theme=scene.theme), clock=lambda: NOW)

        async def script(wizard: Driver) -> None:
            if scene.scenario:
                await wizard.judged()
            for shot in shots:
                await shot.act(wizard)
                pictures.append(await _take(wizard, shot, session))

        drive(script, size=scene.size, lang=scene.lang, scenario=scene.scenario, sandbox=scene.sandbox, session=session)
    return pictures


async def _take(wizard: Driver, shot: Shot, session: Session) -> Picture:
    wizard.freeze()
    before = None
    lines = screen_of(wizard.app)
    while lines != before:  # what is read beside the screen, such as the keyring's name, has arrived
        await wizard.pilot.pause(0.1)
        before, lines = lines, screen_of(wizard.app)
    theme = wizard.app.current_theme
    title = f"cogwizard: {shot.path.stem}"
    picture = svg(lines, title, theme.background or "", theme.foreground or "", theme.panel or "")
    call = session.given.call
    secrets = [value for _, value in call.headers] if call else [example_token(), EXAMPLE_KEY]
    secrets += [session.given.token, session.given.other_token]
    return Picture(shot.path, picture.encode(), text_of(lines), tuple(text for text in secrets if len(text) > 20))


def main() -> None:
    """Write every picture, and remove those that no shot makes any more."""
    from tests import conftest  # noqa: F401  # no home, no environment of the user's, no network

    made = [picture for scene, shots in scenes().items() for picture in draw(scene, shots)]
    for folder in FOLDERS:
        for old in (ROOT / folder).rglob("*.svg"):
            if old.relative_to(ROOT) not in {picture.path for picture in made}:
                old.unlink()
    for picture in made:
        path = ROOT / picture.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture.content)
        print(picture.path)


if __name__ == "__main__":
    main()
