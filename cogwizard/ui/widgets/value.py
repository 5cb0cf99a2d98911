"""A value that stands by itself: it can have the focus, and be copied."""

from typing import ClassVar

from cogwizard.ui.widgets.prose import Prose


class Value(Prose, can_focus=True):
    """`c` copies it as it is, without the line breaks of the screen."""

    help_key: ClassVar[str] = "value"
    DEFAULT_CSS = """
    Value { color: $accent; }
    Value:focus { background: $surface; text-style: bold underline; }
    """

    @property
    def copyable(self) -> str | None:
        """The value."""
        return self.text or None
