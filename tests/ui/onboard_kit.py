"""What the tests of the walk-through inside the wizard share: an empty account, and ways to where one looks."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cogwizard.aws.session import Settings
from cogwizard.model.build import Choices
from cogwizard.onboarding.walkthrough import Walkthrough
from cogwizard.sandbox import Sandbox, World
from cogwizard.sandbox.environment import KEYS, REGION
from cogwizard.sandbox.state import state
from cogwizard.text import Texts
from cogwizard.ui.onboard.build import Build, up_to
from cogwizard.ui.onboard.start import Start
from cogwizard.ui.onboard.walk import Walk
from cogwizard.ui.session import Session
from cogwizard.vault import Vault
from tests.ui.driver import Driver
from tests.ui.signin_kit import seen
from tests.vault.rings import MemoryRing, chosen


@dataclass
class Account:
    """An account in which nothing is, and the folder of its journals. `ring`: what the vault keeps."""

    sandbox: Sandbox
    folder: Path
    ring: MemoryRing = field(default_factory=MemoryRing)

    @property
    def world(self) -> World:
        """What is in it."""
        return self.sandbox.world

    def session(self, lang: str = "en", *, keys: tuple[str, str] | None = KEYS) -> Session:
        """Return the session of a process that uses it as the user's own AWS."""
        made = Session(Texts(lang), Settings(None, REGION, self.sandbox.url, 5.0, keys))
        made.journals = self.folder
        made._vault = Vault(choose=chosen(self.ring))
        return made

    def built(self, session: Session, step: str | None = None, **choices: Any) -> Build:
        """Return a walk-through of the session, made up to a step (by its id) or not begun."""
        walk = Walkthrough(session.ports, Choices(**choices), where=self.folder)
        consent = walk.prepare(ahead=False).agree()
        if step is not None:
            walk.begin(consent)
            for _ in walk.make(up_to(step)):
                pass
        build = Build(walk, lambda: 0.0)
        if step is not None:
            build.consent, build.knows_password = consent, True
        session.build = build
        return build

    def writes(self) -> list[str]:
        """Return the operations that were asked for and change something, in order."""
        reading = ("Get", "List", "Describe", "Simulate", "AdminGet", "Initiate", "TestInvoke", "Invoke")
        return [name for _, name, _ in self.sandbox.requests if not name.startswith(reading)]

    def state(self) -> Any:
        """Return what is in the account, to be compared."""
        return state(self.world)


@contextmanager
def account(folder: Path) -> Iterator[Account]:
    """Serve an empty account."""
    with Sandbox(World()) as sandbox:
        yield Account(sandbox, folder)


def walk_of(wizard: Driver) -> Walk:
    """Return the walk-through, where it is shown."""
    assert isinstance(wizard.app.screen, Walk), wizard.text()
    return wizard.app.screen


async def at_start(wizard: Driver) -> Start:
    """Wait for the first page, with the focus in it."""

    def is_there() -> bool:
        screen = wizard.app.screen
        return isinstance(screen, Start) and screen.is_ready and screen.focused is not None

    await wizard.until(is_there, "the first page")
    assert isinstance(wizard.app.screen, Start)
    return wizard.app.screen


async def at_walk(wizard: Driver) -> Walk:
    """Wait for the walk-through, with nothing going on."""

    def is_there() -> bool:
        screen = wizard.app.screen
        return isinstance(screen, Walk) and screen._is_open and bool(screen.focused) and not screen.build.is_busy

    await wizard.until(is_there, "the walk-through")
    return await idle(wizard)


async def idle(wizard: Driver) -> Walk:
    """Wait until nothing is done any more, and that is drawn."""
    page = walk_of(wizard)
    done = lambda: not (page.build.is_busy or page._was_busy or page._dirty or page._then or page.drawing.locked())  # noqa: E731
    await wizard.until(done, "idle")
    await page.update()
    await wizard.pilot.pause()
    return page


async def opened(wizard: Driver, build: Build) -> Walk:
    """Show a walk-through as it stands."""
    build.clock = wizard.app.monotonic
    await wizard.app.push_screen(Walk(build))
    return await at_walk(wizard)


async def does(wizard: Driver, *keys: str) -> Walk:
    """Press keys on the walk-through, and wait until what they did is done."""
    await wizard.press(*keys)
    return await idle(wizard)


def secrets_of(build: Build) -> list[str]:
    """Return every secret that a walk-through holds at this moment."""
    walk, found = build.walk, [build.walk.hidden.password, build.walk.hidden.temporary or ""]
    for login in (walk.shown.login, walk.shown.secret_login):
        if login is not None:
            tokens = login.tokens
            found += [tokens.id_token, tokens.access_token, tokens.refresh_token] if tokens else []  # type: ignore[list-item]
            found.append(login.secret or "")
    steps = walk.hash_steps()
    return [secret for secret in (*found, steps.value if steps else "") if secret]


def leaked(wizard: Driver, build: Build) -> list[str]:
    """Return which of its secrets can be seen or copied, or stand in a notification."""
    notes = [note.message for note in wizard.app._notifications]
    text = "".join("\n".join([seen(wizard), *notes]).split())
    return [secret for secret in secrets_of(build) if secret[: max(12, len(secret) // 2)] in text]
