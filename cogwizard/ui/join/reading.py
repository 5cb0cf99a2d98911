"""The reads of one who joins, beside the pages: facts arrive one by one, it can be stopped, it never blocks."""

from collections.abc import Callable
from copy import copy
from typing import TYPE_CHECKING

from cogwizard.background import Gathering
from cogwizard.diagnosis import Progress

if TYPE_CHECKING:
    from cogwizard.joining import Join
    from cogwizard.model.join import Joining


class Reading(Gathering):
    """Makes one who joins, and looks at all that the steps want to know, in threads of its own.

    `on_change` is called from those threads whenever something is new; what is new is read from the attributes: those
    of `Gathering`, and `join` with the facts so far, None until it could be made.
    """

    def __init__(self, make: "Callable[[], Join]", on_change: Callable[["Reading"], None]) -> None:
        """`make` may raise SetupError."""
        super().__init__()
        self.join: Join | None = None
        self._make, self._on_change = make, on_change

    def _work(self) -> None:
        try:
            join = self._make()
            self.join = copy(join)
            join.look(self._on_progress, self._cancelled)
            self.join = join
        except Exception as error:  # the page tells it; a thread has nobody else to tell
            self.error = error
        self.done = True
        self._on_change(self)

    def _on_progress(self, progress: "Progress[Joining]") -> None:
        self._note(progress)
        if progress.value is not None and self.join is not None:
            so_far = copy(self.join)
            so_far.joining = progress.case
            self.join = so_far
        self._on_change(self)
