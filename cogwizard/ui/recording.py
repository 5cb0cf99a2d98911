"""A browser's recording that was dropped on the wizard: read in a thread, and the list of what failed in it."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from cogwizard.ui.base import Dialog
from cogwizard.ui.widgets.footer import Footer
from cogwizard.ui.widgets.prose import Prose

if TYPE_CHECKING:
    from cogwizard.intake.har import Recording
    from cogwizard.intake.recognise import Recognised

_TICK = 0.2  # seconds between two looks at how far the reading is


class _Stopped(Exception):
    """Nobody waits for the recording any more."""


class Reading:
    """Reads a file once, in a thread; `size` is how many bytes of it were read so far. Begins at once."""

    def __init__(self, source: str) -> None:
        """`source`: a path, with `#N` where an entry is named. Must be made while an event loop runs."""
        self.source = source
        self.size = 0
        self._stopped = threading.Event()
        self._task = asyncio.create_task(asyncio.to_thread(self._read))

    @property
    def is_on(self) -> bool:
        """Whether the file is still being read."""
        return not self._task.done() and not self._stopped.is_set()

    async def result(self, tell: Callable[[int], object]) -> "Recognised":
        """Return what the file holds, or why it cannot be read; `tell` is called with `size` now and then.

        Who no longer waits for it ends the reading.
        """
        try:
            while not (await asyncio.wait({self._task}, timeout=_TICK))[0]:
                tell(self.size)
        except asyncio.CancelledError:
            self._stopped.set()
            raise
        return self._task.result()

    def _read(self) -> "Recognised":
        from cogwizard.files import NotRead, numbered, opened
        from cogwizard.intake.errors import BadInput
        from cogwizard.intake.har import read_har
        from cogwizard.intake.recognise import Recognised, of_recording

        def note(size: int) -> None:
            self.size = size
            if self._stopped.is_set():
                raise _Stopped

        try:
            path, number = numbered(expanded(self.source))
            with opened(path) as file:
                return of_recording(read_har(file, number, note))
        except NotRead as error:
            return Recognised("har", problem=(error.key, {name: str(value) for name, value in error.params.items()}))
        except BadInput as error:
            return Recognised("har", problem=(error.key, error.params))
        except _Stopped:
            return Recognised("unknown")


def expanded(source: str) -> str:
    try:
        return str(Path(source).expanduser())
    except RuntimeError:  # "~" of nobody
        return source


class PickEntry(Dialog["Recording"]):
    """Gives the recording with the entry that was chosen, or None."""

    texts_name = "recording"
    DEFAULT_CSS = """
    PickEntry #entries { height: auto; max-height: 14; margin-top: 1; background: $panel; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "cancel")]

    def __init__(self, recording: "Recording") -> None:
        """Take the recording; its own entry is offered."""
        super().__init__()
        self._recording = recording

    def compose(self) -> ComposeResult:
        """See `Screen`."""
        with Vertical(classes="dialog wide"):
            yield Prose(self.say("title", count=len(self._recording.failing)), classes="heading")
            yield Prose(self.say("about"))
            yield OptionList(*(Option(Content(line)) for line in self._lines()), id="entries", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        """Offer the one that would be judged."""
        self._offer()

    def retext(self) -> None:
        """Say everything again in the language of the session."""
        super().retext()
        self.call_after_refresh(self._offer)

    def _offer(self) -> None:
        entries = self.query_one("#entries", OptionList)
        entries.highlighted = self._recording.failing.index(self._recording.entry)
        entries.focus()

    def _lines(self) -> list[str]:
        from cogwizard.model.inert import inert
        from cogwizard.report.wrap import pad
        from cogwizard.ui.recognised import path_of

        found = self._recording.failing
        has_hosts = len({entry.host for entry in found}) > 1
        return [
            f"{entry.number:>6}  {entry.status or '-':>3}  {pad(inert(entry.call.method, 8), 7)}  "
            f"{path_of(entry.call)}{f'  {inert(entry.host, 60)}' if has_hosts else ''}"
            for entry in found
        ]

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Give the chosen one."""
        event.stop()
        self.dismiss(self._recording.picked(self._recording.failing[event.option_index]))
