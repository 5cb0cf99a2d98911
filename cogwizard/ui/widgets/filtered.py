"""A list that is narrowed by typing, wherever the focus is: in the filter, or in the list itself."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalGroup
from textual.content import Content
from textual.message import Message
from textual.widgets import Button, Input, OptionList
from textual.widgets.option_list import Option

from cogwizard.ui.choices import SHOWN, Row, matching
from cogwizard.ui.widgets.field import PLAIN, Line
from cogwizard.ui.widgets.prose import Prose


class Filter(Line):
    """Takes a part of a name; refuses what looks like a token."""

    help_key: ClassVar[str] = "filter"

    def __init__(self, placeholder: str) -> None:
        """`placeholder` is shown while it is empty."""
        super().__init__(placeholder=placeholder, id="filter", restrict=PLAIN, select_on_focus=False)


class Rows(OptionList):
    """Hands what is typed in it to the filter."""

    help_key: ClassVar[str] = "filter"

    class Typed(Message):
        """A character for the filter, "" for backspace."""

        def __init__(self, character: str) -> None:
            """Take it."""
            super().__init__()
            self.character = character

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """See `Widget`: letters are no keys here."""
        return character is not None and character.isprintable()

    def on_key(self, event: events.Key) -> None:
        """Hand it over."""
        if event.is_printable or event.key == "backspace":
            event.stop()
            event.prevent_default()
            self.post_message(self.Typed(event.character or "" if event.is_printable else ""))


class Filtered(Vertical):
    """The filter, the rows that match it, and ways on where none does. `shown` are the rows that are drawn, `found`
    counts all that match.
    """

    DEFAULT_CSS = """
    Filtered { height: 1fr; }
    Filtered #filter, Filtered #rows { margin-top: 1; }
    Filtered #rows { height: 1fr; }
    """

    class Changed(Message):
        """Other rows are shown; `typed` stands in the filter."""

        def __init__(self, typed: str) -> None:
            """Take it."""
            super().__init__()
            self.typed = typed

    class Picked(Message):
        """A row was picked."""

        def __init__(self, row: Row) -> None:
            """Take it."""
            super().__init__()
            self.row = row

    def __init__(self, placeholder: str, nothing: Callable[[str], str], show_all: str, other: Button) -> None:
        """`nothing` says that what was typed matches nothing; `show_all` names the button that empties the filter,
        `other` is another way on."""
        super().__init__()
        self._placeholder, self._nothing, self._show_all, self._other = placeholder, nothing, show_all, other
        self._rows: Sequence[Row] = ()
        self._typed = ""
        self._preferred: str | None = None
        self.shown: list[Row] = []
        self.found = 0

    def compose(self) -> ComposeResult:
        """See `Widget`."""
        yield Filter(self._placeholder)
        yield Rows(id="rows", markup=False)
        with VerticalGroup(id="none"):
            yield Prose(id="none-text", classes="gap")
            yield Horizontal(Button(Content(self._show_all), id="all"), self._other, classes="row")

    def put(self, rows: Sequence[Row], typed: str, preferred: str | None) -> None:
        """Show other rows, narrowed by what was typed; the row with the id `preferred` is highlighted."""
        self._rows, self._typed, self._preferred = rows, typed, preferred
        self._fill()
        self._type(typed)

    def _type(self, text: str) -> None:
        line = self.query_one(Filter)
        line.value = text
        line.cursor_position = len(text)
        if self.display:
            line.focus()

    def _fill(self) -> None:
        found = matching(self._rows, self._typed)
        self.shown, self.found = found[:SHOWN], len(found)
        options = self.query_one(Rows)
        options.set_options(Option(Content(row.text)) for row in self.shown)
        ids = [row.id for row in self.shown]
        options.highlighted = (ids.index(self._preferred) if self._preferred in ids else 0) if ids else None
        is_none = bool(self._rows) and not found
        options.display, self.query_one("#none").display = not is_none, is_none
        self.query_one("#none-text", Prose).text = self._nothing(self._typed) if is_none else ""

    # -- typing ------------------------------------------------------------------------------------------------------

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter as the user types."""
        event.stop()
        # The field is set by `put` too: what it held a moment ago was of another list.
        if event.value == event.input.value != self._typed:
            self._typed = event.value
            self._fill()
            self.post_message(self.Changed(event.value))

    def on_rows_typed(self, message: Rows.Typed) -> None:
        """Filter by what is typed in the list."""
        line = self.query_one(Filter)
        line.focus()
        if message.character:
            line.insert_text_at_cursor(message.character)
        else:
            line.action_delete_left()

    def on_paste(self, event: events.Paste) -> None:
        """Filter by what is pasted beside the filter."""
        event.stop()
        line = self.query_one(Filter)
        line.focus()
        line.post_message(events.Paste(event.text))

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Show all rows again."""
        if event.button.id == "all":
            event.stop()
            self._type("")

    # -- picking -----------------------------------------------------------------------------------------------------

    def walk(self, how: str) -> bool:
        """Move in the rows ("cursor_up", "page_down" ...), wherever the focus is; False where none are shown."""
        options = self.query_one(Rows)
        is_there = bool(self.display and options.display)
        if is_there:
            getattr(options, f"action_{how}")()
        return is_there

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Pick the row that is highlighted."""
        event.stop()
        self.query_one(Rows).action_select()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Pick a row."""
        event.stop()
        self.post_message(self.Picked(self.shown[event.option_index]))
