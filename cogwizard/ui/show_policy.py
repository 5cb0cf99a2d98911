"""The read-only IAM policy that the reads need, to be copied."""

import json
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import TextArea

from cogwizard.report.iam_policy import build
from cogwizard.ui.base import Dialog
from cogwizard.ui.widgets.footer import Footer
from cogwizard.ui.widgets.prose import Prose


class ShowPolicy(Dialog[None]):
    """Shows the policy, narrowed to the API where that is known; `c` copies it."""

    texts_name = "access"
    DEFAULT_CSS = """
    ShowPolicy #policy { height: 60vh; margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("c", "copy_value", "copy")]

    def __init__(self, region: str | None, rest_api_id: str | None, *, logs: bool = False) -> None:
        """Take what it is narrowed to. Not to a pool: which pools matter is what the reads are to tell.

        `logs`: with what is read of logs.
        """
        super().__init__()
        self._document = json.dumps(build(region, rest_api_id, logs=logs), indent=2)

    def compose(self) -> ComposeResult:
        """See `Screen`."""
        with Vertical(classes="dialog"):
            yield Prose(self.say("policy title"), classes="heading")
            yield Prose(self.say("policy about"), classes="muted")
            yield TextArea(self._document, read_only=True, soft_wrap=False, id="policy")
        yield Footer()

    def on_mount(self) -> None:
        """Let it be scrolled with the keys at once."""
        self.query_one("#policy").focus()

    def copyable(self) -> str | None:
        """See `Speaking`."""
        return self._document
