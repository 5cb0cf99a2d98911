"""Questions whose answers take time: a thread answers, and an answer that nobody waits for any more is dropped."""

import threading
from collections.abc import Callable

from textual.message import Message


class Answered(Message):
    """What a thread brings: the answer, or what was raised."""

    def __init__(self, number: int, value: object) -> None:
        """`number`: of the question."""
        super().__init__()
        self.number, self.value = number, value


class Asking:
    """One question at a time. `tell` takes `Answered`, in the thread; `clock` gives monotonic seconds."""

    def __init__(self, tell: Callable[[Answered], object], clock: Callable[[], float]) -> None:
        """Nothing is asked yet."""
        self._tell, self._clock = tell, clock
        self._number = 0
        self._since: float | None = None
        self.words = ""  # the key of what is said while the answer is waited for

    def ask(self, question: Callable[[], object], words: str) -> None:
        """Answer a question in a thread of its own. What was asked before is dropped."""
        self.drop()
        self.words, self._since = words, self._clock()
        number = self._number

        def work() -> None:
            try:
                value = question()
            except Exception as error:  # the screen tells it; a thread has nobody else to tell
                value = error
            self._tell(Answered(number, value))

        threading.Thread(target=work, daemon=True, name="pick").start()

    def drop(self) -> None:
        """Wait for nothing any more."""
        self._number += 1
        self._since = None

    def takes(self, message: Answered) -> bool:
        """Whether this is the answer that is waited for; it is the last one then."""
        if message.number != self._number:
            return False
        self.drop()
        return True

    @property
    def seconds(self) -> float | None:
        """Since when the answer is waited for, None when none is."""
        return None if self._since is None else self._clock() - self._since
