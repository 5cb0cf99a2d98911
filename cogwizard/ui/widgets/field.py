"""A line to type in, with its name before it and what is wrong with it below."""

from textual.app import ComposeResult
from textual.containers import HorizontalGroup, VerticalGroup
from textual.message import Message
from textual.widgets import Input

from cogwizard.model.inert import inert
from cogwizard.report.wrap import width, wrap
from cogwizard.ui.widgets.prose import Prose

_LABEL = 16  # cells
# A token never gets into a line that shows what is typed: not even for a moment.
PLAIN = r"(?!.*eyJ)[^\x00-\x1f\x7f]{0,128}"


class Line(Input):
    """Takes names and addresses; refuses what looks like a token, and says so to the field."""

    class Refused(Message):
        """Something was typed or pasted that does not belong here."""

    def validate_value(self, value: str) -> str:
        """Leave out what a terminal would act on: what AWS names is put here without being typed."""
        return value if inert(value, len(value)) == value else "".join(char for char in value if inert(char) == char)

    def restricted(self) -> None:
        """See `Input`."""
        self.post_message(self.Refused())


class NameLine(Line):
    """Takes a name alone: refuses everything that could be a key or a password, of whatever form."""

    def replace(self, text: str, start: int, end: int) -> None:
        """See `Input`."""
        from cogwizard.intake.mask import mask

        first, last = sorted((start, end))
        if mask(self.value[:first] + text + self.value[last:], lone_word="none").secrets:
            self.restricted()
        else:
            super().replace(text, start, end)


class Field(VerticalGroup):
    """`name` is the field's own; its line has the id `line-{name}`. `wrong`: the sentence below it."""

    DEFAULT_CSS = """
    Field .label { width: 17; color: $foreground-muted; }
    Field Line { width: 1fr; }
    """

    def __init__(self, name: str, label: str, value: str, refusal: str) -> None:
        """`label`: its name in words; `refusal`: what is said to a token."""
        super().__init__(name=name, id=f"field-{name}")
        kept = wrap(label, _LABEL)
        self._label = label if width(label) <= _LABEL else kept[0]
        self._value, self._refusal = value, refusal

    def compose(self) -> ComposeResult:
        """See `Widget`."""
        with HorizontalGroup():
            yield Prose(self._label, classes="label")
            yield NameLine(self._value, id=f"line-{self.name}", restrict=PLAIN)
        yield Prose(classes="warn said")

    def on_mount(self) -> None:
        """Say nothing yet."""
        self.wrong = ""

    @property
    def line(self) -> Input:
        """The line."""
        return self.query_one(Line)

    @property
    def wrong(self) -> str:
        """What is wrong with what was typed."""
        return self.query_one(".said", Prose).text

    @wrong.setter
    def wrong(self, text: str) -> None:
        said = self.query_one(".said", Prose)
        said.text, said.display = text, bool(text)

    def on_line_refused(self) -> None:
        """Tell why nothing was taken."""
        self.wrong = self._refusal
