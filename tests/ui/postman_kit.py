"""What the tests of the Postman checklist inside the wizard share."""

from collections.abc import Callable

from cogwizard.ui.postman.choices import Chooser
from cogwizard.ui.postman.start import Start
from cogwizard.ui.postman.view import EntryValue
from cogwizard.ui.postman.walk import Walk
from tests.ui.driver import Driver


def walk(wizard: Driver) -> Walk:
    """Return the checklist, where it is shown."""
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


async def judged(wizard: Driver) -> Walk:
    """Wait until the checklist is on the screen, and all that it wants is read."""

    def is_done() -> bool:
        screen = wizard.app.screen
        if not isinstance(screen, Walk) or screen.reading is None or screen.is_reading:
            return False
        return not screen.known.running and bool(screen.known.report or screen.known.error)

    await wizard.until(is_done, "the checklist")
    return walk(wizard)


async def opened(wizard: Driver) -> Walk:
    """Open the checklist of the app client that is known, with real keys."""
    wizard.app.action_postman()
    await at_start(wizard)
    await wizard.press("f5")
    return await judged(wizard)


async def picked(wizard: Driver, position: int) -> None:
    """Take an option of the list on the screen, by tab where it has no focus yet, arrows and enter."""
    if not isinstance(wizard.app.screen.focused, Chooser):
        await wizard.press("tab")
    listed = wizard.app.screen.focused
    assert isinstance(listed, Chooser), wizard.text()
    by = position - (listed.highlighted or 0)
    await wizard.press(*["down" if by > 0 else "up"] * abs(by), "enter")


def entries(wizard: Driver) -> dict[str, str]:
    """Return what the line says is to be entered: key -> what is shown."""
    return {value.entry["key"]: value.text for value in walk(wizard).view.query(EntryValue)}


def causes(wizard: Driver) -> list[str]:
    """Return the causes as they are judged."""
    report = walk(wizard).known.report
    return list(report["causes"]) if report else []


def copies(taken: list[tuple[str, bool]]) -> Callable[..., None]:
    """Return what stands for `clipboard.copy_in_background`: it puts what is copied, and whether into a file, there."""

    def copy(_app: object, text: str, _ways: object = None, *, to_file: bool = True) -> None:
        taken.append((text, to_file))

    return copy
