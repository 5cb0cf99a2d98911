"""One thing at a time, in a thread, which can be told to stop."""

import threading
from collections.abc import Callable


class Stopped(Exception):
    """The user has stopped what waits for another attempt."""


class Doing:
    """What is done returns at once; how far it is is read from the attributes.

    `error`: what ended the last thing that was done, None where it went well; `words`: the key of what is said while
    something is done, since `since` on the monotonic clock; `on_change` is called from the thread.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        """Nothing is going on. `clock` gives monotonic seconds."""
        self.clock = clock
        self.on_change: Callable[[], object] = lambda: None
        self.error: Exception | None = None
        self.words, self.since = "", 0.0
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._is_busy = False

    @property
    def is_busy(self) -> bool:
        """Whether something is done at this moment."""
        return self._is_busy

    @property
    def is_stopping(self) -> bool:
        """Whether it was told to stop, and has not yet."""
        return self._is_busy and self._stopping.is_set()

    def start(self, words: str, work: Callable[[], None]) -> bool:
        """Do something in a thread of its own, unless something is being done. Returns whether it was begun."""
        with self._lock:
            if self._is_busy:
                return False
            self._is_busy = True
            self._stopping.clear()
            self.words, self.since, self.error = words, self.clock(), None

        def run() -> None:
            try:
                work()
            except Stopped:
                pass
            except Exception as error:  # the page tells it; a thread has nobody else to tell
                self.error = error
            self.has_ended()
            self._is_busy = False
            self.on_change()

        threading.Thread(target=run, daemon=True, name=type(self).__name__).start()
        return True

    def has_ended(self) -> None:
        """Called in the thread when what was done is over, however."""

    def stop(self) -> None:
        """Do no more than what is on its way. Returns at once."""
        self._stopping.set()

    def pause(self, seconds: float) -> None:
        """Wait between two attempts. Raises Stopped once there shall be no other."""
        if self._stopping.wait(seconds):
            raise Stopped
