"""A question with two answers. The safe one has the focus: nobody says yes by pressing a key too often."""

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Button

from cogwizard.ui.base import Box, Dialog
from cogwizard.ui.widgets.footer import Footer
from cogwizard.ui.widgets.prose import Prose

Words = Callable[[], str]


class Ask(Dialog[bool]):
    """Gives True for yes; no, and `escape`, give False. Words are asked for whenever the language changes."""

    DEFAULT_CSS = """
    Ask #question-box { align-vertical: middle; }
    Ask #answers { margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "cancel"),
        Binding("y", "answer(True)", "yes"),
        Binding("n", "answer(False)", "no"),
        Binding("left,up", "app.focus_previous", show=False),
        Binding("right,down", "app.focus_next", show=False),
    ]

    def __init__(self, question: Words, yes: Words, no: Words) -> None:
        """Take the question and the names of its answers."""
        super().__init__()
        self._question, self._yes, self._no = question, yes, no

    def compose(self) -> ComposeResult:
        """See `Screen`."""
        with Box(classes="dialog", id="question-box", can_focus=False):
            yield Prose(self._question())
            with Horizontal(id="answers"):
                yield Button(f"{self._no()} (n)", id="no")
                yield Button(f"{self._yes()} (y)", id="yes")
        yield Footer()

    def on_mount(self) -> None:
        """Offer the safe answer."""
        self.query_one("#no").focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Give the answer that was chosen."""
        event.stop()
        self.action_answer(event.button.id == "yes")

    def action_answer(self, answer: bool) -> None:
        """Give an answer."""
        self.dismiss(answer)

    def action_leave(self) -> None:
        """Say no."""
        self.dismiss(False)
