"""What the tests of joining inside the wizard share: an API with its file, and ways to where one looks."""

from collections.abc import Iterator
from contextlib import chdir, contextmanager
from dataclasses import dataclass
from pathlib import Path

from cogwizard.aws.session import Settings
from cogwizard.intake.team import write_team
from cogwizard.model.team import Team
from cogwizard.sandbox import Sandbox, World
from cogwizard.sandbox.environment import KEYS
from cogwizard.text import Texts
from cogwizard.ui.join.start import JoinStart
from cogwizard.ui.join.walk import JoinWalk
from cogwizard.ui.session import Session
from cogwizard.ui.signin.challenge import Challenged
from cogwizard.ui.signin.form import Form
from cogwizard.ui.signin.stages import Stages
from cogwizard.vault import Vault
from cogwizard.vault.doctor import Doctor
from cogwizard.vault.outcome import Trouble
from tests.test_joining import Desk
from tests.ui.driver import Driver
from tests.ui.signin_kit import seen
from tests.vault.rings import MemoryRing, chosen


@dataclass
class Place:
    """`desk`: an API behind a user pool, with the user hanako; `folder`: of the repository with its file."""

    desk: Desk
    folder: Path

    def write(self, team: Team | None = None) -> Path:
        """Write the file, and return where it is."""
        path = self.folder / "cogwizard.toml"
        path.write_text(write_team(team or self.desk.team), encoding="utf-8")
        return path

    def session(self, lang: str = "en") -> Session:
        """Return a session whose own AWS it is, with a keyring in memory."""
        made = Session(Texts(lang), Settings(None, self.desk.pool.region, self.desk.sandbox.url, 5.0, KEYS))
        made._vault = Vault(choose=chosen(MemoryRing()))
        made.examine = lambda probe: Doctor("other", Trouble("none"))  # type: ignore[method-assign]
        return made


@contextmanager
def place(folder: Path) -> Iterator[Place]:
    """Serve an API, its file written; the current folder is one in which no file is found."""
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    with chdir(elsewhere), Sandbox(World()) as sandbox:
        made = Place(Desk(sandbox), folder)
        made.write()
        yield made


def walk_of(wizard: Driver) -> JoinWalk:
    """Return the walk, where it is shown."""
    assert isinstance(wizard.app.screen, JoinWalk), wizard.text()
    return wizard.app.screen


async def at_start(wizard: Driver) -> JoinStart:
    """Wait for the first page, with nothing going on."""

    def is_there() -> bool:
        screen = wizard.app.screen
        return isinstance(screen, JoinStart) and screen.is_ready and screen.focused is not None

    await wizard.until(is_there, "the first page")
    assert isinstance(wizard.app.screen, JoinStart)
    return wizard.app.screen


async def idle(wizard: Driver) -> JoinWalk:
    """Wait for the walk, with nothing read and all drawn."""

    def is_there() -> bool:
        screen = wizard.app.screen
        if not isinstance(screen, JoinWalk) or not screen._is_open or screen.focused is None:
            return False
        is_busy = screen.is_reading or screen._dirty or screen.is_stale or screen.drawing.locked()
        return not is_busy and bool(screen.known.report or screen.known.error)

    await wizard.until(is_there, "the walk")
    page = walk_of(wizard)
    await page.update()
    await wizard.pilot.pause()
    return page


async def named(wizard: Driver, path: Path) -> None:
    """Paste the path of a file into its field, and let it be read."""
    wizard.app.screen.query_one("#line-file").focus()
    await wizard.press("end", "ctrl+u")
    await wizard.paste(str(path))
    await wizard.press("enter")
    await at_start(wizard)


async def opened(wizard: Driver, path: Path, username: str = "hanako") -> JoinWalk:
    """Name a file and a user with real keys, and go on to the walk."""
    await wizard.app.action_join()
    page = await at_start(wizard)
    if page.typed.file != str(path):
        await named(wizard, path)
    assert page.typed.is_read, wizard.text()
    await wizard.press(*username, "f5")
    return await idle(wizard)


async def at_stage(wizard: Driver, kind: type[Form | Challenged]) -> None:
    """Wait for a stage of the sign-in, with the focus in it."""

    def is_there() -> bool:
        screen = wizard.app.screen
        return isinstance(screen, Stages) and bool(screen.query(kind)) and screen.is_ready and bool(screen.focused)

    await wizard.until(is_there, kind.__name__)


async def signed_in(wizard: Driver, password: str) -> JoinWalk:
    """Sign in from the walk with real keys."""
    await wizard.press("g")
    await at_stage(wizard, Form)
    await wizard.paste(password)
    await wizard.press("f5")
    return await idle(wizard)


def leaked(wizard: Driver, *secrets: str) -> list[str]:
    """Return which secrets can be seen or copied, or stand in a notification: those of the sign-in, and others."""
    found = list(secrets)
    typed = wizard.app.session.join
    login = typed.join.login if typed and typed.join else None
    if login is not None and login.tokens is not None:
        tokens = login.tokens
        found += [text for text in (tokens.id_token, tokens.access_token, tokens.refresh_token) if text]
    text = "".join("\n".join([seen(wizard), *(note.message for note in wizard.app._notifications)]).split())
    return [secret for secret in found if secret[: max(12, len(secret) // 2)] in text]
