"""A crash of the wizard: told by type and place, never by value. The only user of Textual's private error handling."""

import contextlib
import logging
import threading
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any


class Crashed(Exception):
    """What is shown in place of the error: `report` holds types, functions and line numbers only."""

    def __init__(self, report: str, sentence: str) -> None:
        """Take the report, and the sentence that stands before it."""
        super().__init__(report)
        self.report, self.sentence = report, sentence

    def __rich__(self) -> str:
        """Shown after the terminal is given back."""
        from rich.markup import escape

        return escape(f"{self.sentence}\n\n{self.report}")


def report_of(error: BaseException) -> str:
    """Return an error as `type` and a line for each frame: file, line, function; what caused it likewise, behind it.

    No value, no message: both may hold a secret.
    """
    package = Path(__file__).parent.parent
    lines = []
    for found in _chain(error):
        lines.append(type(found).__name__)
        for frame in traceback.extract_tb(found.__traceback__):
            path = Path(frame.filename)
            shown = path.relative_to(package) if path.is_relative_to(package) else Path(*path.parts[-2:])
            lines.append(f"  {shown.as_posix()}:{frame.lineno} {frame.name}")
    return "\n".join(lines)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what caused it; a worker of Textual wraps the error that matters."""
    found: BaseException | None = error
    for _ in range(5):
        if found is None:
            return
        yield found
        wrapped = getattr(found, "error", None)
        found = found.__cause__ or (wrapped if isinstance(wrapped, BaseException) else None)


def handle(app: Any, error: Exception, show: Callable[[Exception], None]) -> None:
    """Hand the error on with its report in place of its values. Under a pilot the error itself is kept for the test.

    What crashes while a crash ends the app is only logged: the first tells more.
    """
    report = report_of(error)
    for line in f"crash: {report}".splitlines():
        app.session.log(line)
    if app._exception is None:
        app._exception = error
        app._exception_event.set()
        show(Crashed(report, app.session.texts.screen("keys", "crashed")))


@contextlib.contextmanager
def quiet(log: Callable[[str], None]) -> Iterator[None]:
    """Nothing but the wizard writes to the terminal: no library's log, no trace of a thread that failed.

    Both would be printed with their values, over the screen or after it. A failed thread is logged by type and place.
    """

    def failed(args: "threading.ExceptHookArgs") -> None:
        if args.exc_value is not None:
            for line in f"thread: {report_of(args.exc_value)}".splitlines():
                log(line)

    before, nowhere = threading.excepthook, logging.NullHandler()
    threading.excepthook = failed
    logging.getLogger().addHandler(nowhere)
    try:
        yield
    finally:
        threading.excepthook = before
        logging.getLogger().removeHandler(nowhere)
